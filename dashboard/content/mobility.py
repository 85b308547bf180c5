"""Mobility: cycling as the city declares it, and who lives near a station."""

from functools import lru_cache

import pandas as pd

from dashboard.content import common, theme_files
from dashboard.content.pieces import Column, Headline, Item, Panel, Reading, Table, Tile
from dashboard.figures import latest
from dashboard.maps.prepare import DistrictMap, choropleth
from dashboard.messages import message
from dashboard.view import View
from data.frames import rows_of

THEME = "mobility"
NEAR_STATION = "population_near_station_share_percent"
MAP_INDICATORS = (NEAR_STATION, "population_density_inhabitants_per_km2")
_CITY_FIGURES = ("cycle_routes_built_km", "calm_zones_km", "cycle_stands", "cycle_budget_eur_per_year")


@lru_cache(maxsize=256)
def headline(view: View) -> Headline:
    """Return what the city declares built, or how many live near a station in the district."""
    near = latest(view, NEAR_STATION)
    if not view.is_city:
        if near is None:
            return Headline(view.area_name, message("state.O", view.language))
        title = message("mobility.district_title", view.language, name=view.area_name, share=near.text)
        return Headline(title, message("mobility.district_lead", view.language))
    routes, calm = latest(view, "cycle_routes_built_km"), latest(view, "calm_zones_km")
    lead = message("mobility.lead", view.language, share=near.text) if near else ""
    if routes is None or calm is None:
        return Headline(message("mobility.title_none", view.language, at_city=view.at_city), lead)
    title = message(
        "mobility.title", view.language, routes=routes.text, calm=calm.text, start=routes.period.split("/")[0]
    )
    return Headline(title, lead)


@lru_cache(maxsize=256)
def tiles(view: View) -> tuple[Tile, ...]:
    """Return the city's cycling figures and the share of people near a station."""
    rate = latest(view, "cycle_stands_per_1000_inhabitants", view.commune)
    beside = message("mobility.per_inhabitants", view.language, value=rate.text) if rate else ""
    city = {name: latest(view, name, view.commune) for name in _CITY_FIGURES}
    whole = _whole_city(view)
    return (
        common.tile(view, latest(view, NEAR_STATION), indicator=NEAR_STATION),
        *(
            common.tile(view, city[name], extra=beside if name == "cycle_stands" else whole, indicator=name)
            for name in ("cycle_routes_built_km", "cycle_stands", "cycle_budget_eur_per_year")
        ),
    )


def _whole_city(view: View) -> str:
    return "" if view.is_city else message("mobility.whole_city", view.language)


def district_map(view: View, indicator: str) -> DistrictMap:
    """Return the map of an estimate by district, with the stations at their sourced positions."""
    return choropleth(view, indicator, THEME, with_stations=True)


def map_choices(view: View) -> tuple[str, ...]:
    """Return what the map can show: who lives near a station, and what received files say by district."""
    return theme_files.map_choices(view, THEME, MAP_INDICATORS)


def map_source(view: View, indicator: str) -> tuple[str, tuple[str, ...]]:
    """Return the source line of the map."""
    if indicator not in MAP_INDICATORS:
        return theme_files.map_origin(view, indicator)
    return message("mobility.map_source", view.language), (common.kind_words("official_statistics", view.language),)


@lru_cache(maxsize=256)
def panel(view: View, prepared: DistrictMap) -> Panel:
    """Return what the area says beside the map."""
    figures = [
        common.item(view, latest(view, prepared.indicator), indicator=prepared.indicator),
        common.item(view, latest(view, "population_near_station"), indicator="population_near_station"),
    ]
    names = sorted(set(_stations(view)["name"]))
    if not view.is_city:
        words = ", ".join(names) if names else message("mobility.no_station", view.language)
        figures.append(
            Item(
                message("mobility.stations_inside", view.language),
                words,
                common.district_basis(view),
            )
        )
    return common.panel(view, prepared, tuple(figures), THEME)


def _stations(view: View) -> pd.DataFrame:
    """Return the stations of the ledger, of the chosen district if any."""
    places = view.release.table("places")
    rows = places[places["place_id"].str.startswith("station-") & (places["listed_for"] == view.commune)]
    return rows if view.is_city else rows[rows["district"] == view.ref_area]


def cycling_rows(view: View) -> pd.DataFrame:
    """Return the city's cycling figures."""
    observations = view.release.table("observations")
    return observations[(observations["ref_area"] == view.commune) & observations["indicator"].isin(_CITY_FIGURES)]


def cycling_table(view: View) -> Table:
    """Return the city's cycling figures."""
    found = [latest(view, name, view.commune) for name in _CITY_FIGURES]
    cells = tuple((figure.label, figure.text, figure.date, figure.source, figure.note) for figure in found if figure)
    names = ("label", "value", "period", "source", "note")
    columns = tuple(Column(name, message(f"table.{name}", view.language), numeric=name == "value") for name in names)
    return Table(
        message("mobility.cycling_table", view.language), columns, cells, "series.{format}?theme=mobility", is_open=True
    )


@lru_cache(maxsize=64)
def stations_table(view: View) -> Table:
    """Return the stations of the area with mode, line and district."""
    rows = _stations(view).sort_values(["name", "line"])
    cells = tuple(
        (
            row.name,
            message(f"mode.{row.kind}", view.language),
            row.line,
            str(view.areas.at[row.district, "name"]) if row.district else message("mobility.outside", view.language),
        )
        for row in rows_of(rows)
    )
    columns = (
        Column("station", message("table.station", view.language)),
        Column("mode", message("table.kind_of_transport", view.language)),
        Column("line", message("table.line", view.language)),
        Column("district", message("table.district", view.language)),
    )
    title = message("mobility.stations_table", view.language, count=len(cells))
    basis = common.district_basis(view)
    note = message("mobility.stations_note", view.language, basis=basis[0].lower() + basis[1:])
    return Table(title, columns, cells, "stations.{format}", note=note)


def station_export(view: View) -> pd.DataFrame:
    """Return the stations the table lists."""
    return _stations(view)


@lru_cache(maxsize=256)
def tables(view: View, prepared: DistrictMap) -> tuple[Table, ...]:
    """Return the tables that say what the page shows."""
    return (
        *theme_files.received_table(view, THEME),
        cycling_table(view),
        common.map_table(view, prepared),
        stations_table(view),
        common.milestone_table(view, THEME),
        common.programme_table(view, THEME),
        common.without_place_table(view, THEME),
    )


@lru_cache(maxsize=64)
def readings(view: View, indicator: str) -> tuple[Reading, ...]:
    """Return how the page's indicators are defined and read."""
    return tuple(common.reading(view, name) for name in dict.fromkeys((indicator, NEAR_STATION, *_CITY_FIGURES)))
