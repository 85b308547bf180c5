"""Energy use of communes, in the layouts of Agence ORE (long, and wide until 2021) and of the SDES (by IRIS)."""

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings

from data.definitions import Catalogue
from data.errors import UnknownEditionError, UnreadableFileError
from data.rules.unit_conversions import MWH
from etl.connectors import local_energy
from etl.intake import Loaded, Rejection, Scope
from tests.etl.connectors.mutating import FILES, arrives, damaged, steady

LONG = FILES / "consommation-electricite-gaz-communes-2024.csv"
WIDE = FILES / "conso-elec-gaz-secteurs-communes-2017.csv"
HEAT = FILES / "chaleur-froid-iris-2023.csv"
VALID = LONG.read_bytes()
EDITION = "local-energy-2024"
IVRY = Scope(frozenset({"94041"}), frozenset())
POWER, GAS, WARMTH = "electricity_consumption_mwh", "gas_consumption_mwh", "heat_consumption_mwh"
POWER_OF_HOMES, GAS_OF_HOMES = "electricity_consumption_residential_mwh", "gas_consumption_residential_mwh"


def _loaded(path: Path, data: bytes = VALID, scope: Scope = IVRY) -> Loaded:
    path.write_bytes(data)
    return local_energy.transform(local_energy.extract(path), EDITION, scope)


def _row(loaded: Loaded, indicator: str, year: str, area: str = "94041") -> pd.Series:
    rows = loaded.observations
    mine = (rows["ref_area"] == area) & (rows["indicator"] == indicator) & (rows["time_period"] == year)
    return rows[mine].iloc[0]


def _with(old: str, new: str, data: bytes = VALID) -> bytes:
    assert data.count(old.encode()) == 1
    return data.replace(old.encode(), new.encode())


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / LONG.name


def test_all_rows_of_a_commune_are_added_up(file: Path) -> None:
    loaded = _loaded(file)
    assert (loaded.read, loaded.loaded, loaded.out_of_scope, loaded.rejected) == (16, 12, 4, ())
    total, homes = _row(loaded, POWER, "2023"), _row(loaded, POWER_OF_HOMES, "2023")
    assert (total["obs_value"], homes["obs_value"]) == (68000.125 + 9000.5 + 24000 + 100.375, 68000.125)
    assert (total["obs_status"], total["conf_status"], total["note_fr"]) == ("A", "F", "")


def test_a_withheld_part_leaves_no_total_and_says_which(file: Path) -> None:
    loaded = _loaded(file)
    total = _row(loaded, GAS, "2023")
    assert (pd.isna(total["obs_value"]), total["obs_status"], total["conf_status"]) == (True, "O", "C")
    assert "(industrie)" in total["note_fr"]
    assert "(industry)" in total["note_en"]
    assert _row(loaded, GAS_OF_HOMES, "2023")["obs_value"] == 81000


def test_secret_missing_and_zero_are_three_things(file: Path) -> None:
    loaded = _loaded(file)
    missing, secret = _row(loaded, POWER, "2024"), _row(loaded, GAS_OF_HOMES, "2024")
    assert (pd.isna(missing["obs_value"]), missing["obs_status"], missing["conf_status"]) == (True, "O", "F")
    # A 0 beside a count of withheld cells is no zero.
    assert (pd.isna(secret["obs_value"]), secret["obs_status"], secret["conf_status"]) == (True, "O", "C")
    zero = _loaded(file, _with("RES;RESIDENTIEL;;8900;0;;2", "RES;RESIDENTIEL;;8900;0;;0"))
    assert (_row(zero, GAS, "2024")["obs_value"], _row(zero, GAS, "2024")["obs_status"]) == (0, "A")


def test_an_amount_beside_withheld_cells_is_only_a_part(file: Path) -> None:
    loaded = _loaded(file, _with("34000;68000.125;2.0;0", "34000;68000.125;2.0;3"))
    homes = _row(loaded, POWER_OF_HOMES, "2023")
    assert (pd.isna(homes["obs_value"]), homes["conf_status"]) == (True, "C")


def test_a_commune_without_gas_has_no_figure_of_gas(file: Path) -> None:
    loaded = _loaded(file, scope=Scope(frozenset({"2A004", "97411", "01004"}), frozenset()))
    assert set(loaded.observations["indicator"]) == {POWER, POWER_OF_HOMES}
    assert set(loaded.observations["ref_area"]) == {"2A004", "97411", "01004"}
    assert loaded.loaded == 3


@pytest.mark.parametrize(("unit", "value"), [("kWh", 68.000125), ("MWh", 68000.125), ("GWh", 68000125.0)])
def test_the_unit_is_read_from_the_header(file: Path, unit: str, value: float) -> None:
    homes = _row(_loaded(file, _with("Conso totale (MWh)", f"Conso totale ({unit})")), POWER_OF_HOMES, "2023")
    assert homes["obs_value"] == pytest.approx(value)


def test_a_gigawatt_hour_is_a_thousand_megawatt_hours() -> None:
    assert (MWH["gwh"], MWH["mwh"], MWH["kwh"]) == (1000, 1, 0.001)


def test_the_names_of_fields_are_read_like_the_labels(file: Path) -> None:
    header, _, rows = VALID.decode("utf-8-sig").partition("\n")
    names = header.replace("Nombre de mailles secretisées", "nombre_de_mailles_secretisees").lower()
    names = names.replace("année", "annee").replace("(mwh)", "mwh").replace(" ", "_")
    other = f"{names}\n{rows}".replace(",", "").replace(";", ",").encode()
    left, right = _loaded(file).observations, _loaded(file, other).observations
    pd.testing.assert_frame_equal(left.drop(columns="source_detail"), right.drop(columns="source_detail"))


def test_the_wide_table_has_a_column_a_sector(file: Path) -> None:
    loaded = _loaded(file, WIDE.read_bytes())
    assert (loaded.read, loaded.loaded, loaded.out_of_scope) == (3, 2, 1)
    assert _row(loaded, POWER, "2017")["obs_value"] == 21000.5 + 95000 + 70000.25 + 250
    assert _row(loaded, GAS_OF_HOMES, "2017")["obs_value"] == 88000
    gas = _row(loaded, GAS, "2017")
    assert (pd.isna(gas["obs_value"]), gas["conf_status"]) == (True, "C")
    assert "(agriculture)" in gas["note_fr"]


def test_heat_by_iris_under_two_header_lines_is_added_up_by_commune(file: Path) -> None:
    loaded = _loaded(file, HEAT.read_bytes())
    assert (loaded.read, loaded.loaded, loaded.out_of_scope, loaded.rejected) == (8, 6, 2, ())
    assert _row(loaded, WARMTH, "2023")["obs_value"] == 12000.5 + 3000 + 8000
    assert _row(loaded, "heat_consumption_residential_mwh", "2023")["obs_value"] == 20000.5
    assert _row(loaded, "cold_consumption_mwh", "2023")["obs_value"] == 500
    secret = _row(loaded, WARMTH, "2022")
    assert (pd.isna(secret["obs_value"]), secret["conf_status"]) == (True, "C")
    assert _row(loaded, "heat_consumption_residential_mwh", "2022")["obs_value"] == 11000


def test_labels_may_say_another_unit(file: Path) -> None:
    data = HEAT.read_bytes().replace(b"(en MWh)", b"(en kWh)")
    assert _row(_loaded(file, data), WARMTH, "2023")["obs_value"] == pytest.approx(23.0005)


@pytest.mark.parametrize(("path", "part"), [(LONG, "electricity-gas"), (WIDE, "electricity-gas"), (HEAT, "cold-heat")])
def test_files_of_one_edition_are_told_apart_by_their_energies(path: Path, part: str) -> None:
    assert local_energy.part_of(local_energy.extract(path)) == part


@pytest.mark.parametrize(
    ("old", "new", "column", "value", "reason"),
    [
        ("24000;2000.0", "-24000;2000.0", "Conso totale (MWh)", "-24000", "negative"),
        ("24000;2000.0", "1e400;2000.0", "Conso totale (MWh)", "1e400", "not_finite"),
        ("24000;2000.0", "24 000;2000.0", "Conso totale (MWh)", "24 000", "not_a_number"),
        ("24000;2000.0;0", "24000;2000.0;x", "Nombre de mailles secretisées", "x", "not_a_number"),
        ("ENT;INDUSTRIE;10", "ENT;Tous;10", "CODE GRAND SECTEUR", "Tous", "unknown_sector"),
    ],
)
def test_a_wrong_cell_takes_its_total_with_it(
    file: Path, old: str, new: str, column: str, value: str, reason: str
) -> None:
    loaded = _loaded(file, _with(old, new))
    assert loaded.rejected == (Rejection(LONG.name, 4, column, value, reason),)
    assert (loaded.read, loaded.loaded, loaded.out_of_scope) == (16, 11, 4)
    total = _row(loaded, POWER, "2023")
    assert (pd.isna(total["obs_value"]), total["obs_status"], total["conf_status"]) == (True, "O", "F")
    assert total["note_en"].startswith("A row of the source could not be used")
    assert _row(loaded, GAS_OF_HOMES, "2023")["obs_value"] == 81000


FIRST = (
    "Enedis;2023;Electricité;94041;Ivry-sur-Seine;200054781;Métropole du Grand Paris;ME;94;Val-de-Marne;11;"
    "Île-de-France;RES"
)


@pytest.mark.parametrize(
    ("old", "new", "column", "value", "reason", "lost"),
    [
        ("2023;Electricité", "2023;Fioul", "FILIERE", "Fioul", "unknown_energy", {"2023"}),
        ("2023;Electricité", "2031;Electricité", "Année", "2031", "future_period", {"2023", "2024"}),
        ("2023;Electricité", "23;Electricité", "Année", "23", "malformed_period", {"2023", "2024"}),
        ("94041", "94041\u00a0", "Code Commune", "94041\u00a0", "space_in_code", {"2023", "2024"}),
        ("94041", "94200", "Code Commune", "94200", "postcode_not_commune", {"2023", "2024"}),
        ("94041", "1004", "Code Commune", "1004", "leading_zero_lost", {"2023", "2024"}),
    ],
)
def test_what_a_rejected_row_would_have_been_part_of_is_not_given(
    file: Path, old: str, new: str, column: str, value: str, reason: str, lost: set[str]
) -> None:
    loaded = _loaded(file, _with(FIRST, FIRST.replace(old, new)))
    assert loaded.rejected == (Rejection(LONG.name, 2, column, value, reason),)
    rows = loaded.observations
    rejected = rows[rows["note_en"].str.startswith("A row of the source could not be used")]
    assert set(rejected["time_period"]) == lost


def test_rows_that_say_the_same_of_the_same_are_rejected(file: Path) -> None:
    last = VALID.splitlines()[1].replace(b"68000.125", b"70000")
    loaded = _loaded(file, VALID + last + b"\n")
    assert [(one.line, one.reason) for one in loaded.rejected] == [(2, "duplicate_key"), (18, "duplicate_key")]
    assert pd.isna(_row(loaded, POWER, "2023")["obs_value"])


def test_a_row_cut_short_takes_the_figures_of_its_commune_with_it(file: Path) -> None:
    loaded = _loaded(file, _with(";10;12;24000;2000.0;0", ";10;12"))
    assert [one.reason for one in loaded.rejected] == ["wrong_cell_count"]
    assert loaded.observations["obs_value"].isna().all()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Code Commune", "Code Postal"), ("FILIERE", "ENERGIE"), ("Année", "An"), ("Conso totale", "Production"),
        ("CODE GRAND SECTEUR", "SECTEUR"), ("Nom EPCI", "Code EPCI"), ("OPERATEUR;", "OPERATEUR|"),
    ],
)  # fmt: skip
def test_another_header_is_refused(file: Path, old: str, new: str) -> None:
    header, _, rows = VALID.partition(b"\n")
    with pytest.raises(UnreadableFileError, match=LONG.name):
        _loaded(file, _with(old, new, header).replace(b";", b"|" if "|" in new else b";") + b"\n" + rows)


def test_an_edition_without_a_year_is_refused() -> None:
    with pytest.raises(UnknownEditionError, match="local-energy-2024"):
        local_energy.transform(local_energy.extract(LONG), "ore", IVRY)


@settings(steady, max_examples=100)
@given(data=damaged(VALID, ";"))
def test_whatever_arrives_every_row_is_accounted_for(tmp_path: Path, catalogue: Catalogue, data: bytes) -> None:
    loaded = arrives(local_energy, tmp_path / LONG.name, data, EDITION, IVRY)
    if loaded:
        assert set(loaded.observations["ref_area"]) <= {"94041"}
        assert {one.reason for one in loaded.rejected} <= set(catalogue.rejections)


@settings(steady, max_examples=60)
@given(data=damaged(HEAT.read_bytes(), ";"))
def test_whatever_arrives_by_iris_every_row_is_accounted_for(tmp_path: Path, data: bytes) -> None:
    arrives(local_energy, tmp_path / HEAT.name, data, EDITION, IVRY)
