"""Geothermal heat: what is declared for the city, the networks that serve it, and what no source gives."""

from functools import lru_cache

import pandas as pd

from dashboard.charts.bars import Quantity, bar_chart
from dashboard.charts.specifications import specification_of
from dashboard.content import alternatives, common, energy, theme_files
from dashboard.content.pieces import Chart, Column, Headline, Item, Panel, Reading, Table, Tile
from dashboard.figures import Figure, latest
from dashboard.maps.prepare import DistrictMap, operation_counts
from dashboard.messages import message
from dashboard.view import View

THEME = "geothermal"
RENEWABLE = "heat_network_renewable_share_percent"
CARBON = "heat_network_co2_content_kg_per_kwh"
CARBON_LIFE_CYCLE = "heat_network_co2_content_life_cycle_kg_per_kwh"
# What tables of their own say of received files.
SHOWN = (*energy.ENERGY, *energy.EMISSIONS)


def networks(view: View, mine: bool) -> pd.DataFrame:
    """Return the heat networks that serve the commune, or those of the other communes followed."""
    areas = view.areas[view.areas["level"] == "network"]
    serves = areas["communes_served"].str.split().map(lambda communes: view.commune in communes).astype(bool)
    return areas[serves == mine]


def network_shares(view: View) -> list[Figure]:
    """Return the renewable-and-recovered share of each network that serves the commune, the lowest first."""
    found = [latest(view, RENEWABLE, code) for code in networks(view, mine=True)["ref_area"]]
    return sorted((figure for figure in found if figure), key=lambda figure: figure.value or 0)


@lru_cache(maxsize=256)
def headline(view: View) -> Headline:
    """Return the share the city declares, with what its text leaves open."""
    declared, shares = latest(view, "geothermal_heat_share_percent", view.commune), network_shares(view)
    if declared is None:
        return Headline(message("geothermal.title_none", view.language, at_city=view.at_city), "")
    place = view.at_city[:1].upper() + view.at_city[1:]
    title = message("geothermal.title", view.language, at_city=place, value=declared.text)
    if not view.is_city:
        return Headline(title, message("geothermal.district_lead", view.language, name=view.area_name))
    if not shares:
        return Headline(title, message("geothermal.undated", view.language))
    key = "geothermal.network_one" if len(shares) == 1 else "geothermal.networks"
    return Headline(
        title,
        message(
            "geothermal.lead",
            view.language,
            year=shares[0].period,
            low=shares[0].text,
            high=shares[-1].text,
            networks=message(key, view.language, count=len(shares)),
        ),
    )


@lru_cache(maxsize=256)
def tiles(view: View) -> tuple[Tile, ...]:
    """Return the declared share, each network's own measure, and the year aimed at."""
    served = tuple(
        common.tile(view, figure, extra=str(view.areas.at[figure.ref_area, "name"]))
        for figure in reversed(network_shares(view))
    )
    return (
        common.tile(
            view, latest(view, "geothermal_heat_share_percent", view.commune), indicator="geothermal_heat_share_percent"
        ),
        *served[:2],
        common.tile(
            view,
            latest(view, "carbon_neutrality_target_year", view.commune, nature="target"),
            indicator="carbon_neutrality_target_year",
        ),
    )


def district_map(view: View) -> DistrictMap:
    """Return how many places and actions the texts name in each district."""
    return operation_counts(view, THEME)


@lru_cache(maxsize=256)
def panel(view: View, prepared: DistrictMap) -> Panel:
    """Return what the area says beside the map."""
    items = [
        Item(
            message("geothermal.by_district", view.language),
            message("state.O", view.language),
            message("geothermal.by_district_detail", view.language),
        )
    ]
    for code, name in networks(view, mine=True)["name"].items():
        figure = latest(view, CARBON, str(code))
        if figure:
            items.append(Item(str(name), figure.text, f"{figure.label} · {figure.date}"))
    return common.panel(view, prepared, tuple(items), THEME)


def network_rows(view: View) -> pd.DataFrame:
    """Return every observation of the heat networks, those of the commune first."""
    observations = view.release.table("observations")
    order = [*networks(view, mine=True)["ref_area"], *networks(view, mine=False)["ref_area"]]
    rows = observations[observations["ref_area"].isin(order)]
    return rows.sort_values("ref_area", key=lambda codes: codes.map(order.index), kind="stable")


@lru_cache(maxsize=64)
def networks_chart(view: View) -> Chart | None:
    """Return the renewable-and-recovered share of each network, the other communes' in grey."""
    bars, year = [], ""
    for mine in (True, False):
        for code, name in networks(view, mine)["name"].items():
            figure = latest(view, RENEWABLE, str(code))
            if figure and figure.value is not None:
                bars.append(Quantity(str(name), figure.value, figure.text, peer=not mine))
                year = figure.period
    if not bars:
        return None
    bars.sort(key=lambda bar: (bar.peer, -bar.value))
    own, peers = [b.value for b in bars if not b.peer], [b.value for b in bars if b.peer]
    ahead = own and peers and min(own) > max(peers)
    title = message(
        "geothermal.networks_title" if ahead else "geothermal.networks_title_plain", view.language, city=view.city_name
    )
    return Chart(
        key="geothermal-networks",
        title=title,
        subtitle=message("geothermal.networks_subtitle", view.language, year=year),
        specification=specification_of(bar_chart(bars, THEME, view.mode, view.language)),
        alternative=alternatives.of_quantities(bars, view.language),
        source=message("geothermal.networks_source", view.language),
        export="series.{format}?theme=geothermal",
        kinds=(common.kind_words("official_statistics", view.language),),
    )


@lru_cache(maxsize=64)
def networks_table(view: View) -> Table:
    """Return what the decree says of each network."""
    cells = []
    for mine in (True, False):
        for code, row in networks(view, mine).iterrows():
            figures = [latest(view, name, str(code)) for name in (RENEWABLE, CARBON, CARBON_LIFE_CYCLE)]
            communes = ", ".join(str(view.areas.at[commune, "name"]) for commune in row["communes_served"].split())
            values = [figure.text if figure else message("state.O", view.language) for figure in figures]
            period = next((figure.period for figure in figures if figure), "")
            cells.append((str(row["name"]), communes, *values, period))
    columns = (
        Column("network", message("geothermal.network", view.language)),
        Column("serves", message("geothermal.serves", view.language)),
        Column("renewable", message("geothermal.renewable", view.language), numeric=True),
        Column("co2", message("geothermal.co2", view.language), numeric=True),
        Column("cycle", message("geothermal.co2_cycle", view.language), numeric=True),
        Column("year", message("table.year", view.language), numeric=True),
    )
    title = message("geothermal.networks_table", view.language)
    return Table(title, columns, tuple(cells), "series.{format}?theme=geothermal")


@lru_cache(maxsize=256)
def tables(view: View, prepared: DistrictMap) -> tuple[Table, ...]:
    """Return the tables that say what map, networks and programme chart show."""
    return (
        common.map_table(view, prepared),
        networks_table(view),
        *energy.network_table(view, networks),
        *energy.year_tables(view),
        *theme_files.received_table(view, THEME, SHOWN),
        common.milestone_table(view, THEME),
        common.programme_table(view, THEME),
        common.without_place_table(view, THEME),
    )


@lru_cache(maxsize=64)
def readings(view: View) -> tuple[Reading, ...]:
    """Return how the page's indicators are defined and read."""
    names = ("geothermal_heat_share_percent", RENEWABLE, CARBON, CARBON_LIFE_CYCLE, "carbon_neutrality_target_year")
    return (*(common.reading(view, name) for name in names), *energy.readings(view, common.reading))
