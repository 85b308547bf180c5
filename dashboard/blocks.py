"""The Streamlit-facing blocks of a page: each shows one piece, its HTML made once per view."""

from functools import lru_cache
from itertools import pairwise
from urllib.parse import quote, urlencode

import streamlit as st

from dashboard import entry
from dashboard.content.pieces import Agenda, Chart, Headline, Panel, Reading, Table, Tile
from dashboard.figures import indicators, localised
from dashboard.formats import number
from dashboard.html import render
from dashboard.maps.deck import HEIGHT_PX, HIT_LAYER, CompactDeck, deck
from dashboard.maps.prepare import OPERATIONS, DistrictMap, class_colours
from dashboard.messages import message
from dashboard.theme import INKS, mark, tint
from dashboard.view import View
from data.settings import contact_address

INDICATOR = "indicateur"
MAP_KEY = "carte"


def opening(view: View, theme: str, headline: Headline, tiles: tuple[Tile, ...] = ()) -> None:
    """Show the sentence a page opens with and its figures in large."""
    st.html(_opening(view, theme, headline, tiles))


@lru_cache(maxsize=512)
def _opening(view: View, theme: str, headline: Headline, tiles: tuple[Tile, ...]) -> str:
    return render(
        "opening.html", headline=headline, tiles=tiles, mark=mark(theme, view.mode), tint=tint(theme, view.mode)
    )


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
    return chosen


def _choice(view: View, name: str) -> str:
    if name == OPERATIONS:
        return message("map.operations", view.language)
    return localised(indicators(view.release)[name], "label", view.language)


def banner(words: str) -> None:
    """Show a sentence the reader must not miss."""
    st.html(render("banner.html", words=words))


def _links(view: View, export: str) -> list[dict[str, str]]:
    if not export:
        return []
    extra = urlencode({entry.DISTRICT: view.district, "version": view.release.release_id})
    joiner = "&" if "?" in export else "?"
    return [
        {
            "address": f"telecharger/{export.format(format=kind)}{joiner}{extra}",
            "words": message(f"download.{kind}", view.language),
        }
        for kind in ("csv", "parquet")
    ]


def report_address(view: View, key: str) -> str:
    """Return the address a reader reports an error of a figure to, or nothing where none is set."""
    address = contact_address()
    subject = quote(message("report.subject", view.language, figure=key, release=view.release.release_id))
    return f"mailto:{address}?subject={subject}" if address else ""


def _legend(view: View, prepared: DistrictMap) -> list[dict[str, str]]:
    language = view.language
    states = set(prepared.frame["state"])
    if prepared.indicator:
        row = indicators(view.release)[prepared.indicator]
        symbol = "\u202f%" if row.unit == "percent" else ""
        bounds = [number(bound, row.decimals, language, minimum=0) + symbol for bound in prepared.bounds]
        colours = class_colours(prepared.theme, len(bounds) + 1)
        words = [message("map.below", language, bound=bounds[0])] if bounds else [message("map.all", language)]
        words += [message("map.between", language, low=a, high=b) for a, b in pairwise(bounds)]
        words += [message("map.from", language, bound=bounds[-1])] if bounds else []
        entries = [{"colour": c, "words": w, "pattern": ""} for c, w in zip(colours, words, strict=True)]
    else:
        flat, plain = tint(prepared.theme, view.mode), INKS[view.mode]["panel"]
        entries = (
            [{"colour": flat, "words": message("map.delivered", language), "pattern": ""}]
            if "delivered" in states
            else []
        )
        entries += (
            [{"colour": plain, "words": message("map.plan", language), "pattern": "plan"}] if "plan" in states else []
        )
    missing = INKS[view.mode]["missing"]
    for state in ("missing", "suppressed", "not_applicable", "not_named"):
        if state in states:
            entries.append({"colour": missing, "words": message(f"map.{state}", language), "pattern": state})
    if len(prepared.points):
        entries.append({"colour": "transparent", "words": message("map.station", language), "pattern": "station"})
    return entries


@lru_cache(maxsize=512)
def _map_head(prepared: DistrictMap) -> str:
    return render("figure_head.html", title=prepared.title, subtitle=prepared.subtitle)


@lru_cache(maxsize=512)
def _map_foot(view: View, prepared: DistrictMap, source: str, kinds: tuple[str, ...]) -> str:
    words = f"{source} {message(f'boundary.{prepared.boundary}', view.language)}"
    return render(
        "figure_foot.html",
        legend=_legend(view, prepared),
        source=words,
        kinds=kinds,
        links=[],
        report=report_address(view, f"carte {prepared.indicator}"),
        mark=mark(prepared.theme, view.mode),
        language=view.language,
    )


@lru_cache(maxsize=256)
def _deck(prepared: DistrictMap) -> CompactDeck:
    return deck(prepared)


def _follow_click() -> None:
    for layer, objects in st.session_state[MAP_KEY].selection.get("objects", {}).items():
        if layer.startswith(HIT_LAYER) and objects:
            entry.choose_district(objects[0]["slug"])


def map_and_panel(view: View, prepared: DistrictMap, panel: Panel, source: str, kinds: tuple[str, ...]) -> None:
    """Show a map on the left and what the chosen area says on the right; a click on a district chooses it."""
    left, right = st.columns([3, 2], gap="medium")
    with left:
        st.html(_map_head(prepared))
        if len(prepared.frame):
            alternative = f"{prepared.title} {message('alt.see_table', view.language)}"
            st.pydeck_chart(_deck(prepared), height=HEIGHT_PX, on_select=_follow_click, key=MAP_KEY, alt=alternative)
            st.html(_map_foot(view, prepared, source, kinds))
    right.html(_panel(view, prepared.theme, panel))


@lru_cache(maxsize=512)
def _panel(view: View, theme: str, panel: Panel) -> str:
    return render("panel.html", panel=panel, mark=mark(theme, view.mode))


def chart(view: View, theme: str, shown: Chart | None) -> None:
    """Show a chart under its sentence, its source beneath; nothing where there is nothing to chart."""
    if shown is None:
        return
    st.html(_chart_head(shown))
    st.vega_lite_chart(shown.specification, theme=None, key=shown.key, alt=shown.alternative)
    st.html(_chart_foot(view, theme, shown))


@lru_cache(maxsize=512)
def _chart_head(shown: Chart) -> str:
    return render("figure_head.html", title=shown.title, subtitle=shown.subtitle)


@lru_cache(maxsize=512)
def _chart_foot(view: View, theme: str, shown: Chart) -> str:
    return render(
        "figure_foot.html",
        legend=[],
        source=shown.source,
        kinds=shown.kinds,
        links=_links(view, shown.export),
        report=report_address(view, shown.key),
        mark=mark(theme, view.mode),
        language=view.language,
    )


def tables(view: View, shown: tuple[Table, ...], readings: tuple[Reading, ...] = ()) -> None:
    """Show the tables that say what the figures show, then how to read them: one element; empty ones are left out."""
    html = [_table(view, table) for table in shown if table.rows]
    if readings:
        html.append(_readings(view, readings))
    if html:
        st.html("".join(html))


@lru_cache(maxsize=512)
def _table(view: View, table: Table) -> str:
    return render("table.html", table=table, links=_links(view, table.export))


@lru_cache(maxsize=512)
def _readings(view: View, readings: tuple[Reading, ...]) -> str:
    return render("reading.html", readings=readings, language=view.language)


def agenda(view: View, lists: tuple[Agenda, ...]) -> None:
    """Show lists of dates side by side."""
    st.html(_agenda(view, lists))


@lru_cache(maxsize=256)
def _agenda(view: View, lists: tuple[Agenda, ...]) -> str:
    return render("agenda.html", lists=lists)
