"""Shapefile and GeoPackage, read by GDAL once the container is known to be whole and to lead nowhere else."""

import codecs
import math
import re
import sqlite3
import struct
import warnings
from contextlib import closing
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyogrio  # type: ignore[import-untyped]
import shapely
from pyogrio.errors import (  # type: ignore[import-untyped]
    DataLayerError,
    DataSourceError,
    FeatureError,
    FieldError,
    GeometryError,
)
from pyproj import CRS

from data.errors import UnreadableFileError
from etl.intake import Rejection
from etl.outlines import LAMBERT_93
from etl.reading.column_names import same_name
from etl.reading.layers import Layer, crs_of, refuse_too_many

_BROKEN = (DataLayerError, DataSourceError, FeatureError, FieldError, GeometryError, pa.ArrowException,
           shapely.errors.ShapelyError, OSError, RuntimeError, ValueError)  # fmt: skip
_SHAPEFILE_MAGIC = struct.pack(">i", 9994)
_NAME_LENGTH = 10
_LONGEST_WORDS = 10_000
_HEADER_BYTES = 100
_HARMLESS_VIRTUAL = re.compile(r"using\s+[\"']?rtree", re.IGNORECASE)


def _text(value: Any) -> str:
    """Return an attribute as text, numbers without the noise of binary fractions."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        if math.isfinite(value) and value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        return f"{value:.15g}"
    return value.isoformat() if isinstance(value, (date, datetime, time)) else str(value)


def _gdal(path: Path, name: str, layer: str | None, encoding: str | None) -> tuple[dict[str, Any], pd.DataFrame, Any]:
    """Return what GDAL says of a layer, its attributes (objects) and its shapes as WKB."""
    try:
        with warnings.catch_warnings():
            # What GDAL warns of (measures, closed rings, sizes) is checked here, by count and shape by shape.
            warnings.simplefilter("ignore")
            meta, table = pyogrio.read_arrow(path, layer=layer, encoding=encoding, datetime_as_string=True)
    except _BROKEN as error:
        raise UnreadableFileError(f"{name} cannot be read ({str(error)[:200]}): take it again") from error
    shapes = meta["geometry_name"] or "wkb_geometry"
    if shapes not in table.column_names:
        raise UnreadableFileError(f"{name} has no shapes, only attributes: take the publisher's layer")
    if len({*meta["fields"]}) < len(meta["fields"]):
        raise UnreadableFileError(f"{name} has a column twice: nothing tells which one holds")
    columns = {one: [_text(value) for value in table[one].to_pylist()] for one in meta["fields"]}
    refuse_too_many(name, table.num_rows, len(columns))
    frame = pd.DataFrame(columns, index=range(table.num_rows), dtype="str")
    return meta, frame, table[shapes].to_pylist()


def _shapes(wkb: list[bytes | None], name: str) -> np.ndarray:
    try:
        return np.asarray(shapely.from_wkb(np.array([*wkb, None], dtype=object)[:-1]), dtype=object)
    except shapely.errors.ShapelyError as error:
        raise UnreadableFileError(f"{name} holds a shape that cannot be read ({error}): take it again") from error


def _sibling(shp: Path, ending: str) -> Path | None:
    found = [one for one in sorted(shp.parent.iterdir())
             if one.stem.casefold() == shp.stem.casefold() and one.suffix.casefold() == ending]  # fmt: skip
    return found[0] if found else None


def _refuse_incomplete(shp: Path, name: str) -> None:
    """Refuse a Shapefile whose parts are missing or cut: GDAL would give what is left of it."""
    parts = {ending: _sibling(shp, ending) for ending in (".shx", ".dbf")}
    for ending, part in parts.items():
        if part is None:
            raise UnreadableFileError(f"{name} comes without its {ending}: archive .shp, .shx, .dbf and .prj together")
    shapes, index, table = (one.read_bytes() for one in (shp, parts[".shx"], parts[".dbf"]) if one is not None)
    if not shapes.startswith(_SHAPEFILE_MAGIC) or len(table) < 32 or len(index) < _HEADER_BYTES:
        raise UnreadableFileError(f"{name} is no Shapefile, or its parts are damaged: take it again")
    count, header, record = struct.unpack("<IHH", table[4:12])
    length = 2 * struct.unpack(">i", shapes[24:28])[0]
    if length > len(shapes) or header + count * record > len(table) or len(index) - _HEADER_BYTES != 8 * count:
        raise UnreadableFileError(
            f"{name} is cut short: its parts hold fewer records than they announce; take it again"
        )
    refuse_too_many(name, count)


def _words_beside(shp: Path, ending: str) -> str | None:
    """Return what a part in words (.prj, .cpg) says, and take it away: GDAL fails on damaged ones, and obeys others."""
    part = _sibling(shp, ending)
    if part is None:
        return None
    words = part.read_bytes()[:_LONGEST_WORDS].decode("latin-1").strip()
    part.unlink()
    return words


def _encoding(stated: str | None, name: str, texts: list[bytes]) -> str:
    """Return the encoding of the attributes: what the .cpg states, else UTF-8 where they can be nothing else."""
    if stated is None:
        # Accents in Windows-1252, the superset of latin-1, are hardly ever well-formed UTF-8.
        return "utf-8" if all(_decoded(one, "utf-8") is not None for one in texts) else "cp1252"
    number = re.fullmatch(r"(?:ansi|cp|windows|ldid/)?[ -]*([0-9]{3,5})", stated, re.IGNORECASE)
    label = (
        {"65001": "utf-8", "88591": "latin-1", "28591": "latin-1"}.get(number[1], f"cp{number[1]}")
        if number
        else stated
    )
    try:
        return codecs.lookup(label.replace(" ", "-")).name
    except (LookupError, ValueError) as error:
        raise UnreadableFileError(
            f"{name}: its .cpg names the encoding {stated[:40]!r}, which is none that is known"
        ) from error


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        # The few bytes that Windows-1252 leaves open are what they are in latin-1.
        return data.decode("latin-1") if encoding == "cp1252" else None


def _in_words(frame: pd.DataFrame, stated: str | None, name: str) -> tuple[pd.DataFrame, list[Rejection]]:
    """Decode the attributes, read byte for byte as latin-1; cells that are not in the encoding are rejected."""
    columns = [str(one) for one in frame.columns]
    kinds = [*columns, *(text for one in columns for text in frame[one].unique())]
    encoded = [text.encode("latin-1") for text in kinds if not text.isascii()]
    encoding = _encoding(stated, name, encoded)
    words = {one.decode("latin-1"): _decoded(one, encoding) for one in encoded}
    rejected = []
    names = {one: words.get(one, one) for one in columns}
    if None in names.values():
        raise UnreadableFileError(f"{name} names a column in another encoding than {encoding}: take it again")
    for column in columns:
        bad = frame[frame[column].isin([text for text, word in words.items() if word is None])]
        rejected += [Rejection(name, place + 1, str(names[column]), text[:80], "not_utf8")
                     for place, text in zip(bad.index.tolist(), bad[column], strict=True)]  # fmt: skip
        frame = frame.assign(**{column: frame[column].map(lambda text: words.get(text, text))})
    return frame.rename(columns=names), rejected


def read_shapefile(shp: Path, name: str) -> Layer:
    """Read a Shapefile in a folder of its own; its parts stand beside it, and those that are only words are taken away.

    Raises
    ------
    UnreadableFileError
        A part is missing, cut or damaged, or the encoding or the reference system is none that is known.
    """
    _refuse_incomplete(shp, name)
    system, encoding = (_words_beside(shp, ending) for ending in (".prj", ".cpg"))
    crs = None if system is None else recognised(crs_of(system, name))
    _, frame, wkb = _gdal(shp, name, None, "ISO-8859-1")
    frame, rejected = _in_words(frame, encoding, name)
    numbers = np.arange(1, len(frame) + 1)
    is_kept = ~np.isin(numbers, [one.line for one in rejected])
    kept = frame[is_kept].reset_index(drop=True)
    return Layer(name, kept, numbers[is_kept], _shapes(wkb, name)[is_kept], crs, {}, tuple(rejected), _NAME_LENGTH)


def recognised(crs: CRS) -> CRS:
    """Return Lambert-93 where a system without a code is it by its numbers, else the system itself."""
    legal = crs_of(LAMBERT_93, "")

    def numbers(one: CRS) -> tuple[object, ...]:
        operation = one.coordinate_operation
        values = sorted((each.name, round(float(each.value), 6)) for each in operation.params) if operation else []
        ellipsoid = one.ellipsoid
        axes = (round(ellipsoid.semi_major_metre), round(ellipsoid.inverse_flattening, 3)) if ellipsoid else ()
        return (tuple(values), axes, tuple(axis.unit_conversion_factor for axis in one.axis_info))

    return legal if crs.is_projected and numbers(crs) == numbers(legal) else crs


def _geopackage_layers(path: Path, name: str) -> dict[str, int]:
    """Return the layers of a GeoPackage with how many features each has; views and foreign tables are refused."""
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as database:
            kinds = dict(database.execute("SELECT name, type FROM sqlite_master").fetchall())
            virtual = database.execute(
                "SELECT name, sql FROM sqlite_master WHERE sql LIKE 'create virtual%'"
            ).fetchall()
            wanted = database.execute(
                "SELECT table_name FROM gpkg_contents WHERE data_type = 'features' ORDER BY table_name"
            ).fetchall()
            strange = [one for one, sql in virtual if not _HARMLESS_VIRTUAL.search(sql)]
            strange += [str(one) for (one,) in wanted if kinds.get(one) != "table"]
            if strange:
                raise UnreadableFileError(f"{name}: {strange[0]!r} is no plain table of a GeoPackage: export it again")
            quoted = {str(one): '"' + str(one).replace('"', '""') + '"' for (one,) in wanted}
            return {
                one: database.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for one, table in quoted.items()
            }
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise UnreadableFileError(f"{name} is no GeoPackage, or a damaged one ({error}): take it again") from error


def read_geopackage(path: Path, name: str, layer: str) -> Layer:
    """Read a layer of a GeoPackage: the one named, without a name the only one there is.

    Raises
    ------
    UnreadableFileError
        It is damaged, its tables are no plain ones, or nothing tells which of its layers is meant.
    """
    counts = _geopackage_layers(path, name)
    same = [one for one in counts if same_name(one) == same_name(layer)] if len(counts) > 1 or not counts else [*counts]
    if len(same) != 1:
        wanted = f"a layer {layer!r}" if layer else "one layer alone"
        raise UnreadableFileError(f"{name} does not have {wanted}; it has {', '.join(counts)[:300] or 'none'}")
    refuse_too_many(name, counts[same[0]])
    meta, frame, wkb = _gdal(path, name, same[0], None)
    if len(frame) != counts[same[0]]:
        raise UnreadableFileError(f"{name}: {len(frame)} of {counts[same[0]]} features can be read: it is damaged")
    crs = recognised(crs_of(meta["crs"], name)) if meta["crs"] else None
    return Layer(name, frame, np.arange(1, len(frame) + 1), _shapes(wkb, name), crs)
