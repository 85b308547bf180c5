"""The briefing file as an accessible PDF (PDF/UA-1), set by typst: every word is data, none is markup."""

import io
import json
from collections.abc import Callable, Iterator
from datetime import date
from math import cos, radians, sin, sqrt
from pathlib import Path
from typing import Any

import pikepdf

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
from dashboard.dossier.draft import DraftError
from dashboard.dossier.numbers import FILE_NAME
from dashboard.dossier.setting import FONTS, Files, PdfError, accessible, printable
from dashboard.maps.hatch import ANGLES, hatch_colour
from dashboard.messages import message
from dashboard.theme import mark

MODELS = Path(__file__).parent / "models"
CHART_WIDTH_PERCENT, MAP_WIDTH_PERCENT = 100, 66
# Columns from which a table has a page lying on its side; how columns share the width of a page.
WIDE_COLUMNS, TABLE_POINTS = 7, 8
_SHARE, _LETTER_SHARE, _NARROWEST = 0.62, 0.55, 3.5
_TITLE_LENGTH, _NEARBY_BLOCKS = 70, 4


class Notes:
    """Numbers notes: one that was said nearby is named again, not repeated."""

    def __init__(self) -> None:
        self.count = self.blocks = 0
        self.known: dict[str, tuple[int, int]] = {}

    def begin(self) -> None:
        """Begin a block: what stood further back than a few of them is said again, where one reads."""
        self.blocks += 1
        self.known = {text: (number, block) for text, (number, block) in self.known.items()
                      if self.blocks - block < _NEARBY_BLOCKS}  # fmt: skip

    def of(self, notes: tuple[str, ...]) -> list[dict[str, Any]]:
        """Return notes with their number and whether they stand here for the first time."""
        found = []
        for text in notes:
            first = text not in self.known
            if first:
                self.count += 1
                self.known[text] = self.count, self.blocks
            found.append({"number": self.known[text][0], "text": text, "first": first})
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
        # A column of long texts takes more, yet not as much more as it holds: the others would have no room.
        shares.append(max(typical**_SHARE, longest * _LETTER_SHARE, _NARROWEST))
    return shares


class Pages:
    """Turns a document into what the model sets, and collects the files it needs."""

    def __init__(self, language: str, progress: Callable[[str], object]) -> None:
        self.language, self.progress = language, progress
        self.notes, self.files = Notes(), Files()

    def _file(self, stem: str, content: str) -> str:
        name = f"{stem}-{len(self.files)}.svg"
        self.files[name] = printable(content).encode()
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


def models(name: str) -> Files:
    """Return a model and the pieces it is made of."""
    return {"main.typ": (MODELS / name).read_bytes(), "pieces.typ": (MODELS / "pieces.typ").read_bytes()}


def _data(document: Document, publisher: str, pages: Pages) -> dict[str, Any]:
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
        "words": {name: message(f"briefing.{name}", language) for name in ("contents", "attached")},
        "sections": [pages.section(section) for section in document.parts()],
    }


def files_of(
    document: Document, publisher: str, numbers: bytes = b"", progress: Callable[[str], object] = lambda _: None
) -> Files:
    """Return what the document is set from: the model, the words as data, a file for each picture.

    Parameters
    ----------
    numbers : the list of its numbers, which travels inside; empty for none.
    """
    pages = Pages(document.language, progress)
    data = _data(document, publisher, pages)
    data["attached"] = bool(numbers)
    words = printable(json.dumps(data, ensure_ascii=False)).encode()
    return {**models("briefing.typ"), "data.json": words, FILE_NAME: numbers, **pages.files}


def to_pdf(
    document: Document,
    publisher: str,
    today: date,
    numbers: bytes = b"",
    progress: Callable[[str], object] = lambda _: None,
) -> bytes:
    """Return a document as a tagged, accessible PDF.

    Raises
    ------
    PdfError
        A figure has no alternative text, or the document cannot be set.
    """
    return accessible(files_of(document, publisher, numbers, progress), today)


def numbers_of(content: bytes) -> bytes:
    """Return the list of numbers that travels inside a PDF.

    Raises
    ------
    DraftError
        It holds none, or is no PDF.
    """
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            if FILE_NAME in pdf.attachments:
                return pdf.attachments[FILE_NAME].get_file().read_bytes()
    except pikepdf.PdfError as error:
        raise DraftError(f"the file is no PDF that can be read ({error})") from error
    raise DraftError(f"the PDF holds no {FILE_NAME}: it was not made by the observatory, or printed anew")
