"""Delimited text: what is read is what the file says; what cannot be read is named with its line."""

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import UnreadableFileError
from etl.intake import Extracted, Rejection
from etl.reading import delimited
from etl.reading.delimited import Layout, read_delimited
from tests.etl.connectors.mutating import steady

LAYOUT = Layout(("code", "total"), (",",))
HEADER = "code,name,total\r\n"
ROWS = HEADER + "01004,Ambérieu-en-Bugey,1592\r\n94041,Ivry,11948\r\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "table.csv"


def _read(path: Path, text: str | bytes, layout: Layout = LAYOUT) -> Extracted:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_delimited(path, layout)


def _rows(extracted: Extracted) -> list[tuple[str, ...]]:
    return list(extracted.frame.itertuples(index=False, name=None))


GOOD = [("01004", "Ambérieu-en-Bugey", "1592", 2), ("94041", "Ivry", "11948", 3)]


@pytest.mark.parametrize(
    "data",
    [ROWS.encode(), b"\xef\xbb\xbf" + ROWS.encode(), ROWS.replace("\r\n", "\n").encode(),
     ROWS.replace("\r\n", "\r").encode(), ROWS.removesuffix("\r\n").encode(),
     ROWS.replace("01004", '"01004"').replace("code", '"code"').encode()],
    ids=["crlf", "mark", "lf", "cr", "no line break at the end", "quoted"],
)  # fmt: skip
def test_the_same_table_however_it_is_written(file: Path, data: bytes) -> None:
    extracted = _read(file, data)
    assert _rows(extracted) == GOOD
    assert extracted.frame.columns.tolist() == ["code", "name", "total", "line"]
    assert (extracted.read, extracted.rejected) == (2, ())


def test_cells_stay_text(file: Path) -> None:
    extracted = _read(file, HEADER + "01004,NA,\r\nNaN,\u00a0x\u202f,007\r\n")
    assert _rows(extracted) == [("01004", "NA", "", 2), ("NaN", "\u00a0x\u202f", "007", 3)]


def test_empty_lines_are_no_rows_and_count_as_lines(file: Path) -> None:
    extracted = _read(file, "\n" + HEADER + "\r\n1,a,2\r\n  \r\n\r\n3,b,4\r\n\r\n")
    assert _rows(extracted) == [("1", "a", "2", 4), ("3", "b", "4", 7)]
    assert extracted.read == 2


def test_a_quoted_cell_may_hold_separators_quotes_and_line_breaks(file: Path) -> None:
    extracted = _read(file, HEADER + '1,"a, ""b""",2\n3,"c\nd",4\n5,e,6\n')
    assert _rows(extracted) == [("1", 'a, "b"', "2", 2), ("3", "c\nd", "4", 3), ("5", "e", "6", 5)]


def test_an_unclosed_quote_costs_one_row(file: Path) -> None:
    extracted = _read(file, HEADER + '1,"a,2\n' + "3,b,4\n" * 50)
    assert extracted.rejected == (Rejection("table.csv", 2, "", '1,"a,2', "bad_quoting"),)
    assert len(extracted.frame) == 50


def test_columns_are_found_in_any_case_and_order(file: Path) -> None:
    extracted = _read(file, " TOTAL ,line,Code\n2,x,1\n")
    assert extracted.frame.columns.tolist() == ["total", "line (column 2)", "code", "line"]
    assert _rows(extracted) == [("2", "x", "1", 2)]


def test_rows_with_other_cell_counts_are_rejected_at_their_line(file: Path) -> None:
    extracted = _read(file, ROWS + "94022,Choisy\r\n94074,Valenton,1,2\r\n94081,Vitry,5\r\n")
    assert [(one.line, one.reason) for one in extracted.rejected] == [(4, "wrong_cell_count"), (5, "wrong_cell_count")]
    assert extracted.rejected[0].value == "94022,Choisy"
    assert (len(extracted.frame), extracted.read) == (3, 5)


def test_a_cut_last_line_is_rejected(file: Path) -> None:
    extracted = _read(file, ROWS + "94081,Vit")
    assert [(one.line, one.reason) for one in extracted.rejected] == [(4, "wrong_cell_count")]


def test_the_header_again_is_rejected_even_with_a_mark(file: Path) -> None:
    extracted = _read(file, ROWS + "\ufeff" + ROWS)
    assert extracted.rejected == (Rejection("table.csv", 4, "code", "code", "repeated_header"),)
    assert [row[-1] for row in _rows(extracted)] == [2, 3, 5, 6]


def test_a_damaged_line_of_a_utf8_file_is_rejected(file: Path) -> None:
    extracted = _read(file, ROWS.encode() + "26362,Sa\xefx,1\r\n".encode("latin-1"))
    assert [(one.line, one.reason) for one in extracted.rejected] == [(4, "not_utf8")]
    assert _rows(extracted) == GOOD


def test_windows_1252_is_read_only_where_it_is_allowed(file: Path) -> None:
    data = ROWS.encode("cp1252")
    with pytest.raises(UnreadableFileError, match=r"not in UTF-8 \(first at line 2"):
        _read(file, data)
    assert _rows(_read(file, data, Layout(LAYOUT.columns, (",",), ("cp1252",)))) == GOOD


@pytest.mark.parametrize(
    ("data", "said"),
    [(b"", "empty"), (b"\xef\xbb\xbf \r\n", "empty"), (ROWS.encode("utf-16"), "UTF-16"),
     (ROWS.encode("utf-16-le"), "null bytes"), (b"PK\x03\x04rest", "workbook"), (b"<!DOCTYPE html>", "web page"),
     (ROWS.replace(",", ";").encode(), "semicolon, where the publisher's file has comma"),
     (ROWS.replace("total", "totl").encode(), r"no column total \(nearest to total: totl\)"),
     (b"94041,Ivry,3\n", "no column code, total"), (b'"code,name,total\n', "quotes of the header"),
     (b"code,total,Code\n1,2,3\n", "column code twice")],
)  # fmt: skip
def test_another_file_than_the_publishers_is_refused(file: Path, data: bytes, said: str) -> None:
    with pytest.raises(UnreadableFileError, match=f"table.csv.*{said}"):
        _read(file, data)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match=r"none\.csv cannot be read"):
        read_delimited(tmp_path / "none.csv", LAYOUT)


TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters='"'), max_size=5)


@steady
@given(rows=st.lists(st.tuples(TEXT, TEXT, TEXT), min_size=1, max_size=8), blank=st.integers(0, 3))
def test_quick_and_slow_reading_agree(rows: list[tuple[str, str, str]], blank: int) -> None:
    cells = [[cell if "," not in cell else f'"{cell}"' for cell in row] for row in rows]
    data = "\n".join(["code,name,total", *[",".join(row) for row in cells], *[""] * blank]).encode()
    quick = delimited._quick(data, ",", 3, [0, 1, 2])
    slow, rejected = delimited._slow("table.csv", data, ",", 3)
    assert quick is not None
    assert not rejected
    pd.testing.assert_frame_equal(quick, slow)
    assert slow.iloc[1:, :3].to_numpy().tolist() == [list(row) for row in rows]
