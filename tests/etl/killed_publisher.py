"""Publishes until it is killed; run as a program by the tests of killed builds, never imported by them.

`python -m tests.etl.killed_publisher points SOURCE PLACE` publishes in copies PLACE/0, PLACE/1, … of the folder of
releases SOURCE, killed (SIGKILL) before its 1st, 2nd, … write; the last copy is that of a publication that came to its
end. `… forever FOLDER` publishes changing releases in FOLDER until somebody kills it.
"""

import itertools
import os
import shutil
import signal
import sys
from pathlib import Path
from typing import Any

import pandas as pd

from data.release import current_id, open_release
from etl import publish as publisher

WRITES = frozenset({"os.mkdir", "os.rename", "os.chmod", "os.remove", "os.rmdir"})


def is_write(event: str, arguments: tuple[Any, ...]) -> bool:
    """Tell whether an audit event is about to change a file."""
    if event == "open":
        mode, flags = arguments[1], arguments[2]
        return bool(flags & (os.O_WRONLY | os.O_RDWR)) or bool(mode and set(str(mode)) & set("wax+"))
    # A folder that is there already is not made: the publisher asks for it and goes on.
    return event in WRITES and not (event == "os.mkdir" and Path(arguments[0]).is_dir())


def changed_tables(folder: Path, value: float) -> dict[str, pd.DataFrame]:
    """Return the tables of the current release with one figure changed."""
    tables = dict(open_release(folder, current_id(folder)).tables)
    observations = tables["observations"].copy()
    observations.loc[observations["figure_id"] == "ivry-bike-stands", "obs_value"] = value
    return {**tables, "observations": observations}


def _kill_before(number: int, folder: Path) -> None:
    """Publish, and die before the write with this number; a Parquet file is left half written."""
    tables, count = changed_tables(folder, 723.0), itertools.count()
    write_table = publisher.write_table

    def on_event(event: str, arguments: tuple[Any, ...]) -> None:
        if is_write(event, arguments) and next(count) == number:
            os.kill(os.getpid(), signal.SIGKILL)

    def write_half(frame: pd.DataFrame, table: Any, path: Path, *parts: Any) -> int:
        rows = write_table(frame, table, path, *parts)
        if next(count) == number:
            with os.fdopen(os.open(path, os.O_WRONLY), "wb") as half:
                half.truncate(path.stat().st_size // 2)
            os.kill(os.getpid(), signal.SIGKILL)
        return rows

    publisher.write_table = write_half
    sys.addaudithook(on_event)
    publisher.publish(tables, folder)


def _points(source: Path, place: Path) -> None:
    for number in itertools.count():
        folder = Path(shutil.copytree(source, place / str(number)))
        child = os.fork()
        if child == 0:
            _kill_before(number, folder)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if os.WIFEXITED(status):
            sys.exit(os.WEXITSTATUS(status))


def _forever(folder: Path) -> None:
    for value in itertools.count(1000):
        publisher.publish(changed_tables(folder, float(value)), folder)
        print(value, flush=True)


if __name__ == "__main__":
    {"points": _points, "forever": _forever}[sys.argv[1]](*map(Path, sys.argv[2:]))
