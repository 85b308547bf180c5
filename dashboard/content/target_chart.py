"""The charts of targets that a series measures, each with the table that says the same."""

from functools import lru_cache
from typing import Any

import pandas as pd

from dashboard.charts.gantt import year_position
from dashboard.charts.specifications import specification_of
from dashboard.charts.targets import starts_at_zero, target_chart
from dashboard.content import alternatives
from dashboard.content.common import kind_words
from dashboard.content.entries import area_words
from dashboard.content.pieces import Chart, Column, Table
from dashboard.content.target_words import status_words, value_words
from dashboard.content.targets import judged
from dashboard.figures import indicators, localised, source_line, sources
from dashboard.formats import is_missing
from dashboard.messages import message
from dashboard.view import View
from data.rules.date_words import one_date
from data.rules.target_rows import origins, points_of
from data.rules.targets import Point, Progress

# A path of this many points is smooth where the pace is a rate.
PATH_POINTS = 24
# With these, one line through the points would join what does not belong together.
_NO_LINE = frozenset({"mixed_sources", "several_values"})


def _year(time_period: str) -> float:
    """Return where a period stands on the axis: the middle of a year on its tick, the end of a month or day."""
    start, end = year_position(time_period)
    return round((start + end) / 2, 3) if len(time_period) == 4 else end


def _series(view: View, row: Any, points: tuple[Point, ...]) -> pd.DataFrame:
    records, segment = [], 0
    for place, point in enumerate(points):
        segment += point.status == "B" and place > 0
        words = message("targets.value_at", view.language, value=value_words(view, row.indicator, point.value),
                        date=one_date(point.time_period, view.language))  # fmt: skip
        records.append({"year": _year(point.time_period), "value": point.value, "text": words, "segment": segment})
    return pd.DataFrame.from_records(records)


def _path(row: Any, progress: Progress) -> pd.DataFrame:
    """Return the way at the required pace, from the base to the target; empty where there is no pace to require."""
    if progress.first is None or progress.required_pace is None or progress.years_to_deadline is None:
        return pd.DataFrame(columns=["year", "value"])
    base, start = progress.first.value, _year(progress.first.time_period)
    end, records = _year(row.deadline), []
    for step in range(PATH_POINTS + 1):
        years = progress.years_to_deadline * step / PATH_POINTS
        straight = base + progress.required_pace * years
        value = base * (1 + progress.required_pace) ** years if row.path == "geometric" else straight
        records.append({"year": start + (end - start) * step / PATH_POINTS, "value": value})
    return pd.DataFrame.from_records(records)


def _is_drawable(row: Any, progress: Progress, points: tuple[Point, ...]) -> bool:
    placed = bool(row.deadline) and not is_missing(row.target_value)
    return placed and len(points) > 1 and not _NO_LINE.intersection(progress.reasons)


def _said(measure: str, series: pd.DataFrame, path: pd.DataFrame, target: str, language: str) -> str:
    """Return what the chart of a target shows in words."""
    parts = [alternatives.of_points(measure, series, language), message("alternative.target", language, words=target)]
    return " ".join([*parts, message("alternative.path", language)] if len(path) else parts)


def _chart(view: View, row: Any, progress: Progress, points: tuple[Point, ...]) -> Chart:
    language = view.language
    aim = message(f"targets.{row.direction}", language, value=value_words(view, row.indicator, row.target_value))
    target = message("targets.chart_target", language, aim=aim, date=one_date(row.deadline, language))
    title = message("targets.chart_title", language, label=localised(row, "label", language),
                    status=status_words(progress.status, language))  # fmt: skip
    point = pd.DataFrame([{"year": _year(row.deadline), "value": row.target_value, "text": target}])
    words = (message("targets.chart_path", language), target)
    series, path = _series(view, row, points), _path(row, progress)
    specification = target_chart(series, path, point, words, row.theme, view.mode, view.language)
    editions = _editions(view, row, points)
    series_sources = sorted(localised(sources(view.release)[name], "short", language) for name in editions)
    named = sorted({kind_words(sources(view.release)[name].kind, language) for name in {row.source, *editions}})
    values = pd.Series([row.target_value, *(observed.value for observed in points)])
    axis = message("targets.axis_zero" if starts_at_zero(values) else "targets.axis_cut", language)
    if any(observed.status == "B" for observed in points[1:]):
        axis += " " + message("targets.chart_break", language)
    measure = localised(indicators(view.release)[row.measured_by], "label", language)
    return Chart(
        key=f"objectif-{row.target_id}",
        title=title,
        subtitle=message("targets.chart_subtitle", language, measure=measure, area=area_words(view, row.ref_area),
                         axis=axis),
        specification=specification_of(specification),
        alternative=_said(measure, series, path, target, language),
        source=message("targets.chart_source", language, series=", ".join(series_sources),
                       target=source_line(view.release, row.source, row.source_detail, language)),
        export="objectifs.{format}",
        kinds=tuple(named),
    )  # fmt: skip


def _editions(view: View, row: Any, points: tuple[Point, ...]) -> set[str]:
    """Return the editions that the points of a chart come from."""
    origin = origins(view.release.table("sources"))
    rows = view.release.table("observations")
    mine = rows[(rows["ref_area"] == row.ref_area) & (rows["indicator"] == row.measured_by)]
    said = {point.source for point in points}
    return {name for name in mine["source"] if origin[name] in said}


def _table(view: View, row: Any, points: tuple[Point, ...]) -> Table:
    language = view.language
    columns = (
        Column("period", message("table.period", language)),
        Column("value", message("targets.observed", language), numeric=True),
    )
    rows = tuple((one_date(p.time_period, language), value_words(view, row.indicator, p.value)) for p in points)
    return Table(message("targets.table", language, label=localised(row, "label", language)), columns, rows)


@lru_cache(maxsize=64)
def charts(view: View) -> tuple[tuple[str, Chart, Table], ...]:
    """Return theme, chart and table of each target that a series measures; none for those that nothing measures."""
    found = []
    for row, progress in judged(view):
        points = points_of(row, view.release.tables, view.today)
        if _is_drawable(row, progress, points):
            found.append((str(row.theme), _chart(view, row, progress, points), _table(view, row, points)))
    return tuple(found)
