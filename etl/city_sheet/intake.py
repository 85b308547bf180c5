"""Taking a filled-in sheet into the ledger: all of it, or nothing."""

import csv
from collections import deque
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from io import StringIO
from pathlib import Path

from openpyxl import Workbook

from data.definitions import Catalogue, relative
from data.errors import Fault, FaultyInputError, FaultySheetError, SheetFault
from data.ledger_models import LEDGER_MODELS
from data.models import ProgrammeRow
from etl.build import build_tables
from etl.checks import check_ledger
from etl.city_sheet.answers import Answer, read_answers
from etl.city_sheet.ledger_rows import COMMITMENTS, PHASES, SPENDING, STATEMENTS, Taken, ledger_rows
from etl.city_sheet.template import Expected
from etl.city_sheet.workbook import open_workbook
from etl.ledger import Ledger, read_ledger
from etl.ledger_files import replace_files
from etl.snapshots import Snapshot
from etl.statement_checks import POSITION

# The order of the rows in a ledger file; those of commitments keep theirs.
_ORDER = {
    PHASES: ("programme_id", "phase", "as_of", "source", "source_detail"),
    STATEMENTS: ("programme_id", "fact", "as_of", "source", "source_detail"),
    SPENDING: ("commitment_id", "kind", "time_period", "as_of"),
}
# Files where a row takes the place of the one of the same name.
_IDENTITY = {COMMITMENTS: "commitment_id"}


@dataclass(frozen=True)
class Intake:
    """What was taken from a sheet: how many of each, of how many operations, in which files; what was there before.

    `new_operations` counts those the ledger did not have; `decisions` those that are new or told more of, `amounts`
    what was allotted to them or spent.
    """

    dates: int
    quantities: int
    positions: int
    operations: int
    files: tuple[str, ...]
    known: int
    new_operations: int = 0
    decisions: int = 0
    amounts: int = 0


@dataclass(frozen=True)
class Desk:
    """Where a sheet is taken in: the file, whose it is, the ledger and the catalogue it enters, and on which day.

    `catalogue` has the editions of `kept`, the snapshots that a build takes too.
    """

    path: Path
    commune: str
    ledger_folder: Path
    catalogue: Catalogue
    today: date
    kept: Collection[Snapshot] = ()


def operation_names(ledger: Ledger, commune: str) -> dict[str, str]:
    """Return the name of each operation of a commune by its identifier."""
    rows = [row for _, row in ledger.rows("programmes.csv", ProgrammeRow)]
    return {row.programme_id: row.name for row in rows if f"{row.ref_area}-".startswith(f"{commune}-")}


def _with(ledger: Ledger, taken: list[Taken], commune: str, file: str) -> Ledger:
    """Return the ledger as it would be with the rows."""
    entries = {name: list(rows) for name, rows in ledger.entries.items()}
    for one in taken:
        rows, key = entries.get(one.file_name, []), _IDENTITY.get(one.file_name)
        others = [entry for entry in rows if not key or getattr(entry.row, key) != getattr(one.row, key)]
        entries[one.file_name] = [*others, one.entry(commune, file)]
    return Ledger(entries, list(ledger.faults))


def _at_cells(fault: Fault, taken: dict[str, Taken]) -> SheetFault:
    """Return a fault of the ledger at the cell its row comes from; places named in its words become cells too."""
    problem, remedy = fault.problem, fault.remedy
    for place, one in taken.items():
        problem = problem.replace(f"{place}:{one.answer.row}", place)
    if fault.file in taken:
        return taken[fault.file].fault(fault.column, problem, remedy)
    return SheetFault(fault.file, str(fault.line), fault.column, fault.value, problem, remedy)


def _csv(path: Path, rows: list[Taken]) -> bytes:
    """Return a ledger file with rows added or replaced; the others keep their cells as they are."""
    columns = list(LEDGER_MODELS[path.name].model_fields)
    cells: list[dict[str, str]] = []
    if path.exists():
        with StringIO(path.read_text(encoding="utf-8"), newline="") as stream:
            cells = list(csv.DictReader(stream, strict=True))
    new = [{name: _cell(value) for name, value in one.row.model_dump().items()} for one in rows]
    text = StringIO(newline="")
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(_merged(cells, new, path.name))
    return text.getvalue().encode()


def _merged(there: list[dict[str, str]], new: list[dict[str, str]], file_name: str) -> list[dict[str, str]]:
    """Return the rows of a file in its order, those that are new in place of those of the same name."""
    if file_name not in _IDENTITY:
        return sorted([*there, *new], key=lambda row: [row[name] for name in _ORDER[file_name]])
    by_name = {row[_IDENTITY[file_name]]: row for row in new}
    return [*(by_name.pop(row[_IDENTITY[file_name]], row) for row in there), *by_name.values()]


def _cell(value: object) -> str:
    return repr(value).removesuffix(".0") if isinstance(value, float) else str(value)


@dataclass(frozen=True)
class Entered:
    """What a sheet changed: its rows that are new to the ledger, how many are not, the files."""

    new: list[Taken]
    known: int
    files: tuple[str, ...]


def enter(
    desk: Desk,
    expected_of: Callable[[Ledger, Workbook], Expected],
    rows_of: Callable[[list[Answer], Ledger], tuple[list[Taken], list[SheetFault]]],
) -> Entered:
    """Check a filled-in sheet and enter the rows that its answers make into the ledger, all or none.

    Rows that are in the ledger already are left as they are: the same sheet twice changes nothing the second time.

    Parameters
    ----------
    expected_of : what the sheet is read against.
    rows_of : the rows its answers make, and the faults of those that make none.

    Raises
    ------
    UnreadableSheetError
        The file is no such sheet.
    FaultySheetError
        Cells do not fit, or what they say contradicts the ledger: all faults are listed, nothing is written.
    FaultyInputError
        The ledger had faults before.
    """
    ledger, file = read_ledger(desk.ledger_folder), desk.path.name
    before = check_ledger(ledger, desk.catalogue, desk.today)
    if before:
        raise FaultyInputError(before)
    book = open_workbook(desk.path)
    read = read_answers(book, file, expected_of(ledger, book))
    taken, faults = rows_of(read.answers, ledger)
    there = {entry.row for name in (*_ORDER, *_IDENTITY) for entry in ledger.entries.get(name, [])}
    new = [one for one in taken if one.row not in there]
    after = _with(ledger, new, desk.commune, file)
    by_place = {one.entry(desk.commune, file).file: one for one in new}
    unsound = check_ledger(after, desk.catalogue, desk.today)
    found = [*read.faults, *faults, *(_at_cells(fault, by_place) for fault in unsound)]
    if found:
        raise FaultySheetError(file, list(dict.fromkeys(found)))
    deque(build_tables(desk.catalogue, after, desk.kept), maxlen=0)  # what is taken must build
    return Entered(new, len(taken) - len(new), _write(desk, new))


def _write(desk: Desk, new: list[Taken]) -> tuple[str, ...]:
    """Write new rows into the files of their commune; return those files."""
    files: dict[Path, list[Taken]] = {}
    for name in (*_ORDER, *_IDENTITY):
        if mine := [one for one in new if one.file_name == name]:
            files[desk.ledger_folder / desk.commune / name] = mine
    for file in files:
        file.parent.mkdir(exist_ok=True)
    replace_files({file: _csv(file, rows) for file, rows in files.items()})
    return tuple(relative(file) for file in files)


def take_city_sheet(
    path: Path, commune: str, ledger_folder: Path, catalogue: Catalogue, today: date, kept: Collection[Snapshot] = ()
) -> Intake:
    """Check a filled-in gap sheet and add what it says to `phases.csv` and `statements.csv` of the commune.

    Parameters and errors are those of `Desk` and `enter`.
    """
    entered = enter(
        Desk(path, commune, ledger_folder, catalogue, today, kept),
        lambda ledger, _book: Expected(commune, operation_names(ledger, commune), today),
        lambda answers, _ledger: ledger_rows(answers),
    )
    facts = [one.column for one in entered.new if one.file_name == STATEMENTS]
    return Intake(
        dates=sum(one.file_name == PHASES for one in entered.new),
        quantities=sum(fact not in POSITION for fact in facts),
        positions=facts.count("longitude"),
        operations=len({one.answer.about for one in entered.new}),
        files=entered.files,
        known=entered.known,
    )
