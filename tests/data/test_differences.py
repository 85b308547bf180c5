"""What differs between two releases, made by hand: which cell, from what to what, and why."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
import shapely

from data.rules.differences import COLUMNS, differences, shown
from data.schemas import TABLES

Tables = dict[str, pd.DataFrame]
STANDS = "ivry-bike-stands"


@pytest.fixture
def two(tables: Tables) -> tuple[Tables, Tables]:
    """Return the tables of Ivry twice, the second to be changed."""
    return tables, {name: frame.copy() for name, frame in tables.items()}


def _set(frame: pd.DataFrame, where: "pd.Series[bool]", **values: object) -> None:
    assert where.any()
    for column, value in values.items():
        frame.loc[where, column] = value


def _told(found: pd.DataFrame) -> set[tuple[str, ...]]:
    return {tuple(row) for row in found[["table", "column", "old", "new", "change", "reason"]].itertuples(index=False)}


def test_the_same_tables_do_not_differ(two: tuple[Tables, Tables]) -> None:
    found = differences(*two)
    assert found.empty
    assert list(COLUMNS) == [name for name in found.columns if name != "row"]


def test_the_order_of_rows_and_columns_is_no_difference(two: tuple[Tables, Tables]) -> None:
    old, new = two
    turned = {name: frame.iloc[::-1, ::-1] for name, frame in new.items()}
    assert differences(old, turned).empty


def test_a_corrected_figure_and_what_is_computed_from_it_are_corrections(two: tuple[Tables, Tables]) -> None:
    old, new = two
    observations = new["observations"]
    _set(observations, observations["figure_id"] == STANDS, obs_value=723.0)
    _set(observations, observations["indicator"] == "cycle_stands_per_1000_inhabitants", obs_value=11.2)
    found = differences(old, new)
    assert _told(found) == {
        ("observations", "obs_value", "722", "723", "changed", "correction"),
        ("observations", "obs_value", "11.0967662609123", "11.2", "changed", "correction"),
    }
    assert found["key"].iloc[0] == "94041 · cycle_stands · 2025 · observed · municipal-record-ivry-2025"


def test_a_derived_value_whose_inputs_stand_still_changed_by_method(two: tuple[Tables, Tables]) -> None:
    old, new = two
    _set(new["observations"], new["observations"]["indicator"] == "cycle_stands_per_1000_inhabitants", obs_value=11.2)
    assert list(differences(old, new)["reason"]) == ["method"]


def test_a_new_formula_is_a_method_even_where_inputs_changed_too(two: tuple[Tables, Tables]) -> None:
    old, new = two
    observations, indicators = new["observations"], new["indicators"]
    name = "cycle_stands_per_1000_inhabitants"
    _set(observations, observations["figure_id"] == STANDS, obs_value=723.0)
    _set(observations, observations["indicator"] == name, obs_value=12.0)
    _set(indicators, indicators["indicator"] == name, expression="1080 * cycle_stands / population")
    reasons = differences(old, new).set_index(["table", "new"])["reason"]
    assert reasons["observations", "12"] == "method"
    assert reasons["indicators", "1080 * cycle_stands / population"] == "method"
    assert reasons["observations", "723"] == "correction"


def test_a_census_iris_corrected_corrects_the_district_that_adds_it_up(two: tuple[Tables, Tables]) -> None:
    old, new = two
    observations = new["observations"]
    dwellings = observations["indicator"] == "dwellings"
    _set(observations, dwellings & (observations["ref_area"] == "940410101"), obs_value=1.0)
    _set(observations, dwellings & (observations["ref_area"] == "94041-centre-ville"), obs_value=2.0)
    _set(observations, dwellings & (observations["ref_area"] == "26362"), obs_value=3.0)
    reasons = differences(old, new).set_index("new")["reason"]
    # The IRIS of Ivry explain the district of Ivry, not the total of Valence.
    assert (reasons["1"], reasons["2"], reasons["3"]) == ("correction", "correction", "method")


def test_another_edition_is_new_data_and_so_is_what_it_replaces(two: tuple[Tables, Tables]) -> None:
    old, new = two
    observations = new["observations"]
    lovac = (observations["source"] == "lovac-2025") & (observations["time_period"] == "2025-01-01")
    lovac &= observations["derived_from"] == ""
    _set(observations, lovac, source="lovac-2026", time_period="2026-01-01", as_of="2026")
    found = differences(old, new)
    assert set(found["change"]) == {"added", "removed"}
    assert set(found["reason"]) == {"new_data"}


def test_a_value_that_was_missing_is_new_data_with_its_status(two: tuple[Tables, Tables]) -> None:
    old, new = two
    row = old["observations"]["figure_id"] == STANDS
    earlier = {**old, "observations": old["observations"].copy()}
    _set(earlier["observations"], row, obs_value=np.nan, obs_status="O")
    assert _told(differences(earlier, new)) == {
        ("observations", "obs_value", "", "722", "changed", "new_data"),
        ("observations", "obs_status", "O", "A", "changed", "new_data"),
    }


def test_zero_is_not_missing(two: tuple[Tables, Tables]) -> None:
    old, new = two
    earlier = {**old, "observations": old["observations"].copy()}
    row = old["observations"]["figure_id"] == STANDS
    _set(earlier["observations"], row, obs_value=np.nan)
    _set(new["observations"], row, obs_value=0.0)
    assert _told(differences(earlier, new)) == {("observations", "obs_value", "", "0", "changed", "new_data")}


def test_a_figure_whose_period_is_mended_is_a_correction(two: tuple[Tables, Tables]) -> None:
    old, new = two
    _set(new["observations"], new["observations"]["figure_id"] == STANDS, time_period="2024")
    found = differences(old, new)
    assert sorted(found["change"]) == ["added", "removed"]
    assert set(found["reason"]) == {"correction"}


def test_a_row_withdrawn_is_a_correction_and_lists_what_it_said(two: tuple[Tables, Tables]) -> None:
    old, new = two
    new["milestones"] = new["milestones"].iloc[1:]
    (row,) = differences(old, new).itertuples()
    gone = old["milestones"].iloc[0]
    assert (row.change, row.reason, row.new) == ("removed", "correction", "")
    assert f"label_fr={gone['label_fr']}" in row.old


def test_a_newer_statement_of_a_programme_is_new_data(two: tuple[Tables, Tables]) -> None:
    old, new = two
    mine = new["programmes"]["programme_id"] == "ivry-tzen-5"
    _set(new["programmes"], mine, end="2029", as_of="2026-03")
    assert {(row[1], row[5]) for row in _told(differences(old, new))} == {("end", "new_data"), ("as_of", "new_data")}


def test_outlines_are_compared_by_their_bytes_and_named_so(two: tuple[Tables, Tables]) -> None:
    old, new = two
    place = new["territories"].index[new["territories"]["ref_area"] == "94041-ivry-port"][0]
    new["territories"].at[place, "geometry"] = shapely.to_wkb(shapely.box(2.38, 48.80, 2.40, 48.82))
    _set(new["iris_weights"], new["iris_weights"]["district"] == "94041-ivry-port", area_share=0.5)
    found = differences(old, new)
    (outline,) = found[found["table"] == "territories"].itertuples()
    assert (outline.column, outline.reason) == ("geometry", "correction")
    assert outline.old.startswith("contour ")
    assert outline.old != outline.new
    assert set(found[found["table"] == "iris_weights"]["reason"]) == {"correction"}


def test_official_districts_in_the_place_of_the_sketch_are_new_data(two: tuple[Tables, Tables]) -> None:
    old, new = two
    mine = new["territories"]["ref_area"] == "94041-ivry-port"
    _set(new["territories"], mine, boundary="official", boundary_source="city-districts-2026")
    _set(new["iris_weights"], new["iris_weights"]["district"] == "94041-ivry-port", weight=0.25)
    _set(new["observations"], (new["observations"]["ref_area"] == "94041-ivry-port")
         & (new["observations"]["indicator"] == "dwellings"), obs_value=9999.0)  # fmt: skip
    assert set(differences(old, new)["reason"]) == {"new_data"}


@pytest.mark.parametrize("turn", [lambda a, b: (a, b), lambda a, b: (b, a)], ids=["forth", "back"])
def test_a_table_that_older_code_had_not_is_a_matter_of_method(
    two: tuple[Tables, Tables], turn: Callable[[Tables, Tables], tuple[Tables, Tables]]
) -> None:
    old, new = two
    older = {name: frame for name, frame in old.items() if name != "targets"}
    found = differences(*turn(older, new))
    assert set(found["table"]) == {"targets"}
    assert set(found["reason"]) == {"method"}
    assert len(found) == len(new["targets"]) == 5


def test_every_column_that_is_not_a_key_is_compared(tables: Tables) -> None:
    table = TABLES["places"]
    names = [name for name in table.schema.names if name not in table.key]
    one = tables["places"].iloc[:1]
    for name in names:
        value: object = "elsewhere" if isinstance(one[name].iloc[0], str) else 1.5
        found = differences({**tables, "places": one}, {**tables, "places": one.assign(**{name: value})})
        assert list(found["column"]) == [name]


def test_cells_are_written_without_loss() -> None:
    assert [shown(value) for value in (12128.0, 0.1, None, np.nan, "", "x", 3)] == [
        "12128",
        "0.1",
        "",
        "",
        "",
        "x",
        "3",
    ]
    assert shown(np.array([1.0, 2.5])) == "1 ; 2.5"


CORRECTED = {"ref_area": "94041", "indicator": "cycle_stands", "time_period": "2025", "nature": "observed",
             "reading": "", "source": "municipal-record-ivry-2025"}  # fmt: skip


def _declared(tables: Tables) -> Tables:
    """Return tables with a declared correction of a figure of Ivry."""
    blank = dict.fromkeys(TABLES["corrections"].schema.names, "") | {"old_value": np.nan, "new_value": 722.0}
    return {**tables, "corrections": pd.DataFrame([blank | CORRECTED])}


def test_a_declared_correction_is_one_even_where_it_fills_in_a_missing_value(two: tuple[Tables, Tables]) -> None:
    old, new = two
    row = old["observations"]["figure_id"] == STANDS
    earlier = {**old, "observations": old["observations"].copy()}
    _set(earlier["observations"], row, obs_value=np.nan, obs_status="O")
    assert set(differences(earlier, _declared(new))["reason"]) == {"correction"}
    assert set(differences(_declared(new), earlier)["reason"]) == {"correction"}


def test_new_data_that_come_corrected_are_new_data(two: tuple[Tables, Tables]) -> None:
    old, new = two
    without = {**old, "observations": old["observations"][old["observations"]["figure_id"] != STANDS]}
    found = differences(without, _declared(new)).set_index("table")["reason"]
    assert (found["observations"], found["corrections"]) == ("new_data", "correction")
