"""Writing the decision sheet: the same inputs, the same bytes."""

from collections.abc import Mapping
from datetime import date, datetime, time
from io import BytesIO

import pandas as pd
import xlsxwriter
from xlsxwriter.utility import quote_sheetname

from data.decision_sheet.layout import (
    COMMITMENTS,
    DECISIONS,
    FREE_AMOUNTS,
    PLACES,
    PROGRAMMES,
    SPENDING,
    TABS,
    THEMES,
    VERSION,
)
from data.decision_sheet.rows import decision_rows
from data.errors import UnknownAreaError
from data.gap_sheet.formats import formats
from data.gap_sheet.guide import GuideWords, write_guide
from data.gap_sheet.layout import FIRST_ROW, GUIDE, STAMP, letter
from data.gap_sheet.rows import Row, operations
from data.gap_sheet.tabs import Writing, write_tab
from data.gap_sheet.words import say, tab_titles, theme_words
from data.gap_sheet.writer import write_stamp
from data.register_sheet.places import operation_places
from data.release import Release

FILE_NAME = "decisions.xlsx"
# The date of a sheet from a release that no log names.
_UNPUBLISHED = date(2000, 1, 1)
_WORDS = GuideWords("decision_guide", FILE_NAME, sections=(("rules", 7), ("next", 3)))


def _lists(tables: Mapping[str, pd.DataFrame], commune: str) -> dict[str, tuple[str, ...]]:
    """Return the words of the hidden tab by the name of their choice."""
    return {
        THEMES: tuple(theme_words().values()),
        PLACES: tuple(operation_places(tables["territories"], commune).values()),
        PROGRAMMES: tuple(sorted(set(operations(tables, commune)["name"]))),
    }


def _decisions(rows: int) -> str:
    """Return where the decisions stand, known and new: amounts are of one of them."""
    column = letter(DECISIONS.index(DECISIONS.named[0]))
    return f"{quote_sheetname(tab_titles()[DECISIONS.name])}!${column}${FIRST_ROW}:${column}${FIRST_ROW - 1 + rows}"


def decision_sheet(tables: Mapping[str, pd.DataFrame], commune: str, release_id: str, created: date) -> bytes:
    """Write the decision sheet of a commune: its commitments with what is known of them, and blank rows.

    Parameters
    ----------
    tables : the tables of a release.
    created : the date the file bears; the same release and date give the same bytes.

    Raises
    ------
    UnknownAreaError
        The release has no such commune.
    """
    areas = tables["territories"]
    mine = areas[(areas["ref_area"] == commune) & (areas["level"] == "commune")]
    if mine.empty:
        raise UnknownAreaError(f"no commune {commune!r} in release {release_id}: check its code, or add it")
    city, sink = str(mine["name"].iloc[0]), BytesIO()
    book = xlsxwriter.Workbook(sink, {"in_memory": True})
    title = say("decisions_title", city=city)
    book.set_properties({"title": title, "created": datetime.combine(created, time())})
    for name in (say(f"sheet.{GUIDE}.title"), *(tab_titles()[tab.name] for tab in TABS), STAMP):
        book.add_worksheet(name)
    everything = frozenset(column.name for column in SPENDING.values)
    rows = {DECISIONS: decision_rows(tables, commune), SPENDING: [Row({}, everything, everything)] * FREE_AMOUNTS}
    ranges = {COMMITMENTS: _decisions(len(rows[DECISIONS]))}
    writing = Writing(book, formats(book), {}, title, _lists(tables, commune), ranges)
    lasts = {tab: write_tab(tab, writing, rows[tab]) for tab in TABS}
    stamp = {"template_version": VERSION, "commune": commune, "release": release_id, "created": created.isoformat(),
             "tabs": " ".join(tab.name for tab in TABS)}  # fmt: skip
    write_stamp(writing, stamp)
    write_guide(writing, lasts, city, stamp, _WORDS)
    book.close()
    return sink.getvalue()


def decision_sheet_of(release: Release, commune: str) -> bytes:
    """Write the decision sheet of a commune from a release, dated the day that release was published."""
    created = date.fromisoformat(release.published) if release.published else _UNPUBLISHED
    return decision_sheet(release.tables, commune, release.release_id, created)
