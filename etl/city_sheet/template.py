"""Whether a workbook is the gap sheet that was sent out: its stamp, its tabs, its columns, its locked texts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from data.errors import SheetFault, UnreadableSheetError
from data.gap_sheet.layout import GUIDE, NAME_ROW, STAMP, TABS, VERSION, Column, Tab, letter
from data.gap_sheet.words import say, seal, tab_titles
from etl.city_sheet.cells import is_empty, shown

# A tab lists a commune's operations; a sheet with more was not written by us, and would take long to read.
MAXIMUM_ROWS, MAXIMUM_COLUMNS = 3_000, 60


@dataclass(frozen=True)
class SheetKind:
    """A sheet that is sent out: what it is called, its tabs and version, and the command that writes it."""

    name: str
    tabs: tuple[Tab, ...]
    version: str
    command: str

    @property
    def fresh(self) -> str:
        """What to do with a sheet that is not as it was sent out."""
        return f"Export a fresh sheet with `python -m etl {self.command}` and copy the answers into it"


GAP_SHEET = SheetKind("gap sheet", TABS, VERSION, "gaps")


@dataclass(frozen=True)
class Expected:
    """What a sheet is read against: the commune, the names of what its rows are about, and the day of reading.

    `names` are by identifier, as are `lists`: the words of the choices that only this commune has.
    """

    commune: str
    names: Mapping[str, str]
    today: date
    kind: SheetKind = GAP_SHEET
    lists: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def _text(value: object) -> str:
    return "" if value is None else str(value)


def heading(column: Column) -> str:
    """Return what a column is headed."""
    return say(f"column.{column.name}.title")


def fault_at(cell: Any, column: Column | None, problem: str, remedy: str) -> SheetFault:
    """Return a fault at an openpyxl cell; without a column it stands outside the table."""
    above = heading(column) if column else ""
    return SheetFault(cell.parent.title, cell.coordinate, above, shown(cell.value), problem, remedy)


def read_stamp(book: Workbook, file: str, kind: SheetKind) -> dict[str, str]:
    """Return what the hidden tab says of the sheet.

    Raises
    ------
    UnreadableSheetError
        The workbook has no such tab: it is no sheet that was sent out.
    """
    if STAMP not in book.sheetnames:
        raise UnreadableSheetError(
            f"{file} is not a {kind.name} of the observatory: `python -m etl {kind.command}` writes one"
        )
    sheet = book[STAMP]
    return {_text(sheet.cell(row, 1).value): _text(sheet.cell(row, 2).value) for row in range(1, 11)}


def stamp_faults(stamp: Mapping[str, str], expected: Expected) -> Iterator[SheetFault]:
    """Check that the sheet is of this version of the template and of the commune it is ingested for."""
    kind = expected.kind
    wanted = {
        "template_version": (kind.version, f"a sheet of another version than {kind.version}", kind.fresh),
        "commune": (expected.commune, f"a sheet of another commune than {expected.commune}", "Name its with --commune"),
    }
    for row, name in enumerate(stamp, start=1):
        value, problem, remedy = wanted.get(name, (stamp[name], "", ""))
        if stamp[name] != value:
            yield SheetFault(STAMP, f"B{row}", name, stamp[name], problem, remedy)
    for name in sorted({*wanted, "tabs"} - set(stamp)):
        yield SheetFault(STAMP, "A1", name, "", "missing", kind.fresh)


def tabs_of(book: Workbook, stamp: Mapping[str, str], kind: SheetKind) -> tuple[list[Tab], list[SheetFault]]:
    """Return the tabs that were sent out and are there, and those that are missing or too many, as faults."""
    titles = tab_titles()
    sent = [tab for tab in kind.tabs if tab.name in stamp["tabs"].split()]
    wanted = [say(f"sheet.{GUIDE}.title"), *(titles[tab.name] for tab in sent)]
    faults = [
        SheetFault(title, "A1", "", "", "the tab was removed or renamed", kind.fresh)
        for title in wanted
        if title not in book.sheetnames
    ]
    for sheet in book.worksheets:
        first = next((cell for row in sheet.iter_rows() for cell in row if not is_empty(cell.value)), None)
        if sheet.title not in {*wanted, STAMP} and first is not None:
            faults.append(fault_at(first, None, "a tab that is not of the sheet", "Remove it: nobody would read it"))
    return [tab for tab in sent if titles[tab.name] in book.sheetnames], faults


def layout_faults(sheet: Worksheet, tab: Tab, kind: SheetKind) -> Iterator[SheetFault]:
    """Check that the columns stand where they were written."""
    for merged in sheet.merged_cells.ranges:
        yield SheetFault(sheet.title, merged.coord, "", "", "merged cells", "Unmerge them: one value a cell")
    for index, column in enumerate(tab.columns):
        cell = sheet.cell(NAME_ROW, index + 1)
        if _text(cell.value) != column.name:
            yield fault_at(cell, column, f"here stood the column {column.name!r}, moved or removed since", kind.fresh)


def size_faults(book: Workbook, kind: SheetKind) -> Iterator[SheetFault]:
    """Check that no tab is larger than one that was sent out, before its cells are gone through."""
    for sheet in book.worksheets:
        if sheet.max_row > MAXIMUM_ROWS or sheet.max_column > MAXIMUM_COLUMNS:
            last = f"{letter(0)}{sheet.max_row}"
            size = f"{sheet.max_row} rows, {sheet.max_column} columns"
            yield SheetFault(sheet.title, last, "", size, f"more than a {kind.name} has", kind.fresh)


def fixed_faults(cells: tuple[Any, ...], tab: Tab, expected: Expected) -> Iterator[SheetFault]:
    """Check that a row is of something known, and that its locked texts came back as they went out."""
    fresh = expected.kind.fresh
    fixed = [
        (cell, column)
        for cell, column in zip(cells, tab.columns, strict=True)
        if not column.is_question or column.name in tab.named
    ]
    control = next(cell for cell, column in fixed if column.name == "control")
    texts = [(cell, column) for cell, column in fixed if column.name != "control"]
    if _text(cells[0].value) not in expected.names:
        yield fault_at(*texts[0], f"unknown {tab.columns[0].name.removesuffix('_id')}", fresh)
    now = seal([_text(cell.value) for cell, _ in texts]).split(";")
    before = _text(control.value).split(";")
    if len(now) != len(before):
        yield fault_at(control, tab.column("control"), "the row was altered", fresh)
        return
    for (cell, column), one, other in zip(texts, now, before, strict=True):
        if one != other:
            yield fault_at(cell, column, "a locked cell was altered", fresh)
