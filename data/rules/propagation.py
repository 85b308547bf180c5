"""From operations to areas and years: how much is delivered by the end of each year, between which bounds."""

import numpy as np

from data.rules.operations import Band, Operations, Places


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
    """Return what each operation has delivered by the end of each year; before it was known, perhaps nothing.

    Returns
    -------
    Band of arrays (rows of `operations` × years), in the unit of each row's quantity.
    """
    progress, done, total = _progress(operations, years), operations.delivered, operations.value
    known = years[None, :] >= operations.known_year[:, None]
    done_low = np.where(known, done.low[:, None], 0.0)
    return Band(
        done_low + (total.low[:, None] - done_low) * progress.low,
        done.high[:, None] + (total.high - done.high)[:, None] * progress.high,
    )


def added_since_base(operations: Operations, years: Places) -> Band:
    """Return what operations add to a count made before the texts were written (a census), by the end of each year.

    What was delivered already when the text was written may or may not be in that count: the band holds both.
    """
    remaining = np.clip(operations.value.low - operations.delivered.high, 0.0, None)
    return Band(remaining[:, None] * _progress(operations, years).low, delivered_by(operations, years).high)


def bounds_by_area(band: Band, operations: Operations) -> dict[tuple[str, str], Band]:
    """Add up operations by district (empty for those without) and quantity: bounds with one entry a year."""
    keys, codes = operations.areas.keys, operations.areas.codes
    low, high = (np.zeros((len(keys), band.low.shape[1])) for _ in range(2))
    np.add.at(low, codes, band.low)
    np.add.at(high, codes, band.high)
    return {key: Band(low[place], high[place]) for place, key in enumerate(keys)}


def announced(operations: Operations) -> dict[tuple[str, str], Band]:
    """Return how much is announced in all, delivered or not, by district and quantity: bounds with one entry."""
    return bounds_by_area(Band(operations.value.low[:, None], operations.value.high[:, None]), operations)
