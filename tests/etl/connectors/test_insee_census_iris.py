"""The census by IRIS, in the layout of Insee's two files of 2021: population, dwellings."""

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given

from data.definitions import Catalogue
from data.errors import UnreadableFileError
from etl.connected import scope_of
from etl.connectors import insee_census_iris
from etl.intake import Loaded, Rejection, Scope
from etl.ledger import Ledger
from etl.open_data import complete
from etl.sources import insee_census_iris as packaged
from tests.etl.connectors.mutating import FILES, arrives, damaged, steady

POPULATION, DWELLINGS = FILES / "base-ic-evol-struct-pop-2021.CSV", FILES / "base-ic-logement-2021.CSV"
VALID = POPULATION.read_bytes()
EDITION = "insee-census-2021"
VALENTON = "940740101"
SCOPE = Scope(frozenset(), frozenset({"940410101", "940410102", VALENTON}))
KEY = ["ref_area", "indicator", "time_period"]
AGES = {"population_under_20", "population_20_to_64", "population_65_and_over"}


def _loaded(path: Path, data: bytes = VALID, edition: str = EDITION) -> Loaded:
    path.write_bytes(data)
    return insee_census_iris.transform(insee_census_iris.extract(path), edition, SCOPE)


def _values(loaded: Loaded, iris: str) -> pd.Series:
    rows = loaded.observations
    return rows[rows["ref_area"] == iris].set_index("indicator")["obs_value"]


def _with(old: bytes, new: bytes) -> bytes:
    assert VALID.count(old) == 1
    return VALID.replace(old, new)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / POPULATION.name


@pytest.fixture(scope="module")
def both(ledger: Ledger, catalogue: Catalogue) -> pd.DataFrame:
    """Return what the two files say of the IRIS of the ledger."""
    scope = scope_of(catalogue, ledger)
    each = [insee_census_iris.transform(insee_census_iris.extract(path), EDITION, scope).observations
            for path in (POPULATION, DWELLINGS)]  # fmt: skip
    return complete(pd.concat(each, ignore_index=True))


def test_the_two_files_give_ivry_what_the_package_gives(
    both: pd.DataFrame, ledger: Ledger, catalogue: Catalogue
) -> None:
    columns = [*KEY, "obs_value", "obs_status", "conf_status", "source", "derived_from"]
    found = packaged.with_wider_areas(both, ledger)
    known = packaged.observations(ledger, catalogue)
    found, known = (
        frame[frame["ref_area"].str.startswith("94041")].sort_values(KEY)[columns].reset_index(drop=True)
        for frame in (found, known)
    )
    # 22 IRIS, the commune and six districts, 11 indicators each.
    assert len(found) == 29 * 11
    pd.testing.assert_frame_equal(found, known)


def test_a_commune_whose_iris_are_not_all_there_has_no_sum(both: pd.DataFrame, ledger: Ledger) -> None:
    some = both[both["ref_area"] != "940410101"]
    areas = set(packaged.with_wider_areas(some, ledger)["ref_area"])
    assert not areas & {"94041", "94041-monmousseau-verollot"}
    assert "94041-ivry-port" in areas


def test_one_iris_alone_gives_no_wider_area(both: pd.DataFrame, ledger: Ledger) -> None:
    alone = both[both["ref_area"] == "940410101"]
    assert set(packaged.with_wider_areas(alone, ledger)["ref_area"]) == {"940410101"}


def test_an_iris_without_a_value_leaves_its_commune_and_district_without(both: pd.DataFrame, ledger: Ledger) -> None:
    is_it = both["ref_area"].eq("940410101") & both["indicator"].eq("vacant_dwellings")
    some = both.assign(obs_value=both["obs_value"].mask(is_it), obs_status=both["obs_status"].mask(is_it, "O"))
    wider = packaged.with_wider_areas(some, ledger).query("indicator == 'vacant_dwellings'").set_index("ref_area")
    for area in ("94041", "94041-monmousseau-verollot"):
        assert pd.isna(wider.loc[area, "obs_value"])
        assert wider.loc[area, "obs_status"] == "O"
    assert wider.loc["94041-ivry-port", "obs_status"] == "E"


def test_each_file_gives_what_it_holds(file: Path) -> None:
    population = _loaded(file).observations
    dwellings = insee_census_iris.transform(insee_census_iris.extract(DWELLINGS), EDITION, SCOPE).observations
    assert set(population["indicator"]) == {"population", *AGES}
    assert set(dwellings["indicator"]) == {
        "dwellings", "main_homes", "second_homes", "vacant_dwellings", "houses", "flats", "main_homes_in_flats",
    }  # fmt: skip


def test_the_two_files_are_parts_of_one_edition() -> None:
    parts = [insee_census_iris.part_of(insee_census_iris.extract(path)) for path in (POPULATION, DWELLINGS)]
    assert parts == ["population", "dwellings"]


def test_rows_of_elsewhere_are_out_of_scope(file: Path) -> None:
    loaded = _loaded(file)
    assert (loaded.read, loaded.loaded, loaded.out_of_scope, loaded.rejected) == (25, 3, 22, ())


def test_decimals_stay_as_they_are_and_a_blank_is_missing(file: Path) -> None:
    assert _values(_loaded(file), VALENTON)["population"] == 2418.34567890123
    dwellings = insee_census_iris.transform(insee_census_iris.extract(DWELLINGS), EDITION, SCOPE).observations
    second = dwellings.query("ref_area == @VALENTON and indicator == 'second_homes'").iloc[0]
    assert (pd.isna(second["obs_value"]), second["obs_status"]) == (True, "O")


def test_65_and_over_is_the_sum_of_two_bands_where_it_is_not_given(file: Path) -> None:
    loaded = _loaded(file, _with(b"P21_POP65P", b"P21_OTHER"))
    assert _values(loaded, VALENTON)["population_65_and_over"] == 0.3
    assert _values(loaded, "940410101")["population_65_and_over"] == 365
    details = loaded.observations.query("indicator == 'population_65_and_over'")["source_detail"]
    assert set(details) == {"base par IRIS, colonnes P21_POP6579 + P21_POP80P"}


# The bands up to 17 and 18 to 24 do not end at 20.
def test_no_other_bands_make_an_age(file: Path) -> None:
    loaded = _loaded(file, _with(b"P21_POP0019", b"P21_OTHER"))
    assert set(loaded.observations["indicator"]) == {"population", *AGES} - {"population_under_20"}


def test_the_year_is_that_of_the_columns(file: Path) -> None:
    data = VALID.replace(b"P21_", b"P22_")
    assert set(_loaded(file, data, "insee-census-2022").observations["time_period"]) == {"2022"}
    with pytest.raises(UnreadableFileError, match="2022"):
        _loaded(file, data, EDITION)


@pytest.mark.parametrize(
    ("old", "new", "column", "value", "reason"),
    [
        (b"1;2418.34567890123", b"1;NaN", "P21_POP", "NaN", "not_finite"),
        (b"1;2418.34567890123", b"1;1e400", "P21_POP", "1e400", "not_finite"),
        (b"1;2418.34567890123", b"1;-2418.3", "P21_POP", "-2418.3", "negative"),
        (b"1;2418.34567890123", b"1;2418,3", "P21_POP", "2418,3", "not_a_number"),
        (b"1;2418.34567890123", b"1;241.8", "P21_POP", "241.8", "parts_above_total"),
        (b"\n940740101;", b"\n94074010;", "IRIS", "94074010", "leading_zero_lost"),
        (b"\n940740101;", "\n940740101\u00a0;".encode(), "IRIS", "940740101\u00a0", "space_in_code"),
        (b"\n940740101;", b"\n94074XXXX;", "IRIS", "94074XXXX", "malformed_code"),
        (b"\n010010000;", b"\n10010000;", "IRIS", "10010000", "leading_zero_lost"),
    ],
)
def test_a_wrong_cell_puts_its_row_in_quarantine(
    file: Path, old: bytes, new: bytes, column: str, value: str, reason: str
) -> None:
    data = _with(old, new)
    loaded = _loaded(file, data)
    line = 1 + data[: data.index(new) + 1].count(b"\n")
    assert loaded.rejected == (Rejection(POPULATION.name, line, column, value, reason),)
    assert loaded.read == 25


def test_an_iris_that_comes_twice_is_rejected_twice(file: Path) -> None:
    row = next(line for line in VALID.split(b"\n") if line.startswith(b"940410101"))
    loaded = _loaded(file, VALID + row + b"\n")
    assert [(one.line, one.reason) for one in loaded.rejected] == [(3, "duplicate_key"), (27, "duplicate_key")]
    assert (loaded.loaded, loaded.out_of_scope) == (2, 22)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"IRIS;COM", b"CODE;COM"),
        (b"P21_POP;", b"POP;"),
        (b"P21_POP0019", b"P21_POP"),
        (b";", b","),
        (b"P21_POP0002", b"P20_POP"),
    ],
)
def test_another_header_is_refused(file: Path, old: bytes, new: bytes) -> None:
    file.write_bytes(VALID.replace(old, new))
    with pytest.raises(UnreadableFileError, match=POPULATION.name):
        insee_census_iris.extract(file)


@steady
@given(data=damaged(VALID, ";"))
def test_whatever_arrives_every_row_is_accounted_for(tmp_path: Path, catalogue: Catalogue, data: bytes) -> None:
    loaded = arrives(insee_census_iris, tmp_path / POPULATION.name, data, EDITION, SCOPE)
    if loaded:
        assert set(loaded.observations["ref_area"]) <= SCOPE.iris
        assert {one.reason for one in loaded.rejected} <= set(catalogue.rejections)
