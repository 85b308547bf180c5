"""What files received from publishers add to the page of a theme: figures of the area looked at, maps by district."""

from datetime import timedelta
from functools import lru_cache

import pandas as pd

from dashboard.content.pieces import Column, Table
from dashboard.figures import indicators, latest, to_figure
from dashboard.maps.prepare import drawn_dataset
from dashboard.messages import message
from dashboard.view import View
from data.frames import rows_of
from data.release import Release
from data.rules.dates import period_end

# Figures of single days (departures in a week) belong together: all those of the last seven days are shown.
TOGETHER = timedelta(days=7)
_KEY = ["ref_area", "indicator"]


@lru_cache(maxsize=32)
def _received(release: Release, theme: str) -> pd.DataFrame:
    """Return the observations of a theme that rest on received files, formulas on them included."""
    observations, files = release.table("observations"), set(release.table("intakes")["source"])
    mine = [name for name, row in indicators(release).items() if row.theme == theme]
    return observations[observations["source"].isin(files) & observations["indicator"].isin(mine)]


def received_rows(view: View, theme: str, without: tuple[str, ...] = ()) -> pd.DataFrame:
    """Return the newest figures of received files about the area looked at, one row per indicator and period.

    Parameters
    ----------
    without : indicators that the page shows elsewhere.
    """
    rows = _received(view.release, theme)
    rows = rows[(rows["ref_area"] == view.ref_area) & ~rows["indicator"].isin(without)]
    if rows.empty:
        return rows
    ends = rows["time_period"].map(period_end)
    newest = ends.groupby(rows["indicator"]).transform("max")
    is_day = rows["time_period"].str.len() == 10
    return rows[(ends == newest) | (is_day & (ends > newest - TOGETHER))].sort_values(["indicator", "time_period"])


def received_table(view: View, theme: str, without: tuple[str, ...] = ()) -> tuple[Table, ...]:
    """Return the table of what received files say of the area; nothing where they say nothing."""
    rows = received_rows(view, theme, without)
    if rows.empty:
        return ()
    figures = [to_figure(view.release, row, view.language) for row in rows_of(rows)]
    cells = tuple(
        (figure.label, _value(view, figure.text, figure.status), figure.date, figure.source, figure.note)
        for figure in figures
    )
    names = ("label", "value", "period", "source", "note")
    columns = tuple(Column(name, message(f"table.{name}", view.language), numeric=name == "value") for name in names)
    title = message("theme_files.table", view.language, name=view.area_name, count=len(cells))
    return (Table(title, columns, cells, f"fichiers-recus.{{format}}?theme={theme}", is_open=True),)


def _value(view: View, text: str, status: str) -> str:
    return f"{text} ({message('state.E', view.language)})" if status == "E" else text


def map_choices(view: View, theme: str, fixed: tuple[str, ...]) -> tuple[str, ...]:
    """Return what a map of the theme can show: `fixed`, then what received files say of enough districts for classes.

    An indicator of several days at once has no one value to draw, and is left to the table.
    """
    found = _received(view.release, theme)
    found = found[found["ref_area"].isin(view.districts["ref_area"])]
    several = set(found.loc[found.duplicated([*_KEY, "source"]), "indicator"])
    drawable = [name for name in found["indicator"].unique() if name not in several and _has_classes(view, str(name))]
    return tuple(dict.fromkeys((*fixed, *sorted(map(str, drawable)))))


def _has_classes(view: View, indicator: str) -> bool:
    return len(indicators(view.release)[indicator].district_class_bounds) > 0


def map_origin(view: View, indicator: str) -> tuple[str, tuple[str, ...]]:
    """Return the source line and the mark of a map of what a received file says."""
    dataset = drawn_dataset(view, indicator)
    figures = (latest(view, indicator, str(code), dataset) for code in view.districts["ref_area"])
    figure = next(figure for figure in figures if figure is not None)
    return f"{figure.source}.", (message(f"kind.{figure.kind}", view.language),)
