"""The project's own papers: lock, dependencies, README, sources."""

import re
import tomllib

from data.settings import ROOT
from etl.__main__ import app
from etl.connected import connector_names

README = (ROOT / "README.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCK = (ROOT / "requirements.txt").read_text(encoding="utf-8")


def _direct() -> dict[str, str]:
    wanted = PROJECT["project"]["dependencies"] + PROJECT["dependency-groups"]["dev"]
    return dict(requirement.split("==") for requirement in wanted)


def test_the_lock_pins_every_direct_requirement_with_hashes() -> None:
    for name, version in _direct().items():
        assert re.search(rf"^{re.escape(name)}=={re.escape(version)}\b.*\\\n    --hash=sha256:", LOCK, re.MULTILINE), (
            name
        )


def test_the_lock_holds_no_index_address() -> None:
    assert not re.search(r"https?://|--index|--extra-index|--find-links", LOCK)


def test_every_dependency_has_a_line_in_the_readme() -> None:
    for name in _direct():
        assert re.search(rf"^[-|] *`{re.escape(name)}`", README, re.MULTILINE), f"{name} is not explained"


def test_the_readme_names_the_commands_that_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"`make ([a-z]+)`", README):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_files_named_in_the_to_add_table_exist() -> None:
    section = README.split("## To add", 1)[1].split("\n## ", 1)[0]
    for name in re.findall(r"`((?:data|etl|dashboard|pages)/[a-z_/]+(?:\.[a-z]+)?)`", section):
        assert (ROOT / name).exists(), name


def test_readable_files() -> None:
    for folder in ("data", "etl", "dashboard", "pages", "tests"):
        for path in (ROOT / folder).rglob("*.py"):
            assert path.read_text(encoding="utf-8").count("\n") <= 450, path


def test_the_readme_lists_every_data_set_that_can_be_received() -> None:
    section = README.split("## Refreshing the data", 1)[1].split("\n## ", 1)[0]
    rows = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    assert {name for row in rows for name in re.findall(r"`(\w+)`", row)} == set(connector_names())


def test_the_readme_lists_every_command() -> None:
    named = set(re.findall(r"`python -m etl (\w+)", README)) - {"etl"}
    known = {command.name or command.callback.__name__ for command in app.registered_commands if command.callback}
    assert named == known
