"""Numbers and dates as a French city writes them (babel does the work)."""

import math
from collections.abc import Iterable, Sequence
from typing import Any

from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal

from dashboard.messages import message
from data.rules.date_words import one_date
from data.rules.dates import period_start

SYMBOL_UNITS = {"percent", "ha", "m2", "km", "t", "eur", "h"}
NO_BREAK, NARROW_NO_BREAK = "\u00a0", "\u202f"
HOUR_OF_DAY = "hour_of_day"
UNWRITTEN_UNITS = {"calendar_year", HOUR_OF_DAY}
_DAY_MINUTES = 24 * 60


def number(value: float, decimals: int = 0, locale: str = "fr", minimum: int | None = None) -> str:
    """Return a number with the locale's separators: `12 128`, `44,2`."""
    least = decimals if minimum is None else minimum
    pattern = "#,##0" + ("." + "0" * least + "#" * (decimals - least) if decimals else "")
    return str(format_decimal(value, format=pattern, locale=locale)).replace("-", "−")


def percent(value: float, decimals: int = 0, locale: str = "fr") -> str:
    """Return a share of a hundred with its sign: `44,2 %`, `44.2%`."""
    return number(value, decimals, locale) + percent_sign(locale)


def percent_sign(locale: str = "fr") -> str:
    """Return the sign of percent as it follows a number: French leaves a narrow space before it, English none."""
    return f"{NARROW_NO_BREAK}%" if locale == "fr" else "%"


def labelled(label: str, value: str, locale: str = "fr") -> str:
    """Return a name and what it is worth: French leaves a space before the colon, English none."""
    return f"{label}{NO_BREAK if locale == 'fr' else ''}: {value}"


def within(label: str) -> str:
    """Return a label as it stands within a sentence: without its capital, but for what begins with an acronym."""
    is_word = not label[:2].isupper() and (len(label) < 2 or label[1].islower() or not label[1].isalnum())
    return label[:1].lower() + label[1:] if is_word else label


def separated(parts: Iterable[str], locale: str = "fr") -> str:
    """Return parts of which some hold commas, one after another."""
    return (f"{NO_BREAK}; " if locale == "fr" else "; ").join(parts)


def listed(parts: Sequence[str], locale: str = "fr") -> str:
    """Return things one after another with a word before the last: `Ivry, Vitry et Choisy`."""
    return str(format_list(parts, locale=locale))


def signed(value: float, decimals: int = 0, locale: str = "fr") -> str:
    """Return a number that always shows its sign."""
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return sign + number(abs(value), decimals, locale)


def plural(value: float, one: str, other: str, locale: str = "fr") -> str:
    """Return the form of a noun: French takes the plural from 2, English for all but 1."""
    singular = abs(value) < 2 if locale == "fr" else abs(value) == 1
    return one if singular else other


def quantity(value: float, decimals: int, unit: str, forms: Any, locale: str = "fr") -> str:
    """Return a value with its unit: `12 128 logements`, `44,2 %`, `1,2 ha`; a time of day as clocks show it.

    Parameters
    ----------
    forms : the unit's written forms in the locale, with `one` and `other`.
    """
    if unit == HOUR_OF_DAY:
        return hour_of_day(value, locale)
    if unit in UNWRITTEN_UNITS:
        return f"{value:.0f}"
    text = number(value, decimals, locale, minimum=0 if unit in {"ha", "m2", "km"} else None)
    if unit == "eur" and locale != "fr":
        return f"€{text}".replace("€−", "−€")
    space = "" if unit == "percent" and locale != "fr" else NO_BREAK
    return f"{text}{space}{plural(value, forms.one, forms.other, locale)}"


def hour_of_day(value_h: float, locale: str = "fr") -> str:
    """Return hours since midnight as a time: `5 h 30`; from 24 on, of the day after: `1 h 12 le lendemain`."""
    days, minutes = divmod(round(value_h * 60), _DAY_MINUTES)
    hour, minute = divmod(minutes, 60)
    time = message("clock.minutes" if minute else "clock.hour", locale, hour=hour, minute=f"{minute:02d}")
    return message({0: "clock.today", 1: "clock.next_day"}.get(days, "clock.later"), locale, time=time, days=days)


def is_missing(value: float | None) -> bool:
    """Tell whether there is no value."""
    return value is None or math.isnan(value)


def first_of_days(first: str, last: str, locale: str = "fr") -> str:
    """Return the first of two ISO days without what it shares with the last: `9` before `15 mars 2026`."""
    if first[:4] != last[:4]:
        return one_date(first, locale)
    day = period_start(first)
    words = format_date(day, "d" if first[:7] == last[:7] else "d MMMM", locale=locale)
    return f"1er{words[1:]}" if locale == "fr" and day.day == 1 else words


def weekday(text: str, locale: str = "fr", with_month: bool = True) -> str:
    """Return an ISO day with its weekday and without its year: `mercredi 11 mars`, or without its month too."""
    day = period_start(text)
    words = format_date(day, "EEEE d MMMM" if with_month else "EEEE d", locale=locale)
    return words.replace(" 1", " 1er", 1) if locale == "fr" and day.day == 1 else words
