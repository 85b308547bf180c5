"""Timetables of public transport (GTFS): stopping places, lines and departures of a week, by commune and district.

A zip of comma-separated tables. Departures are counted stop by stop, for each day of one week (`reference_week`), on
the day of service: a bus at 25:10 belongs to the evening before. The last stop of a trip and stops where nobody can
board are no departures. A station and its platforms are one stopping place; one whose access is not told is neither
accessible nor inaccessible.
"""

from operator import attrgetter
from pathlib import Path

import numpy as np
import pandas as pd

from data.errors import UnreadableFileError
from etl.commune_rows import CommuneRows
from etl.gtfs.feed import Feed, read_feed
from etl.gtfs.figures import (
    ACCESSIBLE_STOPS,
    DEPARTURES,
    FIRST,
    LAST,
    LINES,
    STOPS,
    UNKNOWN_STOPS,
    Timetable,
    figures,
    with_notes,
)
from etl.gtfs.service import reference_week, service_of
from etl.gtfs.stops import stops_of
from etl.gtfs.trips import check_routes, check_stop_times, check_trips, runs_of, starts_of
from etl.intake import Extracted, Loaded, Rejection, Scope

GIVES = (STOPS, ACCESSIBLE_STOPS, UNKNOWN_STOPS, LINES, DEPARTURES, FIRST, LAST)
DETAILS = {
    STOPS: "GTFS, stops.txt (parent_station) and stop_times.txt",
    ACCESSIBLE_STOPS: "GTFS, stops.txt (wheelchair_boarding) and stop_times.txt",
    UNKNOWN_STOPS: "GTFS, stops.txt (wheelchair_boarding) and stop_times.txt",
    LINES: "GTFS, routes.txt, trips.txt and stop_times.txt",
    DEPARTURES: "GTFS, stop_times.txt, on the days of calendar.txt and calendar_dates.txt",
    FIRST: "GTFS, stop_times.txt (departure_time), earliest of the day of service",
    LAST: "GTFS, stop_times.txt (departure_time), latest of the day of service",
}


def extract(path: Path) -> Extracted:
    """Read a feed faithfully.

    Raises
    ------
    UnreadableFileError
        It is no archive, or one that does harm; holds no feed or several; lacks a table or a column.
    """
    return read_feed(path)


def transform(extracted: Extracted, edition: str, scope: Scope) -> Loaded:
    """Return the figures of the communes in scope that the feed has stops in, and of their districts.

    Rows of both calendars count as loaded; of the other tables those that are about a stop in a commune in scope.

    Raises
    ------
    UnreadableFileError
        No trip runs on any day.
    """
    assert isinstance(extracted, Feed)
    tables = {name: CommuneRows(one.file, one.read, one.frame, 0, list(one.rejected))
              for name, one in extracted.tables.items()}  # fmt: skip
    service = service_of(tables["calendar"], tables["calendar_dates"])
    stops = stops_of(tables["stops"], scope)
    check_routes(tables["routes"])
    trips = check_trips(tables["trips"], tables["routes"], service)
    stop_times = check_stop_times(tables["stop_times"], trips, stops)
    runs = runs_of(tables["frequencies"], trips, starts_of(stop_times, len(trips)))
    rejected = sorted((one for table in tables.values() for one in table.rejected), key=attrgetter("file", "line"))
    week = reference_week(service, np.bincount(trips["service"], runs.number, minlength=len(service.names)))
    if not week:
        raise UnreadableFileError(f"{extracted.file}: no trip runs on any day{_first_of(rejected)}")
    is_mine = stops.is_mine[stop_times["stop"].to_numpy()]
    events = stop_times[is_mine].reset_index(drop=True)
    events = events.assign(route=trips["route"].to_numpy()[events["trip"].to_numpy()])
    active = np.column_stack([service.on(day) for day in week])[trips["service"].to_numpy()]
    found = figures(Timetable(stops, events, runs, active, week), scope)
    quarantined = len({(one.file, one.line) for one in rejected})
    mine = _rows_of_scope(tables, trips, events, int(stops.is_mine.sum()))
    out_of_scope = extracted.read - quarantined - mine
    observations = _framed(with_notes(found, quarantined, scope), edition)
    return Loaded(extracted.file, observations, tuple(rejected), extracted.read, mine, out_of_scope)


def _first_of(rejected: list[Rejection]) -> str:
    if not rejected:
        return "; take a feed that is in force"
    one = rejected[0]
    return f"; {len(rejected)} faults, the first in {one.file}, line {one.line}, column {one.column}: {one.reason}"


def _rows_of_scope(tables: dict[str, CommuneRows], trips: pd.DataFrame, events: pd.DataFrame, stops: int) -> int:
    """Return how many rows of all tables are about the communes in scope; calendars are about all of them."""
    runs_here = np.unique(events["trip"])
    frequencies = tables["frequencies"].rows["trip_id"].isin(trips["trip_id"].iloc[runs_here])
    calendars = len(tables["calendar"].rows) + len(tables["calendar_dates"].rows)
    return stops + events["route"].nunique() + len(runs_here) + len(events) + int(frequencies.sum()) + calendars


def _framed(found: pd.DataFrame, edition: str) -> pd.DataFrame:
    details = found["indicator"].map(DETAILS)
    columns = ["ref_area", "indicator", "time_period", "obs_value", "obs_status", "conf_status", "source",
               "source_detail", "note_fr", "note_en"]  # fmt: skip
    return found.assign(conf_status="F", source=edition, source_detail=details)[columns]
