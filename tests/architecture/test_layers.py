"""The arrows of the house: pages → dashboard → data ← etl, and no others."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard.navigation import PAGES
from data.settings import ROOT

ALLOWED = {
    "pages": {"dashboard"},
    "dashboard": {"dashboard", "data"},
    "etl": {"etl", "data"},
    "data": {"data"},
}
# Only the script, the frame, the blocks and the server that hosts them know Streamlit.
STREAMLIT_FILES = {
    "app.py",
    "entry.py",
    "blocks.py",
    "announcements.py",
    "following.py",
    "reading_blocks.py",
    "hypothesis_blocks.py",
    "conference_blocks.py",
    "dossier_blocks.py",
    "choosing_blocks.py",
    "desk_blocks.py",
    "newer_blocks.py",
    "release_blocks.py",
    "search_blocks.py",
    "sheet_blocks.py",
    "errors.py",
    "server.py",
}
PAGE_LINES = 70


def _files(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


@pytest.mark.parametrize("folder", sorted(ALLOWED))
def test_imports_follow_the_arrows(folder: str) -> None:
    for path in _files(folder):
        own = {name.split(".")[0] for name in _imports(path)} & {*ALLOWED, "tests"}
        assert own <= ALLOWED[folder], f"{path.name} imports {own - ALLOWED[folder]}"


def test_only_pages_and_blocks_know_streamlit() -> None:
    for folder in ("data", "etl", "dashboard"):
        for path in _files(folder):
            knows = any(name.split(".")[0] == "streamlit" for name in _imports(path))
            assert not knows or (folder == "dashboard" and path.name in STREAMLIT_FILES), path


def test_only_the_codec_reads_and_writes_parquet() -> None:
    for folder in ALLOWED:
        for path in _files(folder):
            code = path.read_text(encoding="utf-8")
            if path.name == "parquet_files.py":
                continue  # it reads what publishers offer as Parquet, footer first: sources, not tables of a release
            known = path.name == "codec.py"
            assert known or not re.search(r"pyarrow\.parquet|\bread_parquet\b|\.to_parquet", code), path


def test_only_the_publisher_writes_releases() -> None:
    for folder in ALLOWED:
        for path in _files(folder):
            code = path.read_text(encoding="utf-8")
            # snapshots.py keeps received files in a store of their own, outside the releases.
            writes = re.search(
                r"write_table\(|\.replace\([a-z]*(path|target)|\.write_text\(|\.write_bytes\(|os\.write\(", code
            )
            # ledger_files.py replaces files of the ledger and the gap sheet; it knows no folder of releases.
            # typeface.py keeps cut letters in the folder of temporary files, where the renderer of pictures finds them.
            # files.py and versions.py of the publication write the site, into folders that bear the name of its place.
            # audience.py adds counts of page views to files of its own, in a folder that only a setting names.
            # The command line of the briefing file and the maker of its template write where their reader says.
            known = {"etl/publish.py", "data/codec.py", "etl/ledger_files.py", "etl/snapshots.py",
                     "dashboard/audience.py", "dashboard/typeface.py", "dashboard/publication/files.py",
                     "dashboard/publication/versions.py", "dashboard/dossier/__main__.py",
                     "dashboard/dossier/slide_template.py"}  # fmt: skip
            assert not writes or path.relative_to(ROOT).as_posix() in known, path


@pytest.mark.parametrize("path", _files("pages"), ids=lambda path: path.stem)
def test_a_page_chooses_asks_and_shows(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    question = ast.get_docstring(tree) or ""
    assert question.split("\n")[0].endswith("?"), "a page begins with the question it answers"
    assert text.count("\n") <= PAGE_LINES
    names = {name.split(".")[0] for name in _imports(path)}
    assert names <= {"dashboard", "streamlit"}
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Lambda)]


def test_every_page_is_in_the_navigation_and_every_entry_is_a_page() -> None:
    listed = {entry.stem for entry in PAGES}
    assert listed == {path.stem for path in _files("pages")}


def test_no_outside_address_in_what_readers_load() -> None:
    # names of XML vocabularies, and of hosts that cannot exist, are loaded by nobody
    pattern = re.compile(r"https?://(?!localhost|127\.0\.0\.1|www\.w3\.org/|[a-z]+\.example\b)[a-z0-9]")
    shown = [path for folder in ("dashboard", "pages") for path in (ROOT / folder).rglob("*")]
    found = [
        path for path in shown if path.suffix in {".py", ".html", ".css"} and pattern.search(path.read_text("utf-8"))
    ]
    # altair names the schema of a specification by its address; nothing loads it
    assert found == []


def test_pages_hold_no_untranslated_words() -> None:
    for path in _files("pages"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        strings = [
            node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
        ]
        assert all(re.fullmatch(r"[a-z0-9_.]*", text) for text in strings[1:]), path
