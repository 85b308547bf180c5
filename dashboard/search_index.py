"""An index of names and sentences in two languages: what a word finds, written in whatever way."""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from dashboard.listing import plain

# Where a word stands: in a name in the reader's language, unless a bit says otherwise.
OTHER_LANGUAGE, SENTENCE = 1, 2
_NOWHERE = 4
# How many words beside each other may have been written as one: t-zen-5, T Zen 5, Ivry-Port.
_MOST_JOINED = 3
# In sentences only before words so short, as the parts of such names are.
_SHORT = 3
# How many letters may be wrong: none in shorter words than the first, two in words as long as the second.
_ONE_WRONG, _TWO_WRONG = 4, 8
_LAST = "\U0010ffff"
_WORD = re.compile(r"\d+|[^\W\d]+")
# 10 000 in French, 10,000 in English.
_GROUPED = re.compile(r"(?<![\d.,])\d{1,3}(?:[\s,]\d{3})+(?!\d)")
_WRITTEN = re.compile(r"[^\W\d_]{3,}")
_INCLUSIVE = re.compile(r"\w+(?=·)")

Places = dict[int, int]
Part = tuple[str, int]


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text as searches compare them: no accents or case, numbers whole and apart from letters."""
    whole = _GROUPED.sub(lambda found: re.sub(r"\D", "", found.group()), text)
    # With a sign between them, numbers that follow each other stay apart.
    return tuple(_WORD.findall(plain("|".join(whole.split()))))


def spelt(text: str) -> str:
    """Return a text as one word: blanks, hyphens and apostrophes make no difference to it."""
    return "".join(words_of(text))


def _singulars(word: str) -> Iterator[str]:
    """Yield what a word in the plural may be in the singular, French or English."""
    if len(word) > _SHORT and word[-1] in "sx":
        yield word[:-1]
        if word.endswith("aux"):
            yield f"{word[:-3]}al"
        if word.endswith("ies"):
            yield f"{word[:-3]}y"


def _masculines(text: str) -> Iterator[str]:
    """Yield what inclusive words hold before their point, in both numbers: of habitant·es habitant and habitants."""
    for found in _INCLUSIVE.findall(text):
        yield from (plain(found), f"{plain(found)}s")


def _joined(words: tuple[str, ...], is_name: bool) -> Iterator[str]:
    """Yield words beside each other as one word."""
    for size in range(2, _MOST_JOINED + 1):
        for start in range(len(words) - size + 1):
            part = words[start : start + size]
            if is_name or all(len(word) <= _SHORT for word in part[1:]):
                yield "".join(part)


def _forms(text: str, is_name: bool) -> set[str]:
    """Return every word that finds a text."""
    words = words_of(text)
    found = {*words, *_masculines(text), *_joined(words, is_name)}
    return found | {single for word in words for single in _singulars(word)}


@dataclass(frozen=True, eq=False)
class Index:
    """Every word of some entries, in order, with the numbers of the entries it stands in and where in them."""

    words: list[str]
    postings: dict[str, Places]
    written: dict[str, str]
    cuts: dict[int, tuple[str, ...]]

    def beginning(self, start: str) -> list[str]:
        """Return the words that begin so."""
        return self.words[bisect_left(self.words, start) : bisect_left(self.words, start + _LAST)]

    def places(self, word: str) -> Places:
        """Return the entries in which a word begins so, or is its singular, and the best place it has in each."""
        merged: Places = {}
        singulars = (single for single in _singulars(word) if single in self.postings)
        for one in (*self.beginning(word), *singulars):
            for number, place in self.postings[one].items():
                if place < merged.get(number, _NOWHERE):
                    merged[number] = place
        return merged

    def match(self, words: tuple[str, ...], places: Callable[[str], Places] | None = None) -> Places:
        """Return the entries that hold all words, apart or written as one, and where they do.

        Parameters
        ----------
        words : at least one.
        places : what a word finds, `Index.places` unless given.
        """
        places = places or self.places
        reached: list[Places] = []
        for end in range(1, len(words) + 1):
            here: Places = {}
            for size in range(1, min(_MOST_JOINED, end) + 1):
                before = reached[end - size - 1] if size < end else None
                if before == {}:
                    continue
                for number, place in places("".join(words[end - size : end])).items():
                    if before is not None and number not in before:
                        continue
                    together = place if before is None else before[number] | place
                    here[number] = min(together, here.get(number, _NOWHERE))
            reached.append(here)
        return reached[-1]

    def _cut(self, length: int) -> tuple[str, ...]:
        """Return how written words of at least a length begin, and the shorter ones whole."""
        if length not in self.cuts:
            self.cuts[length] = tuple(dict.fromkeys(word[:length] for word in self.written))
        return self.cuts[length]

    def nearest(self, word: str) -> tuple[str, ...]:
        """Return the beginnings of words a reader may have meant: the nearest, by letters wrong, lacking or swapped."""
        if len(word) < _ONE_WRONG or not word.isalpha():
            return ()
        wrong = 2 if len(word) >= _TWO_WRONG else 1
        found: dict[str, int] = {}
        for length in (len(word), len(word) + 1, len(word) - 1):
            near = process.extract(word, self._cut(length), scorer=OSA.distance, score_cutoff=wrong, limit=None)
            found |= {str(start): int(distance) for start, distance, _ in near}
        return tuple(start for start, distance in found.items() if distance == min(found.values()))

    def corrected(self, words: tuple[str, ...], best: Callable[[Places], int]) -> tuple[str, ...]:
        """Return words of which those that stand nowhere are replaced by the nearest; none where that finds nothing.

        Parameters
        ----------
        best : chooses the entry whose words are taken, of the entries that the nearest words find.
        """
        near = {word: self.nearest(word) for word in words if not self.places(word)}
        if not any(near.values()):
            return ()

        def places(word: str) -> Places:
            merged: Places = {}
            for start in near.get(word, (word,)):
                for number, place in self.places(start).items():
                    merged[number] = min(place, merged.get(number, _NOWHERE))
            return merged

        found = self.match(words, places)
        if not found:
            return ()
        number = best(found)
        return tuple(self._meant(near[word], number) if near.get(word) else word for word in words)

    def _meant(self, starts: tuple[str, ...], number: int) -> str:
        """Return the word of an entry that begins in one of these ways, as it is written."""
        known = {word: self.postings[word][number] for start in starts for word in self.beginning(start)
                 if number in self.postings[word] and word in self.written}  # fmt: skip
        return self.written[min(known, key=lambda word: (known[word], len(word)))] if known else starts[0]


def index_of(entries: Iterable[Iterable[Part]]) -> Index:
    """Return the index of entries, each given as its texts with where they stand (`OTHER_LANGUAGE`, `SENTENCE`)."""
    postings: dict[str, Places] = {}
    as_written: dict[str, None] = {}
    for number, parts in enumerate(entries):
        for text, place in parts:
            for word in _forms(text, is_name=not place & SENTENCE):
                places = postings.setdefault(word, {})
                places[number] = min(place, places.get(number, _NOWHERE))
            as_written |= dict.fromkeys(_WRITTEN.findall(text))
    written = {plain(word): word.lower() for word in reversed(as_written)}
    return Index(sorted(postings), postings, written, {})
