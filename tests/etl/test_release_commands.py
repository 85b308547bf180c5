"""Looking after releases: list, compare, go back, prune; nothing that is served is ever lost."""

import csv
import json
import os
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

from data.errors import ReleaseMissingError, UnclearReleaseError
from data.history import find_release, history, previous_id
from data.release import current_id, open_newest_sound, publications
from etl import publish as publish_module
from etl.__main__ import main
from etl.publish import DRAFT_SECONDS, is_stale, publish

Tables = dict[str, pd.DataFrame]


def _with_stands(tables: Tables, value: float) -> Tables:
    observations = tables["observations"].copy()
    observations.loc[observations["figure_id"] == "ivry-bike-stands", "obs_value"] = value
    return {**tables, "observations": observations}


@pytest.fixture
def three(own_releases: Path, tables: Tables) -> tuple[Path, list[str]]:
    """Return a folder with three releases, the oldest first; the last is current."""
    first = current_id(own_releases)
    return own_releases, [first, *(publish(_with_stands(tables, value), own_releases) for value in (723.0, 724.0))]


def _run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, folder: Path, *words: str) -> str:
    monkeypatch.setenv("OBSERVATORY_RELEASES", str(folder))
    monkeypatch.setattr(sys, "argv", ["etl", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    said = capsys.readouterr()
    assert "Traceback" not in said.out + said.err
    return said.out if not ended.value.code else f"failed: {said.err}"


@pytest.fixture
def run(capsys, monkeypatch):  # type: ignore[no-untyped-def]
    return lambda folder, *words: _run(capsys, monkeypatch, folder, *words)


def test_releases_are_listed_newest_first_with_their_state(run, three) -> None:  # type: ignore[no-untyped-def]
    folder, (first, second, third) = three
    (folder / first / "checks.parquet").write_bytes(b"PAR1")
    lines = run(folder, "releases").splitlines()
    assert [line.split()[0] for line in lines] == [third, second, first]
    assert "current" in lines[0]
    assert "previous" in lines[1]
    assert lines[0].endswith("sound")
    assert lines[2].endswith("damaged: checks.parquet failed its checksum")
    rows = sum(len(frame) for frame in open_newest_sound(folder)[0].tables.values())
    assert f" {rows} rows" in lines[0]


def test_diff_says_old_new_and_reason_and_writes_all_of_it(run, three, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    folder, (first, _, third) = three
    target = tmp_path / "changes.csv"
    out = run(folder, "diff", first[:10], "current", "--csv", str(target))
    assert f"{first} → {third}: 0 rows added, 0 rows removed, 1 cells changed (correction 1)" in out
    with target.open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["table"], row["column"], row["old"], row["new"]) == ("observations", "obs_value", "722", "724")
    assert row["reason"] == "correction"
    assert "cycle_stands" in row["key"]


def test_diff_of_a_release_with_itself_says_that_nothing_differs(run, three) -> None:  # type: ignore[no-untyped-def]
    folder, _ = three
    assert "no cell differs" in run(folder, "diff", "current", "current")


def test_diff_refuses_a_damaged_release(run, three) -> None:  # type: ignore[no-untyped-def]
    folder, (first, *_) = three
    (folder / first / "checks.parquet").unlink()
    assert "ReleaseDamagedError" in run(folder, "diff", first, "current")


def test_rollback_and_back_again_change_the_pointer_only(run, three) -> None:  # type: ignore[no-untyped-def]
    folder, (first, second, third) = three
    before = {path: path.stat().st_mtime_ns for name in three[1] for path in (folder / name).iterdir()}
    assert f"Current release: {second} (was {third})" in run(folder, "rollback")
    assert current_id(folder) == second
    run(folder, "rollback", third)
    assert current_id(folder) == third
    run(folder, "rollback", first[:8])
    assert open_newest_sound(folder)[0].release_id == first
    logged = [entry["release"] for entry in publications(folder)]
    assert logged == [first, second, third, second, third, first]
    after = {path: path.stat().st_mtime_ns for name in three[1] for path in (folder / name).iterdir()}
    assert after == before


def test_a_release_gone_back_to_keeps_the_day_of_its_publication(run, three) -> None:  # type: ignore[no-untyped-def]
    folder, (first, *_) = three
    log = folder / "publications.jsonl"
    entries = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    entries[0]["published"] = "2026-01-05T08:00:00+00:00"
    log.write_text("".join(f"{json.dumps(entry)}\n" for entry in entries), encoding="utf-8")
    run(folder, "rollback", first)
    assert open_newest_sound(folder)[0].published == "2026-01-05"
    assert history(folder)[0].chosen > "2026-01-05T08:00:00+00:00"


def test_build_if_stale_does_not_undo_a_rollback_until_inputs_change(  # type: ignore[no-untyped-def]
    run, three, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, (first, *_) = three
    monkeypatch.setattr(publish_module, "inputs_digest", lambda: "inputs at hand")
    assert is_stale(folder)
    run(folder, "rollback", first)
    assert not is_stale(folder)
    monkeypatch.setattr(publish_module, "inputs_digest", lambda: "other inputs")
    assert is_stale(folder)


@pytest.mark.parametrize("wanted", ["0000000000000000", "../elsewhere", "nothing", ""])
def test_rollback_to_no_release_changes_nothing(run, three, wanted: str) -> None:  # type: ignore[no-untyped-def]
    folder, (*_, third) = three
    log = (folder / "publications.jsonl").read_bytes()
    assert "ReleaseMissingError" in run(folder, "rollback", wanted)
    assert (current_id(folder), (folder / "publications.jsonl").read_bytes()) == (third, log)


def test_rollback_to_a_damaged_release_changes_nothing(run, three) -> None:  # type: ignore[no-untyped-def]
    folder, (_, second, third) = three
    (folder / second / "phases.parquet").write_bytes(b"PAR1")
    log = (folder / "publications.jsonl").read_bytes()
    assert "phases.parquet failed its checksum" in run(folder, "rollback")
    assert (current_id(folder), (folder / "publications.jsonl").read_bytes()) == (third, log)


def test_the_only_release_has_none_before_it(run, own_releases: Path) -> None:  # type: ignore[no-untyped-def]
    assert "was current before" in run(own_releases, "rollback")
    assert previous_id(own_releases, current_id(own_releases)) == ""


def test_names_of_releases(three: tuple[Path, list[str]]) -> None:
    folder, (first, second, third) = three
    assert find_release(folder, "current") == third
    assert find_release(folder, "previous") == second
    assert find_release(folder, first[:9]) == first
    (folder / f"{first[:15]}{'0' if first[15] != '0' else '1'}").mkdir()
    with pytest.raises(UnclearReleaseError, match="starts 2 releases"):
        find_release(folder, first[:15])
    assert find_release(folder, first) == first
    with pytest.raises(ReleaseMissingError):
        find_release(folder, "publications")


def test_prune_only_tells_until_it_is_meant(run, three) -> None:  # type: ignore[no-untyped-def]
    folder, (first, *_) = three
    size = sum(path.stat().st_size for path in (folder / first).iterdir())
    before = sorted(path.name for path in folder.iterdir())
    out = run(folder, "prune", "--keep", "1")
    assert out.splitlines()[0] == f"{first}  {size / 1e6:.1f} MB"
    assert "nothing was removed: add --yes" in out
    assert sorted(path.name for path in folder.iterdir()) == before


def test_prune_keeps_the_current_one_and_the_one_before(run, three) -> None:  # type: ignore[no-untyped-def]
    folder, (first, second, third) = three
    assert "Removed 1;" in run(folder, "prune", "--keep", "1", "--yes")
    assert {path.name for path in folder.iterdir() if path.is_dir()} == {second, third}
    assert open_newest_sound(folder)[0].release_id == third
    assert [release.release_id for release in history(folder)] == [third, second]
    assert first in {entry["release"] for entry in publications(folder)}
    run(folder, "rollback")
    assert current_id(folder) == second
    assert "Nothing to remove" in run(folder, "prune", "--keep", "1", "--yes")


def test_prune_after_a_rollback_keeps_what_is_shown(run, three) -> None:  # type: ignore[no-untyped-def]
    folder, (first, second, third) = three
    run(folder, "rollback", first)
    run(folder, "prune", "--keep", "1", "--yes")
    assert {path.name for path in folder.iterdir() if path.is_dir()} == {first, third}
    assert open_newest_sound(folder)[0].release_id == first
    assert second not in {release.release_id for release in history(folder)}


def test_prune_never_removes_the_last_sound_release(run, three) -> None:  # type: ignore[no-untyped-def]
    folder, (first, second, third) = three
    for name in (second, third):
        (folder / name / "checks.parquet").write_bytes(b"PAR1")
    assert "Nothing to remove" in run(folder, "prune", "--keep", "1", "--yes")
    assert open_newest_sound(folder)[0].release_id == first


def test_prune_clears_what_killed_builds_left_but_not_a_build_under_way(run, own_releases: Path) -> None:  # type: ignore[no-untyped-def]
    old, fresh, aside = (own_releases / name for name in (".draft-old", ".draft-now", ".damaged-85a7-x"))
    for place in (old, fresh, aside):
        place.mkdir()
        (place / "checks.parquet").write_bytes(b"PAR1")
    long_ago = time.time() - DRAFT_SECONDS - 60
    os.utime(old, (long_ago, long_ago))
    run(own_releases, "prune", "--keep", "1", "--yes")
    assert (old.exists(), fresh.exists(), aside.exists()) == (False, True, False)


@pytest.mark.parametrize("keep", ["0", "-1", "many"])
def test_prune_keeps_at_least_one(run, three, keep: str) -> None:  # type: ignore[no-untyped-def]
    folder, releases = three
    assert run(folder, "prune", "--keep", keep, "--yes").startswith("failed")
    assert all((folder / name).is_dir() for name in releases)
