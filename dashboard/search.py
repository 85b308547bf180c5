"""Searching everywhere: indicators, areas, programmes, commitments, targets, sources, places, pages; both languages."""

from dataclasses import dataclass
from functools import lru_cache

from dashboard.content.entries import whole_city
from dashboard.content.findable import KINDS, Query, Thing, things
from dashboard.listing import SEARCH_LENGTH
from dashboard.messages import message
from dashboard.search_index import OTHER_LANGUAGE, SENTENCE, Index, Part, Places, index_of, spelt, words_of
from dashboard.view import View

MOST = 60
# How well a thing answers, the best first; what only another spelling finds comes by itself.
EXACT, BEGINNING, IN_NAME, IN_SENTENCE = range(4)
# Words that say nothing of what is looked for; they count where nothing else is asked for.
_EMPTY = frozenset({
    "a", "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les", "un", "une",
    "an", "and", "for", "in", "of", "the", "to",
})  # fmt: skip


@dataclass(frozen=True)
class Hit:
    """Something found: its kind, its name in the reader's language, a remark, its page, and what that is to show.

    `page` is an address of the navigation, or that of an operation's own page; `query` the parameters of the address.
    """

    kind: str
    label: str
    detail: str
    page: str
    query: Query


@dataclass(frozen=True)
class Answer:
    """All that a search found, the best first; `spelling` is what it found it for where nothing is spelt as asked."""

    hits: tuple[Hit, ...] = ()
    spelling: str = ""


@dataclass(frozen=True, eq=False)
class _Searched:
    """What can be found, its names as one word each with the language they are in, and the words of it all."""

    found: tuple[Thing, ...]
    names: tuple[tuple[Part, ...], ...]
    index: Index


def _names(thing: Thing) -> tuple[Part, ...]:
    return ((thing.label, 0), (thing.other, OTHER_LANGUAGE), *((alias, 0) for alias in thing.aliases))


@lru_cache(maxsize=8)
def _searched(view: View) -> _Searched:
    found = things(view)
    names = tuple(tuple((spelt(name), place) for name, place in _names(thing) if name) for thing in found)
    sentences = (((thing.text, SENTENCE), (thing.other_text, SENTENCE | OTHER_LANGUAGE)) for thing in found)
    parts = ((*_names(thing), *said) for thing, said in zip(found, sentences, strict=True))
    return _Searched(found, names, index_of(parts))


def counts(view: View) -> dict[str, int]:
    """Return how many things of each kind can be found, in the order they are told."""
    kinds = [thing.kind for thing in _searched(whole_city(view)).found]
    return {kind: kinds.count(kind) for kind in KINDS if kind in kinds}


def cleaned(text: str) -> str:
    """Return what a reader wrote without blanks too many, and no longer than a search may be."""
    return " ".join(text[: 10 * SEARCH_LENGTH].split())[:SEARCH_LENGTH].strip()


def _rank(searched: _Searched, number: int, asked: str, place: int) -> tuple[int, int]:
    """Return how well a thing answers, and whether in the other language, given where its words were found."""
    ranks = [(IN_SENTENCE if place & SENTENCE else IN_NAME, place & OTHER_LANGUAGE)]
    ranks += [
        (EXACT if name == asked else BEGINNING, language)
        for name, language in searched.names[number]
        if name.startswith(asked)
    ]
    rank, language = min(ranks)
    if rank == EXACT or searched.found[number].is_near:
        return rank, language
    # What lies elsewhere does not come before the city's own for a part of its name.
    return min(rank + 1, IN_SENTENCE), language


def _order(thing: Thing) -> tuple[bool, int, int, str]:
    """Return how things of the same rank follow each other: the city's own first, then by kind, short names first."""
    return not thing.is_near, KINDS.index(thing.kind), len(thing.label), thing.label


def _hit(view: View, thing: Thing, place: int) -> Hit:
    detail = thing.detail
    if place & OTHER_LANGUAGE and thing.other:
        called = message("search.other_label", view.language, label=thing.other)
        detail = f"{called} · {detail}" if detail else called
    return Hit(thing.kind, thing.label, detail, thing.page, thing.query)


def _ranked(view: View, searched: _Searched, words: tuple[str, ...], asked: str) -> tuple[Hit, ...]:
    places = searched.index.match(words)
    ranks = {number: (_rank(searched, number, asked, place), _order(searched.found[number]))
             for number, place in places.items()}  # fmt: skip
    return tuple(_hit(view, searched.found[number], places[number]) for number in sorted(ranks, key=ranks.__getitem__))


@lru_cache(maxsize=64)
def kept_answers(view: View, text: str) -> Answer:
    """Return the answer to cleaned words for a view of the whole city; see `answer`."""
    asked = words_of(text)
    words = tuple(word for word in asked if word not in _EMPTY) or asked
    if not words:
        return Answer()
    searched = _searched(view)
    if hits := _ranked(view, searched, words, "".join(asked)):
        return Answer(hits)

    def best(found: Places) -> int:
        return min(found, key=lambda number: (found[number], _order(searched.found[number])))

    meant = searched.index.corrected(words, best)
    near = words_of(" ".join(meant))
    return Answer(_ranked(view, searched, near, "".join(near)), " ".join(meant)) if near else Answer()


def answer(view: View, text: str) -> Answer:
    """Return what words find, whichever language they are of and however they are spelt.

    Names that are what was asked for come first, then those that begin so, those that hold all words (as beginnings of
    theirs), then things whose definition or remarks hold them. Where nothing does, words that stand nowhere are
    replaced by the nearest ones, and the answer names them.
    """
    return kept_answers(whole_city(view), cleaned(text))


def search(view: View, text: str, limit: int = MOST) -> tuple[Hit, ...]:
    """Return the best hits, at most so many; see `answer`."""
    return answer(view, text).hits[:limit]
