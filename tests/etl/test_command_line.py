"""The command line, run as a reader of the README would, on a copy of the project."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from data.release import current_id, open_newest_sound
from data.settings import ROOT
from tests.etl.spoiling import spoil_row

STANDS = {"figure_id": "ivry-bike-stands"}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of code, catalogue and ledger in which `build` was run; `releases` beside `project`."""
    place = tmp_path_factory.mktemp("command")
    unneeded = shutil.ignore_patterns("releases", "raw", "__pycache__")
    for name in ("data", "etl"):
        shutil.copytree(ROOT / name, place / "project" / name, ignore=unneeded)
    shutil.copy(ROOT / "requirements.txt", place / "project")
    done = _run(place, "build")
    assert done.returncode == 0, done.stderr
    return place


@pytest.fixture
def project(built: Path, tmp_path: Path) -> Path:
    """Return a copy of the built project that a test may change."""
    return Path(shutil.copytree(built, tmp_path / "copy"))


def _run(place: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"OBSERVATORY_RELEASES": str(place / "releases"), "COLUMNS": "200"}
    return subprocess.run(
        [sys.executable, "-m", "etl", *arguments],
        cwd=place / "project",
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_build_publishes_the_release_the_tests_read(built: Path, releases: Path) -> None:
    assert current_id(built / "releases") == current_id(releases)
    assert open_newest_sound(built / "releases")[1] == ""


def test_build_if_stale_does_nothing_twice_and_follows_the_ledger(project: Path) -> None:
    first = current_id(project / "releases")
    log = (project / "releases" / "publications.jsonl").read_text(encoding="utf-8")
    assert "up to date" in _run(project, "build", "--if-stale").stdout
    assert (project / "releases" / "publications.jsonl").read_text(encoding="utf-8") == log
    spoil_row(project / "project/data/ledger/94041/figures.csv", STANDS, {"obs_value": "723"})
    assert _run(project, "build", "--if-stale").returncode == 0
    release, _ = open_newest_sound(project / "releases")
    assert release.release_id != first
    figures = release.table("observations").set_index("figure_id")
    assert figures.loc["ivry-bike-stands", "obs_value"] == 723


def test_check_counts_what_it_found_sound(built: Path) -> None:
    done = _run(built, "check")
    assert (done.returncode, done.stdout) == (0, "No fault: 136 indicators, 9 sources, 904 rows.\n")


def test_sources_lists_the_fourteen_editions_with_their_kind(built: Path) -> None:
    lines = _run(built, "sources").stdout.splitlines()
    assert len(lines) == 14
    (record,) = (line for line in lines if line.startswith("municipal-record-ivry-2025"))
    assert "municipal_record" in record


@pytest.mark.parametrize("command", ["check", "build"])
def test_a_faulty_ledger_is_told_in_full_and_publishes_nothing(project: Path, command: str) -> None:
    ledger = project / "project" / "data" / "ledger" / "94041"
    first = spoil_row(ledger / "figures.csv", STANDS, {"obs_value": "many"})
    second = spoil_row(ledger / "milestones.csv", {"date": "2017-10-12"}, {"ref_area": "94099"})
    before = {path: path.stat().st_mtime_ns for path in (project / "releases").rglob("*")}
    done = _run(project, command)
    assert done.returncode == 1
    assert f"data/ledger/94041/figures.csv:{first}: column 'obs_value', value 'many'" in done.stderr
    assert f"data/ledger/94041/milestones.csv:{second}: column 'ref_area', value '94099'" in done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    assert {path: path.stat().st_mtime_ns for path in (project / "releases").rglob("*")} == before


def test_a_faulty_catalogue_is_told_without_a_traceback(project: Path) -> None:
    with (project / "project/data/catalogue/units.toml").open("a", encoding="utf-8") as units:
        units.write("[furlong]\nfr = 1\n")
    done = _run(project, "build")
    assert done.returncode == 1
    assert "data/catalogue/units.toml" in done.stderr
    assert "Traceback" not in done.stderr
