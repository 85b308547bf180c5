"""The release readers see: opened once, shared by all, switched when the pointer moves."""

import threading
from dataclasses import dataclass

from data.release import Release, current_id, open_newest_sound
from data.settings import releases_folder


@dataclass(frozen=True, eq=False)
class Opened:
    """A release held open, and the identifier of the damaged one it stands in for (or nothing)."""

    release: Release
    damaged: str


_lock = threading.Lock()
_opened: dict[str, Opened] = {}


def current() -> Opened:
    """Return the release to show now; only a moved pointer makes it read files again.

    Raises
    ------
    ReleaseMissingError
        Nothing was published, or nothing published is sound.
    """
    folder = releases_folder()
    key = f"{folder}:{current_id(folder)}"
    found = _opened.get(key)
    if found is None:
        with _lock:
            found = _opened.get(key)
            if found is None:
                release, damaged = open_newest_sound(folder)
                found = Opened(release, damaged)
                # One release back is kept: runs that began before the switch still hold it.
                for stale in list(_opened)[:-1]:
                    del _opened[stale]
                _opened[key] = found
    return found
