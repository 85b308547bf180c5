"""Files of a published site: written with their compressed forms, listed with their checksums, named as a whole."""

import gzip
import json
import os
from collections.abc import Iterator
from hashlib import file_digest, sha256
from pathlib import Path

import brotli

from dashboard.publication.edition import Order

MANIFEST = "manifest.json"
_COMPRESSED = {".gz", ".br"}
_COMPRESSIBLE = {".html", ".css", ".js", ".svg", ".xml", ".csv", ".json", ".jsonld", ".txt", ".webmanifest"}
_BROTLI_QUALITY, _GZIP_LEVEL = 10, 9


def file_name(path: str) -> str:
    """Return the name of the file that lies at a path of the site: a page is that of its folder."""
    return f"{path}index.html" if not path or path.endswith("/") else path


def put(folder: Path, path: str, content: bytes) -> None:
    """Write what lies at a path of the site, compressed too where that is worth it; the same bytes every time."""
    place = folder / file_name(path)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content)
    if place.suffix in _COMPRESSIBLE:
        place.with_name(f"{place.name}.gz").write_bytes(gzip.compress(content, _GZIP_LEVEL, mtime=0))
        place.with_name(f"{place.name}.br").write_bytes(brotli.compress(content, quality=_BROTLI_QUALITY))


def files_of(folder: Path) -> Iterator[Path]:
    """Yield all files of a folder, in the order of their names."""
    return (path for path in sorted(folder.rglob("*")) if path.is_file())


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()


def write_manifest(folder: Path, order: Order) -> str:
    """Write the list of all files with their checksums, and what they were made from; return the name of the whole."""
    listed = [
        {"path": path.relative_to(folder).as_posix(), "bytes": path.stat().st_size, "sha256": _digest(path)}
        for path in files_of(folder)
        if path.suffix not in _COMPRESSED
    ]
    manifest = {
        "release": order.release_id, "commune": order.commune, "date": order.today.isoformat(), "base": order.base,
        "files": listed,
    }  # fmt: skip
    text = json.dumps(manifest, indent=1, ensure_ascii=False).encode()
    put(folder, MANIFEST, text)
    return sha256(text).hexdigest()[:16]


def is_whole(folder: Path) -> bool:
    """Tell whether a published folder holds what its manifest lists."""
    try:
        listed = json.loads((folder / MANIFEST).read_bytes())["files"]
        return all(_digest(folder / entry["path"]) == entry["sha256"] for entry in listed)
    except (OSError, ValueError, KeyError, TypeError):
        return False


def keep_times(folder: Path, before: Path) -> None:
    """Give files that are as they were in an earlier publication its times, so that browsers need not load them anew.

    Servers tell by size and time whether a file is still the same.
    """
    for path in files_of(folder):
        old = before / path.relative_to(folder)
        if old.is_file() and old.stat().st_size == path.stat().st_size and old.read_bytes() == path.read_bytes():
            os.utime(path, ns=(old.stat().st_atime_ns, old.stat().st_mtime_ns))
