"""Writing the gap sheet: the same inputs, the same bytes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from io import BytesIO

import pandas as pd
import xlsxwriter

from data.errors import UnknownAreaError
from data.gap_sheet.formats import formats
from data.gap_sheet.guide import GuideWords, write_guide
from data.gap_sheet.layout import GUIDE, STAMP, TABS, VERSION
from data.gap_sheet.rows import operations, tab_rows
from data.gap_sheet.tabs import FIRST_LIST, Writing, write_tab
from data.gap_sheet.words import say, tab_titles
from data.release import Release
from data.rules.gaps import FACTS
from data.rules.positions import FARTHEST_KM, bounds_around, commune_shape

FILE_NAME = "manques.xlsx"
# The date of a sheet from a release that no log names.
_UNPUBLISHED = date(2000, 1, 1)


@dataclass(frozen=True)
class Asked:
    """A gap sheet: its bytes, how many rows it lists and how many facts it asks for."""

    content: bytes
    rows: int
    facts: int


def write_stamp(writing: Writing, stamp: Mapping[str, str]) -> None:
    """Write the hidden tab: what sheet this is, and the words of this workbook that the city chooses from."""
    sheet = writing.book.get_worksheet_by_name(STAMP)
    for place, (name, value) in enumerate(stamp.items()):
        sheet.write_string(place, 0, name)
        sheet.write_string(place, 1, value)
    for column, words in enumerate(writing.lists.values(), start=FIRST_LIST):
        sheet.write_column(0, column, words)
    sheet.protect("")
    sheet.hide()


def near(areas: pd.DataFrame, commune: str) -> dict[str, tuple[float, float]]:
    """Return the longitudes and latitudes that a place of a commune may have; none where it is not known."""
    shape = commune_shape(areas, commune)
    if shape.is_empty:
        return {}
    west, south, east, north = (round(bound, 2) for bound in bounds_around(shape, FARTHEST_KM))
    return {"longitude": (west, east), "latitude": (south, north)}


def gap_sheet(tables: Mapping[str, pd.DataFrame], commune: str, release_id: str, created: date) -> Asked:
    """Write the gap sheet of a commune.

    Parameters
    ----------
    tables : the tables of a release.
    created : the date the file bears; the same release and date give the same bytes.

    Raises
    ------
    UnknownAreaError
        The release has no such commune, or no operation of it.
    """
    found, areas = operations(tables, commune), tables["territories"]
    if found.empty:
        raise UnknownAreaError(f"no operation of {commune!r} in release {release_id}: check the commune's code")
    city = str(areas.loc[areas["ref_area"] == commune, "name"].iloc[0])
    rows = {tab.name: tab_rows(tab, tables, found) for tab in TABS}
    tabs = [tab for tab in TABS if rows[tab.name] or tab.is_free]
    sink = BytesIO()
    book = xlsxwriter.Workbook(sink, {"in_memory": True})
    title = say("file_title", city=city)
    book.set_properties({"title": title, "created": datetime.combine(created, time())})
    for name in (say(f"sheet.{GUIDE}.title"), *(tab_titles()[tab.name] for tab in tabs), STAMP):
        book.add_worksheet(name)
    lists = {"name": tuple(sorted(found["name"]))}
    writing = Writing(book, formats(book), near(areas, commune), title, lists)
    lasts = {tab: write_tab(tab, writing, rows[tab.name]) for tab in tabs}
    stamp = {"template_version": VERSION, "commune": commune, "release": release_id, "created": created.isoformat(),
             "tabs": " ".join(tab.name for tab in tabs)}  # fmt: skip
    write_stamp(writing, stamp)
    write_guide(writing, lasts, city, stamp, GuideWords("guide", FILE_NAME))
    book.close()
    count = sum(len(mine) for mine in rows.values())
    facts = int(found[[*FACTS]].sum().sum())
    return Asked(sink.getvalue(), count, facts)


def gap_sheet_of(release: Release, commune: str) -> Asked:
    """Write the gap sheet of a commune from a release, dated the day that release was published."""
    created = date.fromisoformat(release.published) if release.published else _UNPUBLISHED
    return gap_sheet(release.tables, commune, release.release_id, created)
