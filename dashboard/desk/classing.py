"""Classes of a choropleth as the reader chooses them; mapclassify finds the breaks."""

import math
import warnings
from collections.abc import Iterable

import mapclassify

CITY, QUANTILES, EQUAL, NATURAL = "ville", "quantiles", "egales", "naturelles"
METHODS = (CITY, QUANTILES, EQUAL, NATURAL)
FEWEST, MOST, USUAL = 2, 5, 5
# Natural breaks compare all ways to divide the values: of more values, as many are taken at even distances.
MOST_COMPARED = 400


def _thinned(values: list[float]) -> list[float]:
    """Return at most so many of sorted values, both ends among them."""
    if len(values) <= MOST_COMPARED:
        return values
    step = (len(values) - 1) / (MOST_COMPARED - 1)
    return [values[round(place * step)] for place in range(MOST_COMPARED)]


def _between(below: float, above: float, decimals: int) -> float:
    """Return the bound of two classes, short to write where that leaves every value in its class."""
    for places in range(decimals + 1):
        short = math.floor(above * 10**places) / 10**places
        if below < short <= above:
            return short
    return above


def bounds(values: Iterable[float], method: str, count: int, decimals: int) -> tuple[float, ...]:
    """Return the inner bounds of classes: a value that equals a bound belongs to the class above it.

    Parameters
    ----------
    values : the values of all maps that share the classes; at least one.
    method : `quantiles`, `egales` (equal intervals) or `naturelles` (Fisher and Jenks).
    count : how many classes there shall be; fewer where there are fewer different values.
    """
    known = sorted(values)
    wanted = min(count, len(set(known)))
    if wanted < FEWEST:
        return ()
    if method == EQUAL:
        width = (known[-1] - known[0]) / wanted
        cuts = [round(known[0] + width * place, max(decimals, 0) + 2) for place in range(1, wanted)]
        return tuple(cut for cut in cuts if known[0] < cut <= known[-1])
    if method == QUANTILES:
        tops = [float(one) for one in mapclassify.Quantiles(known, k=wanted).bins]
    else:
        with warnings.catch_warnings():
            # It advises to compile itself, which would take a larger package than all of ours; these are few values.
            warnings.filterwarnings("ignore", "Numba not installed")
            tops = [float(one) for one in mapclassify.FisherJenks(_thinned(known), k=wanted).bins]
    found = []
    for top in dict.fromkeys(tops[:-1]):
        below = max((value for value in known if value <= top), default=None)
        above = min((value for value in known if value > top), default=None)
        if below is not None and above is not None:
            found.append(_between(below, above, decimals))
    return tuple(dict.fromkeys(found))
