"""Figures that were corrected after their source: what it gives, what holds, why, and what proves it."""

from typing import Any

from dashboard.content.coverage import columns
from dashboard.content.entries import area_words
from dashboard.content.folds import Cell, Fold, Group, Listing, Row
from dashboard.figures import indicators, is_missing, localised, period_words, sources, units
from dashboard.formats import quantity
from dashboard.messages import message
from dashboard.view import View
from data.frames import rows_of
from data.rules.date_words import one_date

EXPORT, TABLE = "corrections", "corrections"


def _value(view: View, indicator: str, value: Any) -> str:
    """Return a figure with its unit, or that there is none."""
    definition = indicators(view.release).get(indicator)
    if is_missing(value):
        return message("corrections.none", view.language)
    if definition is None:
        return f"{value:.15g}"
    forms = getattr(units()[definition.unit], view.language)
    return quantity(value, definition.decimals, definition.unit, forms, view.language)


def _row(view: View, row: Any) -> Row:
    language, release = view.language, view.release
    definition = indicators(release).get(row.indicator)
    header = localised(definition, "label", language) if definition is not None else row.indicator
    area = area_words(view, row.ref_area) if row.ref_area in view.areas.index else row.ref_area
    edition = localised(sources(release)[row.source], "short", language)
    period = period_words(row.time_period, "stated", row.time_period, language)
    holds = (message("corrections.removed", language) if row.action == "removed"
             else _value(view, row.indicator, row.new_value))  # fmt: skip
    decided = message("corrections.decided", language, by=row.decided_by, date=one_date(row.date, language))
    proof = f"{localised(row, 'proof', language)} {decided}"
    cells = (Cell(_value(view, row.indicator, row.old_value)), Cell(holds),
             Cell(localised(row, "reason", language), "", proof))  # fmt: skip
    return Row(header, f"{area} · {period} · {edition}", cells)


def corrections_list(view: View, indicator: str = "") -> Listing:
    """Return the corrections of a release; where there is none, that is said in a sentence.

    Parameters
    ----------
    indicator : only those of its figures; there is no download of these alone.
    """
    language, table = view.language, view.release.table(TABLE)
    title, export = message("corrections.title", language), "" if indicator else EXPORT
    table = table[table["indicator"] == indicator] if indicator else table
    if table.empty:
        return Listing(title, message("corrections.nothing", language), (), export)
    rows = tuple(_row(view, row) for row in rows_of(table.sort_values(["date", "source", "ref_area", "indicator"])))
    headings = columns(view, "figure", "given", "holds", "why")
    fold = Fold(message("corrections.fold", language, count=len(table)), headings, (Group("", "", rows),),
                "obs-corrections", True)  # fmt: skip
    return Listing(title, message("corrections.note", language), (fold,), export)
