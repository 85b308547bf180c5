"""Housing: what is authorised and started, how many dwellings stand empty, what is announced."""

from functools import lru_cache

import pandas as pd

from dashboard.charts.gantt import lane_end
from dashboard.charts.lines import AXIS_PX, Line, ink, line_chart
from dashboard.charts.specifications import specification_of
from dashboard.content import alternatives, common, theme_files
from dashboard.content.pieces import Chart, Column, Headline, Item, Panel, Reading, Table, Tile
from dashboard.figures import latest, series, to_figure
from dashboard.formats import labelled, number
from dashboard.maps.prepare import DistrictMap, choropleth
from dashboard.messages import message
from dashboard.theme import mark
from dashboard.view import View
from data.frames import rows_of
from data.rules.statuses import total

THEME = "housing"
MAP_INDICATORS = (
    "vacancy_rate_percent",
    "flats_share_percent",
    "second_homes_share_percent",
    "inhabitants_per_main_home",
)
# What the page shows of its own, whether the ledger or a received file says it.
SHOWN = (
    *MAP_INDICATORS,
    "dwellings_authorised",
    "dwellings_started",
    "social_dwellings",
    "dwellings",
    "main_homes",
)


@lru_cache(maxsize=256)
def headline(view: View) -> Headline:
    """Return what was started and authorised in the city, or what the census says of the district."""
    return _city_headline(view) if view.is_city else _district_headline(view)


def _vacancy_sentence(view: View) -> str:
    vacancy = latest(view, "vacancy_rate_percent")
    if vacancy is None or not vacancy.value:
        return ""
    return message("housing.one_in", view.language, count=round(100 / vacancy.value), year=vacancy.period)


def _city_headline(view: View) -> Headline:
    started = series(view.release, view.commune, "dwellings_started").dropna(subset="obs_value")
    authorised = series(view.release, view.commune, "dwellings_authorised").dropna(subset="obs_value")
    if started.empty or authorised.empty:
        return Headline(
            message("housing.title_no_series", view.language, at_city=view.at_city), _vacancy_sentence(view)
        )
    title = message(
        "housing.title",
        view.language,
        at_city=view.at_city,
        started=number(total(started), 0, view.language),
        authorised=number(total(authorised), 0, view.language),
        first=started["time_period"].iloc[0],
        last=started["time_period"].iloc[-1],
        first_authorised=authorised["time_period"].iloc[0],
        last_authorised=authorised["time_period"].iloc[-1],
    )
    return Headline(title, f"{_vacancy_sentence(view)} {_largest_announced(view)}")


def _largest_announced(view: View) -> str:
    """Return where the texts announce most dwellings in one operation; operations are not added up."""
    observations = view.release.table("observations")
    mine = observations[
        (observations["indicator"] == "dwellings_programmed")
        & (observations["nature"] == "planned")
        & observations["ref_area"].str.startswith(f"{view.commune}-op-")
    ].sort_values("obs_value")
    if mine.empty:
        return ""
    figure = to_figure(view.release, next(rows_of(mine.iloc[[-1]])), view.language)
    return message("housing.announced", view.language, name=view.areas.at[figure.ref_area, "name"], value=figure.text)


def _district_headline(view: View) -> Headline:
    dwellings, vacancy = latest(view, "dwellings"), latest(view, "vacancy_rate_percent")
    named = common.announced_items(view, THEME)
    lead_key = "housing.district_announced" if named else "housing.district_nothing"
    if dwellings is None or vacancy is None:
        return Headline(view.area_name, message("state.O", view.language))
    title = message(
        "housing.district_title",
        view.language,
        name=view.area_name,
        dwellings=dwellings.text,
        vacancy=vacancy.text,
        year=dwellings.period,
    )
    return Headline(title, message(lead_key, view.language))


@lru_cache(maxsize=256)
def tiles(view: View) -> tuple[Tile, ...]:
    """Return the four figures of the page; the delivered part of the announced operations is not published."""
    unknown = common.tile(
        view,
        None,
        message("housing.delivered_share", view.language),
        missing=message("housing.not_published", view.language),
    )
    if not view.is_city:
        return (
            common.tile(view, latest(view, "dwellings")),
            common.tile(view, latest(view, "main_homes")),
            common.tile(view, latest(view, "vacancy_rate_percent")),
            unknown,
        )
    authorised = series(view.release, view.commune, "dwellings_authorised").dropna(subset="obs_value")
    before = ""
    if len(authorised) > 1:
        previous = authorised.iloc[-2]
        before = message(
            "housing.after",
            view.language,
            count=number(previous["obs_value"], 0, view.language),
            year=previous["time_period"],
        )
    register = latest(view, "social_dwellings", dataset="rpls")
    declared = latest(view, "social_dwellings", dataset="founding_texts")
    beside = (
        message("housing.register_says", view.language, value=register.number, date=register.date) if register else ""
    )
    return (
        common.tile(view, declared or register, extra=beside if declared else "", indicator="social_dwellings"),
        common.tile(view, latest(view, "dwellings")),
        common.tile(view, latest(view, "dwellings_authorised"), extra=before, indicator="dwellings_authorised"),
        unknown,
    )


def district_map(view: View, indicator: str) -> DistrictMap:
    """Return the map of a census indicator by district."""
    return choropleth(view, indicator, THEME)


@lru_cache(maxsize=256)
def panel(view: View, prepared: DistrictMap) -> Panel:
    """Return what the area says beside the map."""
    figures: tuple[Item, ...] = (
        common.item(view, latest(view, prepared.indicator), indicator=prepared.indicator),
        common.item(view, latest(view, "dwellings")),
    )
    return common.panel(view, prepared, figures, THEME)


def series_rows(view: View) -> pd.DataFrame:
    """Return the observations the series chart shows: they exist for whole communes only."""
    names = ("dwellings_authorised", "dwellings_started")
    return pd.concat([series(view.release, view.commune, name) for name in names])


@lru_cache(maxsize=64)
def series_chart(view: View) -> Chart | None:
    """Return dwellings authorised and started a year, with the year not known yet said in words."""
    rows = series_rows(view)
    if rows.empty:
        return None
    lines = []
    for name, colour in (("dwellings_authorised", ink(view.mode)), ("dwellings_started", mark(THEME, view.mode))):
        mine = rows[rows["indicator"] == name]
        gaps = mine.loc[mine["obs_value"].isna(), "time_period"]
        figures = [to_figure(view.release, row, view.language) for row in rows_of(mine)]
        frame = pd.DataFrame(
            {
                "year": mine["time_period"].astype(int),
                "value": mine["obs_value"],
                "text": [labelled(figure.period, figure.text, view.language) for figure in figures],
            }
        )
        gap = message("housing.not_known_yet", view.language, years=", ".join(gaps)) if len(gaps) else ""
        lines.append(Line(message(f"housing.line_{name}", view.language), colour, frame, gap))
    valued = rows.dropna(subset="obs_value")
    best = valued[valued["indicator"] == "dwellings_authorised"].sort_values("obs_value")
    title = message(
        "housing.series_title",
        view.language,
        high=number(best["obs_value"].iloc[-1], 0, view.language),
        high_year=best["time_period"].iloc[-1],
        low=number(best["obs_value"].iloc[0], 0, view.language),
        low_year=best["time_period"].iloc[0],
    )
    first, last = int(rows["time_period"].min()), int(rows["time_period"].max())
    domain = common.timeline_domain(common.timeline_rows(view, THEME), view.today.year, first)
    return Chart(
        key="housing-series",
        title=title,
        subtitle=message("housing.series_subtitle", view.language, city=view.city_name, first=first, last=last),
        specification=specification_of(line_chart(lines, (domain[0], lane_end(domain)), view.mode, view.language)),
        alternative=alternatives.of_lines(lines, view.language),
        source=message("housing.series_source", view.language),
        export="series.{format}?theme=housing",
        kinds=(common.kind_words("official_statistics", view.language),),
    )


def map_source(view: View) -> tuple[str, tuple[str, ...]]:
    """Return the source line of the census maps."""
    return message("source.census_districts", view.language), (common.kind_words("official_statistics", view.language),)


@lru_cache(maxsize=64)
def series_table(view: View) -> Table:
    """Return the dwellings authorised and started of each year."""
    rows = series_rows(view).pivot_table(index="time_period", columns="indicator", values="obs_value", dropna=False)
    cells = tuple(
        (
            str(year),
            *(
                number(value, 0, view.language) if pd.notna(value) else message("state.not_yet", view.language)
                for value in (row.get("dwellings_authorised"), row.get("dwellings_started"))
            ),
        )
        for year, row in rows.iterrows()
    )
    columns = (
        Column("year", message("table.year", view.language)),
        Column("a", message("housing.line_dwellings_authorised", view.language), numeric=True),
        Column("s", message("housing.line_dwellings_started", view.language), numeric=True),
    )
    return Table(message("housing.series_table", view.language), columns, cells, "series.{format}?theme=housing")


@lru_cache(maxsize=256)
def tables(view: View, prepared: DistrictMap) -> tuple[Table, ...]:
    """Return the tables that say what map, series and programme chart show."""
    return (
        common.map_table(view, prepared),
        series_table(view),
        *theme_files.received_table(view, THEME, SHOWN),
        common.milestone_table(view, THEME),
        common.programme_table(view, THEME),
        common.without_place_table(view, THEME),
    )


@lru_cache(maxsize=256)
def readings(view: View, indicator: str) -> tuple[Reading, ...]:
    """Return how the page's indicators are defined and read."""
    names = (indicator, "dwellings_authorised", "dwellings_started", "social_dwellings")
    return tuple(common.reading(view, name) for name in names)


@lru_cache(maxsize=256)
def programme_chart(view: View) -> Chart | None:
    """Return the programmes on the axis of the series."""
    rows = series_rows(view)
    return common.programme_timeline(view, THEME, int(rows["time_period"].min()) if len(rows) else None, AXIS_PX)
