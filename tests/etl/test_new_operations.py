"""New operations: from the blank workbook of a release to the ledger, all of them or none."""

from collections.abc import Mapping
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from data.definitions import Catalogue
from data.errors import FaultySheetError, UnknownAreaError, UnreadableFileError
from data.gap_sheet.layout import FIRST_ROW
from data.register_sheet.layout import NEW_OPERATIONS
from data.register_sheet.writer import register_sheet_of
from data.release import Release
from etl.build import build_tables
from etl.city_sheet.intake import Intake
from etl.city_sheet.new_operations import take_city_programmes
from etl.ledger import read_ledger

TODAY = date(2026, 11, 26)
TAB, GUIDE = "Opérations nouvelles", "Mode d’emploi"
SQUARE = {
    "operation_name": "Square de l’Essai", "operation_kind": "espace vert", "operation_place": "Ivry-Port",
    "operation_status": "prévue", "operation_phase": "ouverture", "operation_year": 2028, "operation_month": 9,
    "operation_area_m2": 1850.5, "remark": "Sur l’ancien parking.",
}  # fmt: skip
HOMES = {
    "operation_name": "Îlot des Essais", "operation_kind": "logements",
    "operation_place": "Gagarine-Truillot, dans Centre-ville",
    "operation_status": "en cours", "operation_phase": "travaux", "operation_year": 2026, "operation_dwellings": 120,
    "operation_social_share": 35, "as_of": date(2026, 6, 1), "reference": "Permis de construire du 1er juin 2026",
}  # fmt: skip


@pytest.fixture(scope="module")
def blank(release: Release) -> bytes:
    return register_sheet_of(release, "94041")


@pytest.fixture
def book(blank: bytes) -> Workbook:
    book = load_workbook(BytesIO(blank))
    book[GUIDE]["C6"], book[GUIDE]["C7"] = date(2026, 3, 12), "Délibération du 12 mars 2026, point 8"
    return book


def _fill(book: Workbook, *operations: Mapping[str, Any]) -> Workbook:
    for number, values in enumerate(operations, start=FIRST_ROW):
        for name, value in values.items():
            book[TAB].cell(number, NEW_OPERATIONS.index(name) + 1).value = value
    return book


def _take(book: Workbook, ledger: Path, catalogue: Catalogue) -> Intake:
    path = ledger.parent / "registres.xlsx"
    book.save(path)
    return take_city_programmes(path, "94041", ledger, catalogue, TODAY)


def _refused(book: Workbook, ledger: Path, catalogue: Catalogue) -> list[tuple[str, str]]:
    before = (ledger / "94041" / "programmes.csv").read_bytes()
    with pytest.raises(FaultySheetError) as caught:
        _take(book, ledger, catalogue)
    assert (ledger / "94041" / "programmes.csv").read_bytes() == before
    return [(fault.cell, fault.problem) for fault in caught.value.faults]


def test_operations_go_into_the_ledger_and_into_a_release(
    book: Workbook, own_ledger: Path, catalogue: Catalogue
) -> None:
    file = own_ledger / "94041" / "programmes.csv"
    before = file.read_text(encoding="utf-8")
    intake = _take(_fill(book, SQUARE, HOMES), own_ledger, catalogue)
    assert (intake.new_operations, intake.known) == (2, 0)
    assert file.read_text(encoding="utf-8").startswith(before)
    *_, (_, tables) = build_tables(catalogue, read_ledger(own_ledger))
    rows = tables["programmes"].set_index("programme_id")
    square, homes = rows.loc["ivry-square-de-l-essai"], rows.loc["ivry-ilot-des-essais"]
    assert (square["kind"], square["theme"], square["district"]) == ("green_space", "green_space", "94041-ivry-port")
    assert (square["end"], square["end_kind"], square["status"]) == ("2028-09", "opening", "planned")
    assert (square["area_m2"], square["as_of"], square["source"]) == (1850.5, "2026-03-12", "city-operations")
    assert square["source_detail"] == "Délibération du 12 mars 2026, point 8"
    assert square["note_en"] == "In the city’s words: Sur l’ancien parking."
    assert (homes["ref_area"], homes["start"], homes["start_kind"]) == ("94041-op-gagarine-truillot", "2026", "works")
    assert (homes["dwellings_total"], homes["dwellings_social_share"], homes["as_of"]) == (120, 0.35, "2026-06-01")
    source = tables["sources"].set_index("source").loc["city-operations"]
    assert (source["kind"], source["dataset"]) == ("municipal_record", "city_sheet")


def test_the_same_workbook_twice_changes_nothing(book: Workbook, own_ledger: Path, catalogue: Catalogue) -> None:
    _take(_fill(book, SQUARE), own_ledger, catalogue)
    before = (own_ledger / "94041" / "programmes.csv").read_bytes()
    again = _take(book, own_ledger, catalogue)
    assert (again.new_operations, again.known, again.files) == (0, 1, ())
    assert (own_ledger / "94041" / "programmes.csv").read_bytes() == before


def test_a_blank_workbook_takes_nothing(book: Workbook, own_ledger: Path, catalogue: Catalogue) -> None:
    assert _take(book, own_ledger, catalogue) == Intake(0, 0, 0, 0, (), 0)


@pytest.mark.parametrize(
    ("change", "cell", "problem"),
    [
        ({"operation_kind": "château"}, "B5", "not a word of the list"),
        ({"operation_place": "Paris"}, "C5", "not a word of the list"),
        ({"operation_status": None}, "D5", "missing beside the rest"),
        ({"operation_phase": None}, "E5", "missing beside the rest"),
        ({"operation_year": None}, "F5", "missing beside the rest"),
        ({"operation_day": 31, "operation_month": 9}, "H5", "no such day"),
        ({"operation_area_m2": "1850 m²"}, "K5", "text in a number cell"),
        ({"operation_area_m2": "=1+1"}, "K5", "a formula"),
        ({"operation_social_share": 120}, "J5", "not between"),
        ({"as_of": date(2027, 1, 1)}, "L5", "after today"),
        ({"operation_name": "=Square"}, "A5", "a formula"),
    ],
)
def test_a_cell_that_does_not_fit_stops_all_of_it(
    book: Workbook, own_ledger: Path, catalogue: Catalogue, change: dict[str, Any], cell: str, problem: str
) -> None:
    found = _refused(_fill(book, SQUARE | change, HOMES), own_ledger, catalogue)
    assert [place for place, words in found if problem in words] == [cell]


def test_without_a_date_and_a_document_nothing_is_taken(book: Workbook, own_ledger: Path, catalogue: Catalogue) -> None:
    book[GUIDE]["C6"], book[GUIDE]["C7"] = None, None
    assert {cell for cell, _ in _refused(_fill(book, SQUARE), own_ledger, catalogue)} == {"L5", "M5"}


def test_a_known_operation_is_sent_to_the_gap_sheet(book: Workbook, own_ledger: Path, catalogue: Catalogue) -> None:
    known = SQUARE | {"operation_name": "Square Prudon"}
    ((cell, problem),) = _refused(_fill(book, known), own_ledger, catalogue)
    assert (cell, problem) == ("A5", "'Square Prudon' is known already (ivry-square-prudon)")


def test_one_name_for_two_operations_is_refused(book: Workbook, own_ledger: Path, catalogue: Catalogue) -> None:
    other = SQUARE | {"operation_place": "Petit-Ivry"}
    ((cell, _),) = _refused(_fill(book, SQUARE, other), own_ledger, catalogue)
    assert cell == "A6"


def test_what_names_a_person_or_another_commune_is_refused(
    book: Workbook, own_ledger: Path, catalogue: Catalogue
) -> None:
    _fill(book, SQUARE | {"remark": "voir untel@example.fr"})
    with pytest.raises(UnreadableFileError, match="N5: a mail address"):
        _take(book, own_ledger, catalogue)
    book[TAB]["N5"] = None
    book["modele"]["B2"] = "94081"
    with pytest.raises(UnreadableFileError, match="written for commune 94081"):
        _take(book, own_ledger, catalogue)


def test_the_blank_workbook_repeats_to_the_byte_and_knows_its_commune(release: Release, blank: bytes) -> None:
    assert register_sheet_of(release, "94041") == blank
    book = load_workbook(BytesIO(blank))
    assert book.sheetnames == [GUIDE, TAB, "Espaces verts", "Équipements vélo", "Locaux", "modele"]
    assert book["modele"].sheet_state == "hidden"
    with pytest.raises(UnknownAreaError, match="99999"):
        register_sheet_of(release, "99999")
