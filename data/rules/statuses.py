"""How sure a figure is: order of the SDMX observation statuses, and what may be added to what."""

from collections.abc import Iterable

import pandas as pd

from data.errors import MixedNatureError

# Better to worse. `B` (break in series) is a warning on a normal value; `O` and `M` leave nothing to compute with.
_ORDER = "APBEFOM"


def worst_status(statuses: Iterable[str]) -> str:
    """Return the least certain of some observation statuses."""
    return max(statuses, key=_ORDER.index)


def ranks(statuses: pd.Series) -> pd.Series:
    """Return how uncertain observation statuses are, as numbers: the least certain has the highest."""
    return statuses.map({status: rank for rank, status in enumerate(_ORDER)}).astype("int64")


def of_ranks(numbers: pd.Series) -> pd.Series:
    """Return the observation statuses that `ranks` turned into numbers."""
    return pd.Series(list(_ORDER), dtype="str").take(numbers.to_numpy()).set_axis(numbers.index)


def total(observations: pd.DataFrame) -> float:
    """Add up observations that may be added: one indicator, one nature, no alternative readings.

    Parameters
    ----------
    observations : columns `indicator`, `nature`, `reading`, `obs_value`.

    Raises
    ------
    MixedNatureError
        Natures, indicators or readings differ: a plan is not a delivery, and two readings of one text never add up.
    """
    for column in ("indicator", "nature", "reading"):
        values = sorted(set(observations[column]))
        if len(values) > 1:
            raise MixedNatureError(f"refused to add different {column}: {values}")
    return float(observations["obs_value"].sum(min_count=len(observations)))
