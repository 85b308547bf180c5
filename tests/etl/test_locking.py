"""One writer at a time: two never meet, and one that was killed leaves nothing locked."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pandas as pd
import pytest

from data.errors import BusyError
from data.locking import only_writer
from data.release import current_id
from etl.__main__ import main
from etl.publish import publish


def _holding(folder: Path) -> "subprocess.Popen[str]":
    """Return another process that holds a folder until its input ends."""
    code = ("import sys; from pathlib import Path; from data.locking import only_writer\n"
            "with only_writer(Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()")  # fmt: skip
    other = subprocess.Popen([sys.executable, "-c", code, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                             text=True, env=os.environ)  # fmt: skip
    assert other.stdout is not None
    assert other.stdout.readline() == "held\n"
    return other


def _end(other: "subprocess.Popen[str]") -> None:
    """Let a process end, or gather one that was killed."""
    other.communicate(timeout=20)


def test_two_writers_do_not_meet_and_a_killed_one_leaves_nothing_locked(tmp_path: Path) -> None:
    other = _holding(tmp_path)
    with pytest.raises(BusyError, match="another process"), only_writer(tmp_path):
        pass
    other.kill()
    _end(other)
    with only_writer(tmp_path), pytest.raises(BusyError), only_writer(tmp_path):
        pass
    with only_writer(tmp_path):
        assert list(tmp_path.iterdir()) == []


def test_a_writer_may_wait_for_another_to_end(tmp_path: Path) -> None:
    other = _holding(tmp_path)
    ending = threading.Timer(0.3, _end, [other])
    ending.start()
    with only_writer(tmp_path, patience_seconds=20):
        assert other.wait(timeout=20) == 0
    ending.join()


@pytest.mark.parametrize(
    "words", [("build",), ("rollback",), ("prune", "--keep", "1", "--yes")], ids=lambda words: words[0]
)
def test_commands_that_write_releases_do_not_meet(
    words: tuple[str, ...], own_releases: Path, tables: dict[str, pd.DataFrame],
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    for count in range(2):
        publish({**tables, "checks": tables["checks"].iloc[count + 1 :]}, own_releases)
    monkeypatch.setenv("OBSERVATORY_RELEASES", str(own_releases))
    monkeypatch.setattr(sys, "argv", ["etl", *words])
    before = sorted(path.name for path in own_releases.iterdir()), current_id(own_releases)
    with only_writer(own_releases), pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1
    assert f"BusyError: another process writes into {own_releases}" in capsys.readouterr().err
    assert (sorted(path.name for path in own_releases.iterdir()), current_id(own_releases)) == before


def test_a_sheet_is_not_taken_while_another_one_is(
    own_ledger: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("etl.__main__.LEDGER", own_ledger)
    monkeypatch.setattr(sys, "argv", ["etl", "ingest", "city", str(tmp_path / "manques.xlsx")])
    with only_writer(own_ledger), pytest.raises(SystemExit):
        main()
    assert "BusyError" in capsys.readouterr().err
