"""What became of a commitment: one rule, from the target, the programmes and the deadline that it names."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import pandas as pd

from data.commitment_models import CommitmentStatus
from data.frames import rows_of
from data.rules.dates import is_due_and_unconfirmed
from data.rules.phases import is_due, newest_statements
from data.rules.target_rows import progress_of
from data.rules.targets import Progress

# What told the status of a commitment.
Basis = Literal["target", "deadline", "programmes", "stated", "untold"]

STATUSES: tuple[CommitmentStatus, ...] = ("done", "under_way", "planned", "due_unconfirmed", "dropped", "unclear")
_REACHED = frozenset({"reached", "reached_late"})
_ENDED = frozenset({"delivered", "abandoned"})
_BEGUN = frozenset({"under_way", "trial", "delivered"})
_AHEAD = frozenset({"planned", "proposed", "mobilisation"})


@dataclass(frozen=True)
class Standing:
    """The status of a commitment, what told it, and the progress of its target where it has one."""

    status: CommitmentStatus
    basis: Basis
    progress: Progress | None = None


def listed(identifiers: str) -> tuple[str, ...]:
    """Return the identifiers of a cell, in its order."""
    return tuple(part for part in identifiers.split(";") if part)


def of_programmes(statuses: Iterable[str]) -> CommitmentStatus:
    """Return what the statuses of programmes say together: done only when all of them have ended."""
    found = set(statuses)
    if found <= {"abandoned"}:
        return "dropped"
    if found <= _ENDED:
        return "done"
    if found & _BEGUN:
        return "under_way"
    return "planned" if found & _AHEAD else "unclear"


def standing(row: Any, progress: Progress | None, statuses: tuple[str, ...], is_any_due: bool, today: date) -> Standing:
    """Return the status of a commitment.

    A target that is reached settles it; then a date that has passed without confirmation, of the target, of a
    programme, or the commitment's own; then the programmes; then what the city declares.

    Parameters
    ----------
    row : a row of the `commitments` table.
    statuses : the statuses of its programmes.
    is_any_due : whether a promised phase of one of them is due and not confirmed.
    """
    if progress is not None and progress.status in _REACHED:
        return Standing("done", "target", progress)
    if progress is not None and progress.status == "due_unconfirmed":
        return Standing("due_unconfirmed", "target", progress)
    if is_any_due:
        return Standing("due_unconfirmed", "programmes", progress)
    ended = (bool(statuses) and set(statuses) <= _ENDED) or row.stated_status in {"done", "dropped"}
    stated = max(row.as_of, row.stated_as_of)
    if row.deadline and not ended and is_due_and_unconfirmed(row.deadline, stated, today):
        return Standing("due_unconfirmed", "deadline", progress)
    if statuses:
        return Standing(of_programmes(statuses), "programmes", progress)
    if row.stated_status:
        return Standing(row.stated_status, "stated", progress)
    return Standing("unclear", "untold", progress)


def _due_programmes(tables: dict[str, pd.DataFrame], today: date) -> frozenset[str]:
    """Return the programmes with a promised phase that is due and not confirmed by its newest statement."""
    statuses = tables["programmes"].set_index("programme_id")["status"]
    return frozenset(
        row.programme_id
        for row in rows_of(newest_statements(tables["phases"]))
        if is_due(row.phase, row.state, row.date, statuses[row.programme_id], row.as_of, today)
    )


def standings(tables: dict[str, pd.DataFrame], today: date) -> dict[str, Standing]:
    """Return the standing of every commitment of a release, by its identifier.

    Parameters
    ----------
    tables : `commitments`, `programmes`, `phases`, `targets`, `observations` and `sources` of the release.
    """
    statuses = dict(zip(tables["programmes"]["programme_id"], tables["programmes"]["status"], strict=True))
    aims = {row.target_id: row for row in rows_of(tables["targets"])}
    due = _due_programmes(tables, today)
    found = {}
    for row in rows_of(tables["commitments"]):
        names = listed(row.programme_ids)
        progress = progress_of(aims[row.target_id], tables, today) if row.target_id else None
        its_statuses = tuple(statuses[name] for name in names)
        found[row.commitment_id] = standing(row, progress, its_statuses, bool(due & set(names)), today)
    return found


def deadline_of(row: Any, targets: dict[str, Any]) -> str:
    """Return the deadline of a commitment: its own, else that of its target; empty where no text gives one."""
    return row.deadline or (targets[row.target_id].deadline if row.target_id else "")
