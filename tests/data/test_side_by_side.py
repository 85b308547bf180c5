"""Ranks, index, change, quotients and refusals, against plain arithmetic."""

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.definitions import load_catalogue
from data.rules.side_by_side import (
    PLANNED_KINDS,
    Measured,
    change,
    common_periods,
    index_to,
    quotients,
    ranks,
    refusals,
    since_break,
    tied,
    unbroken,
)
from data.settings import CATALOGUE

NONE = float("nan")
values = st.lists(st.one_of(st.none(), st.floats(-1e6, 1e6)), min_size=1, max_size=30)


@given(values)
def test_a_rank_is_one_more_than_how_many_are_higher(given_values: list[float | None]) -> None:
    series = pd.Series(given_values, dtype=float)
    found, shared = ranks(series), tied(series)
    for place, value in enumerate(given_values):
        if value is None:
            assert pd.isna(found[place])
            assert not shared[place]
            continue
        known = [other for other in given_values if other is not None]
        assert found[place] == 1 + sum(other > value for other in known)
        assert shared[place] == (known.count(value) > 1)


def test_ties_share_the_better_place_and_missing_ones_have_none() -> None:
    series = pd.Series([5.0, NONE, 7.0, 5.0, 1.0])
    assert ranks(series).tolist()[:1] == [2]
    assert [None if pd.isna(place) else int(place) for place in ranks(series)] == [2, None, 1, 2, 4]
    assert tied(series).tolist() == [True, False, False, True, False]


def test_an_index_is_100_in_its_base_and_nothing_without_one() -> None:
    table = pd.DataFrame({"2013": [50.0, 0.0, NONE], "2023": [75.0, 3.0, 4.0]}, index=["a", "b", "c"])
    found = index_to(table, "2013")
    assert found.loc["a"].tolist() == [100.0, 150.0]
    assert found.loc[["b", "c"]].isna().all().all()


def test_change_from_zero_has_no_percentage() -> None:
    table = pd.DataFrame({"2013": [50.0, 0.0], "2023": [40.0, 3.0]}, index=["a", "b"])
    found = change(table, "2013", "2023")
    assert found.loc["a"].tolist() == [40.0, -10.0, -20.0]
    assert found.at["b", "change"] == 3.0
    assert math.isnan(found.at["b", "change_percent"])


def test_only_periods_that_all_have_are_shared() -> None:
    table = pd.DataFrame({"2013": [1.0, NONE], "2014": [1.0, 2.0], "2015": [0.0, 0.0]})
    assert common_periods(table) == ["2014", "2015"]


def test_figures_are_divided_by_those_of_their_own_year_or_by_the_newest() -> None:
    dwellings = pd.DataFrame({"2022": [10.0, 20.0], "2023": [30.0, NONE]}, index=["a", "b"])
    people = pd.DataFrame({"2021": [900.0, 400.0], "2023": [1000.0, 0.0]}, index=["a", "b"])
    same = quotients(dwellings, people, 1000, True)
    assert math.isnan(same.at["a", "2022"])  # no population of that year
    assert same.at["a", "2023"] == 30.0
    assert math.isnan(same.at["b", "2023"])
    newest = quotients(dwellings, people, 1000, False)
    assert newest.at["a", "2022"] == 10.0
    assert newest.loc["b"].isna().all()  # one does not divide by zero


def test_the_four_vacancies_are_refused_pair_by_pair_and_what_is_planned_beside_what_is_observed() -> None:
    rules = load_catalogue(CATALOGUE).incomparable
    census = Measured("vacancy_rate_percent", "insee_census_iris", "observed")
    private = Measured("private_dwellings_vacancy_rate_percent", "lovac", "observed")
    social = Measured("social_dwellings_vacancy_rate_percent", "rpls", "observed")
    shops = Measured("vacant_commercial_premises_share_percent", "founding_texts", "observed")
    pairs = {(one.first, one.second) for one in refusals([census, private, social, shops], rules)}
    assert len(pairs) == 6
    count = Measured("vacant_dwellings", "insee_census_iris", "observed")
    assert refusals([census, count], rules) == []
    planned = Measured("dwellings_programmed", "founding_texts", "planned")
    assert [one.rule for one in refusals([census, planned], rules)] == [PLANNED_KINDS]


@pytest.mark.parametrize("base", ["inhabitants", "dwellings", "hectares"])
def test_only_counts_are_divided(base: str) -> None:
    catalogue = load_catalogue(CATALOGUE)
    allowed = [one for one in catalogue.indicators.values() if base in one.per]
    assert allowed
    assert {one.aggregation for one in allowed} == {"sum"}
    assert catalogue.denominators[base].indicator in catalogue.indicators


def test_values_compare_from_the_last_break_of_any_series_on() -> None:
    statuses = pd.DataFrame({"2020": ["A", "A"], "2021": ["B", "A"], "2022": ["A", "O"]}, index=["a", "b"])
    assert since_break(statuses) == ["2021", "2022"]
    assert since_break(statuses.loc[["b"]]) == ["2020", "2021", "2022"]
    assert unbroken(statuses, "2020", "2022").to_dict() == {"a": False, "b": True}
    assert unbroken(statuses, "2021", "2022").to_dict() == {"a": True, "b": True}
