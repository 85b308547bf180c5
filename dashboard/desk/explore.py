"""Any measure, at any level, in any period, as a map, a ranking, over time, against another one, or as a table."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

import pandas as pd

from dashboard.charts.bars import Quantity, bar_chart
from dashboard.charts.scatter import scatter_chart
from dashboard.charts.specifications import specification_of
from dashboard.content import alternatives
from dashboard.content.pieces import Chart, Column, Headline, Table
from dashboard.definitions import definitions
from dashboard.desk import classing, multiples, shared
from dashboard.desk.measures import (
    areas_of,
    choices,
    key_of,
    label_of,
    level_rows,
    levels_of,
    measure_of,
    periods_of,
    usual_period,
)
from dashboard.desk.multiples import Multiples
from dashboard.desk.refusing import refusal_words
from dashboard.desk.sight import Sight, by_period, decimals_of, sight, theme_of
from dashboard.figures import indicators, localised
from dashboard.formats import labelled
from dashboard.maps.areas import area_map, has_outlines
from dashboard.maps.prepare import DistrictMap, range_sentence
from dashboard.messages import message
from dashboard.view import View
from data.frames import rows_of
from data.rules.side_by_side import Measured, refusals

MAP, RANKING, TIMELINE, SCATTER, TABLE = "carte", "classement", "evolution", "nuage", "tableau"
FORMS = (MAP, RANKING, TIMELINE, SCATTER, TABLE)
EXPORT, THEME = "exploration", "territory"
MOST_BARS, MOST_PANELS = 40, 12


@dataclass(frozen=True)
class Query:
    """What a reader explores: a measure at a level in a period; another measure, and how maps are classed."""

    measure: Measured
    level: str
    period: str
    second: Measured | None = None
    method: str = classing.CITY
    count: int = classing.USUAL


def classed(query: Query, method: str, count: int) -> Query:
    """Return a query with classes as chosen."""
    return replace(query, method=method, count=count)


@lru_cache(maxsize=256)
def period_labels(view: View, measure: Measured, level: str) -> dict[str, str]:
    """Return the periods a reader can choose, the newest first, in words."""
    return {period: one.period_words for period, one in reversed(by_period(view, measure, level).items())}


@lru_cache(maxsize=256)
def second_choices(view: View, measure: Measured, level: str) -> dict[str, str]:
    """Return the other measures with at least two values at a level: label by key."""
    found = {}
    for key, label in choices(view).items():
        one = measure_of(view, key)
        if one != measure and level in levels_of(view, one):
            seen = sight(view, one, level, usual_period(view, one, level))
            if len(seen.valued) > 1:
                found[key] = label
    return found


def refused(view: View, query: Query) -> tuple[str, str, str] | None:
    """Return why the two measures of a query do not stand side by side, and the alternative; None where they may."""
    pair = (query.measure, query.second) if query.second is not None else ()
    found = refusals(pair, definitions().incomparable)
    return refusal_words(view, found[0]) if found else None


def seen_of(view: View, query: Query) -> Sight:
    """Return what the measure is worth in each area."""
    return sight(view, query.measure, query.level, query.period)


def export_address(view: View, query: Query, *, all_periods: bool = False) -> str:
    """Return the download of the figures behind a query."""
    parts = [f"indicateur={key_of(view, query.measure)}", f"niveau={query.level}"]
    parts += [] if all_periods else [f"periode={query.period}"]
    parts += [f"second={key_of(view, query.second)}"] if query.second else []
    return f"{EXPORT}.{{format}}?{'&'.join(parts)}"


def _range(view: View, seen: Sight) -> str:
    frame = seen.frame.assign(value_text=seen.frame["words"])
    return range_sentence(frame, seen.label, decimals_of(view, seen.measure), view.language, "area")


def _caption(view: View, seen: Sight) -> str:
    """Return what a figure shows: the page has its sentence above the choices."""
    level = message(f"desk.by_{seen.level}", view.language)
    return message("desk.table", view.language, label=seen.label, level=level, period=seen.period_words)


@lru_cache(maxsize=128)
def headline(view: View, query: Query) -> Headline:
    """Return the range of values in a sentence, and what is measured, where, when, and how it is defined."""
    seen, language = seen_of(view, query), view.language
    definition = localised(indicators(view.release)[query.measure.indicator], "definition", language)
    valued = seen.valued
    if len(valued) == 1:
        one = valued.iloc[0]
        title = labelled(f"{seen.label}, {one['name']}, {seen.period_words}", str(one["words"]), language)
    else:
        title = _range(view, seen)
    return Headline(title, " ".join(filter(None, (_where_and_when(view, seen), _remarks(view, seen), definition))))


def _where_and_when(view: View, seen: Sight) -> str:
    level = message(f"desk.by_{seen.level}", view.language)
    return message("desk.subtitle", view.language, level=level[:1].upper() + level[1:], period=seen.period_words)


def _remarks(view: View, seen: Sight) -> str:
    """Return what must be known of values: how many are missing, estimated, not observed; nothing of plain ones."""
    language, count, said = view.language, len(seen.frame), []
    without = int((seen.frame["state"] != "value").sum())
    if without:
        said.append(message("desk.without", language, count=without, all=count))
    if (seen.frame["status"] == "E").any():
        said.append(message("desk.estimates", language))
    if not seen.is_observed:
        said.append(message(f"desk.is_{seen.measure.nature}", language))
    return " ".join(said)


@lru_cache(maxsize=128)
def source(view: View, query: Query) -> tuple[str, tuple[str, ...]]:
    """Return the source line and marks of what is shown."""
    rows = view.release.table("observations")
    shown = [place for line in seen_of(view, query).frame["rows"] for place in line]
    if query.second is not None:
        shown += [place for line in second_sight(view, query).frame["rows"] for place in line]
    return shared.source_words(view, rows.loc[shown])


def bounds_of(view: View, query: Query, sights: tuple[Sight, ...]) -> tuple[float, ...]:
    """Return the bounds of the classes that maps share: those of the city where it has any, else as chosen."""
    if query.method == classing.CITY and (own := city_bounds(view, query)):
        return own
    values = pd.concat([one.valued["value"] for one in sights])
    if values.empty:
        return ()
    method = classing.QUANTILES if query.method == classing.CITY else query.method
    return classing.bounds(values, method, query.count, decimals_of(view, query.measure))


def city_bounds(view: View, query: Query) -> tuple[float, ...]:
    """Return the bounds that the release has for the districts of the commune; none for other levels."""
    if query.level != "district":
        return ()
    found = indicators(view.release)[query.measure.indicator].district_class_bounds
    return tuple(float(one) for one in found)


def why_no_map(view: View, query: Query) -> str:
    """Return why a query has no map and what is shown instead; nothing where it has one."""
    seen, language = seen_of(view, query), view.language
    if not seen.is_observed:
        return message("desk.no_map_planned", language)
    if seen.valued.empty:
        return message("desk.no_map_values", language)
    if not has_outlines(areas_of(view, query.level)):
        return message("desk.no_map_outlines", language, level=message(f"desk.of_{query.level}", language))
    return ""


@lru_cache(maxsize=128)
def mapped(view: View, query: Query) -> DistrictMap:
    """Return the map of a query that has one."""
    seen = seen_of(view, query)
    bounds = bounds_of(view, query, (seen,))
    return area_map(view, seen, areas_of(view, query.level), bounds, theme_of(view, query.measure),
                    (_caption(view, seen), _remarks(view, seen)))  # fmt: skip


def drawn_periods(view: View, query: Query) -> tuple[str, ...]:
    """Return the periods that small maps are drawn of: those with at least two values, the newest six."""
    sights = by_period(view, query.measure, query.level)
    return tuple(period for period, one in sights.items() if len(one.valued) > 1)[-6:]


@lru_cache(maxsize=64)
def maps_by_period(view: View, query: Query) -> tuple[DistrictMap, ...]:
    """Return one small map a period, all in the same classes."""
    sights = tuple(by_period(view, query.measure, query.level)[period] for period in drawn_periods(view, query))
    return _small_maps(view, query, sights, tuple(one.period_words for one in sights))


@lru_cache(maxsize=64)
def maps_by_measure(view: View, query: Query, others: tuple[Measured, ...]) -> tuple[DistrictMap, ...]:
    """Return one small map a measure of the same unit, all in the same classes."""
    found = [sight(view, one, query.level, usual_period(view, one, query.level)) for one in (query.measure, *others)]
    return _small_maps(view, query, tuple(found), tuple(f"{one.label}, {one.period_words}" for one in found))


def _small_maps(
    view: View, query: Query, sights: tuple[Sight, ...], titles: tuple[str, ...]
) -> tuple[DistrictMap, ...]:
    bounds, areas = bounds_of(view, query, sights), areas_of(view, query.level)
    theme = theme_of(view, query.measure)
    return tuple(
        area_map(view, one, areas, bounds, theme, (title, "")) for one, title in zip(sights, titles, strict=True)
    )


def multiples_title(view: View, query: Query, count: int) -> str:
    """Return the sentence above small maps of several dates or measures."""
    label = label_of(view, query.measure)
    return message("desk.multiples_title", view.language, label=label, count=count)


@lru_cache(maxsize=64)
def tables_of(view: View, query: Query, others: tuple[Measured, ...]) -> tuple[Table, ...]:
    """Return the tables of the other measures that small maps show."""
    found = []
    for one in others:
        seen = sight(view, one, query.level, usual_period(view, one, query.level))
        found.append(shared.sight_table(view, seen, _caption(view, seen)))
    return tuple(found)


def usual_second(view: View, measure: Measured, known: Iterable[str]) -> str:
    """Return the other measure that is shown unless one is chosen: comparable, of the same unit where there is one."""
    names, units = list(known), indicators(view.release)
    found = [key for key in names if not refusals((measure, measure_of(view, key)), definitions().incomparable)]
    unit = units[measure.indicator].unit
    return next((key for key in found if units[measure_of(view, key).indicator].unit == unit), (found or names)[0])


@lru_cache(maxsize=128)
def same_unit(view: View, query: Query) -> tuple[Measured, ...]:
    """Return the other observed measures of the same unit that have two values at the level."""
    known = indicators(view.release)
    unit, found = known[query.measure.indicator].unit, []
    for key in choices(view):
        one = measure_of(view, key)
        if one == query.measure or one.nature != "observed" or known[one.indicator].unit != unit:
            continue
        if query.level in levels_of(view, one):
            seen = sight(view, one, query.level, usual_period(view, one, query.level))
            found += [one] if len(seen.valued) > 1 else []
    return tuple(found)


@lru_cache(maxsize=128)
def ranking(view: View, query: Query) -> Chart | None:
    """Return the areas as bars, the highest first; of very many both ends. None where none has a value."""
    seen, language = seen_of(view, query), view.language
    valued = seen.valued
    if valued.empty or (valued["value"] < 0).any() or not (valued["value"] > 0).any():
        return None
    shown = valued
    subtitle = _remarks(view, seen)
    if len(valued) > MOST_BARS:
        half = MOST_BARS // 2
        shown = pd.concat([valued.head(half), valued.tail(half)])
        subtitle += " " + message("desk.both_ends", language, count=half, all=len(valued))
    bars = [
        Quantity(row.name, row.value, row.words, planned=not seen.is_observed, peer=not _is_own(view, row.ref_area))
        for row in rows_of(shown)
    ]
    if all(bar.peer for bar in bars):
        bars = [Quantity(bar.name, bar.value, bar.text, bar.planned) for bar in bars]
    words, kinds = source(view, query)
    return Chart(
        key="exploration-classement",
        title=_caption(view, seen),
        subtitle=subtitle,
        specification=specification_of(bar_chart(bars, theme_of(view, query.measure), view.mode, language)),
        alternative=alternatives.of_quantities(bars, language),
        source=words,
        export=export_address(view, query),
        kinds=kinds,
    )


def _is_own(view: View, ref_area: str) -> bool:
    """Tell whether an area is the one looked at."""
    return ref_area == view.ref_area


@lru_cache(maxsize=128)
def timeline(view: View, query: Query) -> Multiples | None:
    """Return the areas over time, one panel each; None where no area has values of two years."""
    sights = by_period(view, query.measure, query.level)
    data = multiples.yearly(sights)
    known = data.dropna(subset="value")
    if known["year"].nunique() < 2:
        return None
    order = areas_of(view, query.level)["ref_area"].tolist()
    chosen = sorted(order, key=lambda code: (not _is_own(view, code), order.index(code)))[:MOST_PANELS]
    language, first, last = view.language, int(known["year"].min()), int(known["year"].max())
    found = multiples.panels(
        view, "exploration-evolution", data, chosen, theme_of(view, query.measure), decimals_of(view, query.measure),
        query.measure.nature != "observed",
    )  # fmt: skip
    few = message("desk.first_panels", language, count=MOST_PANELS, all=len(order)) if len(order) > MOST_PANELS else ""
    remarks = multiples.remarks(language, known[known["ref_area"].isin(chosen)], query.measure.nature)
    subtitle = " ".join(filter(None, (message("desk.panels", language), few, remarks)))
    words, kinds = shared.source_words(view, level_rows(view, query.measure, query.level))
    title = message("desk.over_time", language, label=label_of(view, query.measure), first=first, last=last)
    return Multiples("exploration-evolution", title, subtitle, found, words, kinds,
                     export_address(view, query, all_periods=True))  # fmt: skip


def second_sight(view: View, query: Query) -> Sight:
    """Return the sight of the other measure: of the same period where it has it, else of its usual one."""
    if query.second is None:
        raise ValueError("the query has no second measure")
    periods = periods_of(view, query.second, query.level)
    period = query.period if query.period in periods else usual_period(view, query.second, query.level)
    return sight(view, query.second, query.level, period)


@lru_cache(maxsize=128)
def scatter(view: View, query: Query) -> Chart | None:
    """Return two measures against each other; None where fewer than two areas have both."""
    first, second, language = seen_of(view, query), second_sight(view, query), view.language
    both = first.valued.merge(second.valued, on=["ref_area", "name", "short_name"], suffixes=("_x", "_y"))
    if len(both) < 2:
        return None
    is_few, is_planned = len(both) <= MOST_PANELS, not (first.is_observed and second.is_observed)
    points = pd.DataFrame(
        {
            "name": both["short_name"],
            "x": both["value_x"],
            "y": both["value_y"],
            "text": [labelled(row.name, f"{row.words_x}, {row.words_y}", language) for row in rows_of(both)],
            "is_named": [is_few or _is_own(view, code) for code in both["ref_area"]],
            "is_hollow": is_planned | (both["status_x"] == "E") | (both["status_y"] == "E"),
        }
    )
    titles = tuple(f"{one.label}, {one.period_words}" for one in (first, second))
    chart = scatter_chart(points, (titles[0], titles[1]), theme_of(view, query.measure), view.mode, language)
    words, kinds = source(view, query)
    subtitle = message("desk.scatter_subtitle", language, level=message(f"desk.by_{query.level}", language))
    natures = (first.measure.nature, second.measure.nature)
    subtitle = f"{subtitle} {shared.hollow_words(natures, bool(points['is_hollow'].any()), language)}".strip()
    return Chart(
        key="exploration-nuage",
        title=message("desk.scatter", language, first=first.label, second=second.label, count=len(both)),
        subtitle=subtitle,
        specification=specification_of(chart),
        alternative=" ".join(f"{text}." for text in points["text"].head(MOST_PANELS)),
        source=words,
        export=export_address(view, query),
        kinds=kinds,
    )


@lru_cache(maxsize=128)
def tables(view: View, query: Query, *, is_open: bool = False) -> tuple[Table, ...]:
    """Return the values in a table, those of the other measure in one of their own, then all periods."""
    seen, language = seen_of(view, query), view.language
    found = [shared.sight_table(view, seen, _caption(view, seen), export_address(view, query), is_open)]
    if query.second is not None:
        other = second_sight(view, query)
        title = message("desk.table", language, label=other.label, level=message(f"desk.by_{other.level}", language),
                        period=other.period_words)  # fmt: skip
        found.append(shared.sight_table(view, other, title))
    if len(periods_of(view, query.measure, query.level)) > 1:
        found.append(period_table(view, query))
    return tuple(found)


def period_table(view: View, query: Query) -> Table:
    """Return every period of the measure, one column each."""
    language, sights = view.language, by_period(view, query.measure, query.level)
    columns = (Column("area", message("desk.column_area", language)),
               *(Column(period, one.period_words, numeric=True) for period, one in sights.items()))  # fmt: skip
    frames = [one.frame for one in sights.values()]
    names = frames[0]["name"]
    rows = tuple((str(name), *(str(frame["words"].iloc[place]) for frame in frames)) for place, name in
                 enumerate(names))  # fmt: skip
    title = message("desk.table_periods", language, label=label_of(view, query.measure), count=len(sights))
    return Table(title, columns, rows, export_address(view, query, all_periods=True))


def export_rows(view: View, query: Query, *, all_periods: bool = False) -> pd.DataFrame:
    """Return the observations behind a query, as they are in the release."""
    table = view.release.table("observations")
    if all_periods:
        return table.loc[level_rows(view, query.measure, query.level).index]
    shown = [place for line in seen_of(view, query).frame["rows"] for place in line]
    if query.second is not None:
        shown += [place for line in second_sight(view, query).frame["rows"] for place in line]
    return table.loc[shown]
