"""Programmes and milestones as readers see them: status, date in words, what is due and not confirmed."""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import pandas as pd

from dashboard.figures import localised, source_line, sources
from dashboard.formats import number, percent_sign, separated
from dashboard.messages import has_message, message
from dashboard.stages import Stage, is_overdue, later_statement, stage_words, stages, stated_dates
from dashboard.view import View
from data.frames import rows_of
from data.release import Release
from data.rules.citations import cited_lines
from data.rules.date_words import one_date
from data.rules.dates import has_passed, is_due_and_unconfirmed, period_end
from data.rules.phases import BEGUN, NOT_BEGUN, STEPS
from data.rules.quantities import Quantity, parse_quantities

GLYPHS = {
    "delivered": "●",
    "under_way": "◐",
    "planned": "○",
    "proposed": "□",
    "unclear": "◌",
    "trial": "◍",
    "mobilisation": "△",
    "abandoned": "✕",
}
STATUS_ORDER = list(GLYPHS)
_OPEN_KINDS = frozenset({"planned", "past_or_planned"})


@dataclass(frozen=True)
class Work:
    """A programme in words; its dates are those of the newest statement of each phase, its status the text's.

    `stated` holds every date that any statement gives it.
    """

    programme_id: str
    name: str
    status: str
    glyph: str
    status_words: str
    date_words: str
    start: str
    end: str
    as_of: str
    due: bool
    district: str
    district_name: str
    dwellings: float | None
    area_m2: float | None
    quantity: str
    source: str
    note: str
    kind: str
    theme: str
    lines: frozenset[str]
    stages: tuple[Stage, ...]
    stated: frozenset[str]

    @property
    def confirmed(self) -> frozenset[str]:
        """The dates that took place."""
        return frozenset(stage.date for stage in self.stages if stage.happened)


@dataclass(frozen=True)
class Event:
    """A milestone in words."""

    label: str
    date: str
    date_words: str
    kind: str
    due: bool
    theme: str
    district: str
    district_name: str
    source: str
    source_kind: str
    note: str
    inferred: bool
    lines: frozenset[str]


def programme_rows(view: View, theme: str = "", with_proposals: bool = False) -> pd.DataFrame:
    """Return the programmes of the commune, of one theme and of the chosen district where given.

    A party's proposals stay out unless asked for.
    """
    rows = view.release.table("programmes")
    rows = rows[rows["commune"] == view.commune]
    kinds = rows["source"].map(lambda source: sources(view.release)[source].kind)
    if not with_proposals:
        rows = rows[kinds != "party_programme"]
    if theme:
        rows = rows[rows["theme"] == theme]
    return rows


@lru_cache(maxsize=8)
def _readings(release: Release) -> dict[str, tuple[float, ...]]:
    """Return the numbers of dwellings of programmes whose text can be read in more than one way."""
    observations = release.table("observations")
    rows = observations[(observations["reading"] != "") & (observations["indicator"] == "dwellings_programmed")]
    return {str(programme): tuple(sorted(group["obs_value"])) for programme, group in rows.groupby("programme")}


def quantity_words(row: Any, release: Release, language: str) -> str:
    """Return what an operation promises in words: dwellings and area, as far as its text says."""
    parts = []
    readings = _readings(release).get(row.programme_id, ())
    if len(readings) > 1:
        counts = [number(value, 0, language) for value in readings]
        parts.append(message("quantity.readings", language, low=counts[0], high=counts[-1]))
    elif pd.notna(row.dwellings_total):
        parts.append(message("quantity.dwellings", language, count=number(row.dwellings_total, 0, language)))
    if pd.notna(row.area_m2):
        area = row.area_m2
        key, value = (
            ("quantity.ha", number(area / 10_000, 2, language, minimum=0))
            if area >= 10_000
            else ("quantity.m2", number(area, 0, language))
        )
        parts.append(message(key, language, area=value))
    parts += [
        _other_words(other, language)
        for other in parse_quantities(row.other_quantities)
        if has_message(f"quantity_name.{other.name}", language)
    ]
    return ", ".join(parts)


def _other_words(other: Quantity, language: str) -> str:
    value = (
        other.value.replace("%", percent_sign(language))
        if "%" in other.value
        else number(float(other.value), 2, language, minimum=0)
    )
    words = message(f"quantity_name.{other.name}", language, value=value)
    return message("qualifier.more_than", language, value=words) if other.more_than else words


def _status_words(row: Any, found: tuple[Stage, ...], language: str) -> str:
    """Return the status the text gives, and what has happened since where that is more."""
    words = message(f"status.{row.status}", language)
    reached = [STEPS[stage.kind] for stage in found if stage.happened and stage.kind in BEGUN]
    if row.status not in NOT_BEGUN or not reached:
        return words
    key = "status_since.opened" if max(reached) == STEPS["opening"] else "status_since.begun"
    return message(key, language, status=words, year=row.as_of[:4])


def to_work(view: View, row: Any) -> Work:
    """Turn a row of the programmes table into words; later statements of its dates add their sources."""
    found = stages(view, row.programme_id, row.status)
    start, end = (next((one for one in found if one.bound == bound), None) for bound in ("start", "end"))
    undated = message("phase.undated", view.language, year=row.as_of[:4])
    source = source_line(view.release, row.source, row.source_detail, view.language)
    return Work(
        programme_id=row.programme_id,
        name=row.name,
        status=row.status,
        glyph=GLYPHS[row.status],
        status_words=_status_words(row, found, view.language),
        date_words=stage_words(found, view.language) or undated,
        start=start.date if start else "",
        end=end.date if end else "",
        as_of=row.as_of,
        due=any(stage.due for stage in found),
        district=row.district,
        district_name=district_name(view, row.district),
        dwellings=None if pd.isna(row.dwellings_total) else float(row.dwellings_total),
        area_m2=None if pd.isna(row.area_m2) else float(row.area_m2),
        quantity=quantity_words(row, view.release, view.language),
        source=separated(dict.fromkeys([source, *(stage.source for stage in found)]), view.language),
        note=localised(row, "note", view.language),
        kind=row.kind,
        theme=row.theme,
        lines=cited_lines(row.source, row.source_detail),
        stages=found,
        stated=stated_dates(view.release, row.programme_id),
    )


def district_name(view: View, code: str) -> str:
    """Return a district's name, or that the text names none."""
    return str(view.areas.at[code, "name"]) if code else message("place.no_district", view.language)


@lru_cache(maxsize=256)
def works(view: View, theme: str = "") -> tuple[Work, ...]:
    """Return the programmes a page shows: those of the chosen district, else of the commune; dated ones first."""
    rows = programme_rows(view, theme)
    if not view.is_city:
        rows = rows[rows["district"] == view.ref_area]
    found = [to_work(view, row) for row in rows_of(rows)]
    return tuple(sorted(found, key=lambda work: (work.start == "", work.start, STATUS_ORDER.index(work.status))))


@lru_cache(maxsize=256)
def events(view: View, theme: str = "") -> tuple[Event, ...]:
    """Return the milestones of the commune (and district), in order of time; a party's are left out.

    Where a later statement moves or confirms a date of the same lines, the milestone follows it.
    """
    rows = view.release.table("milestones")
    rows = rows[rows["commune"] == view.commune]
    if theme:
        rows = rows[rows["theme"] == theme]
    if not view.is_city:
        rows = rows[rows["district"] == view.ref_area]
    found = [
        _follow(view, to_event(view, row))
        for row in rows_of(rows.sort_values("date"))
        if sources(view.release)[row.source].kind != "party_programme"
    ]
    return tuple(sorted(found, key=lambda event: event.date))


def _follow(view: View, event: Event) -> Event:
    """Return a milestone as the newest statement of its date gives it."""
    later = later_statement(view.release, event.date, event.lines) if event.kind in _OPEN_KINDS else None
    if later is None:
        return event
    return replace(
        event,
        date=later.date,
        date_words=one_date(later.date, view.language),
        kind="past" if later.state == "happened" else "planned",
        due=is_overdue(view, later, ""),
        source=source_line(view.release, later.source, later.source_detail, view.language),
        source_kind=sources(view.release)[later.source].kind,
        inferred=False,
    )


def to_event(view: View, row: Any) -> Event:
    """Turn a row of the milestones table into words; its date is not due where a later statement speaks of it."""
    lines = cited_lines(row.source, row.source_detail)
    is_open = row.kind in _OPEN_KINDS and later_statement(view.release, row.date, lines) is None
    words = one_date(row.date, view.language)
    if row.precision == "decade":
        words = message("period.decade", view.language, decade=row.date)
    elif row.precision.endswith("inferred"):
        words = message("period.inferred", view.language, date=words)
    return Event(
        label=localised(row, "label", view.language),
        date=row.date,
        date_words=words,
        kind=row.kind,
        due=is_open and is_due_and_unconfirmed(row.date, row.as_of, view.today),
        theme=row.theme,
        district=row.district,
        district_name=district_name(view, row.district),
        source=source_line(view.release, row.source, row.source_detail, view.language),
        source_kind=sources(view.release)[row.source].kind,
        note=localised(row, "note", view.language),
        inferred=row.precision.endswith("inferred"),
        lines=lines,
    )


def happened(view: View, count: int) -> list[Event]:
    """Return the newest milestones that took place and whose date the text states, newest first."""
    past = [event for event in events(view) if event.kind == "past" and not event.inferred]
    return sorted(past, key=lambda event: period_end(event.date), reverse=True)[:count]


def to_come(view: View) -> list[Event]:
    """Return the milestones whose date has not passed, soonest first."""
    return [event for event in events(view) if event.kind != "past" and not has_passed(event.date, view.today)]


def due(view: View) -> list[Event]:
    """Return the milestones whose date has passed without confirmation."""
    return [event for event in events(view) if event.due]
