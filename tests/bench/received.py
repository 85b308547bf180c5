"""Received files: each connector from bytes to figures, beside a plain pandas reading of the same file, in turn.

To add a line: write what makes the file, what reads it plainly, and a `Line` in `lines`.
"""

import tempfile
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import pandas as pd

from data.definitions import load_catalogue
from data.settings import CATALOGUE, LEDGER
from etl.connected import connector_of, scope_of
from etl.intake import Loaded, Scope
from etl.ledger import read_ledger
from tests.bench.feeds import write_feed
from tests.bench.report import Row

TURNS = 3
GTFS_GOAL_S = 5.0


@dataclass(frozen=True)
class Line:
    """A file to measure with: its data set and edition, what is in it, how it is read plainly, and the goal.

    The goal is a number of seconds, or where `is_ratio` how many times the plain reading.
    """

    dataset: str
    edition: str
    words: str
    path: Path
    read_plainly: Callable[[Path], object]
    goal: float
    is_ratio: bool = False


def _plain_gtfs(path: Path) -> list[pd.DataFrame]:
    with zipfile.ZipFile(path) as archive:
        return [pd.read_csv(archive.open(name), dtype=str) for name in archive.namelist()]


def lines(folder: Path) -> list[Line]:
    """Write the files to measure with into a folder; return what to measure."""
    feed = folder / "feed.zip"
    rows = write_feed(feed)
    return [Line("gtfs", "gtfs-2026-03-01", f"GTFS, {rows:,} stop times", feed, _plain_gtfs, GTFS_GOAL_S)]


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def load(line: Line, scope: Scope) -> Loaded:
    """Read the file of a line with its connector, to its figures and rejections."""
    connector = connector_of(line.dataset)
    return connector.transform(connector.extract(line.path), line.edition, scope)


def measure(line: Line, scope: Scope) -> Row:
    """Load the file and read it plainly, in turn."""
    loaded = load(line, scope)
    measured, plain = [], []
    for _ in range(TURNS):
        plain.append(_seconds(lambda: line.read_plainly(line.path)))
        measured.append(_seconds(lambda: load(line, scope)))
    own, other = median(measured), median(plain)
    reached = own / other if line.is_ratio else own
    goal = f"<= {line.goal:g} {'x plain reading' if line.is_ratio else 's'}"
    rows = f"{loaded.loaded:,} loaded, {loaded.quarantined:,} in quarantine, {loaded.out_of_scope:,} out of scope"
    numbers = {"median_s": own, "reference_median_s": other, "ratio": own / other, "rows": float(loaded.read)}
    return Row(line.words, f"median {own:.2f} s (x {own / other:.2f}); {rows}", f"plain pandas reading {other:.2f} s",
               goal, reached <= line.goal, numbers)  # fmt: skip


def received(_releases: Path) -> list[Row]:
    """Load every file in turn with its plain reading."""
    scope = scope_of(load_catalogue(CATALOGUE), read_ledger(LEDGER))
    with tempfile.TemporaryDirectory(prefix="observatory-bench-") as folder:
        return [measure(line, scope) for line in lines(Path(folder))]
