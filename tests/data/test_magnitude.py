"""Which figures are implausible beside the release before: made by hand, and the embedded figures as they are."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.definitions import Catalogue
from data.magnitude_models import Limits, Magnitude, limits_of, unstated
from data.rules.magnitude import FOUND, Judge, counted, implausible, lost

COUNT = Limits(2, 100, 3, 100, 20)
SHARE = Limits(1, 20, 1, 20, 20)
JUDGE = Judge({"rpls-2024": "rpls", "rpls-2025": "rpls", "lovac-2025": "lovac"}, {"homes": COUNT, "share": SHARE})


def _frame(*rows: tuple[str, str, str, float | None, str]) -> pd.DataFrame:
    """Return observations: area, indicator, period, value, edition."""
    frame = pd.DataFrame(rows, columns=["ref_area", "indicator", "time_period", "obs_value", "source"])
    return frame.astype({"obs_value": "float64"}).assign(nature="observed", reading="")


def _of(indicator: str, *values: float | None, source: str = "rpls-2024") -> pd.DataFrame:
    """Return the series of one area from 2020 on."""
    return _frame(*(("94041", indicator, str(2020 + year), value, source) for year, value in enumerate(values)))


def _kinds(old: pd.DataFrame, new: pd.DataFrame) -> list[str]:
    return implausible(old, new, JUDGE)["kind"].tolist()


@pytest.mark.parametrize(
    ("indicator", "old", "new", "stops"),
    [
        ("homes", 1000, 1999, False),
        ("homes", 1000, 2000, True),
        ("homes", 2000, 1001, False),
        ("homes", 2000, 1000, True),
        ("homes", 10, 110, False),  # eleven times, but a small number of homes
        ("homes", 10, 111, True),
        ("homes", 19, 0, False),
        ("homes", 20, 0, True),
        ("homes", 0, 100, False),
        ("homes", 0, 101, True),
        ("homes", 0, 0, False),
        ("homes", -3, 4, True),
        ("homes", 1000, None, False),  # what is withdrawn is counted, not compared
        ("homes", None, 1000, False),
        ("share", 40, 60, False),
        ("share", 40, 60.5, True),
        ("share", 2, 8, False),
        ("share", 19, 0, False),
        ("share", 20, 0, True),
        ("gone", 1, 10**6, False),  # no longer defined: told as lost
    ],
)
def test_a_revision_stops_beyond_its_limits(indicator: str, old: float, new: float, stops: bool) -> None:
    assert _kinds(_of(indicator, old), _of(indicator, new)) == (["revised"] if stops else [])


@pytest.mark.parametrize(
    ("old", "new", "kinds"),
    [
        ([1000, 1100], [1000, 1100, 3200], []),
        ([1000, 1100], [1000, 1100, 3300], ["period"]),
        ([1000, 1100], [1000, 1100, 366], ["period"]),
        ([1000, 1100], [1000, 1100, 0], ["period"]),
        ([1000, 1100], [1000, 1100, None, 1200], []),  # a year without a value hides nothing
        ([1000, 1100], [1000, 1100, None, 12000], ["period"]),
        ([1000, 1100], [1000, 1100, 1200, 12000], ["period"]),
        ([1000, 1100], [1000, 11000, 12000], ["revised"]),
        ([None, 1100], [1, 1100], []),  # an earlier period, filled in later
    ],
)
def test_a_new_period_is_held_against_the_one_before(
    old: list[float | None], new: list[float | None], kinds: list[str]
) -> None:
    assert _kinds(_of("homes", *old), _of("homes", *new, source="rpls-2025")) == kinds


def test_a_series_that_is_new_has_nothing_beside_it() -> None:
    assert _kinds(_of("share", 1), pd.concat([_of("share", 1), _of("homes", 1, 10**6)])) == []
    assert _kinds(_of("homes", 5000), _of("homes", 1, 10**6, source="lovac-2025")) == []


def test_what_is_found_says_where_old_and_new() -> None:
    found = implausible(_of("homes", 1000), _of("homes", 100, source="rpls-2025"), JUDGE)
    assert list(found.columns) == FOUND
    assert found.iloc[0].tolist() == ["revised", "94041", "homes", "2020", "2020", "rpls-2025", 1000, 100, 0.1]


def test_figures_of_several_texts_are_held_each_against_itself() -> None:
    old = pd.concat([_of("homes", 1000, source="text-a"), _of("homes", 5000, source="text-b")])
    assert _kinds(old, old.iloc[::-1]) == []
    assert _kinds(old, old.assign(obs_value=[1000.0, 500.0])) == ["revised"]


def test_lost_values_are_counted_by_indicator_and_level() -> None:
    levels = {str(area): "iris" for area in range(20)} | {"94041": "commune"}
    iris = _frame(*((str(area), "homes", "2021", 1.0, "rpls-2024") for area in range(20)))
    old = counted(pd.concat([iris, _of("homes", 5.0)]), levels)
    assert lost(old, counted(pd.concat([iris.iloc[2:], _of("homes", 5.0)]), levels)).empty
    found = lost(old, counted(pd.concat([iris.iloc[3:], _of("homes", 5.0)]), levels))
    assert found[["indicator", "ref_area", "old", "new"]].to_numpy().tolist() == [["homes", "iris", 20, 17]]
    assert lost(old, counted(iris, levels))["ref_area"].tolist() == ["commune"]
    secret = iris.assign(obs_value=np.nan)
    assert lost(old, counted(secret, levels))["new"].tolist() == [0, 0]


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.floats(-1e9, 1e9, allow_nan=False), min_size=1, max_size=8),
    st.lists(st.floats(-1e9, 1e9, allow_nan=False), min_size=1, max_size=8),
)
def test_turned_round_what_is_implausible_stays_so_but_for_falls_to_zero(old: list[float], new: list[float]) -> None:
    there, back = (_kinds(_of("homes", *one), _of("homes", *other)) for one, other in ((old, new), (new, old)))
    if 0 not in [*old, *new] and len(old) == len(new):
        assert there == back
    assert _kinds(_of("homes", *old), _of("homes", *old)) == []


def test_limits_of_an_indicator_hold_over_those_of_its_unit_and_of_all() -> None:
    stated = {
        "default": Magnitude(revised_factor=2, revised_change=100, period_factor=3, period_change=100, zero_from=20),
        "percent": Magnitude(revised_factor=1, revised_change=20),
    }
    assert limits_of(stated, "dwelling", None) == COUNT
    assert limits_of(stated, "percent", Magnitude(revised_change=5)) == Limits(1, 5, 3, 100, 20)
    assert unstated(stated) == []
    assert unstated({"default": Magnitude(zero_from=1)}) == ["period_change", "period_factor", "revised_change",
                                                             "revised_factor"]  # fmt: skip


def test_embedded_figures_would_have_passed_in_every_year(
    catalogue: Catalogue, tables: dict[str, pd.DataFrame]
) -> None:
    observations = tables["observations"]
    limits = {name: limits_of(catalogue.magnitudes, entry.unit, entry.magnitude)
              for name, entry in catalogue.indicators.items()}  # fmt: skip
    judge = Judge({name: dataset for name, (dataset, _, _) in catalogue.editions().items()}, limits)
    assert implausible(observations, observations, judge).empty
    for period in sorted(observations["time_period"].unique())[1:]:
        known = observations[observations["time_period"] < period]
        assert implausible(known, observations, judge).empty, period
    # They are not so wide that nothing would stop: a tenfold population does.
    tenfold = observations.copy()
    tenfold.loc[tenfold["indicator"] == "population", "obs_value"] *= 10
    found = implausible(observations, tenfold, judge)
    assert set(found["indicator"]) == {"population"}
    assert len(found) > 100
