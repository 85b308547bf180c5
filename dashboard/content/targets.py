"""Targets: what is aimed at, by when, at what pace, and what cannot be concluded."""

from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

import pandas as pd

from dashboard.content.common import kind_words
from dashboard.content.entries import area_words, colourless
from dashboard.content.folds import Listing
from dashboard.content.pieces import Headline, Item
from dashboard.content.target_words import (
    STATUSES,
    aim_item,
    deadline_item,
    method,
    observed_item,
    pace_items,
    reason_words,
    status_words,
)
from dashboard.figures import Figure, latest, localised, source_line, sources, to_figure
from dashboard.messages import message
from dashboard.view import View
from data.frames import rows_of
from data.rules.target_rows import progress_of
from data.rules.targets import Progress

THEME = "territory"
# What readers could take for a target: by indicator, its nature and the message that says what it is.
NOT_TARGETS = (
    ("geothermal_heat_share_percent", "observed", "claim"),
    ("population_increase", "projected", "projection"),
)
# Statuses that leave a question, to which the page says what would answer it.
OPEN = frozenset({"cannot_conclude", "due_unconfirmed"})


@dataclass(frozen=True)
class Card:
    """A target in words: where, status, why, its parts, what would settle it where that is open, and who says it."""

    target_id: str
    theme: str
    title: str
    where: str
    here: bool
    status: str
    reasons: tuple[str, ...]
    items: tuple[Item, ...]
    settled_by: str
    override: str
    override_reason: str
    note: str
    kind: str
    source: str


@lru_cache(maxsize=64)
def judged(view: View) -> tuple[tuple[Any, Progress], ...]:
    """Return the targets of the commune with their progress, the district's own first, then by deadline.

    A party's are left out.
    """
    table = view.release.table("targets")
    rows = table[table["commune"] == view.commune]
    of_party = rows["source"].map(lambda name: sources(view.release)[name].kind == "party_programme").astype(bool)
    found = sorted(
        rows_of(rows[~of_party]),
        key=lambda row: (row.district != view.ref_area, row.deadline == "", row.deadline, row.target_id),
    )
    return tuple((row, progress_of(row, view.release.tables, view.today)) for row in found)


def _where(view: View, row: Any) -> str:
    """Return where a target holds: in the whole city, or in a sector and the district it lies in."""
    if row.ref_area == view.commune:
        return message("targets.whole_city", view.language)
    sector = area_words(view, row.ref_area)
    if not row.district or row.district == row.ref_area:
        return sector
    key = "targets.in_this_district" if row.district == view.ref_area else "targets.in_district"
    return message(key, view.language, sector=sector, district=view.areas.at[row.district, "name"])


def _card(view: View, row: Any, progress: Progress) -> Card:
    language, source = view.language, sources(view.release)[row.source]
    return Card(
        target_id=row.target_id,
        theme=row.theme,
        title=localised(row, "label", language),
        where=_where(view, row),
        here=not view.is_city and row.district == view.ref_area,
        status=status_words(progress.status, language),
        reasons=reason_words(progress, language),
        items=(aim_item(view, row), deadline_item(view, row), observed_item(view, row, progress),
               *pace_items(view, row, progress)),
        settled_by=localised(row, "settled_by", language) if progress.status in OPEN else "",
        override=status_words(row.override_status, language) if row.override_status else "",
        override_reason=localised(row, "override_reason", language),
        note=localised(row, "note", language),
        kind=kind_words(source.kind, language),
        source=source_line(view.release, row.source, row.source_detail, language),
    )  # fmt: skip


@lru_cache(maxsize=64)
def cards(view: View) -> tuple[Card, ...]:
    """Return every target in words; those of the whole city stand on the page of each district."""
    return tuple(_card(view, row, progress) for row, progress in judged(view))


def _counts(view: View) -> str:
    """Return how many targets have each status, in words."""
    statuses = [progress.status for _, progress in judged(view)]
    if set(statuses) == {"cannot_conclude"}:
        return message("targets.count_none", view.language)
    parts = []
    for status in STATUSES:
        if count := statuses.count(status):  # type: ignore[arg-type]
            form = "one" if count == 1 else "other"
            parts.append(message(f"targets.count_{status}_{form}", view.language, count=count))
    return ", ".join(parts)


@lru_cache(maxsize=64)
def headline(view: View) -> Headline:
    """Return how many targets the texts give and what can be said of them."""
    language, found = view.language, judged(view)
    if not found:
        return Headline(message("targets.title_none", language, city=view.city_name), "")
    key = "targets.title_one" if len(found) == 1 else "targets.title"
    title = message(key, language, count=len(found), city=view.city_name, counts=_counts(view))
    reasons = [reason for _, progress in found for reason in progress.reasons]
    sentences = [
        message(f"targets.lead_{reason}", language, count=reasons.count(reason))
        for reason in ("no_indicator", "only_announced")
        if reason in reasons
    ]
    if not view.is_city:
        own = sum(row.district == view.ref_area for row, _ in found)
        form = "none" if own == 0 else "one" if own == 1 else "other"
        sentences.append(message(f"targets.own_{form}", language, count=own, district=view.area_name))
    return Headline(title, " ".join(sentences))


def _not_target(view: View, figure: Figure, name: str) -> str:
    return message(f"targets.not_{name}", view.language, value=figure.text, label=figure.label, date=figure.date,
                   source=figure.source)  # fmt: skip


@lru_cache(maxsize=64)
def not_targets(view: View) -> tuple[str, ...]:
    """Return what readers could take for targets: a claim, a projection, a hope without a number."""
    found = [
        _not_target(view, figure, name)
        for indicator, nature, name in NOT_TARGETS
        if (figure := latest(view, indicator, view.commune, nature=nature))
    ]
    rows = view.release.table("observations")
    rows = rows[(rows["nature"] == "target") & rows["obs_value"].isna()]
    rows = rows[rows["ref_area"].map(view.areas["commune"]) == view.commune]
    return (*found, *(_not_target(view, to_figure(view.release, r, view.language), "counted") for r in rows_of(rows)))


@lru_cache(maxsize=64)
def listing(view: View) -> Listing:
    """Return the method and the download of the rows shown."""
    language = view.language
    note = message("targets.method_note", language)
    return Listing(message("targets.method_title", language), note, (method(view),), "objectifs")


def export_rows(view: View) -> pd.DataFrame:
    """Return the rows of the targets the page shows, with every part their status was worked out from.

    Paces are per year: in the unit of the indicator on a linear path, a rate on a geometric one.
    """
    records = []
    for row, progress in judged(colourless(view, view.district)):
        parts = {name: part for name, part in asdict(progress).items() if name not in {"first", "last", "reasons"}}
        ends = {
            f"{name}_{part}": getattr(point, part) if point else None
            for name, point in (("first", progress.first), ("last", progress.last))
            for part in ("time_period", "value")
        }
        records.append({**row._asdict(), **parts, **ends, "reasons": ";".join(progress.reasons)})
    frame = pd.DataFrame.from_records(records).drop(columns="Index", errors="ignore")
    return frame.assign(computed_on=view.today.isoformat())
