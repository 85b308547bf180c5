"""The command line, run as a reader of the README would, on a copy of the project."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from data.definitions import load_catalogue
from data.release import current_id, open_newest_sound
from data.settings import CATALOGUE, ROOT
from tests.etl.filling import fill
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
    known = load_catalogue(CATALOGUE)
    words = f"No fault: {len(known.indicators)} indicators, {len(known.sources)} sources, 928 rows.\n"
    assert (done.returncode, done.stdout) == (0, words)


def test_sources_lists_every_edition_with_its_kind(built: Path) -> None:
    lines = _run(built, "sources").stdout.splitlines()
    assert {line.split()[0] for line in lines} == set(load_catalogue(CATALOGUE).editions())
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


def test_the_gap_sheet_goes_out_comes_back_and_is_published(project: Path) -> None:
    sheet = project / "project" / "manques.xlsx"
    done = _run(project, "gaps", "--commune", "94041", "--out", sheet.name)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "manques.xlsx: 183 rows ask for 194 missing facts of commune 94041.",
        "Fill it in, then: python -m etl ingest city manques.xlsx --commune 94041",
    ]
    assert "nothing is filled in; nothing changed" in _run(project, "ingest", "city", sheet.name).stdout
    fill(sheet, [("surfaces", "ivry-square-prudon", {"area_m2": 900})], sheet)
    done = _run(project, "ingest", "city", sheet.name)
    assert done.stdout.splitlines() == [
        "manques.xlsx: taken 1 quantity of 1 operation.",
        "Added to data/ledger/94041/statements.csv; publish with: python -m etl build",
    ]
    assert "all its answers are in the ledger already" in _run(project, "ingest", "city", sheet.name).stdout
    assert _run(project, "build", "--if-stale").returncode == 0
    release, _ = open_newest_sound(project / "releases")
    assert release.table("programmes").set_index("programme_id").at["ivry-square-prudon", "area_m2"] == 900


def test_the_decision_sheet_goes_out_and_comes_back(project: Path) -> None:
    sheet = project / "project" / "decisions.xlsx"
    done = _run(project, "decisions", "--commune", "94041")
    assert done.stdout.splitlines() == [
        "decisions.xlsx: the known decisions of commune 94041, and blank rows for others and for amounts.",
        "Fill it in, then: python -m etl ingest decisions decisions.xlsx --commune 94041",
    ], done.stderr
    assert "FileInTheWayError" in _run(project, "decisions").stderr
    assert "nothing is filled in; nothing changed" in _run(project, "ingest", "decisions", sheet.name).stdout
    amount = {"commitment": "Plan vélo", "money_kind": "allouée", "amount_eur": 12, "first_year": 2024}
    told = [("decisions", "ivry-cycle-plan", {"edition": 2021}), ("spending", "", amount)]
    fill(sheet, [(name, about, values | {"reference_page": 3}) for name, about, values in told], sheet)
    assert _run(project, "ingest", "decisions", sheet.name).stdout.splitlines() == [
        "decisions.xlsx: taken 1 decision, 1 amount.",
        "Added to data/ledger/94041/spending.csv and data/ledger/94041/commitments.csv; "
        "publish with: python -m etl build",
    ]
    assert (
        "all its answers are in the ledger already (2 rows)" in _run(project, "ingest", "decisions", sheet.name).stdout
    )
    assert _run(project, "check").returncode == 0


def test_a_sheet_that_is_there_is_not_overwritten_unless_asked(project: Path) -> None:
    sheet = project / "project" / "manques.xlsx"
    sheet.write_bytes(b"filled in")
    done = _run(project, "gaps", "--out", sheet.name)
    assert (done.returncode, sheet.read_bytes()) == (1, b"filled in")
    assert "FileInTheWayError: manques.xlsx is there already" in done.stderr
    assert _run(project, "gaps", "--out", sheet.name, "--force").returncode == 0
    assert sheet.read_bytes()[:2] == b"PK"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("ingest", "insee", "a.xlsx"), "UnknownIntakeError: 'insee' cannot be ingested; what can: city"),
        (("ingest", "city", "a.xlsx"), "a.xlsx: No such file or directory"),
        (("ingest", "city", "requirements.txt"), "UnreadableSheetError: requirements.txt is not an Excel workbook"),
        (("gaps", "--commune", "75056"), "UnknownAreaError: no operation of '75056'"),
        (("gaps", "--out", "nowhere/a.xlsx"), "No such file or directory"),
    ],
)
def test_what_cannot_be_done_is_told_by_name(built: Path, arguments: tuple[str, ...], words: str) -> None:
    done = _run(built, *arguments)
    assert done.returncode == 1
    assert words in done.stderr
    assert "Traceback" not in done.stdout + done.stderr


def test_a_faulty_sheet_is_told_by_cell_and_changes_nothing(project: Path) -> None:
    sheet = project / "project" / "manques.xlsx"
    assert _run(project, "gaps", "--out", sheet.name).returncode == 0
    fill(sheet, [("surfaces", "ivry-square-prudon", {"area_m2": "900 m²", "area_delivered_m2": -1})], sheet)
    done = _run(project, "ingest", "city", sheet.name)
    assert done.returncode == 1
    first, *faults = done.stderr.splitlines()
    assert first == "2 fault(s) in manques.xlsx; nothing was taken."
    assert [fault.split(" (")[0] for fault in faults] == ["manques.xlsx, Surfaces!H20", "manques.xlsx, Surfaces!I20"]
    assert not (project / "project/data/ledger/94041/statements.csv").exists()
