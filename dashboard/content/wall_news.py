"""What changed since an earlier release, as slides: how much, then the changes that matter most, one by one."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from dashboard.content import wall
from dashboard.content.changed_words import rows_by_key, subject, value_in_words
from dashboard.content.changes import told
from dashboard.content.common import kind_words
from dashboard.content.entries import whole_city
from dashboard.content.wall import BigNumber, Origin, Slide, fitting
from dashboard.figures import localised, sources, to_figure
from dashboard.formats import number, plural
from dashboard.messages import message
from dashboard.view import WHOLE_CITY, View, the_view
from data.frames import rows_of
from data.release import Release
from data.rules.date_words import one_date
from data.rules.differences import REMOVED

CHANGES = "changements"
# Cells that say something new of the city in a word: values of series, states and dates of operations.
_TELLING = (("observations", "obs_value"), ("programmes", "status"), ("phases", "date"), ("milestones", "date"),
            ("statements", "date"), ("statements", "value"))  # fmt: skip
_LONGEST_NUMBER = 24


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
    found = told(view.release, old)
    if found.empty:
        return
    language, heading = view.language, _heading(old, view.language)
    count = len(found.drop_duplicates(["table", "row"]))
    words = plural(count, "wall.news_count_one", "wall.news_count_other", language)
    unit = plural(count, "wall.news_number_one", "wall.news_number_other", language)
    shown = BigNumber(number(count, 0, language), message(unit, language), "")
    sentence = message(words, language, count=number(count, 0, language))
    origin = Origin(message("wall.news_source", language), ())
    yield Slide("news", "territory", heading, fitting(sentence), origin, CHANGES, number=shown)
    left = at_most
    for row in rows_of(_telling(view, found)):
        slide = _detail(view, old, row, heading) if left else None
        if slide is not None:
            left -= 1
            yield slide


def _telling(view: View, found: pd.DataFrame) -> pd.DataFrame:
    """Return the changes that say something in a word, those of the commune itself first, in the order of tables."""
    order = {pair: place for place, pair in enumerate(_TELLING)}
    # A row that only one release has stands as one difference without a column.
    places = [
        order.get((row.table, row.column), 0 if row.change != "changed" and row.table == "observations" else -1)
        for row in rows_of(found)
    ]
    of_city = [not any(part == view.commune for part in row.row) for row in rows_of(found)]
    mine = found.assign(place=places, elsewhere=of_city)
    return mine[(mine["place"] >= 0) & (mine["change"] != REMOVED)].sort_values(["elsewhere", "place"], kind="stable")


def _is_of_commune(view: View, row: Any) -> bool:
    """Tell whether a row is about the commune or what lies in it."""
    area = str(getattr(row, "ref_area", "") or getattr(row, "commune", ""))
    if not area:
        known = view.release.table("programmes").set_index("programme_id")["commune"]
        area = str(known.get(getattr(row, "programme_id", ""), ""))
    return area == view.commune or area.startswith(f"{view.commune}-")


def _detail(view: View, old: Release, cell: Any, heading: str) -> Slide | None:
    """Return a change as a slide; none where it is of elsewhere, of a party or cannot be said in a few words."""
    language, city = view.language, whole_city(view)
    row = rows_by_key(view.release, cell.table, [cell.row]).get(cell.row)
    if row is None or not _is_of_commune(view, row):
        return None
    source = sources(view.release).get(getattr(row, "source", ""))
    if source is None or source.kind == "party_programme":
        return None
    told_before = rows_by_key(old, cell.table, [cell.row]).get(cell.row)
    said = _series_words if cell.table == "observations" else _cell_words
    number_words, unit, value, before, origin = said(view, old, cell, row, told_before)
    name = subject(city, cell.table, row, cell.row)[0]
    keys = ("wall.news_changed", "wall.news_changed_short") if before else ("wall.news_added", "wall.news_added_short")
    sentence = fitting(*(message(one, language, subject=name, value=value, before=before) for one in keys), name)
    if not sentence or not value or len(number_words) > _LONGEST_NUMBER:
        return None
    words = [message("wall.news_before", language, before=before)] if before else []
    words.append(message(f"changes.reason_{cell.reason}", language))
    nature = str(getattr(row, "nature", "observed") or "observed")
    return Slide("changed" if before else "added", cell.theme or "territory", heading, sentence, origin, CHANGES,
                 open=nature != "observed",
                 number=BigNumber(wall.capital(number_words), unit, " · ".join(words)))  # fmt: skip


def _series_words(view: View, old: Release, _cell: Any, row: Any, before: Any) -> tuple[str, str, str, str, Origin]:
    """Return a figure: number, unit, words, the number before, and its origin; no unit that its name says already."""
    figure = to_figure(view.release, row, view.language)
    former = None if before is None else to_figure(old, before, view.language)
    says_unit = bool(figure.unit) and figure.label.lower().startswith(figure.unit.lower()[:6])
    value = figure.number if says_unit else figure.text
    was = "" if former is None else former.number
    return figure.number, "" if says_unit else figure.unit, value, was, wall.origin_of(view, figure)


def _cell_words(view: View, old: Release, cell: Any, row: Any, before: Any) -> tuple[str, str, str, str, Origin]:
    """Return a state or a date: in words, without unit, what it was before, and its origin."""
    source = sources(view.release)[row.source]
    value = value_in_words(whole_city(view), cell.table, cell.column, row)
    was = "" if before is None else value_in_words(_of(view, old), cell.table, cell.column, before)
    origin = Origin(localised(source, "short", view.language), (kind_words(source.kind, view.language),))
    return value, "", value, was, origin


def _of(view: View, release: Release) -> View:
    return the_view(release, view.commune, WHOLE_CITY, view.language, "light", view.today)
