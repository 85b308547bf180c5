"""From the tabs of a filled-in sheet to answers; every cell is checked, every fault kept with its place."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from openpyxl import Workbook

from data.errors import SheetFault
from data.gap_sheet.layout import DEFAULT_CELLS, FIRST_ROW, GUIDE, PAGE, PROVENANCE, Column, Tab, letter
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
    """What the city wrote in one row: about what, the values by column, who says so and since when.

    `about` is the identifier of what the row is about, an operation or a commitment; empty where it is new.
    """

    tab: Tab
    row: int
    about: str
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


def _words_of(column: Column, expected: Expected) -> Mapping[str, str]:
    """Return the words of a column's list by what they stand for; none where it has no list."""
    if column.choice == "name":
        return expected.names
    return (
        expected.lists[column.choice] if column.choice in expected.lists else choices(column) if column.choice else {}
    )


def _identifier(cell: Any, column: Column, expected: Expected) -> str:
    """Return what a cell of a commune's list names by its identifier instead of its word; empty where it does not."""
    text = str(cell.value).strip()
    return text if text in expected.lists.get(column.choice, {}) else ""


def _values(
    cells: Mapping[str, Any], columns: tuple[Column, ...], expected: Expected
) -> tuple[dict[str, Value], list[SheetFault]]:
    """Return what the cells of some columns say, and what is wrong with them."""
    found: dict[str, Value] = {}
    faults = []
    for column in columns:
        words = _words_of(column, expected)
        try:
            value = _identifier(cells[column.name], column, expected) or read_cell(
                cells[column.name], column, words, expected.today
            )
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


def _provenance_faults(
    cells: Mapping[str, Any], tab: Tab, values: Mapping[str, Value], defaults: Defaults
) -> list[SheetFault]:
    remedies = dict.fromkeys(DEFAULT_CELLS, "Fill it here, or for all on the first tab") | {PAGE.name: "Fill it"}
    return [
        fault_at(cells[column.name], column, "missing beside an answer", remedies[column.name])
        for column in tab.columns
        if column.name in remedies and column.name not in {*values, *defaults}
    ]


def _is_listed(cells: tuple[Any, ...], tab: Tab) -> bool:
    """Tell whether a row went out with texts that must come back as they were."""
    hidden = [cell for cell, column in zip(cells, tab.columns, strict=True) if column.kind == "hidden"]
    if tab.named:
        return any(not is_empty(cell.value) for cell in hidden)
    return bool(hidden) and not tab.is_free


def _reference(values: Mapping[str, Value], document: Value | None) -> str:
    """Return which document says so and, where the sheet asks for it, on which page."""
    return say("paged", reference=document, page=values[PAGE.name]) if PAGE.name in values else str(document)


def _row_faults(mine: tuple[Any, ...], beyond: tuple[Any, ...], tab: Tab, expected: Expected) -> list[SheetFault]:
    """Return what is wrong with a row beside its answers: outside the table, or where only known texts stand."""
    remedy = "Write it in a column of the table, or remove it"
    faults = [fault_at(cell, None, "outside the table", remedy) for cell in beyond if not is_empty(cell.value)]
    if all(is_empty(cell.value) for cell in mine):
        return faults
    if _is_listed(mine, tab):
        return [*faults, *fixed_faults(mine, tab, expected)]
    for cell, column in zip(mine, tab.columns, strict=True):
        if not column.is_question and not is_empty(cell.value):
            faults.append(fault_at(cell, column, "a locked cell was altered", expected.kind.fresh))
    return faults


def _read_row(cells: tuple[Any, ...], tab: Tab, expected: Expected, defaults: Defaults, read: Read) -> None:
    """Read a row: its faults, and its answer where it has one and no fault."""
    mine, beyond = cells[: len(tab.columns)], cells[len(tab.columns) :]
    by_name = dict(zip([column.name for column in tab.columns], mine, strict=True))
    faults, is_listed = _row_faults(mine, beyond, tab, expected), _is_listed(mine, tab)
    closed = tab.named if is_listed else ()
    asked = tuple(column for column in tab.columns if column.is_question and column.name not in closed)
    values, unfit = _values(by_name, asked, expected)
    faults += unfit
    answers = {name: value for name, value in values.items() if tab.column(name) in tab.values}
    if answers:
        faults += _provenance_faults(by_name, tab, values, defaults)
        if tab.is_free and "chosen_name" not in answers:
            faults.append(fault_at(by_name["chosen_name"], tab.column("chosen_name"), "no operation", "Choose one"))
    elif "remark" in values:
        problem, remedy = "a remark without an answer", "Fill in what it is about, or remove it"
        faults.append(fault_at(by_name["remark"], tab.column("remark"), problem, remedy))
    read.faults += faults
    told = {name: values.get(name, defaults.get(name)) for name in DEFAULT_CELLS}
    if answers and not faults and None not in told.values():
        about = str(answers.pop("chosen_name", mine[0].value if is_listed else ""))
        promise = shown(by_name["promise"].value) if "promise" in by_name else ""
        as_of, remark = str(told["as_of"]), str(values.get("remark", ""))
        reference = _reference(values, told["reference"])
        read.answers.append(Answer(tab, mine[0].row, about, promise, answers, as_of, reference, remark))


def read_answers(book: Workbook, file: str, expected: Expected) -> Read:
    """Return the answers of a filled-in sheet and every fault of its cells.

    Raises
    ------
    UnreadableSheetError
        The workbook is no such sheet.
    """
    stamp, read = read_stamp(book, file, expected.kind), Read()
    read.faults += [*stamp_faults(stamp, expected), *size_faults(book, expected.kind)]
    if read.faults:
        return read
    tabs, faults = tabs_of(book, stamp, expected.kind)
    read.faults += faults
    if say(f"sheet.{GUIDE}.title") not in book.sheetnames:
        return read
    defaults = _defaults(book, expected, read)
    for tab in tabs:
        sheet = book[tab_titles()[tab.name]]
        misplaced = list(layout_faults(sheet, tab, expected.kind))
        read.faults += misplaced
        if misplaced:
            continue
        for cells in sheet.iter_rows(min_row=FIRST_ROW, max_col=max(sheet.max_column, len(tab.columns))):
            _read_row(cells, tab, expected, defaults, read)
    return read
