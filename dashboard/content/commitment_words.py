"""Commitments in words: status and what told it, edition, carrier, budget, programmes and figures that measure it."""

from functools import lru_cache
from typing import Any

from dashboard.content.common import status_counts
from dashboard.content.pieces import Item
from dashboard.content.target_words import status_words as target_status_words
from dashboard.figures import Figure, localised, source_line, to_figure
from dashboard.formats import NO_BREAK, number
from dashboard.messages import message
from dashboard.view import View
from dashboard.works import Work, to_work
from data.frames import rows_of
from data.release import Release
from data.rules.commitments import Standing, listed
from data.rules.date_words import one_date

# Shape first, as for programmes; a passed date has the sign of targets.
GLYPHS = {"done": "●", "under_way": "◐", "planned": "○", "due_unconfirmed": "⚠", "dropped": "✕", "unclear": "◌"}


def status_words(status: str, language: str) -> str:
    """Return a status as a sign and a word."""
    return f"{GLYPHS[status]}{NO_BREAK}{message(f'commitments.status_{status}', language)}"


def deadline_words(deadline: str, language: str) -> str:
    """Return by when, or that no text says."""
    return one_date(deadline, language) if deadline else message("commitments.no_deadline", language)


@lru_cache(maxsize=8)
def _rows_of_figures(release: Release) -> dict[str, Any]:
    rows = release.table("observations")
    return {row.figure_id: row for row in rows_of(rows[rows["figure_id"] != ""])}


def figure_of(view: View, figure_id: str) -> Figure | None:
    """Return a figure of the ledger by its identifier; None where the release has it no more."""
    row = _rows_of_figures(view.release).get(figure_id)
    return None if row is None else to_figure(view.release, row, view.language)


def _budget(view: View, row: Any) -> tuple[str, str]:
    """Return the budget a text states, and what it leaves open; nothing where no text states one."""
    figure = figure_of(view, row.budget_figure_id) if row.budget_figure_id else None
    if figure is None:
        return "", ""
    nature = "" if figure.nature == "observed" else f"{message(f'nature.{figure.nature}', view.language)} · "
    return figure.text, f"{nature}{figure.source}. {figure.note}".strip()


def stated_items(view: View, row: Any, deadline: str) -> tuple[Item, ...]:
    """Return edition, carrier, deadline and budget as far as texts state them, then in one line what none states."""
    language = view.language
    edition = message("commitments.edition_of", language, year=row.edition) if row.edition else ""
    stated = {
        "edition": (edition, row.edition_detail),
        "carrier": (localised(row, "carrier", language), row.stated_detail),
        "deadline": (deadline and deadline_words(deadline, language), row.stated_detail),
        "budget": _budget(view, row),
    }
    names = {name: message(f"commitments.{name}", language) for name in stated}
    items = [Item(names[name], words, detail) for name, (words, detail) in stated.items() if words]
    if unstated := [names[name] for name, (words, _) in stated.items() if not words]:
        items.append(
            Item(
                message("commitments.unstated", language),
                ", ".join(f"{name[0].lower()}{name[1:]}" for name in unstated),
            )
        )
    return tuple(items)


def spending_items(view: View, commitment_id: str) -> tuple[Item, ...]:
    """Return each amount allotted or spent, as its document states it: they are never added up."""
    table, language = view.release.table("spending"), view.language
    rows = table[table["commitment_id"] == commitment_id].sort_values(["kind", "time_period"])
    return tuple(
        Item(
            message(f"commitments.{row.kind}", language),
            message("commitments.amount", language, amount=number(row.amount_eur, 0, language),
                    period=row.time_period.replace("/", "–")),
            source_line(view.release, row.source, row.source_detail, language),
        )
        for row in rows_of(rows)
    )  # fmt: skip


@lru_cache(maxsize=8)
def _rows_of_programmes(release: Release) -> dict[str, Any]:
    return {row.programme_id: row for row in rows_of(release.table("programmes"))}


def works_of(view: View, row: Any) -> tuple[Work, ...]:
    """Return the programmes that carry a commitment out, in the order of its row, those of wider areas too."""
    known = _rows_of_programmes(view.release)
    return tuple(to_work(view, known[name]) for name in listed(row.programme_ids))


def programme_items(view: View, row: Any) -> tuple[Item, ...]:
    """Return the programmes that carry a commitment out: how many have each state, then each with its own."""
    found, language = works_of(view, row), view.language
    if not found:
        return (Item(message("commitments.programme", language), message("commitments.no_programme", language)),)
    if len(found) == 1:
        work = found[0]
        detail = f"{work.glyph} {work.status_words} · {work.date_words}"
        return (Item(message("commitments.programme", language), work.name, detail),)
    label = message("commitments.programmes", language, count=len(found))
    return (Item(label, status_counts(found, language), ", ".join(f"{work.glyph} {work.name}" for work in found)),)


def figures_of(view: View, row: Any) -> tuple[Figure, ...]:
    """Return the figures of the ledger that measure a commitment or state what it aims at."""
    found = (figure_of(view, name) for name in listed(row.figure_ids))
    return tuple(figure for figure in found if figure is not None)


def measure_items(view: View, row: Any) -> tuple[Item, ...]:
    """Return each figure of a commitment: what it counts, its value, its date and nature."""
    language = view.language
    return tuple(
        Item(figure.label, figure.text, f"{message(f'nature.{figure.nature}', language)} · {figure.date}")
        for figure in figures_of(view, row)
    )


def _due_words(view: View, row: Any) -> str:
    """Return which programmes have a date that has passed, each with it."""
    parts = [
        f"{work.name} ({', '.join(one_date(stage.date, view.language) for stage in work.stages if stage.due)})"
        for work in works_of(view, row)
        if work.due
    ]
    return ", ".join(parts)


def basis_words(view: View, row: Any, standing: Standing) -> tuple[str, ...]:
    """Return what told the status: which date has passed, how many programmes stand where, the target's own status."""
    language, said = view.language, []
    if standing.status == "due_unconfirmed" and standing.basis == "programmes":
        said.append(message("commitments.due_programmes", language, names=_due_words(view, row)))
    elif standing.basis == "programmes":
        said.append(message(f"commitments.by_programmes_{standing.status}", language))
    else:
        said.append(message(f"commitments.by_{standing.basis}", language))
    if standing.progress is not None:
        words = target_status_words(standing.progress.status, language)
        said.append(message("commitments.target_status", language, status=words))
    return tuple(said)
