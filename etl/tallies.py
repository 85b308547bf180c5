"""From rows of a register to numbers of things by commune and district: where they lie, and what is missing of them."""

import numpy as np
import pandas as pd
from pyproj import Transformer

from etl.commune_rows import CommuneRows
from etl.intake import Scope
from etl.open_data import BEHIND
from etl.outlines import WGS84, metric_crs
from etl.placing import Said, points_of, totals
from etl.reading.cells import number_of

# Where the parts of France lie, by the beginning of a commune's code: west, south, east, north (EPSG:4326).
MAINLAND = (-5.5, 41.2, 9.8, 51.3)
OVERSEAS = {
    "971": (-62.0, 15.7, -60.9, 16.7), "972": (-61.4, 14.2, -60.7, 15.0), "973": (-54.8, 2.0, -51.4, 6.0),
    "974": (55.1, -21.5, 56.0, -20.7), "976": (44.9, -13.2, 45.5, -12.5),
}  # fmt: skip
# From this part on of things without a district, the numbers of districts would mislead more than tell.
LARGEST_UNPLACED_SHARE = 0.2
FEW_PLACED = (
    "Trop de lignes n’ont pas de position sûre pour compter par quartier.",
    "Too many rows have no sure position to count by district.",
)
MOST_PLACED = (
    "Une partie de la commune n’a pas de position sûre\u202f: le nombre peut être trop petit.",
    "Part of the commune’s have no sure position: the number may be too small.",
)
INCOMPLETE = (
    "Des lignes de la commune n’ont pas pu être lues\u202f: le nombre peut être trop petit.",
    "Rows of the commune could not be read: the number may be too small.",
)


def positions(chosen: CommuneRows, area: str, columns: tuple[str, str], is_known: pd.Series) -> pd.Series:
    """Return where rows lie, and reject those whose coordinates cannot be; they stay until they are dropped.

    Parameters
    ----------
    area, columns : the columns of the commune's code, and of x and y in the legal projection of its département.
    is_known : by row, whether its position is to be read.

    Returns
    -------
    Series of points (shapely, EPSG:4326), empty where the position is not known.
    """
    rows = chosen.rows
    if not set(columns) <= set(rows):
        return pd.Series(points_of(_nowhere(rows), _nowhere(rows)), index=rows.index)
    read = [_coordinates(rows[column].where(is_known, "")) for column in columns]
    for column, (_, reasons) in zip(columns, read, strict=True):
        chosen.reject(column, reasons)
    points, is_outside = _located(rows[area], read[0][0], read[1][0])
    chosen.reject_where(columns[0], is_outside, "coordinates_outside_france")
    return points


def _nowhere(rows: pd.DataFrame | pd.Series) -> pd.Series:
    return pd.Series(np.nan, index=rows.index, dtype="float64")


def _coordinates(column: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Return values (missing where blank or unusable) and reasons (empty where usable)."""
    found = {text: number_of(text, negative=True) for text in column.unique()}
    values = {text: np.nan if one.value is None else one.value for text, one in found.items()}
    reasons = {text: one.reason for text, one in found.items()}
    return column.map(values).astype("float64"), column.map(reasons).astype("str")


def _located(communes: pd.Series, x_m: pd.Series, y_m: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Return points, and whether a row lies outside its part of France; coordinates are in the legal projection."""
    longitudes, latitudes, is_outside = _nowhere(communes), _nowhere(communes), pd.Series(False, index=communes.index)
    prefixes = communes.str[:3]
    for prefix in prefixes.unique():
        mine = prefixes.eq(prefix) & x_m.notna() & y_m.notna()
        if mine.any():
            move = Transformer.from_crs(metric_crs(prefix), WGS84, always_xy=True)
            east, north = (np.asarray(one) for one in move.transform(x_m[mine].to_numpy(), y_m[mine].to_numpy()))
            box = OVERSEAS.get(prefix, MAINLAND)
            inside = (box[0] <= east) & (east <= box[2]) & (box[1] <= north) & (north <= box[3])
            is_outside[mine] = ~inside
            longitudes[mine], latitudes[mine] = np.where(inside, east, np.nan), np.where(inside, north, np.nan)
    return pd.Series(points_of(longitudes, latitudes), index=communes.index), is_outside


def tally(
    rows: pd.DataFrame,
    indicators: tuple[str, ...],
    scope: Scope,
    said: Said,
    incomplete: frozenset[str],
    *,
    is_microdata: bool = False,
) -> pd.DataFrame:
    """Count the rows of a whole register, by commune and district.

    Parameters
    ----------
    rows : `commune`, `district` (of `place`), `indicator`; rows of other indicators make a commune known only.
    incomplete : the communes of which rows were rejected.

    Returns
    -------
    Observations
        As `totals`. Estimated (E), with a note, where rows are missing; missing (O) in the districts of a commune too
        many of whose rows have no sure position.
    """
    frame = totals(rows.assign(value=1.0), indicators, scope, said, is_whole=True, is_microdata=is_microdata)
    communes = communes_of(frame["ref_area"], scope)
    is_district = communes.ne(frame["ref_area"])
    shares = rows["district"].eq("").groupby([rows["commune"], rows["indicator"]]).mean()
    share = shares.reindex(pd.MultiIndex.from_arrays([communes, frame["indicator"]]), fill_value=0.0).to_numpy()
    few = is_district & (share > LARGEST_UNPLACED_SHARE)
    annotate(frame, is_district & (share > 0) & ~few, MOST_PLACED, "E")
    annotate(frame, communes.isin(incomplete), INCOMPLETE, "E")
    annotate(frame, few, FEW_PLACED, "O")
    return frame


def communes_of(areas: pd.Series, scope: Scope) -> pd.Series:
    """Return the commune of each area: of a district that which it is part of."""
    districts = scope.outlines.of_level("district")
    owners = dict(zip(districts["ref_area"], districts["commune"], strict=True))
    return areas.map({area: owners.get(area, area) for area in areas.unique()}).astype("str")


def annotate(frame: pd.DataFrame, which: pd.Series, note: tuple[str, str], status: str) -> None:
    """Add a note and a status to observations, in place; those that become missing (O) lose their value and notes."""
    which = which & frame["obs_status"].ne("O")
    if status == "O":
        frame.loc[which, frame.columns.intersection(["obs_value", *BEHIND])] = np.nan
        frame.loc[which, ["note_fr", "note_en"]] = ""
    for column, text in zip(("note_fr", "note_en"), note, strict=True):
        frame.loc[which, column] = (frame.loc[which, column] + " " + text).str.strip()
    frame.loc[which, "obs_status"] = status


def incomplete_communes(chosen: CommuneRows, area: str) -> frozenset[str]:
    """Return the communes in scope of which rows are rejected, before those are dropped."""
    lines = {one.line for one in chosen.rejected}
    return frozenset(chosen.rows.loc[chosen.rows["line"].isin(lines), area])
