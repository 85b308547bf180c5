"""Archives (.zip) from outside: their members, read within bounds; what could write elsewhere or swell is refused."""

import re
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from data.errors import UnreadableFileError

LARGEST_UNPACKED_BYTES = 500_000_000
HIGHEST_RATIO = 200
MOST_MEMBERS = 10_000
# Small files of blanks pack well beyond the ratio, and do no harm.
_HARMLESS_BYTES = 10_000_000
# What zipfile raises on archives that are cut short, damaged or packed in a way it does not know.
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError)
_ABSOLUTE = re.compile(r"[/\\]|[A-Za-z]:")


def _fault(member: zipfile.ZipInfo) -> str:
    """Return what forbids to read a member, nothing where it is sound."""
    parts = re.split(r"[/\\]", member.filename)
    if ".." in parts or _ABSOLUTE.match(member.filename) or "\0" in member.orig_filename:
        return "would be written outside its folder"
    if stat.S_ISLNK(member.external_attr >> 16):
        return "is a link, not a file"
    if member.flag_bits & 1:
        return "is encrypted: unpack it with its password and archive it again"
    return ""


def _checked(archive: zipfile.ZipFile, name: str, largest_bytes: int) -> list[zipfile.ZipInfo]:
    """Return the files of an archive, once none of its members can do harm."""
    members = archive.infolist()
    if len(members) > MOST_MEMBERS:
        raise UnreadableFileError(f"{name} has {len(members)} members, more than {MOST_MEMBERS}: no publisher's file")
    for member in members:
        fault = _fault(member)
        if fault:
            raise UnreadableFileError(f"{name}: {member.filename!r} {fault}; take the publisher's archive untouched")
    unpacked = sum(member.file_size for member in members)
    if unpacked > largest_bytes:
        raise UnreadableFileError(f"{name} unpacks to {unpacked} bytes, more than {largest_bytes}: take the "
                                  "part of it that is about your communes")  # fmt: skip
    packed = sum(member.compress_size for member in members)
    if unpacked > max(_HARMLESS_BYTES, HIGHEST_RATIO * packed):
        raise UnreadableFileError(f"{name} unpacks {packed} bytes to {unpacked}, which no honest file does")
    names = [member.filename for member in members]
    twice = sorted({one for one in names if names.count(one) > 1}) if len(set(names)) < len(names) else []
    if twice:
        raise UnreadableFileError(f"{name} has the member {twice[0]!r} twice: nothing tells which one holds")
    # What some systems add for themselves is no part of what was published.
    return [one for one in members if not one.is_dir() and not one.filename.startswith("__MACOSX/")]


@contextmanager
def _opened(
    path: Path, largest_bytes: int = LARGEST_UNPACKED_BYTES
) -> Iterator[tuple[zipfile.ZipFile, list[zipfile.ZipInfo]]]:
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive, _checked(archive, path.name, largest_bytes)
    except _BROKEN as error:
        raise UnreadableFileError(
            f"{path.name} is no archive (.zip) that can be read, or a damaged one ({error}): take it again"
        ) from error


def members(path: Path, largest_bytes: int = LARGEST_UNPACKED_BYTES) -> dict[str, int]:
    """Return the files of an archive with their unpacked sizes in bytes, in its own order.

    Parameters
    ----------
    largest_bytes : what all members may unpack to, where a publisher is known to offer more than usual.

    Raises
    ------
    UnreadableFileError
        It is no zip archive, is damaged, encrypted, holds links or names that lead outside, or unpacks to too much.
    """
    with _opened(path, largest_bytes) as (_, found):
        return {member.filename: member.file_size for member in found}


def open_member(path: Path, wanted: Callable[[str], bool], largest_bytes: int = LARGEST_UNPACKED_BYTES) -> bytes:
    """Return the bytes of the one member whose name (folders included) is wanted; archives inside are not opened.

    Raises
    ------
    UnreadableFileError
        As `members`, or none is wanted, or several are.
    """
    with streamed_member(path, wanted, largest_bytes) as stream:
        return stream.read()


@contextmanager
def streamed_member(path: Path, wanted: Callable[[str], bool], largest_bytes: int) -> Iterator[IO[bytes]]:
    """Open the one member whose name is wanted, to be read piece by piece; see `open_member`.

    Raises
    ------
    UnreadableFileError
        As `open_member`, also while the member is read.
    """
    with _opened(path, largest_bytes) as (archive, found):
        chosen = [member for member in found if wanted(member.filename)]
        if len(chosen) != 1:
            what = "none of the files wanted" if not chosen else "several files where one is wanted"
            held = ", ".join(member.filename for member in chosen or found)[:300]
            raise UnreadableFileError(f"{path.name} holds {what}: {held}")
        # zipfile gives no more of a member than it declares, and what they declare is bounded.
        with archive.open(chosen[0]) as stream:
            yield stream


def unpacked(path: Path, folder: Path) -> list[Path]:
    """Unpack all members into an empty folder and return their places.

    Raises
    ------
    UnreadableFileError
        As `members`.
    """
    with _opened(path) as (archive, found):
        return [Path(archive.extract(member, folder)) for member in found]
