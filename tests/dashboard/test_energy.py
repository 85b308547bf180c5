"""Energy, emissions and heat networks on the page of geothermal heat: shown where files gave them, absent elsewhere."""

from datetime import date
from pathlib import Path

import pytest

from dashboard.content import energy, geothermal
from dashboard.content.pieces import Table
from dashboard.exports import export
from dashboard.figures import latest
from dashboard.view import View, the_view
from data.definitions import Catalogue
from data.release import open_release
from data.rules.dates import period_end
from etl.arrivals import Inputs, ingest
from etl.build import build_tables
from etl.editions import with_editions
from etl.ledger import Ledger
from etl.publish import publish
from etl.snapshots import snapshots
from tests.etl.connectors.mutating import FILES

TODAY = date(2026, 11, 23)
RECEIVED = (
    ("france_chaleur_urbaine", "reseaux_de_chaleur.geojson", "2024"),
    ("local_energy", "consommation-electricite-gaz-communes-2024.csv", "2024"),
    ("local_energy", "chaleur-froid-iris-2023.csv", "2024"),
    ("local_emissions", "igt-pouvoir-de-rechauffement-global.csv", "2016"),
)


@pytest.fixture(scope="module")
def with_files(catalogue: Catalogue, ledger: Ledger, tmp_path_factory: pytest.TempPathFactory) -> View:
    """Return the city of a release that the test files of these sources went into."""
    place: Path = tmp_path_factory.mktemp("energy")
    for dataset, name, edition in RECEIVED:
        ingest(dataset, FILES / name, edition, "94041", Inputs(catalogue, ledger, place / "raw", TODAY))
    kept = snapshots(place / "raw")
    *_, (_, tables) = build_tables(with_editions(catalogue, kept), ledger, kept)
    release = open_release(place / "releases", publish(tables, place / "releases"))
    return the_view(release, "94041", "ville", "fr", "light", TODAY)


def _plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def _tables(view: View) -> dict[str, Table]:
    return {_plain(table.title): table for table in geothermal.tables(view, geothermal.district_map(view))}


def _line(table: Table, first: str) -> dict[str, str]:
    row = next(row for row in table.rows if _plain(row[0]) == first)
    return {column.name: _plain(text) for column, text in zip(table.columns, row, strict=True)}


def test_without_files_nothing_is_said_of_energy(city: View) -> None:
    assert energy.year_tables(city) == ()
    assert energy.network_table(city, geothermal.networks) == ()
    assert len(geothermal.readings(city)) == 5
    assert not [title for title in _tables(city) if "énergie livrée" in title or "effet de serre" in title]
    assert export(city, "energie", {}).empty


def test_what_networks_deliver_and_what_is_geothermal(with_files: View) -> None:
    table = _tables(with_files)["La chaleur que livrent les réseaux, et ce qui vient de la géothermie"]
    port = _line(table, "Réseau d’Ivry-Port")
    assert port["heat_network_delivered_mwh"] == "52 000 MWh"
    assert port["heat_network_geothermal_share_percent"] == "75,0 %"
    assert "France Chaleur Urbaine" in port["source"]
    centre = _line(table, "Réseau d’Ivry Centre-ville")
    assert centre["heat_network_delivered_mwh"] == "31 000 MWh"
    assert centre["heat_network_geothermal_production_mwh"] == "donnée manquante"


def test_the_share_of_geothermal_heat_is_not_the_share_of_the_decree(with_files: View) -> None:
    ours = latest(with_files, "heat_network_geothermal_share_percent", "network-9406C")
    decreed = latest(with_files, geothermal.RENEWABLE, "network-9406C")
    assert ours is not None
    assert decreed is not None
    assert (ours.value, decreed.value) == (75.0, 79.1)
    assert ours.kind == decreed.kind == "official_statistics"


def test_energy_of_the_commune_year_by_year(with_files: View) -> None:
    table = _tables(with_files)["L’énergie livrée par les réseaux, année par année : Ivry"]
    assert [row[0] for row in table.rows] == ["2024", "2023", "2022"]
    known = _line(table, "2023")
    assert known["electricity_consumption_mwh"] == "101 101 MWh"
    assert known["heat_consumption_residential_mwh"] == "20 000 MWh"
    assert known["electricity_consumption_residential_per_inhabitant_mwh"] == "1,05 MWh par habitant·e"


def test_secret_and_missing_are_told_apart(with_files: View) -> None:
    table = _tables(with_files)["L’énergie livrée par les réseaux, année par année : Ivry"]
    assert _line(table, "2023")["gas_consumption_mwh"] == "non diffusé (secret statistique)"
    assert "(industrie)" in _line(table, "2023")["note"]
    assert _line(table, "2024")["electricity_consumption_mwh"] == "donnée manquante"


def test_emissions_are_said_to_be_estimates(with_files: View) -> None:
    (row,) = _tables(with_files)["Les gaz à effet de serre émis sur le territoire, année par année : Ivry"].rows
    assert _plain(row[1]) == "248 502 t CO₂ éq. (estimé)"
    assert "agriculture" in row[-1]
    assert row[0] == "2016"


def test_lengths_of_traces_stand_among_received_figures(with_files: View) -> None:
    titles = _tables(with_files)
    table = next(table for title, table in titles.items() if title.startswith("Les chiffres des fichiers reçus"))
    labels = [row[0] for row in table.rows]
    assert "Longueur de réseaux de chaleur sur le territoire" in labels
    assert not [label for label in labels if label.startswith("Électricité")]
    received = export(with_files, "fichiers-recus", {"theme": "geothermal"})
    assert len(received) == len(table.rows)


def test_a_length_without_a_date_is_on_no_axis_of_time(with_files: View) -> None:
    rows = with_files.release.table("observations").query("indicator == 'heat_network_length_in_area_km'")
    assert set(rows["time_basis"]) == {"document_date"}
    figure = latest(with_files, "heat_network_length_in_area_km")
    assert figure is not None
    assert figure.date.startswith("sans date")


def test_readings_explain_only_what_the_release_holds(with_files: View, city: View) -> None:
    more = geothermal.readings(with_files)
    assert {reading.label for reading in geothermal.readings(city)} < {reading.label for reading in more}
    assert all(reading.definition and reading.how_to_read for reading in more)


def test_the_download_holds_what_the_tables_show(with_files: View) -> None:
    rows = export(with_files, "energie", {})
    assert set(rows["ref_area"]) == {"94041"}
    assert set(rows["indicator"]) <= {*energy.ENERGY, *energy.EMISSIONS}
    assert rows["time_period"].map(period_end).max() == date(2024, 12, 31)
