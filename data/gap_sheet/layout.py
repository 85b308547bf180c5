"""What the gap sheet is made of: one declaration of its tabs and columns, for who writes and who reads it."""

from dataclasses import dataclass
from typing import Literal

VERSION = "1"

# Rows of a tab, counted from 1: title, machine names (hidden), what to write, headings, then the operations.
TITLE_ROW, NAME_ROW, HELP_ROW, HEADING_ROW, FIRST_ROW = 1, 2, 3, 4, 5
# Blank rows of the tab of dates for any operation.
FREE_ROWS = 40

# The hidden tab that tells what sheet this is: names in column A, values in column B.
STAMP = "modele"
# Where the first tab takes the date and the reference of every row that has none of its own.
GUIDE = "guide"
DEFAULT_CELLS = {"as_of": "C6", "reference": "C7"}

ColumnKind = Literal["hidden", "fixed", "choice", "whole", "decimal", "date", "text"]


@dataclass(frozen=True)
class Column:
    """A column of a tab: what may stand in it, and the fact of `data.rules.gaps` it answers.

    `low` and `high` bound a number or the length of a text; `choice` names a list of words; `kinds` are the kinds of
    programme the question makes sense for (empty: all of the tab).
    """

    name: str
    kind: ColumnKind
    width: int = 0
    low: float = 0
    high: float = 0
    choice: str = ""
    fact: str = ""
    kinds: tuple[str, ...] = ()

    @property
    def is_question(self) -> bool:
        """Whether the city writes in this column."""
        return self.kind not in {"hidden", "fixed"}


@dataclass(frozen=True)
class Tab:
    """A tab of the sheet: its columns, left to right, and the kinds of programme it asks about (empty: all).

    `named` are columns that the city fills in for what is new; in the rows of what is known their texts are locked.
    """

    name: str
    columns: tuple[Column, ...]
    kinds: tuple[str, ...] = ()
    named: tuple[str, ...] = ()

    def column(self, name: str) -> Column:
        """Return a column by name."""
        return self.columns[self.index(name)]

    def index(self, name: str) -> int:
        """Return the place of a column, from 0."""
        return [column.name for column in self.columns].index(name)

    @property
    def values(self) -> tuple[Column, ...]:
        """The columns that hold an answer, without its date, reference and remark."""
        return tuple(column for column in self.columns if column.is_question and column not in BESIDE)

    @property
    def answers(self) -> tuple[Column, ...]:
        """The columns of values, without those that say which thing the row is about."""
        return tuple(column for column in self.values if column.name not in self.named)

    @property
    def is_free(self) -> bool:
        """Whether the city names the operation of a row itself."""
        return any(column.choice == "name" for column in self.columns)


def letter(index: int) -> str:
    """Return the letter of a column counted from 0; a tab has fewer than 26."""
    return chr(ord("A") + index)


_HIDDEN = (Column("programme_id", "hidden"), Column("control", "hidden"))
_OPERATION = (
    Column("name", "fixed", 32),
    Column("place", "fixed", 22),
    Column("status", "fixed", 11),
    Column("said", "fixed", 40),
)
_KNOWN = Column("known", "fixed", 22)
PROVENANCE = (
    Column("as_of", "date", 13),
    Column("reference", "text", 32, high=300),
    Column("remark", "text", 26, high=500),
)
# Where in the document, for sheets that ask for the page; and all that stands beside an answer.
PAGE = Column("reference_page", "whole", 9, 1, 9_999)
BESIDE = (*PROVENANCE, PAGE)
_STATE = Column("state", "choice", 13, choice="state", fact="date")
_YEAR = (1980, 2100)
_DAY = (
    Column("month", "whole", 10, 1, 12, fact="date"),
    Column("day", "whole", 10, 1, 31, fact="date"),
)
_DATE = (
    Column("phase", "choice", 19, choice="phase", fact="date"),
    _STATE,
    Column("year", "whole", 10, *_YEAR, fact="date"),
    *_DAY,
)
_CYCLE, _HEAT = ("cycle_route",), ("energy",)

TABS = (
    Tab("dates", (*_HIDDEN, *_OPERATION, *_DATE, *PROVENANCE)),
    Tab(
        "dates_known",
        (
            *_HIDDEN,
            Column("promise", "hidden"),
            *_OPERATION,
            Column("known_phase", "fixed", 18),
            Column("known_date", "fixed", 12),
            _STATE,
            Column("new_year", "whole", 13, *_YEAR, fact="date"),
            *_DAY,
            *PROVENANCE,
        ),
    ),
    Tab("other_dates", (*_HIDDEN, Column("chosen_name", "choice", 48, choice="name"), *_DATE, *PROVENANCE)),
    Tab(
        "housing",
        (
            *_HIDDEN,
            *_OPERATION,
            _KNOWN,
            Column("dwellings_total", "whole", 14, 0, 100_000, fact="size"),
            Column("dwellings_delivered", "whole", 14, 0, 100_000, fact="delivered"),
            Column("social_share_percent", "decimal", 14, 0, 100, fact="tenure"),
            *PROVENANCE,
        ),
        kinds=("housing_programme",),
    ),
    Tab(
        "surfaces",
        (
            *_HIDDEN,
            *_OPERATION,
            _KNOWN,
            Column("area_m2", "decimal", 15, 0, 10_000_000, fact="area"),
            Column("area_delivered_m2", "decimal", 15, 0, 10_000_000, fact="delivered"),
            *PROVENANCE,
        ),
        kinds=("green_space",),
    ),
    Tab(
        "networks",
        (
            *_HIDDEN,
            *_OPERATION,
            _KNOWN,
            Column("cycle_route_km", "decimal", 13, 0, 1_000, fact="size", kinds=_CYCLE),
            Column("cycle_route_delivered_km", "decimal", 13, 0, 1_000, fact="delivered", kinds=_CYCLE),
            Column("heat_connections", "whole", 15, 0, 100_000, fact="size", kinds=_HEAT),
            Column("heat_connections_delivered", "whole", 15, 0, 100_000, fact="delivered", kinds=_HEAT),
            *PROVENANCE,
        ),
        kinds=(*_CYCLE, *_HEAT),
    ),
    Tab(
        "positions",
        (
            *_HIDDEN,
            *_OPERATION,
            Column("longitude", "decimal", 15, -180, 180, fact="position"),
            Column("latitude", "decimal", 15, -90, 90, fact="position"),
            *PROVENANCE,
        ),
    ),
)
# Pairs of columns of which the first cannot exceed the second.
PARTS = (
    ("dwellings_delivered", "dwellings_total"),
    ("area_delivered_m2", "area_m2"),
    ("cycle_route_delivered_km", "cycle_route_km"),
    ("heat_connections_delivered", "heat_connections"),
)
