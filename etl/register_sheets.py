"""Reading the workbook of the city's registers: only what it is made of may come in, and nothing that names a person.

Received files are kept as they are. What must not be kept is therefore refused before anything is stored: a column that
the workbook does not have, a comment, a mail address or a telephone number anywhere in it.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from data.errors import UnreadableFileError, UnreadableSheetError
from data.gap_sheet.layout import GUIDE, STAMP, Tab
from data.gap_sheet.words import say, tab_titles
from data.register_sheet.layout import TABS
from etl.city_sheet.cells import is_empty, reaches_a_person
from etl.city_sheet.workbook import open_workbook
from etl.intake import Extracted, Rejection
from etl.reading.workbooks import text_of

_PERSONAL = re.compile(
    r"proprietaire|locataire|occupant|gerant|exploitant|bailleur|preneur|contact|\bnoms?\b|prenom|\btel|mobile|portable|"
    r"mail|courriel|naissance|adresse|personne|owner|tenant|phone|siren|siret"
)
_HIGHEST_HEADER = 40
_MOST_ROWS, _MOST_COLUMNS = 20_000, 60
_FRESH = "write a fresh workbook with `python -m etl sheets` and copy the rows into it"


def plain(text: object) -> str:
    """Return a text without accents, capitals and needless spaces, to compare headings and words of lists."""
    bare = unicodedata.normalize("NFKD", str(text).replace("’", "'")).encode("ascii", "ignore").decode()
    return " ".join(bare.casefold().split())


@dataclass(frozen=True)
class Head:
    """The header of a tab: its row, and the place of each column by name, both from 1."""

    row: int
    places: dict[str, int]


def _headings(tab: Tab) -> dict[str, str]:
    return {plain(say(f"column.{column.name}.title")): column.name for column in tab.columns}


def head_of(sheet: Worksheet, tab: Tab, file: str) -> Head:
    """Find the row that names the columns of a tab.

    Raises
    ------
    UnreadableFileError
        It lacks one, or names others.
    """
    wanted = _headings(tab)
    rows = list(sheet.iter_rows(max_row=_HIGHEST_HEADER))
    named = [sum(plain(cell.value) in wanted for cell in cells if not is_empty(cell.value)) for cells in rows]
    at = named.index(max(named)) if named else 0
    found = {plain(cell.value): cell for cell in rows[at] if not is_empty(cell.value)} if rows else {}
    missing = [say(f"column.{name}.title") for heading, name in wanted.items() if heading not in found]
    if missing:
        raise UnreadableFileError(f"{file}, {sheet.title}: no column {', '.join(missing)}: {_FRESH}")
    for heading, cell in found.items():
        if heading not in wanted:
            what = "looks personal" if _PERSONAL.search(heading) else "is none of the workbook's"
            raise UnreadableFileError(
                f"{file}, {sheet.title}!{cell.coordinate}: the column {str(cell.value)[:60]!r} {what}. Files are kept "
                "as they are, so nothing of this one was: remove the column and what is in it"
            )
    return Head(at + 1, {wanted[heading]: int(cell.column or 0) for heading, cell in found.items()})


def _filled(sheet: Worksheet) -> Iterator[Any]:
    """Yield the cells of a sheet that say something or bear a comment."""
    for cells in sheet.iter_rows():
        for cell in cells:
            if not is_empty(cell.value) or getattr(cell, "comment", None) is not None:
                yield cell


def _refuse_persons(book: Workbook, file: str) -> None:
    """Refuse a workbook with something that reaches a person, wherever it stands."""
    for sheet in book.worksheets:
        if sheet.max_row > _MOST_ROWS or sheet.max_column > _MOST_COLUMNS:
            raise UnreadableFileError(f"{file}, {sheet.title}: more than {_MOST_ROWS} rows or {_MOST_COLUMNS} columns: "
                                      f"{_FRESH}")  # fmt: skip
        for cell in _filled(sheet):
            what = "a comment" if cell.comment is not None else ""
            if isinstance(cell.value, str) and reaches_a_person(cell.value):
                what = "a mail address or telephone number"
            if what:
                raise UnreadableFileError(
                    f"{file}, {sheet.title}!{cell.coordinate}: {what}. Files are kept as they are, so nothing of this "
                    "one was: remove it and take the file again"
                )


def _refuse_strangers(book: Workbook, file: str) -> None:
    """Refuse a tab with content that is not of the workbook, and content beside the columns of one that is."""
    known = {tab_titles()[tab.name]: tab for tab in TABS}
    for sheet in book.worksheets:
        if sheet.title in {say(f"sheet.{GUIDE}.title"), STAMP}:
            continue
        if sheet.title not in known:
            if next(_filled(sheet), None) is not None:
                raise UnreadableFileError(f"{file}: the tab {sheet.title!r} is not of the workbook: remove it")
            continue
        head = head_of(sheet, known[sheet.title], file)
        beside = next((cell for cell in _filled(sheet)
                       if cell.row > head.row and cell.column not in head.places.values()), None)  # fmt: skip
        if beside is not None:
            raise UnreadableFileError(f"{file}, {sheet.title}!{beside.coordinate}: stands beside the columns of the "
                                      "workbook: remove it")  # fmt: skip


def _rows(sheet: Worksheet, tab: Tab, file: str) -> tuple[list[dict[str, Any]], list[Rejection]]:
    """Return the rows of a tab, cells as text, and those that hold a formula."""
    head, place = head_of(sheet, tab, file), f"{file}/{sheet.title}"
    rows: list[dict[str, Any]] = []
    rejected: list[Rejection] = []
    for cells in sheet.iter_rows(min_row=head.row + 1):
        line = int(cells[0].row or 0)
        row: dict[str, Any] = {"tab": tab.name, "file": place, "line": line}
        mine = {name: cells[column - 1] for name, column in head.places.items()}
        if all(is_empty(cell.value) for cell in mine.values()):
            continue
        wrong = [
            Rejection(place, line, say(f"column.{name}.title"), str(cell.value)[:80], "formula_in_cell")
            for name, cell in mine.items()
            if cell.data_type == "f"
        ]
        rejected += wrong
        if not wrong:
            rows.append(row | {name: text_of(cell.value).strip() for name, cell in mine.items()})
    return rows, rejected


def stated_commune(book: Workbook) -> str:
    """Return the commune the workbook was written for; nothing where it does not say."""
    if STAMP not in book.sheetnames:
        return ""
    said = {str(row[0].value): str(row[1].value) for row in book[STAMP].iter_rows(max_row=10, max_col=2)}
    return said.get("commune", "")


def open_registers(path: Path) -> Workbook:
    """Open the workbook, once nothing in it must be kept out.

    Raises
    ------
    UnreadableFileError
        It is no such workbook, or holds what must not be kept.
    """
    try:
        book = open_workbook(path)
    except UnreadableSheetError as error:
        raise UnreadableFileError(str(error).replace("gap sheet", "workbook")) from error
    except OSError as error:
        raise UnreadableFileError(f"{path.name} cannot be read: {error.strerror}") from error
    _refuse_persons(book, path.name)
    _refuse_strangers(book, path.name)
    return book


def read_registers(path: Path, tabs: tuple[Tab, ...]) -> Extracted:
    """Read some tabs of the workbook.

    Returns
    -------
    Extracted : `tab`, `file` (with the tab), `line`, `commune` (stated by the workbook, or "") and the columns of the
    tabs, cells as text.

    Raises
    ------
    UnreadableFileError
        It is no such workbook, has none of the tabs, or holds what must not be kept.
    """
    book = open_registers(path)
    titles = tab_titles()
    mine = [tab for tab in tabs if titles[tab.name] in book.sheetnames]
    if not mine:
        wanted = ", ".join(titles[tab.name] for tab in tabs)
        raise UnreadableFileError(f"{path.name} has no tab {wanted}: {_FRESH}")
    rows: list[dict[str, Any]] = []
    rejected: list[Rejection] = []
    blank = {column.name: "" for tab in tabs for column in tab.columns}
    for tab in mine:
        found, wrong = _rows(book[titles[tab.name]], tab, path.name)
        rows += [blank | row for row in found]
        rejected += wrong
    frame = pd.DataFrame(rows, columns=["tab", "file", "line", *blank])
    return Extracted(path.name, frame.assign(commune=stated_commune(book)), tuple(sorted(rejected)))
