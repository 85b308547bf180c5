"""Every table of a briefing file as a workbook: numbers as numbers, words as words, sources on a sheet of their own."""

import io
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from dashboard.dossier.blocks import Document, Grid, Section
from dashboard.dossier.draft import DraftError
from dashboard.dossier.numbers import FILE_NAME, NumberList, to_json
from dashboard.formats import separated
from dashboard.messages import message
from dashboard.spreadsheet import LONGEST_CELL, Book, Group


class _Pages:
    """The workbook of a briefing file while it is written, with the words of its language."""

    def __init__(self, document: Document, publisher: str, today: date) -> None:
        self.document = document
        self.book = Book(document.title, document.subtitle, publisher, today)

    def message(self, name: str, **values: object) -> str:
        """Return words of the interface."""
        return message(f"briefing.{name}", self.document.language, **values)


def _table(pages: _Pages, place: str, section: Section, grid: Grid) -> str:
    """Write a table: title, section, sources and note above it; groups as a column of their own. Return its sheet."""
    sheet, language = pages.book.sheet(grid.title.text, place), pages.document.language
    above = (section.name, separated(grid.title.notes, language), grid.note)
    groups = tuple(Group(group.title, group.rows) for group in grid.groups)
    pages.book.table(sheet, grid.title.text, above, grid.columns, groups, language, pages.message("group"))
    return str(sheet.get_name())


def tables_of(document: Document) -> Iterator[tuple[str, Section, Grid]]:
    """Yield every table of a document with its place (`3.2`) and section."""
    for number, section in enumerate(document.parts(), start=1):
        grids = (block for block in section.blocks if isinstance(block, Grid))
        yield from ((f"{number}.{place}", section, grid) for place, grid in enumerate(grids, start=1))


def _front(pages: _Pages, sheet: Any, names: list[tuple[str, Section, Grid]]) -> None:
    """Write what the file is, and the list of its tables, each with a link."""
    book, document = pages.book, pages.document
    book.line(sheet, 0, document.title, size=16, bold=True)
    rows = (*document.about, (pages.message("sheet_rules"), pages.message("sheet_rules_words")))
    for row, (label, words) in enumerate(rows, start=2):
        book.text(sheet, row, 0, label)
        book.text(sheet, row, 1, words)
    start = len(rows) + 3
    labels = tuple(pages.message(f"sheet_{name}") for name in ("section", "table", "rows", "sources"))
    for column, (label, width) in enumerate(zip(labels, (44, 70, 12, 60), strict=True)):
        book.text(sheet, start, column, label, bold=True, head=True)
        sheet.set_column(column, column, width)
    for row, (name, section, grid) in enumerate(names, start=start + 1):
        book.text(sheet, row, 0, section.name)
        sheet.write_url(row, 1, f"internal:'{name}'!A1", string=grid.title.text[:250])
        sheet.write_number(row, 2, len(grid.rows))
        sources = separated(grid.title.notes, document.language)
        book.text(sheet, row, 3, sources or pages.message("sheet_in_rows"))


def _numbers(pages: _Pages, numbers: NumberList) -> None:
    """Write every printed number for readers, then the same list for machines, out of sight."""
    book, language = pages.book, pages.document.language
    sheet = book.sheet(pages.message("sheet_numbers"))
    labels = tuple(pages.message(f"numbers_{name}") for name in ("section", "place", "words", "numbers", "sources"))
    book.head(sheet, 0, labels, (34, 60, 60, 24, 60))
    for row, one in enumerate(numbers.entries, start=1):
        said = (one.section, one.place, one.text, separated(one.numbers, language), separated(one.sources, language))
        for column, words in enumerate(said):
            book.text(sheet, row, column, words)
    sheet.autofilter(0, 0, len(numbers.entries), len(labels) - 1)
    hidden = book.book.add_worksheet(FILE_NAME)
    hidden.very_hidden()
    content = to_json(numbers).decode()
    for row, start in enumerate(range(0, len(content), LONGEST_CELL)):
        hidden.write_string(row, 0, content[start : start + LONGEST_CELL])


def to_xlsx(
    document: Document,
    publisher: str,
    today: date,
    numbers: NumberList,
    progress: Callable[[str], object] = lambda _: None,
) -> bytes:
    """Return every table of a document, one a sheet, with a sheet about the file and the list of its numbers."""
    pages = _Pages(document, publisher, today)
    about, names = pages.book.sheet(pages.message("sheet_about")), []
    for place, section, grid in tables_of(document):
        names.append((_table(pages, place, section, grid), section, grid))
        progress(names[-1][0])
    _front(pages, about, names)
    _numbers(pages, numbers)
    return pages.book.content()


def numbers_of(content: bytes) -> bytes:
    """Return the list of numbers that travels inside a workbook.

    Raises
    ------
    DraftError
        It holds none, or is no workbook.
    """
    try:
        book = load_workbook(io.BytesIO(content), read_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise DraftError(f"the file is no workbook that can be read ({error})") from error
    if FILE_NAME not in book.sheetnames:
        raise DraftError(f"the workbook holds no {FILE_NAME}: it was not made by the observatory")
    return "".join(str(row[0].value or "") for row in book[FILE_NAME].iter_rows(max_col=1)).encode()
