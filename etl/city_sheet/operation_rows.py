"""From the tab of new operations to rows of the ledger; every cell is checked, every fault kept with its place."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from openpyxl import Workbook
from pydantic import ValidationError

from data.errors import SheetFault, UnreadableFileError
from data.gap_sheet.layout import DEFAULT_CELLS, GUIDE
from data.gap_sheet.words import choices, say, tab_titles
from data.models import ProgrammeRow
from data.register_sheet.layout import NEW_OPERATIONS, PLACES
from etl.city_sheet.cells import UnfitCellError, Value, is_empty, iso_date, read_cell
from etl.city_sheet.template import fault_at
from etl.ledger import Entry
from etl.register_sheets import head_of, plain

EDITION = "city-operations"
THEMES = {
    "housing_programme": "housing", "urban_programme": "housing", "green_space": "green_space", "school": "education",
    "cycle_route": "mobility", "transit": "mobility", "energy": "geothermal", "shops": "shops",
    "culture": "living_environment", "waste": "living_environment",
}  # fmt: skip
# Phases that begin an operation; the others end it.
_BEGINNINGS = {"studied", "decided", "works"}
_NEEDED = ("operation_name", "operation_kind", "operation_place", "operation_status", "as_of", "reference")
# A cell that makes no sense without another.
_TOGETHER = (
    ("operation_phase", "operation_year"), ("operation_year", "operation_phase"), ("operation_month", "operation_year"),
    ("operation_day", "operation_month"),
)  # fmt: skip


@dataclass(frozen=True)
class Operation:
    """A row of the tab and the row of the ledger it makes."""

    cells: Mapping[str, Any]
    row: ProgrammeRow

    def place(self, file: str) -> str:
        """Return where it stands."""
        cell = self.cells["operation_name"]
        return f"{file}, {cell.parent.title}!{cell.coordinate}"

    def entry(self, commune: str, file: str) -> Entry:
        """Return the row as the ledger would hold it, its cell for a place."""
        return Entry(commune, self.place(file), int(self.cells["operation_name"].row), self.row)


@dataclass(frozen=True)
class Ground:
    """What rows are read against."""

    commune: str
    short: str
    places: Mapping[str, str]
    today: date
    file: str


def slug(text: str) -> str:
    """Return a text in plain small letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", plain(text)).strip("-")


def _values(
    cells: Mapping[str, Any], names: Collection[str], ground: Ground
) -> tuple[dict[str, Value], list[SheetFault]]:
    """Return what the cells of some columns say, and what is wrong with the others."""
    found: dict[str, Value] = {}
    faults = []
    for name in names:
        column = NEW_OPERATIONS.column(name)
        words = ground.places if column.choice == PLACES else choices(column) if column.choice else {}
        try:
            value = read_cell(cells[name], column, words, ground.today)
        except UnfitCellError as error:
            faults.append(fault_at(cells[name], column, error.problem, error.remedy))
            continue
        if value is not None:
            found[name] = value
    return found, faults


def _missing(cells: Mapping[str, Any], values: Mapping[str, Value]) -> list[SheetFault]:
    """Return a fault for each cell that is wanted and empty."""
    wanted = [name for name in _NEEDED if name not in values]
    wanted += [other for name, other in _TOGETHER if name in values and other not in values]
    return [fault_at(cells[name], NEW_OPERATIONS.column(name), "missing beside the rest of the row", "Fill it")
            for name in dict.fromkeys(wanted)]  # fmt: skip


def _date_of(values: Mapping[str, Value]) -> str:
    """Return the ISO date of an operation as far as it is given, "" where it is not.

    Raises
    ------
    ValueError
        There is no such day.
    """
    return iso_date([values.get(f"operation_{name}") for name in ("year", "month", "day")])


def _row_of(values: Mapping[str, Value], when: str, ground: Ground) -> ProgrammeRow:
    kind, phase = str(values["operation_kind"]), str(values.get("operation_phase", ""))
    begins = phase in _BEGINNINGS
    remark = str(values.get("remark", ""))
    share = values.get("operation_social_share")
    return ProgrammeRow.model_validate({
        "programme_id": f"{ground.short}-{slug(str(values['operation_name']))}", "name": values["operation_name"],
        "kind": kind, "theme": THEMES[kind], "ref_area": values["operation_place"],
        "start": when if begins else "", "start_kind": phase if begins else "",
        "end": "" if begins else when, "end_kind": "" if begins else phase,
        "status": values["operation_status"], "as_of": str(values["as_of"]),
        "dwellings_total": values.get("operation_dwellings"),
        "dwellings_social_share": None if share is None else round(float(str(share)) / 100, 6),
        "area_m2": values.get("operation_area_m2"), "other_quantities": "", "source": EDITION,
        "source_detail": values["reference"], "note_fr": remark,
        "note_en": f"In the city’s words: {remark}" if remark else "",
    })  # fmt: skip


def _operation(cells: Mapping[str, Any], defaults: Mapping[str, Value], ground: Ground) -> Operation | list[SheetFault]:
    values, faults = _values(cells, list(cells), ground)
    unfit = {fault.cell for fault in faults}
    values = {**{name: value for name, value in defaults.items() if cells[name].coordinate not in unfit}, **values}
    faults += [fault for fault in _missing(cells, values) if fault.cell not in unfit]
    if faults:
        return faults
    try:
        return Operation(cells, _row_of(values, _date_of(values), ground))
    except ValidationError as error:
        problem = str(error.errors()[0]["msg"])
        return [
            fault_at(cells["operation_name"], NEW_OPERATIONS.column("operation_name"), problem, "Write it otherwise")
        ]
    except ValueError:
        day = NEW_OPERATIONS.column("operation_day")
        return [fault_at(cells["operation_day"], day, "no such day in that month", "Check day and month")]


def read_operations(book: Workbook, ground: Ground) -> tuple[list[Operation], list[SheetFault]]:
    """Return the operations of the tab, and every fault of its cells.

    Raises
    ------
    UnreadableFileError
        The workbook has no such tab, or it lacks a column.
    """
    title, guide = tab_titles()[NEW_OPERATIONS.name], say(f"sheet.{GUIDE}.title")
    if title not in book.sheetnames:
        raise UnreadableFileError(
            f"{ground.file} has no tab {title}: write a fresh workbook with `python -m etl sheets`"
        )
    defaults: dict[str, Value] = {}
    faults: list[SheetFault] = []
    if guide in book.sheetnames:
        given = {name: book[guide][cell] for name, cell in DEFAULT_CELLS.items()}
        defaults, faults = _values(given, list(given), ground)
    sheet = book[title]
    head = head_of(sheet, NEW_OPERATIONS, ground.file)
    found = []
    for row in sheet.iter_rows(min_row=head.row + 1):
        cells = {column.name: row[head.places[column.name] - 1] for column in NEW_OPERATIONS.columns}
        if all(is_empty(cell.value) for cell in cells.values()):
            continue
        one = _operation(cells, defaults, ground)
        if isinstance(one, Operation):
            found.append(one)
        else:
            faults += one
    return found, faults
