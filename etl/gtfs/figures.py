"""What a feed says of communes and districts: stopping places, lines, and departures on each day of its week."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.frames import rows_of
from etl.gtfs.service import iso
from etl.gtfs.stops import ACCESSIBLE, INACCESSIBLE, Stops
from etl.gtfs.trips import Runs
from etl.intake import Scope
from etl.placing import SKETCHED, UNPLACED

STOPS, ACCESSIBLE_STOPS = "transit_stops", "transit_accessible_stops"
UNKNOWN_STOPS, LINES = "transit_stops_accessibility_unknown", "transit_lines"
DEPARTURES, FIRST, LAST = "transit_departures", "transit_first_departure_h", "transit_last_departure_h"
# What the districts of a commune add up to.
SUMMED = (STOPS, ACCESSIBLE_STOPS, UNKNOWN_STOPS, DEPARTURES)
SECONDS_PER_HOUR = 3600
LEVELS = ("commune", "district")
NO_DEPARTURE = ("Aucun départ ce jour-là.", "No departure on that day.")
NO_TIME = (
    "Le flux ne donne l’heure d’aucun des départs de ce jour.",
    "The feed gives the time of none of the departures of that day.",
)


@dataclass(frozen=True, eq=False)
class Timetable:
    """What can be used of a feed, for the communes in scope.

    `events` : the stop times of their stops (columns of `check_stop_times`, and `route`); `is_active` tells for each
    trip whether it runs on each day of `week` (ordinals).
    """

    stops: Stops
    events: pd.DataFrame
    runs: Runs
    is_active: np.ndarray
    week: list[int]


def _hours(seconds: pd.Series) -> pd.Series:
    return (seconds / SECONDS_PER_HOUR).round(4)


def _on_day(timetable: Timetable, place: int, areas: np.ndarray) -> pd.DataFrame:
    """Return departures, first and last hour of a day by area; `areas` gives the code of each event's, -1 for none."""
    trip = timetable.events["trip"].to_numpy()
    runs = timetable.is_active[trip, place] * timetable.runs.number[trip]
    departs = timetable.events["departs"].to_numpy(dtype=bool) & (runs > 0) & (areas >= 0)
    trip, by_area = trip[departs], areas[departs]
    seconds = timetable.events["seconds"][departs]
    return pd.DataFrame({
        DEPARTURES: pd.Series(runs[departs], index=seconds.index).groupby(by_area).sum().astype("float64"),
        FIRST: _hours((seconds + timetable.runs.first_shift[trip]).groupby(by_area).min()),
        LAST: _hours((seconds + timetable.runs.last_shift[trip]).groupby(by_area).max()),
    })  # fmt: skip


def _in_week(timetable: Timetable, areas: np.ndarray, of_stop: np.ndarray) -> pd.DataFrame:
    """Return stopping places and lines served in the week by area; codes of areas by event and by stop."""
    runs_at_all = timetable.is_active.any(axis=1) & (timetable.runs.number > 0)
    is_served = runs_at_all[timetable.events["trip"].to_numpy()]
    served = timetable.events[is_served]
    lines = served["route"].groupby(areas[is_served]).nunique()
    stops = timetable.stops.frame.loc[np.unique(served["stop"])]
    of_place = stops["place"].to_numpy()
    places = pd.DataFrame({ACCESSIBLE_STOPS: stops["access"].eq(ACCESSIBLE).groupby(of_place).any(),
                           "closed": stops["access"].eq(INACCESSIBLE).groupby(of_place).all()})  # fmt: skip
    found = places.assign(**{STOPS: 1}).groupby(of_stop[places.index.to_numpy()]).sum()
    found[UNKNOWN_STOPS] = found[STOPS] - found[ACCESSIBLE_STOPS] - found["closed"]
    found = found[[STOPS, ACCESSIBLE_STOPS, UNKNOWN_STOPS]].join(lines.rename(LINES), how="outer")
    return found.fillna(0).astype("float64")


def _long(by_period: dict[str, pd.DataFrame], areas: list[str], level: str) -> pd.DataFrame:
    """Return tables by code of area as one row per area, period and indicator; areas that are in none have no value."""
    every = [table.reindex(range(len(areas))).assign(ref_area=areas) for table in by_period.values()]
    periods = [period for period in by_period for _ in areas]
    frame = pd.concat(every).assign(time_period=pd.Series(periods, dtype="str").to_numpy(), level=level)
    return frame.melt(["ref_area", "time_period", "level"], var_name="indicator", value_name="obs_value")


def figures(timetable: Timetable, scope: Scope) -> pd.DataFrame:
    """Return `ref_area`, `level`, `indicator`, `time_period`, `obs_value`, `obs_status` of communes and districts.

    Communes without any stop of the feed are left out: another network may serve them.
    """
    frame = timetable.stops.frame
    communes = sorted(set(frame["commune"]) - {""})
    districts = [district for commune in communes for district in scope.outlines.districts_of(commune)]
    first, last = iso(timetable.week[0]), iso(timetable.week[-1])
    week = first if first == last else f"{first}/{last}"
    tables = []
    for level, areas in zip(LEVELS, (communes, districts), strict=True):
        of_stop = pd.Index(areas).get_indexer(frame[level].astype(object))
        of_event = of_stop[timetable.events["stop"].to_numpy()]
        known = {week: _in_week(timetable, of_event, of_stop)}
        daily = {iso(day): _on_day(timetable, place, of_event) for place, day in enumerate(timetable.week)}
        tables += [_long(known, areas, level), _long(daily, areas, level)]
    found = pd.concat(tables, ignore_index=True)
    is_hour = found["indicator"].isin([FIRST, LAST])
    found["obs_value"] = found["obs_value"].where(found["obs_value"].notna() | is_hour, 0.0)
    return found.assign(obs_status=_statuses(found, scope))


def _statuses(found: pd.DataFrame, scope: Scope) -> pd.Series:
    """Return statuses: E where the outline is a sketch; of hours M where nothing departs, O where no time is given."""
    is_sure = found["ref_area"].map(
        {area: scope.outlines.is_official(str(area)) for area in found["ref_area"].unique()}
    )
    departures = found[found["indicator"] == DEPARTURES].set_index(["ref_area", "time_period"])["obs_value"]
    key = pd.MultiIndex.from_frame(found[["ref_area", "time_period"]])
    is_idle = pd.Series(departures.reindex(key).eq(0).to_numpy(), index=found.index)
    statuses = is_sure.map({True: "A", False: "E"}).astype("str")
    is_missing = found["obs_value"].isna()
    return statuses.mask(is_missing, "O").mask(is_missing & is_idle, "M")


def with_notes(found: pd.DataFrame, quarantined: int, scope: Scope) -> pd.DataFrame:
    """Add `note_fr` and `note_en`: why there is no value, what is estimated, what is not counted.

    Parameters
    ----------
    quarantined : how many rows of the feed cannot be used.
    """
    sums = _unplaced(found, scope)
    notes = []
    for row in rows_of(found):
        said = []
        if row.obs_status in {"M", "O"}:
            said.append(NO_DEPARTURE if row.obs_status == "M" else NO_TIME)
        elif row.obs_status == "E":
            said.append(SKETCHED)
        count = sums.get((str(row.ref_area), str(row.indicator), str(row.time_period)), 0)
        said += [(UNPLACED[0].format(count=count), UNPLACED[1].format(count=count))] if count else []
        said += [_quarantine_note(quarantined)] if quarantined else []
        notes.append((" ".join(one[0] for one in said), " ".join(one[1] for one in said)))
    return found.assign(note_fr=[french for french, _ in notes], note_en=[english for _, english in notes])


def _quarantine_note(count: int) -> tuple[str, str]:
    return (
        f"Le flux a des lignes inutilisables, mises en quarantaine ({count})\u202f: ce chiffre n’en tient pas compte.",
        f"The feed has unusable rows, put in quarantine ({count}): this figure leaves them out.",
    )


def _unplaced(found: pd.DataFrame, scope: Scope) -> dict[tuple[str, str, str], int]:
    """Return how much of the sums of communes with districts lies in none of these, where any does."""
    summed = found[found["indicator"].isin(SUMMED)]
    districts = summed[summed["level"] == "district"]
    key = ["commune", "indicator", "time_period"]
    owner = scope.outlines.of_level("district").set_index("ref_area")["commune"]
    parts = districts.assign(commune=districts["ref_area"].map(owner)).groupby(key)["obs_value"].sum()
    rest = summed[summed["level"] == "commune"].rename(columns={"ref_area": "commune"}).set_index(key)["obs_value"]
    rest = rest[rest.index.get_level_values("commune").map(lambda one: bool(scope.outlines.districts_of(one)))]
    missing = (rest - parts.reindex(rest.index, fill_value=0)).reset_index()
    missing = missing[missing["obs_value"] > 0]
    return {(str(row.commune), str(row.indicator), str(row.time_period)): round(row.obs_value)
            for row in rows_of(missing)}  # fmt: skip
