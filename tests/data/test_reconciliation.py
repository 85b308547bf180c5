"""Figures side by side: what two sources give, what parts add up to, and when a difference may not be told."""

from dataclasses import replace

import pandas as pd
import pytest

from data.definitions import Catalogue
from data.release import Release
from data.rules.comparisons import Comparison, Side
from data.rules.reconciliation import days_between, pairs_of_sources
from data.rules.sums_of_parts import reconcile

IVRY = "94041"
Tables = dict[str, pd.DataFrame]


@pytest.fixture
def own_tables(release: Release) -> Tables:
    """Return copies of the tables that a test may change."""
    return {name: frame.copy() for name, frame in release.tables.items()}


def _all(tables: Tables, catalogue: Catalogue, commune: str = IVRY) -> tuple[Comparison, ...]:
    return reconcile(tables, catalogue.reconciliations, catalogue.quantities, commune)


def _of(found: tuple[Comparison, ...], name: str, ref_area: str = IVRY) -> list[Comparison]:
    return [one for one in found if one.name == name and one.total.ref_area == ref_area]


@pytest.fixture(scope="module")
def found(release: Release, catalogue: Catalogue) -> tuple[Comparison, ...]:
    return _all(release.tables, catalogue)


def _pairs(tables: Tables, *ref_areas: str) -> list[Comparison]:
    return pairs_of_sources(tables["observations"], tables["sources"], ref_areas or (IVRY,), ("insee_census_iris",))


def test_two_figures_of_ivry_have_two_sources(found: tuple[Comparison, ...]) -> None:
    pairs = [one for one in found if one.kind == "sources"]
    assert {(one.name, one.total.ref_area) for one in pairs} == {("social_dwellings", IVRY), ("population", IVRY)}
    assert len(pairs) == 2
    assert all(one.total.dataset != one.parts[0].dataset for one in pairs)


def test_social_dwellings_declared_and_registered(found: tuple[Comparison, ...]) -> None:
    (pair,) = _of(found, "social_dwellings")
    assert (pair.total.value, pair.total.source) == (12128, "municipal-record-ivry-2025")
    assert (pair.parts[0].value, pair.parts[0].time_period) == (11948, "2024-01-01")
    assert pair.difference == -180
    assert pair.difference_percent == pytest.approx(-180 / 12128 * 100)
    assert round(abs(pair.difference_percent or 0), 1) == 1.5
    assert (pair.state, pair.reasons) == ("different", ("undated",))


def test_the_two_populations_of_2021_differ_by_a_rounding(found: tuple[Comparison, ...]) -> None:
    (pair,) = _of(found, "population")
    assert {pair.total.time_period, pair.parts[0].time_period} == {"2021"}
    assert {pair.total.value, pair.parts[0].value} == {64000, 64001}
    # 22 IRIS, each rounded to a whole number: at most 11 inhabitants.
    assert (pair.rounding, pair.state, pair.agrees) == (11, "rounding", True)


def test_every_commune_of_the_release_can_be_reconciled(release: Release, catalogue: Catalogue) -> None:
    for commune in ("94022", "94074", "94081", "26362"):
        one = _of(_all(release.tables, catalogue, commune), "population", commune)
        assert one
        assert abs(one[0].difference or 0) <= 2


def _with_rows(tables: Tables, source: str, **changes: list[str]) -> None:
    """Add copies of Ivry's social dwellings from one source, each with another cell changed."""
    rows = tables["observations"]
    mine = rows[(rows["ref_area"] == IVRY) & (rows["indicator"] == "social_dwellings") & (rows["source"] == source)]
    copies = [mine.assign(**{name: value}) for name, values in changes.items() for value in values]
    tables["observations"] = pd.concat([rows, *copies], ignore_index=True)


def _social(tables: Tables) -> list[tuple[str, str]]:
    pairs = [one for one in _pairs(tables) if one.name == "social_dwellings"]
    return [(one.total.time_period, one.parts[0].time_period) for one in pairs]


def test_without_a_common_period_the_nearest_are_compared(own_tables: Tables) -> None:
    _with_rows(own_tables, "rpls-2024", time_period=["2012-01-01", "2023-01-01", "2031-01-01"])
    assert _social(own_tables) == [("2025", "2024-01-01")]


def test_common_periods_are_compared_and_no_others(own_tables: Tables) -> None:
    _with_rows(own_tables, "rpls-2024", time_period=["2025", "2020"])
    _with_rows(own_tables, "municipal-record-ivry-2025", time_period=["2020"])
    assert sorted(_social(own_tables)) == [("2020", "2020"), ("2025", "2025")]


def test_periods_that_overlap_are_no_days_apart() -> None:
    assert days_between("2021", "2021-01-01") == 0
    assert days_between("2020/2025", "2024-01-01") == 0
    assert days_between("2021", "2022-01-01") == days_between("2022-01-01", "2021") == 1


def test_an_alternative_reading_is_no_second_source(own_tables: Tables) -> None:
    rows = own_tables["observations"]
    rows.loc[rows["figure_id"] == "ivry-social-stock", "reading"] = "in_all"
    assert _social(own_tables) == []


def test_a_plan_is_no_second_source(own_tables: Tables) -> None:
    rows = own_tables["observations"]
    rows.loc[rows["figure_id"] == "ivry-social-stock", "nature"] = "planned"
    assert _social(own_tables) == []


def test_two_documents_are_two_sources_though_one_data_set(own_tables: Tables) -> None:
    rows = own_tables["observations"]
    stands = rows[rows["figure_id"] == "ivry-bike-stands"]
    other = stands.assign(source="council-motion-ivry-2017", obs_value=700.0)
    own_tables["observations"] = pd.concat([rows, other], ignore_index=True)
    (pair,) = [one for one in _pairs(own_tables) if one.name == "cycle_stands"]
    assert {pair.total.value, pair.parts[0].value} == {722, 700}


def test_the_newest_edition_of_a_data_set_speaks_for_it(own_tables: Tables) -> None:
    rows = own_tables["observations"]
    newest = rows[(rows["ref_area"] == IVRY) & (rows["source"] == "insee-population-2023")]
    revised = newest[newest["indicator"] == "population"].assign(time_period="2021", obs_value=64007.0)
    own_tables["observations"] = pd.concat([rows, revised], ignore_index=True)
    (pair,) = [one for one in _pairs(own_tables) if one.name == "population"]
    assert {pair.total.value, pair.parts[0].value} == {64000, 64007}


def test_private_and_social_dwellings_against_the_census(found: tuple[Comparison, ...]) -> None:
    before, after = _of(found, "private_and_social")
    assert [part.value for part in before.parts] == [20905, 11948]
    assert [part.time_period for part in before.parts] == ["2021-01-01", "2024-01-01"]
    assert (before.total.value, before.sum, before.difference) == (32530, 32853, 323)
    assert not before.after_break
    assert [part.value for part in after.parts] == [27159, 11948]
    assert (after.sum, after.difference, after.after_break) == (39107, 6577, True)
    assert round(after.difference_percent or 0, 1) == 20.2
    assert after.reasons == ("dates", "break")
    assert before.reasons == ("dates",)


def test_one_of_eight_green_places_has_an_area_and_it_is_planned(found: tuple[Comparison, ...]) -> None:
    (places,) = _of(found, "green_places")
    assert (places.total.value, places.total.qualifier, len(places.parts)) == (10, "more_than", 8)
    assert places.sum == pytest.approx(0.35)
    assert [part.name for part in places.counted] == ["ivry-jardin-dian-fossey"]
    assert places.counted[0].nature == "planned"
    assert (places.state, places.difference, places.difference_percent) == ("incomplete", None, None)
    assert places.reasons == ("unknown_parts", "planned_parts", "qualifier")
    # The whole park is 12 ha: only its first part is counted, and nobody says how large it is.
    park = next(part for part in places.parts if part.name == "ivry-parc-des-confluences")
    assert park.value is None


def _deliver(tables: Tables, places: Comparison, area_m2: float, count: int) -> None:
    names = [part.name for part in places.parts][:count]
    rows = tables["programmes"]
    rows.loc[rows["programme_id"].isin(names), "area_delivered_m2"] = area_m2


def test_places_whose_areas_are_all_known_are_held_against_the_total(
    own_tables: Tables, catalogue: Catalogue, found: tuple[Comparison, ...]
) -> None:
    (places,) = _of(found, "green_places")
    _deliver(own_tables, places, 15_000, 8)
    (more,) = _of(_all(own_tables, catalogue), "green_places")
    # 8 × 1.5 ha: « more than 10 » allows 12, and not 8.
    assert (more.sum, more.state, more.agrees) == (pytest.approx(12), "compatible", True)
    _deliver(own_tables, places, 10_000, 8)
    (less,) = _of(_all(own_tables, catalogue), "green_places")
    assert (less.sum, less.difference, less.state) == (pytest.approx(8), pytest.approx(-2), "different")


def test_a_planned_area_is_never_added_to_one_delivered(
    own_tables: Tables, catalogue: Catalogue, found: tuple[Comparison, ...]
) -> None:
    (places,) = _of(found, "green_places")
    rows = own_tables["programmes"]
    rows.loc[rows["programme_id"] == "ivry-venelle-galilee", "area_delivered_m2"] = 800
    (mixed,) = _of(_all(own_tables, catalogue), "green_places")
    assert mixed.sum == pytest.approx(0.08)
    assert [part.name for part in mixed.counted] == ["ivry-venelle-galilee"]
    assert (mixed.state, "planned_parts" in mixed.reasons) == ("incomplete", True)
    rows.loc[rows["programme_id"].isin([part.name for part in places.parts]), "area_delivered_m2"] = 800
    rows.loc[rows["programme_id"] == "ivry-jardin-dian-fossey", "area_delivered_m2"] = float("nan")
    (still,) = _of(_all(own_tables, catalogue), "green_places")
    assert (len(still.counted), still.state) == (7, "incomplete")


def test_parts_of_the_census_meet_their_totals_within_rounding(found: tuple[Comparison, ...]) -> None:
    (homes,) = _of(found, "occupation")
    assert [part.value for part in homes.parts] == [29378, 1112, 2044]
    assert (homes.sum, homes.difference, homes.state) == (32534, 4, "rounding")
    assert homes.rounding == 44  # (one total and three parts) × 22 IRIS × half a dwelling
    (ages,) = _of(found, "ages")
    assert ([part.value for part in ages.parts], ages.state) == ([15703, 40751, 7548], "rounding")
    small = [one for one in found if one.name in {"occupation", "ages"} and one.total.ref_area != IVRY]
    assert len(small) == 2 * (22 + 6)
    assert {one.state for one in small} == {"equal", "rounding"}
    # One IRIS: parts may differ by one or two.
    assert {one.rounding for one in small if len(one.total.ref_area) == 9} == {2}


def test_more_than_rounding_can_make_is_a_difference(own_tables: Tables, catalogue: Catalogue) -> None:
    rows = own_tables["observations"]
    mine = (rows["ref_area"] == "940410101") & (rows["indicator"] == "main_homes")
    own_tables["observations"].loc[mine, "obs_value"] += 3
    (one,) = _of(_all(own_tables, catalogue), "occupation", "940410101")
    assert (one.state, one.reasons) == ("different", ())


def test_parts_that_are_not_the_whole_leave_a_rest(found: tuple[Comparison, ...]) -> None:
    (social,) = _of(found, "social_occupancy")
    assert [part.value for part in social.parts] == [10513, 258, 84]
    assert (social.total.value, social.sum, social.difference, social.state) == (11948, 10855, -1093, "rest")
    (buildings,) = _of(found, "building_type")
    assert (buildings.sum, buildings.difference, buildings.state) == (1858 + 29007, -1665, "rest")
    (staff,) = _of(found, "upkeep_staff")
    assert (staff.total.value, staff.sum, staff.difference) == (140, 90, -50)


def test_a_part_without_a_value_makes_the_sum_incomplete(own_tables: Tables, catalogue: Catalogue) -> None:
    rows = own_tables["observations"]
    lost = (rows["ref_area"] == IVRY) & (rows["indicator"] == "second_homes")
    own_tables["observations"] = rows[~lost]
    (homes,) = _of(_all(own_tables, catalogue), "occupation")
    assert (homes.sum, len(homes.counted), len(homes.parts)) == (29378 + 2044, 2, 3)
    assert (homes.state, homes.difference, homes.reasons) == ("incomplete", None, ("unknown_parts",))


def test_districts_and_iris_add_up_to_the_commune(found: tuple[Comparison, ...]) -> None:
    districts, iris = _of(found, "over_districts"), _of(found, "over_iris")
    assert {len(one.parts) for one in districts} == {6}
    assert {len(one.parts) for one in iris} == {22}
    assert {one.state for one in (*districts, *iris)} == {"equal"}
    area = next(one for one in districts if one.total.indicator == "land_area_ha")
    assert area.sum == pytest.approx(612.6)
    # Shares are never summed over areas.
    assert "vacancy_rate_percent" not in {one.total.indicator for one in districts}


def test_a_district_without_a_value_makes_the_sum_incomplete(own_tables: Tables, catalogue: Catalogue) -> None:
    rows = own_tables["observations"]
    own_tables["observations"] = rows[~((rows["ref_area"] == "94041-ivry-port") & (rows["indicator"] == "flats"))]
    flats = [one for one in _of(_all(own_tables, catalogue), "over_districts") if one.total.indicator == "flats"]
    assert [(len(one.counted), len(one.parts), one.state) for one in flats] == [(5, 6, "incomplete")]


RANGE = Comparison("sources", "x", Side(10.0, "x", IVRY, value_max=14.0), (Side(12.0, "x", IVRY),))


@pytest.mark.parametrize(
    ("qualifier", "value", "state"),
    [("exact", 12.0, "compatible"), ("exact", 20.0, "different"), ("exact", 10.0, "equal"),
     ("less_than", 3.0, "compatible"), ("at_least", 90.0, "compatible"), ("about", 20.0, "different")],
)  # fmt: skip
def test_what_a_text_leaves_open_is_no_difference(qualifier: str, value: float, state: str) -> None:
    total = replace(RANGE.total, qualifier=qualifier)
    assert replace(RANGE, total=total, parts=(Side(value, "x", IVRY),)).state == state
