"""From the tables of a release to the progress of one target."""

from datetime import date
from typing import Any

import pandas as pd

from data.frames import rows_of
from data.rules.dates import period_start
from data.rules.statuses import worst_status
from data.rules.target_dates import Promise, date_progress
from data.rules.targets import Aim, Point, Progress, value_progress


def origins(sources: pd.DataFrame) -> dict[str, str]:
    """Return who says what an edition says: the data set, or the document itself, since documents differ.

    Parameters
    ----------
    sources : the `sources` table.
    """
    return {row.source: row.source if row.document else row.dataset for row in rows_of(sources)}


def observed_points(
    observations: pd.DataFrame, ref_area: str, indicator: str, origin: dict[str, str], today: date
) -> tuple[Point, ...]:
    """Return the values that measure a target, in order of time.

    Only what is observed counts, exact, of one stated year, month or day that has begun: a sum over several years, a
    range, an "about" and an undated figure measure no pace. The same value in two editions is one value.

    Parameters
    ----------
    observations : the `observations` table.
    """
    rows = observations[(observations["ref_area"] == ref_area) & (observations["indicator"] == indicator)]
    rows = rows[(rows["nature"] == "observed") & (rows["time_basis"] == "stated") & (rows["qualifier"] == "exact")]
    rows = rows[rows["obs_value"].notna() & rows["obs_value_max"].isna() & ~rows["time_period"].str.contains("/")]
    statuses: dict[tuple[str, float, str], str] = {}
    for row in rows_of(rows):
        if period_start(row.time_period) <= today:
            key = (row.time_period, float(row.obs_value), origin[row.source])
            statuses[key] = worst_status([row.obs_status, statuses.get(key, row.obs_status)])
    points = [Point(period, value, status, source) for (period, value, source), status in statuses.items()]
    return tuple(sorted(points, key=lambda point: (period_start(point.time_period), point.value, point.source)))


def _aim(row: Any) -> Aim:
    value = None if pd.isna(row.target_value) else float(row.target_value)
    return Aim(value, row.direction, row.deadline, row.path or "linear", row.base_year, bool(row.measured_by))


def points_of(row: Any, tables: dict[str, pd.DataFrame], today: date) -> tuple[Point, ...]:
    """Return the observed values that measure a target, of its source where it names one; none where nothing does."""
    if not row.measured_by:
        return ()
    found = observed_points(tables["observations"], row.ref_area, row.measured_by, origins(tables["sources"]), today)
    return tuple(point for point in found if row.measured_source in {"", point.source})


def progress_of(row: Any, tables: dict[str, pd.DataFrame], today: date) -> Progress:
    """Return the progress of a target.

    Parameters
    ----------
    row : a row of the `targets` table.
    tables : `observations`, `phases` and `sources` of the release.
    """
    if row.kind == "date":
        phases = tables["phases"]
        mine = phases[(phases["programme_id"] == row.programme_id) & (phases["phase"] == row.phase)]
        promises = tuple(Promise(phase.date, phase.state, phase.as_of) for phase in rows_of(mine))
        return date_progress(row.deadline, promises, today)
    return value_progress(_aim(row), points_of(row, tables, today), today)
