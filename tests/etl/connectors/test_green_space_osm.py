"""Green spaces of OpenStreetMap, as Overpass answers with `[out:json]; … out geom;`."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.definitions import Catalogue
from data.errors import UnknownEditionError, UnreadableFileError
from etl.connectors import green_space_osm
from etl.intake import Loaded, Scope
from tests.etl.connectors.green_places import COMMUNE, EAST, SCOPE, WEST, outlines, rectangle, residents, values
from tests.etl.connectors.mutating import FILES, arrives, steady

FILE = FILES / "overpass-espaces-verts.json"
VALID = FILE.read_bytes()
EDITION = "green-space-osm-2026-11-20"
# Areas are measured on positions of seven decimals, about a centimetre.
CLOSE = 1e-3


def _loaded(path: Path, answer: Any, scope: Scope = SCOPE) -> Loaded:
    path.write_text(json.dumps(answer), encoding="utf-8")
    return green_space_osm.transform(green_space_osm.extract(path), EDITION, scope)


def _park(*corners: float, **tags: str) -> dict[str, Any]:
    ring = rectangle(*corners).exterior.coords
    points = [{"lat": latitude, "lon": longitude} for longitude, latitude in ring]
    return {"type": "way", "id": 1, "geometry": points, "tags": {"leisure": "park"} | tags}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "overpass.json"


@pytest.fixture(scope="module")
def known() -> Loaded:
    return green_space_osm.transform(green_space_osm.extract(FILE), EDITION, SCOPE)


def test_every_element_is_accounted_for(known: Loaded) -> None:
    assert (known.read, known.loaded, known.quarantined, known.out_of_scope) == (18, 6, 7, 5)
    assert [(one.line, one.reason) for one in known.rejected] == [
        (11, "not_a_surface"),  # a way that does not close
        (12, "not_a_surface"),  # a node
        (13, "geometry_invalid"),  # crosses itself
        (14, "coordinates_swapped"),
        (15, "geometry_invalid"),  # a relation whose members do not join
        (17, "geometry_missing"),  # cut by the box that was asked for
        (18, "not_a_surface"),  # a relation that encloses nothing
    ]


# West: 6 ha, a park of 2 ha of which half a hectare lies on it, 0.8 ha of a wood. East: 4.75 ha in two pieces with a
# hole, 1 ha of the wood, 1 ha of a park that lies mostly across the border.
def test_areas_are_metric_and_overlaps_count_once(known: Loaded) -> None:
    assert values(known, "green_area_ha") == pytest.approx({COMMUNE: 15.05, WEST: 8.3, EAST: 6.75}, rel=CLOSE)


def test_a_garden_in_a_park_is_no_other_space_and_a_park_across_the_border_is_not_ours(known: Loaded) -> None:
    assert values(known, "green_spaces") == {COMMUNE: 4, WEST: 2, EAST: 2}


def test_area_per_inhabitant_is_of_the_census(known: Loaded) -> None:
    rates = values(known, "green_area_m2_per_inhabitant")
    assert rates == pytest.approx({COMMUNE: 150_500 / 3800, WEST: 83_000 / 1500, EAST: 67_500 / 2300}, rel=CLOSE)


def test_who_lives_within_300_metres_counts_whole_by_the_centre(known: Loaded) -> None:
    assert values(known, "population_near_green_space") == {COMMUNE: 3300, WEST: 1000, EAST: 2300}
    shares = values(known, "population_near_green_space_share_percent")
    assert shares == pytest.approx({COMMUNE: 100 * 3300 / 3800, WEST: 100 * 1000 / 1500, EAST: 100})
    rows = known.observations[known.observations["indicator"].str.startswith("population_near")]
    assert set(rows["obs_status"]) == {"E"}
    assert rows["note_fr"].str.contains("recensement de 2021").all()
    assert rows["note_fr"].str.contains("selon son centre").all()


def test_with_outlines_of_units_the_part_of_their_area_counts(file: Path) -> None:
    # The zone reaches 300 m from the park's edge at 400 m: a third of a unit from 500 m to 1,100 m.
    unit = {"940410101": rectangle(200, 500, 500, 1100)}
    scope = replace(SCOPE, outlines=outlines(iris=unit), residents=residents(i940410101=(900, 350, 800, WEST)))
    near = _loaded(file, {"elements": [_park(0, 200, 700, 400)]}, scope)
    assert values(near, "population_near_green_space") == pytest.approx({COMMUNE: 300, WEST: 300}, rel=CLOSE)
    assert near.observations["note_fr"].str.contains("répartie également").any()


def test_a_space_under_half_a_hectare_has_an_area_and_no_neighbours(file: Path) -> None:
    loaded = _loaded(file, {"elements": [_park(300, 500, 370, 570)]})
    assert values(loaded, "green_area_ha") == pytest.approx({COMMUNE: 0.49, WEST: 0.49}, rel=CLOSE)
    assert values(loaded, "population_near_green_space") == {}


def test_two_that_touch_are_one_piece_of_half_a_hectare(file: Path) -> None:
    loaded = _loaded(file, {"elements": [_park(300, 500, 360, 560), _park(359, 500, 420, 560)]})
    assert values(loaded, "population_near_green_space") == {COMMUNE: 1500, WEST: 1500}


def test_where_nothing_is_drawn_there_is_no_zero(file: Path) -> None:
    loaded = _loaded(file, {"elements": [_park(300, 500, 400, 600)]})
    assert EAST not in set(loaded.observations["ref_area"])
    assert _loaded(file, {"elements": []}).observations.empty


def test_the_same_park_twice_is_one(file: Path) -> None:
    loaded = _loaded(file, {"elements": [_park(300, 500, 400, 600)] * 2})
    assert (loaded.loaded, values(loaded, "green_spaces")) == (2, {COMMUNE: 1, WEST: 1})


def test_on_a_sketch_all_is_estimated_and_says_so(file: Path) -> None:
    scope = replace(SCOPE, outlines=outlines("sketch"))
    rows = _loaded(file, {"elements": [_park(300, 500, 400, 600)]}, scope).observations
    assert set(rows["obs_status"]) == {"E"}
    assert rows["note_fr"].str.contains("esquisse").all()


def test_official_outlines_make_sure_areas_and_faulty_elements_unsure_ones(file: Path, known: Loaded) -> None:
    measured = ["green_area_ha", "green_spaces"]
    rows = _loaded(file, {"elements": [_park(300, 500, 400, 600)]}).observations
    assert set(rows.loc[rows["indicator"].isin(measured), "obs_status"]) == {"A"}
    rows = known.observations
    assert set(rows.loc[rows["indicator"].isin(measured), "obs_status"]) == {"E"}
    assert rows["note_fr"].str.contains("n’ont pas pu être lus").all()
    assert set(rows["time_period"]) == {"2026-11-20"}
    assert rows["source_detail"].str.endswith("2026-11-20T06:12:44Z").all()


@pytest.mark.parametrize(
    "tags",
    [
        {"access": "private"},
        {"access": "no"},
        {"garden:type": "residential"},
        {"leisure": "pitch"},
        {"access": "permit"},
    ],
)
def test_what_is_private_or_no_green_space_is_out_of_scope(file: Path, tags: dict[str, str]) -> None:
    loaded = _loaded(file, {"elements": [_park(300, 500, 400, 600, **tags)]})
    assert (loaded.read, loaded.out_of_scope, len(loaded.observations)) == (1, 1, 0)


def test_a_layer_with_the_tags_of_the_map_is_read_too(tmp_path: Path) -> None:
    features = [
        {"type": "Feature", "properties": {"leisure": "park", "access": access}, "geometry": shape.__geo_interface__}
        for access, shape in ((None, rectangle(300, 500, 400, 600)), ("private", rectangle(500, 500, 600, 600)))
    ]
    path = tmp_path / "export.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    loaded = green_space_osm.transform(green_space_osm.extract(path), EDITION, SCOPE)
    assert (loaded.loaded, loaded.out_of_scope) == (1, 1)
    assert values(loaded, "green_area_ha") == pytest.approx({COMMUNE: 1, WEST: 1}, rel=CLOSE)


def test_a_layer_of_another_publisher_is_sent_to_its_data_set() -> None:
    with pytest.raises(UnreadableFileError, match="ingest green_space FILE"):
        green_space_osm.extract(FILES / "espaces-verts-ville.geojson")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda answer: answer | {"remark": 'runtime error: Query timed out in "query"'}, "cut short.*timed out"),
        (lambda answer: {"version": 0.6, "generator": "Overpass API"}, "no list `elements`"),
        (lambda answer: answer | {"elements": [{"type": "way", "id": 1, "tags": {"leisure": "park"}}]}, "out geom"),
        (lambda answer: answer | {"elements": ["way"]}, "elements that are none"),
    ],
)
def test_an_answer_that_is_none_or_was_cut_is_refused(file: Path, change: Callable[[Any], Any], words: str) -> None:
    file.write_text(json.dumps(change(json.loads(VALID))), encoding="utf-8")
    with pytest.raises(UnreadableFileError, match=words):
        green_space_osm.extract(file)


@pytest.mark.parametrize(
    ("old", "new"), [(b'"lat": 48.', b'"lat": NaN, "was": 48.'), (b'"version": 0.6', b'"version": 0.6, "version": 0.7')]
)
def test_json_that_is_none_is_refused(file: Path, old: bytes, new: bytes) -> None:
    file.write_bytes(VALID.replace(old, new, 1))
    with pytest.raises(UnreadableFileError, match=file.name):
        green_space_osm.extract(file)


def test_an_edition_without_a_date_is_refused() -> None:
    with pytest.raises(UnknownEditionError, match="2026-11-20"):
        green_space_osm.transform(green_space_osm.extract(FILE), "green-space-osm-latest", SCOPE)


NASTY: tuple[Any, ...] = (None, "", "x", 0, -1, 91.5, 1e300, True, 48.8, 2.38, "48.8")


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """Draw an answer after one to four changes of elements, positions, tags, members or bytes."""
    answer = json.loads(VALID)
    for _ in range(draw(st.integers(1, 4))):
        element = draw(st.sampled_from(answer["elements"]))
        members = element.get("members") or [element]
        line = draw(st.sampled_from(members)).get("geometry")
        kind = draw(st.sampled_from(("key", "point", "coordinate", "cut", "swap", "tag", "double")))
        if kind == "key":
            element[draw(st.sampled_from(sorted(element)))] = draw(st.sampled_from(NASTY))
        elif kind == "tag":
            element["tags"] = {draw(st.sampled_from(("leisure", "access", "type"))): draw(st.sampled_from(NASTY))}
        elif kind == "double":
            answer["elements"].append(json.loads(json.dumps(element)))
        elif isinstance(line, list) and line:
            place = draw(st.integers(0, len(line) - 1))
            if kind == "point":
                line[place] = draw(st.sampled_from(NASTY))
            elif kind == "cut":
                del line[place]
            elif isinstance(line[place], dict) and kind == "swap":
                line.insert(0, line[place])
            elif isinstance(line[place], dict):
                line[place] = line[place] | {draw(st.sampled_from(("lat", "lon"))): draw(st.sampled_from(NASTY))}
    data = json.dumps(answer).encode()
    return data[: draw(st.integers(0, len(data)))] if draw(st.integers(0, 9)) == 0 else data


@settings(steady, max_examples=80)
@given(data=damaged())
def test_whatever_arrives_every_element_is_accounted_for(tmp_path: Path, catalogue: Catalogue, data: bytes) -> None:
    loaded = arrives(green_space_osm, tmp_path / FILE.name, data, EDITION, SCOPE)
    if loaded:
        assert set(loaded.observations["ref_area"]) <= {COMMUNE, WEST, EAST}
        assert {one.reason for one in loaded.rejected} <= set(catalogue.rejections)
