"""Energy the networks deliver in the commune, gases emitted there, and the year of its heat networks, from files."""

from collections.abc import Callable
from functools import lru_cache

import pandas as pd

from dashboard.content.pieces import Column, Reading, Table
from dashboard.figures import indicators, latest, localised, series, to_figure
from dashboard.messages import message
from dashboard.view import View
from data.frames import rows_of

ENERGY = tuple(
    f"{name}_consumption_{what}"
    for name in ("electricity", "gas", "heat")
    for what in ("mwh", "residential_mwh", "residential_per_inhabitant_mwh")
)
EMISSIONS = (
    "ghg_emissions_t_co2_equivalent",
    "ghg_emissions_residential_t_co2_equivalent",
    "ghg_emissions_road_t_co2_equivalent",
    "ghg_emissions_tertiary_t_co2_equivalent",
    "ghg_emissions_industry_t_co2_equivalent",
    "ghg_emissions_per_inhabitant_t_co2_equivalent",
)
NETWORK = (
    "heat_network_delivered_mwh",
    "heat_network_delivered_residential_mwh",
    "heat_network_production_mwh",
    "heat_network_geothermal_production_mwh",
    "heat_network_geothermal_share_percent",
    "heat_network_length_km",
    "heat_network_delivery_points",
)
INSIDE = "heat_network_length_in_area_km"
EXPORT = "energie"


def _known(view: View, names: tuple[str, ...]) -> list[str]:
    """Return the indicators of which the release has anything at all."""
    return [name for name in names if name in indicators(view.release)]


def _label(view: View, name: str) -> str:
    return localised(indicators(view.release)[name], "label", view.language)


def _given(view: View, names: tuple[str, ...]) -> dict[str, pd.DataFrame]:
    """Return what is observed of the commune, by indicator, those without anything left out."""
    found = {name: series(view.release, view.commune, name) for name in _known(view, names)}
    return {name: rows for name, rows in found.items() if len(rows)}


def _cells(view: View, rows: pd.DataFrame, year: str) -> tuple[str, set[str]]:
    """Return the value of a year in words, and the words on it and its source."""
    mine = rows[rows["time_period"] == year]
    if mine.empty:
        return message("state.O", view.language), set()
    figure = to_figure(view.release, next(rows_of(mine.tail(1))), view.language)
    status = f" ({message('state.E', view.language)})" if figure.status == "E" and figure.value is not None else ""
    return f"{figure.text}{status}", {figure.source, figure.note} - {""}


def _by_year(view: View, names: tuple[str, ...], title: str, export: str) -> tuple[Table, ...]:
    """Return a table of years and indicators, newest year first; nothing where the release has none of them."""
    given = _given(view, names)
    if not given:
        return ()
    years = sorted({str(year) for rows in given.values() for year in rows["time_period"]}, reverse=True)
    lines = []
    for year in years:
        found = [_cells(view, rows, year) for rows in given.values()]
        remarks = sorted({words for _, said in found for words in said})
        lines.append((year, *(text for text, _ in found), " ".join(remarks)))
    columns = (
        Column("year", message("table.year", view.language), numeric=True),
        *(Column(name, _label(view, name), numeric=True) for name in given),
        Column("note", message("energy.source", view.language)),
    )
    return (Table(message(title, view.language, city=view.city_name), columns, tuple(lines), export),)


@lru_cache(maxsize=64)
def year_tables(view: View) -> tuple[Table, ...]:
    """Return the tables of energy delivered and gases emitted in the commune, year by year."""
    export = f"{EXPORT}.{{format}}"
    return (
        *_by_year(view, ENERGY, "energy.by_year", export),
        *_by_year(view, EMISSIONS, "energy.emissions_by_year", export),
    )


def network_table(view: View, networks: Callable[[View, bool], pd.DataFrame]) -> tuple[Table, ...]:
    """Return what the networks deliver and where their heat comes from; nothing where no file says it.

    Parameters
    ----------
    networks : the networks that serve the commune (or, asked with False, others), by `ref_area`.
    """
    names = pd.concat([networks(view, mine) for mine in (True, False)])["name"]
    figures = {
        (str(code), name): latest(view, name, str(code)) for code in names.index for name in _known(view, NETWORK)
    }
    shown = [name for name in NETWORK if any(figures.get((str(code), name)) for code in names.index)]
    if not shown:
        return ()
    rows = []
    for code, network in names.items():
        mine = [figures[str(code), name] for name in shown]
        if any(mine):
            texts = [figure.text if figure else message("state.O", view.language) for figure in mine]
            sources = sorted({f"{figure.source} · {figure.date}" for figure in mine if figure})
            rows.append((str(network), *texts, ", ".join(sources)))
    columns = (
        Column("network", message("geothermal.network", view.language)),
        *(Column(name, _label(view, name), numeric=True) for name in shown),
        Column("source", message("table.source", view.language)),
    )
    title = message("energy.networks", view.language)
    return (Table(title, columns, tuple(rows), "series.{format}?theme=geothermal"),)


def readings(view: View, read: Callable[[View, str], Reading]) -> tuple[Reading, ...]:
    """Return how the indicators of these tables are defined and read, those that the release has."""
    return tuple(read(view, name) for name in _known(view, (*NETWORK, INSIDE, *ENERGY, *EMISSIONS)))


def export_rows(view: View) -> pd.DataFrame:
    """Return the observations the tables by year show."""
    observations = view.release.table("observations")
    mine = observations["indicator"].isin([*ENERGY, *EMISSIONS]) & (observations["ref_area"] == view.commune)
    return observations[mine].sort_values(["indicator", "time_period"])
