"""Heat networks in the layouts of France Chaleur Urbaine: GeoJSON, Shapefile with cut names, archive, workbook."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyogrio  # type: ignore[import-untyped]
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from data.definitions import Catalogue
from data.errors import UnknownEditionError, UnreadableFileError
from etl.areas import outlines_of
from etl.connectors import france_chaleur_urbaine
from etl.intake import Loaded, Rejection, Scope
from etl.ledger import Ledger
from etl.network_columns import GEOTHERMAL, ORDERS, cut_names
from etl.outlines import COLUMNS, LAMBERT_93, WGS84, Outlines, projected
from tests.etl.connectors.mutating import FILES, NASTY, arrives, damaged, steady

FILE = FILES / "reseaux_de_chaleur.geojson"
VALID = FILE.read_bytes()
EDITION = "france-chaleur-urbaine-2024"
DELIVERED, TO_HOMES = "heat_network_delivered_mwh", "heat_network_delivered_residential_mwh"
PRODUCED, FROM_THE_GROUND = "heat_network_production_mwh", "heat_network_geothermal_production_mwh"
INSIDE = "heat_network_length_in_area_km"
PORT = b'"9406C"'


@pytest.fixture(scope="module")
def scope(ledger: Ledger) -> Scope:
    return Scope(frozenset({"94041"}), frozenset(), frozenset({"9406C", "9423C"}), outlines_of(ledger))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / FILE.name


def _loaded(path: Path, scope: Scope, data: bytes | None = VALID) -> Loaded:
    if data is not None:
        path.write_bytes(data)
    return france_chaleur_urbaine.transform(france_chaleur_urbaine.extract(path), EDITION, scope)


def _row(loaded: Loaded, area: str, indicator: str) -> pd.Series:
    rows = loaded.observations
    return rows[(rows["ref_area"] == area) & (rows["indicator"] == indicator)].iloc[0]


def _changed(change: Callable[[dict[str, Any]], None], place: int = 0) -> bytes:
    layer = json.loads(VALID)
    change(layer["features"][place])
    return json.dumps(layer, ensure_ascii=False).encode()


def _with(**properties: object) -> bytes:
    return _changed(lambda feature: feature["properties"].update(properties))


def test_the_figures_of_the_networks_of_ivry(file: Path, scope: Scope) -> None:
    loaded = _loaded(file, scope)
    assert (loaded.read, loaded.loaded, loaded.out_of_scope, loaded.rejected) == (5, 4, 1, ())
    found = {name: _row(loaded, "network-9406C", name)["obs_value"] for name in (DELIVERED, TO_HOMES, PRODUCED)}
    assert found == {DELIVERED: 52_000, TO_HOMES: 40_000, PRODUCED: 60_000}
    ground = _row(loaded, "network-9406C", FROM_THE_GROUND)
    assert (ground["obs_value"], ground["obs_status"], ground["time_period"]) == (45_000, "A", "2024")
    assert set(loaded.observations["indicator"]) == set(france_chaleur_urbaine.GIVES)


# Renewable share and CO₂ content belong to the decree: from here they would be the same figure, without its year.
def test_what_the_decree_sets_is_left_to_it(file: Path, scope: Scope) -> None:
    assert not _loaded(file, scope).observations["indicator"].str.contains("renewable|co2").any()


@pytest.mark.parametrize("name", [PRODUCED, FROM_THE_GROUND, "heat_network_delivery_points", "heat_network_length_km"])
def test_zero_is_not_known(file: Path, scope: Scope, name: str) -> None:
    unknown = _row(_loaded(file, scope), "network-9423C", name)
    assert (pd.isna(unknown["obs_value"]), unknown["obs_status"], unknown["conf_status"]) == (True, "O", "F")
    assert "non connu" in unknown["note_fr"]


def test_zero_beside_a_known_total_is_zero(file: Path, scope: Scope) -> None:
    loaded = _loaded(file, scope, _with(**{GEOTHERMAL: 0}))
    ground = _row(loaded, "network-9406C", FROM_THE_GROUND)
    assert (ground["obs_value"], ground["obs_status"], ground["note_fr"]) == (0, "A", "")


def test_lengths_are_of_the_document_not_of_a_year(file: Path, scope: Scope) -> None:
    rows = _loaded(file, scope).observations
    undated = rows[rows["time_basis"] == "document_date"]
    assert set(undated["indicator"]) == {INSIDE, "heat_network_length_km"}


def test_traces_are_cut_by_commune_and_district(file: Path, scope: Scope) -> None:
    loaded = _loaded(file, scope)
    port = _row(loaded, "94041-ivry-port", INSIDE)
    assert (port["obs_value"], port["obs_status"]) == (pytest.approx(0.6, abs=1e-4), "E")
    # 0.6 km at the port, 0.4 in the centre, 0.2 without a number; of the network shared with Vitry what lies in Ivry.
    shared = _row(loaded, "94041-marat-parmentier", INSIDE)["obs_value"]
    assert 0.1 < shared < 1.28
    assert _row(loaded, "94041", INSIDE)["obs_value"] == pytest.approx(1.2 + shared, abs=1e-3)
    assert "94041-monmousseau-verollot" not in set(loaded.observations["ref_area"])


def test_in_an_official_outline_a_length_is_no_estimate(file: Path) -> None:
    square = projected(np.array([shapely.box(655000, 6857100, 655800, 6858000)], dtype=object), LAMBERT_93, WGS84)
    row = ["94041", "commune", "Ivry-sur-Seine", "94041", "official", "test", square[0]]
    drawn = Scope(frozenset({"94041"}), frozenset(), frozenset(), Outlines(pd.DataFrame([row], columns=list(COLUMNS))))
    length = _row(_loaded(file, drawn), "94041", INSIDE)
    assert (length["obs_status"], length["obs_value"]) == ("A", pytest.approx(0.3, abs=1e-3))


def test_where_a_row_cannot_be_used_the_length_is_not_given(file: Path, scope: Scope) -> None:
    loaded = _loaded(file, scope, _with(nb_pdl="n.d."))
    assert loaded.rejected == (Rejection(FILE.name, 1, "nb_pdl", "n.d.", "not_a_number"),)
    lengths = loaded.observations[loaded.observations["indicator"] == INSIDE]
    assert set(lengths["ref_area"]) == {"94041-centre-ville", "94041-marat-parmentier", "94041-petit-ivry"}


def test_a_shape_that_is_lost_makes_the_lengths_estimates(file: Path, scope: Scope) -> None:
    loaded = _loaded(file, scope, _changed(lambda feature: feature.update(geometry=None), place=4))
    assert [(one.line, one.reason) for one in loaded.rejected] == [(5, "geometry_missing")]
    assert "n’ont pas pu être lus" in _row(loaded, "94041", INSIDE)["note_fr"]


def _arrays() -> tuple[list[np.ndarray], np.ndarray]:
    """Return attributes (as text, as the publisher writes them in a Shapefile) and shapes of the networks with one."""
    features = list(json.loads(VALID)["features"])
    texts = [["" if one["properties"][name] is None else str(one["properties"][name]) for one in features]
             for name in ORDERS[0]]  # fmt: skip
    shapes = [shapely.to_wkb(shapely.force_2d(shapely.from_geojson(json.dumps(one["geometry"])))) for one in features]
    return [np.array(column, dtype=object) for column in texts], np.array(shapes, dtype=object)


def _shapefile(folder: Path, names: tuple[str, ...] = ORDERS[0]) -> Path:
    """Write a Shapefile as GDAL does for the publisher, and archive it."""
    columns, shapes = _arrays()
    kept = [columns[ORDERS[0].index(name)] for name in names]
    with pytest.warns(RuntimeWarning, match="Normalized/laundered"):
        pyogrio.raw.write(
            folder / "reseaux_de_chaleur.shp", shapes, kept, list(names), geometry_type="MultiLineString",
            crs=LAMBERT_93, driver="ESRI Shapefile", encoding="UTF-8",
        )  # fmt: skip
    path = folder / "reseaux_de_chaleur.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in sorted(folder.glob("reseaux_de_chaleur.*")):
            if part != path:
                archive.write(part, part.name)
    return path


def test_a_shapefile_says_the_same_as_the_geojson(file: Path, tmp_path: Path, scope: Scope) -> None:
    path = _shapefile(tmp_path)
    fields = pyogrio.read_info(tmp_path / "reseaux_de_chaleur.shp")["fields"]
    assert (list(fields), fields[ORDERS[0].index(GEOTHERMAL)]) == (cut_names(ORDERS[0]), "prod_MWh_4")
    left, right = _loaded(file, scope), _loaded(path, scope, None)
    assert (right.read, right.loaded, right.out_of_scope, right.rejected) == (5, 4, 1, ())
    pd.testing.assert_frame_equal(left.observations, right.observations, check_exact=False, rtol=1e-9)


# In another order nothing tells which column is geothermal heat; that total deliveries come first is always so.
def test_a_cut_name_that_could_be_two_things_is_not_guessed(tmp_path: Path, scope: Scope) -> None:
    names = (
        "Identifiant reseau",
        "nom_reseau",
        "prod_MWh_geothermie",
        "production_totale_MWh",
        "livraisons_totale_MWh",
    )
    loaded = _loaded(_shapefile(tmp_path, names), scope, None)
    assert _row(loaded, "network-9406C", DELIVERED)["obs_value"] == 52_000
    assert _row(loaded, "network-9406C", PRODUCED)["obs_value"] == 60_000
    ground = _row(loaded, "network-9406C", FROM_THE_GROUND)
    assert (pd.isna(ground["obs_value"]), ground["obs_status"]) == (True, "O")
    assert "prendre le GeoJSON" in ground["note_fr"]
    assert "heat_network_delivery_points" not in set(loaded.observations["indicator"])


def test_a_workbook_has_figures_and_no_traces(tmp_path: Path, file: Path, scope: Scope) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(ORDERS[0]))
    for feature in json.loads(VALID)["features"]:
        sheet.append([feature["properties"][name] for name in ORDERS[0]])
    path = tmp_path / "reseaux.xlsx"
    book.save(path)
    loaded = _loaded(path, scope, None)
    # The network without a number is nowhere: out of scope, as is that of Lyon and the one shared with Vitry.
    assert (loaded.read, loaded.loaded, loaded.out_of_scope, loaded.rejected) == (5, 2, 3, ())
    figures = _loaded(file, scope).observations.query("ref_area.str.startswith('network')").reset_index(drop=True)
    pd.testing.assert_frame_equal(loaded.observations, figures)


def test_the_whole_archive_is_read_with_the_networks_without_a_trace(tmp_path: Path, scope: Scope) -> None:
    def untraced(feature: dict[str, Any]) -> None:
        feature["geometry"] = {"type": "Point", "coordinates": [655000, 6857200]}

    layer = json.loads(_changed(untraced, place=1))
    path = tmp_path / "150126-opendata-fcu.zip"
    with zipfile.ZipFile(path, "w") as archive:
        layer["features"] = [layer["features"][1]]
        archive.writestr("reseaux_de_chaleur_sans_traces.geojson", json.dumps(layer))
        kept = json.loads(VALID)
        del kept["features"][1]
        archive.writestr("reseaux_de_chaleur.geojson", json.dumps(kept))
        archive.writestr("reseaux_de_froid.geojson", VALID)
        archive.write(_shapefile(tmp_path), "reseaux_de_chaleur.shp")
        archive.writestr("pdp.geojson", "{}")
    loaded = _loaded(path, scope, None)
    assert (loaded.read, loaded.loaded, loaded.out_of_scope, loaded.rejected) == (5, 4, 1, ())
    assert _row(loaded, "network-9423C", DELIVERED)["obs_value"] == 31_000
    assert "94041-centre-ville" not in set(loaded.observations["ref_area"])


def test_files_with_and_without_traces_are_parts_of_one_edition(tmp_path: Path, file: Path) -> None:
    point = {"type": "Point", "coordinates": [655000, 6857200]}
    layer = json.loads(VALID)
    for feature in layer["features"]:
        feature["geometry"] = point
    other = tmp_path / "reseaux_de_chaleur_sans_traces.geojson"
    other.write_text(json.dumps(layer), encoding="utf-8")
    parts = [france_chaleur_urbaine.part_of(france_chaleur_urbaine.extract(path)) for path in (FILE, other)]
    assert parts == ["traced", "untraced"]


def test_a_cold_network_is_none_of_heat(file: Path, scope: Scope) -> None:
    cold = Scope(scope.communes, scope.iris, frozenset({"9406F"}), scope.outlines)
    loaded = _loaded(file, cold, VALID.replace(PORT, b'"9406F"'))
    assert (loaded.loaded, loaded.out_of_scope) == (3, 2)
    assert set(loaded.observations["indicator"]) == {INSIDE}


@pytest.mark.parametrize(
    ("properties", "column", "value", "reason"),
    [
        ({"livraisons_totale_MWh": -52000}, "livraisons_totale_MWh", "-52000", "negative"),
        ({"livraisons_totale_MWh": "52 000"}, "livraisons_totale_MWh", "52 000", "not_a_number"),
        ({"longueur_reseau": "inf"}, "longueur_reseau", "inf", "not_finite"),
        ({"longueur_reseau": "1e400"}, "longueur_reseau", "1e400", "not_finite"),
        ({"livraisons_residentiel_MWh": 52000}, "livraisons_totale_MWh", "52000", "parts_above_total"),
        ({GEOTHERMAL: 60002}, "production_totale_MWh", "60000", "parts_above_total"),
        ({"Identifiant reseau": "9406C\u00a0"}, "Identifiant reseau", "9406C\u00a0", "space_in_code"),
        ({"Identifiant reseau": "406C"}, "Identifiant reseau", "406C", "leading_zero_lost"),
        ({"Identifiant reseau": "94041"}, "Identifiant reseau", "94041", "malformed_network"),
    ],
)
def test_a_wrong_cell_puts_its_row_in_quarantine(
    file: Path, scope: Scope, properties: dict[str, object], column: str, value: str, reason: str
) -> None:
    loaded = _loaded(file, scope, _with(**properties))
    assert loaded.rejected == (Rejection(FILE.name, 1, column, value, reason),)
    assert (loaded.read, loaded.loaded, loaded.out_of_scope) == (5, 3, 1)
    assert "network-9406C" not in set(loaded.observations["ref_area"])


def test_a_network_that_comes_twice_is_rejected_twice(file: Path, scope: Scope) -> None:
    loaded = _loaded(file, scope, VALID.replace(b'"9423C"', PORT))
    assert [(one.line, one.reason) for one in loaded.rejected] == [(1, "duplicate_key"), (2, "duplicate_key")]


@pytest.mark.parametrize(
    "data",
    [
        VALID.replace(b"Identifiant reseau", b"Identifiant"),
        VALID.replace(b"livraisons_totale_MWh", b"livraisons"),
        VALID[: len(VALID) // 2],
        VALID.replace(b"52000", b"NaN"),
        VALID.replace(b'"nb_pdl": 152', b'"nb_pdl": 152, "nb_pdl": 15'),
        VALID.replace(b"EPSG:2154", b"EPSG:4326"),
        VALID.replace("Réseau".encode(), "Réseau".encode("cp1252")),
        b"identifiant,nom\n9406C,x\n",
        b"",
    ],
)
def test_another_file_is_refused(file: Path, scope: Scope, data: bytes) -> None:
    with pytest.raises(UnreadableFileError, match=FILE.name):
        _loaded(file, scope, data)


def test_an_edition_without_a_year_is_refused(scope: Scope) -> None:
    with pytest.raises(UnknownEditionError, match="france-chaleur-urbaine-2024"):
        france_chaleur_urbaine.transform(france_chaleur_urbaine.extract(FILE), "france-chaleur-urbaine-150126", scope)


def _accounted(path: Path, data: bytes, catalogue: Catalogue, scope: Scope) -> None:
    loaded = arrives(france_chaleur_urbaine, path, data, EDITION, scope)
    if loaded:
        areas = {area for area in loaded.observations["ref_area"] if not str(area).startswith("94041")}
        assert areas <= {f"network-{code}" for code in scope.networks}
        assert {one.reason for one in loaded.rejected} <= set(catalogue.rejections)


@settings(steady, max_examples=40)
@given(data=damaged(VALID, ","))
def test_whatever_arrives_every_row_is_accounted_for(
    tmp_path: Path, catalogue: Catalogue, scope: Scope, data: bytes
) -> None:
    _accounted(tmp_path / FILE.name, data, catalogue, scope)


Values = st.sampled_from((*NASTY, "9406C", "9423C", "9406F")) | st.integers() | st.floats(allow_nan=False) | st.none()


@settings(steady, max_examples=40)
@given(
    cells=st.lists(
        st.tuples(st.integers(0, 4), st.sampled_from(ORDERS[0]), Values | st.booleans()), min_size=1, max_size=6
    ),
    moved=st.sampled_from(
        (None, [], [[[0, 0], [1, 1]]], [[[6857400, 655500], [6857300, 655000]]], [[[655500, 6857400]]])
    ),
)
def test_whatever_cells_hold_every_row_is_accounted_for(
    tmp_path: Path, catalogue: Catalogue, scope: Scope, cells: list[tuple[int, str, Any]], moved: Any
) -> None:
    layer = json.loads(VALID)
    for place, column, value in cells:
        layer["features"][place]["properties"][column] = value
    if moved is not None:
        layer["features"][cells[0][0]]["geometry"]["coordinates"] = moved
    data = json.dumps(layer, allow_nan=False).encode()
    _accounted(tmp_path / FILE.name, data, catalogue, scope)
