"""A check whose result is not what its formula gives, and faults of the comparisons in the catalogue, are listed."""

from pathlib import Path

import pytest

from data.definitions import Catalogue, load_catalogue
from data.errors import Fault, FaultyInputError
from etl.checks import check_ledger
from etl.ledger import read_ledger
from tests.etl.spoiling import Row, spoil_row

CHECKS = "94041/checks.csv"


@pytest.mark.parametrize(
    ("check_id", "change", "given"),
    [
        ("dw-general", {"result": "8305"}, "8304"),
        ("dw-general", {"formula": "1430+5600+1150+372"}, "8552"),
        ("social-new-share", {"result": "11.3"}, "11.2219657"),
        ("social-per-year", {"result": "226.8 .. 272.3"}, "226.8333333, 272.2"),
        ("green-confluences-vs-10", {"formula": "12 > 13"}, "12"),
        ("fleet", {"result": "twenty-one"}, "21"),
    ],
)
def test_a_result_that_its_formula_does_not_give_is_a_fault(
    own_ledger: Path, catalogue: Catalogue, check_id: str, change: Row, given: str
) -> None:
    line = spoil_row(own_ledger / CHECKS, {"check_id": check_id}, change)
    (fault,) = check_ledger(read_ledger(own_ledger), catalogue)
    assert (fault.file, fault.line, fault.column) == (str(own_ledger / CHECKS), line, "result")
    assert given in fault.problem


def test_a_check_in_words_is_no_fault(own_ledger: Path, catalogue: Catalogue) -> None:
    spoil_row(own_ledger / CHECKS, {"check_id": "esiea-state"}, {"result": "unclear"})
    assert check_ledger(read_ledger(own_ledger), catalogue) == []


def _faults(folder: Path) -> list[Fault]:
    with pytest.raises(FaultyInputError) as caught:
        load_catalogue(folder)
    return caught.value.faults


def _replace(path: Path, old: str, new: str) -> int:
    """Replace the only occurrence of a text and return its line."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, old
    path.write_text(text.replace(old, new), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


@pytest.mark.parametrize(
    ("old", "new", "column", "value"),
    [
        ('indicator = "public_space_agents"', 'indicator = "street_agents"', "upkeep_staff.indicator", "street_agents"),
        ("{ cleaning_agents =", "{ sweepers =", "upkeep_staff.parts.sweepers", "sweepers"),
        ("{ cleaning_agents =", "{ fleet_sweepers =", "upkeep_staff.parts.fleet_sweepers", "fleet_sweepers"),
        ('private_dwellings = "lovac"', 'private_dwellings = "cerema"', "parts.private_dwellings", "cerema"),
        ('dataset = "rpls"', 'dataset = "sru"', "social_occupancy.dataset", "sru"),
        ('quantity = "green_area_m2"', 'quantity = "lawn_m2"', "green_places.quantity", "lawn_m2"),
        ('quantity = "green_area_m2"', 'quantity = "specific_dwellings"', "places.quantity", "specific_dwellings"),
        ("factor = 0.0001", "factor = 0", "green_places.factor", "0"),
        ('level = "iris"', 'level = "street"', "over_iris.level", "street"),
    ],
)  # fmt: skip
def test_a_fault_of_a_comparison_is_listed_at_its_line(
    own_catalogue: Path, old: str, new: str, column: str, value: str
) -> None:
    path = own_catalogue / "reconciliations.toml"
    line = _replace(path, old, new)
    faults = [fault for fault in _faults(own_catalogue) if fault.column.endswith(column)]
    assert [(fault.file, fault.line, fault.value) for fault in faults] == [(str(path), line, value)]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('level = "iris"\n', "", "missing ['level']"),
        ('level = "iris"\n', 'level = "iris"\nwhole = false\n', "not of this kind ['whole']"),
        ('compares = "readings"', 'compares = "areas"', "missing ['label', 'level']"),
    ],
)
def test_an_entry_has_what_its_comparison_needs_and_nothing_else(
    own_catalogue: Path, old: str, new: str, problem: str
) -> None:
    path = own_catalogue / "reconciliations.toml"
    _replace(path, old, new)
    (fault,) = _faults(own_catalogue)
    header = f"[{fault.column}]"
    assert path.read_text(encoding="utf-8").splitlines()[fault.line - 1] == header
    assert problem in fault.problem


def test_what_pages_use_must_be_said(own_catalogue: Path) -> None:
    path = own_catalogue / "reconciliations.toml"
    _replace(path, 'quantity = "dwellings"\nused =', 'quantity = "dwellings"\nshown =')
    assert {fault.column for fault in _faults(own_catalogue)} == {
        "announced_dwellings.used",
        "announced_dwellings.shown",
    }
