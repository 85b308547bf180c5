"""Versions of a published site: each a folder of its own, a link to the one that is served, switched in one step."""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from dashboard.publication import assets
from dashboard.publication.files import is_whole, keep_times
from data.errors import ObservatoryError
from data.locking import only_writer

_VERSION = re.compile(r"[0-9a-f]{16}(\.\d+)?")
_DRAFT, _LINK, _REMOVED = ".draft-", ".link-", ".removed-"
_FROZEN = re.compile(r"(?:(?:[a-z]{2}/)?integrer/[^/]+/[^/]+|donnees)/[0-9a-f]{16}/.*")


class TargetInUseError(ObservatoryError):
    """Raised when a site is to be published where something else is: nothing of it is touched."""


def versions_folder(out: Path) -> Path:
    """Return the folder of the versions of a site."""
    return out.with_name(f"{out.name}.versions")


def served(out: Path) -> Path | None:
    """Return the version that is served, if there is one.

    Raises
    ------
    TargetInUseError
        Something is there that the publisher did not write.
    """
    remedy = "Name another place, or move it away first; nothing was changed"
    if not out.name:
        raise TargetInUseError(f"{out} cannot be replaced. {remedy}")
    if out.is_symlink():
        place = out.parent / out.readlink()
        if place.parent.resolve() != versions_folder(out).resolve() or not _VERSION.fullmatch(place.name):
            raise TargetInUseError(f"{out} is a link to {out.readlink()}, which is no published site. {remedy}")
        return place if place.is_dir() else None
    if out.is_dir() and any(out.iterdir()):
        raise TargetInUseError(f"{out} is a folder that holds something else, such as {next(out.iterdir()).name}. "
                               f"{remedy}")  # fmt: skip
    if out.exists() and not out.is_dir():
        raise TargetInUseError(f"{out} is a file. {remedy}")
    if versions_folder(out).exists() and not versions_folder(out).is_dir():
        raise TargetInUseError(f"{versions_folder(out)} is a file. {remedy}")
    return None


@contextmanager
def holding(out: Path) -> Iterator[Path]:
    """Hold the folder of versions for as long as the block lasts, cleared of what a killed publisher left.

    Raises
    ------
    BusyError
        Another process publishes there.
    """
    folder = versions_folder(out)
    folder.mkdir(parents=True, exist_ok=True)
    with only_writer(folder):
        for left in folder.iterdir():
            if left.name.startswith((_DRAFT, _LINK, _REMOVED)):
                _remove(left)
        try:
            yield folder
        finally:
            with suppress(OSError):
                folder.rmdir()  # it is empty where nothing was ever published


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        # What another process, about to end, still writes there is removed the next time.
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink()


@contextmanager
def draft(folder: Path) -> Iterator[Path]:
    """Give a new folder to write a version into; it is gone afterwards, unless it was renamed."""
    place = folder / f"{_DRAFT}{os.getpid()}"
    place.mkdir()
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def frozen_paths(version: Path | None) -> set[str]:
    """Return the files of figures that are frozen to a release, and those of releases themselves, by path."""
    if version is None:
        return set()
    places = [*version.rglob("integrer/*/*/*/*"), *version.glob("donnees/*/*")]
    found = (path.relative_to(version).as_posix() for path in places if path.is_file())
    return {path for path in found if _FROZEN.fullmatch(path)}


def carry_over(version: Path | None, place: Path) -> set[str]:
    """Bring what must never change from an earlier version into a draft: frozen figures, what they load, data files.

    Returns
    -------
    The paths of the frozen figures and of the files of releases.
    """
    if version is None:
        return set()
    frozen = frozen_paths(version)
    loaded = {path.relative_to(version).as_posix() for path in version.rglob(f"{assets.FOLDER}/*") if path.is_file()}
    for path in frozen | loaded:
        target = place / path
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(version / path, target)
        except OSError:
            shutil.copy2(version / path, target)  # a file system without hard links
    return frozen


def _free_name(folder: Path, name: str) -> Path:
    """Return where a version goes: beside one of the same name that was damaged since."""
    place, count = folder / name, 0
    while place.exists() and not is_whole(place):
        count += 1
        place = folder / f"{name}.{count}"
    return place


def switch(out: Path, folder: Path, written: Path, name: str) -> bool:
    """Make a draft the version that is served, in one step; the one before is kept, older ones are removed.

    Returns
    -------
    Whether it is another one than before.
    """
    before, place = served(out), _free_name(folder, name)
    if before == place:
        return False
    is_new = not place.exists()
    if is_new:
        if before is not None:
            keep_times(written, before)
        os.sync()
        written.rename(place)
    try:
        _point(out, place)
    except OSError:
        if is_new:
            _remove(place)
        raise
    with suppress(OSError):  # the site is published; what cannot be removed now is the next time
        _prune(folder, {place, before})
    return True


def _point(out: Path, place: Path) -> None:
    """Let the link that is served lead to a version, in one step."""
    link = place.with_name(f"{_LINK}{os.getpid()}")
    link.symlink_to(Path(place.parent.name) / place.name)  # relative to where it will be, not to where it is made
    try:
        if out.is_dir() and not out.is_symlink():
            out.rmdir()
        link.replace(out)
    except OSError:
        link.unlink()
        raise


def _prune(folder: Path, kept: set[Path | None]) -> None:
    for version in folder.iterdir():
        if version.is_dir() and _VERSION.fullmatch(version.name) and version not in kept:
            _remove(version.rename(folder / f"{_REMOVED}{version.name}"))
