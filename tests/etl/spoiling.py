"""Injecting one fault into a copy of the ledger."""

import csv
from pathlib import Path

Row = dict[str, str]


def read_cells(path: Path) -> list[Row]:
    """Return the raw cells of a ledger file, one dictionary per row."""
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, strict=True))


def _write_cells(path: Path, rows: list[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def spoil_row(path: Path, where: Row, change: Row) -> int:
    """Change cells of the only row that has the cells `where`; return its line in the file."""
    rows = read_cells(path)
    (place,) = (number for number, row in enumerate(rows) if where.items() <= row.items())
    assert change.keys() <= rows[place].keys()
    rows[place] |= change
    _write_cells(path, rows)
    return place + 2


def repeat_row(path: Path, where: Row) -> tuple[int, int]:
    """Write a row a second time at the end; return the lines of both."""
    rows = read_cells(path)
    (place,) = (number for number, row in enumerate(rows) if where.items() <= row.items())
    _write_cells(path, [*rows, rows[place]])
    return place + 2, len(rows) + 2


def rename_column(path: Path, old: str, new: str) -> None:
    """Rename a column in the header."""
    rows = read_cells(path)
    assert old in rows[0]
    _write_cells(path, [{new if column == old else column: cell for column, cell in row.items()} for row in rows])


def write_phases(folder: Path, *said: str) -> Path:
    """Write `phases.csv` of a commune: a line per statement, `programme phase date state as_of [source]`.

    The source is the city's sheet unless another one is named.
    """
    columns = ("programme_id", "phase", "date", "state", "as_of", "source")
    rows = [dict(zip(columns, [*line.split(), "city-sheet"], strict=False)) for line in said]
    path = folder / "phases.csv"
    _write_cells(path, [{**row, "source_detail": "Programmes!C4", "note_fr": "", "note_en": ""} for row in rows])
    return path
