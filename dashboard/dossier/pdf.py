"""The briefing file as an accessible PDF (PDF/UA-1), set by typst: every word is data, none is markup."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from functools import lru_cache
from math import cos, radians, sin, sqrt
from pathlib import Path
from typing import Any

import typst

from dashboard.dossier import drawn
from dashboard.dossier.blocks import (
    Address,
    Block,
    Bullets,
    Document,
    Grid,
    Heading,
    LegendEntry,
    Measures,
    Paragraph,
    Picture,
    Said,
    Section,
)
from dashboard.maps.hatch import ANGLES, hatch_colour
from dashboard.messages import message
from dashboard.theme import mark
from dashboard.typeface import DRAWING_FAMILY, drawn_folder
from data.errors import ObservatoryError

MODELS = Path(__file__).parent / "models"
# The letters of the site, then one that comes with typst and has the signs of states, then what the machine has.
FONTS = (DRAWING_FAMILY, "DejaVu Sans Mono", "Libertinus Serif", "New Computer Modern")
STANDARD = "ua-1"
CHART_WIDTH_PERCENT, MAP_WIDTH_PERCENT = 100, 66
# Columns from which a table has a page lying on its side; letters from which a column grows more slowly.
WIDE_COLUMNS, TABLE_POINTS = 7, 8
_WIDEST, _NARROWEST = 34, 9
_TITLE_LENGTH = 70


class PdfError(ObservatoryError):
    """Raised when a document cannot be made accessible: the words say what is missing."""


Files = dict[str, bytes]


class _Notes:
    """Numbers notes within a block: one that was said there before is named again, not repeated."""

    def __init__(self) -> None:
        self.count = 0
        self.known: dict[str, int] = {}

    def begin(self) -> None:
        """Begin a block."""
        self.known = {}

    def of(self, notes: tuple[str, ...]) -> list[dict[str, Any]]:
        """Return notes with their number and whether they stand here for the first time."""
        found = []
        for text in notes:
            first = text not in self.known
            if first:
                self.count += 1
                self.known[text] = self.count
            found.append({"number": self.known[text], "text": text, "first": first})
        return found

    def said(self, said: Said) -> dict[str, Any]:
        """Return words with their notes."""
        return {"text": said.text, "notes": self.of(said.notes)}


def _line(angle: float) -> tuple[list[float], list[float]]:
    """Return where a line of hatching begins and ends in a tile of size 1, which it meets again in the next."""
    along, across = cos(radians(angle)), -sin(radians(angle))
    reach = sqrt(2)
    return [0.5 - reach * along, 0.5 - reach * across], [0.5 + reach * along, 0.5 + reach * across]


def _legend(entry: LegendEntry, theme: str) -> dict[str, Any]:
    start, end = _line(ANGLES.get(entry.pattern, 45))
    colour = entry.colour if entry.colour.startswith("#") else "#ffffff"
    line = hatch_colour(entry.pattern, theme, "light")
    return {"colour": colour, "pattern": entry.pattern, "words": entry.words, "from": start, "to": end, "line": line}


def widths(grid: Grid) -> list[float]:
    """Return the share of each column of a table, by its longest line and how much it holds in all."""
    shares = []
    for place, column in enumerate(grid.columns):
        cells = [column.label, *(row[place] for row in grid.rows)]
        longest = max(len(word) for cell in cells for word in cell.replace("\n", " ").split(" "))
        typical = sum(len(cell) for cell in cells) / len(cells)
        # A column of long texts takes more, yet not as much more as it holds: its rows would else be few lines high.
        fair = min(typical, _WIDEST) + 2 * sqrt(max(typical - _WIDEST, 0.0))
        shares.append(max(fair, float(longest), float(_NARROWEST)))
    return shares


class _Pages:
    """Turns a document into what the model sets, and collects the files it needs."""

    def __init__(self, language: str, progress: Callable[[str], object]) -> None:
        self.language, self.progress = language, progress
        self.notes, self.files = _Notes(), Files()

    def _file(self, stem: str, content: str) -> str:
        name = f"{stem}-{len(self.files)}.svg"
        self.files[name] = content.encode()
        return name

    def picture(self, one: Picture, theme: str) -> dict[str, Any]:
        """Return a chart or map with its alternative."""
        if not one.alternative.strip():
            raise PdfError(f"the figure {one.key!r} has no alternative text: no document is made without one")
        return {
            "kind": "picture",
            "title": self.notes.said(one.title),
            "subtitle": one.subtitle,
            "alternative": one.alternative,
            "file": self._file("picture", drawn.svg(one)),
            "width": MAP_WIDTH_PERCENT if one.is_map else CHART_WIDTH_PERCENT,
            "legend": [_legend(entry, theme) for entry in one.legend],
            "foot": one.foot,
        }

    def grid(self, one: Grid) -> dict[str, Any]:
        """Return a table with the widths of its columns."""
        return {
            "kind": "grid",
            "title": self.notes.said(one.title),
            "note": one.note,
            "columns": [column.label for column in one.columns],
            "numeric": [column.numeric for column in one.columns],
            "widths": widths(one),
            "wide": len(one.columns) >= WIDE_COLUMNS,
            "groups": [{"title": group.title, "rows": [list(row) for row in group.rows]} for group in one.groups],
        }

    def block(self, one: Block, theme: str) -> dict[str, Any]:
        """Return one block as data of the model."""
        self.notes.begin()
        match one:
            case Heading():
                return {"kind": "heading", "level": one.level, "text": one.text}
            case Paragraph():
                return {"kind": "paragraph", "tone": one.tone, "said": self.notes.said(one.said)}
            case Measures():
                found = [
                    {"number": each.number, "unit": each.unit, "label": each.label, "detail": each.detail,
                     "notes": self.notes.of((each.note,) if each.note else ())}
                    for each in one.measures
                ]  # fmt: skip
                return {"kind": "measures", "measures": found}
            case Picture():
                return self.picture(one, theme)
            case Grid():
                return self.grid(one)
            case Bullets():
                return {"kind": "bullets", "title": one.title, "lines": [self.notes.said(line) for line in one.lines]}

    def codes(self, address: Address) -> Iterator[dict[str, str]]:
        """Yield the codes of a section: the page as it is today, then a figure as this release has it."""
        for name, where in (("live", address.live), ("frozen", address.frozen)):
            if where:
                label = message(f"briefing.code_{name}", self.language)
                alternative = message("briefing.code_alternative", self.language, label=label, address=where)
                # A place to break at after each stroke: an address has no blanks.
                shown = where.replace("/", "/\u200b").replace("?", "?\u200b").replace("&", "&\u200b")
                yield {"label": label, "address": where, "shown": shown, "alternative": alternative,
                       "file": self._file("code", drawn.code_svg(where))}  # fmt: skip

    def section(self, one: Section) -> dict[str, Any]:
        """Return a section as data of the model."""
        self.notes.begin()
        made = {
            "name": one.name,
            "title": self.notes.said(one.title),
            "colour": mark(one.theme, "light"),
            "blocks": [self.block(block, one.theme) for block in one.blocks],
            "codes": list(self.codes(one.address)),
        }
        self.progress(one.name)
        return made


@lru_cache
def _compiler() -> typst.Compiler:
    """Return the compiler: it keeps what it has read of typefaces."""
    return typst.Compiler(font_paths=[str(drawn_folder())])


def _model(name: str) -> bytes:
    return (MODELS / name).read_bytes()


def compiled(files: Files, today: date, page_format: str = "pdf") -> bytes | list[bytes]:
    """Return what typst makes of a model and its files: an accessible PDF, or its pages as pictures.

    Raises
    ------
    PdfError
        The document would not be accessible, or cannot be set.
    """
    stamp = datetime(today.year, today.month, today.day, tzinfo=UTC)
    try:
        if page_format == "pdf":
            return _compiler().compile(files, pdf_standards=[STANDARD], timestamp=stamp)
        return _compiler().compile(files, format=page_format, ppi=80.0, timestamp=stamp)
    except typst.TypstError as error:
        raise PdfError(f"the document cannot be set as an accessible PDF: {error}") from error


def _data(document: Document, publisher: str, pages: _Pages) -> dict[str, Any]:
    language = document.language
    return {
        "title": document.title,
        "title_length": len(document.title.encode()[:_TITLE_LENGTH].decode(errors="ignore").encode()),
        "subtitle": document.subtitle,
        "publisher": publisher,
        "language": language,
        "edition": message("briefing.edition", language, identifier=document.release_id[:8]),
        "fonts": list(FONTS),
        "table_size": TABLE_POINTS,
        "about": [list(row) for row in document.about],
        "words": {"contents": message("briefing.contents", language)},
        "sections": [pages.section(section) for section in document.parts()],
    }


def files_of(document: Document, publisher: str, progress: Callable[[str], object] = lambda _: None) -> Files:
    """Return what the document is set from: the model, the words as data, a file for each picture."""
    pages = _Pages(document.language, progress)
    data = _data(document, publisher, pages)
    return {
        "main.typ": _model("briefing.typ"),
        "data.json": json.dumps(data, ensure_ascii=False).encode(),
        **pages.files,
    }


def to_pdf(
    document: Document, publisher: str, today: date, progress: Callable[[str], object] = lambda _: None
) -> bytes:
    """Return a document as a tagged, accessible PDF.

    Raises
    ------
    PdfError
        A figure has no alternative text, or the document cannot be set.
    """
    made = compiled(files_of(document, publisher, progress), today)
    if isinstance(made, list):
        raise PdfError("typst made pages instead of a document")
    return made
