"""Parquet as publishers offer it: the footer is read and judged before anything is unpacked."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import compute

from data.errors import UnreadableFileError

LARGEST_UNPACKED_BYTES = 2_000_000_000
# A long text that each of a million rows refers to takes little room in the file.
LONGEST_TEXT_BYTES = 10_000
# What a column may be wanted as, and the types of Arrow that are it.
_KINDS = {
    "text": (pa.types.is_string, pa.types.is_large_string),
    "number": (pa.types.is_integer, pa.types.is_floating, pa.types.is_decimal),
}


def _dictionary_free(kind: pa.DataType) -> pa.DataType:
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def _refuse(path: Path, file: pq.ParquetFile, columns: Mapping[str, str], largest_rows: int) -> None:
    """Refuse a file by its footer: a small one may claim more rows than any memory holds."""
    footer = file.metadata
    if footer.num_rows > largest_rows:
        raise UnreadableFileError(f"{path.name} claims {footer.num_rows} rows, more than {largest_rows}: it is not the "
                                  "publisher's file")  # fmt: skip
    size = sum(footer.row_group(number).total_byte_size for number in range(footer.num_row_groups))
    if size > LARGEST_UNPACKED_BYTES:
        raise UnreadableFileError(f"{path.name} unpacks to {size} bytes, more than {LARGEST_UNPACKED_BYTES}")
    schema = file.schema_arrow
    missing = [name for name in columns if name not in schema.names]
    if missing:
        raise UnreadableFileError(f"{path.name} has no column {', '.join(missing)}; it has "
                                  f"{', '.join(schema.names)[:300]}")  # fmt: skip
    for name, wanted in columns.items():
        kind = _dictionary_free(schema.field(name).type)
        if not any(is_kind(kind) for is_kind in _KINDS[wanted]):
            raise UnreadableFileError(f"{path.name}: the column {name} is {kind}, where it should be {wanted}: codes "
                                      "are text, figures numbers")  # fmt: skip


def _refuse_long(path: Path, table: pa.Table) -> None:
    """Refuse texts, still one of each kind, that would swell once every row has its own."""
    for name in table.column_names:
        for chunk in table[name].chunks:
            values = chunk.dictionary if pa.types.is_dictionary(chunk.type) else None
            longest = compute.max(compute.binary_length(values)).as_py() if values is not None else None
            if (longest or 0) > LONGEST_TEXT_BYTES:
                raise UnreadableFileError(f"{path.name}: the column {name} holds a text of {longest} bytes, more than "
                                          f"{LONGEST_TEXT_BYTES}: it is not the publisher's file")  # fmt: skip


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column


def read_parquet_file(path: Path, columns: Mapping[str, str], largest_rows: int) -> pd.DataFrame:
    """Read some columns of a publisher's Parquet file.

    Parameters
    ----------
    columns : what is wanted, each as "text" or "number"; other columns are left out.
    largest_rows : more rows than the publisher's file can have.

    Raises
    ------
    UnreadableFileError
        It is no Parquet file, is damaged, claims too many rows or bytes, or lacks a column or has it as another type.
    """
    try:
        texts = [name for name, wanted in columns.items() if wanted == "text"]
        with pq.ParquetFile(path, read_dictionary=texts) as file:
            _refuse(path, file, columns, largest_rows)
            table = file.read(list(columns))
        _refuse_long(path, table)
        frame: pd.DataFrame = pa.table({name: _plain(table[name]) for name in columns}).to_pandas()
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise UnreadableFileError(
            f"{path.name} is no Parquet file that can be read, or a damaged one ({str(error)[:200]}): take it again"
        ) from error
    return frame
