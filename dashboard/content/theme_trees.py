"""The home page and the theme pages as trees of content."""

from collections.abc import Callable
from functools import lru_cache
from types import ModuleType

from dashboard.content import common, departures, geothermal, green, home, housing, mobility
from dashboard.content.pieces import Chart, Reading, Table
from dashboard.content.tree import Agendas, ChartFigure, MapFigure, PageTree, Part, Readings, Tables
from dashboard.maps.prepare import DistrictMap
from dashboard.view import View

Source = tuple[str, tuple[str, ...]]


def _map(
    view: View, module: ModuleType, prepared: DistrictMap, source: Source, with_panel: bool, *more: Table
) -> tuple[Part, ...]:
    """Return a map with its panel and tables; where no district is known, the table of the IRIS alone."""
    tables = (common.map_table(view, prepared), *more)
    if prepared.frame.empty:
        return (Tables(tables),)
    panel = module.panel(view, prepared) if with_panel else None
    return (MapFigure(prepared.name, prepared, panel, *source, tables),)


def _maps(
    view: View, module: ModuleType, prepared: list[DistrictMap], source: Callable[[DistrictMap], Source], *more: Table
) -> tuple[Part, ...]:
    """Return the maps of a page; the first has the panel."""
    return tuple(
        part for place, one in enumerate(prepared) for part in _map(view, module, one, source(one), place == 0, *more)
    )


def _chart(theme: str, chart: Chart | None, *tables: Table) -> tuple[Part, ...]:
    """Return a chart with its tables; where there is nothing to chart, nothing."""
    return (ChartFigure(theme, chart, tuple(table for table in tables if table.rows)),) if chart else ()


def _timeline(view: View, theme: str, chart: Chart | None) -> tuple[Part, ...]:
    return _chart(theme, chart, common.milestone_table(view, theme), common.programme_table(view, theme))


def _rest(shown: tuple[Table, ...], parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """Return the tables of a page that stand beneath no figure of it."""
    told = {
        table.title for part in parts if isinstance(part, MapFigure | ChartFigure | Tables) for table in part.tables
    }
    left = tuple(table for table in shown if table.rows and table.title not in told)
    return (Tables(left),) if left else ()


@lru_cache(maxsize=64)
def home_tree(view: View) -> PageTree:
    """Return the page of the whole city or of a district: population, one figure a theme, dates."""
    maps = [home.district_map(view, name) for name in home.MAP_INDICATORS]
    parts = (
        *_maps(view, home, maps, lambda _: housing.map_source(view)),
        Agendas(home.agenda(view)),
        *_chart(home.THEME, home.population_chart(view), home.population_table(view)),
    )
    readings = _readings(*(home.readings(view, name) for name in home.MAP_INDICATORS))
    return PageTree("", home.THEME, home.headline(view), home.tiles(view), (*parts, readings))


@lru_cache(maxsize=64)
def housing_tree(view: View) -> PageTree:
    """Return the page on housing."""
    maps = [housing.district_map(view, name) for name in housing.MAP_INDICATORS]
    parts = (
        *_maps(view, housing, maps, lambda _: housing.map_source(view)),
        *_chart(housing.THEME, housing.series_chart(view), housing.series_table(view)),
        *_timeline(view, housing.THEME, housing.programme_chart(view)),
    )
    rest = _rest(housing.tables(view, maps[0]), parts)
    readings = _readings(*(housing.readings(view, name) for name in housing.MAP_INDICATORS))
    return PageTree("logement", housing.THEME, housing.headline(view), housing.tiles(view), (*parts, *rest, readings))


@lru_cache(maxsize=64)
def green_tree(view: View) -> PageTree:
    """Return the page on green space."""
    shown = green.map_choices(view)
    maps = [green.district_map(view, name) for name in shown]
    sources = {one.indicator: green.map_source(view, name) for one, name in zip(maps, shown, strict=True)}
    parts = (
        *_maps(view, green, maps, lambda one: sources[one.indicator]),
        *_chart(green.THEME, green.areas_chart(view), green.areas_table(view)),
        *_timeline(view, green.THEME, common.programme_timeline(view, green.THEME)),
    )
    rest = _rest(green.tables(view, maps[0]), parts)
    parts = (*parts, *rest, _readings(green.readings(view)))
    return PageTree("espaces-verts", green.THEME, green.headline(view), green.tiles(view), parts)


@lru_cache(maxsize=64)
def geothermal_tree(view: View) -> PageTree:
    """Return the page on geothermal heat."""
    prepared = geothermal.district_map(view)
    parts = (
        *_map(view, geothermal, prepared, common.texts_source(view, geothermal.THEME), True),
        *_chart(geothermal.THEME, geothermal.networks_chart(view), geothermal.networks_table(view)),
        *_timeline(view, geothermal.THEME, common.programme_timeline(view, geothermal.THEME)),
    )
    rest = _rest(geothermal.tables(view, prepared), parts)
    parts = (*parts, *rest, _readings(geothermal.readings(view)))
    return PageTree("geothermie", geothermal.THEME, geothermal.headline(view), geothermal.tiles(view), parts)


@lru_cache(maxsize=64)
def mobility_tree(view: View) -> PageTree:
    """Return the page on mobility."""
    shown = mobility.map_choices(view)
    maps, stations = [mobility.district_map(view, name) for name in shown], mobility.stations_table(view)
    parts = (
        *_maps(view, mobility, maps, lambda one: mobility.map_source(view, one.indicator), stations),
        *_chart(mobility.THEME, departures.week_chart(view), departures.week_table(view)),
        *_timeline(view, mobility.THEME, common.programme_timeline(view, mobility.THEME)),
    )
    rest = _rest(mobility.tables(view, maps[0]), parts)
    readings = _readings(*(mobility.readings(view, name) for name in shown))
    parts = (*parts, *rest, readings)
    return PageTree("mobilite", mobility.THEME, mobility.headline(view), mobility.tiles(view), parts)


def _readings(*groups: tuple[Reading, ...]) -> Readings:
    """Return how the indicators of a page are read, each once."""
    return Readings(tuple(dict.fromkeys(reading for group in groups for reading in group)))
