"""Tables that open on demand: rows that say in words what each cell is, grouped under headings."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Cell:
    """A cell: its words, the kind of source as a mark before them, a quieter remark beneath."""

    words: str
    mark: str = ""
    note: str = ""


@dataclass(frozen=True)
class Row:
    """A row: what it is about, what qualifies that, and its cells."""

    header: str
    under: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Group:
    """Rows under a heading of their own, or under none; the kind of source as a mark where all rows share it."""

    title: str
    under: str
    rows: tuple[Row, ...]
    mark: str = ""


@dataclass(frozen=True, eq=False)
class Fold:
    """A table under one line that opens it; `shape` names its column widths in the style sheet."""

    title: str
    columns: tuple[str, ...]
    groups: tuple[Group, ...]
    shape: str = ""
    is_open: bool = False


@dataclass(frozen=True, eq=False)
class Listing:
    """A part of a page: heading, what qualifies it, its tables, the download (name, parameters) with the same rows.

    `form` says that the download is also a spreadsheet to fill in.
    """

    title: str
    note: str
    folds: tuple[Fold, ...]
    export: str
    query: tuple[tuple[str, str], ...] = ()
    form: bool = False


def in_brackets(words: str, *more: str) -> str:
    """Return words, and in brackets what stands beneath or beside them, for whoever shows a table in plain cells."""
    kept = [part for part in more if part]
    return f"{words} ({' · '.join(kept)})" if kept else words


def plain_cells(row: Row) -> tuple[str, ...]:
    """Return the cells of a row in words, its header first."""
    return (
        in_brackets(row.header, row.under),
        *(in_brackets(cell.words, cell.mark, cell.note) for cell in row.cells),
    )
