"""Dates in words, as pages and the names of editions write them (babel does the work)."""

from babel.dates import format_date

from data.rules.dates import period_start


def one_date(text: str, locale: str = "fr") -> str:
    """Return an ISO year, month or day as words: `2021`, `mai 2025`, `12 octobre 2017`, `1er janvier 2024`."""
    if len(text) == 4:
        return text
    day = period_start(text)
    if len(text) == 7:
        return str(format_date(day, "MMMM y", locale=locale))
    words = str(format_date(day, "d MMMM y", locale=locale))
    return words.replace("1 ", "1er ", 1) if locale == "fr" and day.day == 1 else words
