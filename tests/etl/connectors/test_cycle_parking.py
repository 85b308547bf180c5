"""Cycle parking in the national schema (1.1.2), in the layout of its consolidated CSV and as GeoJSON."""

import json
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings

from data.definitions import Catalogue
from data.errors import UnknownEditionError, UnreadableFileError
from etl.connected import scope_of
from etl.connectors import cycle_parking
from etl.intake import Loaded, Rejection, Scope
from etl.ledger import Ledger
from tests.etl.connectors.mutating import FILES, arrives, damaged, steady

FILE = FILES / "cycle-parking.csv"
VALID = FILE.read_bytes()
EDITION = "cycle-parking-2026-03-02"
IVRY, PORT, CENTRE = "94041", "94041-ivry-port", "94041-centre-ville"


@pytest.fixture(scope="module")
def scope(catalogue: Catalogue, ledger: Ledger) -> Scope:
    return scope_of(catalogue, ledger)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / FILE.name


def _loaded(path: Path, scope: Scope, data: bytes = VALID) -> Loaded:
    path.write_bytes(data)
    return cycle_parking.transform(cycle_parking.extract(path), EDITION, scope)


def _with(old: str, new: str) -> bytes:
    assert VALID.count(old.encode()) == 1
    return VALID.replace(old.encode(), new.encode())


def _figures(loaded: Loaded, indicator: str) -> dict[str, float]:
    rows = loaded.observations
    return rows[rows["indicator"] == indicator].set_index("ref_area")["obs_value"].to_dict()


def _row(loaded: Loaded, area: str, indicator: str) -> pd.Series:
    rows = loaded.observations
    return rows[(rows["ref_area"] == area) & (rows["indicator"] == indicator)].iloc[0]


def test_sites_places_and_covered_places(file: Path, scope: Scope) -> None:
    loaded = _loaded(file, scope)
    assert (loaded.read, loaded.loaded, loaded.out_of_scope, loaded.rejected) == (8, 6, 2, ())
    # The site at the western edge lies in no district of the sketch, 66 m away.
    assert _figures(loaded, "cycle_parking_sites") == {IVRY: 5, PORT: 2, CENTRE: 2, "26362": 1}
    assert _figures(loaded, "cycle_parking_places") == {IVRY: 44, PORT: 34, CENTRE: 6, "26362": 12}
    assert _figures(loaded, "cycle_parking_covered_places") == {IVRY: 24, PORT: 24, "26362": 12}


def test_a_blank_capacity_counts_a_site_and_no_place_and_is_said(file: Path, scope: Scope) -> None:
    loaded = _loaded(file, scope)
    assert "la capacité n’est pas donnée (nombre\u202f: 1)" in _row(loaded, CENTRE, "cycle_parking_places")["note_fr"]
    assert "capacity" not in _row(loaded, PORT, "cycle_parking_places")["note_en"]
    assert "covered (number: 2)" in _row(loaded, IVRY, "cycle_parking_covered_places")["note_en"]


def test_where_no_capacity_is_given_there_is_no_figure(file: Path, scope: Scope) -> None:
    loaded = _loaded(file, scope, _with('[4.8910,44.9330]",12', '[4.8910,44.9330]",'))
    assert "26362" not in _figures(loaded, "cycle_parking_places")
    assert _figures(loaded, "cycle_parking_sites")["26362"] == 1


def test_districts_of_a_sketch_are_estimates(file: Path, scope: Scope) -> None:
    loaded = _loaded(file, scope)
    assert _row(loaded, PORT, "cycle_parking_sites")["obs_status"] == "E"
    assert (_row(loaded, "26362", "cycle_parking_sites")[["obs_status", "time_period"]] == ["A", "2026-03-02"]).all()
    assert "1 sans quartier connu" in _row(loaded, IVRY, "cycle_parking_sites")["note_fr"]


def test_a_site_that_names_no_commune_makes_its_figure_an_estimate(file: Path, scope: Scope) -> None:
    ivry = _row(_loaded(file, scope), IVRY, "cycle_parking_sites")
    assert (ivry["obs_status"], "ne nomment pas leur commune" in ivry["note_fr"]) == ("E", True)
    named = _loaded(file, scope, _with("94041_3,,,", "94041_3,,94041,"))
    assert _row(named, IVRY, "cycle_parking_sites")["obs_status"] == "A"


def test_older_files_have_two_columns_for_the_position(file: Path, scope: Scope) -> None:
    data = VALID.replace(b"coordonneesxy", b"xlong,ylat").replace(b'"[', b"").replace(b']"', b"")
    loaded = _loaded(file, scope, data)
    assert loaded.rejected == ()
    assert loaded.observations.equals(_loaded(file, scope).observations)


def test_geojson_says_the_same(file: Path, scope: Scope) -> None:
    table = pd.read_csv(FILE, dtype=str, keep_default_na=False)
    features = [
        {"type": "Feature", "properties": {name: value or None for name, value in row.items()},
         "geometry": {"type": "Point", "coordinates": json.loads(row["coordonneesxy"])}}
        for row in table.to_dict("records")
    ]  # fmt: skip
    data = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    loaded = _loaded(file.with_suffix(".geojson"), scope, data)
    assert (loaded.read, loaded.loaded, loaded.out_of_scope) == (8, 6, 2)
    assert loaded.observations.equals(_loaded(file, scope).observations)


@pytest.mark.parametrize(
    ("old", "new", "column", "value", "reason"),
    [
        ("[2.3996,48.8153]", "[48.8153,2.3996]", "coordonneesxy", "[48.8153,2.3996]", "coordinates_swapped"),
        ("[2.3996,48.8153]", "[0,0]", "coordonneesxy", "[0,0]", "coordinates_outside_france"),
        ("[2.3996,48.8153]", "", "coordonneesxy", "", "position_missing"),
        ("[2.3996,48.8153]", "2.3996;48.8153", "coordonneesxy", "2.3996;48.8153", "malformed_coordinate"),
        ("[2.3996,48.8153]", "[NaN,48.8153]", "coordonneesxy", "[NaN,48.8153]", "malformed_coordinate"),
        ("n1000002,94041", "n1000002,26362", "code_com", "26362", ""),
        ("[2.3996,48.8153]", "[2.2945,48.8584]", "code_com", "94041", "position_elsewhere"),
        ("n1000002,94041", "n1000002,94200", "code_com", "94200", "postcode_not_commune"),
        ("n1000002,94041", "n1000002,94041\u00a0", "code_com", "94041\u00a0", "space_in_code"),
        ('48.8153]",24', '48.8153]",-24', "capacite", "-24", "negative"),
        ('48.8153]",24', '48.8153]",2.5', "capacite", "2.5", "not_whole"),
        ('48.8153]",24', '48.8153]",beaucoup', "capacite", "beaucoup", "not_a_number"),
        ("FERMEE,True", "FERMEE,peut-être", "couverture", "peut-être", "unknown_code"),
    ],
)
def test_a_wrong_cell_puts_its_row_in_quarantine(
    file: Path, scope: Scope, old: str, new: str, column: str, value: str, reason: str
) -> None:
    loaded = _loaded(file, scope, _with(old, new))
    # Valence has no outline here: what its rows say of their commune is believed.
    expected = (Rejection(FILE.name, 3, column, value, reason),) if reason else ()
    assert loaded.rejected == expected
    assert (loaded.read, loaded.loaded, loaded.out_of_scope) == (8, 6 - len(expected), 2)


def test_a_site_that_comes_twice_is_rejected_twice(file: Path, scope: Scope) -> None:
    loaded = _loaded(file, scope, VALID.replace(b"94041_2", b"94041_1"))
    assert [(one.line, one.reason) for one in loaded.rejected] == [
        (2, "duplicate_identifier"),
        (3, "duplicate_identifier"),
    ]


@pytest.mark.parametrize(("old", "new"), [(b"coordonneesxy", b"position"), (b"capacite,", b"places,"), (b",", b"|")])
def test_another_layout_is_refused(file: Path, old: bytes, new: bytes) -> None:
    file.write_bytes(VALID.replace(old, new))
    with pytest.raises(UnreadableFileError, match=FILE.name):
        cycle_parking.extract(file)


def test_an_edition_without_a_date_is_refused(scope: Scope) -> None:
    with pytest.raises(UnknownEditionError, match="cycle-parking-2026"):
        cycle_parking.transform(cycle_parking.extract(FILE), "cycle-parking", scope)


@settings(steady, max_examples=80)
@given(data=damaged(VALID, ","))
def test_whatever_arrives_every_row_is_accounted_for(
    tmp_path: Path, scope: Scope, catalogue: Catalogue, data: bytes
) -> None:
    loaded = arrives(cycle_parking, tmp_path / FILE.name, data, EDITION, scope)
    if loaded:
        assert {one.reason for one in loaded.rejected} <= set(catalogue.rejections)
