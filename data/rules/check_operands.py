"""Which figures of a release the numbers of a published check are."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from data.frames import rows_of
from data.rules.citations import cited_lines
from data.rules.published_checks import Computed, compute_check, terms

Tables = Mapping[str, pd.DataFrame]

_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?:e\d+)?(?![\w.])")
# A formula may write a percentage as a share, hectares for square metres.
_SCALES = {"percent": (1.0, 0.01), "%": (1.0, 0.01), "m2": (1.0, 0.0001)}
_EPSILON = 1e-9


@dataclass(frozen=True)
class Operand:
    """A number of a formula, and what the release calls it: nothing where the check brought it in.

    `figure` is a `figure_id` of a text, or else the edition of a statistic; `check_id` another check whose result it
    is.
    """

    text: str
    value: float
    figure: str = ""
    indicator: str = ""
    ref_area: str = ""
    check_id: str = ""


@dataclass(frozen=True)
class Recomputed:
    """A published check, what its formula gives, and its numbers with the figures they are."""

    check_id: str
    computed: Computed
    operands: tuple[Operand, ...]


@dataclass(frozen=True)
class _Candidate:
    """A value that a number may be, and where it stands: lines of a text, or an edition and its commune."""

    value: float
    unit: str
    lines: frozenset[str]
    edition: tuple[str, str]
    operand: Operand


def cited_by(references: str, sources: pd.DataFrame) -> tuple[frozenset[str], frozenset[str]]:
    """Return the lines of texts and the editions that a check refers to: `002:27;57;rpls-2024`.

    Parameters
    ----------
    references : as checks have them.
    sources : that table of the release.
    """
    documents = {row.document: row.source for row in rows_of(sources) if row.document}
    known, document = set(sources["source"]), ""
    lines: set[str] = set()
    editions: set[str] = set()
    for part in references.split(";"):
        before, separator, line = part.rpartition(":")
        if part in known:
            editions.add(part)
            continue
        document = before if separator else document
        lines |= cited_lines(documents[document], line)
    return frozenset(lines), frozenset(editions)


def _figures(tables: Tables) -> list[_Candidate]:
    """Return every value of a text, and every value of a commune that a statistic gives."""
    units = tables["indicators"].set_index("indicator")["unit"]
    communes = set(tables["territories"].query("level == 'commune'")["ref_area"])
    rows = pd.concat([tables["observations"], tables["context"]]).dropna(subset="obs_value")
    found = []
    for row in rows_of(rows[rows["figure_id"].ne("") | rows["ref_area"].isin(communes)]):
        lines = cited_lines(row.source, row.source_detail) if row.figure_id else frozenset()
        value, operand = (
            float(row.obs_value),
            Operand("", 0.0, row.figure_id or row.source, row.indicator, row.ref_area),
        )
        found.append(_Candidate(value, units[row.indicator], lines, (row.source, row.ref_area), operand))
    return found


def _results(tables: Tables, computed: Mapping[str, Computed]) -> list[_Candidate]:
    """Return the results of checks that give one value: other checks build on them."""
    found = []
    for row in rows_of(tables["checks"]):
        values = computed[row.check_id].values
        if len(values) == 1:
            lines = cited_by(row.source_refs, tables["sources"])[0]
            found.append(_Candidate(values[0], row.unit, lines, ("", ""), Operand("", 0.0, check_id=row.check_id)))
    return found


def _is(number: float, candidate: _Candidate) -> bool:
    """Tell whether a number is a value, as it is or in the scale formulas write; a fall is written without its sign."""
    scales = _SCALES.get(candidate.unit, (1.0,))
    return any(abs(number - abs(candidate.value) * scale) <= _EPSILON * max(number, 1.0) for scale in scales)


def _trace(formula: str, candidates: list[_Candidate]) -> tuple[Operand, ...]:
    """Return the numbers of a formula with what they are; a number that stands twice is two figures if there are."""
    found: list[Operand] = []
    for term in terms(formula):
        left = list(candidates)
        for text in _NUMBER.findall(term):
            value = float(text)
            match = next((one for one in (*left, *candidates) if _is(value, one)), None)
            if match is None:
                found.append(Operand(text, value))
                continue
            left = [one for one in left if one is not match]
            known = match.operand
            found.append(Operand(text, value, known.figure, known.indicator, known.ref_area, known.check_id))
    return tuple(dict.fromkeys(found))


def _where(check: Any, candidates: list[_Candidate], sources: pd.DataFrame) -> list[_Candidate]:
    """Return the candidates that stand where a check says its numbers do, never the check itself."""
    lines, editions = cited_by(check.source_refs, sources)
    return [
        one
        for one in candidates
        if one.operand.check_id != check.check_id
        and (one.lines & lines or (one.edition[0] in editions and one.edition[1] == check.commune))
    ]


def recompute(tables: Tables) -> tuple[Recomputed, ...]:
    """Compute every published check again and trace its numbers.

    A number is a figure at the lines (or in the editions, for the check's commune) that the check cites, or else the
    result of another check of these lines; else it is the check's own, such as a number of years to divide by.

    Parameters
    ----------
    tables : of a release; `checks`, `observations`, `context`, `indicators`, `sources` and `territories` are used.
    """
    checks = list(rows_of(tables["checks"]))
    computed = {row.check_id: compute_check(row.formula, row.unit, row.result) for row in checks}
    candidates = [*_figures(tables), *_results(tables, computed)]
    return tuple(
        Recomputed(
            row.check_id,
            computed[row.check_id],
            _trace(row.formula, _where(row, candidates, tables["sources"])) if computed[row.check_id].values else (),
        )
        for row in checks
    )
