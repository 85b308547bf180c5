"""The page of green spaces, with and without files that map them."""

import json
from pathlib import Path

import pandas as pd
import pytest

from dashboard.content import green
from dashboard.maps.prepare import OPERATIONS, drawn_dataset
from dashboard.view import View, the_view
from data.definitions import Catalogue
from data.release import open_release
from etl.arrivals import Inputs, ingest
from etl.build import build_tables
from etl.editions import with_editions
from etl.ledger import Ledger
from etl.publish import publish
from etl.snapshots import snapshots
from tests.dashboard.conftest import TODAY
from tests.etl.connectors.mutating import FILES

SHARE, AREA = "population_near_green_space_share_percent", "green_area_ha"


def _view(inputs: Inputs, place: Path) -> View:
    kept = snapshots(inputs.raw)
    *_, (_, tables) = build_tables(with_editions(inputs.catalogue, kept), inputs.ledger, kept)
    release = open_release(place, publish(tables, place))
    return the_view(release, "94041", "ville", "fr", "light", TODAY)


@pytest.fixture(scope="module")
def inputs(catalogue: Catalogue, ledger: Ledger, tmp_path_factory: pytest.TempPathFactory) -> Inputs:
    raw = tmp_path_factory.mktemp("raw")
    inputs = Inputs(catalogue, ledger, raw, TODAY)
    ingest("green_space_osm", FILES / "overpass-espaces-verts.json", "2026-11-20", "94041", inputs)
    return inputs


@pytest.fixture(scope="module")
def mapped(inputs: Inputs, tmp_path_factory: pytest.TempPathFactory) -> View:
    return _view(inputs, tmp_path_factory.mktemp("releases"))


def test_without_a_map_the_page_counts_operations_alone(city: View) -> None:
    assert green.map_choices(city) == (OPERATIONS,)
    prepared = green.district_map(city, OPERATIONS)
    assert prepared.indicator == ""
    assert green.panel(city, prepared).items[0].label == "Cités sans quartier"
    words = " ".join(tile.label for tile in green.tiles(city))
    assert "vol d’oiseau" not in words
    assert not any("fichiers reçus" in table.title for table in green.tables(city, prepared))
    assert not any("cartographiés" in reading.label for reading in green.readings(city))


def test_with_a_map_its_indicators_can_be_chosen_and_drawn(mapped: View) -> None:
    choices = green.map_choices(mapped)
    assert choices[0] == OPERATIONS
    assert AREA in choices
    prepared = green.district_map(mapped, AREA)
    assert prepared.dataset == "green_space_osm"
    assert "20 novembre 2026" in prepared.subtitle
    source, kinds = green.map_source(mapped, AREA)
    assert (source, kinds) == ("© OpenStreetMap, espaces verts, 20 novembre 2026.", ("carte de bénévoles",))


def test_the_headline_of_a_district_says_what_the_map_shows(mapped: View, ivry_port: View) -> None:
    district = the_view(mapped.release, "94041", "ivry-port", "fr", "light", TODAY)
    assert "La carte des espaces verts y montre 6,1" in green.headline(district).lead
    assert green.headline(ivry_port).lead == "Aucune surface d’espace vert n’est publiée par quartier."


def test_a_district_without_a_drawn_space_is_missing_and_not_zero(mapped: View) -> None:
    frame = green.district_map(mapped, AREA).frame
    missing = frame[frame["state"] == "missing"]
    assert len(missing) >= 1
    assert missing["value"].isna().all()
    # A strip of 400 m² in Petit-Ivry, the edge of a wood next door, would have read « 0 ha ».
    assert (frame.loc[frame["state"] == "value", "value"] >= 0.05).all()


def test_the_tile_says_straight_line_and_estimate_and_the_table_the_rest(mapped: View) -> None:
    tile = green.tiles(mapped)[-1]
    assert tile.label == "Part d’habitant·es à 300 m à vol d’oiseau d’un espace vert (estimation)"
    assert tile.kind == "carte de bénévoles"
    prepared = green.district_map(mapped, AREA)
    table = next(table for table in green.tables(mapped, prepared) if "fichiers reçus" in table.title)
    labels = [row[0] for row in table.rows]
    assert "Surface d’espaces verts cartographiés" in labels
    assert "Surface d’espaces verts cartographiés" in [reading.label for reading in green.readings(mapped)]
    # What the city declares created stays what it was, beside it.
    assert green.headline(mapped).title.startswith("La Ville déclare plus de")


def test_a_map_never_mixes_two_data_sets(inputs: Inputs, tmp_path: Path) -> None:
    city_file = tmp_path / "espaces-verts.geojson"
    layer = json.loads((FILES / "espaces-verts-ville.geojson").read_text(encoding="utf-8"))
    city_file.write_text(json.dumps(layer | {"features": layer["features"][:1]}), encoding="utf-8")
    both = Inputs(inputs.catalogue, inputs.ledger, inputs.raw, inputs.today)
    ingest("green_space", city_file, "2026-11-22", "94041", both)
    view = _view(both, tmp_path / "releases")
    assert drawn_dataset(view, AREA) == "green_space"
    rows = view.release.table("observations")
    rows = rows[(rows["indicator"] == AREA) & rows["ref_area"].str.startswith("94041-")]
    by_source = rows.groupby("source")["ref_area"].nunique()
    assert by_source["green-space-osm-2026-11-20"] > by_source["green-space-2026-11-22"] > 0
    frame = green.district_map(view, AREA).frame
    assert (frame["state"] == "value").sum() == by_source["green-space-2026-11-22"]
    assert pd.notna(frame["value"]).sum() == by_source["green-space-2026-11-22"]
