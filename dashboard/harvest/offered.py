"""The files of a release as they are offered: size, checksum, whose rows they hold, which period they are about."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from dashboard.view import View
from data.codec import distinct_rows
from data.errors import ReleaseDamagedError
from data.frames import rows_of
from data.harvest import Harvest, read_harvest
from data.release import MANIFEST, manifest_of
from data.rules.dates import is_datable, period_end, period_start
from data.settings import CATALOGUE

FOLDER = "donnees"
CATALOGUE_FILE = "catalogue.jsonld"
# Columns that say when, by table; of plans and targets too: a file is about the years its rows speak of.
_PERIODS: Mapping[str, tuple[str, ...]] = {
    "observations": ("time_period",), "context": ("time_period",), "iris_structures": ("time_period",),
    "programmes": ("start", "end"), "phases": ("date",), "milestones": ("date",), "commitments": ("deadline",),
    "targets": ("deadline",), "spending": ("time_period",),
}  # fmt: skip
# Columns that name editions of sources; several are joined by semicolons.
_SOURCES = ("source", "boundary_source")
# Texts are cited by number and line (`002:57;41`).
_CITED = re.compile(r"(\d{3}):")
# What is said of sources is the observatory's own, though it names them.
_OWN = frozenset({"sources", "intakes"})


@dataclass(frozen=True)
class OfferedFile:
    """A Parquet file of a release: its table, what its manifest says of it, its sources, and its period (or "")."""

    table: str
    name: str
    size_bytes: int
    sha256: str
    sources: tuple[str, ...]
    first: str
    last: str


@dataclass(frozen=True)
class Offer:
    """What is offered to harvesters, and where.

    Parameters
    ----------
    view : the whole commune, in any language.
    folder : the folder of releases.
    root : address below which everything stands, with a slash at its end; "" where addresses are relative.
    page : turns an address of the navigation into that of the page.
    api : address of the data API, "" where there is none.
    """

    view: View
    folder: Path
    root: str
    page: Callable[[str], str]
    api: str = ""

    @cached_property
    def files(self) -> tuple[OfferedFile, ...]:
        """The files of the release, by table."""
        return _files(self.folder, self.view.release.release_id, _documents(self.view))

    @cached_property
    def editions(self) -> dict[str, Any]:
        """The editions of sources that files hold rows of, by identifier."""
        named = {source for file in self.files for source in file.sources}
        return {row.source: row for row in rows_of(self.view.release.table("sources")) if row.source in named}

    @property
    def data_folder(self) -> str:
        """The address of the folder of the release's files."""
        return f"{self.root}{FOLDER}/{self.view.release.release_id}/"


@lru_cache
def harvest() -> Harvest:
    """Return what the catalogue declares for harvesters."""
    return read_harvest(CATALOGUE / "harvest.toml")


def _documents(view: View) -> tuple[tuple[str, str], ...]:
    """Return the editions that are numbered texts, by number."""
    sources = view.release.table("sources")
    return tuple((row.document, row.source) for row in rows_of(sources) if row.document)


def _named(path: Path, documents: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Return the editions of sources that the rows of a file name."""
    rows = distinct_rows(path, _SOURCES)
    found = {name for row in rows for cell in row.values() for name in cell.split(";") if name}
    numbers = {number for row in distinct_rows(path, ("source_refs",)) for number in _CITED.findall(row["source_refs"])}
    return tuple(sorted(found | {source for number, source in documents if number in numbers}))


def _period(path: Path, table: str) -> tuple[str, str]:
    """Return the first and the last day that the rows of a file are about; a period no source states is left out."""
    columns = _PERIODS.get(table, ())
    rows = [row for row in distinct_rows(path, (*columns, "time_basis")) if is_datable(row.get("time_basis", "stated"))]
    periods = {row[column] for row in rows for column in columns if row[column]}
    if not periods:
        return "", ""
    return min(map(period_start, periods)).isoformat(), max(map(period_end, periods)).isoformat()


@lru_cache(maxsize=4)
def _files(folder: Path, release_id: str, documents: tuple[tuple[str, str], ...]) -> tuple[OfferedFile, ...]:
    found = []
    for resource in manifest_of(folder, release_id)["resources"]:
        table, path = resource["name"], folder / release_id / resource["path"]
        sources = () if table in _OWN else _named(path, documents)
        checksum = resource["hash"].removeprefix("sha256:")
        found.append(
            OfferedFile(table, path.name, resource["bytes"], checksum, sources, *_period(path, table))
        )  # fmt: skip
    return tuple(sorted(found, key=lambda file: file.table))


def listed(folder: Path, release_id: str) -> dict[str, str]:
    """Return the checksums of the files of a release by name, as its manifest has them.

    Raises
    ------
    ReleaseDamagedError
        The manifest cannot be read.
    """
    try:
        return {entry["path"]: entry["hash"] for entry in manifest_of(folder, release_id)["resources"]}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ReleaseDamagedError(f"release {release_id}: {MANIFEST} cannot be read ({error})") from error
