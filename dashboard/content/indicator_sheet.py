"""The sheet of an indicator: what it is, how it is computed, what it covers, what it comes from, what became of it."""

from collections.abc import Iterator
from functools import lru_cache

from dashboard.content import (
    common,
    indicator_caveats,
    indicator_coverage,
    indicator_formula,
    indicator_revisions,
    indicator_sources,
    indicator_words,
)
from dashboard.content.entries import area_words, themes, whole_city
from dashboard.content.indicator_charts import charts, maps
from dashboard.content.indicator_facts import facts
from dashboard.content.indicator_revisions import History
from dashboard.content.indicator_rows import leading, names_shown, rows_shown, value_said, values_table
from dashboard.content.indicator_words import label_of, source_and_date
from dashboard.content.pieces import Headline, Item, Panel, Tile
from dashboard.content.tree import Listings, Part, Tables
from dashboard.figures import indicators
from dashboard.listing import plain
from dashboard.maps.prepare import DistrictMap
from dashboard.messages import message
from dashboard.view import View, city_view

# What a reader who asks for no indicator sees, where it is known: one with a formula, a map and doubts to tell.
USUAL = "vacancy_rate_percent"


@lru_cache(maxsize=16)
def _choices(view: View) -> dict[str, str]:
    known, titles = indicators(view.release), themes(view.language)
    order, names = list(titles), names_shown(view)
    ordered = sorted(names, key=lambda name: (order.index(known[name].theme), plain(label_of(view, name))))
    return {
        name: message("indicator_sheet.choice", view.language, theme=titles[known[name].theme],
                      label=label_of(view, name))
        for name in ordered
    }  # fmt: skip


def choices(view: View) -> dict[str, str]:
    """Return the indicators that have a sheet, theme by theme and in alphabetical order: label by name."""
    return _choices(whole_city(view))


def usual(view: View) -> str:
    """Return the indicator to show where none is asked for."""
    return USUAL if USUAL in choices(view) else next(iter(choices(view)))


def theme_of(view: View, indicator: str) -> str:
    """Return the theme of an indicator."""
    return str(indicators(view.release)[indicator].theme)


def _has_figure_here(view: View, indicator: str) -> bool:
    return any(row.ref_area == view.ref_area for row in rows_shown(view, indicator))


@lru_cache(maxsize=256)
def headline(view: View, indicator: str) -> Headline:
    """Return the newest figures of the area looked at, else of the city, in a sentence; then the definition."""
    found = indicator_words.headline(view, indicator)
    if view.is_city or _has_figure_here(view, indicator):
        return found
    elsewhere = message("indicator_sheet.not_here", view.language, area=view.area_name)
    return Headline(found.title, f"{elsewhere} {found.lead}")


def tiles(view: View, indicator: str) -> tuple[Tile, ...]:
    """Return the newest figures in large."""
    return indicator_words.tiles(view, indicator)


def panel(view: View, indicator: str, prepared: DistrictMap) -> Panel:
    """Return what stands beside the map: the newest figures of the area looked at and of the city, and its rank."""
    city = city_view(view)
    rows = dict.fromkeys((*leading(view, indicator), *leading(city, indicator)))
    items = tuple(
        Item(area_words(view, row.ref_area), value_said(view, row), source_and_date(view, row)) for row in rows
    )
    return Panel(view.area_name, items, common.strip(view, prepared))


def _parts(view: View, indicator: str, history: History | None) -> Iterator[Part]:
    yield from maps(view, indicator)
    yield from charts(view, indicator)
    yield Tables((values_table(view, indicator),))
    yield facts(view, indicator)
    yield from indicator_formula.parts(view, indicator)
    yield from indicator_coverage.parts(view, indicator)
    yield Listings((indicator_sources.listing(view, indicator),))
    yield from indicator_caveats.parts(view, indicator)
    if history is not None:
        yield Listings(indicator_revisions.listings(view, indicator, history))


@lru_cache(maxsize=64)
def parts(view: View, indicator: str, history: History | None) -> tuple[Part, ...]:
    """Return what a sheet shows below its opening, in order.

    Parameters
    ----------
    history : what changed between the publications that are kept; None where the sheet does not say it.
    """
    return tuple(_parts(view, indicator, history))
