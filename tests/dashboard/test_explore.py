"""The explorer: every measure at every level says what the release says, in every form, in both languages."""

import json

import mapclassify
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from dashboard.desk import classing, explore, measures
from dashboard.desk.explore import Query
from dashboard.desk.measures import UnknownLevelError, UnknownMeasureError, areas_of
from dashboard.desk.requests import query_of
from dashboard.desk.sight import Sight, by_period, sight
from dashboard.figures import to_figure
from dashboard.maps.areas import area_map
from dashboard.maps.deck import deck
from dashboard.maps.prepare import class_of
from dashboard.maps.twin import twin
from dashboard.theme import rgb
from dashboard.view import View
from data.frames import rows_of
from data.rules.side_by_side import Measured, ranks, tied
from tests.dashboard.chart_reading import rows_with

VACANCY = "vacancy_rate_percent"


def _sights(view: View) -> list[Sight]:
    found = []
    for key in measures.choices(view):
        measure = measures.measure_of(view, key)
        for level in measures.levels_of(view, measure):
            found += by_period(view, measure, level).values()
    return found


def test_every_figure_of_the_release_is_seen_once_with_its_own_words(city_in: View) -> None:
    table = city_in.release.table("observations")
    by_place = {row.Index: row for row in rows_of(table)}
    seen: dict[int, int] = {}
    for one in _sights(city_in):
        for line in rows_of(one.frame):
            rows = [by_place[place] for place in line.rows]
            assert {row.ref_area for row in rows} <= {line.ref_area}
            assert all((row.indicator, row.nature) == (one.measure.indicator, one.measure.nature) for row in rows)
            for row in rows:
                assert to_figure(city_in.release, row, city_in.language).text in line.words
                if one.level != "iris_all":
                    seen[row.Index] = seen.get(row.Index, 0) + 1
            if line.state == "value":
                (row,) = rows
                assert line.value == row.obs_value
            else:
                assert pd.isna(line.value)
    assert set(seen.values()) == {1}
    of_others = table["ref_area"].map(city_in.areas["commune"]).ne(city_in.commune)
    assert not set(table.index[~of_others]) - seen.keys()


def test_zero_missing_withheld_and_does_not_apply_stay_apart(city: View) -> None:
    table = city.release.table("observations")
    states = {line.ref_area: line.state for line in rows_of(sight(
        city, measures.measure_of(city, "dwellings_started"), "commune", "2024").frame)}  # fmt: skip
    assert states["94041"] == "missing"  # the register gives 0 for what is not known yet
    zero = table[(table["obs_value"] == 0) & (table["indicator"] == "dwellings_authorised")].iloc[0]
    found = sight(city, measures.measure_of(city, "dwellings_authorised"), "commune", zero["time_period"]).frame
    assert found.set_index("ref_area").at[zero["ref_area"], "state"] == "value"
    assert found.set_index("ref_area").at[zero["ref_area"], "value"] == 0.0
    assert found.set_index("ref_area").at["26362", "words"] == "aucun chiffre dans les sources"


def test_the_district_of_most_vacancy_and_the_range_are_the_title(city: View, english: View) -> None:
    for view, words in (
        (city, "Part de logements vacants (recensement)\u00a0: de 4,1\u00a0% (Petit-Ivry) à 8,5\u00a0% "
               "(Centre-ville et Louis-Bertrand – Mirabeau)"),
        (english, "Share of vacant dwellings (census): from 4.1% (Petit-Ivry) to 8.5% (Centre-ville and "
                  "Louis-Bertrand – Mirabeau)"),
    ):  # fmt: skip
        assert explore.headline(view, query_of(view, {"indicateur": VACANCY})).title == words


def test_tables_rank_as_plain_counting_does(city_in: View) -> None:
    for one in _sights(city_in):
        if len(one.frame) > 30 or not one.is_observed:
            continue
        query = Query(one.measure, one.level, one.period)
        table = explore.tables(city_in, query)[0]
        places, shared = ranks(one.frame["value"]), tied(one.frame["value"])
        expected = {
            line.name: "—" if pd.isna(places[line.Index]) else str(places[line.Index]) for line in rows_of(one.frame)
        }
        for row in table.rows:
            is_shared = bool(shared[one.frame["name"] == row[0]].iloc[0])
            assert row[2].split()[0] == expected[row[0]]
            assert (len(row[2].split()) > 1) == is_shared


@pytest.mark.parametrize("form", [explore.ranking, explore.timeline])
def test_charts_hold_the_values_of_the_table(city_in: View, form: object) -> None:
    drawn = 0
    for key in measures.choices(city_in):
        query = query_of(city_in, {"indicateur": key})
        chart = form(city_in, query)  # type: ignore[operator]
        if chart is None:
            continue
        drawn += 1
        drawings = chart.panels if form is explore.timeline else (chart,)
        numbers = {
            round(row["value"], 9)
            for one in drawings
            for row in rows_with(one.specification, "value")
            if row["value"] is not None
        }
        sights = by_period(city_in, query.measure, query.level) if form is explore.timeline else {
            query.period: explore.seen_of(city_in, query)}  # fmt: skip
        known = {round(float(value), 9) for one in sights.values() for value in one.frame["value"].dropna()}
        assert numbers <= known
        assert numbers
    assert drawn >= 10


def test_a_scatter_of_two_vacancies_is_refused_with_its_reason(city_in: View) -> None:
    query = query_of(city_in, {"indicateur": VACANCY, "niveau": "commune",
                               "second": "private_dwellings_vacancy_rate_percent"})  # fmt: skip
    refused = explore.refused(city_in, query)
    assert refused is not None
    reason, instead, page = refused
    assert "Lovac" in reason
    assert instead
    assert page == "rapprochements"
    assert explore.usual_second(city_in, query.measure, explore.second_choices(city_in, query.measure, "commune"))


def test_the_usual_second_measure_may_stand_beside_the_first(city: View) -> None:
    for key in measures.choices(city):
        measure = measures.measure_of(city, key)
        level = measures.usual_level(city, measures.levels_of(city, measure))
        known = explore.second_choices(city, measure, level)
        others = [measures.measure_of(city, one) for one in known]
        if any(explore.refused(city, Query(measure, level, "", other)) is None for other in others):
            second = measures.measure_of(city, explore.usual_second(city, measure, known))
            assert second.nature == measure.nature
            assert explore.refused(city, Query(measure, level, "", second)) is None


@pytest.mark.filterwarnings("ignore:Numba not installed")
@pytest.mark.parametrize("method", [classing.QUANTILES, classing.NATURAL])
@given(values=st.lists(st.integers(0, 4000), min_size=6, max_size=60, unique=True), count=st.integers(2, 5))
def test_classes_are_those_of_the_library(method: str, values: list[int], count: int) -> None:
    known = sorted(value / 10 for value in values)
    bounds = classing.bounds(known, method, count, 1)
    library = {classing.QUANTILES: mapclassify.Quantiles, classing.NATURAL: mapclassify.FisherJenks}[method]
    expected = library(known, k=count)
    theirs = np.unique(expected.yb, return_inverse=True)[1]
    assert [class_of(value, bounds) for value in known] == theirs.tolist()


@given(values=st.lists(st.floats(-1000, 1000), min_size=1, max_size=60), count=st.integers(2, 5))
def test_equal_classes_are_equally_wide_and_hold_every_value(values: list[float], count: int) -> None:
    bounds = classing.bounds(values, classing.EQUAL, count, 1)
    assert list(bounds) == sorted(bounds)
    edges = [min(values), *bounds, max(values)]
    if len(bounds) == count - 1:
        widths = np.diff(edges)
        assert np.allclose(widths, (max(values) - min(values)) / count, atol=0.01)


def test_equal_values_have_no_classes() -> None:
    assert classing.bounds([3.0, 3.0, 3.0], classing.QUANTILES, 5, 1) == ()


@pytest.mark.parametrize("method", classing.METHODS)
def test_deck_and_twin_of_chosen_classes_show_the_same_areas_classes_and_colours(city_in: View, method: str) -> None:
    query = explore.classed(query_of(city_in, {"indicateur": VACANCY}), method, 4)
    prepared = explore.mapped(city_in, query)
    layers = {layer["id"]: layer for layer in json.loads(deck(prepared).to_json())["layers"]}
    in_deck = {row["slug"]: row["fill"] for row in layers["districts"]["data"]}
    features = twin(prepared).to_dict()["layer"][0]["data"]["values"]
    assert in_deck == {row["properties"]["slug"]: rgb(row["properties"]["fill"]) for row in features}
    assert len(in_deck) == 6
    for row in rows_of(prepared.frame):
        assert row.class_index == class_of(row.value, prepared.bounds)
    if method != classing.CITY:
        assert len(prepared.bounds) == 3


def test_small_maps_share_their_classes_and_hold_all_their_values(city: View) -> None:
    query = explore.classed(query_of(city, {"indicateur": VACANCY}), classing.QUANTILES, 5)
    others = explore.same_unit(city, query)[:3]
    found = explore.maps_by_measure(city, query, others)
    assert len(found) == 4
    assert len({one.bounds for one in found}) == 1
    values = sorted(value for one in found for value in one.frame["value"])
    assert classing.bounds(values, classing.QUANTILES, 5, 1) == found[0].bounds


def test_why_there_is_no_map_is_said(city_in: View) -> None:
    for parameters in ({"indicateur": "dwellings_authorised"}, {"indicateur": "dwellings_programmed"}):
        assert explore.why_no_map(city_in, query_of(city_in, parameters))
    assert explore.why_no_map(city_in, query_of(city_in, {"indicateur": VACANCY})) == ""


def _many(view: View, count: int) -> tuple[Sight, pd.DataFrame]:
    """Return a sight and areas of many squares, some in two parts or with a hole: shapes as official ones come."""
    step, shapes = 0.01, []
    for place in range(count):
        west, south = 2.0 + step * (place % 40), 48.0 + step * (place // 40)
        square = shapely.box(west, south, west + step * 0.9, south + step * 0.9)
        if place % 7 == 0:
            square = square.difference(square.centroid.buffer(step / 5))
        if place % 11 == 0:
            square = shapely.MultiPolygon(
                [square, shapely.box(west, south + step * 0.92, west + step / 3, south + step)]
            )
        shapes.append(shapely.to_wkb(square))
    codes = [f"{place:05d}" for place in range(count)]
    areas = pd.DataFrame({"ref_area": codes, "name": [f"Lieu {code}" for code in codes], "boundary": "official",
                          "commune": codes, "geometry": shapes})  # fmt: skip
    values = [None if place % 13 == 0 else float(place % 97) for place in range(count)]
    frame = pd.DataFrame(
        {"ref_area": codes, "name": areas["name"], "short_name": areas["name"], "value": values,
         "words": list(map(str, values)), "state": ["missing" if value is None else "value" for value in values],
         "status": "A", "nature": "observed", "source": "", "kind": "", "note": "", "rows": [()] * count}
    )  # fmt: skip
    return Sight(Measured(VACANCY, "x", "observed"), "commune", "2021", "Part", "2021", frame), areas


@pytest.mark.parametrize("count", [106, 1300])
def test_many_areas_of_any_shape_are_drawn_by_deck_and_twin_alike(city: View, count: int) -> None:
    seen, areas = _many(city, count)
    prepared = area_map(city, seen, areas, (20.0, 40.0, 60.0), "housing", ("Titre", ""))
    layers = {layer["id"]: layer for layer in json.loads(deck(prepared).to_json())["layers"]}
    in_deck: dict[str, list[int]] = {}
    for row in layers["districts"]["data"]:
        assert in_deck.setdefault(row["slug"], row["fill"]) == row["fill"]
        assert row["said"].startswith("Lieu ")
    features = twin(prepared).to_dict()["layer"][0]["data"]["values"]
    assert in_deck == {row["properties"]["slug"]: rgb(row["properties"]["fill"]) for row in features}
    assert len(in_deck) == count
    assert not any(name.startswith("labels") for name in layers)
    view = json.loads(deck(prepared).to_json())["initialViewState"]
    assert view["zoom"] < 12.75


def test_areas_without_a_shape_are_told(city: View) -> None:
    assert set(areas_of(city, "iris")["boundary"]) == {"none"}
    assert "contours" in explore.why_no_map(city, query_of(city, {"indicateur": VACANCY, "niveau": "iris"}))


@pytest.mark.parametrize(
    ("parameters", "error"),
    [
        ({}, UnknownMeasureError),
        ({"indicateur": "vacance'; --"}, UnknownMeasureError),
        ({"indicateur": VACANCY, "niveau": "planete"}, UnknownLevelError),
    ],
)
def test_what_an_address_asks_for_in_vain_has_a_name(city: View, parameters: dict[str, str], error: type) -> None:
    with pytest.raises(error):
        query_of(city, parameters)
