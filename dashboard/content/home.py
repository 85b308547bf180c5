"""The home page: how the city is changing, in one figure a theme, a map and three lists of dates."""

from functools import lru_cache

import pandas as pd

from dashboard.charts.lines import Line, ink, line_chart
from dashboard.charts.specifications import specification_of
from dashboard.content import alternatives, common
from dashboard.content.pieces import Agenda, Chart, Column, Headline, Panel, Reading, Table, Tile
from dashboard.figures import Figure, latest, series, to_figure
from dashboard.formats import labelled, number, percent_sign, signed
from dashboard.maps.prepare import DistrictMap, choropleth
from dashboard.messages import message
from dashboard.view import View
from dashboard.works import Event, due, happened, to_come, works
from data.frames import rows_of

THEME = "territory"
MAP_INDICATORS = (
    "population_density_inhabitants_per_km2",
    "population_under_20_share_percent",
    "population_65_and_over_share_percent",
)
LISTED = 6


def population_rows(view: View) -> pd.DataFrame:
    """Return the municipal populations of the commune."""
    return series(view.release, view.commune, "population", "insee_population")


@lru_cache(maxsize=256)
def headline(view: View) -> Headline:
    """Return how the population changed, or how many live in the district."""
    if not view.is_city:
        return _district_headline(view)
    rows = population_rows(view).dropna(subset="obs_value")
    if rows.empty:
        census = latest(view, "population")
        words = census.text if census else message("state.O", view.language)
        return Headline(
            message(
                "home.title_one", view.language, city=view.city_name, count=words, year=census.period if census else ""
            ),
            _projection(view),
        )
    newest = to_figure(view.release, next(rows_of(rows.iloc[[-1]])), view.language)
    first = rows.iloc[0]
    change = float(rows["obs_value"].iloc[-1] - first["obs_value"])
    title = message(
        "home.title" if change >= 0 else "home.title_less",
        view.language,
        city=view.city_name,
        count=newest.text,
        year=newest.period,
        first=first["time_period"],
        change=number(abs(change), 0, view.language),
        percent=signed(100 * change / first["obs_value"], 1, view.language) + percent_sign(view.language),
    )
    return Headline(title, _projection(view))


def _projection(view: View) -> str:
    expected = latest(view, "population_increase", view.commune, nature="projected")
    if expected is None:
        return ""
    return message("home.projection", view.language, count=expected.text, year=expected.period)


def _district_headline(view: View) -> Headline:
    here, city = latest(view, "population"), latest(view, "population", view.commune, "insee_census_iris")
    if here is None or city is None or not city.value or here.value is None:
        return Headline(view.area_name, message("state.O", view.language))
    share = number(100 * here.value / city.value, 0, view.language) + percent_sign(view.language)
    title = message(
        "home.district_title", view.language, name=view.area_name, count=here.text, year=here.period, share=share
    )
    return Headline(title, message("home.district_lead", view.language))


def _theme_figures(view: View) -> dict[str, Figure | None]:
    """Return one figure a theme by indicator: of the district where there is one, else of the city."""
    here = view.ref_area
    authorised = latest(view, "dwellings_authorised", here) if view.is_city else None
    return {
        **({"dwellings_authorised": authorised} if authorised else {"dwellings": latest(view, "dwellings", here)}),
        "green_area_created_ha": latest(view, "green_area_created_ha", view.commune),
        "geothermal_heat_share_percent": latest(view, "geothermal_heat_share_percent", view.commune),
        "population_near_station_share_percent": latest(view, "population_near_station_share_percent", here),
    }


@lru_cache(maxsize=256)
def tiles(view: View) -> tuple[Tile, ...]:
    """Return one figure a theme; a district shows the city's where it has none of its own, and says so."""
    shown = []
    for name, figure in _theme_figures(view).items():
        is_city_wide = figure is not None and figure.ref_area == view.commune and not view.is_city
        extra = message("mobility.whole_city", view.language) if is_city_wide else ""
        shown.append(common.tile(view, figure, extra=extra, indicator=name))
    return tuple(shown)


def district_map(view: View, indicator: str) -> DistrictMap:
    """Return the map of a census indicator by district."""
    return choropleth(view, indicator, THEME)


@lru_cache(maxsize=256)
def panel(view: View, prepared: DistrictMap) -> Panel:
    """Return what the area says beside the map."""
    figures = (
        common.item(view, latest(view, prepared.indicator), indicator=prepared.indicator),
        common.item(view, latest(view, "population", dataset="insee_census_iris")),
        common.item(view, latest(view, "dwellings")),
    )
    return Panel(view.area_name, figures, common.strip(view, prepared))


@lru_cache(maxsize=64)
def population_chart(view: View) -> Chart | None:
    """Return the population series; years the publication leaves out are gaps, not interpolated."""
    rows = population_rows(view)
    if rows.empty:
        return None
    years = rows["time_period"].astype(int)
    first, last = int(years.min()), int(years.max())
    absent = sorted(set(range(first, last + 1)) - set(years))
    valued = pd.DataFrame(
        {
            "year": years,
            "value": rows["obs_value"],
            "text": [
                labelled(row.time_period, number(row.obs_value, 0, view.language), view.language)
                for row in rows_of(rows)
            ],
        }
    )
    gaps = pd.DataFrame({"year": absent, "value": float("nan"), "text": ""})
    frame = pd.concat([valued, gaps]).sort_values("year") if absent else valued
    line = Line(message("home.line_population", view.language), ink(view.mode), frame)
    subtitle = message("home.population_subtitle", view.language, city=view.city_name, first=first, last=last)
    if absent:
        subtitle += " " + message("home.missing_years", view.language, years=", ".join(map(str, absent)))
    title = message("home.population_title", view.language)
    return Chart(
        key="home-population",
        title=title,
        subtitle=subtitle,
        specification=specification_of(
            line_chart([line], (first - 0.8, last + 4), view.mode, view.language, zero=False)
        ),
        alternative=alternatives.of_lines([line], view.language),
        source=message("home.population_source", view.language),
        export="series.{format}?theme=territory",
        kinds=(common.kind_words("official_statistics", view.language),),
    )


def _line(event: Event) -> tuple[str, str, str]:
    return event.date_words, event.label, event.source


@lru_cache(maxsize=256)
def agenda(view: View) -> tuple[Agenda, ...]:
    """Return what happened lately, what comes next, and what was due and is not confirmed."""
    overdue = [_line(event) for event in due(view)]
    named = {event.label for event in due(view)}
    overdue += [
        (work.date_words, work.name, work.source)
        for work in works(view)
        if work.due and not any(event.lines & work.lines for event in due(view)) and work.name not in named
    ]
    lists = (
        ("lately", [_line(event) for event in happened(view, LISTED)]),
        ("coming", [_line(event) for event in to_come(view)]),
        ("due_title", overdue),
    )
    empty = {"lately": "nothing_lately", "coming": "nothing_coming", "due_title": "nothing_due"}
    return tuple(
        Agenda(message(f"agenda.{key}", view.language), tuple(lines), message(f"agenda.{empty[key]}", view.language))
        for key, lines in lists
    )


@lru_cache(maxsize=64)
def population_table(view: View) -> Table:
    """Return the population of each year that was published."""
    columns = (
        Column("year", message("table.year", view.language)),
        Column("value", message("home.line_population", view.language), numeric=True),
    )
    cells = tuple((row.time_period, number(row.obs_value, 0, view.language)) for row in rows_of(population_rows(view)))
    title = message("home.population_table", view.language)
    return Table(title, columns, cells, "series.{format}?theme=territory")


@lru_cache(maxsize=256)
def tables(view: View, prepared: DistrictMap) -> tuple[Table, ...]:
    """Return the tables that say what map and series show."""
    return (common.map_table(view, prepared), population_table(view))


@lru_cache(maxsize=64)
def readings(view: View, indicator: str) -> tuple[Reading, ...]:
    """Return how the page's indicators are defined and read."""
    return tuple(common.reading(view, name) for name in (indicator, "population"))
