"""Rows of the city's registers: what their cells say, where they lie, and what is wrong with those that do not fit."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import shapely

from data.errors import UnreadableFileError
from data.gap_sheet.layout import Column
from data.gap_sheet.words import choices, say
from data.register_sheet.places import districts_of
from data.rules.dates import period_end
from etl.intake import Extracted, Loaded, Rejection, Scope
from etl.judging import Wrong
from etl.outlines import WGS84, metric_crs, projected
from etl.placing import SKETCHED
from etl.reading.cells import number_of
from etl.register_sheets import plain
from etl.tallies import INCOMPLETE, annotate

Row = dict[str, Any]
# How far a facility of a commune may stand from its outline: the sketch is good to about 100 m.
FARTHEST_M = 300


@dataclass(frozen=True)
class Spot:
    """Where a row lies: its position where it gives one, its district where that is known, and whether it said it."""

    longitude: float | None
    latitude: float | None
    district: str
    is_stated: bool


class Reader:
    """Reads the cells of rows of one commune; what is wrong with the row at hand is in `wrong`.

    `period` is that of the list: nothing in it lies later.
    """

    def __init__(self, commune: str, scope: Scope, period: str) -> None:
        self.commune, self.scope, self.last_day = commune, scope, period_end(period)
        self.districts = {plain(name): code for code, name in districts_of(scope.outlines.frame, commune).items()}
        communes = scope.outlines.of_level("commune").set_index("ref_area")["geometry"]
        self.outline = communes.get(commune)
        self.wrong: list[Wrong] = []

    def reject(self, column: str, reason: str) -> None:
        """Note what is wrong with a cell of the row at hand."""
        self.wrong.append(Wrong(column, reason))

    def number(self, row: Row, column: Column, *, is_needed: bool = False) -> float | None:
        """Return the number of a cell, nothing where it is blank or unfit."""
        found = number_of(row[column.name], whole=column.kind == "whole", negative=column.low < 0)
        if found.reason:
            self.reject(column.name, found.reason)
        elif found.value is None and is_needed:
            self.reject(column.name, "value_missing")
        elif found.value is not None and not column.low <= found.value <= column.high:
            self.reject(column.name, "number_out_of_bounds")
        return found.value

    def word(self, row: Row, column: Column) -> str:
        """Return what a word of a list stands for; every row needs one."""
        text = plain(row[column.name])
        known = {plain(words): name for name, words in choices(column).items()}
        if not text:
            self.reject(column.name, "value_missing")
        elif text not in known:
            self.reject(column.name, "unknown_word")
        return known.get(text, "")

    def check_day(self, row: Row, column: Column) -> None:
        """Check that a cell holds no day, or one that has come."""
        text = row[column.name]
        try:
            day = date.fromisoformat(text) if text else None
        except ValueError:
            self.reject(column.name, "malformed_date")
            return
        if day is not None and day > self.last_day:
            self.reject(column.name, "future_period")

    def spot(self, row: Row) -> Spot:
        """Return where a row lies: the district it names holds over that of its position."""
        longitude, latitude = (number_of(row[name], negative=True) for name in ("longitude", "latitude"))
        for name, number in (("longitude", longitude), ("latitude", latitude)):
            if number.reason:
                self.reject(name, number.reason)
        stated = plain(row["register_district"])
        if stated and stated not in self.districts:
            self.reject("register_district", "unknown_district")
        if longitude.value is None or latitude.value is None:
            if longitude.value != latitude.value and not (longitude.reason or latitude.reason):
                self.reject("longitude" if longitude.value is None else "latitude", "position_missing")
            return Spot(None, None, self.districts.get(stated, ""), is_stated=bool(stated))
        point = np.array([shapely.Point(longitude.value, latitude.value)], dtype=object)
        if not self._is_near(point):
            self.reject("longitude", "position_elsewhere")
        drawn = self.scope.outlines.locate(point, "district").iloc[0]
        drawn = drawn if drawn in self.districts.values() else ""
        return Spot(longitude.value, latitude.value, self.districts.get(stated, drawn), is_stated=bool(stated))

    def _is_near(self, point: np.ndarray) -> bool:
        if self.outline is None:
            return True
        crs = metric_crs(self.commune)
        outline = projected(np.array([self.outline], dtype=object), WGS84, crs)[0]
        return bool(shapely.distance(projected(point, WGS84, crs)[0], outline) <= FARTHEST_M)


def commune_of(extracted: Extracted, scope: Scope) -> str:
    """Return the commune a workbook is about: the one it was written for, else the only one that is asked for.

    Raises
    ------
    UnreadableFileError
        It was written for another commune than the one asked for.
    """
    stated = next(iter(extracted.frame["commune"].unique()), "")
    if stated and stated not in scope.communes:
        raise UnreadableFileError(f"{extracted.file} was written for commune {stated}: name it with --commune {stated}")
    if stated or len(scope.communes) == 1:
        return str(stated or next(iter(scope.communes)))
    raise UnreadableFileError(f"{extracted.file} does not say its commune: name it with --commune")


Judge = Callable[[Row, Reader], list[Row]]


def judged_rows(
    extracted: Extracted, reader: Reader, judges: dict[str, Judge]
) -> tuple[pd.DataFrame, list[Rejection], int]:
    """Return what the rows of tabs say, why others say nothing, and how many say what is out of scope.

    Parameters
    ----------
    judges : by tab what gives the records of a row (none: out of scope), and notes what is wrong in its reader.
    """
    records: list[Row] = []
    rejected: list[Rejection] = []
    out_of_scope = 0
    for row in extracted.frame.to_dict("records"):
        reader.wrong = []
        found = judges[str(row["tab"])]({str(name): value for name, value in row.items()}, reader)
        rejected += [
            Rejection(
                str(row["file"]), int(row["line"]), say(f"column.{one.column}.title"), str(row[one.column]), one.reason
            )
            for one in reader.wrong
        ]
        if not reader.wrong:
            records += [record | {"commune": reader.commune} for record in found]
            out_of_scope += not found
    columns = ["commune", "district", "indicator", "value", "is_stated"]
    frame = pd.DataFrame(records) if records else pd.DataFrame(columns=columns)
    return frame, rejected, out_of_scope


def where_stated(observations: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Return observations with sure figures of districts, all of whose rows name their district themselves."""
    stated = rows[rows["district"] != ""].groupby(["district", "indicator"])["is_stated"].all()
    keys = pd.MultiIndex.from_frame(observations[["ref_area", "indicator"]])
    is_sure = (
        stated.reindex(keys, fill_value=False).to_numpy(dtype=bool) & observations["obs_status"].eq("E").to_numpy()
    )
    found = observations.copy()
    found.loc[is_sure, "obs_status"] = "A"
    for column, words in zip(("note_fr", "note_en"), SKETCHED, strict=True):
        found.loc[is_sure, column] = found.loc[is_sure, column].str.replace(words, "", regex=False).str.strip()
    return found


def marked_incomplete(observations: pd.DataFrame, indicators: tuple[str, ...], is_incomplete: bool) -> pd.DataFrame:
    """Return observations, those of a list some rows of which could not be used estimated, with a note that says so."""
    found = observations.copy()
    annotate(found, found["indicator"].isin(indicators) & is_incomplete, INCOMPLETE, "E")
    return found


def loaded(
    extracted: Extracted, observations: pd.DataFrame, rejected: list[Rejection], out_of_scope: int,
    places: pd.DataFrame | None = None,
) -> Loaded:  # fmt: skip
    """Return what became of the rows of a workbook."""
    wrong = tuple(sorted({*extracted.rejected, *rejected}))
    bad = len({(one.file, one.line) for one in wrong})
    build = partial(Loaded, extracted.file, observations, wrong, extracted.read)
    found = extracted.read - bad - out_of_scope
    return build(found, out_of_scope) if places is None else build(found, out_of_scope, places=places)
