"""Observations for readers: every value as a number that shows what pages show, and all that is said beside it."""

import re
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pandas as pd

from dashboard.content.entries import area_words
from dashboard.content.indicator_rows import reading_words
from dashboard.content.pieces import Column
from dashboard.figures import indicators, to_figure, units
from dashboard.formats import HOUR_OF_DAY, NO_BREAK, is_missing, quantity
from dashboard.messages import message
from dashboard.spreadsheet import Cell, cell_of, literal
from dashboard.view import View
from data.frames import rows_of

SECRET = "C"
_COLUMNS = {
    "area": 28, "code": 22, "indicator": 48, "period": 26, "value": 22, "value_max": 16, "unit": 24, "words": 28,
    "nature": 14, "state": 22, "source": 48, "remark": 60,
}  # fmt: skip
_VALUES = frozenset({"value", "value_max"})
# A time of day stays a number of hours here; its words say it as clocks do.
_HOURS = f"0.00{literal(f'{NO_BREAK}h')}"
_HOLE = "\x00"


def columns(language: str) -> tuple[Column, ...]:
    """Return the columns of the sheet."""
    return tuple(Column(name, message(f"takeaway.reader_{name}", language), name in _VALUES) for name in _COLUMNS)


def widths() -> tuple[int, ...]:
    """Return the widths of the columns, in characters."""
    return tuple(_COLUMNS.values())


def _shown(value: float, shape: str) -> float:
    """Return what a spreadsheet shows of a number: it rounds a half away from zero."""
    decimals = len(found[1]) if (found := re.search(r"0\.(0+)", shape)) else 0
    return float(Decimal(repr(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))


def number_cell(value: float, definition: Any, language: str, qualifier: str = "exact") -> Cell:
    """Return a value of an indicator as a number whose format shows decimals, unit and qualifier as pages do.

    The number is the value itself; only where a spreadsheet would round it otherwise than pages is it the rounded one.
    """
    text = quantity(value, definition.decimals, definition.unit, getattr(units()[definition.unit], language), language)
    if definition.unit == HOUR_OF_DAY:
        cell = Cell(value, _HOURS)
    else:
        cell = cell_of(text, True, language)
        if isinstance(cell.value, str):
            raise ValueError(f"{text!r} does not begin with a number: a unit the catalogue does not know")
        exact = value if _shown(value, cell.format) == cell.value else cell.value
        cell = Cell(exact, cell.format)
    if qualifier == "exact":
        return cell
    before, after = map(literal, message(f"qualifier.{qualifier}", language, value=_HOLE).split(_HOLE))
    shape = f"{before}{cell.format}{after}"
    # A spreadsheet would put the minus before the qualifier, were there no form of its own for what is below zero.
    return Cell(cell.value, f"{shape};{before}{literal('−')}{cell.format}{after}" if value < 0 else shape)


def _cells(view: View, row: Any) -> tuple[Cell, ...]:
    language, definition = view.language, indicators(view.release)[row.indicator]
    figure = to_figure(view.release, row, language)
    value, largest = Cell(figure.text), Cell("")
    if not is_missing(row.obs_value):
        value = number_cell(row.obs_value, definition, language, row.qualifier)
    if not is_missing(row.obs_value_max):
        largest = number_cell(row.obs_value_max, definition, language)
    is_secret = row.conf_status == SECRET
    state = message("state.secret" if is_secret else f"state.{row.obs_status}", language)
    said = (
        Cell(getattr(units()[definition.unit], language).other), Cell(figure.text),
        Cell(message(f"nature.{row.nature}", language)), Cell(state), Cell(figure.source),
        Cell(" ".join(filter(None, (reading_words(view, row), figure.note)))),
    )  # fmt: skip
    return (Cell(area_words(view, row.ref_area)), Cell(row.ref_area), Cell(figure.label), Cell(figure.date), value,
            largest, *said)  # fmt: skip


def reader_rows(view: View, frame: pd.DataFrame) -> Iterator[tuple[Cell, ...]]:
    """Yield observations row by row: area, code, indicator, period, value, upper bound, unit, words, nature and so on.

    What is missing, withheld or cannot exist is said in words where the value would stand: never a zero, never blank.
    """
    for row in rows_of(frame):
        yield _cells(view, row)
