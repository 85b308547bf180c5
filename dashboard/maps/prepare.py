"""The prepared frame of a district map: what each district is worth, and how that is drawn."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
import shapely

from dashboard.figures import indicators, localised, period_words, series, sources, to_figure
from dashboard.formats import listed, number
from dashboard.messages import message
from dashboard.theme import INKS, Mode, classes, text_on, tint
from dashboard.view import View
from dashboard.works import GLYPHS, STATUS_ORDER, programme_rows
from data.frames import rows_of
from data.rules.date_words import one_date
from data.rules.dates import period_end

# What a reader chooses to see how many operations the texts name, instead of an indicator.
OPERATIONS = "operations"
# The five states of a value, kept apart everywhere. `plan` is for counts of operations none of which is delivered.
STATES = {"O": "missing", "M": "not_applicable", "C": "suppressed"}
# Of more areas than these no names are drawn: they would cover one another and the map.
MOST_LABELLED = 24
DRAWN = ["state", "value", "value_text", "class_index", "fill", "text", "hatch"]


@dataclass(frozen=True, eq=False)
class DistrictMap:
    """A map ready to be drawn; without districts there is none, and title and subtitle say so.

    `frame` has one row per district: `ref_area`, `slug`, `name`, `label_longitude`, `label_latitude`, `geometry`
    (shapely, EPSG:4326), `state`, `value`, `value_text`, `class_index`, `fill`, `text`, `hatch`, `selected`.
    `points` has `name`, `kind`, `line`, `longitude`, `latitude`. `dataset` is the one whose figures are drawn.
    """

    title: str
    subtitle: str
    frame: pd.DataFrame
    bounds: tuple[float, ...]
    theme: str
    mode: Mode
    context: pd.DataFrame
    points: pd.DataFrame
    boundary: str
    language: str
    indicator: str = ""
    dataset: str = ""

    @property
    def name(self) -> str:
        """What addresses call it, unique within a commune."""
        return f"carte-{self.theme}-{self.indicator or OPERATIONS}".replace("_", "-")


def is_water(name: str) -> bool:
    """Tell whether a line of a map's ground is a river; the others are tracks. The ledger gives lines by name alone."""
    return "Seine" in name


def _base(view: View) -> pd.DataFrame:
    return outlines(view, view.districts)


def outlines(view: View, areas: pd.DataFrame) -> pd.DataFrame:
    """Return the shapes of areas, where their names stand, what a click calls them, and which is looked at."""
    frame = areas[["ref_area", "name", "boundary"]].copy()
    frame["geometry"] = [shapely.from_wkb(shape) for shape in areas["geometry"]]
    centres: list[Any]
    if len(frame) > MOST_LABELLED:
        centres = list(shapely.get_coordinates(shapely.point_on_surface(frame["geometry"].to_numpy())))
    else:
        # The middle of the largest circle inside leaves most room for a name.
        centres = [shapely.get_coordinates(shapely.maximum_inscribed_circle(shape))[0] for shape in frame["geometry"]]
    frame["label_longitude"], frame["label_latitude"] = np.reshape(centres, (-1, 2)).T
    frame["slug"] = frame["ref_area"].str.removeprefix(f"{view.commune}-")
    frame["selected"] = frame["ref_area"] == view.ref_area
    return frame.reset_index(drop=True)


def context_of(view: View) -> pd.DataFrame:
    """Return the lines and names of a commune's map: rivers, tracks, what lies beside."""
    rows = view.release.table("map_context")
    rows = rows[rows["commune"] == view.commune].copy()
    rows["geometry"] = [shapely.from_wkb(shape) for shape in rows["geometry"]]
    return rows


def no_points() -> pd.DataFrame:
    """Return an empty frame of points."""
    return pd.DataFrame(columns=["name", "kind", "line", "longitude", "latitude"])


def one_each(points: pd.DataFrame) -> pd.DataFrame:
    """Return one point for each name, in the middle of those of its lines."""
    return points.groupby("name", sort=True).agg({"longitude": "mean", "latitude": "mean"}).reset_index()


def class_of(value: float, bounds: tuple[float, ...]) -> int:
    """Return the class (from 0) of a value: a bound belongs to the class above it."""
    return sum(value >= bound for bound in bounds)


def class_colours(theme: str, count: int) -> list[str]:
    """Return as many colours of a theme as there are classes, spread over its five."""
    scale = classes(theme)
    if count <= 1:
        return [scale[1]]
    return [scale[round(i * (len(scale) - 1) / (count - 1))] for i in range(count)]


@lru_cache(maxsize=256)
def drawn_dataset(view: View, indicator: str) -> str:
    """Return the data set a map of an indicator is drawn from: of several the one of the newest figures.

    Figures of two data sets side by side on one map would be compared, and cannot be.
    """
    if view.districts.empty:
        return ""
    found = [series(view.release, str(code), indicator) for code in view.districts["ref_area"]]
    rows = pd.concat(found) if found else view.release.table("observations").iloc[:0]
    rows = rows[rows["obs_value"].notna()]
    if rows.empty:
        return ""
    datasets = rows["source"].map({name: row.dataset for name, row in sources(view.release).items()})
    newest = rows["time_period"].map(period_end).groupby(datasets).max()
    return str(newest.sort_index().idxmax())


@lru_cache(maxsize=256)
def choropleth(view: View, indicator: str, theme: str, with_stations: bool = False) -> DistrictMap:
    """Prepare a map of one indicator by district, in the classes stored with the release."""
    definition = indicators(view.release)[indicator]
    bounds = tuple(float(bound) for bound in definition.district_class_bounds)
    colours = class_colours(theme, len(bounds) + 1)
    frame, dataset = _base(view), drawn_dataset(view, indicator)
    rows: list[dict[str, object]] = []
    for code in frame["ref_area"]:
        found = series(view.release, code, indicator, dataset)
        if found.empty or pd.isna(found["obs_value"].iloc[-1]):
            rows.append(_without_value(view, STATES.get(_status_of(found), "missing")))
            continue
        figure = to_figure(view.release, next(rows_of(found.iloc[[-1]])), view.language)
        place = class_of(float(figure.value or 0), bounds)
        rows.append(
            {
                "state": "value",
                "value": figure.value,
                "value_text": figure.number,
                "class_index": place,
                "fill": colours[place],
                "text": text_on(colours[place]),
                "hatch": "",
            }
        )
    frame = pd.concat([frame, pd.DataFrame(rows, columns=DRAWN)], axis=1)
    title, subtitle = _words(view, indicator, frame, dataset) if len(frame) else _no_map(view, indicator)
    return DistrictMap(
        title=title,
        subtitle=subtitle,
        frame=frame,
        bounds=bounds,
        theme=theme,
        mode=view.mode,
        context=context_of(view),
        points=stations(view) if with_stations else no_points(),
        boundary=_boundary(frame),
        language=view.language,
        indicator=indicator,
        dataset=dataset,
    )


def _boundary(frame: pd.DataFrame) -> str:
    return str(frame["boundary"].iloc[0]) if len(frame) else "none"


def _words(view: View, indicator: str, frame: pd.DataFrame, dataset: str) -> tuple[str, str]:
    """Return the sentence a choropleth is titled with, and what stands below it."""
    label = localised(indicators(view.release)[indicator], "label", view.language)
    period = _period(view, frame, indicator, dataset)
    subtitle = message("map.subtitle", view.language, label=label, period=period)
    return _range_sentence(view, indicator, frame), subtitle


def _no_map(view: View, indicator: str) -> tuple[str, str]:
    """Return what is said in the place of a map of a commune whose districts have no outline."""
    title = message("map.no_districts", view.language, city=view.city_name)
    if len(view.iris) < 2:
        return title, message("map.undivided", view.language)
    label = localised(indicators(view.release)[indicator], "label", view.language)
    return title, message("map.by_iris", view.language, label=label)


def _period(view: View, frame: pd.DataFrame, indicator: str, dataset: str) -> str:
    """Return the period of the first district that has one: on maps of what is drawn somewhere, not all do."""
    found = [series(view.release, str(code), indicator, dataset) for code in frame["ref_area"]]
    period = next((str(rows["time_period"].iloc[-1]) for rows in found if len(rows)), "")
    if "/" in period:
        return period_words(period, "stated", "", view.language)
    return one_date(period, view.language) if len(period) in (7, 10) else period


def _status_of(found: pd.DataFrame) -> str:
    """Return why the newest of some observations has no value: its status, or C where it is withheld."""
    if found.empty:
        return "O"
    return "C" if found["conf_status"].iloc[-1] == "C" else str(found["obs_status"].iloc[-1])


def _without_value(view: View, state: str) -> dict[str, object]:
    return {
        "state": state,
        "value": None,
        "value_text": message(f"map.{state}", view.language),
        "class_index": -1,
        "fill": INKS[view.mode]["missing"],
        "text": INKS[view.mode]["ink"],
        "hatch": state,
    }


def _range_sentence(view: View, indicator: str, frame: pd.DataFrame) -> str:
    """Return the sentence a choropleth is titled with: from the lowest district to the highest."""
    definition = indicators(view.release)[indicator]
    return range_sentence(frame, localised(definition, "label", view.language), definition.decimals, view.language)


def range_sentence(frame: pd.DataFrame, label: str, decimals: int, language: str, level: str = "district") -> str:
    """Return between which areas values lie: from the lowest to the highest, several where they share a value.

    Parameters
    ----------
    frame : columns `name`, `state`, `value`, `value_text`.
    """
    valued = frame[frame["state"] == "value"].sort_values("value")
    if valued.empty:
        return message(f"map.no_value_{level}", language, label=label)
    low, high = valued.iloc[0], valued.iloc[-1]
    if number(low["value"], decimals) == number(high["value"], decimals):
        return message(f"map.same_{level}", language, label=label, value=low["value_text"])
    values = [number(value, decimals) for value in valued["value"]]
    names = {
        bound: [name for name, value in zip(valued["name"], values, strict=True) if value == bound]
        for bound in (values[0], values[-1])
    }
    few = [
        listed(names[bound], language)
        if len(names[bound]) < 3
        else message(f"map.several_{level}", language, count=len(names[bound]))
        for bound in (values[0], values[-1])
    ]
    return message(
        "map.range",
        language,
        label=label,
        low=low["value_text"],
        low_name=few[0],
        high=high["value_text"],
        high_name=few[1],
    )


def stations(view: View) -> pd.DataFrame:
    """Return the stations of the commune's ledger with their sourced positions."""
    places = view.release.table("places")
    rows = places[places["longitude"].notna() & places["place_id"].str.startswith("station-")]
    return rows.loc[rows["listed_for"] == view.commune, ["name", "kind", "line", "longitude", "latitude"]]


def _counts(view: View, theme: str) -> Mapping[str, dict[str, int]]:
    rows = programme_rows(view, theme)
    rows = rows[rows["district"] != ""]
    counts: dict[str, dict[str, int]] = {}
    for (district, status), group in rows.groupby(["district", "status"]):
        counts.setdefault(str(district), {})[str(status)] = len(group)
    return counts


def _operations_sentence(view: View, count: int, districts: int, total: int) -> str:
    """Return the sentence a map of operations is titled with."""
    if count == 0:
        return message("map.operations_none", view.language)
    key = "map.operations_title_one" if districts == 1 else "map.operations_title"
    noun = message("map.operation_one" if count == 1 else "map.operation_other", view.language, count=count)
    return message(key, view.language, operations=noun, districts=districts, of=total)


@lru_cache(maxsize=256)
def operation_counts(view: View, theme: str) -> DistrictMap:
    """Prepare a map of how many operations the texts name in each district, by status.

    Flat: at least one is delivered; hatched: named, none said to be delivered; grey: none named, which is not zero.
    """
    frame = _base(view)
    counts = _counts(view, theme)
    rows = []
    for code in frame["ref_area"]:
        mine = counts.get(code, {})
        text = "  ".join(f"{GLYPHS[status]} {mine[status]}" for status in STATUS_ORDER if status in mine)
        if not mine:
            rows.append(_without_value(view, "not_named"))
            continue
        delivered = "delivered" in mine
        fill = tint(theme, "light" if view.mode == "light" else "dark") if delivered else INKS[view.mode]["panel"]
        rows.append(
            {
                "state": "delivered" if delivered else "plan",
                "value": float(sum(mine.values())),
                "value_text": text,
                "class_index": 1 if delivered else 0,
                "fill": fill,
                "text": text_on(fill),
                "hatch": "" if delivered else "plan",
            }
        )
    frame = pd.concat([frame, pd.DataFrame(rows, columns=DRAWN)], axis=1)
    named = frame[frame["value"].notna()]
    without = len(programme_rows(view, theme).query("district == ''"))
    title = _operations_sentence(view, int(named["value"].sum()), len(named), len(frame))
    subtitle = message("map.operations_subtitle", view.language, without=without)
    if frame.empty:
        title = message("map.no_districts", view.language, city=view.city_name)
        subtitle = message("map.operations_unplaced", view.language, count=without)
    return DistrictMap(
        title=title,
        subtitle=subtitle,
        frame=frame,
        bounds=(),
        theme=theme,
        mode=view.mode,
        context=context_of(view),
        points=no_points(),
        boundary=_boundary(frame),
        language=view.language,
    )
