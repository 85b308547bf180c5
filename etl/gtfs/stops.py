"""Stops of a feed: where they lie, which station they belong to, whether a wheelchair can board there."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from etl.commune_rows import CommuneRows
from etl.gtfs.cells import degrees, places_in
from etl.intake import Scope
from etl.placing import place, points_of

PLATFORM, STATION, ENTRANCE, NODE, BOARDING_AREA = "0", "1", "2", "3", "4"
KINDS = ("", PLATFORM, STATION, ENTRANCE, NODE, BOARDING_AREA)
# Nodes and boarding areas inside a station need no position of their own, but have to name what they lie in.
_UNPLACED = (NODE, BOARDING_AREA)
_CHILDREN = (ENTRANCE, NODE, BOARDING_AREA)
ACCESSIBLE, INACCESSIBLE = "1", "2"


@dataclass(frozen=True, eq=False)
class Stops:
    """The stops that can be used.

    `frame`, a row a stop: `stop_id`; `kind` (a code of `KINDS`, platforms as such); `place` (the row of its station,
    its own where it has none: what is counted as one stopping place); `commune` and `district` it lies in, "" outside
    the scope or where that is not known; `access` ("1", "2", or "" where neither it nor its station says).
    """

    frame: pd.DataFrame

    @property
    def is_mine(self) -> np.ndarray:
        """Tell which stops lie in a commune in scope, themselves or by their station."""
        inside = self.frame["commune"].ne("").to_numpy(dtype=bool)
        mine: np.ndarray = inside | inside[self.frame["place"].to_numpy()]
        return mine


def stops_of(table: CommuneRows, scope: Scope) -> Stops:
    """Check the rows of `stops.txt`, narrow them to those that can be used, and return what these say."""
    points = _check(table)
    _check_stations(table)
    rows = table.rows.reset_index(drop=True)
    placed = place(points[table.rows.index.to_numpy()], scope)
    own = np.arange(len(rows))
    parent = places_in(rows["parent_station"], rows["stop_id"])
    up = np.where(parent < 0, own, parent)
    access = rows["wheelchair_boarding"].replace("0", "")
    access = access.where(access.ne(""), access.iloc[up].set_axis(rows.index))
    kind = rows["location_type"].mask(rows["location_type"].eq(""), PLATFORM)
    # A boarding area lies on a platform, that in a station: two steps up, and the station stays itself.
    frame = pd.DataFrame({"stop_id": rows["stop_id"], "kind": kind, "place": up[up], "commune": placed["commune"],
                          "district": placed["district"], "access": access})  # fmt: skip
    return Stops(frame)


def _check(table: CommuneRows) -> np.ndarray:
    """Reject what cannot be used by itself; return the points of all rows, empty where there is none."""
    rows = table.rows
    table.reject_where("stop_id", rows["stop_id"].eq(""), "identifier_missing")
    is_named = rows["stop_id"].ne("")
    table.reject_where("stop_id", is_named & rows["stop_id"].duplicated(keep=False), "duplicate_identifier")
    table.reject_where("location_type", ~rows["location_type"].isin(KINDS), "unknown_code")
    table.reject_where("wheelchair_boarding", ~rows["wheelchair_boarding"].isin(["", "0", "1", "2"]), "unknown_code")
    latitude, is_wrong_latitude = degrees(rows["stop_lat"], 90)
    table.reject_where("stop_lat", is_wrong_latitude, "malformed_coordinate")
    longitude, is_wrong_longitude = degrees(rows["stop_lon"], 180)
    table.reject_where("stop_lon", is_wrong_longitude, "malformed_coordinate")
    is_sound = ~is_wrong_latitude & ~is_wrong_longitude
    # Tables write (0, 0), in the Gulf of Guinea, where they know no position.
    is_missing = np.isnan(latitude) | np.isnan(longitude) | ((latitude == 0) & (longitude == 0))
    needs_position = ~rows["location_type"].isin(_UNPLACED)
    table.reject_where("stop_lat", is_sound & is_missing & needs_position, "position_missing")
    is_swapped = is_sound & _in_mainland(longitude, latitude) & ~_in_mainland(latitude, longitude)
    table.reject_where("stop_lat", is_swapped, "coordinates_swapped")
    table.drop_rejected()
    longitude[is_missing] = np.nan
    return points_of(pd.Series(longitude), pd.Series(latitude))


def _in_mainland(latitude: np.ndarray, longitude: np.ndarray) -> np.ndarray:
    """Tell which positions lie in the frame around metropolitan France."""
    return (latitude > 41) & (latitude < 51.5) & (longitude > -5.5) & (longitude < 10)


def _check_stations(table: CommuneRows) -> None:
    """Reject the stops whose station is not there, or cannot be used itself, until none is left."""
    while True:
        rows = table.rows
        parent = places_in(rows["parent_station"], rows["stop_id"])
        kinds = rows["location_type"].to_numpy(dtype=object)
        above = np.where(parent < 0, "none", kinds[parent]) if len(rows) else np.array([], dtype=object)
        wanted = np.where(kinds == BOARDING_AREA, above == PLATFORM, above == STATION)
        wanted |= (kinds == BOARDING_AREA) & (above == "")
        is_alone = rows["parent_station"].eq("").to_numpy(dtype=bool) & ~np.isin(kinds, _CHILDREN)
        # A station lies in nothing; what else names a station has to name one that is there.
        is_wrong = np.where(kinds == STATION, ~is_alone, ~is_alone & ~wanted)
        if not is_wrong.any():
            return
        table.reject_where("parent_station", pd.Series(is_wrong, index=rows.index), "unknown_station")
        table.drop_rejected()
