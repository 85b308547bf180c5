"""What becomes of a file: every row is loaded, out of scope, or rejected with its reason; the counts add up."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import pandas as pd

from data.errors import LostRowsError, UnknownEditionError
from etl.outlines import COLUMNS as OUTLINE_COLUMNS
from etl.outlines import Outlines
from etl.residents import Residents


@dataclass(frozen=True, order=True)
class Rejection:
    """A row that cannot be used: where it stands, what is wrong, and why (`reason`: a key of `quarantine.toml`).

    `file` is the file, or for an archive `feed.zip/stops.txt`; `line` the line of a text, else the number of the row of
    a sheet or of the feature of a layer, from 1.
    """

    file: str
    line: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True, eq=False)
class Extracted:
    """A file as its publisher wrote it: every column text, `line` the line of the file (the header is line 1).

    `rejected` holds the lines that could not even be split into cells.
    """

    file: str
    frame: pd.DataFrame
    rejected: tuple[Rejection, ...] = ()

    @property
    def read(self) -> int:
        """Return how many rows the file holds."""
        return len(self.frame) + len({(one.file, one.line) for one in self.rejected})


@dataclass(frozen=True)
class Scope:
    """The areas a build is about, by code: rows of others are out of scope, neither loaded nor rejected.

    `networks` are heat and cold networks by the number of the national register; `outlines` those known of the
    communes and their districts; `residents` who lives in them by the census, for figures of who lives near something;
    `state_codes` what the codes of editions mean, where that is declared.
    """

    communes: frozenset[str]
    iris: frozenset[str]
    networks: frozenset[str] = frozenset()
    outlines: Outlines = field(default_factory=Outlines)
    residents: Residents = field(default_factory=Residents)
    state_codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Loaded:
    """What became of the rows of a file.

    `observations` has `ref_area`, `indicator`, `time_period`, `obs_value` (missing where the status says so),
    `obs_status`, `conf_status`, `source`, `source_detail`, `note_fr`, `note_en`. `loaded`, `out_of_scope` and `read`
    count rows of the file; a rejected row is one line, however many of its cells are wrong.

    Observations of data sets marked `microdata` may have two more columns, which are used to protect them and dropped
    before anything is published: `contributors`, how many households or establishments (the unit of the indicator's
    `disclosure`) stand behind the value, and `largest_share`, the part (0–1) of the value that the largest of them
    holds. A number of units needs neither: it is its own number of contributors. An amount (`is_magnitude`) needs
    `contributors`; without `largest_share` no dominance is looked for. A value of 0 has 0 contributors. Such a file
    gives no `places`, and no number of its rows in notes.

    Optional: `outlines` (the columns of `Outlines.frame`) from files of boundaries; `places`, rows of the `places`
    table without `commune` and `district`, from files whose rows have a position of their own worth showing; `names`,
    what the file calls communes, by code.

    Raises
    ------
    LostRowsError
        The counts do not add up: a row would be lost, or counted twice.
    """

    file: str
    observations: pd.DataFrame
    rejected: tuple[Rejection, ...]
    read: int
    loaded: int
    out_of_scope: int
    outlines: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(OUTLINE_COLUMNS)))
    places: pd.DataFrame = field(default_factory=pd.DataFrame)
    names: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse counts that do not add up."""
        if self.read != self.loaded + self.quarantined + self.out_of_scope:
            raise LostRowsError(
                f"{self.file}: {self.read} rows read, but {self.loaded} loaded, {self.quarantined} in quarantine and "
                f"{self.out_of_scope} out of scope. Report it: this is a fault of the connector, not of the file."
            )

    @property
    def quarantined(self) -> int:
        """Return how many rows were rejected."""
        return len({(one.file, one.line) for one in self.rejected})


def edition_year(edition: str, prefix: str) -> int:
    """Return the year an edition is of: `rpls-2024` with the prefix `rpls` gives 2024.

    Raises
    ------
    UnknownEditionError
        The edition names no year.
    """
    found = re.fullmatch(rf"{re.escape(prefix)}-(\d{{4}})", edition, re.ASCII)
    if found is None:
        raise UnknownEditionError(f"{edition!r} names no year: an edition is called {prefix}-2024")
    return int(found[1])


def edition_date(edition: str, prefix: str) -> str:
    """Return the day, month or year an edition is of: `green-space-2026-11-20` gives 2026-11-20.

    Raises
    ------
    UnknownEditionError
        The edition names none.
    """
    label = edition.removeprefix(f"{prefix}-")
    if label == edition or not re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", label, re.ASCII):
        raise UnknownEditionError(
            f"{edition!r} names no date: an edition is called {prefix}-2026 or {prefix}-2026-11-20"
        )
    return label


class Connector(Protocol):
    """A module of `etl/connectors`, named after its data set; `GIVES` names all indicators it can give."""

    GIVES: tuple[str, ...]

    def extract(self, path: Path) -> Extracted:
        """Read a file faithfully: text from the first byte, nothing judged.

        Raises
        ------
        UnreadableFileError
            The file is not what the publisher offers: wrong type, encoding, separator or columns.
        """
        ...

    def transform(self, extracted: Extracted, edition: str, scope: Scope) -> Loaded:
        """Turn rows into observations of an edition; pure."""
        ...
