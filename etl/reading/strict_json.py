"""JSON as its standard has it: what other readers let pass (NaN, a key twice) is refused, numbers stay as written."""

import json
import re
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from data.errors import UnreadableFileError

LARGEST_BYTES = 400_000_000
DEEPEST = 100
_STRINGS = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)
_ALL_BUT_BRACKETS = bytes(sorted(set(range(256)) - set(b"[]{}")))
# How a surrogate is written; alone it is no character.
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
_EXCEPTION = re.compile(rb"<(?:\w+:)?(?:ExceptionText|ServiceException)\b[^>]*>([^<]*)<")


class WrittenNumber(str):
    """A number as the file writes it: `float(number)` is its value."""

    __slots__ = ()


def _no_constant(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number in JSON")


def _finite(text: str) -> float:
    value = float(text)
    if not np.isfinite(value):
        raise ValueError(f"{text[:40]} is too large a number")
    return value


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"the key {twice!r} comes twice in one object, nothing tells which value holds")
    return found


def _depth(data: bytes) -> int:
    brackets = np.frombuffer(_STRINGS.sub(b"", data).translate(None, _ALL_BUT_BRACKETS), dtype="uint8")
    opens = np.isin(brackets, np.frombuffer(b"[{", dtype="uint8"))
    return int(np.cumsum(np.where(opens, 1, -1)).max(initial=0))


def _bytes_of(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > LARGEST_BYTES:
            raise UnreadableFileError(f"{path.name} has {size} bytes, more than {LARGEST_BYTES}: take the part of it "
                                      "that is about your communes")  # fmt: skip
        data = path.read_bytes()
    except OSError as error:
        raise UnreadableFileError(f"{path.name} cannot be read: {error.strerror}") from error
    return data


def parse_json(data: bytes, name: str, *, as_written: bool = False) -> Any:
    """Return what JSON in UTF-8 (byte order mark or not) says.

    Parameters
    ----------
    name : the name of the file, for messages.
    as_written : whether numbers are `WrittenNumber` instead of int and float.

    Raises
    ------
    UnreadableFileError
        It is no JSON in UTF-8, holds NaN, an infinite number, a key twice or half a character, or is nested too deeply.
    """
    data = data.removeprefix(b"\xef\xbb\xbf")
    if not data.strip():
        raise UnreadableFileError(f"{name} is empty: take it again from the publisher")
    if data.lstrip()[:1] == b"<":
        said = _EXCEPTION.search(data)
        if said:
            words = " ".join(said[1].decode("utf-8", "replace").split())[:300]
            raise UnreadableFileError(f"{name} is the refusal of a service, not data; it says: {words!r}")
        raise UnreadableFileError(f"{name} is XML or a web page, not JSON: take the publisher's JSON file")
    if _depth(data) > DEEPEST:
        raise UnreadableFileError(f"{name} is nested more than {DEEPEST} deep: it is no publisher's file")
    number = {"parse_float": WrittenNumber, "parse_int": WrittenNumber} if as_written else {"parse_float": _finite}
    try:
        found = json.loads(
            data.decode("utf-8"), parse_constant=_no_constant, object_pairs_hook=_without_repeats, **number
        )
        if _SURROGATE.search(data):
            json.dumps(found, ensure_ascii=False).encode()
    except UnicodeDecodeError as error:
        raise UnreadableFileError(
            f"{name} is not in UTF-8 ({error.reason}): take the publisher's file untouched"
        ) from error
    except UnicodeEncodeError as error:
        raise UnreadableFileError(f"{name} holds half a character (a lone surrogate): take it again") from error
    except (ValueError, RecursionError) as error:
        raise UnreadableFileError(f"{name} is not sound JSON ({error}): take it again from the publisher") from error
    return found


def read_json(path: Path, *, as_written: bool = False) -> Any:
    """Return what a JSON file says; see `parse_json`.

    Raises
    ------
    UnreadableFileError
        As `parse_json`, or the file is too large or cannot be read.
    """
    return parse_json(_bytes_of(path), path.name, as_written=as_written)
