"""Received files: each connector from bytes to figures, beside a plain pandas reading of the same file, in turn.

To add a line: write what makes the file, what reads it plainly, and a `Line` in `lines`.
"""

import tempfile
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

import pandas as pd

from data.definitions import load_catalogue
from data.settings import CATALOGUE, LEDGER
from etl.connected import connector_of, scope_of
from etl.intake import Loaded, Scope
from etl.ledger import read_ledger
from etl.packaged import packaged_communes
from tests.bench import national
from tests.bench.feeds import write_feed
from tests.bench.report import Row

TURNS = 3
GTFS_GOAL_S = 5.0
NATIONAL_GOAL = 1.5
# By data set: edition, what writes the file, separator.
NATIONAL = {
    "rpls": (national.RPLS, national.write_rpls, ","),
    "sitadel": (national.SITADEL, national.write_sitadel, ";"),
    "lovac": (national.LOVAC, national.write_lovac, ";"),
}
WITH_GOAL = ("rpls", "sitadel")


@dataclass(frozen=True)
class Line:
    """A file to measure with: its data set and edition, what is in it, how it is read plainly, and the goal.

    The goal is a number of seconds, or where `is_ratio` how many times the plain reading; `is_country`: all communes of
    France are in scope, not only those of the catalogue.
    """

    dataset: str
    edition: str
    words: str
    path: Path
    read_plainly: Callable[[Path], object]
    goal: float | None
    is_ratio: bool = False
    is_country: bool = False


def _plain_gtfs(path: Path) -> list[pd.DataFrame]:
    with zipfile.ZipFile(path) as archive:
        return [pd.read_csv(archive.open(name), dtype=str) for name in archive.namelist()]


def lines(folder: Path) -> list[Line]:
    """Write the files to measure with into a folder; return what to measure."""
    feed = folder / "feed.zip"
    rows = write_feed(feed)
    return [
        Line("gtfs", "gtfs-2026-03-01", f"GTFS, {rows:,} stop times", feed, _plain_gtfs, GTFS_GOAL_S),
        *_national_lines(folder),
    ]


def _national_lines(folder: Path) -> list[Line]:
    """Return tables of all communes, each for those of the catalogue and for all; codes are text in both readings."""
    found = []
    for dataset, (edition, write, separator) in NATIONAL.items():
        path = folder / f"{dataset}.csv"
        rows = write(path)
        plain = partial(pd.read_csv, sep=separator, dtype=str)
        goal = NATIONAL_GOAL if dataset in WITH_GOAL else None
        found += [Line(dataset, edition, f"{dataset}, {rows:,} rows, {about}", path, plain, goal, is_ratio=True,
                       is_country=is_country)
                  for about, is_country in (("of the catalogue", False), ("all communes", True))]  # fmt: skip
    return found


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
    goal = "" if line.goal is None else f"<= {line.goal:g} {'x plain reading' if line.is_ratio else 's'}"
    rows = f"{loaded.loaded:,} loaded, {loaded.quarantined:,} in quarantine, {loaded.out_of_scope:,} out of scope"
    numbers = {"median_s": own, "reference_median_s": other, "ratio": own / other, "rows": float(loaded.read)}
    return Row(line.words, f"median {own:.2f} s (x {own / other:.2f}); {rows}", f"plain pandas reading {other:.2f} s",
               goal, None if line.goal is None else reached <= line.goal, numbers)  # fmt: skip


def received(_releases: Path) -> list[Row]:
    """Load every file in turn with its plain reading."""
    scope = scope_of(load_catalogue(CATALOGUE), read_ledger(LEDGER))
    country = Scope(packaged_communes(), frozenset())
    with tempfile.TemporaryDirectory(prefix="observatory-bench-") as folder:
        return [measure(line, country if line.is_country else scope) for line in lines(Path(folder))]
