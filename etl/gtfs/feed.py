"""The tables of a GTFS feed: a zip of comma-separated files, at its root or in one folder, each read faithfully."""

from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

import pandas as pd

from data.errors import UnreadableFileError
from etl.intake import Extracted
from etl.reading.archives import members, open_member
from etl.reading.delimited import Layout, parse_delimited

# A region's feed is larger than other archives: that of Île-de-France unpacks to about a gigabyte.
LARGEST_UNPACKED_BYTES = 3_000_000_000
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True)
class Table:
    """A table of a feed: columns that must be there, and others that are read where they are."""

    columns: tuple[str, ...]
    optional: tuple[str, ...] = ()


TABLES = {
    "stops": Table(("stop_id", "stop_lat", "stop_lon"), ("location_type", "parent_station", "wheelchair_boarding")),
    "routes": Table(("route_id", "route_type")),
    "calendar": Table(("service_id", *WEEKDAYS, "start_date", "end_date")),
    "calendar_dates": Table(("service_id", "date", "exception_type")),
    "trips": Table(("route_id", "service_id", "trip_id")),
    "frequencies": Table(("trip_id", "start_time", "end_time", "headway_secs")),
    "stop_times": Table(("trip_id", "departure_time", "stop_id", "stop_sequence"), ("arrival_time", "pickup_type")),
}
REQUIRED = ("stops", "routes", "trips", "stop_times")
# Days of service are in either or both.
CALENDARS = ("calendar", "calendar_dates")


@dataclass(frozen=True, eq=False)
class Feed(Extracted):
    """A feed as its publisher wrote it: `tables` by name, empty where the feed has none; `frame` holds nothing.

    Of each table only the columns of `TABLES` are kept, with `line`; an optional column a file lacks is blank.
    """

    tables: dict[str, Extracted] = field(default_factory=dict)

    @property
    def read(self) -> int:
        """Return how many rows the tables hold together."""
        return sum(table.read for table in self.tables.values())


def _places(path: Path) -> dict[str, str]:
    """Return the member of an archive that holds each table."""
    found = members(path, LARGEST_UNPACKED_BYTES)
    names = {name: PurePosixPath(name.replace("\\", "/")) for name in found}
    folders = {place.parent for place in names.values() if place.name.casefold() == "stops.txt"}
    if len(folders) != 1:
        what = f"{len(folders)} feeds, in {', '.join(sorted(map(str, folders)))}" if folders else "no stops.txt"
        raise UnreadableFileError(f"{path.name} holds {what}: take the archive (.zip) of one GTFS feed")
    (folder,) = folders
    tables = {
        place.stem.casefold(): name
        for name, place in names.items()
        if place.parent == folder and place.suffix.casefold() == ".txt"
    }
    # A file of no bytes, not even a header, says nothing: it is as good as absent where it may be.
    tables = {table: name for table, name in tables.items() if found[name] or table in REQUIRED}
    missing = [f"{table}.txt" for table in REQUIRED if table not in tables]
    missing += [] if tables.keys() & set(CALENDARS) else ["calendar.txt or calendar_dates.txt"]
    if missing:
        raise UnreadableFileError(f"{path.name} is no whole GTFS feed: it lacks {', '.join(missing)}")
    return {table: tables[table] for table in TABLES if table in tables}


def _read(path: Path, member: str, table: Table) -> Extracted:
    data = open_member(path, lambda name: name == member, LARGEST_UNPACKED_BYTES)
    kept = (*table.columns, *table.optional)
    found = parse_delimited(data, f"{path.name}/{member}", Layout(table.columns, (",",)))
    spelled = {str(column).strip().casefold(): column for column in found.frame.columns}
    frame = pd.DataFrame({name: found.frame[spelled[name]] if name in spelled else _blank(found) for name in kept})
    return Extracted(found.file, frame.assign(line=found.frame["line"]), found.rejected)


def _blank(found: Extracted) -> pd.Series:
    return pd.Series("", index=found.frame.index, dtype="str")


def read_feed(path: Path) -> Feed:
    """Read a feed faithfully.

    Raises
    ------
    UnreadableFileError
        It is no archive, or one that does harm; holds no feed or several; lacks a table or a column.
    """
    places = _places(path)
    tables = {name: _read(path, member, TABLES[name]) for name, member in places.items()}
    for name, table in TABLES.items():
        if name not in tables:
            frame = pd.DataFrame(columns=[*table.columns, *table.optional], dtype="str").assign(line=0)
            tables[name] = Extracted(f"{path.name}/{name}.txt", frame)
    return Feed(path.name, pd.DataFrame(), (), tables)
