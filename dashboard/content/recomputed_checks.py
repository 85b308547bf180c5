"""The published checks computed again, in words: the formula, what it gives, where its numbers come from."""

import re
from typing import Any

from dashboard.content.comparison_words import indicator_label
from dashboard.content.entries import area_words
from dashboard.content.folds import Cell, Fold, Group, Row
from dashboard.content.quality import reference_words
from dashboard.figures import localised
from dashboard.formats import number, percent_sign, separated
from dashboard.messages import message
from dashboard.view import View
from data.frames import rows_of
from data.rules.check_operands import Operand, Recomputed
from data.rules.published_checks import terms

_SIGNS = {"*": " × ", "/": " ÷ ", "+": " + ", "-": " − "}
_NUMBER = re.compile(r"\d+(?:\.\d+)?(?:e\d+)?")
_JOINTS = {" .. ": "reconcile.to", " vs ": "reconcile.against", " > ": "reconcile.above"}
_COLUMNS = ("check", "computed", "operands", "cited")
_STATES = ("different", "equal", "not_computable")


def number_words(text: str, language: str) -> str:
    """Return a number as formulas write it in French: `20e6` is 20 000 000, `11.222` 11,222, `8304.0` 8 304."""
    decimals = len(text.partition(".")[2]) if "e" not in text else 0
    return number(float(text), decimals, language, minimum=0)


def term_words(term: str, language: str) -> str:
    """Return a side of a formula as a reader writes it: spaced signs, French numbers."""
    words = re.sub(r"\s*([*/+-])\s*", lambda sign: _SIGNS[sign[1]], term)
    return _NUMBER.sub(lambda found: number_words(found[0], language), words)


def _equation(term: str, result: str, symbol: str, language: str) -> str:
    """Return a side of a formula with its result; a number alone is its own."""
    formula, given = term_words(term, language), term_words(result, language) + symbol
    return given if formula == given else message("reconcile.formula", language, formula=formula, result=given)


def calculation(row: Any, again: Recomputed, language: str) -> str:
    """Return the formula of a check with its published result, and what it gives where that is not the same."""
    joint = next((name for mark, name in _JOINTS.items() if mark in row.formula), "")
    symbol = percent_sign(language) if row.unit == "%" else ""
    sides, results = terms(row.formula), terms(row.result)
    if len(sides) == len(results):
        said = [_equation(side, result, symbol, language) for side, result in zip(sides, results, strict=True)]
    else:
        said = [term_words(side, language) for side in sides]
    words = (message(joint, language) if joint else "").join(said)
    if again.computed.state == "different":
        values = [number(value, 3, language, 0) for value in again.computed.values]
        given = message("reconcile.to", language).join(values)
        words += " " + message("reconcile.computed_different", language, value=given)
    return words


def _operand(view: View, operand: Operand, titles: dict[str, str]) -> str:
    language = view.language
    words = number_words(operand.text, language)
    if operand.check_id:
        return message("reconcile.operand_check", language, number=words, title=titles[operand.check_id])
    label = indicator_label(view, operand.indicator)
    if operand.ref_area == view.commune:
        return message("reconcile.operand", language, number=words, label=label)
    area = area_words(view, operand.ref_area)
    return message("reconcile.operand_area", language, number=words, label=label, area=area)


def _operands(view: View, again: Recomputed, titles: dict[str, str]) -> str:
    traced = [operand for operand in again.operands if operand.figure or operand.check_id]
    own = [number_words(operand.text, view.language) for operand in again.operands if operand not in traced]
    words = [_operand(view, operand, titles) for operand in traced]
    if own:
        words.append(message("reconcile.operand_own", view.language, numbers=", ".join(dict.fromkeys(own))))
    return separated(words, view.language)


def _row(view: View, row: Any, again: Recomputed, titles: dict[str, str]) -> Row:
    language = view.language
    area = "" if row.commune == view.commune else area_words(view, row.commune)
    title, cited = localised(row, "title", language), Cell(reference_words(view, row.source_refs))
    if again.computed.state == "not_computable":
        return Row(title, area, (Cell(message(f"reconcile.why_{again.computed.why}", language)), cited))
    return Row(title, area, (Cell(calculation(row, again, language)), Cell(_operands(view, again, titles)), cited))


def _concerns(view: View, again: Recomputed) -> bool:
    """Tell whether a number of a check is of the chosen district."""
    areas = [operand.ref_area for operand in again.operands if operand.ref_area]
    return not view.is_city and any(view.areas.at[area, "district"] == view.ref_area for area in areas)


def check_list(view: View, found: dict[str, Recomputed]) -> tuple[Fold, ...]:
    """Return the checks by what they give, those that differ first; a chosen district's in a table of their own."""
    rows = sorted(rows_of(view.release.table("checks")), key=lambda row: row.commune != view.commune)
    titles = {row.check_id: localised(row, "title", view.language) for row in rows}
    split: dict[str, list[Any]] = {"of_district": [row for row in rows if _concerns(view, found[row.check_id])]}
    for state in _STATES:
        rest = [row for row in rows if row not in split["of_district"]]
        split[f"checks_{state}"] = [row for row in rest if found[row.check_id].computed.state == state]
    folds = []
    for key, mine in split.items():
        names = [name for name in _COLUMNS if name != "operands" or key != "checks_not_computable"]
        columns = tuple(message(f"reconcile.column_{name}", view.language) for name in names)
        title = message(f"reconcile.fold_{key}", view.language, name=view.area_name, count=len(mine))
        shown = tuple(_row(view, row, found[row.check_id], titles) for row in mine)
        is_open = key in {"of_district", "checks_different"}
        if mine:
            folds.append(Fold(title, columns, (Group("", "", shown),), "obs-recomputed", is_open))
    return tuple(folds)
