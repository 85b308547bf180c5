"""The command line of the briefing file: a fresh folder gets every format, and a file is checked anew."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from data.settings import ROOT
from etl.publish import publish

Tables = dict[str, pd.DataFrame]
FORMATS = ("pdf", "docx", "pptx", "xlsx")


def _run(releases: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "dashboard.dossier", *options]
    environment = {**os.environ, "OBSERVATORY_RELEASES": str(releases)}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)


@pytest.fixture(scope="module")
def made(releases: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the preset file in every format and the handouts, as the command writes them."""
    out = tmp_path_factory.mktemp("made") / "conference"
    done = _run(releases, "--preset", "conference-climat", "--handouts", "--date", "2026-11-23", "--out", str(out))
    assert done.returncode == 0, done.stderr
    return out


def test_one_command_makes_every_file(made: Path) -> None:
    names = {path.name for path in made.iterdir()}
    assert {f"conference-climat.{kind}" for kind in (*FORMATS, "chiffres.json")} <= names
    assert len([name for name in names if name.startswith("quartier-")]) == 12
    held = json.loads((made / "conference-climat.chiffres.json").read_text(encoding="utf-8"))
    assert held["made_on"] == "2026-11-23"
    assert len(held["entries"]) > 2000


@pytest.mark.parametrize("kind", [*FORMATS, "chiffres.json"])
def test_on_the_same_release_each_file_still_holds(made: Path, releases: Path, kind: str) -> None:
    done = _run(releases, "--recheck", str(made / f"conference-climat.{kind}"), "--date", "2026-11-23")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 differ" in done.stdout


def test_a_number_that_changed_since_is_named(made: Path, releases: Path, tables: Tables, tmp_path: Path) -> None:
    own = Path(shutil.copytree(releases, tmp_path / "releases"))
    rows = tables["observations"].copy()
    mine = (rows["ref_area"] == "94041") & (rows["indicator"] == "cycle_stands")
    rows.loc[mine, "obs_value"] = 800.0
    publish({**tables, "observations": rows}, own)
    done = _run(own, "--recheck", str(made / "conference-climat.pdf"), "--date", "2026-11-23")
    assert done.returncode == 3, done.stdout + done.stderr
    assert "722" in done.stdout
    assert "800" in done.stdout
    changed = [line for line in done.stdout.splitlines() if "printed:" in line]
    assert all("722" in line or "édition" in line or "publi" in line or "—" in line for line in changed), changed


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "nothing to make"),
        (("--preset", "other"), "no preset 'other'"),
        (("--preset", "conference-climat", "--format", "odt"), "no format odt"),
        (("--preset", "conference-climat", "--audience", "all"), "no audience 'all'"),
        (("--preset", "conference-climat", "--date", "hier"), "no day"),
        (("--draft", "missing.json"), "cannot be read"),
        (("--recheck", "missing.pdf"), "cannot be read"),
        (("--recheck", "README.md"), "a briefing file is one of"),
        (("--preset", "conference-climat", "--release", "none"), "no release 'none'"),
    ],
)
def test_a_fault_is_told_in_one_line(releases: Path, tmp_path: Path, options: tuple[str, ...], said: str) -> None:
    done = _run(releases, "--out", str(tmp_path), *options)
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_draft_kept_by_its_reader_makes_the_files(releases: Path, tmp_path: Path) -> None:
    draft = tmp_path / "mon-dossier.json"
    sections = [{"page": "geothermie", "note": "ma note"}, {"page": "inconnue"}]
    draft.write_text(json.dumps({"commune": "94041", "sections": sections}), encoding="utf-8")
    done = _run(releases, "--draft", str(draft), "--format", "pdf", "--out", str(tmp_path), "--title", "Réunion du 3")
    assert done.returncode == 0, done.stderr
    assert "inconnue" in done.stderr
    text = subprocess.run(["pdftotext", str(tmp_path / "mon-dossier.pdf"), "-"], capture_output=True, text=True).stdout
    assert "ma note" in text
    assert "Réunion du 3" in text
