"""Two to six areas side by side: over time on shared scales, among all peers, as an index, change against level."""

from dataclasses import dataclass, replace
from functools import lru_cache

import pandas as pd

from dashboard.charts.dots import Dot, dot_chart
from dashboard.charts.scatter import scatter_chart
from dashboard.content.pieces import Chart, Column, Headline, Table
from dashboard.definitions import definitions
from dashboard.desk import multiples, shared
from dashboard.desk.measures import areas_of, choices, key_of, level_rows, levels_of, measure_of
from dashboard.desk.multiples import Multiples
from dashboard.desk.relative import PLAIN, Compared, bases_of, compared, unit_words
from dashboard.desk.sight import theme_of
from dashboard.figures import indicators
from dashboard.formats import labelled, listed, number, percent_sign, separated, signed
from dashboard.messages import message
from dashboard.view import View
from data.frames import rows_of
from data.rules.side_by_side import (
    Measured,
    Refusal,
    change,
    common_periods,
    index_to,
    ranks,
    refusals,
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
    """Return the levels that have areas to compare."""
    return tuple(level for level in _OF_AREAS if len(areas_of(view, level)) >= FEWEST_AREAS)


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
    return message(key, view.language, label=one.label, period=period, areas=words)


def means(one: Compared, areas: tuple[str, ...]) -> tuple["pd.Series[float]", list[str]]:
    """Return the mean of each area with figures over the periods that all of them have, and these periods."""
    table = one.values.loc[list(with_figures(one, areas))]
    periods = common_periods(table)
    return table[periods].mean(axis=1), periods


def mean_sentence(view: View, comparison: Comparison, one: Compared) -> str:
    """Return the means over the shared periods; nothing where they are fewer than two."""
    values, periods = means(one, comparison.areas)
    if len(periods) < 2:
        return ""
    words = _areas_words(one, tuple(values.index), values, view.language)
    return message("desk.means", view.language, count=len(periods), first=periods[0], last=periods[-1], areas=words)


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


def _yearly(one: Compared, table: pd.DataFrame, words: pd.DataFrame) -> pd.DataFrame:
    parts = []
    for period in table.columns:
        year = shared.year_of(str(period))
        if year is not None:
            parts.append(
                pd.DataFrame(
                    {
                        "ref_area": table.index,
                        "name": [one.names[code] for code in table.index],
                        "value": table[period].to_numpy(),
                        "words": words[period].to_numpy(),
                        "year": year,
                        "is_estimated": (one.statuses[period] == "E").to_numpy(),
                    }
                )
            )
    found = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=["ref_area", "year", "value"])
    return found.drop_duplicates(["ref_area", "year"], keep="last")


@lru_cache(maxsize=128)
def base_periods(view: View, comparison: Comparison) -> tuple[str, ...]:
    """Return the periods an index can start from: those that all areas have of every measure, zero nowhere."""
    found: list[list[str]] = []
    for measure in kept(comparison):
        one = compared_of(view, comparison, measure)
        if one is not None:
            table = one.values.loc[list(with_figures(one, comparison.areas))]
            found.append([period for period in common_periods(table) if (table[period] != 0).all()])
    return tuple(period for period in found[0] if all(period in each for each in found)) if found else ()


def _index_words(table: pd.DataFrame, language: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            period: [number(value, 1, language) if value == value else "—" for value in table[period]]
            for period in table
        },
        index=table.index,
    )


@lru_cache(maxsize=128)
def over_time(view: View, comparison: Comparison, measure: Measured) -> Multiples | None:
    """Return the areas over time, as values or as an index; None where they have no two years."""
    one, language = compared_of(view, comparison, measure), view.language
    if one is None:
        return None
    table, words, decimals = one.values, one.words, one.decimals
    is_index = comparison.shown == INDEX and bool(comparison.first)
    if is_index:
        table = index_to(table, comparison.first)
        words, decimals = _index_words(table, language), 1
    data = _yearly(one, table, words)
    known = data[data["ref_area"].isin(comparison.areas)].dropna(subset="value")
    if known.empty or known["year"].nunique() < 2:
        return None
    first, last = int(known["year"].min()), int(known["year"].max())
    key = f"comparaison-{measure.indicator}".replace("_", "-")
    found = multiples.panels(
        view, key, data, comparison.areas, theme_of(view, measure), decimals, measure.nature != "observed"
    )
    title = message("desk.over_time", language, label=one.label, first=first, last=last)
    if is_index:
        title = message("desk.index_title", language, label=one.label, base=comparison.first, first=first, last=last)
    subtitle = message("desk.panels", language)
    source, kinds = shared.source_words(view, one.observations)
    return Multiples(key, title, subtitle, found, source, kinds, export_address(view, comparison, measure))


@lru_cache(maxsize=128)
def among_peers(view: View, comparison: Comparison, measure: Measured) -> Chart | None:
    """Return the areas on a rail from the lowest of all peers to the highest; None where none has a value."""
    one, language = compared_of(view, comparison, measure), view.language
    if one is None:
        return None
    period = newest_common(one, comparison.areas)
    values = one.values[period]
    peers = values.dropna()
    if peers.empty or values.loc[list(comparison.areas)].isna().all():
        return None
    ordered = sorted(comparison.areas, key=lambda code: -values[code] if values[code] == values[code] else 1e300)
    dots = [
        Dot(
            labelled(one.names[code], str(one.words.at[code, period]), language),
            float(values[code]) if values[code] == values[code] else None,
            bool(one.statuses.at[code, period] == "E"),
        )
        for code in ordered
    ]
    chart = dot_chart(dots, peers.tolist(), theme_of(view, measure), view.mode, language, measure.nature != "observed")
    low, high = str(peers.idxmin()), str(peers.idxmax())
    title = message("desk.among", language, label=one.label, period=period, low=one.said(peers[low], language),
                    low_name=one.names[low], high=one.said(peers[high], language),
                    high_name=one.names[high])  # fmt: skip
    subtitle = message("desk.among_subtitle", language, count=len(peers),
                       level=message(f"desk.of_{comparison.level}", language), unit=unit_words(view, one))  # fmt: skip
    source, kinds = shared.source_words(view, one.observations)
    return Chart(
        key=f"comparaison-points-{measure.indicator}".replace("_", "-"),
        title=title,
        subtitle=subtitle,
        specification=chart.to_dict(),
        alternative=" ".join(f"{dot.words}." for dot in dots),
        source=source,
        export=export_address(view, comparison, measure),
        kinds=kinds,
    )


@lru_cache(maxsize=128)
def level_and_change(view: View, comparison: Comparison, measure: Measured) -> Chart | None:
    """Return how high the areas stand against how far they moved; None without two periods that all areas have."""
    one, language = compared_of(view, comparison, measure), view.language
    if one is None:
        return None
    known_areas = with_figures(one, comparison.areas)
    periods = common_periods(one.values.loc[list(known_areas)]) if known_areas else []
    if len(periods) < 2:
        return None
    first, last = periods[0], periods[-1]
    is_share = indicators(view.release)[measure.indicator].unit == "percent" and comparison.base == PLAIN
    moved = change(one.values, first, last)
    column = "change" if is_share else "change_percent"
    known = moved.dropna(subset=["level", column])
    if len(known) < 2:
        return None
    unit = message("desk.points", language) if is_share else percent_sign(language)
    texts = [
        labelled(one.names[str(code)], f"{one.said(level, language)}, {signed(delta, 1, language)}{unit}", language)
        for code, level, delta in zip(known.index, known["level"], known[column], strict=True)
    ]
    points = pd.DataFrame(
        {
            "name": [one.names[str(code)] for code in known.index],
            "x": known["level"].to_numpy(),
            "y": known[column].to_numpy(),
            "text": texts,
            "is_named": [code in comparison.areas for code in known.index],
            "is_hollow": [one.statuses.at[code, last] == "E" for code in known.index],
        }
    )
    titles = (
        message("desk.axis_level", language, label=one.label, period=last),
        message("desk.axis_change" if not is_share else "desk.axis_points", language, first=first, last=last),
    )
    chart = scatter_chart(points, titles, theme_of(view, measure), view.mode, language, zero_line=True)
    source, kinds = shared.source_words(view, one.observations)
    named = points[points["is_named"]]
    return Chart(
        key=f"comparaison-variation-{measure.indicator}".replace("_", "-"),
        title=message("desk.change_title", language, label=one.label, first=first, last=last),
        subtitle=message("desk.change_subtitle", language),
        specification=chart.to_dict(),
        alternative=" ".join(f"{text}." for text in named["text"]),
        source=source,
        export=export_address(view, comparison, measure),
        kinds=kinds,
    )


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
    without = [one.names[code] for code in comparison.areas if code not in known]
    newest = newest_common(one, comparison.areas)
    places, (mean, periods) = _places(one, newest, language), means(one, known)
    columns = (Column("period", message("desk.column_period", language)),
               *(Column(code, one.names[code], numeric=True) for code in known))  # fmt: skip
    rows = [(str(period), *(one.cell(code, str(period), language) for code in known)) for period in one.values.columns]
    if len(periods) > 1:
        words = message("desk.column_mean", language, first=periods[0], last=periods[-1], count=len(periods))
        rows.append((words, *(number(mean[code], one.decimals, language) for code in known)))
    rows.append((message("desk.column_place_in", language, period=newest), *(places[code] for code in known)))
    note = message("desk.compared_note", language, unit=unit_words(view, one))
    if without:
        note += " " + message("desk.compared_without", language, areas=listed(without, language))
    title = message("desk.compared_table", language, label=one.label, count=len(known))
    return Table(title, columns, tuple(rows), export_address(view, comparison, measure), is_open=True, note=note)


def figures(view: View, comparison: Comparison, measure: Measured) -> tuple[Multiples | Chart, ...]:
    """Return the figures of a measure: over time (or change against level), then among all peers."""
    first = (level_and_change if comparison.shown == CHANGE else over_time)(view, comparison, measure)
    return tuple(one for one in (first, among_peers(view, comparison, measure)) if one is not None)


def export_rows(view: View, comparison: Comparison) -> pd.DataFrame:
    """Return the observations behind a comparison, of its areas, denominators too, as they are in the release."""
    found = []
    for measure in kept(comparison):
        one = compared_of(view, comparison, measure)
        if one is not None:
            found.append(one.observations[one.observations["ref_area"].isin(comparison.areas)])
    places = pd.concat(found).index.drop_duplicates() if found else pd.Index([], dtype="int64")
    return view.release.table("observations").loc[places]
