"""Progress towards a date: whether what should have taken place is said to have taken place, and when."""

from dataclasses import dataclass
from datetime import date

from data.rules.dates import has_passed, is_due_and_unconfirmed, period_end, period_start
from data.rules.targets import Progress, Reason


@dataclass(frozen=True)
class Promise:
    """One statement of the date of a phase: `planned` or `happened`, made on `as_of`."""

    date: str
    state: str
    as_of: str


def _newest(promises: tuple[Promise, ...]) -> Promise:
    """Return the newest statement; of two of the same day, the one that says it has happened."""
    return max(promises, key=lambda promise: (period_end(promise.as_of), promise.state == "happened"))


def _happened(deadline: str, day: str) -> Progress:
    """Return reached, or reached late; a date too coarse to tell which is not called late."""
    if not deadline or period_end(day) <= period_end(deadline):
        return Progress("reached", happened=day)
    if period_start(day) > period_end(deadline):
        return Progress("reached_late", happened=day)
    return Progress("reached", ("date_too_coarse",), happened=day)


def date_progress(deadline: str, promises: tuple[Promise, ...], today: date) -> Progress:
    """Return what statements tell of something that should have taken place by a deadline.

    The newest statement counts. Where it does not say that the thing has happened, nothing measures the way there: once
    the deadline has passed, it is due and not confirmed; before, nothing can be concluded.

    Parameters
    ----------
    promises : statements of the phase, in any order.
    """
    newest = _newest(promises) if promises else None
    if newest and newest.state == "happened":
        return _happened(deadline, newest.date)
    announced = newest.date if newest else ""
    moved = bool(announced) and period_start(announced) > period_end(deadline)
    reasons: tuple[Reason, ...]
    if has_passed(deadline, today):
        silent = newest is None or is_due_and_unconfirmed(deadline, newest.as_of, today)
        reasons = ("no_statement_since",) if silent else ("announced_later",) if moved else ("still_announced",)
        return Progress("due_unconfirmed", reasons, announced=announced)
    reasons = ("nothing_stated",) if newest is None else ("announced_later",) if moved else ("only_announced",)
    return Progress("cannot_conclude", reasons, announced=announced)
