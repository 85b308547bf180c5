"""Streamlit's typefaces cut down: nothing that pages show is lost, letters are as wide as before, files are small."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from dashboard import light_letters
from dashboard.light_letters import FOLDER, cut_all, cut_of, icons_of, named_icons
from data.settings import ROOT
from tests.serving import Observatory

TEXT = sorted((FOLDER / "media").glob("SourceSansVF*.woff2"))
(ICONS,) = (FOLDER / "media").glob("MaterialSymbols*.woff2")
# What pages say stands in these; flags and buildings are drawn by no typeface of Streamlit's.
WORDS = (ROOT / "data" / "catalogue", ROOT / "dashboard" / "templates", ROOT / "dashboard" / "content")


@pytest.fixture(scope="module", autouse=True)
def cut() -> None:
    cut_all()


def _letters() -> set[int]:
    files = [file for folder in WORDS for file in folder.rglob("*") if file.suffix in {".toml", ".html", ".py"}]
    return {ord(letter) for file in files for letter in file.read_text(encoding="utf-8")}


@pytest.mark.parametrize("file", TEXT, ids=lambda file: file.name.partition(".")[0])
def test_no_letter_that_pages_show_is_lost_and_all_are_as_wide(file: Path) -> None:
    before, after = TTFont(file), TTFont(cut_of(file))
    had, has = before.getBestCmap(), after.getBestCmap()
    assert len(_letters() & set(had)) > 100
    assert _letters() & set(had) <= set(has)
    widths = {code: (before["hmtx"][had[code]][0], after["hmtx"][has[code]][0]) for code in has}
    assert {code: pair for code, pair in widths.items() if pair[0] != pair[1]} == {}
    assert [axis.maxValue for axis in after["fvar"].axes] == [axis.maxValue for axis in before["fvar"].axes]
    assert 2 * cut_of(file).stat().st_size < file.stat().st_size


def test_every_icon_that_scripts_name_is_drawn() -> None:
    known, kept = icons_of(TTFont(ICONS)), icons_of(TTFont(cut_of(ICONS)))
    assert named_icons(known) <= set(kept)
    # Of the menu, tables, folding parts and charts.
    assert {"keyboard_double_arrow_left", "expand_more", "download", "search", "fullscreen", "close"} <= set(kept)
    assert len(kept) < len(known) / 4
    assert 5 * cut_of(ICONS).stat().st_size < ICONS.stat().st_size


def test_files_are_sent_as_they_are_until_they_are_cut(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(light_letters, "kept_folder", lambda _digest: tmp_path)
    light_letters._cuts.cache_clear()
    try:
        assert cut_of(ICONS) == ICONS
        assert cut_of(FOLDER / "js" / "unheard-of.js") == FOLDER / "js" / "unheard-of.js"
    finally:
        light_letters._cuts.cache_clear()


def test_cutting_is_repeated_to_the_byte(tmp_path: Path) -> None:
    variables = {**os.environ, "TMPDIR": str(tmp_path)}
    subprocess.run([sys.executable, "-m", "dashboard.light_letters"], cwd=ROOT, env=variables, check=True)
    made = {file.name: file.read_bytes() for file in tmp_path.rglob("*.woff2")}
    assert made == {file.name: cut_of(file).read_bytes() for file in (*TEXT, ICONS)}
    assert Path(tempfile.gettempdir()) in cut_of(ICONS).parents


def test_cut_letters_are_sent(observatory: Observatory) -> None:
    for file in (*TEXT, ICONS):
        answer = observatory.get(f"/static/media/{file.name}", Accept_Encoding="gzip, br")
        assert answer.body == cut_of(file).read_bytes()
        assert answer.headers["content-type"] == "font/woff2"
        assert "content-encoding" not in answer.headers
        assert "immutable" in answer.headers["cache-control"]
