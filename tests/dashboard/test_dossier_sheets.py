"""The tables of a briefing file as a workbook, opened with another library: numbers as numbers, words as words."""

import io
import re

import pytest
from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from dashboard.content.pieces import Column
from dashboard.dossier.blocks import Document, Grid, GridGroup, Said, Section
from dashboard.dossier.draft import Draft, DraftError, from_preset, presets
from dashboard.dossier.making import Ready, prepare, write
from dashboard.dossier.numbers import FILE_NAME, NumberList, from_json
from dashboard.dossier.sheets import numbers_of, tables_of, to_xlsx
from dashboard.spreadsheet import FIRST_ROW, LONGEST_NAME, Cell, cell_of
from dashboard.view import View, district_slugs

NARROW, NO_BREAK = "\u202f", "\u00a0"


@pytest.fixture(scope="module")
def ready(city: View) -> Ready:
    slugs = tuple(district_slugs(city.release, city.commune))
    return prepare(city, from_preset(presets()["conference-climat"], city.commune, slugs, "fr", "Conférence climat"))


@pytest.fixture(scope="module")
def book(ready: Ready) -> Workbook:
    return load_workbook(io.BytesIO(write(ready, "xlsx")))


@pytest.mark.parametrize(
    ("words", "numeric", "cell"),
    [
        (f"65{NARROW}064", True, Cell(65064.0, "#,##0")),
        (f"44,2{NO_BREAK}%", True, Cell(44.2, f'#,##0.0"{NO_BREAK}%"')),
        (f"1{NARROW}299{NO_BREAK}logements", False, Cell(1299.0, f'#,##0"{NO_BREAK}logements"')),
        (f"−3,5{NO_BREAK}%", True, Cell(-3.5, f'#,##0.0"{NO_BREAK}%"')),
        ("+10", True, Cell(10.0, '"+"#,##0')),
        ("2023", True, Cell(2023.0, "0")),
        # words that qualify, dates and years outside columns of numbers stay words
        ("2023", False, Cell("2023")),
        ("12", False, Cell("12")),
        (f"plus de 10{NO_BREAK}ha", True, Cell(f"plus de 10{NO_BREAK}ha")),
        (f"de 0 à 8{NARROW}552", True, Cell(f"de 0 à 8{NARROW}552")),
        ("données manquantes", True, Cell("données manquantes")),
        ("1er janvier 2024", True, Cell("1er janvier 2024")),
        ("=1+1", True, Cell("=1+1")),
        ("-", True, Cell("-")),
        ("", True, Cell("")),
    ],
)
def test_a_cell_is_a_number_only_where_it_is_one(words: str, numeric: bool, cell: Cell) -> None:
    assert cell_of(words, numeric) == cell


def _shown(value: object, number_format: str) -> str:
    """Return what a spreadsheet in French shows of a cell."""
    if not isinstance(value, int | float):
        return str(value or "")
    sign = re.match(r'"(\+)"', number_format)
    found = re.fullmatch(r'(?:"\+")?(#,##0|0)(\.0+)?(?:"(.*)")?', number_format, re.DOTALL)
    assert found, number_format
    decimals = len(found[2] or ".") - 1
    text = f"{abs(value):,.{decimals}f}" if found[1] == "#,##0" else f"{abs(value):.{decimals}f}"
    text = text.replace(",", NARROW).replace(".", ",")
    return (sign[1] if sign else "−" if value < 0 else "") + text + (found[3] or "")


def test_every_table_equals_the_document_cell_by_cell(ready: Ready, book: Workbook) -> None:
    tables = list(tables_of(ready.composed.document))
    sheets = book.sheetnames[1 : len(tables) + 1]
    typed = 0
    for name, (place, _, grid) in zip(sheets, tables, strict=True):
        assert name.startswith(f"{place} ") or name == place
        sheet, extra = book[name], int(any(group.title for group in grid.groups))
        rows = list(sheet.iter_rows(min_row=FIRST_ROW + 2, max_row=FIRST_ROW + 1 + len(grid.rows)))
        shown = [tuple(_shown(cell.value, cell.number_format) for cell in row[extra:]) for row in rows]
        assert shown == list(grid.rows), name
        typed += sum(isinstance(cell.value, int | float) for row in rows for cell in row)
    assert typed > 100


def test_the_first_sheet_lists_every_table_with_its_sources(ready: Ready, book: Workbook) -> None:
    words = [cell.value for row in book["Lisez-moi"].iter_rows() for cell in row if cell.value]
    for _, section, grid in tables_of(ready.composed.document):
        assert grid.title.text[:250] in words
        assert section.name in words
    assert ready.composed.document.title in words


def test_names_of_sheets_are_ones_a_spreadsheet_takes(book: Workbook) -> None:
    names = book.sheetnames
    assert len({name.lower() for name in names}) == len(names)
    assert all(len(name) <= LONGEST_NAME and not set("[]:*?/\\") & set(name) for name in names)


def test_every_printed_number_is_listed(ready: Ready, book: Workbook) -> None:
    rows = list(book["Tous les nombres"].iter_rows(min_row=2, values_only=True))
    assert [row[:3] for row in rows] == [(one.section, one.place, one.text) for one in ready.numbers.entries]


def test_the_list_travels_inside_out_of_sight(ready: Ready, book: Workbook) -> None:
    content = write(ready, "xlsx")
    assert from_json(numbers_of(content)) == ready.numbers
    assert book[FILE_NAME].sheet_state == "veryHidden"
    with pytest.raises(DraftError, match="no workbook"):
        numbers_of(b"no workbook")


def test_nothing_is_a_formula_and_the_same_draft_gives_the_same_bytes(ready: Ready) -> None:
    content = write(ready, "xlsx")
    assert content == write(ready, "xlsx")
    book = load_workbook(io.BytesIO(content))
    assert [
        cell.coordinate for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"
    ] == []


def test_words_that_look_like_formulas_stay_words(city: View) -> None:
    odd = ('=HYPERLINK("x")', "@SUM(1)", "+1-2", "x" * 40_000)
    grid = Grid(Said("T"), tuple(Column(str(place), f"C{place}") for place in range(4)), (GridGroup("", (odd,)),))
    section = Section("1", "S", "housing", Said("Phrase."), (grid,))
    document = Document("Titre", "", "fr", "a" * 16, (), (section,), ())
    numbers = NumberList(Draft(commune="94041"), "a" * 16, city.today, ())
    book = load_workbook(io.BytesIO(to_xlsx(document, "Ville", city.today, numbers)))
    row = list(book[book.sheetnames[1]][FIRST_ROW + 2])
    assert [cell.value for cell in row[:3]] == list(odd[:3])
    assert {cell.data_type for cell in row} == {"s"}
    assert row[3].value == "x" * 32_000
