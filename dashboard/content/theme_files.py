"""What files received from publishers add to the page of a theme: figures of the area looked at, maps by district."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import lru_cache
from typing import Any

import pandas as pd

from dashboard.content.pieces import Column, Heading, Table
from dashboard.definitions import definitions
from dashboard.figures import Figure, indicators, latest, localised, period_words, sources, to_figure
from dashboard.maps.prepare import drawn_dataset
from dashboard.messages import message
from dashboard.view import View
from data.frames import rows_of
from data.release import Release
from data.rules.dates import period_end

# Figures of single days (departures in a week) belong together: all those of the last seven days are shown.
TOGETHER = timedelta(days=7)
# What is provisional or not known yet says less than the newest figure that stands, which is shown beside it.
UNSETTLED = frozenset({"P", "O"})
# Longer tables stay folded: they would push the rest of a page out of sight.
FEW = 12
OF_PAGE = "theme_files.table"
EXPORT = "fichiers-recus.{{format}}?theme={theme}"
_DAY_LENGTH = len("2026-03-09")
_SENTENCE_ENDS = re.compile(r"(?<=\.) ")


@dataclass(frozen=True)
class _Line:
    """A row of the table: its words, its sentences of remark, and whether it is measured rather than computed.

    `later` says a later figure that is provisional or not known yet.
    """

    source: str
    label: str
    value: str
    period: str
    sentences: tuple[str, ...]
    is_measured: bool
    later: str = ""


@lru_cache(maxsize=32)
def _received(release: Release, theme: str) -> pd.DataFrame:
    """Return the observations of a theme that rest on received files, formulas on them included."""
    observations, files = release.table("observations"), set(release.table("intakes")["source"])
    mine = [name for name, row in indicators(release).items() if row.theme == theme]
    return observations[observations["source"].isin(files) & observations["indicator"].isin(mine)]


def received_rows(view: View, theme: str, without: tuple[str, ...] = ()) -> pd.DataFrame:
    """Return the newest figures of received files about the area looked at, by data set: two may disagree, both stay.

    Parameters
    ----------
    without : indicators that the page shows elsewhere.
    """
    rows = _received(view.release, theme)
    rows = rows[(rows["ref_area"] == view.ref_area) & ~rows["indicator"].isin(without)]
    if rows.empty:
        return rows
    datasets = rows["source"].map({name: row.dataset for name, row in sources(view.release).items()})
    shown = [_newest(mine) for _, mine in rows.groupby(["indicator", datasets])]
    return pd.concat(shown).sort_values(["source", "indicator", "time_period"])


def _newest(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the newest of the figures of one indicator and data set: those of a week of days, else the last one."""
    ends = rows["time_period"].map(period_end)
    is_last = ends == ends.max()
    is_day = rows["time_period"].str.len() == _DAY_LENGTH
    edition = rows.loc[is_last, "source"].max()
    is_shown = (rows["source"] == edition) & (is_last | (is_day & (ends > ends.max() - TOGETHER)))
    shown, rest = rows[is_shown], rows[~is_shown]
    if (shown["obs_status"].isin(UNSETTLED) & (shown["conf_status"] != "C")).all():
        settled = rest[rest["obs_value"].notna() & ~rest["obs_status"].isin(UNSETTLED)]
        shown = pd.concat([settled.sort_values(["time_period", "source"]).tail(1), shown])
    return shown


def _stated(view: View, figure: Figure, words: str) -> str:
    """Return a value, and in brackets what it is where it is not a plain one: estimated, provisional, a break."""
    if figure.value is None or figure.status == "A":
        return words
    return f"{words} ({message(f'state.{figure.status}', view.language)})"


def _line(view: View, row: Any) -> _Line:
    figure = to_figure(view.release, row, view.language)
    return _joined(view, [figure], _stated(view, figure, figure.text), figure.date, row)


def _joined(view: View, figures: list[Figure], value: str, period: str, row: Any) -> _Line:
    notes = dict.fromkeys(part for figure in figures for part in _SENTENCE_ENDS.split(figure.note) if part)
    return _Line(str(row.source), figures[0].label, value, period, tuple(notes),
                 figures[0].value is not None and not row.derived_from)  # fmt: skip


def _line_of_days(view: View, rows: pd.DataFrame) -> _Line:
    """Return the figures of several days as one line: from the lowest to the highest, and how many days have none."""
    language = view.language
    figures = [to_figure(view.release, row, language) for row in rows_of(rows)]
    valued = sorted((figure for figure in figures if figure.value is not None), key=lambda figure: figure.value or 0)
    words = figures[0].text
    if valued:
        low, high = valued[0], valued[-1]
        words = message("theme_files.by_day", language, low=low.number, high=high.text)
        if low.text == high.text:
            words = message("theme_files.each_day", language, value=low.text)
        words = _stated(view, next((one for one in valued if one.status != "A"), low), words)
        for state, count in (
            pd.Series([one.text for one in figures if one.value is None], dtype=str).value_counts().items()
        ):
            key = "theme_files.days_without" if count == 1 else "theme_files.days_without_many"
            words = message(key, language, value=words, state=state, count=count)
    span = f"{figures[0].period}/{figures[-1].period}"
    return _joined(view, figures, words, period_words(span, "stated", "", language), next(rows_of(rows)))


def _line_with_later(view: View, settled: _Line, later: _Line) -> _Line:
    """Return the newest figure that stands, with the later one that is provisional or not known yet as a remark."""
    words = message("theme_files.later", view.language, period=later.period, value=later.value)
    notes = (
        message("theme_files.of_period", view.language, sentence=one.removesuffix("."), period=later.period)
        for one in later.sentences
    )
    return replace(settled, sentences=(*settled.sentences, *notes), later=words)


def _are_days_together(rows: pd.DataFrame) -> bool:
    if len(rows) < 2 or (rows["time_period"].str.len() != _DAY_LENGTH).any():
        return False
    ends = rows["time_period"].map(period_end)
    return bool(ends.max() - ends.min() < TOGETHER)


def _lines(view: View, rows: pd.DataFrame) -> Iterator[_Line]:
    for _, mine in rows.groupby(["source", "indicator"], sort=False):
        if _are_days_together(mine):
            yield _line_of_days(view, mine)
        elif len(mine) > 1:
            yield _line_with_later(view, *(_line(view, row) for row in rows_of(mine)))
        else:
            yield from (_line(view, row) for row in rows_of(mine))


def _shared(lines: list[_Line]) -> tuple[str, ...]:
    """Return the sentences that hold for all that one source measures here: they are said once, above."""
    measured = [line for line in lines if line.is_measured]
    if len(measured) < 2:
        return ()
    return tuple(one for one in measured[0].sentences if all(one in line.sentences for line in measured))


def _note(line: _Line, shared: tuple[str, ...]) -> str:
    """Return the remarks of a row that are not said once above."""
    return " ".join(one for one in (line.later, *line.sentences) if one and one not in shared)


def received_table(view: View, theme: str, without: tuple[str, ...] = (), title: str = OF_PAGE) -> tuple[Table, ...]:
    """Return the table of what received files say of the area, source by source; nothing where they say nothing.

    Parameters
    ----------
    title : key of its title, which may use `name`, `count` and `theme`.
    """
    lines = list(_lines(view, received_rows(view, theme, without)))
    if not lines:
        return ()
    headings: list[Heading] = []
    notes: list[str] = []
    for source in dict.fromkeys(line.source for line in lines):
        mine = [line for line in lines if line.source == source]
        shared, edition = _shared(mine), sources(view.release)[source]
        kind = message(f"kind.{edition.kind}", view.language)
        headings.append(Heading(len(notes), localised(edition, "short", view.language), kind, " ".join(shared)))
        notes += [_note(line, shared) for line in mine]
    cells = tuple((line.label, line.value, line.period) for line in lines)
    columns = (
        Column("label", message("table.label", view.language)),
        Column("value", message("table.value", view.language)),
        Column("period", message("theme_files.period", view.language)),
    )
    theme_words = getattr(definitions().themes[theme].label, view.language)
    is_open = title == OF_PAGE and len(lines) <= FEW
    words = message(title, view.language, name=view.area_name, count=len(cells), theme=theme_words)
    export = EXPORT.format(theme=theme)
    return (Table(words, columns, cells, export, is_open, "", tuple(headings), tuple(notes), "file-figures"),)


def map_choices(view: View, theme: str, fixed: tuple[str, ...]) -> tuple[str, ...]:
    """Return what a map of the theme can show: `fixed`, then what received files say of enough districts for classes.

    An indicator of several days at once has no one value to draw, and is left to the table.
    """
    found = _received(view.release, theme)
    found = found[found["ref_area"].isin(view.districts["ref_area"]) & found["obs_value"].notna()]
    several = set(found.loc[found.duplicated(["ref_area", "indicator", "source"]), "indicator"])
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
