"""A made-up timetable (GTFS) of 300,000 stop times, only to measure with: drawn with a fixed seed."""

import zipfile
from pathlib import Path

import numpy as np

STOPS, LINES, SERVICES, TRIPS, STOPS_OF_TRIP = 2_000, 60, 200, 12_000, 25
# One stop time in a thousand is written as no time is.
ROWS_PER_FAULT = 1_000


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02d}:{seconds % 3600 // 60:02d}:{seconds % 60:02d}"


def _stops(random: np.random.Generator) -> list[str]:
    longitudes, latitudes = 2.34 + 0.1 * random.random(STOPS), 48.78 + 0.06 * random.random(STOPS)
    access = random.integers(0, 3, STOPS)
    return [f"IDFM:{place},Arrêt {place},{longitudes[place]:.6f},{latitudes[place]:.6f},0,,{access[place]}"
            for place in range(STOPS)]  # fmt: skip


def _stop_times(random: np.random.Generator) -> list[str]:
    begins = random.integers(5 * 3600, 25 * 3600, TRIPS)
    stops = random.integers(0, STOPS, (TRIPS, STOPS_OF_TRIP))
    rows: list[str] = []
    for trip in range(TRIPS):
        for rank in range(STOPS_OF_TRIP):
            time = _clock(int(begins[trip]) + 90 * rank) if len(rows) % ROWS_PER_FAULT else "midi"
            rows.append(f"IDFM:TN:{trip:032d},{time},{time},IDFM:{stops[trip, rank]},{rank},0,0,")
    return rows


def write_feed(path: Path) -> int:
    """Write the feed; return how many stop times it has."""
    random = np.random.default_rng(94041)
    times = _stop_times(random)
    tables = {
        "stops": ("stop_id,stop_name,stop_lon,stop_lat,location_type,parent_station,wheelchair_boarding",
                  _stops(random)),
        "routes": ("route_id,agency_id,route_short_name,route_type", [f"L{n},A,{n},700" for n in range(LINES)]),
        "calendar": ("service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date",
                     [f"S{n},1,1,1,1,1,{n % 2},{n % 2},20260302,20260405" for n in range(SERVICES)]),
        "calendar_dates": ("service_id,date,exception_type", [f"S{n},20260310,2" for n in range(0, SERVICES, 9)]),
        "trips": ("route_id,service_id,trip_id,trip_headsign",
                  [f"L{n % LINES},S{n % SERVICES},IDFM:TN:{n:032d},Terminus" for n in range(TRIPS)]),
        "stop_times": ("trip_id,arrival_time,departure_time,stop_id,stop_sequence,pickup_type,drop_off_type,timepoint",
                       times),
    }  # fmt: skip
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, (header, rows) in tables.items():
            archive.writestr(f"{name}.txt", "\r\n".join([header, *rows, ""]))
    return len(times)
