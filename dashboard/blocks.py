"""The Streamlit-facing blocks of a page: each shows one piece, its HTML made once per view."""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from urllib.parse import parse_qsl

import streamlit as st

from dashboard import announcements, entry, following, fragments
from dashboard.addresses import address_of
from dashboard.content.alternatives import of_map, spoken
from dashboard.content.found import ON_EVERY_PAGE
from dashboard.content.indicator_rows import names_shown
from dashboard.content.pieces import Agenda, Chart, Headline, Panel, Reading, Table, Tile
from dashboard.content.simple.pages import simple_of
from dashboard.figures import indicators, localised
from dashboard.html import render
from dashboard.maps.deck import HEIGHT_PX, HIT_LAYER, CompactDeck, deck
from dashboard.maps.prepare import OPERATIONS, DistrictMap
from dashboard.messages import message
from dashboard.static_site import static_address
from dashboard.takeaway import picture_links as pictures
from dashboard.takeaway.links import links
from dashboard.view import View

INDICATOR = "indicateur"
MAP_KEY = "carte"
# What is chosen on a page that lets a reader choose nothing but the indicator of its map.
NOTHING: Mapping[str, str] = MappingProxyType({})


def opening(view: View, theme: str, headline: Headline, tiles: tuple[Tile, ...] = ()) -> None:
    """Show the sentence a page opens with and its figures in large; simplified where the reader asked for it."""
    if not entry.reads_simply():
        announcements.say(headline.title)
        st.html(fragments.opening(view, theme, headline, tiles))
        return
    text = simple_of(entry.current_address(), view)
    if text is None:
        st.html(fragments.without_simple(view.language) + fragments.opening(view, theme, headline, tiles))
    else:
        announcements.say(text.title)
        st.html(fragments.simple_opening(view, theme, text, tiles))


def choose_indicator(view: View, names: tuple[str, ...]) -> str:
    """Let the reader choose what the map shows; an unknown one in the address falls back and is said.

    Parameters
    ----------
    names : indicators, or first `OPERATIONS`, for how many operations the texts name; one alone is not asked for.
    """
    asked = st.query_params.get(INDICATOR)
    labels = {name: _choice(view, name) for name in names}
    if asked is not None and asked not in labels and asked not in labels.values():
        banner(message("banner.unknown_indicator", view.language, name=asked))
    if len(names) == 1:
        return names[0]
    known = asked in labels and INDICATOR not in st.session_state
    if known:
        st.session_state[INDICATOR] = asked
    chosen = st.selectbox(message("map.choose", view.language), names, format_func=labels.__getitem__, key=INDICATOR)
    wanted = None if chosen == names[0] else chosen
    if st.query_params.get(INDICATOR) != wanted:
        if wanted is None:
            del st.query_params[INDICATOR]
        else:
            st.query_params[INDICATOR] = wanted
    following.note(INDICATOR, chosen)
    return chosen


def _choice(view: View, name: str) -> str:
    if name == OPERATIONS:
        return message("map.operations", view.language)
    return localised(indicators(view.release)[name], "label", view.language)


def banner(words: str) -> None:
    """Show a sentence the reader must not miss, and tell it."""
    announcements.say(words)
    st.html(render("banner.html", words=words))


@lru_cache(maxsize=1024)
def download_links(view: View, export: str) -> fragments.Links:
    """Return the links to the rows behind a figure or table of the view, in every format; none without an export."""
    if not export:
        return ()
    name, _, query = export.partition(".{format}")
    district = {} if view.is_city else {entry.DISTRICT: view.district}
    return links(view, name, {**dict(parse_qsl(query.removeprefix("?"))), **district})


@lru_cache(maxsize=1024)
def _picture_links(view: View, page: str, key: str, parameters: tuple[tuple[str, str], ...]) -> fragments.Links:
    return pictures.links(view, page, key, dict(parameters))


def picture_links(view: View, page: str, key: str, parameters: Mapping[str, str] = NOTHING) -> fragments.Links:
    """Return the links to the picture of a figure, one for each format.

    Parameters
    ----------
    page : address of the page that shows it, as the navigation has it.
    key : what addresses call the figure.
    parameters : what the figure depends on beside the view, as the address of the page has it.
    """
    return _picture_links(view, page, key, tuple(parameters.items()))


@lru_cache(maxsize=256)
def _deck(prepared: DistrictMap) -> CompactDeck:
    return deck(prepared)


def _follow_click() -> None:
    for layer, objects in st.session_state[MAP_KEY].selection.get("objects", {}).items():
        if layer.startswith(HIT_LAYER) and objects:
            entry.choose_district(objects[0]["slug"])


def map_and_panel(
    view: View,
    prepared: DistrictMap,
    panel: Panel,
    source: str,
    kinds: tuple[str, ...],
    chosen: Mapping[str, str] = NOTHING,
    published: str = "",
) -> None:
    """Show a map on the left and what the chosen area says on the right; a click on a district chooses it.

    Parameters
    ----------
    chosen : what is chosen on the page that the map depends on, as addresses have it.
    published : where the static site shows the map, where that is not on the page of the same address.
    """
    left, right = st.columns([3, 2], gap="medium")
    with left:
        announcements.say(prepared.title)
        st.html(fragments.figure_head(prepared.title, prepared.subtitle))
        if len(prepared.frame):
            alternative = spoken(prepared.title, of_map(prepared, view.language), view.language)
            st.pydeck_chart(_deck(prepared), height=HEIGHT_PX, on_select=_follow_click, key=MAP_KEY, alt=alternative)
            page = entry.current_address()
            share = published or static_address(view, page, prepared.name)
            taken = picture_links(view, page, prepared.name, chosen)
            st.html(fragments.map_foot(view, prepared, source, kinds, taken, share))
    right.html(fragments.panel(view, prepared.theme, panel))


def chart(
    view: View,
    theme: str,
    shown: Chart | None,
    is_published: bool = True,
    chosen: Mapping[str, str] = NOTHING,
    published: str = "",
) -> None:
    """Show a chart under its sentence, its source beneath; nothing where there is nothing to chart.

    Parameters
    ----------
    is_published : whether the static page shows it too; what a reader supposes stands on no static page.
    chosen : what is chosen on the page that the chart depends on, as addresses have it.
    published : where the static site shows the chart, where that is not on the page of the same address.
    """
    if shown is None:
        return
    announcements.say(shown.title)
    st.html(fragments.figure_head(shown.title, shown.subtitle))
    st.vega_lite_chart(
        shown.specification, theme=None, key=shown.key, alt=spoken(shown.title, shown.alternative, view.language)
    )
    page = entry.current_address()
    share = (published or static_address(view, page, shown.name)) if is_published else ""
    taken = (*download_links(view, shown.export), *picture_links(view, page, shown.name, chosen))
    st.html(fragments.chart_foot(view, theme, shown, taken, share))


def _sheets(view: View, readings: tuple[Reading, ...]) -> tuple[str, ...]:
    """Return the addresses of the sheets of indicators that are read; empty for one of which nothing is known here."""
    kept = {name: st.query_params[name] for name in ON_EVERY_PAGE if name in st.query_params}
    known = names_shown(view)
    return tuple(
        address_of(INDICATOR, {**kept, INDICATOR: one.indicator}) if one.indicator in known else "" for one in readings
    )


def tables(view: View, shown: tuple[Table, ...], readings: tuple[Reading, ...] = ()) -> None:
    """Show the tables that say what the figures show, then how to read them: one element; empty ones are left out."""
    html = [fragments.table(table, download_links(view, table.export), view.language) for table in shown if table.rows]
    if readings:
        html.append(fragments.readings(readings, view.language, _sheets(view, readings)))
    if html:
        st.html("".join(html))


def agenda(view: View, lists: tuple[Agenda, ...]) -> None:
    """Show lists of dates side by side."""
    st.html(fragments.agenda(lists))
