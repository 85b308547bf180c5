"""The briefing file as a text document (DOCX): styles, captions, footnotes, tables that can be edited."""

import io
import zipfile
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime
from typing import Any

import docx
from docx.document import Document as WordDocument
from docx.enum.section import WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Emu, RGBColor
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph as WordParagraph

from dashboard.dossier import drawn, word_look
from dashboard.dossier.blocks import (
    Block,
    Bullets,
    Document,
    Grid,
    Heading,
    Measure,
    Measures,
    Paragraph,
    Picture,
    Said,
    Section,
)
from dashboard.dossier.draft import DraftError
from dashboard.dossier.numbers import FILE_NAME
from dashboard.dossier.pdf import WIDE_COLUMNS, widths
from dashboard.dossier.plain import plain
from dashboard.dossier.word_notes import Footnotes
from dashboard.messages import message
from dashboard.theme import mark
from data.errors import ObservatoryError

MAP_CM, CODE_CM, MEASURES_ACROSS = 9.5, 1.7, 3
# A picture no page could hold would be cut: its sentence, legend and notes need room on the same page.
TALLEST_CM = 21.0
# The character style of words that stand out; the blank file brings it along.
_STRONG = "Strong"
# What stands beneath the rows of a table's properties: files that keep another order are refused by some readers.
_AFTER_BORDERS = ("w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook", "w:tblCaption", "w:tblDescription")
_NUMBERS_PART = f"/customXml/{FILE_NAME}"
_NUMBERS_RELATION = "urn:observatory:briefing-numbers"
# What zip files say of when a part was written: the same for the same content.
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)


class WordError(ObservatoryError):
    """Raised when a text document cannot be made accessible: it says which figure has no alternative text."""


class _Writer:
    """Writes the blocks of a document one after the other."""

    def __init__(self, document: Document) -> None:
        self.document, self.word = document, docx.Document()
        self.notes, self.is_lying = Footnotes(), False
        word_look.set_styles(self.word, document.language)

    def said(self, paragraph: WordParagraph, said: Said) -> WordParagraph:
        """Add words with the marks of their notes to a paragraph."""
        if said.text:
            paragraph.add_run(said.text)
        for place, note in enumerate(said.notes):
            if place:  # two marks side by side would read as one number
                paragraph.add_run(", ").font.superscript = True
            self.notes.add(paragraph, note)
        return paragraph

    def paragraph(self, said: Said, style: str) -> WordParagraph:
        """Add a paragraph of a style."""
        return self.said(self.word.add_paragraph(style=style), said)

    def plain(self, text: str, style: str) -> None:
        """Add a paragraph without notes, if there are words."""
        if text:
            self.word.add_paragraph(text, style=style)

    def turn(self, lying: bool) -> None:
        """Begin pages that lie on their side, or stand again."""
        if lying != self.is_lying:
            word_look.shape_page(self.word.add_section(WD_SECTION.NEW_PAGE), lying)
            self.is_lying = lying

    def block(self, one: Block, theme: str) -> None:
        """Add one block."""
        self.turn(isinstance(one, Grid) and len(one.columns) >= WIDE_COLUMNS)
        match one:
            case Heading():
                self.plain(one.text, f"Heading {one.level}")
            case Paragraph():
                style = {"lead": word_look.LEAD, "quiet": word_look.SMALL}.get(one.tone, "Normal")
                self.paragraph(one.said, style)
            case Measures():
                self.measures(one, theme)
            case Picture():
                self.picture(one)
            case Grid():
                self.grid(one)
            case Bullets():
                self.plain(one.title, word_look.LIST_TITLE)
                for line in one.lines:
                    self.paragraph(line, "List Bullet")

    def measures(self, one: Measures, theme: str) -> None:
        """Add figures in large side by side, in a table without lines but the one on their left."""
        if not one.measures:
            return
        across = min(MEASURES_ACROSS, len(one.measures))
        table = self.word.add_table(rows=-(-len(one.measures) // across), cols=across)
        for place, measure in enumerate(one.measures):
            self._measure(table.cell(place // across, place % across), measure, theme)
        for row in table._tbl.tr_lst:
            _keep_whole(row)
        self.plain("\u00a0", word_look.RULE)

    def _measure(self, cell: _Cell, one: Measure, theme: str) -> None:
        _edge(cell, "left", mark(theme, "light"), 12)
        first = cell.paragraphs[0]
        first.style = word_look.FIGURE
        unit = f" {one.unit}" if one.unit else ""
        self.said(first, Said(f"{one.number}{unit}", (one.note,) if one.note else ()))
        cell.add_paragraph(one.label, style=word_look.LABEL)
        if one.detail:
            cell.add_paragraph(one.detail, style=word_look.SMALL)

    def picture(self, one: Picture) -> None:
        """Add a chart or map under its sentence, with its alternative text."""
        if not one.alternative.strip():
            raise WordError(f"the figure {one.key!r} has no alternative text: no document is made without one")
        self.paragraph(one.title, "Caption")
        if one.subtitle:
            self.word.add_paragraph(one.subtitle, style=word_look.SMALL).paragraph_format.keep_with_next = True
        holder = self.word.add_paragraph(style="Normal")
        holder.paragraph_format.keep_with_next = bool(one.legend or one.foot)
        _draw(holder, drawn.png(one), MAP_CM if one.is_map else word_look.TEXT_CM, one.alternative)
        if one.legend:
            legend = self.word.add_paragraph(style=word_look.SMALL)
            for entry in one.legend:
                sign = legend.add_run("\u25a0 " if entry.pattern == "" else "\u25a8 ")
                if entry.pattern == "" and entry.colour.startswith("#"):
                    sign.font.color.rgb = RGBColor.from_string(entry.colour[1:].upper())
                legend.add_run(f"{entry.words}    ")
        self.plain(one.foot, word_look.SMALL)

    def grid(self, one: Grid) -> None:
        """Add a table: its head again on every page, no row torn apart, numbers to the right."""
        self.paragraph(one.title, "Caption")
        if one.note:
            self.word.add_paragraph(one.note, style=word_look.SMALL).paragraph_format.keep_with_next = True
        table: Table = self.word.add_table(rows=1, cols=len(one.columns))
        table.style = "Table Grid"
        table.autofit = False
        _light_lines(table)
        shares = widths(one)
        whole = (word_look.PAGE_CM[1] if self.is_lying else word_look.PAGE_CM[0]) - 2 * word_look.MARGIN_CM
        sizes = [Cm(whole * share / sum(shares)) for share in shares]
        self._head(table, one)
        for group in one.groups:
            if group.title:
                _fill_group(table, group.title)
            for row in group.rows:
                _fill_row(table, row, one)
        _set_widths(table, sizes)
        self.plain("\u00a0", word_look.RULE)

    @staticmethod
    def _head(table: Table, one: Grid) -> None:
        for cell, column in zip(table.rows[0].cells, one.columns, strict=True):
            _put(cell, column.label, bold=True, right=column.numeric)
            _shade(cell, "F7F6F3")
        repeated = OxmlElement("w:tblHeader")
        repeated.set(qn("w:val"), "true")
        table.rows[0]._tr.get_or_add_trPr().append(repeated)

    def codes(self, section: Section) -> None:
        """Add the codes of a section, each with its address."""
        found = [(name, where) for name, where in (("live", section.address.live), ("frozen", section.address.frozen))
                 if where]  # fmt: skip
        if not found:
            return
        table = self.word.add_table(rows=1, cols=2 * len(found))
        table.autofit = False
        beside = word_look.TEXT_CM / len(found) - CODE_CM - 0.4
        for place, (name, where) in enumerate(found):
            label = message(f"briefing.code_{name}", self.document.language)
            alternative = message("briefing.code_alternative", self.document.language, label=label, address=where)
            code, words = table.cell(0, 2 * place).paragraphs[0], table.cell(0, 2 * place + 1).paragraphs[0]
            code.style = words.style = word_look.SMALL
            _draw(code, drawn.code_png(where), CODE_CM, alternative)
            words.add_run(label)
            words.add_run().add_break()
            _link(words, where)
        _set_widths(table, [Cm(CODE_CM + 0.4), Cm(beside)] * len(found))
        self.plain("\u00a0", word_look.RULE)

    def section(self, one: Section) -> None:
        """Add a section on a page of its own."""
        self.turn(False)
        heading = self.word.add_paragraph(one.name, style="Heading 1")
        heading.paragraph_format.page_break_before = True
        self.paragraph(one.title, word_look.MESSAGE)
        word_look.rule(self.word, mark(one.theme, "light"))
        self.codes(one)
        for block in one.blocks:
            self.block(block, one.theme)

    def cover(self) -> None:
        """Add the cover and the contents."""
        document = self.document
        word_look.shape_page(self.word.sections[0])
        word_look.set_running_titles(self.word.sections[0], document.title, document.subtitle)
        _set_tabs(self.word.sections[0].footer.paragraphs[0])
        self.plain(document.title, "Title")
        self.plain(document.subtitle, "Subtitle")
        table = self.word.add_table(rows=0, cols=2)
        for label, words in document.about:
            cells = table.add_row().cells
            _put(cells[0], label)
            _put(cells[1], words)
        _set_widths(table, [Cm(4), Cm(word_look.TEXT_CM - 4)])
        title = self.word.add_paragraph(message("briefing.contents", document.language), style=word_look.MESSAGE)
        title.paragraph_format.page_break_before = True
        word_look.contents(self.word, [section.name for section in document.parts()])


def _put(cell: _Cell, text: str, bold: bool = False, right: bool = False) -> None:
    """Write words into a cell, a paragraph a line."""
    for place, line in enumerate(text.split("\n")):
        paragraph = cell.paragraphs[0] if place == 0 else cell.add_paragraph()
        # By its id: thousands of cells, and a name is looked for among all styles.
        paragraph._p.style = word_look.CELL
        if right:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        run = paragraph.add_run(line)
        if bold:
            run._r.style = _STRONG


def _fill_row(table: Table, row: tuple[str, ...], one: Grid) -> None:
    for place, (cell, words, column) in enumerate(zip(table.add_row().cells, row, one.columns, strict=True)):
        _put(cell, words, bold=place == 0, right=column.numeric)


def _fill_group(table: Table, title: str) -> None:
    cells = table.add_row().cells
    merged = cells[0].merge(cells[-1])
    _put(merged, title, bold=True)
    _shade(merged, "FFFFFF")
    merged.paragraphs[0].paragraph_format.keep_with_next = True


def _set_widths(table: Table, sizes: list[Cm]) -> None:
    """Give columns their widths, in the grid of the table and in each cell: readers follow one or the other."""
    for column, size in zip(table.columns, sizes, strict=True):
        column.width = size
    for row in table._tbl.tr_lst:
        _keep_whole(row)
        cells = row.tc_lst
        for cell, size in zip(cells, sizes if len(cells) > 1 else [Cm(sum(size.cm for size in sizes))], strict=True):
            cell.width = size


def _keep_whole(row: Any) -> None:
    whole = OxmlElement("w:cantSplit")
    whole.set(qn("w:val"), "true")
    row.get_or_add_trPr().append(whole)


def _shade(cell: _Cell, colour: str) -> None:
    shade = OxmlElement("w:shd")
    for key, value in (("val", "clear"), ("color", "auto"), ("fill", colour)):
        shade.set(qn(f"w:{key}"), value)
    cell._tc.get_or_add_tcPr().append(shade)


def _edge(cell: _Cell, side: str, colour: str, eighths: int) -> None:
    borders, edge = OxmlElement("w:tcBorders"), OxmlElement(f"w:{side}")
    for key, value in (("val", "single"), ("sz", str(eighths)), ("space", "0"), ("color", colour.removeprefix("#"))):
        edge.set(qn(f"w:{key}"), value)
    borders.append(edge)
    cell._tc.get_or_add_tcPr().append(borders)


def _light_lines(table: Table) -> None:
    """Draw the lines between rows alone, thin and light."""
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "bottom", "insideH"):
        edge = OxmlElement(f"w:{side}")
        for key, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", "D9D9DE")):
            edge.set(qn(f"w:{key}"), value)
        borders.append(edge)
    for side in ("left", "right", "insideV"):
        edge = OxmlElement(f"w:{side}")
        edge.set(qn("w:val"), "nil")
        borders.append(edge)
    table._tbl.tblPr.insert_element_before(borders, *_AFTER_BORDERS)


def _draw(paragraph: WordParagraph, content: bytes, width_cm: float, alternative: str) -> None:
    """Add a picture with its alternative text, narrower where a page could not hold it."""
    shape = paragraph.add_run().add_picture(io.BytesIO(content), width=Cm(width_cm))
    if shape.height > (tallest := Cm(TALLEST_CM)):
        shape.width, shape.height = Emu(round(shape.width * tallest / shape.height)), tallest
    shape._inline.docPr.set("descr", alternative)


def _set_tabs(foot: WordParagraph) -> None:
    """Give the foot of pages the two stops its words are written for: the middle, and the right edge of the text."""
    stops = foot.paragraph_format.tab_stops
    stops.add_tab_stop(Cm(word_look.TEXT_CM / 2), WD_TAB_ALIGNMENT.CENTER)
    stops.add_tab_stop(Cm(word_look.TEXT_CM), WD_TAB_ALIGNMENT.RIGHT)


def _link(paragraph: WordParagraph, address: str) -> None:
    """Add an address that can be followed."""
    identifier = paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), identifier)
    run = paragraph.add_run(address)
    run.font.underline = True
    link.append(run._r)
    paragraph._p.append(link)


def _fit(found: Any) -> Any:
    """Return a document, or a part of one, with words that a file may hold; the same object where they all are.

    What pictures are drawn from is left alone, and a picture that did not change keeps what was drawn of it.
    """
    if isinstance(found, str):
        fitting = plain(found)
        return found if fitting == found else fitting
    if isinstance(found, tuple):
        made = tuple(map(_fit, found))
        return found if all(map(lambda new, old: new is old, made, found)) else made
    if not is_dataclass(found) or isinstance(found, type):
        return found
    held = {field.name: getattr(found, field.name) for field in fields(found) if field.name != "drawn"}
    changed = {name: new for name, old in held.items() if (new := _fit(old)) is not old}
    return replace(found, **changed) if changed else found


def _same_bytes(content: bytes) -> bytes:
    """Return a file whose parts bear no time: the same content gives the same bytes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            after.writestr(zipfile.ZipInfo(name, _ZIP_TIME), before.read(name), zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def _set_properties(word: WordDocument, document: Document, publisher: str, today: date) -> None:
    made, about = datetime(today.year, today.month, today.day), word.core_properties
    about.title, about.subject, about.author, about.language = (document.title[:255], document.subtitle[:255],
                                                                publisher[:255], document.language)  # fmt: skip
    about.created = about.modified = made
    about.last_modified_by, about.revision, about.comments, about.keywords = publisher[:255], 1, "", ""


def to_docx(
    document: Document,
    publisher: str,
    today: date,
    numbers: bytes,
    progress: Callable[[str], object] = lambda _: None,
) -> bytes:
    """Return a document as DOCX; the list of its numbers travels inside.

    Raises
    ------
    WordError
        A figure has no alternative text.
    """
    document, publisher = _fit(document), plain(publisher)
    writer = _Writer(document)
    writer.cover()
    for section in document.parts():
        writer.section(section)
        progress(section.name)
    writer.notes.attach(writer.word)
    package = writer.word.part.package
    part = Part(PackURI(_NUMBERS_PART), "application/json", numbers, package)
    package.relate_to(part, _NUMBERS_RELATION)
    _set_properties(writer.word, document, publisher, today)
    stream = io.BytesIO()
    writer.word.save(stream)
    return _same_bytes(stream.getvalue())


def numbers_of(content: bytes) -> bytes:
    """Return the list of numbers that travels inside a text document.

    Raises
    ------
    DraftError
        It holds none, or is no such file.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            return parts.read(_NUMBERS_PART.lstrip("/"))
    except (zipfile.BadZipFile, KeyError) as error:
        raise DraftError(
            f"the document holds no {FILE_NAME}: it was not made by the observatory, or saved anew"
        ) from error
