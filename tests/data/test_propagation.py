"""Operations followed over years: what the engine must never do, whatever is supposed, and answers worked by hand."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.hypotheses import NOTHING_SUPPOSED, Hypotheses, OperationHypothesis, from_text, to_text
from data.release import Release
from data.rules.operations import Band, Foundation
from data.rules.propagation import added_since_base, bounds_by_area, delivered_by
from data.rules.supposing import suppose
from tests.data.supposing import (
    YEARS,
    World,
    band,
    bands,
    foundation_of,
    knowing_less,
    nothing_but_what_is_asked,
    over,
    steady,
    suppositions,
    worlds,
)

RENEWAL, QUAIS, AGROCITE = "ivry-port-renewal", "ivry-quais-d-ivry", "ivry-agrocite-gagarine-truillot"
IVRY_PORT, CENTRE = "94041-ivry-port", "94041-centre-ville"
BOTH = (over(RENEWAL, 2026, 2035), over(QUAIS, 2026, 2035))
IN_2030 = (IVRY_PORT, "dwellings", 2030)
NEARLY_NOTHING = 1e-6


@pytest.fixture(scope="module")
def ivry(release: Release) -> Foundation:
    return foundation_of({name: release.table(name) for name in ("programmes", "quantities", "phases", "readings")})


def _assert_holds(wide: pd.DataFrame, narrow: pd.DataFrame) -> None:
    """Check that every band of the first holds the band of the second."""
    assert wide.index.equals(narrow.index)
    assert (wide["low"] <= narrow["low"] + NEARLY_NOTHING).all()
    assert (wide["high"] >= narrow["high"] - NEARLY_NOTHING).all()


def _of_each_operation(foundation: Foundation, hypotheses: Hypotheses) -> tuple[Band, ...]:
    """Return what each operation announces, delivers and adds to the census."""
    one = suppose(foundation, hypotheses)
    return one.value, delivered_by(one, YEARS), added_since_base(one, YEARS)


@st.composite
def _cases(draw: st.DrawFn) -> tuple[Foundation, Hypotheses]:
    foundation = draw(worlds()).foundation
    return foundation, draw(suppositions(foundation))


@steady
@given(_cases())
def test_bands_are_ordered_never_shrink_over_years_and_never_pass_what_is_announced(
    case: tuple[Foundation, Hypotheses],
) -> None:
    operations = suppose(*case)
    delivered = delivered_by(operations, YEARS)
    assert (delivered.low >= 0).all()
    assert (delivered.low <= delivered.high + NEARLY_NOTHING).all()
    for bound, promised in ((delivered.low, operations.value.low), (delivered.high, operations.value.high)):
        assert (np.diff(bound, axis=1) >= -NEARLY_NOTHING).all()
        assert (bound <= promised[:, None] + NEARLY_NOTHING).all()
    everything = bands(*case)
    assert (everything["low"] <= everything["high"] + NEARLY_NOTHING).all()


@steady
@given(_cases())
def test_less_knowledge_never_narrows_what_an_operation_brings(case: tuple[Foundation, Hypotheses]) -> None:
    foundation, known = case
    narrow = _of_each_operation(foundation, known)
    for less in [*knowing_less(known), nothing_but_what_is_asked(known)]:
        for wide, mine in zip(_of_each_operation(foundation, less), narrow, strict=True):
            assert (wide.low <= mine.low + NEARLY_NOTHING).all()
            assert (wide.high >= mine.high - NEARLY_NOTHING).all()


@steady
@given(_cases(), st.data())
def test_less_knowledge_never_narrows_a_band(case: tuple[Foundation, Hypotheses], data: st.DataObject) -> None:
    foundation, known = case
    less = data.draw(st.sampled_from([*knowing_less(known), nothing_but_what_is_asked(known)]))
    _assert_holds(bands(foundation, less), bands(foundation, known))


@steady
@given(worlds(), st.data())
def test_sources_that_tell_less_never_narrow_a_band(world: World, data: st.DataObject) -> None:
    foundation = world.foundation
    known = data.draw(suppositions(foundation))
    narrow = bands(foundation, known)
    place = data.draw(st.integers(0, len(world.told) - 1))
    name = data.draw(st.sampled_from(("social_share", "completed_year", "delivered_share")))
    if name == "delivered_share" and world.told[place].status == "planned":
        # Without the statement, the status itself says that nothing is delivered: to leave it out is to know that.
        known = known.model_copy(update={"only_under_way": False})
        narrow = bands(foundation, known)
    told = (*world.told[:place], world.told[place].without(name), *world.told[place + 1 :])
    _assert_holds(bands(replace(world, told=told).foundation, known), narrow)


@steady
@given(_cases(), st.integers(1, 6), st.booleans())
def test_a_longer_delay_never_raises_a_delivery(
    case: tuple[Foundation, Hypotheses], more: int, of_all_operations: bool
) -> None:
    foundation, known = case
    later = known.model_copy(update={"delay_years": known.delay_years + more})
    if not of_all_operations:
        slower = tuple(one.model_copy(update={"delay_years": one.delay_years + more}) for one in known.operations)
        later = known.model_copy(update={"operations": slower})
    before, after = bands(foundation, known), bands(foundation, later)
    assert (after["low"] <= before["low"] + NEARLY_NOTHING).all()
    assert (after["high"] <= before["high"] + NEARLY_NOTHING).all()


@steady
@given(_cases(), st.integers(1, 12))
def test_a_window_moves_by_exactly_the_delay(case: tuple[Foundation, Hypotheses], delay: int) -> None:
    foundation, known = case
    on_time = suppose(foundation, known)
    late = suppose(foundation, known.model_copy(update={"delay_years": known.delay_years + delay}))
    dated = ~np.isnan(on_time.first_year)
    before, after = delivered_by(on_time, YEARS), delivered_by(late, YEARS + delay)
    assert np.array_equal(after.low[dated], before.low[dated])
    assert np.array_equal(after.high[dated], before.high[dated])
    assert np.array_equal((late.last_year - on_time.last_year)[dated], np.full(dated.sum(), float(delay)))


@steady
@given(_cases())
def test_districts_add_up_to_the_city(case: tuple[Foundation, Hypotheses]) -> None:
    operations = suppose(*case)
    delivered = delivered_by(operations, YEARS)
    districts = bounds_by_area(delivered, operations)
    for quantity in operations.rows["quantity"].unique():
        mine = (operations.rows["quantity"] == quantity).to_numpy()
        areas = [band for (_, name), band in districts.items() if name == quantity]
        assert np.allclose(sum(band.low for band in areas), delivered.low[mine].sum(axis=0))
        assert np.allclose(sum(band.high for band in areas), delivered.high[mine].sum(axis=0))


def test_no_delay_changes_nothing(ivry: Foundation) -> None:
    spelt_out = Hypotheses(operations=tuple(OperationHypothesis(programme_id=name) for name in (RENEWAL, QUAIS)))
    assert bands(ivry, spelt_out).equals(bands(ivry, NOTHING_SUPPOSED))
    on_time = Hypotheses(operations=BOTH)
    assert bands(ivry, from_text(f"{to_text(on_time)}~delay.0")).equals(bands(ivry, on_time))


@pytest.mark.parametrize("delay", [0, 2])
def test_less_knowledge_never_narrows_a_band_of_ivry(ivry: Foundation, delay: int) -> None:
    known = Hypotheses(
        operations=(
            over(AGROCITE, 2026, 2031, delivered_percent=40),
            over("ivry-lbms-mixed", 2027, 2030, delivered_percent=0, delay_years=1),
            over("ivry-parc-des-confluences", 2025, 2032, delivered_percent=25),
            over(RENEWAL, 2026, 2035, delivered_percent=30),
            over(QUAIS, 2026, 2035),
        ),
        delay_years=delay,
        readings=(("mixed-programmes-count", "each"), ("quais-in-ivry-port", "inside")),
        household_sizes=(("dwellings", 2.1), ("specific_dwellings", 1.0)),
    )
    narrow = bands(ivry, known)
    for less in [*knowing_less(known), nothing_but_what_is_asked(known)]:
        _assert_holds(bands(ivry, less), narrow)


# Ivry-Port by the end of 2030, worked by hand. The renewal announces 5,600 dwellings, how many of them are delivered is
# not known: none to all. The Quais announce 1,150, all to come. Both deliver evenly from 2026 to 2035.
# On time, the end of 2030 is the end of year 5 of 10.
#   outside:  renewal  0.5 × 5,600 = 2,800 (if none is delivered yet) to 5,600 (if all are)
#             Quais    0.5 × 1,150 = 575                                    together 3,375 to 6,175
#   inside:   renewal  5,600 − 1,150 = 4,450 without the Quais: 0.5 × 4,450 = 2,225 to 4,450
#             Quais    575                                                  together 2,800 to 5,025
#   open:     the lower of both to the higher of both                                2,800 to 6,175
# Two years late, delivery goes from 2028 to 2037: the end of 2030 is the end of year 3 of 10.
#   outside:  0.3 × 5,600 + 0.3 × 1,150 = 1,680 + 345 = 2,025 to 5,600 + 345 = 5,945
#   inside:   0.3 × 4,450 + 345 = 1,335 + 345 = 1,680         to 4,450 + 345 = 4,795
#   open:                                       1,680         to               5,945
@pytest.mark.parametrize(
    ("reading", "delay", "expected"),
    [
        ("outside", 0, (3375, 6175)),
        ("inside", 0, (2800, 5025)),
        ("", 0, (2800, 6175)),
        ("outside", 2, (2025, 5945)),
        ("inside", 2, (1680, 4795)),
        ("", 2, (1680, 5945)),
    ],
)
def test_dwellings_of_ivry_port_by_2030_by_hand(
    ivry: Foundation, reading: str, delay: int, expected: tuple[float, float]
) -> None:
    known = Hypotheses(operations=BOTH, delay_years=delay).read_as("quais-in-ivry-port", reading)
    assert band(ivry, known, IN_2030) == pytest.approx(expected)


# With 30 % of the renewal delivered by the time of the text, half of the rest is delivered by the end of 2030.
#   outside:  0.3 × 5,600 = 1,680, and 0.5 × (5,600 − 1,680) = 1,960;  with the Quais' 575: 4,215
#   inside:   0.3 × 4,450 = 1,335, and 0.5 × (4,450 − 1,335) = 1,557.5; with the Quais' 575: 3,467.5
@pytest.mark.parametrize(
    ("reading", "expected"), [("outside", (4215, 4215)), ("inside", (3467.5, 3467.5)), ("", (3467.5, 4215))]
)
def test_a_supposed_part_delivered_by_hand(ivry: Foundation, reading: str, expected: tuple[float, float]) -> None:
    known = Hypotheses(operations=(over(RENEWAL, 2026, 2035, delivered_percent=30), BOTH[1]))
    assert band(ivry, known.read_as("quais-in-ivry-port", reading), IN_2030) == pytest.approx(expected)


def test_the_agrocite_brings_429_social_dwellings(ivry: Foundation) -> None:
    where = (CENTRE, "social_dwellings, announced", 0)
    assert band(ivry, NOTHING_SUPPOSED, where) == pytest.approx((429, 429))  # 30 % of 1,430
    known = Hypotheses(operations=(over(AGROCITE, 2026, 2029, delivered_percent=0),))
    # Two years of four: half of 429.
    assert band(ivry, known, (CENTRE, "social_dwellings", 2027)) == pytest.approx((214.5, 214.5))


def test_a_share_no_source_gives_may_be_none_or_all(ivry: Foundation) -> None:
    assert band(ivry, NOTHING_SUPPOSED, (IVRY_PORT, "social_dwellings", 2030)) == (0, 6750)  # 5,600 + 1,150


def test_with_nothing_supposed_only_what_is_told_is_sure(ivry: Foundation) -> None:
    found = bands(ivry, NOTHING_SUPPOSED)
    sure = found[(found["low"] > 0) & (found.index.get_level_values("year") == 2030)]
    assert {(area, quantity): tuple(row) for (area, quantity, _), row in sure.iterrows()} == {
        ("", "cycle_route_km"): (10, 10),  # the ten kilometres that the record counts as built
        ("94041-monmousseau-verollot", "specific_dwellings"): (165, 165),  # the Miriam-Makeba residence
    }


def test_works_dated_from_2026_deliver_nothing_in_2025(ivry: Foundation) -> None:
    assert band(ivry, NOTHING_SUPPOSED, (IVRY_PORT, "dwellings", 2025)) == (0, 5600)
    assert band(ivry, NOTHING_SUPPOSED, (IVRY_PORT, "dwellings", 2026)) == (0, 6750)
    # Two years late, the works of the Quais begin in 2028.
    assert band(ivry, Hypotheses(delay_years=2), (IVRY_PORT, "dwellings", 2027)) == (0, 5600)
    assert band(ivry, Hypotheses(delay_years=2), (IVRY_PORT, "dwellings", 2028)) == (0, 6750)


def test_without_what_is_only_planned_the_quais_bring_nothing(ivry: Foundation) -> None:
    known = Hypotheses(operations=BOTH, only_under_way=True)
    # Half of the renewal's 5,600, or of 4,450 if the Quais that are given up were a part of them.
    assert band(ivry, known, IN_2030) == pytest.approx((2225, 5600))
