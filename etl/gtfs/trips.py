"""Trips of a feed: their line, their days, how often they run; and where each of them stops."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from etl.commune_rows import CommuneRows
from etl.gtfs.cells import places_in, times
from etl.gtfs.service import Service
from etl.gtfs.stops import PLATFORM, STATION, Stops
from etl.reading.cells import counts

NO_BOARDING = "1"
LAST_ROUTE_TYPE = 1799


def check_routes(table: CommuneRows) -> None:
    """Narrow the rows of `routes.txt` to those that can be used; types go from 0 to 12, extended ones from 100 on."""
    rows = table.rows
    table.reject_where("route_id", rows["route_id"].eq(""), "identifier_missing")
    is_named = rows["route_id"].ne("")
    table.reject_where("route_id", is_named & rows["route_id"].duplicated(keep=False), "duplicate_identifier")
    kinds, reasons = counts(rows["route_type"])
    table.reject("route_type", reasons)
    is_unknown = reasons.eq("") & ~(kinds.between(0, 12) | kinds.between(100, LAST_ROUTE_TYPE))
    table.reject_where("route_type", is_unknown, "unknown_code")
    table.drop_rejected()


def check_trips(table: CommuneRows, routes: CommuneRows, service: Service) -> pd.DataFrame:
    """Narrow the rows of `trips.txt` to those that can be used.

    Returns
    -------
    DataFrame (0…) : `trip_id`, `route` (row of `routes`), `service` (place in its names).
    """
    rows = table.rows
    route, runs_on = places_in(rows["route_id"], routes.rows["route_id"]), places_in(rows["service_id"], service.names)
    table.reject_where("trip_id", rows["trip_id"].eq(""), "identifier_missing")
    is_named = rows["trip_id"].ne("")
    table.reject_where("trip_id", is_named & rows["trip_id"].duplicated(keep=False), "duplicate_identifier")
    table.reject_where("route_id", pd.Series(route < 0, index=rows.index), "unknown_route")
    table.reject_where("service_id", pd.Series(runs_on < 0, index=rows.index), "unknown_service")
    table.drop_rejected()
    kept = rows.index.get_indexer(table.rows.index)
    trip_id = table.rows["trip_id"].reset_index(drop=True)
    return pd.DataFrame({"trip_id": trip_id, "route": route[kept], "service": runs_on[kept]})


def check_stop_times(table: CommuneRows, trips: pd.DataFrame, stops: Stops) -> pd.DataFrame:
    """Narrow the rows of `stop_times.txt` to those that can be used.

    Returns
    -------
    DataFrame, a row each: `trip` and `stop` (rows of `trips` and `stops`), `seconds` of departure (missing where the
    feed leaves it to be estimated), `departs` (someone can board: not at the end of a trip), `begins` its trip.
    """
    rows = table.rows
    trip, stop = places_in(rows["trip_id"], trips["trip_id"]), places_in(rows["stop_id"], stops.frame["stop_id"])
    kinds = stops.frame["kind"].to_numpy(dtype=object)
    is_stop = np.isin(kinds[stop], (PLATFORM, STATION)) & (stop >= 0) if len(kinds) else np.zeros(len(rows), dtype=bool)
    table.reject_where("trip_id", pd.Series(trip < 0, index=rows.index), "unknown_trip")
    table.reject_where("stop_id", pd.Series(~is_stop, index=rows.index), "unknown_stop")
    rank, reasons = counts(rows["stop_sequence"])
    table.reject("stop_sequence", reasons)
    table.reject_where("stop_sequence", rank.isna() & reasons.eq(""), "identifier_missing")
    is_twice = pd.DataFrame({"trip": trip, "rank": rank.to_numpy()}).duplicated(keep=False).to_numpy()
    is_twice = is_twice & (trip >= 0) & rank.notna().to_numpy()
    table.reject_where("stop_sequence", pd.Series(is_twice, index=rows.index), "duplicate_identifier")
    seconds, is_wrong = times(rows["departure_time"])
    table.reject_where("departure_time", is_wrong, "malformed_time")
    table.reject_where("arrival_time", times(rows["arrival_time"])[1], "malformed_time")
    table.reject_where("pickup_type", ~rows["pickup_type"].isin(["", "0", "1", "2", "3"]), "unknown_code")
    # Where a trip begins and ends is told by all of its rows, those that cannot be used included.
    of_trip = rank.groupby(trip)
    is_last = (rank == of_trip.transform("max")).to_numpy(dtype=bool)
    departs = ~is_last & rows["pickup_type"].ne(NO_BOARDING).to_numpy(dtype=bool)
    begins = (rank == of_trip.transform("min")).to_numpy(dtype=bool)
    table.drop_rejected()
    frame = pd.DataFrame({"trip": trip, "stop": stop, "seconds": seconds, "departs": departs, "begins": begins})
    return frame.iloc[rows.index.get_indexer(table.rows.index)].reset_index(drop=True)


@dataclass(frozen=True, eq=False)
class Runs:
    """How often each trip runs on a day of its service, and by how many seconds the first and last run are shifted."""

    number: np.ndarray
    first_shift: np.ndarray
    last_shift: np.ndarray


def runs_of(table: CommuneRows, trips: pd.DataFrame, starts: np.ndarray) -> Runs:
    """Check the rows of `frequencies.txt`, narrow them to those that can be used, and return how often trips run.

    A trip with frequencies runs at its start time and every `headway_secs` after it, before its end time, and never at
    the times its stops have themselves: these only say how long it takes from stop to stop. A trip without runs once.

    Parameters
    ----------
    starts : when each trip departs at its first stop (seconds, missing where not known).
    """
    rows = table.rows
    trip = places_in(rows["trip_id"], trips["trip_id"])
    number = np.ones(len(trips), dtype="int64")
    number[trip[trip >= 0]] = 0
    table.reject_where("trip_id", pd.Series(trip < 0, index=rows.index), "unknown_trip")
    table.reject_where("start_time", rows.duplicated(["trip_id", "start_time"], keep=False), "duplicate_identifier")
    (start, _), (end, _) = times(rows["start_time"]), times(rows["end_time"])
    table.reject_where("start_time", pd.Series(np.isnan(start), index=rows.index), "malformed_time")
    table.reject_where("end_time", pd.Series(np.isnan(end), index=rows.index), "malformed_time")
    table.reject_where("end_time", pd.Series(end <= start, index=rows.index), "period_reversed")
    headway, reasons = counts(rows["headway_secs"])
    table.reject("headway_secs", reasons)
    table.reject_where("headway_secs", reasons.eq("") & ~headway.ge(1), "headway_missing")
    table.drop_rejected()
    kept = rows.index.get_indexer(table.rows.index)
    trip, start, end, headway_s = trip[kept], start[kept], end[kept], headway.to_numpy()[kept]
    times_run = np.ceil((end - start) / headway_s)
    np.add.at(number, trip, times_run.astype("int64"))
    first, last = np.full(len(trips), np.inf), np.full(len(trips), -np.inf)
    np.minimum.at(first, trip, start)
    np.maximum.at(last, trip, start + (times_run - 1) * headway_s)
    is_once = ~np.isfinite(first)
    return Runs(number, np.where(is_once, 0.0, first - starts), np.where(is_once, 0.0, last - starts))


def starts_of(stop_times: pd.DataFrame, count: int) -> np.ndarray:
    """Return when each of so many trips departs at its first stop (seconds), missing where that is not known."""
    first = stop_times[stop_times["begins"]]
    starts = np.full(count, np.nan)
    starts[first["trip"].to_numpy()] = first["seconds"].to_numpy()
    return starts
