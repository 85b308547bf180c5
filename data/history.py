"""The releases of a folder: which there are, which was current before another, and which one a name means."""

import re
from dataclasses import dataclass
from pathlib import Path

from data.errors import ReleaseMissingError, UnclearReleaseError
from data.release import current_id, publications, reason_of

CURRENT, PREVIOUS = "current", "previous"
_IDENTIFIER = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True)
class Published:
    """A release that is in the folder: when it was published first, and when it last became the current one.

    `reason` says why it was published although figures had changed implausibly, where they had.
    """

    release_id: str
    published: str
    chosen: str
    reason: str = ""


def history(folder: Path) -> list[Published]:
    """Return the releases that are in a folder, the one that became current last first; undated ones at the end."""
    entries: dict[str, list[dict[str, str]]] = {}
    for entry in publications(folder):
        # The order of the keys is that in which releases last became current.
        entries[entry["release"]] = [*entries.pop(entry["release"], []), entry]
    places = folder.iterdir() if folder.is_dir() else []
    there = {place.name for place in places if place.is_dir() and _IDENTIFIER.fullmatch(place.name)}
    order = [name for name in reversed(entries) if name in there] + sorted(there - entries.keys())
    return [_published(name, entries.get(name, [])) for name in order]


def _published(name: str, entries: list[dict[str, str]]) -> Published:
    first, last = (entries[place]["published"] if entries else "" for place in (0, -1))
    return Published(name, first, last, reason_of(entries))


def previous_id(folder: Path, release_id: str) -> str:
    """Return the release that was current before one last became so and that is still there; empty when none is."""
    there = {release.release_id for release in history(folder)}
    logged = [entry["release"] for entry in publications(folder)]
    if release_id not in logged:
        return ""
    last = len(logged) - logged[::-1].index(release_id)
    return next((name for name in reversed(logged[:last]) if name != release_id and name in there), "")


def find_release(folder: Path, name: str) -> str:
    """Return the identifier of the release that a name means.

    Parameters
    ----------
    name : an identifier, the start of one, `current` or `previous` (the one that was current before).

    Raises
    ------
    ReleaseMissingError
        No release has that name, or nothing was current before.
    UnclearReleaseError
        Several identifiers start so.
    """
    if name == CURRENT:
        return current_id(folder)
    if name == PREVIOUS:
        before = previous_id(folder, current_id(folder))
        if not before:
            raise ReleaseMissingError(f"no release in {folder} was current before the current one")
        return before
    found = [release.release_id for release in history(folder) if name and release.release_id.startswith(name)]
    if not found:
        raise ReleaseMissingError(f"no release {name!r} in {folder}: see `python -m etl releases`")
    if len(found) > 1:
        raise UnclearReleaseError(f"{name!r} starts {len(found)} releases: {', '.join(sorted(found))}; give more of it")
    return found[0]
