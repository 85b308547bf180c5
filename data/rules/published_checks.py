"""The published checks computed again: what their formulas give, held against their results."""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from data.errors import FormulaError
from data.rules.formulas import constant

_RANGE, _AGAINST, _ABOVE = " .. ", " vs ", " > "
# What a number is said to be, right behind it: `11948 (RPLS 2024)`.
_SAID = re.compile(r"(?<=\d)\s*\([^()]*\)")
_LISTED = re.compile(r"\d+ listed\b.*")
_EPSILON = 1e-9


@dataclass(frozen=True)
class Computed:
    """A check computed again: `equal`, `different` or `not_computable`, the values, and why not where there are none.

    `why` is `listed` (a count of what a text lists, which is read, not computed) or `words`.
    """

    state: str
    values: tuple[float, ...] = ()
    why: str = ""


def terms(formula: str) -> tuple[str, ...]:
    """Return the sides of a formula (`a .. b`, `a vs b`, `a > b`, or one) without what is said of its numbers."""
    plain = _SAID.sub("", formula)
    for separator in (_RANGE, _AGAINST, _ABOVE):
        if separator in plain:
            return tuple(part.strip() for part in plain.split(separator))
    return (plain,)


def _written(result: str) -> list[Decimal]:
    """Return the numbers of a result, none where one of them is not a number."""
    try:
        return [Decimal(part.strip()) for part in re.split(r" \.\. | vs ", result)]
    except InvalidOperation:
        return []


def _is_as_written(value: float, written: Decimal) -> bool:
    """Tell whether a value is what is written, at the precision it is written with."""
    exponent = written.as_tuple().exponent
    half = 0.5 * 10.0 ** (exponent if isinstance(exponent, int) else 0)
    return abs(value - float(written)) <= half + _EPSILON * max(abs(value), 1.0)


def compute_check(formula: str, unit: str, result: str) -> Computed:
    """Compute a check's formula and hold it against its result.

    In per cent, a formula that divides gives a share, and is multiplied by a hundred. A formula `a > b` states that a
    is larger; its result is a.
    """
    try:
        values = [constant(term) for term in terms(formula)]
    except FormulaError:
        return Computed("not_computable", why="listed" if _LISTED.fullmatch(formula) else "words")
    if unit == "%" and "/" in formula:
        values = [100 * value for value in values]
    holds = True
    if _ABOVE in formula:
        holds, values = values[0] > values[1], values[:1]
    written = _written(result)
    same = len(values) == len(written) and all(map(_is_as_written, values, written))
    return Computed("equal" if holds and same else "different", tuple(values))
