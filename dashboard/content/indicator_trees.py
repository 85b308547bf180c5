"""One page for each indicator: its newest figures, map, series, every value, method; and the list of all."""

import re
from functools import lru_cache
from typing import Any

from dashboard.content import common
from dashboard.content.entries import themes, whole_city
from dashboard.content.indicator_charts import charts, maps, slug
from dashboard.content.indicator_rows import figure_of, leading, names_shown, rows_shown, values_table
from dashboard.content.indicator_words import headline, label_of, newest_words, tiles
from dashboard.content.pieces import Headline, Item
from dashboard.content.programme_sheets import programme_link
from dashboard.content.tree import Facts, PageLink, PageLinks, PageTree, Part, Tables
from dashboard.figures import indicators, localised, period_words, sources, units
from dashboard.formats import UNWRITTEN_UNITS, plural, separated
from dashboard.listing import plain
from dashboard.messages import message
from dashboard.view import View
from data.errors import UnknownIndicatorError

INDEX, THEME = "indicateurs", "territory"
# The page of the navigation that each theme has; others stand in the list of all figures.
THEME_PAGES = {
    "housing": ("logement", "page.logement"),
    "green_space": ("espaces-verts", "page.espaces_verts"),
    "geothermal": ("geothermie", "page.geothermie"),
    "mobility": ("mobilite", "page.mobilite"),
    "territory": ("", "page.accueil"),
}
_INPUT = re.compile(r"(\w+)@([^\[]+)\[(.+)\]")
_IRIS = re.compile(r"(\d+) IRIS(, iris_weights\.weight)?")


def indicators_shown(view: View) -> tuple[str, ...]:
    """Return the indicators that have a page: those of which something is said in the commune or its parts."""
    return names_shown(view)


def address(indicator: str) -> str:
    """Return the address of an indicator's page, as the navigation writes addresses."""
    return f"{INDEX}/{slug(indicator)}"


def _input_words(view: View, part: str) -> str:
    """Return one thing a figure is derived from in words."""
    language = view.language
    if found := _INPUT.fullmatch(part):
        name, period, source = found.groups()
        # A figure of the commune says whether its period is stated, or only that of its text.
        dates = [figure_of(view, row).date for row in rows_shown(view, name)
                 if (row.time_period, row.source) == (period, source)]  # fmt: skip
        return message("indicator.derived_input", language, label=label_of(view, name),
                       period=dates[0] if dates else period_words(period, "stated", "", language),
                       source=localised(sources(view.release)[source], "short", language))  # fmt: skip
    if found := _IRIS.fullmatch(part):
        count = int(found[1])
        words = message(f"indicator.derived_iris_{plural(count, 'one', 'other', language)}", language, count=count)
        return f"{words}, {message('indicator.derived_shares', language)}" if found[2] else words
    return message("indicator.derived_stations", language) if part == "stations" else part


def _derived(row: Any) -> list[str]:
    """Return what a figure is derived from, part by part."""
    return row.derived_from.split("; ") if row.derived_from else []


def _unit_words(view: View, definition: Any) -> str:
    language = view.language
    if definition.unit in UNWRITTEN_UNITS:
        return str(getattr(units()[definition.unit], language).other)
    count = definition.decimals
    precision = message("indicator.whole", language)
    if count:
        words = plural(count, "one", "other", language)
        precision = message(f"indicator.decimals_{words}", language, count=count)
    return f"{getattr(units()[definition.unit], language).other}, {precision}"


def _facts(view: View, indicator: str) -> Facts:
    """Return way of reading, method, unit, direction, and what it is derived from."""
    language, definition = view.language, indicators(view.release)[indicator]
    reading, newest = common.reading(view, indicator), leading(view, indicator)[0]
    expression = message("indicator.expression", language, expression=reading.expression) if reading.expression else ""
    said = [
        ("how_to_read", reading.how_to_read, ""),
        ("method", reading.method, expression),
        ("unit", _unit_words(view, definition), ""),
        ("direction", message(f"indicator.direction_{definition.direction}", language), ""),
        ("derived", separated((_input_words(view, part) for part in _derived(newest)), language), ""),
    ]
    items = tuple(Item(message(f"indicator.fact_{name}", language), words, more) for name, words, more in said if words)
    return Facts(message("indicator.facts", language), items)


def _inputs(view: View, indicator: str) -> dict[str, None]:
    """Return the indicators that this one is computed from, and that have a page."""
    parts = [part for row in leading(view, indicator) for part in _derived(row)]
    names = dict.fromkeys(found[1] for part in parts if (found := _INPUT.fullmatch(part)))
    return {name: None for name in names if name in names_shown(view)}


def _related(view: View, indicator: str) -> PageLinks:
    """Return links to the page of the theme, what it is computed from, the operations its figures are of, the lists."""
    language, theme = view.language, indicators(view.release)[indicator].theme
    links = []
    if theme in THEME_PAGES:
        page, key = THEME_PAGES[theme]
        links.append(PageLink(page, message(key, language), message("indicator.related_theme", language)))
    links += [PageLink(address(name), label_of(view, name), message("indicator.related_input", language))
              for name in _inputs(view, indicator)]  # fmt: skip
    named = dict.fromkeys(row.programme for row in rows_shown(view, indicator) if row.programme)
    operations = [link for name in named if (link := programme_link(view, name))]
    links += [PageLink(one.address, one.words, message("indicator.related_programme", language)) for one in operations]
    links.append(PageLink("chiffres", message("page.chiffres", language), message("indicator.related_all", language)))
    links.append(PageLink(INDEX, message("indicator.index_page", language),
                          message("indicator.related_index", language)))  # fmt: skip
    return PageLinks(message("indicator.related", language), tuple(links))


@lru_cache(maxsize=256)
def indicator_tree(view: View, indicator: str) -> PageTree:
    """Return the page of an indicator; it is of the whole city.

    Raises
    ------
    UnknownIndicatorError
        Nothing is said of it in the commune.
    """
    if indicator not in names_shown(view):
        raise UnknownIndicatorError(indicator)
    city = whole_city(view)
    parts: tuple[Part, ...] = (
        *maps(city, indicator),
        *charts(city, indicator),
        Tables((values_table(city, indicator),)),
        _facts(city, indicator),
        _related(city, indicator),
    )
    theme = indicators(view.release)[indicator].theme
    return PageTree(address(indicator), theme, headline(city, indicator), tiles(city, indicator), parts)


@lru_cache(maxsize=8)
def index_tree(view: View) -> PageTree:
    """Return the list of all indicators by theme, each with its newest figure in words and its page."""
    city, known, groups = whole_city(view), indicators(view.release), []
    for theme, title in themes(view.language).items():
        names = [name for name in names_shown(view) if known[name].theme == theme]
        ordered = sorted(names, key=lambda name: plain(label_of(city, name)))
        links = tuple(PageLink(address(name), label_of(city, name), newest_words(city, name)) for name in ordered)
        groups += [PageLinks(title, links)] if links else []
    title = message("indicator.index_title", view.language, count=len(names_shown(view)))
    lead = message("indicator.index_lead", view.language, city=view.city_name)
    return PageTree(INDEX, THEME, Headline(title, lead), (), tuple(groups))
