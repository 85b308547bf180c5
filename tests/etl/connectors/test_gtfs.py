"""Timetables (GTFS), in the layout Île-de-France Mobilités offers them: every count below can be made by hand."""

import zipfile
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.definitions import Catalogue
from data.errors import UnreadableFileError
from etl.connected import scope_of
from etl.connectors import gtfs
from etl.gtfs.feed import Feed
from etl.intake import Loaded, Scope
from etl.ledger import Ledger
from tests.etl.connectors.mutating import FILES, damaged, steady

VALID = {path.name: path.read_bytes() for path in sorted((FILES / "gtfs").glob("*.txt"))}
ROWS = {"stops.txt": 11, "routes.txt": 4, "calendar.txt": 2, "calendar_dates.txt": 3, "trips.txt": 6,
        "stop_times.txt": 16, "frequencies.txt": 3}  # fmt: skip
READ = sum(ROWS.values())
IVRY, PORT, CENTRE = "94041", "94041-ivry-port", "94041-centre-ville"
# The second week of March: the first whole one, and the one with the boat.
WEEK = "2026-03-09/2026-03-15"
TUESDAY, WEDNESDAY, SATURDAY = "2026-03-10", "2026-03-11", "2026-03-14"


def _zip(path: Path, texts: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in texts.items():
            archive.writestr(name, data)
    return path


def _with(name: str, old: str, new: str) -> dict[str, bytes]:
    assert VALID[name].count(old.encode()) == 1
    return VALID | {name: VALID[name].replace(old.encode(), new.encode())}


@pytest.fixture(scope="module")
def scope(catalogue: Catalogue, ledger: Ledger) -> Scope:
    return scope_of(catalogue, ledger)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "feed.zip"


def _loaded(path: Path, scope: Scope, texts: dict[str, bytes] = VALID) -> Loaded:
    return gtfs.transform(gtfs.extract(_zip(path, texts)), "gtfs-2026-03-01", scope)


def _figure(loaded: Loaded, area: str, indicator: str, period: str = WEEK) -> pd.Series:
    rows = loaded.observations
    mine = rows[(rows["ref_area"] == area) & (rows["indicator"] == indicator) & (rows["time_period"] == period)]
    assert len(mine) == 1, (area, indicator, period)
    return mine.iloc[0]


def _value(loaded: Loaded, area: str, indicator: str, period: str = WEEK) -> float:
    return float(_figure(loaded, area, indicator, period)["obs_value"])


def _faults(loaded: Loaded) -> list[tuple[str, int, str, str]]:
    return [(one.file.removeprefix("feed.zip/"), one.line, one.column, one.reason) for one in loaded.rejected]


def test_every_row_is_accounted_for(file: Path, scope: Scope) -> None:
    loaded = _loaded(file, scope)
    # Of Châtelet: the stop, and five stop times of trips that serve Ivry too.
    assert (loaded.read, loaded.loaded, loaded.out_of_scope, loaded.rejected) == (READ, READ - 5, 5, ())


def test_a_station_is_one_place_and_a_stop_that_nothing_serves_is_none(file: Path, scope: Scope) -> None:
    loaded = _loaded(file, scope)
    assert _value(loaded, CENTRE, "transit_stops") == 1
    # Both sides of a street without a station, and the stop of the bus and the boat.
    assert _value(loaded, PORT, "transit_stops") == 2
    assert _value(loaded, "94041-marat-parmentier", "transit_stops") == 1
    assert _value(loaded, IVRY, "transit_stops") == 4


def test_access_is_taken_from_the_station_and_unknown_is_not_inaccessible(file: Path, scope: Scope) -> None:
    loaded = _loaded(file, scope)
    accessible, unknown = "transit_accessible_stops", "transit_stops_accessibility_unknown"
    found = {area: (_value(loaded, area, accessible), _value(loaded, area, unknown)) for area in (CENTRE, PORT, IVRY)}
    assert found == {CENTRE: (1, 0), PORT: (0, 1), IVRY: (2, 1)}


def test_departures_of_a_weekday_with_frequencies_and_without_the_ends_of_trips(file: Path, scope: Scope) -> None:
    loaded = _loaded(file, scope)
    # 05:30 to 06:50 every ten minutes, 07:00 to 07:09 every three: 9 + 4; a bus; a night bus. Not the trip's own 05:00.
    assert _value(loaded, CENTRE, "transit_departures", TUESDAY) == 13 + 1 + 1
    # The bus without a time counts; its stop for alighting only and its terminus do not.
    assert _value(loaded, PORT, "transit_departures", TUESDAY) == 1 + 1
    assert _value(loaded, "94041-marat-parmentier", "transit_departures", TUESDAY) == 0
    assert _value(loaded, IVRY, "transit_departures", TUESDAY) == 17


def test_hours_go_on_past_midnight_on_the_day_of_service(file: Path, scope: Scope) -> None:
    loaded = _loaded(file, scope)
    assert _value(loaded, IVRY, "transit_first_departure_h", TUESDAY) == 5.5
    assert _value(loaded, IVRY, "transit_last_departure_h", TUESDAY) == 25.2
    # The bus of that day gives no time there: the first known departure is that of the night.
    assert _value(loaded, PORT, "transit_first_departure_h", TUESDAY) == 25.2


def test_exceptions_move_service_from_one_calendar_to_the_other(file: Path, scope: Scope) -> None:
    loaded = _loaded(file, scope)
    # That Wednesday runs as a weekend: a metro every quarter of an hour from 6:00 to 24:15, a bus at two stops.
    assert _value(loaded, IVRY, "transit_departures", WEDNESDAY) == 74 + 2
    assert _value(loaded, IVRY, "transit_departures", SATURDAY) == 74 + 2
    assert _value(loaded, IVRY, "transit_last_departure_h", WEDNESDAY) == 24.25


def test_a_day_without_departure_has_zero_and_no_hour(file: Path, scope: Scope) -> None:
    loaded = _loaded(file, scope)
    first = _figure(loaded, "94041-petit-ivry", "transit_first_departure_h", TUESDAY)
    assert (pd.isna(first["obs_value"]), first["obs_status"]) == (True, "M")
    assert first["note_fr"] == "Aucun départ ce jour-là."
    assert _value(loaded, "94041-petit-ivry", "transit_departures", TUESDAY) == 0


def test_departures_whose_times_are_all_unknown_leave_the_hour_missing(file: Path, scope: Scope) -> None:
    texts = _with("stop_times.txt", "nuit:1,25:10:00,25:12:00", "nuit:1,,")
    first = _figure(_loaded(file, scope, texts), PORT, "transit_first_departure_h", TUESDAY)
    assert (pd.isna(first["obs_value"]), first["obs_status"]) == (True, "O")


def test_lines_count_in_each_district_they_serve(file: Path, scope: Scope) -> None:
    loaded = _loaded(file, scope)
    assert [_value(loaded, area, "transit_lines") for area in (CENTRE, PORT, "94041-marat-parmentier", IVRY)] == [
        3,
        2,
        2,
        4,
    ]


def test_the_week_is_the_earliest_of_those_with_most_trips(file: Path, scope: Scope) -> None:
    # Without the boat, the weeks of the 9th and of the 2nd and 16th differ by their length only.
    assert set(_loaded(file, scope).observations["time_period"]) == {
        WEEK,
        *(f"2026-03-{day:02d}" for day in range(9, 16)),
    }


def test_days_outside_the_feed_have_no_figure(file: Path, scope: Scope) -> None:
    texts = VALID | {"calendar.txt": VALID["calendar.txt"].replace(b"20260304,20260320", b"20260310,20260313")}
    loaded = _loaded(file, scope, texts)
    periods = {f"2026-03-{day}" for day in range(10, 15)}
    assert set(loaded.observations["time_period"]) == periods | {"2026-03-10/2026-03-14"}


def test_figures_of_a_sketch_are_estimates(file: Path, scope: Scope) -> None:
    stops = _figure(_loaded(file, scope), PORT, "transit_stops")
    assert (stops["obs_status"], stops["source"]) == ("E", "gtfs-2026-03-01")
    assert "esquisse" in stops["note_fr"]


def test_all_days_may_be_in_calendar_dates(file: Path, scope: Scope) -> None:
    dates = b"service_id,date,exception_type\nsemaine,20260310,1\nweekend,20260314,1\nfluvial,20260314,1\n"
    texts = {name: data for name, data in VALID.items() if name != "calendar.txt"} | {"calendar_dates.txt": dates}
    loaded = _loaded(file, scope, texts)
    assert loaded.rejected == ()
    assert _value(loaded, IVRY, "transit_departures", TUESDAY) == 17


def test_a_feed_without_exceptions_or_frequencies_is_whole(file: Path, scope: Scope) -> None:
    left_out = {"calendar_dates.txt", "frequencies.txt"}
    trips = VALID["trips.txt"].replace(b"fluvial", b"weekend")
    loaded = _loaded(file, scope, {name: VALID[name] for name in VALID if name not in left_out} | {"trips.txt": trips})
    assert loaded.rejected == ()
    assert _value(loaded, CENTRE, "transit_departures", WEDNESDAY) == 3


def test_tables_may_stand_in_a_folder(file: Path, scope: Scope) -> None:
    texts = {f"idfm/{name}": data for name, data in VALID.items()} | {"__MACOSX/idfm/._stops.txt": b"\0", "a.md": b"x"}
    assert _loaded(file, scope, texts).read == READ


@pytest.mark.parametrize(
    ("name", "old", "new", "line", "column", "reason"),
    [
        ("stops.txt", "2.3995,48.8152", ",", 8, "stop_lat", "position_missing"),
        ("stops.txt", "2.3995,48.8152", "0,0", 8, "stop_lat", "position_missing"),
        ("stops.txt", "2.3995,48.8152", "48.8152,2.3995", 8, "stop_lat", "coordinates_swapped"),
        ("stops.txt", "2.3995,48.8152", "2.3995,NaN", 8, "stop_lat", "malformed_coordinate"),
        ("stops.txt", "2.3995,48.8152", "2.3995,148.8", 8, "stop_lat", "malformed_coordinate"),
        ("stops.txt", "2.3949,48.8052,4,,0", "2.3949,48.8052,4,,9", 12, "location_type", "unknown_code"),
        ("stops.txt", "8052,4,,0,,Europe/Paris,,1", "8052,4,,0,,,,5", 12, "wheelchair_boarding", "unknown_code"),
        ("stops.txt", "48.8052,4,,0,", "48.8052,4,,0,IDFM:lost", 12, "parent_station", "unknown_station"),
        ("stops.txt", "IDFM:5005", "", 12, "stop_id", "identifier_missing"),
        ("routes.txt", "Navette fluviale,,4", "Navette fluviale,,9999", 5, "route_type", "unknown_code"),
        ("calendar.txt", "weekend,0,0,0,0,0,1,1", "weekend,0,0,0,0,0,oui,1", 3, "saturday", "unknown_code"),
        ("calendar.txt", "1,1,20260304", "1,1,20260230", 3, "start_date", "malformed_date"),
        ("calendar.txt", "1,1,20260304", "1,1,20270304", 3, "end_date", "period_reversed"),
        ("calendar_dates.txt", "semaine,20260311,2", "semaine,20260311,3", 2, "exception_type", "unknown_code"),
        ("calendar_dates.txt", "semaine,20260311", "semaine,11/03/2026", 2, "date", "malformed_date"),
        ("trips.txt", "IDFM:C01412,semaine", "IDFM:C00000,semaine", 6, "route_id", "unknown_route"),
        ("trips.txt", "IDFM:C01412,semaine", "IDFM:C01412,ete", 6, "service_id", "unknown_service"),
        ("stop_times.txt", "06:30:00,06:30:00", "06:30:00,6h30", 9, "departure_time", "malformed_time"),
        ("stop_times.txt", "06:30:00,06:30:00", "06:61:00,06:30:00", 9, "arrival_time", "malformed_time"),
        ("stop_times.txt", "IDFM:5004,30", "IDFM:nowhere,30", 8, "stop_id", "unknown_stop"),
        ("stop_times.txt", "IDFM:5004,30", "IDFM:463,30", 8, "stop_id", "unknown_stop"),
        ("stop_times.txt", "IDFM:5004,30", "IDFM:5004,-3", 8, "stop_sequence", "negative"),
        ("stop_times.txt", "IDFM:5004,30", "IDFM:5004,", 8, "stop_sequence", "identifier_missing"),
        ("stop_times.txt", "IDFM:5004,30,1", "IDFM:5004,30,7", 8, "pickup_type", "unknown_code"),
        ("stop_times.txt", "bateau:1,10:30:00", "bateau:9,10:30:00", 17, "trip_id", "unknown_trip"),
        ("frequencies.txt", "24:30:00,900", "24:30:00,0", 4, "headway_secs", "headway_missing"),
        ("frequencies.txt", "24:30:00,900", "04:30:00,900", 4, "end_time", "period_reversed"),
        ("frequencies.txt", "metro:2", "metro:9", 4, "trip_id", "unknown_trip"),
    ],
)  # fmt: skip
def test_a_wrong_cell_puts_its_row_in_quarantine(
    file: Path, scope: Scope, name: str, old: str, new: str, line: int, column: str, reason: str
) -> None:
    loaded = _loaded(file, scope, _with(name, old, new))
    assert (name, line, column, reason) in _faults(loaded)
    # What hangs on a row that cannot be used cannot be used either; nothing else is lost.
    hanging = {"unknown_stop", "unknown_trip", "unknown_service", "unknown_route"}
    assert {one[3] for one in _faults(loaded)} - {reason} <= hanging
    assert loaded.read == READ
    assert "mises en quarantaine" in loaded.observations["note_fr"].iloc[0]


def test_what_comes_twice_is_rejected_twice_with_all_that_hangs_on_it(file: Path, scope: Scope) -> None:
    texts = VALID | {"trips.txt": VALID["trips.txt"] + b"IDFM:C01199,semaine,bus:1,Ivry,,1,,,0,0\n"}
    found = _faults(_loaded(file, scope, texts))
    assert [one for one in found if one[0] == "trips.txt"] == [
        ("trips.txt", 4, "trip_id", "duplicate_identifier"), ("trips.txt", 8, "trip_id", "duplicate_identifier"),
    ]  # fmt: skip
    assert [one[1] for one in found if one[3] == "unknown_trip"] == [6, 7, 8, 9]


def test_a_trip_whose_last_row_is_rejected_does_not_end_earlier(file: Path, scope: Scope) -> None:
    texts = _with("stop_times.txt", "bus:2,08:30:00,08:30:00", "bus:2,08:30:00,8 h 30")
    # The bus still leaves its second stop: the row after it cannot be used, but is there.
    assert _value(_loaded(file, scope, texts), PORT, "transit_departures", SATURDAY) == 1


def test_a_trip_whose_frequencies_are_rejected_does_not_run_at_its_own_times(file: Path, scope: Scope) -> None:
    texts = VALID | {"frequencies.txt": VALID["frequencies.txt"].replace(b",600,", b",often,").replace(b",180,", b",,")}
    assert _value(_loaded(file, scope, texts), CENTRE, "transit_departures", TUESDAY) == 2


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"stops.txt": None}, "no stops.txt"),
        ({"trips.txt": None}, "lacks trips.txt"),
        ({"calendar.txt": None, "calendar_dates.txt": None}, "calendar.txt or calendar_dates.txt"),
        ({"other/stops.txt": VALID["stops.txt"]}, "2 feeds"),
        ({"../stops.txt": VALID["stops.txt"]}, "outside its folder"),
        ({"stop_times.txt": b"trip_id,stop_id\n"}, "departure_time"),
        ({"stop_times.txt": b""}, "empty"),
        ({"shapes.txt": b"0" * 40_000_000}, "no honest file"),
        ({"routes.txt": VALID["routes.txt"].replace(b",", b";")}, "semicolon"),
    ],
)
def test_what_is_no_feed_is_refused(file: Path, change: dict[str, bytes | None], words: str) -> None:
    texts = {name: data for name, data in {**VALID, **change}.items() if data is not None}
    with pytest.raises(UnreadableFileError, match=words):
        gtfs.extract(_zip(file, texts))


def test_what_is_no_archive_is_refused(file: Path) -> None:
    file.write_bytes(VALID["stops.txt"])
    with pytest.raises(UnreadableFileError, match=r"feed\.zip"):
        gtfs.extract(file)


def test_a_feed_in_which_nothing_runs_is_refused_with_its_first_fault(file: Path, scope: Scope) -> None:
    dates = b"service_id,date,exception_type\nsemaine,20260230,1\n"
    texts = {name: data for name, data in VALID.items() if name != "calendar.txt"} | {"calendar_dates.txt": dates}
    with pytest.raises(UnreadableFileError, match=r"no trip runs on any day; .* line 2, column date: malformed_date"):
        _loaded(file, scope, texts)


def test_communes_elsewhere_make_the_whole_feed_out_of_scope(file: Path) -> None:
    loaded = _loaded(file, Scope(frozenset({"26362"}), frozenset()))
    assert loaded.observations.empty
    # Only the calendars are about all communes.
    assert (loaded.loaded, loaded.out_of_scope) == (5, READ - 5)


@settings(steady, max_examples=50)
@given(data=st.data())
def test_whatever_arrives_every_row_is_accounted_for(
    tmp_path: Path, scope: Scope, catalogue: Catalogue, data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from([*VALID, "stop_times.txt", "stops.txt"]))
    texts = VALID | {name: data.draw(damaged(VALID[name], ","))}
    try:
        extracted = gtfs.extract(_zip(tmp_path / "feed.zip", texts))
        loaded = gtfs.transform(extracted, "gtfs-2026-03-01", scope)
    except UnreadableFileError:
        return
    assert isinstance(extracted, Feed)
    assert loaded.read == sum(one.read for one in extracted.tables.values())
    assert {one.reason for one in loaded.rejected} <= set(catalogue.rejections)
    rows = loaded.observations
    assert not rows.duplicated(["ref_area", "indicator", "time_period"]).any()
    assert rows["obs_value"].dropna().between(0, 1e9).all()
    assert (rows["obs_value"].isna() == rows["obs_status"].isin(["O", "M"])).all()
    stops = rows[rows["indicator"].eq("transit_stops")].set_index("ref_area")["obs_value"]
    assert stops.drop(IVRY, errors="ignore").sum() <= stops.get(IVRY, 0)
