"""LOVAC by commune, in the layout of the 2025 edition: newest year first, `s` for secret, Windows-1252."""

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given

from data.definitions import Catalogue
from data.errors import UnreadableFileError
from etl.connectors import lovac
from etl.intake import Loaded, Rejection, Scope
from etl.ledger import Ledger
from etl.open_data import complete
from etl.sources import lovac as transcribed
from tests.etl.connectors.mutating import FILES, arrives, damaged, steady

FILE = FILES / "lovac_opendata_communes.csv"
VALID = FILE.read_bytes()
SCOPE = Scope(frozenset({"94041", "26362", "94074", "94081"}), frozenset())
IVRY = b"94041;Ivry-sur-Seine;1965;833;27781"
KEY = ["ref_area", "indicator", "time_period"]


def _loaded(path: Path, data: bytes = VALID) -> Loaded:
    path.write_bytes(data)
    return lovac.transform(lovac.extract(path), "lovac-2025", SCOPE)


def _with(old: bytes, new: bytes) -> bytes:
    assert VALID.count(old) == 1
    return VALID.replace(old, new)


def _value(loaded: Loaded, indicator: str, year: int) -> pd.Series:
    rows = loaded.observations.query("ref_area == '94074' and indicator == @indicator")
    return rows[rows["time_period"] == f"{year}-01-01"].iloc[0]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / FILE.name


def test_the_file_gives_what_the_ledger_transcribes(ledger: Ledger, catalogue: Catalogue) -> None:
    loaded = lovac.transform(lovac.extract(FILE), "lovac-2025", SCOPE)
    communes = {"94041", "26362", "94081"}
    found, known = complete(loaded.observations), transcribed.observations(ledger, catalogue)
    found, known = (frame[frame["ref_area"].isin(communes)].sort_values(KEY) for frame in (found, known))
    assert len(found) == 51
    pd.testing.assert_frame_equal(found.reset_index(drop=True), known.reset_index(drop=True), check_dtype=False)


def test_every_row_is_loaded_or_out_of_scope(file: Path) -> None:
    loaded = _loaded(file)
    assert (loaded.read, loaded.loaded, loaded.out_of_scope, loaded.rejected) == (9, 4, 5, ())


def test_value_zero_secret_and_missing_stay_apart(file: Path) -> None:
    loaded = _loaded(file)
    shown = [
        tuple(_value(loaded, indicator, year)[["obs_value", "obs_status", "conf_status"]].fillna("none"))
        for indicator, year in (
            ("private_dwellings_vacant", 2024),
            ("private_dwellings_vacant_over_2_years", 2024),
            ("private_dwellings_vacant", 2025),
            ("private_dwellings", 2023),
        )
    ]
    assert shown == [(11, "A", "F"), (0, "A", "F"), ("none", "O", "C"), ("none", "O", "F")]


def test_breaks_are_where_the_stock_jumps_and_where_the_method_changes() -> None:
    loaded = lovac.transform(lovac.extract(FILE), "lovac-2025", SCOPE)
    broken = loaded.observations.query("obs_status == 'B'").sort_values(KEY)
    assert [tuple(row) for row in broken[["ref_area", "indicator", "time_period"]].to_numpy()] == [
        ("26362", "private_dwellings_vacant", "2025-01-01"),
        ("94041", "private_dwellings", "2023-01-01"),
        ("94041", "private_dwellings_vacant", "2023-01-01"),
        ("94041", "private_dwellings_vacant", "2025-01-01"),
        ("94081", "private_dwellings_vacant", "2025-01-01"),
    ]


def test_the_edition_of_2026_names_the_stock_otherwise(file: Path) -> None:
    header = (
        "CODGEO_26;LIBGEO_26;pp_vacant_26;pp_vacant_plus_2ans_26;ff_pp_total_25;pp_vacant_25;pp_vacant_plus_2ans_25"
    )
    file.write_text(f"{header}\n94041;Ivry-sur-Seine;1900;800;27900;1965;833\n", encoding="utf-8")
    loaded = lovac.transform(lovac.extract(file), "lovac-2026", SCOPE)
    rows = loaded.observations.set_index(["indicator", "time_period"])
    assert rows.loc[("private_dwellings", "2025-01-01"), "obs_value"] == 27_900
    assert rows.loc[("private_dwellings_vacant", "2026-01-01"), "obs_status"] == "A"
    assert rows.loc[("private_dwellings_vacant", "2025-01-01"), "obs_status"] == "B"
    assert set(rows["source"]) == {"lovac-2026"}


@pytest.mark.parametrize(
    ("old", "new", "column", "value", "reason"),
    [
        (b"Seine;1965", b"Seine;NaN", "pp_vacant_25", "NaN", "not_finite"),
        (b"Seine;1965", b"Seine;1e400", "pp_vacant_25", "1e400", "not_finite"),
        (b"Seine;1965", b"Seine;-1965", "pp_vacant_25", "-1965", "negative"),
        (b"Seine;1965", b"Seine;1965.5", "pp_vacant_25", "1965.5", "not_whole"),
        (b"Seine;1965", b"Seine;n.d.", "pp_vacant_25", "n.d.", "not_a_number"),
        (b"Seine;1965", b"Seine;1\xa0965", "pp_vacant_25", "1\xa0965", "not_a_number"),
        (b"Seine;1965;833", b"Seine;1965;1966", "pp_vacant_plus_2ans_25", "1966", "parts_above_total"),
        (b"94041;Ivry", b"94200;Ivry", "CODGEO_25", "94200", "postcode_not_commune"),
        (b"94041;Ivry", b"94041\xa0;Ivry", "CODGEO_25", "94041\xa0", "space_in_code"),
        (b"01001;", b"1001;", "CODGEO_25", "1001", "leading_zero_lost"),
        (b"97101;", b"97910;", "CODGEO_25", "97910", "malformed_code"),
    ],
)
def test_a_wrong_cell_puts_its_row_in_quarantine(
    file: Path, old: bytes, new: bytes, column: str, value: str, reason: str
) -> None:
    data = _with(old, new)
    loaded = _loaded(file, data)
    line = next(number for number, text in enumerate(data.split(b"\r\n"), 1) if new in text)
    assert loaded.rejected == (Rejection(FILE.name, line, column, value, reason),)
    assert (loaded.read, loaded.quarantined) == (9, 1)


def test_a_commune_that_comes_twice_is_rejected_twice(file: Path) -> None:
    row = next(line for line in VALID.split(b"\r\n") if line.startswith(IVRY))
    loaded = _loaded(file, VALID + row + b"\r\n")
    assert [(one.line, one.reason) for one in loaded.rejected] == [(7, "duplicate_key"), (11, "duplicate_key")]
    assert not (loaded.observations["ref_area"] == "94041").any()


def test_a_row_with_two_wrong_cells_counts_once(file: Path) -> None:
    loaded = _loaded(file, _with(b"1965;833;27781", b"-1;x;27781"))
    assert {one.reason for one in loaded.rejected} == {"negative", "not_a_number"}
    assert (loaded.loaded, loaded.quarantined, loaded.out_of_scope) == (3, 1, 5)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"pp_vacant_23", b"vacants_23"),
        (b"pp_total_24;", b""),
        (b"CODGEO_25", b"code"),
        (b"CODGEO_25", b"CODGEO_24"),
        (b"pp_vacant_25;", b"pp_vacant_24;"),
        (b"pp_vacant_plus_2ans_20", b"ff_pp_total_20"),
        (b";", b","),
        (b";", b"\t"),
    ],
)
def test_another_header_is_refused(file: Path, old: bytes, new: bytes) -> None:
    file.write_bytes(VALID.replace(old, new))
    with pytest.raises(UnreadableFileError, match=FILE.name):
        lovac.extract(file)


def test_the_file_of_another_year_is_refused() -> None:
    with pytest.raises(UnreadableFileError, match="lovac-2024"):
        lovac.transform(lovac.extract(FILE), "lovac-2024", SCOPE)


@pytest.mark.parametrize(
    "change", [lambda data: b"\xef\xbb\xbf" + data.decode("cp1252").encode(), lambda data: data.replace(b"\r\n", b"\n")]
)
def test_byte_order_mark_and_line_ends_change_nothing(file: Path, change) -> None:  # type: ignore[no-untyped-def]
    pd.testing.assert_frame_equal(_loaded(file, change(VALID)).observations, _loaded(file).observations)


def test_a_file_cut_short_loses_only_its_last_row(file: Path) -> None:
    loaded = _loaded(file, VALID[: VALID.index(b"94041;Ivry") + 60])
    assert [(one.line, one.reason) for one in loaded.rejected] == [(7, "wrong_cell_count")]
    assert set(loaded.observations["ref_area"]) == {"26362"}


@steady
@given(data=damaged(VALID.decode("cp1252").encode().replace(b"\r\n", b"\n"), ";"))
def test_whatever_arrives_every_row_is_accounted_for(tmp_path: Path, catalogue: Catalogue, data: bytes) -> None:
    loaded = arrives(lovac, tmp_path / FILE.name, data, "lovac-2025", SCOPE)
    if loaded:
        assert set(loaded.observations["ref_area"]) <= SCOPE.communes
        assert {one.reason for one in loaded.rejected} <= set(catalogue.rejections)
