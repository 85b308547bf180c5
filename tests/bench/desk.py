"""The desk: maps of many areas in chosen classes, beside the six districts; the whole of the figures in one archive."""

import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from statistics import median

import pandas as pd
import shapely
from altair.utils.schemapi import debug_mode

from dashboard.desk import classing, explore
from dashboard.desk.requests import query_of
from dashboard.desk.sight import Sight
from dashboard.maps.areas import area_map
from dashboard.maps.deck import deck
from dashboard.maps.prepare import DistrictMap
from dashboard.maps.twin import twin
from dashboard.messages import LANGUAGES
from dashboard.view import WHOLE_CITY, View, the_view
from data.release import current_id, open_release
from data.settings import default_commune
from tests.bench.report import Row

GOAL_IRIS_MS, GOAL_COMMUNES_MS, GOAL_MB = 500.0, 2000.0, 5.0
IRIS, COMMUNES, CORNERS, TIMES = 106, 1300, 60, 5
_INDICATOR = "vacancy_rate_percent"


def _many(view: View, count: int) -> tuple[Sight, pd.DataFrame]:
    """Return values and round shapes for many areas: those of a region are not at hand."""
    step, codes = 0.02, [f"{place:05d}" for place in range(count)]
    shapes = [
        shapely.to_wkb(shapely.Point(2 + step * (place % 40), 48 + step * (place // 40)).buffer(step / 2, CORNERS // 4))
        for place in range(count)
    ]
    areas = pd.DataFrame({"ref_area": codes, "name": codes, "boundary": "official", "commune": codes,
                          "geometry": shapes})  # fmt: skip
    seen = explore.seen_of(view, query_of(view, {"indicateur": _INDICATOR}))
    values = [float(place % 97) for place in range(count)]
    frame = pd.DataFrame({"ref_area": codes, "name": codes, "short_name": codes, "value": values, "words": codes,
                          "state": "value", "status": "A", "nature": "observed", "source": "", "kind": "", "note": "",
                          "rows": [()] * count})  # fmt: skip
    return Sight(seen.measure, "commune", seen.period, seen.label, seen.period_words, frame), areas


def _timed(make: Callable[[], object]) -> float:
    started = time.perf_counter()
    make()
    return (time.perf_counter() - started) * 1000


def _drawn(view: View, count: int, method: str) -> tuple[float, float, float]:
    """Return the median ms to class, prepare and draw a deck, to draw its twin, and the size of the deck in MB."""
    seen, areas = _many(view, count)
    made: list[DistrictMap] = []

    def prepare() -> None:
        bounds = classing.bounds(seen.frame["value"], method, classing.USUAL, 1)
        made.append(area_map(view, seen, areas, bounds, "housing", ("", "")))
        deck(made[-1]).to_json()

    drawn = median(_timed(prepare) for _ in range(TIMES))
    with debug_mode(False):
        still = median(_timed(lambda: twin(made[-1]).to_dict(validate=False)) for _ in range(TIMES))
    return drawn, still, len(deck(made[-1]).to_json()) / 1e6


def maps_of_many(releases: Path) -> list[Row]:
    """Draw maps of as many areas as the IRIS of the communes held, and as the communes of a region."""
    release = open_release(releases, current_id(releases))
    view = the_view(release, default_commune(), WHOLE_CITY, LANGUAGES[0], "light", date.today())
    reference = _drawn(view, len(view.districts), classing.QUANTILES)
    rows = []
    for count, goal in ((IRIS, GOAL_IRIS_MS), (COMMUNES, GOAL_COMMUNES_MS)):
        for method in (classing.QUANTILES, classing.NATURAL):
            drawn, still, size = _drawn(view, count, method)
            numbers = {"deck_ms": drawn, "twin_ms": still, "megabytes": size, "reference_ms": reference[0]}
            rows.append(
                Row(f"map of {count} areas of {CORNERS} corners, {method}",
                    f"deck {drawn:.0f} ms, twin {still:.0f} ms, {size:.2f} MB",
                    f"{len(view.districts)} areas {reference[0]:.0f} and {reference[1]:.0f} ms",
                    f"<= {goal:.0f} ms, <= {GOAL_MB:.0f} MB", drawn <= goal and size <= GOAL_MB, numbers)
            )  # fmt: skip
    return rows
