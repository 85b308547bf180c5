"""Reading releases: a sound one is always served, and what is wrong with the others is named."""

import json
import logging
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from data.errors import ReleaseDamagedError, ReleaseMissingError
from data.release import Release, current_id, open_newest_sound, open_release, publications, verify
from data.schemas import TABLES
from etl.publish import publish


@pytest.fixture
def two_releases(own_releases: Path, tables: dict[str, pd.DataFrame]) -> tuple[Path, str, str]:
    """Return a folder with an earlier release and the current one, and their identifiers."""
    earlier = current_id(own_releases)
    current = publish({**tables, "checks": tables["checks"].iloc[1:]}, own_releases)
    return own_releases, earlier, current


def _rewrite(path: Path, change: Callable[[Any], Any]) -> None:
    path.write_text(json.dumps(change(json.loads(path.read_text(encoding="utf-8")))), encoding="utf-8")


def test_without_a_release_the_reader_is_told_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(ReleaseMissingError, match="python -m etl build"):
        open_newest_sound(tmp_path)


def test_a_release_is_whole_and_dated(release: Release) -> None:
    assert set(release.tables) == set(TABLES)
    assert len(release.table("programmes")) == 149
    assert len(release.published) == len("2026-01-01")


def test_the_current_release_is_served(two_releases: tuple[Path, str, str]) -> None:
    folder, _, current = two_releases
    release, damaged = open_newest_sound(folder)
    assert (release.release_id, damaged) == (current, "")
    assert len(release.table("checks")) == 40


def test_an_open_release_does_not_need_its_files(own_releases: Path) -> None:
    release, _ = open_newest_sound(own_releases)
    shutil.rmtree(own_releases)
    assert release.table("observations")["obs_value"].notna().any()


def test_a_damaged_file_is_named_and_the_previous_release_served(
    two_releases: tuple[Path, str, str], caplog: pytest.LogCaptureFixture
) -> None:
    folder, earlier, current = two_releases
    path = folder / current / "observations.parquet"
    path.write_bytes(path.read_bytes()[:-1] + b"\0")
    with pytest.raises(ReleaseDamagedError, match=rf"{current}: observations\.parquet failed its checksum"):
        open_release(folder, current)
    with caplog.at_level(logging.ERROR, "observatory.release"):
        release, damaged = open_newest_sound(folder)
    assert (release.release_id, damaged) == (earlier, current)
    assert "observations.parquet" in caplog.text


def test_an_absent_file_is_named(own_releases: Path) -> None:
    (own_releases / current_id(own_releases) / "phases.parquet").unlink()
    with pytest.raises(ReleaseDamagedError, match=r"phases\.parquet is absent"):
        verify(own_releases, current_id(own_releases))


def test_a_half_written_release_is_not_served(two_releases: tuple[Path, str, str]) -> None:
    folder, earlier, current = two_releases
    for name in ("datapackage.json", "territories.parquet"):
        (folder / current / name).unlink()
    release, damaged = open_newest_sound(folder)
    assert (release.release_id, damaged) == (earlier, current)


@pytest.mark.parametrize("pointer", ["0123456789abcdef", "", "../elsewhere"])
def test_a_pointer_to_no_release_falls_back(two_releases: tuple[Path, str, str], pointer: str) -> None:
    folder, _, newest = two_releases
    (folder / "current").write_text(pointer, encoding="utf-8")
    release, damaged = open_newest_sound(folder)
    assert (release.release_id, damaged) == (newest, pointer)


def test_without_any_sound_release_there_is_none(two_releases: tuple[Path, str, str]) -> None:
    folder, *release_ids = two_releases
    for release_id in release_ids:
        (folder / release_id / "sources.parquet").write_bytes(b"PAR1")
    with pytest.raises(ReleaseMissingError, match="no sound release"):
        open_newest_sound(folder)


def _without(key: str) -> Callable[[Any], Any]:
    def change(manifest: dict[str, Any]) -> dict[str, Any]:
        del manifest["resources"][0][key]
        return manifest

    return change


def _with(key: str, value: str) -> Callable[[Any], Any]:
    def change(manifest: dict[str, Any]) -> dict[str, Any]:
        manifest["resources"][0][key] = value
        return manifest

    return change


EDITS: dict[str, Callable[[Any], Any]] = {
    "a table left out": lambda manifest: manifest | {"resources": manifest["resources"][1:]},
    "a table twice": lambda manifest: manifest | {"resources": manifest["resources"] * 2},
    "no resources": lambda manifest: {"id": manifest["id"]},
    "resources are text": lambda manifest: manifest | {"resources": "all"},
    "a list": lambda manifest: manifest["resources"],
    "null": lambda _: None,
    "no hash": _without("hash"),
    "no path": _without("path"),
    "another hash": _with("hash", "sha256:" + "0" * 64),
    "another name": _with("name", "budgets"),
    "another path": _with("path", "phases.parquet"),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_an_edited_manifest_is_damage(two_releases: tuple[Path, str, str], edit: Callable[[Any], Any]) -> None:
    folder, earlier, current = two_releases
    _rewrite(folder / current / "datapackage.json", edit)
    with pytest.raises(ReleaseDamagedError, match=current):
        verify(folder, current)
    assert open_newest_sound(folder)[0].release_id == earlier


def test_a_file_and_its_checksum_changed_together_are_damage(two_releases: tuple[Path, str, str]) -> None:
    folder, earlier, current = two_releases
    for name in ("checks.parquet", "datapackage.json"):
        shutil.copyfile(folder / earlier / name, folder / current / name)
    with pytest.raises(ReleaseDamagedError, match="does not describe this release"):
        verify(folder, current)


def test_going_back_is_one_change_of_the_pointer(two_releases: tuple[Path, str, str]) -> None:
    folder, earlier, _ = two_releases
    (folder / "current").write_text(f"{earlier}\n", encoding="utf-8")
    release, damaged = open_newest_sound(folder)
    assert (release.release_id, damaged, len(release.table("checks"))) == (earlier, "", 41)


@pytest.mark.parametrize("line", ['{"release": "0123', '"text"', "{}", "\0\0"])
def test_a_log_line_cut_short_does_not_hide_the_others(own_releases: Path, line: str) -> None:
    with (own_releases / "publications.jsonl").open("a", encoding="utf-8") as log:
        log.write(line)
    assert [entry["release"] for entry in publications(own_releases)] == [current_id(own_releases)]
    assert open_newest_sound(own_releases)[1] == ""
