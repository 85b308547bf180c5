"""Small tables of microdata, and every table that is possible given what is told of them, counted out one by one."""

from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

from data.disclosure_models import Disclosure, DisclosureLimits
from data.rules.additive_relations import Nesting, relations_between
from data.rules.disclosure import Cell, Protection
from data.rules.possible_tables import Key, Relation

CITY, ALL = "city", "all"


def protection_of(rules: dict[str, Disclosure], threshold: int = 3) -> Protection:
    limits = DisclosureLimits(
        thresholds={"establishments": threshold, "households": 11}, largest_share_percent=85, protection_percent=15
    )
    return Protection(rules, limits)


def counted(kinds: int, *, is_complete: bool = True) -> dict[str, Disclosure]:
    """Return the declaration of kinds of establishments that add up to all of them."""
    whole = Disclosure(unit="establishments", complete_divisions=("kind",) if is_complete else ())
    part = Disclosure(unit="establishments", part_of=ALL)
    return {ALL: whole} | {f"kind {number}": part for number in range(kinds)}


@dataclass(frozen=True)
class Example:
    """Establishments by district (rows; the last row has none) and kind (columns), and what is made of them."""

    counts: np.ndarray
    threshold: int = 3

    @property
    def districts(self) -> list[str]:
        return [f"district {number}" for number in range(len(self.counts) - 1)]

    @property
    def kinds(self) -> list[str]:
        return [f"kind {number}" for number in range(self.counts.shape[1])]

    @property
    def protection(self) -> Protection:
        return protection_of(counted(self.counts.shape[1]), self.threshold)

    @property
    def nested(self) -> list[Nesting]:
        return [Nesting(CITY, tuple(self.districts), is_whole=True)]

    def sums(self, leaves: np.ndarray) -> dict[Key, np.ndarray]:
        """Return every cell of tables whose innermost numbers are `leaves` (tables × rows × kinds)."""
        found = {}
        for column, kind in enumerate(self.kinds):
            found |= {(area, kind): leaves[:, row, column] for row, area in enumerate(self.districts)}
            found[CITY, kind] = leaves[:, :, column].sum(axis=1)
        found |= {(area, ALL): leaves[:, row].sum(axis=1) for row, area in enumerate(self.districts)}
        return found | {(CITY, ALL): leaves.sum(axis=(1, 2))}

    @property
    def cells(self) -> dict[Key, Cell]:
        return {key: Cell(float(value[0])) for key, value in self.sums(self.counts[None]).items()}

    @property
    def relations(self) -> tuple[Relation, ...]:
        return relations_between(self.cells.keys(), self.nested, self.protection.rules)

    def possible(self, told: dict[Key, float | None], largest: int, *, is_bold: bool) -> dict[Key, np.ndarray]:
        """Return all tables that agree with what is told, cell by cell; a withheld count is at least one.

        Parameters
        ----------
        largest : no innermost number is larger.
        is_bold : whether rows without district are supposed not to be.
        """
        rows, kinds = self.counts.shape
        sizes = [1 if is_bold and row == rows - 1 else largest + 1 for row in range(rows) for _ in range(kinds)]
        leaves = np.indices(sizes, dtype=np.int16).reshape(rows * kinds, -1).T.reshape(-1, rows, kinds)
        cells = self.sums(leaves)
        fits = np.ones(len(leaves), dtype=bool)
        for key, value in told.items():
            fits &= cells[key] == value if value is not None else cells[key] >= 1
        return {key: value[fits] for key, value in cells.items()} | {
            ("nowhere", kind): leaves[fits, -1, column] for column, kind in enumerate(self.kinds)
        }


@st.composite
def examples(draw: st.DrawFn, shapes: tuple[tuple[int, int], ...], largest: int, nowhere: int = 0) -> Example:
    """Draw a table of at most so many districts and kinds, with at most so many of each kind without district."""
    districts, kinds = draw(st.sampled_from(shapes))
    counts = draw(st.lists(st.lists(st.integers(0, largest), min_size=kinds, max_size=kinds),
                           min_size=districts, max_size=districts))  # fmt: skip
    last = draw(st.lists(st.integers(0, nowhere), min_size=kinds, max_size=kinds))
    return Example(np.array([*counts, last]), draw(st.sampled_from((3, 4))))
