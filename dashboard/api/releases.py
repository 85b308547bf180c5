"""Which release a request is about: the current one or an older one that keeps its answers; the list of them all."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

import pandas as pd

from dashboard import store
from dashboard.api.models import PublishedRelease
from dashboard.api.problems import ProblemError, Wrong
from data.errors import ReleaseDamagedError, ReleaseMissingError
from data.history import history
from data.release import Release, publications
from data.settings import releases_folder

# Opening an older release reads all of its files: one request at a time does.
_opening = threading.Lock()


def current() -> Release:
    """Return the current release.

    Raises
    ------
    ProblemError
        503: there is none.
    """
    try:
        return store.current().release
    except (ReleaseMissingError, ReleaseDamagedError) as error:
        raise ProblemError(503, "no_release") from error


def _published(release_id: str) -> bool:
    return any(entry["release"] == release_id for entry in publications(releases_folder()))


@contextmanager
def _absence(release_id: str, field: str) -> Iterator[None]:
    """Turn what the store says of a release it cannot give into a refusal."""
    try:
        yield
    except ReleaseMissingError as error:
        if _published(release_id):
            raise ProblemError(410, "removed", [Wrong(field, release_id, "removed")]) from error
        raise ProblemError(404, "release", [Wrong(field, release_id, "unknown_release")]) from error
    except ReleaseDamagedError as error:
        raise ProblemError(503, "damaged", [Wrong(field, release_id, "damaged")]) from error


@dataclass(frozen=True)
class Asked:
    """The release a request is about: its identifier, and what opens it, once an answer has to be made."""

    release_id: str
    open: Callable[[], Release]


def _opened(release_id: str) -> Release:
    with _absence(release_id, "release"), _opening:
        return store.earlier(release_id)


def asked_for(release_id: str | None) -> Asked:
    """Return the release a request is about; a request holds it from start to end.

    Raises
    ------
    ProblemError
        404: it was never published here; 410: it was removed; 503: there is none at all. Opening it: 503, damaged.
    """
    now = current()
    if release_id is None or release_id == now.release_id:
        return Asked(now.release_id, lambda: now)
    with _absence(release_id, "release"):
        if not (_published(release_id) and (releases_folder() / release_id).is_dir()):
            raise ReleaseMissingError(f"release {release_id} is not here")
    return Asked(release_id, lambda: _opened(release_id))


def frame(now: str) -> pd.DataFrame:
    """Return the releases that were published and are still there, the one that became current last first.

    Parameters
    ----------
    now : the current one.
    """
    rows = [
        (one.release_id, one.published, one.chosen, one.release_id == now, one.reason)
        for one in history(releases_folder())
        if one.published
    ]
    return pd.DataFrame(rows, columns=list(PublishedRelease.model_fields))


def one_of_them(now: str, release_id: str) -> pd.DataFrame:
    """Return a release as the only row.

    Raises
    ------
    ProblemError
        404: it was never published here; 410: it was removed.
    """
    found = frame(now)
    mine = found[found["release_id"] == release_id]
    with _absence(release_id, "release_id"):
        if mine.empty:
            raise ReleaseMissingError(f"no release {release_id}")
    return mine


def changed(folder: Path, release_id: str) -> str:
    """Return when a release last became the current one, as HTTP writes it; nothing where the log does not say."""
    times = [entry["published"] for entry in publications(folder) if entry["release"] == release_id]
    try:
        return format_datetime(datetime.fromisoformat(times[-1]).astimezone(UTC), usegmt=True) if times else ""
    except ValueError:  # a line of the log that was written by hand
        return ""
