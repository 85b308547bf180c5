"""The pictures of an indicator's page: where it stands district by district, and how it went year after year."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from dashboard.charts.lines import Line, line_chart
from dashboard.charts.specifications import specification_of
from dashboard.content import alternatives, common, theme_files
from dashboard.content.entries import area_words
from dashboard.content.indicator_rows import EXPORT, dataset_of, figure_of, is_known, is_party, rows_shown, value_said
from dashboard.content.pieces import Chart, Column, Table
from dashboard.content.tree import ChartFigure, MapFigure
from dashboard.figures import indicators, localised, sources
from dashboard.formats import separated
from dashboard.maps.prepare import choropleth
from dashboard.messages import message
from dashboard.theme import mark
from dashboard.view import View
from data.rules.dates import is_datable, period_start

_CENSUS = "insee_census_iris"
_YEAR_LENGTH, _DAY_LENGTH, _FIRST_DAY = len("2026"), len("2026-01-01"), "-01-01"
_BREAK = "B"


def slug(indicator: str) -> str:
    """Return how addresses name an indicator."""
    return indicator.replace("_", "-")


def figures_of(indicator: str = "") -> str:
    """Return what the keys of figures of an indicator's page begin with, given its name in addresses; of any page."""
    return f"indicateur-{indicator}-" if indicator else "indicateur-"


def _map_source(view: View, indicator: str, dataset: str) -> tuple[str, tuple[str, ...]]:
    """Return the source line and the marks of a map; census figures by district are said to be shared out."""
    if dataset == _CENSUS:
        words = message("source.census_districts", view.language)
        return words, (common.kind_words("official_statistics", view.language),)
    return theme_files.map_origin(view, indicator)


def maps(view: View, indicator: str) -> Iterator[MapFigure]:
    """Yield the map of an indicator where at least two districts have a value."""
    definition = indicators(view.release)[indicator]
    districts = set(view.districts["ref_area"])
    valued = {row.ref_area for row in rows_shown(view, indicator) if row.ref_area in districts and is_known(row)}
    if len(valued) < 2 or len(definition.district_class_bounds) == 0:
        return
    prepared = choropleth(view, indicator, definition.theme)
    if (prepared.frame["state"] == "value").sum() < 2:
        return
    source, kinds = _map_source(view, indicator, prepared.dataset)
    yield MapFigure(
        f"{figures_of(slug(indicator))}carte", prepared, None, source, kinds, (common.map_table(view, prepared),)
    )


def _is_of_a_year(row: Any) -> bool:
    """Tell whether a figure may stand for a year on a time axis: of a stated year, or of its first day."""
    period = row.time_period
    is_year = len(period) == _YEAR_LENGTH or (len(period) == _DAY_LENGTH and period.endswith(_FIRST_DAY))
    return is_year and is_datable(row.time_basis)


def _series(view: View, indicator: str) -> Iterator[list[Any]]:
    """Yield what one source observed of one area, whole or network, over two years or more, in order of time."""
    groups: dict[tuple[str, str], dict[int, Any]] = {}
    for row in rows_shown(view, indicator):
        is_whole = view.areas.at[row.ref_area, "level"] in {"commune", "network"}
        if is_whole and row.nature == "observed" and _is_of_a_year(row) and not is_party(view, row):
            # Of two editions the newer one counts, which comes later.
            years = groups.setdefault((row.ref_area, dataset_of(view, row)), {})
            years[period_start(row.time_period).year] = row
    for years in groups.values():
        found = [years[year] for year in sorted(years)]
        if sum(map(is_known, found)) > 1:
            yield found


def _frame(view: View, rows: list[Any]) -> pd.DataFrame:
    """Return years, values and words; absent years and breaks are gaps, never bridged by a line."""
    years = {period_start(row.time_period).year: row for row in rows}
    records: list[dict[str, object]] = []
    for year in range(min(years), max(years) + 1):
        row = years.get(year)
        if records and row is not None and row.obs_status == _BREAK:
            records.append({"year": year - 0.5, "value": None, "text": ""})
        value = None if row is None else figure_of(view, row).value
        words = "" if row is None else message("indicator.point", view.language, name=str(year),
                                               value=value_said(view, row))  # fmt: skip
        records.append({"year": year, "value": value, "text": words})
    return pd.DataFrame(records).astype({"value": "float64"})


def _title(view: View, label: str, known: list[Any]) -> str:
    first, last = figure_of(view, known[0]), figure_of(view, known[-1])
    broken = any(row.obs_status == _BREAK for row in known[1:])
    return message("indicator.series_broken" if broken else "indicator.series", view.language, label=label,
                   low=first.text, first=first.period[:4], high=last.text, last=last.period[:4])  # fmt: skip


def _subtitle(view: View, label: str, rows: list[Any], frame: pd.DataFrame) -> str:
    language, whole = view.language, frame[frame["year"] % 1 == 0]
    missing = [f"{year:.0f}" for year in whole.loc[whole["value"].isna(), "year"]]
    breaks = [row.time_period[:4] for row in rows[1:] if row.obs_status == _BREAK]
    parts = [message("indicator.series_subtitle", language, label=label, area=area_words(view, rows[0].ref_area),
                     first=rows[0].time_period[:4], last=rows[-1].time_period[:4])]  # fmt: skip
    parts += [message("indicator.series_breaks", language, years=", ".join(breaks))] if breaks else []
    parts += [message("indicator.series_missing", language, years=", ".join(missing))] if missing else []
    return " ".join(parts)


def _table(view: View, label: str, rows: list[Any]) -> Table:
    columns = (Column("period", message("table.period", view.language)), Column("value", label, numeric=True))
    cells = tuple((figure_of(view, row).date, value_said(view, row)) for row in rows)
    title = message("indicator.series_table", view.language, count=len(cells))
    return Table(title, columns, cells)


def charts(view: View, indicator: str) -> Iterator[ChartFigure]:
    """Yield the series of an indicator, each of one area and one source."""
    definition = indicators(view.release)[indicator]
    label = localised(definition, "label", view.language)
    for place, rows in enumerate(_series(view, indicator)):
        frame, known = _frame(view, rows), [row for row in rows if is_known(row)]
        editions = dict.fromkeys(sources(view.release)[row.source] for row in known)
        title = _title(view, label, known)
        line = Line(label, mark(definition.theme, view.mode), frame)
        domain = (float(frame["year"].min()) - 0.8, float(frame["year"].max()) + 0.8)
        chart = Chart(
            key=f"{figures_of(slug(indicator))}serie" + (f"-{place + 1}" if place else ""),
            title=title,
            subtitle=_subtitle(view, label, rows, frame),
            specification=specification_of(line_chart([line], domain, view.mode, view.language)),
            alternative=alternatives.of_lines([line], view.language),
            source=separated((localised(edition, "short", view.language) for edition in editions), view.language) + ".",
            export=f"{EXPORT}.{{format}}?indicateur={indicator}",
            kinds=tuple(dict.fromkeys(common.kind_words(edition.kind, view.language) for edition in editions)),
        )
        yield ChartFigure(definition.theme, chart, (_table(view, label, rows),))
