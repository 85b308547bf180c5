"""Rows with their place as GeoJSON (RFC 7946): one feature a row, EPSG:4326, outer rings anticlockwise."""

import json
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
import shapely

from dashboard.takeaway.holding import ImpossibleFormatError
from dashboard.view import View
from data.frames import rows_of
from data.release import Release

# A hundred-millionth of a degree is a millimetre: what computers add beyond it says nothing.
DECIMALS = 8
_POINT = ("longitude", "latitude")
_OPERATION = "programme_id"


class NoGeometryError(ImpossibleFormatError):
    """Raised when no row has a place that is known: there is nothing to draw on a map."""

    reason = "no_geometry"


def _plain(value: Any) -> Any:
    """Return a value as JSON holds it: nothing where there is none."""
    if value is None or value != value:
        return None
    return value.item() if isinstance(value, np.generic) else value


def _geometry(shape: Any) -> dict[str, Any] | None:
    """Return a shape in EPSG:4326 as GeoJSON: flat, its outer rings anticlockwise."""
    if shape is None or shape.is_empty:
        return None
    flat = shapely.transform(shapely.force_2d(shape), lambda found: np.round(found, DECIMALS))
    geometry: dict[str, Any] = json.loads(shapely.to_geojson(shapely.orient_polygons(flat, exterior_cw=False)))
    return geometry


@lru_cache(maxsize=4)
def _outlines(release: Release) -> dict[str, tuple[dict[str, Any] | None, str]]:
    """Return outline and kind of outline of every area that has one."""
    areas = release.table("territories")
    drawn = areas[areas["geometry"].notna()]
    return {row.ref_area: (_geometry(shapely.from_wkb(row.geometry)), row.boundary) for row in rows_of(drawn)}


def _points(longitude: "pd.Series[float]", latitude: "pd.Series[float]") -> list[dict[str, Any] | None]:
    known = longitude.notna() & latitude.notna()
    return [_geometry(shapely.Point(x, y)) if is_known else None
            for x, y, is_known in zip(longitude, latitude, known, strict=True)]  # fmt: skip


def _places(view: View, frame: pd.DataFrame) -> list[tuple[dict[str, Any] | None, str]]:
    """Return geometry and kind of outline of each row.

    A place or an operation is where a source says it is, or nowhere: never drawn as the area it belongs to. Any other
    row is of an area.
    """
    if set(_POINT) <= set(frame.columns):
        return [(point, "") for point in _points(frame["longitude"], frame["latitude"])]
    if len(frame.columns) and frame.columns[0] == _OPERATION:
        known = view.release.table("programmes").set_index(_OPERATION)[list(_POINT)].reindex(frame[_OPERATION])
        return [(point, "") for point in _points(known["longitude"], known["latitude"])]
    column = next((name for name in ("ref_area", "district") if name in frame), "")
    outlines = _outlines(view.release)
    return [outlines.get(code, (None, "")) for code in frame[column]] if column else [(None, "")] * len(frame)


def geojson(view: View, frame: pd.DataFrame) -> bytes:
    """Return rows as a collection of features: the columns as properties, `boundary` saying what an outline is worth.

    A row whose place is not known has no geometry (`null`).

    Raises
    ------
    NoGeometryError
        No row has one.
    """
    places = _places(view, frame)
    if not any(geometry for geometry, _ in places):
        raise NoGeometryError("none of these rows has a place that is known: take them as a table")
    features = [
        {
            "type": "Feature",
            "geometry": geometry,
            "properties": {**dict(zip(frame.columns, map(_plain, row), strict=True)), "boundary": boundary or None},
        }
        for row, (geometry, boundary) in zip(frame.itertuples(index=False, name=None), places, strict=True)
    ]
    collection = {"type": "FeatureCollection", "release": view.release.release_id, "features": features}
    return json.dumps(collection, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
