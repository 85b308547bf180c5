"""What a search found, in words: how much, grouped by kind; and what can be searched while nothing is asked for."""

from dataclasses import dataclass
from functools import lru_cache

from dashboard.addresses import address_of
from dashboard.content.findable import NUMBERS, SEARCH, Query
from dashboard.content.pieces import Headline, Tile
from dashboard.formats import number, plural
from dashboard.fragments import Link
from dashboard.messages import message
from dashboard.navigation import PAGES
from dashboard.search import Hit, answer, cleaned, counts
from dashboard.search_index import words_of
from dashboard.static_site import static_address
from dashboard.view import View

THEME = "territory"
# How many hits of a kind are seen at once, and how many more open under them: a list that is longer helps nobody.
FEW, MOST = 6, 24
# A link opens its page anew: it carries what the address of a reader says of every page.
ON_EVERY_PAGE = ("langue", "quartier", "lecture", "version")

Links = tuple[tuple[Link, str], ...]


@dataclass(frozen=True)
class Group:
    """Hits of one kind: their links with a remark each, those that open under some words, and what is left out."""

    title: str
    links: Links
    more_words: str = ""
    more: Links = ()
    note: str = ""


def _counted(key: str, count: int, language: str, **values: str) -> str:
    form = plural(count, "one", "other", language)
    return message(f"search.{key}_{form}", language, count=number(count, 0, language), **values)


@lru_cache(maxsize=64)
def headline(view: View, text: str) -> Headline:
    """Return how much was found and for which words; honest words where nothing was."""
    language, asked = view.language, cleaned(text)
    if not asked:
        return Headline(message("search.title_empty", language), message("search.lead_empty", language))
    if not words_of(asked):
        return Headline(message("search.no_letters", language, asked=asked), message("search.lead_empty", language))
    found = answer(view, asked)
    if found.hits and not found.spelling:
        return Headline(_counted("found", len(found.hits), language, asked=asked), "")
    lead = message("search.none_lead", language)
    if found.spelling:
        lead = _counted("near", len(found.hits), language, spelling=found.spelling)
    return Headline(message("search.none", language, asked=asked), lead)


@lru_cache(maxsize=16)
def tiles(view: View, text: str) -> tuple[Tile, ...]:
    """Return how many things of each kind can be found, while nothing is asked for."""
    if words_of(cleaned(text)):
        return ()
    language = view.language
    return tuple(
        Tile(number(count, 0, language), "", message(f"search_kind.{kind}", language), "",
             message(f"search_example.{kind}", language))
        for kind, count in counts(view).items()
    )  # fmt: skip


def address(view: View, hit: Hit, kept: Query = ()) -> str:
    """Return the address a hit leads to, beside the pages: a page with what it is to show, or an operation's own.

    Parameters
    ----------
    kept : parameters of the address a reader is at that hold on every page; those of the hit go before.
    """
    if hit.page in {entry.address for entry in PAGES}:
        return address_of(hit.page, {**dict(kept), **dict(hit.query)})
    return static_address(view, hit.page)


def _links(view: View, hits: list[Hit], kept: Query) -> Links:
    return tuple((Link(address(view, hit, kept), hit.label), hit.detail) for hit in hits)


def _group(view: View, kind: str, hits: list[Hit], kept: Query) -> Group:
    language, count = view.language, number(len(hits), 0, view.language)
    title = message("search.group", language, kind=message(f"search_kind.{kind}", language), count=count)
    shown, more = hits[:FEW], hits[FEW : FEW + MOST]
    words = _counted("more", len(more), language) if more else ""
    is_cut = len(hits) > FEW + MOST
    note = message("search.cut", language, shown=FEW + MOST, count=count) if is_cut else ""
    return Group(title, _links(view, shown, kept), words, _links(view, more, kept), note)


def _values(view: View, asked: str, kept: Query) -> Group:
    """Return the way to the values themselves, which are listed and searched on a page of their own."""
    language = view.language
    link = Link(
        address_of(NUMBERS, {**dict(kept), SEARCH: asked}), message("search.values_link", language, asked=asked)
    )
    return Group(message("search.values", language), ((link, message("search.values_detail", language)),))


@lru_cache(maxsize=64)
def groups(view: View, text: str, kept: Query = ()) -> tuple[Group, ...]:
    """Return what was found by kind, the kind of the best hit first, then the way to single values; see `address`."""
    asked = cleaned(text)
    if not words_of(asked):
        return ()
    found = answer(view, asked)
    kinds = dict.fromkeys(hit.kind for hit in found.hits)
    by_kind = {kind: [hit for hit in found.hits if hit.kind == kind] for kind in kinds}
    told = (_group(view, kind, hits, kept) for kind, hits in by_kind.items())
    return (*told, _values(view, found.spelling or asked, kept))
