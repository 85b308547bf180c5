"""A site of a few small pages, published by the real publisher in a moment; run as a program, until it is killed.

`python -m tests.dashboard.small_site points SOURCE PLACE RELEASES` publishes in copies PLACE/0, PLACE/1, … of the
folder SOURCE, killed (SIGKILL) before its 1st, 2nd, … write; the last copy is that of a publication that came to its
end. `… limited FOLDER RELEASES BYTES` publishes while no file may grow longer than so many bytes.
"""

import itertools
import os
import resource
import shutil
import signal
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from unittest import mock

from dashboard.publication import edition, site
from dashboard.publication.edition import Order
from dashboard.publication.place import Place, to_root
from dashboard.publication.site import SitePage
from dashboard.publication.writing import Published, write_site
from dashboard.view import View
from data.release import Release, current_id, open_release
from tests.etl.killed_publisher import is_write

BASE = "https://ville.example/"
FIRST_DAY, NEXT_DAY = date(2026, 11, 23), date(2026, 11, 24)
SITE = "site"


def small_pages(city: View, place: Place) -> Iterator[SitePage]:
    """Yield a home page, a page with a download, a figure to embed, current and frozen to the release."""

    def says(words: str) -> str:
        return f"<h1>{words}</h1><p>{city.today}</p>"

    def with_download() -> str:
        return says("Page") + f'<a href="../{place.downloads(city, "series.{format}?theme=housing", "csv")}">CSV</a>'

    figure = "integrer/ville/figure/"
    frozen = f"{figure}{city.release.release_id}/"

    def with_frozen_rows() -> str:
        assert place.frozen is not None
        address = place.frozen(frozen)(city, "series.{format}?theme=housing", "csv")
        return says("Frozen") + f'<a href="{to_root(frozen)}{address}">CSV</a>'

    yield SitePage("", "Home", "A small site", "", lambda: says("Home"))
    yield SitePage("page/", "Page", "A page", "page/", with_download)
    yield SitePage(figure, "Figure", "A figure", "", lambda: says("Figure"), indexed=False)
    yield SitePage(frozen, "Figure", "A frozen figure", "", with_frozen_rows, indexed=False)


def publish_small(out: Path, release: Release, day: date = FIRST_DAY, base: str = BASE) -> Published:
    """Publish the small site of an opened release, in this process."""
    with (
        mock.patch.object(site, "SOURCES", (small_pages,)),
        mock.patch.object(site, "FILES", ()),
        mock.patch.object(site, "figure_pages", return_value=()),
        mock.patch.object(edition, "open_ordered", return_value=release),
        mock.patch.object(edition, "picture", return_value=b"PNG"),
    ):
        order = Order(release.release_id, "94041", day, base)
        return write_site(out, order, lambda _what, _total: lambda _count: None, processes=1)


def _die_before(number: int) -> None:
    count = itertools.count()

    def on_event(event: str, arguments: tuple[Any, ...]) -> None:
        if changes_a_site(event, arguments) and next(count) == number:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(on_event)


def changes_a_site(event: str, arguments: tuple[Any, ...]) -> bool:
    """Tell whether an audit event is about to change files, links included."""
    return is_write(event, arguments) or event in {"os.link", "os.symlink"}


def _points(source: Path, place: Path, release: Release) -> None:
    publish_small(source.with_name("warm") / SITE, release)  # what processes keep is made once, before they part
    for number in itertools.count():
        folder = Path(shutil.copytree(source, place / str(number), symlinks=True))
        child = os.fork()
        if child == 0:
            _die_before(number)
            publish_small(folder / SITE, release, NEXT_DAY)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if os.WIFEXITED(status):
            sys.exit(os.WEXITSTATUS(status))


def _main() -> None:
    what, folder, *more = sys.argv[1:]
    releases = Path(more[-1] if what == "points" else more[0])
    release = open_release(releases, current_id(releases))
    if what == "points":
        _points(Path(folder), Path(more[0]), release)
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(more[1]), int(more[1])))
    publish_small(Path(folder) / SITE, release, NEXT_DAY)


if __name__ == "__main__":
    _main()
