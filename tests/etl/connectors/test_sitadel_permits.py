"""The list of permits that create dwellings, in the layout of the publisher (edition of June 2026)."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings

from data.definitions import Catalogue
from data.errors import StateCodesError, UnknownEditionError, UnreadableFileError
from etl.connected import scope_of
from etl.connectors import sitadel, sitadel_permits
from etl.intake import Loaded, Rejection, Scope
from etl.ledger import Ledger
from tests.etl.connectors.mutating import FILES, arrives, damaged, steady

FILE = FILES / "sitadel-permis-logements-2026-06.csv"
VALID = FILE.read_bytes()
EDITION = "sitadel-permits-2026-06"
CODES = {EDITION: {"2": "authorised", "4": "cancelled", "5": "started", "6": "completed"}}
IVRY = Scope(frozenset({"94041"}), frozenset(), state_codes=CODES)
AUTHORISED, STARTED, COMPLETED = "permitted_dwellings", "permits_started_dwellings", "permits_completed_dwellings"
CANCELLED, DEMOLISHED = "permits_cancelled_dwellings", "dwellings_demolished_permitted"
# What names somebody, or says where they build, in the file.
PERSONAL = ("SCCV", "999000111", "0940412", "EXEMPLE", "94200")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / FILE.name


def _load(path: Path, data: bytes = VALID, scope: Scope = IVRY) -> Loaded:
    path.write_bytes(data)
    return sitadel_permits.transform(sitadel_permits.extract(path), EDITION, scope)


def _with(old: str, new: str) -> bytes:
    assert VALID.count(old.encode()) == 1
    return VALID.replace(old.encode(), new.encode())


def _values(loaded: Loaded, indicator: str) -> dict[str, float]:
    rows = loaded.observations
    return dict(rows.loc[rows["indicator"] == indicator, ["time_period", "obs_value"]].to_numpy().tolist())


def _row(loaded: Loaded, indicator: str, year: str) -> pd.Series:
    rows = loaded.observations
    return rows[(rows["indicator"] == indicator) & (rows["time_period"] == year)].iloc[0]


def test_dwellings_count_in_the_year_of_what_was_recorded(file: Path) -> None:
    loaded = _load(file)
    assert (loaded.read, loaded.loaded, loaded.quarantined, loaded.out_of_scope) == (13, 8, 0, 5)
    nothing = dict.fromkeys(map(str, range(2020, 2027)), 0.0)
    assert _values(loaded, AUTHORISED) == nothing | {"2021": 204, "2022": 45, "2023": 13, "2025": 250}
    assert _values(loaded, STARTED) == nothing | {"2021": 84, "2023": 120, "2024": 12}
    assert _values(loaded, COMPLETED) == nothing | {"2024": 85}


def test_a_cancelled_permit_is_neither_authorised_nor_started(file: Path) -> None:
    loaded = _load(file)
    assert _values(loaded, CANCELLED) == dict.fromkeys(map(str, range(2020, 2027)), 0.0) | {"2022": 30, "2025": 9}
    assert _values(loaded, STARTED)["2025"] == 0
    assert _values(loaded, DEMOLISHED)["2022"] == 6


def test_no_figure_is_one_of_the_annual_series() -> None:
    assert not set(sitadel_permits.GIVES) & set(sitadel.GIVES)


def test_the_year_of_the_edition_is_provisional(file: Path) -> None:
    last, before = _row(_load(file), AUTHORISED, "2026"), _row(_load(file), AUTHORISED, "2025")
    assert (last["obs_status"], before["obs_status"]) == ("P", "A")
    assert "2026-06" in last["note_fr"]


def test_a_permit_without_its_demolitions_makes_their_number_uncertain(file: Path) -> None:
    row = _row(_load(file), DEMOLISHED, "2023")
    assert (row["obs_value"], row["obs_status"]) == (0, "E")
    assert row["note_fr"].startswith("Des permis ne disent pas combien")


def test_paris_doubled_by_its_arrondissements_is_never_summed(file: Path) -> None:
    scope = replace(IVRY, communes=frozenset({"75056", "75111"}))
    rows = _load(file, scope=scope).observations.query("indicator == @AUTHORISED and time_period == '2020'")
    assert dict(rows[["ref_area", "obs_value"]].to_numpy().tolist()) == {"75056": 18, "75111": 18}


def test_a_declaration_and_a_permit_may_have_one_number(file: Path) -> None:
    assert VALID.count(b'"0940412300003"') == 2
    assert _load(file).rejected == ()


def test_nothing_says_who_builds_and_where(file: Path) -> None:
    data = VALID + VALID.splitlines()[1] + b"\n" + VALID.splitlines()[2] + b";\n"
    loaded = _load(file, data)
    assert {one.reason for one in loaded.rejected} == {"duplicate_record", "wrong_cell_count"}
    told = loaded.observations.to_csv() + "".join(one.value for one in loaded.rejected)
    assert not [text for text in PERSONAL if text in told]


def test_an_edition_whose_codes_are_not_declared_is_refused_with_what_to_add(file: Path) -> None:
    with pytest.raises(StateCodesError, match=r"\[state_codes\.sitadel-permits-2026-06\].*has the codes 2, 4, 5, 6"):
        _load(file, scope=replace(IVRY, state_codes={"sitadel-permits-2025-10": CODES[EDITION]}))


# Another reading of the codes that is about: 4 commenced, 5 completed, 6 cancelled.
def test_codes_that_contradict_the_dates_are_refused(file: Path) -> None:
    row = next(line for line in VALID.splitlines() if b"0940412100034" in line)
    data = VALID + b"".join(row.replace(b"0940412100034", b"09404121%05d" % n) + b"\n" for n in range(1000, 1030))
    assert _load(file, data).quarantined == 0
    wrong = {EDITION: {"2": "authorised", "4": "started", "5": "completed", "6": "cancelled"}}
    with pytest.raises(StateCodesError, match="32 of the 32 permits whose ETAT_DAU is said to mean 'completed'"):
        _load(file, data, replace(IVRY, state_codes=wrong))


def test_the_catalogue_declares_the_codes_of_the_edition(catalogue: Catalogue, ledger: Ledger, file: Path) -> None:
    loaded = _load(file, scope=scope_of(catalogue, ledger))
    assert _values(loaded, AUTHORISED)["2025"] == 250


@pytest.mark.parametrize(
    ("old", "new", "column", "value", "reason"),
    [
        (';"2022-07-11";', ";;", "DATE_REELLE_AUTORISATION", "", "date_missing"),
        (';"2022-07-11";', ';"2022-13-11";', "DATE_REELLE_AUTORISATION", "2022-13-11", "malformed_date"),
        (';"2022-07-11";', ';"0022-07-11";', "DATE_REELLE_AUTORISATION", "0022-07-11", "malformed_date"),
        (';"2022-07-11";', ';"2026-07-01";', "DATE_REELLE_AUTORISATION", "2026-07-01", "future_period"),
        (';"2022-07-11";', ';"2021-12-31";', "DATE_REELLE_AUTORISATION", "2021-12-31", "date_before_filing"),
        (';"2024-06-30";', ';"2021-06-30";', "DATE_REELLE_DAACT", "2021-06-30", "date_before_filing"),
        (';"2023-03-01";', ';"2031-03-01";', "DATE_REELLE_DOC", "2031-03-01", "future_period"),
        (';"0940412200007";"2";', ';"0940412200007";"7";', "ETAT_DAU", "7", "unknown_code"),
        (';"0940412200007";"2";', ';"0940412200007";;', "ETAT_DAU", "", "unknown_code"),
        (';"0940412200007";', ";;", "NUM_DAU", "", "identifier_missing"),
        (';"45";;"45";', ';"-45";;"45";', "NB_LGT_TOT_CREES", "-45", "negative"),
        (';"45";;"45";', ';"NaN";;"45";', "NB_LGT_TOT_CREES", "NaN", "not_finite"),
        (';"45";;"45";', ';"4,5";;"45";', "NB_LGT_TOT_CREES", "4,5", "not_a_number"),
        (';"45";;"45";', ";;;;", "NB_LGT_TOT_CREES", "", "count_missing"),
        (';"120";;;;;"0";', ';"120";;;;;"1e400";', "NB_LGT_DEMOLIS", "1e400", "not_finite"),
        (';"94041";"PC";"0940412200007"', ';"94200";"PC";"0940412200007"', "COMM", "94200", "postcode_not_commune"),
        ('"94041";"PC";"0940412200007"', '"94\u00a0041";"PC";"0940412200007"', "COMM", "94\u00a0041", "space_in_code"),
        (';"01004";', ';"1004";', "COMM", "1004", "leading_zero_lost"),
        (';"97411";', ';"9741A";', "COMM", "9741A", "malformed_code"),
    ],
)  # fmt: skip
def test_a_wrong_cell_puts_its_row_in_quarantine(
    file: Path, old: str, new: str, column: str, value: str, reason: str
) -> None:
    data = _with(old, new)
    line = VALID[: VALID.index(old.encode())].count(b"\n") + 1
    loaded = _load(file, data)
    assert loaded.rejected == (Rejection(FILE.name, line, column, value, reason),)
    assert loaded.read == loaded.loaded + 1 + loaded.out_of_scope == 13


def test_a_year_of_filing_that_is_none_is_rejected(file: Path) -> None:
    loaded = _load(file, VALID.replace(b';"2022";"31"', b';"22";"31"'))
    assert {(one.column, one.value, one.reason) for one in loaded.rejected} == {("AN_DEPOT", "22", "malformed_period")}


def test_figures_of_a_commune_with_rejected_rows_say_so(file: Path) -> None:
    rows = _load(file, _with(';"45";;"45";', ';"x";;"45";')).observations
    assert set(rows["obs_status"]) == {"E", "P"}
    assert rows["note_fr"].str.contains("n’ont pas pu être lues").all()


def test_a_number_that_comes_again_is_rejected_both_times_and_not_told(file: Path) -> None:
    loaded = _load(file, VALID + VALID)
    assert {one.reason for one in loaded.rejected} == {"repeated_header", "duplicate_record"}
    assert {one.value for one in loaded.rejected if one.column == "NUM_DAU"} == {""}
    assert (loaded.loaded, len(loaded.observations)) == (0, 0)


def test_french_dates_and_the_layout_before_2022_are_read(file: Path) -> None:
    before = (
        b'REG;"DEP";"COMM";"Type_DAU";"Num_DAU";"Etat_DAU";"DATE_REELLE_AUTORISATION";"DATE_REELLE_DOC";'
        b'"NB_LGT_TOT_CREES";"NB_LGT_DEMOLIS"\n11;"94";"94041";"PC";"0940411800001";"5";"03/05/2018";"02/01/2019";"7";"1"\n'
    )
    loaded = _load(file, before)
    assert _values(loaded, AUTHORISED)["2018"] == 7
    assert _values(loaded, STARTED)["2019"] == 7
    assert COMPLETED not in set(loaded.observations["indicator"])


def test_a_line_of_descriptions_above_the_header_is_no_row(file: Path) -> None:
    described = b'"Code de la r\xc3\xa9gion";"Libell\xc3\xa9"\n' + VALID
    assert _load(file, described).read == 13
    assert _load(file, b"\xef\xbb\xbf" + VALID.replace(b"\n", b"\r\n")).loaded == 8


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [(b"ETAT_DAU", b"ETAT", "no column ETAT_DAU"), (b";", b",", "with comma"), (b"NUM_DAU", b"COMM", "twice")],
)
def test_another_layout_is_refused(file: Path, old: bytes, new: bytes, said: str) -> None:
    with pytest.raises(UnreadableFileError, match=said):
        _load(file, VALID.replace(old, new))


@pytest.mark.parametrize("edition", ["sitadel-permits-2026", "sitadel-permits-2026-13", "sitadel-2026-06"])
def test_an_edition_without_a_month_is_refused(edition: str) -> None:
    with pytest.raises(UnknownEditionError, match="names no month"):
        sitadel_permits.transform(sitadel_permits.extract(FILE), edition, IVRY)


@settings(steady, max_examples=70)
@given(data=damaged(VALID, ";"))
def test_whatever_arrives_every_row_is_accounted_for(tmp_path: Path, catalogue: Catalogue, data: bytes) -> None:
    scope = replace(IVRY, communes=frozenset({"94041", "75056", "75111", "01004"}))
    loaded = arrives(sitadel_permits, tmp_path / FILE.name, data, EDITION, scope)
    if loaded:
        assert set(loaded.observations["ref_area"]) <= scope.communes
        assert {one.reason for one in loaded.rejected} <= set(catalogue.rejections)
        assert not [one for one in loaded.rejected if one.column == "NUM_DAU" and one.value]
