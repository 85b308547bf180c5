"""What deliveries do to an area: inhabitants, and the indicators counted per inhabitant or per home."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd

from data.hypotheses import Hypotheses
from data.rules.formulas import evaluate, input_names
from data.rules.operations import DWELLINGS, Band, Operations, Places
from data.rules.propagation import added_since_base, bounds_by_area

SPECIFIC = "specific_dwellings"
INHABITED = (DWELLINGS, SPECIFIC)
# Inputs of indicators that programmes change, and the quantities (or inhabitants) that change them.
CHANGED: dict[str, tuple[str, ...]] = {
    "population": ("inhabitants",),
    "dwellings": INHABITED,
    "main_homes": (DWELLINGS,),
}
# Inputs that no programme of dwellings changes.
HELD = frozenset({"land_area_ha", "cycle_stands"})


@dataclass(frozen=True)
class Interval:
    """Two bounds of one value; an infinite upper bound means that nothing limits it."""

    low: float
    high: float

    @property
    def is_open(self) -> bool:
        """Whether nothing can be concluded: there is no upper bound."""
        return not np.isfinite(self.high)

    @property
    def is_exact(self) -> bool:
        """Whether the bounds are equal."""
        return self.low == self.high


def inhabitants_added(operations: Operations, years: Places, hypotheses: Hypotheses) -> dict[str, Band]:
    """Return the inhabitants that new dwellings bring since the census, by the end of each year.

    All new dwellings are taken as lived in. Without a supposed household size for a kind of dwelling there is no upper
    bound where such dwellings may come.

    Returns
    -------
    Bounds with one entry a year, by district (empty for operations without one).
    """
    added = added_since_base(operations, years)
    quantity = operations.rows["quantity"].to_numpy()
    low, high = np.zeros_like(added.low), np.zeros_like(added.high)
    for name in INHABITED:
        mine, size = quantity == name, hypotheses.household_size(name)
        if size is None:
            high[mine] = np.where(added.high[mine] > 0, np.inf, 0.0)
        else:
            low[mine], high[mine] = added.low[mine] * size, added.high[mine] * size
    summed: dict[str, Band] = {}
    for (district, name), band in bounds_by_area(Band(low, high), operations).items():
        if name in INHABITED:
            so_far = summed.get(district, Band(np.zeros(len(years)), np.zeros(len(years))))
            summed[district] = Band(so_far.low + band.low, so_far.high + band.high)
    return summed


def follows_programmes(expression: str) -> bool:
    """Tell whether a formula says something new once dwellings are delivered, and nothing that they leave unknown."""
    names = input_names(expression)
    return "population" in names and names <= {*CHANGED, *HELD}


def indicator_interval(expression: str, bases: Mapping[str, float], added: Mapping[str, Interval]) -> Interval:
    """Return the bounds of an indicator once its inputs have grown within theirs.

    The bounds are those over all corners of the inputs' intervals: never too narrow, since inputs that move together
    are let move apart.

    Parameters
    ----------
    bases : the observed value of every input.
    added : what is added to those that change.
    """
    if any(interval.is_open for interval in added.values()):
        return Interval(0.0, float("inf"))
    names = sorted(input_names(expression))
    ends = [
        (bases[name] + added[name].low, bases[name] + added[name].high) if name in added else (bases[name],)
        for name in names
    ]
    corners = pd.DataFrame(list(product(*ends)), columns=names)
    values = evaluate(expression, corners)
    return Interval(float(values.min()), float(values.max()))
