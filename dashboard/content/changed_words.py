"""What differs between two releases, in words: of what, which part of it, before and after."""

from functools import lru_cache
from typing import Any

import pandas as pd

from dashboard.content.entries import area_words
from dashboard.figures import localised, period_words, sources, units, value_words
from dashboard.formats import number, quantity
from dashboard.messages import has_message, message
from dashboard.view import View
from data.frames import rows_of
from data.release import Release
from data.rules.date_words import one_date
from data.rules.differences import SEPARATOR, by_key, joined, shown
from data.schemas import TABLES

SERIES = frozenset({"observations", "context"})
_PARTS = {
    "value": "obs_value value target_value result amount_eur",
    "upper": "obs_value_max",
    "delivered": "delivered",
    "dwellings": "dwellings_total",
    "dwellings_delivered": "dwellings_delivered",
    "social_share": "dwellings_social_share",
    "area": "area_m2 area_ha",
    "area_delivered": "area_delivered_m2",
    "routes": "cycle_route_km",
    "routes_delivered": "cycle_route_delivered_km",
    "heat": "heat_connections",
    "heat_delivered": "heat_connections_delivered",
    "quantities": "other_quantities",
    "exactness": "qualifier precision obs_status conf_status",
    "date": "time_period time_basis start start_kind end end_kind date as_of base_year deadline edition_date",
    "edition": "edition edition_detail",
    "carrier": "carrier",
    "status": "status state nature kind verdict override_status override_reason stated_status stated_as_of "
              "stated_detail",
    "place": "ref_area commune district longitude latitude label_longitude label_latitude parent listed_for "
             "communes_served district_basis",
    "name": "name short_name label title short aliases text question",
    "source": "source source_detail source_refs document publisher licence boundary_source",
    "outline": "geometry boundary area_share weight",
    "method": "unit aggregation direction expression method definition how_to_read formula minimum maximum "
              "decimals derived_from measured_by district_class_bounds programme_ids target_id figure_ids "
              "budget_figure_id",
    "note": "note settled_by lacking",
}  # fmt: skip
_PART_OF = {column: part for part, columns in _PARTS.items() for column in columns.split()}
_DATES = frozenset({"start", "end", "date", "as_of", "base_year", "deadline", "edition_date"})
_AREAS = frozenset({"ref_area", "commune", "district", "parent", "iris"})
_WORDED = {"status": "status", "state": "status", "nature": "nature", "obs_status": "state", "precision": "precision",
           "stated_status": "commitments.status"}  # fmt: skip
_UNITS = frozenset({"m2", "ha", "km"})
_LEADS = ("value", "date", "target_value", "end", "start", "status", "weight")


def part_words(column: str, language: str) -> str:
    """Return which part of a row a column is, as readers say it."""
    return message(f"changes.part_{_PART_OF.get(column.removesuffix(f'_{language}'), 'detail')}", language)


@lru_cache(maxsize=16)
def _names(release: Release) -> dict[str, str]:
    rows = release.table("programmes")
    return dict(zip(rows["programme_id"], rows["name"], strict=True))


@lru_cache(maxsize=16)
def _commitments(release: Release, language: str) -> dict[str, str]:
    rows = release.table("commitments")
    return dict(zip(rows["commitment_id"], rows[f"label_{language}"], strict=True))


def rows_by_key(release: Release, table: str, keys: list[tuple[str, ...]]) -> dict[tuple[str, ...], Any]:
    """Return the rows of a release that have these keys."""
    frame = by_key(release.table(table), TABLES[table])
    wanted = {joined(key): key for key in keys}
    mine = frame[frame.index.isin(wanted)]
    return {wanted[row.Index]: row for row in rows_of(mine)}


def area_name(view: View, code: str) -> str:
    """Return an area in words; one that this release does not know keeps its code."""
    return area_words(view, code) if code in view.areas.index else code


def subject(view: View, table: str, row: Any, key: tuple[str, ...]) -> tuple[str, str]:
    """Return what a row is about and what qualifies that.

    Parameters
    ----------
    view : a view of the release that the row is of.
    row : a row of the table, as a named tuple.
    """
    language, under = view.language, []
    if table in SERIES:
        definitions = view.release.table("indicators").set_index("indicator")
        header = str(definitions.at[row.indicator, f"label_{language}"])
        under = [area_name(view, row.ref_area), period_words(row.time_period, row.time_basis, row.as_of, language)]
    elif table == "iris_weights":
        header, under = area_name(view, row.iris), [area_name(view, row.district)]
    else:
        named = [localised(row, name, language) for name in ("label", "title") if hasattr(row, f"{name}_{language}")]
        named += [str(getattr(row, name)) for name in ("name", "file") if hasattr(row, name)]
        of_programme = _names(view.release).get(getattr(row, "programme_id", ""), "")
        of_commitment = _commitments(view.release, language).get(getattr(row, "commitment_id", ""), "")
        header = next(filter(None, [*named, of_programme, of_commitment]), SEPARATOR.join(filter(None, key)))
        if getattr(row, "ref_area", "") and table != "territories":
            under.append(area_name(view, row.ref_area))
    edition = sources(view.release).get(getattr(row, "source", ""))
    if edition is not None and table != "sources":
        under.append(localised(edition, "short", language))
    return header, SEPARATOR.join(filter(None, under))


def number_words(value: float, measure: str, language: str) -> str:
    """Return a number with the unit that the name of its measure ends with, if any."""
    decimals = min(len(f"{value:.6g}".partition(".")[2].partition("e")[0]), 6)
    unit = measure.rpartition("_")[2]
    if unit in _UNITS:
        return quantity(value, decimals, unit, getattr(units()[unit], language), language)
    return number(value, decimals, language)


def value_in_words(view: View, table: str, column: str, row: Any) -> str:
    """Return what a cell says, as pages write it; nothing where it says nothing."""
    language, value = view.language, getattr(row, column)
    text = shown(value)
    if table in SERIES and column == "obs_value":
        unit = view.release.table("indicators").set_index("indicator").at[row.indicator, "unit"]
        return value_words(view.release, row, language) if unit in units() else text
    if not text:
        return ""
    if column == "geometry":
        return message("changes.outline", language)
    if isinstance(value, float):
        return number_words(value, getattr(row, "fact", column), language)
    if column in _DATES and text[:4].isdigit() and "/" not in text:
        return one_date(text, language)
    if column in _AREAS:
        return area_name(view, text)
    family = _WORDED.get(column, "")
    key = f"{family}_{text}" if "." in family else f"{family}.{text}"
    if column in _WORDED and has_message(key, language):
        return message(key, language)
    if column == "source" and text in sources(view.release):
        return localised(sources(view.release)[text], "short", language)
    return text


def gist(view: View, table: str, row: Any) -> str:
    """Return what a row that only one release has says first of all."""
    columns = ("obs_value",) if table in SERIES else _LEADS
    found = (value_in_words(view, table, column, row) for column in columns if hasattr(row, column))
    return next(filter(None, found), message("changes.present", view.language))


def themes_of(release: Release, table: str, keys: "pd.Series[Any]") -> list[str]:
    """Return the theme of each row of a table by its key; empty where a table has none."""
    columns = TABLES[table].schema.names
    name = next((name for name in ("theme", "indicator", "programme_id", "commitment_id") if name in columns), "")
    if not name:
        return [""] * len(keys)
    if name == "theme":
        rows = by_key(release.table(table), TABLES[table])["theme"]
        known: dict[Any, str] = dict(zip(rows.index, rows, strict=True))
        return [known.get(joined(key), "") for key in keys]
    other = release.table({"indicator": "indicators", "commitment_id": "commitments"}.get(name, "programmes"))
    of_name = dict(zip(other[name], other["theme"], strict=True))
    place = TABLES[table].key.index(name) if name in TABLES[table].key else None
    return [of_name.get(key[place], "") if place is not None else "" for key in keys]
