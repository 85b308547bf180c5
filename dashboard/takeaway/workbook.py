"""Rows as a workbook: the tables of the page, the values for readers, the rows as they are, and how to read them."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from dashboard.content.pieces import Column, Table
from dashboard.figures import localised, units
from dashboard.messages import message
from dashboard.publication.place import site_name
from dashboard.spreadsheet import Book, Group
from dashboard.takeaway import reading
from dashboard.takeaway.holding import (
    ImpossibleFormatError,
    column_words,
    indicators_of,
    is_observations,
    sources_of,
)
from dashboard.view import View, commune_name
from data.frames import rows_of
from data.rules.date_words import one_date

# A spreadsheet holds no more rows, the names of the columns among them.
MOST_ROWS = 1_048_576
# A workbook bears the day its release was published; the one that was never dated, the first day it can bear.
UNDATED = date(1980, 1, 1)
_WIDTH, _WIDE = 18, 60


class TooLongError(ImpossibleFormatError):
    """Raised when there are more rows than a spreadsheet holds: take them as CSV or Parquet."""

    reason = "too_long"


def published_on(view: View) -> date:
    """Return the day the release was published first."""
    return date.fromisoformat(view.release.published) if view.release.published else UNDATED


def _table(book: Book, shown: Table, language: str) -> None:
    """Write a table as on the screen: the remark of each row as a column of its own, what rows share too."""
    columns, rows = shown.columns, list(shown.rows)
    if any(shown.notes):
        columns = (*columns, Column("remark", message("takeaway.reader_remark", language)))
        rows = [(*row, note) for row, note in zip(rows, shown.notes, strict=True)]
    starts = [heading.first_row for heading in shown.headings]
    titles = [" · ".join(filter(None, (one.title, one.mark, one.note))) for one in shown.headings]
    if not starts or starts[0]:
        starts, titles = [0, *starts], ["", *titles]
    ends = [*starts[1:], len(rows)]
    groups = [Group(title, rows[start:end]) for title, start, end in zip(titles, starts, ends, strict=True)]
    label = message("takeaway.group", language)
    book.table(book.sheet(shown.title), shown.title, (shown.note,), columns, groups, language, label)


def _values(book: Book, view: View, frame: pd.DataFrame) -> None:
    """Write the values for readers."""
    sheet = book.sheet(message("takeaway.sheet_values", view.language))
    labels = [column.label for column in reading.columns(view.language)]
    book.head(sheet, 0, labels, reading.widths())
    for row, cells in enumerate(reading.reader_rows(view, frame), start=1):
        for place, cell in enumerate(cells):
            book.cell(sheet, row, place, cell)
    sheet.autofilter(0, 0, len(frame), len(labels) - 1)


def _raw_column(book: Book, sheet: Any, place: int, column: "pd.Series[Any]") -> None:
    """Write a column as it is: numbers and yes or no as such, text as text; nothing where there is nothing."""
    plain = book.format("General")
    for row, value in enumerate(column.tolist(), start=1):
        if isinstance(value, str):
            book.text(sheet, row, place, value)
        elif isinstance(value, bool):
            sheet.write_boolean(row, place, value, plain)
        elif value is not None and np.isfinite(value):
            sheet.write_number(row, place, value, plain)


def _raw(book: Book, frame: pd.DataFrame, language: str) -> None:
    """Write the rows with the columns of the release."""
    sheet = book.sheet(message("takeaway.sheet_rows", language))
    book.head(sheet, 0, list(map(str, frame.columns)), [_WIDTH] * len(frame.columns))
    for place, name in enumerate(frame.columns):
        _raw_column(book, sheet, place, frame[name])
    if len(frame.columns):
        sheet.autofilter(0, 0, len(frame), len(frame.columns) - 1)


def _list(book: Book, title: str, labels: Sequence[str], rows: Iterable[Sequence[str]], widths: Sequence[int]) -> None:
    """Write rows of words under their labels."""
    sheet = book.sheet(title)
    book.head(sheet, 0, labels, widths)
    for row, cells in enumerate(rows, start=1):
        for place, words in enumerate(cells):
            book.text(sheet, row, place, words)


def _indicators(book: Book, view: View, frame: pd.DataFrame) -> None:
    language = view.language
    names = ("indicator", "label", "definition", "unit", "how_to_read", "method", "expression")
    rows = (
        (row.indicator, localised(row, "label", language), localised(row, "definition", language),
         getattr(units()[row.unit], language).other, localised(row, "how_to_read", language),
         localised(row, "method", language), row.expression)
        for row in rows_of(indicators_of(view, frame))
    )  # fmt: skip
    labels = [message(f"takeaway.indicator_{name}", language) for name in names]
    _list(book, message("takeaway.sheet_indicators", language), labels, rows, (36, 40, _WIDE, 24, _WIDE, _WIDE, 36))


def source_rows(view: View, frame: pd.DataFrame) -> list[tuple[str, ...]]:
    """Return identifier, title, publisher, licence, date and kind of each source of rows, in words."""
    language = view.language
    return [
        (row.source, localised(row, "title", language), row.publisher, row.licence,
         one_date(row.edition_date, language) if row.edition_date else message("basis.none", language),
         message(f"kind.{row.kind}", language))
        for row in rows_of(sources_of(view, frame))
    ]  # fmt: skip


def _sources(book: Book, view: View, frame: pd.DataFrame) -> None:
    labels = [message(f"takeaway.source_{name}", view.language)
              for name in ("source", "title", "publisher", "licence", "date", "kind")]  # fmt: skip
    rows = source_rows(view, frame) or [(message("takeaway.no_source", view.language),)]
    _list(book, message("takeaway.sheet_sources", view.language), labels, rows, (34, _WIDE, 40, 48, 18, 24))


def facts(view: View, title: str, link: str) -> list[tuple[str, str]]:
    """Return what a file is: title, commune, district, release, day it was published, language, where it comes from."""
    language = view.language
    published = (
        one_date(view.release.published, language) if view.release.published else message("basis.none", language)
    )
    found = {
        "title": title,
        "commune": f"{commune_name(view.release, view.commune)} ({view.commune})",
        "district": "" if view.is_city else view.area_name,
        "release": view.release.release_id,
        "published": published,
        "language": message("language.name", language),
        "made_by": site_name(view),
        "link": link,
    }
    return [(message(f"takeaway.about_{name}", language), words) for name, words in found.items() if words]


def _about(book: Book, view: View, frame: pd.DataFrame, title: str, link: str) -> None:
    """Write what the file is, how its cells are meant, and what each column means."""
    language = view.language
    sheet = book.sheet(message("takeaway.sheet_about", language))
    book.line(sheet, 0, title, size=16, bold=True)
    rules = [(message("takeaway.about_cells", language), message("takeaway.cells", language))]
    if is_observations(frame):
        rules.append((message("takeaway.about_states", language), message("takeaway.states", language)))
    rows = [*facts(view, title, link), *rules]
    for row, (label, words) in enumerate(rows, start=2):
        book.text(sheet, row, 0, label, bold=True)
        book.text(sheet, row, 1, words)
    start = len(rows) + 3
    for place, (name, width) in enumerate((("column", 30), ("meaning", 100))):
        book.text(sheet, start, place, message(f"takeaway.about_{name}", language), bold=True, head=True)
        sheet.set_column(place, place, width)
    for row, name in enumerate(frame.columns, start=start + 1):
        book.text(sheet, row, 0, name)
        book.text(sheet, row, 1, column_words(name, language))


def workbook(view: View, frame: pd.DataFrame, title: str, tables: Sequence[Table] = (), link: str = "") -> bytes:
    """Return rows as a workbook: the same rows and tables of a release give the same bytes.

    Parameters
    ----------
    tables : those the page shows of these rows, each a sheet whose numbers are numbers that look as on the page.
    link : where the rows can be had again.

    Raises
    ------
    TooLongError
        A spreadsheet does not hold so many rows.
    """
    if len(frame) >= MOST_ROWS:
        raise TooLongError(f"{len(frame)} rows are more than a spreadsheet holds: take them as CSV or Parquet")
    book = Book(title, site_name(view), site_name(view), published_on(view))
    for shown in tables:
        if shown.rows:
            _table(book, shown, view.language)
    if is_observations(frame):
        _values(book, view, frame)
    _raw(book, frame, view.language)
    if is_observations(frame):
        _indicators(book, view, frame)
    _sources(book, view, frame)
    _about(book, view, frame, title, link)
    return book.content()
