"""Cycle parking in the national schema "stationnement cyclable": sites, places, covered places.

CSV, comma, with `coordonneesxy` = "[lon,lat]" (1.1.x), or `xlong` and `ylat` as before; or the same as GeoJSON. A site
without a capacity is a site and no place; a site nobody says is covered is not counted as covered. The base is not
exhaustive: no row, no figure.
"""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import shapely

from data.errors import UnreadableFileError
from etl.commune_rows import CommuneRows
from etl.intake import Extracted, Loaded, Scope, edition_date
from etl.placing import Said, place, points_of, totals
from etl.reading.cells import commune_reasons
from etl.reading.delimited import Layout, read_delimited
from etl.reading.vector import FRANCE, read_features
from etl.whereabouts import lies_elsewhere

PLACES, SITES, COVERED = "cycle_parking_places", "cycle_parking_sites", "cycle_parking_covered_places"
GIVES = (PLACES, SITES, COVERED)
ID, COMMUNE, CAPACITY, COVER = "id_local", "code_com", "capacite", "couverture"
PAIR, LONGITUDE, LATITUDE = "coordonneesxy", "xlong", "ylat"
REQUIRED = (ID, CAPACITY)
OPTIONAL = (COMMUNE, COVER, PAIR, LONGITUDE, LATITUDE)
YES, NO = ("true", "1", "vrai"), ("false", "0", "faux")
MARK = b"\xef\xbb\xbf"
# How layers begin: GeoJSON, an archive with a Shapefile, a GeoPackage.
LAYERS = (b"{", b"PK\x03\x04", b"SQLite format 3")
_NUMBER = r"[+-]?[0-9]{1,3}(?:\.[0-9]+)?"
_PAIR = re.compile(rf"\s*\[\s*({_NUMBER})\s*,\s*({_NUMBER})\s*\]\s*")
NOTE = (
    "La base n’est pas exhaustive\u202f: ce qui n’y figure pas peut exister.",
    "The base is not exhaustive: what is not in it may exist.",
)
BY_SKETCH = (
    "Dont des emplacements qui ne nomment pas leur commune, placés d’après l’esquisse, à 100 m près.",
    "Some of the sites name no commune and are placed by the sketch, good to about 100 m.",
)
NO_CAPACITY = (
    "Sans les emplacements dont la capacité n’est pas donnée (nombre\u202f: {count}).",
    "Without the sites whose capacity is not given (number: {count}).",
)
COVER_UNKNOWN = (
    "Sans les emplacements dont rien ne dit s’ils sont couverts (nombre\u202f: {count}).",
    "Without the sites of which nothing says whether they are covered (number: {count}).",
)


def extract(path: Path) -> Extracted:
    """Read a file faithfully; of GeoJSON the position is that of the shape.

    Raises
    ------
    UnreadableFileError
        It is not in the national schema, or gives no positions.
    """
    is_layer = _beginning(path).startswith(LAYERS)
    found = read_features(path, REQUIRED) if is_layer else read_delimited(path, Layout(REQUIRED, (",", ";")))
    spelled = {str(name).strip().casefold(): name for name in found.frame.columns}
    if not is_layer and PAIR not in spelled and not {LONGITUDE, LATITUDE} <= spelled.keys():
        raise UnreadableFileError(
            f"{found.file} has neither {PAIR} nor {LONGITUDE} and {LATITUDE}: it is not cycle parking in the national "
            f"schema; it has {', '.join(map(str, found.frame.columns))[:300]}"
        )
    optional = {name: found.frame[spelled[name]] for name in OPTIONAL if name in spelled}
    blank = dict.fromkeys((COMMUNE, COVER), "")
    shapes = {"geometry": found.frame["geometry"]} if is_layer else {}
    frame = found.frame[[*REQUIRED, "line"]].assign(**blank).assign(**optional, **shapes)
    return Extracted(found.file, frame, found.rejected)


def _beginning(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(64).removeprefix(MARK).lstrip()
    except OSError as error:
        raise UnreadableFileError(f"{path.name} cannot be read: {error.strerror}") from error


def transform(extracted: Extracted, edition: str, scope: Scope) -> Loaded:
    """Return figures by commune (the row's code, else its position) and district (its position).

    Raises
    ------
    UnknownEditionError
        The edition names no date.
    """
    said = Said(edition_date(edition, "cycle-parking"), edition, "stationnement cyclable, capacite, couverture", *NOTE)
    frame = extracted.frame
    table = CommuneRows(extracted.file, extracted.read, frame, 0, list(extracted.rejected))
    codes = frame[COMMUNE]
    table.reject(COMMUNE, commune_reasons(codes).reindex(frame.index, fill_value="").where(codes.ne(""), ""))
    table.drop_rejected()
    points = _points(frame)
    # A row that names a commune elsewhere is out of scope, whatever else is wrong with it.
    table.rows = table.rows[codes[table.rows.index].isin([*scope.communes, ""])]
    _check_positions(table, points)
    placed = place(points[table.rows.index.to_numpy()], scope, table.rows[COMMUNE])
    table.rows = table.rows[placed["commune"].ne("").to_numpy(dtype=bool)]
    placed = placed.loc[table.rows.index]
    is_away = lies_elsewhere(points[table.rows.index.to_numpy()], placed["commune"], scope)
    table.reject_where(COMMUNE, is_away, "position_elsewhere")
    is_named = table.rows[ID].ne("")
    table.reject_where(ID, is_named & table.rows[ID].duplicated(keep=False), "duplicate_identifier")
    cover = table.rows[COVER].str.strip(" ").str.casefold()
    table.reject_where(COVER, ~cover.isin(["", *YES, *NO]), "unknown_code")
    capacity = table.read_counts((CAPACITY,))[CAPACITY]
    table.out_of_scope = extracted.read - len(table.rows) - len({one.line for one in table.rejected})
    kept = placed.loc[table.rows.index]
    found = _observed(kept, capacity, cover[table.rows.index], scope, said)
    unnamed = set(kept.loc[table.rows[COMMUNE].eq(""), "commune"])
    return table.loaded(_sketched(found, {one for one in unnamed if not scope.outlines.is_official(one)}))


def _sketched(found: pd.DataFrame, communes: set[str]) -> pd.DataFrame:
    """Say that figures of communes are estimates where a sketch put sites in them that name none."""
    is_mine = found["ref_area"].isin(communes)
    said = {"note_fr": BY_SKETCH[0], "note_en": BY_SKETCH[1]}
    notes = {name: found[name].mask(is_mine, f"{words} " + found[name]) for name, words in said.items()}
    return found.assign(obs_status=found["obs_status"].mask(is_mine, "E"), **notes)


def _points(frame: pd.DataFrame) -> np.ndarray:
    """Return the positions of rows (shapely, EPSG:4326), empty where there is none or it is not written as one."""
    if "geometry" in frame:
        return np.asarray(shapely.point_on_surface(frame["geometry"].to_numpy(dtype=object)), dtype=object)
    if PAIR in frame:
        found = [_PAIR.fullmatch(text) for text in frame[PAIR]]
        pairs = [(float(one[1]), float(one[2])) if one else (np.nan, np.nan) for one in found]
    else:
        texts = zip(frame[LONGITUDE], frame[LATITUDE], strict=True)
        pairs = [(_degrees(longitude), _degrees(latitude)) for longitude, latitude in texts]
    numbers = np.array(pairs, dtype="float64").reshape(-1, 2)
    return points_of(pd.Series(numbers[:, 0]), pd.Series(numbers[:, 1]))


def _degrees(text: str) -> float:
    return float(text) if re.fullmatch(rf" *{_NUMBER} *", text) else np.nan


def _check_positions(table: CommuneRows, points: np.ndarray) -> None:
    """Reject rows without a position in France, as swapped where it would be one the other way round.

    The shapes of a layer were judged when it was read.
    """
    rows = table.rows
    if "geometry" in rows:
        return
    column = PAIR if PAIR in rows else LATITUDE
    mine = points[rows.index.to_numpy()]
    # Of an empty point the bounds are missing.
    longitude, latitude, *_ = shapely.bounds(mine).reshape(-1, 4).T
    is_unread = pd.Series(np.isnan(longitude), index=rows.index)
    is_blank = rows[column].str.strip(" ").isin(["", "[]", "[,]"])
    is_inside, is_swapped = _in_france(longitude, latitude), _in_france(latitude, longitude)
    table.reject_where(column, is_unread & is_blank, "position_missing")
    table.reject_where(column, is_unread & ~is_blank, "malformed_coordinate")
    table.reject_where(column, ~is_unread & ~is_inside & is_swapped, "coordinates_swapped")
    table.reject_where(column, ~is_unread & ~is_inside & ~is_swapped, "coordinates_outside_france")
    table.drop_rejected()


def _in_france(longitude: np.ndarray, latitude: np.ndarray) -> np.ndarray:
    inside = [(longitude >= west) & (longitude <= east) & (latitude >= south) & (latitude <= north)
              for west, south, east, north in FRANCE]  # fmt: skip
    return np.logical_or.reduce(inside)


def _observed(placed: pd.DataFrame, capacity: pd.Series, cover: pd.Series, scope: Scope, said: Said) -> pd.DataFrame:
    """Return observations; a sum says how many sites it leaves out."""
    is_covered, is_known = cover.isin(YES), capacity.notna()
    sites = placed.assign(capacity=capacity)
    parts = [sites.assign(indicator=SITES, value=1.0)]
    for indicator, mask in ((PLACES, is_known), (COVERED, is_known & is_covered)):
        parts.append(sites[mask].assign(indicator=indicator, value=sites.loc[mask, "capacity"]))
    found = totals(pd.concat(parts, ignore_index=True), GIVES, scope, said, is_whole=False)
    left_out = {PLACES: (placed[~is_known], NO_CAPACITY), COVERED: (placed[cover.eq("")], COVER_UNKNOWN)}
    for indicator, (rows, words) in left_out.items():
        number = pd.concat([rows["commune"], rows["district"]]).value_counts()
        count = found["ref_area"].map(number).where(found["indicator"] == indicator).fillna(0).astype(int)
        for column, text in zip(("note_fr", "note_en"), words, strict=True):
            more = count.map(lambda one, text=text: f" {text.format(count=one)}" if one else "").astype("str")
            found[column] = found[column] + more
    return found
