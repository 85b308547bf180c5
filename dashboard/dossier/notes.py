"""Where the numbers of a sentence come from: the figures of its page that show the same number, each with its line."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from dashboard.content.pieces import Table, Tile
from dashboard.content.tree import Cards, ChartFigure, MapFigure, PageTree, Quarter, Tables
from dashboard.dossier.blocks import Said
from dashboard.messages import message

# A number as pages write it: digits with narrow or no-break spaces between thousands, a decimal comma; then its unit.
NUMBER = re.compile(r"\d+(?:[\u202f\u00a0 ,]\d{3})*(?:[,.]\d+)?")
_MEASURE = re.compile(rf"({NUMBER.pattern})[\u202f\u00a0 ]?(%|€|m²|ha\b|km\b|t\b|MWh\b|[^\W\d_]{{4,}})?")
# A number of so many digits stands for itself; a smaller one is the same only with the same unit.
_TELLING_DIGITS = 4
_YEAR = re.compile(r"(19|20)\d\d")
MOST_NOTES = 4


def numbers_in(text: str) -> tuple[str, ...]:
    """Return the numbers of a text as it writes them, in order."""
    return tuple(NUMBER.findall(text))


def _names(text: str) -> Iterator[str]:
    """Yield what the numbers of a text are known by: their digits where they are many, else number and unit.

    A year alone is stated by nearly everything, and 3 places are not 3 editions: neither says where words come from.
    """
    for number, unit in _MEASURE.findall(text):
        digits = re.sub(r"\D", "", number)
        if _YEAR.fullmatch(number):
            continue
        if len(digits) >= _TELLING_DIGITS:
            yield digits
        elif unit:
            yield f"{number} {unit.lower()}"


@dataclass
class Provenance:
    """Which sources state each number of a page, in the order in which the page shows them."""

    language: str
    found: dict[str, dict[str, None]] = field(default_factory=dict)

    def add(self, text: str, source: str) -> None:
        """Remember that a source states the numbers of a text."""
        for name in _names(text) if source else ():
            self.found.setdefault(name, {}).setdefault(source)

    def said(self, text: str, *sources: str) -> Said:
        """Return a text with its notes: sources that are given, else those that state its numbers.

        A number that no figure of the page shows is counted or computed from them, a year alone is the date of a text
        that its tables cite: the note says so.
        """
        if not numbers_in(text):
            return Said(text)
        notes = list(dict.fromkeys(filter(None, sources)))
        if not notes:
            notes = list(dict.fromkeys(source for name in _names(text) for source in self._of(name)))
        are_years = all(_YEAR.fullmatch(number) for number in numbers_in(text))
        untold = message("briefing.dated" if are_years else "briefing.counted", self.language)
        return Said(text, tuple(notes[:MOST_NOTES]) or (untold,))

    def _of(self, name: str) -> list[str]:
        return list(self.found.get(name, {}))[:1]


def _of_table(table: Table, source: str = "") -> Iterator[tuple[str, str]]:
    """Yield the cells of a table with the source of their row, else with that of the figure it belongs to."""
    place = next((place for place, column in enumerate(table.columns) if column.name == "source"), None)
    for row in table.rows:
        for at, words in enumerate(row):
            if at != place:
                yield words, source if place is None else row[place]


def figure_source(figure: MapFigure | ChartFigure) -> str:
    """Return the source of a figure in words, with the kinds of sources it has."""
    source, kinds = (figure.source, figure.kinds) if isinstance(figure, MapFigure) else (
        figure.chart.source, figure.chart.kinds)  # fmt: skip
    return " ".join(filter(None, (source, f"({', '.join(kinds)})" if kinds else "")))


def _stated(tree: PageTree) -> Iterator[tuple[str, str]]:
    """Yield what a page states with its source: figures in large, tables, cards, parts of a district."""
    for part in tree.parts:
        if isinstance(part, Tables | ChartFigure | MapFigure):
            source = ""
            if not isinstance(part, Tables):
                source = figure_source(part)
            for table in part.tables:
                yield from _of_table(table, source)
        if isinstance(part, Cards):
            for card in part.cards:
                yield from ((item.value, card.source) for item in card.items)
        if isinstance(part, Quarter):
            lines = (line for section in part.sections for group in section.groups for line in group.lines)
            yield from ((f"{line.state} {line.note}", line.source) for line in lines)


def _of_tile(tile: Tile) -> tuple[str, str]:
    return f"{tile.number} {tile.unit} {tile.extra}", tile.detail if tile.kind else ""


def provenance(tree: PageTree, language: str) -> Provenance:
    """Return which sources state the numbers of a page: its figures in large first, then its tables."""
    known = Provenance(language)
    for text, source in (*map(_of_tile, tree.tiles), *_stated(tree)):
        known.add(text, source)
    return known
