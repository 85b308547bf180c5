"""From the tabs of a filled-in sheet to answers; every cell is checked, every fault kept with its place."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from openpyxl import Workbook

from data.errors import SheetFault
from data.gap_sheet.layout import DEFAULT_CELLS, FIRST_ROW, GUIDE, PROVENANCE, Column, Tab, letter
from data.gap_sheet.words import choices, say, tab_titles
from etl.city_sheet.cells import UnfitCellError, Value, is_empty, read_cell, shown
from etl.city_sheet.template import (
    Expected,
    fault_at,
    fixed_faults,
    heading,
    layout_faults,
    read_stamp,
    size_faults,
    stamp_faults,
    tabs_of,
)

Defaults = Mapping[str, Value | None]


@dataclass(frozen=True)
class Answer:
    """What the city wrote in one row: the operation, the values by column, who says so and since when."""

    tab: Tab
    row: int
    programme_id: str
    promise: str
    values: Mapping[str, Value]
    as_of: str
    reference: str
    remark: str

    def cell(self, column: str) -> str:
        """Return where a column of this row stands."""
        return f"{letter(self.tab.index(column))}{self.row}"

    def fault(self, column: str, problem: str, remedy: str) -> SheetFault:
        """Return a fault at a cell of this row."""
        above, value = heading(self.tab.column(column)), shown(self.values.get(column))
        return SheetFault(tab_titles()[self.tab.name], self.cell(column), above, value, problem, remedy)


@dataclass
class Read:
    """The answers of a sheet and its faults, in the order of the tabs."""

    answers: list[Answer] = field(default_factory=list)
    faults: list[SheetFault] = field(default_factory=list)


def _values(
    cells: Mapping[str, Any], columns: tuple[Column, ...], expected: Expected
) -> tuple[dict[str, Value], list[SheetFault]]:
    """Return what the cells of some columns say, and what is wrong with them."""
    found: dict[str, Value] = {}
    faults = []
    for column in columns:
        words = expected.names if column.choice == "name" else choices(column) if column.choice else {}
        try:
            value = read_cell(cells[column.name], column, words, expected.today)
        except UnfitCellError as error:
            faults.append(fault_at(cells[column.name], column, error.problem, error.remedy))
            continue
        if value is not None:
            found[column.name] = value
    return found, faults


def _defaults(book: Workbook, expected: Expected, read: Read) -> Defaults:
    """Return the date and the reference the first tab gives for every row; None where they are unfit."""
    sheet = book[say(f"sheet.{GUIDE}.title")]
    columns = tuple(column for column in PROVENANCE if column.name in DEFAULT_CELLS)
    cells = {name: sheet[cell] for name, cell in DEFAULT_CELLS.items()}
    found, faults = _values(cells, columns, expected)
    read.faults += faults
    unfit = {fault.cell for fault in faults}
    return {**found, **{name: None for name, cell in DEFAULT_CELLS.items() if cell in unfit}}


def _provenance_faults(cells: Mapping[str, Any], values: Mapping[str, Value], defaults: Defaults) -> list[SheetFault]:
    return [
        fault_at(cells[column.name], column, "missing beside an answer", "Fill it here, or for all on the first tab")
        for column in PROVENANCE
        if column.name in DEFAULT_CELLS and column.name not in {*values, *defaults}
    ]


def _read_row(cells: tuple[Any, ...], tab: Tab, expected: Expected, defaults: Defaults, read: Read) -> None:
    """Read a row: its faults, and its answer where it has one and no fault."""
    mine, beyond = cells[: len(tab.columns)], cells[len(tab.columns) :]
    remedy = "Write it in a column of the table, or remove it"
    faults = [fault_at(cell, None, "outside the table", remedy) for cell in beyond if not is_empty(cell.value)]
    if all(is_empty(cell.value) for cell in mine):
        read.faults += faults
        return
    by_name = dict(zip([column.name for column in tab.columns], mine, strict=True))
    faults += [] if tab.is_free else fixed_faults(mine, tab, expected)
    values, unfit = _values(by_name, tuple(column for column in tab.columns if column.is_question), expected)
    faults += unfit
    answers = {name: value for name, value in values.items() if tab.column(name) in tab.values}
    if answers:
        faults += _provenance_faults(by_name, values, defaults)
        if tab.is_free and "chosen_name" not in answers:
            faults.append(fault_at(by_name["chosen_name"], tab.column("chosen_name"), "no operation", "Choose one"))
    elif "remark" in values:
        problem, remedy = "a remark without an answer", "Fill in what it is about, or remove it"
        faults.append(fault_at(by_name["remark"], tab.column("remark"), problem, remedy))
    read.faults += faults
    told = {name: values.get(name, defaults.get(name)) for name in DEFAULT_CELLS}
    if answers and not faults and None not in told.values():
        programme = str(answers.pop("chosen_name", by_name["programme_id"].value))
        promise = shown(by_name["promise"].value) if "promise" in by_name else ""
        as_of, reference, remark = str(told["as_of"]), str(told["reference"]), str(values.get("remark", ""))
        read.answers.append(Answer(tab, mine[0].row, programme, promise, answers, as_of, reference, remark))


def read_answers(book: Workbook, file: str, expected: Expected) -> Read:
    """Return the answers of a filled-in sheet and every fault of its cells.

    Raises
    ------
    UnreadableSheetError
        The workbook is no gap sheet.
    """
    stamp, read = read_stamp(book, file), Read()
    read.faults += [*stamp_faults(stamp, expected), *size_faults(book)]
    if read.faults:
        return read
    tabs, faults = tabs_of(book, stamp)
    read.faults += faults
    if say(f"sheet.{GUIDE}.title") not in book.sheetnames:
        return read
    defaults = _defaults(book, expected, read)
    for tab in tabs:
        sheet = book[tab_titles()[tab.name]]
        misplaced = list(layout_faults(sheet, tab))
        read.faults += misplaced
        if misplaced:
            continue
        for cells in sheet.iter_rows(min_row=FIRST_ROW, max_col=max(sheet.max_column, len(tab.columns))):
            _read_row(cells, tab, expected, defaults, read)
    return read
