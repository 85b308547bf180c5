"""Comparisons in words: the quantities, the difference, why there may be one, which figure pages use."""

from collections.abc import Collection, Iterable
from functools import lru_cache

from dashboard.content.common import kind_words
from dashboard.content.entries import area_words
from dashboard.figures import indicators, localised, period_words, source_line, sources, units
from dashboard.formats import SYMBOL_UNITS, number, percent, quantity, separated
from dashboard.messages import message
from dashboard.view import View
from data.definitions import Catalogue, load_catalogue
from data.frames import rows_of
from data.reconciliation_models import Reconciliation
from data.release import Release
from data.rules.comparisons import HALF_UNIT, Comparison, Side
from data.settings import CATALOGUE

# Areas and lengths may be finer than the decimals of their total.
_FINE = {"ha": 2, "km": 2}
_LEAST_PERCENT = 0.01
# What stands between the parts of a list that have commas of their own.


@lru_cache
def the_catalogue() -> Catalogue:
    """Return the catalogue, read once."""
    return load_catalogue(CATALOGUE)


def entries() -> dict[str, Reconciliation]:
    """Return what the catalogue says of comparisons, by name."""
    return the_catalogue().reconciliations


def entry_of(comparison: Comparison) -> Reconciliation | None:
    """Return what the catalogue says of a comparison; a pair of sources is found by its indicator."""
    if comparison.kind != "sources":
        return entries()[comparison.name]
    mine = (one for one in entries().values() if one.compares == "sources" and one.indicator == comparison.name)
    return next(mine, None)


def indicator_label(view: View, indicator: str) -> str:
    """Return the label of an indicator."""
    return localised(indicators(view.release)[indicator], "label", view.language)


def label_words(view: View, comparison: Comparison) -> str:
    """Return what is compared."""
    entry = entry_of(comparison)
    if entry is None or entry.label is None:
        return indicator_label(view, comparison.total.indicator)
    words = str(getattr(entry.label, view.language))
    return f"{words}, {message('reconcile.after_break', view.language)}" if comparison.after_break else words


def value_words(view: View, value: float, indicator: str) -> str:
    """Return a value in the unit of an indicator."""
    definition = indicators(view.release)[indicator]
    decimals = max(definition.decimals, _FINE.get(definition.unit, 0))
    return quantity(value, decimals, definition.unit, getattr(units()[definition.unit], view.language), view.language)


def bare_words(view: View, value: float, indicator: str) -> str:
    """Return a value with its unit only where that is a symbol: a label before it says what is counted."""
    definition = indicators(view.release)[indicator]
    if definition.unit in SYMBOL_UNITS:
        return value_words(view, value, indicator)
    return number(value, definition.decimals, view.language)


def side_words(view: View, side: Side, indicator: str, is_bare: bool = False) -> str:
    """Return a quantity with its qualifier, and what it is where it is not observed; bare ones say no unit in words."""
    if side.value is None:
        return message("state.O", view.language)
    in_words = bare_words if is_bare else value_words
    words = in_words(view, side.value, indicator)
    if side.value_max is not None:
        words = message("value.range", view.language, low=words, high=in_words(view, side.value_max, indicator))
    if side.qualifier != "exact":
        words = message(f"qualifier.{side.qualifier}", view.language, value=words)
    return words + nature_words(view, side)


def nature_words(view: View, side: Side) -> str:
    """Return what a quantity is where it is not observed: ` (prévu)`."""
    return "" if side.nature == "observed" else f" ({message(f'nature.{side.nature}', view.language)})"


def marks(view: View, sides: Iterable[Side]) -> tuple[str, ...]:
    """Return the kinds of source of quantities, each once."""
    named = (side.source for side in sides if side.source)
    return tuple(dict.fromkeys(kind_words(sources(view.release)[name].kind, view.language) for name in named))


def side_period(view: View, side: Side) -> str:
    """Return the period of a quantity in words."""
    return period_words(side.time_period, side.time_basis, side.as_of, view.language)


def side_detail(view: View, side: Side) -> str:
    """Return period and source of a quantity; an estimate says that it is one."""
    source = source_line(view.release, side.source, side.source_detail, view.language)
    period = side_period(view, side)
    words = source if source.endswith(f" {period}") else f"{period} · {source}"
    return f"{words} · {message('state.E', view.language)}" if side.obs_status == "E" else words


@lru_cache(maxsize=8)
def _programme_names(release: Release) -> dict[str, str]:
    return {row.programme_id: row.name for row in rows_of(release.table("programmes"))}


def part_name(view: View, comparison: Comparison, part: Side) -> str:
    """Return what a part is: a place, an area, or an indicator, with its period where it is not that of the total."""
    if part.name:
        return _programme_names(view.release)[part.name]
    if comparison.kind == "areas":
        return area_words(view, part.ref_area)
    label = indicator_label(view, part.indicator)
    same = part.time_period in {"", comparison.total.time_period}
    return label if same else f"{label}, {side_period(view, part)}"


def sum_words(view: View, comparison: Comparison) -> str:
    """Return what the known parts add up to, and how many they are where some are not known."""
    language = view.language
    if comparison.sum is None:
        return message("reconcile.no_part", language, count=len(comparison.parts))
    words = value_words(view, comparison.sum, comparison.total.indicator)
    if comparison.is_complete:
        return words
    words += nature_words(view, comparison.counted[0])
    counts = {"known": len(comparison.counted), "count": len(comparison.parts)}
    return message(f"reconcile.incomplete_{comparison.kind}", language, sum=words, **counts)


def parts_words(view: View, comparison: Comparison) -> str:
    """Return the parts one by one, then those without a value."""
    language, indicator = view.language, comparison.total.indicator
    named = [(part_name(view, comparison, part), part) for part in comparison.parts if part.value is not None]
    known = [
        message("figures.point", language, period=name, value=side_words(view, part, indicator, is_bare=True))
        for name, part in named
    ]
    unknown = [part_name(view, comparison, part) for part in comparison.parts if part.value is None]
    if unknown:
        known.append(message("reconcile.without_value", language, names=", ".join(unknown)))
    words = separated(known, language)
    others = [part for part in comparison.parts if part.source not in {"", comparison.total.source}]
    told = dict.fromkeys(source_line(view.release, part.source, part.source_detail, language) for part in others)
    return f"{words}. {message('reconcile.sources_of', language, sources=separated(told, language))}" if told else words


def percent_words(value: float, language: str) -> str:
    """Return a difference in per cent, without its sign."""
    if abs(value) < _LEAST_PERCENT:
        return message("qualifier.less_than", language, value=percent(_LEAST_PERCENT, 2, language))
    return percent(abs(value), 1 if abs(value) >= 0.1 else 2, language)


def gap_words(view: View, comparison: Comparison) -> str:
    """Return the difference, absolute and in per cent of the total, or why there is none to tell."""
    language, difference = view.language, comparison.difference
    if difference is None:
        return message("reconcile.gap_incomplete", language)
    if difference == 0:
        return message("reconcile.gap_equal", language)
    size = value_words(view, abs(difference), comparison.total.indicator)
    if abs(difference) < 1 and indicators(view.release)[comparison.total.indicator].decimals == 0:
        size = message("reconcile.under_one", language)
    if comparison.difference_percent is not None:
        size += f" ({percent_words(comparison.difference_percent, language)})"
    return message(f"reconcile.gap_{comparison.state}", language, size=size)


def _computed_reason(view: View, comparison: Comparison, reason: str) -> str:
    sides = (comparison.total, *comparison.parts)
    notes = [str(getattr(side, f"note_{view.language}")) for side in sides if side.obs_status == "B"]
    if reason == "break" and any(notes):
        return " ".join(filter(None, notes))
    periods = dict.fromkeys(side_period(view, side) for side in sides if side.time_period)
    return message(
        f"reconcile.reason_{reason}",
        view.language,
        numbers=round(comparison.rounding / HALF_UNIT),
        bound=value_words(view, comparison.rounding, comparison.total.indicator),
        periods=separated(periods, view.language),
        unknown=sum(part.value is None for part in comparison.parts),
        count=len(comparison.parts),
    )


def written_reasons(view: View, comparison: Comparison) -> tuple[str, ...]:
    """Return the reasons for a difference that a source documents."""
    entry = entry_of(comparison)
    return tuple(str(getattr(text, view.language)) for text in entry.reasons) if entry else ()


def computed_reasons(view: View, comparison: Comparison, told: Collection[str] = ()) -> tuple[str, ...]:
    """Return the reasons for a difference that the figures give and are not told yet, or that there is none at all."""
    found = tuple(_computed_reason(view, comparison, reason) for reason in comparison.reasons if reason not in told)
    if not comparison.reasons and not written_reasons(view, comparison) and comparison.state != "equal":
        return (message("reconcile.no_reason", view.language),)
    return found


def used_words(view: View, comparison: Comparison) -> str:
    """Return which figure pages use, or that none is chosen."""
    entry = entry_of(comparison)
    return str(getattr(entry.used, view.language)) if entry else message("reconcile.not_chosen", view.language)
