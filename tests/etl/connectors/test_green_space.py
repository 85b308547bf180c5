"""Green spaces as a city keeps them: a layer of surfaces, its columns named as cities name them."""

import json
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio.raw
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from data.definitions import Catalogue
from data.errors import UnreadableFileError
from etl.connected import about
from etl.connectors import green_space
from etl.intake import Loaded
from etl.outlines import LAMBERT_93, WGS84, projected
from tests.etl.connectors.green_places import COMMUNE, EAST, SCOPE, WEST, rectangle, values
from tests.etl.connectors.mutating import FILES, arrives, steady

FILE = FILES / "espaces-verts-ville.geojson"
VALID = FILE.read_bytes()
EDITION = "green-space-2026"
CLOSE = 1e-3


def _loaded(path: Path) -> Loaded:
    return green_space.transform(green_space.extract(path), EDITION, SCOPE)


def test_every_feature_is_accounted_for() -> None:
    loaded = _loaded(FILE)
    assert (loaded.read, loaded.loaded, loaded.quarantined, loaded.out_of_scope) == (9, 2, 3, 4)
    assert [(one.line, one.reason) for one in loaded.rejected] == [
        (6, "not_a_surface"),
        (7, "geometry_missing"),
        (8, "coordinates_swapped"),
    ]


# Six hectares in the west, four in the east with a height at every corner; a wall, a residents' garden, a park that is
# closed and one of another town are no green space of the commune.
def test_areas_and_numbers() -> None:
    loaded = _loaded(FILE)
    assert values(loaded, "green_area_ha") == pytest.approx({COMMUNE: 10, WEST: 6, EAST: 4}, rel=CLOSE)
    assert values(loaded, "green_spaces") == {COMMUNE: 2, WEST: 1, EAST: 1}
    assert set(loaded.observations["source"]) == {EDITION}
    assert set(loaded.observations["time_period"]) == {"2026"}


@pytest.mark.parametrize(
    ("column", "text", "counts"),
    [
        ("Accès", "Privé", False),
        ("ACCES", "non", False),
        ("acces", "fermé au public", False),
        ("acces", "Nord du parc", True),
        ("acces", "public", True),
        ("Catégorie", "Cimetière", False),
        ("type_ev", "Murs végétalisés", False),
        ("nature", "Jardin d’immeubles", False),
        ("nature", "Jardin partagé", True),
        ("observations", "privé", True),
    ],
)
def test_what_a_file_says_closed_or_no_place_is_out_of_scope(
    tmp_path: Path, column: str, text: str, counts: bool
) -> None:
    path = tmp_path / "ev.geojson"
    feature = {"type": "Feature", "properties": {column: text}, "geometry": _shape()}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    loaded = _loaded(path)
    assert (loaded.loaded, loaded.out_of_scope) == ((1, 0) if counts else (0, 1))


def _shape() -> Any:
    return rectangle(300, 500, 400, 600).__geo_interface__


@pytest.mark.parametrize("kind", ["gpkg", "zip"])
def test_a_geopackage_and_a_shapefile_give_the_same(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"espaces_verts.{kind}"
    shapes = np.array([rectangle(300, 500, 400, 600), rectangle(600, 500, 700, 600)], dtype=object)
    layer = path if kind == "gpkg" else tmp_path / "espaces_verts.shp"
    pyogrio.raw.write(
        layer,
        shapely.to_wkb(projected(shapes, WGS84, LAMBERT_93)),
        field_data=[np.array(["Square de l’Été", "Cité privée"], dtype=object),
                    np.array(["public", "privé"], dtype=object)],
        fields=["nom", "acces"],
        geometry_type="Polygon",
        crs="EPSG:2154",
        encoding="UTF-8" if kind == "gpkg" else "CP1252",
    )  # fmt: skip
    if kind == "zip":
        with zipfile.ZipFile(path, "w") as archive:
            for part in ("shp", "shx", "dbf", "prj"):
                archive.write(layer.with_suffix(f".{part}"), f"espaces_verts.{part}")
    loaded = _loaded(path)
    assert (loaded.loaded, loaded.out_of_scope) == (1, 1)
    assert values(loaded, "green_area_ha") == pytest.approx({COMMUNE: 1, WEST: 1}, rel=CLOSE)


def test_the_map_of_volunteers_is_sent_to_its_data_set(tmp_path: Path) -> None:
    path = tmp_path / "osm.geojson"
    feature = {"type": "Feature", "properties": {"leisure": "park"}, "geometry": _shape()}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    with pytest.raises(UnreadableFileError, match="ingest green_space_osm"):
        green_space.extract(path)


def test_json_with_nan_is_refused(tmp_path: Path) -> None:
    path = tmp_path / FILE.name
    path.write_bytes(VALID.replace(b"35.5", b"NaN", 1))
    with pytest.raises(UnreadableFileError, match="NaN"):
        green_space.extract(path)


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """Draw a layer after one to four changes of features, properties, corners or bytes."""
    layer = json.loads(VALID)
    for _ in range(draw(st.integers(1, 4))):
        feature = draw(st.sampled_from(layer["features"]))
        value = draw(st.sampled_from((None, "", "Privé", 0, -1, 1e300, True, 48.8, "non")))
        kind = draw(st.sampled_from(("property", "corner", "key", "double", "cut")))
        shape = feature.get("geometry")
        rings = shape.get("coordinates") if isinstance(shape, dict) else None
        is_polygon = isinstance(rings, list) and rings and isinstance(rings[0], list) and rings[0]
        if kind == "property" and isinstance(feature.get("properties"), dict):
            feature["properties"][draw(st.sampled_from(("nom_ev", "categorie", "acces")))] = value
        elif kind == "key":
            feature[draw(st.sampled_from(("type", "properties", "geometry")))] = value
        elif kind == "double":
            layer["features"].append(json.loads(json.dumps(feature)))
        elif is_polygon and kind == "corner":
            rings[0][draw(st.integers(0, len(rings[0]) - 1))] = draw(st.sampled_from((value, [value, 48.81], [2.39])))
        elif is_polygon:
            del rings[0][draw(st.integers(0, len(rings[0]) - 1))]
    data = json.dumps(layer).encode()
    return data[: draw(st.integers(0, len(data)))] if draw(st.integers(0, 9)) == 0 else data


@settings(steady, max_examples=60)
@given(data=damaged())
def test_whatever_arrives_every_feature_is_accounted_for(tmp_path: Path, catalogue: Catalogue, data: bytes) -> None:
    loaded = arrives(green_space, tmp_path / FILE.name, data, EDITION, SCOPE)
    if loaded:
        assert set(loaded.observations["ref_area"]) <= {COMMUNE, WEST, EAST}
        assert {one.reason for one in loaded.rejected} <= set(catalogue.rejections)


def test_a_file_of_one_commune_says_nothing_of_its_neighbours() -> None:
    both = replace(SCOPE, communes=frozenset({COMMUNE, "94081"}))
    assert about(both, COMMUNE).communes == {COMMUNE}
    assert about(both, "") is both
