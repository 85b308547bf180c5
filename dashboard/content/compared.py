"""Comparisons as tables: both quantities, the difference, the reasons; many small areas in a line."""

from dashboard.content.comparison_words import (
    computed_reasons,
    gap_words,
    indicator_label,
    label_words,
    marks,
    parts_words,
    side_detail,
    side_words,
    sum_words,
    used_words,
    written_reasons,
)
from dashboard.content.entries import area_words
from dashboard.content.folds import Cell, Fold, Group, Row
from dashboard.formats import number
from dashboard.messages import message
from dashboard.view import View
from data.rules.comparisons import Comparison, Side

# A comparison repeated over more areas or indicators than these is a group: what its rows share is said once.
_FEW = 2
_STATES = ("equal", "rounding", "compatible", "rest", "different", "incomplete")


def _columns(view: View, *names: str) -> tuple[str, ...]:
    return tuple(message(f"reconcile.column_{name}", view.language) for name in names)


def _why(view: View, one: Comparison, is_grouped: bool) -> Cell:
    """Return why there may be a difference; what a group shares stands in its heading."""
    if is_grouped:
        return Cell(" ".join(computed_reasons(view, one)))
    return Cell(" ".join((*written_reasons(view, one), *computed_reasons(view, one))), "", used_words(view, one))


def _mark(view: View, sides: tuple[Side, ...]) -> str:
    return ", ".join(marks(view, sides))


def _pair_row(view: View, one: Comparison) -> Row:
    """Return two sources of one figure as a row."""
    sides = (one.total, *one.parts)
    values = [
        Cell(side_words(view, side, one.total.indicator), _mark(view, (side,)), side_detail(view, side))
        for side in sides
    ]
    area = area_words(view, one.total.ref_area)
    return Row(label_words(view, one), area, (*values, Cell(gap_words(view, one)), _why(view, one, False)))


def _sum_row(view: View, one: Comparison, is_grouped: bool) -> Row:
    """Return a total and the sum of its parts as a row; areas are not named one by one."""
    total, area = one.total, area_words(view, one.total.ref_area)
    parts = "" if one.kind == "areas" else parts_words(view, one)
    cells = (
        Cell(side_words(view, total, total.indicator), _mark(view, (total,)), side_detail(view, total)),
        Cell(sum_words(view, one), _mark(view, one.parts), parts),
        Cell(gap_words(view, one)),
        _why(view, one, is_grouped),
    )
    if not is_grouped:
        return Row(label_words(view, one), area, cells)
    return Row(indicator_label(view, total.indicator) if one.kind == "areas" else area, "", cells)


def _sum_groups(view: View, found: list[Comparison]) -> tuple[Group, ...]:
    """Return a group for each comparison that many areas or indicators share, and one for all the others."""
    names = dict.fromkeys(one.name for one in found)
    mine = {name: [one for one in found if one.name == name] for name in names}
    alone = tuple(_sum_row(view, one, False) for rows in mine.values() if len(rows) <= _FEW for one in rows)
    groups = [Group("", "", alone)] if alone else []
    for rows in mine.values():
        if len(rows) > _FEW:
            reasons = " ".join(written_reasons(view, rows[0]))
            under = message("reconcile.group", view.language, reasons=reasons, used=used_words(view, rows[0]))
            shown = tuple(_sum_row(view, one, True) for one in rows)
            groups.append(Group(label_words(view, rows[0]), under.strip(), shown))
    return tuple(groups)


def compared_fold(view: View, key: str, found: list[Comparison], is_open: bool = False) -> Fold:
    """Return comparisons as a table; `key` names its title. Pairs of sources and sums have columns of their own."""
    pairs = all(one.kind == "sources" for one in found)
    names = ("compared", "first", "second", "gap", "why") if pairs else ("compared", "total", "sum", "gap", "why")
    groups = (Group("", "", tuple(_pair_row(view, one) for one in found)),) if pairs else _sum_groups(view, found)
    title = message(f"reconcile.fold_{key}", view.language, name=view.area_name, count=len(found))
    return Fold(title, _columns(view, *names), groups, "obs-compared", is_open)


def _largest(view: View, found: list[Comparison]) -> str:
    """Return the largest difference of some comparisons and where it is."""
    one = max(found, key=lambda one: abs(one.difference or 0.0))
    words = gap_words(view, one)
    return message("reconcile.largest", view.language, gap=words, area=area_words(view, one.total.ref_area))


def summed_up_fold(view: View, found: list[Comparison]) -> Fold:
    """Return comparisons of many small areas, summed up one line a kind."""
    rows = []
    for name in dict.fromkeys(one.name for one in found):
        mine = [one for one in found if one.name == name]
        counts = [(state, sum(one.state == state for one in mine)) for state in _STATES]
        states = ", ".join(
            message(f"reconcile.state_{state}", view.language, count=count) for state, count in counts if count
        )
        cells = (Cell(number(len(mine), 0, view.language)), Cell(states), Cell(_largest(view, mine)))
        rows.append(Row(label_words(view, mine[0]), "", cells))
    areas = len({one.total.ref_area for one in found})
    title = message("reconcile.fold_parts_iris", view.language, areas=areas, count=len(found))
    columns = _columns(view, "compared", "cases", "states", "largest")
    return Fold(title, columns, (Group("", "", tuple(rows)),), "obs-compared-areas")
