"""The audit sees what a reader can work out, and agrees with the protection it knows nothing of."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings

from data.rules.disclosure_audit import Audited, Finding, audit, told_earlier
from data.rules.possible_tables import Key
from data.rules.suppression import protect
from tests.data.protecting import ALL, CITY, Example, examples

steady = settings(deadline=None, derandomize=True)
# Bakeries 1, 8, 9 and butchers 10, 12, 30 in three districts; the last row has no district.
SHOPS = Example(np.array([[1, 10], [8, 12], [9, 30], [0, 0]]))
SQUARE = {(f"district {row}", f"kind {column}") for row in (0, 1) for column in (0, 1)}


def _released(example: Example, withheld: set[Key], period: str = "2026") -> pd.DataFrame:
    """Return the observations of a release that withholds some cells."""
    rows = []
    for (area, name), cell in example.cells.items():
        is_told = (area, name) not in withheld
        rows.append({"ref_area": area, "indicator": name, "time_period": period, "source": f"register-{period}",
                     "obs_value": cell.value if is_told else np.nan, "nature": "observed", "reading": "",
                     "obs_status": "A" if is_told else "O", "conf_status": "F" if is_told else "C",
                     "derived_from": ""})  # fmt: skip
    return pd.DataFrame(rows)


def _audited(example: Example) -> Audited:
    return Audited({"register-2025": "shops", "register-2026": "shops"}, example.nested, example.protection)


def _found(example: Example, withheld: set[Key]) -> dict[Key, Finding]:
    found = audit(_released(example, withheld), _audited(example))
    return {(one.ref_area, one.indicator): one for one in found}


@settings(steady, max_examples=30)
@given(examples(((2, 2), (3, 2), (3, 3)), 15, nowhere=3))
def test_what_is_protected_passes_the_audit(example: Example) -> None:
    withheld = set(protect(example.cells, example.relations, example.protection))
    found = _found(example, withheld)
    assert set(found) == withheld
    assert {one.problem for one in found.values()} <= {""}


@settings(steady, max_examples=60)
@given(examples(((2, 1), (3, 1), (2, 2)), 5))
def test_the_audit_finds_what_is_possible_and_nothing_more(example: Example) -> None:
    # Withhold only what must be: the interval of each is that of all tables counted out one by one.
    withheld = {key for key, cell in example.cells.items() if 0 < (cell.value or 0) < example.threshold}
    told = {key: None if key in withheld else cell.value for key, cell in example.cells.items()}
    possible = example.possible(told, 10, is_bold=True)
    for key, one in _found(example, withheld).items():
        if key in withheld and one.high < 10:
            assert (one.low, one.high) == (possible[key].min(), possible[key].max()), key


def test_a_single_small_cell_is_worked_out_from_its_total() -> None:
    one = _found(SHOPS, {("district 0", "kind 0")})["district 0", "kind 0"]
    assert (one.low, one.high, one.problem) == (1, 1, "worked_out")


def test_a_square_of_cells_keeps_its_smallest() -> None:
    found = _found(SHOPS, SQUARE)
    assert {key: (one.low, one.high, one.problem) for key, one in found.items()} == {
        ("district 0", "kind 0"): (1, 8, ""),
        ("district 0", "kind 1"): (3, 10, ""),
        ("district 1", "kind 0"): (1, 8, ""),
        ("district 1", "kind 1"): (12, 19, ""),
    }


def test_a_row_alone_is_worked_out_through_the_other_kind() -> None:
    found = _found(SHOPS, {("district 0", "kind 0"), ("district 1", "kind 0")})
    assert {one.problem for one in found.values()} == {"worked_out"}


def test_a_small_number_that_is_told_is_a_leak() -> None:
    one = _found(SHOPS, set())["district 0", "kind 0"]
    assert (one.low, one.problem) == (1, "under_threshold")


def test_a_small_remainder_without_district_is_a_leak_of_its_commune() -> None:
    example = Example(np.array([[20], [39], [1]]))
    assert _found(example, set())[CITY, ALL].problem == "remainder"
    assert _found(Example(np.array([[20], [39], [4]])), set()) == {}


def test_other_years_neither_help_nor_hurt() -> None:
    both = pd.concat([_released(SHOPS, SQUARE), _released(SHOPS, {("district 0", "kind 0")}, "2025")])
    found = audit(both, _audited(SHOPS))
    assert {one.time_period for one in found if one.problem} == {"2025"}
    assert len(found) == 5


def test_what_its_publisher_published_is_none_of_the_audits_business() -> None:
    shops = replace(_audited(SHOPS), datasets={"another-2026": "shops"})
    assert audit(_released(SHOPS, set()), shops) == []


@pytest.mark.parametrize(("value", "is_leak"), [(12.5, True), (np.nan, False)])
def test_a_rate_of_a_withheld_number_is_a_leak(value: float, is_leak: bool) -> None:
    released = _released(SHOPS, SQUARE)
    rate = released.iloc[[0]].assign(indicator="rate", obs_value=value,
                                     derived_from="kind 0@2026[register-2026]; people@2023[census]")  # fmt: skip
    rate["derived_from"] = rate["derived_from"].str.replace("kind 0", "kind_0")
    released["indicator"] = released["indicator"].str.replace("kind 0", "kind_0")
    rules = {name.replace("kind 0", "kind_0"): rule for name, rule in SHOPS.protection.rules.items()}
    audited = replace(_audited(SHOPS), protection=replace(SHOPS.protection, rules=rules))
    found = [one for one in audit(pd.concat([released, rate], ignore_index=True), audited) if one.problem]
    assert [(one.indicator, one.problem) for one in found] == ([("rate", "derived")] if is_leak else [])


def test_what_another_release_tells_is_a_leak_with_its_value() -> None:
    found = audit(_released(SHOPS, SQUARE), _audited(SHOPS))
    told = told_earlier(found, _released(SHOPS, {("district 0", "kind 0")}), "0123456789abcdef")
    assert {(one.ref_area, one.indicator, one.low) for one in told} == {
        ("district 0", "kind 1", 10), ("district 1", "kind 0", 8), ("district 1", "kind 1", 12),
    }  # fmt: skip
    assert {(one.problem, one.release) for one in told} == {("told_earlier", "0123456789abcdef")}
    assert told_earlier(found, _released(SHOPS, SQUARE), "fedcba9876543210") == []
