"""The programme engine: one recomputation for the real release, one for a country's worth, each beside plain loops."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.hypotheses import Hypotheses, OperationHypothesis
from data.release import Release
from data.rules.consequences import inhabitants_added
from data.rules.operations import COUNTED, Band, Foundation, Operations, Places, lay_foundation
from data.rules.propagation import bounds_by_area, delivered_by
from data.rules.supposing import suppose
from data.settings import default_commune

YEARS = np.arange(2025, 2041)
MANY_YEARS = np.arange(2025, 2060)
PROGRAMMES, AREAS = 1000, 500


@dataclass(frozen=True)
class Timed:
    """Seconds of each recomputation, and of the same sums by plain loops."""

    measured: list[float]
    reference: list[float]


def foundation_of(release: Release) -> Foundation:
    """Return what the release says of the operations of the commune."""
    programmes = release.table("programmes")
    mine = programmes[programmes["commune"] == default_commune()]
    return lay_foundation(mine, *(release.table(name) for name in ("quantities", "phases", "readings")))


def made_up(release: Release) -> Foundation:
    """Return a thousand operations in five hundred areas: sizes drawn with a fixed seed, only to measure with."""
    random = np.random.default_rng(94041)
    names = [f"operation-{place}" for place in range(PROGRAMMES)]
    programmes = pd.DataFrame({
        "programme_id": names, "district": [f"area-{place % AREAS}" for place in range(PROGRAMMES)],
        "status": random.choice(COUNTED, PROGRAMMES),
        "dwellings_social_share": np.where(random.random(PROGRAMMES) < 0.5, 0.3, np.nan),
    })  # fmt: skip
    quantities = pd.DataFrame({
        "programme_id": names, "quantity": "dwellings", "reading": "", "delivered": np.nan, "as_of": "2025",
        "delivered_as_of": "",
        "value": random.integers(10, 1000, PROGRAMMES).astype("float64"),
    })  # fmt: skip
    return lay_foundation(programmes, quantities, release.table("phases").iloc[:0], release.table("readings").iloc[:0])


def _windows(foundation: Foundation, delay_years: int) -> Hypotheses:
    open_rows = foundation.rows.loc[~foundation.rows["happened"], "programme_id"].unique()
    windows = [
        OperationHypothesis(programme_id=str(name), first_year=2027, last_year=2036, delay_years=delay_years)
        for name in open_rows
    ]
    return Hypotheses(operations=tuple(windows), household_sizes=(("dwellings", 2.2), ("specific_dwellings", 1.1)))


def recompute(foundation: Foundation, hypotheses: Hypotheses, years: Places) -> dict[tuple[str, str], Band]:
    """Return what hypotheses give by area, quantity and year, inhabitants too."""
    operations = suppose(foundation, hypotheses)
    people = inhabitants_added(operations, years, hypotheses)
    delivered = bounds_by_area(delivered_by(operations, years), operations)
    return delivered | {(district, "inhabitants"): band for district, band in people.items()}


def by_plain_loops(operations: Operations, years: Places) -> dict[tuple[str, str, int], list[float]]:
    """Return the same sums by area, quantity and year, one operation and one year at a time."""
    sums: dict[tuple[str, str, int], list[float]] = {}
    for place, row in enumerate(operations.rows.itertuples()):
        first, last = operations.first_year[place], operations.last_year[place]
        for year in years:
            possible = float(year >= operations.earliest_year[place])
            even = min(max((year - first + 1) / (last - first + 1), 0.0), 1.0)
            parts = (even, even) if first == first else (0.0, possible)
            total = sums.setdefault((row.district, row.quantity, int(year)), [0.0, 0.0])
            for end, (part, done, value) in enumerate(zip(
                parts, (operations.delivered.low[place], operations.delivered.high[place]),
                (operations.value.low[place], operations.value.high[place]), strict=True)):  # fmt: skip
                total[end] += done + (value - done) * part
    return sums


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def time_recomputations(foundation: Foundation, years: Places, count: int) -> Timed:
    """Recompute under a delay that changes each time, in turn with plain loops over the same operations."""
    measured, reference = [], []
    for turn in range(count):
        hypotheses = _windows(foundation, turn % 10)
        measured.append(_seconds(lambda hypotheses=hypotheses: recompute(foundation, hypotheses, years)))
        operations = suppose(foundation, hypotheses)
        reference.append(_seconds(lambda operations=operations: by_plain_loops(operations, years)))
    return Timed(measured, reference)
