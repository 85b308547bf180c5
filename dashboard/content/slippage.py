"""Promised dates and what became of them: said once, said again, or kept; a slip needs two statements."""

from functools import lru_cache
from typing import Any

import pandas as pd

from dashboard.content.common import kind_words
from dashboard.content.folds import Cell, Fold, Group, Listing, Row
from dashboard.figures import source_line, sources
from dashboard.formats import plural
from dashboard.messages import message
from dashboard.stages import snapshots
from dashboard.view import View
from dashboard.works import works
from data.frames import rows_of
from data.release import Release
from data.rules.citations import cited_lines
from data.rules.date_words import one_date
from data.rules.dates import period_end, period_start
from data.rules.phases import slippage

EXPORT = "glissements"
# Measured slips first, then promises said once, then what happened without a promise the sources tell.
GROUPS = ("measured", "promised", "unpromised")
_COLUMNS = ("operation", "promised", "replanned", "actual", "slip")


def _group(row: Any) -> str:
    if pd.notna(row.slip_months):
        return "measured"
    return "promised" if row.promised else "unpromised"


@lru_cache(maxsize=64)
def _grouped(view: View) -> pd.DataFrame:
    """Return what became of the dated steps of the operations the view shows, group by group, soonest first."""
    shown = {work.programme_id: work for work in works(view)}
    stated = snapshots(view.release)
    found = slippage(stated[stated["programme_id"].isin(list(shown))])
    due = {(work.programme_id, stage.kind): stage.due for work in shown.values() for stage in work.stages}
    steps = list(zip(found["programme_id"], found["phase"], strict=True))
    found.insert(1, "name", [shown[programme].name for programme, _ in steps])
    found["due_not_confirmed"] = [due[step] for step in steps]
    found["group"] = [_group(row) for row in rows_of(found)]
    deadlines = found["promised"].where(found["promised"] != "", found["actual"]).map(period_end)
    order = found.assign(place=found["group"].map(GROUPS.index), deadline=deadlines)
    order = order.sort_values(["place", "deadline", "name"], kind="stable", ignore_index=True)
    return order.drop(columns=["place", "deadline"])


def slippage_rows(view: View) -> pd.DataFrame:
    """Return the rows the listing shows: see `data.rules.phases.slippage`, with name and what is overdue."""
    return _grouped(view).drop(columns="group")


def _counted(key: str, count: int, language: str, **values: object) -> str:
    return message(f"slippage.{key}_{plural(count, 'one', 'other', language)}", language, count=count, **values)


def duration(months: int, language: str) -> str:
    """Return whole months in words: `3 mois`, `1 an et 2 mois`; none is less than a month."""
    years, rest = divmod(months, 12)
    parts = [_counted(unit, count, language) for unit, count in (("years", years), ("months", rest)) if count]
    return message("slippage.and", language).join(parts) or message("slippage.less_than_a_month", language)


def _is_within(known: str, promised: str) -> bool:
    return period_start(promised) <= period_start(known) and period_end(known) <= period_end(promised)


def slip_words(row: Any, language: str) -> str:
    """Return a slip in words: later, earlier, on the date, a band, or why there is none.

    Parameters
    ----------
    row : a row of `data.rules.phases.slippage`.
    """
    if pd.isna(row.slip_months):
        key = "unpromised" if not row.promised else "once" if row.snapshots == 1 else "same_time"
        return message(f"slippage.no_slip_{key}", language)
    known = row.actual or row.replanned or row.promised
    if _is_within(known, row.promised):
        return message("slippage.kept" if known == row.promised else "slippage.within", language)
    low, high = int(row.slip_months_low), int(row.slip_months_high)
    ends = {"low": duration(min(abs(low), abs(high)), language), "high": duration(max(abs(low), abs(high)), language)}
    if low < 0 < high:
        return message("slippage.either", language, earlier=duration(-low, language), later=duration(high, language))
    way = "later" if period_end(known) > period_end(row.promised) else "earlier"
    return message(f"slippage.{way}" if low == high else f"slippage.{way}_band", language, **ends)


@lru_cache(maxsize=8)
def _undecided(release: Release) -> frozenset[tuple[str, str]]:
    """Return date and cited line of every event of which the text does not say whether it is done or planned."""
    rows = release.table("milestones")
    rows = rows[rows["kind"] == "past_or_planned"]
    return frozenset((row.date, line) for row in rows_of(rows) for line in cited_lines(row.source, row.source_detail))


def _cell(view: View, row: Any, name: str) -> Cell:
    """Return a date with the kind of its source, when it was said and where; or that there is none."""
    language, date = view.language, getattr(row, name)
    if not date:
        return Cell(message(f"slippage.no_{name}", language))
    as_of, source, detail = (getattr(row, f"{name}_{part}") for part in ("as_of", "source", "source_detail"))
    where = source_line(view.release, source, detail, language)
    key = "slippage.said_on" if len(as_of) == 10 else "slippage.said_in"
    said = message(key, language, date=one_date(as_of, language), source=where)
    is_undecided = any((date, line) in _undecided(view.release) for line in cited_lines(source, detail))
    key = "slippage.undecided" if is_undecided and name == "promised" else f"slippage.{name}"
    kind = kind_words(sources(view.release)[source].kind, language)
    return Cell(message(key, language, date=one_date(date, language)), kind, said)


def _row(view: View, row: Any) -> Row:
    language = view.language
    due = f"{message('agenda.due_mark', language)} {message('agenda.due', language)}" if row.due_not_confirmed else ""
    dates = tuple(_cell(view, row, name) for name in ("promised", "replanned", "actual"))
    return Row(
        row.name, message(f"slippage.phase_{row.phase}", language), (*dates, Cell(slip_words(row, language), "", due))
    )


@lru_cache(maxsize=64)
def sentence(view: View) -> str:
    """Return how many dates are promised, how many can be compared, and how they came out."""
    rows, language = _grouped(view), view.language
    if rows.empty:
        return message("slippage.nothing", language)
    promised, measured = rows[rows["promised"] != ""], rows[rows["group"] == "measured"]
    parts = (
        [_counted("promised_once" if measured.empty else "promised", len(promised), language)] if len(promised) else []
    )
    if len(measured):
        late, early = int((measured["slip_months_low"] > 0).sum()), int((measured["slip_months_high"] < 0).sum())
        counts = {"late": late, "early": early, "same": len(measured) - late - early}
        ways = [_counted(way, count, language) for way, count in counts.items() if count]
        parts.append(_counted("measured", len(measured), language, ways=", ".join(ways)))
    for name, count in (("unpromised", len(rows) - len(promised)), ("due", int(rows["due_not_confirmed"].sum()))):
        parts += [_counted(f"count_{name}", count, language)] if count else []
    return " ".join(parts)


def _fold(view: View, rows: pd.DataFrame, is_open: bool) -> Fold | None:
    """Return dated steps as a table, group by group; none where there are no steps."""
    language = view.language
    groups = tuple(
        Group(message(f"slippage.group_{name}", language), "", tuple(_row(view, row) for row in rows_of(mine)))
        for name in GROUPS
        if len(mine := rows[rows["group"] == name])
    )
    columns = tuple(message(f"slippage.column_{name}", language) for name in _COLUMNS)
    return Fold(_counted("fold", len(rows), language), columns, groups, "obs-slips", is_open) if groups else None


def fold_of(view: View, programme_id: str) -> Fold | None:
    """Return the dated steps of one operation, open; none where the sources date none."""
    rows = _grouped(view)
    return _fold(view, rows[rows["programme_id"] == programme_id], is_open=True)


@lru_cache(maxsize=64)
def listing(view: View) -> Listing:
    """Return the dated steps of the operations of the area: each with promise, revision, outcome and slip."""
    rows, language = _grouped(view), view.language
    fold = _fold(view, rows, is_open=False)
    query = () if view.is_city else (("quartier", view.district),)
    note = f"{sentence(view)} {message('slippage.method', language) if fold else ''}".strip()
    return Listing(message("slippage.title", language), note, (fold,) if fold else (), EXPORT, query)
