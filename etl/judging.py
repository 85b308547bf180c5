"""Rows of a file judged one by one: loaded, out of scope, or rejected with every reason; nothing is guessed."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from typing import Any, cast

import pandas as pd

from etl.intake import Extracted, Loaded, Rejection
from etl.reading.cells import Number


@dataclass(frozen=True)
class Observed:
    """What a row says of an area, an indicator and a period; `obs_value` is missing where the status says so."""

    ref_area: str
    indicator: str
    time_period: str
    obs_value: float | None
    source: str
    source_detail: str
    obs_status: str = "A"
    conf_status: str = "F"
    note_fr: str = ""
    note_en: str = ""


@dataclass(frozen=True)
class Wrong:
    """A cell of a row that cannot be used, and why (a key of `quarantine.toml`)."""

    column: str
    reason: str


Row = dict[str, Any]
Judge = Callable[[Row], list[Observed] | list[Wrong]]


def numbers_in(row: Row, columns: Iterable[str], read: Callable[[str], Number]) -> tuple[dict[str, float], list[Wrong]]:
    """Return the numbers of some cells by column, and what is wrong with the others; empty cells are in neither."""
    found = {column: read(row[column]) for column in columns}
    wrong = [Wrong(column, number.reason) for column, number in found.items() if number.reason]
    return {column: number.value for column, number in found.items() if number.value is not None}, wrong


def one_by_one(reason_of: Callable[[str], str]) -> Callable[[pd.Series], pd.Series]:
    """Return what judges a column of codes, from what judges one."""
    return lambda codes: codes.map({code: reason_of(code) for code in codes.unique()})


def judged(
    extracted: Extracted, column: str, reasons_of: Callable[[pd.Series], pd.Series], scope: frozenset[str], judge: Judge
) -> Loaded:
    """Judge the rows whose code, in a column, is in scope.

    Parameters
    ----------
    reasons_of : by row what is wrong with the form of its code, empty or left out where nothing is; such a row is
        rejected, since nothing tells whether it is in scope.
    judge : the observations of a row, or all that is wrong with it.
    """
    codes = extracted.frame[column]
    reasons = reasons_of(codes).reindex(codes.index, fill_value="")
    is_mine = codes.isin(scope) & reasons.eq("")
    reasons = reasons.mask(is_mine & codes.duplicated(keep=False), "duplicate_key")
    is_bad = reasons.ne("")
    rejected = list(extracted.rejected)
    for row, reason in zip(_rows(extracted.frame[is_bad]), reasons[is_bad], strict=True):
        rejected.append(_rejection(extracted, row, Wrong(column, reason)))
    observed: list[Observed] = []
    loaded = 0
    for row in _rows(extracted.frame[is_mine & ~is_bad]):
        found = judge(row)
        wrong = [one for one in found if isinstance(one, Wrong)]
        rejected += [_rejection(extracted, row, one) for one in wrong]
        observed += [one for one in found if isinstance(one, Observed)]
        loaded += not wrong
    out_of_scope = int((~is_mine & ~is_bad).sum())
    return Loaded(extracted.file, framed(observed), tuple(sorted(rejected)), extracted.read, loaded, out_of_scope)


def _rows(frame: pd.DataFrame) -> list[Row]:
    return cast(list[Row], frame.to_dict("records"))


def _rejection(extracted: Extracted, row: Row, wrong: Wrong) -> Rejection:
    return Rejection(extracted.file, int(row["line"]), wrong.column, row[wrong.column], wrong.reason)


def framed(observed: list[Observed]) -> pd.DataFrame:
    """Return observations as a table."""
    columns = [field.name for field in fields(Observed)]
    frame = pd.DataFrame.from_records([vars(one) for one in observed], columns=columns)
    return frame.astype({"obs_value": "float64"})
