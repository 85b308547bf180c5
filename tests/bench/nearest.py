"""The nearest IRIS of France: the table of a page for an IRIS nobody asked for yet, beside plain pandas."""

import time
from datetime import date
from pathlib import Path
from statistics import median

import pandas as pd

from dashboard.content import structures
from dashboard.messages import LANGUAGES
from dashboard.view import WHOLE_CITY, the_view
from data.release import current_id, open_release
from data.settings import default_commune
from tests.bench.report import Row, quantile

GOAL_MS, QUESTIONS = 50.0, 60
# The shares that are compared, written as plain pandas would.
_PARTS = {"population_under_20": "population", "population_65_and_over": "population", "flats": "dwellings",
          "vacant_dwellings": "dwellings", "main_homes": "dwellings"}  # fmt: skip


def _plainly(counts: pd.DataFrame, ref_area: str) -> list[str]:
    """Return the nearest IRIS, everything computed anew for the question."""
    lived_in = counts[(counts["population"] > 0) & (counts["dwellings"] > 0)].set_index("ref_area")
    shares = pd.DataFrame({part: 100 * lived_in[part] / lived_in[whole] for part, whole in _PARTS.items()})
    standardised = (shares - shares.mean()) / shares.std(ddof=0)
    distance = (((standardised - standardised.loc[ref_area]) ** 2).sum(axis=1) ** 0.5).drop(ref_area)
    return list(distance.sort_values(kind="stable").index[: structures.COUNT])


def nearest_iris(releases: Path) -> list[Row]:
    """Ask for IRIS of all of France, a new one each time, in turn with plain pandas; the first question by itself."""
    release = open_release(releases, current_id(releases))
    counts = release.table("iris_structures")
    view = the_view(release, default_commune(), WHOLE_CITY, LANGUAGES[0], "light", date.today())
    lived_in = counts.loc[(counts["population"] > 0) & (counts["dwellings"] > 0), "ref_area"]
    asked = lived_in.sample(QUESTIONS + 1, random_state=94041).tolist()
    measured, reference, differing = [], [], 0
    for ref_area in asked:
        started = time.perf_counter()
        structures.nearest_headline(view, ref_area)
        structures.nearest_table(view, ref_area)
        answered = time.perf_counter()
        plain = _plainly(counts, ref_area)
        reference.append(time.perf_counter() - answered)
        measured.append(answered - started)
        differing += structures.export_rows(view, ref_area)["ref_area"].tolist()[1:] != plain
    first, later = measured[0] * 1000, measured[1:]
    numbers = {"p50_ms": median(later) * 1000, "p95_ms": quantile(later, 0.95) * 1000, "first_ms": first,
               "max_ms": max(later) * 1000, "reference_p50_ms": median(reference) * 1000}  # fmt: skip
    words = f"p50 {numbers['p50_ms']:.1f}, p95 {numbers['p95_ms']:.1f}, max {numbers['max_ms']:.1f} ms"
    return [
        Row(f"headline and table of {structures.COUNT}, among {len(lived_in)} IRIS, a new one each time",
            f"{words}; first of all {first:.0f}", f"plain pandas p50 {numbers['reference_p50_ms']:.0f} ms",
            f"p95 <= {GOAL_MS:.0f} ms", numbers["p95_ms"] <= GOAL_MS, numbers),
        Row("  answers that differ from those of plain pandas", str(differing), "", "none", differing == 0),
    ]  # fmt: skip
