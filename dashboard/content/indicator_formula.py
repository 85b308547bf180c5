"""How a figure is computed, with the values it is computed from: the formula in words, its inputs, the result again."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from dashboard.content.entries import area_words
from dashboard.content.indicator_rows import figure_of, leading, value_said
from dashboard.content.indicator_words import label_of
from dashboard.content.indicator_worked import SAME, WITHHELD, Summed, Worked, summed, worked
from dashboard.content.pieces import Column, Item, Table
from dashboard.content.tree import Facts, Tables
from dashboard.figures import indicators
from dashboard.formats import UNWRITTEN_UNITS, is_missing, number, percent, plural, separated
from dashboard.messages import message
from dashboard.view import View

_TOKEN = re.compile(r"(?P<name>[A-Za-z_]\w*)|(?P<number>\d+(?:\.\d+)?)|(?P<sign>[()*/+\-])")
_SIGNS = {"*": " × ", "/": " ÷ ", "+": " + ", "-": " − ", "(": "(", ")": ")"}
# A longer list of parts stays folded.
_LONGEST_OPEN = 8


def expression_words(expression: str, words_of: Callable[[str], str], language: str) -> str:
    """Return a formula as readers write it: `100 * a / b` as `100 × … ÷ …`, each name in words."""
    parts = []
    for found in _TOKEN.finditer(expression):
        if found["name"]:
            parts.append(words_of(found["name"]))
        elif found["number"]:
            decimals = len(found["number"].partition(".")[2])
            parts.append(number(float(found["number"]), decimals, language))
        else:
            parts.append(_SIGNS[found["sign"]])
    return "".join(parts)


def _bare(view: View, row: Any) -> str:
    """Return a value without its unit, with the decimals of its indicator; or why there is none."""
    if row is None:
        return message("state.O", view.language)
    if is_missing(row.obs_value):
        return figure_of(view, row).text
    definition = indicators(view.release)[row.indicator]
    if definition.unit in UNWRITTEN_UNITS:
        return figure_of(view, row).text
    return number(row.obs_value, definition.decimals, view.language)


def _is_rounded(view: View, row: Any) -> bool:
    """Tell whether pages show less of a value than the release holds."""
    if row is None or is_missing(row.obs_value):
        return False
    decimals = indicators(view.release)[row.indicator].decimals
    return bool(round(row.obs_value, decimals) != row.obs_value)


def _where(view: View, row: Any) -> str:
    """Return the area and the period of a figure: `Ivry, 2021`."""
    area = view.city_name if row.ref_area == view.commune else area_words(view, row.ref_area)
    return message("indicator_sheet.where", view.language, area=area, period=figure_of(view, row).date)


def _result(view: View, row: Any, state: str) -> tuple[Item, Item]:
    language = view.language
    return (
        Item(message("indicator_sheet.result", language), value_said(view, row), figure_of(view, row).source),
        Item(message("indicator_sheet.again", language), message(f"indicator_sheet.again_{state}", language)),
    )


def _formula_items(view: View, one: Worked) -> Iterator[Item]:
    language = view.language

    def named(indicator: str) -> str:
        return message("indicator_sheet.named", language, label=label_of(view, indicator))

    if one.expression:
        words = expression_words(one.expression, named, language)
        yield Item(message("indicator_sheet.formula", language), words)
        rows = {made.indicator: row for made, row in one.inputs}
        if rows.keys() >= set(re.findall(r"[A-Za-z_]\w*", one.expression)):
            values = expression_words(one.expression, lambda name: _bare(view, rows[name]), language)
            rounded = any(_is_rounded(view, row) for row in rows.values())
            detail = message("indicator_sheet.rounded", language) if rounded else ""
            yield Item(message("indicator_sheet.with_values", language), values, detail)
    yield from _result(view, one.row, one.state)


def _input_cells(view: View, indicator: str, period: str, row: Any) -> tuple[str, ...]:
    if row is None:
        return label_of(view, indicator), message("state.O", view.language), period, "—"
    figure = figure_of(view, row)
    return figure.label, value_said(view, row), figure.date, figure.source


def _inputs_table(view: View, one: Worked) -> Table:
    """Return the inputs of a formula, each with value, period and source, then what it gives."""
    language = view.language
    names = ("input", "value", "period", "source")
    keys = {"input": "indicator_sheet.input"}
    columns = tuple(Column(name, message(keys.get(name, f"table.{name}"), language)) for name in names)
    rows = [_input_cells(view, made.indicator, made.time_period, row) for made, row in one.inputs]
    if one.state == SAME:
        figure = figure_of(view, one.row)
        gives = message("indicator_sheet.gives", language, label=figure.label)
        rows.append((gives, value_said(view, one.row), figure.date, message("indicator_sheet.computed", language)))
    form = plural(len(one.inputs), "one", "other", language)
    title = message(f"indicator_sheet.inputs_{form}", language, where=_where(view, one.row), count=len(one.inputs))
    return Table(title, columns, tuple(rows), is_open=True, shape="inputs")


def _part_cells(view: View, one: Summed, row: Any, weight: float) -> tuple[str, ...]:
    language, decimals = view.language, indicators(view.release)[row.indicator].decimals
    name, value = str(view.areas.at[row.ref_area, "name"]), _bare(view, row)
    if not one.is_shared_out:
        return name, value
    part = value if is_missing(row.obs_value) else number(row.obs_value * weight, decimals + 1, language)
    return name, value, percent(100 * weight, 1, language), part


def _parts_table(view: View, one: Summed) -> Table:
    """Return the IRIS that a figure adds up, each with its value, and its share in the area where that counts."""
    language = view.language
    names = ("value", "share", "part") if one.is_shared_out else ("value",)
    columns = (
        Column("iris", message("table.iris_name", language)),
        *(Column(name, message(f"indicator_sheet.column_{name}", language), numeric=True) for name in names),
    )
    rows = [_part_cells(view, one, row, weight) for row, weight in one.parts]
    if one.state == SAME:
        blank = ("",) * (len(names) - 1)
        rows.append((message("indicator_sheet.sum", language), *blank, _bare(view, one.row)))
    title = message("indicator_sheet.parts", language, where=_where(view, one.row), count=len(one.parts))
    return Table(title, columns, tuple(rows), is_open=len(rows) <= _LONGEST_OPEN, shape="parts")


def _summed_items(view: View, one: Summed) -> Iterator[Item]:
    key = "indicator_sheet.shared_out" if one.is_shared_out else "indicator_sheet.added_up"
    yield Item(message("indicator_sheet.formula", view.language), message(key, view.language))
    yield from _result(view, one.row, one.state)


def _taken(view: View, rows: Sequence[Any]) -> Item:
    """Return that figures are not computed, and where they stand."""
    language = view.language
    words = message(f"indicator_sheet.not_computed_{'one' if len(rows) == 1 else 'other'}", language)
    told = dict.fromkeys(figure_of(view, row).source for row in rows)
    return Item(message("indicator_sheet.formula", language), words, separated(told, language))


def _of_row(view: View, row: Any) -> Iterator[Facts | Tables]:
    """Yield how one figure is computed, and the table of what it is computed from; or that it is not."""
    title = message("indicator_sheet.computation_of", view.language, where=_where(view, row))
    if made := worked(view, row):
        yield Facts(title, tuple(_formula_items(view, made)))
        yield Tables((_inputs_table(view, made),))
    elif added := summed(view, row):
        yield Facts(title, tuple(_summed_items(view, added)))
        # The parts of a sum that is withheld would give it away.
        if added.state != WITHHELD:
            yield Tables((_parts_table(view, added),))
    else:
        yield Facts(title, (_taken(view, [row]),))


def parts(view: View, indicator: str) -> tuple[Facts | Tables, ...]:
    """Return how the newest figures of the area looked at are computed; that they are not, where they are not.

    Where the figures that a sheet opens with are of several areas, the first one stands for them.
    """
    rows = leading(view, indicator)
    if not any(row.derived_from for row in rows):
        return (Facts(message("indicator_sheet.computation", view.language), (_taken(view, rows),)),)
    shown = rows if len({row.ref_area for row in rows}) == 1 else rows[:1]
    return tuple(part for row in shown for part in _of_row(view, row))
