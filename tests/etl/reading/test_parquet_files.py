"""Parquet of publishers: judged by its footer, read without being trusted."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data.errors import UnreadableFileError
from etl import packaged
from etl.reading import parquet_files
from etl.reading.parquet_files import read_parquet_file

WANTED = {"iris": "text", "pop": "number"}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "iris.parquet"


def _write(path: Path, **columns: pa.Array) -> Path:
    pq.write_table(pa.table(columns), path)
    return path


def test_wanted_columns_are_read_codes_as_text(file: Path) -> None:
    _write(file, iris=pa.array(["010040101", "940410101", None]), pop=pa.array([1592, 11948.5, None]), other=[1, 2, 3])
    frame = read_parquet_file(file, WANTED, 10)
    assert frame.columns.tolist() == ["iris", "pop"]
    assert frame["iris"].tolist()[:2] == ["010040101", "940410101"]
    assert frame["iris"].isna().tolist() == frame["pop"].isna().tolist() == [False, False, True]
    assert frame["pop"].tolist()[:2] == [1592, 11948.5]


@pytest.mark.parametrize("kind", [pa.dictionary(pa.int32(), pa.string()), pa.large_string()])
def test_texts_are_texts_however_they_are_stored(file: Path, kind: pa.DataType) -> None:
    _write(file, iris=pa.array(["010040101"] * 3).cast(kind), pop=[1, 2, 3])
    assert read_parquet_file(file, WANTED, 3)["iris"].tolist() == ["010040101"] * 3


def test_a_small_file_that_claims_too_many_rows_is_refused_unread(file: Path) -> None:
    table = pa.table({"iris": pa.array(["010040101"] * 1_000_000), "pop": pa.array([1] * 1_000_000)})
    with pq.ParquetWriter(file, table.schema) as writer:
        for _ in range(30):
            writer.write_table(table, row_group_size=1_000_000)
    assert file.stat().st_size < 300_000
    before = pa.total_allocated_bytes()
    with pytest.raises(UnreadableFileError, match="claims 30000000 rows, more than 100000"):
        read_parquet_file(file, WANTED, 100_000)
    assert pa.total_allocated_bytes() - before < 1_000_000


def test_a_long_text_that_many_rows_share_is_refused(file: Path) -> None:
    _write(file, iris=pa.DictionaryArray.from_arrays(pa.array([0] * 50_000, pa.int32()), ["x" * 1_000_000]),
           pop=[1] * 50_000)  # fmt: skip
    assert file.stat().st_size < 1_000_000
    with pytest.raises(UnreadableFileError, match="a text of 1000000 bytes"):
        read_parquet_file(file, WANTED, 100_000)


def test_bytes_are_bounded(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet_files, "LARGEST_UNPACKED_BYTES", 10)
    with pytest.raises(UnreadableFileError, match="bytes, more than 10"):
        read_parquet_file(_write(file, iris=["1"], pop=[1]), WANTED, 10)


def test_a_missing_column_is_named(file: Path) -> None:
    with pytest.raises(UnreadableFileError, match="has no column pop; it has iris, population"):
        read_parquet_file(_write(file, iris=["1"], population=[1]), WANTED, 10)


def test_codes_that_were_stored_as_numbers_are_refused(file: Path) -> None:
    with pytest.raises(UnreadableFileError, match="the column iris is int64, where it should be text"):
        read_parquet_file(_write(file, iris=[10040101], pop=[1]), WANTED, 10)
    with pytest.raises(UnreadableFileError, match="the column pop is string, where it should be number"):
        read_parquet_file(_write(file, iris=["1"], pop=["s"]), WANTED, 10)


@pytest.mark.parametrize("data", [b"", b"PAR1", b"iris,pop\n1,2\n", b"PAR1" + bytes(100) + b"PAR1"])
def test_what_is_no_parquet_is_refused(file: Path, data: bytes) -> None:
    file.write_bytes(data)
    with pytest.raises(UnreadableFileError, match="no Parquet file"):
        read_parquet_file(file, WANTED, 10)


def test_a_cut_file_is_refused(file: Path) -> None:
    data = _write(file, iris=["1"] * 1000, pop=list(range(1000))).read_bytes()
    for length in range(0, len(data), 97):
        file.write_bytes(data[:length])
        with pytest.raises(UnreadableFileError):
            read_parquet_file(file, WANTED, 2000)


def test_the_packaged_census_is_read_within_the_same_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packaged, "LARGEST_ROWS", 49_279)
    with pytest.raises(UnreadableFileError, match="claims 49280 rows, more than 49279"):
        packaged._table.__wrapped__()
