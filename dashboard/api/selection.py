"""The rows that a question is about, in the order of the release, with words for readers beside them."""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import TypeAlias, get_args

import pandas as pd

from dashboard.api.models import columns_of
from dashboard.api.problems import ProblemError, Wrong
from dashboard.api.questions import (
    Areas,
    Commitments,
    Indicators,
    Milestones,
    Observations,
    Programmes,
    Rows,
)
from dashboard.definitions import definitions
from dashboard.figures import indicators, sources, units
from dashboard.messages import message
from data.models import Level, ProgrammeStatus
from data.release import Release
from data.rules.dates import is_datable, period_end, period_start

Mask: TypeAlias = "pd.Series[bool]"
_DATES = {"observations": "time_period", "milestones": "date", "commitments": "deadline"}


@lru_cache(maxsize=16)
def _days(release: Release, table: str) -> pd.DataFrame:
    """Return first and last day (ISO 8601) of the period of every row of a table; nothing where it has none.

    A value whose text gives no date has the period of its document: that is no date of what it counts.
    """
    rows = release.table(table)
    periods = rows[_DATES[table]]
    if table == "observations":
        periods = periods.where(rows["time_basis"].map(is_datable), "")
    known = [text for text in periods.unique() if text]
    first = {text: period_start(text).isoformat() for text in known}
    last = {text: period_end(text).isoformat() for text in known}
    days = {"first": [first.get(text, "") for text in periods], "last": [last.get(text, "") for text in periods]}
    return pd.DataFrame(days, index=periods.index, dtype=str)


@lru_cache(maxsize=64)
def _known(release: Release, table: str, column: str) -> frozenset[str]:
    """Return the values that a column has; of a cell that lists several, each."""
    found = release.table(table)[column].unique()
    return frozenset(part for text in found for part in str(text).split(";"))


def _unknown(release: Release, asked: Rows) -> Iterator[Wrong]:
    """Yield the values asked for that the release does not know."""
    places = {"ref_area": ("territories", "ref_area"), "area": ("territories", "ref_area"),
              "parent": ("territories", "ref_area"), "commune": ("territories", "commune"),
              "indicator": ("indicators", "indicator"), "source": ("sources", "source"),
              "programme": ("programmes", "programme_id")}  # fmt: skip
    for field, (table, column) in places.items():
        values = getattr(asked, field, None) or ()
        for value in [values] if isinstance(values, str) else values:
            if value not in _known(release, table, column):
                yield Wrong(field, value, f"unknown_{'area' if table == 'territories' else field}")
    theme = getattr(asked, "theme", None)
    if theme is not None and theme not in {*definitions().themes, *_known(release, "indicators", "theme")}:
        yield Wrong("theme", theme, "one_of", {"choices": ", ".join(definitions().themes)})


def _impossible(asked: Rows) -> Iterator[Wrong]:
    """Yield the ranges asked for that end before they begin."""
    for name in ("period", "date", "deadline"):
        first, last = getattr(asked, f"{name}_from", None), getattr(asked, f"{name}_to", None)
        if first and last and period_start(first) > period_end(last):
            yield Wrong(f"{name}_to", last, "before", {"field": f"{name}_from", "first": first})


def check(release: Release, asked: Rows) -> None:
    """Refuse what a release does not know, and ranges that cannot be.

    Raises
    ------
    ProblemError
        422: every such field.
    """
    if wrong := [*_unknown(release, asked), *_impossible(asked)]:
        raise ProblemError(422, "parameters", wrong)


def _equal(rows: pd.DataFrame, **asked: str | None) -> Iterator[Mask]:
    """Yield where columns have the values asked for."""
    yield from (rows[column] == value for column, value in asked.items() if value is not None)


def _among(rows: pd.DataFrame, column: str, code: str | None) -> Iterator[Mask]:
    """Yield where a cell that lists several codes names one."""
    if code is not None:
        yield rows[column].isin([text for text in rows[column].unique() if code in text.split(";")])


def _between(release: Release, table: str, first: str | None, last: str | None) -> Iterator[Mask]:
    """Yield where the period of a row lies wholly between two days."""
    days = _days(release, table)
    if first:
        yield (days["first"] != "") & (days["first"] >= period_start(first).isoformat())
    if last:
        yield (days["last"] != "") & (days["last"] <= period_end(last).isoformat())


def _in_area(rows: pd.DataFrame, area: str | None) -> Iterator[Mask]:
    if area is not None:
        yield (rows["ref_area"] == area) | (rows["commune"] == area) | (rows["district"] == area)


def _areas(_release: Release, rows: pd.DataFrame, asked: Areas) -> Iterator[Mask]:
    yield from _equal(rows, level=asked.level, parent=asked.parent, commune=asked.commune)


def _indicators(_release: Release, rows: pd.DataFrame, asked: Indicators) -> Iterator[Mask]:
    yield from _equal(rows, theme=asked.theme)


def _observations(release: Release, rows: pd.DataFrame, asked: Observations) -> Iterator[Mask]:
    areas, known = release.table("territories"), release.table("indicators")
    if asked.ref_area:
        yield rows["ref_area"].isin(asked.ref_area)
    if asked.level is not None:
        yield rows["ref_area"].isin(areas.loc[areas["level"] == asked.level, "ref_area"])
    if asked.indicator:
        yield rows["indicator"].isin(asked.indicator)
    if asked.theme is not None:
        yield rows["indicator"].isin(known.loc[known["theme"] == asked.theme, "indicator"])
    yield from _among(rows, "source", asked.source)
    yield from _between(release, "observations", asked.period_from, asked.period_to)
    yield from _equal(rows, nature=asked.nature, obs_status=asked.obs_status, programme=asked.programme)


def _programmes(_release: Release, rows: pd.DataFrame, asked: Programmes) -> Iterator[Mask]:
    yield from _equal(rows, theme=asked.theme, status=asked.status)
    yield from _in_area(rows, asked.area)


def _milestones(release: Release, rows: pd.DataFrame, asked: Milestones) -> Iterator[Mask]:
    yield from _equal(rows, theme=asked.theme)
    yield from _in_area(rows, asked.area)
    yield from _between(release, "milestones", asked.date_from, asked.date_to)


def _commitments(release: Release, rows: pd.DataFrame, asked: Commitments) -> Iterator[Mask]:
    yield from _equal(rows, theme=asked.theme)
    yield from _in_area(rows, asked.area)
    yield from _among(rows, "programme_ids", asked.programme)
    yield from _equal(rows, stated_status=asked.stated_status)
    yield from _between(release, "commitments", asked.deadline_from, asked.deadline_to)


def _filters(release: Release, rows: pd.DataFrame, asked: Rows) -> Iterable[Mask]:
    match asked:
        case Areas():
            return _areas(release, rows, asked)
        case Indicators():
            return _indicators(release, rows, asked)
        case Observations():
            return _observations(release, rows, asked)
        case Programmes():
            return _programmes(release, rows, asked)
        case Milestones():
            return _milestones(release, rows, asked)
        case Commitments():
            return _commitments(release, rows, asked)
        case _:
            return ()


def selected(release: Release, table: str, asked: Rows) -> pd.DataFrame:
    """Return the rows of a table that a question is about, with the columns that answers hold."""
    rows = release.table(table)
    wanted = pd.Series(True, index=rows.index)
    for mask in _filters(release, rows, asked):
        wanted &= mask
    return rows.loc[wanted, list(columns_of(table))]


@lru_cache(maxsize=8)
def _names(release: Release, language: str) -> dict[str, dict[str, str]]:
    """Return what areas, themes, indicators, units, levels and states are called, by their codes."""
    areas, known = release.table("territories"), indicators(release)
    labels = {name: str(getattr(row, f"label_{language}")) for name, row in known.items()}
    return {
        "area_name": dict(zip(areas["ref_area"], areas["name"], strict=True)),
        "theme_label": {name: getattr(theme.label, language) for name, theme in definitions().themes.items()},
        "indicator_label": labels,
        "unit": {name: str(row.unit) for name, row in known.items()},
        "unit_label": {name: getattr(unit, language).other for name, unit in units().items()},
        "level_label": {name: message(f"level.{name}", language) for name in get_args(Level)},
        "status_label": {name: message(f"status.{name}", language) for name in get_args(ProgrammeStatus)},
    }  # fmt: skip


def _kinds(release: Release, frame: pd.DataFrame) -> dict[str, str]:
    """Return of what kind the sources are that rows name; of several sources every kind."""
    known = sources(release)
    named = frame["source"].unique() if "source" in frame else ()
    return {text: ";".join(dict.fromkeys(str(known[one].kind) for one in text.split(";"))) for text in named}


def _mapped(column: "pd.Series[str]", names: Mapping[str, str]) -> "pd.Series[str]":
    """Return what values are called; a code that has no name here stands for itself."""
    return column.map(lambda code: names.get(code, code)).astype(column.dtype)


_OF: dict[str, str] = {
    "area_name": "ref_area", "theme_label": "theme", "indicator_label": "indicator", "unit_label": "unit",
    "level_label": "level", "status_label": "status", "unit": "indicator", "source_kind": "source",
}  # fmt: skip


def with_words(release: Release, frame: pd.DataFrame, words: tuple[str, ...], language: str) -> pd.DataFrame:
    """Return rows with the words for readers that their table has beside its own columns."""
    names, found = {**_names(release, language), "source_kind": _kinds(release, frame)}, frame
    for word in words:
        column = _OF[word]
        found = found.assign(**{word: _mapped(found[column], names[word])})
    return found


def one_row(release: Release, table: str, key: str, code: str) -> pd.DataFrame:
    """Return the row of a table that has a key, as the only one.

    Raises
    ------
    ProblemError
        404: there is none.
    """
    rows = release.table(table)
    found = rows.loc[rows[key] == code, list(columns_of(table))]
    if found.empty:
        raise ProblemError(404, "code", [Wrong(key, code, "unknown_code")])
    return found
