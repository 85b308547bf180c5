"""From IRIS to communes and districts."""

import pandas as pd
import pytest

from data.rules.aggregation import sum_over_areas, weigh_to_areas


def _population(values: dict[str, float | None], statuses: str = "AAA") -> pd.DataFrame:
    return pd.DataFrame(
        {
            "ref_area": list(values),
            "indicator": "population",
            "time_period": "2021",
            "source": "census",
            "obs_value": list(values.values()),
            "obs_status": list(statuses[: len(values)]),
        }
    )


@pytest.fixture
def halves() -> pd.DataFrame:
    """Return weights where `north` holds all of one IRIS and a quarter of another."""
    rows = [("a", "north", 1.0), ("b", "north", 0.25), ("b", "south", 0.75)]
    return pd.DataFrame(rows, columns=["ref_area", "parent", "weight"])


def test_a_commune_is_the_sum_of_its_iris() -> None:
    summed = sum_over_areas(_population({"a": 100, "b": 40, "c": 7}), pd.Series({"a": "x", "b": "x", "c": "y"}))
    assert summed.set_index("ref_area")["obs_value"].to_dict() == {"x": 140, "y": 7}
    assert summed.set_index("ref_area")["children"].to_dict() == {"x": 2, "y": 1}


def test_an_absent_iris_gives_no_commune() -> None:
    summed = sum_over_areas(_population({"a": 100, "c": 7}), pd.Series({"a": "x", "b": "x", "c": "y"}))
    assert summed["ref_area"].tolist() == ["y"]


def test_an_iris_without_value_gives_no_value() -> None:
    summed = sum_over_areas(_population({"a": 100, "b": None}, "AO"), pd.Series({"a": "x", "b": "x"}))
    assert summed["obs_value"].isna().all()
    assert summed["obs_status"].tolist() == ["O"]


def test_weights_share_an_iris_between_districts(halves: pd.DataFrame) -> None:
    weighed = weigh_to_areas(_population({"a": 100, "b": 40}, "AE"), halves).set_index("ref_area")
    assert weighed["obs_value"].to_dict() == {"north": 110, "south": 30}
    assert weighed["obs_status"].to_dict() == {"north": "E", "south": "E"}


def test_a_district_with_an_absent_iris_gets_none(halves: pd.DataFrame) -> None:
    weighed = weigh_to_areas(_population({"b": 40}), halves)
    assert weighed["ref_area"].tolist() == ["south"]


def test_periods_and_sources_are_not_mixed() -> None:
    older = _population({"a": 1, "b": 2}).assign(time_period="2020")
    other = _population({"a": 10, "b": 20}).assign(source="register")
    rows = pd.concat([_population({"a": 100, "b": 200}), older, other])
    summed = sum_over_areas(rows, pd.Series({"a": "x", "b": "x"}))
    assert sorted(summed["obs_value"]) == [3, 30, 300]
