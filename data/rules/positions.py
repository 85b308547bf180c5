"""Where a commune lies, and how far a position is from it (mainland France)."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import shapely
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

from data.rules.access import LAMBERT_93

# A facility of a commune may stand with its neighbours, not further.
FARTHEST_KM = 15

_to_metres = Transformer.from_crs("EPSG:4326", LAMBERT_93, always_xy=True)


def _moved(transform: Callable[..., tuple[np.ndarray, np.ndarray]]) -> Callable[[np.ndarray], np.ndarray]:
    return lambda points: np.column_stack(transform(points[:, 0], points[:, 1]))


def commune_shape(areas: pd.DataFrame, commune: str) -> BaseGeometry:
    """Return where a commune lies (EPSG:2154): its outline where one is drawn, else the centres of its IRIS.

    Parameters
    ----------
    areas : the `territories` table; `geometry` as WKB in EPSG:4326.

    Returns
    -------
    A geometry, empty where nothing of the commune has a position.
    """
    mine = areas[(areas["commune"] == commune) & areas["geometry"].notna()]
    drawn = mine[mine["level"] == "commune"] if (mine["level"] == "commune").any() else mine[mine["level"] == "iris"]
    whole = shapely.unary_union(shapely.from_wkb(drawn["geometry"].to_list()))
    return shapely.transform(whole, _moved(_to_metres.transform))


def distance_km(shape: BaseGeometry, longitude: float, latitude: float) -> float:
    """Return how far a position (EPSG:4326) is from a geometry (EPSG:2154), in kilometres; 0 inside it."""
    return float(shapely.distance(shape, shapely.Point(*_to_metres.transform(longitude, latitude)))) / 1000


def bounds_around(shape: BaseGeometry, kilometres: float) -> tuple[float, float, float, float]:
    """Return the least and greatest longitude and latitude (EPSG:4326) within a distance of a geometry (EPSG:2154).

    Returns
    -------
    West, south, east, north, of the box; its corners are further away than `kilometres`.
    """
    near = shape.buffer(kilometres * 1000)
    back = shapely.transform(near, _moved(lambda x, y: _to_metres.transform(x, y, direction="INVERSE")))
    west, south, east, north = back.bounds
    return west, south, east, north
