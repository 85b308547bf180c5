"""Taking new operations from the workbook of the city's registers into the ledger: all of them, or nothing."""

import csv
from collections import deque
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from io import StringIO
from pathlib import Path

from data.definitions import Catalogue, relative
from data.errors import Fault, FaultyInputError, FaultySheetError, SheetFault, UnreadableFileError
from data.ledger_models import LEDGER_MODELS
from data.models import ProgrammeRow
from data.register_sheet.layout import NEW_OPERATIONS
from data.register_sheet.places import operation_places
from etl.areas import territories
from etl.build import build_tables
from etl.checks import check_ledger
from etl.city_sheet.intake import Intake
from etl.city_sheet.operation_rows import Ground, Operation, read_operations, slug
from etl.city_sheet.template import fault_at
from etl.ledger import read_ledger
from etl.ledger_files import replace_files
from etl.register_sheets import open_registers, stated_commune
from etl.snapshots import Snapshot

FILE = "programmes.csv"
# Which cell a column of the ledger comes from.
_CELLS = {
    "programme_id": "operation_name", "ref_area": "operation_place", "status": "operation_status",
    "start": "operation_year", "end": "operation_year", "as_of": "as_of", "source_detail": "reference",
    "dwellings_total": "operation_dwellings", "dwellings_social_share": "operation_social_share",
    "area_m2": "operation_area_m2", "note_fr": "remark",
}  # fmt: skip


def _repeated(operations: list[Operation], known: Mapping[str, ProgrammeRow]) -> list[SheetFault]:
    """Return a fault for each operation that is called like one the ledger or the tab has already."""
    seen: dict[str, ProgrammeRow] = dict(known)
    faults = []
    for one in operations:
        there = seen.setdefault(one.row.programme_id, one.row)
        if there != one.row:
            problem = f"{there.name!r} is known already ({there.programme_id})"
            remedy = "Give its dates and quantities on the gap sheet (`python -m etl gaps`), or name this one otherwise"
            column = NEW_OPERATIONS.column("operation_name")
            faults.append(fault_at(one.cells["operation_name"], column, problem, remedy))
    return faults


def _at_cell(fault: Fault, by_place: Mapping[str, Operation]) -> SheetFault:
    """Return a fault of the ledger at the cell its row comes from."""
    one = by_place.get(fault.file)
    if one is None:
        return SheetFault(fault.file, str(fault.line), fault.column, fault.value, fault.problem, fault.remedy)
    name = _CELLS.get(fault.column, "operation_name")
    return fault_at(one.cells[name], NEW_OPERATIONS.column(name), fault.problem, fault.remedy)


def _csv(path: Path, rows: list[ProgrammeRow]) -> bytes:
    """Return the ledger file with rows added at its end; those that are there stay as they are, byte for byte."""
    columns = list(LEDGER_MODELS[FILE].model_fields)
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    text = StringIO(newline="")
    if before:
        columns = next(csv.reader([before.split("\n", 1)[0]]))
        text.write(before if before.endswith("\n") else before + "\n")
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    if not before:
        writer.writeheader()
    for row in rows:
        writer.writerow({name: _cell(value) for name, value in row.model_dump().items()})
    return text.getvalue().encode()


def _cell(value: object) -> str:
    if value is None:
        return ""
    return repr(value).removesuffix(".0") if isinstance(value, float) else str(value)


def take_city_programmes(
    path: Path, commune: str, ledger_folder: Path, catalogue: Catalogue, today: date, kept: Collection[Snapshot] = ()
) -> Intake:
    """Check the tab of new operations and add them to `programmes.csv` of the commune.

    An operation that is in the ledger already as it stands here is left as it is: the same workbook twice changes
    nothing the second time.

    Parameters
    ----------
    catalogue : with the editions of `kept`, the snapshots that a build takes too.

    Raises
    ------
    UnreadableFileError
        The file is not the workbook, is of another commune, or holds what must not be kept.
    FaultySheetError
        Cells do not fit, or what they say contradicts the ledger: all faults are listed, nothing is written.
    FaultyInputError
        The ledger had faults before.
    """
    ledger = read_ledger(ledger_folder)
    before = check_ledger(ledger, catalogue, today)
    if before:
        raise FaultyInputError(before)
    book = open_registers(path)
    if stated_commune(book) not in {"", commune}:
        raise UnreadableFileError(f"{path.name} was written for commune {stated_commune(book)}: name it with --commune")
    short = slug(catalogue.territories[commune].short) if commune in catalogue.territories else commune
    ground = Ground(commune, short, operation_places(territories(ledger, catalogue), commune), today, path.name)
    operations, faults = read_operations(book, ground)
    known = {row.programme_id: row for _, row in ledger.rows(FILE, ProgrammeRow)}
    new = [one for one in operations if known.get(one.row.programme_id) != one.row]
    entries = {name: list(rows) for name, rows in ledger.entries.items()}
    by_place = {one.place(path.name): one for one in new}
    repeated = _repeated(operations, known)
    if not repeated:
        unique = {one.row.programme_id: one for one in new}
        new = list(unique.values())
        entries[FILE] = [*entries.get(FILE, []), *(one.entry(commune, path.name) for one in new)]
    after = replace(ledger, entries=entries, faults=list(ledger.faults))
    found = [*faults, *repeated, *(_at_cell(fault, by_place) for fault in check_ledger(after, catalogue, today))]
    if found:
        raise FaultySheetError(path.name, list(dict.fromkeys(found)))
    if not new:
        return Intake(0, 0, 0, 0, (), len(operations))
    deque(build_tables(catalogue, after, kept), maxlen=0)  # what is taken must build
    target = ledger_folder / commune / FILE
    target.parent.mkdir(exist_ok=True)
    replace_files({target: _csv(target, [one.row for one in new])})
    return Intake(0, 0, 0, len(new), (relative(target),), len(operations) - len(new), new_operations=len(new))
