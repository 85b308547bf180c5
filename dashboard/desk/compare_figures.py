"""The figures of a comparison: areas over time, among all their peers, level against change."""

from functools import lru_cache

import pandas as pd

from dashboard.charts.dots import Dot, dot_chart
from dashboard.charts.scatter import scatter_chart
from dashboard.charts.specifications import specification_of
from dashboard.content.pieces import Chart
from dashboard.desk import compare, multiples, shared
from dashboard.desk.compare import (
    CHANGE,
    INDEX,
    Comparison,
    comparable_periods,
    compared_of,
    export_address,
    newest_common,
)
from dashboard.desk.multiples import Multiples
from dashboard.desk.relative import PLAIN, Compared, unit_words
from dashboard.desk.sight import theme_of
from dashboard.figures import indicators
from dashboard.formats import labelled, number, percent_sign, signed
from dashboard.messages import message
from dashboard.view import View
from data.rules.side_by_side import OBSERVED, Measured, change, index_to, since_break, unbroken


def _yearly(one: Compared, table: pd.DataFrame, words: pd.DataFrame) -> pd.DataFrame:
    parts = []
    for period in table.columns:
        year = shared.year_of(str(period))
        if year is not None:
            names = [one.names[code] for code in table.index]
            rows = {"ref_area": table.index, "name": names, "year": year, "value": table[period].to_numpy(),
                    "words": words[period].to_numpy()}  # fmt: skip
            parts.append(multiples.with_states(pd.DataFrame(rows), one.statuses.loc[table.index, period]))
    return multiples.one_a_year(parts)


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
        kept = since_break(one.statuses.loc[list(comparison.areas)])
        peers = unbroken(one.statuses, kept[0], kept[-1])
        table = index_to(table.loc[peers, kept], comparison.first)
        words, decimals = _index_words(table, language), 1
    data = _yearly(one, table, words)
    known = data[data["ref_area"].isin(comparison.areas)].dropna(subset="value")
    if known.empty or known["year"].nunique() < 2:
        return None
    first, last = int(known["year"].min()), int(known["year"].max())
    key = f"comparaison-{measure.indicator}".replace("_", "-")
    found = multiples.panels(
        view, key, data, comparison.areas, theme_of(view, measure), decimals, measure.nature != OBSERVED
    )
    title = message("desk.over_time", language, label=one.label, first=first, last=last)
    if is_index:
        base = compare.span_words(one, [comparison.first])[0]
        title = message("desk.index_title", language, label=one.label, base=base, first=first, last=last)
    subtitle = " ".join(
        filter(None, (message("desk.panels", language), multiples.remarks(language, known, measure.nature)))
    )
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
    is_estimated = any(dot.is_estimated and dot.value is not None for dot in dots)
    remark = shared.hollow_words((measure.nature,), is_estimated, language)
    chart = dot_chart(dots, peers.tolist(), theme_of(view, measure), view.mode, language, measure.nature != "observed")
    low, high = str(peers.idxmin()), str(peers.idxmax())
    title = message("desk.among", language, label=one.label, period=one.dates[period],
                    low=one.said(peers[low], language), low_name=one.names[low], high=one.said(peers[high], language),
                    high_name=one.names[high])  # fmt: skip
    subtitle = message("desk.among_subtitle", language, count=len(peers),
                       level=message(f"desk.of_{comparison.level}", language), unit=unit_words(view, one))  # fmt: skip
    subtitle = f"{subtitle} {remark}".strip()
    source, kinds = shared.source_words(view, one.observations)
    return Chart(
        key=f"comparaison-points-{measure.indicator}".replace("_", "-"),
        title=title,
        subtitle=subtitle,
        specification=specification_of(chart),
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
    periods = comparable_periods(one, comparison.areas)
    if len(periods) < 2:
        return None
    first, last = periods[0], periods[-1]
    kept = unbroken(one.statuses, first, last)
    is_share = indicators(view.release)[measure.indicator].unit == "percent" and comparison.base == PLAIN
    moved = change(one.values[kept], first, last)
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
            "is_hollow": [
                measure.nature != OBSERVED or "E" in one.statuses.loc[code, [first, last]].tolist()
                for code in known.index
            ],
        }
    )
    begun, ended = compare.span_words(one, periods)
    titles = (
        message("desk.axis_level", language, label=one.label, period=one.dates[last]),
        message("desk.axis_points" if is_share else "desk.axis_change", language, first=begun, last=ended),
    )
    chart = scatter_chart(points, titles, theme_of(view, measure), view.mode, language, zero_line=True)
    source, kinds = shared.source_words(view, one.observations)
    named = points[points["is_named"]]
    remark = shared.hollow_words((measure.nature,), bool(named["is_hollow"].any()), language)
    return Chart(
        key=f"comparaison-variation-{measure.indicator}".replace("_", "-"),
        title=message("desk.change_title", language, label=one.label, first=begun, last=ended),
        subtitle=f"{message('desk.change_subtitle', language)} {remark}".strip(),
        specification=specification_of(chart),
        alternative=" ".join(f"{text}." for text in named["text"]),
        source=source,
        export=export_address(view, comparison, measure),
        kinds=kinds,
    )


def figures(view: View, comparison: Comparison, measure: Measured) -> tuple[Multiples | Chart, ...]:
    """Return the figures of a measure: over time (or change against level), then among all peers."""
    first = (level_and_change if comparison.shown == CHANGE else over_time)(view, comparison, measure)
    return tuple(one for one in (first, among_peers(view, comparison, measure)) if one is not None)
