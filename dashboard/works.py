"""Programmes and milestones as readers see them: status, date in words, what is due and not confirmed."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pandas as pd

from dashboard.figures import localised, source_line, sources
from dashboard.formats import number, one_date
from dashboard.messages import has_message, message
from dashboard.view import View
from data.frames import rows_of
from data.release import Release
from data.rules.dates import has_passed, is_due_and_unconfirmed, period_end
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


@dataclass(frozen=True)
class Work:
    """A programme in words."""

    programme_id: str
    name: str
    status: str
    glyph: str
    status_words: str
    date_words: str
    start: str
    end: str
    start_kind: str
    end_kind: str
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
    confirmed: frozenset[str]


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


def date_words(row: Any, language: str) -> str:
    """Return the typed dates of a programme in words, or that the text gives none."""
    parts = []
    for bound, kind in ((row.start, row.start_kind), (row.end, row.end_kind)):
        if bound:
            parts.append(message(f"phase.{kind}", language, date=one_date(bound, language)))
    if row.start and row.start_kind == row.end_kind:
        return message(f"phase.{row.start_kind}_span", language, start=row.start, end=row.end)
    return " ; ".join(parts) or message("phase.undated", language, year=row.as_of[:4])


def _is_due(row: Any, view: View) -> bool:
    """Tell whether a date of a programme has passed without a newer statement that confirms it."""
    if row.status in {"delivered", "abandoned"}:
        return False
    bounds = ((row.start, row.start_kind), (row.end, row.end_kind))
    dates = {date for date, kind in bounds if date and kind not in {"counted_since", "validity"}}
    open_dates = dates - confirmed_dates(view.release, row.source, row.source_detail)
    return any(is_due_and_unconfirmed(date, row.as_of, view.today) for date in open_dates)


@lru_cache(maxsize=8)
def _past_milestones(release: Release) -> tuple[tuple[str, frozenset[str]], ...]:
    """Return date and cited lines of every milestone whose text says that it took place."""
    rows = release.table("milestones")
    past = rows[rows["kind"] == "past"]
    return tuple((row.date, cited_lines(row.source, row.source_detail)) for row in rows_of(past))


def confirmed_dates(release: Release, source: str, detail: str) -> set[str]:
    """Return the dates that a milestone of the same lines says have taken place."""
    lines = cited_lines(source, detail)
    return {date for date, cited in _past_milestones(release) if cited & lines}


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
        other.value.replace("%", "\u202f%")
        if "%" in other.value
        else number(float(other.value), 2, language, minimum=0)
    )
    words = message(f"quantity_name.{other.name}", language, value=value)
    return message("qualifier.more_than", language, value=words) if other.more_than else words


def to_work(view: View, row: Any) -> Work:
    """Turn a row of the programmes table into words."""
    return Work(
        programme_id=row.programme_id,
        name=row.name,
        status=row.status,
        glyph=GLYPHS[row.status],
        status_words=message(f"status.{row.status}", view.language),
        date_words=date_words(row, view.language),
        start=row.start,
        end=row.end,
        start_kind=row.start_kind,
        end_kind=row.end_kind,
        as_of=row.as_of,
        due=_is_due(row, view),
        district=row.district,
        district_name=district_name(view, row.district),
        dwellings=None if pd.isna(row.dwellings_total) else float(row.dwellings_total),
        area_m2=None if pd.isna(row.area_m2) else float(row.area_m2),
        quantity=quantity_words(row, view.release, view.language),
        source=source_line(view.release, row.source, row.source_detail, view.language),
        note=localised(row, "note", view.language),
        kind=row.kind,
        theme=row.theme,
        lines=cited_lines(row.source, row.source_detail),
        confirmed=frozenset(confirmed_dates(view.release, row.source, row.source_detail)),
    )


def cited_lines(source: str, detail: str) -> frozenset[str]:
    """Return the lines of a text that a row cites, ranges spelled out: `002:9-11;76` gives 9, 10, 11 and 76."""
    lines = set()
    for part in detail.split(";"):
        first, _, last = part.split(":")[-1].partition("-")
        lines |= {f"{source}:{line}" for line in range(int(first), int(last or first) + 1)}
    return frozenset(lines)


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
    """Return the milestones of the commune (and district), in order of time; a party's are left out."""
    rows = view.release.table("milestones")
    rows = rows[rows["commune"] == view.commune]
    if theme:
        rows = rows[rows["theme"] == theme]
    if not view.is_city:
        rows = rows[rows["district"] == view.ref_area]
    return tuple(
        to_event(view, row)
        for row in rows_of(rows.sort_values("date"))
        if sources(view.release)[row.source].kind != "party_programme"
    )


def to_event(view: View, row: Any) -> Event:
    """Turn a row of the milestones table into words."""
    open_kinds = {"planned", "past_or_planned"}
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
        due=row.kind in open_kinds and is_due_and_unconfirmed(row.date, row.as_of, view.today),
        theme=row.theme,
        district=row.district,
        district_name=district_name(view, row.district),
        source=source_line(view.release, row.source, row.source_detail, view.language),
        source_kind=sources(view.release)[row.source].kind,
        note=localised(row, "note", view.language),
        inferred=row.precision.endswith("inferred"),
        lines=cited_lines(row.source, row.source_detail),
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
