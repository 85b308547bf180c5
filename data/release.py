"""Reading releases: the pointer, the manifest, and one release held as a whole."""

import json
import logging
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import pandas as pd

from data.codec import read_table
from data.errors import ObservatoryError, ReleaseDamagedError, ReleaseMissingError
from data.schemas import TABLES

POINTER = "current"
LOG = "publications.jsonl"
MANIFEST = "datapackage.json"

logger = logging.getLogger("observatory.release")


@dataclass(frozen=True, eq=False)
class Release:
    """One immutable release: its identifier, the day it was published, and its tables."""

    release_id: str
    published: str
    tables: dict[str, pd.DataFrame]

    def table(self, name: str) -> pd.DataFrame:
        """Return a table; it is shared between readers and must not be changed."""
        return self.tables[name]


def current_id(folder: Path) -> str:
    """Return the identifier the pointer names.

    Raises
    ------
    ReleaseMissingError
        Nothing has been published in this folder.
    """
    pointer = folder / POINTER
    if not pointer.is_file():
        raise ReleaseMissingError(f"no release in {folder}: run `python -m etl build`")
    return pointer.read_text(encoding="utf-8").strip()


def publications(folder: Path) -> list[dict[str, str]]:
    """Return the log of publications, oldest first."""
    log = folder / LOG
    if not log.is_file():
        return []
    entries = []
    for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            entry = json.loads(line)
            entries.append({key: str(entry[key]) for key in ("release", "published", "inputs")})
        except (ValueError, KeyError, TypeError):
            # A write that was cut short must not take the site down: the releases themselves are sound.
            logger.error("%s: a line cannot be read: %.80s", LOG, line)
    return entries


def content_id(resources: list[dict[str, str]]) -> str:
    """Return the identifier of a content: a hash of the names and checksums of its files."""
    lines = sorted(f"{resource['path']} {resource['hash']}" for resource in resources)
    return sha256("\n".join(lines).encode()).hexdigest()[:16]


def verify(folder: Path, release_id: str) -> None:
    """Check the manifest and the checksum of every file of a release.

    Raises
    ------
    ReleaseDamagedError
        Names the first file that is absent or differs.
    """
    place = folder / release_id
    try:
        manifest = json.loads((place / MANIFEST).read_text(encoding="utf-8"))
        resources = [{key: str(entry[key]) for key in ("name", "path", "hash")} for entry in manifest["resources"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ReleaseDamagedError(f"release {release_id}: {MANIFEST} cannot be read ({error})") from error
    for resource in resources:
        path = place / resource["path"]
        if not path.is_file():
            raise ReleaseDamagedError(f"release {release_id}: {resource['path']} is absent")
        if f"sha256:{sha256(path.read_bytes()).hexdigest()}" != resource["hash"]:
            raise ReleaseDamagedError(f"release {release_id}: {resource['path']} failed its checksum")
    if {resource["name"] for resource in resources} != set(TABLES) or content_id(resources) != release_id:
        raise ReleaseDamagedError(f"release {release_id}: {MANIFEST} does not describe this release")


def open_release(folder: Path, release_id: str) -> Release:
    """Verify and read a release.

    Raises
    ------
    ReleaseDamagedError
        A file is absent, differs from its checksum or cannot be read.
    """
    verify(folder, release_id)
    place = folder / release_id
    try:
        tables = {name: read_table(place / f"{name}.parquet", table) for name, table in TABLES.items()}
    except (OSError, ObservatoryError) as error:
        raise ReleaseDamagedError(f"release {release_id}: {error}") from error
    dates = [entry["published"] for entry in publications(folder) if entry["release"] == release_id]
    return Release(release_id, dates[0][:10] if dates else "", tables)


def open_newest_sound(folder: Path) -> tuple[Release, str]:
    """Open the current release, or, where it is damaged, the newest earlier one that is sound.

    Returns
    -------
    The release, and the identifier of the damaged current one (empty when it is sound).

    Raises
    ------
    ReleaseMissingError
        Nothing was published, or nothing published is sound.
    """
    wanted = current_id(folder)
    earlier = [entry["release"] for entry in reversed(publications(folder))]
    for release_id in dict.fromkeys([wanted, *earlier]):
        try:
            return open_release(folder, release_id), "" if release_id == wanted else wanted
        except ReleaseDamagedError as error:
            logger.error("%s", error)
    raise ReleaseMissingError(f"no sound release in {folder}: run `python -m etl build`")
