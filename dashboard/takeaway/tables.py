"""The tables that pages show of the rows of an export, made anew for whoever takes the rows away."""

from collections.abc import Callable, Iterable, Mapping

from dashboard import store
from dashboard.content import (
    changes,
    commitment_chain,
    commitments,
    common,
    departures,
    energy,
    geothermal,
    green,
    home,
    housing,
    indicator_rows,
    mobility,
    numbers,
    outcomes,
    quality,
    quarter,
    reconciliation,
    slippage,
    structures,
    target_chart,
    targets,
    theme_files,
)
from dashboard.content.entries import SECTIONS
from dashboard.content.folds import Fold, Listing, plain_cells
from dashboard.content.pieces import Column, Heading, Table
from dashboard.content.scenario import FIRST_YEAR, LAST_YEAR
from dashboard.content.targets import Card
from dashboard.desk import compare, explore
from dashboard.desk.requests import tables_compared, tables_explored
from dashboard.dossier.flow import cards
from dashboard.figures import indicators
from dashboard.listing import Filter
from dashboard.maps.prepare import choropleth
from dashboard.messages import message
from dashboard.view import View
from data.history import previous_id
from data.hypotheses import from_text
from data.settings import releases_folder

Parameters = Mapping[str, str]
Tables = tuple[Table, ...]
_STEP_YEARS = 5
# Indicators of received files that the page of a theme shows elsewhere than in its table of them.
SHOWN_ELSEWHERE = {housing.THEME: housing.SHOWN, geothermal.THEME: geothermal.SHOWN}
_QUARTER = ("part", "group", "name", "state", "note", "source")


def chosen_of(parameters: Parameters) -> Filter:
    """Return how the list of all figures is narrowed down."""
    return Filter(*(parameters.get(name, "") for name in ("recherche", "theme", "annee")))


def since_of(view: View, parameters: Parameters) -> str:
    """Return the release to compare with: the one named, else the one published before."""
    return parameters.get(changes.SINCE, "") or previous_id(releases_folder(), view.release.release_id)


def of_fold(fold: Fold) -> Table:
    """Return a table of a listing with plain cells: what stands beneath a cell follows it in brackets."""
    headings: list[Heading] = []
    rows: list[tuple[str, ...]] = []
    for group in fold.groups:
        if group.title:
            headings.append(Heading(len(rows), group.title, group.mark, group.under))
        rows += [plain_cells(row) for row in group.rows]
    columns = tuple(Column(f"column{place}", label) for place, label in enumerate(fold.columns))
    return Table(fold.title, columns, tuple(rows), headings=tuple(headings))


def _of_listings(found: Iterable[Listing]) -> Tables:
    return tuple(of_fold(fold) for listing in found for fold in listing.folds)


def _listed(listings: Callable[[View], tuple[Listing, ...]], name: str, view: View) -> Tables:
    return _of_listings(one for one in listings(view) if one.export == name)


def _numbers(name: str, view: View, parameters: Parameters) -> Tables:
    return _listed(lambda one: numbers.listings(one, chosen_of(parameters)), name, view)


def _cards(groups: Iterable[tuple[str, tuple[Card, ...]]], view: View) -> Tables:
    """Return targets or commitments as one table."""
    grid = cards(tuple(groups), message("briefing.cards", view.language), view.language)
    starts = [sum(len(one.rows) for one in grid.groups[:place]) for place in range(len(grid.groups))]
    headings = tuple(Heading(start, one.title, "", "") for start, one in zip(starts, grid.groups, strict=True)
                     if one.title)  # fmt: skip
    return (Table(grid.title.text, grid.columns, grid.rows, headings=headings),)


def _commitments(view: View, _parameters: Parameters) -> Tables:
    board = ((group.title, group.cards) for group in commitments.board(view))
    lists = _of_listings((commitment_chain.listing(view),)) if commitments.judged(view) else ()
    return (*_cards(board, view), commitment_chain.timeline_table(view), *lists)


def _targets(view: View, _parameters: Parameters) -> Tables:
    drawn = tuple(table for _, _, table in target_chart.charts(view))
    return (*_cards((("", targets.cards(view)),), view), *drawn, *_of_listings((targets.listing(view),)))


def _quarter(view: View, _parameters: Parameters) -> Tables:
    """Return the three parts of a district's page as a table."""
    rows = tuple(
        (section.title, group.title, line.name, line.state, line.note, line.source)
        for section in quarter.sections(view)
        for group in section.groups
        for line in group.lines
    )
    columns = tuple(Column(name, message(f"takeaway.quarter_{name}", view.language)) for name in _QUARTER)
    return (Table(quarter.headline(view).title, columns, rows),)


def _map(view: View, parameters: Parameters) -> Tables:
    name = parameters["indicateur"]
    theme = str(indicators(view.release)[name].theme)
    return (common.map_table(view, choropleth(view, name, theme)),)


def _series(view: View, parameters: Parameters) -> Tables:
    match parameters["theme"]:
        case housing.THEME:
            return (housing.series_table(view),)
        case green.THEME:
            return (green.areas_table(view),)
        case geothermal.THEME:
            return (geothermal.networks_table(view), *energy.network_table(view, geothermal.networks))
        case mobility.THEME:
            return (mobility.cycling_table(view),)
        case _:
            return (home.population_table(view),)


def _years() -> range:
    return range(FIRST_YEAR + (-FIRST_YEAR) % _STEP_YEARS, LAST_YEAR + 1, _STEP_YEARS)


def _supposed(view: View, parameters: Parameters) -> Tables:
    """Return what each district has at the end of every fifth year, under the hypotheses of the address."""
    hypotheses = from_text(parameters.get("hypotheses", ""))
    return tuple(outcomes.district_table(view, hypotheses, year) for year in _years())


def _supposed_operations(view: View, parameters: Parameters) -> Tables:
    hypotheses = from_text(parameters.get("hypotheses", ""))
    return tuple(outcomes.operation_table(view, hypotheses, year) for year in _years())


def _received(view: View, parameters: Parameters) -> Tables:
    theme = parameters["theme"]
    return theme_files.received_table(view, theme, SHOWN_ELSEWHERE.get(theme, ()))


def _changes(view: View, parameters: Parameters) -> Tables:
    return _of_listings(changes.listings(view, store.earlier(since_of(view, parameters))))


_LISTED: dict[str, Callable[[View], tuple[Listing, ...]]] = {
    **dict.fromkeys((*quality.EXPORTS, "receptions", "quarantaine"), quality.listings),
    **dict.fromkeys(reconciliation.EXPORTS, reconciliation.listings),
    slippage.EXPORT: lambda view: (slippage.listing(view),),
}
_TABLES: dict[str, Callable[[View, Parameters], Tables]] = {
    **dict.fromkeys((name for name in quarter.EXPORTS if name != "chiffres-du-quartier"), _quarter),
    "carte": _map,
    indicator_rows.EXPORT: lambda view, parameters: (indicator_rows.values_table(view, parameters["indicateur"]),),
    changes.EXPORT: _changes,
    departures.EXPORT: lambda view, _parameters: (departures.week_table(view),),
    energy.EXPORT: lambda view, _parameters: energy.year_tables(view),
    "fichiers-recus": _received,
    "hypotheses": _supposed,
    "hypotheses-operations": _supposed_operations,
    commitments.EXPORT: _commitments,
    "objectifs": _targets,
    "programmes": lambda view, parameters: (common.programme_table(view, parameters["theme"]),),
    "series": _series,
    structures.EXPORT: lambda view, parameters: (structures.nearest_table(view, parameters[structures.IRIS]),),
    explore.EXPORT: tables_explored,
    compare.EXPORT: tables_compared,
    numbers.EVERYTHING: lambda view, parameters: tuple(
        table for section in SECTIONS for table in _numbers(section, view, parameters)
    ),
    "stations": lambda view, _parameters: (mobility.stations_table(view),),
}


def tables_of(view: View, name: str, parameters: Parameters) -> Tables:
    """Return the tables that pages show of an export whose rows can be had; those without rows are left out.

    The figures in large of a district stand in no table: their sheet of values says the same.
    """
    if name in SECTIONS:
        found = _numbers(name, view, parameters)
    elif name in _LISTED:
        found = _listed(_LISTED[name], name, view)
    else:
        found = _TABLES[name](view, parameters) if name in _TABLES else ()
    return tuple(table for table in found if table.rows)
