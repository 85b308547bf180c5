"""The one module that reads and writes Parquet, GeoParquet included."""

import json
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from data.errors import SchemaMismatchError
from data.schemas import Table

# A small file may claim hundreds of millions of rows: the footer is read before anything is allocated.
MAXIMUM_ROWS = 20_000_000


def _geo_metadata(column: str) -> bytes:
    geo = {
        "version": "1.1.0",
        "primary_column": column,
        "columns": {column: {"encoding": "WKB", "geometry_types": [], "crs": None}},
    }
    # GeoParquet: no `crs` key at all means OGC:CRS84, longitude before latitude, which is what is stored.
    del geo["columns"][column]["crs"]  # type: ignore[index]
    return json.dumps(geo, sort_keys=True).encode()


def to_arrow(frame: pd.DataFrame, table: Table) -> pa.Table:
    """Turn a frame into the table its schema declares, sorted by key.

    Parameters
    ----------
    frame : one row per `table.key`, with exactly the columns of `table.schema`.

    Raises
    ------
    SchemaMismatchError
        A column is missing or unknown, a value does not fit its type, or a key occurs twice.
    """
    names = table.schema.names
    if set(frame.columns) != set(names):
        difference = sorted(set(frame.columns) ^ set(names))
        raise SchemaMismatchError(f"{table.name}: columns {difference} are missing or unknown")
    repeated = frame[frame.duplicated(list(table.key), keep=False)]
    if len(repeated):
        raise SchemaMismatchError(f"{table.name}: key {table.key} repeats: {repeated[list(table.key)].values[0]}")
    ordered = frame[names].sort_values(list(table.key), kind="stable").reset_index(drop=True)
    try:
        arrow = pa.Table.from_pandas(ordered, schema=table.schema, preserve_index=False)
    except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
        raise SchemaMismatchError(f"{table.name}: {error}") from error
    metadata = {b"geo": _geo_metadata(table.geometry)} if table.geometry else {}
    return arrow.replace_schema_metadata(metadata)


def write_table(frame: pd.DataFrame, table: Table, path: Path) -> int:
    """Write a frame as `path` (zstd) and return its number of rows; same frame and lock, same bytes."""
    arrow = to_arrow(frame, table)
    pq.write_table(arrow, path, compression="zstd", write_statistics=True)
    return int(arrow.num_rows)


def read_table(path: Path, table: Table) -> pd.DataFrame:
    """Read a table of a release into a frame with the declared columns.

    A column that the file has not, because older code wrote it, is empty: "" for text, missing for the rest.

    Raises
    ------
    SchemaMismatchError
        The file claims more rows than any release has, or has columns, types or an order that are not those declared.
    """
    with pq.ParquetFile(path) as file:
        if file.metadata.num_rows > MAXIMUM_ROWS:
            raise SchemaMismatchError(f"{path.name}: claims {file.metadata.num_rows} rows, more than {MAXIMUM_ROWS}")
        found = set(file.schema_arrow.names)
        known = pa.schema([field for field in table.schema if field.name in found])
        if not found or not file.schema_arrow.equals(known):
            raise SchemaMismatchError(f"{path.name}: columns differ from the schema of {table.name}; rebuild it")
        arrow = file.read()
    for place, field in enumerate(table.schema):
        if field.name not in found:
            empty = "" if field.type == pa.string() else None
            arrow = arrow.add_column(place, field, pa.array([empty] * arrow.num_rows, field.type))
    return arrow.to_pandas()


def columns_not_in(path: Path, table: Table) -> list[str]:
    """Return the declared columns that a file of a release has not."""
    found = set(pq.read_schema(path).names)
    return [name for name in table.schema.names if name not in found]


def frame_to_parquet_bytes(frame: pd.DataFrame) -> bytes:
    """Return a frame as the bytes of a Parquet file, for a download."""
    sink = pa.BufferOutputStream()
    pq.write_table(pa.Table.from_pandas(frame, preserve_index=False), sink, compression="zstd")
    return sink.getvalue().to_pybytes()
