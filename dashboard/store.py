"""The release readers see: opened once, shared by all, switched when the pointer moves."""

import threading
import time
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from dashboard.definitions import definitions
from dashboard.forgetting import forget_releases
from dashboard.view import commune_name
from data.errors import ReleaseMissingError
from data.history import Published, history
from data.release import Release, current_id, open_newest_sound, open_release
from data.settings import default_commune, releases_folder


@dataclass(frozen=True, eq=False)
class Opened:
    """A release held open, and the identifier of the damaged one it stands in for (or nothing).

    `begun` is when opening it from `folder` began, on the clock of the process.
    """

    release: Release
    damaged: str
    folder: Path
    begun: float


_lock = threading.Lock()
_opened: dict[str, Opened] = {}


def held_communes() -> frozenset[str]:
    """Return the communes whose areas and figures are held: the one shown, and those of the catalogue.

    A release may be of all communes of France; what no page shows stays on disk.
    """
    known = definitions().territories.items()
    return frozenset({default_commune(), *(code for code, territory in known if territory.level == "commune")})


def current() -> Opened:
    """Return the release to show now; only a moved pointer makes it read files again.

    Raises
    ------
    ReleaseMissingError
        Nothing was published, or nothing published is sound.
    """
    folder, asked = releases_folder(), time.monotonic()
    found = _opened.get(_key(folder, current_id(folder)))
    if found is None:
        with _lock:
            found = _opened.get(_key(folder, current_id(folder))) or _opened_since(folder, asked) or _open(folder)
    return found


def _opened_since(folder: Path, moment: float) -> Opened | None:
    """Return what others opened while one waited: as new as what it asked for, though the pointer has moved again."""
    newest = next(reversed(_opened.values()), None)
    return newest if newest and newest.folder == folder and newest.begun >= moment else None


def _key(folder: Path, release_id: str) -> str:
    return f"{folder}:{release_id}"


def _open(folder: Path) -> Opened:
    """Open the newest sound release, and let go of all but the one before."""
    begun = time.monotonic()
    release, damaged = open_newest_sound(folder, held_communes())
    found = Opened(release, damaged, folder, begun)
    # One release back is kept: runs that began before the switch still hold it.
    for stale in list(_opened)[:-1]:
        del _opened[stale]
    # The pointer may have moved since: what was opened goes by the name it was opened under.
    _opened[_key(folder, damaged or release.release_id)] = found
    forget_releases()
    return found


def of_commune(release: Release) -> Release:
    """Return a release that knows the commune shown.

    Raises
    ------
    ReleaseMissingError
        It has no commune of that code.
    """
    if not commune_name(release, default_commune()):
        raise ReleaseMissingError(f"release {release.release_id} has no commune {default_commune()}")
    return release


def others(release: Release) -> list[Published]:
    """Return the releases that one can be compared with, the newest first."""
    return [found for found in history(releases_folder()) if found.release_id != release.release_id]


@lru_cache(maxsize=2)
def _kept(folder: Path, release_id: str) -> Release:
    return open_release(folder, release_id, held_communes())


def earlier(release_id: str) -> Release:
    """Return a release to compare with; the last two are held open.

    Raises
    ------
    ReleaseMissingError
        It was never published here, or was removed.
    ReleaseDamagedError
        It cannot be read.
    """
    folder = releases_folder()
    if release_id not in {found.release_id for found in history(folder)}:
        raise ReleaseMissingError(f"no release {release_id!r} in {folder}")
    return _kept(folder, release_id)
