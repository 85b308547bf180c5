"""What a reader can work out of figures that are not told: the tables that are possible given those that are.

A cell is a figure of one area and indicator. Cells are tied by relations: a total is the sum of its parts, and perhaps
of a remainder that is told nowhere (rows without a known district, kinds that are not listed). Of counts, a reader
knows that they are whole and that a suppressed one is not zero, since zeros are never suppressed.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp  # type: ignore[import-untyped]
from scipy.sparse import csr_array, hstack  # type: ignore[import-untyped]

Key = tuple[str, str]
# Whether a relation has a remainder: none; perhaps (then a bold reader supposes that it has none); surely.
Remainder = Literal["none", "doubtful", "some"]
# Beyond the sum of all that is told, times this, a value is not bounded by what is told.
FAR = 4
NEARLY_WHOLE = 1e-6


@dataclass(frozen=True)
class Relation:
    """A total and the parts that make it up, cells by area and indicator."""

    total: Key
    parts: tuple[Key, ...]
    remainder: Remainder = "none"

    @property
    def cells(self) -> tuple[Key, ...]:
        """Return total and parts."""
        return (self.total, *self.parts)


@dataclass(frozen=True)
class Told:
    """What a reader is told: values by cell (None where there is none), and how cells hang together.

    `suppressed` are the cells that are withheld for secrecy; other cells without value are not known to anyone.
    `counts` are the indicators that count units; those of the others are amounts.
    """

    values: Mapping[Key, float | None]
    relations: tuple[Relation, ...]
    suppressed: frozenset[Key]
    counts: frozenset[str]


# A variable of the system: a cell without value, or the remainder of a relation by its place.
Variable = Key | int


@dataclass(frozen=True, eq=False)
class Group:
    """Variables that hang together, and the equations that hold between them."""

    variables: tuple[Variable, ...]
    matrix: csr_array
    constants: np.ndarray
    lower: np.ndarray
    is_whole: bool
    far: float

    def _solve(self, weights: np.ndarray, caps: np.ndarray) -> np.ndarray | None:
        """Return the possible table whose weighted sum is least; a value counts up to its cap."""
        size, capped = len(self.variables), np.flatnonzero(np.isfinite(caps))
        matrix, upper, lower = self.matrix, np.full(size, self.far), self.lower
        constraints = [LinearConstraint(matrix, self.constants, self.constants)]
        if len(capped):
            # What a value lacks of its cap is a variable of its own, and is made least.
            extra = len(capped)
            wide = hstack([matrix, csr_array((matrix.shape[0], extra))], format="csr")
            ones, lines = np.ones(extra), np.arange(extra)
            lacking = csr_array((np.r_[ones, ones], (np.r_[lines, lines], np.r_[capped, size + lines])),
                                shape=(extra, size + extra))  # fmt: skip
            constraints = [LinearConstraint(wide, self.constants, self.constants),
                           LinearConstraint(lacking, caps[capped], np.inf)]  # fmt: skip
            upper, lower = np.r_[upper, caps[capped]], np.r_[lower, np.zeros(extra)]
            weights = np.r_[weights, ones]
        bounds = Bounds(lower, upper)
        found = milp(weights, constraints=constraints, bounds=bounds)
        if not self.is_whole or found.x is None:
            return None if found.x is None else np.asarray(found.x[:size])
        # A table of whole numbers that is best among all tables is best among those of whole numbers.
        if not np.allclose(found.x[:size], np.round(found.x[:size]), rtol=0, atol=NEARLY_WHOLE):
            whole = np.r_[np.ones(size), np.zeros(len(lower) - size)]
            found = milp(weights, constraints=constraints, bounds=bounds, integrality=whole)
        return None if found.x is None else np.round(found.x[:size])

    def extreme(self, variable: Variable, direction: Literal[-1, 1]) -> np.ndarray | None:
        """Return a possible table in which a variable is least (-1) or greatest (1); None where none is possible."""
        weights = np.zeros(len(self.variables))
        weights[self.variables.index(variable)] = -direction
        return self._solve(weights, np.full(len(self.variables), np.inf))

    def low(self, variables: Collection[Variable]) -> np.ndarray | None:
        """Return a possible table in which the sum of some variables is least."""
        weights = np.array([float(variable in variables) for variable in self.variables])
        return self._solve(weights, np.full(len(self.variables), np.inf))

    def high(self, caps: Mapping[Variable, float]) -> np.ndarray | None:
        """Return a possible table in which some variables together come as near to their caps as can be."""
        zeros = np.zeros(len(self.variables))
        return self._solve(zeros, np.array([caps.get(variable, np.inf) for variable in self.variables]))

    def interval(self, variable: Variable) -> tuple[float, float] | None:
        """Return the least and the greatest value of a variable, infinity where nothing told bounds it."""
        place = self.variables.index(variable)
        least, greatest = self.extreme(variable, -1), self.extreme(variable, 1)
        if least is None or greatest is None:
            return None
        high = float(greatest[place])
        return float(least[place]), high if high < self.far / 2 else float("inf")


def variables_of(relation: Relation, place: int, told: Told, *, is_bold: bool) -> list[Variable]:
    """Return what is unknown in a relation."""
    found: list[Variable] = [cell for cell in relation.cells if told.values[cell] is None]
    has_remainder = relation.remainder == "some" or (relation.remainder == "doubtful" and not is_bold)
    return [*found, place] if has_remainder else found


def heads(rows: Iterable[Sequence[Variable]]) -> dict[Variable, Variable]:
    """Return for each variable the one that stands for all that hang together with it."""
    head: dict[Variable, Variable] = {}

    def top(variable: Variable) -> Variable:
        while head[variable] != variable:
            head[variable] = head[head[variable]]
            variable = head[variable]
        return variable

    for row in rows:
        for variable in row:
            head.setdefault(variable, variable)
            head[top(variable)] = top(row[0])
    return {variable: top(variable) for variable in head}


def groups(told: Told, *, is_bold: bool) -> list[Group]:
    """Return the systems of equations that a reader can write down, one for each group that hangs together.

    Parameters
    ----------
    is_bold : whether the reader supposes that doubtful remainders are zero; a relation whose numbers are all told and
        that leaves a remainder is then one that has a remainder, and is left out.
    """
    rows = {place: variables_of(one, place, told, is_bold=is_bold) for place, one in enumerate(told.relations)}
    head = heads(row for row in rows.values() if row)
    alone: list[Variable] = [cell for cell in told.suppressed if cell not in head]
    members: dict[Variable, list[Variable]] = {cell: [cell] for cell in sorted(alone, key=str)}
    for variable in sorted(head, key=str):
        members.setdefault(head[variable], []).append(variable)
    lines: dict[Variable, list[int]] = {}
    for place, row in rows.items():
        if row:
            lines.setdefault(head[row[0]], []).append(place)
    far = FAR * (sum(abs(value) for value in told.values.values() if value is not None) + 1000)
    return [_group(tuple(each), lines.get(name, []), told, far, is_bold) for name, each in members.items()]


def _group(variables: tuple[Variable, ...], places: list[int], told: Told, far: float, is_bold: bool) -> Group:
    number = {variable: column for column, variable in enumerate(variables)}
    entries: list[tuple[int, int, float]] = []
    constants = np.zeros(len(places))
    for line, place in enumerate(places):
        relation = told.relations[place]
        for cell, sign in [(relation.total, 1.0), *((part, -1.0) for part in relation.parts)]:
            value = told.values[cell]
            if value is None:
                entries.append((line, number[cell], sign))
            else:
                constants[line] -= sign * value
        if place in number and (relation.remainder == "some" or not is_bold):
            entries.append((line, number[place], -1.0))
    rows, columns, signs = (list(each) for each in zip(*entries, strict=True)) if entries else ([], [], [])
    first = variables[0]
    indicator = told.relations[first].total[1] if isinstance(first, int) else first[1]
    is_whole = indicator in told.counts
    lower = [1.0 if is_whole and variable in told.suppressed else 0.0 for variable in variables]
    return Group(
        variables,
        csr_array((signs, (rows, columns)), shape=(len(places), len(variables))),
        constants,
        np.array(lower),
        is_whole,
        far,
    )
