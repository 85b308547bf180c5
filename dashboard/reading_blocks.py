"""The Streamlit-facing blocks of the pages one reads: a district's, the list of all figures, the sources."""

from collections.abc import Collection
from urllib.parse import urlencode

import streamlit as st

from dashboard import entry, fragments
from dashboard.blocks import banner
from dashboard.content import numbers
from dashboard.content.cases import Case
from dashboard.content.finder import District, Place
from dashboard.content.folds import Listing
from dashboard.content.quarter import Section
from dashboard.content.targets import Card
from dashboard.html import render
from dashboard.listing import SEARCH_LENGTH, Filter
from dashboard.messages import message
from dashboard.takeaway import links as takeaway
from dashboard.theme import mark
from dashboard.view import View

SEARCH, THEME, YEAR, PLACE = "recherche", "theme", "annee", "lieu"


def _take_from_address(name: str, known: Collection[str] | None) -> str:
    """Follow a parameter of the address once; return one that is not known."""
    asked = st.query_params.get(name)
    if asked is None or name in st.session_state:
        return ""
    if known is not None and asked not in known:
        return asked
    st.session_state[name] = asked[:SEARCH_LENGTH]
    return ""


def _keep_in_address(name: str, value: str) -> None:
    """Keep a choice in the address; the default needs no parameter."""
    if not value:
        if name in st.query_params:
            del st.query_params[name]
    elif st.query_params.get(name) != value:
        st.query_params[name] = value


def choose_filter(view: View, themes: dict[str, str], years: dict[str, str]) -> Filter:
    """Let the reader narrow the list down; what the address asks for and does not exist is said."""
    language = view.language
    for name, known, key in ((THEME, themes, "unknown_theme"), (YEAR, years, "unknown_period"), (SEARCH, None, "")):
        if unknown := _take_from_address(name, known):
            banner(message(f"banner.{key}", language, name=unknown))
    columns = st.columns([2, 1, 1])
    search = columns[0].text_input(message("figures.search", language), key=SEARCH, max_chars=SEARCH_LENGTH)
    theme, year = (
        columns[place].selectbox(message(key, language), list(known), format_func=known.__getitem__, key=name)
        for place, key, known, name in ((1, "figures.theme", themes, THEME), (2, "figures.period", years, YEAR))
    )
    for name, value in ((SEARCH, search.strip()), (THEME, theme), (YEAR, year)):
        _keep_in_address(name, value)
    return Filter(search.strip(), theme, year)


def take_all(view: View, chosen: Filter) -> None:
    """Offer everything that the list holds, as it is narrowed down, in one file; nothing where it holds nothing."""
    if not numbers.listings(view, chosen):
        return
    asked = {SEARCH: chosen.search, THEME: chosen.theme, YEAR: chosen.year}
    found = takeaway.links(view, numbers.EVERYTHING, {name: value for name, value in asked.items() if value})
    st.html(fragments.links_line(message("figures.take_all", view.language), found))


def _district_address() -> str:
    """Return what the address of a district begins with: language, way of reading and release stay as they are."""
    names = (entry.LANGUAGE, entry.READING, entry.VERSION)
    kept = {name: st.query_params[name] for name in names if name in st.query_params}
    return f"?{urlencode({**kept, entry.DISTRICT: ''})}"


def said(words: str) -> None:
    """Say in one line what a search found."""
    if words:
        st.html(render("banner.html", words=words))


def listing(view: View, shown: Listing) -> None:
    """Show a part of a page: heading, then each table as an element of its own, so that unchanged ones are not sent."""
    links: tuple[fragments.Link, ...] = ()
    report = ""
    if shown.export:
        links = takeaway.links(view, shown.export, dict(shown.query), shown.form)
        report = fragments.report_address(view, shown.export)
    st.html(fragments.listing_head(shown, links, report, view.language))
    for fold in shown.folds:
        st.html(fragments.fold(fold, view.language))


def cases(view: View, theme: str, shown: tuple[Case, ...]) -> None:
    """Show comparisons side by side, each with its quantities as bars."""
    if shown:
        st.html(fragments.cases(shown, mark(theme, view.mode), view.language))


def notes(title: str, shown: tuple[str, ...]) -> None:
    """Show rules of reading as a list."""
    st.html(fragments.notes(title, shown))


def target_board(view: View, cards: tuple[Card, ...], title: str = "") -> None:
    """Show what is aimed at or was promised, one card each, under a heading or none: one element."""
    if cards:
        st.html(fragments.target_board(view, cards, title))


def _go_to_district(places: dict[str, Place]) -> None:
    chosen = places.get(st.session_state[PLACE])
    if chosen and chosen.slug:
        entry.move_to_district(chosen.slug)


def choose_place(view: View, places: dict[str, Place]) -> None:
    """Let the reader find a street, a station or a place; one whose district is known moves the page to it."""
    if not places:
        return
    chosen = places.get(st.session_state.get(PLACE) or "")
    if chosen and chosen.slug not in {"", view.district}:
        st.session_state[PLACE] = None  # the district was changed since: the place says nothing of this one
    found = st.selectbox(
        message("quarter.choose", view.language),
        list(places),
        index=None,
        key=PLACE,
        on_change=_go_to_district,
        args=(places,),
        format_func=lambda name: places[name].label,
        placeholder=message("quarter.choose_help", view.language),
    )
    if found:
        st.html(render("banner.html", words=places[found].words))


def district_list(view: View, districts: tuple[District, ...]) -> None:
    """Show the districts a reader can go to, if any is known."""
    if districts:
        st.html(fragments.district_list(districts, _district_address(), "", view.language))


def quarter(view: View, sections: tuple[Section, ...], kinds: tuple[str, ...], names: tuple[str, ...]) -> None:
    """Show what exists in a district, what is announced and what is not said: one element, made for paper too."""
    st.html(fragments.quarter(view, sections, kinds, quarter_downloads(view, names)))


def quarter_downloads(view: View, names: tuple[str, ...]) -> tuple[fragments.Download, ...]:
    """Return the downloads of a district's page."""
    query = {entry.DISTRICT: view.district}
    return tuple(
        fragments.Download(message(f"quarter.download_{name}", view.language), takeaway.links(view, name, query))
        for name in names
    )
