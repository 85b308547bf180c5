"""A download as bytes: the rows of an export in the format that is asked for."""

from collections.abc import Callable

import pandas as pd

from dashboard.exports import Parameters, export, form, is_form, title_of
from dashboard.takeaway.archive import archive
from dashboard.takeaway.geographic import geojson
from dashboard.takeaway.plain import csv_bytes, parquet_bytes
from dashboard.takeaway.sdmx import sdmx_csv
from dashboard.takeaway.tables import tables_of
from dashboard.takeaway.workbook import workbook
from dashboard.view import View

_PLAIN: dict[str, Callable[[View, pd.DataFrame], bytes]] = {
    "csv": lambda _view, frame: csv_bytes(frame),
    "parquet": lambda _view, frame: parquet_bytes(frame),
    "sdmx.csv": sdmx_csv,
    "geojson": geojson,
}


def made(view: View, name: str, kind: str, parameters: Parameters, link: str) -> bytes:
    """Return an export in a format, one of `dashboard.exports.KINDS`.

    Parameters
    ----------
    link : where it can be had again, which files that travel on their own say.

    Raises
    ------
    UnknownExportError, UnknownIndicatorError, UnknownAreaError
        There is no such export, or nothing of what it is asked about.
    ImpossibleFormatError
        The rows cannot be written in the format.
    """
    if kind == "xlsx" and is_form(name):
        return form(view, name)
    frame = export(view, name, parameters)
    if kind in _PLAIN:
        return _PLAIN[kind](view, frame)
    title, tables = title_of(view, name, parameters), tables_of(view, name, parameters)
    if kind == "xlsx":
        return workbook(view, frame, title, tables, link)
    return archive(view, frame, name, title, tables, link)
