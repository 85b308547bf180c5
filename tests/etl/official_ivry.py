"""An official Ivry made for tests: the sketched districts moved a little, IRIS as the ground nearest their centres."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import shapely
from pyproj import Transformer

from data.models import RingRow
from etl.ledger import Ledger
from etl.outlines import LAMBERT_93, WGS84, projected
from etl.sketch import district_polygons
from tests.etl.drawing import write_geopackage, write_shapefile

IVRY = "94041"
MOVED_M = (30.0, -20.0)
_to_metres = Transformer.from_crs(WGS84, LAMBERT_93, always_xy=True)


def districts(ledger: Ledger) -> dict[str, shapely.Polygon]:
    """Return outlines (EPSG:4326) by the names of the districts."""
    polygons = district_polygons(ledger)
    names = {f"{entry.folder}-{ring.district}": ring.name for entry, ring in
             ledger.rows("district_sketch_rings.csv", RingRow)}  # fmt: skip
    metres = projected(np.array(list(polygons.values()), dtype=object), WGS84, LAMBERT_93)
    moved = shapely.transform(metres, lambda points: points + np.array(MOVED_M))
    return dict(zip([names[code] for code in polygons], projected(moved, LAMBERT_93, WGS84), strict=True))


def iris(ledger: Ledger) -> dict[str, shapely.Polygon]:
    """Return outlines (EPSG:4326) by the codes of the IRIS: they make up the same ground as the districts."""
    rows = ledger.frame("iris.csv").query("folder == @IVRY")
    x, y = _to_metres.transform(rows["longitude"].to_numpy(), rows["latitude"].to_numpy())
    points = shapely.points(x, y)
    whole = shapely.union_all(projected(np.array([*districts(ledger).values()], dtype=object), WGS84, LAMBERT_93))
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.MultiPoint(points), extend_to=whole.buffer(100)))
    inside = shapely.intersection(cells, whole)
    place = {next(number for number, point in enumerate(points) if cell.contains(point)): part
             for cell, part in zip(cells, inside, strict=True)}  # fmt: skip
    shapes = np.array([place[number] for number in range(len(points))], dtype=object)
    return dict(zip(rows["iris"], projected(shapes, LAMBERT_93, WGS84), strict=True))


def write_districts(path: Path, ledger: Ledger, renamed: dict[str, str] | None = None) -> Path:
    """Write the city's file: a Shapefile in Lambert-93 without a code, Windows-1252 without a .cpg."""
    drawn = districts(ledger)
    names = [(renamed or {}).get(name, name) for name in drawn]
    return write_shapefile(path, {"QUARTIER": names, "ID": list(range(len(names)))}, list(drawn.values()))


def write_iris(path: Path, ledger: Ledger) -> Path:
    """Write IGN's file as a GeoPackage in Lambert-93, with an IRIS of another commune."""
    drawn = iris(ledger)
    names = ledger.frame("iris.csv").set_index("iris")["name"]
    others = {"750130101": shapely.box(2.36, 48.83, 2.365, 48.835)}
    codes = [*drawn, *others]
    columns = {"code_insee": [code[:5] for code in codes], "nom_commune": ["Ivry-sur-Seine"] * len(drawn) + ["Paris"],
               "iris": [code[5:] for code in codes], "code_iris": codes,
               "nom_iris": [*(names[code] for code in drawn), "Ailleurs"], "type_iris": ["H"] * len(codes)}  # fmt: skip
    return write_geopackage(path, {"iris_ge": (columns, [*drawn.values(), *others.values()])})


def commune_answer(ledger: Ledger) -> str:
    """Return what the map service answers for the commune."""
    whole = shapely.union_all([*districts(ledger).values()])
    properties = {"cleabs": "COMMUNE_0000000009735515", "nom_officiel": "Ivry-sur-Seine", "code_insee": IVRY,
                  "code_insee_du_departement": "94", "population": 64526}  # fmt: skip
    one = {"type": "Feature", "id": "commune.1", "geometry": json.loads(shapely.to_geojson(whole)),
           "geometry_name": "geometrie", "properties": properties}  # fmt: skip
    return json.dumps({"type": "FeatureCollection", "features": [one], "totalFeatures": 1, "numberMatched": 1,
                       "numberReturned": 1, "timeStamp": "2026-11-20T09:00:00Z",
                       "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4326"}}})  # fmt: skip


def area_ha(shape: shapely.Polygon) -> float:
    """Return the area of a shape (EPSG:4326), measured in Lambert-93."""
    return float(shapely.area(projected(np.array([shape], dtype=object), WGS84, LAMBERT_93))[0]) / 10_000


def by_area(tables: dict[str, pd.DataFrame], indicator: str) -> pd.DataFrame:
    """Return the observations of an indicator in Ivry, by area."""
    frame = tables["observations"]
    mine = frame[(frame["indicator"] == indicator) & frame["ref_area"].str.startswith(IVRY)]
    return mine.set_index("ref_area")
