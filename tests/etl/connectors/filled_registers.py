"""A workbook of the city's registers, filled in as a city would: from the blank one, cell by cell."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd
from openpyxl import Workbook, load_workbook

from data.gap_sheet.layout import FIRST_ROW, HEADING_ROW, STAMP, Tab
from data.gap_sheet.words import say, tab_titles
from data.register_sheet.layout import CYCLE_FACILITIES, GREEN_SPACES, PREMISES, TABS
from data.register_sheet.writer import register_sheet
from data.schemas import TABLES
from tests.etl.connectors.green_places import COMMUNE, EAST, WEST, rectangle

Rows = Mapping[Tab, Sequence[Sequence[Any]]]
_POINT = rectangle(1500, 500, 1500.02, 500.02).centroid
# Inside the eastern district.
LONGITUDE, LATITUDE = _POINT.x, _POINT.y

ROWS: dict[Tab, list[list[Any]]] = {
    GREEN_SPACES: [
        ["Square des Essais", 2400, 2019, "ouvert à toute heure", "Ouest", None, None],
        ["Parc de l’Est", 12_500.5, None, "ouvert à certaines heures", None, LONGITUDE, LATITUDE],
        ["Jardin du foyer", 800, None, "fermé au public", "Ouest", None, None],
        ["Mail sans quartier", 300, None, "ouvert à toute heure", None, None, None],
        ["Square à venir", 900, 2031, "ouvert à toute heure", "Ouest", None, None],
        ["Square sans surface", None, 2001, "ouvert à toute heure", "Ouest", None, None],
        ["Square d’ailleurs", 500, 2001, "ouvert à toute heure", None, 2.3522, 48.8566],
        ["Square inconnu", 500, 2001, "parfois", "Nord", None, None],
    ],
    CYCLE_FACILITIES: [
        ["arceaux", 20, "Place de l’Essai", "Ouest", None, None],
        ["box fermé", 12, None, None, LONGITUDE, LATITUDE],
        ["station en libre-service", 30, "Gare", "Est", LONGITUDE, LATITUDE],
        ["arceaux", 2.5, None, "Est", None, None],
        ["arceaux", "=1+1", None, "Est", None, None],
        ["arceaux", 4, None, "Est", LONGITUDE, None],
    ],
    PREMISES: [
        *([f"W{number}", "commerce", 100 + number, "occupé", None, "Ouest", None, None] for number in range(6)),
        *([f"V{number}", "commerce", 50, "vacant", date(2024, 5, 1), "Ouest", None, None] for number in range(3)),
        *([f"E{number}", "bureaux", 200, "occupé", None, "Est", None, None] for number in range(4)),
        ["D1", "commerce", 60, "vacant", None, "Est", None, None],
        ["D1", "commerce", 70, "vacant", None, "Est", None, None],
        ["F1", "commerce", 60, "vacant", date(2031, 1, 1), "Est", None, None],
        [None, "commerce", 60, "vacant", None, "Est", None, None],
    ],
}


@lru_cache(maxsize=1)
def blank() -> bytes:
    """Return the blank workbook of the commune of the tests."""
    blank_area: dict[str, object] = dict.fromkeys(TABLES["territories"].schema.names, "")
    blank_area |= {"geometry": None, "label_longitude": None, "label_latitude": None}
    areas = [("commune", COMMUNE, "Essai"), ("district", WEST, "Ouest"), ("district", EAST, "Est")]
    records = [
        blank_area | {"ref_area": code, "level": level, "name": name, "short_name": name, "commune": COMMUNE,
                      "district": code if level == "district" else ""}
        for level, code, name in areas
    ]  # fmt: skip
    return register_sheet({"territories": pd.DataFrame.from_records(records)}, COMMUNE, "release", date(2026, 11, 26))


def opened() -> Workbook:
    """Return the blank workbook, open."""
    return load_workbook(BytesIO(blank()))


def bare() -> Workbook:
    """Return a workbook with the tabs and headings of the blank one alone, which is quick to read."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for tab in TABS:
        sheet = book.create_sheet(tab_titles()[tab.name])
        for place, column in enumerate(tab.columns, start=1):
            sheet.cell(HEADING_ROW, place).value = say(f"column.{column.name}.title")
    stamp = book.create_sheet(STAMP)
    stamp.append(["commune", COMMUNE])
    return book


def filled(rows: Rows = ROWS, book: Workbook | None = None) -> Workbook:
    """Return a workbook with rows in its tabs: a given one, else the bare one."""
    book = bare() if book is None else book
    for tab, mine in rows.items():
        sheet = book[tab_titles()[tab.name]]
        for number, values in enumerate(mine, start=FIRST_ROW):
            for column, value in enumerate(values, start=1):
                sheet.cell(number, column).value = value
    return book


def saved(book: Workbook, path: Path) -> Path:
    """Save a workbook and return where."""
    book.save(path)
    return path
