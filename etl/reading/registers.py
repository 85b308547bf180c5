"""Registers with a row a thing (permits, establishments, facilities): read in blocks, only the columns counted.

Their rows hold names and addresses of persons: no other column is kept, and of a line that cannot be split nothing is.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

import pandas as pd

from data.errors import UnreadableFileError
from etl.intake import Extracted, Rejection
from etl.reading.archives import streamed_member
from etl.reading.column_names import same_name
from etl.reading.delimited import Layout, parse_delimited

# What is kept of a stock of establishments takes as much memory again as the file; of facilities a third of it.
LARGEST_BYTES = 2_000_000_000
BLOCK_BYTES = 32 << 20
_ZIP = b"PK\x03\x04"
_MARK = b"\xef\xbb\xbf"
# Some publishers write what the columns are above their names.
_LINES_ABOVE_HEADER = 2
# A line break inside quotes is no end of a row: how many breaks are tried before quotes are taken for damaged.
_BREAKS_TRIED = 100


@dataclass(frozen=True)
class Register:
    """What a publisher offers: columns that must be there, others that are kept where they are, the separator."""

    columns: tuple[str, ...]
    optional: tuple[str, ...]
    separator: str


def without_values(rejected: tuple[Rejection, ...], columns: frozenset[str]) -> tuple[Rejection, ...]:
    """Return rejections without the values of columns that say who somebody is, or where."""
    return tuple(replace(one, value="") if one.column in columns else one for one in rejected)


def read_register(path: Path, register: Register, *, block_bytes: int = BLOCK_BYTES) -> Extracted:
    """Read a register, or the one .csv file of an archive (.zip), in blocks.

    Returns
    -------
    Extracted
        `frame` with the columns of the register that are there, text as written, and `line`; rejected lines without
        value.

    Raises
    ------
    UnreadableFileError
        The file is too large, of another kind, or lacks a column.
    """
    with _opened(path) as stream:
        parts = list(_parts(path.name, _blocks(stream, block_bytes), register))
    frame = pd.concat([part.frame for part in parts], ignore_index=True)
    rejected = tuple(sorted(one for part in parts for one in part.rejected))
    return Extracted(path.name, frame, without_values(rejected, frozenset({""})))


def _opened(path: Path) -> AbstractContextManager[IO[bytes]]:
    try:
        with path.open("rb") as stream:
            is_archive = stream.read(len(_ZIP)) == _ZIP
        size = path.stat().st_size
    except OSError as error:
        raise UnreadableFileError(f"{path.name} cannot be read: {error.strerror}") from error
    if is_archive:
        return streamed_member(path, lambda name: name.casefold().endswith(".csv"), LARGEST_BYTES)
    if size > LARGEST_BYTES:
        raise UnreadableFileError(
            f"{path.name} holds {size} bytes, more than {LARGEST_BYTES}: take the publisher's extract of your "
            "département or communes"
        )
    return path.open("rb")


def _blocks(stream: IO[bytes], block_bytes: int) -> Iterator[bytes]:
    """Yield a file in blocks that end where a row ends."""
    held = stream.read(block_bytes)
    if len(held) < block_bytes:
        yield held
        return
    while data := stream.read(block_bytes):
        end = _row_end(held)
        if end:
            yield held[:end]
        held = held[end:] + data
    yield held


def _row_end(data: bytes) -> int:
    """Return where the last row that is whole ends, 0 where none does."""
    line_break = b"\n" if b"\n" in data else b"\r"
    last = end = data.rfind(line_break) + 1
    quotes = data.count(b'"', 0, end)
    for _ in range(_BREAKS_TRIED):
        if quotes % 2 == 0:
            return end
        before = data.rfind(line_break, 0, end - 1) + 1
        quotes -= data.count(b'"', before, end)
        end = before
    return last


def _breaks(data: bytes) -> int:
    return data.count(b"\n") + data.count(b"\r") - data.count(b"\r\n")


def _parts(name: str, blocks: Iterator[bytes], register: Register) -> Iterator[Extracted]:
    """Yield what each block of a file says, with the lines of the file."""
    first = next(blocks)
    above, header = _header(first, register)
    layout = _layout(header, register)
    yield _part(first[len(above) :], name, layout, _breaks(above))
    before = _breaks(first)
    for block in blocks:
        # With the mark a block is UTF-8, and lines of it that are not are damaged: the first block has told.
        yield _part(_MARK + header.removeprefix(_MARK) + block, name, layout, before - _breaks(header))
        before += _breaks(block)


def _part(data: bytes, name: str, layout: Layout, lines_before: int) -> Extracted:
    whole = parse_delimited(data, name, layout)
    frame = whole.frame[[*layout.columns, "line"]]
    rejected = tuple(replace(one, line=one.line + lines_before) for one in whole.rejected)
    return Extracted(name, frame.assign(line=frame["line"] + lines_before), rejected)


def _names(line: bytes, register: Register) -> set[str]:
    text = line.removeprefix(_MARK).decode("utf-8", "replace")
    return {same_name(cell.strip().strip('"')) for cell in text.split(register.separator)}


def _header(data: bytes, register: Register) -> tuple[bytes, bytes]:
    """Return what stands above the header, and the header with its line break; the first line where none is one."""
    lines = data[: 1 << 20].splitlines(keepends=True)
    wanted = {same_name(column) for column in register.columns}
    for number, line in enumerate(lines[: 1 + _LINES_ABOVE_HEADER]):
        if wanted <= _names(line, register):
            return b"".join(lines[:number]), line
    return b"", lines[0] if lines else b""


def _layout(header: bytes, register: Register) -> Layout:
    there = _names(header, register)
    optional = tuple(column for column in register.optional if same_name(column) in there)
    return Layout((*register.columns, *optional), (register.separator,), is_all=True)
