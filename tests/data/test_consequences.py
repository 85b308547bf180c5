"""What new dwellings do to inhabitants and indicators: answers worked by hand from the release."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.definitions import Catalogue
from data.hypotheses import NOTHING_SUPPOSED, Hypotheses
from data.release import Release
from data.rules.consequences import Interval, follows_programmes, indicator_interval
from data.rules.operations import Foundation
from tests.data.supposing import band, bands, foundation_of, over, thorough

RENEWAL, QUAIS = "ivry-port-renewal", "ivry-quais-d-ivry"
OUTSIDE = Hypotheses(
    operations=(over(RENEWAL, 2026, 2035), over(QUAIS, 2026, 2035)),
    readings=(("quais-in-ivry-port", "outside"),),
    household_sizes=(("dwellings", 2.0), ("specific_dwellings", 1.0)),
)
IN_2030 = ("94041-ivry-port", "inhabitants", 2030)
DENSITY = "100 * population / land_area_ha"


@pytest.fixture(scope="module")
def ivry(release: Release) -> Foundation:
    return foundation_of({name: release.table(name) for name in ("programmes", "quantities", "phases", "readings")})


# Inhabitants of Ivry-Port added since the census by the end of 2030, year 5 of 10, at 2 people an ordinary dwelling and
# 1 a special-purpose one. The renewal has 5,600 ordinary and 2,300 special-purpose dwellings, the Quais 1,150.
# Nothing known of the part delivered: of the renewal all may have been there at the census (none is new), or none.
#   low:   2 × 0.5 × 1,150                                  =  1,150
#   high:  2 × (5,600 + 575) + 1 × 2,300 = 12,350 + 2,300   = 14,650
def test_inhabitants_of_ivry_port_by_hand(ivry: Foundation) -> None:
    assert band(ivry, OUTSIDE, IN_2030) == pytest.approx((1150, 14650))


# 30 % delivered by the time of the text: those 1,680 and 690 may be counted in the census, the others are not.
#   low:   2 × (0.5 × 3,920 + 575) + 0.5 × 1,610                  = 2 × 2,535 +   805 = 5,875
#   high:  2 × (1,680 + 0.5 × 3,920 + 575) + 690 + 0.5 × 1,610    = 2 × 4,215 + 1,495 = 9,925
def test_what_may_be_in_the_census_already_is_only_in_the_upper_bound(ivry: Foundation) -> None:
    known = OUTSIDE.suppose(over(RENEWAL, 2026, 2035, delivered_percent=30))
    assert band(ivry, known, IN_2030) == pytest.approx((5875, 9925))


def test_without_a_household_size_nothing_limits_the_inhabitants(ivry: Foundation) -> None:
    assert band(ivry, OUTSIDE.with_household_size("dwellings", None), IN_2030) == (0, math.inf)
    assert band(ivry, NOTHING_SUPPOSED, IN_2030) == (0, math.inf)
    # No special-purpose dwelling may come to the centre: the size of their households is not asked.
    centre = ("94041-centre-ville", "inhabitants", 2030)
    assert band(ivry, OUTSIDE.with_household_size("specific_dwellings", None), centre) == (0, 2860)  # 2 × 1,430


def test_where_no_dwelling_comes_yet_no_household_size_is_missing(ivry: Foundation) -> None:
    known = Hypotheses(operations=(over("ivry-agrocite-gagarine-truillot", 2030, 2035, delivered_percent=0),))
    assert band(ivry, known, ("94041-centre-ville", "inhabitants", 2029)) == (0, 0)
    assert band(ivry, known, ("94041-centre-ville", "inhabitants", 2030)) == (0, math.inf)


def test_social_dwellings_bring_no_inhabitants_of_their_own(ivry: Foundation) -> None:
    everyone = bands(ivry, OUTSIDE).xs("inhabitants", level="quantity").xs(2040, level="year")
    # All is delivered by 2040 in Ivry-Port: 2 × 6,750 + 2,300, and no social dwelling a second time.
    assert everyone.at["94041-ivry-port", "high"] == pytest.approx(15800)


# Ivry-Port: 13,252.26 inhabitants in 2021 on 217.74 ha, 6,086 a km². With 5,875 to 9,925 more:
#   100 × (13,252.26 + 5,875) / 217.74 = 8,784.5;  100 × (13,252.26 + 9,925) / 217.74 = 10,644.5
def test_the_density_of_ivry_port_by_hand(release: Release) -> None:
    table = release.table("observations")
    mine = table[(table["ref_area"] == "94041-ivry-port") & (table["nature"] == "observed")]
    values = mine.set_index("indicator")["obs_value"]
    bases = {name: float(values[name]) for name in ("population", "land_area_ha")}
    found = indicator_interval(DENSITY, bases, {"population": Interval(5875, 9925)})
    assert (found.low, found.high) == pytest.approx((8784.5, 10644.5), abs=0.1)


def test_a_rate_falls_as_the_population_grows() -> None:
    # 722 stands for 64,000 people are 11.28 for a thousand; for 72,200 they are 10.
    bases = {"cycle_stands": 722.0, "population": 64000.0}
    found = indicator_interval("1000 * cycle_stands / population", bases, {"population": Interval(0, 8200)})
    assert (found.low, found.high) == pytest.approx((10, 11.28125))


def test_homes_and_people_may_come_apart() -> None:
    # 100 people in 50 homes; 0 to 100 people and 0 to 50 homes more: from 100 in 100 homes to 200 in 50.
    added = {"population": Interval(0, 100), "main_homes": Interval(0, 50)}
    found = indicator_interval("population / main_homes", {"population": 100.0, "main_homes": 50.0}, added)
    assert (found.low, found.high) == (1, 4)


def test_nothing_added_leaves_an_indicator_as_it_is() -> None:
    found = indicator_interval(DENSITY, {"population": 500.0, "land_area_ha": 10.0}, {"population": Interval(0, 0)})
    assert found == Interval(5000, 5000)
    assert found.is_exact


def test_an_open_addition_leaves_an_indicator_open() -> None:
    bases = {"population": 500.0, "land_area_ha": 10.0}
    assert indicator_interval(DENSITY, bases, {"population": Interval(0, math.inf)}).is_open


_INTERVALS = st.tuples(st.floats(0, 1e5), st.floats(0, 1e5)).map(lambda pair: Interval(min(pair), max(pair)))


@thorough
@given(_INTERVALS, _INTERVALS, st.floats(0, 1), st.floats(0, 1))
def test_whatever_comes_between_the_bounds_the_indicator_is_between_its_own(
    people: Interval, homes: Interval, of_people: float, of_homes: float
) -> None:
    found = indicator_interval(
        "population / main_homes",
        {"population": 64000.0, "main_homes": 29378.0},
        {"population": people, "main_homes": homes},
    )
    population = 64000 + people.low + of_people * (people.high - people.low)
    main_homes = 29378 + homes.low + of_homes * (homes.high - homes.low)
    assert found.low - 1e-9 <= population / main_homes <= found.high + 1e-9


def test_only_what_dwellings_settle_is_followed(catalogue: Catalogue) -> None:
    formulas = {name: entry.formula.expression for name, entry in catalogue.indicators.items() if entry.formula}
    followed = {name for name, expression in formulas.items() if follows_programmes(expression)}
    assert followed == {
        "inhabitants_per_main_home", "cycle_stands_per_1000_inhabitants", "population_density_inhabitants_per_km2"
    }  # fmt: skip
    # New dwellings say nothing of the age of those who come, or of who lives near a station.
    assert "population_under_20_share_percent" in formulas
    assert "population_near_station_share_percent" in formulas
