"""The pieces a page is made of."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Headline:
    """The sentence a page opens with, and what qualifies it."""

    title: str
    lead: str


@dataclass(frozen=True)
class Tile:
    """A figure in large: number, unit, label, kind of source, date and source in words."""

    number: str
    unit: str
    label: str
    kind: str
    detail: str
    extra: str = ""


@dataclass(frozen=True)
class Item:
    """A line of the panel beside a map."""

    label: str
    value: str
    detail: str = ""


@dataclass(frozen=True)
class Strip:
    """Where an area stands among its peers: positions from 0 to 100, its own last."""

    peers: tuple[float, ...]
    own: float
    words: str


@dataclass(frozen=True)
class Panel:
    """What the area looked at says."""

    title: str
    items: tuple[Item, ...]
    strip: Strip | None = None


@dataclass(frozen=True)
class Column:
    """A table column."""

    name: str
    label: str
    numeric: bool = False


@dataclass(frozen=True)
class Heading:
    """What the rows from one on (counted from 0) have in common: title, kind of source as a mark, a quieter remark."""

    first_row: int
    title: str
    mark: str
    note: str


@dataclass(frozen=True, eq=False)
class Table:
    """A table that says in words what a figure shows.

    `notes` are remarks beneath the last cell of each row, `shape` names its look in the style sheet.
    """

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    export: str = ""
    is_open: bool = False
    note: str = ""
    headings: tuple[Heading, ...] = ()
    notes: tuple[str, ...] = ()
    shape: str = ""


@dataclass(frozen=True, eq=False)
class Chart:
    """A chart with its sentence, measure, source, and what it shows in words for those who do not see it."""

    key: str
    title: str
    subtitle: str
    specification: dict[str, Any]
    alternative: str
    source: str
    export: str = ""
    kinds: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Its key as addresses write it."""
        return self.key.replace("_", "-")


@dataclass(frozen=True)
class Agenda:
    """A list of dates: its title, lines of date, words and source, and what to say when it is empty."""

    title: str
    lines: tuple[tuple[str, str, str], ...]
    empty: str


@dataclass(frozen=True)
class Reading:
    """How to read an indicator, its definition and method; `indicator` is its name in the catalogue."""

    label: str
    definition: str
    how_to_read: str
    method: str
    expression: str = ""
    indicator: str = ""
