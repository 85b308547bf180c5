"""Rows as the bytes of an answer: a page as JSON, the rows alone in the formats that pages offer for download."""

import json
from typing import Any

import numpy as np
import pandas as pd

from dashboard.api.problems import ProblemError, Wrong
from dashboard.takeaway.geographic import NoGeometryError, geojson
from dashboard.takeaway.plain import csv_bytes, parquet_bytes
from dashboard.takeaway.sdmx import sdmx_csv
from dashboard.view import View


def _cell(value: Any) -> Any:
    """Return a value as JSON holds it: nothing where there is no number."""
    if isinstance(value, np.ndarray):
        return value.tolist()
    return None if isinstance(value, float) and value != value else value


def to_items(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return rows as JSON holds them, a number that is missing as null."""
    columns = [[_cell(value) for value in frame[name].tolist()] for name in frame.columns]
    return [dict(zip(frame.columns, row, strict=True)) for row in zip(*columns, strict=True)]


def to_json(content: object) -> bytes:
    """Return what JSON holds as bytes; a number that is none is a fault."""
    return json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def _listed(value: Any) -> Any:
    return ";".join(map(str, value.tolist())) if isinstance(value, np.ndarray) else value


def _flat(frame: pd.DataFrame) -> pd.DataFrame:
    """Return rows for a table of plain cells: a list as its values with semicolons between."""
    lists = [name for name in frame.columns if frame[name].map(lambda value: isinstance(value, np.ndarray)).any()]
    return frame.assign(**{name: frame[name].map(_listed) for name in lists})


def to_bytes(view: View, frame: pd.DataFrame, kind: str) -> bytes:
    """Return rows in a format that is not JSON.

    Raises
    ------
    ProblemError
        406: none of the rows has a place, and the format is one for maps.
    """
    match kind:
        case "csv":
            return csv_bytes(_flat(frame))
        case "sdmx-csv":
            return sdmx_csv(view, frame)
        case "geojson":
            try:
                return geojson(view, frame)
            except NoGeometryError as error:
                raise ProblemError(406, "no_geometry", [Wrong("format", kind, "no_geometry")]) from error
        case _:
            return parquet_bytes(frame)
