"""The areas of a release: units, districts and their sketch, and who lives near a station."""

import itertools

import numpy as np
import pandas as pd
import pytest
import shapely
from pyproj import Transformer

from data.release import Release
from data.rules.access import near_a_station
from data.settings import LEDGER
from etl.ledger import Ledger
from tests.etl.spoiling import read_cells

IVRY = LEDGER / "94041"

LEVELS = {"territory": 2, "commune": 5, "district": 6, "iris": 106, "operation": 36, "network": 5}


@pytest.fixture(scope="module")
def areas(release: Release) -> pd.DataFrame:
    return release.table("territories").set_index("ref_area")


@pytest.fixture(scope="module")
def outlines(areas: pd.DataFrame) -> dict[str, shapely.Polygon]:
    """Return commune and districts of Ivry in metres (EPSG:2154)."""
    to_metres = Transformer.from_crs("EPSG:4326", "EPSG:2154", always_xy=True)
    drawn = areas[areas.index.isin(["94041"]) | areas["level"].eq("district")]

    def project(points: np.ndarray) -> np.ndarray:
        return np.column_stack(to_metres.transform(points[:, 0], points[:, 1]))

    return {code: shapely.transform(shapely.from_wkb(shape), project) for code, shape in drawn["geometry"].items()}


def test_areas_by_level(areas: pd.DataFrame) -> None:
    assert areas["level"].value_counts().to_dict() == LEVELS


def test_ivry_has_22_iris_of_106(areas: pd.DataFrame) -> None:
    iris = areas[areas["level"] == "iris"]
    assert iris["parent"].value_counts().to_dict() == {"94041": 22, "94081": 37, "94022": 17, "94074": 5, "26362": 25}
    assert (iris.index.str[:5] == iris["parent"]).all()


def test_every_parent_commune_and_district_is_an_area(areas: pd.DataFrame) -> None:
    for column in ("parent", "commune", "district"):
        assert set(areas[column]) - {""} <= set(areas.index)
    assert areas.loc["94041-ivry-port", "parent"] == "94041"
    operation = areas.loc["94041-op-ivry-port"]
    assert (operation["district"], operation["parent"]) == ("94041-ivry-port", "94041-ivry-port")


def test_the_four_communes_of_seine_amont(areas: pd.DataFrame) -> None:
    assert set(areas.index[areas["parent"] == "seine-amont"]) >= {"94022", "94041", "94074", "94081"}
    assert areas.loc["26362", "parent"] == ""


def test_only_what_is_drawn_claims_a_boundary(areas: pd.DataFrame) -> None:
    sketched = set(areas.index[areas["boundary"] == "sketch"])
    assert sketched == {"94041"} | set(areas.index[areas["level"] == "district"])
    assert set(areas["boundary"]) == {"sketch", "none"}


def test_the_sketch_covers_613_hectares(outlines: dict[str, shapely.Polygon]) -> None:
    districts = [outline for code, outline in outlines.items() if code != "94041"]
    assert len(districts) == 6
    assert outlines["94041"].area / 10_000 == pytest.approx(613, abs=2)
    assert sum(outline.area for outline in districts) / 10_000 == pytest.approx(613, abs=2)


def test_districts_neither_overlap_nor_leave_a_gap(outlines: dict[str, shapely.Polygon]) -> None:
    commune = outlines["94041"]
    districts = [outline for code, outline in outlines.items() if code != "94041"]
    assert all(outline.is_valid for outline in outlines.values())
    assert max(one.intersection(other).area for one, other in itertools.combinations(districts, 2)) < 1
    # The sum equals the outline's area, and the outline has no hole: nothing is left out inside.
    assert sum(outline.area for outline in districts) == pytest.approx(commune.area, abs=1)
    assert isinstance(commune, shapely.Polygon)
    assert not commune.interiors


def test_districts_and_lines_run_through_the_corners_of_the_ledger(areas: pd.DataFrame, release: Release) -> None:
    corners = {row["corner"]: row for row in read_cells(IVRY / "district_sketch_corners.csv")}

    def points(names: str) -> list[tuple[float, float]]:
        return [(float(corners[name]["longitude"]), float(corners[name]["latitude"])) for name in names.split()]

    assert len(corners) == 60
    for row in read_cells(IVRY / "district_sketch_rings.csv"):
        ring = shapely.from_wkb(areas.loc[f"94041-{row['district']}", "geometry"]).exterior
        assert [*ring.coords][:-1] == points(row["corners"])
    lines = release.table("map_context").query("kind == 'line'").set_index("name")["geometry"]
    for row in read_cells(IVRY / "map_context.csv"):
        if row["kind"] == "line":
            assert [*shapely.from_wkb(lines[row["name"]]).coords] == points(row["corners"])


def test_each_district_is_labelled_inside_itself(areas: pd.DataFrame) -> None:
    for row in areas[areas["level"] == "district"].itertuples():
        label = shapely.Point(row.label_longitude, row.label_latitude)
        assert shapely.from_wkb(row.geometry).contains(label)


def test_weights_of_each_iris_of_ivry_sum_to_one(release: Release, areas: pd.DataFrame) -> None:
    weights = release.table("iris_weights")
    assert set(weights["iris"]) == set(areas.index[areas["parent"] == "94041"]) & set(
        areas.index[areas["level"] == "iris"]
    )
    assert weights.groupby("iris")["weight"].sum().tolist() == pytest.approx([1] * 22, abs=1e-9)
    assert weights["district"].nunique() == 6


def test_weights_are_those_of_the_ledger(release: Release) -> None:
    rows = read_cells(IVRY / "iris_district_shares.csv")
    stated = {(row["iris"], f"94041-{row['district']}", float(row["area_share"]), float(row["weight"])) for row in rows}
    columns = ["iris", "district", "area_share", "weight"]
    assert set(release.table("iris_weights")[columns].itertuples(index=False, name=None)) == stated


def test_all_of_ivry_is_near_a_station_but_two_units_of_ivry_port(ledger: Ledger) -> None:
    iris = ledger.frame("iris.csv").query("folder == '94041'")
    near = near_a_station(iris, ledger.frame("stations.csv"), 800)
    assert set(iris.loc[~near, "name"]) == {"Ivry Port Centre", "Ivry Port Sud"}


def test_population_near_a_station(observations: pd.DataFrame) -> None:
    near = observations[observations["indicator"] == "population_near_station"].set_index("ref_area")["obs_value"]
    census = observations.query("indicator == 'population' and source == 'insee-census-2021'")
    population = census.set_index("ref_area")["obs_value"]
    assert near["94041"] == 55_668
    assert near.drop("94041").sum() == pytest.approx(55_668, abs=1e-6)
    assert near.index[near < population[near.index] - 1].tolist() == ["94041", "94041-ivry-port"]
    assert 0 < near["94041-ivry-port"] < population["94041-ivry-port"]


def test_the_choisy_vitry_network_serves_two_communes(areas: pd.DataFrame) -> None:
    network = areas.loc["network-9403C"]
    assert (network["communes_served"], network["parent"]) == ("94081 94022", "")
    assert areas.loc["network-9406C", "parent"] == "94041"
