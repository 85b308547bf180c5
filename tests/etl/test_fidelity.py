"""From a cell of the ledger to a cell of the release: nothing is lost, changed or added on the way."""

from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from data.definitions import Catalogue
from data.release import Release
from data.schemas import TABLES
from data.settings import LEDGER
from tests.etl.spoiling import Row, read_cells

# ledger file, its number of rows, published table, columns that identify a row, columns kept under another name
FILES = [
    ("figures.csv", 89, "observations", ("figure_id",), {}),
    ("context.csv", 13, "context", ("figure_id",), {}),
    ("open_data.csv", 282, "observations", ("ref_area", "indicator", "time_period", "source"), {"unit": ""}),
    ("programmes.csv", 149, "programmes", ("programme_id",), {}),
    ("milestones.csv", 36, "milestones", ("milestone_id",), {}),
    ("checks.csv", 41, "checks", ("check_id",), {}),
    ("stations.csv", 36, "places", ("name", "line"), {"mode": "kind"}),
    ("heat_networks.csv", 5, "territories", ("ref_area",), {"name_fr": "name", "communes": "communes_served"}),
    ("places_named.csv", 36, "places", ("place_id",), {}),
    (
        "iris.csv",
        106,
        "territories",
        ("ref_area",),
        {"iris": "ref_area", "longitude": "label_longitude", "latitude": "label_latitude"},
    ),
]
# What the tables of areas and places have no column for.
UNPUBLISHED = {
    "heat_networks.csv": {"register_name", "kind", "source", "source_detail"},
    "places_named.csv": {"area_ha"},
    "iris.csv": {"area_ha", "district"},
}


def _coded(name: str, folder: str, row: Row) -> Row:
    """Write a row's identifiers as the release does: with the code of the commune before them."""
    if name == "heat_networks.csv":
        return {"ref_area": f"network-{row['network_id']}"} | {k: v for k, v in row.items() if k != "network_id"}
    if name == "places_named.csv":
        district = f"{folder}-{row['district']}" if row["district"] else ""
        place = {"place_id": f"{folder}-op-{row['sector']}", "district": district}
        return {k: v for k, v in row.items() if k != "sector"} | place
    return row


def _ledger_rows(name: str, renamed: dict[str, str]) -> list[Row]:
    dropped = UNPUBLISHED.get(name, set()) | {column for column, new in renamed.items() if not new}
    rows = [
        _coded(name, path.parent.name, row) for path in sorted(LEDGER.glob(f"*/{name}")) for row in read_cells(path)
    ]
    return [{renamed.get(k, k): v for k, v in row.items() if k not in dropped} for row in rows]


def _same(cell: str, value: object) -> bool:
    if isinstance(value, float):
        return cell != "" and float(cell) == value
    return cell == ("" if value is None else value)


@pytest.mark.parametrize(("name", "count", "table", "key", "renamed"), FILES, ids=[file[0] for file in FILES])
def test_every_cell_of_the_ledger_is_in_the_release(
    releases: Path, name: str, count: int, table: str, key: tuple[str, ...], renamed: dict[str, str]
) -> None:
    rows = _ledger_rows(name, renamed)
    assert len(rows) == count
    (path,) = releases.glob(f"*/{table}.parquet")
    published = {tuple(row[column] for column in key): row for row in pq.read_table(path).to_pylist()}
    for row in rows:
        found = published[tuple(row[column] for column in key)]
        assert {column: found[column] for column in row if not _same(row[column], found[column])} == {}


def test_stations_lie_in_the_district_they_are_drawn_in(release: Release) -> None:
    places = release.table("places").set_index("place_id")
    assert places.loc["station-rer-c-ivry-sur-seine", "district"] == "94041-centre-ville"
    assert places.loc["station-tram-9-la-briqueterie", "district"] == "94041-monmousseau-verollot"
    # Paris is outside the sketch.
    assert places.loc["station-metro-14-olympiades", "district"] == ""


def test_areas_in_hectares_of_the_iris_are_published(observations: pd.DataFrame) -> None:
    areas = observations[observations["indicator"] == "land_area_ha"].set_index("ref_area")["obs_value"]
    rows = [row for path in LEDGER.glob("*/iris.csv") for row in read_cells(path)]
    assert {row["iris"]: float(row["area_ha"]) for row in rows}.items() <= areas.to_dict().items()


def test_what_is_stated_comes_from_the_ledger_and_nothing_is_added(observations: pd.DataFrame) -> None:
    texts = observations[observations["figure_id"] != ""]
    assert len(texts) == 89
    transcribed = {"insee-population-2021", "insee-population-2023", "sitadel-2024", "rpls-2024", "lovac-2025"}
    open_data = observations[observations["source"].isin({*transcribed, "heat-networks-2026"})]
    assert (open_data["derived_from"] == "").sum() == 282
    remaining = observations.drop(texts.index).drop(open_data.index)
    computed = remaining["derived_from"] != ""
    assert set(remaining.loc[~computed, "source"]) == {"insee-census-2021", "contours-iris-2020"}
    assert set(remaining.loc[~computed, "ref_area"].str.len()) == {9}


@pytest.mark.parametrize("table", ["observations", "context"])
def test_every_figure_has_its_source_indicator_and_area(release: Release, table: str) -> None:
    figures = release.table(table)
    for column, home in (("source", "sources"), ("indicator", "indicators"), ("ref_area", "territories")):
        assert set(figures[column]) <= set(release.table(home)[column])
    assert (figures["source_detail"] != "").all()


@pytest.mark.parametrize("table", ["programmes", "phases", "milestones"])
def test_every_statement_has_its_source(release: Release, table: str) -> None:
    assert set(release.table(table)["source"]) <= set(release.table("sources")["source"])
    assert (release.table(table)["source_detail"] != "").all()


@pytest.mark.parametrize("name", TABLES)
def test_keys_are_unique_and_no_text_is_null(release: Release, name: str) -> None:
    frame = release.table(name)
    # Nothing is stated after the texts until the city fills in its sheet, and no source needs a correction today.
    assert len(frame) > 0 or name in {"statements", "spending", "intakes", "quarantine", "corrections"}
    assert not frame.duplicated(list(TABLES[name].key)).any()
    texts = [field.name for field in TABLES[name].schema if str(field.type) == "string"]
    assert not frame[texts].isna().any(axis=None)


def test_a_missing_value_says_so_and_a_value_does_not(observations: pd.DataFrame) -> None:
    assert (observations["obs_value"].isna() == observations["obs_status"].isin({"O", "M"})).all()


def test_values_lie_in_the_range_of_their_indicator(observations: pd.DataFrame, release: Release) -> None:
    ranges = release.table("indicators").set_index("indicator")
    valued = observations.dropna(subset="obs_value")
    low, high = valued["indicator"].map(ranges["minimum"]), valued["indicator"].map(ranges["maximum"])
    assert valued["obs_value"].between(low, high).all()


def test_units_of_the_open_data_are_those_published(release: Release) -> None:
    units = release.table("indicators").set_index("indicator")["unit"]
    rows = [row for path in LEDGER.glob("*/open_data.csv") for row in read_cells(path)]
    assert {(row["indicator"], row["unit"]) for row in rows} <= set(units.items())


def test_only_observed_figures_are_computed_from(observations: pd.DataFrame) -> None:
    computed = observations[observations["derived_from"] != ""]
    assert set(computed["nature"]) == {"observed"}
    assert set(computed["reading"]) == {""}


def test_figures_without_a_date_keep_saying_so(observations: pd.DataFrame) -> None:
    texts = observations[observations["figure_id"] != ""]
    assert texts["time_basis"].value_counts().to_dict() == {
        "document_date": 63,
        "since": 12,
        "stated": 9,
        "inferred": 5,
    }
    assert texts.set_index("figure_id").loc["ivry-bike-stands", "time_basis"] == "document_date"
    assert texts.set_index("figure_id").loc["ivry-redevelopment-years", "time_basis"] == "inferred"


def test_milestones_keep_how_precise_they_are(release: Release) -> None:
    milestones = release.table("milestones").set_index("milestone_id")
    assert milestones.loc["1980-first-factory-moves-away", "precision"] == "decade"
    assert milestones.loc["2025-05-first-part-of-parc-des-confluences-opens", "precision"] == "month"
    assert (milestones["precision"] == "year_inferred").sum() >= 3


def test_dates_of_programmes_are_phases(release: Release) -> None:
    programmes, phases = release.table("programmes"), release.table("phases")
    assert (programmes[["start", "end"]] != "").sum().sum() == len(phases)
    (tzen,) = phases.query("programme_id == 'ivry-tzen-5'").to_dict("records")
    assert (tzen["phase"], tzen["date"], tzen["precision"], tzen["as_of"]) == ("commissioning", "2027", "year", "2025")


def test_dwellings_count_as_delivered_only_where_the_operation_is(release: Release) -> None:
    programmes = release.table("programmes").set_index("programme_id")
    assert pd.isna(programmes.loc["ivry-agrocite-gagarine-truillot", "dwellings_delivered"])
    assert set(programmes.loc[programmes["dwellings_delivered"].notna(), "status"]) <= {"delivered"}


def test_each_source_is_published_with_its_kind_and_digest(release: Release, catalogue: Catalogue) -> None:
    sources = release.table("sources").set_index("source")
    # The city's sheet has given nothing yet: it is no source until it has.
    assert set(sources.index) == set(catalogue.editions()) - {"city-sheet", "city-operations", "city-decisions"}
    assert sources.loc["municipal-record-ivry-2025", "kind"] == "municipal_record"
    assert sources["sha256"].str.fullmatch("[0-9a-f]{64}").all()
    assert sources["sha256"].is_unique
