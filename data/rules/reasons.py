"""Why a cell differs between two releases: new data, a correction, or a method that changed."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from data.frames import rows_of
from data.schemas import TABLES

NEW_DATA, CORRECTION, METHOD = "new_data", "correction", "method"
# Where several inputs changed for several reasons, the first of these is said.
REASONS = (NEW_DATA, CORRECTION, METHOD)

# What tells a newer statement of the same thing from another reading of the same one.
_EDITION = frozenset({"as_of", "source", "time_period", "edition_date", "boundary", "boundary_source"})
_EDITION_KEYS = _EDITION | {"source_detail"}
_DEFINITION = frozenset({"unit", "aggregation", "direction", "expression", "method_fr", "method_en", "definition_fr",
                         "definition_en", "minimum", "maximum", "decimals"})  # fmt: skip
_SERIES = ("observations", "context")
_CORRECTIONS = "corrections"
_FORMULA_INPUT = re.compile(r"(\w+)@([^\[;]+)\[([^\]]+)\]")

# A value of a series: indicator, area (or the commune of the IRIS that are added up), period, edition.
Value = tuple[str, str, str, str]
Row = tuple[str, ...]
Releases = tuple[Mapping[str, pd.DataFrame], ...]
IRIS_LENGTH = 9


@dataclass(frozen=True)
class _Series:
    """A row of a table of observations that differs: what it is, and what it is made from in either release."""

    table: str
    row: Row
    derived_from: str

    @property
    def value(self) -> Value:
        area, indicator, period, _, _, source = self.row
        return indicator, area, period, source

    def inputs(self) -> Iterator[Value]:
        """Yield the values it is computed from."""
        indicator, area, period, source = self.value
        for name, when, edition in _FORMULA_INPUT.findall(self.derived_from):
            yield name, area, when, edition
        if "IRIS" in self.derived_from:
            yield indicator, f"IRIS of {area[:5]}", period, source


def _first(reasons: Iterable[str]) -> str:
    found = set(reasons)
    return next((reason for reason in REASONS if reason in found), "")


def _without_edition(table: str, row: Row) -> Row:
    return tuple(text for name, text in zip(TABLES[table].key, row, strict=True) if name not in _EDITION_KEYS)


def _texts(
    releases: Iterable[Mapping[str, pd.DataFrame]], table: str, column: str, wanted: Collection[Row]
) -> dict[Row, str]:
    """Return a text column of the rows that are wanted, by key: what both releases say, once where they agree."""
    found: dict[Row, dict[str, None]] = {row: {} for row in wanted}
    for release in releases:
        if table in release and wanted:
            frame = release[table][[*TABLES[table].key, column]]
            # Plain objects: going through Arrow's strings one by one takes many times as long.
            said = frame[frame[column] != ""].astype(object)
            for *row, text in said.itertuples(index=False, name=None):
                if tuple(row) in found:
                    found[tuple(row)][text] = None
    return {row: "; ".join(texts) for row, texts in found.items()}


class _Reasons:
    """The reasons of the differences of two releases, worked out from what was stated to what was derived."""

    def __init__(self, cells: pd.DataFrame, releases: Releases, absent: Collection[str]) -> None:
        self.absent = frozenset(absent)
        self.columns: dict[tuple[str, Row], set[str]] = defaultdict(set)
        self.rows: dict[str, set[tuple[str, Row]]] = defaultdict(set)
        self.appeared: set[tuple[str, Row]] = set()
        self.of_indicator: dict[str, set[str]] = defaultdict(set)
        # Figures whose declared correction came, changed or went: that table has the key of the observations.
        self.corrected: set[Row] = set()
        cell: Any
        for cell in rows_of(cells):
            self.columns[cell.table, cell.row].add(cell.column)
            self.rows[cell.change].add((cell.table, cell.row))
            if cell.table == _CORRECTIONS:
                self.corrected.add(cell.row)
            if cell.column == "obs_value" and not cell.old:
                self.appeared.add((cell.table, cell.row))
        self.renewed = {(table, _without_edition(table, row)) for table, row in self.rows["added"]}
        self.redefined = {
            row[0]
            for (table, row), columns in self.columns.items()
            if table == "indicators" and columns & (_DEFINITION | {""})
        }
        self.rewritten = self._rewritten(releases)
        self.derived = self._derived(releases)

    def _rewritten(self, releases: Releases) -> set[tuple[str, Row]]:
        """Return rows of a same figure of a same edition that stand under another key: area or period corrected."""
        found = set()
        for table in _SERIES:
            sides: list[dict[tuple[str, str], Row]] = []
            for change in ("added", "removed"):
                mine = {row for name, row in self.rows[change] if name == table}
                figures = _texts(releases, table, "figure_id", mine)
                sides.append({(figures[row], row[-1]): row for row in mine if figures[row]})
            found |= {(table, side[figure]) for figure in sides[0].keys() & sides[1].keys() for side in sides}
        return found

    def _derived(self, releases: Releases) -> dict[tuple[str, Row], str]:
        """Return the reason of every derived value that differs; what no input explains comes from the method."""
        series = []
        for table in _SERIES:
            mine = {row for name, row in self.columns if name == table}
            made = _texts(releases, table, "derived_from", mine)
            series += [_Series(table, row, made[row]) for row in sorted(mine)]
        known: dict[Value, set[str]] = defaultdict(set)
        for one in series:
            if not one.derived_from:
                self._remember(known, one, self.stated(one.table, one.row))
        pending = [one for one in series if one.derived_from]
        found = {(one.table, one.row): METHOD for one in pending}
        while settled := {one: reason for one in pending if (reason := self._of_inputs(one, known))}:
            for one, reason in settled.items():
                found[one.table, one.row] = reason
                self._remember(known, one, reason)
            pending = [one for one in pending if one not in settled]
        return found

    def _remember(self, known: dict[Value, set[str]], one: _Series, reason: str) -> None:
        indicator, area, period, source = one.value
        known[one.value].add(reason)
        self.of_indicator[indicator].add(reason)
        if len(area) == IRIS_LENGTH and area.isalnum():
            known[indicator, f"IRIS of {area[:5]}", period, source].add(reason)

    def _of_inputs(self, one: _Series, known: Mapping[Value, set[str]]) -> str:
        if one.row[1] in self.redefined:
            return METHOD
        reasons = [reason for value in one.inputs() for reason in known.get(value, ())]
        if "iris_weights" in one.derived_from and any(table == "iris_weights" for table, _ in self.columns):
            reasons.append(self.of_boundaries())
        return _first(reasons)

    def of_boundaries(self) -> str:
        """Return why the shares of areas changed: the reason of the outlines they are computed from."""
        outlines = {"geometry", "boundary", "boundary_source", ""}
        places = [place for place, columns in self.columns.items() if place[0] == "territories" and columns & outlines]
        return _first(self.stated(*place) for place in places) or METHOD

    def stated(self, table: str, row: Row) -> str:
        """Return why a row that is not derived differs."""
        place = table, row
        if table in self.absent:
            return METHOD
        if place in self.rewritten or (self._is_corrected(*place) and place not in self.rows["added"]):
            return CORRECTION
        if place in self.rows["removed"]:
            shortened = _without_edition(table, row)
            return NEW_DATA if len(shortened) < len(row) and (table, shortened) in self.renewed else CORRECTION
        is_newer = place in self.rows["added"] or place in self.appeared or _EDITION & self.columns[place]
        return NEW_DATA if is_newer else CORRECTION

    def _is_corrected(self, table: str, row: Row) -> bool:
        return table in _SERIES and row in self.corrected

    def of_cell(self, cell: Any) -> str:
        """Return why one cell differs."""
        place = cell.table, cell.row
        if cell.table == _CORRECTIONS:
            return CORRECTION
        if {cell.table, f"{cell.table}.{cell.column}"} & self.absent:
            return METHOD
        if place in self.derived:
            return self.derived[place]
        if cell.table == "iris_weights":
            return self.of_boundaries()
        if cell.table == "indicators" and cell.column in _DEFINITION:
            return METHOD
        if cell.column == "district_class_bounds":
            return _first(self.of_indicator[cell.row[0]]) or METHOD
        is_filled = cell.change == "changed" and not cell.old and not self._is_corrected(*place)
        return NEW_DATA if is_filled else self.stated(*place)


def with_reasons(
    cells: pd.DataFrame, old: Mapping[str, pd.DataFrame], new: Mapping[str, pd.DataFrame], absent: Collection[str]
) -> pd.DataFrame:
    """Add to the differences of two releases why each came about.

    `new_data`: a row or value that did not exist, or of another edition, date of statement or period. `correction`: the
    same key and edition say something else, or a declared correction came or went. `method`: a definition or the schema
    changed, or a derived value did while its inputs did not. A derived value whose inputs changed has the reason of its
    inputs.

    Parameters
    ----------
    cells : `table`, `row` (values of the key), `column`, `old`, `new`, `change`.
    absent : tables, and columns as `table.column`, that one of the releases cannot have.
    """
    reasons = _Reasons(cells, (old, new), absent)
    return cells.assign(reason=[reasons.of_cell(cell) for cell in rows_of(cells)])
