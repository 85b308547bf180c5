"""The figures of the planner's desk as pictures: what an address asks for, and the parameters that ask for one."""

from collections.abc import Callable, Iterator, Mapping

from dashboard.content.pieces import Chart
from dashboard.desk import compare, compare_figures, explore
from dashboard.desk.compare import Comparison
from dashboard.desk.explore import Query
from dashboard.desk.measures import key_of
from dashboard.desk.multiples import Multiples
from dashboard.desk.requests import BETWEEN, BY_MEASURE, BY_PERIOD, comparison_of, others_of, query_of
from dashboard.maps.prepare import DistrictMap
from dashboard.takeaway.no_picture import NoPictureError
from dashboard.takeaway.picture import Taken, drawn_chart, drawn_map, drawn_maps, drawn_multiples
from dashboard.view import View
from data.rules.side_by_side import Measured

EXPLORER, COMPARER = "explorer", "comparer"
MAP, RANKING, TIMELINE, SCATTER, MAPS = (
    f"exploration-{name}" for name in (explore.MAP, explore.RANKING, explore.TIMELINE, explore.SCATTER, "cartes")
)
Parameters = Mapping[str, str]


def explored(view: View, query: Query, several: str = "", others: tuple[Measured, ...] = ()) -> dict[str, str]:
    """Return the parameters that ask for a figure of a query.

    Parameters
    ----------
    several : `dates` or `indicateurs` for small maps side by side.
    others : the other measures that small maps show.
    """
    said = {
        "indicateur": key_of(view, query.measure),
        "niveau": query.level,
        "periode": query.period,
        "second": key_of(view, query.second) if query.second else "",
        "classes": query.method,
        "nombre": str(query.count),
        "cartes": several,
        "autres": BETWEEN.join(key_of(view, one) for one in others),
    }
    return {name: value for name, value in said.items() if value}


def compared(view: View, comparison: Comparison, measure: Measured) -> dict[str, str]:
    """Return the parameters that ask for a figure of a comparison: of its measure alone."""
    said = {
        "niveau": comparison.level,
        "lieux": BETWEEN.join(comparison.areas),
        "indicateurs": key_of(view, measure),
        "par": comparison.base,
        "montrer": comparison.shown,
        "base": comparison.first,
    }
    return {name: value for name, value in said.items() if value}


def drawn(view: View, figure: Chart | Multiples) -> Taken:
    """Return a chart, or panels side by side, as a picture."""
    return drawn_multiples(view, figure) if isinstance(figure, Multiples) else drawn_chart(view, figure)


def _map(view: View, query: Query, _parameters: Parameters) -> Taken:
    _check_drawable(view, query)
    return drawn_map(view, explore.mapped(view, query), *explore.source(view, query))


def _check_drawable(view: View, query: Query) -> None:
    if why := explore.why_no_map(view, query):
        raise NoPictureError("the query has no map", why)


def _small_maps(view: View, query: Query, parameters: Parameters) -> tuple[DistrictMap, ...]:
    several = parameters.get("cartes", "")
    if several == BY_PERIOD:
        return explore.maps_by_period(view, query)
    others = others_of(view, query, parameters) if several == BY_MEASURE else ()
    return explore.maps_by_measure(view, query, others) if others else ()


def _maps(view: View, query: Query, parameters: Parameters) -> Taken:
    _check_drawable(view, query)
    found = _small_maps(view, query, parameters)
    if len(found) < 2:
        raise NoPictureError("the query has no maps side by side")
    title = explore.multiples_title(view, query, len(found))
    return drawn_maps(view, title, found, *explore.source(view, query))


def _scatter(view: View, query: Query, _parameters: Parameters) -> Taken:
    if refused := explore.refused(view, query):
        raise NoPictureError("the two measures must not stand side by side", " ".join(refused[:2]))
    return _drawn_or_none(view, explore.scatter(view, query) if query.second else None)


def _drawn_or_none(view: View, figure: Chart | Multiples | None) -> Taken:
    if figure is None:
        raise NoPictureError("the query has no such figure")
    return drawn(view, figure)


_EXPLORED: dict[str, Callable[[View, Query, Parameters], Taken]] = {
    MAP: _map,
    MAPS: _maps,
    RANKING: lambda view, query, _parameters: _drawn_or_none(view, explore.ranking(view, query)),
    TIMELINE: lambda view, query, _parameters: _drawn_or_none(view, explore.timeline(view, query)),
    SCATTER: _scatter,
}


def explored_at(view: View, key: str, parameters: Parameters) -> Taken:
    """Return a figure of the page that explores.

    Raises
    ------
    NoPictureError
        There is no figure of that key, or the query has none.
    UnknownMeasureError, UnknownLevelError, UnknownPeriodError
        The release has no such measure, level or period.
    """
    if key not in _EXPLORED:
        raise NoPictureError(f"the page that explores has no figure {key!r}")
    return _EXPLORED[key](view, query_of(view, parameters), parameters)


def _figures(view: View, comparison: Comparison) -> Iterator[Chart | Multiples]:
    for measure in compare.kept(comparison):
        yield from compare_figures.figures(view, comparison, measure)


def compared_at(view: View, key: str, parameters: Parameters) -> Taken:
    """Return a figure of the page that compares.

    Raises
    ------
    NoPictureError
        The comparison has no figure of that key.
    UnknownMeasureError, UnknownLevelError, UnknownAreaError
        The release has no such measure, level or area.
    """
    comparison = comparison_of(view, parameters)
    if len(comparison.areas) < compare.FEWEST_AREAS:
        raise NoPictureError(f"fewer than {compare.FEWEST_AREAS} areas are compared")
    return _drawn_or_none(view, next((one for one in _figures(view, comparison) if one.key == key), None))
