"""Every table of a briefing file as a workbook: numbers as numbers, words as words, sources on a sheet of their own."""

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any, NamedTuple

import xlsxwriter
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from dashboard.dossier.blocks import Document, Grid, Section
from dashboard.dossier.draft import DraftError
from dashboard.dossier.numbers import FILE_NAME, NumberList, to_json
from dashboard.messages import message

LONGEST_NAME, LONGEST_CELL, WIDEST = 31, 32_000, 60
_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
_NUMBER = re.compile(
    r"(?P<sign>[-−+]?)(?P<digits>\d{1,3}(?:[\u202f\u00a0]\d{3})+(?!\d)|\d+)(?:,(?P<decimals>\d+))?(?P<rest>.*)",
    re.DOTALL,
)
# What may follow a number in a cell that is still a number: one unit of one or two words.
_UNIT = re.compile(r"|[\u202f\u00a0 ](?:%|€|[\w²/₂·-]+)(?:[\u202f\u00a0 ][\w²/₂·’-]+){0,3}")
_YEAR = re.compile(r"(1[89]|20)\d\d")


class Cell(NamedTuple):
    """A cell: a number with the format that shows it as pages do, or words (no format)."""

    value: float | str
    format: str = ""


def cell_of(words: str, is_numeric: bool) -> Cell:
    """Return a cell of a table as a number where it is one: in a numeric column, or nothing but digits and a unit.

    A year stays as it is written, and so does a number that words qualify.
    """
    found = _NUMBER.fullmatch(words)
    if found is None or not _UNIT.fullmatch(found["rest"]) or (not is_numeric and found["rest"] == ""):
        return Cell(words)
    if not is_numeric and _YEAR.fullmatch(found["digits"]):
        return Cell(words)
    digits, decimals = re.sub(r"\D", "", found["digits"]), found["decimals"] or ""
    value = float(f"{digits}.{decimals}" if decimals else digits)
    value = -value if found["sign"] in {"-", "−"} else value
    grouped = "0" if is_numeric and _YEAR.fullmatch(found["digits"]) else "#,##0"
    shape = grouped + ("." + "0" * len(decimals) if decimals else "")
    unit = found["rest"].replace('"', '""')
    sign = '"+"' if found["sign"] == "+" else ""
    return Cell(value, f'{sign}{shape}"{unit}"' if unit else f"{sign}{shape}")


def _sheet_name(title: str, place: str, taken: set[str]) -> str:
    """Return the name of a sheet: its place, then as much of its title as a name holds."""
    name = f"{place} {_FORBIDDEN.sub(' ', title)}"[:LONGEST_NAME].strip()
    taken.add(name.lower())
    return name


class _Book:
    """Writes a workbook: formats are made once each."""

    def __init__(self, stream: io.BytesIO, document: Document, publisher: str, today: date) -> None:
        self.document = document
        self.book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False,
                                                 "strings_to_numbers": False, "strings_to_urls": False})  # fmt: skip
        made = datetime(today.year, today.month, today.day)
        self.book.set_properties({"title": document.title, "subject": document.subtitle, "author": publisher,
                                  "created": made})  # fmt: skip
        self.formats: dict[tuple[str, bool, bool], Any] = {}
        self.taken: set[str] = set()

    def format(self, number: str = "", *, bold: bool = False, head: bool = False) -> Any:
        """Return a format."""
        key = (number, bold, head)
        if key not in self.formats:
            looks: dict[str, Any] = {"font_name": "Calibri", "font_size": 11, "valign": "top"}
            looks |= {"num_format": number} if number else {"text_wrap": True}
            looks |= {"bold": True} if bold else {}
            looks |= {"bottom": 2, "bg_color": "#f7f6f3"} if head else {}
            self.formats[key] = self.book.add_format(looks)
        return self.formats[key]

    def text(self, sheet: Any, row: int, column: int, words: str, *, bold: bool = False, head: bool = False) -> None:
        """Write words as words, whatever they begin with; a cell holds no more than a spreadsheet takes."""
        if words:
            sheet.write_string(row, column, words[:LONGEST_CELL], self.format(bold=bold, head=head))

    def head(self, sheet: Any, row: int, labels: tuple[str, ...], widths: tuple[int, ...]) -> None:
        """Write the names of columns, and keep them in sight."""
        for column, (label, width) in enumerate(zip(labels, widths, strict=True)):
            self.text(sheet, row, column, label, bold=True, head=True)
            sheet.set_column(column, column, width)
        sheet.freeze_panes(row + 1, 1)

    def message(self, name: str, **values: object) -> str:
        """Return words of the interface."""
        return message(f"briefing.{name}", self.document.language, **values)


def _widths(grid: Grid) -> tuple[int, ...]:
    cells = [[column.label, *(row[place] for row in grid.rows)] for place, column in enumerate(grid.columns)]
    return tuple(min(max(max(map(len, words), default=0) + 2, 10), WIDEST) for words in cells)


FIRST_ROW = 4


def _table(book: _Book, name: str, section: Section, grid: Grid) -> None:
    """Write a table: title, section, sources and note above it; groups as a column of their own."""
    sheet = book.book.add_worksheet(name)
    grouped = any(group.title for group in grid.groups)
    sheet.write_string(0, 0, grid.title.text[:LONGEST_CELL], book.book.add_format({"bold": True, "font_size": 13}))
    for row, words in enumerate((section.name, " ; ".join(grid.title.notes), grid.note), start=1):
        if words:
            sheet.write_string(row, 0, words[:LONGEST_CELL])
    labels = tuple(column.label for column in grid.columns)
    extra = (book.message("group"),) if grouped else ()
    book.head(sheet, FIRST_ROW, (*extra, *labels), (*((28,) if grouped else ()), *_widths(grid)))
    row = FIRST_ROW
    for group in grid.groups:
        for cells in group.rows:
            row += 1
            if grouped:
                book.text(sheet, row, 0, group.title)
            _row(book, sheet, row, len(extra), cells, grid)
    sheet.autofilter(FIRST_ROW, 0, row, len(labels) + len(extra) - 1)


def _row(book: _Book, sheet: Any, row: int, first: int, cells: tuple[str, ...], grid: Grid) -> None:
    for place, (words, column) in enumerate(zip(cells, grid.columns, strict=True), start=first):
        cell = cell_of(words, column.numeric)
        if isinstance(cell.value, str):
            book.text(sheet, row, place, words, bold=place == first)
        else:
            sheet.write_number(row, place, cell.value, book.format(cell.format))


def tables_of(document: Document) -> Iterator[tuple[str, Section, Grid]]:
    """Yield every table of a document with its place (`3.2`) and section."""
    for number, section in enumerate(document.parts(), start=1):
        grids = (block for block in section.blocks if isinstance(block, Grid))
        yield from ((f"{number}.{place}", section, grid) for place, grid in enumerate(grids, start=1))


def _front(book: _Book, names: list[tuple[str, Section, Grid]]) -> None:
    """Write what the file is, and the list of its tables, each with a link."""
    sheet = book.book.get_worksheet_by_name(book.message("sheet_about"))
    sheet.write_string(0, 0, book.document.title, book.book.add_format({"bold": True, "font_size": 16}))
    rows = (*book.document.about, (book.message("sheet_rules"), book.message("sheet_rules_words")))
    for row, (label, words) in enumerate(rows, start=2):
        book.text(sheet, row, 0, label)
        book.text(sheet, row, 1, words)
    start = len(rows) + 3
    labels = tuple(book.message(f"sheet_{name}") for name in ("section", "table", "rows", "sources"))
    for column, (label, width) in enumerate(zip(labels, (44, 70, 12, 60), strict=True)):
        book.text(sheet, start, column, label, bold=True, head=True)
        sheet.set_column(column, column, width)
    for row, (name, section, grid) in enumerate(names, start=start + 1):
        book.text(sheet, row, 0, section.name)
        sheet.write_url(row, 1, f"internal:'{name}'!A1", string=grid.title.text[:250])
        sheet.write_number(row, 2, len(grid.rows))
        book.text(sheet, row, 3, " ; ".join(grid.title.notes) or book.message("sheet_in_rows"))


def _numbers(book: _Book, numbers: NumberList) -> None:
    """Write every printed number for readers, then the same list for machines, out of sight."""
    sheet = book.book.add_worksheet(book.message("sheet_numbers"))
    labels = tuple(book.message(f"numbers_{name}") for name in ("section", "place", "words", "numbers", "sources"))
    book.head(sheet, 0, labels, (34, 60, 60, 24, 60))
    for row, one in enumerate(numbers.entries, start=1):
        said = (one.section, one.place, one.text, " ; ".join(one.numbers), " ; ".join(one.sources))
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
    stream = io.BytesIO()
    book = _Book(stream, document, publisher, today)
    book.book.add_worksheet(book.message("sheet_about"))
    names = []
    for place, section, grid in tables_of(document):
        name = _sheet_name(grid.title.text, place, book.taken)
        _table(book, name, section, grid)
        names.append((name, section, grid))
        progress(name)
    _front(book, names)
    _numbers(book, numbers)
    book.book.close()
    return stream.getvalue()


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
