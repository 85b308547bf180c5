"""Registers read in blocks: the same as read at once, however the blocks fall."""

import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import UnreadableFileError
from etl.reading import registers
from etl.reading.delimited import Layout, parse_delimited
from etl.reading.registers import Register, read_register
from tests.etl.connectors.mutating import FILES, damaged, steady

PERMITS = (FILES / "sitadel-permis-logements-2026-06.csv").read_bytes()
REGISTER = Register(("COMM", "NUM_DAU"), ("AN_DEPOT", "NOT_THERE"), ";")
SMALL = Register(("code", "value"), (), ";")
NARROW = b"code;name;value\n" + b"".join(f'{n:05d};"é; {n}";{n}\n'.encode() for n in range(40))


def _rows(path: Path, register: Register, block_bytes: int) -> list[list[object]]:
    return read_register(path, register, block_bytes=block_bytes).frame.to_numpy().tolist()


@pytest.mark.parametrize("block_bytes", [300, 1000, 1 << 20])
def test_blocks_of_any_size_give_the_same_rows_and_lines(tmp_path: Path, block_bytes: int) -> None:
    path = tmp_path / "permits.csv"
    path.write_bytes(PERMITS)
    found = read_register(path, REGISTER, block_bytes=block_bytes)
    whole = parse_delimited(PERMITS, path.name, Layout(("COMM", "NUM_DAU", "AN_DEPOT"), (";",)))
    assert found.frame.to_numpy().tolist() == whole.frame[["COMM", "NUM_DAU", "AN_DEPOT", "line"]].to_numpy().tolist()
    assert found.read == 13


def test_names_and_addresses_are_not_kept(tmp_path: Path) -> None:
    path = tmp_path / "permits.csv"
    path.write_bytes(PERMITS.replace(b'"84"', b'"84', 1))
    found = read_register(path, REGISTER)
    assert list(found.frame.columns) == ["COMM", "NUM_DAU", "AN_DEPOT", "line"]
    assert [(one.line, one.reason, one.value) for one in found.rejected] == [(2, "bad_quoting", "")]


def test_a_line_break_inside_quotes_is_no_end_of_a_row(tmp_path: Path) -> None:
    path = tmp_path / "register.csv"
    path.write_bytes(b"code;value\n" + b"".join(b'%d;"a\nb"\n' % number for number in range(60)))
    for block_bytes in (16, 333, 1 << 20):
        rows = _rows(path, SMALL, block_bytes)
        assert rows == [[str(number), "a\nb", 2 + 2 * number] for number in range(60)]


@pytest.mark.parametrize("line_break", [b"\r\n", b"\n", b"\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_lines_are_those_of_the_file(tmp_path: Path, line_break: bytes, mark: bytes) -> None:
    path = tmp_path / "register.csv"
    path.write_bytes(mark + line_break.join([b"code;value", *(b"%d;x" % number for number in range(100)), b""]))
    assert _rows(path, SMALL, 150) == [[str(number), "x", number + 2] for number in range(100)]


def test_descriptions_above_the_header_are_no_rows(tmp_path: Path) -> None:
    path = tmp_path / "register.csv"
    path.write_bytes('Code de la commune;"Valeur (unité)"\ncode;value\n94041;é\n'.encode())
    assert _rows(path, SMALL, 1 << 20) == [["94041", "é", 3]]
    assert _rows(path, SMALL, 60) == [["94041", "é", 3]]


def test_a_damaged_line_far_from_the_header_is_rejected_alone(tmp_path: Path) -> None:
    path = tmp_path / "register.csv"
    rows = [b"%d;\xc3\xa9" % number for number in range(100)]
    rows[80] = b"80;\xe9"
    path.write_bytes(b"\n".join([b"code;value", *rows, b""]))
    found = read_register(path, SMALL, block_bytes=64)
    assert [(one.line, one.reason, one.value) for one in found.rejected] == [(82, "not_utf8", "")]
    assert (len(found.frame), found.read) == (99, 100)


def test_the_one_table_of_an_archive_is_read(tmp_path: Path) -> None:
    path, bare = tmp_path / "register.zip", tmp_path / "register.csv"
    bare.write_bytes(PERMITS)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a/permits.CSV", PERMITS)
        archive.writestr("a/varmod.txt", "code;label")
    assert _rows(path, REGISTER, 500) == _rows(bare, REGISTER, 1 << 20)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("other.csv", PERMITS)
    with pytest.raises(UnreadableFileError, match="several files"):
        read_register(path, REGISTER)


def test_what_is_too_large_is_refused_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registers, "LARGEST_BYTES", 1000)
    path, packed = tmp_path / "register.csv", tmp_path / "register.zip"
    path.write_bytes(PERMITS)
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("permits.csv", PERMITS)
    for one in (path, packed):
        with pytest.raises(UnreadableFileError, match=f"{one.name}.*more than 1000"):
            read_register(one, REGISTER)


@pytest.mark.parametrize(
    ("data", "said"),
    [(b"", "empty"), (b"%PDF-1.4", "PDF"), (b"PK\x03\x04rest", "no archive"), (b"code,value\n1,2\n", "with comma"),
     (b"code;amount\n1;2\n", "no column value"), (b"code;value;VALUE\n1;2;3\n", "twice"),
     ("codé;value;code\né;1;2\n".encode("cp1252"), "UTF-8")],
)  # fmt: skip
def test_what_is_no_register_is_refused(tmp_path: Path, data: bytes, said: str) -> None:
    path = tmp_path / "register.csv"
    path.write_bytes(data)
    with pytest.raises(UnreadableFileError, match=said):
        read_register(path, SMALL)
    with pytest.raises(UnreadableFileError, match="cannot be read"):
        read_register(tmp_path / "absent.csv", SMALL)


@settings(steady, max_examples=200)
@given(data=damaged(NARROW, ";"), block_bytes=st.integers(40, 900))
def test_a_damaged_file_read_in_blocks_loses_no_row(tmp_path: Path, data: bytes, block_bytes: int) -> None:
    path = tmp_path / "permits.csv"
    path.write_bytes(data)
    try:
        found = read_register(path, SMALL, block_bytes=block_bytes)
    except UnreadableFileError:
        return
    lines = [*found.frame["line"], *(one.line for one in found.rejected)]
    assert len(lines) == len(set(lines)) == found.read
    assert all(one.value == "" or one.reason == "repeated_header" for one in found.rejected)
