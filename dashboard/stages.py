"""Dated phases of programmes as their newest statements give them: a promise made again or kept is followed."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pandas as pd

from dashboard.figures import source_line, sources
from dashboard.formats import separated
from dashboard.messages import message
from dashboard.view import View
from data.frames import rows_of
from data.release import Release
from data.rules.citations import cited_lines
from data.rules.date_words import one_date
from data.rules.dates import period_end
from data.rules.phases import STEPS, in_order, is_due, newest_statements


@dataclass(frozen=True)
class Stage:
    """A dated phase of a programme: whether it starts or ends it, whether it took place, whether that is overdue."""

    kind: str
    bound: str
    date: str
    happened: bool
    due: bool
    as_of: str
    source: str


@lru_cache(maxsize=8)
def snapshots(release: Release) -> pd.DataFrame:
    """Return the `phases` of a release, oldest statement first; a party says nothing of others' programmes."""
    rows = release.table("phases")
    own = rows["programme_id"].map(release.table("programmes").set_index("programme_id")["source"])
    of_party = rows["source"].map(lambda source: sources(release)[source].kind == "party_programme")
    return in_order(rows[~of_party | (rows["source"] == own)])


@lru_cache(maxsize=8)
def _newest(release: Release) -> dict[str, list[Any]]:
    """Return the newest statement of each phase by programme."""
    rows = newest_statements(snapshots(release))
    return {str(programme): list(rows_of(mine)) for programme, mine in rows.groupby("programme_id")}


@lru_cache(maxsize=8)
def _all_dates(release: Release) -> dict[str, frozenset[str]]:
    rows = snapshots(release)
    return {str(programme): frozenset(mine["date"]) for programme, mine in rows.groupby("programme_id")}


def stated_dates(release: Release, programme_id: str) -> frozenset[str]:
    """Return every date that any statement gives a programme."""
    return _all_dates(release).get(programme_id, frozenset())


def is_overdue(view: View, row: Any, status: str) -> bool:
    """Tell whether a row of the `phases` table is due and not confirmed on the day of the view."""
    return is_due(row.phase, row.state, row.date, status, row.as_of, view.today)


def stages(view: View, programme_id: str, status: str) -> tuple[Stage, ...]:
    """Return the dated phases of a programme: what starts it, step by step, then what ends it."""
    found = [
        Stage(
            kind=row.phase,
            bound=row.bound,
            date=row.date,
            happened=row.state == "happened",
            due=is_overdue(view, row, status),
            as_of=row.as_of,
            source=source_line(view.release, row.source, row.source_detail, view.language),
        )
        for row in _newest(view.release).get(programme_id, [])
    ]
    order = {"start": 0, "end": 1}
    return tuple(sorted(found, key=lambda one: (order[one.bound], STEPS.get(one.kind, len(STEPS)), one.date)))


def span_of(found: tuple[Stage, ...], stage: Stage) -> Stage | None:
    """Return the other end of a span: a validity or a series of editions that a programme starts and ends with."""
    return next((other for other in found if other.kind == stage.kind and other.bound != stage.bound), None)


def stage_words(found: tuple[Stage, ...], language: str) -> str:
    """Return the dates of a programme in words, a span as one; nothing where there are none."""
    parts = []
    for stage in found:
        other = span_of(found, stage)
        if other is None:
            parts.append(message(f"phase.{stage.kind}", language, date=one_date(stage.date, language)))
        elif stage.bound == "start":
            ends = {"start": one_date(stage.date, language), "end": one_date(other.date, language)}
            parts.append(message(f"phase.{stage.kind}_span", language, **ends))
    return separated(parts, language)


@lru_cache(maxsize=8)
def _overtaken(release: Release) -> dict[tuple[str, str], Any]:
    """Return the newest statement of each phase by the dates and cited lines of the older ones."""
    later: dict[tuple[str, str], Any] = {}
    for _, mine in snapshots(release).groupby(["programme_id", "phase", "bound"]):
        *older, newest = rows_of(mine)
        for row in older:
            later |= {(row.date, line): newest for line in cited_lines(row.source, row.source_detail)}
    return later


def later_statement(release: Release, date: str, lines: frozenset[str]) -> Any | None:
    """Return the newest statement of a phase that older lines of a text date, where there is a newer one.

    Returns
    -------
    A row of the `phases` table, or None.
    """
    found = [row for line in lines if (row := _overtaken(release).get((date, line))) is not None]
    return max(found, key=lambda row: (row.as_of, period_end(row.date)), default=None)
