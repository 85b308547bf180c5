"""Commitments cited in the record: what was promised, what became of it, what measures it, what is lacking."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

import pandas as pd

from dashboard.content.commitment_words import (
    basis_words,
    deadline_words,
    measure_items,
    programme_items,
    spending_items,
    stated_items,
    status_words,
)
from dashboard.content.common import kind_words, tile
from dashboard.content.entries import area_words, colourless, themes
from dashboard.content.pieces import Headline, Tile
from dashboard.content.targets import Card
from dashboard.figures import latest, localised, source_line, sources
from dashboard.messages import message
from dashboard.view import View
from data.frames import rows_of
from data.rules.commitments import STATUSES, Standing, deadline_of, listed, standings
from data.rules.dates import period_end

THEME, EXPORT = "participation", "engagements"
BY_THEME, BY_DISTRICT, BY_DEADLINE, BY_STATUS = "theme", "quartier", "echeance", "etat"
ORDERS = (BY_THEME, BY_DISTRICT, BY_DEADLINE, BY_STATUS)
# What officials ask first.
TOLD_FIRST = ("done", "due_unconfirmed")
EDITIONS, BUDGET = "climate_conference_editions", "climate_commitments_budget_eur"


class Judged(NamedTuple):
    """A commitment of the release, what became of it, and its deadline (empty where no text gives one)."""

    row: Any
    standing: Standing
    deadline: str


class Group(NamedTuple):
    """Commitments that have something in common, in words; each as a card."""

    title: str
    cards: tuple[Card, ...]


@lru_cache(maxsize=64)
def judged(view: View) -> tuple[Judged, ...]:
    """Return the commitments of the commune and of the district looked at, by theme, with what became of each."""
    release = view.release
    table = release.table("commitments")
    mine = table[table["commune"] == view.commune]
    if not view.is_city:
        mine = mine[mine["district"].isin(["", view.ref_area])]
    found = standings(release.tables, view.today)
    aims = {row.target_id: row for row in rows_of(release.table("targets"))}
    order = list(themes(view.language))
    return tuple(
        Judged(row, found[row.commitment_id], deadline_of(row, aims))
        for row in sorted(rows_of(mine), key=lambda row: (order.index(row.theme), row.commitment_id))
    )


def _where(view: View, row: Any) -> str:
    if row.ref_area == view.commune:
        return message("commitments.whole_city", view.language)
    sector = area_words(view, row.ref_area)
    if not row.district or row.district == row.ref_area:
        return sector
    return message("targets.in_district", view.language, sector=sector, district=view.areas.at[row.district, "name"])


def _lacking(view: View, one: Judged) -> str:
    """Return which data would measure a commitment: what its row says, else what would settle its target."""
    if words := localised(one.row, "lacking", view.language):
        return words
    if not one.row.target_id:
        return ""
    aims = view.release.table("targets").set_index("target_id")
    return str(aims.at[one.row.target_id, f"settled_by_{view.language}"])


@lru_cache(maxsize=512)
def _card(view: View, one: Judged) -> Card:
    language, row, source = view.language, one.row, sources(view.release)[one.row.source]
    items = (
        *stated_items(view, row, one.deadline),
        *spending_items(view, row.commitment_id),
        *programme_items(view, row),
        *measure_items(view, row),
    )
    return Card(
        target_id=row.commitment_id,
        theme=row.theme,
        title=localised(row, "label", language),
        where=_where(view, row),
        here=not view.is_city and row.district == view.ref_area,
        status=status_words(one.standing.status, language),
        reasons=basis_words(view, row, one.standing),
        items=items,
        settled_by=_lacking(view, one),
        override="",
        override_reason="",
        note=localised(row, "note", language),
        kind=kind_words(source.kind, language),
        source=source_line(view.release, row.source, row.source_detail, language),
    )


def card(view: View, one: Judged) -> Card:
    """Return a commitment in words."""
    return _card(view, one)


def _by_theme(view: View, one: Judged) -> tuple[int, str]:
    names = list(themes(view.language))
    return names.index(one.row.theme), themes(view.language)[one.row.theme]


def _by_district(view: View, one: Judged) -> tuple[int, str]:
    if not one.row.district:
        return 0, message("commitments.whole_city", view.language)
    names = list(view.districts["ref_area"])
    return 1 + names.index(one.row.district), str(view.areas.at[one.row.district, "name"])


def _by_deadline(view: View, one: Judged) -> tuple[int, str]:
    if not one.deadline:
        return 9999, message("commitments.no_deadline", view.language)
    return period_end(one.deadline).year, deadline_words(one.deadline, view.language)


def _by_status(view: View, one: Judged) -> tuple[int, str]:
    return STATUSES.index(one.standing.status), status_words(one.standing.status, view.language)


_KEYS: dict[str, Callable[[View, Judged], tuple[int, str]]] = {
    BY_THEME: _by_theme,
    BY_DISTRICT: _by_district,
    BY_DEADLINE: _by_deadline,
    BY_STATUS: _by_status,
}


@lru_cache(maxsize=64)
def board(view: View, order: str = BY_THEME) -> tuple[Group, ...]:
    """Return the commitments as cards, grouped by theme, district, deadline or status."""
    groups: dict[tuple[int, str], list[Card]] = {}
    for one in judged(view):
        groups.setdefault(_KEYS[order](view, one), []).append(card(view, one))
    return tuple(Group(title, tuple(cards)) for (_, title), cards in sorted(groups.items()))


def counts(view: View) -> dict[str, int]:
    """Return how many commitments have each status, those without any left out."""
    found = [one.standing.status for one in judged(view)]
    return {status: found.count(status) for status in STATUSES if status in found}


@lru_cache(maxsize=64)
def headline(view: View) -> Headline:
    """Return how many commitments the texts cite and what became of them."""
    language, found = view.language, judged(view)
    if not found:
        return Headline(message("commitments.title_none", language, city=view.city_name), "")
    parts = {
        status: message(f"commitments.count_{status}_{'one' if count == 1 else 'other'}", language, count=count)
        for status, count in counts(view).items()
    }
    first = [parts.pop(status) for status in TOLD_FIRST if status in parts] or [parts.pop(next(iter(parts)))]
    key = "commitments.title" if len(found) > 1 else "commitments.title_one"
    title = message(key, language, count=len(found), counts=", ".join(first), city=view.city_name)
    rest = message("commitments.lead_rest", language, counts=", ".join(parts.values())) + " " if parts else ""
    with_edition = sum(1 for one in found if one.row.edition)
    form = "none" if not with_edition else "one" if with_edition == 1 else "other"
    return Headline(title, rest + message(f"commitments.lead_{form}", language, count=with_edition))


def is_measured(view: View, one: Judged) -> bool:
    """Tell whether a figure of the release observes a commitment."""
    rows = view.release.table("observations")
    mine = rows[rows["figure_id"].isin(listed(one.row.figure_ids)) & (rows["nature"] == "observed")]
    return bool(mine["obs_value"].notna().any())


@lru_cache(maxsize=64)
def tiles(view: View) -> tuple[Tile, ...]:
    """Return how many editions were held, the envelope with its ambiguity, how many commitments a figure measures."""
    language, found = view.language, judged(view)
    if not found:
        return ()
    editions, budget = (latest(view, EDITIONS, view.commune), latest(view, BUDGET, view.commune, nature="planned"))
    measured = sum(is_measured(view, one) for one in found)
    return (
        *(() if editions is None else (tile(view, editions, extra=editions.note),)),
        *(() if budget is None else (tile(view, budget, extra=budget.note),)),
        Tile(str(measured), message("commitments.of_count", language, count=len(found)),
             message("commitments.tile_measured", language), "", message("commitments.tile_measured_detail", language)),
    )  # fmt: skip


def export_rows(view: View) -> pd.DataFrame:
    """Return the rows of the commitments the page shows, with the status worked out and what told it."""
    found = judged(colourless(view, view.district))
    records = [
        {**one.row._asdict(), "status": one.standing.status, "status_basis": one.standing.basis,
         "deadline_in_force": one.deadline}
        for one in found
    ]  # fmt: skip
    frame = pd.DataFrame.from_records(records).drop(columns="Index", errors="ignore")
    return frame.assign(computed_on=view.today.isoformat())
