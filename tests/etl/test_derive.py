"""Derived indicators: arithmetic on observed figures, each naming what it was made from."""

import re
from dataclasses import replace

import pandas as pd
import pytest

from data.definitions import Catalogue
from data.models import Formula
from etl.derive import derive, derived_observations, usable

INPUT = re.compile(r"(?P<indicator>\w+)@(?P<time_period>[\d-]+)\[(?P<source>[\w-]+)\]")
KEY = ["ref_area", "indicator", "time_period", "source"]


@pytest.fixture(scope="module")
def derived(observations: pd.DataFrame, catalogue: Catalogue) -> pd.DataFrame:
    formulas = {name for name, indicator in catalogue.indicators.items() if indicator.formula}
    return observations[observations["indicator"].isin(formulas)]


@pytest.fixture(scope="module")
def stated(observations: pd.DataFrame, derived: pd.DataFrame) -> pd.DataFrame:
    return observations.drop(derived.index)


def _row(derived: pd.DataFrame, area: str, indicator: str, period: str) -> pd.Series:
    chosen = (derived["ref_area"] == area) & (derived["indicator"] == indicator) & (derived["time_period"] == period)
    (row,) = (row for _, row in derived[chosen].iterrows())
    return row


@pytest.mark.parametrize(
    ("area", "indicator", "period", "value"),
    [
        ("94041", "vacancy_rate_percent", "2021", 100 * 2044 / 32530),
        ("94041", "dwellings_authorised_per_1000_inhabitants", "2013", 1000 * 386 / 58933),
        ("94041", "private_dwellings_vacancy_rate_percent", "2022-01-01", 100 * 3196 / 21022),
        ("94041", "social_dwellings_vacancy_rate_percent", "2024-01-01", 100 * 258 / (10513 + 258)),
        ("94041", "social_dwellings_per_100_main_homes", "2024-01-01", 100 * 11948 / 29378),
        ("94041", "population_near_station_share_percent", "2021", 100 * 55668 / 64000),
    ],
)
def test_figures_of_ivry(derived: pd.DataFrame, area: str, indicator: str, period: str, value: float) -> None:
    assert _row(derived, area, indicator, period)["obs_value"] == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize(
    ("area", "indicator", "period", "status"),
    [
        ("94041", "vacancy_rate_percent", "2021", "A"),
        ("94041-ivry-port", "vacancy_rate_percent", "2021", "E"),
        # The population is counted, the area is that of a generalised outline.
        ("94041", "population_density_inhabitants_per_km2", "2021", "E"),
        # The long-vacant are a normal series, the stock they are set against breaks in 2023.
        ("94041", "private_dwellings_vacant_over_2_years_rate_percent", "2023-01-01", "B"),
        ("94041", "private_dwellings_vacant_over_2_years_rate_percent", "2022-01-01", "A"),
    ],
)
def test_a_result_is_as_sure_as_its_least_sure_input(
    derived: pd.DataFrame, area: str, indicator: str, period: str, status: str
) -> None:
    assert _row(derived, area, indicator, period)["obs_status"] == status


def test_stands_of_2025_are_set_against_the_population_of_2023(derived: pd.DataFrame) -> None:
    row = _row(derived, "94041", "cycle_stands_per_1000_inhabitants", "2025")
    assert row["derived_from"] == (
        "cycle_stands@2025[municipal-record-ivry-2025]; population@2023[insee-population-2023]"
    )
    # The record gives no date for its stands, so the rate has none either.
    assert (row["time_basis"], row["source"]) == ("document_date", "municipal-record-ivry-2025")


def test_every_input_is_named_and_is_an_observation_without_alternative_readings(
    derived: pd.DataFrame, stated: pd.DataFrame, catalogue: Catalogue
) -> None:
    observed = stated[stated["nature"].eq("observed") & stated["reading"].eq("") & stated["obs_value"].notna()]
    known = set(observed[KEY].itertuples(index=False, name=None))
    assert len(derived) > 700
    for row in derived.itertuples():
        named = [INPUT.fullmatch(part) for part in row.derived_from.split("; ")]
        assert all(match and (row.ref_area, *match.group(1, 2, 3)) in known for match in named)
        formula = catalogue.indicators[row.indicator].formula
        assert formula is not None
        assert [match["indicator"] for match in named if match] == list(formula.inputs)


def test_rates_per_inhabitant_only_in_years_with_a_population(derived: pd.DataFrame, stated: pd.DataFrame) -> None:
    authorised = stated.query("ref_area == '94041' and indicator == 'dwellings_authorised'")
    assert {"2012", "2022", "2024"} <= set(authorised["time_period"])
    for name in ("authorised", "started"):
        rates = derived[derived["indicator"] == f"dwellings_{name}_per_1000_inhabitants"]
        years = sorted(rates.loc[rates["ref_area"] == "94041", "time_period"])
        assert years == [*map(str, range(2013, 2022)), "2023"]


def test_no_vacancy_rate_of_2025_without_the_stock_of_2025(derived: pd.DataFrame) -> None:
    rates = derived[derived["indicator"] == "private_dwellings_vacancy_rate_percent"]
    assert sorted(rates["time_period"].unique()) == [f"{year}-01-01" for year in range(2020, 2025)]


def test_a_share_of_the_whole_is_100_percent_to_the_last_digit(stated: pd.DataFrame, catalogue: Catalogue) -> None:
    entry = catalogue.indicators["population_near_station_share_percent"].formula
    assert entry is not None
    population = stated[(stated["indicator"] == "population") & (stated["source"] == "insee-census-2021")]
    whole = population[population["ref_area"] == "94041"].assign(obs_value=5831.7341)
    assert 100 * (5831.7341 + 1e-12) / 5831.7341 > 100
    near = whole.assign(indicator="population_near_station", source="idfm-stations", obs_value=5831.7341 + 1e-12)
    made = derive(usable(pd.concat([whole, near])), "population_near_station_share_percent", entry, catalogue)
    assert made["obs_value"].tolist() == [100.0]


def test_a_share_of_nobody_does_not_apply(derived: pd.DataFrame) -> None:
    # Nobody lives in the IRIS Préfecture of Valence.
    row = _row(derived, "263620101", "population_under_20_share_percent", "2021")
    assert pd.isna(row["obs_value"])
    assert row["obs_status"] == "M"
    assert set(derived.loc[derived["obs_value"].isna(), "ref_area"]) == {"263620101"}


def _population_of_2022(stated: pd.DataFrame, **changes: str) -> pd.DataFrame:
    row = stated.query("ref_area == '94041' and indicator == 'population' and source == 'insee-population-2023'")
    return row.assign(time_period="2022", **changes)


def test_an_observed_population_of_2022_would_give_the_rates_of_2022(
    stated: pd.DataFrame, catalogue: Catalogue
) -> None:
    rows = derived_observations(pd.concat([stated, _population_of_2022(stated)]), catalogue)
    assert "2022" in set(rows.loc[rows["indicator"] == "dwellings_started_per_1000_inhabitants", "time_period"])


@pytest.mark.parametrize(
    "changes",
    [
        {"nature": "planned"},
        {"nature": "target"},
        {"nature": "projected"},
        {"nature": "proposed"},
        {"reading": "with_students"},
        {"source": "municipal-record-ivry-2025"},
    ],
    ids=str,
)
def test_plans_readings_and_other_sources_never_enter_a_rate(
    stated: pd.DataFrame, derived: pd.DataFrame, catalogue: Catalogue, changes: dict[str, str]
) -> None:
    rows = derived_observations(pd.concat([stated, _population_of_2022(stated, **changes)]), catalogue)
    columns = [*KEY, "obs_value", "obs_status", "derived_from"]
    pd.testing.assert_frame_equal(
        rows[columns].sort_values(KEY, ignore_index=True), derived[columns].sort_values(KEY, ignore_index=True)
    )


def _with_formulas(catalogue: Catalogue, **formulas: tuple[str, str]) -> Catalogue:
    """Return the catalogue with more indicators before its own: `name=(expression, inputs)`, all of the census."""
    census = {"dataset": "insee_census_iris", "period": "same"}
    model = catalogue.indicators["vacancy_rate_percent"]
    made = {}
    for name, (expression, inputs) in formulas.items():
        formula = Formula.model_validate(
            {"expression": expression, "method": model.label, "inputs": dict.fromkeys(inputs.split(), census)}
        )
        made[name] = model.model_copy(update={"formula": formula})
    return replace(catalogue, indicators=made | catalogue.indicators)


def test_a_formula_may_use_what_other_formulas_give(stated: pd.DataFrame, catalogue: Catalogue) -> None:
    # Vacant dwellings a flat in three steps, the last one listed first.
    chained = _with_formulas(
        catalogue,
        hundred_times=("100 * vacant_a_flat", "vacant_a_flat"),
        vacant_a_flat=("vacancy_rate_percent / flats_share_percent", "vacancy_rate_percent flats_share_percent"),
    )
    rows = derived_observations(stated, chained)
    city = _row(rows, "94041", "hundred_times", "2021")
    assert city["obs_value"] == pytest.approx(100 * 2044 / 29007, rel=1e-12)
    assert (city["source"], city["obs_status"]) == ("insee-census-2021", "A")
    assert city["derived_from"] == "vacant_a_flat@2021[insee-census-2021]"
    assert _row(rows, "94041", "vacant_a_flat", "2021")["derived_from"] == (
        "vacancy_rate_percent@2021[insee-census-2021]; flats_share_percent@2021[insee-census-2021]"
    )
    # As sure as the estimate it goes back to.
    assert _row(rows, "94041-ivry-port", "hundred_times", "2021")["obs_status"] == "E"


def test_chains_change_nothing_of_what_has_none(
    stated: pd.DataFrame, derived: pd.DataFrame, catalogue: Catalogue
) -> None:
    chained = _with_formulas(catalogue, doubled=("2 * vacancy_rate_percent", "vacancy_rate_percent"))
    rows = derived_observations(stated, chained)
    rates = derived[derived["indicator"] == "vacancy_rate_percent"].set_index("ref_area")["obs_value"]
    doubled = rows[rows["indicator"] == "doubled"].set_index("ref_area")["obs_value"]
    assert len(doubled) == len(rates) > 0
    assert (doubled == 2 * rates).all()
    same = rows[rows["indicator"] != "doubled"]
    columns = [*KEY, "obs_value", "obs_status", "derived_from"]
    pd.testing.assert_frame_equal(
        same[columns].sort_values(KEY, ignore_index=True), derived[columns].sort_values(KEY, ignore_index=True)
    )
