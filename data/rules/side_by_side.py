"""Figures of several areas side by side: ranks, index to a year, change, means over the same years, quotients."""

from collections.abc import Iterable, Mapping
from itertools import combinations
from typing import NamedTuple

import numpy as np
import pandas as pd

from data.comparison_models import Incomparable

PLANNED_KINDS = "natures"
OBSERVED = "observed"
# SDMX: a value that begins a new series.
BREAK = "B"


class Measured(NamedTuple):
    """What is measured: an indicator, the data set that gives it, whether it is observed, planned, …"""

    indicator: str
    dataset: str
    nature: str


class Refusal(NamedTuple):
    """Two measures that must not stand side by side, and the rule that says so."""

    first: Measured
    second: Measured
    rule: str


def ranks(values: "pd.Series[float]") -> pd.Series:
    """Return the place of each value, the highest first; equal values share the better place, missing ones have none.

    Returns
    -------
    Whole numbers (`Int64`), missing where a value is missing: 1, 2, 2, 4.
    """
    return values.rank(method="min", ascending=False).astype("Int64")


def tied(values: "pd.Series[float]") -> "pd.Series[bool]":
    """Tell which values another one equals; missing ones are tied with nothing."""
    return values.notna() & values.duplicated(keep=False)


def index_to(table: pd.DataFrame, base: str) -> pd.DataFrame:
    """Return yearly values as an index: 100 in the base period.

    Parameters
    ----------
    table : one row an area, one column a period.

    Returns
    -------
    The same shape; an area whose base is missing or zero has no index at all.
    """
    first = table[base].where(table[base] != 0)
    return 100 * table.div(first, axis=0)


def change(table: pd.DataFrame, first: str, last: str) -> pd.DataFrame:
    """Return how far each area has moved from one period to another.

    Returns
    -------
    One row an area: `level` (value of the last period), `change` (in the unit), `change_percent` (missing where the
    first value is zero or missing).
    """
    moved = table[last] - table[first]
    return pd.DataFrame(
        {
            "level": table[last],
            "change": moved,
            "change_percent": 100 * moved / table[first].where(table[first] != 0),
        }
    )


def common_periods(table: pd.DataFrame) -> list[str]:
    """Return the periods in which every area has a value, in their order."""
    return [str(period) for period in table.columns if table[period].notna().all()]


def since_break(statuses: pd.DataFrame) -> list[str]:
    """Return the periods whose values can be set against each other: from the last break in any series on.

    Parameters
    ----------
    statuses : the SDMX status of values, one row an area, one column a period in the order of time; `B` says that a
        value does not compare with those before it.
    """
    broken = [place for place, period in enumerate(statuses.columns) if (statuses[period] == BREAK).any()]
    return [str(period) for period in statuses.columns[broken[-1] if broken else 0 :]]


def unbroken(statuses: pd.DataFrame, first: str, last: str) -> "pd.Series[bool]":
    """Tell which areas have no break in their series after the first of two periods, up to the last."""
    return ~(statuses.loc[:, first:last].iloc[:, 1:] == BREAK).any(axis=1)


def quotients(values: pd.DataFrame, divisors: pd.DataFrame, factor: float, is_same_period: bool) -> pd.DataFrame:
    """Divide figures by those of the same areas.

    Parameters
    ----------
    values, divisors : one row an area, one column a period (both in the order of time).
    factor : what the quotient is of: 1000 for a thousand inhabitants.
    is_same_period : whether a figure is divided by that of its own period, else by the newest of its area.

    Returns
    -------
    Shape of `values`; missing where either is missing, or where one would divide by zero.
    """
    if is_same_period:
        aligned = divisors.reindex(index=values.index, columns=values.columns)
    else:
        newest = divisors.reindex(values.index).ffill(axis=1).iloc[:, -1] if divisors.shape[1] else np.nan
        aligned = pd.DataFrame(dict.fromkeys(values.columns, newest), index=values.index)
    aligned = aligned.astype(float)
    return factor * values / aligned.where(aligned != 0)


def refusals(measures: Iterable[Measured], incomparable: Mapping[str, Incomparable]) -> list[Refusal]:
    """Return the pairs that must not stand side by side: look-alikes of the catalogue, and what is not yet observed."""
    found = []
    for first, second in combinations(measures, 2):
        if first.nature != second.nature:
            found.append(Refusal(first, second, PLANNED_KINDS))
            continue
        for name, entry in incomparable.items():
            places = [next((group for group, members in entry.groups.items() if one.indicator in members), "")
                      for one in (first, second)]  # fmt: skip
            if all(places) and places[0] != places[1]:
                found.append(Refusal(first, second, name))
    return found
