"""The slides of a wall screen: one message each, in at most fourteen words, with one figure or map and its source."""

import re
from dataclasses import dataclass

from dashboard.content import home, housing, mobility
from dashboard.content.common import kind_words
from dashboard.content.pieces import Chart
from dashboard.content.theme_files import map_origin
from dashboard.figures import Figure
from dashboard.maps.prepare import DistrictMap
from dashboard.messages import message
from dashboard.view import View

MOST_WORDS = 14
# The page a theme has; the others stand on the home page.
PAGES = {"housing": "logement", "green_space": "espaces-verts", "geothermal": "geothermie", "mobility": "mobilite"}


@dataclass(frozen=True)
class BigNumber:
    """A figure in very large: number or date, unit, words beneath."""

    number: str
    unit: str
    words: str


@dataclass(frozen=True)
class Origin:
    """Who says it: the source with its date, the marks of its kind, and what it is where it is not observed."""

    source: str
    marks: tuple[str, ...]
    status: str = ""


@dataclass(frozen=True, eq=False)
class Slide:
    """One message: heading, sentence, one figure (a number, a map or a chart), its origin, and the page it is about.

    A district's slide has a map beside its number that shows where the district is. `until` is the last day (ISO) on
    which the slide is true, empty where no day ends it; `indicator` is what the map of the page is asked to show.
    What is `open` has not taken place, as far as is known (planned, aimed at, projected, due): it is drawn otherwise.
    """

    kind: str
    theme: str
    heading: str
    sentence: str
    origin: Origin
    address: str = ""
    district: str = ""
    indicator: str = ""
    number: BigNumber | None = None
    drawn: DistrictMap | None = None
    chart: Chart | None = None
    until: str = ""
    open: bool = False


def count_words(sentence: str) -> int:
    """Return how many words a sentence has; a number's groups of three digits count each."""
    return sum(1 for part in sentence.split() if re.search(r"\w", part))


def fitting(*sentences: str) -> str:
    """Return the first of some ways to say the same that is short enough; nothing where none is."""
    return next((sentence for sentence in sentences if count_words(sentence) <= MOST_WORDS), "")


def capital(words: str) -> str:
    """Return words that begin a sentence."""
    return words[:1].upper() + words[1:]


def page_of(theme: str) -> str:
    """Return the address of the page that tells more of a theme."""
    return PAGES.get(theme, "")


def status_of(figure: Figure, language: str) -> str:
    """Return what a figure is, where it is not plainly observed: planned, aimed at, estimated."""
    parts = [] if figure.nature == "observed" else [message(f"nature.{figure.nature}", language)]
    if figure.status in {"E", "P", "F"}:
        parts.append(message(f"state.{figure.status}", language))
    return ", ".join(parts)


def origin_of(view: View, figure: Figure) -> Origin:
    """Return the origin of a figure, its date once where the source names it already."""
    source = figure.source
    if figure.date and figure.date not in source:
        source = f"{source} · {figure.date}"
    return Origin(source, (kind_words(figure.kind, view.language),), status_of(figure, view.language))


def map_source(view: View, theme: str, indicator: str) -> tuple[str, tuple[str, ...]]:
    """Return the source line and marks of a district map, as the pages give them."""
    if theme == home.THEME and indicator in home.MAP_INDICATORS:
        return housing.map_source(view)
    if theme == housing.THEME and indicator in housing.MAP_INDICATORS:
        return housing.map_source(view)
    if theme == mobility.THEME:
        return mobility.map_source(view, indicator)
    return map_origin(view, indicator)


def chart_origin(chart: Chart) -> Origin:
    """Return the origin of a chart."""
    return Origin(chart.source, chart.kinds)
