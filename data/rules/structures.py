"""Which IRIS are alike by what the census counts in them: age of inhabitants, kind and use of dwellings.

Five shares are compared, all in percent, each divided by its standard deviation over all IRIS that have them:

- inhabitants under 20, and inhabitants of 65 and over. The third age band is what these two leave of 100 %, so that
  with it one difference would count twice.
- flats among dwellings. Houses are left out for the same reason: but for a few other forms of dwelling they are the
  remainder.
- vacant dwellings and main homes among dwellings. What these two leave is second and occasional homes.

Every share has the same weight, on purpose: no weighting follows from the data. The distance of two IRIS is the
Euclidean distance of their five standardised shares, in standard deviations.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from data.errors import NoStructureError, UnknownIrisError

# Each share: what is counted, and of what, as the `iris_structures` table names them.
SHARES = {
    "population_under_20_percent": ("population_under_20", "population"),
    "population_65_and_over_percent": ("population_65_and_over", "population"),
    "flats_percent": ("flats", "dwellings"),
    "vacant_dwellings_percent": ("vacant_dwellings", "dwellings"),
    "main_homes_percent": ("main_homes", "dwellings"),
}

Distances = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Structures:
    """IRIS by code: those that can be compared with their shares, and those that cannot.

    `shares` : one row per IRIS that has all shares, by `ref_area` in ascending order, columns `SHARES` (percent).
    `standardised` : the same in the same order, each column with mean 0 and standard deviation 1 (0 where all IRIS
    have the same share).
    `left_out` : codes of the IRIS without inhabitants, without dwellings, or of which a count is not known.
    """

    shares: pd.DataFrame
    standardised: Distances
    left_out: frozenset[str]


def shares_of(counts: pd.DataFrame) -> pd.DataFrame:
    """Return the shares of IRIS in percent; none (NaN) of nothing, and none where a count is not known.

    Parameters
    ----------
    counts : one row per IRIS, with `ref_area` and the counts that `SHARES` names.

    Returns
    -------
    By `ref_area` in ascending order, columns `SHARES`.
    """
    known = counts.set_index("ref_area").sort_index()
    shares = {name: 100 * known[part] / known[whole].where(known[whole] > 0) for name, (part, whole) in SHARES.items()}
    return pd.DataFrame(shares, index=known.index)


def structures_of(counts: pd.DataFrame) -> Structures:
    """Return what IRIS are compared by; the order of the rows does not matter.

    Parameters
    ----------
    counts : see `shares_of`.
    """
    shares = shares_of(counts)
    is_complete = shares.notna().all(axis=1)
    complete = shares[is_complete]
    spread = complete.std(ddof=0)
    standardised = (complete - complete.mean()) / spread.where(spread > 0, 1.0)
    return Structures(complete, standardised.to_numpy(), frozenset(map(str, shares.index[~is_complete])))


def distances(structures: Structures, ref_area: str) -> Distances:
    """Return how far each IRIS of `structures.shares` is from one of them, in standard deviations, in the same order.

    Raises
    ------
    UnknownIrisError
        The census counts no such IRIS.
    NoStructureError
        It has no inhabitants or no dwellings, or a count of it is not known.
    """
    if ref_area in structures.left_out:
        raise NoStructureError(
            f"IRIS {ref_area} has no inhabitants or no dwellings, or a count of it is not known: choose another one"
        )
    if ref_area not in structures.shares.index:
        raise UnknownIrisError(f"no IRIS {ref_area!r} in the census: give a code of nine characters, as 940410304")
    difference = structures.standardised - structures.standardised[structures.shares.index.get_loc(ref_area)]
    found: Distances = np.sqrt(np.square(difference).sum(axis=1))
    return found


def nearest(structures: Structures, ref_area: str, count: int) -> pd.DataFrame:
    """Return the IRIS whose structure is nearest to that of one IRIS, the nearest first, without itself.

    Of IRIS at the same distance the one with the lowest code comes first.

    Parameters
    ----------
    count : how many; all others where there are not as many.

    Returns
    -------
    `ref_area`, `distance` (standard deviations) and `SHARES` (percent).

    Raises
    ------
    UnknownIrisError, NoStructureError
        See `distances`.
    """
    distance = distances(structures, ref_area)
    # IRIS stand in the order of their codes: a stable sort leaves those at the same distance so.
    order = np.argsort(distance, kind="stable")
    chosen = order[order != structures.shares.index.get_loc(ref_area)][:count]
    found = structures.shares.iloc[chosen].reset_index()
    found.insert(1, "distance", distance[chosen])
    return found
