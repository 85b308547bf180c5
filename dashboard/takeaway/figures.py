"""Which figure an address asks for as a picture: those of every page, as the page shows them."""

from collections.abc import Callable, Mapping
from functools import lru_cache

from dashboard.content import programmes, room
from dashboard.content.assumptions import supposed
from dashboard.content.indicator_trees import address, indicators_shown
from dashboard.content.pieces import Chart
from dashboard.content.programme_trees import YEAR as USUAL_YEAR
from dashboard.content.scenario import FIRST_YEAR, LAST_YEAR, foundation, quantities
from dashboard.content.tree import Figure, MapFigure
from dashboard.formats import labelled
from dashboard.messages import message
from dashboard.publication.trees import tree_at
from dashboard.takeaway.desk_pictures import COMPARER, EXPLORER, compared_at, explored_at
from dashboard.takeaway.no_picture import NoPictureError
from dashboard.takeaway.picture import Taken, drawn_chart, drawn_map
from dashboard.takeaway.picture_links import HYPOTHESES, QUANTITY, YEAR
from dashboard.view import View
from data.hypotheses import NOTHING_SUPPOSED, Hypotheses, HypothesisError, from_text
from data.rules.supposing import contradictions

INDICATOR, PROGRAMMES, CONFERENCE = "indicateur", "programmes", "conference-climat"
LANES = "programmes-lanes"
Parameters = Mapping[str, str]


def _hypotheses(view: View, parameters: Parameters) -> Hypotheses:
    """Return what a reader supposes.

    Raises
    ------
    HypothesisError
        It cannot be read, or contradicts itself or the sources.
    """
    hypotheses = from_text(parameters.get(HYPOTHESES, ""))
    if faults := list(contradictions(foundation(view.release, view.commune), hypotheses)):
        raise HypothesisError(faults)
    return hypotheses


def _lanes(view: View, hypotheses: Hypotheses, parameters: Parameters) -> Chart | None:
    asked, year = parameters.get(QUANTITY) or next(iter(quantities())), parameters.get(YEAR, "")
    if asked not in quantities():
        return None
    known = map(str, range(FIRST_YEAR + 1, LAST_YEAR + 1))
    return programmes.lanes_chart(view, hypotheses, asked, int(year) if year in known else USUAL_YEAR)


_SUPPOSED: dict[str, Callable[[View, Hypotheses, Parameters], Chart | None]] = {
    LANES: _lanes,
    "programmes-population": lambda view, hypotheses, _parameters: programmes.population_chart(view, hypotheses),
    "programmes-timeline": lambda view, hypotheses, _parameters: programmes.timeline_chart(view, hypotheses),
}


def _programme_figure(view: View, key: str, parameters: Parameters) -> Taken:
    """Return a chart of the page on programmes with what a reader supposes, which it says."""
    if key not in _SUPPOSED:
        return _of_tree(view, PROGRAMMES, key)
    hypotheses = _hypotheses(view, parameters)
    chart = _SUPPOSED[key](view, hypotheses, parameters)
    if chart is None:
        raise NoPictureError(f"nothing is to be drawn of {key!r} in {view.ref_area}")
    words = " ".join(supposed(view, hypotheses))
    is_plain = hypotheses == NOTHING_SUPPOSED and key != LANES
    return drawn_chart(view, chart, () if is_plain else (message("picture.supposed", view.language, words=words),))


def _conference_figure(view: View, key: str, parameters: Parameters) -> Taken:
    """Return a chart of the page on the climate conference; bands say what each situation supposes."""
    hypotheses = _hypotheses(view, parameters)
    chart = next((chart for chart, _ in room.charts(view, hypotheses) if chart.name == key), None)
    if chart is None:
        return _of_tree(view, CONFERENCE, key)
    *situations, _ = room.assumptions(view, hypotheses)
    return drawn_chart(view, chart, tuple(labelled(name, " ".join(lines), view.language) for name, lines in situations))


def _indicator_figure(view: View, key: str, parameters: Parameters) -> Taken:
    """Return a figure of the page of an indicator that a parameter names."""
    name = parameters.get(INDICATOR, "")
    if name not in indicators_shown(view):
        raise NoPictureError(f"nothing is said of an indicator {name!r}")
    return _of_tree(view, address(name), key)


def _is_called(figure: Figure, key: str) -> bool:
    """Tell whether addresses call a figure so; a map of an indicator's page goes by the name of the map too."""
    return key == figure.key or (isinstance(figure, MapFigure) and key == figure.prepared.name)


def _of_tree(view: View, page: str, key: str) -> Taken:
    tree = tree_at(view, page)
    figure = next((one for one in tree.figures() if _is_called(one, key)), None) if tree else None
    if figure is None:
        raise NoPictureError(f"no page {page!r} shows a figure {key!r}")
    if isinstance(figure, MapFigure):
        return drawn_map(view, figure.prepared, figure.source, figure.kinds)
    return drawn_chart(view, figure.chart)


_PAGES: dict[str, Callable[[View, str, Parameters], Taken]] = {
    COMPARER: compared_at,
    CONFERENCE: _conference_figure,
    EXPLORER: explored_at,
    INDICATOR: _indicator_figure,
    PROGRAMMES: _programme_figure,
}


@lru_cache(maxsize=32)
def _kept(view: View, page: str, key: str, parameters: tuple[tuple[str, str], ...]) -> Taken:
    if page in _PAGES:
        return _PAGES[page](view, key, dict(parameters))
    return _of_tree(view, page, key)


def figure_at(view: View, page: str, key: str, parameters: Parameters) -> Taken:
    """Return a figure of a page as a picture.

    Parameters
    ----------
    page : address of the page in the navigation (`logement`, `explorer`; nothing for the first one), or of the page
        of an indicator (`indicateurs/<name>`).
    key : what addresses call the figure, unique within a commune.
    parameters : what is chosen on the page, as its address has it.

    Raises
    ------
    NoPictureError
        No page shows such a figure.
    HypothesisError
        What a reader supposes cannot be read, or contradicts itself or the sources.
    UnknownMeasureError, UnknownLevelError, UnknownPeriodError, UnknownAreaError
        The release has nothing of what is to be explored or compared.
    """
    return _kept(view, page, key, tuple(sorted(parameters.items())))
