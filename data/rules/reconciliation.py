"""Every figure that two sources give, the same period or the nearest, side by side."""

import math
import re
from collections.abc import Collection, Sequence
from itertools import combinations, product
from typing import Any

import pandas as pd

from data.frames import rows_of
from data.rules.comparisons import Comparison, Side
from data.rules.dates import period_end, period_start

_SUMMED = re.compile(r"(?P<count>\d+) IRIS")
_CARRIED = ("indicator", "ref_area", "time_period", "time_basis", "as_of", "qualifier", "nature", "obs_status",
            "source", "source_detail", "dataset", "note_fr", "note_en")  # fmt: skip


def _optional(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


def side_of(row: Any) -> Side:
    """Return a row of `comparable` as a side."""
    summed = _SUMMED.match(row.derived_from)
    return Side(
        value=_optional(row.obs_value),
        value_max=_optional(row.obs_value_max),
        numbers=int(summed["count"]) if summed else 1,
        **{name: getattr(row, name) for name in _CARRIED},
    )


def comparable(observations: pd.DataFrame, sources: pd.DataFrame) -> pd.DataFrame:
    """Return the observed values that may be held against others, each with its `dataset` and its `origin`.

    Origins are what can differ: a data set, whose newest edition counts, or a document of its own. Alternative
    readings of one text are no second source.

    Parameters
    ----------
    observations, sources : tables of a release.
    """
    editions = sources.set_index("source")
    rows = observations[
        (observations["nature"] == "observed") & (observations["reading"] == "") & observations["obs_value"].notna()
    ]
    rows = rows.assign(
        dataset=rows["source"].map(editions["dataset"]), edition_date=rows["source"].map(editions["edition_date"])
    )
    is_document = rows["source"].map(editions["document"]) != ""
    rows["origin"] = rows["dataset"].where(~is_document, rows["source"])
    key = ["ref_area", "indicator", "origin", "time_period"]
    return rows.sort_values([*key, "edition_date"], kind="stable").drop_duplicates(key, keep="last")


def days_between(one: str, other: str) -> int:
    """Return the days between two periods, 0 where they overlap."""
    gaps = (period_start(other) - period_end(one), period_start(one) - period_end(other))
    return max(0, *(gap.days for gap in gaps))


def nearest(rows: Sequence[Any], period: str) -> Any:
    """Return the row whose period is nearest to one, the newest of those equally near; None where there is no row."""
    return min(rows, key=lambda row: (days_between(row.time_period, period), -_newness(row)), default=None)


def _newness(row: Any) -> int:
    return period_end(row.time_period).toordinal()


def _pairs(left: pd.DataFrame, right: pd.DataFrame) -> list[tuple[Any, Any]]:
    """Return the rows of the same period, or, where no period is common, the two that are nearest in time."""
    every = list(product(rows_of(left), rows_of(right)))
    same = [(one, other) for one, other in every if one.time_period == other.time_period]
    closest = min(every, key=lambda pair: (days_between(pair[0].time_period, pair[1].time_period), -_newness(pair[0])))
    return same or [closest]


def pairs_of_sources(
    observations: pd.DataFrame, sources: pd.DataFrame, ref_areas: Collection[str], rounded: Collection[str] = ()
) -> list[Comparison]:
    """Return every figure of the areas that two sources give; the newer one of a pair is its `total`.

    Parameters
    ----------
    observations, sources : tables of a release.
    rounded : data sets whose numbers are rounded to whole numbers.
    """
    rows = comparable(observations, sources)
    rows = rows[rows["ref_area"].isin(list(ref_areas))]
    several = rows.groupby(["ref_area", "indicator"])["origin"].transform("nunique") > 1
    found = []
    for (_, indicator), mine in rows[several].groupby(["ref_area", "indicator"]):
        origins = {str(origin): rows for origin, rows in mine.groupby("origin")}
        for one, other in combinations(sorted(origins), 2):
            for pair in _pairs(origins[one], origins[other]):
                newer, older = sorted(pair, key=_newness, reverse=True)
                found.append(
                    Comparison("sources", str(indicator), side_of(newer), (side_of(older),), rounded=tuple(rounded))
                )
    return found
