"""Contradictions in what is said of programmes: each is refused at its line, and says what it contradicts."""

from datetime import date
from pathlib import Path

import pytest

from data.definitions import Catalogue
from data.errors import Fault, FaultyInputError
from data.settings import CATALOGUE
from etl.build import read_inputs
from etl.checks import check_ledger
from etl.ledger import read_ledger
from tests.etl.spoiling import Row, repeat_row, spoil_row, write_phases

PROGRAMMES, READINGS = "94041/programmes.csv", "94041/readings.csv"
RECORD = "municipal-record-ivry-2025"
# T Zen 5: planned in 2025 for 2027. Parc des Confluences: first part planned in 2025 for May 2025, under way.
TZEN, PARK, QUAY = "ivry-tzen-5", "ivry-parc-des-confluences", "ivry-quai-pourchasse"
QUAIS = {"reading_id": "quais-in-ivry-port", "choice": "inside"}


def _faults(folder: Path, catalogue: Catalogue, today: date = date.max) -> list[Fault]:
    return check_ledger(read_ledger(folder), catalogue, today)


def _only(folder: Path, catalogue: Catalogue) -> Fault:
    (fault,) = _faults(folder, catalogue)
    assert fault.remedy
    return fault


def _phases(own_ledger: Path, *said: str) -> Path:
    return write_phases(own_ledger / "94041", *said)


@pytest.mark.parametrize(
    "said",
    [
        (f"{TZEN} commissioning 2029 planned 2026-03",),
        (f"{TZEN} works 2026-06 planned 2026-03", f"{TZEN} commissioning 2029 planned 2026-03"),
        # Planned when the text was written, begun since.
        (f"{TZEN} works 2026-01 happened 2026-03",),
        # What an older source promised: the first snapshot need not be the text's.
        (f"{TZEN} commissioning 2024 planned 2019 territorial-strategy-seine-amont-2016",),
        (f"{PARK} part_opening 2025-06-14 happened 2026-03", f"{PARK} opening 2028 planned 2026-03"),
        # The first opening within the year of the whole one.
        (f"{PARK} part_opening 2028 planned 2026", f"{PARK} opening 2028-06 planned 2026"),
        # The year, then the day, both true.
        (f"{PARK} part_opening 2025 happened 2026-01", f"{PARK} part_opening 2025-06-14 happened 2026-03"),
        # Works that will open later than an older statement of the opening: two statements, no contradiction in either.
        (f"{TZEN} works 2028 planned 2026-03",),
        # Another conference, another edition.
        ("ivry-conference-climat held 2027 planned 2026-03",),
        ("ivry-territoire-nature validity 2030 happened 2026-03",),
    ],
    ids=str,
)
def test_statements_that_can_all_be_true(own_ledger: Path, catalogue: Catalogue, said: tuple[str, ...]) -> None:
    _phases(own_ledger, *said)
    assert _faults(own_ledger, catalogue, date(2026, 11, 23)) == []


# statements, the one refused (from 1), column and value reported, what the problem says
CONTRADICTIONS = [
    ((f"{TZEN}-bis opening 2029 planned 2026",), 1, "programme_id", f"{TZEN}-bis", "unknown programme"),
    ((f"{PARK} part_opening 2026-06 happened 2026-03",), 1, "date", "2026-06", "after it was said (2026-03)"),
    ((f"{TZEN} works 2024 planned 2026",), 1, "date", "2024", "over when it was said (2026)"),
    (
        (f"{TZEN} works 2029 planned 2026-03", f"{TZEN} opening 2028 planned 2026-03"),
        2,
        "date",
        "2028",
        "before what it follows: works planned 2029",
    ),
    (
        (f"{PARK} opening 2027-05 planned 2026-03", f"{PARK} part_opening 2027-06 planned 2026-03"),
        1,
        "date",
        "2027-05",
        "before what it follows: part_opening planned 2027-06",
    ),
    (
        (f"{TZEN} decided 2027-02 planned 2026", f"{TZEN} studied 2027-03 planned 2026"),
        1,
        "date",
        "2027-02",
        "before what it follows: studied planned 2027-03",
    ),
    (
        (f"{QUAY} part_opening 2027 planned 2026",),
        1,
        "state",
        "planned",
        "planned again after part_opening happened 2021",
    ),
    (
        (f"{PARK} part_opening 2025-06 happened 2026-01", f"{PARK} part_opening 2025-07 happened 2026-03"),
        2,
        "date",
        "2025-07",
        "cannot be true together with part_opening happened 2025-06",
    ),
    (
        (f"{TZEN} commissioning 2028 planned 2026", f"{TZEN} commissioning 2029 planned 2026"),
        2,
        "date",
        "2029",
        "the same statement as commissioning planned 2028",
    ),
    (
        (f"{TZEN} works 2024 happened 2025 territorial-strategy-seine-amont-2016",),
        1,
        "state",
        "happened",
        "yet the status of the programme is planned",
    ),
]


@pytest.mark.parametrize(
    ("said", "place", "column", "value", "problem"), CONTRADICTIONS, ids=[c[4] for c in CONTRADICTIONS]
)
def test_a_contradiction_is_refused_at_its_line(
    own_ledger: Path, catalogue: Catalogue, said: tuple[str, ...], place: int, column: str, value: str, problem: str
) -> None:
    path = _phases(own_ledger, *said)
    fault = _only(own_ledger, catalogue)
    assert (fault.file, fault.line, fault.column, fault.value) == (str(path), place + 1, column, value)
    assert problem in fault.problem


def test_a_statement_is_set_against_that_of_the_text(own_ledger: Path, catalogue: Catalogue) -> None:
    path = _phases(own_ledger, f"{TZEN} works 2028 planned 2025 {RECORD}")
    line = spoil_row(own_ledger / PROGRAMMES, {"programme_id": TZEN}, {})
    fault = _only(own_ledger, catalogue)
    assert (fault.file, fault.line, fault.column, fault.value) == (str(own_ledger / PROGRAMMES), line, "start", "2027")
    assert f"works planned 2028 ({path}:2" in fault.problem


def test_the_text_s_own_statement_is_not_said_twice(own_ledger: Path, catalogue: Catalogue) -> None:
    path = _phases(own_ledger, f"{TZEN} commissioning 2028 planned 2025 {RECORD}")
    fault = _only(own_ledger, catalogue)
    assert (fault.file, fault.line, fault.value) == (str(path), 2, "2028")
    assert "commissioning planned 2027" in fault.problem


def test_an_opening_before_its_works_in_one_row_of_a_text(own_ledger: Path, catalogue: Catalogue) -> None:
    dates = {"start": "2026", "start_kind": "opening", "end": "2028", "end_kind": "works", "status": "under_way"}
    line = spoil_row(own_ledger / PROGRAMMES, {"programme_id": "ivry-quais-d-ivry"}, dates)
    fault = _only(own_ledger, catalogue)
    assert (fault.line, fault.column, fault.value) == (line, "start", "2026")


def test_the_remedy_of_a_status_names_its_line(own_ledger: Path, catalogue: Catalogue) -> None:
    path = own_ledger / PROGRAMMES
    _phases(own_ledger, f"{TZEN} works 2026-01 happened 2026-03")
    # Said to be planned after its works were said to have begun.
    line = spoil_row(path, {"programme_id": TZEN}, {"as_of": "2026-06"})
    assert f"{path}:{line}" in _only(own_ledger, catalogue).remedy
    spoil_row(path, {"programme_id": TZEN}, {"status": "under_way"})
    assert _faults(own_ledger, catalogue) == []


def test_nothing_is_stated_after_today(own_ledger: Path, catalogue: Catalogue) -> None:
    path = _phases(own_ledger, f"{TZEN} commissioning 2029 planned 2026-11-24")
    assert _faults(own_ledger, catalogue, date(2026, 11, 24)) == []
    (fault,) = _faults(own_ledger, catalogue, date(2026, 11, 23))
    assert (fault.file, fault.line, fault.column, fault.value) == (str(path), 2, "as_of", "2026-11-24")
    with pytest.raises(FaultyInputError, match="after today"):
        read_inputs(CATALOGUE, own_ledger, date(2026, 11, 23))


def test_all_contradictions_are_told_at_once(own_ledger: Path, catalogue: Catalogue) -> None:
    path = _phases(
        own_ledger,
        f"{TZEN}-bis opening 2029 planned 2026",
        f"{PARK} part_opening 2026-06 happened 2026-03",
        f"{TZEN} works 2024 planned 2026",
    )
    assert [(fault.file, fault.line) for fault in _faults(own_ledger, catalogue)] == [(str(path), n) for n in (2, 3, 4)]


PROGRAMME_FAULTS: list[tuple[Row, str, str, str]] = [
    ({"ref_area": "94041-op-confluence"}, "ref_area", "94041-op-confluence", "unknown area"),
    ({"ref_area": "94099"}, "ref_area", "94099", "unknown area"),
    ({"ref_area": ""}, "ref_area", "", "unknown area"),
    ({"dwellings_total": "-3"}, "dwellings_total", "-3.0", "cannot be negative"),
    ({"area_m2": "-0.5"}, "area_m2", "-0.5", "cannot be negative"),
]


@pytest.mark.parametrize(
    ("change", "column", "value", "problem"), PROGRAMME_FAULTS, ids=[str(f[0]) for f in PROGRAMME_FAULTS]
)
def test_an_unknown_area_and_a_negative_quantity_of_a_programme(
    own_ledger: Path, catalogue: Catalogue, change: Row, column: str, value: str, problem: str
) -> None:
    line = spoil_row(own_ledger / PROGRAMMES, {"programme_id": "ivry-square-prudon"}, change)
    fault = _only(own_ledger, catalogue)
    assert (fault.file, fault.line) == (str(own_ledger / PROGRAMMES), line)
    assert (fault.column, fault.value) == (column, value)
    assert problem in fault.problem


READING_FAULTS: list[tuple[Row, str, str, str]] = [
    ({"programme_id": "ivry-quays"}, "programme_id", "ivry-quays", "unknown programme"),
    ({"part_of": "ivry-harbour"}, "part_of", "ivry-harbour", "unknown programme"),
    ({"quantity": "rooms"}, "quantity", "rooms", "unknown quantity"),
    ({"value": "-1150"}, "value", "-1150.0", "cannot be negative"),
    # Ivry-Port is to have 5 600 family dwellings.
    ({"value": "5601"}, "value", "5601.0", "5601 cannot be part of the 5600 of ivry-port-renewal"),
    ({"part_of": "ivry-quais-d-ivry"}, "part_of", "ivry-quais-d-ivry", "ivry-quais-d-ivry → ivry-quais-d-ivry"),
]


@pytest.mark.parametrize(
    ("change", "column", "value", "problem"), READING_FAULTS, ids=[str(f[0]) for f in READING_FAULTS]
)
def test_a_reading_that_cannot_be(
    own_ledger: Path, catalogue: Catalogue, change: Row, column: str, value: str, problem: str
) -> None:
    line = spoil_row(own_ledger / READINGS, QUAIS, change)
    fault = _only(own_ledger, catalogue)
    assert (fault.file, fault.line) == (str(own_ledger / READINGS), line)
    assert (fault.column, fault.value) == (column, value)
    assert problem in fault.problem


def test_as_many_as_the_whole_can_be_part_of_it(own_ledger: Path, catalogue: Catalogue) -> None:
    spoil_row(own_ledger / READINGS, QUAIS, {"value": "5600"})
    assert _faults(own_ledger, catalogue) == []


def test_a_reading_needs_another_one(own_ledger: Path, catalogue: Catalogue) -> None:
    line = spoil_row(own_ledger / READINGS, QUAIS, {"reading_id": "quais-in-port"})
    faults = _faults(own_ledger, catalogue)
    assert {(fault.line, fault.column) for fault in faults} == {(line, "choice"), (line + 1, "choice")}


def test_the_same_choice_twice(own_ledger: Path, catalogue: Catalogue) -> None:
    first, last = repeat_row(own_ledger / READINGS, QUAIS)
    fault = _only(own_ledger, catalogue)
    assert (fault.line, fault.column) == (last, "reading_id")
    assert f"{own_ledger / READINGS}:{first}" in fault.problem


def test_programmes_that_are_part_of_each_other_are_told_all_the_way_round(
    own_ledger: Path, catalogue: Catalogue
) -> None:
    inside = {"reading_id": "mixed-programmes-count", "choice": "in_all"}
    change = {"programme_id": "ivry-port-renewal", "part_of": "ivry-quais-d-ivry"}
    first = spoil_row(own_ledger / READINGS, QUAIS, {})
    spoil_row(own_ledger / READINGS, inside, change)
    fault = _only(own_ledger, catalogue)
    assert (fault.line, fault.column, fault.value) == (first, "part_of", "ivry-port-renewal")
    assert "ivry-quais-d-ivry → ivry-port-renewal → ivry-quais-d-ivry" in fault.problem
