"""Files that take seconds to make and never change: made once, kept for all processes of this user."""

import os
import tempfile
from collections.abc import Callable, Iterable
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

import brotli
import fontTools


def digest_of(files: Iterable[Path]) -> str:
    """Return what names letters cut from files: those files, the code that cuts them, and with what tools."""
    tools = f"{fontTools.version} {brotli.version}".encode()
    return sha256(b"\0".join([*(file.read_bytes() for file in files), tools])).hexdigest()[:16]


@lru_cache
def kept_folder(digest: str) -> Path:
    """Return the folder that what a digest names is kept in; it is nobody else's."""
    folder = Path(tempfile.gettempdir()) / f"observatory-typeface-{os.getuid()}-{digest}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid != os.getuid():
        return Path(tempfile.mkdtemp(prefix="observatory-typeface-"))
    return folder


def made(place: Path, make: Callable[[], bytes]) -> Path:
    """Return a file, made where it is not there yet; whoever reads it meanwhile finds it whole or not at all."""
    if not place.is_file():
        place.parent.mkdir(exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=place.parent)
        with os.fdopen(handle, "wb") as stream:
            stream.write(make())
        Path(draft).replace(place)
    return place
