"""Cycle facilities in the national schema, in the layout of the national base: every line here is 1,000.7 m long."""

import copy
import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.definitions import Catalogue
from data.errors import UnknownEditionError, UnreadableFileError
from etl.connected import scope_of
from etl.connectors import cycle_lanes
from etl.intake import Loaded, Rejection, Scope
from etl.ledger import Ledger
from tests.etl.connectors.mutating import FILES, NASTY, arrives, steady

FILE = FILES / "cycle-lanes.geojson"
VALID: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
EDITION = "cycle-lanes-2026-03-02"
IVRY, PORT = "94041", "94041-ivry-port"
# 0.009 degrees of latitude along the meridian, by the ellipsoid: 1,000.86 m; Lambert-93 is a little short of it here.
LENGTH_KM = 1.0007
NOTHING = {"ame_d": "AUCUN", "ame_g": "AUCUN"}


@pytest.fixture(scope="module")
def scope(catalogue: Catalogue, ledger: Ledger) -> Scope:
    return scope_of(catalogue, ledger)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / FILE.name


def _changed(place: int, **properties: object) -> bytes:
    """Return the file with some properties of one feature (from 0) changed; `geometry` is its shape."""
    content = copy.deepcopy(VALID)
    feature = content["features"][place]
    if "geometry" in properties:
        feature["geometry"] = properties.pop("geometry")
    feature["properties"] |= properties
    return json.dumps(content, ensure_ascii=False).encode()


def _loaded(path: Path, scope: Scope, data: bytes = b"") -> Loaded:
    path.write_bytes(data or FILE.read_bytes())
    return cycle_lanes.transform(cycle_lanes.extract(path), EDITION, scope)


def _lengths(loaded: Loaded, area: str) -> dict[str, float]:
    rows = loaded.observations
    mine = rows[rows["ref_area"] == area].set_index("indicator")["obs_value"]
    return {str(name).removeprefix("cycle_").removesuffix("_km"): round(value / LENGTH_KM, 2)
            for name, value in mine.items()}  # fmt: skip


def _row(loaded: Loaded, area: str, indicator: str) -> pd.Series:
    rows = loaded.observations
    return rows[(rows["ref_area"] == area) & (rows["indicator"] == indicator)].iloc[0]


def test_each_side_with_a_facility_counts_once(file: Path, scope: Scope) -> None:
    loaded = _loaded(file, scope)
    assert (loaded.read, loaded.loaded, loaded.out_of_scope, loaded.rejected) == (7, 6, 1, ())
    # A two-way track on one side: once. Lanes on both sides: twice. A green way written on both sides: once. A bus lane
    # on the side of Ivry. Nothing for stairs and for what is not said; works and what is provisional stay apart.
    assert _lengths(loaded, IVRY) == {
        "lane_length": 5, "track_length": 2, "lane_painted_length": 2, "shared_length": 1,
        "lane_provisional_length": 1, "lane_under_works_length": 1,
    }  # fmt: skip
    # The other side of the bus lane is in Vitry, in the spelling of schema 0.3.0.
    assert _lengths(loaded, "94081") == {"lane_length": 1, "shared_length": 1}


def test_lengths_are_metres_on_the_ground(file: Path, scope: Scope) -> None:
    assert _row(_loaded(file, scope), IVRY, "cycle_shared_length_km")["obs_value"] == pytest.approx(1.00086, abs=0.0005)


def test_districts_get_the_part_that_runs_through_them(file: Path, scope: Scope) -> None:
    loaded = _loaded(file, scope)
    inside, whole = _lengths(loaded, PORT)["track_length"], _lengths(loaded, IVRY)["track_length"]
    assert 0 < inside < whole
    commune = _row(loaded, IVRY, "cycle_track_length_km")
    assert f"{(whole - inside) * LENGTH_KM:.1f} km of it in no known district" in commune["note_en"]
    assert (commune["obs_status"], _row(loaded, PORT, "cycle_track_length_km")["obs_status"]) == ("A", "E")
    assert "pas exhaustive" in commune["note_fr"]


@pytest.mark.parametrize(
    ("properties", "tracks"),
    [
        ({"ame_g": "PISTE CYCLABLE", "sens_g": "UNIDIRECTIONNEL"}, 3),
        ({"ame_g": "PISTE CYCLABLE", "sens_g": "BIDIRECTIONNEL"}, 2),
        ({"ame_g": "PISTE CYCLABLE", "sens_g": None}, 3),
        ({"ame_g": "VOIE VERTE", "sens_g": "BIDIRECTIONNEL"}, 3),
        ({"statut_d": None}, 2),
        ({"ame_d": " piste cyclable "}, 2),
        (NOTHING, 1),
    ],
)
def test_a_way_told_twice_counts_once(file: Path, scope: Scope, properties: dict[str, object], tracks: float) -> None:
    assert _lengths(_loaded(file, scope, _changed(0, **properties)), IVRY)["track_length"] == tracks


def test_what_is_not_in_the_base_has_no_figure_rather_than_zero(file: Path, scope: Scope) -> None:
    content = VALID | {"features": VALID["features"][:1]}
    assert _lengths(_loaded(file, scope, json.dumps(content).encode()), IVRY) == {"lane_length": 1, "track_length": 1}


def test_a_line_with_nothing_on_either_side_is_loaded_without_a_figure(file: Path, scope: Scope) -> None:
    loaded = _loaded(file, scope, _changed(4, **NOTHING))
    assert (loaded.loaded, loaded.out_of_scope) == (6, 1)
    assert _lengths(loaded, "94081") == {}


POINT = {"type": "Point", "coordinates": [2.399, 48.815]}
FAR = {"type": "LineString", "coordinates": [[2.2945, 48.8584], [2.2955, 48.8584]]}
SWAPPED = {"type": "LineString", "coordinates": [[48.815, 2.399], [48.824, 2.399]]}


@pytest.mark.parametrize(
    ("properties", "column", "value", "reason"),
    [
        ({"ame_d": "TRAVERSEE CYCLABLE"}, "ame_d", "TRAVERSEE CYCLABLE", "unknown_code"),
        ({"ame_d": ""}, "ame_d", "", "unknown_code"),
        ({"sens_d": "LES DEUX"}, "sens_d", "LES DEUX", "unknown_code"),
        ({"statut_d": "En projet"}, "statut_d", "En projet", "unknown_code"),
        ({"code_com_d": "94200"}, "code_com_d", "94200", "postcode_not_commune"),
        ({"code_com_d": None}, "code_com_d", "", "malformed_code"),
        ({"code_com_d": "94041\u00a0"}, "code_com_d", "94041\u00a0", "space_in_code"),
        ({"geometry": POINT}, "geometry", "Point", "not_a_line"),
        ({"geometry": FAR}, "code_com_d", "94041", "position_elsewhere"),
    ],
)
def test_a_wrong_cell_puts_its_row_in_quarantine(
    file: Path, scope: Scope, properties: dict[str, object], column: str, value: str, reason: str
) -> None:
    loaded = _loaded(file, scope, _changed(0, **properties))
    assert loaded.rejected == (Rejection(FILE.name, 1, column, value, reason),)
    assert (loaded.read, loaded.loaded, loaded.out_of_scope) == (7, 5, 1)


@pytest.mark.parametrize(("geometry", "reason"), [(None, "geometry_missing"), (SWAPPED, "coordinates_swapped")])
def test_a_line_without_a_sound_shape_is_in_quarantine(file: Path, scope: Scope, geometry: object, reason: str) -> None:
    loaded = _loaded(file, scope, _changed(6, geometry=geometry))
    assert [(one.line, one.column, one.reason) for one in loaded.rejected] == [(7, "geometry", reason)]
    assert (loaded.loaded, loaded.out_of_scope) == (6, 0)


def test_an_identifier_that_comes_twice_is_rejected_twice(file: Path, scope: Scope) -> None:
    loaded = _loaded(file, scope, _changed(1, id_local="geovelo_1_94041"))
    assert [(one.line, one.reason) for one in loaded.rejected] == [
        (1, "duplicate_identifier"),
        (2, "duplicate_identifier"),
    ]


def test_the_schema_before_0_3_is_refused(file: Path) -> None:
    text = FILE.read_text(encoding="utf-8").replace("code_com_d", "code_com").replace("code_com_g", "code_insee")
    file.write_text(text, encoding="utf-8")
    with pytest.raises(UnreadableFileError, match="code_com_d"):
        cycle_lanes.extract(file)


def test_an_edition_without_a_date_is_refused(scope: Scope) -> None:
    with pytest.raises(UnknownEditionError, match="cycle-lanes-2026"):
        cycle_lanes.transform(cycle_lanes.extract(FILE), "bnac", scope)


@st.composite
def _spoilt(draw: st.DrawFn) -> bytes:
    """Draw the file after one to four changes of properties and shapes."""
    content = copy.deepcopy(VALID)
    for _ in range(draw(st.integers(1, 4))):
        feature = draw(st.sampled_from(content["features"]))
        name = draw(st.sampled_from([*cycle_lanes.REQUIRED, *cycle_lanes.OPTIONAL, "geometry"]))
        if name == "geometry":
            feature["geometry"] = draw(
                st.sampled_from([None, POINT, FAR, SWAPPED, {"type": "LineString", "coordinates": []}])
            )
        else:
            words = [*NASTY, *cycle_lanes.KINDS, *cycle_lanes.WAYS, *cycle_lanes.STATES, None, 94041, True, []]
            feature["properties"][name] = draw(st.sampled_from(words))
    data = json.dumps(content, ensure_ascii=draw(st.booleans())).encode()
    return data if draw(st.integers(0, 9)) else data[: draw(st.integers(0, len(data)))]


@settings(steady, max_examples=60)
@given(data=_spoilt())
def test_whatever_arrives_every_row_is_accounted_for(
    tmp_path: Path, scope: Scope, catalogue: Catalogue, data: bytes
) -> None:
    loaded = arrives(cycle_lanes, tmp_path / FILE.name, data, EDITION, scope)
    if loaded:
        assert {one.reason for one in loaded.rejected} <= set(catalogue.rejections)
        lengths = loaded.observations.set_index(["ref_area", "indicator"])["obs_value"]
        for area in set(loaded.observations["ref_area"]):
            parts = [lengths.get((area, name), 0.0) for name in cycle_lanes.GIVES[1:4]]
            assert sum(parts) == pytest.approx(lengths.get((area, cycle_lanes.ALL), 0.0), abs=1e-5)
