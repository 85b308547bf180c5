"""A commune of two kilometres by two, in two districts, where the areas of drawn rectangles are known by hand."""

import numpy as np
import pandas as pd
import shapely

from etl.intake import Loaded, Scope
from etl.outlines import COLUMNS, LAMBERT_93, WGS84, Outlines, projected
from etl.residents import Residents

COMMUNE, WEST, EAST = "94041", "94041-west", "94041-east"
# South-west corner of the commune in Lambert-93, metres; the files of the tests are drawn from it.
CORNER = (654_000.0, 6_856_000.0)


def rectangle(west: float, south: float, east: float, north: float) -> shapely.Polygon:
    """Return a rectangle (EPSG:4326) given in metres from the corner of the commune."""
    x, y = CORNER
    drawn = np.array([shapely.box(x + west, y + south, x + east, y + north)], dtype=object)
    polygon: shapely.Polygon = projected(drawn, LAMBERT_93, WGS84)[0]
    return polygon


def outlines(boundary: str = "official", iris: dict[str, shapely.Polygon] | None = None) -> Outlines:
    """Return the commune, its two districts, and outlines of statistical units where given."""
    rows = [
        (COMMUNE, "commune", "Essai", rectangle(0, 0, 2000, 2000)),
        (WEST, "district", "Ouest", rectangle(0, 0, 1000, 2000)),
        (EAST, "district", "Est", rectangle(1000, 0, 2000, 2000)),
        *((code, "iris", code, polygon) for code, polygon in (iris or {}).items()),
    ]
    records = [(code, level, name, COMMUNE, boundary, "test", shape) for code, level, name, shape in rows]
    return Outlines(pd.DataFrame.from_records(records, columns=list(COLUMNS)))


def residents(**units: tuple[float, float, float, str]) -> Residents:
    """Return who lives in units, each with its inhabitants, its centre in metres from the corner, and its district."""
    rows, weights = [], []
    for code, (population, east, north, district) in units.items():
        centre = rectangle(east, north, east + 0.01, north + 0.01).centroid
        rows.append((code[1:], COMMUNE, population, centre.x, centre.y))
        weights.append((code[1:], district, 1.0))
    frame = pd.DataFrame(rows, columns=["iris", "commune", "population", "longitude", "latitude"])
    return Residents(frame, pd.DataFrame(weights, columns=["ref_area", "parent", "weight"]), "2021", "census")


# Two units are less than 300 m from a park, one of them from a park across the border; one lies 350 m away.
PEOPLE = residents(
    i940410101=(1000, 350, 600, WEST), i940410102=(500, 350, 750, WEST), i940410103=(2000, 1500, 1300, EAST),
    i940410104=(300, 1800, 300, EAST),
)  # fmt: skip
SCOPE = Scope(frozenset({COMMUNE}), frozenset(), outlines=outlines(), residents=PEOPLE)


def values(loaded: Loaded, indicator: str) -> dict[str, float]:
    """Return an indicator by area."""
    rows = loaded.observations[loaded.observations["indicator"] == indicator]
    return {str(area): float(value) for area, value in zip(rows["ref_area"], rows["obs_value"], strict=True)}
