"""Totals against what is named as making them up: indicators, places a text cites, smaller areas."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from data.frames import rows_of
from data.models import Quantity
from data.reconciliation_models import Reconciliation
from data.rules.citations import cited_lines
from data.rules.comparisons import Comparison, Side
from data.rules.reconciliation import comparable, nearest, pairs_of_sources, side_of

Tables = Mapping[str, pd.DataFrame]


def _with_breaks(comparison: Comparison, series: list[list[Any]]) -> Iterator[Comparison]:
    """Yield a comparison, then the same with each value at which the series of a part breaks."""
    yield comparison
    for place, rows in enumerate(series):
        for row in rows:
            if row.obs_status == "B" and row.time_period != comparison.parts[place].time_period:
                parts = (*comparison.parts[:place], side_of(row), *comparison.parts[place + 1 :])
                yield replace(comparison, parts=parts, after_break=True)


def sums_of_indicators(
    rows: pd.DataFrame, name: str, entry: Reconciliation, ref_areas: Collection[str]
) -> Iterator[Comparison]:
    """Yield each total of the areas against its parts, taken at the period nearest to the total's.

    Where the series of a part breaks at another period, the sum at the break is yielded too: it tells how much of a
    difference the break makes. Areas where no part is published are left out.

    Parameters
    ----------
    rows : as `comparable` gives them.
    """
    rows = rows[rows["indicator"].isin([entry.indicator, *entry.parts])]
    groups: dict[tuple[str, str, str], list[Any]] = defaultdict(list)
    for row in rows_of(rows):
        groups[(row.ref_area, row.indicator, row.dataset)].append(row)
    for ref_area in ref_areas:
        series = [groups[(ref_area, *part)] for part in entry.parts.items()]
        if not any(series):
            continue
        for total in groups[(ref_area, entry.indicator, entry.dataset)]:
            chosen = [nearest(mine, total.time_period) for mine in series]
            parts = tuple(
                Side(None, indicator, ref_area, dataset=dataset) if row is None else side_of(row)
                for row, (indicator, dataset) in zip(chosen, entry.parts.items(), strict=True)
            )
            comparison = Comparison("parts", name, side_of(total), parts, entry.whole, entry.rounded)
            yield from _with_breaks(comparison, series)


def _place(row: Any, total: Any, quantity: Quantity, factor: float) -> Side:
    """Return what a named place brings: what is delivered, else what it promises in all.

    A place that opened in part counts for that part: the promised whole says nothing of it.
    """
    delivered, promised = getattr(row, quantity.delivered), getattr(row, quantity.total)
    known = delivered
    if pd.isna(delivered) and not (row.status != "delivered" and row.start_kind == "part_opening"):
        known = promised
    is_done = pd.notna(delivered) or row.status == "delivered"
    return Side(
        value=None if pd.isna(known) else float(known) * factor,
        indicator=total.indicator,
        ref_area=row.ref_area,
        time_period=row.as_of,
        time_basis="document_date",
        as_of=row.as_of,
        nature="observed" if is_done or pd.isna(known) else "planned",
        source=row.source,
        source_detail=row.source_detail,
        name=row.programme_id,
        note_fr=row.note_fr,
        note_en=row.note_en,
    )


def sums_of_places(
    rows: pd.DataFrame,
    programmes: pd.DataFrame,
    name: str,
    entry: Reconciliation,
    quantity: Quantity,
    ref_areas: Collection[str],
) -> Iterator[Comparison]:
    """Yield each total of the areas against the places that the same lines of the same text name."""
    wanted = rows[(rows["indicator"] == entry.indicator) & (rows["dataset"] == entry.dataset)]
    places = [row for row in rows_of(programmes) if row.kind in quantity.kinds]
    cited = [(row, cited_lines(row.source, row.source_detail)) for row in places]
    for total in rows_of(wanted[wanted["ref_area"].isin(list(ref_areas))]):
        lines = cited_lines(total.source, total.source_detail)
        parts = tuple(_place(row, total, quantity, entry.factor) for row, mine in cited if mine & lines)
        if parts:
            yield Comparison("places", name, side_of(total), parts, entry.whole, entry.rounded)


def sums_of_areas(tables: Tables, rows: pd.DataFrame, name: str, level: str, commune: str) -> Iterator[Comparison]:
    """Yield each value of the commune against the sum of its areas of a level, same source and period.

    Only indicators that may be summed over areas are; those that no area of the level has are left out.
    """
    aggregation = tables["indicators"].set_index("indicator")["aggregation"]
    areas = tables["territories"]
    children = areas.loc[(areas["level"] == level) & (areas["commune"] == commune), "ref_area"]
    summed = rows[rows["indicator"].map(aggregation) == "sum"]
    smaller: dict[tuple[str, str, str], dict[str, Side]] = defaultdict(dict)
    for row in rows_of(summed[summed["ref_area"].isin(children)]):
        smaller[(row.indicator, row.source, row.time_period)][row.ref_area] = side_of(row)
    for total in rows_of(summed[summed["ref_area"] == commune]):
        if found := smaller[(total.indicator, total.source, total.time_period)]:
            parts = tuple(found.get(child, Side(None, str(total.indicator), child)) for child in children)
            yield Comparison("areas", name, side_of(total), parts)


def areas_of(territories: pd.DataFrame, commune: str) -> list[str]:
    """Return the codes of a commune and of every area in it, the commune first."""
    inside = territories.loc[territories["commune"] == commune, "ref_area"]
    return [commune, *(code for code in inside if code != commune)]


def reconcile(
    tables: Tables, entries: Mapping[str, Reconciliation], quantities: Mapping[str, Quantity], commune: str
) -> tuple[Comparison, ...]:
    """Return every comparison of a commune: figures that two sources give, then totals against their parts."""
    ref_areas = areas_of(tables["territories"], commune)
    rounded = {dataset for entry in entries.values() for dataset in entry.rounded}
    found = pairs_of_sources(tables["observations"], tables["sources"], ref_areas, sorted(rounded))
    rows = comparable(tables["observations"], tables["sources"])
    rows = rows[rows["ref_area"].isin(ref_areas)]
    for name, entry in entries.items():
        if entry.compares == "parts":
            found += sums_of_indicators(rows, name, entry, ref_areas)
        elif entry.compares == "places":
            quantity = quantities[entry.quantity]
            found += sums_of_places(rows, tables["programmes"], name, entry, quantity, ref_areas)
        elif entry.level is not None:
            found += sums_of_areas(tables, rows, name, entry.level, commune)
    return tuple(found)
