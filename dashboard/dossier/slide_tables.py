"""Tables on slides: how wide columns are, which rows stand on which slide, and what is left to other formats."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from math import ceil

from dashboard.dossier.blocks import Grid
from dashboard.dossier.plain import plain
from dashboard.dossier.slide_text import LINE_HEIGHT, Box, lines_of, width_of

MOST_ROWS, LONGEST_TABLE, FIRST_ROWS = 9, 45, 27
SIZES = (18.0, 16.0, 14.0, 12.0, 11.0)
PADDING, SIDE_PADDING = 4.0, 6.0
# A smaller size is taken only where it spares more than this part of the slides.
_SPARED = 1.25
# A column is at most this part of a table because of one long word.
_LONGEST_WORD = 0.4


@dataclass(frozen=True)
class TableRow:
    """A row of a table on a slide; `kind` is head, group (its title over all columns), row, or more (what is left)."""

    kind: str
    cells: tuple[str, ...]
    height: float = 0.0


def widths_of(grid: Grid, box: Box, size: float) -> tuple[float, ...]:
    """Return the width of each column: no word is broken where that can be, long texts take what is left."""
    columns = [[plain(column.label), *(plain(row[place]) for row in grid.rows)]
               for place, column in enumerate(grid.columns)]  # fmt: skip
    pad = 2 * SIDE_PADDING + 2
    wide = [max(width_of(line, size, 600) for cell in cells for line in cell.split("\n")) for cells in columns]
    natural = [one * box.letters + pad for one in wide]
    if sum(natural) <= box.width:
        # A narrow table stays narrow: the eye would lose its line on the way to the next column.
        room = min(1.6, box.width / sum(natural))
        return tuple(one * room for one in natural)
    words = [max(width_of(word, size, 600) for cell in cells for word in cell.replace("\n", " ").split(" "))
             for cells in columns]  # fmt: skip
    least = [min(one * box.letters + pad, box.width * _LONGEST_WORD) for one in words]
    if sum(least) >= box.width:
        return tuple(one * box.width / sum(least) for one in least)
    held = [max(1.0, sum(width_of(cell.replace("\n", " "), size) for cell in cells) / len(cells)) ** 0.75
            for cells in columns]  # fmt: skip
    spare = box.width - sum(least)
    return tuple(one + spare * part / sum(held) for one, part in zip(least, held, strict=True))


def _high_of(rows: list[TableRow]) -> float:
    return sum(row.height for row in rows)


@dataclass(frozen=True, eq=False)
class _Paged:
    """A table at a size: its slides, each its rows under the heads of its columns."""

    grid: Grid
    box: Box
    size: float
    continued: str
    more: str

    @cached_property
    def widths(self) -> tuple[float, ...]:
        return widths_of(self.grid, self.box, self.size)

    def _lines(self, cells: tuple[str, ...], *, bold: bool) -> list[list[str]]:
        rooms = [(width - 2 * SIDE_PADDING) / self.box.letters for width in self.widths]
        if len(cells) == 1:
            rooms = [(sum(self.widths) - 2 * SIDE_PADDING) / self.box.letters]
        return [lines_of(cell, room, self.size, 600 if bold or not place else 400)
                for place, (cell, room) in enumerate(zip(cells, rooms, strict=True))]  # fmt: skip

    def _high(self, lines: int) -> float:
        return lines * self.size * LINE_HEIGHT + 2 * PADDING

    def row(self, kind: str, cells: tuple[str, ...]) -> TableRow:
        """Return a row with its height."""
        lines = max(map(len, self._lines(cells, bold=kind != "row")))
        return TableRow(kind, cells, self._high(lines))

    @cached_property
    def head(self) -> TableRow:
        return self.row("head", tuple(plain(column.label) for column in self.grid.columns))

    def _split(self, row: TableRow, room: float) -> Iterator[TableRow]:
        """Yield a row that is higher than a slide in parts that are not."""
        most = max(1, int((room - 2 * PADDING) / (self.size * LINE_HEIGHT)))
        lines = self._lines(row.cells, bold=False)
        for first in range(0, max(map(len, lines)), most):
            yield self.row("row", tuple("\n".join(cell[first : first + most]) for cell in lines))

    def _rows(self) -> Iterator[tuple[str, TableRow]]:
        """Yield rows with the title of their group, as many as slides show."""
        count, room = 0, self.box.height - self.head.height
        most = FIRST_ROWS if len(self.grid.rows) > LONGEST_TABLE else LONGEST_TABLE
        for group in self.grid.groups:
            room_here = room - (self.row("group", (plain(group.title),)).height if group.title else 0)
            for cells in group.rows:
                count += 1
                if count > most:
                    return
                row = self.row("row", tuple(map(plain, cells)))
                whole = row.height <= room_here
                yield from ((plain(group.title), one) for one in ([row] if whole else self._split(row, room_here)))

    @cached_property
    def slides(self) -> list[tuple[TableRow, ...]]:
        """The rows of each slide."""
        rows = list(self._rows())
        most = ceil(len(rows) / ceil(len(rows) / MOST_ROWS)) if rows else MOST_ROWS
        done, here, count, known = list[list[TableRow]](), [self.head], 0, ""
        for title, row in rows:
            more = [*self._begins(title, known), row]
            if count and (count >= most or _high_of([*here, *more]) > self.box.height):
                done.append(here)
                # A group that goes on says so at the head of the next slide.
                form = self.continued if title == known else "{title}"
                here, count, more = [self.head], 0, [*self._begins(form.format(title=title) if title else "", ""), row]
            here, count, known = [*here, *more], count + 1, title
        return [tuple(page) for page in self._closed([*done, here])]

    def _begins(self, title: str, known: str) -> list[TableRow]:
        return [self.row("group", (title,))] if title and title != known else []

    def _closed(self, done: list[list[TableRow]]) -> list[list[TableRow]]:
        """Return the slides with what is left to other formats said in a last row."""
        if len(self.grid.rows) > LONGEST_TABLE:
            last = self.row("more", (self.more,))
            if _high_of([*done[-1], last]) > self.box.height:
                done.append([self.head])
            done[-1].append(last)
        return done


@dataclass(frozen=True)
class TablePages:
    """A table in slides: its widths, its size, the rows of each."""

    widths: tuple[float, ...]
    size: float
    slides: list[tuple[TableRow, ...]]


def table_pages(grid: Grid, box: Box, continued: str, more: str) -> TablePages:
    """Return a table in slides of at most nine rows, none cut: a long one ends with what is left to other formats.

    Parameters
    ----------
    continued : what the title of a group becomes on a further slide, as "{title} (suite)".
    more : the words of the last row of a table that is not shown in full.
    """
    grid = replace(grid, groups=tuple(group for group in grid.groups if group.rows))
    tried = [_Paged(grid, box, size, continued, more) for size in SIZES]
    fewest = min(len(one.slides) for one in tried)
    chosen = next(one for one in tried if len(one.slides) <= fewest * _SPARED)
    return TablePages(chosen.widths, chosen.size, chosen.slides)
