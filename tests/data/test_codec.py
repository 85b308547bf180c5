"""Parquet in and out: nothing changes on the way, nothing undeclared gets in."""

import json
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely

from data import codec
from data.codec import frame_to_parquet_bytes, read_table, to_arrow, write_table
from data.errors import SchemaMismatchError
from data.schemas import NUMBER, TABLES, TEXT, WHOLE, Table

STOPS = Table(
    "stops",
    "Stops, for tests.",
    ("line", "name"),
    pa.schema([("line", TEXT), ("name", TEXT), ("rank", WHOLE), ("metres", NUMBER), ("shape", pa.binary())]),
    geometry="shape",
)


@pytest.fixture
def stops() -> pd.DataFrame:
    shape = shapely.to_wkb(shapely.Point(2.3845, 48.8111))
    return pd.DataFrame(
        {
            "name": ["Mairie d’Ivry", "Pierre et Marie Curie", "Bibliothèque"],
            "line": ["7", "7", "C"],
            "rank": [2, 1, 1],
            "metres": [0.1 + 0.2, None, 0.0],
            "shape": [shape, None, shape],
        }
    )


def test_round_trip_keeps_values_and_the_difference_between_zero_and_missing(
    stops: pd.DataFrame, tmp_path: Path
) -> None:
    assert write_table(stops, STOPS, tmp_path / "stops.parquet") == 3
    read = read_table(tmp_path / "stops.parquet", STOPS).set_index("name")
    assert read.loc["Mairie d’Ivry", "metres"] == 0.1 + 0.2
    assert read.loc["Bibliothèque", "metres"] == 0
    assert pd.isna(read.loc["Pierre et Marie Curie", "metres"])
    assert read.loc["Mairie d’Ivry", "rank"] == 2


@pytest.mark.parametrize("name", sorted(TABLES))
def test_every_table_of_a_release_reads_back_as_it_was_built(
    name: str, tables: dict[str, pd.DataFrame], releases: Path
) -> None:
    table = TABLES[name]
    (path,) = releases.glob(f"*/{name}.parquet")
    built = tables[name][table.schema.names].sort_values(list(table.key)).reset_index(drop=True)
    pd.testing.assert_frame_equal(read_table(path, table), built, check_dtype=False)


def test_a_repeated_key_is_refused(stops: pd.DataFrame) -> None:
    with pytest.raises(SchemaMismatchError, match="Bibliothèque"):
        to_arrow(pd.concat([stops, stops.iloc[2:]]), STOPS)


def test_an_unknown_column_is_refused(stops: pd.DataFrame) -> None:
    with pytest.raises(SchemaMismatchError, match="colour"):
        to_arrow(stops.assign(colour="red"), STOPS)


def test_a_missing_column_is_refused(stops: pd.DataFrame) -> None:
    with pytest.raises(SchemaMismatchError, match="metres"):
        to_arrow(stops.drop(columns="metres"), STOPS)


@pytest.mark.parametrize(("column", "value"), [("metres", "far"), ("rank", 1.5), ("line", 7)])
def test_a_value_of_another_type_is_refused(stops: pd.DataFrame, column: str, value: object) -> None:
    with pytest.raises(SchemaMismatchError, match="stops"):
        to_arrow(stops.assign(**{column: [value] * 3}), STOPS)


def test_same_rows_in_any_order_give_the_same_bytes(stops: pd.DataFrame, tmp_path: Path) -> None:
    shuffled = stops.iloc[[2, 0, 1]][["rank", "shape", "line", "metres", "name"]]
    for number, frame in enumerate((stops, stops, shuffled)):
        write_table(frame, STOPS, tmp_path / f"{number}.parquet")
    assert len({path.read_bytes() for path in tmp_path.iterdir()}) == 1


def test_a_footer_that_claims_too_many_rows_is_refused_before_reading(
    stops: pd.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_table(stops, STOPS, tmp_path / "stops.parquet")
    monkeypatch.setattr(codec, "MAXIMUM_ROWS", 2)
    monkeypatch.setattr(pq.ParquetFile, "read", lambda *_: pytest.fail("rows were read"))
    with pytest.raises(SchemaMismatchError, match="claims 3 rows"):
        read_table(tmp_path / "stops.parquet", STOPS)


def test_a_file_of_another_table_is_refused(stops: pd.DataFrame, tmp_path: Path) -> None:
    write_table(stops, STOPS, tmp_path / "stops.parquet")
    with pytest.raises(SchemaMismatchError, match="phases"):
        read_table(tmp_path / "stops.parquet", TABLES["phases"])


@pytest.mark.parametrize("name", ["territories", "map_context"])
def test_areas_are_geoparquet_in_longitude_and_latitude(name: str, releases: Path) -> None:
    (path,) = releases.glob(f"*/{name}.parquet")
    geo = json.loads(pq.read_schema(path).metadata[b"geo"])
    assert geo["version"] == "1.1.0"
    column = geo["columns"][geo["primary_column"]]
    assert column["encoding"] == "WKB"
    # Without a `crs` key, GeoParquet means OGC:CRS84: longitude before latitude.
    assert "crs" not in column


def test_geometry_is_wkb_around_ivry(releases: Path) -> None:
    (path,) = releases.glob("*/territories.parquet")
    areas = pq.read_table(path, filters=[("level", "=", "district")])
    west, south, east, north = shapely.total_bounds(shapely.from_wkb(areas["geometry"].to_numpy()))
    assert 2.35 < west < east < 2.42
    assert 48.79 < south < north < 48.83


def test_tables_without_areas_do_not_claim_geometry(releases: Path) -> None:
    (path,) = releases.glob("*/observations.parquet")
    assert b"geo" not in (pq.read_schema(path).metadata or {})


def test_a_download_is_a_parquet_file_of_the_frame(stops: pd.DataFrame) -> None:
    read = pq.read_table(pa.BufferReader(frame_to_parquet_bytes(stops))).to_pandas()
    pd.testing.assert_frame_equal(read, stops)
