"""One module per source, and what each source says of Ivry."""

from pathlib import Path

import pandas as pd
import pytest

from data.definitions import Catalogue
from data.errors import FaultyInputError
from data.settings import CATALOGUE, ROOT
from etl.build import build_tables
from etl.ledger import read_ledger
from etl.sources import insee_census_iris, lovac, rpls, sitadel
from tests.etl.spoiling import Row, spoil_row

DISTRICTS = {
    "94041-centre-ville",
    "94041-ivry-port",
    "94041-louis-bertrand-mirabeau",
    "94041-marat-parmentier",
    "94041-monmousseau-verollot",
    "94041-petit-ivry",
}


def _values(observations: pd.DataFrame, source: str, indicator: str, areas: set[str]) -> pd.Series:
    chosen = observations["ref_area"].isin(areas) & (observations["indicator"] == indicator)
    return observations[chosen & observations["source"].eq(source)].set_index("ref_area")["obs_value"]


def _series(observations: pd.DataFrame, indicator: str, column: str = "obs_value") -> pd.Series:
    chosen = (observations["ref_area"] == "94041") & (observations["indicator"] == indicator)
    return observations[chosen & observations["reading"].eq("")].set_index("time_period")[column]


def test_each_source_is_read_by_a_module_or_a_connector_and_has_one_catalogue_entry() -> None:
    modules = {path.stem for folder in ("sources", "connectors") for path in (ROOT / "etl" / folder).glob("*.py")}
    assert modules - {"__init__"} == {path.stem for path in (CATALOGUE / "sources").glob("*.toml")}


@pytest.mark.parametrize(
    ("indicator", "value"), [("population", 64_000), ("dwellings", 32_530), ("vacant_dwellings", 2_044)]
)
def test_census_of_ivry_in_2021(observations: pd.DataFrame, indicator: str, value: int) -> None:
    assert _values(observations, "insee-census-2021", indicator, {"94041"}).tolist() == [value]


def test_population_of_the_five_communes(observations: pd.DataFrame) -> None:
    communes = {"94041", "94022", "94074", "94081", "26362"}
    census = _values(observations, "insee-census-2021", "population", communes)
    chosen = observations.query("source == 'insee-population-2021' and time_period == '2021'")
    official = chosen.set_index("ref_area")["obs_value"]
    # The census is rounded by IRIS.
    assert set(census.index) == communes
    assert (census - official).abs().max() < 100


@pytest.mark.parametrize("indicator", ["population", "dwellings", "main_homes", "vacant_dwellings"])
def test_six_districts_add_up_to_ivry(observations: pd.DataFrame, indicator: str) -> None:
    districts = _values(observations, "insee-census-2021", indicator, DISTRICTS)
    commune = _values(observations, "insee-census-2021", indicator, {"94041"})
    assert set(districts.index) == DISTRICTS
    assert districts.sum() == pytest.approx(commune.item(), abs=1e-6)


def test_figures_of_districts_are_estimates_that_say_from_what(observations: pd.DataFrame) -> None:
    districts = observations[observations["ref_area"].isin(DISTRICTS)]
    assert set(districts["obs_status"]) == {"E"}
    assert (districts["derived_from"] != "").all()


def test_ivry_port_has_7103_dwellings_of_which_6_percent_vacant(observations: pd.DataFrame) -> None:
    here = {"94041-ivry-port"}
    dwellings = _values(observations, "insee-census-2021", "dwellings", here).item()
    assert round(dwellings) == 7103
    assert round(_values(observations, "insee-census-2021", "vacancy_rate_percent", here).item(), 1) == 6.0


def test_parts_of_the_social_stock_fit_into_it(observations: pd.DataFrame) -> None:
    register = observations[observations["source"] == "rpls-2024"]
    stock = register.pivot_table(index="ref_area", columns="indicator", values="obs_value")
    parts = stock[["social_dwellings_let", "social_dwellings_vacant", "social_dwellings_empty"]].sum(axis=1)
    assert len(stock) == 5
    assert (parts <= stock["social_dwellings"]).all()
    assert stock.loc["94041", "social_dwellings"] == 11_948


def test_starts_of_2024_are_missing_not_zero(observations: pd.DataFrame) -> None:
    starts = observations.query("indicator == 'dwellings_started' and time_period == '2024'")
    assert len(starts) == 4
    assert starts["obs_value"].isna().all()
    assert set(starts["obs_status"]) == {"O"}


def test_dwellings_started_and_authorised_in_ivry(observations: pd.DataFrame) -> None:
    started, authorised = _series(observations, "dwellings_started"), _series(observations, "dwellings_authorised")
    years = [str(year) for year in range(2011, 2025)]
    assert started.index.tolist() == authorised.index.tolist() == years
    assert started["2011":"2023"].sum() == 10_778
    assert authorised.sum() == 12_203


def test_breaks_of_lovac_are_kept(observations: pd.DataFrame) -> None:
    stock, vacant = (
        _series(observations, name, "obs_status") for name in ("private_dwellings", "private_dwellings_vacant")
    )
    assert stock[stock == "B"].index.tolist() == ["2023-01-01"]
    assert vacant[vacant == "B"].index.tolist() == ["2023-01-01", "2025-01-01"]


def test_two_sources_on_social_dwellings_both_stay(observations: pd.DataFrame) -> None:
    rows = observations.query("ref_area == '94041' and indicator == 'social_dwellings'")
    assert dict(zip(rows["source"], rows["obs_value"], strict=True)) == {
        "municipal-record-ivry-2025": 12_128,
        "rpls-2024": 11_948,
    }


def test_social_parts_above_their_total_are_refused(own_ledger: Path, catalogue: Catalogue) -> None:
    path = own_ledger / "94041" / "open_data.csv"
    line = spoil_row(path, {"indicator": "social_dwellings"}, {"obs_value": "10000"})
    with pytest.raises(FaultyInputError, match=f"{path}:{line}"):
        rpls.observations(read_ledger(own_ledger), catalogue)


VACANT = {"indicator": "private_dwellings_vacant", "time_period": "2024-01-01"}


@pytest.mark.parametrize("value", ["900", "30000"])
def test_vacant_dwellings_lie_between_the_long_vacant_and_the_stock(
    own_ledger: Path, catalogue: Catalogue, value: str
) -> None:
    spoil_row(own_ledger / "94041" / "open_data.csv", VACANT, {"obs_value": value})
    with pytest.raises(FaultyInputError, match="private_dwellings_vacant"):
        lovac.observations(read_ledger(own_ledger), catalogue)


def test_zero_starts_in_the_last_year_are_refused(own_ledger: Path, catalogue: Catalogue) -> None:
    where: Row = {"indicator": "dwellings_started", "time_period": "2024"}
    path = own_ledger / "94041" / "open_data.csv"
    line = spoil_row(path, where, {"obs_value": "0", "obs_status": "A"})
    with pytest.raises(FaultyInputError, match=f"{path}:{line}"):
        sitadel.observations(read_ledger(own_ledger), catalogue)


def test_an_iris_outside_the_census_is_refused_by_name(own_ledger: Path, catalogue: Catalogue) -> None:
    path = own_ledger / "94022" / "iris.csv"
    line = spoil_row(path, {"iris": "940220102"}, {"iris": "940229999"})
    with pytest.raises(FaultyInputError, match=rf"{path}:{line}.*940229999"):
        insee_census_iris.observations(read_ledger(own_ledger), catalogue)


def test_an_impossible_derived_value_stops_the_build(own_ledger: Path, catalogue: Catalogue) -> None:
    folder = own_ledger / "94041" / "open_data.csv"
    spoil_row(folder, {"indicator": "population", "time_period": "2020"}, {"obs_value": "1"})
    with pytest.raises(FaultyInputError, match="dwellings_started_per_1000_inhabitants"):
        list(build_tables(catalogue, read_ledger(own_ledger)))
