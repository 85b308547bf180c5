"""What a release says of one indicator in a commune: its rows, those that lead, and each as a line of a table."""

from collections.abc import Callable, Hashable, Iterable
from datetime import date
from functools import lru_cache
from typing import Any

import pandas as pd

from dashboard.content.common import kind_words
from dashboard.content.entries import area_words, whole_city
from dashboard.content.pieces import Column, Table
from dashboard.figures import Figure, localised, sources, to_figure
from dashboard.formats import is_missing
from dashboard.messages import message
from dashboard.view import View
from dashboard.works import GLYPHS
from data.errors import UnknownIndicatorError
from data.frames import rows_of
from data.rules.dates import period_end

EXPORT = "indicateur"
# From the whole to its parts; statistical units only where the commune has no districts.
LEVELS = ("commune", "district", "iris", "network", "operation")
# Longer tables stay folded: they would push the rest of a page out of sight.
LONGEST_OPEN = 24
_COLUMNS = ("area", "period", "value", "nature", "state", "source")


@lru_cache(maxsize=8)
def areas_of(view: View) -> pd.DataFrame:
    """Return the commune, its parts at every level, and the networks that serve it, by `ref_area`."""
    areas = view.areas
    served = areas["communes_served"].map(lambda codes: view.commune in codes.split())
    mine = areas[(areas["commune"] == view.commune) | served]
    return mine[mine["level"].isin(LEVELS)]


@lru_cache(maxsize=8)
def _by_indicator(view: View) -> dict[str, tuple[Any, ...]]:
    """Return the observations of the commune and its parts, from the whole to the parts, by indicator."""
    mine = areas_of(view)
    mine = mine if view.districts.empty else mine[mine["level"] != "iris"]
    rows = view.release.table("observations")
    rows = rows[rows["ref_area"].isin(mine["ref_area"])]
    placed = rows.assign(
        place=rows["ref_area"].map(mine["level"]).map(LEVELS.index), name=rows["ref_area"].map(mine["name"])
    )
    ordered = placed.sort_values(["place", "name", "source", "time_period", "reading"], kind="stable")
    return _grouped(rows_of(ordered), lambda row: str(row.indicator))


def _grouped(rows: Iterable[Any], key_of: Callable[[Any], Hashable]) -> dict[Any, tuple[Any, ...]]:
    """Return rows by what they share, in their order."""
    found: dict[Hashable, list[Any]] = {}
    for row in rows:
        found.setdefault(key_of(row), []).append(row)
    return {key: tuple(mine) for key, mine in found.items()}


def rows_shown(view: View, indicator: str) -> tuple[Any, ...]:
    """Return the observations that the page of an indicator shows: it is the same whatever the district."""
    return _by_indicator(whole_city(view)).get(indicator, ())


def export_rows(view: View, indicator: str) -> pd.DataFrame:
    """Return the same rows as they are in the release.

    Raises
    ------
    UnknownIndicatorError
        Nothing is said of the indicator in the commune.
    """
    rows = rows_shown(view, indicator)
    if not rows:
        raise UnknownIndicatorError(indicator)
    return view.release.table("observations").loc[[row.Index for row in rows]]


@lru_cache(maxsize=8)
def names_shown(view: View) -> tuple[str, ...]:
    """Return the indicators of which anything is said in the commune or its parts, in the order of the catalogue."""
    found = _by_indicator(whole_city(view))
    return tuple(str(name) for name in view.release.table("indicators")["indicator"] if name in found)


def dataset_of(view: View, row: Any) -> str:
    """Return the data set that a figure comes from."""
    return str(sources(view.release)[row.source].dataset)


def is_party(view: View, row: Any) -> bool:
    """Tell whether a figure is a party's: proposed, or said by its programme."""
    return bool(row.nature == "proposed") or sources(view.release)[row.source].kind == "party_programme"


def _end(row: Any) -> date:
    return period_end(row.time_period)


def is_known(row: Any) -> bool:
    """Tell whether a figure has a value."""
    return not is_missing(row.obs_value)


def newest(view: View, rows: Iterable[Any]) -> list[Any]:
    """Return the newest figures of each area, data set and nature, several where a text has several readings.

    One that has a value comes before a newer one that has none.
    """
    found: list[Any] = []
    for mine in _grouped(rows, lambda row: (row.ref_area, dataset_of(view, row), row.nature)).values():
        known = [row for row in mine if is_known(row)] or mine
        last = [row for row in known if _end(row) == max(map(_end, known))]
        found += [row for row in last if row.source == max(one.source for one in last)]
    return sorted(found, key=_end, reverse=True)


def unknown_since(rows: Iterable[Any]) -> list[Any]:
    """Return the rows without a value that are newer than any with one, area by area and source by source."""
    found: list[Any] = []
    for mine in _grouped(rows, lambda row: (row.ref_area, row.source, row.nature)).values():
        known = [_end(row) for row in mine if is_known(row)]
        found += [row for row in mine if known and not is_known(row) and _end(row) > max(known)]
    return found


@lru_cache(maxsize=512)
def leading(view: View, indicator: str) -> tuple[Any, ...]:
    """Return the figures a page opens with: of the area looked at, else of the whole commune, else of its parts.

    A party's only where there is no other.
    """
    rows = rows_shown(view, indicator)
    others = [row for row in rows if not is_party(view, row)] or rows
    of_area, of_commune = ([row for row in others if row.ref_area == area] for area in (view.ref_area, view.commune))
    return tuple(newest(view, of_area or of_commune or others))


@lru_cache(maxsize=4096)
def figure_of(view: View, row: Any) -> Figure:
    """Return a row as a figure."""
    return to_figure(view.release, row, view.language)


def value_said(view: View, row: Any) -> str:
    """Return a value in words, and in brackets what it is where it is not a plain observed one."""
    language, figure = view.language, figure_of(view, row)
    marks = [message(f"nature.{row.nature}", language)] if row.nature != "observed" else []
    if figure.value is not None and row.obs_status != "A":
        marks.append(message(f"state.{row.obs_status}", language))
    return f"{figure.text} ({', '.join(marks)})" if marks else figure.text


def reading_words(view: View, row: Any) -> str:
    """Return which reading of an ambiguous text a figure follows; nothing where there is but one."""
    if not row.reading:
        return ""
    known = view.release.table("readings")
    mine = known[(known["programme_id"] == row.programme) & (known["choice"] == row.reading)]
    label = localised(next(rows_of(mine)), "label", view.language) if len(mine) else row.reading
    return message("indicator.reading", view.language, label=label)


def _cells(view: View, row: Any) -> tuple[str, ...]:
    language, figure = view.language, figure_of(view, row)
    nature = message(f"nature.{row.nature}", language)
    kind = kind_words(figure.kind, language)
    return (
        area_words(view, row.ref_area),
        figure.date,
        figure.text,
        f"{GLYPHS['proposed']} {nature}" if row.nature == "proposed" else nature,
        message(f"state.{row.obs_status}", language),
        f"{figure.source} · {kind}",
    )


@lru_cache(maxsize=256)
def values_table(view: View, indicator: str) -> Table:
    """Return every value of an indicator in the commune and its parts, each with its source and remarks."""
    language = view.language
    rows = rows_shown(view, indicator)
    notes = tuple(" ".join(filter(None, (reading_words(view, row), figure_of(view, row).note))) for row in rows)
    columns = tuple(Column(name, message(f"table.{name}", language)) for name in _COLUMNS)
    title = message("indicator.table_one" if len(rows) == 1 else "indicator.table", language, count=len(rows))
    return Table(
        title,
        columns,
        tuple(_cells(view, row) for row in rows),
        f"{EXPORT}.{{format}}?indicateur={indicator}",
        is_open=len(rows) <= LONGEST_OPEN,
        notes=notes if any(notes) else (),
        shape="values",
    )
