"""Files taken in from the command line, as a data officer would: fetched, at hand, listed, published."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from data.release import current_id, open_release
from data.settings import ROOT
from tests.etl.replaying import Replay, Reply, replaying

FILES = ROOT / "tests" / "etl" / "connectors" / "files"
REGISTER = FILES / "rpls-communes-2024.csv"
COUNTED = "10 rows read = 1 loaded + 1 in quarantine + 8 out of scope"


@pytest.fixture
def server() -> Iterator[Replay]:
    with replaying() as replay:
        yield replay


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a place with a copy of code, catalogue and ledger."""
    unneeded = shutil.ignore_patterns("releases", "raw", "__pycache__")
    for name in ("data", "etl"):
        shutil.copytree(ROOT / name, tmp_path / "project" / name, ignore=unneeded)
    shutil.copy(ROOT / "requirements.txt", tmp_path / "project")
    return tmp_path


def _run(place: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    folders = {"OBSERVATORY_RELEASES": str(place / "releases"), "OBSERVATORY_RAW": str(place / "raw")}
    done = subprocess.run(
        [sys.executable, "-m", "etl", *arguments],
        cwd=place / "project",
        env=os.environ | folders | {"NO_PROXY": "127.0.0.1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stdout + done.stderr
    return done


def _offer(place: Path, dataset: str, address: str) -> None:
    """Let a source give an address of the loopback."""
    path = place / "project" / "data" / "catalogue" / "sources" / f"{dataset}.toml"
    text, changed = re.subn(r'(?m)^address = ".*"$', f'address = "{address}"', path.read_text(encoding="utf-8"))
    assert changed == 1
    path.write_text(text, encoding="utf-8")


def test_a_file_at_hand_is_taken_listed_and_published(project: Path) -> None:
    assert "No file has been received yet" in _run(project, "snapshots").stdout
    done = _run(project, "ingest", "rpls", str(REGISTER), "--edition", "2024")
    assert done.returncode == 0, done.stderr
    first, second, _ = done.stdout.splitlines()
    assert first == f"{REGISTER.name} (rpls-2024): {COUNTED}"
    assert second.startswith("  line 10, column 'DEPCOM_ARM', value '94200': ")
    (listed,) = _run(project, "snapshots").stdout.splitlines()
    assert "rpls-2024: rpls-communes-2024.csv, 820 bytes" in listed
    built = _run(project, "build")
    assert f"rpls-2024, {REGISTER.name}: {COUNTED}" in built.stdout.splitlines()
    assert "up to date" in _run(project, "build", "--if-stale").stdout
    release = open_release(project / "releases", current_id(project / "releases"))
    assert release.table("quarantine")["reason"].tolist() == ["postcode_not_commune"]
    (kept,) = (project / "raw" / "rpls").iterdir()
    assert (kept / REGISTER.name).read_bytes() == REGISTER.read_bytes()


def test_a_file_is_fetched_and_then_unchanged(project: Path, server: Replay) -> None:
    body = (FILES / "sitadel-communes-2024.csv").read_bytes()
    unchanged = Reply(304, media_type="", says_length=False)
    _offer(project, "sitadel", server.at("/csv", Reply(body=body, headers={"ETag": '"v1"'}), unchanged))
    done = _run(project, "fetch", "sitadel", "--edition", "2024")
    assert done.returncode == 0, done.stderr
    assert "115 rows read = 70 loaded + 0 in quarantine + 45 out of scope" in done.stdout
    again = _run(project, "fetch", "sitadel", "--edition", "2024")
    assert "unchanged since" in again.stdout
    assert len(list((project / "raw" / "sitadel").iterdir())) == 1


def test_what_cannot_be_taken_is_told_by_name_and_nothing_is_kept(project: Path, server: Replay) -> None:
    _offer(project, "sitadel", server.address + "/moved.csv")
    for arguments, words in (
        (("ingest", "insee", "a.csv"), "UnknownIntakeError: 'insee' cannot be ingested; what can: city, "),
        (("ingest", "rpls", str(REGISTER)), "UnknownEditionError: '' is no edition of rpls; known: rpls-2024"),
        (("ingest", "rpls", "requirements.txt", "--edition", "2024"), "UnreadableFileError: requirements.txt"),
        (("ingest", "rpls", "none.csv", "--edition", "2024"), "UnreadableFileError: none.csv cannot be read"),
        (("fetch", "lilas", "--edition", "2024"), "UnknownIntakeError: 'lilas' cannot be fetched; what can: "),
        (("fetch", "rpls", "--edition", "2024"), "NoAddressError: no address is known for rpls"),
        (("fetch", "sitadel", "--edition", "2024"), "answers 404: correct the address in the source's TOML"),
    ):
        done = _run(project, *arguments)
        assert done.returncode == 1
        assert words in done.stderr, done.stderr
    assert not (project / "raw").exists()


def test_a_census_comes_in_two_files_that_both_hold(project: Path) -> None:
    for name in ("base-ic-evol-struct-pop-2021.CSV", "base-ic-logement-2021.CSV"):
        done = _run(project, "ingest", "insee_census_iris", str(FILES / name), "--edition", "2021")
        assert done.returncode == 0, done.stderr
    assert _run(project, "build").returncode == 0
    release = open_release(project / "releases", current_id(project / "releases"))
    assert len(release.table("intakes")) == 2
    census = release.table("observations").query("source == 'insee-census-2021' and derived_from == ''")
    read = census[census["source_detail"].str.contains("P21_")]
    assert {"population", "dwellings"} <= set(read["indicator"])
