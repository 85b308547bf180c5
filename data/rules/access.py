"""Who lives near a station or a green space, in a straight line."""

import numpy as np
import pandas as pd
import shapely
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

LAMBERT_93 = "EPSG:2154"


def near_a_station(centres: pd.DataFrame, stations: pd.DataFrame, distance_m: float) -> pd.Series:
    """Tell for each centre whether a station lies within a straight-line distance.

    Parameters
    ----------
    centres, stations : columns `longitude`, `latitude` (EPSG:4326); distances are taken in EPSG:2154 (mainland France).
    distance_m : metres.

    Returns
    -------
    Series of bool, index of `centres`.
    """
    to_metres = Transformer.from_crs("EPSG:4326", LAMBERT_93, always_xy=True)
    x, y = to_metres.transform(centres["longitude"].to_numpy(), centres["latitude"].to_numpy())
    station_x, station_y = to_metres.transform(stations["longitude"].to_numpy(), stations["latitude"].to_numpy())
    squared = (x[:, None] - station_x[None, :]) ** 2 + (y[:, None] - station_y[None, :]) ** 2
    return pd.Series((squared <= distance_m**2).any(axis=1), index=centres.index)


def covered_shares(places: np.ndarray, zone: BaseGeometry) -> np.ndarray:
    """Return which part of each place lies in a zone, 0 to 1: of a surface by its area, of a point all or none.

    Parameters
    ----------
    places, zone : shapely, in one projection in metres.
    """
    areas = shapely.area(places)
    covered = shapely.area(shapely.intersection(places, zone))
    inside = shapely.intersects(places, zone)
    return np.where(areas > 0, covered / np.where(areas > 0, areas, 1.0), inside.astype("float64"))
