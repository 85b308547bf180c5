"""What stands in the cells of received tables: numbers as publishers write them, codes of communes."""

import re
from dataclasses import dataclass
from math import isfinite

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import compute

# Ordinary, no-break and narrow no-break space: what a publisher may part thousands with.
SPACES = " \u00a0\u202f"
# What is read at once: digits alone, and no more of them than a number of 64 bits holds exactly.
_PLAIN_DIGITS = 15
_NOT_FINITE = re.compile(r"[+-]?(nan|inf|infinity)", re.IGNORECASE)
_METROPOLE = "(?:0[1-9]|1[0-9]|2[1-9AB]|[3-8][0-9]|9[0-5])[0-9]{3}"
COMMUNE = rf"{_METROPOLE}|97[1-8][0-9]{{2}}|98[6-9][0-9]{{2}}"
IRIS = rf"(?:{COMMUNE})[0-9]{{4}}"
# The highest number a commune has in its département, packaged 2021 census: a round number above it is a postcode.
_HIGHEST = {
    "01": 457, "02": 834, "03": 321, "04": 245, "05": 184, "06": 163, "07": 349, "08": 503, "09": 342, "10": 445,
    "11": 441, "12": 307, "13": 216, "14": 764, "15": 269, "16": 425, "17": 486, "18": 290, "19": 289, "21": 717,
    "22": 391, "23": 266, "24": 587, "25": 635, "26": 382, "27": 701, "28": 426, "29": 302, "2A": 363, "2B": 366,
    "30": 356, "31": 593, "32": 468, "33": 555, "34": 344, "35": 363, "36": 248, "37": 282, "38": 567, "39": 586,
    "40": 334, "41": 297, "42": 339, "43": 268, "44": 224, "45": 348, "46": 340, "47": 328, "48": 198, "49": 381,
    "50": 648, "51": 663, "52": 550, "53": 276, "54": 602, "55": 586, "56": 264, "57": 767, "58": 313, "59": 670,
    "60": 703, "61": 512, "62": 909, "63": 473, "64": 560, "65": 482, "66": 234, "67": 559, "68": 386, "69": 389,
    "70": 583, "71": 591, "72": 386, "73": 330, "74": 315, "75": 120, "76": 759, "77": 534, "78": 688, "79": 357,
    "80": 836, "81": 326, "82": 195, "83": 154, "84": 151, "85": 306, "86": 300, "87": 206, "88": 532, "89": 486,
    "90": 105, "91": 692, "92": 78, "93": 79, "94": 81, "95": 690, "971": 34, "972": 34, "973": 62, "974": 24,
}  # fmt: skip
# Those that would pass for codes, but for their number.
_POSTCODES = frozenset(
    f"{department}{number:0{5 - len(department)}d}"
    for department, highest in _HIGHEST.items()
    for number in range(0, 10 ** (5 - len(department)), 10)
    if not 0 < number <= highest
)

_POSTCODE_TEXTS = pa.array(sorted(_POSTCODES), pa.large_string())


@dataclass(frozen=True)
class Number:
    """What a cell says: a value, nothing (blank, no reason), or something unusable with its reason."""

    value: float | None
    reason: str = ""


def number_of(
    text: str, *, decimal: str = ".", thousands: str = "", negative: bool = False, whole: bool = False
) -> Number:
    """Read a number as its publisher writes it.

    Parameters
    ----------
    decimal : the decimal mark, "." or ",".
    thousands : what may part thousands (`SPACES`, for one), nothing unless the publisher does.
    negative, whole : whether it may be below zero; whether it counts things and has no fraction.

    Returns
    -------
    Number
        With reason `not_a_number`, `not_finite`, `negative` or `not_whole` where it cannot be used.
    """
    bare = text.strip(" ")
    if not bare:
        return Number(None)
    if _NOT_FINITE.fullmatch(bare):
        return Number(None, "not_finite")
    parts = f"[0-9]{{1,3}}(?:[{re.escape(thousands)}][0-9]{{3}})+|" if thousands else ""
    if not re.fullmatch(rf"-?(?:{parts}[0-9]+)(?:{re.escape(decimal)}[0-9]+)?(?:[eE][+-]?[0-9]+)?", bare):
        return Number(None, "not_a_number")
    value = float("".join(one for one in bare if one not in thousands).replace(decimal, "."))
    if not isfinite(value):
        return Number(None, "not_finite")
    if value < 0 and not negative:
        return Number(None, "negative")
    # Adding zero turns -0.0 into 0.0.
    return Number(None, "not_whole") if whole and not value.is_integer() else Number(value + 0.0)


def _arrow(column: pd.Series) -> pa.Array:
    """Return a column of texts as one Arrow array."""
    texts = pa.array(column, pa.large_string())
    return texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts


def counts(column: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Read a column of counts.

    Returns
    -------
    tuple of pd.Series
        Values (float64, missing where blank or unusable) and reasons (empty where usable), on the column's index.
    """
    texts = _arrow(column)
    is_plain = compute.and_(
        compute.and_(compute.utf8_is_decimal(texts), compute.string_is_ascii(texts)),
        compute.less_equal(compute.binary_length(texts), _PLAIN_DIGITS),
    )
    numbers = compute.if_else(is_plain, texts, None).cast(pa.float64())
    values = pd.Series(numbers.to_numpy(zero_copy_only=False), index=column.index).copy()
    reasons = pd.Series("", index=column.index, dtype="str")
    odd = compute.unique(texts.filter(compute.invert(is_plain))).to_pylist()
    others = {text: number_of(text, whole=True) for text in odd if text != ""}
    for text, number in others.items():
        values[column == text] = np.nan if number.value is None else number.value
        reasons[column == text] = number.reason
    return values, reasons


def commune_code(text: str) -> str:
    """Return why a text is no code of a commune, nothing where it has the form of one.

    A postcode cannot be told from a code in general: it is where the département has no commune with a number that
    high, or none can have it (20xxx, xx000).
    """
    if any(character.isspace() for character in text):
        return "space_in_code"
    if re.fullmatch("[1-9][0-9]{3}", text):
        return "leading_zero_lost"
    if re.fullmatch("20[0-9]{3}", text):
        return "postcode_not_commune"
    if not re.fullmatch(COMMUNE, text):
        return "malformed_code"
    return "postcode_not_commune" if text in _POSTCODES else ""


def iris_code(text: str) -> str:
    """Return why a text is no code of an IRIS, nothing where it has the form of one."""
    if any(character.isspace() for character in text):
        return "space_in_code"
    if re.fullmatch("[1-9][0-9]{7}", text):
        return "leading_zero_lost"
    return "" if re.fullmatch(IRIS, text) else "malformed_code"


def distinct(column: pd.Series) -> tuple[np.ndarray, pd.Series]:
    """Return for each row the place of its text among the distinct ones, and these: few where rows are many."""
    encoded = _arrow(column).dictionary_encode()
    return encoded.indices.to_numpy(), pd.Series(encoded.dictionary.to_pandas(), dtype="str")


def commune_reasons(codes: pd.Series) -> pd.Series:
    """Return why texts are no codes of communes, by their index; those that have the form of one are left out."""
    is_code = compute.match_substring_regex(_arrow(codes), f"^(?:{COMMUNE})$").to_numpy(zero_copy_only=False)
    return codes[~is_code | is_one_of(codes, _POSTCODE_TEXTS)].map(commune_code)


def is_one_of(codes: pd.Series, wanted: pa.Array) -> np.ndarray:
    """Return which texts are among those wanted (large strings); many times quicker than `isin` for many."""
    found: np.ndarray = compute.is_in(_arrow(codes), wanted).to_numpy(zero_copy_only=False)
    return found
