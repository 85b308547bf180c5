"""How often pages were opened: one number a page and day, kept only where a folder for it is named.

`python -m dashboard.audience [MONTH]` prints the totals. No time of day, no address, no browser, nothing of a visitor;
robots are counted too.
"""

import csv
import io
import os
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from data.errors import ObservatoryError
from data.settings import audience_folder

COLUMNS = ("date", "page", "views")
_HEADER = f"{','.join(COLUMNS)}\n".encode()


class AudienceFolderError(ObservatoryError):
    """Raised when counts of page views cannot be kept where they are to be: no folder, or one nobody may write into."""


class AudienceFileError(ObservatoryError):
    """Raised when a file of counts holds a line that is none."""


class Counts:
    """Counts of page views of this process, and the folder they are added up in; several processes may share it.

    Raises
    ------
    AudienceFolderError
        The folder is not there, or may not be written into.
    """

    def __init__(self, folder: Path) -> None:
        if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
            raise AudienceFolderError(
                f"{folder} (OBSERVATORY_AUDIENCE) is no folder that may be written into: make it and give the server "
                "the right to write there, or unset OBSERVATORY_AUDIENCE to count nothing"
            )
        self.folder = folder
        self._views: Counter[tuple[date, str]] = Counter()
        self._counting, self._writing = threading.Lock(), threading.Lock()
        self._left: dict[str, bytes] = {}

    def add(self, page: str, day: date) -> None:
        """Count that a page was opened on a day."""
        with self._counting:
            self._views[day, page] += 1

    def write(self) -> None:
        """Add what was counted since the last time to the files of the months.

        Raises
        ------
        OSError
            The system refuses to write: what was counted is kept for the next time.
        """
        with self._writing:
            with self._counting:
                taken = self._views.copy()
            for month in sorted({f"{day:%Y-%m}" for day, _ in taken} | self._left.keys()):
                mine = Counter({key: views for key, views in taken.items() if f"{key[0]:%Y-%m}" == month})
                self._append(month, mine)
                with self._counting:
                    self._views -= mine

    def _append(self, month: str, counts: Counter[tuple[date, str]]) -> None:
        """Add lines in one write, which the system never mixes with another's; what a full disk cuts off comes next."""
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(
            (day.isoformat(), page, views) for (day, page), views in sorted(counts.items())
        )
        path = self.folder / f"{month}.csv"
        _begin(path)
        lines = self._left.get(month, b"") + text.getvalue().encode()
        handle = os.open(path, os.O_WRONLY | os.O_APPEND)
        try:
            written = os.write(handle, lines)
        finally:
            os.close(handle)
        self._left.pop(month, None)
        if written < len(lines):
            self._left[month] = lines[written:]


def _begin(path: Path) -> None:
    """Make a file with its header unless it is there: it appears whole, whoever comes first."""
    if path.exists():
        return
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
        try:
            os.write(handle, _HEADER)
        finally:
            os.close(handle)
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def _lines(path: Path) -> Iterator[tuple[str, int]]:
    """Yield page and views of each line of a file."""
    with path.open(encoding="utf-8", newline="") as file:
        for number, line in enumerate(csv.reader(file), start=1):
            if number == 1 and tuple(line) == COLUMNS:
                continue
            try:
                day, page, views = line
                date.fromisoformat(day)
                yield page, int(views)
            except ValueError as error:
                words = f"{path}:{number}: {line} is not a date, a page and a number: correct or remove the line"
                raise AudienceFileError(words) from error


def totals(folder: Path, month: str = "") -> Counter[str]:
    """Return how often each page was opened in a month, or ever.

    Raises
    ------
    AudienceFolderError
        There is no such folder.
    AudienceFileError
        A file holds a line that is none.
    """
    if not folder.is_dir():
        raise AudienceFolderError(f"{folder} is no folder")
    found: Counter[str] = Counter()
    for path in sorted(folder.glob("????-??.csv")):
        if month in {"", path.stem}:
            for page, views in _lines(path):
                found[page] += views
    return found


app = typer.Typer(add_completion=False)


@app.command()
def show(month: Annotated[str, typer.Argument(help="A month such as 2026-11; all months unless given.")] = "") -> None:
    """Print how often each page was opened; robots are counted too."""
    folder = audience_folder()
    if folder is None:
        raise AudienceFolderError("nothing is counted: OBSERVATORY_AUDIENCE names no folder")
    found = totals(folder, month)
    width = max((len(page) for page in found), default=4)
    for page, views in sorted(found.items(), key=lambda entry: (-entry[1], entry[0])):
        typer.echo(f"{page:<{width}}  {views:>9}")
    typer.echo(f"{'total':<{width}}  {found.total():>9}")


def main() -> None:
    """Run the command line; a known error is told in full and exits with 1, without a traceback."""
    try:
        app()
    except ObservatoryError as error:
        typer.echo(f"{type(error).__name__}: {error}", err=True)
        raise SystemExit(1) from None


if __name__ == "__main__":
    main()
