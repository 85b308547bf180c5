"""Map layers as publishers offer them, made for tests: GeoJSON, zipped Shapefile, GeoPackage."""

import json
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pyogrio
import shapely

from etl.outlines import LAMBERT_93, WGS84, projected


def feature(properties: dict[str, Any], geometry: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def collection(*features: Any, **members: Any) -> str:
    return json.dumps({"type": "FeatureCollection", **members, "features": list(features)}, ensure_ascii=False)


def square(west: float, south: float, side: float = 0.01) -> dict[str, Any]:
    east, north = west + side, south + side
    return {"type": "Polygon",
            "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]]}  # fmt: skip


def _written(
    path: Path, columns: dict[str, list[Any]], shapes: list[Any], crs: str | None, encoding: str, layer: str | None,
    append: bool = False,
) -> None:  # fmt: skip
    geometries = np.array(shapes, dtype=object)
    moved = geometries if crs is None else projected(geometries, WGS84, crs)
    pyogrio.raw.write(
        path, geometry=np.array(shapely.to_wkb(moved, output_dimension=3, flavor="iso"), dtype=object), crs=crs,
        field_data=[np.array(values, dtype=object if isinstance(values[0], str) else None)
                    for values in columns.values()],
        fields=list(columns), geometry_type="Unknown" if path.suffix == ".gpkg" else shapes[0].geom_type,
        driver="GPKG" if path.suffix == ".gpkg" else "ESRI Shapefile", encoding=encoding, layer=layer, append=append,
    )  # fmt: skip


def write_geopackage(path: Path, layers: dict[str, tuple[dict[str, list[Any]], list[Any]]]) -> Path:
    """Write layers (attributes, shapes in EPSG:4326) in Lambert-93."""
    for number, (name, (columns, shapes)) in enumerate(layers.items()):
        _written(path, columns, shapes, LAMBERT_93, "UTF-8", name, append=number > 0)
    return path


def write_shapefile(
    path: Path, columns: dict[str, list[Any]], shapes: list[Any], *, stem: str = "layer", encoding: str = "cp1252",
    without: tuple[str, ...] = (".cpg",), crs: str | None = LAMBERT_93,
) -> Path:  # fmt: skip
    """Write an archive with a Shapefile: Lambert-93 without a code, Windows-1252 without a .cpg, as IGN does."""
    with TemporaryDirectory(prefix="observatory-") as place:
        folder = Path(place)
        _written(folder / f"{stem}.shp", columns, shapes, crs, encoding, None)
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for part in sorted(folder.iterdir()):
                if part.suffix not in without:
                    archive.write(part, f"livraison/{part.name}")
    return path
