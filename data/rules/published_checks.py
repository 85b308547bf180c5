"""The published checks computed again: what their formulas give, and which figures their numbers are."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

import pandas as pd

from data.errors import FormulaError
from data.frames import rows_of
from data.rules.citations import cited_lines
from data.rules.formulas import constant

Tables = Mapping[str, pd.DataFrame]

_RANGE, _AGAINST, _ABOVE = " .. ", " vs ", " > "
# What a number is said to be, right behind it: `11948 (RPLS 2024)`.
_SAID = re.compile(r"(?<=\d)\s*\([^()]*\)")
_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?:e\d+)?(?![\w.])")
_LISTED = re.compile(r"\d+ listed\b.*")
# A formula may write a percentage as a share, hectares for square metres.
_SCALES = {"percent": (1.0, 0.01), "%": (1.0, 0.01), "m2": (1.0, 0.0001)}
_EPSILON = 1e-9


@dataclass(frozen=True)
class Computed:
    """A check computed again: `equal`, `different` or `not_computable`, the values, and why not where there are none.

    `why` is `listed` (a count of what a text lists, which is read, not computed) or `words`.
    """

    state: str
    values: tuple[float, ...] = ()
    why: str = ""


@dataclass(frozen=True)
class Operand:
    """A number of a formula, and the figure of the release that it is: none where the check made it up.

    `figure` is the `figure_id`, or the source edition of a statistic, or the check whose result it is.
    """

    text: str
    value: float
    figure: str = ""
    indicator: str = ""
    ref_area: str = ""


def terms(formula: str) -> tuple[str, ...]:
    """Return the sides of a formula (`a .. b`, `a vs b`, `a > b`, or one) without what is said of its numbers."""
    plain = _SAID.sub("", formula)
    for separator in (_RANGE, _AGAINST, _ABOVE):
        if separator in plain:
            return tuple(part.strip() for part in plain.split(separator))
    return (plain,)


def _written(result: str) -> list[Decimal]:
    """Return the numbers of a result.

    Raises
    ------
    InvalidOperation
        One of them is not a number.
    """
    return [Decimal(part.strip()) for part in re.split(r" \.\. | vs ", result)]


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
        written = _written(result)
    except (FormulaError, InvalidOperation):
        return Computed("not_computable", why="listed" if _LISTED.fullmatch(formula) else "words")
    if unit == "%" and "/" in formula:
        values = [100 * value for value in values]
    holds = True
    if _ABOVE in formula:
        holds, values = values[0] > values[1], values[:1]
    same = len(values) == len(written) and all(map(_is_as_written, values, written))
    return Computed("equal" if holds and same else "different", tuple(values))


def numbers_of(formula: str) -> tuple[str, ...]:
    """Return the numbers of a formula as it writes them, each once."""
    return tuple(dict.fromkeys(number for term in terms(formula) for number in _NUMBER.findall(term)))


def _cited(references: str, sources: pd.DataFrame) -> tuple[frozenset[str], frozenset[str]]:
    """Return the lines of texts and the editions that a check refers to: `002:27;57;rpls-2024`."""
    documents = {row.document: row.source for row in rows_of(sources) if row.document}
    editions, lines, document = set(), set(), ""
    for part in references.split(";"):
        before, separator, line = part.rpartition(":")
        if part in set(sources["source"]):
            editions.add(part)
            continue
        document = before if separator else document
        lines |= cited_lines(documents[document], line)
    return frozenset(lines), frozenset(editions)


@dataclass(frozen=True)
class _Candidate:
    value: float
    unit: str
    figure: str
    indicator: str = ""
    ref_area: str = ""


def _figures(tables: Tables, lines: frozenset[str], editions: frozenset[str], commune: str) -> list[_Candidate]:
    """Return the figures of the release at the lines or in the editions that a check cites."""
    units = tables["indicators"].set_index("indicator")["unit"]
    rows = pd.concat([tables["observations"], tables["context"]]).dropna(subset="obs_value")
    rows = rows[rows["figure_id"].ne("") | (rows["source"].isin(editions) & rows["ref_area"].eq(commune))]
    return [
        _Candidate(float(row.obs_value), units[row.indicator], row.figure_id or row.source, row.indicator, row.ref_area)
        for row in rows_of(rows)
        if row.source in editions or cited_lines(row.source, row.source_detail) & lines
    ]


def _results(tables: Tables, check: Any, lines: frozenset[str]) -> list[_Candidate]:
    """Return the results of other checks of the same lines, which a formula may build on."""
    found = []
    for row in rows_of(tables["checks"]):
        other = compute_check(row.formula, row.unit, row.result)
        if row.check_id != check.check_id and len(other.values) == 1 and other.state == "equal":
            if _cited(row.source_refs, tables["sources"])[0] & lines:
                found.append(_Candidate(other.values[0], row.unit, row.check_id))
    return found


def _is(number: float, candidate: _Candidate) -> bool:
    """Tell whether a number is a figure: its value, or that in the scale formulas write; a fall has no sign."""
    scales = _SCALES.get(candidate.unit, (1.0,))
    return any(abs(number - abs(candidate.value) * scale) <= _EPSILON * max(number, 1.0) for scale in scales)


def trace_operands(tables: Tables, check: Any) -> tuple[Operand, ...]:
    """Return each number of a check's formula with the figure of the release that it is.

    Figures at the lines the check cites come first, then the results of other checks of these lines. Where several
    numbers are the same, each takes a figure of its own as far as there are any.

    Parameters
    ----------
    tables : of a release.
    check : a row of its table `checks`.
    """
    lines, editions = _cited(check.source_refs, tables["sources"])
    candidates = _figures(tables, lines, editions, check.commune) + _results(tables, check, lines)
    return tuple(_traced(number, candidates) for number in numbers_of(check.formula))


def _traced(text: str, candidates: Iterable[_Candidate]) -> Operand:
    value = float(text)
    match = next((candidate for candidate in candidates if _is(value, candidate)), None)
    if match is None:
        return Operand(text, value)
    return Operand(text, value, match.figure, match.indicator, match.ref_area)
