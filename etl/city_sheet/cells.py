"""Reading one cell: what its column wants, or in one sentence why it does not fit."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from data.gap_sheet.layout import Column

Value = str | int | float | date

_FIRST_DAY = date(1990, 1, 1)
# Names cannot be told from other words; what reaches a person can.
_MAIL = re.compile(r"@")
_TELEPHONE = re.compile(r"(?<![\d.])(?:\+33|0)[ .-]?[1-9](?:[ .-]?\d{2}){4}(?!\d)")
_LIKE_A_FORMULA = ("=", "+", "-")


class UnfitCellError(ValueError):
    """Raised when a cell does not fit its column."""

    def __init__(self, problem: str, remedy: str) -> None:
        self.problem, self.remedy = problem, remedy
        super().__init__(problem)


def is_empty(value: object) -> bool:
    """Tell whether a cell says nothing: blanks count as nothing."""
    return value is None or (isinstance(value, str) and not value.strip())


def reaches_a_person(text: str) -> bool:
    """Tell whether a text holds a mail address or a telephone number."""
    return bool(_MAIL.search(text) or _TELEPHONE.search(text))


def shown(value: object) -> str:
    """Return a cell's value for a message."""
    return "" if value is None else str(getattr(value, "text", value))[:80]


def iso_date(parts: Sequence[object]) -> str:
    """Return the ISO date of a year, a month and a day, of which the last may be missing; "" of none.

    Raises
    ------
    ValueError
        There is no such day.
    """
    given = [int(str(part)) for part in parts if part is not None]
    return date(*[*given, 1, 1][:3]).isoformat()[: (4, 7, 10)[len(given) - 1]] if given else ""


def _number(value: object, column: Column) -> int | float:
    if isinstance(value, str):
        raise UnfitCellError("text in a number cell", "Type a number only, without unit, space or quotation mark")
    if isinstance(value, datetime | date):
        raise UnfitCellError("a date in a number cell", "Type a plain number")
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise UnfitCellError("not a number", "Type a plain number")
    if not column.low <= value <= column.high:
        raise UnfitCellError(f"not between {column.low:g} and {column.high:g}", "Check the number and its unit")
    if column.kind == "whole" and value != int(value):
        raise UnfitCellError("not a whole number", "Type a number without decimals")
    return int(value) if column.kind == "whole" else float(value)


def _day(value: object, today: date) -> date:
    if isinstance(value, str):
        raise UnfitCellError("a date typed as text", "Type it as a date, such as 31/12/2025, in a cell of type date")
    if not isinstance(value, date):
        raise UnfitCellError("not a date", "Type a date, such as 31/12/2025")
    day = value.date() if isinstance(value, datetime) else value
    if day > today:
        raise UnfitCellError(f"after today ({today})", "Give the day the document was made")
    if day < _FIRST_DAY:
        raise UnfitCellError(f"before {_FIRST_DAY}", "Give the day the document was made")
    return day


def _text(value: object, column: Column) -> str:
    if not isinstance(value, str):
        raise UnfitCellError("a number or date in a text cell", "Type it as words: which document says so, and where")
    words = " ".join(value.split())
    if reaches_a_person(words):
        problem = "a mail address or telephone number: personal data must never enter a release"
        raise UnfitCellError(problem, "Name a document or a body, not a person")
    if words.startswith(_LIKE_A_FORMULA):
        raise UnfitCellError("begins like a formula", "Begin with a letter or a figure")
    if not words.isprintable():
        raise UnfitCellError("holds characters that cannot be shown", "Type the text again")
    if len(words) > column.high:
        raise UnfitCellError(f"longer than {column.high} characters", "Shorten it")
    return words


def _word(value: object, words: Mapping[str, str]) -> str:
    known = {word.casefold(): name for name, word in words.items()}
    found = known.get(" ".join(str(value).split()).casefold())
    if found is None:
        few = ", ".join(words.values()) if len(words) <= 10 else "the names of the list"
        raise UnfitCellError("not a word of the list", f"Choose from the list: {few}")
    return found


def read_cell(cell: Any, column: Column, words: Mapping[str, str], today: date) -> Value | None:
    """Return what a cell says, or None where it says nothing.

    Parameters
    ----------
    cell : an openpyxl cell.
    words : for a column of choices, its words by what they stand for.

    Raises
    ------
    UnfitCellError
        The cell holds a formula or an error, or something its column does not want.
    """
    value = cell.value
    if is_empty(value):
        return None
    if cell.data_type == "f":
        raise UnfitCellError("a formula", "Type its result as a value")
    if cell.data_type == "e":
        raise UnfitCellError("an error", "Type a value, or leave the cell empty")
    if column.kind in {"whole", "decimal"}:
        return _number(value, column)
    if column.kind == "date":
        return _day(value, today)
    return _text(value, column) if column.kind == "text" else _word(value, words)
