"""Reading a filled-in gap sheet: cells, columns, tabs and files that do not fit are told with their place."""

import zipfile
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from data.errors import UnreadableSheetError
from etl.city_sheet import workbook
from etl.city_sheet.answers import Read, read_answers
from etl.city_sheet.template import Expected
from etl.city_sheet.workbook import open_workbook
from tests.etl.filling import DAY, GUIDE, put, sign, tab

PRUDON, TZEN, AGROCITE = "ivry-square-prudon", "ivry-tzen-5", "ivry-agrocite-gagarine-truillot"
RESIDENCE = "ivry-student-residence-gt"


def _read(book: Workbook, expected: Expected) -> Read:
    """Read a workbook as it would be read from a file."""
    content = BytesIO()
    book.save(content)
    return read_answers(load_workbook(content), "manques.xlsx", expected)


@pytest.fixture
def book(blank: Path) -> Workbook:
    """Return a signed sheet that a test may fill in."""
    found = load_workbook(blank)
    sign(found)
    return found


UNFIT: list[tuple[str, str, str, Any, str]] = [
    ("housing", AGROCITE, "dwellings_delivered", "400", "text in a number cell"),
    ("housing", AGROCITE, "dwellings_delivered", "env. 400", "text in a number cell"),
    ("housing", AGROCITE, "dwellings_delivered", "=200+200", "a formula"),
    ("housing", AGROCITE, "dwellings_delivered", "#REF!", "an error"),
    ("housing", AGROCITE, "dwellings_delivered", True, "not a number"),
    ("housing", AGROCITE, "dwellings_delivered", 12.5, "not a whole number"),
    ("housing", AGROCITE, "dwellings_delivered", -1, "not between 0 and 100000"),
    ("housing", AGROCITE, "social_share_percent", 130, "not between 0 and 100"),
    ("housing", AGROCITE, "dwellings_delivered", date(2026, 1, 1), "a date in a number cell"),
    ("dates", PRUDON, "year", 19, "not between 1980 and 2100"),
    ("dates", PRUDON, "month", 13, "not between 1 and 12"),
    ("dates", PRUDON, "phase", "inauguration", "not a word of the list"),
    ("dates", PRUDON, "state", 1, "not a word of the list"),
    ("dates", PRUDON, "as_of", "12/03/2026", "a date typed as text"),
    # A year alone is a day of 1905 where a date is wanted.
    ("dates", PRUDON, "as_of", 2026, "before 1990-01-01"),
    ("dates", PRUDON, "as_of", date(2026, 11, 24), "after today (2026-11-23)"),
    ("dates", PRUDON, "reference", 2026, "a number or date in a text cell"),
    ("dates", PRUDON, "reference", "voir a.b@ville.example", "a mail address or telephone number"),
    ("dates", PRUDON, "remark", "appeler le 01 23 45 67 89", "a mail address or telephone number"),
    ("dates", PRUDON, "remark", "x" * 501, "longer than 500 characters"),
    ("positions", PRUDON, "longitude", "2,4005", "text in a number cell"),
    ("positions", PRUDON, "latitude", 4881, "not between -90 and 90"),
    ("other_dates", "", "chosen_name", "Square Prudhon", "not a word of the list"),
]


@pytest.mark.parametrize(("name", "programme", "column", "value", "problem"), UNFIT, ids=[str(u[2:4]) for u in UNFIT])
def test_a_cell_that_does_not_fit_is_told_with_its_place(
    book: Workbook, expected: Expected, name: str, programme: str, column: str, value: object, problem: str
) -> None:
    place = put(book, name, programme, **{column: value})[column]
    read = _read(book, expected)
    (fault,) = read.faults
    assert (fault.tab, fault.cell) == (tab(book, name).title, place)
    assert fault.problem.startswith(problem)
    assert fault.remedy
    assert read.answers == []


def test_an_unfit_date_on_the_first_tab_is_told_once(book: Workbook, expected: Expected) -> None:
    book[GUIDE]["C6"] = "mars 2026"
    put(book, "housing", AGROCITE, dwellings_delivered=400)
    read = _read(book, expected)
    assert [(fault.tab, fault.cell, fault.problem) for fault in read.faults] == [(GUIDE, "C6", "a date typed as text")]
    assert read.answers == []


def test_an_answer_without_its_source_is_told(book: Workbook, expected: Expected) -> None:
    book[GUIDE]["C6"] = book[GUIDE]["C7"] = None
    places = put(book, "housing", AGROCITE, dwellings_delivered=400, as_of=DAY)
    row = int(places["as_of"][1:])
    assert [(fault.cell, fault.problem) for fault in _read(book, expected).faults] == [
        (f"L{row}", "missing beside an answer")
    ]


def test_a_remark_without_an_answer_is_told_and_a_source_without_one_is_not(book: Workbook, expected: Expected) -> None:
    put(book, "housing", RESIDENCE, as_of=DAY, reference="Suivi")
    place = put(book, "housing", AGROCITE, remark="à voir")["remark"]
    assert [(fault.cell, fault.problem) for fault in _read(book, expected).faults] == [
        (place, "a remark without an answer")
    ]


def test_blanks_are_no_answer(book: Workbook, expected: Expected) -> None:
    put(book, "housing", AGROCITE, dwellings_delivered="  ", remark=" ")
    read = _read(book, expected)
    assert (read.answers, read.faults) == ([], [])


def _move_column(book: Workbook) -> None:
    tab(book, "housing").move_range("H1:H13", cols=10)


def _remove_column(book: Workbook) -> None:
    tab(book, "housing").delete_cols(9)


def _merge(book: Workbook) -> None:
    tab(book, "housing").merge_cells("K5:K7")


def _remove_tab(book: Workbook) -> None:
    del book["Logements"]


def _add_tab(book: Workbook) -> None:
    book.create_sheet("Feuille1")["B2"] = "1430"


def _write_beside(book: Workbook) -> None:
    tab(book, "housing")["P6"] = "voir avec la SEM"


def _rename_programme(book: Workbook) -> None:
    tab(book, "housing")["A5"] = "ivry-agrocite"


def _swap_programme(book: Workbook) -> None:
    tab(book, "housing")["A5"] = TZEN


def _alter_text(book: Workbook) -> None:
    tab(book, "housing")["F5"] = "Bilan de mandat, 2025, ligne 10"


def _alter_known(book: Workbook) -> None:
    tab(book, "housing")["G5"] = "=1430"


def _drop_seal(book: Workbook) -> None:
    tab(book, "housing")["B5"] = None


def _other_commune(book: Workbook) -> None:
    book["modele"]["B2"] = "94081"


def _other_version(book: Workbook) -> None:
    book["modele"]["B1"] = "0"


def _too_many_rows(book: Workbook) -> None:
    tab(book, "housing")["C90000"] = "x"


ALTERED: list[tuple[Callable[[Workbook], None], set[tuple[str, str, str]]]] = [
    (_merge, {("Logements", "K5:K7", "merged cells")}),
    (_remove_tab, {("Logements", "A1", "the tab was removed or renamed")}),
    (_add_tab, {("Feuille1", "B2", "a tab that is not of the sheet")}),
    (_write_beside, {("Logements", "P6", "outside the table")}),
    (_rename_programme, {("Logements", "A5", "unknown programme"), ("Logements", "A5", "a locked cell was altered")}),
    (_swap_programme, {("Logements", "A5", "a locked cell was altered")}),
    (_alter_text, {("Logements", "F5", "a locked cell was altered")}),
    (_alter_known, {("Logements", "G5", "a locked cell was altered")}),
    (_drop_seal, {("Logements", "B5", "the row was altered")}),
    (_other_commune, {("modele", "B2", "a sheet of another commune than 94041")}),
    (_other_version, {("modele", "B1", "a sheet of another version than 1")}),
    (_too_many_rows, {("Logements", "A90000", "more than a gap sheet has")}),
    (_move_column, {("Logements", "H2", "here stood the column 'dwellings_total', moved or removed since")}),
    (
        _remove_column,
        {
            ("Logements", f"{place}2", f"here stood the column '{name}', moved or removed since")
            for place, name in zip(
                "IJKLM", ("dwellings_delivered", "social_share_percent", "as_of", "reference", "remark"), strict=True
            )
        },
    ),
]


@pytest.mark.parametrize(("alter", "told"), ALTERED, ids=[alter.__name__ for alter, _ in ALTERED])
def test_an_altered_sheet_is_told_where(
    book: Workbook, expected: Expected, alter: Callable[[Workbook], None], told: set[tuple[str, str, str]]
) -> None:
    alter(book)
    assert {(fault.tab, fault.cell, fault.problem) for fault in _read(book, expected).faults} == told


def _bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * (workbook.MAXIMUM_UNPACKED_BYTES + 1))


def _entities(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')


def _not_a_workbook(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("content.xml", "<office/>")


def _cut_short(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook>")


def _too_large(path: Path) -> None:
    path.write_bytes(b"PK\x03\x04" + b"0" * workbook.MAXIMUM_BYTES)


def _other_workbook(path: Path) -> None:
    Workbook().save(path)


UNREADABLE: list[tuple[Callable[[Path], Any], str]] = [
    (lambda path: path.write_text("programme;année\nsquare;2019\n", encoding="utf-8"), "is not an Excel workbook"),
    (lambda path: path.write_bytes(b""), "is not an Excel workbook"),
    (_not_a_workbook, "is not an Excel workbook"),
    (_bomb, "unpacks to more"),
    (_entities, "defines entities"),
    (_cut_short, "cannot be read"),
    (_too_large, "is larger than 5 MB"),
    (_other_workbook, "is not a gap sheet"),
]


@pytest.mark.parametrize(("make", "words"), UNREADABLE, ids=[words for _, words in UNREADABLE])
def test_a_file_that_is_no_gap_sheet_is_refused_by_name(
    expected: Expected, tmp_path: Path, make: Callable[[Path], Any], words: str
) -> None:
    path = tmp_path / "manques.xlsx"
    make(path)
    with pytest.raises(UnreadableSheetError, match=f"manques.xlsx.*{words}"):
        read_answers(open_workbook(path), path.name, expected)
