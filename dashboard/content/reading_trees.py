"""The pages one reads as trees of content: districts, targets, all figures, comparisons, sources, what changed."""

from functools import lru_cache

from dashboard.content import (
    cases,
    changes,
    finder,
    numbers,
    quality,
    quarter,
    reconciliation,
    target_chart,
    targets,
)
from dashboard.content.programme_sheets import links_of
from dashboard.content.tree import (
    Cards,
    Cases,
    ChartFigure,
    Districts,
    Listings,
    Notes,
    PageTree,
    Part,
    Quarter,
    Tables,
)
from dashboard.listing import Filter
from dashboard.messages import message
from dashboard.view import View
from data.release import Release


@lru_cache(maxsize=64)
def quarter_tree(view: View) -> PageTree:
    """Return the page of a district, or of the city the list of its districts."""
    tables = tuple(table for table in quarter.tables(view) if table.rows)
    if view.is_city:
        found = finder.districts(view)
        parts: tuple[Part, ...] = (Districts(found),) if found else ()
    else:
        parts = (Quarter(quarter.sections(view), quarter.kinds(view), quarter.downloads(view)),)
    parts = (*parts, Tables(tables)) if tables else parts
    parts = parts if view.is_city else (*parts, *links_of(view))
    return PageTree("quartier", quarter.THEME, quarter.headline(view), quarter.tiles(view), parts)


@lru_cache(maxsize=64)
def targets_tree(view: View) -> PageTree:
    """Return the page on targets: a card each, the series of those that one measures, what is no target, the method."""
    figures = tuple(ChartFigure(theme, chart, (table,)) for theme, chart, table in target_chart.charts(view))
    notes = targets.not_targets(view)
    said = (Notes(message("targets.not_targets", view.language), notes),) if notes else ()
    parts = (Cards(targets.cards(view)), *figures, *said, Listings((targets.listing(view),)))
    return PageTree("objectifs", targets.THEME, targets.headline(view), (), parts)


@lru_cache(maxsize=64)
def numbers_tree(view: View) -> PageTree:
    """Return the list of all figures, dates and series."""
    listings = numbers.listings(view, Filter())
    return PageTree("chiffres", numbers.THEME, numbers.headline(view), (), (Listings(listings),))


@lru_cache(maxsize=8)
def reconciliation_tree(view: View) -> PageTree:
    """Return the page where sources, totals and parts, or readings meet."""
    parts = (Cases(reconciliation.THEME, cases.cases(view)), Listings(reconciliation.listings(view)))
    return PageTree("rapprochements", reconciliation.THEME, reconciliation.headline(view), (), parts)


@lru_cache(maxsize=8)
def quality_tree(view: View) -> PageTree:
    """Return the page on sources, checks, and what is missing."""
    notes = Notes(message("quality.notes", view.language), quality.notes(view))
    return PageTree("sources", quality.THEME, quality.headline(view), (), (notes, Listings(quality.listings(view))))


@lru_cache(maxsize=8)
def changes_tree(view: View, earlier: Release | None) -> PageTree:
    """Return the page that compares with an earlier release; with none, it says that there is nothing to compare."""
    listings = changes.listings(view, earlier)
    parts = (Listings(listings),) if listings else ()
    return PageTree("changements", changes.THEME, changes.headline(view, earlier), (), parts)
