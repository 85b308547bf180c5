"""The one module that reads and writes Parquet, GeoParquet included."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import compute

from data.errors import SchemaMismatchError
from data.schemas import Table

# A small file may claim hundreds of millions of rows: the footer is read before anything is allocated.
MAXIMUM_ROWS = 20_000_000
# So many rows stand in a row group, with the least and greatest key beside them: one commune is read from one or two.
ROW_GROUP_ROWS = 16_384

Range = tuple[str, str]


@dataclass(frozen=True, eq=False)
class Part:
    """Rows of a table whose first key lies below a bound ("" for none), and not below that of the part before.

    `rows` is sorted by key, each text held once.
    """

    below: str
    rows: pa.Table


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
    try:
        arrow = pa.Table.from_pandas(frame[names], schema=table.schema, preserve_index=False)
    except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
        raise SchemaMismatchError(f"{table.name}: {error}") from error
    return _sorted(arrow, table)


def _sorted(arrow: pa.Table, table: Table) -> pa.Table:
    """Return rows in the order of their keys, with the metadata of the table; a key that occurs twice is refused."""
    arrow = arrow.sort_by([(name, "ascending") for name in table.key]).combine_chunks()
    if arrow.num_rows > 1:
        first, second = arrow.slice(0, arrow.num_rows - 1), arrow.slice(1)
        repeated = compute.equal(first[table.key[0]], second[table.key[0]])
        for name in table.key[1:]:
            repeated = compute.and_(repeated, compute.equal(first[name], second[name]))
        if compute.any(repeated).as_py():
            key = first.select(list(table.key)).filter(repeated).slice(0, 1).to_pylist()[0]
            raise SchemaMismatchError(f"{table.name}: key {table.key} repeats: {list(key.values())}")
    metadata = {b"geo": _geo_metadata(table.geometry)} if table.geometry else {}
    return arrow.replace_schema_metadata(metadata)


def part_of(frame: pd.DataFrame, table: Table, below: str) -> Part:
    """Return a frame as a part of a large table, in a tenth of its memory."""
    arrow = to_arrow(frame, table)
    texts = [column.dictionary_encode() if pa.types.is_string(column.type) else column for column in arrow.columns]
    return Part(below, pa.table(texts, names=arrow.schema.names))


def _in_order(frame: pd.DataFrame, table: Table, parts: Sequence[Part]) -> Iterator[pa.Table]:
    """Yield the rows of a frame and of parts, all in the order of their keys."""
    own, at = to_arrow(frame, table), 0
    for part in parts:
        end = own.num_rows
        if part.below:
            end = compute.sum(compute.less(own[table.key[0]], part.below), min_count=0).as_py()
        rows = part.rows.cast(table.schema).replace_schema_metadata(own.schema.metadata)
        yield _sorted(pa.concat_tables([own.slice(at, end - at), rows]), table)
        at = end
    if not parts or at < own.num_rows:
        yield own.slice(at)


def write_table(frame: pd.DataFrame, table: Table, path: Path, parts: Sequence[Part] = ()) -> int:
    """Write a frame, and the parts there are beside it, as `path` (zstd); same rows and lock, same bytes.

    Returns
    -------
    The number of rows.
    """
    rows, writer = 0, None
    try:
        for arrow in _in_order(frame, table, parts):
            if writer is None:
                writer = pq.ParquetWriter(path, arrow.schema, compression="zstd", write_statistics=True)
            writer.write_table(arrow, row_group_size=ROW_GROUP_ROWS)
            rows += arrow.num_rows
    finally:
        if writer is not None:
            writer.close()
    return rows


def _groups(file: pq.ParquetFile, column: str, ranges: Sequence[Range]) -> list[int]:
    """Return the row groups that may hold a row of some ranges of a column."""
    place, found = file.schema_arrow.names.index(column), []
    for group in range(file.metadata.num_row_groups):
        known = file.metadata.row_group(group).column(place).statistics
        if known is None or not known.has_min_max or any(known.max >= low and known.min < high for low, high in ranges):
            found.append(group)
    return found


def _of_ranges(file: pq.ParquetFile, column: str, ranges: Sequence[Range]) -> pa.Table:
    """Read the rows of which a column lies in one of some ranges (from the first text on, below the second)."""
    if column not in file.schema_arrow.names:
        return file.read()
    rows = file.read_row_groups(_groups(file, column, ranges))
    wanted = pa.repeat(pa.scalar(False), rows.num_rows)
    for low, high in ranges:
        inside = compute.and_(compute.greater_equal(rows[column], low), compute.less(rows[column], high))
        wanted = compute.or_(wanted, inside)
    return rows.filter(wanted)


def read_table(path: Path, table: Table, ranges: Sequence[Range] = ()) -> pd.DataFrame:
    """Read a table of a release into a frame with the declared columns.

    Parameters
    ----------
    ranges : only rows whose first key lies in one of them (from the first text on, below the second); none for all.

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
        arrow = _of_ranges(file, table.key[0], ranges) if ranges else file.read()
    for place, field in enumerate(table.schema):
        if field.name not in found:
            empty = "" if field.type == pa.string() else None
            arrow = arrow.add_column(place, field, pa.array([empty] * arrow.num_rows, field.type))
    return arrow.to_pandas()


def columns_not_in(path: Path, table: Table) -> list[str]:
    """Return the declared columns that a file of a release has not."""
    found = set(pq.read_schema(path).names)
    return [name for name in table.schema.names if name not in found]


def distinct_rows(path: Path, columns: Sequence[str]) -> list[dict[str, str]]:
    """Return the different rows that a file of a release has in some columns of text, sorted.

    Only these columns are read; a column that the file has not is left out.
    """
    names = [name for name in columns if name in pq.read_schema(path).names]
    found = pq.read_table(path, columns=names).group_by(names).aggregate([]) if names else pa.table({})
    return sorted(found.to_pylist(), key=lambda row: tuple(row.values()))


def frame_to_parquet_bytes(frame: pd.DataFrame) -> bytes:
    """Return a frame as the bytes of a Parquet file, for a download."""
    sink = pa.BufferOutputStream()
    pq.write_table(pa.Table.from_pandas(frame, preserve_index=False), sink, compression="zstd")
    return sink.getvalue().to_pybytes()
