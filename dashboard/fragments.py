"""The HTML of each piece of content, without Streamlit: pages, the static publication and embeds show the same.

Each is made once for what it depends on. Links to downloads are given, since where they lead depends on who shows them.
"""

from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple
from urllib.parse import quote

import pandas as pd

from dashboard.addresses import address_of
from dashboard.content.cases import Case
from dashboard.content.finder import District
from dashboard.content.folds import Fold, Listing
from dashboard.content.pieces import Agenda, Chart, Headline, Item, Panel, Reading, Table, Tile
from dashboard.content.quarter import Section
from dashboard.content.simple.words import Simple
from dashboard.content.targets import Card
from dashboard.figures import indicators
from dashboard.formats import number, percent_sign
from dashboard.html import render
from dashboard.maps.prepare import DistrictMap, class_colours
from dashboard.messages import LANGUAGES, message
from dashboard.theme import INKS, mark, tint
from dashboard.view import View
from data.settings import contact_address


class Link(NamedTuple):
    """Where a link leads and what it says."""

    address: str
    words: str


class Download(NamedTuple):
    """Rows that can be taken away, in words, and a link for each format."""

    words: str
    links: tuple[Link, ...]


Links = tuple[Link, ...]


def report_address(view: View, key: str) -> str:
    """Return the address a reader reports an error of a figure to, or nothing where none is set."""
    address = contact_address()
    subject = quote(message("report.subject", view.language, figure=key, release=view.release.release_id))
    return f"mailto:{address}?subject={subject}" if address else ""


@lru_cache(maxsize=512)
def opening(view: View, theme: str, headline: Headline, tiles: tuple[Tile, ...]) -> str:
    """Return the sentence a page opens with and its figures in large."""
    return render(
        "opening.html", headline=headline, tiles=tiles, mark=mark(theme, view.mode), tint=tint(theme, view.mode)
    )


@lru_cache(maxsize=512)
def simple_opening(view: View, theme: str, simple: Simple, tiles: tuple[Tile, ...] = ()) -> str:
    """Return what a page opens with in its simplified version, and its figures in large."""
    return render("simple.html", simple=simple, tiles=tiles, mark=mark(theme, view.mode), tint=tint(theme, view.mode))


@lru_cache
def without_simple(language: str) -> str:
    """Return that a page has no simplified version."""
    return render("banner.html", words=message("simple.none_here", language))


@lru_cache(maxsize=512)
def figure_head(title: str, subtitle: str) -> str:
    """Return the sentence above a figure, and what it measures."""
    return render("figure_head.html", title=title, subtitle=subtitle)


def legend(view: View, prepared: DistrictMap) -> list[dict[str, str]]:
    """Return the entries of a map's legend: colour, words and pattern."""
    language = view.language
    states = set(prepared.frame["state"])
    if prepared.indicator:
        row = indicators(view.release)[prepared.indicator]
        symbol = percent_sign(language) if row.unit == "percent" else ""
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
def map_foot(
    view: View, prepared: DistrictMap, source: str, kinds: tuple[str, ...], links: Links = (), share: str = ""
) -> str:
    """Return legend, source and kind of outlines beneath a map; `share` is the address it can be shared from."""
    words = f"{source} {message(f'boundary.{prepared.boundary}', view.language)}"
    return render(
        "figure_foot.html",
        legend=legend(view, prepared),
        source=words,
        kinds=kinds,
        links=links,
        report=report_address(view, f"carte {prepared.indicator}"),
        share=share,
        mark=mark(prepared.theme, view.mode),
        language=view.language,
    )


@lru_cache(maxsize=512)
def panel(view: View, theme: str, shown: Panel) -> str:
    """Return what the area looked at says."""
    return render("panel.html", panel=shown, mark=mark(theme, view.mode))


@lru_cache(maxsize=512)
def chart_foot(view: View, theme: str, shown: Chart, links: Links = (), share: str = "") -> str:
    """Return source and links beneath a chart; `share` is the address it can be shared from."""
    return render(
        "figure_foot.html",
        legend=[],
        source=shown.source,
        kinds=shown.kinds,
        links=links,
        report=report_address(view, shown.key),
        share=share,
        mark=mark(theme, view.mode),
        language=view.language,
    )


@lru_cache(maxsize=1024)
def table(shown: Table, links: Links = (), language: str = LANGUAGES[0]) -> str:
    """Return a table, folded under its title."""
    return render("table.html", table=shown, links=links, language=language)


@lru_cache(maxsize=512)
def readings(shown: tuple[Reading, ...], language: str, pages: tuple[str, ...] = ()) -> str:
    """Return how indicators are defined and read; `pages` are the addresses of their own pages, empty for none."""
    return render("reading.html", readings=shown, language=language, pages=pages)


@lru_cache(maxsize=256)
def agenda(lists: tuple[Agenda, ...]) -> str:
    """Return lists of dates side by side."""
    return render("agenda.html", lists=lists)


@lru_cache(maxsize=256)
def listing_head(shown: Listing, links: Links, report: str, language: str) -> str:
    """Return the heading of a part of a page that lists tables."""
    return render("listing_head.html", listing=shown, links=links, report=report, language=language)


@lru_cache(maxsize=512)
def fold(shown: Fold, language: str = LANGUAGES[0]) -> str:
    """Return one folded table of a listing."""
    return render("fold.html", fold=shown, language=language)


@lru_cache(maxsize=16)
def cases(shown: tuple[Case, ...], colour: str, language: str) -> str:
    """Return comparisons side by side, each with its quantities as bars."""
    return render("cases.html", cases=shown, mark=colour, language=language)


@lru_cache(maxsize=256)
def links_line(words: str, links: Links) -> str:
    """Return links in a line of their own, after the words that say what they lead to."""
    return render("links.html", words=words, links=links)


@lru_cache(maxsize=256)
def panel_head(title: str) -> str:
    """Return the title of one of several figures that stand under one sentence."""
    return render("panel_head.html", title=title)


@lru_cache(maxsize=64)
def refusal(reason: str, instead: str, page: str, language: str) -> str:
    """Return why a comparison is refused, and the way to the honest alternative."""
    address = address_of(page, {} if language == LANGUAGES[0] else {"langue": language})
    return render("refusal.html", reason=reason, instead=instead, address=address, language=language)


@lru_cache(maxsize=64)
def with_all_states(maps: tuple[DistrictMap, ...]) -> DistrictMap:
    """Return a map whose legend is that of several: they share their classes, each may have other states."""
    return replace(maps[0], frame=pd.concat([one.frame for one in maps], ignore_index=True))


@lru_cache(maxsize=8)
def notes(title: str, shown: tuple[str, ...]) -> str:
    """Return rules of reading as a list."""
    return render("notes.html", title=title, notes=shown)


@lru_cache(maxsize=256)
def facts(title: str, items: tuple[Item, ...]) -> str:
    """Return what is said of one thing, point by point."""
    return render("facts.html", title=title, facts=items)


@lru_cache(maxsize=256)
def page_links(title: str, links: tuple[tuple[Link, str], ...]) -> str:
    """Return links to other pages under a heading, each with a remark or none."""
    return render("page_links.html", title=title, links=links)


@lru_cache(maxsize=64)
def target_board(view: View, cards: tuple[Card, ...], title: str = "") -> str:
    """Return what is aimed at or was promised, one card each, under a heading or none."""
    marks = {card.theme: mark(card.theme, view.mode) for card in cards}
    return render("targets.html", cards=cards, marks=marks, title=title, language=view.language)


@lru_cache(maxsize=32)
def district_list(districts: tuple[District, ...], before: str, after: str, language: str) -> str:
    """Return the districts a reader can go to; their addresses are `before`, the slug, `after`."""
    title = message("quarter.list_title", language, count=len(districts))
    return render("districts.html", title=title, districts=districts, before=before, after=after)


@lru_cache(maxsize=64)
def quarter(view: View, sections: tuple[Section, ...], kinds: tuple[str, ...], downloads: tuple[Download, ...]) -> str:
    """Return what exists in a district, what is announced and what is not said: made for paper too."""
    return render(
        "quarter.html",
        sections=sections,
        kinds=kinds,
        downloads=downloads,
        language=view.language,
        report=report_address(view, f"quartier {view.district}"),
    )
