"""Workbooks: numbers as numbers that show what pages show, words as words, tables with their title and columns."""

import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

import xlsxwriter

from dashboard.content.pieces import Column
from dashboard.figures import units

LONGEST_NAME, LONGEST_CELL, WIDEST, NARROWEST = 31, 32_000, 60, 10
# Above the columns of a table stand its title and up to three lines on it.
FIRST_ROW = 4
_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
# How languages write numbers: what stands between thousands, and before decimals.
_SIGNS = {"fr": ("[\u202f\u00a0]", ","), "en": (",", r"\.")}
# What may follow a number in a cell that is still a number: one unit of a few words. With numbers of its own it is a
# date, an hour with its minutes, one number among others; or a unit that the catalogue knows.
_UNIT = re.compile(r"|%|[\u202f\u00a0 ](?:%|€|[\w²/₂·’.-]+)(?:[\u202f\u00a0 ][\w²/₂·’.-]+){0,3}")
_YEAR = re.compile(r"(1[89]|20)\d\d")
# What a spreadsheet takes for the beginning of a formula, unless a plain number begins so.
_RUNS = re.compile(r"[=+\-@\t\r]")
_PLAIN_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?(?:[eE][+-]?\d+)?")


class Cell(NamedTuple):
    """A cell: a number with the format that shows it as pages do, or words (no format)."""

    value: float | str
    format: str = ""


class Group(NamedTuple):
    """Rows of a table under a heading of their own, or under none."""

    title: str
    rows: Sequence[Sequence[str]]


def would_run(words: str) -> bool:
    """Tell whether a spreadsheet that reads words as typed in would run them as a formula; a plain number does not."""
    return _RUNS.match(words) is not None and not _PLAIN_NUMBER.fullmatch(words)


def literal(words: str) -> str:
    """Return words as a number format writes them beside a number; nothing for none."""
    return '"' + words.replace('"', '"\\""') + '"' if words else ""


@lru_cache(maxsize=8)
def _number(language: str) -> re.Pattern[str]:
    thousands, point = _SIGNS[language]
    return re.compile(
        rf"(?P<sign>[-−+]?)(?P<before>€?)(?P<digits>\d{{1,3}}(?:{thousands}\d{{3}})+(?!\d)|\d+)"
        rf"(?:{point}(?P<decimals>\d+))?(?P<rest>.*)",
        re.DOTALL,
    )


@lru_cache(maxsize=8)
def _known_units(language: str) -> frozenset[str]:
    """Return the written forms of the units of the catalogue: some are long, some hold numbers of their own."""
    forms = (getattr(unit, language) for unit in units().values())
    return frozenset(words for form in forms for words in (form.one, form.other))


def _is_unit(rest: str, language: str) -> bool:
    if rest[:1] in {"\u00a0", "\u202f"} and rest[1:] in _known_units(language):
        return True
    return _UNIT.fullmatch(rest) is not None and not re.search(r"\d", rest)


def cell_of(words: str, is_numeric: bool, language: str = "fr") -> Cell:
    """Return a cell of a table as a number where it is one: in a numeric column, or nothing but digits and a unit.

    A year stays as it is written, and so does a number that words qualify.

    Parameters
    ----------
    language : the one whose signs for thousands and decimals the words are written with.
    """
    found = _number(language).fullmatch(words)
    if found is None or not _is_unit(found["rest"], language):
        return Cell(words)
    is_bare, is_year = found["before"] + found["rest"] == "", _YEAR.fullmatch(found["digits"]) is not None
    if not is_numeric and (is_bare or is_year):
        return Cell(words)
    digits, decimals = re.sub(r"\D", "", found["digits"]), found["decimals"] or ""
    value = float(f"{digits}.{decimals}" if decimals else digits)
    value = -value if found["sign"] in {"-", "−"} else value
    shape = ("0" if is_year else "#,##0") + ("." + "0" * len(decimals) if decimals else "")
    sign = '"+"' if found["sign"] == "+" else ""
    return Cell(value, f"{sign}{literal(found['before'])}{shape}{literal(found['rest'])}")


def _widths(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> tuple[int, ...]:
    cells = [[column.label, *(row[place] for row in rows)] for place, column in enumerate(columns)]
    return tuple(min(max(max(map(len, words)) + 2, NARROWEST), WIDEST) for words in cells)


class Book:
    """Writes a workbook: formats are made once each; the same content and day give the same bytes."""

    def __init__(self, title: str, subtitle: str, author: str, created: date) -> None:
        self._stream = io.BytesIO()
        as_written = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
        self.book = xlsxwriter.Workbook(self._stream, {"in_memory": True, **as_written})
        made = datetime(created.year, created.month, created.day)
        self.book.set_properties({"title": title, "subject": subtitle, "author": author, "created": made})
        self._formats: dict[tuple[str, bool, bool, bool], Any] = {}
        self._taken: set[str] = set()

    def content(self) -> bytes:
        """End the workbook and return its bytes."""
        self.book.close()
        return self._stream.getvalue()

    def sheet(self, title: str, place: str = "") -> Any:
        """Add a sheet named by its place and as much of its title as a name holds, unlike every other."""
        name = " ".join(f"{place} {_FORBIDDEN.sub(' ', title)}".split())[:LONGEST_NAME].strip()
        count = 1
        while name.lower() in self._taken:
            count += 1
            ending = f" {count}"
            name = name[: LONGEST_NAME - len(ending)].rstrip() + ending
        self._taken.add(name.lower())
        return self.book.add_worksheet(name)

    def format(self, number: str = "", *, bold: bool = False, head: bool = False, still: bool = False) -> Any:
        """Return a format; one that is still keeps what begins like a formula from being run when it is edited."""
        key = (number, bold, head, still)
        if key not in self._formats:
            looks: dict[str, Any] = {"font_name": "Calibri", "font_size": 11, "valign": "top"}
            looks |= {"num_format": number} if number else {"text_wrap": True}
            looks |= {"bold": True} if bold else {}
            looks |= {"bottom": 2, "bg_color": "#f7f6f3"} if head else {}
            looks |= {"quote_prefix": True} if still else {}
            self._formats[key] = self.book.add_format(looks)
        return self._formats[key]

    def line(self, sheet: Any, row: int, words: str, *, size: int = 11, bold: bool = False) -> None:
        """Write a line above a table; it passes over the cells beside it."""
        if words:
            looks = {"font_size": size, "bold": bold, "quote_prefix": would_run(words)}
            sheet.write_string(row, 0, words[:LONGEST_CELL], self.book.add_format(looks))

    def text(self, sheet: Any, row: int, column: int, words: str, *, bold: bool = False, head: bool = False) -> None:
        """Write words as words, whatever they begin with; a cell holds no more than a spreadsheet takes."""
        if words:
            shown = self.format(bold=bold, head=head, still=would_run(words))
            sheet.write_string(row, column, words[:LONGEST_CELL], shown)

    def cell(self, sheet: Any, row: int, column: int, cell: Cell, *, bold: bool = False) -> None:
        """Write a cell as what it is."""
        if isinstance(cell.value, str):
            self.text(sheet, row, column, cell.value, bold=bold)
        else:
            sheet.write_number(row, column, cell.value, self.format(cell.format))

    def head(self, sheet: Any, row: int, labels: Sequence[str], widths: Sequence[int]) -> None:
        """Write the names of columns, and keep them in sight."""
        for column, (label, width) in enumerate(zip(labels, widths, strict=True)):
            self.text(sheet, row, column, label, bold=True, head=True)
            sheet.set_column(column, column, width)
        sheet.freeze_panes(row + 1, 1)

    def table(
        self,
        sheet: Any,
        title: str,
        above: Iterable[str],
        columns: Sequence[Column],
        groups: Sequence[Group],
        language: str,
        group_label: str = "",
    ) -> None:
        """Write a table: title and up to three lines above it; groups as a column of their own where one has a title.

        Parameters
        ----------
        group_label : what the column of groups is called; with none, groups are not told.
        """
        self.line(sheet, 0, title, size=13, bold=True)
        for row, words in enumerate(above, start=1):
            self.line(sheet, row, words)
        grouped = bool(group_label) and any(group.title for group in groups)
        rows = [row for group in groups for row in group.rows]
        extra, narrow = ((group_label,), (28,)) if grouped else ((), ())
        labels = tuple(column.label for column in columns)
        self.head(sheet, FIRST_ROW, (*extra, *labels), (*narrow, *_widths(columns, rows)))
        row = FIRST_ROW
        for group in groups:
            for cells in group.rows:
                row += 1
                if grouped:
                    self.text(sheet, row, 0, group.title)
                for place, (words, column) in enumerate(zip(cells, columns, strict=True), start=len(extra)):
                    cell = cell_of(words, column.numeric, language)
                    self.cell(sheet, row, place, cell, bold=place == len(extra))
        sheet.autofilter(FIRST_ROW, 0, row, len(labels) + len(extra) - 1)
