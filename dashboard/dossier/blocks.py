"""What a briefing file is made of, whoever writes it: sentences with their notes, figures, pictures, tables."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from dashboard.content.pieces import Column
from dashboard.maps.prepare import DistrictMap


@dataclass(frozen=True)
class Said:
    """Words and where their numbers come from: one note a source, each with its line where the source has lines."""

    text: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Heading:
    """A heading within a section; level 2 is the highest there."""

    text: str
    level: int = 2


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; a quiet one qualifies what stands above it, the lead opens a section."""

    said: Said
    tone: str = "plain"


@dataclass(frozen=True)
class Measure:
    """A figure in large: number and unit, what it counts, what qualifies it; its note is the source."""

    number: str
    unit: str
    label: str
    detail: str
    note: str


@dataclass(frozen=True)
class Measures:
    """Figures in large, side by side."""

    measures: tuple[Measure, ...]


@dataclass(frozen=True)
class LegendEntry:
    """A colour or pattern of a map, in words."""

    colour: str
    pattern: str
    words: str


@dataclass(frozen=True, eq=False)
class Picture:
    """A chart or a map: its sentence, what it measures, what it shows in words, and what it is drawn from.

    `drawn` is the specification of a chart, or a prepared map. `alternative` is never empty: no file is made without.
    """

    key: str
    title: Said
    subtitle: str
    alternative: str
    drawn: dict[str, Any] | DistrictMap
    legend: tuple[LegendEntry, ...] = ()
    foot: str = ""

    @property
    def is_map(self) -> bool:
        """Whether it is a map."""
        return isinstance(self.drawn, DistrictMap)


@dataclass(frozen=True)
class GridGroup:
    """Rows of a table under a heading of their own, or under none."""

    title: str
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Grid:
    """A table: its title, its columns, its rows in groups."""

    title: Said
    columns: tuple[Column, ...]
    groups: tuple[GridGroup, ...]
    note: str = ""

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """All rows in order."""
        return tuple(row for group in self.groups for row in group.rows)


@dataclass(frozen=True)
class Bullets:
    """A list under a title of its own, or under none."""

    title: str
    lines: tuple[Said, ...]


Block = Heading | Paragraph | Measures | Picture | Grid | Bullets


@dataclass(frozen=True)
class Address:
    """Where a section can be read again: the page as it is today, and a figure of it as this release has it."""

    live: str = ""
    frozen: str = ""


@dataclass(frozen=True, eq=False)
class Section:
    """A section: its name in the draft, its place in the contents, its sentence, its content."""

    key: str
    name: str
    theme: str
    title: Said
    blocks: tuple[Block, ...]
    address: Address = field(default_factory=Address)


@dataclass(frozen=True, eq=False)
class Document:
    """A briefing file: what it is called, for whom, on which release and day, its sections, then its appendices.

    `about` are the facts of its cover, label and words.
    """

    title: str
    subtitle: str
    language: str
    release_id: str
    about: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    appendices: tuple[Section, ...]

    def parts(self) -> Iterator[Section]:
        """Yield sections, then appendices."""
        yield from self.sections
        yield from self.appendices

    def pictures(self) -> Iterator[Picture]:
        """Yield every chart and map in order."""
        for section in self.parts():
            yield from (block for block in section.blocks if isinstance(block, Picture))
