"""Two to six areas side by side: over time on shared scales, among all peers, as an index, change against level."""

from dataclasses import dataclass, replace
from functools import lru_cache

import pandas as pd

from dashboard.content.pieces import Column, Headline, Table
from dashboard.definitions import definitions
from dashboard.desk import shared
from dashboard.desk.measures import areas_of, choices, key_of, level_rows, levels_of, measure_of
from dashboard.desk.relative import PLAIN, Compared, bases_of, compared, unit_words
from dashboard.formats import listed, number, separated
from dashboard.messages import message
from dashboard.view import View
from data.frames import rows_of
from data.rules.side_by_side import (
    BREAK,
    OBSERVED,
    Measured,
    Refusal,
    common_periods,
    ranks,
    refusals,
    since_break,
    tied,
)

VALUES, INDEX, CHANGE = "valeurs", "indice", "variation"
SHOWN = (VALUES, INDEX, CHANGE)
# What addresses call values that are divided by nothing.
UNDIVIDED = "aucune"
EXPORT, THEME = "comparaison", "territory"
FEWEST_AREAS, MOST_AREAS, MOST_MEASURES = 2, 6, 4
_OF_AREAS = ("commune", "district", "iris", "iris_all", "network")


@dataclass(frozen=True)
class Comparison:
    """What a reader compares: areas of one level over measures, perhaps divided, as values, index or change."""

    level: str
    areas: tuple[str, ...]
    measures: tuple[Measured, ...]
    base: str = PLAIN
    shown: str = VALUES
    first: str = ""


@lru_cache(maxsize=16)
def levels(view: View) -> tuple[str, ...]:
    """Return the levels that have areas to compare, and figures of at least two of them."""
    several = (level for level in _OF_AREAS if len(areas_of(view, level)) >= FEWEST_AREAS)
    return tuple(level for level in several if measure_choices(view, level))


@lru_cache(maxsize=64)
def measure_choices(view: View, level: str) -> dict[str, str]:
    """Return the measures that at least two areas of a level have a value of: label by key."""
    found = {}
    for key, label in choices(view).items():
        one = measure_of(view, key)
        if level in levels_of(view, one):
            rows = level_rows(view, one, level)
            if rows.loc[rows["obs_value"].notna(), "ref_area"].nunique() >= FEWEST_AREAS:
                found[key] = label
    return found


@lru_cache(maxsize=64)
def area_choices(view: View, level: str) -> dict[str, str]:
    """Return the areas of a level that can be compared: name by code; those of other communes say so."""
    areas, city = areas_of(view, level), view.areas
    return {
        row.ref_area: row.name if level != "iris_all" else f"{row.name} ({city.loc[row.commune].short_name})"
        for row in rows_of(areas)
    }


def base_labels(view: View, measures: tuple[Measured, ...]) -> dict[str, str]:
    """Return what values may be divided by, as addresses and readers name it."""
    known = definitions().denominators
    return {
        base or UNDIVIDED: str(getattr(known[base].label, view.language))
        if base
        else message("desk.base_aucune", view.language)
        for base in bases_of(view, measures)
    }


def based(comparison: Comparison, first: str) -> Comparison:
    """Return a comparison as an index that starts in a period."""
    return replace(comparison, first=first)


@lru_cache(maxsize=64)
def usual_areas(view: View, level: str) -> tuple[str, ...]:
    """Return the areas compared unless others are chosen: the one looked at first, then in alphabetical order."""
    codes = areas_of(view, level)["ref_area"].tolist()
    first = [code for code in codes if code in {view.ref_area, view.commune}]
    return tuple([*first, *(code for code in codes if code not in first)][:MOST_AREAS])


def refused(comparison: Comparison) -> tuple[Refusal, ...]:
    """Return what must not stand side by side."""
    return tuple(refusals(comparison.measures, definitions().incomparable))


@lru_cache(maxsize=128)
def kept(comparison: Comparison) -> tuple[Measured, ...]:
    """Return the measures that are compared: the first, and those that may stand beside all before them."""
    found: list[Measured] = []
    for one in comparison.measures:
        if not refusals([*found, one], definitions().incomparable):
            found.append(one)
    return tuple(found)


def compared_of(view: View, comparison: Comparison, measure: Measured) -> Compared | None:
    """Return the values of a measure that are compared."""
    return compared(view, measure, comparison.level, comparison.base)


def with_figures(one: Compared, areas: tuple[str, ...]) -> tuple[str, ...]:
    """Return the areas that have any figure: those without are named, and hold the others back from nothing."""
    return tuple(code for code in areas if one.values.loc[code].notna().any())


def newest_common(one: Compared, areas: tuple[str, ...]) -> str:
    """Return the newest period in which all areas with figures have one; else the newest in which most have one."""
    table = one.values.loc[list(with_figures(one, areas) or areas)]
    periods = common_periods(table)
    if periods:
        return periods[-1]
    counts = table.notna().sum()
    return next(str(period) for period in reversed(table.columns) if counts[period] == counts.max())


def _areas_words(one: Compared, areas: tuple[str, ...], values: "pd.Series[float]", language: str) -> str:
    ordered = sorted(areas, key=lambda code: -values[code] if values[code] == values[code] else float("inf"))
    said = [
        message("desk.area_value", language, area=one.names[code], value=one.said(values[code], language))
        for code in ordered
        if values[code] == values[code]
    ]
    return separated(said, language)


def sentence(view: View, comparison: Comparison, one: Compared) -> str:
    """Return what the areas are worth in the newest period they share."""
    period = newest_common(one, comparison.areas)
    words = _areas_words(one, comparison.areas, one.values.loc[list(comparison.areas), period], view.language)
    key = "desk.compared" if words else "desk.compared_none"
    return message(key, view.language, label=one.label, period=one.dates[period], areas=words)


def comparable_periods(one: Compared, areas: tuple[str, ...]) -> list[str]:
    """Return the periods that all areas with figures share since the last break in the series of any of them."""
    known = list(with_figures(one, areas))
    return common_periods(one.values.loc[known, since_break(one.statuses.loc[known])]) if known else []


def means(one: Compared, areas: tuple[str, ...]) -> tuple["pd.Series[float]", list[str]]:
    """Return the mean of each area with figures over the periods that compare, and these; none of what is not observed.

    The mean of what is planned for several dates would say nothing: a later plan takes the place of an earlier one.
    """
    periods = comparable_periods(one, areas) if one.measure.nature == OBSERVED else []
    return one.values.loc[list(with_figures(one, areas)), periods].mean(axis=1), periods


def mean_sentence(view: View, comparison: Comparison, one: Compared) -> str:
    """Return the means over the shared periods; nothing where they are fewer than two."""
    values, periods = means(one, comparison.areas)
    if len(periods) < 2:
        return ""
    words = _areas_words(one, tuple(values.index), values, view.language)
    first, last = span_words(one, periods)
    return message("desk.means", view.language, count=len(periods), first=first, last=last, areas=words)


@lru_cache(maxsize=64)
def headline(view: View, comparison: Comparison) -> Headline:
    """Return the first comparison in a sentence, and how areas are compared."""
    language = view.language
    found = [one for measure in kept(comparison) if (one := compared_of(view, comparison, measure)) is not None]
    if not found:
        return Headline(message("desk.compare_title", language), message("desk.compare_nothing", language))
    names = listed([found[0].names[code] for code in comparison.areas], language)
    lead = message("desk.compare_lead", language, areas=names)
    return Headline(sentence(view, comparison, found[0]), f"{mean_sentence(view, comparison, found[0])} {lead}".strip())


def export_address(view: View, comparison: Comparison, measure: Measured) -> str:
    """Return the download of the figures behind a comparison of one measure."""
    parts = {
        "niveau": comparison.level,
        "lieux": ",".join(comparison.areas),
        "indicateurs": key_of(view, measure),
        "par": comparison.base,
    }
    return f"{EXPORT}.{{format}}?" + "&".join(f"{name}={value}" for name, value in parts.items() if value)


def span_words(one: Compared, periods: list[str]) -> tuple[str, str]:
    """Return the first and the last of some periods for "from … to …": years where they stand for one."""
    years = [shared.year_of(period) for period in (periods[0], periods[-1])]
    first, last = (one.dates[periods[0]], one.dates[periods[-1]]) if None in years else map(str, years)
    return first, last


@lru_cache(maxsize=128)
def base_periods(view: View, comparison: Comparison) -> dict[str, str]:
    """Return the periods an index can start from, in words: comparable ones of every measure, zero nowhere."""
    found: list[list[str]] = []
    for measure in kept(comparison):
        one = compared_of(view, comparison, measure)
        if one is not None:
            table = one.values.loc[list(with_figures(one, comparison.areas))]
            periods = comparable_periods(one, comparison.areas)
            found.append([period for period in periods if (table[period] != 0).all()])
    shown = [period for period in found[0] if all(period in each for each in found)] if found else []
    return {period: str(shared.year_of(period) or period) for period in shown}


def _places(one: Compared, period: str, language: str) -> dict[str, str]:
    values = one.values[period]
    count, found = int(values.notna().sum()), {}
    for code, place, is_shared in zip(map(str, values.index), ranks(values), tied(values), strict=True):
        key = "desk.tied_of" if is_shared else "desk.place_of"
        found[code] = "—" if pd.isna(place) else message(key, language, place=int(place), of=count)
    return found


@lru_cache(maxsize=128)
def table(view: View, comparison: Comparison, measure: Measured) -> Table | None:
    """Return one column an area, one row a period, then the mean over shared periods and the place among all peers.

    Areas without any figure are named in the note; cells hold numbers whose unit is there too.
    """
    one, language = compared_of(view, comparison, measure), view.language
    if one is None:
        return None
    known = with_figures(one, comparison.areas)
    newest = newest_common(one, comparison.areas)
    mean, periods = means(one, known)
    columns = (Column("period", message("desk.column_period", language)),
               *(Column(code, one.names[code], numeric=True) for code in known))  # fmt: skip
    rows = [(one.dates[period], *(one.cell(code, period, language) for code in known)) for period in one.values.columns]
    if len(periods) > 1:
        first, last = span_words(one, periods)
        words = message("desk.column_mean", language, first=first, last=last, count=len(periods))
        rows.append((words, *(number(mean[code], one.decimals, language) for code in known)))
    if measure.nature == OBSERVED:
        places = _places(one, newest, language)
        rows.append(
            (message("desk.column_place_in", language, period=one.dates[newest]), *(places[code] for code in known))
        )
    title = message("desk.compared_table", language, label=one.label, count=len(known))
    return Table(title, columns, tuple(rows), export_address(view, comparison, measure), is_open=True,
                 note=_note(view, comparison, one))  # fmt: skip


def _note(view: View, comparison: Comparison, one: Compared) -> str:
    """Return what must be known beside the numbers: unit, rank, estimates, breaks, areas without figures."""
    language, known = view.language, with_figures(one, comparison.areas)
    is_observed = one.measure.nature == OBSERVED
    said = [message("desk.unit", language, unit=unit_words(view, one)),
            message("desk.ranked" if is_observed else f"desk.is_{one.measure.nature}", language)]  # fmt: skip
    statuses = one.statuses.loc[list(known)]
    if estimated := _where(one, statuses, "E", language):
        said.append(message("desk.estimated", language, where=estimated))
    if broken := _where(one, statuses, BREAK, language):
        said.append(message("desk.broken_table", language, where=broken))
    without = [one.names[code] for code in comparison.areas if code not in known]
    if without:
        said.append(message("desk.compared_without", language, areas=listed(without, language)))
    return " ".join(said)


def _where(one: Compared, statuses: pd.DataFrame, status: str, language: str) -> str:
    """Return the periods in which values have a status, with the areas where it is not all of them."""
    said = []
    for period in statuses.columns:
        found = [str(code) for code in statuses.index[statuses[period] == status]]
        names = "" if len(found) == len(statuses) else f" ({listed([one.names[code] for code in found], language)})"
        said += [f"{one.dates[period]}{names}"] if found else []
    return listed(said, language)


def export_rows(view: View, comparison: Comparison) -> pd.DataFrame:
    """Return the observations behind a comparison, of its areas, denominators too, as they are in the release."""
    found = []
    for measure in kept(comparison):
        one = compared_of(view, comparison, measure)
        if one is not None:
            found.append(one.observations[one.observations["ref_area"].isin(comparison.areas)])
    places = pd.concat(found).index.drop_duplicates() if found else pd.Index([], dtype="int64")
    return view.release.table("observations").loc[places]
