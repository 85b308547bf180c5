"""GeoJSON as written: attributes keep the digits of the file, shapes are built only where they are whole."""

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import shapely

from data.errors import UnreadableFileError
from etl.intake import Rejection
from etl.outlines import WGS84
from etl.reading.layers import Layer, crs_of, refuse_too_many
from etl.reading.strict_json import WrittenNumber, parse_json

_FEWEST_CORNERS = 4
_SHOWN = 80


class _BadShapeError(Exception):
    """Raised within this module when coordinates are no shape: its text is the reason of rejection."""


def _written(value: Any) -> str:
    """Return an attribute as text: a number as the file writes it, lists and objects as JSON."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else _structured(value)


def _structured(value: Any) -> str:
    """Write a list or an object as JSON, its numbers as the file writes them."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key, ensure_ascii=False)}: {_structured(one)}"
                               for key, one in value.items()) + "}"  # fmt: skip
    if isinstance(value, list):
        return "[" + ", ".join(_structured(one) for one in value) + "]"
    return str(value) if isinstance(value, WrittenNumber) else json.dumps(value, ensure_ascii=False)


def _positions(value: Any) -> np.ndarray:
    """Return positions as an array of x and y; heights are left out."""
    if not isinstance(value, list):
        raise _BadShapeError("geometry_invalid")
    pairs = []
    for position in value:
        is_position = isinstance(position, list) and len(position) >= 2
        if not is_position or type(position[0]) is not WrittenNumber or type(position[1]) is not WrittenNumber:
            raise _BadShapeError("geometry_invalid")
        pairs.append((float(position[0]), float(position[1])))
    found = np.array(pairs, dtype="float64").reshape(-1, 2)
    if not np.isfinite(found).all():
        raise _BadShapeError("geometry_not_finite")
    return found


def _line(value: Any) -> shapely.LineString:
    points = _positions(value)
    if len(points) == 1:
        raise _BadShapeError("geometry_invalid")
    return shapely.LineString(points)


def _polygon(value: Any) -> shapely.Polygon:
    if not isinstance(value, list):
        raise _BadShapeError("geometry_invalid")
    rings = [_positions(ring) for ring in value]
    for ring in rings:
        # Shapely would close a ring that the file leaves open, and nobody would know what is missing.
        if len(ring) < _FEWEST_CORNERS or not (ring[0] == ring[-1]).all():
            raise _BadShapeError("geometry_invalid")
    return shapely.Polygon(rings[0], rings[1:]) if rings else shapely.Polygon()


def _point(value: Any) -> shapely.Point:
    return shapely.Point(_positions([value])[0]) if value != [] else shapely.Point()


def _several(build: Callable[[Any], Any], whole: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def built(value: Any) -> Any:
        if not isinstance(value, list):
            raise _BadShapeError("geometry_invalid")
        return whole([build(one) for one in value])

    return built


_BUILDERS: dict[str, Callable[[Any], Any]] = {
    "Point": _point,
    "LineString": _line,
    "Polygon": _polygon,
    "MultiPoint": _several(_point, shapely.MultiPoint),
    "MultiLineString": _several(_line, shapely.MultiLineString),
    "MultiPolygon": _several(_polygon, shapely.MultiPolygon),
}


def _shape(geometry: Any) -> Any:
    """Return the shape of a GeoJSON geometry, None where there is none."""
    if geometry is None:
        return None
    if not isinstance(geometry, dict) or not isinstance(geometry.get("type"), str):
        raise _BadShapeError("geometry_invalid")
    if geometry["type"] == "GeometryCollection":
        return _several(_shape, shapely.GeometryCollection)(geometry.get("geometries"))
    if geometry["type"] not in _BUILDERS:
        raise _BadShapeError("geometry_invalid")
    return _BUILDERS[geometry["type"]](geometry.get("coordinates"))


def _features(found: Any, name: str) -> list[Any]:
    if not isinstance(found, dict) or found.get("type") != "FeatureCollection":
        raise UnreadableFileError(f"{name} is JSON, but no GeoJSON FeatureCollection: take the publisher's GeoJSON")
    features = found.get("features")
    if not isinstance(features, list):
        raise UnreadableFileError(f"{name} has no list of features: take it again from the publisher")
    refuse_too_many(name, len(features))
    return features


def _crs(found: dict[str, Any], name: str) -> str:
    """Return the reference system a file names, as older ones do; without a name it is WGS 84 by the standard."""
    stated = found.get("crs")
    if stated is None:
        return WGS84
    properties = stated.get("properties") if isinstance(stated, dict) else None
    label = properties.get("name") if isinstance(properties, dict) else None
    if not isinstance(label, str):
        raise UnreadableFileError(f"{name} names no reference system in its `crs` member (links are not followed): "
                                  "export it again in WGS 84")  # fmt: skip
    return label


def _refuse_cut(found: dict[str, Any], features: int, name: str) -> None:
    """Refuse an answer of a map service that holds fewer features than were asked for."""
    for key in ("numberMatched", "totalFeatures"):
        total = found.get(key)
        if isinstance(total, WrittenNumber) and float(total) > features:
            raise UnreadableFileError(
                f"{name} holds {features} of the {total} features that the service found: ask for all of them at once "
                "(parameter count), or for fewer areas"
            )


def parse_geojson(data: bytes, name: str) -> Layer:
    """Read a FeatureCollection.

    Raises
    ------
    UnreadableFileError
        It is no sound JSON, no FeatureCollection, too large, or only part of what a map service found.
    """
    found = parse_json(data, name, as_written=True)
    features = _features(found, name)
    _refuse_cut(found, len(features), name)
    columns: dict[str, None] = {}
    kept: list[tuple[int, dict[str, Any], Any]] = []
    rejected: list[Rejection] = []
    reasons: dict[int, str] = {}
    for number, feature in enumerate(features, 1):
        properties = (feature.get("properties") or {}) if isinstance(feature, dict) else None
        if not isinstance(properties, dict) or feature.get("type") != "Feature":
            rejected.append(Rejection(name, number, "", _written(feature)[:_SHOWN], "malformed_feature"))
            continue
        columns |= dict.fromkeys(properties)
        refuse_too_many(name, 0, len(columns))
        shape = None
        try:
            shape = _shape(feature.get("geometry"))
        except _BadShapeError as bad:
            reasons[len(kept)] = str(bad)
        kept.append((number, properties, shape))
    frame = pd.DataFrame(
        {column: pd.Series([_written(one[1].get(column)) for one in kept], dtype="str") for column in columns},
        index=range(len(kept)),
    )
    numbers = np.array([one[0] for one in kept], dtype="int64")
    geometries = np.empty(len(kept), dtype=object)
    geometries[:] = [one[2] for one in kept]
    return Layer(name, frame, numbers, geometries, crs_of(_crs(found, name), name), reasons, tuple(rejected))
