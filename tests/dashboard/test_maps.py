"""The district map: five states kept apart, and a twin that shows the same."""

import json
import re
from xml.etree import ElementTree

import pytest
import shapely
import vl_convert

from dashboard.content import geothermal, green, home, housing, mobility
from dashboard.maps.deck import HIT_LAYER, deck
from dashboard.maps.hatch import hatch
from dashboard.maps.labels import shown_stations
from dashboard.maps.prepare import OPERATIONS, DistrictMap, choropleth, class_of
from dashboard.maps.twin import twin
from dashboard.theme import INKS, rgb
from dashboard.typeface import width_px
from dashboard.view import View


@pytest.fixture(scope="session")
def maps(city: View) -> list[DistrictMap]:
    return [
        housing.district_map(city, "vacancy_rate_percent"),
        mobility.district_map(city, mobility.NEAR_STATION),
        home.district_map(city, home.MAP_INDICATORS[0]),
        green.district_map(city, OPERATIONS),
        geothermal.district_map(city),
    ]


def _layers(prepared: DistrictMap) -> dict[str, dict]:
    return {layer["id"]: layer for layer in json.loads(deck(prepared).to_json())["layers"]}


def test_vacancy_goes_from_petit_ivry_to_the_centre(city: View) -> None:
    prepared = housing.district_map(city, "vacancy_rate_percent")
    values = prepared.frame.set_index("slug")["value"].round(1)
    assert values["petit-ivry"] == 4.1
    assert values["ivry-port"] == 6.0
    assert values["centre-ville"] == 8.5
    assert prepared.bounds == (5.0, 6.0, 7.0, 8.0)


def test_a_bound_belongs_to_the_class_above() -> None:
    assert [class_of(value, (5.0, 6.0)) for value in (4.99, 5.0, 5.99, 6.0)] == [0, 1, 1, 2]


def test_none_named_is_not_zero(city: View) -> None:
    frame = green.district_map(city, OPERATIONS).frame.set_index("slug")
    assert frame.at["petit-ivry", "state"] == "not_named"
    assert frame["value"].isna()["petit-ivry"]
    assert frame.at["ivry-port", "state"] == "delivered"
    assert frame.at["centre-ville", "state"] == "plan"


def test_what_is_only_planned_is_hatched_and_what_is_delivered_is_flat(city: View) -> None:
    frame = green.district_map(city, OPERATIONS).frame
    assert set(frame.loc[frame["state"] == "plan", "hatch"]) == {"plan"}
    assert set(frame.loc[frame["state"] == "delivered", "hatch"]) == {""}


def test_deck_and_twin_show_the_same_areas_and_colours(maps: list[DistrictMap]) -> None:
    for prepared in maps:
        polygons = _layers(prepared)["districts"]["data"]
        features = twin(prepared).to_dict()["layer"][0]["data"]["values"]
        in_deck = {row["slug"]: row["fill"] for row in polygons}
        in_twin = {row["properties"]["slug"]: rgb(row["properties"]["fill"]) for row in features}
        assert in_deck == in_twin
        assert len(in_deck) == 6


def test_the_twin_can_be_drawn_without_a_browser(maps: list[DistrictMap]) -> None:
    for prepared in maps:
        svg = vl_convert.vegalite_to_svg(twin(prepared).to_dict())
        assert all(name in svg for name in ("Petit-Ivry", "Ivry-Port", "Centre-ville"))


def test_a_deck_asks_no_tile_host(maps: list[DistrictMap]) -> None:
    for prepared in maps:
        text = deck(prepared).to_json()
        assert "http" not in text
        assert "mapProvider" not in json.loads(text)


def test_only_districts_can_be_picked_and_the_layer_names_the_choice(ivry_port: View) -> None:
    layers = _layers(housing.district_map(ivry_port, "vacancy_rate_percent"))
    pickable = [name for name, layer in layers.items() if layer["pickable"]]
    assert pickable == [f"{HIT_LAYER}ivry-port"]
    assert {row["slug"] for row in layers[pickable[0]]["data"]} >= {"petit-ivry", "ivry-port"}


def test_stations_stand_where_the_source_puts_them(city: View) -> None:
    prepared = mobility.district_map(city, mobility.NEAR_STATION)
    assert len(prepared.points) == 36
    mairie = prepared.points.set_index(["name", "line"]).loc[("Mairie d’Ivry", "METRO 7")]
    assert (mairie["longitude"], mairie["latitude"]) == (2.3843, 48.8105)


def _twin_layers(prepared: DistrictMap, mark: str) -> list[dict]:
    return [layer for layer in twin(prepared).to_dict()["layer"] if layer["mark"]["type"] == mark]


def test_deck_and_twin_show_the_same_stations_those_beyond_a_still_map_left_out(city: View) -> None:
    prepared = mobility.district_map(city, mobility.NEAR_STATION)
    west, south, east, north = shapely.total_bounds(prepared.frame["geometry"].to_numpy())
    in_deck = {tuple(row["position"]) for row in _layers(prepared)["stations"]["data"]}
    (layer,) = _twin_layers(prepared, "circle")
    in_twin = {(round(dot["longitude"], 5), round(dot["latitude"], 5)) for dot in layer["data"]["values"]}
    assert in_twin == {(x, y) for x, y in in_deck if west <= x <= east and south <= y <= north}
    assert 5 < len(in_twin) < len(in_deck)
    assert _layers(prepared)["stations"]["getFillColor"] == rgb(layer["mark"]["fill"])
    assert _layers(prepared)["stations"]["getLineColor"] == rgb(layer["mark"]["stroke"])


def test_a_map_without_stations_has_no_dots(city: View) -> None:
    assert _twin_layers(housing.district_map(city, "vacancy_rate_percent"), "circle") == []


def test_deck_and_twin_draw_the_river_as_water_and_tracks_as_tracks(maps: list[DistrictMap]) -> None:
    for prepared in maps:
        layers = _layers(prepared)
        in_deck = {name: layers[f"context-{name}"] for name in ("water", "rail")}
        assert all(len(layer["data"]) == 1 for layer in in_deck.values())
        looks = {layer["mark"]["stroke"]: layer["mark"]["strokeWidth"] for layer in _twin_layers(prepared, "geoshape")
                 if layer["mark"].get("filled") is False}  # fmt: skip
        water, rail = (INKS[prepared.mode][name] for name in ("water", "rail"))
        assert [layer["getColor"] for layer in in_deck.values()] == [rgb(water), rgb(rail)]
        assert in_deck["water"]["getWidth"] > 2 * in_deck["rail"]["getWidth"]
        assert looks[water] > 2 * looks[rail]


def test_long_names_beside_a_map_stand_in_two_lines_and_others_in_one(city: View) -> None:
    prepared = housing.district_map(city, "vacancy_rate_percent")
    labels = {row["label"] for row in _layers(prepared)["context-labels"]["data"]}
    assert {"Le Kremlin-\nBicêtre", "Charenton-\nle-Pont", "Alfortville", "Vitry-sur-Seine"} <= labels
    assert {label.replace("-\n", "-").replace("\n", " ") for label in labels} == set(
        prepared.context.loc[prepared.context["kind"] != "line", "name"]
    )


@pytest.mark.parametrize("size_px", [(560, 460), (288, 256), (250, 222)])
def test_no_name_or_value_of_a_still_map_covers_a_station(city: View, size_px: tuple[int, int]) -> None:
    prepared = mobility.district_map(city, mobility.NEAR_STATION)
    root = ElementTree.fromstring(vl_convert.vegalite_to_svg(twin(prepared, *size_px).to_dict()))
    dots, texts = [], []
    for element in root.iter():
        moved = [float(number) for number in re.findall(r"-?[\d.]+", element.get("transform", ""))[:2]]
        if "A2.9" in element.get("d", ""):
            dots.append(moved)
        elif element.get("font-size") == "13px":
            texts.append((moved, [span.text or "" for span in element] or [element.text or ""]))
    assert len(texts) == 6
    assert len(dots) == len(shown_stations(prepared))
    for (x, y), lines in texts:
        half = max(width_px(line, 13, 600) for line in lines) / 2 + 3
        for dot_x, dot_y in dots:
            is_beside = abs(dot_x - x) > half
            assert is_beside or not y - 10 < dot_y < y + 14 * (len(lines) - 1) + 3, lines


def test_hatching_stays_inside_its_area() -> None:
    square = shapely.box(2.38, 48.80, 2.39, 48.81)
    lines = [shapely.LineString(line) for line in hatch(square)]
    assert len(lines) >= 8
    assert all(square.buffer(2e-5).contains(line) for line in lines)


def test_an_unknown_value_is_not_drawn_as_zero(city: View) -> None:
    prepared = choropleth(city, "green_area_created_ha", "green_space")
    assert set(prepared.frame["state"]) == {"missing"}
    assert prepared.frame["value"].isna().all()
