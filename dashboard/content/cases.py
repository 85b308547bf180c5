"""The comparisons that come first on their page: both quantities side by side, why they differ, which one pages use."""

from dataclasses import dataclass
from functools import lru_cache

from dashboard.content.comparison_words import (
    bare_words,
    computed_reasons,
    entries,
    entry_of,
    gap_words,
    indicator_label,
    label_words,
    marks,
    nature_words,
    side_detail,
    side_words,
    sum_words,
    used_words,
    written_reasons,
)
from dashboard.content.reconciled import comparisons
from dashboard.figures import source_line
from dashboard.formats import separated
from dashboard.messages import message
from dashboard.view import View
from data.rules.comparisons import Comparison, Side


@dataclass(frozen=True)
class Measure:
    """A quantity as a bar: `share` of the longest, 0 to 100; a promised one is drawn hollow."""

    label: str
    words: str
    share: float
    is_planned: bool
    marks: tuple[str, ...]
    detail: str
    gap: str = ""


@dataclass(frozen=True)
class Case:
    """A comparison in a sentence, its quantities, the reasons, and what pages use."""

    title: str
    measures: tuple[Measure, ...]
    reasons: tuple[str, ...]
    used: str


def _detail(view: View, sides: tuple[Side, ...], label: str) -> str:
    """Return periods and sources of quantities; what the label says already is not repeated."""
    details = dict.fromkeys(side_detail(view, side) for side in sides)
    said = (words for detail in details if (words := detail.removesuffix(label).removesuffix(" · ")))
    return separated(said, view.language)


def _total(view: View, comparison: Comparison, label: str, longest: float) -> Measure:
    """Return the total (of a pair of sources, the newer figure) as a bar."""
    total = comparison.total
    share = 100 * (total.value or 0.0) / longest
    words = side_words(view, total, total.indicator)
    return Measure(label, words, share, False, marks(view, (total,)), _detail(view, (total,), label))


def _held_against(view: View, comparison: Comparison, label: str, longest: float) -> Measure:
    """Return what the total is held against: the other figure, or the sum of the known parts."""
    parts = comparison.counted or comparison.parts
    planned = any(part.nature != "observed" for part in comparison.counted)
    share = 100 * (comparison.sum or 0.0) / longest
    words = sum_words(view, comparison)
    return Measure(
        label, words, share, planned, marks(view, parts), _detail(view, parts, label), gap_words(view, comparison)
    )


def _longest(found: tuple[Comparison, ...]) -> float:
    return max(*(one.total.value or 0.0 for one in found), *(one.sum or 0.0 for one in found)) or 1.0


def _of_sources(view: View, found: tuple[Comparison, ...]) -> tuple[str, list[Measure]]:
    """Return an indicator that several sources give: one bar a source."""
    label = indicator_label(view, found[0].total.indicator)
    total, other = found[0].total, found[0].parts[0]
    first, second = (bare_words(view, side.value or 0.0, total.indicator) for side in (total, other))
    title = message("reconcile.case_sources", view.language, label=label, first=first, second=second)
    longest = _longest(found)
    bars = [_held_against(view, one, _source(view, one.parts[0]), longest) for one in found]
    return title, [_total(view, found[0], _source(view, total), longest), *bars]


def _source(view: View, side: Side) -> str:
    return source_line(view.release, side.source, side.source_detail, view.language)


def _parts_label(view: View, comparison: Comparison) -> str:
    label = " + ".join(indicator_label(view, part.indicator) for part in comparison.parts)
    return f"{label}, {message('reconcile.after_break', view.language)}" if comparison.after_break else label


def _of_parts(view: View, found: tuple[Comparison, ...]) -> tuple[str, list[Measure]]:
    """Return a total and what its parts add up to, before and after a break in their series."""
    total = found[0].total
    sums = message("reconcile.or", view.language).join(
        bare_words(view, one.sum, total.indicator) for one in found if one.sum is not None
    )
    words = bare_words(view, total.value or 0.0, total.indicator)
    title = message("reconcile.case_parts", view.language, label=label_words(view, found[0]), sums=sums, total=words)
    longest = _longest(found)
    bars = [_held_against(view, one, _parts_label(view, one), longest) for one in found]
    return title, [_total(view, found[0], indicator_label(view, total.indicator), longest), *bars]


def _of_places(view: View, found: tuple[Comparison, ...]) -> tuple[str, list[Measure]]:
    """Return a declared total and what the places named in support document."""
    one = found[0]
    label, total = indicator_label(view, one.total.indicator), side_words(view, one.total, one.total.indicator)
    if one.sum is None:
        title = message("reconcile.case_places_none", view.language, label=label, total=total)
    else:
        documented = bare_words(view, one.sum, one.total.indicator) + nature_words(view, one.counted[0])
        title = message("reconcile.case_places", view.language, label=label, total=total, sum=documented)
    longest = _longest(found)
    return title, [
        _total(view, one, message("reconcile.declared_total", view.language), longest),
        _held_against(view, one, message("reconcile.named_places", view.language), longest),
    ]


_MAKERS = {"sources": _of_sources, "parts": _of_parts, "places": _of_places}


@lru_cache(maxsize=8)
def cases(view: View) -> tuple[Case, ...]:
    """Return the comparisons of the city that the catalogue puts first and for which there are figures."""
    found = [one for one in comparisons(view.release, view.commune) if one.total.ref_area == view.commune]
    shown = []
    for entry in (entry for entry in entries().values() if entry.first):
        mine = tuple(one for one in found if entry_of(one) is entry)
        if not mine:
            continue
        title, measures = _MAKERS[entry.compares](view, mine)
        computed = [*computed_reasons(view, mine[0])]
        for one in mine[1:]:
            computed += computed_reasons(view, one, told=mine[0].reasons)
        reasons = tuple(dict.fromkeys((*written_reasons(view, mine[0]), *computed)))
        shown.append(Case(title, tuple(measures), reasons, used_words(view, mine[0])))
    return tuple(shown)
