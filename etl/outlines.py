"""Outlines of areas that received points, lines and surfaces are placed in: official ones, else the sketch."""

from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import pandas as pd
import shapely
from pyproj import Transformer

from data.frames import rows_of

WGS84 = "EPSG:4326"
# The legal projections of France by the beginning of a commune's code; Lambert-93 in the mainland and Corsica.
LAMBERT_93 = "EPSG:2154"
OVERSEAS = {"971": "EPSG:5490", "972": "EPSG:5490", "973": "EPSG:2972", "974": "EPSG:2975", "976": "EPSG:4471"}
COLUMNS = ("ref_area", "level", "name", "commune", "boundary", "source", "geometry")


def metric_crs(ref_area: str) -> str:
    """Return the projection, in metres, of the département that an area's code begins with."""
    return OVERSEAS.get(ref_area[:3], LAMBERT_93)


# To look up how two systems relate takes longer than to move the outline of a commune.
@lru_cache(maxsize=32)
def _transformer(source_crs: str, target_crs: str) -> Transformer:
    return Transformer.from_crs(source_crs, target_crs, always_xy=True)


def projected(geometries: np.ndarray, source_crs: str, target_crs: str) -> np.ndarray:
    """Return geometries (shapely) in another reference system, x (or longitude) first."""
    if source_crs == target_crs:
        return geometries
    transformer = _transformer(source_crs, target_crs)

    def moved(points: np.ndarray) -> np.ndarray:
        return np.column_stack(transformer.transform(points[:, 0], points[:, 1]))

    return np.asarray(shapely.transform(geometries, moved), dtype=object)


def no_outlines() -> pd.DataFrame:
    """Return a table of outlines without rows."""
    return pd.DataFrame(columns=list(COLUMNS))


@dataclass(frozen=True, eq=False)
class Outlines:
    """The areas that have an outline.

    `frame` : `ref_area`, `level` (commune, district or iris), `name`, `commune`, `boundary` (official or sketch),
    `source` (edition), `geometry` (shapely polygon, EPSG:4326); areas of one level do not overlap.
    """

    frame: pd.DataFrame = field(default_factory=no_outlines)

    def of_level(self, level: str) -> pd.DataFrame:
        """Return the outlines of a level, by code."""
        return self.frame[self.frame["level"] == level].sort_values("ref_area").reset_index(drop=True)

    def locate(self, points: np.ndarray, level: str) -> pd.Series:
        """Return the area of a level that each point (shapely, EPSG:4326) lies in, "" outside all of them.

        A point on a shared border belongs to the first area by code.
        """
        areas = self.of_level(level)
        found = pd.Series("", index=range(len(points)), dtype="str")
        if areas.empty or not len(points):
            return found
        point, area = shapely.STRtree(areas["geometry"].to_numpy()).query(points, predicate="intersects")
        pairs = pd.DataFrame({"point": point, "area": area}).sort_values(["point", "area"]).drop_duplicates("point")
        found.iloc[pairs["point"].to_numpy()] = areas["ref_area"].to_numpy()[pairs["area"].to_numpy()]
        return found

    def cut(self, shapes: np.ndarray, level: str) -> pd.DataFrame:
        """Cut lines or surfaces (shapely, EPSG:4326) by the areas of a level.

        Returns
        -------
        DataFrame : `shape` (place in `shapes`), `ref_area`, `geometry` (in the projection of the area, metres),
        `length_m`, `area_m2`. What lies outside all areas is left out.
        """
        areas, pieces = self.of_level(level), []
        tree = shapely.STRtree(shapes)
        for area in rows_of(areas):
            inside = np.sort(tree.query(area.geometry, predicate="intersects"))
            crs = metric_crs(str(area.ref_area))
            outline = projected(np.array([area.geometry], dtype=object), WGS84, crs)[0]
            parts = shapely.intersection(projected(shapes[inside], WGS84, crs), outline)
            pieces.append(pd.DataFrame({"shape": inside, "ref_area": area.ref_area, "geometry": parts}))
        frame = (
            pd.concat(pieces, ignore_index=True) if pieces else pd.DataFrame(columns=["shape", "ref_area", "geometry"])
        )
        geometries = frame["geometry"].to_numpy(dtype=object)
        frame = frame.assign(length_m=shapely.length(geometries), area_m2=shapely.area(geometries))
        return frame[~shapely.is_empty(geometries)].reset_index(drop=True)

    def is_official(self, ref_area: str) -> bool:
        """Tell whether the outline of an area is official; one that is not drawn at all is not."""
        mine = self.frame.loc[self.frame["ref_area"] == ref_area, "boundary"]
        return bool((mine == "official").any())

    def districts_of(self, commune: str) -> list[str]:
        """Return the codes of the districts of a commune that have an outline."""
        mine = self.frame[(self.frame["level"] == "district") & (self.frame["commune"] == commune)]
        return sorted(mine["ref_area"])
