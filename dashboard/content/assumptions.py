"""Hypotheses in words: what is supposed, what stays open, and what would settle it."""

from functools import lru_cache

import pandas as pd

from dashboard.content.pieces import Column, Table
from dashboard.content.scenario import foundation, quantities, unnumbered
from dashboard.figures import localised, source_line, units
from dashboard.formats import number, quantity
from dashboard.messages import message
from dashboard.view import View
from dashboard.works import district_name
from data.frames import rows_of
from data.hypotheses import Hypotheses, HypothesisFault, OperationHypothesis
from data.rules.consequences import INHABITED, Interval
from data.rules.operations import COUNTED
from data.rules.supposing import open_readings, share_is_open


def bounds_words(view: View, interval: Interval, decimals: int, unit: str = "") -> str:
    """Return an interval in words: `de 2 800 à 6 175 logements`, or that nothing can be concluded."""
    if interval.is_open:
        return message("programmes.cannot_conclude", view.language)
    low, high = (number(value, decimals, view.language, minimum=0) for value in (interval.low, interval.high))
    if unit:
        forms = getattr(units()[unit], view.language)
        high = quantity(interval.high, decimals, unit, forms, view.language)
    return high if low == number(interval.high, decimals, view.language, minimum=0) else _range(view, low, high)


def _range(view: View, low: str, high: str) -> str:
    return message("programmes.range", view.language, low=low, high=high)


@lru_cache(maxsize=8)
def operation_names(view: View) -> dict[str, str]:
    """Return the name of every operation of the release."""
    programmes = view.release.table("programmes")
    return dict(zip(programmes["programme_id"], programmes["name"], strict=True))


@lru_cache(maxsize=64)
def open_operations(view: View) -> tuple[str, ...]:
    """Return the operations of the area a reader can suppose something of: counted, and not wholly delivered."""
    rows = foundation(view.release, view.commune).rows
    wanted = rows[~rows["happened"] & rows["status"].isin(COUNTED)]
    wanted = wanted[~(wanted["delivered"] >= wanted["value_high"])]
    if not view.is_city:
        wanted = wanted[wanted["district"] == view.ref_area]
    largest = wanted.groupby("programme_id")["value_high"].max()
    unit_first = wanted.groupby("programme_id")["quantity"].agg(lambda names: "dwellings" not in " ".join(names))
    order = pd.DataFrame({"later": unit_first, "largest": -largest}).sort_values(["later", "largest"])
    return tuple(str(name) for name in order.index)


@lru_cache(maxsize=64)
def reading_choices(view: View) -> dict[str, tuple[str, dict[str, str]]]:
    """Return the open readings that concern the area: question, and the words of each choice."""
    table, base = view.release.table("readings"), foundation(view.release, view.commune)
    here = base.rows if view.is_city else base.rows[base.rows["district"] == view.ref_area]
    mine = table[table["programme_id"].isin(here["programme_id"]) & table["reading_id"].isin(open_readings(base))]
    return {
        str(name): (
            localised(next(rows_of(group)), "question", view.language),
            {str(row.choice): localised(row, "label", view.language) for row in rows_of(group)},
        )
        for name, group in mine.groupby("reading_id", sort=False)
    }


def window_words(view: View, one: OperationHypothesis, delay_years: int = 0) -> str:
    """Return what is supposed of one operation in words, a delay common to all included."""
    language, parts = view.language, []
    delay = one.delay_years + delay_years
    if one.first_year is not None and one.last_year is not None:
        first, last = one.first_year + delay, one.last_year + delay
        key = "programmes.window_one" if first == last else "programmes.window"
        parts.append(message(key, language, first=first, last=last))
    if one.delivered_percent is not None:
        parts.append(message("programmes.share", language, share=number(one.delivered_percent, 1, language, minimum=0)))
    if delay:
        parts.append(years_late(view, delay))
    return ", ".join(parts)


def years_late(view: View, years: int) -> str:
    """Return a delay in words."""
    return message("programmes.late_one" if years == 1 else "programmes.late_other", view.language, count=years)


@lru_cache(maxsize=256)
def supposed(view: View, hypotheses: Hypotheses) -> tuple[str, ...]:
    """Return every hypothesis in force as a sentence, or that there is none."""
    language, lines = view.language, []
    if hypotheses.delay_years:
        lines.append(message("programmes.all_late", language, late=years_late(view, hypotheses.delay_years)))
    if hypotheses.only_under_way:
        lines.append(message("programmes.only_under_way", language))
    for one in hypotheses.operations:
        lines.append(
            message(
                "programmes.of_operation",
                language,
                name=operation_names(view)[one.programme_id],
                words=window_words(view, one, hypotheses.delay_years),
            )
        )
    readings = view.release.table("readings")
    for reading_id, choice in hypotheses.readings:
        rows = readings[(readings["reading_id"] == reading_id) & (readings["choice"] == choice)]
        row = next(rows_of(rows))
        question, label = localised(row, "question", language), localised(row, "label", language)
        lines.append(message("programmes.read_as", language, question=question, answer=label))
    for name, size in hypotheses.household_sizes:
        label = localised_label(view, name)
        lines.append(message("programmes.household", language, label=label, size=number(size, 2, language, minimum=0)))
    return tuple(lines) or (message("programmes.nothing_supposed", language),)


def localised_label(view: View, name: str) -> str:
    """Return what a quantity is called."""
    if name == "social_dwellings":
        return message("programmes.social", view.language)
    return str(getattr(quantities()[name].label, view.language))


@lru_cache(maxsize=256)
def needed(view: View, hypotheses: Hypotheses) -> tuple[str, ...]:
    """Return what would narrow the bands of the area: data that sources do not give and that nobody has supposed."""
    language, base = view.language, foundation(view.release, view.commune)
    here = list(open_operations(view))
    names = operation_names(view)
    undated = [names[name] for name in here if hypotheses.of(name).first_year is None]
    open_share = [
        names[name] for name in here if share_is_open(base, name) and hypotheses.of(name).delivered_percent is None
    ]
    lines = []
    for key, found in (("need_dates", undated), ("need_share", open_share)):
        if found:
            lines.append(message(f"programmes.{key}", language, names=", ".join(found)))
    lines += [
        message("programmes.need_reading", language, question=question)
        for reading_id, (question, _) in reading_choices(view).items()
        if not hypotheses.reading(reading_id)
    ]
    if any(hypotheses.household_size(name) is None for name in INHABITED if _may_come(view, name)):
        lines.append(message("programmes.need_household", language))
    return tuple(lines)


def _may_come(view: View, quantity_name: str) -> bool:
    rows = foundation(view.release, view.commune).rows
    here = rows if view.is_city else rows[rows["district"] == view.ref_area]
    return bool((here["quantity"] == quantity_name).any())


@lru_cache(maxsize=64)
def unnumbered_table(view: View) -> Table | None:
    """Return the operations whose source gives no number: they are outside every band."""
    rows = unnumbered(view.release, view.commune)
    if not view.is_city:
        rows = rows[rows["district"] == view.ref_area]
    if rows.empty:
        return None
    language = view.language
    names = ("operation", "label", "place", "source")
    columns = tuple(Column(name, message(f"table.{name}", language)) for name in names)
    cells = tuple(
        (
            row.name,
            localised_label(view, row.quantity),
            district_name(view, row.district),
            source_line(view.release, row.source, row.source_detail, language),
        )
        for row in rows_of(rows)
    )
    title = message("programmes.unnumbered", language, count=len(cells))
    return Table(title, columns, cells, note=message("programmes.unnumbered_note", language))


def fault_words(view: View, faults: tuple[HypothesisFault, ...]) -> tuple[str, ...]:
    """Return what is wrong with hypotheses in words, and what becomes of them."""
    names = operation_names(view)
    return tuple(
        message(f"hypothesis_fault.{one.code}", view.language, place=names.get(one.place, one.place), value=one.value)
        for one in faults
    )
