"""The Streamlit-facing blocks of the pages one reads: a district's, the list of all figures, the sources."""

from collections.abc import Collection
from functools import lru_cache
from urllib.parse import urlencode

import streamlit as st

from dashboard import entry
from dashboard.blocks import banner, report_address
from dashboard.content.cases import Case
from dashboard.content.finder import District, Place
from dashboard.content.folds import Fold, Listing
from dashboard.content.quarter import Section
from dashboard.content.targets import Card
from dashboard.html import render
from dashboard.listing import SEARCH_LENGTH, Filter
from dashboard.messages import message
from dashboard.theme import mark
from dashboard.view import View
from data.release import Release

Query = tuple[tuple[str, str], ...]
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


def said(words: str) -> None:
    """Say in one line what a search found."""
    if words:
        st.html(render("banner.html", words=words))


def _download_links(
    release: Release, name: str, query: Query, language: str, kinds: tuple[str, ...] = ("csv", "parquet")
) -> list[dict[str, str]]:
    parameters = urlencode([*query, ("version", release.release_id)])
    return [
        {"address": f"telecharger/{name}.{kind}?{parameters}", "words": message(f"download.{kind}", language)}
        for kind in kinds
    ]


def listing(view: View, shown: Listing) -> None:
    """Show a part of a page: heading, then each table as an element of its own, so that unchanged ones are not sent."""
    st.html(_head(view.release, shown, report_address(view, shown.export), view.language))
    for fold in shown.folds:
        st.html(_fold(fold))


@lru_cache(maxsize=256)
def _head(release: Release, shown: Listing, report: str, language: str) -> str:
    kinds = ("xlsx", "csv", "parquet") if shown.form else ("csv", "parquet")
    links = _download_links(release, shown.export, shown.query, language, kinds)
    return render("listing_head.html", listing=shown, links=links, report=report, language=language)


@lru_cache(maxsize=512)
def _fold(fold: Fold) -> str:
    return render("fold.html", fold=fold)


def cases(view: View, theme: str, shown: tuple[Case, ...]) -> None:
    """Show comparisons side by side, each with its quantities as bars."""
    if shown:
        st.html(_cases(view.language, mark(theme, view.mode), shown))


@lru_cache(maxsize=16)
def _cases(language: str, colour: str, shown: tuple[Case, ...]) -> str:
    return render("cases.html", cases=shown, mark=colour, language=language)


def notes(title: str, shown: tuple[str, ...]) -> None:
    """Show rules of reading as a list."""
    st.html(_notes(title, shown))


@lru_cache(maxsize=8)
def _notes(title: str, shown: tuple[str, ...]) -> str:
    return render("notes.html", title=title, notes=shown)


def target_board(view: View, cards: tuple[Card, ...]) -> None:
    """Show what is aimed at, target by target: one element."""
    if cards:
        st.html(_target_board(view, cards))


@lru_cache(maxsize=64)
def _target_board(view: View, cards: tuple[Card, ...]) -> str:
    marks = {card.theme: mark(card.theme, view.mode) for card in cards}
    return render("targets.html", cards=cards, marks=marks, language=view.language)


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
        st.html(_district_list(view.language, districts))


@lru_cache(maxsize=32)
def _district_list(language: str, districts: tuple[District, ...]) -> str:
    title = message("quarter.list_title", language, count=len(districts))
    return render("districts.html", title=title, districts=districts, parameter=entry.DISTRICT)


def quarter(view: View, sections: tuple[Section, ...], kinds: tuple[str, ...], names: tuple[str, ...]) -> None:
    """Show what exists in a district, what is announced and what is not said: one element, made for paper too."""
    st.html(_quarter(view, sections, kinds, names))


@lru_cache(maxsize=64)
def _quarter(view: View, sections: tuple[Section, ...], kinds: tuple[str, ...], names: tuple[str, ...]) -> str:
    query = ((entry.DISTRICT, view.district),)
    downloads = [
        {
            "words": message(f"quarter.download_{name}", view.language),
            "links": _download_links(view.release, name, query, view.language),
        }
        for name in names
    ]
    return render(
        "quarter.html",
        sections=sections,
        kinds=kinds,
        downloads=downloads,
        language=view.language,
        report=report_address(view, f"quartier {view.district}"),
    )
