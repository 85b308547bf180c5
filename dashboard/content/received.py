"""Files received from publishers, what became of their rows, and the rows that could not be used."""

from collections.abc import Callable
from typing import Any

import pandas as pd

from dashboard.content.coverage import columns
from dashboard.content.folds import Cell, Fold, Group, Listing, Row
from dashboard.figures import localised, sources
from dashboard.formats import is_missing, number
from dashboard.messages import message
from dashboard.view import View
from data.frames import rows_of
from data.rules.date_words import one_date

# A file may hold thousands of rows that cannot be used: the page shows the first, the download all.
SHOWN = 200
COUNTS = ("read", "loaded", "quarantined", "out_of_scope")


def _edition(view: View, source: str) -> str:
    return localised(sources(view.release)[source], "title", view.language)


def _origin(view: View, row: Any) -> str:
    """Return when and from where a file came, and the beginning of its digest."""
    way = "received.fetched" if row.address else "received.at_hand"
    date = one_date(row.retrieved, view.language)
    return message(way, view.language, date=date, address=row.address, digest=row.sha256[:12])


def _count(view: View, count: float) -> str:
    """Return a number of rows, or that it is withheld: of few households or establishments it would tell a figure."""
    return message("state.secret", view.language) if is_missing(count) else number(count, 0, view.language)


def _file_row(view: View, row: Any) -> Row:
    counted = (_count(view, getattr(row, name)) for name in COUNTS)
    cells = (Cell(row.file, "", _origin(view, row)), *(Cell(words) for words in counted))
    return Row(_edition(view, row.source), "", cells)


def _files(view: View, files: pd.DataFrame) -> Listing:
    """Return each file with what became of its rows."""
    language = view.language
    rows = tuple(_file_row(view, row) for row in rows_of(files.sort_values(["source", "file"])))
    title = message("received.fold_files", language, count=number(len(files), 0, language))
    headings = columns(view, "edition", "file", *COUNTS)
    fold = Fold(title, headings, (Group("", "", rows),), "obs-received", True)
    return Listing(message("received.files", language), message("received.files_note", language), (fold,), "receptions")


def _rejected_row(view: View, row: Any) -> Row:
    language = view.language
    value = message("received.value", language, value=row.value) if row.value else message("received.blank", language)
    column = message("received.column", language, name=row.column) if row.column else ""
    line = message("received.line", language, line=number(row.line, 0, language))
    return Row(line, column, (Cell(value), Cell(localised(row, "reason", language))))


def _rejected(view: View, rows: pd.DataFrame) -> Listing:
    """Return the rows that could not be used, file by file, and why."""
    language = view.language
    shown = rows.sort_values(["source", "file", "line", "column"]).head(SHOWN)
    groups = tuple(
        Group(_edition(view, str(source)), str(file), tuple(_rejected_row(view, row) for row in rows_of(mine)))
        for (source, file), mine in shown.groupby(["source", "file"], sort=True)
    )
    title = message("received.fold_rejected", language, count=number(len(rows), 0, language))
    fold = Fold(title, columns(view, "line", "value", "reason"), groups, "obs-rejected")
    note = message("received.rejected_note", language)
    if len(rows) > SHOWN:
        note = f"{note} {message('received.shortened', language, count=SHOWN)}"
    return Listing(message("received.rejected", language), note, (fold,), "quarantaine")


def received_lists(view: View) -> tuple[Listing, ...]:
    """Return what was received and what could not be used of it; nothing where no file was received."""
    files, rejected = (view.release.table(name) for name in ("intakes", "quarantine"))
    found = (_files(view, files),) if len(files) else ()
    return (*found, _rejected(view, rejected)) if len(rejected) else found


EXPORTS: dict[str, Callable[[View], pd.DataFrame]] = {
    "receptions": lambda view: view.release.table("intakes"),
    "quarantaine": lambda view: view.release.table("quarantine"),
}
