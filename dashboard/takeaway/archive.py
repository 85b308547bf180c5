"""Rows in every format they can be had in, with what is needed to read them, in one file."""

import io
import zipfile
from collections.abc import Callable, Sequence

import pandas as pd

from dashboard.content.pieces import Table
from dashboard.messages import message
from dashboard.takeaway.geographic import geojson
from dashboard.takeaway.holding import ImpossibleFormatError, is_observations
from dashboard.takeaway.package import DATA, MANIFEST, README, STRUCTURE, manifest, readme
from dashboard.takeaway.plain import csv_bytes, parquet_bytes
from dashboard.takeaway.sdmx import sdmx_csv, structure_csv
from dashboard.takeaway.workbook import workbook
from dashboard.view import View

# The first moment the format knows: the same content has the same bytes, whenever it is made.
_MOMENT = (1980, 1, 1, 0, 0, 0)
_UNIX, _READABLE = 3, 0o644 << 16
# These are compressed already.
_STORED = frozenset({f"{DATA}.parquet", f"{DATA}.xlsx"})


def _files(
    view: View, frame: pd.DataFrame, title: str, tables: Sequence[Table], link: str
) -> tuple[dict[str, bytes], list[str]]:
    """Return the files of data by name, and in words why formats that these rows cannot have are not among them."""
    writers: dict[str, Callable[[], bytes]] = {
        "csv": lambda: csv_bytes(frame),
        "parquet": lambda: parquet_bytes(frame),
        "xlsx": lambda: workbook(view, frame, title, tables, link),
        "sdmx.csv": lambda: sdmx_csv(view, frame),
        "geojson": lambda: geojson(view, frame),
    }
    files, left_out = {}, []
    for kind, write in writers.items():
        try:
            files[f"{DATA}.{kind}"] = write()
        except ImpossibleFormatError as error:
            left_out.append(message(f"takeaway.{error.reason}", view.language))
    if is_observations(frame):
        files[STRUCTURE] = structure_csv(view.language)
    return files, left_out


def _packed(files: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, _MOMENT)
            entry.create_system, entry.external_attr = _UNIX, _READABLE
            entry.compress_type = zipfile.ZIP_STORED if name in _STORED else zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return stream.getvalue()


def archive(
    view: View, frame: pd.DataFrame, name: str, title: str, tables: Sequence[Table] = (), link: str = ""
) -> bytes:
    """Return rows in every format they can be had in, with descriptor and text: the same rows give the same bytes.

    Parameters
    ----------
    name : what the export is called in addresses.
    tables : those the page shows of these rows.
    link : where the rows can be had again.
    """
    data, left_out = _files(view, frame, title, tables, link)
    text = readme(view, frame, title, link, [*data, MANIFEST], left_out)
    return _packed({README: text, MANIFEST: manifest(view, frame, name, title, link, data), **data})
