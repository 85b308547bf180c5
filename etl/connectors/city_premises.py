"""The city's list of business premises, in the workbook that `python -m etl sheets` writes: numbers, never a premises.

Who owns or rents one is nowhere in it. A row is about a single establishment, so that what is counted is protected.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from data.gap_sheet.words import say
from data.register_sheet.layout import PREMISES
from etl.intake import Extracted, Loaded, Rejection, Scope, edition_date
from etl.placing import Said, totals
from etl.register_rows import Reader, Row, commune_of, judged_rows, loaded, marked_incomplete, where_stated
from etl.register_sheets import read_registers

ALL, VACANT, VACANT_AREA = (
    "registered_premises",
    "registered_vacant_premises",
    "registered_vacant_premises_area_m2",
)
GIVES = (ALL, VACANT, VACANT_AREA)
DETAIL = "Locaux"
AREA_UNKNOWN = (
    "La surface d’au moins un local vacant n’est pas dans le registre.",
    "The floor area of at least one vacant premises is not in the register.",
)


def extract(path: Path) -> Extracted:
    """Read the tab.

    Raises
    ------
    UnreadableFileError
        It is not the workbook, or holds what must not be kept (`etl.register_sheets`).
    """
    return read_registers(path, (PREMISES,))


def _premises(row: Row, reader: Reader) -> list[Row]:
    """Return what one premises adds; the floor area of a vacant one is missing where the row does not give it."""
    area = reader.number(row, PREMISES.column("premises_area_m2"))
    reader.word(row, PREMISES.column("premises_kind"))
    state = reader.word(row, PREMISES.column("premises_state"))
    reader.check_day(row, PREMISES.column("premises_since"))
    spot = reader.spot(row)
    if not row["premises_identifier"]:
        reader.reject("premises_identifier", "identifier_missing")
    common = {"district": spot.district, "is_stated": spot.is_stated}
    found = [common | {"indicator": ALL, "value": 1.0}]
    if state == "vacant":
        found.append(common | {"indicator": VACANT, "value": 1.0})
        found.append(common | {"indicator": VACANT_AREA, "value": np.nan if area is None else area})
    return found


def _without_repeats(extracted: Extracted) -> Extracted:
    """Put aside rows whose identifier comes several times: nothing tells which one holds."""
    frame = extracted.frame
    names = frame["premises_identifier"]
    is_again = (names != "") & names.duplicated(keep=False)
    column = say("column.premises_identifier.title")
    rejected = [
        Rejection(str(file), int(line), column, "", "duplicate_identifier")
        for file, line in zip(frame["file"][is_again], frame["line"][is_again], strict=True)
    ]
    kept = frame[~is_again].reset_index(drop=True)
    return Extracted(extracted.file, kept, tuple(sorted({*extracted.rejected, *rejected})))


def _with_zeros(observations: pd.DataFrame) -> pd.DataFrame:
    """Add the zeros: an area that has premises and no vacant one has none, and no floor area of such."""
    areas = observations[observations["indicator"] == ALL]
    known = set(zip(observations["ref_area"], observations["indicator"], strict=True))
    zeros = [
        areas[~areas["ref_area"].map(lambda area, name=name: (area, name) in known)].assign(
            indicator=name, obs_value=0.0, contributors=0.0, largest_share=np.nan
        )
        for name in (VACANT, VACANT_AREA)
    ]
    return pd.concat([observations, *zeros], ignore_index=True)


def _without_partial_areas(observations: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Take away the floor areas of which a part is not known."""
    unknown = rows[(rows["indicator"] == VACANT_AREA) & rows["value"].isna()]
    areas = {*unknown["commune"], *unknown["district"]} - {""}
    is_partial = (observations["indicator"] == VACANT_AREA) & observations["ref_area"].isin(areas)
    found = observations.copy()
    found.loc[is_partial, ["obs_value", "contributors", "largest_share"]] = np.nan
    found.loc[is_partial, "obs_status"] = "O"
    found.loc[is_partial, ["note_fr", "note_en"]] = AREA_UNKNOWN
    return found


def transform(extracted: Extracted, edition: str, scope: Scope) -> Loaded:
    """Return numbers of premises, vacant ones and their floor area, with who stands behind each.

    Raises
    ------
    UnreadableFileError
        The workbook was written for another commune.
    """
    period = edition_date(edition, "city-premises")
    reader = Reader(commune_of(extracted, scope), scope, period)
    unique = _without_repeats(extracted)
    rows, rejected, out_of_scope = judged_rows(unique, reader, {PREMISES.name: _premises})
    said = Said(period, edition, DETAIL)
    told = rows.dropna(subset="value")
    found = [
        totals(told[told["indicator"] == name], (name,), scope, said, is_whole=False, is_microdata=True)
        for name in GIVES
    ]
    observations = where_stated(pd.concat(found, ignore_index=True), rows)
    observations = marked_incomplete(_with_zeros(observations), GIVES, bool(unique.rejected or rejected))
    observations = _without_partial_areas(observations, rows)
    return loaded(unique, observations, rejected, out_of_scope)
