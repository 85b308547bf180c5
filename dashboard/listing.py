"""A list of figures a reader narrows down by word, theme and year."""

import re
import unicodedata
from dataclasses import dataclass, replace

UNDATED = "sans-date"
SEARCH_LENGTH = 80

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "’": "'", "·": ""})
_SPACE_BETWEEN_DIGITS = re.compile(r"(?<=\d)\s(?=\d)")


@dataclass(frozen=True)
class Filter:
    """What a reader looks for: words, a theme, a year or `sans-date`; empty means all."""

    search: str = ""
    theme: str = ""
    year: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked for."""
        return not (self.search.strip() or self.theme or self.year)


@dataclass(frozen=True)
class Point:
    """One value of an entry: its period and value in words, the years it covers, its row in the release."""

    period: str
    words: str
    first_year: int | None
    last_year: int | None
    row: int

    def is_of(self, year: str) -> bool:
        """Tell whether the value is of a year; without a stated period it is of none, but `sans-date`."""
        if self.first_year is None or self.last_year is None:
            return year == UNDATED
        return year != UNDATED and self.first_year <= int(year) <= self.last_year


@dataclass(frozen=True)
class Entry:
    """A line of the list: one text figure, or one series with all its values."""

    ref_area: str
    theme: str
    label: str
    area: str
    unit: str
    nature: str
    mark: str
    source: str
    note: str
    method: str
    points: tuple[Point, ...]
    haystack: str


def plain(text: str) -> str:
    """Return a text without accents, case, ligatures, or spaces inside numbers: what a search compares."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_LIGATURES))
    letters = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return _SPACE_BETWEEN_DIGITS.sub("", letters)


def select(entries: tuple[Entry, ...], chosen: Filter) -> tuple[Entry, ...]:
    """Return the entries that hold every word, are of the theme, and have a value of the year, with those values."""
    words = plain(chosen.search[:SEARCH_LENGTH]).split()
    found = []
    for entry in entries:
        if chosen.theme not in {"", entry.theme} or not all(word in entry.haystack for word in words):
            continue
        points = tuple(point for point in entry.points if not chosen.year or point.is_of(chosen.year))
        if points:
            found.append(entry if len(points) == len(entry.points) else replace(entry, points=points))
    return tuple(found)
