"""Periods and dates as the contract writes them, and what has passed."""

import calendar
from datetime import date


def period_start(time_period: str) -> date:
    """Return the first day of an ISO 8601 year, month, day or interval."""
    first = time_period.split("/")[0]
    parts = [int(part) for part in first.split("-")]
    return date(*[*parts, 1, 1][:3])


def period_end(time_period: str) -> date:
    """Return the last day of an ISO 8601 year, month, day or interval."""
    last = time_period.split("/")[-1]
    parts = [int(part) for part in last.split("-")]
    if len(parts) == 1:
        return date(parts[0], 12, 31)
    if len(parts) == 2:
        return date(parts[0], parts[1], calendar.monthrange(*parts)[1])
    return date(*parts)


def has_passed(time_period: str, today: date) -> bool:
    """Tell whether a period is over: a year passes on 31 December, a month on its last day."""
    return period_end(time_period) < today


def months_between(first: date, last: date) -> int:
    """Return how many whole months lie between two days; negative where the second comes first.

    From the last day of a month to that of another is a whole number of months, whatever their lengths.
    """
    if last < first:
        return -months_between(last, first)
    months = 12 * (last.year - first.year) + last.month - first.month
    is_month_end = last.day == calendar.monthrange(last.year, last.month)[1]
    return months - (last.day < first.day and not is_month_end)


def is_due_and_unconfirmed(planned: str, as_of: str, today: date) -> bool:
    """Tell whether a planned date has passed while the newest statement about it is older than its end.

    A statement made during a year (`as_of` a bare year) cannot be known to confirm what was due in that year.
    """
    return has_passed(planned, today) and period_start(as_of) <= period_end(planned)


def is_datable(time_basis: str) -> bool:
    """Tell whether a period may stand on a time axis: only one the source states, or counts from."""
    return time_basis in {"stated", "since"}
