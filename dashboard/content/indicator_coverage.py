"""What the figures of an indicator cover: area by area and period by period, which are values and which are not."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from dashboard.content.entries import area_words, whole_city
from dashboard.content.indicator_rows import LEVELS, areas_of
from dashboard.content.pieces import Column, Item, Table
from dashboard.content.tree import Facts, Tables
from dashboard.figures import period_words
from dashboard.formats import is_missing, number, plural
from dashboard.messages import message
from dashboard.view import View
from data.frames import rows_of
from data.rules.dates import period_end

SECRET, NOT_APPLICABLE, MISSING = "C", "M", "O"
# The states of a figure with the sign of each: observation statuses, and C for what statistical secrecy withholds.
SIGNS = {"A": "●", "E": "≈", "P": "◐", "F": "▷", "B": "≠", MISSING: "?", SECRET: "■", NOT_APPLICABLE: "∕"}
NOTHING = "·"
# Areas of one level stand in a column each up to so many, and so many columns stand beside each other.
MOST_OF_LEVEL, MOST_COLUMNS = 8, 10
# A grid of more cells stays folded.
MOST_OPEN = 40


@dataclass(frozen=True)
class Place:
    """A column of the grid: what it is called, the areas whose figures it holds, the nature of these."""

    label: str
    areas: tuple[str, ...]
    nature: str


@dataclass(frozen=True, eq=False)
class Coverage:
    """Which figures there are: columns, periods in words in their order, and per period and column how many of a state.

    Where nothing is said of a period in the areas of a column, there is no cell.
    """

    places: tuple[Place, ...]
    periods: tuple[str, ...]
    cells: Mapping[tuple[str, Place], Counter[str]]

    @property
    def counts(self) -> Counter[str]:
        """Return how many figures there are in each state."""
        return sum(self.cells.values(), Counter())

    @property
    def empty(self) -> int:
        """Return in how many cells there is nothing."""
        return len(self.places) * len(self.periods) - len(self.cells)


def state_of(row: Any) -> str:
    """Return the state of a figure: one of `SIGNS`."""
    if not is_missing(row.obs_value):
        return str(row.obs_status)
    if row.conf_status == SECRET:
        return SECRET
    return NOT_APPLICABLE if row.obs_status == NOT_APPLICABLE else MISSING


def rows_covered(view: View, indicator: str) -> tuple[Any, ...]:
    """Return every figure of an indicator in the commune, its parts at every level, and networks that serve it."""
    table, areas = view.release.table("observations"), areas_of(whole_city(view))
    mine = table[(table["indicator"] == indicator) & table["ref_area"].isin(areas["ref_area"])]
    return tuple(rows_of(mine))


def _period(view: View, row: Any) -> str:
    return period_words(row.time_period, row.time_basis, row.as_of, view.language)


def _periods(view: View, rows: Iterable[Any]) -> tuple[str, ...]:
    """Return the periods in words, the newest first."""
    ends = {_period(view, row): (period_end(row.time_period), row.time_period) for row in rows}
    return tuple(sorted(ends, key=ends.__getitem__, reverse=True))


def _with_nature(view: View, label: str, nature: str) -> str:
    if nature == "observed":
        return label
    words = message(f"nature.{nature}", view.language)
    return message("indicator_sheet.of_nature", view.language, label=label, nature=words)


def _level_places(
    view: View, level: str, areas: list[str], natures: Mapping[str, set[str]], is_one: bool
) -> list[Place]:
    """Return the columns of the areas of a level: one for all, or one each."""
    order = sorted({nature for area in areas for nature in natures[area]})
    if is_one:
        places = []
        for nature in order:
            mine = tuple(area for area in areas if nature in natures[area])
            label = message("indicator_sheet.level", view.language, count=len(mine),
                            level=message(f"level.{level}", view.language))  # fmt: skip
            places.append(Place(_with_nature(view, label, nature), mine, nature))
        return places
    return [Place(_with_nature(view, area_words(view, area), nature), (area,), nature)
            for area in areas for nature in sorted(natures[area])]  # fmt: skip


def _places(view: View, rows: Iterable[Any]) -> tuple[Place, ...]:
    """Return the columns, from the whole to the parts; levels of many areas have one for all of them."""
    natures: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        natures[row.ref_area].add(row.nature)
    levels: dict[str, list[str]] = {level: [] for level in LEVELS}
    for area in sorted(natures, key=lambda code: str(view.areas.at[code, "name"])):
        levels[str(view.areas.at[area, "level"])].append(area)
    together = {level for level, areas in levels.items() if len(areas) > MOST_OF_LEVEL}

    def width() -> int:
        return sum(1 if level in together else len(areas) for level, areas in levels.items())

    while width() > MOST_COLUMNS and (apart := [level for level in levels if level not in together]):
        together.add(max(apart, key=lambda level: len(levels[level])))
    return tuple(place for level, areas in levels.items() if areas
                 for place in _level_places(view, level, areas, natures, level in together))  # fmt: skip


@lru_cache(maxsize=64)
def _coverage(view: View, indicator: str) -> Coverage:
    rows = rows_covered(view, indicator)
    places = _places(view, rows)
    column = {(area, place.nature): place for place in places for area in place.areas}
    cells: dict[tuple[str, Place], Counter[str]] = defaultdict(Counter)
    for row in rows:
        cells[_period(view, row), column[row.ref_area, row.nature]][state_of(row)] += 1
    return Coverage(places, _periods(view, rows), dict(cells))


def coverage(view: View, indicator: str) -> Coverage:
    """Return which figures of an indicator there are in the commune; it does not depend on the district."""
    return _coverage(whole_city(view), indicator)


def _state_words(view: View, state: str, count: int) -> str:
    words = message(f"indicator_sheet.state_{state}", view.language)
    key = "indicator_sheet.cell" if count == 1 else "indicator_sheet.cell_several"
    return message(key, view.language, sign=SIGNS[state], state=words, count=number(count, 0, view.language))


def cell_words(view: View, found: Counter[str] | None) -> str:
    """Return the states of the figures of a cell, each with its sign, its word, and how many where they are several."""
    if not found:
        return message("indicator_sheet.cell", view.language, sign=NOTHING,
                       state=message("indicator_sheet.nothing", view.language))  # fmt: skip
    return ", ".join(_state_words(view, state, found[state]) for state in SIGNS if found[state])


def _counted(view: View, key: str, count: int) -> str:
    form = plural(count, "one", "other", view.language)
    return message(f"indicator_sheet.{key}_{form}", view.language, count=number(count, 0, view.language))


def _legend(view: View, found: Coverage) -> str:
    """Return every state there is with its sign and how many figures are in it, then how many cells hold nothing."""
    language = view.language
    said = [(SIGNS[state], message(f"indicator_sheet.state_{state}", language), number(count, 0, language))
            for state in SIGNS if (count := found.counts[state])]  # fmt: skip
    if found.empty:
        said.append((NOTHING, message("indicator_sheet.nothing", language), _counted(view, "cells", found.empty)))
    return ", ".join(
        message("indicator_sheet.legend", language, sign=sign, state=state, count=count) for sign, state, count in said
    )


def _levels(view: View, found: Coverage) -> str:
    """Return the levels of area with how many of each have a figure."""
    areas = {area for place in found.places for area in place.areas}
    counts = Counter(str(view.areas.at[area, "level"]) for area in areas)
    return ", ".join(
        message("indicator_sheet.level", view.language, level=message(f"level.{level}", view.language), count=count)
        for level in LEVELS if (count := counts[level])
    )  # fmt: skip


def grid(view: View, indicator: str) -> Table:
    """Return the coverage as a table: a line for each period, a column for each area or level."""
    found, language = coverage(view, indicator), view.language
    columns = (
        Column("period", message("table.period", language)),
        *(Column(f"place_{order}", place.label) for order, place in enumerate(found.places)),
    )
    rows = tuple(
        (period, *(cell_words(view, found.cells.get((period, place))) for place in found.places))
        for period in found.periods
    )
    title = message("indicator_sheet.grid", language, cells=_counted(view, "cells", len(rows) * len(found.places)))
    return Table(title, columns, rows, is_open=len(rows) * len(found.places) <= MOST_OPEN, shape="grid")


def parts(view: View, indicator: str) -> tuple[Facts, Tables]:
    """Return what is covered: how many figures, of which states, levels and periods; then the grid."""
    found, language = coverage(view, indicator), view.language
    said = {
        "figures": _counted(view, "figures", found.counts.total()),
        "states": _legend(view, found),
        "levels": _levels(view, found),
    }
    items = tuple(Item(message(f"indicator_sheet.coverage_{name}", language), words) for name, words in said.items())
    return Facts(message("indicator_sheet.coverage", language), items), Tables((grid(view, indicator),))
