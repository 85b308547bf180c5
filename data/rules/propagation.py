"""From operations to areas and years: how much is delivered by the end of each year, between which bounds."""

import numpy as np
import pandas as pd

from data.rules.operations import Band, Operations, Places

NO_DISTRICT = ""


def _progress(operations: Operations, years: Places) -> Band:
    """Return the part of what remains that is delivered by the end of each year (rows: operations, columns: years).

    A window delivers evenly; without one, anything from nothing to all may be delivered from the earliest year on.
    """
    first, last = operations.first_year[:, None], operations.last_year[:, None]
    even = np.clip((years[None, :] - first + 1) / (last - first + 1), 0.0, 1.0)
    possible = (years[None, :] >= operations.earliest_year[:, None]).astype("float64")
    known = ~np.isnan(first)
    return Band(np.where(known, even, 0.0), np.where(known, even, possible))


def delivered_by(operations: Operations, years: Places) -> Band:
    """Return what each operation has delivered by the end of each year.

    Returns
    -------
    Band of arrays (rows of `operations` × years), in the unit of each row's quantity.
    """
    progress, done, total = _progress(operations, years), operations.delivered, operations.value
    return Band(
        done.low[:, None] + (total.low - done.low)[:, None] * progress.low,
        done.high[:, None] + (total.high - done.high)[:, None] * progress.high,
    )


def added_since_base(operations: Operations, years: Places) -> Band:
    """Return what operations add to a count made before the texts were written (a census), by the end of each year.

    What was delivered already when the text was written may or may not be in that count: the band holds both.
    """
    remaining = np.clip(operations.value.low - operations.delivered.high, 0.0, None)
    return Band(remaining[:, None] * _progress(operations, years).low, delivered_by(operations, years).high)


def sum_by_area(band: Band, operations: Operations, years: Places) -> pd.DataFrame:
    """Add up operations by district and quantity; those without a district are an area of their own.

    Returns
    -------
    DataFrame with `district` (or empty), `quantity`, `year`, `low`, `high`, in order.
    """
    codes, keys = pd.factorize(pd.MultiIndex.from_frame(operations.rows[["district", "quantity"]]), sort=True)
    low, high = (np.zeros((len(keys), len(years))) for _ in range(2))
    np.add.at(low, codes, band.low)
    np.add.at(high, codes, band.high)
    return pd.DataFrame(
        {
            "district": np.repeat(keys.get_level_values(0).to_numpy(dtype=object), len(years)),
            "quantity": np.repeat(keys.get_level_values(1).to_numpy(dtype=object), len(years)),
            "year": np.tile(years, len(keys)),
            "low": low.ravel(),
            "high": high.ravel(),
        }
    )


def sum_to_city(by_area: pd.DataFrame) -> pd.DataFrame:
    """Add up the areas of a commune: `quantity`, `year`, `low`, `high`."""
    return by_area.groupby(["quantity", "year"], sort=True)[["low", "high"]].sum().reset_index()


def announced(operations: Operations) -> pd.DataFrame:
    """Return how much is announced in all, delivered or not, by district and quantity: `low`, `high`."""
    whole = Band(operations.value.low[:, None], operations.value.high[:, None])
    return sum_by_area(whole, operations, np.array([0])).drop(columns="year")
