"""Green space: what is declared created, what is planned, and what has no published area."""

from functools import lru_cache

import pandas as pd

from dashboard.charts.bars import Quantity, bar_chart
from dashboard.charts.specifications import specification_of
from dashboard.content import alternatives, common, theme_files
from dashboard.content.pieces import Chart, Column, Headline, Item, Panel, Reading, Table, Tile
from dashboard.figures import Figure, indicators, latest, localised, to_figure
from dashboard.formats import labelled, within
from dashboard.maps.prepare import OPERATIONS, DistrictMap, choropleth, drawn_dataset, operation_counts
from dashboard.messages import message
from dashboard.view import View
from dashboard.works import works
from data.frames import rows_of

THEME = "green_space"
SQUARE_METRES_PER_HECTARE = 10_000
# What maps of green spaces, received as files, say of an area.
MAPPED = (
    "population_near_green_space_share_percent",
    "green_area_m2_per_inhabitant",
    "green_area_ha",
    "green_spaces",
)
_AREAS = ("green_area_created_ha", "park_area_ha", "public_garden_area_m2", "urban_agriculture_area_ha")


@lru_cache(maxsize=256)
def headline(view: View) -> Headline:
    """Return what the city declares, or what the texts name in the district."""
    found = [work for work in works(view, THEME) if work.kind == "green_space"]
    delivered = [work for work in found if work.status == "delivered"]
    if not view.is_city:
        named = message(_counted("green.named", len(found)), view.language, count=len(found))
        done = message(_counted("green.done", len(delivered)), view.language, count=len(delivered))
        key = "green.district_title" if found else "green.district_none"
        title = message(key, view.language, name=view.area_name, named=named, done=done)
        drawn = mapped_figure(view, "green_area_ha")
        if drawn is None:
            return Headline(title, message("green.district_lead", view.language))
        return Headline(title, message("green.district_lead_mapped", view.language, value=drawn.text))
    created = latest(view, "green_area_created_ha")
    if created is None:
        return Headline(message("green.title_none", view.language, at_city=view.at_city), "")
    known = sum(1 for work in delivered if work.area_m2)
    words = "green.known_none" if known == 0 else "green.known"
    lead = message(words, view.language, delivered=len(delivered), known=known)
    title = message("green.title", view.language, value=created.text, date=_since(view, created.period))
    return Headline(title, lead)


def _counted(key: str, count: int) -> str:
    """Return the key of a message for none, one or several."""
    return f"{key}_none" if count == 0 else f"{key}_one" if count == 1 else f"{key}_other"


def _since(view: View, period: str) -> str:
    return message("period.since_only", view.language, start=period.split("/")[0])


@lru_cache(maxsize=256)
def tiles(view: View) -> tuple[Tile, ...]:
    """Return the figures of the page; the area of each delivered place is not published."""
    unknown = common.tile(
        view,
        None,
        message("green.delivered_area", view.language),
        missing=message("housing.not_published", view.language),
    )
    shown = [to_figure(view.release, row, view.language) for row in rows_of(area_rows(view))]
    if view.is_city:
        target = rows_of(_city_rows(view, "permeable_surface_share_percent"))
        shown = [figure for figure in shown if figure.indicator in _AREAS[:2]]
        shown += [to_figure(view.release, row, view.language) for row in target]
    mine = [figure for figure in shown if view.is_city or figure.ref_area != view.commune][:3]
    named = tuple(common.tile(view, figure, extra=_where(view, figure.ref_area)) for figure in mine)
    near = mapped_figure(view, MAPPED[0])
    return (*named, unknown) if near is None else (*named, unknown, common.tile(view, near))


def mapped_figure(view: View, indicator: str) -> Figure | None:
    """Return what the map of green spaces says of the area: the same that is drawn, where there are several."""
    if indicator not in indicators(view.release):
        return None
    return latest(view, indicator, dataset=drawn_dataset(view, indicator))


def _where(view: View, ref_area: str) -> str:
    return "" if ref_area == view.commune else str(view.areas.at[ref_area, "name"])


def _city_rows(view: View, indicator: str) -> pd.DataFrame:
    """Return an indicator's rows for the commune and the operations in it, of the chosen district if any."""
    observations = view.release.table("observations")
    mine = observations[(observations["indicator"] == indicator) & (observations["nature"] != "proposed")]
    areas = view.areas.loc[mine["ref_area"]]
    inside = (areas["commune"] == view.commune).to_numpy()
    if not view.is_city:
        here = (areas["district"] == view.ref_area).to_numpy() | (mine["ref_area"] == view.commune).to_numpy()
        inside = inside & here
    return mine[inside]


@lru_cache(maxsize=64)
def area_rows(view: View) -> pd.DataFrame:
    """Return the green areas the texts give: declared for the city, planned by operation."""
    return pd.concat([_city_rows(view, indicator) for indicator in _AREAS])


def map_choices(view: View) -> tuple[str, ...]:
    """Return what the map can show: what the texts name, and what received files say by district."""
    return theme_files.map_choices(view, THEME, (OPERATIONS,))


def district_map(view: View, shown: str) -> DistrictMap:
    """Return how many places and actions the texts name in each district, or an indicator of received files."""
    return operation_counts(view, THEME) if shown == OPERATIONS else choropleth(view, shown, THEME)


def map_source(view: View, shown: str) -> tuple[str, tuple[str, ...]]:
    """Return the source line and the marks of the map."""
    return common.texts_source(view, THEME) if shown == OPERATIONS else theme_files.map_origin(view, shown)


@lru_cache(maxsize=256)
def panel(view: View, prepared: DistrictMap) -> Panel:
    """Return what the area says beside the map."""
    without = Item(
        message("panel.without_place", view.language),
        message("panel.count", view.language, count=len(common.without_place(view, THEME))),
    )
    mapped = tuple(common.item(view, figure) for name in MAPPED if (figure := mapped_figure(view, name)))
    return common.panel(view, prepared, (*mapped, without) if view.is_city else mapped, THEME)


def _hectares(row: pd.Series) -> float:
    return float(row["obs_value"]) / (SQUARE_METRES_PER_HECTARE if row["indicator"].endswith("_m2") else 1)


@lru_cache(maxsize=64)
def areas_chart(view: View) -> Chart | None:
    """Return the areas side by side, declared and planned apart, never added."""
    rows = area_rows(view)
    if rows.empty:
        return None
    definitions = view.release.table("indicators").set_index("indicator")
    bars = []
    for row in rows_of(rows):
        figure = to_figure(view.release, row, view.language)
        label = localised(definitions.loc[row.indicator], "label", view.language)
        place = view.city_name if row.ref_area == view.commune else str(view.areas.at[row.ref_area, "name"])
        nature = (
            common.kind_words(figure.kind, view.language)
            if row.nature == "observed"
            else message(f"nature.{row.nature}", view.language)
        )
        bars.append(
            Quantity(
                labelled(place, within(label), view.language),
                _hectares(rows.loc[row.Index]),
                f"{figure.text} · {nature}",
                planned=row.nature != "observed",
            )
        )
    planned = sum(bar.planned for bar in bars)
    announced = message(_counted("green.planned", planned), view.language, count=planned)
    title = message(
        "green.areas_title" if view.is_city else "green.areas_title_district",
        view.language,
        planned=announced,
        name=view.area_name,
    )
    bars.sort(key=lambda bar: (bar.planned, -bar.value))
    return Chart(
        key="green-areas",
        title=title,
        subtitle=message("green.areas_subtitle", view.language),
        specification=specification_of(bar_chart(bars, THEME, view.mode, view.language)),
        alternative=alternatives.of_quantities(bars, view.language),
        source=message("green.areas_source", view.language),
        export="series.{format}?theme=green_space",
        kinds=(common.kind_words("municipal_record", view.language),),
    )


@lru_cache(maxsize=64)
def areas_table(view: View) -> Table:
    """Return every stated area of green space, with what it counts and when."""
    cells = []
    for row in rows_of(area_rows(view)):
        figure = to_figure(view.release, row, view.language)
        cells.append(
            (
                figure.label,
                str(view.areas.at[row.ref_area, "name"]),
                figure.text,
                message(f"nature.{row.nature}", view.language),
                figure.date,
                figure.source,
                figure.note,
            )
        )
    names = ("label", "area", "value", "nature", "period", "source", "note")
    columns = tuple(Column(name, message(f"table.{name}", view.language), numeric=name == "value") for name in names)
    return Table(
        message("green.areas_table", view.language), columns, tuple(cells), "series.{format}?theme=green_space"
    )


@lru_cache(maxsize=256)
def tables(view: View, prepared: DistrictMap) -> tuple[Table, ...]:
    """Return the tables that say what map, areas and programme chart show."""
    return (
        common.map_table(view, prepared),
        *theme_files.received_table(view, THEME),
        areas_table(view),
        common.milestone_table(view, THEME),
        common.programme_table(view, THEME),
        common.without_place_table(view, THEME),
    )


@lru_cache(maxsize=64)
def readings(view: View) -> tuple[Reading, ...]:
    """Return how the page's indicators are defined and read; those of received files where there are any."""
    known = (*_AREAS, "permeable_surface_share_percent")
    received = theme_files.received_rows(view, THEME)["indicator"].unique()
    return tuple(common.reading(view, str(name)) for name in dict.fromkeys((*known, *received)))
