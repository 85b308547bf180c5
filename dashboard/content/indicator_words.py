"""What the page of an indicator opens with, computed: the newest figures with date and area, what is missing."""

from functools import lru_cache
from typing import Any

from dashboard.content import common
from dashboard.content.entries import area_words
from dashboard.content.indicator_rows import (
    dataset_of,
    figure_of,
    is_party,
    leading,
    rows_shown,
    unknown_since,
    value_said,
)
from dashboard.content.pieces import Headline, Tile
from dashboard.figures import indicators, localised, sources
from dashboard.formats import separated
from dashboard.messages import message
from dashboard.view import View

MOST_TILES = 4
_FEW = 2


def label_of(view: View, indicator: str) -> str:
    """Return what an indicator is called."""
    return localised(indicators(view.release)[indicator], "label", view.language)


def _area(view: View, row: Any) -> str:
    return view.city_name if row.ref_area == view.commune else area_words(view, row.ref_area)


def source_and_date(view: View, row: Any) -> str:
    """Return edition and date in words, the date once where the edition names it already."""
    source, date = localised(sources(view.release)[row.source], "short", view.language), figure_of(view, row).date
    return source if source.endswith(f" {date}") else f"{source}, {date}"


def _one(view: View, label: str, row: Any) -> str:
    key = "indicator.title_party" if is_party(view, row) else "indicator.title"
    return message(key, view.language, label=label, area=_area(view, row), date=figure_of(view, row).date,
                   value=value_said(view, row))  # fmt: skip


def _several(view: View, label: str, rows: tuple[Any, ...]) -> str:
    """Return figures of one area, source by source, or of a few areas, area by area."""
    language = view.language
    areas = list(dict.fromkeys(row.ref_area for row in rows))
    if len(areas) == 1:
        said = [message("indicator.point", language, name=source_and_date(view, row), value=value_said(view, row))
                for row in rows]  # fmt: skip
        return message("indicator.title_sources", language, label=label, area=_area(view, rows[0]),
                       figures=separated(said, language))  # fmt: skip
    if len(rows) > _FEW:
        return message("indicator.title_areas", language, label=label, count=len(rows), areas=len(areas))
    said = [message("indicator.point", language, name=f"{_area(view, row)}, {figure_of(view, row).date}",
                    value=value_said(view, row)) for row in rows]  # fmt: skip
    return message("indicator.title_few", language, label=label, figures=separated(said, language))


def _remarks(view: View, indicator: str, rows: tuple[Any, ...]) -> list[str]:
    """Return what must be known of the figures: not observed, read in two ways, told by several, missing since."""
    language, said = view.language, []
    natures = dict.fromkeys(row.nature for row in rows if row.nature != "observed")
    said += [message(f"indicator.is_{nature}", language) for nature in natures]
    if any(row.reading for row in rows):
        said.append(message("indicator.readings", language))
    if len({dataset_of(view, row) for row in rows if row.ref_area == view.commune}) > 1:
        said.append(message("indicator.sources", language))
    lone = [figure_of(view, row) for row in rows if figure_of(view, row).value is None]
    said += [figure.note for figure in lone[:1] if figure.note]
    for row in unknown_since(rows_shown(view, indicator)):
        if row.ref_area in {leader.ref_area for leader in rows}:
            missing = figure_of(view, row)
            words = message("indicator.unknown", language, date=missing.date, value=missing.text)
            said.append(f"{words} {missing.note}".strip())
    return said


@lru_cache(maxsize=256)
def headline(view: View, indicator: str) -> Headline:
    """Return the newest figures of an indicator in a sentence, its definition, and what must be known of them."""
    rows, label = leading(view, indicator), label_of(view, indicator)
    title = _one(view, label, rows[0]) if len(rows) == 1 else _several(view, label, rows)
    definition = localised(indicators(view.release)[indicator], "definition", view.language)
    return Headline(title, " ".join([definition, *_remarks(view, indicator, rows)]))


def tiles(view: View, indicator: str) -> tuple[Tile, ...]:
    """Return the newest figures by source and area, in large; none where they are many or a party's."""
    rows = leading(view, indicator)
    if len(rows) > MOST_TILES or any(is_party(view, row) for row in rows):
        return ()
    found = []
    for row in rows:
        figure = figure_of(view, row)
        label = f"{figure.label}, {_area(view, row)}"
        found.append(common.tile(view, figure, label, missing=f"{figure.text} · {figure.source}"))
    return tuple(found)


def newest_words(view: View, indicator: str) -> str:
    """Return the newest figures in a few words, as lists say them: the first, and how many more there are."""
    language, rows = view.language, leading(view, indicator)
    first = message("indicator.listed_party" if is_party(view, rows[0]) else "indicator.listed", language,
                    value=value_said(view, rows[0]), area=_area(view, rows[0]),
                    source=source_and_date(view, rows[0]))  # fmt: skip
    if len(rows) == 1:
        return first
    key = "indicator.listed_more_one" if len(rows) == 2 else "indicator.listed_more"
    return f"{first} {message(key, language, count=len(rows) - 1)}"
