"""Writing the workbook of the city's registers: the same inputs, the same bytes."""

from collections.abc import Mapping
from datetime import date, datetime, time
from io import BytesIO

import pandas as pd
import xlsxwriter

from data.errors import UnknownAreaError
from data.gap_sheet.formats import formats
from data.gap_sheet.guide import GuideWords, write_guide
from data.gap_sheet.layout import GUIDE, STAMP
from data.gap_sheet.rows import Row
from data.gap_sheet.tabs import Writing, write_tab
from data.gap_sheet.words import say, tab_titles
from data.gap_sheet.writer import near, write_stamp
from data.register_sheet.layout import DISTRICTS, PLACES, ROWS, TABS, VERSION
from data.register_sheet.places import districts_of, operation_places
from data.release import Release

FILE_NAME = "registres.xlsx"
# The date of a workbook from a release that no log names.
_UNPUBLISHED = date(2000, 1, 1)
_WORDS = GuideWords(
    "register_guide",
    FILE_NAME,
    sections=(("rules", 6), ("next", 3)),
    colours=(("asked", "asked_text"), ("faulty", "faulty_sample")),
)


def register_sheet(tables: Mapping[str, pd.DataFrame], commune: str, release_id: str, created: date) -> bytes:
    """Write the blank workbook of a commune.

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
    city = str(mine["name"].iloc[0])
    sink = BytesIO()
    book = xlsxwriter.Workbook(sink, {"in_memory": True})
    title = say("registers_title", city=city)
    book.set_properties({"title": title, "created": datetime.combine(created, time())})
    for name in (say(f"sheet.{GUIDE}.title"), *(tab_titles()[tab.name] for tab in TABS), STAMP):
        book.add_worksheet(name)
    lists = {
        DISTRICTS: tuple(districts_of(areas, commune).values()),
        PLACES: tuple(operation_places(areas, commune).values()),
    }
    writing = Writing(book, formats(book), near(areas, commune), title, lists)
    lasts = {}
    for tab in TABS:
        everything = frozenset(column.name for column in tab.values)
        lasts[tab] = write_tab(tab, writing, [Row({}, everything, everything)] * ROWS[tab.name])
    stamp = {"template_version": VERSION, "commune": commune, "release": release_id, "created": created.isoformat(),
             "tabs": " ".join(tab.name for tab in TABS)}  # fmt: skip
    write_stamp(writing, stamp)
    write_guide(writing, lasts, city, stamp, _WORDS)
    book.close()
    return sink.getvalue()


def register_sheet_of(release: Release, commune: str) -> bytes:
    """Write the blank workbook of a commune from a release, dated the day that release was published."""
    created = date.fromisoformat(release.published) if release.published else _UNPUBLISHED
    return register_sheet(release.tables, commune, release.release_id, created)
