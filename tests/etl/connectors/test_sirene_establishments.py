"""INSEE's stock of establishments, in its own layout (an extract of November 2026)."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings

from data.definitions import Catalogue
from data.errors import UnknownEditionError, UnreadableFileError
from etl.connected import scope_of
from etl.connectors import sirene_establishments
from etl.intake import Loaded, Rejection, Scope
from etl.ledger import Ledger
from tests.etl.connectors.mutating import FILES, arrives, damaged, steady

FILE = FILES / "StockEtablissement_utf8-extrait.csv"
VALID = FILE.read_bytes()
ROWS = VALID.decode().splitlines()
EDITION = "sirene-2026-11"
IVRY = Scope(frozenset({"94041"}), frozenset())
ALL, FOOD = "establishments_active", "food_shop_establishments"
PORT, CENTRE = "94041-ivry-port", "94041-centre-ville"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / FILE.name


@pytest.fixture
def placed(catalogue: Catalogue, ledger: Ledger) -> Scope:
    """Return Ivry with the sketch of its districts."""
    return replace(scope_of(catalogue, ledger), communes=frozenset({"94041"}))


def _load(path: Path, data: bytes = VALID, scope: Scope = IVRY) -> Loaded:
    path.write_bytes(data)
    return sirene_establishments.transform(sirene_establishments.extract(path), EDITION, scope)


def _with(line: int, old: str, new: str) -> bytes:
    """Return the file with a text of a line replaced."""
    assert old in ROWS[line - 1]
    rows = [row.replace(old, new, 1) if number == line else row for number, row in enumerate(ROWS, 1)]
    return ("\n".join(rows) + "\n").encode()


def _counts(loaded: Loaded, area: str) -> dict[str, float]:
    rows = loaded.observations
    return dict(rows.loc[rows["ref_area"] == area, ["indicator", "obs_value"]].to_numpy().tolist())


def _row(loaded: Loaded, indicator: str, area: str = "94041") -> pd.Series:
    rows = loaded.observations
    return rows[(rows["indicator"] == indicator) & (rows["ref_area"] == area)].iloc[0]


def test_active_establishments_count_by_kind(file: Path) -> None:
    loaded = _load(file)
    assert (loaded.read, loaded.loaded, loaded.quarantined, loaded.out_of_scope) == (53, 45, 0, 8)
    assert _counts(loaded, "94041") == {
        ALL: 45, FOOD: 8, "food_craft_establishments": 6, "other_shop_establishments": 7,
        "restaurant_and_bar_establishments": 6, "personal_service_establishments": 7,
    }  # fmt: skip
    assert set(loaded.observations["time_period"]) == {"2026-11"}


# 47.91 sale at a distance, 47.81 market stall, 56.21 caterer, 10.71A factory: active, and no shop one goes to.
@pytest.mark.parametrize("activity", ["47.91B", "47.81Z", "56.21Z", "10.71A", "62.01Z"])
def test_what_is_no_shop_counts_as_active_only(file: Path, activity: str) -> None:
    row = next(row for row in ROWS if f",{activity},NAFRev2" in row)
    loaded = _load(file, "\n".join([ROWS[0], row, ""]).encode())
    assert [value for value in _counts(loaded, "94041").values() if value] == [1]


def test_closed_establishments_are_out_of_scope(file: Path) -> None:
    loaded = _load(file, _with(2, ",A,", ",F,"))
    assert (loaded.loaded, loaded.out_of_scope, loaded.quarantined) == (44, 9, 0)
    assert _counts(loaded, "94041")[FOOD] == 7


def test_districts_count_what_has_a_position(file: Path, placed: Scope) -> None:
    loaded = _load(file, scope=placed)
    assert _counts(loaded, CENTRE)[FOOD] == 5
    assert _counts(loaded, PORT)[FOOD] == 3
    assert _counts(loaded, "94041-petit-ivry")[FOOD] == 0
    rows = loaded.observations
    assert set(rows.loc[rows["ref_area"] == CENTRE, "obs_status"]) == {"E"}


def test_persons_whose_diffusion_is_restricted_count_without_a_position(file: Path, placed: Scope) -> None:
    assert VALID.count(b"[ND]") == 14
    loaded = _load(file, scope=placed)
    beauty = "personal_service_establishments"
    assert _counts(loaded, "94041")[beauty] == 1 + _counts(loaded, CENTRE)[beauty] + _counts(loaded, PORT)[beauty]
    assert "Une partie n’a pas de quartier connu" in _row(loaded, beauty)["note_fr"]
    assert "peut être trop petit" in _row(loaded, beauty, CENTRE)["note_fr"]


def test_too_few_positions_give_no_number_by_district(file: Path, placed: Scope) -> None:
    cut = [
        row.replace("654979.7", "").replace("655943.4", "") if number % 2 else row for number, row in enumerate(ROWS)
    ]
    loaded = _load(file, "\n".join([*cut, ""]).encode(), placed)
    row = _row(loaded, ALL, CENTRE)
    assert (pd.isna(row["obs_value"]), row["obs_status"]) == (True, "O")
    assert row["note_fr"] == "Trop de lignes n’ont pas de position sûre pour compter par quartier."
    assert _row(loaded, ALL)["obs_value"] == 45


def test_an_old_activity_counts_as_active_in_no_kind(file: Path) -> None:
    row = _row(_load(file), FOOD)
    assert (row["obs_value"], row["obs_status"]) == (8, "E")
    assert "ils ne sont dans aucune catégorie" in row["note_fr"]
    assert _row(_load(file), ALL)["note_fr"] == ""


def test_a_file_in_another_nomenclature_has_no_kinds_not_zero(file: Path) -> None:
    loaded = _load(file, VALID.replace(b"NAFRev2", b"NAF2025"))
    assert _row(loaded, ALL)["obs_value"] == 45
    kinds = loaded.observations[loaded.observations["indicator"] != ALL]
    assert kinds["obs_value"].isna().all()
    assert set(kinds["obs_status"]) == {"O"}


def test_no_number_name_address_or_position_leaves(file: Path, placed: Scope) -> None:
    data = VALID + (ROWS[1] + "\n" + ROWS[2] + ",x\n" + ROWS[3].replace("654979.7", "654979.7x") + "\n").encode()
    loaded = _load(file, data, placed)
    assert {one.reason for one in loaded.rejected} == {"duplicate_record", "wrong_cell_count", "not_a_number"}
    told = loaded.observations.to_csv() + "".join(one.value for one in loaded.rejected)
    for text in ("00000000", "EXEMPLE", "654979", "6856999", "94200"):
        assert text not in told
    assert loaded.places.empty


def test_figures_tell_how_many_stand_behind_them(file: Path) -> None:
    rows = _load(file).observations
    assert (rows["contributors"] == rows["obs_value"]).all()


def test_the_catalogue_protects_every_figure(catalogue: Catalogue) -> None:
    assert catalogue.sources["sirene_establishments"].microdata
    for indicator in sirene_establishments.GIVES:
        disclosure = catalogue.indicators[indicator].disclosure
        assert disclosure is not None
        assert disclosure.unit == "establishments"
        assert disclosure.part_of == ("" if indicator == ALL else ALL)


def test_paris_and_its_arrondissements_stay_apart(file: Path) -> None:
    loaded = _load(file, scope=Scope(frozenset({"75056", "75111"}), frozenset()))
    assert {area: _counts(loaded, area)[FOOD] for area in ("75056", "75111")} == {"75056": 1, "75111": 1}


def test_coordinates_overseas_are_in_their_own_projection(file: Path) -> None:
    assert _load(file, scope=Scope(frozenset({"97411"}), frozenset())).quarantined == 0
    line = next(number for number, row in enumerate(ROWS, 1) if ",97411," in row)
    data = _with(line, "338000.5,7637000.5", "654979.7,6856999.1")
    loaded = _load(file, data, Scope(frozenset({"97411"}), frozenset()))
    assert [(one.line, one.reason, one.value) for one in loaded.rejected] == [(line, "coordinates_outside_france", "")]


NUMBER, X = "siret", "coordonneeLambertAbscisseEtablissement"
AREA, STATE, ACTIVITY = (
    "codeCommuneEtablissement", "etatAdministratifEtablissement", "activitePrincipaleEtablissement",
)  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "column", "value", "reason"),
    [
        (",00000000100013,", ",100013,", NUMBER, "", "malformed_identifier"),
        (",00000000100013,", ",100000100013,", NUMBER, "", "leading_zero_lost"),
        (",00000000100013,", ",1.00E+05,", NUMBER, "", "malformed_identifier"),
        (",94041,", ",9404,", AREA, "9404", "leading_zero_lost"),
        (",94041,", ",94200,", AREA, "94200", "postcode_not_commune"),
        (",94041,", ",94\u00a0041,", AREA, "94\u00a0041", "space_in_code"),
        (",94041,", ",,", AREA, "", "malformed_code"),
        (",94041,", ",[ND],", AREA, "[ND]", "malformed_code"),
        (",A,", ",,", STATE, "", "unknown_code"),
        (",47.11F,", ",4711F,", ACTIVITY, "4711F", "malformed_activity"),
        (",654979.7,6856999.1,", ",inf,6856999.1,", X, "", "not_finite"),
        (",654979.7,6856999.1,", ",6856999.1,654979.7,", X, "", "coordinates_outside_france"),
    ],
)
def test_a_wrong_cell_puts_its_row_in_quarantine(
    file: Path, old: str, new: str, column: str, value: str, reason: str
) -> None:
    loaded = _load(file, _with(2, old, new))
    assert loaded.rejected == (Rejection(FILE.name, 2, column, value, reason),)
    assert (loaded.read, loaded.loaded, loaded.out_of_scope) == (53, 44, 8)
    said = "n’ont pas pu être lues" in _row(loaded, ALL)["note_fr"]
    assert said == (column != AREA)


def test_a_number_that_comes_again_is_rejected_both_times(file: Path) -> None:
    loaded = _load(file, VALID + ROWS[1].encode() + b"\n")
    assert [(one.line, one.column, one.value, one.reason) for one in loaded.rejected] == [
        (2, NUMBER, "", "duplicate_record"), (55, NUMBER, "", "duplicate_record"),
    ]  # fmt: skip
    assert _load(file, VALID + VALID).loaded == 0


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [(b"siret,", b"identifiant,", "no column siret"), (b",", b";", "with semicolon"), (b"nic,", b"siret,", "twice")],
)
def test_another_layout_is_refused(file: Path, old: bytes, new: bytes, said: str) -> None:
    with pytest.raises(UnreadableFileError, match=said):
        _load(file, VALID.replace(old, new))


@pytest.mark.parametrize("edition", ["sirene-2026", "sirene", "sirene-2026-00"])
def test_an_edition_without_a_month_is_refused(edition: str) -> None:
    with pytest.raises(UnknownEditionError, match="names no month"):
        sirene_establishments.transform(sirene_establishments.extract(FILE), edition, IVRY)


@settings(steady, max_examples=60)
@given(data=damaged("\n".join([ROWS[0], *ROWS[1:60:4], ""]).encode(), ","))
def test_whatever_arrives_every_row_is_accounted_for(tmp_path: Path, catalogue: Catalogue, data: bytes) -> None:
    scope = Scope(frozenset({"94041", "75111", "97411"}), frozenset())
    loaded = arrives(sirene_establishments, tmp_path / FILE.name, data, EDITION, scope)
    if loaded:
        assert set(loaded.observations["ref_area"]) <= scope.communes
        assert {one.reason for one in loaded.rejected} <= set(catalogue.rejections)
        assert not [one for one in loaded.rejected if one.column in {"", NUMBER, X} and one.value]
