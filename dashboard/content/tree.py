"""A page as a tree of content: what it says and shows, in order, whoever shows it.

The Streamlit pages let a reader choose; a tree holds what there is to see without choosing: every map of a page.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from dashboard.content.cases import Case
from dashboard.content.finder import District
from dashboard.content.folds import Listing
from dashboard.content.pieces import Agenda, Chart, Headline, Item, Panel, Reading, Table, Tile
from dashboard.content.quarter import Section
from dashboard.content.targets import Card
from dashboard.maps.prepare import DistrictMap
from dashboard.view import WHOLE_CITY


@dataclass(frozen=True, eq=False)
class MapFigure:
    """A district map, what the area looked at says beside it, and the tables of the same values.

    `key` names it in addresses, unique within a commune; `panel` is empty where another map of the page has it.
    """

    key: str
    prepared: DistrictMap
    panel: Panel | None
    source: str
    kinds: tuple[str, ...]
    tables: tuple[Table, ...]

    @property
    def title(self) -> str:
        """The sentence above the map."""
        return self.prepared.title

    @property
    def theme(self) -> str:
        """The theme whose colours it has."""
        return self.prepared.theme


@dataclass(frozen=True, eq=False)
class ChartFigure:
    """A chart and the tables that say the same."""

    theme: str
    chart: Chart
    tables: tuple[Table, ...]

    @property
    def key(self) -> str:
        """Its name in addresses, unique within a commune."""
        return self.chart.name

    @property
    def title(self) -> str:
        """The sentence above the chart."""
        return self.chart.title


@dataclass(frozen=True)
class Tables:
    """Tables that belong to no chart or map of the page."""

    tables: tuple[Table, ...]


@dataclass(frozen=True)
class Readings:
    """How the indicators of the page are defined and read."""

    readings: tuple[Reading, ...]


@dataclass(frozen=True)
class Agendas:
    """Lists of dates side by side."""

    lists: tuple[Agenda, ...]


@dataclass(frozen=True)
class Listings:
    """Parts of a page that list tables under headings."""

    listings: tuple[Listing, ...]


@dataclass(frozen=True)
class Cases:
    """Comparisons side by side."""

    theme: str
    cases: tuple[Case, ...]


@dataclass(frozen=True)
class Cards:
    """Targets or commitments, one card each, under a heading or none."""

    cards: tuple[Card, ...]
    title: str = ""


@dataclass(frozen=True)
class Notes:
    """Rules of reading as a list."""

    title: str
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Districts:
    """The districts a reader can go to."""

    districts: tuple[District, ...]


@dataclass(frozen=True)
class Quarter:
    """The three parts of a district's page, the kinds of their sources, the names of their downloads."""

    sections: tuple[Section, ...]
    kinds: tuple[str, ...]
    downloads: tuple[str, ...]


@dataclass(frozen=True)
class Facts:
    """What is said of one thing, point by point."""

    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class PageLink:
    """A link to another page: its address as the navigation has it, of the city or of a district; words, a remark."""

    address: str
    words: str
    detail: str = ""
    district: str = WHOLE_CITY


@dataclass(frozen=True)
class PageLinks:
    """Links to other pages under a heading."""

    title: str
    links: tuple[PageLink, ...]


Figure = MapFigure | ChartFigure
Part = (
    MapFigure
    | ChartFigure
    | Tables
    | Readings
    | Agendas
    | Listings
    | Cases
    | Cards
    | Notes
    | Districts
    | Quarter
    | Facts
    | PageLinks
)


@dataclass(frozen=True, eq=False)
class PageTree:
    """A page: its address in the navigation, its theme, the sentence it opens with, figures in large, its parts."""

    address: str
    theme: str
    headline: Headline
    tiles: tuple[Tile, ...]
    parts: tuple[Part, ...]

    def figures(self) -> Iterator[Figure]:
        """Yield the maps and charts of the page in order."""
        for part in self.parts:
            if isinstance(part, MapFigure | ChartFigure):
                yield part
