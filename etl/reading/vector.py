"""Map layers from outside (GeoJSON, Shapefile, GeoPackage): attributes as text, shapes flat, valid, in France."""

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import shapely
from pyproj import CRS, Transformer, network
from pyproj.exceptions import ProjError
from shapely.geometry.base import BaseGeometry

from data.errors import UnreadableFileError
from etl.intake import Extracted, Rejection
from etl.outlines import LAMBERT_93, WGS84
from etl.reading.archives import unpacked
from etl.reading.column_names import named_columns, same_name
from etl.reading.gdal_layers import read_geopackage, read_shapefile, recognised
from etl.reading.geojson import parse_geojson
from etl.reading.layers import Layer, crs_of
from etl.reading.strict_json import LARGEST_BYTES

# West, south, east, north of the mainland, the overseas départements and collectivities, in degrees, with their seas.
FRANCE = (
    (-5.6, 41.0, 10.0, 51.5), (-63.4, 14.1, -60.6, 18.4), (-54.9, 1.9, -51.4, 6.1), (55.0, -21.6, 56.0, -20.6),
    (44.8, -13.2, 45.5, -12.4), (-56.7, 46.6, -56.0, 47.3), (158.0, -23.5, 172.5, -17.5), (-155.0, -28.5, -134.0, -7.0),
    (-178.6, -14.8, -175.7, -12.8),
)  # fmt: skip
# By how much mending a surface may change its area.
LARGEST_REPAIR = 0.001
_SHOWN = 80
_SEVEN_ZIP, _ZIP, _SQLITE, _SHAPEFILE = b"7z\xbc\xaf\x27\x1c", b"PK\x03\x04", b"SQLite format 3\0", b"\0\0\x27\x0a"
_LAYER_ENDINGS = (".shp", ".gpkg", ".geojson", ".json")


@dataclass(frozen=True, eq=False)
class Features(Extracted):
    """The features of a layer.

    `frame` : all attributes as text exactly as written ("" where null), `line` (the number of the feature, from 1) and
    `geometry` (shapely, EPSG:4326, two-dimensional, valid, not empty).
    """


def _is_inside(bounds: np.ndarray) -> np.ndarray:
    """Tell which rectangles (west, south, east, north) lie in France, each in one of its parts."""
    west, south, east, north = bounds.T
    inside = [(west >= box[0]) & (south >= box[1]) & (east <= box[2]) & (north <= box[3]) for box in FRANCE]
    return np.logical_or.reduce(inside)


def _moved(geometries: np.ndarray, crs: CRS, file: str) -> np.ndarray:
    """Return flat geometries in WGS 84; coordinates that the system does not reach become infinite."""
    network.set_network_enabled(False)
    if crs in (crs_of(WGS84, file), crs_of("OGC:CRS84", file)):
        return geometries
    try:
        transformer = Transformer.from_crs(crs, WGS84, always_xy=True)
    except ProjError as error:
        raise UnreadableFileError(f"{file}: {crs.name} cannot be turned into WGS 84 ({error})") from error

    def moved(points: np.ndarray) -> np.ndarray:
        return np.column_stack(transformer.transform(points[:, 0], points[:, 1]))

    return np.asarray(shapely.transform(geometries, moved), dtype=object)


def _is_finite(geometries: np.ndarray) -> np.ndarray:
    coordinates, owners = shapely.get_coordinates(geometries, return_index=True)
    finite = np.ones(len(geometries), dtype=bool)
    finite[owners[~np.isfinite(coordinates).all(axis=1)]] = False
    return finite


def _mended(shape: BaseGeometry) -> BaseGeometry | None:
    """Return a surface without its self-intersections, nothing where that would change it."""
    if shape.geom_type not in ("Polygon", "MultiPolygon"):
        return None
    whole: BaseGeometry = shapely.make_valid(shape)
    parts = [one for one in shapely.get_parts(whole) if one.geom_type in ("Polygon", "MultiPolygon")]
    surface: BaseGeometry = whole if whole.geom_type in ("Polygon", "MultiPolygon") else shapely.union_all(parts)
    before, after = abs(shape.area), surface.area
    return surface if after > 0 and abs(after - before) <= LARGEST_REPAIR * after else None


class _Judging:
    """Goes through the shapes of a layer: each keeps its reason, or is flat, whole and in France."""

    def __init__(self, layer: Layer, crs: CRS) -> None:
        self.file, self.crs = layer.file, crs
        self.shapes = np.asarray(shapely.force_2d(layer.geometries), dtype=object)
        self.reasons = np.full(len(self.shapes), "", dtype=object)
        for place, reason in layer.reasons.items():
            self.reasons[place] = reason

    def _reject(self, is_wrong: np.ndarray, places: np.ndarray, reason: str) -> None:
        self.reasons[places[is_wrong]] = reason

    def _left(self) -> np.ndarray:
        return np.flatnonzero(self.reasons == "")

    def judge(self) -> None:
        """Judge all shapes."""
        places = self._left()
        is_empty = shapely.is_missing(self.shapes[places]) | shapely.is_empty(self.shapes[places])
        self._reject(is_empty, places, "geometry_missing")
        places = self._left()
        self._reject(~_is_finite(self.shapes[places]), places, "geometry_not_finite")
        places = self._left()
        given = self.shapes.copy()
        self.shapes[places] = _moved(self.shapes[places], self.crs, self.file)
        self._place(given, places)
        self._mend()

    def _place(self, given: np.ndarray, places: np.ndarray) -> None:
        """Reject what does not lie in France, as swapped where it would with x and y the other way round."""
        inside = _is_inside(shapely.bounds(self.shapes[places]).reshape(-1, 4)) & _is_finite(self.shapes[places])
        outside = places[~inside]
        turned = shapely.transform(given[outside], lambda points: points[:, ::-1])
        would_be = _moved(np.asarray(turned, dtype=object), self.crs, self.file)
        is_swapped = _is_inside(shapely.bounds(would_be).reshape(-1, 4)) & _is_finite(would_be)
        self._reject(is_swapped, outside, "coordinates_swapped")
        self._reject(~is_swapped, outside, "coordinates_outside_france")
        if len(outside) == len(places) > 1 and not is_swapped.any():
            raise UnreadableFileError(
                f"{self.file}: none of its {len(places)} shapes lies in France by the reference system it states, "
                f"{self.crs.name}{_rather(given[places])}: ask its publisher, or export it again with the right one"
            )

    def _mend(self) -> None:
        places = self._left()
        for place in places[~shapely.is_valid(self.shapes[places])]:
            mended = _mended(self.shapes[place])
            if mended is None:
                self.reasons[place] = "geometry_invalid"
            else:
                self.shapes[place] = mended


def _rather(given: np.ndarray) -> str:
    """Return, as an end of a sentence, the system in which coordinates would lie in France."""
    for label, name in ((LAMBERT_93, "Lambert-93"), (WGS84, "WGS 84")):
        moved = _moved(given, crs_of(label, ""), "")
        if (_is_inside(shapely.bounds(moved).reshape(-1, 4)) & _is_finite(moved)).all():
            return f" (they would in {name})"
    return ""


def _unpacked_layer(path: Path, folder: Path, layer: str) -> Layer:
    """Return the layer of an archive: the one named, without a name the only one there is."""
    files = unpacked(path, folder)
    found = [one for one in files if one.suffix.casefold() in _LAYER_ENDINGS]
    if len(found) > 1:
        found = [one for one in found if layer and same_name(one.stem) == same_name(layer)] or found
    if len(found) != 1:
        held = ", ".join(one.relative_to(folder).as_posix() for one in found or files)[:300]
        what = f"a layer {layer!r}" if layer else "one layer alone (.shp, .gpkg or .geojson)"
        raise UnreadableFileError(f"{path.name} does not hold {what}: {held or 'nothing'}")
    name = f"{path.name}/{found[0].relative_to(folder).as_posix()}"
    if found[0].suffix.casefold() == ".shp":
        return read_shapefile(found[0], name)
    return _read_layer(found[0], name, layer, folder)


def _read_geopackage(path: Path, name: str, layer: str, folder: Path) -> Layer:
    # A copy of its own: SQLite would take up what lies beside the file (journals), GDAL look at its ending.
    return read_geopackage(Path(shutil.copyfile(path, folder / "layer-of-its-own.gpkg")), name, layer)


def _read_layer(path: Path, name: str, layer: str, folder: Path) -> Layer:
    with path.open("rb") as stream:
        beginning = stream.read(len(_SQLITE))
    if beginning.startswith(_SQLITE):
        return _read_geopackage(path, name, layer, folder)
    if beginning.startswith(_SEVEN_ZIP):
        raise UnreadableFileError(f"{name} is a 7z archive: unpack it, and archive the layer (.shp, .shx, .dbf, .prj; "
                                  "or .gpkg) again as .zip")  # fmt: skip
    if beginning.startswith(_SHAPEFILE):
        raise UnreadableFileError(f"{name} is one part of a Shapefile: archive .shp, .shx, .dbf and .prj together as "
                                  ".zip")  # fmt: skip
    if path.stat().st_size > LARGEST_BYTES:
        raise UnreadableFileError(f"{name} is larger than {LARGEST_BYTES} bytes: take the part about your communes")
    return parse_geojson(path.read_bytes(), name)


def _layer_of(path: Path, layer: str) -> Layer:
    try:
        with path.open("rb") as stream:
            is_archive = stream.read(4) == _ZIP
    except OSError as error:
        raise UnreadableFileError(f"{path.name} cannot be read: {error.strerror}") from error
    with tempfile.TemporaryDirectory(prefix="observatory-") as place:
        folder = Path(place).resolve()
        read: Callable[[], Layer] = (
            (lambda: _unpacked_layer(path, folder, layer)) if is_archive
            else (lambda: _read_layer(path, path.name, layer, folder))
        )  # fmt: skip
        return read()


def read_features(path: Path, columns: tuple[str, ...] = (), crs: str = "", layer: str = "") -> Features:
    """Read the features of a layer: GeoJSON, an archive with a Shapefile in it, or a GeoPackage.

    Parameters
    ----------
    columns : those that must be there, case and order free; in a Shapefile by their first ten characters.
    crs : the reference system the publisher documents, for files that do not say.
    layer : which one of several.

    Returns
    -------
    Features
        Rejected are those without a shape, with coordinates that are swapped, not finite or outside France, or with a
        surface that cannot be mended without changing it.

    Raises
    ------
    UnreadableFileError
        It is none of these, is damaged, too large, lacks a column or a reference system, or states a wrong one.
    """
    read = _layer_of(path, layer)
    stated = read.crs or (recognised(crs_of(crs, read.file)) if crs else None)
    if stated is None:
        raise UnreadableFileError(f"{read.file} does not say its reference system (.prj): take the publisher's archive "
                                  "with all of its parts")  # fmt: skip
    cells = [str(one) for one in read.frame.columns]
    names = named_columns(read.file, cells, columns, longest=read.longest, ours=("line", "geometry"))
    judging = _Judging(read, stated)
    judging.judge()
    frame = read.frame.set_axis(names, axis=1).assign(line=read.numbers)
    frame = frame.assign(geometry=pd.Series(judging.shapes, index=frame.index, dtype=object))
    is_wrong = judging.reasons != ""
    rejected = [
        Rejection(read.file, int(line), "geometry", str(shape)[:_SHOWN] if shape is not None else "", str(reason))
        for line, shape, reason in zip(frame["line"][is_wrong], judging.shapes[is_wrong], judging.reasons[is_wrong],
                                       strict=True)
    ]  # fmt: skip
    return Features(read.file, frame[~is_wrong].reset_index(drop=True), tuple(sorted({*read.rejected, *rejected})))
