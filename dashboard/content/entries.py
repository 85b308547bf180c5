"""Every figure and date of a release as lines of a list: figures of texts, series, derived indicators, milestones."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import pandas as pd

from dashboard.content.common import kind_words
from dashboard.figures import indicators, localised, period_words, sources, to_figure, units, value_words
from dashboard.formats import UNWRITTEN_UNITS, is_missing, number, percent_sign
from dashboard.listing import Entry, Point, plain
from dashboard.messages import LANGUAGES, message
from dashboard.view import WHOLE_CITY, View, the_view
from dashboard.works import GLYPHS, to_event
from data.definitions import load_catalogue
from data.frames import rows_of
from data.rules.date_words import one_date
from data.rules.dates import is_datable, period_end, period_start
from data.settings import CATALOGUE

TEXTS, CONTEXT, OPEN_DATA = "chiffres", "contexte", "series-publiques"
DERIVED, DISTRICT, DATES = "indicateurs-derives", "indicateurs-quartier", "dates"
SECTIONS = (TEXTS, CONTEXT, DATES, OPEN_DATA, DERIVED, DISTRICT)
SERIES = frozenset({OPEN_DATA, DERIVED})


@lru_cache
def themes(language: str) -> dict[str, str]:
    """Return the label of every theme, in the catalogue's order."""
    found = load_catalogue(CATALOGUE).themes.items()
    return {name: str(getattr(theme.label, language)) for name, theme in found}


def section_rows(view: View, section: str) -> pd.DataFrame:
    """Return the rows of the release that a section lists when nothing is filtered."""
    if section in {CONTEXT, DATES}:
        return view.release.table("context" if section == CONTEXT else "milestones")
    observations = view.release.table("observations")
    editions = sources(view.release)
    of_texts = observations["source"].map(lambda name: editions[name].dataset == "founding_texts")
    computed = observations["derived_from"] != ""
    level = observations["ref_area"].map(view.areas["level"])
    wanted = {
        TEXTS: of_texts & ~computed,
        OPEN_DATA: ~of_texts & ~computed & (level != "iris"),
        DERIVED: computed & (level == "commune"),
        DISTRICT: computed & (level == "district"),
    }
    return observations[wanted[section]]


def colourless(view: View, district: str) -> View:
    """Return the view of a district that content without colours is cached by."""
    return the_view(view.release, view.commune, district, view.language, "light", view.today)


def whole_city(view: View) -> View:
    """Return the view content that depends on neither district nor colours is cached by."""
    return colourless(view, WHOLE_CITY)


@lru_cache(maxsize=8)
def _area_names(view: View) -> dict[str, str]:
    areas, names = view.areas, {}
    for area in rows_of(areas):
        words = str(area.name)
        if area.level == "operation":
            words = message("figures.sector", view.language, name=words)
            if area.commune and area.commune != view.commune:
                words += ", " + str(areas.at[area.commune, "short_name"])
        names[str(area.ref_area)] = words
    return names


def area_words(view: View, ref_area: str) -> str:
    """Return an area in words: an operation is not a district of the same name, another commune is named."""
    return _area_names(whole_city(view))[ref_area]


def _years(time_period: str, time_basis: str) -> tuple[int | None, int | None]:
    if not is_datable(time_basis):
        return None, None
    return period_start(time_period).year, period_end(time_period).year


def _haystack(view: View, *parts: str) -> str:
    return plain(" | ".join(part for part in parts if part))


def _in_other_languages(view: View, row: Any, name: str) -> tuple[str, ...]:
    """Return a text in the languages that the page is not in: readers search in whichever they know."""
    return tuple(localised(row, name, one) for one in LANGUAGES if one != view.language)


@lru_cache(maxsize=8)
def _operation_names(view: View) -> dict[str, str]:
    programmes = view.release.table("programmes")
    return dict(zip(programmes["programme_id"], programmes["name"], strict=True))


def _figure_entry(view: View, row: Any) -> Entry:
    """Return one figure of a text, or one estimate of a district, as a line."""
    language, figure = view.language, to_figure(view.release, row, view.language)
    theme = indicators(view.release)[row.indicator].theme
    proposed = f"{GLYPHS['proposed']} " if row.nature == "proposed" else ""
    nature = message(f"nature.{row.nature}", language)
    if row.obs_status == "E":
        nature += f", {message('state.E', language)}"
    area, mark = area_words(view, row.ref_area), proposed + kind_words(figure.kind, language)
    point = Point(figure.date, figure.text, *_years(row.time_period, row.time_basis), row.Index)
    searched = _haystack(
        view,
        figure.label,
        area,
        figure.note,
        mark,
        figure.source,
        nature,
        figure.text,
        figure.date,
        themes(language)[theme],
        *_in_other_languages(view, indicators(view.release)[row.indicator], "label"),
        _operation_names(view).get(row.programme, ""),
    )
    return Entry(
        row.ref_area,
        theme,
        figure.label,
        area,
        figure.unit,
        nature,
        mark,
        figure.source,
        figure.note,
        "",
        (point,),
        searched,
    )


def _series_point(view: View, row: Any) -> Point:
    """Return a value of a series without its unit; a missing one, an estimate and a break are said in words."""
    definition = indicators(view.release)[row.indicator]
    words = value_words(view.release, row, view.language)
    if not is_missing(row.obs_value):
        if definition.unit not in UNWRITTEN_UNITS:
            symbol = percent_sign(view.language) if definition.unit == "percent" else ""
            words = number(row.obs_value, definition.decimals, view.language) + symbol
        if row.obs_status != "A":
            words += f" ({message(f'state.{row.obs_status}', view.language)})"
    period = row.time_period[:4] if row.time_period.endswith("-01-01") else one_date(row.time_period, view.language)
    if "/" in row.time_period or not is_datable(row.time_basis):
        period = period_words(row.time_period, row.time_basis, row.as_of, view.language)
    return Point(period, words, *_years(row.time_period, row.time_basis), row.Index)


def _series_entry(view: View, rows: pd.DataFrame) -> Entry:
    """Return all values of one indicator, area and source as a line."""
    language = view.language
    found: list[Any] = list(rows_of(rows.sort_values("time_period")))
    first = found[0]
    definition = indicators(view.release)[first.indicator]
    label, area = localised(definition, "label", language), area_words(view, first.ref_area)
    unit = getattr(units()[definition.unit], language).other
    if first.time_period.endswith("-01-01"):
        unit += f", {message('figures.first_january', language)}"
    notes = [(row.time_period[:4], localised(row, "note", language)) for row in found]
    note = " ".join(message("figures.point", language, period=year, value=text) for year, text in notes if text)
    source = sources(view.release)[first.source]
    points = tuple(_series_point(view, row) for row in found)
    # The edition only: the detail of a series is a column or a formula, which the download gives.
    mark, words = kind_words(source.kind, language), localised(source, "short", language)
    method = localised(definition, "method", language)
    searched = _haystack(
        view,
        label,
        area,
        note,
        mark,
        words,
        method,
        themes(language)[definition.theme],
        *_in_other_languages(view, definition, "label"),
        *(f"{point.period} {point.words}" for point in points),
    )
    return Entry(first.ref_area, definition.theme, label, area, unit, "", mark, words, note, method, points, searched)


def _date_entry(view: View, row: Any) -> Entry:
    """Return a milestone as a line: its date, how precise it is, and whether it took place."""
    language, event = view.language, to_event(view, row)
    state = message(f"event.{row.kind}", language)
    if event.due:
        state = f"{message('agenda.due_mark', language)} {message('agenda.due', language)}"
    precision = message(f"precision.{row.precision}", language)
    area, mark = area_words(view, row.ref_area), kind_words(event.source_kind, language)
    last = period_end(row.date).year + (9 if row.precision == "decade" else 0)
    point = Point(precision, event.date_words, period_start(row.date).year, last, row.Index)
    searched = _haystack(
        view,
        event.label,
        area,
        event.note,
        mark,
        event.source,
        state,
        event.date_words,
        precision,
        themes(language)[row.theme],
        *_in_other_languages(view, row, "label"),
    )
    return Entry(
        row.ref_area, row.theme, event.label, area, "", state, mark, event.source, event.note, "", (point,), searched
    )


def _nearest_first(view: View) -> Callable[[Entry], tuple[bool, bool, str, str]]:
    return lambda entry: (
        not entry.ref_area.startswith(view.commune),
        entry.ref_area != view.commune,
        entry.area,
        entry.label,
    )


@lru_cache(maxsize=64)
def _entries(view: View, section: str) -> tuple[Entry, ...]:
    rows, order = section_rows(view, section), list(themes(view.language))
    if section == DATES:
        return tuple(_date_entry(view, row) for row in rows_of(rows.sort_values("date", kind="stable")))
    if section in SERIES:
        groups = rows.groupby(["indicator", "source", "ref_area"], sort=False)
        found = [_series_entry(view, mine) for _, mine in groups]
        found.sort(key=lambda entry: (order.index(entry.theme), entry.label, entry.source, _nearest_first(view)(entry)))
        return tuple(found)
    found = [_figure_entry(view, row) for row in rows_of(rows)]
    return tuple(sorted(found, key=lambda entry: (order.index(entry.theme), _nearest_first(view)(entry))))


def entries(view: View, section: str) -> tuple[Entry, ...]:
    """Return every line of a section, whatever the district; own commune first within a theme."""
    return _entries(whole_city(view), section)
