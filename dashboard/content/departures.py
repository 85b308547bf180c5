"""Departures of public transport, day by day of the week that a received timetable describes."""

from functools import lru_cache
from typing import Any

import pandas as pd

from dashboard.charts.bars import Quantity, bar_chart
from dashboard.charts.specifications import specification_of
from dashboard.content import alternatives
from dashboard.content.pieces import Chart, Column, Table
from dashboard.content.theme_files import received_rows
from dashboard.figures import Figure, period_words, to_figure
from dashboard.formats import weekday
from dashboard.messages import message
from dashboard.view import View
from data.frames import rows_of

THEME = "mobility"
INDICATOR = "transit_departures"
EXPORT = "departs"


def day_rows(view: View) -> pd.DataFrame:
    """Return the departures of the area in the days of the newest timetable."""
    rows = received_rows(view, THEME)
    return rows[rows["indicator"] == INDICATOR].sort_values("time_period")


def _title(view: View, figures: list[Figure]) -> str:
    """Return the sentence of the days with most and fewest departures, the first of each; the year is said below."""
    low, high = (choose(figures, key=lambda figure: figure.value or 0) for choose in (min, max))
    is_same = low.text == high.text
    values: dict[str, Any] = {"high": high.text, "high_day": weekday(high.period, view.language)}
    with_month = low.period[:7] != high.period[:7]
    values |= {"low": low.number, "low_day": weekday(low.period, view.language, with_month)}
    if view.is_city:
        place = view.at_city[0].upper() + view.at_city[1:]
        return message("departures.title_same" if is_same else "departures.title", view.language, place=place, **values)
    key = "departures.title_same_of_district" if is_same else "departures.title_of_district"
    return message(key, view.language, place=view.area_name, **values)


@lru_cache(maxsize=256)
def week_chart(view: View) -> Chart | None:
    """Return the departures of each day; None where no timetable was received or a day has no figure."""
    figures = [to_figure(view.release, row, view.language) for row in rows_of(day_rows(view))]
    if len(figures) < 2 or any(figure.value is None for figure in figures) or not any(one.value for one in figures):
        return None
    title = _title(view, figures)
    period = period_words(f"{figures[0].period}/{figures[-1].period}", "stated", "", view.language)
    is_estimated = any(figure.status == "E" for figure in figures)
    subtitle = "departures.subtitle_estimated" if is_estimated else "departures.subtitle"
    bars = [Quantity(weekday(one.period, view.language), one.value or 0, one.number) for one in figures]
    return Chart(
        key="departures",
        title=title,
        subtitle=message(subtitle, view.language, period=period),
        specification=specification_of(bar_chart(bars, THEME, view.mode, view.language)),
        alternative=alternatives.of_quantities(bars, view.language),
        source=figures[0].source,
        export=f"{EXPORT}.{{format}}",
        kinds=(message(f"kind.{figures[0].kind}", view.language),),
    )


@lru_cache(maxsize=256)
def week_table(view: View) -> Table:
    """Return the departures of each day of the week."""
    figures = [to_figure(view.release, row, view.language) for row in rows_of(day_rows(view))]
    columns = (
        Column("day", message("departures.day", view.language)),
        Column("departures", message("departures.count", view.language), numeric=True),
    )
    cells = tuple((weekday(figure.period, view.language), figure.number) for figure in figures)
    return Table(message("departures.table", view.language), columns, cells, f"{EXPORT}.{{format}}")
