"""Reading the ledger: every row is checked against its model, every fault is collected with its line."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from io import StringIO
from pathlib import Path
from typing import TypeVar

import pandas as pd
from pydantic import ValidationError

from data.definitions import relative
from data.errors import Fault
from data.fields import Strict
from data.ledger_models import LEDGER_MODELS
from etl.outlines import no_outlines

R = TypeVar("R", bound=Strict)


@dataclass(frozen=True)
class Entry:
    """A valid ledger row and where it stands."""

    folder: str
    file: str
    line: int
    row: Strict

    def fault(self, column: str, problem: str, remedy: str) -> Fault:
        """Return a fault at this row."""
        return Fault(self.file, self.line, column, str(getattr(self.row, column, ""))[:80], problem, remedy)


@dataclass
class Ledger:
    """All rows by file name, the faults found, and the digest of the rows of each source.

    `official` : the outlines that received files gave (`Outlines.frame`): they hold over what the rows sketch, and
    whoever shares figures out among the areas of the ledger does it by them.
    """

    entries: dict[str, list[Entry]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    official: pd.DataFrame = field(default_factory=no_outlines)

    def rows(self, file_name: str, model: type[R]) -> Iterator[tuple[Entry, R]]:
        """Yield entries of a file with their typed rows, from all folders in order."""
        for entry in self.entries.get(file_name, []):
            if not isinstance(entry.row, model):
                raise TypeError(f"{entry.file} holds {type(entry.row).__name__}, not {model.__name__}")
            yield entry, entry.row

    def frame(self, file_name: str) -> pd.DataFrame:
        """Return the rows of a file from all folders, with their `folder`."""
        records = [{"folder": e.folder, **e.row.model_dump()} for e in self.entries.get(file_name, [])]
        columns = ["folder", *LEDGER_MODELS[file_name].model_fields]
        return pd.DataFrame.from_records(records, columns=columns)

    def digest(self, source: str) -> str:
        """Return the sha256 of the rows that name a source edition."""
        state = sha256()
        for file_name in sorted(self.entries):
            for entry in self.entries[file_name]:
                if getattr(entry.row, "source", None) == source:
                    state.update(entry.row.model_dump_json().encode())
        return state.hexdigest()


def _read_file(path: Path, ledger: Ledger) -> None:
    name = relative(path)
    model = LEDGER_MODELS.get(path.name)
    if model is None:
        ledger.faults.append(Fault(name, 1, "file name", path.name, "unknown ledger file",
                                   f"Use one of {', '.join(sorted(LEDGER_MODELS))}"))  # fmt: skip
        return
    with StringIO(path.read_bytes().decode("utf-8"), newline="") as stream:
        reader = csv.DictReader(stream, strict=True)
        wanted = set(model.model_fields)
        for column in sorted(wanted ^ set(reader.fieldnames or [])):
            problem = "column missing" if column in wanted else "unknown column"
            ledger.faults.append(Fault(name, 1, column, "", problem, f"Columns are those of {model.__name__}"))
        if wanted != set(reader.fieldnames or []):
            return
        for cells in reader:
            _read_row(cells, name, reader.line_num, path, model, ledger)


def _read_row(cells: dict[str, str], name: str, line: int, path: Path, model: type[Strict], ledger: Ledger) -> None:
    if None in cells or None in cells.values():
        ledger.faults.append(Fault(name, line, "", "", "not as many cells as columns", "Quote cells with commas"))
        return
    try:
        row = model.model_validate(cells)
    except ValidationError as error:
        for detail in error.errors():
            column = str(detail["loc"][0]) if detail["loc"] else ""
            value = cells.get(column, "")[:80]
            ledger.faults.append(Fault(name, line, column, value, detail["msg"], f"See {model.__name__}"))
        return
    ledger.entries.setdefault(path.name, []).append(Entry(path.parent.name, name, line, row))


def read_ledger(folder: Path) -> Ledger:
    """Read every CSV file of every territory folder; faults are collected in the result, not raised."""
    ledger = Ledger()
    for path in sorted(folder.glob("*/*.csv")):
        try:
            _read_file(path, ledger)
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            ledger.faults.append(Fault(relative(path), line, "", "", f"not UTF-8: {error.reason}", "Save it as UTF-8"))
        except csv.Error as error:
            ledger.faults.append(Fault(relative(path), 1, "", "", f"not valid CSV: {error}", "Correct the quoting"))
    return ledger
