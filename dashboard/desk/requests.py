"""What an address asks the desk for: a query or a comparison from its parameters, checked against the release."""

from collections.abc import Mapping

import pandas as pd

from dashboard.content.pieces import Table
from dashboard.desk import classing, compare, explore
from dashboard.desk.compare import Comparison
from dashboard.desk.explore import Query
from dashboard.desk.measures import (
    UnknownLevelError,
    UnknownPeriodError,
    areas_of,
    levels_of,
    measure_of,
    periods_of,
    usual_level,
    usual_period,
)
from dashboard.view import View
from data.errors import UnknownAreaError
from data.rules.side_by_side import Measured

Parameters = Mapping[str, str]
BETWEEN = ","
# One map alone, or small ones side by side: of several periods, or of several measures.
NONE, BY_PERIOD, BY_MEASURE = "aucune", "dates", "indicateurs"
MOST_OTHERS = 5


def query_of(view: View, parameters: Parameters) -> Query:
    """Return what is explored: `indicateur`, and perhaps `niveau`, `periode`, `second`, `classes`, `nombre`.

    Raises
    ------
    UnknownMeasureError, UnknownLevelError, UnknownPeriodError
        The release has no such measure, none at that level, or none of that period.
    """
    measure = measure_of(view, parameters.get("indicateur", ""))
    levels = levels_of(view, measure)
    level = parameters.get("niveau") or usual_level(view, levels)
    if level not in levels:
        raise UnknownLevelError(level)
    period = parameters.get("periode") or usual_period(view, measure, level)
    if period not in periods_of(view, measure, level):
        raise UnknownPeriodError(period)
    second = parameters.get("second", "")
    method, count = parameters.get("classes", ""), parameters.get("nombre", "")
    query = Query(measure, level, period, measure_of(view, second) if second else None)
    if query.second is not None and level not in levels_of(view, query.second):
        raise UnknownLevelError(level)
    usual = classing.CITY if explore.city_bounds(view, query) else classing.QUANTILES
    is_count = count.isdecimal() and classing.FEWEST <= int(count) <= classing.MOST
    return explore.classed(query, method if method in classing.METHODS else usual,
                           int(count) if is_count else classing.USUAL)  # fmt: skip


def others_of(view: View, query: Query, parameters: Parameters) -> tuple[Measured, ...]:
    """Return the other measures that small maps show: `autres`, joined by commas; those of another unit are left out.

    Raises
    ------
    UnknownMeasureError
        The release has no such measure.
    """
    asked = dict.fromkeys(measure_of(view, key) for key in parameters.get("autres", "").split(BETWEEN) if key)
    known = explore.same_unit(view, query)
    return tuple(one for one in asked if one in known)[:MOST_OTHERS]


def rows_explored(view: View, parameters: Parameters) -> pd.DataFrame:
    """Return the observations of what is explored: of all its periods where no `periode` is asked for."""
    return explore.export_rows(view, query_of(view, parameters), all_periods="periode" not in parameters)


def tables_explored(view: View, parameters: Parameters) -> tuple[Table, ...]:
    """Return the tables that the page shows of what is explored: of all periods where none is asked for."""
    query = query_of(view, parameters)
    return (explore.period_table(view, query),) if "periode" not in parameters else explore.tables(view, query)


def rows_compared(view: View, parameters: Parameters) -> pd.DataFrame:
    """Return the observations behind a comparison, those that figures are divided by too."""
    return compare.export_rows(view, comparison_of(view, parameters))


def tables_compared(view: View, parameters: Parameters) -> tuple[Table, ...]:
    """Return the tables that the page shows of a comparison."""
    comparison = comparison_of(view, parameters)
    found = (compare.table(view, comparison, measure) for measure in compare.kept(comparison))
    return tuple(table for table in found if table is not None)


def comparison_of(view: View, parameters: Parameters) -> Comparison:
    """Return what is compared: `niveau`, `lieux` and `indicateurs` joined by commas, perhaps `par`, `montrer`, `base`.

    Raises
    ------
    UnknownMeasureError, UnknownLevelError, UnknownAreaError, UnknownPeriodError
        The release has no such measure, level or area, or an index cannot start in the period.
    """
    level = parameters.get("niveau", "")
    if level not in compare.levels(view):
        raise UnknownLevelError(level)
    areas = tuple(code for code in parameters.get("lieux", "").split(BETWEEN) if code)
    unknown = set(areas) - set(areas_of(view, level)["ref_area"])
    if unknown or not areas:
        raise UnknownAreaError(", ".join(sorted(unknown)) or "none")
    found = tuple(measure_of(view, key) for key in parameters.get("indicateurs", "").split(BETWEEN))
    if any(level not in levels_of(view, one) for one in found):
        raise UnknownLevelError(level)
    base, shown = parameters.get("par", ""), parameters.get("montrer", "")
    bases = compare.base_labels(view, found)
    asked = Comparison(
        level,
        areas[: compare.MOST_AREAS],
        found[: compare.MOST_MEASURES],
        base if base in bases and base != compare.UNDIVIDED else "",
        shown if shown in compare.SHOWN else compare.VALUES,
    )
    first = parameters.get("base", "") if asked.shown == compare.INDEX else ""
    if first and first not in compare.base_periods(view, asked):
        raise UnknownPeriodError(first)
    return compare.based(asked, first)
