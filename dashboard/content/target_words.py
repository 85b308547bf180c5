"""Targets in words: values and paces with their unit, reasons, and how statuses are worked out."""

from typing import Any

from dashboard.content.folds import Cell, Fold, Group, Row
from dashboard.content.pieces import Item
from dashboard.figures import indicators, units
from dashboard.formats import NO_BREAK, is_missing, number, plural, quantity
from dashboard.messages import message
from dashboard.view import View
from data.rules import targets as rules
from data.rules.date_words import one_date
from data.rules.targets import Point, Progress

# Shape first: filled and empty ends of a way, arrows along it or back.
GLYPHS = {
    "reached": "●",
    "reached_late": "◉",
    "on_track": "→",
    "slow": "⇢",
    "moving_away": "←",
    "due_unconfirmed": "⚠",
    "cannot_conclude": "?",
}
STATUSES = tuple(GLYPHS)
# The parts of the method, besides the statuses.
_FORMULA = ("observed", "required", "ratio")
_LIMITS = ("sufficient", "dates", "override", "origin")


def limits(language: str) -> dict[str, str]:
    """Return the constants of the rule in words, for every sentence that names one."""
    return {
        "values": str(rules.MINIMUM_VALUES),
        "span": str(rules.MINIMUM_SPAN_YEARS),
        "age": str(rules.MAXIMUM_AGE_YEARS),
        "ratio": number(rules.ON_TRACK_RATIO, 2, language),
    }


def status_words(status: str, language: str) -> str:
    """Return a status as a sign and a word."""
    return f"{GLYPHS[status]}{NO_BREAK}{message(f'targets.status_{status}', language)}"


def reason_words(progress: Progress, language: str) -> tuple[str, ...]:
    """Return why a target has its status, one sentence a reason."""
    return tuple(message(f"targets.reason_{reason}", language, **limits(language)) for reason in progress.reasons)


def value_words(view: View, indicator: str, value: float) -> str:
    """Return a value in the unit of its indicator."""
    row = indicators(view.release)[indicator]
    return quantity(value, row.decimals, row.unit, getattr(units()[row.unit], view.language), view.language)


def _signed(value: float, decimals: int, language: str) -> str:
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return sign + number(abs(value), decimals, language, minimum=0)


def pace_words(view: View, row: Any, pace: float | None) -> str:
    """Return a pace: percentage points or units a year on a linear path, a rate a year on a geometric one."""
    language = view.language
    if pace is None:
        return message("targets.no_pace", language)
    if row.path == "geometric":
        return message("targets.rate_per_year", language, rate=_signed(100 * pace, 1, language))
    definition = indicators(view.release)[row.indicator]
    forms = getattr(units()[definition.unit], language)
    unit = plural(pace, forms.one, forms.other, language)
    if definition.unit == "percent":
        unit = message(plural(pace, "targets.point", "targets.points", language), language)
    amount = f"{_signed(pace, definition.decimals + 2, language)}{NO_BREAK}{unit}"
    return message("targets.per_year", language, amount=amount)


def _way(view: View, row: Any, first: Point, value: float, end: str, years: float) -> str:
    """Return the parts of a pace: from which value to which, between which periods, in how many years."""
    return message(
        "targets.way",
        view.language,
        start=value_words(view, row.indicator, first.value),
        first=one_date(first.time_period, view.language),
        end=value_words(view, row.indicator, value),
        last=one_date(end, view.language),
        years=number(years, 1, view.language, minimum=0),
    )


def aim_item(view: View, row: Any) -> Item:
    """Return what is aimed at: a value in its direction, an event, or that the text gives no number."""
    language, label = view.language, message("targets.aim", view.language)
    if row.kind == "date":
        return Item(label, message(f"targets.phase_{row.phase or 'target'}", language))
    if is_missing(row.target_value):
        return Item(label, message("targets.no_value", language))
    value = value_words(view, row.indicator, row.target_value)
    return Item(label, message(f"targets.{row.direction}", language, value=value))


def deadline_item(view: View, row: Any) -> Item:
    """Return by when, or that no text says."""
    words = one_date(row.deadline, view.language) if row.deadline else message("targets.no_deadline", view.language)
    return Item(message("targets.deadline", view.language), words)


def observed_item(view: View, row: Any, progress: Progress) -> Item:
    """Return what was observed last, or that nothing is measured."""
    language, label = view.language, message("targets.observed", view.language)
    if progress.happened:
        return Item(label, message("targets.happened", language, date=one_date(progress.happened, language)))
    if progress.last is None:
        announced = one_date(progress.announced, language) if progress.announced else ""
        detail = message("targets.announced", language, date=announced) if announced else ""
        return Item(label, message("targets.no_measure", language), detail)
    value = value_words(view, row.indicator, progress.last.value)
    count = message("targets.value_one" if progress.values == 1 else "targets.value_other", language,
                    count=progress.values)  # fmt: skip
    when = one_date(progress.last.time_period, language)
    return Item(label, message("targets.value_at", language, value=value, date=when), count)


def _ratio_words(ratio: float, language: str) -> str:
    """Return a ratio with as many decimals as it takes not to be rounded across a threshold: 0.9499 is not 0,95."""
    for decimals in (2, 4, rules.RATIO_DECIMALS):
        shown = round(ratio, decimals)
        if (shown >= rules.ON_TRACK_RATIO, shown < 0) == (ratio >= rules.ON_TRACK_RATIO, ratio < 0):
            break
    return number(shown, decimals, language, minimum=2)


def pace_items(view: View, row: Any, progress: Progress) -> tuple[Item, ...]:
    """Return observed and required pace and their ratio, each with its parts; one line where neither exists."""
    language, first, last = view.language, progress.first, progress.last
    if first is None or last is None or progress.observed_pace is None:
        over = progress.status in {"reached", "reached_late", "due_unconfirmed"}
        words = message("targets.no_more_paces" if over else "targets.no_paces", language)
        return (Item(message("targets.paces", language), words),)
    observed = Item(
        message("targets.observed_pace", language),
        pace_words(view, row, progress.observed_pace),
        _way(view, row, first, last.value, last.time_period, progress.years or 0),
    )
    required = Item(message("targets.required_pace", language), pace_words(view, row, progress.required_pace))
    if progress.ratio is None or progress.years_to_deadline is None:
        return observed, required
    way = _way(view, row, first, row.target_value, row.deadline, progress.years_to_deadline)
    if progress.needed_pace is not None:
        needed = pace_words(view, row, progress.needed_pace)
        when = one_date(last.time_period, language)
        way += " " + message("targets.needed", language, date=when, pace=needed)
    ratio = Item(
        message("targets.ratio", language),
        _ratio_words(progress.ratio, language),
        message("targets.ratio_rule", language, **limits(language)),
    )
    return observed, Item(required.label, required.value, way), ratio


def _rules(names: tuple[str, ...], headers: tuple[str, ...], language: str) -> tuple[Row, ...]:
    cells = (Cell(message(f"targets.rule_{name}", language, **limits(language))) for name in names)
    return tuple(Row(header, "", (cell,)) for header, cell in zip(headers, cells, strict=True))


def method(view: View) -> Fold:
    """Return how statuses are worked out, with the limits the code uses."""
    language, groups = view.language, []
    for name, parts in (("formula", _FORMULA), ("statuses", STATUSES), ("limits", _LIMITS)):
        headers = tuple(
            status_words(part, language) if part in GLYPHS else message(f"targets.name_{part}", language)
            for part in parts
        )
        groups.append(Group(message(f"targets.group_{name}", language), "", _rules(parts, headers, language)))
    columns = (message("targets.column_part", language), message("targets.column_rule", language))
    return Fold(message("targets.method", language), columns, tuple(groups), "obs-methods")
