"""What stands on a slide, and how lists, figures in large and pictures are shared out so that nothing is cut."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import ceil
from typing import Any

from dashboard.charts.gantt import HEADER_PX, ROW_PX
from dashboard.dossier import drawn
from dashboard.dossier.blocks import LegendEntry, Measure, Picture, Said
from dashboard.dossier.plain import plain
from dashboard.dossier.slide_tables import TableRow
from dashboard.dossier.slide_text import HANGING, LINE_HEIGHT, Box, Text, fitted, height_of, lines_of, pieces
from data.errors import ObservatoryError

MOST_FIGURES, MOST_LINES = 4, 6
# A list of so few lines may share a slide with its neighbours, if their titles are short together.
_SHORT_LIST, _SHORT_TITLES = 2, 90
# Sizes of lists: the smallest is the one they are shared out at, a slide with room left is set larger.
LIST_SIZES = (20.0, 18.0, 16.0)
ITEM_GAP, GROUP_GAP = 0.35, 0.9
# Number, label, detail, source of a figure in large: the first that fits.
_FIGURE_SIZES = ((40, 16, 14, 11), (34, 16, 14, 11), (28, 14, 12, 11), (22, 14, 12, 11), (18, 12, 11, 10))
# Letters of a drawing, in its pixels, and how small they may stand on a slide (points).
_DRAWN_LETTERS, _LEAST_LETTERS = 13, 10.5
_PADDING_PX = 5
# What stands beside a map: its part of the width, and how far from it.
BESIDE_SHARE, BESIDE_GAP = 0.34, 18.0
_NOWHERE = Box(0, 0, 0, 0)
_LEGEND_SIZES, _LEGEND_GAP = (14.0, 12.0, 11.0, 10.0), 6.0


class SlidesError(ObservatoryError):
    """Raised when slides cannot be made accessible: the words say what is missing."""


@dataclass(frozen=True)
class Code:
    """A code to be scanned: what it leads to, in words."""

    label: str
    address: str
    alternative: str


@dataclass(frozen=True, eq=False)
class Shown:
    """A picture on a slide: which parts of its height, from top to bottom, and its legend beside it."""

    picture: Picture
    bands: tuple[tuple[float, float], ...]
    legend: tuple[LegendEntry, ...] = ()
    foot: str = ""
    room: Box = _NOWHERE

    @property
    def beside(self) -> bool:
        """Whether words stand to its right: what its colours mean, what qualifies it."""
        return bool(self.legend or self.foot)


@dataclass(frozen=True)
class Rows:
    """A table on a slide."""

    alternative: str
    widths: tuple[float, ...]
    numeric: tuple[bool, ...]
    rows: tuple[TableRow, ...]
    size: float


@dataclass(frozen=True, eq=False)
class Slide:
    """A slide: its layout, its words by placeholder, at most one picture or table, what its speaker reads."""

    layout: str
    section: str
    theme: str
    title: str
    rubric: str = ""
    texts: dict[str, tuple[Text, ...]] = field(default_factory=dict)
    shown: Shown | None = None
    table: Rows | None = None
    codes: tuple[Code, ...] = ()
    sources: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    part: tuple[int, int] = (1, 1)


@dataclass(frozen=True)
class Group:
    """Words under a title of their own, or under none; an item is marked, a paragraph is not."""

    title: str
    items: tuple[Said, ...]
    marked: bool = True


@dataclass(frozen=True)
class Page:
    """What of a list stands on one slide, and the notes of it."""

    texts: tuple[Text, ...]
    sources: tuple[str, ...]


def shared_out(count: int, most: int) -> int:
    """Return how many a slide takes so that the slides of a series hold about as much."""
    return ceil(count / ceil(count / most)) if count else most


@dataclass
class _Filling:
    """Slides of a list as they fill up."""

    box: Box
    size: float
    done: list[Page] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    sources: dict[str, None] = field(default_factory=dict)
    used: float = 0.0
    count: int = 0

    def fits(self, texts: list[Text], most: int) -> bool:
        """Tell whether more fits the slide as it is."""
        more = sum(height_of(text, self.box.room) for text in texts)
        return self.count < most and self.used + more <= self.box.height

    def put(self, texts: list[Text], sources: tuple[str, ...]) -> None:
        """Put paragraphs onto the slide."""
        self.texts += texts
        self.used += sum(height_of(text, self.box.room) for text in texts)
        self.count += 1
        self.sources |= dict.fromkeys(sources)

    def turn(self) -> None:
        """End the slide."""
        if self.texts:
            self.done.append(Page(_enlarged(tuple(self.texts), self.box), tuple(self.sources)))
        self.texts, self.sources, self.used, self.count = [], {}, 0.0, 0


def _at(text: Text, size: float) -> Text:
    ratio = size / text.size
    return Text(text.words, size, text.bold, text.colour, text.bullet, text.hanging, text.gap * ratio, text.link)


def _enlarged(texts: tuple[Text, ...], box: Box) -> tuple[Text, ...]:
    """Return paragraphs at the largest size at which all of them fit."""
    for size in LIST_SIZES:
        tried = tuple(_at(text, size) for text in texts)
        if sum(height_of(text, box.room) for text in tried) <= box.height:
            return tried
    return texts


def _item(words: str, group: Group, size: float, *, first: bool) -> Text:
    return Text(words, size, bullet=group.marked and first, hanging=group.marked and not first, gap=ITEM_GAP * size)


def together(run: list[Group]) -> list[tuple[Group, ...]]:
    """Return lists in a row, short ones put together under their titles in one."""
    found: list[tuple[Group, ...]] = []
    for group in run:
        before = found[-1] if found else ()
        small = all(one.title and len(one.items) <= _SHORT_LIST for one in (*before, group))
        count = sum(len(one.items) for one in (*before, group))
        titles = sum(len(one.title) + 3 for one in (*before, group))
        if before and small and count <= MOST_LINES and titles <= _SHORT_TITLES:
            found[-1] = (*before, group)
        else:
            found.append((group,))
    return found


def list_pages(groups: tuple[Group, ...], box: Box, continued: str) -> list[Page]:
    """Return lists in slides: at most six lines each, a line that fits no slide goes on over several.

    Parameters
    ----------
    continued : what follows the title of a group that goes on, as "{title} (suite)".
    """
    size = LIST_SIZES[-1]
    filling = _Filling(box, size)
    most = shared_out(sum(len(group.items) for group in groups), MOST_LINES)
    for group in groups:
        opened = False
        head_high = sum(height_of(text, box.room) for text in _head(group, continued, size, alone=True))
        lines = max(1, int((box.height - head_high - ITEM_GAP * size) / (size * LINE_HEIGHT)))
        for said in group.items:
            whole = plain(said.text).strip() or "—"
            for place, words in enumerate(pieces(whole, box.room - size * HANGING, size, lines)):
                texts = [_item(words, group, size, first=not place)]
                form = continued if opened else "{title}"
                shown = _head(group, form, size, alone=not filling.texts)
                shown = [] if opened and filling.texts else shown
                if not filling.fits(shown + texts, most):
                    filling.turn()
                    shown = _head(group, form, size, alone=True)
                filling.put(shown + texts, said.notes)
                opened = True
    filling.turn()
    return filling.done


def _head(group: Group, form: str, size: float, *, alone: bool) -> list[Text]:
    if not group.title:
        return []
    words = form.format(title=plain(group.title))
    return [Text(words, size, bold=True, gap=0.0 if alone else GROUP_GAP * size)]


def figure_texts(measure: Measure, box: Box) -> tuple[Text, ...]:
    """Return a figure in large as paragraphs that fit its place; what is cut there stands in the notes."""
    number = " ".join(filter(None, (measure.number, measure.unit)))
    held = (number, measure.label, measure.detail, measure.note)
    colours = ("tx1", "tx1", "tx2", "tx2")
    room = Box(box.left, box.top, box.width - 12, box.height, box.letters)
    for sizes in _FIGURE_SIZES:
        texts = tuple(
            Text(plain(words), size, bold=not place, colour=colours[place], gap=4.0 if place else 0.0)
            for place, (words, size) in enumerate(zip(held, sizes, strict=True)) if words
        )  # fmt: skip
        one_line = len(lines_of(number, room.room, sizes[0], 600)) == 1
        if one_line and sum(height_of(text, room.room) for text in texts) <= room.height:
            return texts
    return _squeezed(texts, room)


def _squeezed(texts: tuple[Text, ...], box: Box) -> tuple[Text, ...]:
    """Return paragraphs at their size, the last ones cut, so that all of them have a line at least."""
    lines = [len(lines_of(one.words, box.room, one.size, 600 if one.bold else 400)) for one in texts]
    spare = box.height - sum(one.gap + one.size * LINE_HEIGHT for one in texts)
    kept = []
    for text, wanted in zip(texts, lines, strict=True):
        more = max(0, min(wanted - 1, int(spare / (text.size * LINE_HEIGHT))))
        spare -= more * text.size * LINE_HEIGHT
        place = Box(0, 0, box.width, (1 + more) * text.size * LINE_HEIGHT, box.letters)
        words, _ = fitted(text.words, place, (text.size,), 600 if text.bold else 400)
        kept.append(Text(words, text.size, text.bold, text.colour, gap=text.gap))
    return tuple(kept)


def _row_scales(specification: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the scales of a chart that count rows downwards, layer within layer."""
    scale = specification.get("encoding", {}).get("y", {}).get("scale") or {}
    if scale.get("reverse") and "domain" in scale:
        yield scale
    for layer in specification.get("layer", ()):
        yield from _row_scales(layer)


def _rows_of(picture: Picture) -> int:
    """Return how many rows a timeline draws one beneath the other; 0 for any other picture."""
    if not isinstance(picture.drawn, dict):
        return 0
    scale = next(_row_scales(picture.drawn), None)
    rows = int(scale["domain"][1]) if scale else 0
    return rows if rows and picture.drawn.get("height") == HEADER_PX + ROW_PX * rows else 0


def bands_of(picture: Picture, box: Box) -> Iterator[tuple[tuple[float, float], ...]]:
    """Yield what of a picture each slide shows: all of it, or of a long timeline its axis and some of its rows.

    A timeline of many rows would be so small that nobody reads it from a chair; its axis stands above each part.
    """
    width, height = drawn.size_px(picture)
    rows = _rows_of(picture)
    scale = min(box.width / width, box.height / height)
    if not rows or scale * _DRAWN_LETTERS >= _LEAST_LETTERS:
        yield ((0.0, 1.0),)
        return
    head = HEADER_PX + _PADDING_PX
    readable = int((box.height / (_LEAST_LETTERS / _DRAWN_LETTERS) - head - _PADDING_PX) / ROW_PX)
    at_once = shared_out(rows, max(1, readable))
    for first in range(0, rows, at_once):
        last = min(rows, first + at_once)
        start, end = head + first * ROW_PX, head + last * ROW_PX + (_PADDING_PX if last == rows else 0)
        yield ((0.0, end / height),) if not first else ((0.0, head / height), (start / height, end / height))


def picture_room(words: Box, figure: Box, used: float) -> Box:
    """Return where a picture may stand: its place, and what the words above it leave of theirs."""
    if words.bottom > figure.top + 1:
        return figure
    top = words.top + (used + 6 if used else 0)
    return Box(figure.left, top, figure.width, figure.bottom - top, figure.letters)


def column_beside(room: Box) -> Box:
    """Return the least room to the right of a picture."""
    width = room.width * BESIDE_SHARE
    return Box(room.right - width, room.top, width, room.height, room.letters)


def placed(shown: Shown) -> list[Box]:
    """Return where the parts of a picture stand in their room: as large as they fit, one beneath the other."""
    width, height = drawn.size_px(shown.picture)
    room, whole = shown.room, height * sum(end - start for start, end in shown.bands)
    wide = column_beside(room).left - BESIDE_GAP - room.left if shown.beside else room.width
    scale = min(wide / width, room.height / whole)
    found, top = [], room.top
    for start, end in shown.bands:
        high = (end - start) * height * scale
        found.append(Box(room.left, top, width * scale, high))
        top += high
    return found


def legend_size(legend: tuple[LegendEntry, ...], width: float, height: float) -> float:
    """Return the largest size at which the words of a legend fit beside its map."""

    def high(size: float) -> float:
        return sum(height_of(Text(entry.words, size), width) + _LEGEND_GAP for entry in legend)

    return next((size for size in _LEGEND_SIZES if high(size) <= height), _LEGEND_SIZES[-1])
