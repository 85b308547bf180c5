"""What an indicator is, point by point: how it is read, its method, its unit, its direction, what it is made of."""

from typing import Any

from dashboard.content import common
from dashboard.content.indicator_rows import figure_of, leading, names_shown, rows_shown
from dashboard.content.indicator_words import label_of
from dashboard.content.pieces import Item
from dashboard.content.tree import Facts
from dashboard.figures import indicators, localised, period_words, sources, units
from dashboard.formats import UNWRITTEN_UNITS, plural, separated
from dashboard.messages import message
from dashboard.view import View
from data.rules.derivations import Input, ingredients

_STATIONS = "stations"


def _input_words(view: View, one: Input) -> str:
    """Return an input of a formula in words."""
    language = view.language
    # A figure of the commune says whether its period is stated, or only that of its text.
    dates = [figure_of(view, row).date for row in rows_shown(view, one.indicator)
             if (row.time_period, row.source) == (one.time_period, one.source)]  # fmt: skip
    return message("indicator.derived_input", language, label=label_of(view, one.indicator),
                   period=dates[0] if dates else period_words(one.time_period, "stated", "", language),
                   source=localised(sources(view.release)[one.source], "short", language))  # fmt: skip


def _derived_words(view: View, row: Any) -> str:
    """Return everything a figure is made of in words; nothing where it is not derived."""
    language, made = view.language, ingredients(row.derived_from)
    words = [_input_words(view, one) for one in made.inputs]
    if made.iris:
        form = plural(made.iris, "one", "other", language)
        iris = message(f"indicator.derived_iris_{form}", language, count=made.iris)
        words.append(f"{iris}, {message('indicator.derived_shares', language)}" if made.is_shared_out else iris)
    words += [message("indicator.derived_stations", language) if one == _STATIONS else one for one in made.others]
    return separated(words, language)


def _unit_words(view: View, definition: Any) -> str:
    language = view.language
    if definition.unit in UNWRITTEN_UNITS:
        return str(getattr(units()[definition.unit], language).other)
    count = definition.decimals
    precision = message("indicator.whole", language)
    if count:
        words = plural(count, "one", "other", language)
        precision = message(f"indicator.decimals_{words}", language, count=count)
    return f"{getattr(units()[definition.unit], language).other}, {precision}"


def facts(view: View, indicator: str) -> Facts:
    """Return way of reading, method, unit, direction, and what it is derived from."""
    language, definition = view.language, indicators(view.release)[indicator]
    reading, newest = common.reading(view, indicator), leading(view, indicator)[0]
    said = [
        ("how_to_read", reading.how_to_read),
        ("method", reading.method),
        ("unit", _unit_words(view, definition)),
        ("direction", message(f"indicator.direction_{definition.direction}", language)),
        ("derived", _derived_words(view, newest)),
    ]
    items = tuple(Item(message(f"indicator.fact_{name}", language), words) for name, words in said if words)
    return Facts(message("indicator.facts", language), items)


def inputs_shown(view: View, indicator: str) -> tuple[str, ...]:
    """Return the indicators that this one is computed from, and of which something is said in the commune."""
    made = [one.indicator for row in leading(view, indicator) for one in ingredients(row.derived_from).inputs]
    return tuple(name for name in dict.fromkeys(made) if name in names_shown(view))
