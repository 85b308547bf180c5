"""What changed in the commune since an earlier release, as slides: how much, then what matters most, one by one."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from dashboard.content import wall
from dashboard.content.changed_words import area_name, rows_by_key, subject, value_in_words
from dashboard.content.changes import told
from dashboard.content.common import kind_words
from dashboard.content.entries import whole_city
from dashboard.content.wall import BigNumber, Origin, Slide, fitting
from dashboard.figures import localised, says_unit, sources, to_figure
from dashboard.formats import number, plural
from dashboard.messages import message
from dashboard.view import WHOLE_CITY, View, the_view
from data.frames import rows_of
from data.release import Release
from data.rules.date_words import one_date
from data.rules.differences import REMOVED

CHANGES = "changements"
# Cells that say something new of the city in a word: values of series, states and dates of operations.
_TELLING = (("observations", "obs_value"), ("programmes", "status"), ("phases", "date"), ("milestones", "date"))
# What a row says of whether its figure, state or date has come true, column by column.
_TRUE = {"nature": "observed", "status": "delivered", "state": "happened", "kind": "past"}
_STATE_OF = {"observations": "nature", "programmes": "status", "phases": "state", "milestones": "kind"}
_LONGEST_NUMBER, _MOST_LOOKED_AT = 24, 60


def _heading(old: Release, language: str) -> str:
    if not old.published:
        return message("wall.news_heading_undated", language)
    return message("wall.news_heading", language, date=one_date(old.published, language))


def news_slides(view: View, old: Release | None, at_most: int) -> Iterator[Slide]:
    """Yield how much changed since an earlier release, then at most so many changes; nothing where nothing did.

    An older release that the observatory went back to is no news.
    """
    if old is None or (view.release.published and view.release.published < old.published):
        return
    found = told(view, old)
    if found.empty:
        return
    language, heading = view.language, _heading(old, view.language)
    count = len(found.drop_duplicates(["table", "row"]))
    words = plural(count, "wall.news_count_one", "wall.news_count_other", language)
    unit = plural(count, "wall.news_number_one", "wall.news_number_other", language)
    shown = BigNumber(number(count, 0, language), message(unit, language), "")
    sentence = message(words, language, count=number(count, 0, language), city=view.city_name)
    date = one_date(old.published, language) if old.published else old.release_id[:8]
    origin = Origin(message("wall.news_source", language, date=date), ())
    yield Slide("news", "territory", heading, fitting(sentence), origin, CHANGES, number=shown)
    left = at_most
    for row in rows_of(_telling(view, found)):
        slide = _detail(view, old, row, heading) if left else None
        if slide is not None:
            left -= 1
            yield slide


def _telling(view: View, found: pd.DataFrame) -> pd.DataFrame:
    """Return the changes that say something in a word: those of all of the commune first, then table by table."""
    order, units = {pair: place for place, pair in enumerate(_TELLING)}, frozenset(view.iris.index)
    shown = found[(found["change"] != REMOVED) & found["table"].isin(_STATE_OF)]
    shown = shown[[units.isdisjoint(key) for key in shown["row"]]]
    # A row that only one release has stands as one difference without a column: figures are told by their value.
    columns = shown["column"].where((shown["table"] != "observations") | (shown["column"] != ""), "obs_value")
    places = [order.get(pair, -1) for pair in zip(shown["table"], columns, strict=True)]
    in_part = [view.commune not in key for key in shown["row"]]
    ranked = shown.assign(column=columns, place=places, in_part=in_part)
    return ranked[ranked["place"] >= 0].sort_values(["in_part", "place"], kind="stable").head(_MOST_LOOKED_AT)


def _detail(view: View, old: Release, cell: Any, heading: str) -> Slide | None:
    """Return a change as a slide; none where it is a party's or cannot be said in a few words."""
    language, city = view.language, whole_city(view)
    row = rows_by_key(view.release, cell.table, [cell.row])[cell.row]
    if sources(view.release)[row.source].kind == "party_programme":
        return None
    told_before = rows_by_key(old, cell.table, [cell.row]).get(cell.row)
    said = _series_words if cell.table == "observations" else _cell_words
    number_words, unit, value, before, origin = said(view, old, cell, row, told_before)
    name = subject(city, cell.table, row, cell.row)[0]
    if cell.table == "observations" and row.ref_area != view.commune:
        name = f"{name}, {area_name(city, row.ref_area)}"
    keys = ("wall.news_changed", "wall.news_changed_short") if before else ("wall.news_added", "wall.news_added_short")
    sentence = fitting(*(message(one, language, subject=name, value=value, before=before) for one in keys), name)
    if not sentence or not value or len(number_words) > _LONGEST_NUMBER:
        return None
    words = [message("wall.news_before", language, before=before)] if before else []
    words.append(message(f"changes.reason_{cell.reason}", language))
    state = _STATE_OF[cell.table]
    return Slide("changed" if before else "added", cell.theme or "territory", heading, sentence, origin, CHANGES,
                 open=getattr(row, state) != _TRUE[state],
                 number=BigNumber(wall.capital(number_words), unit, " · ".join(words)))  # fmt: skip


def _series_words(view: View, old: Release, _cell: Any, row: Any, before: Any) -> tuple[str, str, str, str, Origin]:
    """Return a figure: number, unit, words, the number before, and its origin; no unit that its name says already."""
    figure = to_figure(view.release, row, view.language)
    former = None if before is None else to_figure(old, before, view.language)
    is_said = says_unit(figure.label, figure.unit)
    value = figure.number if is_said else figure.text
    was = "" if former is None else former.number
    return figure.number, "" if is_said else figure.unit, value, was, wall.origin_of(view, figure)


def _cell_words(view: View, old: Release, cell: Any, row: Any, before: Any) -> tuple[str, str, str, str, Origin]:
    """Return a state or a date: alone, without unit, in words, what it was before, and its origin."""
    language, source = view.language, sources(view.release)[row.source]
    value = value_in_words(whole_city(view), cell.table, cell.column, row)
    was = "" if before is None else value_in_words(_of(view, old), cell.table, cell.column, before)
    words, status = value, ""
    if cell.table == "phases":
        words = message(f"phase.{row.phase}", language, date=value)
        status = "" if row.state == "happened" else message("event.planned", language)
    elif cell.table == "milestones":
        status = message(f"event.{row.kind}", language)
    marks = (kind_words(source.kind, language),)
    return value, "", words, was, Origin(localised(source, "short", language), marks, status)


def _of(view: View, release: Release) -> View:
    return the_view(release, view.commune, WHOLE_CITY, view.language, "light", view.today)
