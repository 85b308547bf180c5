"""Reading releases: the pointer, the manifest, and one release held as a whole."""

import json
import logging
from collections.abc import Collection
from dataclasses import dataclass, field
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any

import pandas as pd

from data.codec import Range, columns_not_in, read_table
from data.errors import ObservatoryError, ReleaseDamagedError, ReleaseMissingError
from data.schemas import TABLES

POINTER = "current"
LOG = "publications.jsonl"
MANIFEST = "datapackage.json"

# Tables whose rows are each about an area: of a release of all of France readers hold what they show.
BY_AREA = ("observations", "territories")
# What has a row for every IRIS of France in every release, and is held whole: IRIS are compared with all others.
HELD_WHOLE = ("iris_structures",)
# Codes of communes, and of what lies in them, begin with a digit; those of wider territories and networks do not.
_OTHER_AREAS = ("a", "\U0010ffff")

logger = logging.getLogger("observatory.release")


@dataclass(frozen=True, eq=False)
class Release:
    """One immutable release: its identifier, the day it was published, and its tables.

    `absent` names the tables, and the columns as `table.column`, that it has not because older code wrote it; `reason`
    says why it was published although figures had changed implausibly, where they had.
    """

    release_id: str
    published: str
    tables: dict[str, pd.DataFrame]
    absent: frozenset[str] = field(default_factory=frozenset)
    reason: str = ""

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
    """Return the log of publications, oldest first; `reason` is empty where none was given."""
    log = folder / LOG
    if not log.is_file():
        return []
    entries = []
    for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            entry = json.loads(line)
            entries.append({key: str(entry[key]) for key in ("release", "published", "inputs")}
                           | {"reason": str(entry.get("reason", ""))})  # fmt: skip
        except (ValueError, KeyError, TypeError):
            # A write that was cut short must not take the site down: the releases themselves are sound.
            logger.error("%s: a line cannot be read: %.80s", LOG, line)
    return entries


def reason_of(entries: list[dict[str, str]]) -> str:
    """Return the last reason that entries of the log give."""
    return next((entry["reason"] for entry in reversed(entries) if entry["reason"]), "")


def content_id(resources: list[dict[str, str]]) -> str:
    """Return the identifier of a content: a hash of the names and checksums of its files."""
    lines = sorted(f"{resource['path']} {resource['hash']}" for resource in resources)
    return sha256("\n".join(lines).encode()).hexdigest()[:16]


def manifest_of(folder: Path, release_id: str) -> Any:
    """Return the manifest of a release, as it stands in its folder."""
    return json.loads((folder / release_id / MANIFEST).read_text(encoding="utf-8"))


def verify(folder: Path, release_id: str) -> frozenset[str]:
    """Check the manifest and the checksum of every file of a release.

    Returns
    -------
    The names of its tables. A release that older code wrote may lack some of today's, never have others.

    Raises
    ------
    ReleaseDamagedError
        Names the first file that is absent or differs.
    """
    place = folder / release_id
    try:
        manifest = manifest_of(folder, release_id)
        resources = [{key: str(entry[key]) for key in ("name", "path", "hash")} for entry in manifest["resources"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ReleaseDamagedError(f"release {release_id}: {MANIFEST} cannot be read ({error})") from error
    for resource in resources:
        path = place / resource["path"]
        if not path.is_file():
            raise ReleaseDamagedError(f"release {release_id}: {resource['path']} is absent")
        with path.open("rb") as stream:
            digest = file_digest(stream, "sha256").hexdigest()
        if f"sha256:{digest}" != resource["hash"]:
            raise ReleaseDamagedError(f"release {release_id}: {resource['path']} failed its checksum")
    names = frozenset(resource["name"] for resource in resources)
    files = {resource["name"]: resource["path"] for resource in resources}
    is_described = files == {name: f"{name}.parquet" for name in names} and content_id(resources) == release_id
    if not names or not names <= set(TABLES) or not is_described:
        raise ReleaseDamagedError(f"release {release_id}: {MANIFEST} does not describe this release")
    return names


def ranges_of(communes: Collection[str]) -> list[Range]:
    """Return where the codes of some communes and of what lies in them are, and those of areas in no one commune."""
    return [*((code, code[:-1] + chr(ord(code[-1]) + 1)) for code in sorted(communes)), _OTHER_AREAS]


def open_release(folder: Path, release_id: str, communes: Collection[str] | None = None) -> Release:
    """Verify and read a release; what older code did not write yet is empty.

    Parameters
    ----------
    communes : of the tables by area, only rows of these communes and of areas in no one commune; None for all.

    Raises
    ------
    ReleaseDamagedError
        A file is absent, differs from its checksum or cannot be read.
    """
    names, place = verify(folder, release_id), folder / release_id
    tables, absent = {}, set(TABLES) - names
    held = [] if communes is None else ranges_of(communes)
    try:
        for name, table in TABLES.items():
            path = place / f"{name}.parquet"
            if name in names:
                tables[name] = read_table(path, table, held if name in BY_AREA else ())
                absent |= {f"{name}.{column}" for column in columns_not_in(path, table)}
            else:
                tables[name] = table.schema.empty_table().to_pandas()
    except (OSError, ObservatoryError) as error:
        raise ReleaseDamagedError(f"release {release_id}: {error}") from error
    logged = [entry for entry in publications(folder) if entry["release"] == release_id]
    published = logged[0]["published"][:10] if logged else ""
    return Release(release_id, published, tables, frozenset(absent), reason_of(logged))


def open_newest_sound(folder: Path, communes: Collection[str] | None = None) -> tuple[Release, str]:
    """Open the current release, or, where it is damaged, the newest earlier one that is sound.

    Parameters
    ----------
    communes : see `open_release`.

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
            return open_release(folder, release_id, communes), "" if release_id == wanted else wanted
        except ReleaseDamagedError as error:
            logger.error("%s", error)
    raise ReleaseMissingError(f"no sound release in {folder}: run `python -m etl build`")
