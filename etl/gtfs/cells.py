"""What stands in the cells of a feed: times past midnight, days, references to rows of other tables."""

import re
from collections.abc import Callable
from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import compute

# Service that begins on one day may run on into the next ones: hours go on past 24.
_TIME = r"\A[0-9]{1,2}:[0-5][0-9]:[0-5][0-9]\z"
_DAY = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_FIRST_YEAR, _LAST_YEAR = 1990, 2100


def places_in(texts: pd.Series, known: pd.Series) -> np.ndarray:
    """Return where each text stands among the known ones (int64), -1 where it does not."""
    found = compute.index_in(pa.array(texts, pa.large_string()), pa.array(known, pa.large_string()))
    return np.asarray(found.fill_null(-1).to_numpy(zero_copy_only=False), dtype="int64")


def _by_text(column: pd.Series, read: Callable[[str], float | None]) -> tuple[np.ndarray, pd.Series]:
    """Read each different text once.

    Parameters
    ----------
    read : the value of a text, missing where it says nothing, none where it is wrong.

    Returns
    -------
    Values (float64, missing where there is none), and on the column's index which cells are wrong.
    """
    codes, texts = pd.factorize(column)
    found = [read(text) for text in texts]
    values = np.array([np.nan if one is None else one for one in found], dtype="float64")
    is_wrong = np.array([one is None for one in found], dtype=bool)
    return values[codes], pd.Series(is_wrong[codes], index=column.index)


def _day(text: str) -> float | None:
    found = _DAY.fullmatch(text.strip(" "))
    if found is None or not _FIRST_YEAR <= int(found[1]) <= _LAST_YEAR:
        return None
    try:
        return float(date(*(int(part) for part in found.groups())).toordinal())
    except ValueError:
        return None


def times(column: pd.Series) -> tuple[np.ndarray, pd.Series]:
    """Read a column of times: seconds (float64) after the midnight a day of service begins with; which are wrong.

    A blank cell is missing, not wrong. Millions of cells are read at once, by their places from the end.
    """
    texts = compute.utf8_trim(pa.array(column, pa.large_string()), " ")
    is_time = compute.match_substring_regex(texts, _TIME).to_numpy(zero_copy_only=False)
    found = texts.filter(pa.array(is_time))
    parts = [compute.utf8_slice_codeunits(found, *ends).cast("int64").to_numpy() for ends in ((0, -6), (-5, -3), (-2,))]
    values = np.full(len(column), np.nan)
    values[is_time] = 3600 * parts[0] + 60 * parts[1] + parts[2]
    is_filled = compute.not_equal(texts, "").to_numpy(zero_copy_only=False)
    return values, pd.Series(is_filled & ~is_time, index=column.index)


def days(column: pd.Series) -> tuple[np.ndarray, pd.Series]:
    """Read a column of dates: proleptic ordinals (1 January of year 1 is 1); which are wrong, blank ones too."""
    return _by_text(column, _day)


def degrees(column: pd.Series, most: float) -> tuple[np.ndarray, pd.Series]:
    """Read a column of coordinates in degrees, at most so many either way; which are wrong. A blank one is missing."""

    def read(text: str) -> float | None:
        if not text.strip(" "):
            return np.nan
        plain = re.fullmatch(r" *[+-]?[0-9]{1,3}(\.[0-9]*)?([eE]-?[0-9]{1,2})? *", text)
        value = float(text) if plain else np.nan
        return value if abs(value) <= most else None

    return _by_text(column, read)
