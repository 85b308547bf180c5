"""Delimited text as its publisher wrote it: every cell text, every row with its line, what cannot be split rejected."""

import csv
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import compute
from pyarrow import csv as arrow_csv

from data.errors import UnreadableFileError
from etl.intake import Extracted, Rejection
from etl.reading.column_names import named_columns

_NEWLINE = re.compile(rb"\r\n|\n|\r")
_SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
_BOM = b"\xef\xbb\xbf"
# How files begin that are no delimited text, whatever their name says.
_STRANGERS = {
    b"PK\x03\x04": "a workbook or an archive",
    b"\xd0\xcf\x11\xe0": "an old workbook",
    b"%PDF": "a PDF",
    b"PAR1": "a Parquet file",
    b"\x1f\x8b": "a compressed file",
    b"\xff\xfe": "UTF-16 text",
    b"\xfe\xff": "UTF-16 text",
}
# A quoted cell may hold line breaks, but not this many: an unclosed quote would swallow the rest of the file.
_LONGEST_CELL_LINES = 20
_LONGEST_HEADER = 1 << 16
_SHOWN = 80


@dataclass(frozen=True)
class Layout:
    """What a publisher offers: columns that must be there (case and order free), separators, encodings.

    `encodings` is UTF-8 with or without byte order mark; "cp1252" (Windows-1252) is tried only where it is named.
    `is_all` : whether no other columns are kept.
    """

    columns: tuple[str, ...]
    separators: tuple[str, ...]
    encodings: tuple[str, ...] = ("utf-8",)
    is_all: bool = False


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UnreadableFileError(f"{path.name} cannot be read: {error.strerror}") from error


def _refuse_strangers(name: str, data: bytes) -> None:
    """Refuse what is no delimited text; `data` is without byte order mark."""
    for beginning, what in _STRANGERS.items():
        if data.startswith(beginning):
            raise UnreadableFileError(f"{name} is {what}, not delimited text: take the publisher's CSV file")
    if not data.strip():
        raise UnreadableFileError(f"{name} is empty: take it again from the publisher")
    if b"\0" in data:
        raise UnreadableFileError(f"{name} holds null bytes: it is not text in UTF-8; take the publisher's file")
    if data.lstrip()[:1] in (b"<", b"{", b"["):
        raise UnreadableFileError(f"{name} is a web page or JSON, not delimited text: take the publisher's CSV")


def _is_valid(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _in_utf8(name: str, data: bytes, begins_with_mark: bool, layout: Layout) -> bytes:
    """Return the text in UTF-8; a UTF-8 file with damaged lines is returned as it is.

    A file is UTF-8 with damage where it has the mark, or where other characters than ASCII are well written somewhere.
    """
    for encoding in ("utf-8", *layout.encodings):
        if _is_valid(data, encoding):
            return data if encoding == "utf-8" else data.decode(encoding).encode()
    lines = _NEWLINE.split(data)
    header_is_valid = _is_valid(_first_line(data), "utf-8")
    is_damaged = begins_with_mark or any(not line.isascii() and _is_valid(line, "utf-8") for line in lines)
    if header_is_valid and is_damaged:
        return data
    number = next(number for number, line in enumerate(lines, 1) if not _is_valid(line, "utf-8"))
    raise UnreadableFileError(
        f"{name} is not in UTF-8 (first at line {number}), probably Windows-1252: take the publisher's file untouched, "
        "or save it again as UTF-8"
    )


def _split(text: str, separator: str) -> list[str] | None:
    """Return the cells of a record, nothing where its quotes do not close or are misplaced."""
    try:
        rows = list(csv.reader([text], delimiter=separator, strict=True))
    except csv.Error:
        return None
    return rows[0] if rows else []


def _first_line(data: bytes) -> bytes:
    """Return the first line that holds anything."""
    at = len(data) - len(data.lstrip())
    start = max(data.rfind(b"\n", 0, at), data.rfind(b"\r", 0, at)) + 1
    return _NEWLINE.split(data[start : start + _LONGEST_HEADER], maxsplit=1)[0]


def _header(name: str, data: bytes, layout: Layout) -> tuple[list[str], str]:
    """Return the column names as the file writes them, and its separator."""
    text = _first_line(data).decode("utf-8")
    bare = re.sub(r'"[^"]*"', "", text)
    found = max(_SEPARATORS, key=bare.count)
    if bare.count(found) and found not in layout.separators:
        wanted = " or ".join(_SEPARATORS[one] for one in layout.separators)
        raise UnreadableFileError(
            f"{name} separates its cells with {_SEPARATORS[found]}, where the publisher's file has {wanted}: "
            "take that one untouched"
        )
    separator = found if bare.count(found) else layout.separators[0]
    cells = _split(text, separator)
    if cells is None:
        raise UnreadableFileError(f"{name}: the quotes of the header do not close: take the publisher's file again")
    return cells, separator


def _quick(data: bytes, separator: str, width: int, kept: list[int]) -> pd.DataFrame | None:
    """Return columns of rows of text, header first, where every record is one line of `width` cells; else nothing."""
    if data.count(b'"') % 2:
        return None
    names = [str(number) for number in range(width)]
    try:
        table = arrow_csv.read_csv(
            pa.BufferReader(data),
            read_options=arrow_csv.ReadOptions(column_names=names),
            parse_options=arrow_csv.ParseOptions(delimiter=separator),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.large_string()),
                strings_can_be_null=False,
                include_columns=[names[number] for number in kept],
            ),
        )
    except pa.ArrowInvalid:
        return None
    numbers = _line_numbers(data)
    # A cell over several lines makes fewer records than lines: those files are read record by record.
    if table.num_rows != len(numbers):
        return None
    frame = table.to_pandas()
    frame["line"] = numbers
    return frame


def _line_numbers(data: bytes) -> np.ndarray:
    """Return the numbers of the lines that hold anything."""
    returns = data.count(b"\r")
    breaks = data.count(b"\n") + (returns - data.count(b"\r\n") if returns else 0)
    empty = (b"\n\n", b"\n\r", b"\r\r") if returns else (b"\n\n",)
    if data[:1] not in (b"\n", b"\r") and not any(pair in data for pair in empty):
        return np.arange(1, breaks + 1 + (data[-1:] not in (b"\n", b"\r")))
    return np.array([number for number, line in enumerate(_NEWLINE.split(data), 1) if line])


class _Records:
    """Reads record by record: what cannot be split is rejected at its line, and reading goes on at the next."""

    def __init__(self, name: str, separator: str, width: int) -> None:
        self.name, self.separator, self.width = name, separator, width
        self.rows: list[list[str]] = []
        self.lines: list[int] = []
        self.rejected: list[Rejection] = []

    def _reject(self, line: int, text: str, reason: str) -> None:
        self.rejected.append(Rejection(self.name, line, "", text[:_SHOWN], reason))

    def read(self, data: bytes) -> None:
        """Take all records of a text."""
        lines = _NEWLINE.split(data)
        at = 0
        while at < len(lines):
            at += self._take(lines, at) if lines[at].strip() else 1

    def _take(self, lines: list[bytes], at: int) -> int:
        """Take the record that begins at a line; return how many lines it was."""
        if not _is_valid(lines[at], "utf-8"):
            self._reject(at + 1, lines[at].decode("utf-8", "replace"), "not_utf8")
            return 1
        length = self._length(lines, at)
        record = b"\n".join(lines[at : at + length])
        cells = _split(record.decode("utf-8"), self.separator) if length and _is_valid(record, "utf-8") else None
        if cells is None or len(cells) != self.width:
            self._reject(at + 1, lines[at].decode("utf-8"), "bad_quoting" if cells is None else "wrong_cell_count")
            return 1
        self.rows.append(cells)
        self.lines.append(at + 1)
        return length

    def _length(self, lines: list[bytes], at: int) -> int:
        """Return over how many lines the quotes of a record stay open, 0 where they do not close."""
        quotes = 0
        for length, line in enumerate(lines[at : at + _LONGEST_CELL_LINES], 1):
            quotes += line.count(b'"')
            if quotes % 2 == 0:
                return length
        return 0


def _slow(name: str, data: bytes, separator: str, width: int) -> tuple[pd.DataFrame, list[Rejection]]:
    records = _Records(name, separator, width)
    records.read(data)
    frame = pd.DataFrame(records.rows, columns=[str(number) for number in range(width)], dtype="str")
    return frame.assign(line=np.array(records.lines, dtype="int64")), records.rejected


def read_delimited(path: Path, layout: Layout) -> Extracted:
    """Read a delimited text faithfully; see `parse_delimited`.

    Raises
    ------
    UnreadableFileError
        As `parse_delimited`, or the file cannot be read.
    """
    return parse_delimited(_read(path), path.name, layout)


def parse_delimited(data: bytes, name: str, layout: Layout) -> Extracted:
    """Return what a delimited text says, as it says it.

    Columns the layout names are spelled as it spells them, others as in the file; `line` is where a row begins. Empty
    lines are no rows. A last line without a line break is taken where it has all its cells: nothing tells whether its
    last one is whole.

    Parameters
    ----------
    name : the name of the file, for messages and rejections.

    Raises
    ------
    UnreadableFileError
        The text is empty, of another type, encoding or separator, or lacks a column.
    """
    has_mark = data.startswith(_BOM)
    data = data.removeprefix(_BOM)
    _refuse_strangers(name, data)
    data = _in_utf8(name, data, has_mark, layout)
    cells, separator = _header(name, data, layout)
    names = named_columns(name, cells, layout.columns)
    kept = [number for number, one in enumerate(names) if one in layout.columns or not layout.is_all]
    frame = _quick(data, separator, len(names), kept)
    rejected: list[Rejection] = []
    if frame is None:
        frame, rejected = _slow(name, data, separator, len(names))
        frame = frame.iloc[:, [*kept, len(names)]]
    names, cells = [names[number] for number in kept], [cells[number] for number in kept]
    # The header is the first record.
    frame = frame.iloc[1:].set_axis([*names, "line"], axis=1).set_axis(pd.RangeIndex(len(frame) - 1))
    again = _repeated_headers(frame, names, cells)
    rejected += [Rejection(name, int(line), names[0], cells[0], "repeated_header") for line in again["line"]]
    if len(again):
        frame = frame.drop(again.index).reset_index(drop=True)
    return Extracted(name, frame, tuple(sorted(rejected)))


def _repeated_headers(frame: pd.DataFrame, names: list[str], cells: list[str]) -> pd.DataFrame:
    """Return the rows that are the header again, as in files put one after the other, each with its mark."""
    first = pa.array(frame[names[0]], pa.large_string())
    wanted = pa.array([cells[0], "\ufeff" + cells[0]], pa.large_string())
    found = frame[compute.is_in(first, wanted).to_numpy(zero_copy_only=False)]
    for name, cell in zip(names[1:], cells[1:], strict=True):
        found = found[found[name] == cell]
    return found
