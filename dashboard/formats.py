"""Numbers and dates as a French city writes them (babel does the work)."""

import math
from typing import Any

from babel.dates import format_date
from babel.numbers import format_decimal

from data.rules.dates import period_start

SYMBOL_UNITS = {"percent", "ha", "m2", "km", "t", "eur", "h"}
NO_BREAK = "\u00a0"
UNWRITTEN_UNITS = {"calendar_year"}


def number(value: float, decimals: int = 0, locale: str = "fr", minimum: int | None = None) -> str:
    """Return a number with the locale's separators: `12 128`, `44,2`."""
    least = decimals if minimum is None else minimum
    pattern = "#,##0" + ("." + "0" * least + "#" * (decimals - least) if decimals else "")
    return str(format_decimal(value, format=pattern, locale=locale)).replace("-", "−")


def signed(value: float, decimals: int = 0, locale: str = "fr") -> str:
    """Return a number that always shows its sign."""
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return sign + number(abs(value), decimals, locale)


def plural(value: float, one: str, other: str, locale: str = "fr") -> str:
    """Return the form of a noun: French takes the plural from 2, English for all but 1."""
    singular = abs(value) < 2 if locale == "fr" else abs(value) == 1
    return one if singular else other


def quantity(value: float, decimals: int, unit: str, forms: Any, locale: str = "fr") -> str:
    """Return a value with its unit: `12 128 logements`, `44,2 %`, `1,2 ha`.

    Parameters
    ----------
    forms : the unit's written forms in the locale, with `one` and `other`.
    """
    if unit in UNWRITTEN_UNITS:
        return f"{value:.0f}"
    text = number(value, decimals, locale, minimum=0 if unit in {"ha", "m2", "km"} else None)
    return f"{text}{NO_BREAK}{plural(value, forms.one, forms.other, locale)}"


def is_missing(value: float | None) -> bool:
    """Tell whether there is no value."""
    return value is None or math.isnan(value)


def one_date(text: str, locale: str = "fr") -> str:
    """Return an ISO year, month or day as words: `2021`, `mai 2025`, `12 octobre 2017`, `1er janvier 2024`."""
    if len(text) == 4:
        return text
    day = period_start(text)
    if len(text) == 7:
        return format_date(day, "MMMM y", locale=locale)
    words = format_date(day, "d MMMM y", locale=locale)
    return words.replace("1 ", "1er ", 1) if locale == "fr" and day.day == 1 else words
