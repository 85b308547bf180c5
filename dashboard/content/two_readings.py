"""Sentences that can be read in several ways, with what each reading makes of the announced total."""

from dashboard.content.comparison_words import entries, indicator_label, the_catalogue
from dashboard.content.entries import area_words
from dashboard.content.folds import Cell, Fold, Group, Row
from dashboard.figures import localised, source_line, units
from dashboard.formats import quantity
from dashboard.messages import message
from dashboard.view import View
from data.rules.pairs_of_readings import Ambiguity, Choice


def _amount(view: View, one: Ambiguity, value: float) -> str:
    """Return a value in the unit of the quantity (or, for a figure alone, of the indicator)."""
    catalogue = the_catalogue()
    definition = catalogue.quantities.get(one.quantity) or catalogue.indicator(one.quantity)
    forms = getattr(units()[definition.unit], view.language)
    return quantity(value, definition.decimals, definition.unit, forms, view.language)


def _row(view: View, one: Ambiguity, choice: Choice) -> Row:
    value = message("state.O", view.language) if choice.value is None else _amount(view, one, choice.value)
    total = message("reconcile.no_total", view.language)
    if choice.total is not None:
        total = message("reconcile.total_ordinary", view.language, value=_amount(view, one, choice.total))
    return Row(localised(choice, "label", view.language), "", (Cell(value), Cell(total)))


def _used(view: View, one: Ambiguity) -> str:
    mine = (entry for entry in entries().values() if entry.compares == "readings" and entry.quantity == one.quantity)
    entry = next(mine, None)
    return str(getattr(entry.used, view.language)) if entry else message("reconcile.not_chosen", view.language)


def _group(view: View, one: Ambiguity) -> Group:
    language = view.language
    question = localised(one, "question", language) or indicator_label(view, one.quantity)
    size = message("state.O", language) if one.difference is None else _amount(view, one, one.difference)
    source = source_line(view.release, one.source, one.source_detail, language)
    under = message(
        "reconcile.reading_under",
        language,
        size=message("reconcile.gap_different", language, size=size),
        source=f"{area_words(view, one.ref_area)}, {source}",
        used=_used(view, one),
    )
    return Group(question, under, tuple(_row(view, one, choice) for choice in one.choices))


def reading_list(view: View, found: tuple[Ambiguity, ...]) -> tuple[Fold, ...]:
    """Return the sentences with their readings, those of the chosen district in a table of their own."""
    columns = tuple(message(f"reconcile.column_{name}", view.language) for name in ("reading", "value", "announced"))
    here = [one for one in found if view.areas.at[one.ref_area, "district"] == view.ref_area]
    split = {"of_district": here, "readings": [one for one in found if one not in here]}
    return tuple(
        Fold(
            message(f"reconcile.fold_{key}", view.language, name=view.area_name, count=len(mine)),
            columns,
            tuple(_group(view, one) for one in mine),
            "obs-compared-readings",
            True,
        )
        for key, mine in split.items()
        if mine
    )
