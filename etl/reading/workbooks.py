"""Sheets of workbooks (.xlsx) as text: what a cell says, faithfully; formulas, bombs and damage are refused."""

import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import pandas as pd
from defusedxml.common import DefusedXmlException  # type: ignore[import-untyped]
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from data.errors import UnreadableFileError
from etl.intake import Extracted, Rejection
from etl.reading.archives import members, open_member
from etl.reading.column_names import named_columns, same_name

MOST_ROWS = 1_048_576
# Publishers write titles and notes above the names of the columns, but not this many.
_HIGHEST_HEADER = 40
_LONGEST_TEXT = 80
_ENTITY = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
_BROKEN = (
    AttributeError, AssertionError, EOFError, IndexError, InvalidFileException, KeyError, OSError, OverflowError,
    RuntimeError, SyntaxError, TypeError, ValueError, zipfile.BadZipFile, zlib.error, DefusedXmlException,
)  # fmt: skip
_Row = tuple[int, list[Any]]


def _refuse_entities(path: Path) -> None:
    """Refuse a file that is no workbook, or whose parts define entities."""
    parts = members(path)
    if "xl/workbook.xml" not in parts:
        raise UnreadableFileError(f"{path.name} is no Excel workbook (.xlsx): take the publisher's workbook untouched")
    for part in parts:
        is_text = part.endswith((".xml", ".rels", ".vml"))
        # Without the null bytes a part in UTF-16 reads like one in UTF-8.
        if is_text and _ENTITY.search(open_member(path, part.__eq__).replace(b"\0", b"")):
            raise UnreadableFileError(f"{path.name}: {part} defines entities, which no workbook does")


def text_of(value: object, number_format: str = "General") -> str:
    """Return what a cell says: numbers with at most 15 digits, as they are shown, dates as 2024-12-31."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        text = f"{value:.15g}" if isinstance(value, float) else str(value)
        if "e" in text and float(text).is_integer() and abs(float(text)) < 1e21:
            text = str(int(float(text)))
        # A code stored as a number is shown with its zeros by a format like 00000.
        return text.zfill(len(number_format)) if set(number_format) == {"0"} and text.isdigit() else text
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time.min else value.isoformat()
    if isinstance(value, (date, time)):
        return value.isoformat()
    return f"{value.total_seconds():.15g} s" if isinstance(value, timedelta) else str(value)


def _rows(sheet: Any) -> Iterator[_Row]:
    """Yield the rows of a sheet with their numbers, empty ones left out."""
    sheet.reset_dimensions()
    for number, cells in enumerate(islice(sheet.iter_rows(), MOST_ROWS + 1), 1):
        if number > MOST_ROWS:
            raise ValueError(f"a sheet has more than {MOST_ROWS} rows")
        if any(cell.value is not None for cell in cells):
            yield number, list(cells)


def _cell_text(cell: Any) -> str:
    if getattr(cell, "data_type", "n") == "f":
        return str(getattr(cell.value, "text", None) or cell.value)
    return text_of(cell.value, getattr(cell, "number_format", None) or "General")


def _texts(cells: Sequence[Any]) -> list[str]:
    texts = [_cell_text(cell) for cell in cells]
    while texts and not texts[-1].strip():
        texts.pop()
    return texts


def _header(rows: list[_Row], columns: tuple[str, ...]) -> int:
    """Return the place in `rows` of the header: the first that names all columns, else the one that names most."""
    wanted = {same_name(column) for column in columns}
    named = [len(wanted & {same_name(text) for text in _texts(cells)}) for _, cells in rows[:_HIGHEST_HEADER]]
    return named.index(max(named))


def _table(name: str, rows: list[_Row], columns: tuple[str, ...]) -> Extracted:
    at = _header(rows, columns)
    names = named_columns(name, _texts(rows[at][1]), columns)
    judged = [place for place, one in enumerate(names) if one in columns or not columns]
    records, lines, rejected = [], [], []
    for number, cells in rows[at + 1 :]:
        formulas = [place for place in judged if place < len(cells) and getattr(cells[place], "data_type", "n") == "f"]
        rejected += [Rejection(name, number, names[place], _cell_text(cells[place])[:_LONGEST_TEXT], "formula_in_cell")
                     for place in formulas]  # fmt: skip
        texts = _texts(cells)
        if len(texts) > len(names):
            rejected.append(Rejection(name, number, "", texts[-1][:_LONGEST_TEXT], "wrong_cell_count"))
        elif not formulas and texts:
            records.append([*texts, *[""] * (len(names) - len(texts))])
            lines.append(number)
    frame = pd.DataFrame(records, columns=names, dtype="str").assign(line=pd.Series(lines, dtype="int64"))
    return Extracted(name, frame, tuple(sorted(set(rejected))))


def _chosen(path: Path, found: dict[str, list[_Row]], columns: tuple[str, ...], sheet: str) -> str:
    """Return the name of the sheet to read."""
    if sheet:
        same = [name for name in found if same_name(name) == same_name(sheet)]
    else:
        wanted = {same_name(column) for column in columns}
        filled = [name for name, rows in found.items() if rows]
        same = filled if len(filled) == 1 else [
            name for name in filled
            if any(wanted <= {same_name(text) for text in _texts(cells)} for _, cells in found[name][:_HIGHEST_HEADER])
        ]  # fmt: skip
    if len(same) != 1 or not found[same[0]]:
        what = f"the sheet {sheet!r}" if sheet else f"one sheet with the columns {', '.join(columns)}"
        raise UnreadableFileError(f"{path.name} does not have {what}; its sheets are {', '.join(found)[:300]}")
    return same[0]


def read_sheet(path: Path, columns: tuple[str, ...], sheet: str = "") -> Extracted:
    """Read a sheet faithfully: every cell text, `line` the number of its row.

    Rows above the one that names the columns are titles and left out; so are empty rows. A row with a formula in a
    wanted column (in any, where none is named) is rejected: what a formula gives is not stored reliably.

    Parameters
    ----------
    columns : those that must be there, case and order free.
    sheet : its name; without one the only sheet that has the columns.

    Raises
    ------
    UnreadableFileError
        It is no workbook, is damaged, swells or defines entities, or lacks the sheet or a column.
    """
    _refuse_entities(path)
    try:
        with path.open("rb") as stream, warnings.catch_warnings():
            # openpyxl warns of decorations it does not keep; nothing of this workbook is written again.
            warnings.simplefilter("ignore", UserWarning)
            book = load_workbook(stream, read_only=True, keep_links=False)
            try:
                found = {one.title: list(_rows(one)) for one in book.worksheets}
            finally:
                book.close()
    except _BROKEN as error:
        raise UnreadableFileError(f"{path.name} cannot be read ({str(error)[:200]}): take it again") from error
    chosen = _chosen(path, found, columns, sheet)
    return _table(path.name, found[chosen], columns)
