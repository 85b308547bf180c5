"""Days of service: which services run on which days, and the week that a feed is described by."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from etl.commune_rows import CommuneRows
from etl.gtfs.cells import days, places_in
from etl.gtfs.feed import WEEKDAYS

ADDED, REMOVED = "1", "2"


@dataclass(frozen=True, eq=False)
class Service:
    """What `calendar.txt` and `calendar_dates.txt` say; days are ordinals, services places in `names`.

    `first`, `last` (days, 0 without a regular calendar) and `runs_on` (by weekday) have a row for each of `names`; a
    row of `exceptions` (`service`, `day`, `added`) adds a day to its service or removes one.
    """

    names: pd.Series
    first: np.ndarray
    last: np.ndarray
    runs_on: np.ndarray
    exceptions: pd.DataFrame

    def runs(self, service: np.ndarray, day: np.ndarray) -> np.ndarray:
        """Tell, by pairs of service and day, whether the regular calendar has it run, exceptions apart."""
        is_within = (self.first[service] <= day) & (day <= self.last[service])
        return is_within & self.runs_on[service, (day - 1) % 7]

    def on(self, day: int) -> np.ndarray:
        """Tell, for each service, whether it runs on a day, exceptions included."""
        every = np.arange(len(self.names))
        active = self.runs(every, np.full(len(every), day))
        of_day = self.exceptions[self.exceptions["day"] == day]
        active[of_day["service"].to_numpy()] = of_day["added"].to_numpy(dtype=bool)
        return active


def service_of(calendar: CommuneRows, dates: CommuneRows) -> Service:
    """Check the rows of both calendars, narrow them to those that can be used, and return what these say."""
    calendar_days = _check_calendar(calendar)
    exception_days = _check_dates(dates)
    names = pd.Series(pd.unique(pd.concat([calendar.rows["service_id"], dates.rows["service_id"]])), dtype="str")
    first, last = np.zeros(len(names), dtype="int64"), np.zeros(len(names), dtype="int64")
    runs_on = np.zeros((len(names), 7), dtype=bool)
    place = places_in(calendar.rows["service_id"], names)
    first[place], last[place] = calendar_days["start_date"], calendar_days["end_date"]
    runs_on[place] = np.column_stack([calendar.rows[name].eq("1").to_numpy(dtype=bool) for name in WEEKDAYS])
    exceptions = pd.DataFrame({"service": places_in(dates.rows["service_id"], names), "day": exception_days,
                               "added": dates.rows["exception_type"].eq(ADDED).to_numpy(dtype=bool)})  # fmt: skip
    return Service(names, first, last, runs_on, exceptions)


def _check_calendar(table: CommuneRows) -> dict[str, np.ndarray]:
    """Reject what cannot be used of `calendar.txt`; return the first and last days of the other rows."""
    rows = table.rows
    table.reject_where("service_id", rows["service_id"].eq(""), "identifier_missing")
    is_named = rows["service_id"].ne("")
    table.reject_where("service_id", is_named & rows["service_id"].duplicated(keep=False), "duplicate_identifier")
    for name in WEEKDAYS:
        table.reject_where(name, ~rows[name].isin(["0", "1"]), "unknown_code")
    found = {}
    for name in ("start_date", "end_date"):
        found[name], is_wrong = days(rows[name])
        table.reject_where(name, is_wrong, "malformed_date")
    is_reversed = pd.Series(found["end_date"] < found["start_date"], index=rows.index)
    table.reject_where("end_date", is_reversed, "period_reversed")
    table.drop_rejected()
    kept = rows.index.get_indexer(table.rows.index)
    return {name: values[kept].astype("int64") for name, values in found.items()}


def _check_dates(table: CommuneRows) -> np.ndarray:
    """Reject what cannot be used of `calendar_dates.txt`; return the days of the other rows."""
    rows = table.rows
    table.reject_where("service_id", rows["service_id"].eq(""), "identifier_missing")
    table.reject_where("date", rows.duplicated(["service_id", "date"], keep=False), "duplicate_identifier")
    table.reject_where("exception_type", ~rows["exception_type"].isin([ADDED, REMOVED]), "unknown_code")
    found, is_wrong = days(rows["date"])
    table.reject_where("date", is_wrong, "malformed_date")
    table.drop_rejected()
    return found[rows.index.get_indexer(table.rows.index)].astype("int64")


def runs_by_day(service: Service, weights: np.ndarray) -> tuple[int, np.ndarray]:
    """Return the first day any service runs on and how many trips run on each day from there on.

    Parameters
    ----------
    weights : how many trips each service has on a day it runs.
    """
    regular = np.flatnonzero(service.first)
    exceptions = service.exceptions
    edges = [*service.first[regular], *service.last[regular], *exceptions["day"]]
    if not edges:
        return 0, np.zeros(0)
    start, length = min(edges), max(edges) - min(edges) + 1
    changes = np.zeros((7, length + 1))
    for weekday in range(7):
        mine = regular[service.runs_on[regular, weekday]]
        np.add.at(changes[weekday], service.first[mine] - start, weights[mine])
        np.add.at(changes[weekday], service.last[mine] + 1 - start, -weights[mine])
    weekdays = (np.arange(start, start + length) - 1) % 7
    daily = np.cumsum(changes, axis=1)[weekdays, np.arange(length)]
    names, day = exceptions["service"].to_numpy(), exceptions["day"].to_numpy()
    # An exception counts only where it changes what the regular calendar has.
    is_regular, is_added = service.runs(names, day), exceptions["added"].to_numpy(dtype=bool)
    change = np.where(is_added & ~is_regular, 1, 0) - np.where(~is_added & is_regular, 1, 0)
    np.add.at(daily, day - start, change * weights[names])
    return int(start), daily


def reference_week(service: Service, weights: np.ndarray) -> list[int]:
    """Return the days (ordinals) a feed is described by; none where no trip runs on any day.

    It is the week, Monday to Sunday, that most trips run in, counted once for each day; of several the earliest. Days
    before the first and after the last day with a trip are left out: the feed does not say what runs then.
    """
    start, daily = runs_by_day(service, weights)
    served = np.flatnonzero(daily > 0)
    if not len(served):
        return []
    days_of_feed = np.arange(start + served[0], start + served[-1] + 1)
    weeks = (days_of_feed - 1) // 7
    busiest = weeks[0] + np.argmax(np.bincount(weeks - weeks[0], daily[served[0] : served[-1] + 1]))
    return [int(day) for day in days_of_feed[weeks == busiest]]


def iso(day: int) -> str:
    """Return a day as ISO 8601 writes it."""
    return date.fromordinal(day).isoformat()
