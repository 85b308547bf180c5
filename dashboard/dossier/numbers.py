"""Every number that a briefing file prints, for machines: where it stands, in which words, from which source."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from dashboard.dossier import drawn
from dashboard.dossier.blocks import (
    Block,
    Bullets,
    Document,
    Grid,
    Heading,
    Measures,
    Paragraph,
    Picture,
    Said,
    Section,
)
from dashboard.dossier.draft import Draft, DraftError, from_mapping
from dashboard.dossier.notes import numbers_in

KIND, VERSION = "observatory-briefing-numbers", 1
FILE_NAME = "chiffres.json"


@dataclass(frozen=True)
class Printed:
    """Words with numbers: their place (stable from one release to the next), the numbers, the sources they name."""

    section: str
    place: str
    text: str
    numbers: tuple[str, ...]
    sources: tuple[str, ...]

    @property
    def key(self) -> tuple[str, str]:
        """What finds the same words in the file of another release."""
        return self.section, self.place


Words = tuple[str, str, tuple[str, ...]]


def _said(place: str, said: Said) -> Words:
    return place, said.text, said.notes


def _of_grid(grid: Grid, name: str) -> Iterator[Words]:
    yield _said(f"{name} > title", grid.title)
    yield f"{name} > note", grid.note, ()
    at = next((place for place, column in enumerate(grid.columns) if column.name == "source"), None)
    for column in grid.columns:
        yield f"{name} > heading {column.label}", column.label, grid.title.notes
    for group in grid.groups:
        yield f"{name} > group {group.title}", group.title, grid.title.notes
        for row in group.rows:
            cited = grid.title.notes if at is None else (row[at],)
            for column, cell in zip(grid.columns, row, strict=True):
                yield f"{name} > {row[0].splitlines()[0] if row[0] else ''} > {column.label}", cell, cited


def _of_picture(picture: Picture) -> Iterator[Words]:
    name, notes = f"figure {picture.key}", picture.title.notes
    yield _said(f"{name} > title", picture.title)
    for part, text in (("subtitle", picture.subtitle), ("foot", picture.foot), ("text", picture.alternative)):
        yield f"{name} > {part}", text, notes
    for entry in picture.legend:
        yield f"{name} > legend {entry.colour}{entry.pattern}", entry.words, notes
    for words in drawn.words_of(picture):
        yield f"{name} > drawn", words, notes


def _of_block(block: Block) -> Iterator[Words]:
    match block:
        case Heading():
            yield "heading", block.text, ()
        case Paragraph():
            yield _said(f"paragraph {block.tone}", block.said)
        case Measures():
            for one in block.measures:
                notes = (one.note,) if one.note else ()
                yield f"measure {one.label}", " ".join(filter(None, (one.number, one.unit))), notes
                yield f"measure {one.label} > label", one.label, notes
                yield f"measure {one.label} > detail", one.detail, notes
        case Picture():
            yield from _of_picture(block)
        case Grid():
            yield from _of_grid(block, f"table {block.columns[0].label} {len(block.columns)}")
        case Bullets():
            yield f"list {block.title} > title", block.title, ()
            for line in block.lines:
                yield _said(f"list {block.title} > line", line)


def _of_section(section: Section) -> Iterator[Words]:
    yield "name", section.name, ()
    yield _said("title", section.title)
    for block in section.blocks:
        yield from _of_block(block)
    for label, where in (("live", section.address.live), ("frozen", section.address.frozen)):
        yield f"address {label}", where, ()


def printed(document: Document) -> tuple[Printed, ...]:
    """Return every piece of words with a number, notes among them; pieces of the same place are counted on."""
    found = []
    cover: list[Words] = [("title", document.title, ()), ("subtitle", document.subtitle, ())]
    cover += [(f"about {label}", words, ()) for label, words in document.about]
    parts: list[tuple[str, list[Words]]] = [("cover", cover)]
    parts += [(section.key, list(_of_section(section))) for section in document.parts()]
    for section, pieces in parts:
        seen: Counter[str] = Counter()
        for place, text, notes in pieces:
            seen[place] += 1
            name = place if seen[place] == 1 else f"{place} ({seen[place]})"
            if numbers := numbers_in(text):
                found.append(Printed(section, name, text, numbers, notes))
            for at, note in enumerate(notes, start=1):
                if numbers_in(note):
                    found.append(Printed(section, f"{name} > note {at}", note, numbers_in(note), (note,)))
    return tuple(found)


@dataclass(frozen=True)
class NumberList:
    """The list that travels with a file: its draft, the release and day it was made on, what it prints."""

    draft: Draft
    release_id: str
    made_on: date
    entries: tuple[Printed, ...]


def list_of(document: Document, draft: Draft, today: date) -> NumberList:
    """Return the list of the numbers of a document."""
    return NumberList(draft, document.release_id, today, printed(document))


def to_json(numbers: NumberList) -> bytes:
    """Return the list as the file that travels with a document."""
    entries = [asdict(one) for one in numbers.entries]
    held = {
        "kind": KIND,
        "version": VERSION,
        "release": numbers.release_id,
        "made_on": numbers.made_on.isoformat(),
        "draft": numbers.draft.model_dump(),
        "entries": entries,
    }
    return json.dumps(held, ensure_ascii=False, indent=1).encode()


def _entry(found: dict[str, Any]) -> Printed:
    section, place, text = (str(found[name]) for name in ("section", "place", "text"))
    return Printed(section, place, text, *(tuple(map(str, found[name])) for name in ("numbers", "sources")))


def from_json(content: bytes) -> NumberList:
    """Return the list that a file holds.

    Raises
    ------
    DraftError
        The file is no such list, or one of another version.
    """
    try:
        held = json.loads(content)
        if held["kind"] != KIND or held["version"] != VERSION:
            raise DraftError(f"a list of kind {held['kind']!r}, version {held['version']}: {KIND} {VERSION} is wanted")
        entries = tuple(map(_entry, held["entries"]))
        made_on = date.fromisoformat(held["made_on"])
        return NumberList(from_mapping(held["draft"]), str(held["release"]), made_on, entries)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise DraftError(f"the file holds no list of its numbers ({type(error).__name__}: {error})") from error
