"""How much room words take on a slide: lines, heights, what fits and what goes on elsewhere. Everything in points."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from dashboard.typeface import width_px

# A line is so many times as high as its letters: the taller of the two typefaces slides are set in.
LINE_HEIGHT = 1.26
ELLIPSIS = "…"
# A bullet and the room to its right, as part of the size of the type.
HANGING = 1.1


@dataclass(frozen=True)
class Box:
    """A place on a slide; `letters` is how much wider the letters of its template are than those measured with."""

    left: float
    top: float
    width: float
    height: float
    letters: float = 1.0

    @property
    def room(self) -> float:
        """How wide words may be, as they are measured here."""
        return self.width / self.letters

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.top + self.height

    def lines(self, size: float) -> int:
        """Return how many lines of a size fit; one at least."""
        return max(1, int(self.height / (size * LINE_HEIGHT) + 0.01))


@dataclass(frozen=True)
class Text:
    """A paragraph on a slide; `gap` is the room above it, `colour` a colour of the template, `link` an address."""

    words: str
    size: float
    bold: bool = False
    colour: str = "tx1"
    bullet: bool = False
    hanging: bool = False
    gap: float = 0.0
    link: str = ""


@lru_cache(maxsize=65536)
def _width_at_one(word: str, weight: int) -> float:
    # The typeface has no wide letters (Chinese, signs of emotion): it would measure them as narrow ones.
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in word)
    return width_px(word, 1.0, weight) + 0.7 * wide


def width_of(words: str, size: float, weight: int = 400) -> float:
    """Return how wide words are in one line."""
    blank = _width_at_one(" ", weight)
    parts = words.split(" ")
    return size * (sum(_width_at_one(part, weight) for part in parts) + blank * (len(parts) - 1))


def _broken(word: str, width: float, size: float, weight: int) -> Iterator[str]:
    """Yield a word in pieces that each fit a width, letter by letter; one letter at least."""
    piece, used = "", 0.0
    for letter in word:
        more = size * _width_at_one(letter, weight)
        if piece and used + more > width:
            yield piece
            piece, used = "", 0.0
        piece, used = piece + letter, used + more
    if piece:
        yield piece


def _wrapped(line: str, width: float, size: float, weight: int) -> Iterator[str]:
    blank = size * _width_at_one(" ", weight)
    held: list[str] = []
    used = 0.0
    for word in line.split(" "):
        long = size * _width_at_one(word, weight)
        if held and used + blank + long > width:
            yield " ".join(held)
            held, used = [], 0.0
        if long > width:
            *whole, word = _broken(word, width, size, weight)
            yield from whole
            long = size * _width_at_one(word, weight)
        used += long + (blank if held else 0.0)
        held.append(word)
    yield " ".join(held)


def lines_of(words: str, width: float, size: float, weight: int = 400) -> list[str]:
    """Return words as the lines they are set in; a word wider than a line is broken."""
    return [piece for line in words.split("\n") for piece in _wrapped(line, width, size, weight)]


def height_of(text: Text, width: float) -> float:
    """Return how high a paragraph is set in a width, the room above it included."""
    held = width - (text.size * HANGING if text.bullet or text.hanging else 0.0)
    return text.gap + len(lines_of(text.words, held, text.size, 600 if text.bold else 400)) * text.size * LINE_HEIGHT


def cut(words: str, width: float, size: float, lines: int, weight: int = 400) -> tuple[str, str]:
    """Return what of a text fits so many lines, and the rest."""
    kept = lines_of(words, width, size, weight)[: max(1, lines)]
    # Lines leave out the blank or the line end they stop at: the text is followed sign by sign.
    at = 0
    for line in kept:
        at = words.index(line, at) + len(line)
    return words[:at], words[at:].lstrip(" \n")


def pieces(words: str, width: float, size: float, lines: int, weight: int = 400) -> list[str]:
    """Return a text in pieces of at most so many lines each."""
    found = []
    while words:
        piece, words = cut(words, width, size, lines, weight)
        found.append(piece)
    return found or [""]


def shortened(words: str, width: float, size: float, lines: int, weight: int = 400) -> str:
    """Return a text that fits so many lines: whole, or cut with a sign that it goes on."""
    if len(lines_of(words, width, size, weight)) <= lines:
        return words
    kept, _ = cut(words, width - size, size, lines, weight)
    if len(lines_of(kept + ELLIPSIS, width, size, weight)) > lines:
        kept = kept[:-1]
    return kept.rstrip(" ,;:\u00a0\u202f\n") + ELLIPSIS


def fitted(words: str, box: Box, sizes: tuple[float, ...], weight: int = 400) -> tuple[str, float]:
    """Return a text and the largest size at which it fits a box; at the smallest it is cut where it must be."""
    for size in sizes:
        if len(lines_of(words, box.room, size, weight)) <= box.lines(size):
            return words, size
    return shortened(words, box.room, sizes[-1], box.lines(sizes[-1]), weight), sizes[-1]
