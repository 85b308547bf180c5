"""Progress towards a value: observed pace over required pace, and when nothing can be concluded.

The formula is that of Open SDG and Eurostat: what was gained a year since the base, over what has to be gained a year
from the base to the target.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from data.rules.dates import has_passed, months_between, period_end
from data.target_models import TargetStatus

# The rule of sufficient data: what a series must hold before a pace is drawn from it.
MINIMUM_VALUES = 3
MINIMUM_SPAN_YEARS = 2
MAXIMUM_AGE_YEARS = 5
# From this ratio of observed to required pace on, a target is on track; below zero, it moves away.
ON_TRACK_RATIO = 0.95
RATIO_DECIMALS = 9

Reason = Literal[
    "no_target_value", "no_indicator", "no_observed_value", "no_base_value", "too_few_values", "short_span",
    "several_values", "mixed_sources", "break_in_series", "old_values", "no_deadline", "zero_base", "sign_change",
    "required_pace_zero", "not_met", "no_value_since", "only_announced", "announced_later", "nothing_stated",
    "no_statement_since", "still_announced", "date_too_coarse",
]  # fmt: skip
# With these, not even the last value can be held against the target.
_UNTRUSTED: frozenset[Reason] = frozenset(
    {"no_target_value", "no_indicator", "no_observed_value", "no_base_value", "several_values", "mixed_sources",
     "break_in_series", "old_values"}
)  # fmt: skip
# With these, a compound rate does not exist.
_RATELESS: frozenset[Reason] = frozenset({"zero_base", "sign_change"})


@dataclass(frozen=True)
class Point:
    """An observed value of the indicator that measures a target, its status (SDMX), and who says so."""

    time_period: str
    value: float
    status: str = "A"
    source: str = ""


@dataclass(frozen=True)
class Aim:
    """What a target asks: a value, in which direction, by when, counted from when; empty or None where unknown."""

    value: float | None
    direction: str = "at_least"
    deadline: str = ""
    path: str = "linear"
    base_year: str = ""
    is_measured: bool = True

    def is_met_by(self, value: float) -> bool:
        """Tell whether a value meets the target in its direction."""
        if self.value is None:
            return False
        return value <= self.value if self.direction == "at_most" else value >= self.value


@dataclass(frozen=True)
class Progress:
    """The status of a target with every part it was worked out from; None is what could not be worked out.

    Paces are per year: in the indicator's unit on a linear path, as a rate (0.02 is 2 %) on a geometric one.
    `needed_pace` is what it would take from the last value on; it is shown and plays no part in the status.
    `happened` and `announced` are the dates a target of kind `date` was judged by.
    """

    status: TargetStatus
    reasons: tuple[Reason, ...] = ()
    first: Point | None = None
    last: Point | None = None
    values: int = 0
    years: float | None = None
    years_to_deadline: float | None = None
    observed_pace: float | None = None
    required_pace: float | None = None
    needed_pace: float | None = None
    ratio: float | None = None
    happened: str = ""
    announced: str = ""


def years_between(first: str, last: str) -> float:
    """Return the years from the end of a period to that of another, in whole months."""
    return months_between(period_end(first), period_end(last)) / 12


def pace(start: float, end: float, years: float, path: str) -> float:
    """Return the change a year: a difference on a linear path, a compound rate on a geometric one."""
    if path == "geometric":
        return float((end / start) ** (1 / years) - 1)
    return (end - start) / years


def _is_old(aim: Aim, last: Point, today: date) -> bool:
    """Tell whether the last value is too old for today, or for the deadline once it has passed."""
    asked = min(today, period_end(aim.deadline)) if aim.deadline else today
    end = period_end(last.time_period)
    return (end.year + MAXIMUM_AGE_YEARS, end.month, end.day) < (asked.year, asked.month, asked.day)


def _doubts(aim: Aim, points: tuple[Point, ...], today: date) -> list[Reason]:
    """Return every reason for which a series does not tell a pace: the rule of sufficient data."""
    if not aim.is_measured:
        return ["no_indicator"]
    if not points:
        return ["no_base_value" if aim.base_year else "no_observed_value"]
    first, last = points[0], points[-1]
    found: dict[Reason, bool] = {
        "no_target_value": aim.value is None,
        "no_base_value": aim.base_year not in {"", first.time_period[:4]},
        "several_values": len({point.time_period for point in points}) < len(points),
        "mixed_sources": len({point.source for point in points}) > 1,
        "break_in_series": any(point.status == "B" for point in points[1:]),
        "old_values": _is_old(aim, last, today),
        "too_few_values": len(points) < MINIMUM_VALUES,
        "short_span": years_between(first.time_period, last.time_period) < MINIMUM_SPAN_YEARS,
    }
    return [reason for reason, holds in found.items() if holds]


def _formula_doubts(aim: Aim, points: tuple[Point, ...]) -> list[Reason]:
    """Return why the formula gives no ratio: no deadline, no way to go, or no compound rate."""
    found: list[Reason] = [] if aim.deadline else ["no_deadline"]
    if aim.value is None or not points:
        return found
    base, last = points[0].value, points[-1].value
    if aim.is_met_by(base):
        found.append("required_pace_zero")
    if aim.path == "geometric" and base == 0:
        found.append("zero_base")
    elif aim.path == "geometric" and min(base * last, base * aim.value) <= 0:
        found.append("sign_change")
    return found


def _reached(aim: Aim, points: tuple[Point, ...]) -> TargetStatus:
    """Return how a target that the last value meets was reached: late where no value shows it by the deadline."""
    in_time = [p for p in points if not aim.deadline or period_end(p.time_period) <= period_end(aim.deadline)]
    return "reached" if in_time and aim.is_met_by(in_time[-1].value) else "reached_late"


def _status_of(ratio: float) -> TargetStatus:
    if ratio < 0:
        return "moving_away"
    return "on_track" if ratio >= ON_TRACK_RATIO else "slow"


def _judged(seen: Progress, aim: Aim, goal: float, observed: float, base: Point, last: Point) -> Progress:
    """Return the status that the ratio of observed to required pace gives, with its parts."""
    years = years_between(base.time_period, aim.deadline)
    left = years_between(last.time_period, aim.deadline)
    required = pace(base.value, goal, years, aim.path)
    ratio = round(observed / required, RATIO_DECIMALS)
    needed = pace(last.value, goal, left, aim.path) if left > 0 else None
    return replace(
        seen, status=_status_of(ratio), years_to_deadline=years, required_pace=required, needed_pace=needed, ratio=ratio
    )


def value_progress(aim: Aim, points: tuple[Point, ...], today: date) -> Progress:
    """Return how far a series is on its way to a value.

    Parameters
    ----------
    points : observed values in order of time, none of a period that begins after today.

    Notes
    -----
    A series tells a pace when it holds at least `MINIMUM_VALUES` observed values over at least `MINIMUM_SPAN_YEARS`,
    of one source, one value a period, without a break after the first, the last no older than `MAXIMUM_AGE_YEARS`.
    One value is enough to be reached, as long as it can be trusted. A compound rate needs base, last value and target
    on the same side of zero. A base that meets the target already leaves no pace to require: a last value that no
    longer meets it is said in words, not scored.
    """
    counted = tuple(point for point in points if point.time_period[:4] >= aim.base_year)
    seen = Progress("cannot_conclude", values=len(counted))
    if counted:
        years = years_between(counted[0].time_period, counted[-1].time_period)
        seen = replace(seen, first=counted[0], last=counted[-1], years=years)
    doubts = _doubts(aim, counted, today)
    untrusted = tuple(reason for reason in doubts if reason in _UNTRUSTED)
    if counted and not untrusted and aim.is_met_by(counted[-1].value):
        return replace(seen, status=_reached(aim, counted))
    if aim.deadline and has_passed(aim.deadline, today):
        known = bool(counted) and period_end(counted[-1].time_period) >= period_end(aim.deadline)
        return replace(seen, status="due_unconfirmed", reasons=untrusted or ("not_met" if known else "no_value_since",))
    formula_doubts = _formula_doubts(aim, counted)
    reasons = (*doubts, *formula_doubts)
    if not doubts and not _RATELESS.intersection(formula_doubts):
        observed = pace(counted[0].value, counted[-1].value, seen.years or 0.0, aim.path)
        seen = replace(seen, observed_pace=observed)
    if reasons or seen.observed_pace is None or aim.value is None:
        return replace(seen, reasons=reasons)
    return _judged(seen, aim, aim.value, seen.observed_pace, counted[0], counted[-1])
