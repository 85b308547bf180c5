"""Files that say where areas lie: whichever of the usual names their columns have, one surface an area."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pandas as pd
import shapely

from data.errors import UnreadableFileError
from etl.intake import Extracted, Loaded
from etl.outlines import COLUMNS, WGS84, metric_crs, projected
from etl.reading.column_names import same_name

AREA = "land_area_ha"
_SURFACES = (shapely.GeometryType.POLYGON.value, shapely.GeometryType.MULTIPOLYGON.value)
_SHORTEST_CODE = 5
M2_PER_HA = 10_000
# A Shapefile cuts names to ten characters.
_CUT = 10
# Shared borders are drawn twice, never quite alike: less than this share of an area is no overlap.
LARGEST_OVERLAP = 0.001
# More départements than this in one file: it is one of the whole country or of a region, not one of several.
_MOST_DEPARTMENTS = 8


def column_named(extracted: Extracted, names: Iterable[str], what: str) -> str:
    """Return the column that has one of the names a publisher may give it, in their order.

    Raises
    ------
    UnreadableFileError
        No column is called so.
    """
    columns = {same_name(str(column)): str(column) for column in extracted.frame.columns}
    for name in names:
        for spelling in (same_name(name), same_name(name)[:_CUT]):
            if spelling in columns:
                return columns[spelling]
    held = ", ".join(str(column) for column in extracted.frame.columns if column not in ("line", "geometry"))[:300]
    raise UnreadableFileError(
        f"{extracted.file} has no column for {what} ({', '.join(names)}); it has {held or 'none'}"
    )


def is_surface(geometry: shapely.Geometry) -> bool:
    """Tell whether a shape (shapely) can be the outline of an area."""
    return int(shapely.get_type_id(geometry)) in _SURFACES


def areas_ha(codes: list[str], geometries: np.ndarray) -> np.ndarray:
    """Return the areas, in hectares to the square metre, of outlines (shapely, EPSG:4326) in the legal projection."""
    found = np.zeros(len(codes))
    systems = np.array([metric_crs(code) for code in codes], dtype=object)
    for crs in sorted(set(systems)):
        mine = systems == crs
        found[mine] = shapely.area(projected(geometries[mine], WGS84, crs)) / M2_PER_HA
    return found.round(4)


def measured(loaded: Loaded, extracted: Extracted, columns: dict[str, str], level: str, edition: str) -> Loaded:
    """Give judged rows their areas, and their outlines to those that are placed by them.

    Parameters
    ----------
    loaded : of whose observations only the areas (`land_area_ha`) are still missing, one a row of the file.
    columns : the column of `ref_area`, of `name` and of `commune` in `extracted`.
    level : commune, district or iris.

    Raises
    ------
    UnreadableFileError
        Two areas overlap.
    """
    named = {column: name for name, column in columns.items()}
    rows = extracted.frame[[*named, "geometry"]].rename(columns=named)
    codes = loaded.observations["ref_area"].tolist()
    rows = rows[rows["ref_area"].isin(codes)].drop_duplicates("ref_area").set_index("ref_area").loc[codes].reset_index()
    areas = areas_ha(codes, rows["geometry"].to_numpy(dtype=object))
    outlines = rows.assign(level=level, boundary="official", source=edition)[list(COLUMNS)]
    outlines = outlines.sort_values("ref_area").reset_index(drop=True)
    refuse_overlaps(extracted.file, outlines)
    return replace(loaded, observations=loaded.observations.assign(obs_value=areas), outlines=outlines)


def refuse_overlaps(file: str, outlines: pd.DataFrame) -> None:
    """Refuse outlines of one level that overlap: what lies in both would be counted twice.

    Raises
    ------
    UnreadableFileError
        Names two that overlap by more than their borders' blur.
    """
    geometries = outlines["geometry"].to_numpy(dtype=object)
    one, other = shapely.STRtree(geometries).query(geometries, predicate="intersects")
    one, other = one[one < other], other[one < other]
    areas = shapely.area(geometries)
    shares = shapely.area(shapely.intersection(geometries[one], geometries[other])) / np.minimum(
        areas[one], areas[other]
    )
    found = np.flatnonzero(shares > LARGEST_OVERLAP)
    if len(found):
        first, second = (outlines["ref_area"].iloc[int(place[found[0]])] for place in (one, other))
        raise UnreadableFileError(
            f"{file}: {first} and {second} overlap by {shares[found[0]]:.1%} of the smaller one: take the publisher's "
            "corrected file"
        )


def departments_of(codes: pd.Series) -> str:
    """Return the départements of codes of areas, as the name of the part that a file is; "" for the whole country."""
    found = sorted({code[:3] if code.startswith("97") else code[:2] for code in codes if len(code) >= _SHORTEST_CODE})
    return "-".join(found) if len(found) <= _MOST_DEPARTMENTS else ""
