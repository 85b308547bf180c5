"""Emissions of communes in the layout of the territorial inventory (edition of the emissions of 2016)."""

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings

from data.definitions import Catalogue
from data.errors import UnknownEditionError, UnreadableFileError
from data.models import Formula
from etl.connectors import local_emissions
from etl.derive import derive, usable
from etl.intake import Loaded, Rejection, Scope
from etl.open_data import complete
from tests.etl.connectors.mutating import FILES, arrives, damaged, steady

FILE = FILES / "igt-pouvoir-de-rechauffement-global.csv"
VALID = FILE.read_bytes()
EDITION = "local-emissions-2016"
# Ivry, Choisy-le-Roi whose homes are blank, Ajaccio and Saint-Denis in Réunion for their codes.
SCOPE = Scope(frozenset({"94041", "94022", "2A004", "97411"}), frozenset())
TOTAL, HOMES = "ghg_emissions_t_co2_equivalent", "ghg_emissions_residential_t_co2_equivalent"
IVRY = b"94041,IVRY-SUR-SEINE,,1500.25,,30000.5,42000,52000.75,8000,60000.5,45000.25,40000.25"


def _loaded(path: Path, data: bytes = VALID, scope: Scope = SCOPE) -> Loaded:
    path.write_bytes(data)
    return local_emissions.transform(local_emissions.extract(path), EDITION, scope)


def _row(loaded: Loaded, area: str, indicator: str) -> pd.Series:
    rows = loaded.observations
    return rows[(rows["ref_area"] == area) & (rows["indicator"] == indicator)].iloc[0]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / FILE.name


def test_the_rows_of_a_file_are_accounted_for(file: Path) -> None:
    loaded = _loaded(file)
    assert (loaded.read, loaded.loaded, loaded.out_of_scope, loaded.rejected) == (7, 4, 3, ())
    assert set(loaded.observations["ref_area"]) == SCOPE.communes
    assert set(loaded.observations["time_period"]) == {"2016"}


def test_the_total_leaves_out_what_the_inventory_counts_apart(file: Path) -> None:
    total = _row(_loaded(file), "2A004", TOTAL)
    assert total["obs_value"] == 412.5 + 3120.75 + 15400 + 120000.5 + 2100.125 + 61000 + 98000.75 + 54000.25


def test_figures_are_estimates_and_say_whose(file: Path) -> None:
    homes = _row(_loaded(file), "94041", HOMES)
    assert (homes["obs_value"], homes["obs_status"], homes["conf_status"]) == (60000.5, "E", "F")
    assert homes["note_fr"].startswith("Estimation du producteur")


def test_a_total_names_the_sectors_that_are_blank(file: Path) -> None:
    total = _row(_loaded(file), "94041", TOTAL)
    assert total["obs_value"] == 1500.25 + 42000 + 52000.75 + 8000 + 60000.5 + 45000.25 + 40000.25
    assert total["note_fr"].endswith("n’y répartit rien pour\u202f: agriculture.")
    assert total["note_en"].endswith("spreads nothing over it for: agriculture.")


def test_without_homes_there_is_no_total_and_zero_stays_zero(file: Path) -> None:
    loaded = _loaded(file, VALID.replace(b"0,3000,,30000,21000", b"0,0,,30000,21000"))
    for name in (TOTAL, HOMES):
        missing = _row(loaded, "94022", name)
        assert (pd.isna(missing["obs_value"]), missing["obs_status"]) == (True, "O")
    industry = _row(loaded, "94022", "ghg_emissions_industry_t_co2_equivalent")
    assert (industry["obs_value"], industry["obs_status"]) == (0, "E")


def test_emissions_per_inhabitant_stay_an_estimate(file: Path, catalogue: Catalogue) -> None:
    population = pd.DataFrame([
        {"ref_area": "94041", "indicator": "population", "time_period": "2016", "obs_value": 60_000.0,
         "obs_status": "A", "source": "insee-population-2021", "source_detail": ""}
    ])  # fmt: skip
    source = catalogue.sources["local_emissions"]
    edition = next(iter(catalogue.sources["insee_population"].editions.values()))
    sources = catalogue.sources | {"local_emissions": source.model_copy(update={"editions": {EDITION: edition}})}
    formula = catalogue.indicator("ghg_emissions_per_inhabitant_t_co2_equivalent").formula
    assert isinstance(formula, Formula)
    both = pd.concat([complete(_loaded(file).observations), complete(population)], ignore_index=True)
    with_edition = Catalogue(**{**vars(catalogue), "sources": sources})
    derived = derive(usable(both), "ghg_emissions_per_inhabitant_t_co2_equivalent", formula, with_edition)
    assert derived["obs_value"].tolist() == [248_502 / 60_000]
    assert derived["obs_status"].tolist() == ["E"]


@pytest.mark.parametrize(
    ("old", "new", "column", "value", "reason"),
    [
        (b"60000.5", b"-60000.5", "Résidentiel", "-60000.5", "negative"),
        (b"60000.5", b"1e400", "Résidentiel", "1e400", "not_finite"),
        (b"60000.5", b"NaN", "Résidentiel", "NaN", "not_finite"),
        (b"30000.5", b"n.d.", "CO2 biomasse hors-total", "n.d.", "not_a_number"),
        (b"94041", b"94200", "INSEE commune", "94200", "postcode_not_commune"),
        (b"94041", b"94041\xc2\xa0", "INSEE commune", "94041\u00a0", "space_in_code"),
        (b"94041", b"1004", "INSEE commune", "1004", "leading_zero_lost"),
        (b"94041", b"9B041", "INSEE commune", "9B041", "malformed_code"),
    ],
)
def test_a_wrong_cell_puts_its_row_in_quarantine(
    file: Path, old: bytes, new: bytes, column: str, value: str, reason: str
) -> None:
    loaded = _loaded(file, VALID.replace(IVRY, IVRY.replace(old, new)))
    assert loaded.rejected == (Rejection(FILE.name, 5, column, value, reason),)
    assert (loaded.read, loaded.loaded, loaded.out_of_scope) == (7, 3, 3)


def test_a_commune_that_comes_twice_is_rejected_twice(file: Path) -> None:
    loaded = _loaded(file, VALID + IVRY + b"\n")
    assert [(one.line, one.reason) for one in loaded.rejected] == [(5, "duplicate_key"), (9, "duplicate_key")]


@pytest.mark.parametrize(
    "data",
    [
        VALID.replace(b"Routier", b"Route"),
        VALID.replace("Déchets".encode(), b"Tertiaire"),
        VALID.decode().encode("cp1252"),
        VALID.partition(b"\n")[2],
        b"",
        b"PK\x03\x04" + VALID,
    ],
)
def test_another_file_is_refused(file: Path, data: bytes) -> None:
    with pytest.raises(UnreadableFileError, match=FILE.name):
        _loaded(file, data)


def test_semicolons_and_a_mark_are_read_alike(file: Path) -> None:
    other = b"\xef\xbb\xbf" + VALID.replace(b",", b";").replace(b"\n", b"\r\n")
    pd.testing.assert_frame_equal(_loaded(file, other).observations, _loaded(file).observations)


def test_an_edition_without_a_year_is_refused() -> None:
    with pytest.raises(UnknownEditionError, match="local-emissions-2024"):
        local_emissions.transform(local_emissions.extract(FILE), "local-emissions", SCOPE)


@settings(steady, max_examples=120)
@given(data=damaged(VALID, ","))
def test_whatever_arrives_every_row_is_accounted_for(tmp_path: Path, catalogue: Catalogue, data: bytes) -> None:
    loaded = arrives(local_emissions, tmp_path / FILE.name, data, EDITION, SCOPE)
    if loaded:
        assert set(loaded.observations["ref_area"]) <= SCOPE.communes
        assert {one.reason for one in loaded.rejected} <= set(catalogue.rejections)
