"""The city's lists of green spaces and cycle facilities, in the workbook that `python -m etl sheets` writes.

Its rows are the city's own record: of what is not listed nothing is said, and no zero.
"""

import re
from functools import partial
from pathlib import Path

import pandas as pd

from data.register_sheet.layout import CYCLE_FACILITIES, GREEN_SPACES
from etl.intake import Extracted, Loaded, Scope, edition_date
from etl.placing import Said, totals
from etl.register_rows import Judge, Reader, Row, Spot, commune_of, judged_rows, loaded, marked_incomplete, where_stated
from etl.register_sheets import plain, read_registers

SPACES, AREA = "registered_green_spaces", "registered_green_area_m2"
PARKING, DOCKS = "registered_cycle_places", "registered_bike_share_docks"
GIVES = (SPACES, AREA, PARKING, DOCKS)
BIKE_SHARE, CLOSED = "bike_share", "closed"
DETAILS = {SPACES: "Espaces verts", AREA: "Espaces verts", PARKING: "Équipements vélo", DOCKS: "Équipements vélo"}
SQUARE_METRES_A_HECTARE = 10_000
BASIS = ("D’après le registre de la Ville.", "As the City’s register says.")


def extract(path: Path) -> Extracted:
    """Read the two tabs.

    Raises
    ------
    UnreadableFileError
        It is not the workbook, or holds what must not be kept (`etl.register_sheets`).
    """
    return read_registers(path, (GREEN_SPACES, CYCLE_FACILITIES))


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", plain(text)).strip("-") or "sans-nom"


def _record(spot: Spot, indicator: str, value: float, **place: object) -> Row:
    return {"district": spot.district, "is_stated": spot.is_stated, "indicator": indicator, "value": value,
            "longitude": spot.longitude, "latitude": spot.latitude, **place}  # fmt: skip


def _green_space(row: Row, reader: Reader, year: int) -> list[Row]:
    """Return number and area of an open green space; one that is closed to the public is out of scope."""
    area = reader.number(row, GREEN_SPACES.column("space_area_m2"), is_needed=True)
    opened = reader.number(row, GREEN_SPACES.column("space_year"))
    access = reader.word(row, GREEN_SPACES.column("space_access"))
    spot = reader.spot(row)
    if not row["space_name"]:
        reader.reject("space_name", "value_missing")
    if opened is not None and opened > year:
        reader.reject("space_year", "future_period")
    if access == CLOSED or area is None:
        return []
    place = {"name": row["space_name"], "kind": "green_space", "area_ha": area / SQUARE_METRES_A_HECTARE}
    return [_record(spot, SPACES, 1.0, **place), _record(spot, AREA, area)]


def _cycle_facility(row: Row, reader: Reader) -> list[Row]:
    kind = reader.word(row, CYCLE_FACILITIES.column("cycle_kind"))
    places = reader.number(row, CYCLE_FACILITIES.column("cycle_places"), is_needed=True)
    spot = reader.spot(row)
    if places is None:
        return []
    name = row["cycle_where"] or row["cycle_kind"]
    place = {"name": name, "kind": BIKE_SHARE if kind == BIKE_SHARE else "cycle_parking", "area_ha": None}
    return [_record(spot, DOCKS if kind == BIKE_SHARE else PARKING, places, **place)]


def _places(rows: pd.DataFrame, edition: str) -> pd.DataFrame:
    """Return the rows that give a position as places; of several of one name each has its own number."""
    if rows.empty:
        return pd.DataFrame()
    mine = rows[rows["longitude"].notna() & rows["name"].notna()]
    slugs = mine["commune"] + "-" + mine["kind"].str.replace("_", "-") + "-" + mine["name"].map(_slug)
    again = slugs.groupby(slugs).cumcount()
    numbers = ("-" + (again + 1).astype("str")).where(again > 0, "")
    return pd.DataFrame(
        {
            "place_id": "register-" + slugs + numbers, "listed_for": mine["commune"], "name": mine["name"],
            "kind": mine["kind"], "area_ha": mine["area_ha"].astype("float64"), "longitude": mine["longitude"],
            "latitude": mine["latitude"], "ref_area": mine["district"].where(mine["district"] != "", mine["commune"]),
            "district_basis_fr": BASIS[0], "district_basis_en": BASIS[1], "source": edition,
            "source_detail": mine["indicator"].map(DETAILS),
        }
    ).reset_index(drop=True)  # fmt: skip


def transform(extracted: Extracted, edition: str, scope: Scope) -> Loaded:
    """Return numbers, areas and places of the lists, by commune and district.

    Raises
    ------
    UnreadableFileError
        The workbook was written for another commune.
    """
    period = edition_date(edition, "city-registers")
    reader = Reader(commune_of(extracted, scope), scope, period)
    judges: dict[str, Judge] = {
        GREEN_SPACES.name: partial(_green_space, year=int(period[:4])),
        CYCLE_FACILITIES.name: _cycle_facility,
    }
    rows, rejected, out_of_scope = judged_rows(extracted, reader, judges)
    found = [
        totals(rows[rows["indicator"] == name], (name,), scope, Said(period, edition, DETAILS[name]), is_whole=False)
        for name in GIVES
    ]
    observations = where_stated(pd.concat(found, ignore_index=True), rows)
    faulty = {one.file for one in (*extracted.rejected, *rejected)}
    for title, mine in ((DETAILS[SPACES], (SPACES, AREA)), (DETAILS[PARKING], (PARKING, DOCKS))):
        is_faulty = any(file.endswith(f"/{title}") for file in faulty)
        observations = marked_incomplete(observations, mine, is_faulty)
    return loaded(extracted, observations, rejected, out_of_scope, _places(rows, edition))
