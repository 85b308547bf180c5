"""What a release and a reader's hypotheses give together: computed once for each, and asked by the page's content."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from data.definitions import load_catalogue
from data.hypotheses import Hypotheses, OperationHypothesis
from data.models import Quantity
from data.release import Release
from data.rules.consequences import Interval, inhabitants_added
from data.rules.operations import COUNTED, DWELLINGS, SOCIAL, Foundation, Operations, lay_foundation
from data.rules.propagation import added_since_base, announced, delivered_by, sum_by_area
from data.rules.supposing import suppose
from data.settings import CATALOGUE

FIRST_YEAR, LAST_YEAR = 2025, 2040
YEARS = np.arange(FIRST_YEAR, LAST_YEAR + 1)
INHABITANTS = "inhabitants"


@lru_cache
def quantities() -> dict[str, Quantity]:
    """Return the quantities programmes bring, social dwellings (a part of the ordinary ones) after them."""
    declared = load_catalogue(CATALOGUE).quantities
    names = [DWELLINGS, SOCIAL, *(name for name in declared if name != DWELLINGS)]
    return {name: declared[DWELLINGS if name == SOCIAL else name] for name in names}


@lru_cache(maxsize=8)
def foundation(release: Release, commune: str) -> Foundation:
    """Return what the release says of the operations of a commune."""
    programmes = release.table("programmes")
    mine = programmes[programmes["commune"] == commune]
    return lay_foundation(mine, *(release.table(name) for name in ("quantities", "phases", "readings")))


@lru_cache(maxsize=8)
def unnumbered(release: Release, commune: str) -> pd.DataFrame:
    """Return the operations a reader expects a quantity of, whose source gives none.

    Returns
    -------
    DataFrame with `quantity`, `programme_id`, `name`, `district`, `source`, `source_detail`.
    """
    programmes, known = release.table("programmes"), release.table("quantities")
    mine = programmes[(programmes["commune"] == commune) & programmes["status"].isin(COUNTED)]
    frames = []
    for name, spec in load_catalogue(CATALOGUE).quantities.items():
        same_unit = [other for other, its in quantities().items() if its.unit == spec.unit]
        numbered = known.loc[known["quantity"].isin(same_unit), "programme_id"]
        without = mine[mine["kind"].isin(spec.kinds) & ~mine["programme_id"].isin(numbered)]
        frames.append(without.assign(quantity=name))
    return pd.concat(frames)[["quantity", "programme_id", "name", "district", "source", "source_detail"]]


@dataclass(frozen=True, eq=False)
class Scenario:
    """The result of hypotheses: frames with `district`, `quantity`, `year`, `low`, `high`, summed by area.

    `delivered` counts from nothing, `added` from the census; both hold `inhabitants` only in `added`. `by_operation`
    has `programme_id`, `quantity`, `district`, `year`, `low`, `high`.
    """

    commune: str
    operations: Operations
    delivered: pd.DataFrame
    added: pd.DataFrame
    announced: pd.DataFrame
    by_operation: pd.DataFrame

    def interval(self, ref_area: str, quantity: str, year: int, since_census: bool = False) -> Interval | None:
        """Return the bounds of a quantity in an area by the end of a year; None where no operation brings any."""
        table = self.added if since_census else self.delivered
        rows = table[(table["quantity"] == quantity) & (table["year"] == year)]
        return self._sum(rows, ref_area)

    def promised(self, ref_area: str, quantity: str) -> Interval | None:
        """Return how much is announced in an area in all; None where no operation announces any."""
        return self._sum(self.announced[self.announced["quantity"] == quantity], ref_area)

    def _sum(self, rows: pd.DataFrame, ref_area: str) -> Interval | None:
        mine = rows if ref_area == self.commune else rows[rows["district"] == ref_area]
        return Interval(float(mine["low"].sum()), float(mine["high"].sum())) if len(mine) else None


@lru_cache(maxsize=256)
def scenario(release: Release, commune: str, hypotheses: Hypotheses) -> Scenario:
    """Return what hypotheses give.

    Raises
    ------
    HypothesisError
        They contradict the sources.
    """
    operations = suppose(foundation(release, commune), hypotheses)
    delivered = delivered_by(operations, YEARS)
    added = sum_by_area(added_since_base(operations, YEARS), operations, YEARS)
    rows = operations.rows[["programme_id", "quantity", "district"]]
    by_operation = rows.loc[rows.index.repeat(len(YEARS))].assign(
        year=np.tile(YEARS, len(rows)), low=delivered.low.ravel(), high=delivered.high.ravel()
    )
    return Scenario(
        commune=commune,
        operations=operations,
        delivered=sum_by_area(delivered, operations, YEARS),
        added=pd.concat([added, inhabitants_added(operations, YEARS, hypotheses)], ignore_index=True),
        announced=announced(operations),
        by_operation=by_operation,
    )


def without_delay(hypotheses: Hypotheses) -> Hypotheses:
    """Return the same hypotheses with nothing late and nothing left out: what they are compared with."""
    on_time = [one.model_copy(update={"delay_years": 0}) for one in hypotheses.operations]
    kept: tuple[OperationHypothesis, ...] = tuple(one for one in on_time if not one.says_nothing)
    return hypotheses.model_copy(update={"operations": kept, "delay_years": 0, "only_under_way": False})
