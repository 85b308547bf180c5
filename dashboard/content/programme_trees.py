"""The page on programmes as a tree of content: with nothing supposed, since a static page asks nobody."""

from dataclasses import replace
from functools import lru_cache

from dashboard.content import programmes, slippage
from dashboard.content.assumptions import bounds_words, localised_label
from dashboard.content.outcomes import areas
from dashboard.content.pieces import Column, Headline, Table
from dashboard.content.programme_sheets import links_of
from dashboard.content.scenario import FIRST_YEAR, LAST_YEAR, quantities, scenario
from dashboard.content.tree import ChartFigure, Listings, Notes, PageTree, Part, Tables
from dashboard.figures import series, to_figure
from dashboard.messages import message
from dashboard.view import View
from data.frames import rows_of
from data.hypotheses import NOTHING_SUPPOSED

# The year looked at where nobody chooses one: that of the interactive page.
YEAR = 2030
_STEP_YEARS = 5


def bands_table(view: View, quantity: str) -> Table:
    """Return what can be said of a quantity by district at the end of every fifth year, nothing being supposed."""
    language, one, spec = view.language, scenario(view.release, view.commune, NOTHING_SUPPOSED), quantities()[quantity]
    years = range(FIRST_YEAR + (-FIRST_YEAR) % _STEP_YEARS, LAST_YEAR + 1, _STEP_YEARS)
    rows = []
    for code, name in areas(view):
        found = [one.interval(code, quantity, year) for year in years]
        if any(found):
            rows.append((name, *(bounds_words(view, item, spec.decimals) if item else "" for item in found)))
    columns = (
        Column("district", message("table.district", language)),
        *(Column(str(year), message("programmes.end_of_year", language, year=year)) for year in years),
    )
    title = message("programmes.bands_table", language, label=localised_label(view, quantity))
    return Table(title, columns, tuple(rows), "hypotheses.{format}")


def population_table(view: View) -> Table:
    """Return the population that was counted, and what a text announces, each with its source."""
    language = view.language
    rows = series(view.release, view.commune, "population").dropna(subset="obs_value")
    rows = rows.drop_duplicates("time_period", keep="last")
    announced = series(view.release, view.commune, "population_increase", nature="projected")
    figures = [to_figure(view.release, row, language) for row in (*rows_of(rows), *rows_of(announced))]
    cells = tuple(
        (one.label, one.date, one.text, message(f"nature.{one.nature}", language), one.source) for one in figures
    )
    names = ("label", "period", "value", "nature", "source")
    columns = tuple(Column(name, message(f"table.{name}", language), numeric=name == "value") for name in names)
    return Table(message("programmes.population_table", language), columns, cells)


def _bands(view: View) -> tuple[Part, ...]:
    """Return the bands of each quantity that operations of the area bring."""
    found = []
    for quantity in quantities():
        chart = None
        if not programmes.why_nothing(view, quantity):
            chart = programmes.lanes_chart(view, NOTHING_SUPPOSED, quantity, YEAR)
        if chart:
            named = replace(chart, key=f"{chart.key}-{quantity}", export="hypotheses.{format}",
                            source=message("programmes.static_source", view.language))  # fmt: skip
            found.append(ChartFigure(programmes.THEME, named, (bands_table(view, quantity),)))
    return tuple(found)


@lru_cache(maxsize=64)
def programmes_tree(view: View) -> PageTree:
    """Return the page on programmes: announced, delivered, dated; bands to 2040; dates; what has slipped."""
    population, timeline = (
        chart(view, NOTHING_SUPPOSED) for chart in (programmes.population_chart, programmes.timeline_chart)
    )
    before, by_operation = programmes.tables(view, NOTHING_SUPPOSED, YEAR)
    figures: list[Part] = list(_bands(view))
    if timeline:
        figures.append(ChartFigure(programmes.THEME, timeline, (programmes.timeline_table(view), by_operation)))
    if population:
        figures.append(ChartFigure(programmes.THEME, population, (population_table(view),)))
    nothing = tuple(words for quantity in quantities() if (words := programmes.why_nothing(view, quantity)))
    if nothing:
        figures.append(Notes(message("programmes.not_followed", view.language), nothing))
    told = () if timeline else (by_operation,)
    rest = (*programmes.tables_of_city(view, NOTHING_SUPPOSED, YEAR), before, *told, *programmes.without_number(view))
    kept = tuple(table for table in rest if table.rows)
    parts = (*figures, Tables(kept), Listings((slippage.listing(view),)), *links_of(view))
    title = programmes.headline(view, NOTHING_SUPPOSED, YEAR).title
    headline = Headline(title, message("programmes.static_lead", view.language))
    return PageTree("programmes", programmes.THEME, headline, programmes.tiles(view), parts)
