"""A build that dies or fails at any write leaves a sound release served, and the next one works."""

import itertools
import os
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from data.release import current_id, open_newest_sound, publications
from data.settings import ROOT
from etl import publish as publish_module
from etl.publish import publish, removable, rollback
from tests.etl.killed_publisher import changed_tables, is_write

Tables = dict[str, pd.DataFrame]
# A draft folder, 18 tables, a manifest, a log and a pointer are written: fewer points would mean some go unseen.
FEWEST_POINTS = 25
_failing: dict[str, Any] = {}


def _publisher(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "tests.etl.killed_publisher", *arguments]


def _served(folder: Path) -> tuple[str, float]:
    """Return what readers see: a release that is whole, never one that stands in for a damaged one."""
    release, damaged = open_newest_sound(folder)
    assert damaged == ""
    figures = release.table("observations").set_index("figure_id")
    return release.release_id, float(figures.at["ivry-bike-stands", "obs_value"])


def test_a_build_killed_at_every_write_leaves_the_last_good_release(releases: Path, tmp_path: Path) -> None:
    subprocess.run(_publisher("points", str(releases), str(tmp_path)), cwd=ROOT, check=True, timeout=300)
    folders = sorted(tmp_path.iterdir(), key=lambda path: int(path.name))
    assert len(folders) > FEWEST_POINTS
    first = current_id(releases)
    seen = [_served(folder) for folder in folders]
    switched = [release_id != first for release_id, _ in seen]
    # Until the pointer is switched readers see the first release, from then on the second: never anything else.
    assert switched == sorted(switched)
    assert not switched[-2]
    assert {value for _, value in seen[:-1]} == {722.0}
    assert seen[-1][1] == 723.0
    for folder in (folders[1], folders[len(folders) // 2], folders[-2]):
        assert publish(changed_tables(folder, 723.0), folder) == seen[-1][0]
        assert _served(folder) == seen[-1]


@pytest.mark.parametrize("seed", range(4))
def test_a_build_killed_at_any_moment_leaves_a_good_release(own_releases: Path, seed: int) -> None:
    with subprocess.Popen(_publisher("forever", str(own_releases)), cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        published = int(process.stdout.readline())
        time.sleep(random.Random(seed).uniform(0.0, 0.6))
        process.kill()
        published = int([str(published), *process.stdout.read().decode().split()][-1])
    _, value = _served(own_releases)
    assert value in {published, published + 1}
    publish(changed_tables(own_releases, 723.0), own_releases)
    assert _served(own_releases)[1] == 723.0


def _on_event(event: str, arguments: tuple[Any, ...]) -> None:
    mine = bool(_failing) and is_write(event, arguments) and _failing["folder"] in str(arguments[0])
    if mine and next(_failing["count"]) == _failing["number"]:
        raise OSError(28, "No space left on device", str(arguments[0]))


sys.addaudithook(_on_event)


def _fail_at(folder: Path, number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the write with this number fail, and none before or after it."""
    _failing.update(folder=str(folder), count=itertools.count(), number=number)
    write_table = publish_module.write_table

    def failing(frame: pd.DataFrame, table: Any, path: Path, *parts: Any) -> int:
        if next(_failing["count"]) == number:
            path.write_bytes(b"PAR1")
            raise OSError(28, "No space left on device", str(path))
        return write_table(frame, table, path, *parts)

    monkeypatch.setattr(publish_module, "write_table", failing)


def _attempts(folder: Path, act: Any, monkeypatch: pytest.MonkeyPatch) -> int:
    """Do something with the first write failing, then the second, until nothing fails; return how many did."""
    before = _served(folder)
    for number in itertools.count():
        with monkeypatch.context() as patch:
            _fail_at(folder, number, patch)
            try:
                act()
            except OSError:
                _failing.clear()
                assert _served(folder) == before, f"write {number}"
            else:
                _failing.clear()
                return number
    raise AssertionError


def test_a_disk_that_fills_up_at_any_write_publishes_nothing(
    own_releases: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tables = changed_tables(own_releases, 723.0)
    assert _attempts(own_releases, lambda: publish(tables, own_releases), monkeypatch) > FEWEST_POINTS
    assert _served(own_releases)[1] == 723.0
    assert not list(own_releases.glob(".draft-*"))


def test_a_rollback_that_fails_at_any_write_changes_nothing(
    own_releases: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = current_id(own_releases)
    publish(changed_tables(own_releases, 723.0), own_releases)
    assert _attempts(own_releases, lambda: rollback(own_releases, first), monkeypatch) >= 3
    assert _served(own_releases) == (first, 722.0)
    assert publications(own_releases)[-1]["release"] == first


def test_what_a_killed_build_left_is_offered_for_removal_the_day_after(own_releases: Path) -> None:
    draft = own_releases / ".draft-killed"
    draft.mkdir()
    assert removable(own_releases, 5) == []
    os.utime(draft, (0, 0))
    assert [entry.place for entry in removable(own_releases, 5)] == [draft]
