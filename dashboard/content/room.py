"""Three situations for the room: on time, two years late, only what is under way; to 2032 and 2040, as bands."""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import pandas as pd

from dashboard.charts.bands import Lane, band_lanes
from dashboard.content import alternatives, energy
from dashboard.content.assumptions import bounds_words, localised_label, needed, supposed
from dashboard.content.pieces import Chart, Column, Table
from dashboard.content.scenario import YEARS, quantities, scenario, without_delay
from dashboard.formats import labelled, separated
from dashboard.messages import message
from dashboard.view import View
from data.hypotheses import Hypotheses

THEME = "territory"
HORIZONS = (2032, 2040)
LATE_YEARS = 2


class Situation(NamedTuple):
    """A situation: its name in the catalogue, and the hypotheses that say it."""

    name: str
    hypotheses: Hypotheses


def situations(base: Hypotheses) -> tuple[Situation, ...]:
    """Return the three situations, on top of what a planner supposes of operations, readings and households."""
    on_time = without_delay(base)
    return (
        Situation("on_time", on_time),
        Situation("two_years_late", on_time.model_copy(update={"delay_years": LATE_YEARS})),
        Situation("only_under_way", on_time.model_copy(update={"only_under_way": True})),
    )


def _name(view: View, one: Situation) -> str:
    return message(f"hypothesis.preset_{one.name}", view.language)


def _words(view: View, one: Situation, quantity: str, year: int) -> str:
    found = scenario(view.release, view.commune, one.hypotheses).interval(view.ref_area, quantity, year)
    spec = quantities()[quantity]
    return message("programmes.no_operation", view.language) if found is None else bounds_words(
        view, found, spec.decimals, spec.unit
    )  # fmt: skip


def followed(view: View, base: Hypotheses) -> tuple[str, ...]:
    """Return the quantities that operations of the area bring: only they can be followed."""
    one = scenario(view.release, view.commune, base)
    return tuple(name for name in quantities() if one.promised(view.ref_area, name) is not None)


def _lane(view: View, one: Situation, quantity: str) -> Lane:
    found = scenario(view.release, view.commune, one.hypotheses)
    bands = [found.interval(view.ref_area, quantity, int(year)) for year in YEARS]
    frame = pd.DataFrame(
        {"year": YEARS, "low": [band.low if band else 0.0 for band in bands],
         "high": [band.high if band else 0.0 for band in bands], "on_time_low": None, "on_time_high": None}
    )  # fmt: skip
    ends = [labelled(str(year), _words(view, one, quantity, year), view.language) for year in HORIZONS]
    return Lane(_name(view, one), frame, separated(ends, view.language))


def _chart(view: View, base: Hypotheses, quantity: str) -> Chart:
    language, label = view.language, localised_label(view, quantity)
    lanes = [_lane(view, one, quantity) for one in situations(base)]
    on_time, late = (_words(view, one, quantity, HORIZONS[0]) for one in situations(base)[:2])
    key = "room.title_same" if on_time == late else "room.title"
    said = {"on_time": on_time, "late": late, "year": str(HORIZONS[0])}
    return Chart(
        key=f"room-{quantity}",
        title=message(key, language, area=view.area_name, label=label, **said),
        subtitle=message("room.subtitle", language, label=label),
        specification=band_lanes(lanes, HORIZONS[0], view.mode, language),
        alternative=alternatives.of_situations(lanes, language),
        source=message("room.source", language),
        kinds=(message("programmes.kind", language),),
    )


@lru_cache(maxsize=64)
def charts(view: View, base: Hypotheses) -> tuple[tuple[Chart, Table], ...]:
    """Return for each quantity that can be followed its bands in the three situations, and the table of the same."""
    return tuple((_chart(view, base, name), _table(view, base, name)) for name in followed(view, base))


def _rows(view: View, base: Hypotheses, quantity: str) -> Iterator[tuple[str, ...]]:
    for one in situations(base):
        yield (_name(view, one), *(_words(view, one, quantity, year) for year in HORIZONS))


def _table(view: View, base: Hypotheses, quantity: str) -> Table:
    language = view.language
    columns = (
        Column("situation", message("hypothesis.preset", language)),
        *(Column(str(year), message("programmes.end_of_year", language, year=year), numeric=True) for year in HORIZONS),
    )
    title = message("room.table", language, label=localised_label(view, quantity))
    return Table(title, columns, tuple(_rows(view, base, quantity)))


@lru_cache(maxsize=64)
def assumptions(view: View, base: Hypotheses) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return what each situation supposes, then what would settle what stays open, each under its name."""
    said = [(_name(view, one), supposed(view, one.hypotheses)) for one in situations(base)]
    return (*said, (message("hypothesis.needed", view.language), needed(view, base)))


@lru_cache(maxsize=64)
def neutrality(view: View) -> tuple[str, tuple[Table, ...]]:
    """Return what can be said of neutrality, and the tables of energy and emissions where their files are loaded."""
    tables = energy.year_tables(view)
    key = "room.neutrality_measured" if tables else "room.neutrality_unmeasured"
    return message(key, view.language), tables
