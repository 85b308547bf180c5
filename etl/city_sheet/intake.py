"""Taking a filled-in gap sheet into the ledger: all of it, or nothing."""

import csv
from collections import deque
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from io import StringIO
from pathlib import Path

from data.definitions import Catalogue, relative
from data.errors import Fault, FaultyInputError, FaultySheetError, SheetFault
from data.ledger_models import LEDGER_MODELS
from data.models import ProgrammeRow
from etl.build import build_tables
from etl.checks import check_ledger
from etl.city_sheet.answers import read_answers
from etl.city_sheet.ledger_rows import PHASES, STATEMENTS, Taken, ledger_rows
from etl.city_sheet.template import Expected
from etl.city_sheet.workbook import open_workbook
from etl.ledger import Ledger, read_ledger
from etl.ledger_files import replace_files
from etl.snapshots import Snapshot
from etl.statement_checks import POSITION

# The order of the rows in a ledger file.
_ORDER = {
    PHASES: ("programme_id", "phase", "as_of", "source", "source_detail"),
    STATEMENTS: ("programme_id", "fact", "as_of", "source", "source_detail"),
}


@dataclass(frozen=True)
class Intake:
    """What was taken from a sheet: how many of each, of how many operations, in which files; what was there before.

    `new_operations` counts those the ledger did not have.
    """

    dates: int
    quantities: int
    positions: int
    operations: int
    files: tuple[str, ...]
    known: int
    new_operations: int = 0


def _expected(ledger: Ledger, commune: str, today: date) -> Expected:
    rows = [row for _, row in ledger.rows("programmes.csv", ProgrammeRow)]
    names = {row.programme_id: row.name for row in rows if f"{row.ref_area}-".startswith(f"{commune}-")}
    return Expected(commune, names, today)


def _with(ledger: Ledger, taken: list[Taken], commune: str, file: str) -> Ledger:
    """Return the ledger as it would be with the rows."""
    entries = {name: list(rows) for name, rows in ledger.entries.items()}
    for one in taken:
        entries.setdefault(one.file_name, []).append(one.entry(commune, file))
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
    """Return a ledger file with rows added, in order; the rows that are there keep their cells as they are."""
    columns = list(LEDGER_MODELS[path.name].model_fields)
    cells: list[dict[str, str]] = []
    if path.exists():
        with StringIO(path.read_text(encoding="utf-8"), newline="") as stream:
            cells = list(csv.DictReader(stream, strict=True))
    cells += [{name: _cell(value) for name, value in one.row.model_dump().items()} for one in rows]
    text = StringIO(newline="")
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(sorted(cells, key=lambda row: [row[name] for name in _ORDER[path.name]]))
    return text.getvalue().encode()


def _cell(value: object) -> str:
    return repr(value).removesuffix(".0") if isinstance(value, float) else str(value)


def _summary(new: list[Taken], known: int, files: list[Path]) -> Intake:
    facts = [one.column for one in new if one.file_name == STATEMENTS]
    return Intake(
        dates=sum(one.file_name == PHASES for one in new),
        quantities=sum(fact not in POSITION for fact in facts),
        positions=facts.count("longitude"),
        operations=len({one.row.programme_id for one in new}),
        files=tuple(relative(path) for path in files),
        known=known,
    )


def take_city_sheet(
    path: Path, commune: str, ledger_folder: Path, catalogue: Catalogue, today: date, kept: Collection[Snapshot] = ()
) -> Intake:
    """Check a filled-in gap sheet and add what it says to `phases.csv` and `statements.csv` of the commune.

    Rows that are in the ledger already are left as they are: the same sheet twice changes nothing the second time.

    Parameters
    ----------
    catalogue : with the editions of `kept`, the snapshots that a build takes too.

    Raises
    ------
    UnreadableSheetError
        The file is no gap sheet.
    FaultySheetError
        Cells do not fit, or what they say contradicts the ledger: all faults are listed, nothing is written.
    FaultyInputError
        The ledger had faults before.
    """
    ledger = read_ledger(ledger_folder)
    before = check_ledger(ledger, catalogue, today)
    if before:
        raise FaultyInputError(before)
    read = read_answers(open_workbook(path), path.name, _expected(ledger, commune, today))
    taken, faults = ledger_rows(read.answers)
    there = {entry.row for name in _ORDER for entry in ledger.entries.get(name, [])}
    new = [one for one in taken if one.row not in there]
    after = _with(ledger, new, commune, path.name)
    by_place = {one.entry(commune, path.name).file: one for one in new}
    found = [*read.faults, *faults, *(_at_cells(fault, by_place) for fault in check_ledger(after, catalogue, today))]
    if found:
        raise FaultySheetError(path.name, list(dict.fromkeys(found)))
    deque(build_tables(catalogue, after, kept), maxlen=0)  # what is taken must build
    files = {
        ledger_folder / commune / name: [one for one in new if one.file_name == name]
        for name in _ORDER
        if any(one.file_name == name for one in new)
    }
    replace_files({file: _csv(file, rows) for file, rows in files.items()})
    return _summary(new, len(taken) - len(new), list(files))
