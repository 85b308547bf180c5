"""Sheets of workbooks: cells as text, faithfully; formulas are rejected, bombs and damage refused."""

import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from data.errors import UnreadableFileError
from etl.intake import Extracted
from etl.reading.workbooks import read_sheet, text_of
from tests.etl.connectors.mutating import steady

WANTED = ("code", "total")
ROWS: list[list[Any]] = [["Code", "Nom", "TOTAL"], ["01004", "Ambérieu", 1592], ["94041", "Ivry", 11948.5]]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "table.xlsx"


def _write(path: Path, **sheets: list[list[Any]]) -> Path:
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def _rows(extracted: Extracted) -> list[tuple[Any, ...]]:
    return list(extracted.frame.itertuples(index=False, name=None))


def _changed(path: Path, part: str, change: Any) -> Path:
    """Write a workbook again with one part changed."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[part] = change(parts.get(part, b""))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return path


def test_cells_are_text_rows_keep_their_numbers(file: Path) -> None:
    extracted = read_sheet(_write(file, Données=ROWS), WANTED)
    assert extracted.file == "table.xlsx"
    assert extracted.frame.columns.tolist() == ["code", "Nom", "total", "line"]
    assert _rows(extracted) == [("01004", "Ambérieu", "1592", 2), ("94041", "Ivry", "11948.5", 3)]
    assert extracted.read == 2


def test_titles_above_and_empty_rows_between_are_no_rows(file: Path) -> None:
    rows = [["Parc locatif social"], [], ["Source : SDES"], *ROWS[:2], [], [None, None], ROWS[2]]
    assert [row[-1] for row in _rows(read_sheet(_write(file, a=rows), WANTED))] == [5, 8]


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, ""), (1, "1"), (0.1 + 0.2, "0.3"), (12.0, "12"), (1e15, "1000000000000000"), (1e20, "1" + "0" * 20),
     (-0.5, "-0.5"), (True, "true"), (False, "false"), ("01004", "01004"), (" 1 ", " 1 "), ("1,5", "1,5"),
     (date(2024, 12, 31), "2024-12-31"), (datetime(2024, 12, 31), "2024-12-31"),
     (datetime(2024, 12, 31, 8, 30), "2024-12-31T08:30:00")],
)  # fmt: skip
def test_what_a_cell_says(value: object, text: str) -> None:
    assert text_of(value) == text


def test_a_code_stored_as_a_number_is_as_it_is_shown(file: Path) -> None:
    book = Workbook()
    book.active.append(["code", "total"])
    book.active.append([1004, 1004])
    book.active["A2"].number_format = "00000"
    book.save(file)
    assert _rows(read_sheet(file, WANTED)) == [("01004", "1004", 2)]


def test_a_formula_is_rejected_by_its_cell(file: Path) -> None:
    rows = [*ROWS, ["94081", "=HYPERLINK(1)", 3], ["94003", "Arcueil", "=1+1"], ["94016", "Cachan", 5]]
    extracted = read_sheet(_write(file, a=rows), WANTED)
    assert [row[0] for row in _rows(extracted)] == ["01004", "94041", "94081", "94016"]
    assert [(one.line, one.column, one.value, one.reason) for one in extracted.rejected] == [
        (5, "total", "=1+1", "formula_in_cell")
    ]
    assert extracted.read == 5


def test_a_text_that_looks_like_a_formula_is_text(file: Path) -> None:
    book = Workbook()
    book.active.append(["code", "total"])
    book.active.append(["x", "x"])
    book.active["B2"].value = "=1+1"
    book.active["B2"].data_type = "s"
    book.save(file)
    assert _rows(read_sheet(file, WANTED)) == [("x", "=1+1", 2)]


def test_cells_beyond_the_header_are_rejected(file: Path) -> None:
    extracted = read_sheet(_write(file, a=[*ROWS, ["94016", "Cachan", 5, "6"]]), WANTED)
    assert [(one.line, one.value, one.reason) for one in extracted.rejected] == [(4, "6", "wrong_cell_count")]
    assert extracted.read == 3


def test_the_sheet_with_the_columns_is_read(file: Path) -> None:
    _write(file, Lisez_moi=[["À propos"], ["texte"]], Communes=ROWS, vide=[])
    assert read_sheet(file, WANTED).read == 2
    assert read_sheet(file, ("à propos",), "lisez_moi").read == 1


def test_of_two_sheets_one_is_named(file: Path) -> None:
    _write(file, Communes=ROWS, Départements=ROWS)
    with pytest.raises(
        UnreadableFileError, match="one sheet with the columns code, total; its sheets are Communes, Dépa"
    ):
        read_sheet(file, WANTED)
    assert read_sheet(file, WANTED, "communes").read == 2
    with pytest.raises(UnreadableFileError, match="does not have the sheet 'Régions'"):
        read_sheet(file, WANTED, "Régions")


def test_a_missing_column_is_named_with_the_nearest(file: Path) -> None:
    with pytest.raises(UnreadableFileError, match=r"no column totaux \(nearest to totaux: TOTAL\)"):
        read_sheet(_write(file, a=ROWS), ("code", "totaux"))


def test_a_column_twice_is_refused(file: Path) -> None:
    with pytest.raises(UnreadableFileError, match="the column code twice"):
        read_sheet(_write(file, a=[["code", "total", "Code"], ["1", 2, "3"]]), WANTED)


def test_an_empty_workbook_is_refused(file: Path) -> None:
    with pytest.raises(UnreadableFileError, match="does not have one sheet"):
        read_sheet(_write(file, a=[]), WANTED)


LAUGHS = (b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">'
          + b"".join(b'<!ENTITY lol%d "%s">' % (n, b"&lol%s;" % (b"" if n == 1 else b"%d" % (n - 1)) * 10)
                     for n in range(1, 10)) + b"]><worksheet>&lol9;</worksheet>")  # fmt: skip
EXTERNAL = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><worksheet>&x;</worksheet>'


@pytest.mark.parametrize(
    "part", ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml", "xl/styles.xml"]
)
@pytest.mark.parametrize(
    "bomb", [LAUGHS, EXTERNAL, EXTERNAL.decode().encode("utf-16"), EXTERNAL.replace(b"DOCTYPE", b"doctype")]
)
def test_entities_are_refused(file: Path, part: str, bomb: bytes) -> None:
    _changed(_write(file, a=ROWS), part, lambda data: bomb)
    with pytest.raises(UnreadableFileError, match=f"{part} defines entities"):
        read_sheet(file, WANTED)


def test_a_swelling_workbook_is_refused(file: Path) -> None:
    _changed(_write(file, a=ROWS), "xl/worksheets/sheet1.xml", lambda data: data + b" " * 30_000_000)
    with pytest.raises(UnreadableFileError, match="no honest file"):
        read_sheet(file, WANTED)


def test_a_row_beyond_the_last_is_refused(file: Path) -> None:
    _changed(_write(file, a=ROWS), "xl/worksheets/sheet1.xml", lambda data: data.replace(b'r="3"', b'r="99999999"'))
    with pytest.raises(UnreadableFileError, match="more than 1048576 rows"):
        read_sheet(file, WANTED)


@pytest.mark.parametrize("data", [b"", b"code;total\n1;2\n", b"\xd0\xcf\x11\xe0" + bytes(600), b"PK\x03\x04"])
def test_what_is_no_workbook_is_refused(file: Path, data: bytes) -> None:
    file.write_bytes(data)
    with pytest.raises(UnreadableFileError, match="no archive"):
        read_sheet(file, WANTED)


def test_another_archive_is_refused(file: Path) -> None:
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("content.xml", "<a/>")
    with pytest.raises(UnreadableFileError, match="no Excel workbook"):
        read_sheet(file, WANTED)


def test_every_cut_is_refused(file: Path) -> None:
    data = _write(file, a=ROWS).read_bytes()
    for length in range(0, len(data), 101):
        file.write_bytes(data[:length])
        with pytest.raises(UnreadableFileError):
            read_sheet(file, WANTED)


PIECES = (
    b"",
    b"<",
    b">",
    b"</row>",
    b"<row>",
    b'r="',
    b"0",
    b"-1",
    b"e999",
    b"&lt;",
    b"&x;",
    b"\xff",
    b"<f>1</f>",
    b'"',
)


@settings(steady, max_examples=120)
@given(
    part=st.sampled_from(["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml"]),
    place=st.integers(0, 3000), length=st.integers(0, 8), piece=st.sampled_from(PIECES) | st.binary(max_size=3),
)  # fmt: skip
def test_damage_is_refused_or_counted(
    tmp_path_factory: pytest.TempPathFactory, part: str, place: int, length: int, piece: bytes
) -> None:
    path = _write(tmp_path_factory.getbasetemp() / "damaged.xlsx", a=ROWS)
    _changed(path, part, lambda data: data[: place % len(data)] + piece + data[place % len(data) + length :])
    try:
        extracted = read_sheet(path, WANTED)
    except UnreadableFileError:
        return
    assert extracted.read == len(extracted.frame) + len(extracted.rejected)
    assert extracted.read <= 3
