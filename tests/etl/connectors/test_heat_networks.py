"""The decree on heat and cold networks, in the layout it is offered in as a table (edition 2026)."""

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given

from data.definitions import Catalogue
from data.errors import UnknownEditionError, UnreadableFileError
from etl.connected import scope_of
from etl.connectors import heat_networks
from etl.intake import Loaded, Rejection, Scope
from etl.ledger import Ledger
from etl.open_data import complete
from etl.sources import heat_networks as transcribed
from tests.etl.connectors.mutating import FILES, arrives, damaged, steady

FILE = FILES / "arrete-dpe-2026.csv"
VALID = FILE.read_bytes()
KEY = ["ref_area", "indicator", "time_period"]
# Ivry's two networks, one of heat and one of cold in Nice, and one that is quoted.
SCOPE = Scope(frozenset(), frozenset(), frozenset({"9406C", "9423C", "0102C", "0606F", "1906C"}))
SHARE, CONTENT = "heat_network_renewable_share_percent", "heat_network_co2_content_kg_per_kwh"


def _loaded(path: Path, data: bytes = VALID) -> Loaded:
    path.write_bytes(data)
    return heat_networks.transform(heat_networks.extract(path), "heat-networks-2026", SCOPE)


def _row(loaded: Loaded, network: str, indicator: str) -> pd.Series:
    rows = loaded.observations
    return rows[(rows["ref_area"] == f"network-{network}") & (rows["indicator"] == indicator)].iloc[0]


def _with(old: str, new: str) -> bytes:
    assert VALID.count(old.encode()) == 1
    return VALID.replace(old.encode(), new.encode())


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / FILE.name


def test_the_file_gives_what_the_ledger_transcribes(ledger: Ledger, catalogue: Catalogue) -> None:
    scope = scope_of(catalogue, ledger)
    loaded = heat_networks.transform(heat_networks.extract(FILE), "heat-networks-2026", scope)
    found, known = complete(loaded.observations).sort_values(KEY), transcribed.observations(ledger, catalogue)
    pd.testing.assert_frame_equal(
        found.reset_index(drop=True), known.sort_values(KEY).reset_index(drop=True), check_dtype=False
    )
    assert (loaded.read, loaded.loaded, loaded.out_of_scope, loaded.rejected) == (10, 5, 5, ())


def test_a_town_of_the_same_name_brings_no_network_in(file: Path) -> None:
    data = VALID + "9499C,RÉSEAU NOUVEAU,IVRY-SUR-SEINE,0.1,0.1,50,2024\n".encode()
    loaded = _loaded(file, data)
    assert (loaded.read, loaded.loaded, loaded.out_of_scope) == (11, 5, 6)


def test_a_cold_network_has_contents_and_no_renewable_share(file: Path) -> None:
    share, content = (_row(_loaded(file), "0606F", name) for name in (SHARE, CONTENT))
    assert (pd.isna(share["obs_value"]), share["obs_status"], share["conf_status"]) == (True, "M", "F")
    assert share["note_fr"].endswith("Sans objet pour un réseau de froid")
    assert (content["obs_value"], content["obs_status"]) == (0.01, "A")


def test_a_blank_share_of_a_heat_network_is_missing(file: Path) -> None:
    share = _row(_loaded(file, _with("0.064,0.084,79.1", "0.064,0.084,")), "9406C", SHARE)
    assert (pd.isna(share["obs_value"]), share["obs_status"]) == (True, "O")


# The decree of 2025 averages 2021 to 2023; that of 2026 takes 2024, or the average of 2022 to 2024.
def test_an_average_is_of_the_years_the_decree_names(file: Path) -> None:
    share = _row(_loaded(file), "0102C", SHARE)
    assert (share["obs_value"], share["time_period"]) == (51.1, "2022/2024")
    assert "Moyenne de 2022 à 2024" in share["note_fr"]


def test_zero_is_zero(file: Path) -> None:
    zero = _row(_loaded(file), "1906C", SHARE)
    assert (zero["obs_value"], zero["obs_status"]) == (0, "A")


def test_a_name_with_a_comma_is_one_cell(file: Path) -> None:
    assert "Limousin," in _row(_loaded(file), "1906C", CONTENT)["note_en"]


@pytest.mark.parametrize(
    ("old", "new", "column", "value", "reason"),
    [
        ("0.064,0.084,79.1", "0.064,0.084,179.1", "taux_enrr", "179.1", "above_100_percent"),
        ("0.064,0.084,79.1", "0.064,0.084,-79.1", "taux_enrr", "-79.1", "negative"),
        ("0.064,0.084,79.1", "inf,0.084,79.1", "contenu_co2", "inf", "not_finite"),
        ("0.064,0.084,79.1", "1e400,0.084,79.1", "contenu_co2", "1e400", "not_finite"),
        ("0.064,0.084,79.1", "0.064,n.d.,79.1", "contenu_co2_acv", "n.d.", "not_a_number"),
        ("0.064,0.084,79.1", "0.064,0.084,79.1 %", "taux_enrr", "79.1 %", "not_a_number"),
        ("79.1,2024", "79.1,2031", "annee_reference", "2031", "future_period"),
        ("79.1,2024", "79.1,", "annee_reference", "", "malformed_period"),
        ("79.1,2024", "79.1,20XX", "annee_reference", "20XX", "malformed_period"),
        ("9406C", "9406", "identifiant", "9406", "malformed_network"),
        ("9406C", "9406C\u00a0", "identifiant", "9406C\u00a0", "space_in_code"),
        ("0102C", "102C", "identifiant", "102C", "leading_zero_lost"),
    ],
)
def test_a_wrong_cell_puts_its_row_in_quarantine(
    file: Path, old: str, new: str, column: str, value: str, reason: str
) -> None:
    data = _with(old, new)
    loaded = _loaded(file, data)
    line = next(number for number, text in enumerate(data.decode().split("\n"), 1) if new in text)
    assert loaded.rejected == (Rejection(FILE.name, line, column, value, reason),)
    assert (loaded.read, loaded.loaded, loaded.out_of_scope) == (10, 4, 5)


def test_a_network_that_comes_twice_is_rejected_twice(file: Path) -> None:
    loaded = _loaded(file, VALID + b"9406C,X,Y,0.1,0.1,50,2024\n")
    assert [(one.line, one.reason) for one in loaded.rejected] == [(10, "duplicate_key"), (12, "duplicate_key")]
    assert not (loaded.observations["ref_area"] == "network-9406C").any()


@pytest.mark.parametrize(
    ("old", "new"), [(b"taux_enrr", b"taux"), (b"identifiant,", b""), (b",", b";"), (b"contenu_co2,", b"nom,")]
)
def test_another_header_is_refused(file: Path, old: bytes, new: bytes) -> None:
    file.write_bytes(VALID.replace(old, new))
    with pytest.raises(UnreadableFileError, match=FILE.name):
        heat_networks.extract(file)


def test_a_file_in_another_encoding_is_refused(file: Path) -> None:
    file.write_bytes(VALID.decode().encode("cp1252"))
    with pytest.raises(UnreadableFileError, match="UTF-8"):
        heat_networks.extract(file)


def test_an_edition_without_a_year_is_refused() -> None:
    with pytest.raises(UnknownEditionError, match="heat-networks-2024"):
        heat_networks.transform(heat_networks.extract(FILE), "heat-networks", SCOPE)


@steady
@given(data=damaged(VALID, ","))
def test_whatever_arrives_every_row_is_accounted_for(tmp_path: Path, catalogue: Catalogue, data: bytes) -> None:
    loaded = arrives(heat_networks, tmp_path / FILE.name, data, "heat-networks-2026", SCOPE)
    if loaded:
        assert set(loaded.observations["ref_area"]) <= {f"network-{code}" for code in SCOPE.networks}
        assert {one.reason for one in loaded.rejected} <= set(catalogue.rejections)
