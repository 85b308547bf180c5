"""Some of a site's pages, made once more in a process of its own.

`python -m tests.dashboard.made_again RELEASE FOLDER` makes all of a district and of an indicator with a map, and the
first of each group of others, the last first. It prints the paths at which the published FOLDER holds other bytes, one
a line, then how many pages and how many downloads it made.
"""

import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from altair.utils.schemapi import debug_mode

from dashboard.publication.edition import Edition, Order, Piece
from dashboard.publication.files import file_name
from tests.conftest import SITE_BASE, SITE_DAY

# The map of this indicator's own page and that of the page of its theme differ in little: one must not stand for the
# other.
_DISTRICT, _MAP = "quartiers/marat-parmentier/", "population-near-station"
_FIRST = ("indicateurs/", "programmes/")


def _pieces(edition: Edition) -> Iterator[Piece]:
    for job in map(list, edition.jobs()):
        first = job[0][0]
        is_whole = first.startswith(_DISTRICT)
        for path, make in job:
            if is_whole or _MAP in path or (path == first and first.startswith(_FIRST)):
                yield path, make


def _differ(pieces: list[Piece], folder: Path) -> list[str]:
    return [path for path, make in pieces if make() != (folder / file_name(path)).read_bytes()]


def _main() -> None:
    release_id, folder = sys.argv[1], Path(sys.argv[2])
    edition = Edition(Order(release_id, "94041", date.fromisoformat(SITE_DAY), SITE_BASE))
    pieces = [*reversed(list(_pieces(edition)))]
    with debug_mode(False):  # as the publisher does
        differ = _differ(pieces, folder)
        rows = list(edition.rows())
        differ += _differ(rows, folder)
    print(*differ, len(pieces), len(rows), sep="\n")


if __name__ == "__main__":
    _main()
