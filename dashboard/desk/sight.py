"""What a measure is worth in each area of a level in one period: the frame of every chart, map, table and file."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pandas as pd

from dashboard.desk.measures import areas_of, label_of, level_rows, period_key, periods_of
from dashboard.figures import Figure, indicators, period_words, to_figure
from dashboard.formats import is_missing, separated
from dashboard.messages import message
from dashboard.view import View
from data.frames import rows_of
from data.rules.dates import is_datable
from data.rules.side_by_side import Measured

STATES = {"O": "missing", "M": "not_applicable"}
COLUMNS = ("ref_area", "name", "short_name", "value", "words", "state", "status", "nature", "source", "kind", "note",
           "rows")  # fmt: skip


@dataclass(frozen=True, eq=False)
class Sight:
    """A measure at a level in a period.

    `frame` has one row an area, in alphabetical order: `ref_area`, `name`, `short_name`, `value` (missing where there
    is none, or no single one), `words`, `state` (`value`, `missing`, `suppressed`, `not_applicable`, `several`),
    `status` (SDMX), `nature`, `source` and `kind` (in words), `note`, `rows` (places of the figures in the release).
    """

    measure: Measured
    level: str
    period: str
    label: str
    period_words: str
    frame: pd.DataFrame

    @property
    def valued(self) -> pd.DataFrame:
        """The areas that have one value, the highest first."""
        known = self.frame[self.frame["state"] == "value"]
        return known.sort_values(["value", "name"], ascending=[False, True])

    @property
    def is_observed(self) -> bool:
        """Whether it has come true; what is planned is drawn otherwise."""
        return self.measure.nature == "observed"


def state_of(row: Any) -> str:
    """Return which of the five states a figure is in."""
    if not is_missing(row.obs_value):
        return "value" if is_missing(row.obs_value_max) else "several"
    return "suppressed" if row.conf_status == "C" else STATES.get(row.obs_status, "missing")


def _newest_edition(rows: list[Any]) -> list[Any]:
    """Return of several figures of a period those of the newest edition: several readings of one text stay."""
    last = max(row.source for row in rows)
    return [row for row in rows if row.source == last]


def _line(view: View, area: Any, rows: list[Any]) -> dict[str, Any]:
    said: dict[str, Any] = {"ref_area": area.ref_area, "name": str(area.name), "short_name": str(area.short_name)}
    if not rows:
        words = message("desk.no_figure", view.language)
        return {**said, "value": None, "words": words, "state": "missing", "status": "O", "nature": "", "source": "",
                "kind": "", "note": "", "rows": ()}  # fmt: skip
    newest = _newest_edition(rows)
    figures: list[Figure] = [to_figure(view.release, row, view.language) for row in newest]
    state = state_of(newest[0]) if len(newest) == 1 else "several"
    return {
        **said,
        "value": figures[0].value if state == "value" else None,
        "words": separated(dict.fromkeys(one.text for one in figures), view.language),
        "state": state,
        "status": newest[0].obs_status,
        "nature": newest[0].nature,
        "source": separated(dict.fromkeys(one.source for one in figures), view.language),
        "kind": message(f"kind.{figures[0].kind}", view.language),
        "note": " ".join(dict.fromkeys(one.note for one in figures if one.note)),
        "rows": tuple(row.Index for row in newest),
    }


def words_of_period(view: View, rows: pd.DataFrame, period: str) -> str:
    """Return a period in words: of the first figure that has it."""
    row = next(row for row in rows_of(rows) if period_key(row) == period)
    if is_datable(row.time_basis) and "/" not in period and len(period) == 4:
        return period
    return period_words(row.time_period, row.time_basis, row.as_of, view.language)


@lru_cache(maxsize=1024)
def sight(view: View, measure: Measured, level: str, period: str) -> Sight:
    """Return what a measure is worth in each area of a level in a period.

    Raises
    ------
    UnknownLevelError
        The measure has no figure at that level.
    """
    rows = level_rows(view, measure, level)
    by_area: dict[str, list[Any]] = {}
    for row in rows_of(rows):
        if period_key(row) == period:
            by_area.setdefault(row.ref_area, []).append(row)
    lines = [_line(view, area, by_area.get(area.ref_area, [])) for area in rows_of(areas_of(view, level))]
    frame = pd.DataFrame(lines, columns=list(COLUMNS)).astype({"value": float})
    return Sight(measure, level, period, label_of(view, measure), words_of_period(view, rows, period), frame)


@lru_cache(maxsize=512)
def by_period(view: View, measure: Measured, level: str) -> dict[str, Sight]:
    """Return what a measure is worth in each area, period by period, in the order of time."""
    return {period: sight(view, measure, level, period) for period in periods_of(view, measure, level)}


def decimals_of(view: View, measure: Measured) -> int:
    """Return how many decimals the values of a measure are written with."""
    return int(indicators(view.release)[measure.indicator].decimals)


def theme_of(view: View, measure: Measured) -> str:
    """Return the theme of a measure, whose colours it has."""
    return str(indicators(view.release)[measure.indicator].theme)
