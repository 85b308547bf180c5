"""One district: what exists, what is announced, what the texts leave open. Quantities are never added up."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pandas as pd

from dashboard.content import theme_files
from dashboard.content.common import has_official_districts, kind_words, same_statement, tile
from dashboard.content.finder import STATIONS
from dashboard.content.pieces import Headline, Table, Tile
from dashboard.figures import latest, source_line, sources
from dashboard.messages import message
from dashboard.view import View
from dashboard.works import Event, Work, events, works
from data.frames import rows_of
from data.rules.gaps import SIZED

THEME = "territory"
FIGURES = (
    "population",
    "dwellings",
    "vacancy_rate_percent",
    "population_under_20_share_percent",
    "population_65_and_over_share_percent",
    "population_near_station_share_percent",
)
# Themes without a page of their own: what received files say of them stands here.
THEMES_HERE = ("shops", "education", "living_environment")
_OPEN = frozenset({"under_way", "planned", "trial"})


@dataclass(frozen=True)
class Line:
    """One thing the sources name: its state and date in words, its size, what is said of it, where."""

    name: str
    state: str
    note: str = ""
    source: str = ""


@dataclass(frozen=True)
class Group:
    """Lines under a heading of their own, or under none."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Section:
    """A part of the page; `empty` is what it says where the texts name nothing, and is empty where they do."""

    title: str
    groups: tuple[Group, ...]
    empty: str


@lru_cache(maxsize=64)
def headline(view: View) -> Headline:
    """Return how many operations the texts name in the district, or how to find one's district."""
    language = view.language
    if view.districts.empty:
        return Headline(
            message("quarter.none_title", language, of_city=view.of_city), message("quarter.none", language)
        )
    if view.is_city:
        return Headline(message("quarter.city_title", language), message("quarter.no_choice", language))
    found = works(view)
    done = sum(1 for work in found if work.status == "delivered")
    if not found:
        return Headline(
            message("quarter.title_none", language, name=view.area_name), message("quarter.lead_none", language)
        )
    form = "none" if not done else "one" if done == 1 else "other"
    delivered = message(f"quarter.delivered_{form}", language, count=done)
    key = "quarter.title_one" if len(found) == 1 else "quarter.title"
    title = message(key, language, name=view.area_name, count=len(found), delivered=delivered)
    return Headline(title, message("quarter.lead", language))


@lru_cache(maxsize=64)
def tiles(view: View) -> tuple[Tile, ...]:
    """Return the figures of a district, all estimated; none for the whole city."""
    return () if view.is_city else tuple(tile(view, latest(view, name)) for name in FIGURES)


def _work_line(view: View, work: Work) -> Line:
    parts = [f"{work.glyph} {work.status_words}", work.date_words, work.quantity]
    return Line(work.name, " · ".join(part for part in parts if part), work.note, work.source)


def _event_line(view: View, event: Event) -> Line:
    state = f"{message(f'event.{event.kind}', view.language)} · {event.date_words}"
    return Line(event.label, state, event.note, event.source)


def _groups(view: View, **lines: list[Line]) -> tuple[Group, ...]:
    """Return the groups that hold something; `plain` has no heading."""
    return tuple(
        Group("" if name == "plain" else message(f"quarter.group_{name}", view.language), tuple(mine))
        for name, mine in lines.items()
        if mine
    )


def _existing(view: View) -> Section:
    done = tuple(work for work in works(view) if work.status == "delivered")
    past = [event for event in events(view) if event.kind == "past" and not same_statement(event, done)]
    named = [_work_line(view, work) for work in done] + [_event_line(view, event) for event in past]
    stations = [_station_line(view, row) for row in rows_of(station_rows(view))]
    empty = "" if named else message("quarter.nothing_there", view.language)
    heading = "stations_official" if has_official_districts(view) else "stations"
    groups = _groups(view, plain=named, **{heading: stations})
    return Section(message("quarter.there", view.language), groups, empty)


def _station_line(view: View, row: Any) -> Line:
    mode = f"{message(f'mode.{row.kind}', view.language)} {row.line.split()[-1]}"
    return Line(row.name, mode, "", source_line(view.release, row.source, row.source_detail, view.language))


def station_rows(view: View) -> pd.DataFrame:
    """Return the stations of the district, as its outline places them."""
    rows = view.release.table("places")
    return rows[rows["kind"].isin(STATIONS) & (rows["district"] == view.ref_area)]


def _announced(view: View) -> Section:
    """Return what is due and not confirmed, then what is dated, undated, and only called for."""
    found = tuple(work for work in works(view) if work.status not in {"delivered", "abandoned"})
    ahead = [event for event in events(view) if event.kind != "past" and not same_statement(event, found)]
    due = [_work_line(view, work) for work in found if work.due] + [_event_line(view, e) for e in ahead if e.due]
    rest = [work for work in found if work.status in _OPEN and not work.due]
    dated = [(work.start or work.end, _work_line(view, work)) for work in rest if work.start or work.end]
    dated += [(event.date, _event_line(view, event)) for event in ahead if not event.due]
    groups = _groups(
        view,
        due=due,
        dated=[line for _, line in sorted(dated, key=lambda pair: pair[0])],
        undated=[_work_line(view, work) for work in rest if not (work.start or work.end)],
        called_for=[_work_line(view, work) for work in found if work.status == "mobilisation"],
        given_up=[_work_line(view, work) for work in works(view) if work.status == "abandoned"],
    )
    empty = "" if groups else message("quarter.nothing_coming", view.language)
    return Section(message("quarter.coming", view.language), groups, empty)


def _open_questions(view: View) -> Section:
    found = works(view)
    unclear = [work for work in found if work.status == "unclear"]
    undated = [work for work in found if not (work.start or work.end)]
    unsized = [work for work in found if work.kind in SIZED and not work.quantity]
    groups = _groups(
        view,
        state_unknown=[_work_line(view, work) for work in unclear],
        without_date=[Line(work.name, "") for work in undated],
        without_quantity=[Line(work.name, "") for work in unsized],
    )
    empty = "" if groups else message(f"quarter.nothing_{'left' if found else 'unknown'}", view.language)
    return Section(message("quarter.unknown", view.language), groups, empty)


@lru_cache(maxsize=64)
def sections(view: View) -> tuple[Section, ...]:
    """Return the three parts of a district's page; none for the whole city."""
    return () if view.is_city else (_existing(view), _announced(view), _open_questions(view))


@lru_cache(maxsize=64)
def tables(view: View) -> tuple[Table, ...]:
    """Return what received files say of the area: a table for each theme without a page of its own."""
    return tuple(
        table
        for theme in THEMES_HERE
        for table in theme_files.received_table(view, theme, title="theme_files.table_of_theme")
    )


@lru_cache(maxsize=64)
def kinds(view: View) -> tuple[str, ...]:
    """Return the marks of the kinds of source behind the three parts."""
    rows = pd.concat([operation_rows(view)["source"], date_rows(view)["source"], station_rows(view)["source"]])
    return tuple(sorted({kind_words(sources(view.release)[name].kind, view.language) for name in rows}))


def figure_rows(view: View) -> pd.DataFrame:
    """Return the observations behind the figures of the district."""
    rows = view.release.table("observations")
    return rows[(rows["ref_area"] == view.ref_area) & rows["indicator"].isin(FIGURES)]


def operation_rows(view: View) -> pd.DataFrame:
    """Return the operations the page names."""
    rows = view.release.table("programmes")
    return rows[rows["programme_id"].isin([work.programme_id for work in works(view)])]


def date_rows(view: View) -> pd.DataFrame:
    """Return the milestones of the district; a party's are left out."""
    rows = view.release.table("milestones")
    of_party = rows["source"].map(lambda name: sources(view.release)[name].kind == "party_programme")
    return rows[(rows["district"] == view.ref_area) & ~of_party]


EXPORTS: dict[str, Callable[[View], pd.DataFrame]] = {
    "operations-du-quartier": operation_rows,
    "dates-du-quartier": date_rows,
    "stations-du-quartier": station_rows,
    "chiffres-du-quartier": figure_rows,
}


@lru_cache(maxsize=64)
def downloads(view: View) -> tuple[str, ...]:
    """Return the downloads that hold something."""
    return tuple(name for name, rows in EXPORTS.items() if len(rows(view)))
