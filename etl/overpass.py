"""Answers of Overpass, the query service of OpenStreetMap: elements with their tags, and the surfaces they enclose.

`[out:json]; … out geom;` gives each way its positions and each relation those of its members. A surface is a closed
way, or a relation whose outer and inner members, often open ways, join to rings.
"""

from collections.abc import Iterator
from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from data.errors import UnreadableFileError
from etl.intake import Extracted
from etl.reading.strict_json import read_json
from etl.reading.vector import FRANCE, LARGEST_REPAIR

TAGS = ("name", "leisure", "landuse", "natural", "access", "garden:type", "type")
# Relations of these types enclose surfaces.
_SURFACES = {"multipolygon", "boundary"}
_ANSWER = "ask Overpass for [out:json] with `out geom;`"


class _BadShapeError(ValueError):
    """Raised when an element encloses no surface; its text is the reason (a key of `quarantine.toml`)."""


def _position(point: object) -> tuple[float, float]:
    if not isinstance(point, dict):
        # Overpass writes null for positions outside the box that was asked for.
        raise _BadShapeError("geometry_missing")
    longitude, latitude = point.get("lon"), point.get("lat")
    for value in (longitude, latitude):
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise _BadShapeError("geometry_missing")
        if not isfinite(value):
            raise _BadShapeError("geometry_not_finite")
    return float(longitude), float(latitude)  # type: ignore[arg-type]


def _line(points: object) -> np.ndarray:
    if not isinstance(points, list) or not points:
        raise _BadShapeError("geometry_missing")
    return np.array([_position(point) for point in points])


def _closed_way(element: dict[str, Any]) -> BaseGeometry:
    line = _line(element.get("geometry"))
    if len(line) < 4 or (line[0] != line[-1]).any():
        raise _BadShapeError("not_a_surface")
    return shapely.Polygon(line)


def _rings(lines: list[np.ndarray]) -> list[shapely.Polygon]:
    """Return the rings that lines, open or closed, join to; all of them must be used."""
    drawn = [shapely.LineString(line) for line in lines if len(line) > 1]
    rings, cuts, dangles, invalid = shapely.polygonize_full(drawn)
    if not len(rings.geoms) or len(cuts.geoms) or len(dangles.geoms) or len(invalid.geoms):
        raise _BadShapeError("geometry_invalid")
    # Ways that touch are rings of their own; only their outer line is a ring of the relation.
    return [shapely.Polygon(shapely.get_exterior_ring(ring)) for ring in rings.geoms]


def _relation(element: dict[str, Any]) -> BaseGeometry:
    members = element.get("members")
    if not isinstance(members, list):
        raise _BadShapeError("geometry_missing")
    ways = [one for one in members if isinstance(one, dict) and one.get("type") == "way"]
    inner = [_line(one.get("geometry")) for one in ways if one.get("role") == "inner"]
    outer = [_line(one.get("geometry")) for one in ways if one.get("role") in ("outer", "")]
    if not outer:
        raise _BadShapeError("geometry_missing")
    whole = shapely.unary_union(_rings(outer))
    return shapely.difference(whole, shapely.unary_union(_rings(inner))) if inner else whole


def _surface(element: dict[str, Any]) -> BaseGeometry:
    """Return the surface (EPSG:4326) of an element, or raise why it has none."""
    kind, tags = element.get("type"), element.get("tags")
    if kind == "relation" and isinstance(tags, dict) and tags.get("type") in _SURFACES:
        shape = _relation(element)
    elif kind == "way":
        shape = _closed_way(element)
    else:
        raise _BadShapeError("not_a_surface")
    if not shape.is_valid:
        repaired = shapely.make_valid(shape)
        # A ring that crosses itself encloses what nobody can tell; a spike or a doubled point does not matter.
        if (
            repaired.geom_type not in {"Polygon", "MultiPolygon"}
            or abs(repaired.area - shape.area) > LARGEST_REPAIR * shape.area
        ):
            raise _BadShapeError("geometry_invalid")
        shape = repaired
    if shape.is_empty or shape.area <= 0:
        raise _BadShapeError("geometry_invalid")
    west, south, east, north = shape.bounds
    if not _is_in_france(west, south, east, north):
        if _is_in_france(south, west, north, east):
            raise _BadShapeError("coordinates_swapped")
        raise _BadShapeError("coordinates_outside_france")
    return shape


def _is_in_france(west: float, south: float, east: float, north: float) -> bool:
    return any(west >= box[0] and south >= box[1] and east <= box[2] and north <= box[3] for box in FRANCE)


def _record(number: int, element: dict[str, Any]) -> dict[str, Any]:
    tags = element.get("tags")
    tags = tags if isinstance(tags, dict) else {}
    record: dict[str, Any] = {"line": number, "id": f"{element.get('type')}/{element.get('id')}"}
    record |= {name: str(tags.get(name, "")) for name in TAGS}
    try:
        return record | {"geometry": _surface(element), "fault": ""}
    except _BadShapeError as bad:
        return record | {"geometry": None, "fault": str(bad)}


def _elements(answer: Any, name: str) -> Iterator[dict[str, Any]]:
    if not isinstance(answer, dict) or not isinstance(answer.get("elements"), list):
        raise UnreadableFileError(f"{name} is no answer of Overpass (it has no list `elements`): {_ANSWER}")
    if "remark" in answer:
        words = " ".join(str(answer["remark"]).split())[:200]
        raise UnreadableFileError(f"{name} is an answer that the server cut short; it says {words!r}: ask again")
    for element in answer["elements"]:
        if not isinstance(element, dict):
            raise UnreadableFileError(f"{name} lists elements that are none: {_ANSWER}")
        yield element


def is_overpass(path: Path) -> bool:
    """Tell whether a file looks like an answer of Overpass: JSON that names its generator or lists elements first."""
    with path.open("rb") as stream:
        beginning = stream.read(4096)
    return any(key in beginning for key in (b'"osm3s"', b'"elements"', b'"generator": "Overpass'))


def read_overpass(path: Path) -> Extracted:
    """Read an answer of Overpass: an element a row.

    Returns
    -------
    Extracted : `line`, the number of the element from 1; `id`, such as `way/23`; the tags of `TAGS`, "" where absent;
    `geometry` (shapely, EPSG:4326), missing where `fault` gives the reason; `state`, the moment of the map.

    Raises
    ------
    UnreadableFileError
        It is no answer of Overpass, was cut short by the server, or was asked for without geometry.
    """
    answer = read_json(path)
    elements = list(_elements(answer, path.name))
    shapeless = [one for one in elements if one.get("type") in {"way", "relation"}]
    if shapeless and not any("geometry" in one or _has_geometry(one) for one in shapeless):
        raise UnreadableFileError(f"{path.name} has ways without positions: {_ANSWER}")
    said = answer.get("osm3s")
    state = str(said.get("timestamp_osm_base", "")) if isinstance(said, dict) else ""
    records = [_record(number, element) for number, element in enumerate(elements, 1)]
    columns = ["line", "id", *TAGS, "geometry", "fault"]
    return Extracted(path.name, pd.DataFrame(records, columns=columns).assign(state=state))


def _has_geometry(element: dict[str, Any]) -> bool:
    members = element.get("members")
    return isinstance(members, list) and any(isinstance(one, dict) and "geometry" in one for one in members)
