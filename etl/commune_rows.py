"""Rows of tables by commune: which are in scope, which cannot be used and why, and what the others observe."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import compute

from etl.intake import Extracted, Loaded, Rejection, Scope
from etl.reading.cells import commune_reasons, counts, distinct, is_one_of
from etl.reading.column_names import same_name


@dataclass(eq=False)
class CommuneRows:
    """The rows of communes in scope, narrowed as rows are rejected.

    `rows` are those that can still be used, `rejected` why others cannot, `out_of_scope` how many are of other areas.
    """

    file: str
    read: int
    rows: pd.DataFrame
    out_of_scope: int
    rejected: list[Rejection] = field(default_factory=list)

    def reject(self, column: str, reasons: pd.Series) -> None:
        """Note the rows that have a reason; they stay until `drop_rejected`, so that all their faults are found."""
        bad = reasons[reasons.ne("").to_numpy(dtype=bool)]
        if bad.empty:
            return
        cells = self.rows.loc[bad.index]
        self.rejected += [
            Rejection(self.file, int(line), column, value, reason)
            for line, value, reason in zip(cells["line"], cells[column], bad, strict=True)
        ]

    def reject_where(self, column: str, is_bad: pd.Series, reason: str) -> None:
        """Note the rows of a mask, all for one reason."""
        if not is_bad.any():
            return
        bad = is_bad[is_bad.to_numpy(dtype=bool)]
        self.reject(column, pd.Series(reason, index=bad.index, dtype="str"))

    def drop_rejected(self) -> None:
        """Keep the rows without fault."""
        lines = {one.line for one in self.rejected}
        if lines:
            self.rows = self.rows[~self.rows["line"].isin(lines)]

    def read_counts(self, columns: tuple[str, ...]) -> pd.DataFrame:
        """Return the counts of columns (float64, blank cells missing); rows with others are rejected and dropped."""
        found = {}
        for column in columns:
            found[column], reasons = counts(self.rows[column])
            self.reject(column, reasons)
        self.drop_rejected()
        return pd.DataFrame(found, index=self.rows.index, columns=list(columns))

    def names(self, area: str, column: str) -> dict[str, str]:
        """Return what a column (case free) calls communes, by their code in another; none where it is not there."""
        found = [str(name) for name in self.rows.columns if same_name(str(name)) == same_name(column)]
        if not found:
            return {}
        codes, texts = (pa.array(self.rows[one], pa.large_string()) for one in (area, found[0]))
        names = compute.utf8_trim_whitespace(texts)
        is_name = compute.and_(compute.utf8_is_printable(names), compute.not_equal(names, ""))
        return dict(zip(codes.filter(is_name).to_pylist(), names.filter(is_name).to_pylist(), strict=True))

    def loaded(self, observations: pd.DataFrame, names: dict[str, str] | None = None) -> Loaded:
        """Return what became of the file; `names` is what it calls communes, by code."""
        return Loaded(
            self.file, observations, tuple(sorted(self.rejected)), self.read, len(self.rows), self.out_of_scope,
            names=names or {},
        )  # fmt: skip


def in_scope(extracted: Extracted, column: str, scope: Scope) -> CommuneRows:
    """Choose the rows of communes in scope; a text that cannot be a commune's code is rejected wherever it lies."""
    frame = extracted.frame
    places, codes = distinct(frame[column])
    reasons = commune_reasons(codes)
    is_wanted = is_one_of(codes, pa.array(list(scope.communes), pa.large_string()))
    is_wanted[reasons.index] = False
    mine = is_wanted[places]
    bad = []
    if len(reasons):
        is_bad = codes.index.isin(reasons.index)[places]
        bad = [
            Rejection(extracted.file, int(line), column, codes[place], reasons[place])
            for line, place in zip(frame["line"][is_bad], places[is_bad], strict=True)
        ]
    out_of_scope = len(frame) - len(bad) - int(mine.sum())
    rows = frame if mine.all() else frame[mine]
    return CommuneRows(extracted.file, extracted.read, rows, out_of_scope, [*extracted.rejected, *bad])


@dataclass(frozen=True, eq=False)
class Column:
    """What a column observes: an indicator, of a period or one per row, and how the source calls it."""

    name: str
    indicator: str
    period: str | pd.Series
    detail: str


def observe(areas: pd.Series, values: pd.DataFrame, columns: list[Column], source: str) -> pd.DataFrame:
    """Return the observations of columns, one column after the other.

    A value that is not there is missing (status O), not zero.

    Parameters
    ----------
    areas, values : the commune of each row, and its numbers by column.
    """
    rows, names = len(areas), [column.name for column in columns]
    numbers = values[names].to_numpy(dtype="float64").ravel(order="F")
    periods = [_repeated([one.period], rows) if isinstance(one.period, str) else one.period for one in columns]
    statuses = pd.Series(["A", "O"], dtype="str").take(np.isnan(numbers).astype("int64"))
    frame = pd.DataFrame({"obs_value": numbers})
    frame["ref_area"] = pd.concat([areas] * len(columns)).array
    frame["indicator"] = _repeated([column.indicator for column in columns], rows).array
    frame["time_period"] = pd.concat(periods).array
    frame["obs_status"] = statuses.array
    frame["source_detail"] = _repeated([column.detail for column in columns], rows).array
    for column, text in {"conf_status": "F", "source": source, "note_fr": "", "note_en": ""}.items():
        frame[column] = _repeated([text], len(frame)).array
    return frame


def _repeated(texts: list[str], times: int) -> pd.Series:
    """Return each text so many times; many times quicker than from Python strings."""
    pieces = [pa.repeat(pa.scalar(text, pa.large_string()), times) for text in texts]
    return pd.Series(pd.array(pa.concat_arrays(pieces), dtype="str"))
