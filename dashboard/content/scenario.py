"""What a release and a reader's hypotheses give together: computed once for each, and asked by the page's content."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np
import pandas as pd

from dashboard.definitions import definitions
from data.hypotheses import Hypotheses, OperationHypothesis
from data.models import Quantity
from data.release import Release
from data.rules.consequences import Interval, inhabitants_added
from data.rules.operations import COUNTED, DWELLINGS, SOCIAL, Band, Foundation, Operations, lay_foundation
from data.rules.propagation import added_since_base, announced, bounds_by_area, delivered_by
from data.rules.supposing import suppose

FIRST_YEAR, LAST_YEAR = 2025, 2040
YEARS = np.arange(FIRST_YEAR, LAST_YEAR + 1)
INHABITANTS = "inhabitants"


def year_of(today: date) -> int:
    """Return the year what sources say is known in: today's, within the years followed."""
    return min(max(today.year, FIRST_YEAR), LAST_YEAR)


@lru_cache
def quantities() -> dict[str, Quantity]:
    """Return the quantities programmes bring, social dwellings (a part of the ordinary ones) after them."""
    declared = definitions().quantities
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
    programmes, known = release.table("programmes"), release.table("quantities").dropna(subset="value")
    mine = programmes[(programmes["commune"] == commune) & programmes["status"].isin(COUNTED)]
    frames = []
    for name, spec in definitions().quantities.items():
        same_unit = [other for other, its in quantities().items() if its.unit == spec.unit]
        numbered = known.loc[known["quantity"].isin(same_unit), "programme_id"]
        without = mine[mine["kind"].isin(spec.kinds) & ~mine["programme_id"].isin(numbered)]
        frames.append(without.assign(quantity=name))
    return pd.concat(frames)[["quantity", "programme_id", "name", "district", "source", "source_detail"]]


Tables = dict[tuple[str, str], Band]


@dataclass(frozen=True, eq=False)
class Scenario:
    """The result of hypotheses: bounds by district (or none) and quantity, one entry a year of `YEARS`.

    `delivered` counts from nothing, `added` from the census; `inhabitants` are in `added` only. `by_operation` has
    one line a row of `operations.rows`.
    """

    commune: str
    operations: Operations
    delivered: Tables
    added: Tables
    announced: Tables
    by_operation: Band

    def interval(self, ref_area: str, quantity: str, year: int, since_census: bool = False) -> Interval | None:
        """Return the bounds of a quantity in an area by the end of a year; None where no operation brings any."""
        return self._sum(self.added if since_census else self.delivered, ref_area, quantity, year - FIRST_YEAR)

    def promised(self, ref_area: str, quantity: str) -> Interval | None:
        """Return how much is announced in an area in all; None where no operation announces any."""
        return self._sum(self.announced, ref_area, quantity, 0)

    def _sum(self, tables: Tables, ref_area: str, quantity: str, place: int) -> Interval | None:
        wanted = [
            band for (area, name), band in tables.items() if name == quantity and ref_area in (self.commune, area)
        ]
        if not wanted:
            return None
        return Interval(float(sum(band.low[place] for band in wanted)), float(sum(band.high[place] for band in wanted)))

    def of_operations(self, year: int) -> pd.DataFrame:
        """Return what each operation that counts has delivered by the end of a year.

        Returns
        -------
        DataFrame with `programme_id`, `quantity`, `district`, `year`, `announced_low`, `announced_high`, `low`, `high`.
        """
        place, operations = year - FIRST_YEAR, self.operations
        rows = operations.rows[["programme_id", "quantity", "district"]].assign(
            year=year,
            announced_low=operations.value.low,
            announced_high=operations.value.high,
            low=self.by_operation.low[:, place],
            high=self.by_operation.high[:, place],
        )
        return rows[operations.counted]


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
    people = inhabitants_added(operations, YEARS, hypotheses)
    return Scenario(
        commune=commune,
        operations=operations,
        delivered=bounds_by_area(delivered, operations),
        added=bounds_by_area(added_since_base(operations, YEARS), operations)
        | {(district, INHABITANTS): band for district, band in people.items()},
        announced=announced(operations),
        by_operation=delivered,
    )


def without_delay(hypotheses: Hypotheses) -> Hypotheses:
    """Return the same hypotheses with nothing late and nothing left out: what they are compared with."""
    on_time = [one.model_copy(update={"delay_years": 0}) for one in hypotheses.operations]
    kept: tuple[OperationHypothesis, ...] = tuple(one for one in on_time if not one.says_nothing)
    return hypotheses.model_copy(update={"operations": kept, "delay_years": 0, "only_under_way": False})
