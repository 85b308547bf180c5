"""Which IRIS of France are nearest to one of ours by the structure of the census: age, kind and use of dwellings."""

from functools import lru_cache
from typing import Any

import pandas as pd

from dashboard.content.entries import whole_city
from dashboard.content.pieces import Column, Headline, Table
from dashboard.figures import localised, sources
from dashboard.formats import is_missing, number, plural
from dashboard.messages import message
from dashboard.view import View
from data.errors import UnknownIrisError
from data.frames import rows_of
from data.release import Release
from data.rules.structures import SHARES, Structures, nearest, shares_of, structures_of

THEME, EXPORT, IRIS = "territory", "iris-proches", "iris"
COUNT = 10
DISTANCE_DECIMALS, SHARE_DECIMALS = 2, 1
# An IRIS whose code ends so is a commune that is not divided.
_WHOLE = "0000"
_COUNTS = ("population", "dwellings")
_COLUMNS = ("name", "commune", "distance", *SHARES, "population")


@lru_cache(maxsize=2)
def _counts(release: Release) -> pd.DataFrame:
    """Return the counts of all IRIS by code; empty where older code wrote the release."""
    return release.table("iris_structures").set_index("ref_area", drop=False).rename_axis("code")


@lru_cache(maxsize=2)
def _structures(release: Release) -> Structures:
    return structures_of(release.table("iris_structures"))


def _own_counts(release: Release, ref_area: str) -> pd.DataFrame:
    """Return the row of one IRIS.

    Raises
    ------
    UnknownIrisError
        The release has none of that code.
    """
    counts = _counts(release)
    if ref_area not in counts.index:
        raise UnknownIrisError(f"no IRIS {ref_area!r} in release {release.release_id}: choose one of the list")
    return counts.loc[[ref_area]]


@lru_cache(maxsize=256)
def _found(release: Release, ref_area: str, count: int) -> pd.DataFrame:
    """Return an IRIS, then the nearest to it: code, commune, distance, shares and counts, as the release has them.

    One that cannot be compared stands alone, without distance.
    """
    own, structures = _own_counts(release, ref_area), _structures(release)
    first = shares_of(own).reset_index().assign(distance=float("nan"))
    if ref_area in structures.left_out:
        found = first
    else:
        found = pd.concat([first.assign(distance=0.0), nearest(structures, ref_area, count)], ignore_index=True)
    counts = _counts(release).loc[found["ref_area"], ["commune", *_COUNTS, "time_period", "source"]]
    return pd.concat([found, counts.reset_index(drop=True)], axis=1)


def is_available(view: View) -> bool:
    """Tell whether the release holds the counts of all IRIS; one that older code wrote does not."""
    return len(view.release.table("iris_structures")) > 0


def _name(view: View, ref_area: str) -> str:
    """Return the name of an IRIS; of one in a commune that is not held, what its code says."""
    if ref_area in view.areas.index:
        return str(view.areas.at[ref_area, "name"])
    key = "structures.iris_whole" if ref_area.endswith(_WHOLE) else "structures.iris"
    return message(key, view.language, code=ref_area[5:])


def _commune(view: View, code: str) -> str:
    if code in view.areas.index:
        return str(view.areas.at[code, "name"])
    return message("structures.commune", view.language, code=code)


def _label(view: View, row: Any) -> str:
    """Return an IRIS and its commune: `IRIS 0101, commune 13001` where neither has a name."""
    return message(
        "structures.label", view.language, name=_name(view, row.ref_area), commune=_commune(view, row.commune)
    )


@lru_cache(maxsize=16)
def _choices(view: View) -> dict[str, str]:
    known = _counts(view.release).index
    areas = view.areas
    mine = areas[(areas["level"] == "iris") & areas["ref_area"].isin(known)]
    mine = mine.assign(is_other=mine["commune"] != view.commune, of=mine["commune"].map(areas["name"]))
    return {
        row.ref_area: message("structures.choice", view.language, commune=row.of, name=row.name)
        if row.is_other
        else str(row.name)
        for row in rows_of(mine.reset_index(drop=True).sort_values(["is_other", "of", "ref_area"]))
    }


def iris_choices(view: View) -> dict[str, str]:
    """Return the IRIS to choose from by code: those of the commune shown, then those of the others, commune first.

    Nothing where the release has no counts to compare.
    """
    return _choices(whole_city(view))


def _distance(view: View, value: float) -> str:
    if is_missing(value):
        return message("state.M", view.language)
    return number(value, DISTANCE_DECIMALS, view.language)


def _share(view: View, row: Any, name: str) -> str:
    """Return a share in words; of nothing there is none, and one of unknown counts is missing."""
    value = getattr(row, name)
    if not is_missing(value):
        return number(value, SHARE_DECIMALS, view.language)
    return message("state.M" if getattr(row, SHARES[name][1]) == 0 else "state.O", view.language)


def _population(view: View, row: Any) -> str:
    return message("state.O", view.language) if is_missing(row.population) else number(row.population, 0, view.language)


@lru_cache(maxsize=256)
def _lead(view: View, ref_area: str) -> str:
    first, *others = rows_of(_found(view.release, ref_area, COUNT))
    label = _label(view, first)
    if is_missing(first.distance):
        is_empty = any(getattr(first, name) == 0 for name in _COUNTS)
        return message("structures.lead_without" if is_empty else "structures.lead_unknown", view.language, label=label)
    if not others:
        return message("structures.lead_alone", view.language, label=label)
    distance = others[0].distance
    words = plural(round(distance, DISTANCE_DECIMALS), "one", "other", view.language)
    return message(
        "structures.lead",
        view.language,
        label=label,
        compared=number(len(_structures(view.release).shares) - 1, 0, view.language),
        nearest=_label(view, others[0]),
        distance=_distance(view, distance),
        deviations=message(f"structures.deviation_{words}", view.language),
    )


def nearest_headline(view: View, ref_area: str) -> Headline:
    """Return what is compared by its name, and which IRIS is nearest to one of them, or why none is.

    Raises
    ------
    UnknownIrisError
        The release has counts, but no IRIS of that code.
    """
    lead = _lead(whole_city(view), ref_area) if is_available(view) else message("structures.lead_absent", view.language)
    return Headline(message("structures.title", view.language), lead)


def _cells(view: View, row: Any, is_chosen: bool) -> tuple[str, ...]:
    name = _name(view, row.ref_area)
    return (
        message("structures.chosen", view.language, name=name) if is_chosen else name,
        _commune(view, row.commune),
        _distance(view, row.distance),
        *(_share(view, row, share) for share in SHARES),
        _population(view, row),
    )


@lru_cache(maxsize=256)
def _table(view: View, ref_area: str, count: int) -> Table:
    columns = tuple(
        Column(name, message(f"structures.column_{name}", view.language), numeric=name not in {"name", "commune"})
        for name in _COLUMNS
    )
    found = list(rows_of(_found(view.release, ref_area, count))) if is_available(view) else []
    title = message("structures.title", view.language)
    if found:
        values: dict[str, object] = {"label": _label(view, found[0])}
        if others := found[1:]:
            low, high = (_distance(view, row.distance) for row in (others[0], others[-1]))
            values |= {"low": low, "high": high, "count": number(len(others), 0, view.language)}
        title = message("structures.table" if others else "structures.table_alone", view.language, **values)
    return Table(
        title,
        columns,
        tuple(_cells(view, row, row.Index == 0) for row in found),
        f"{EXPORT}.{{format}}?{IRIS}={ref_area}",
        is_open=True,
        note=message("structures.table_note", view.language),
    )


def nearest_table(view: View, ref_area: str, count: int = COUNT) -> Table:
    """Return an IRIS and those nearest to it, with distance, shares and population; rounded, as its note says.

    One that cannot be compared stands alone. Without rows where the release has no counts to compare.

    Raises
    ------
    UnknownIrisError
        The release has counts, but no IRIS of that code.
    """
    return _table(whole_city(view), ref_area, count)


@lru_cache(maxsize=16)
def _note(view: View) -> tuple[str, ...]:
    language = view.language
    if not is_available(view):
        return (message("structures.lead_absent", language),)
    structures = _structures(view.release)
    editions = sorted(map(str, _counts(view.release)["source"].unique()))
    counts = message(
        "structures.note_counts",
        language,
        source=", ".join(localised(sources(view.release)[edition], "short", language) for edition in editions),
        compared=number(len(structures.shares), 0, language),
        left_out=number(len(structures.left_out), 0, language),
    )
    return (
        message("structures.note", language),
        counts,
        message("structures.note_names", language),
        message("structures.note_limits", language),
    )


def nearest_note(view: View) -> tuple[str, ...]:
    """Return what is compared and how, by which source, how many IRIS, how others are named, and what it cannot say."""
    return _note(whole_city(view))


def export_rows(view: View, ref_area: str) -> pd.DataFrame:
    """Return the rows of the table, not rounded, with codes, edition and period.

    Raises
    ------
    UnknownIrisError
        The release has no IRIS of that code.
    """
    found = _found(view.release, ref_area, COUNT)
    names = {
        "name": [_name(view, code) for code in found["ref_area"]],
        "commune_name": [_commune(view, code) for code in found["commune"]],
    }
    columns = ["ref_area", "name", "commune", "commune_name", "distance", *SHARES, *_COUNTS, "time_period", "source"]
    return found.assign(**names)[columns]
