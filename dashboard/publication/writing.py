"""Publishing: a complete site written beside the one that is served, which is then replaced in one step."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from dashboard.publication.edition import Edition, Order
from dashboard.publication.files import files_of, write_manifest
from dashboard.publication.making import make_site
from dashboard.publication.versions import carry_over, draft, holding, served, switch
from data.errors import ObservatoryError

Progress = Callable[[str, int], Callable[[int], object]]


class WriteFailedError(ObservatoryError):
    """Raised when the system refuses to write, for want of space or rights: the site that was there still is."""


@dataclass(frozen=True)
class Published:
    """What was published: the name of the version, its files and bytes, whether anything changed."""

    name: str
    files: int
    size_bytes: int
    changed: bool


def _fill(order: Order, before: Path | None, folder: Path, progress: Progress, processes: int) -> None:
    """Write everything a site consists of into a folder."""
    edition = Edition(order)
    carry_over(before, folder)

    @lru_cache
    def bar() -> Callable[[int], object]:
        return progress("Publishing", len(edition.pages))

    # It takes a while to know all pages: processes that help find out at the same time.
    make_site(order, edition, folder, lambda count: bar()(count), processes)


def write_site(out: Path, order: Order, progress: Progress, processes: int = 0) -> Published:
    """Publish a site.

    Parameters
    ----------
    out : where it is served from: absent, an empty folder, or what an earlier publication left there.
    progress : told what is being made and how much of it there is; what it gives is told how much is done.
    processes : see `make_site`.

    Raises
    ------
    TargetInUseError, BusyError
        Something else is there; another process publishes there.
    ReleaseDamagedError, UnknownAreaError
        See `open_ordered`.
    WriteFailedError
        The system refused to write.
    """
    out = out.absolute()
    try:
        served(out)
        with holding(out) as folder, draft(folder) as place:
            _fill(order, served(out), place, progress, processes)
            name = write_manifest(place, order)
            sizes = [path.stat().st_size for path in files_of(place)]
            return Published(name, len(sizes), sum(sizes), switch(out, folder, place, name))
    except OSError as error:
        raise WriteFailedError(
            f"{error.filename or out}: {error.strerror}. Nothing was published, the site is as it was; check the "
            "space that is left and who may write there"
        ) from error
