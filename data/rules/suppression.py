"""Which figures are suppressed so that those that must not be told cannot be worked out from the others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from data.rules.disclosure import (
    Bounds,
    Cell,
    Floors,
    Protection,
    is_primary,
    is_remainder_safe,
    is_wide,
)
from data.rules.possible_tables import Group, Key, Relation, Told, Variable, groups, heads

# In groups up to this size each secondary suppression is tried again once all are made, and taken back if not needed.
LARGEST_TRIED_AGAIN = 60
# So many unknowns are looked at one by one.
FEW = 2
# Sums of amounts are equal within this.
NOTHING = 1e-6

Range = tuple[float, float]


@dataclass
class _Search:
    """The search for what must be suppressed too: what is told so far, and the range seen of each unknown.

    Tables that were possible stay so when more is suppressed, so that what was seen once need not be sought again.
    """

    cells: Mapping[Key, Cell]
    relations: tuple[Relation, ...]
    protection: Protection
    suppressed: set[Key]
    seen: dict[bool, dict[Variable, Range]] = field(default_factory=lambda: {False: {}, True: {}})

    @cached_property
    def floors(self) -> Floors:
        """Return the least values that zeros alone leave; they are the same whatever is suppressed."""
        return Floors(self.told())

    @cached_property
    def of_cell(self) -> dict[Key, list[int]]:
        """Return the places of the relations each cell is in."""
        found: dict[Key, list[int]] = {key: [] for key in self.cells}
        for place, relation in enumerate(self.relations):
            for cell in relation.cells:
                found[cell].append(place)
        return found

    def told(self) -> Told:
        """Return what a reader is told."""
        values = {key: None if key in self.suppressed else cell.value for key, cell in self.cells.items()}
        counts = frozenset(name for name in self.protection.rules if self.protection.is_count(name))
        return Told(values, self.relations, frozenset(self.suppressed), counts)

    def suppress(self, key: Key) -> None:
        """Suppress one more cell."""
        told = self.told()
        for place in self.of_cell[key]:
            relation = self.relations[place]
            total, *parts = (told.values[cell] for cell in relation.cells)
            is_whole = relation.remainder == "doubtful" and total is not None and None not in parts
            # Only now does a bold reader suppose that there is no remainder: where there is one, tables that were
            # possible for that reader no longer are.
            if is_whole and abs(float(total or 0.0) - sum(part or 0.0 for part in parts)) > NOTHING:
                self.seen[True] = {}
        self.suppressed.add(key)

    def _is_far(self, key: Key, bounds: Bounds) -> bool:
        """Return whether bounds keep an amount's true value at a distance; only who protects it knows that value."""
        value = self.cells[key].value
        if value is None or self.protection.is_count(key[1]):
            return True
        margin = self.protection.limits.protection_percent / 100
        return bounds.low <= (1 - margin) * value and bounds.high >= (1 + margin) * value

    def _is_seen_wide(self, variable: Variable, *, is_bold: bool) -> bool:
        """Return whether the tables seen so far show that a cell stays unknown enough."""
        found = self.seen[is_bold].get(variable)
        if found is None or isinstance(variable, int):
            return False
        bounds = Bounds(*found, floor=1.0)
        reaches_floor = found[0] <= 1 or not self.protection.is_count(variable[1])
        return reaches_floor and is_wide(bounds, variable[1], self.protection) and self._is_far(variable, bounds)

    def _see(self, group: Group, table: np.ndarray, *, is_bold: bool) -> None:
        # What is possible without remainders is possible with them.
        for seen in (self.seen[is_bold], self.seen[False]):
            for variable, value in zip(group.variables, table.tolist(), strict=True):
                low, high = seen.get(variable, (np.inf, -np.inf))
                seen[variable] = min(low, value), max(high, value)

    def _cap(self, key: Key) -> float:
        """Return a value of a cell that is far enough up."""
        if self.protection.is_count(key[1]):
            return float(max(self.protection.threshold(key[1]) - 1, 2))
        return (1 + self.protection.limits.protection_percent / 100) * float(self.cells[key].value or 1.0)

    def _look_around(self, group: Group, *, is_bold: bool) -> None:
        """See tables in which many cells at once are high or low: most cells turn out to be unknown enough."""
        left = len(group.variables)
        while left > FEW:
            unsettled = {one for one in group.variables
                         if not isinstance(one, int) and one in self.suppressed
                         and not self._is_seen_wide(one, is_bold=is_bold)}  # fmt: skip
            if len(unsettled) >= left:
                return
            left = len(unsettled)
            for table in (group.high({one: self._cap(one) for one in unsettled}), group.low(unsettled)):
                if table is None:
                    return
                self._see(group, table, is_bold=is_bold)

    def _is_safe(self, variable: Variable, group: Group, *, is_bold: bool) -> bool:
        """Return whether a variable stays unknown enough; where no table is possible nothing is worked out."""
        seen = self.seen[is_bold]
        for direction in (1, -1):
            if self._is_seen_wide(variable, is_bold=is_bold):
                return True
            table = group.extreme(variable, direction)
            if table is None:
                return True
            self._see(group, table, is_bold=is_bold)
        bounds = self.floors.beside(variable, seen[variable], is_bold=is_bold)
        if isinstance(variable, int):
            return is_remainder_safe(bounds, self.relations[variable].total[1], self.protection)
        return is_wide(bounds, variable[1], self.protection) and self._is_far(variable, bounds)

    def unsafe(self, beside: Key | None = None) -> list[tuple[Variable, Group]]:
        """Return the first variable of each group that a reader can work out too closely.

        Parameters
        ----------
        beside : look only at groups that have to do with this cell.
        """
        told, found = self.told(), []
        places = set(self.of_cell[beside]) if beside else set()
        near = {*places, *(cell for place in places for cell in self.relations[place].cells)}
        for is_bold in (True, False):
            for group in groups(told, is_bold=is_bold):
                if beside and near.isdisjoint(group.variables):
                    continue
                self._look_around(group, is_bold=is_bold)
                wanted = (one for one in group.variables if isinstance(one, int) or one in self.suppressed)
                first = next((one for one in wanted if not self._is_safe(one, group, is_bold=is_bold)), None)
                if first is not None:
                    found.append((first, group))
            if found:
                break
        return found

    def _new_exposures(self, key: Key) -> int:
        """Return how many relations of a told cell would have it as their only unknown if it were suppressed."""
        return sum(self.suppressed.isdisjoint(self.relations[place].cells) for place in self.of_cell[key])

    def _best(self, place: int) -> tuple[int, int, float, Key] | None:
        """Return the told cell of a relation that needs fewest others suppressed in turn, the smallest of them.

        The number of suppressed cells of the relation comes first.
        """
        cells = self.relations[place].cells
        told = [(self._new_exposures(cell), abs(value), cell) for cell in cells
                if cell not in self.suppressed and (value := self.cells[cell].value)]  # fmt: skip
        return (sum(cell in self.suppressed for cell in cells), *min(told)) if told else None

    def choose(self, variable: Variable, group: Group) -> Key | None:
        """Return what to suppress next for a variable that can be worked out.

        A relation with one unknown gives it away, and through it others: the best cell of such a relation comes first,
        then that of the variable's own relations, then that of any near it.
        """
        mine = [variable] if isinstance(variable, int) else self.of_cell[variable]
        near = {place for one in group.variables for place in ([one] if isinstance(one, int) else self.of_cell[one])}
        single = [place for place in near if len(self.suppressed.intersection(self.relations[place].cells)) == 1]
        for places in (mine if isinstance(variable, int) else single, mine, near):
            options = [found for place in places if (found := self._best(place)) is not None]
            if options:
                return min(options)[-1]
        return None


def _needed(search: _Search, primary: set[Key]) -> set[Key]:
    """Take back, the largest first, the secondary suppressions of small groups that turn out not to be needed."""
    kept = set(search.suppressed)
    sizes = {one: len(group.variables) for group in groups(search.told(), is_bold=False) for one in group.variables}
    tried = [key for key in kept - primary if sizes[key] <= LARGEST_TRIED_AGAIN]
    for key in sorted(tried, key=lambda one: (-abs(search.cells[one].value or 0.0), one)):
        without = _Search(search.cells, search.relations, search.protection, kept - {key})
        if not without.unsafe(beside=key):
            kept -= {key}
    return kept


def _apart(cells: Mapping[Key, Cell], relations: Sequence[Relation]) -> list[tuple[list[Key], list[Relation]]]:
    """Return cells and relations in sets that have nothing to do with each other."""
    head = heads(relation.cells for relation in relations)
    keys: dict[Variable, list[Key]] = {}
    for key in sorted(cells):
        keys.setdefault(head.get(key, key), []).append(key)
    lines: dict[Variable, list[Relation]] = {name: [] for name in keys}
    for relation in relations:
        lines[head[relation.total]].append(relation)
    return [(keys[name], lines[name]) for name in keys]


def protect(cells: Mapping[Key, Cell], relations: Sequence[Relation], protection: Protection) -> dict[Key, bool]:
    """Return the cells to suppress, and of each whether for itself (primary) or to protect others.

    Parameters
    ----------
    cells : figures of one data set and period by area and indicator, each with a rule in `protection`.
    relations : how they add up.

    Notes
    -----
    Deterministic: the same cells give the same answer, in whatever order they come. When all that is not zero is
    suppressed every cell is wide, so that the search ends.
    """
    found: dict[Key, bool] = {}
    for keys, lines in _apart(cells, relations):
        primary = {key for key in keys if is_primary(cells[key], key[1], protection)}
        search = _Search({key: cells[key] for key in keys}, tuple(lines), protection, set(primary))
        while unsafe := search.unsafe():
            chosen = {search.choose(variable, group) for variable, group in unsafe}
            if chosen == {None}:
                break
            for key in sorted(key for key in chosen if key is not None):
                search.suppress(key)
        found |= {key: key in primary for key in _needed(search, primary)}
    return dict(sorted(found.items()))
