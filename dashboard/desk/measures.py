"""What can be looked at: measures (an indicator, who gives it, observed or planned), their levels and periods."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import pandas as pd

from dashboard.content.entries import themes
from dashboard.figures import indicators, localised, sources
from dashboard.listing import plain
from dashboard.messages import message
from dashboard.view import View
from data.errors import ObservatoryError, UnknownIndicatorError
from data.frames import rows_of
from data.release import Release
from data.rules.dates import is_datable, period_end
from data.rules.side_by_side import Measured

# From the whole to its parts. The statistical units are those of the commune looked at, or of all communes held.
LEVELS = ("territory", "commune", "district", "iris", "iris_all", "network", "operation")
ALL_IRIS = "iris_all"
_UNDATED = "~"
# What readers want to know of an area before all else.
_ABOUT_AREAS = "population"


class UnknownMeasureError(UnknownIndicatorError):
    """Raised when an address names a measure that the release does not have."""


class UnknownLevelError(ObservatoryError):
    """Raised when an address names a level of areas at which a measure has no figure."""


class UnknownPeriodError(ObservatoryError):
    """Raised when an address names a period of which a measure has no figure."""


@lru_cache(maxsize=8)
def _all(release: Release) -> dict[Measured, pd.DataFrame]:
    """Return the observations of a release by measure, in the order of time; a newer edition comes later."""
    rows = release.table("observations")
    datasets = rows["source"].map({name: str(row.dataset) for name, row in sources(release).items()})
    ordered = rows.assign(dataset=datasets).sort_values(["time_period", "source", "reading"], kind="stable")
    grouped = ordered.groupby(["indicator", "dataset", "nature"], sort=False)
    return {Measured(*map(str, key)): mine for key, mine in grouped}


def observations_of(view: View, measure: Measured) -> pd.DataFrame:
    """Return every observation of a measure in the communes held, as in the release and with its `dataset`."""
    return _all(view.release)[measure]


@lru_cache(maxsize=8)
def _keys(release: Release) -> dict[str, Measured]:
    """Return the measures by what addresses call them: the indicator, and what tells it from others of that name."""
    found, known = {}, list(_all(release))
    for one in known:
        same = [other for other in known if other.indicator == one.indicator]
        name = one.indicator
        if len({other.dataset for other in same}) > 1:
            name += f"@{one.dataset}"
        if len({other.nature for other in same}) > 1:
            name += f"~{one.nature}"
        found[name] = one
    return found


def measure_of(view: View, key: str) -> Measured:
    """Return the measure that an address names; an indicator alone means the one of its figures that are most.

    Raises
    ------
    UnknownMeasureError
        The release has none of that name.
    """
    known = _keys(view.release)
    if key in known:
        return known[key]
    same = [one for one in known.values() if one.indicator == key]
    if not same:
        raise UnknownMeasureError(f"{key!r} is no measure of release {view.release.release_id}")
    return max(same, key=lambda one: (one.nature == "observed", len(observations_of(view, one)), one.dataset))


def key_of(view: View, measure: Measured) -> str:
    """Return what addresses call a measure."""
    return next(key for key, one in _keys(view.release).items() if one == measure)


@lru_cache(maxsize=1024)
def label_of(view: View, measure: Measured) -> str:
    """Return what a measure is called: the indicator, its source where several give it, and what is not observed."""
    language = view.language
    label = localised(indicators(view.release)[measure.indicator], "label", language)
    same = [one for one in _keys(view.release).values() if one.indicator == measure.indicator]
    marks = []
    if len({one.dataset for one in same}) > 1:
        newest = str(observations_of(view, measure)["source"].iloc[-1])
        marks.append(localised(sources(view.release)[newest], "short", language))
    if measure.nature != "observed":
        marks.append(message(f"nature.{measure.nature}", language))
    return f"{label} ({', '.join(marks)})" if marks else label


@lru_cache(maxsize=16)
def choices(view: View) -> dict[str, str]:
    """Return the measures a reader can choose, theme by theme and in alphabetical order: label by key."""
    known, names, order = indicators(view.release), themes(view.language), list(themes(view.language))
    labels = {key: label_of(view, one) for key, one in _keys(view.release).items() if levels_of(view, one)}
    theme = {key: str(known[_keys(view.release)[key].indicator].theme) for key in labels}
    ordered = sorted(labels, key=lambda key: (order.index(theme[key]), plain(labels[key])))
    return {key: f"{names[theme[key]]} · {labels[key]}" for key in ordered}


@lru_cache(maxsize=64)
def areas_of(view: View, level: str) -> pd.DataFrame:
    """Return the areas of a level, in alphabetical order; statistical units and operations are of the commune."""
    areas = view.areas
    mine = areas[areas["level"] == ("iris" if level == ALL_IRIS else level)]
    if level in {"district", "iris", "operation"}:
        mine = mine[mine["commune"] == view.commune]
    return mine.reset_index(drop=True).sort_values(["name", "ref_area"], ignore_index=True)


@lru_cache(maxsize=1024)
def levels_of(view: View, measure: Measured) -> tuple[str, ...]:
    """Return the levels at which a measure has any figure."""
    said = set(observations_of(view, measure)["ref_area"])
    found = [level for level in LEVELS if said & set(areas_of(view, level)["ref_area"])]
    if "iris" in found and len(areas_of(view, ALL_IRIS)) == len(areas_of(view, "iris")):
        found.remove(ALL_IRIS)
    return tuple(found)


@lru_cache(maxsize=4)
def _first_of(view: View) -> dict[str, tuple[str, str]]:
    """Return for each area the first measure that has a value of it, and the level it stands in."""
    found: dict[str, tuple[str, str]] = {}
    for key in sorted(choices(view), key=lambda key: not key.startswith(_ABOUT_AREAS)):
        measure = measure_of(view, key)
        for level in levels_of(view, measure):
            rows = level_rows(view, measure, level)
            for code in rows.loc[rows["obs_value"].notna(), "ref_area"].unique():
                found.setdefault(str(code), (key, level))
    return found


def first_of(view: View, ref_area: str) -> tuple[str, str] | None:
    """Return what to show of an area first, as addresses name it, and its level; None where nothing is known of it."""
    return _first_of(view).get(ref_area)


@lru_cache(maxsize=1024)
def level_rows(view: View, measure: Measured, level: str) -> pd.DataFrame:
    """Return the observations of a measure at a level.

    Raises
    ------
    UnknownLevelError
        It has none there.
    """
    if level not in levels_of(view, measure):
        raise UnknownLevelError(f"{key_of(view, measure)} has no figure of level {level!r}")
    rows = observations_of(view, measure)
    return rows[rows["ref_area"].isin(areas_of(view, level)["ref_area"])]


def period_key(row: Any) -> str:
    """Return what addresses call the period of a figure: a date that the text does not state is marked as such."""
    return str(row.time_period) if is_datable(row.time_basis) else f"{_UNDATED}{row.as_of[:4]}"


def has_date(period: str) -> bool:
    """Tell whether a period is one that the sources state."""
    return not period.startswith(_UNDATED)


@lru_cache(maxsize=1024)
def periods_of(view: View, measure: Measured, level: str) -> tuple[str, ...]:
    """Return the periods of which a measure has any figure at a level, in the order of time, undated ones last."""
    rows = level_rows(view, measure, level)
    found = dict.fromkeys(map(period_key, rows_of(rows)))
    return tuple(sorted(found, key=lambda one: (not has_date(one), period_end(one) if has_date(one) else one, one)))


@lru_cache(maxsize=1024)
def usual_period(view: View, measure: Measured, level: str) -> str:
    """Return the period that is shown unless another is chosen: the newest of those that most areas have a value of."""
    rows = level_rows(view, measure, level)
    known = rows[rows["obs_value"].notna()]
    counts = known.groupby([period_key(row) for row in rows_of(known)])["ref_area"].nunique()
    periods = periods_of(view, measure, level)
    most = int(counts.max()) if len(counts) else 0
    return next((one for one in reversed(periods) if most and counts.get(one, 0) == most), periods[-1])


def usual_level(view: View, levels: Iterable[str]) -> str:
    """Return the level that is shown unless another is chosen: districts where there are any, else the first."""
    found = tuple(levels)
    return next((one for one in ("district", "commune", "network") if one in found), found[0])
