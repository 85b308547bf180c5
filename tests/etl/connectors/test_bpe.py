"""INSEE's base of facilities, in the layouts of 2025 (letters, quotes) and of 2021 (words)."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings

from data.definitions import Catalogue
from data.errors import UnknownEditionError, UnreadableFileError
from etl.connected import scope_of
from etl.connectors import bpe
from etl.intake import Loaded, Rejection, Scope
from etl.ledger import Ledger
from tests.etl.connectors.mutating import FILES, arrives, damaged, steady

FILE, OLD_FILE = FILES / "BPE25-extrait.csv", FILES / "bpe21_ensemble_xy-extrait.csv"
VALID, OLD = FILE.read_bytes(), OLD_FILE.read_bytes()
ROWS = VALID.decode().splitlines()
IVRY = Scope(frozenset({"94041"}), frozenset())
PORT, CENTRE = "94041-ivry-port", "94041-centre-ville"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / FILE.name


@pytest.fixture
def placed(catalogue: Catalogue, ledger: Ledger) -> Scope:
    """Return Ivry with the sketch of its districts."""
    return replace(scope_of(catalogue, ledger), communes=frozenset({"94041"}))


def _load(path: Path, data: bytes = VALID, scope: Scope = IVRY, edition: str = "bpe-2025") -> Loaded:
    path.write_bytes(data)
    return bpe.transform(bpe.extract(path), edition, scope)


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


def test_facilities_count_by_kind(file: Path) -> None:
    loaded = _load(file)
    assert (loaded.read, loaded.loaded, loaded.quarantined, loaded.out_of_scope) == (42, 33, 0, 9)
    assert _counts(loaded, "94041") == {
        "supermarkets": 3, "groceries": 3, "bakeries": 7, "general_practitioners": 5, "pharmacies": 3,
        "nursery_and_primary_schools": 3, "lower_secondary_schools": 1, "upper_secondary_schools": 1,
        "post_counters": 2, "libraries": 1, "cinemas": 1, "sports_halls": 2, "swimming_pools": 1,
    }  # fmt: skip
    assert set(loaded.observations["time_period"]) == {"2025-01-01"}


def test_the_types_of_2021_had_other_numbers(file: Path) -> None:
    loaded = _load(file, OLD, edition="bpe-2021")
    found = {indicator: value for indicator, value in _counts(loaded, "94041").items() if value}
    assert found == {"supermarkets": 1, "bakeries": 2, "general_practitioners": 1, "pharmacies": 1,
                     "nursery_and_primary_schools": 2, "sports_halls": 1, "post_counters": 1}  # fmt: skip


def test_types_of_another_edition_are_refused_not_counted_as_none(file: Path) -> None:
    with pytest.raises(UnreadableFileError, match="edition of 2021"):
        _load(file, OLD, edition="bpe-2024")
    with pytest.raises(UnreadableFileError, match="B102, B203, C101, C104, D201, which bpe-2024 has not"):
        _load(file, OLD.replace(b";2021;", b";2024;"), edition="bpe-2024")
    with pytest.raises(UnknownEditionError, match="types of facility of bpe-2023 are not known"):
        _load(file, OLD, edition="bpe-2023")


def test_districts_count_good_positions_only(file: Path, placed: Scope) -> None:
    loaded = _load(file, scope=placed)
    assert [_counts(loaded, area)["groceries"] for area in (CENTRE, PORT)] == [2, 1]
    assert [_counts(loaded, area)["supermarkets"] for area in (CENTRE, PORT)] == [2, 1]
    assert _counts(loaded, "94041-petit-ivry")["groceries"] == 0


def test_a_poor_position_counts_for_the_commune(file: Path, placed: Scope) -> None:
    loaded = _load(file, scope=placed)
    assert _counts(loaded, "94041")["general_practitioners"] == 5
    assert [_counts(loaded, area)["general_practitioners"] for area in (CENTRE, PORT)] == [3, 1]
    assert "peut être trop petit" in _row(loaded, "general_practitioners", CENTRE)["note_fr"]


def test_where_too_many_have_no_position_districts_have_no_number(file: Path, placed: Scope) -> None:
    loaded = _load(file, scope=placed)
    for indicator in ("sports_halls", "swimming_pools", "bakeries"):
        row = _row(loaded, indicator, PORT)
        assert (pd.isna(row["obs_value"]), row["obs_status"], row["conf_status"]) == (True, "O", "F")
        assert _row(loaded, indicator)["obs_status"] == "A"


def test_what_the_file_is_not_about_has_no_number(file: Path) -> None:
    teaching = "\n".join([row for row in ROWS if '"C1' in row or '"C2' in row or row == ROWS[0]] + [""])
    assert set(_counts(_load(file, teaching.encode()), "94041")) == {
        "nursery_and_primary_schools", "lower_secondary_schools",
    }  # fmt: skip


def test_a_commune_with_other_facilities_only_has_zero(file: Path) -> None:
    other = ROWS[1].replace('"94041"', '"94081"').replace('"B105"', '"A501"').replace('"B"', '"A"', 1)
    loaded = _load(file, VALID + other.encode() + b"\n", Scope(frozenset({"94081"}), frozenset()))
    assert (loaded.loaded, loaded.out_of_scope) == (0, 43)
    assert _counts(loaded, "94081")["bakeries"] == 0


def test_paris_and_its_arrondissements_stay_apart(file: Path) -> None:
    loaded = _load(file, scope=Scope(frozenset({"75056", "75111"}), frozenset()))
    assert {area: _counts(loaded, area)["bakeries"] for area in ("75056", "75111")} == {"75056": 1, "75111": 1}


def test_coordinates_overseas_are_in_their_own_projection(file: Path) -> None:
    overseas = Scope(frozenset({"97411", "97611"}), frozenset())
    loaded = _load(file, scope=overseas)
    assert (loaded.loaded, loaded.rejected) == (2, ())
    line = next(number for number, row in enumerate(ROWS, 1) if '"97411"' in row)
    swapped = _load(file, _with(line, '"338000.5";"7637000.5"', '"7637000.5";"338000.5"'), overseas)
    assert [(one.line, one.reason) for one in swapped.rejected] == [(line, "coordinates_outside_france")]


X = '"654979.7";"6856999.1"'


@pytest.mark.parametrize(
    ("old", "new", "column", "value", "reason"),
    [
        ('"94041"', '"9404"', "DEPCOM", "9404", "leading_zero_lost"),
        ('"94041"', '"94200"', "DEPCOM", "94200", "postcode_not_commune"),
        ('"94041"', '"94041\u00a0"', "DEPCOM", "94041\u00a0", "space_in_code"),
        ('"2025"', '"2031"', "AN", "2031", "other_edition"),
        ('"B105"', '"105"', "TYPEQU", "105", "malformed_type"),
        ('"B105"', '""', "TYPEQU", "", "malformed_type"),
        ('"B";"2154"', '"Z";"2154"', "QUALITE_XY", "Z", "unknown_code"),
        (X, '"NaN";"6856999.1"', "LAMBERT_X", "NaN", "not_finite"),
        (X, '"1e400";"6856999.1"', "LAMBERT_X", "1e400", "not_finite"),
        (X, '"654979,7";"6856999.1"', "LAMBERT_X", "654979,7", "not_a_number"),
        (X, '"6856999.1";"654979.7"', "LAMBERT_X", "6856999.1", "coordinates_outside_france"),
    ],
)
def test_a_wrong_cell_puts_its_row_in_quarantine(
    file: Path, old: str, new: str, column: str, value: str, reason: str
) -> None:
    loaded = _load(file, _with(2, old, new))
    assert loaded.rejected == (Rejection(FILE.name, 2, column, value, reason),)
    assert (loaded.read, loaded.loaded, loaded.out_of_scope) == (42, 32, 9)


def test_figures_of_a_commune_with_rejected_rows_say_so(file: Path) -> None:
    row = _row(_load(file, _with(2, '"2025"', '"2024"')), "bakeries")
    assert row["obs_status"] == "E"
    assert "n’ont pas pu être lues" in row["note_fr"]


def test_two_files_put_together_are_refused_not_doubled(file: Path) -> None:
    with pytest.raises(UnreadableFileError, match="several files put together"):
        _load(file, VALID + VALID)


def test_only_what_is_counted_is_read(file: Path) -> None:
    file.write_bytes(VALID)
    columns = set(bpe.extract(file).frame.columns)
    assert columns == {"DEPCOM", "TYPEQU", "AN", "LAMBERT_X", "LAMBERT_Y", "QUALITE_XY", "line"}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [(b'"TYPEQU"', b'"TYPE_EQ"', "no column TYPEQU"), (b";", b",", "with comma"), (b'"DEP"', b'"DEPCOM"', "twice")],
)
def test_another_layout_is_refused(file: Path, old: bytes, new: bytes, said: str) -> None:
    with pytest.raises(UnreadableFileError, match=said):
        _load(file, VALID.replace(old, new))


def test_an_edition_without_a_year_is_refused() -> None:
    with pytest.raises(UnknownEditionError, match="names no year"):
        bpe.transform(bpe.extract(FILE), "bpe", IVRY)


@settings(steady, max_examples=150)
@given(data=damaged(OLD, ";"))
def test_whatever_arrives_every_row_is_accounted_for(tmp_path: Path, catalogue: Catalogue, data: bytes) -> None:
    scope = Scope(frozenset({"94041", "75111"}), frozenset())
    loaded = arrives(bpe, tmp_path / OLD_FILE.name, data, "bpe-2021", scope)
    if loaded:
        assert set(loaded.observations["ref_area"]) <= scope.communes
        assert {one.reason for one in loaded.rejected} <= set(catalogue.rejections)
