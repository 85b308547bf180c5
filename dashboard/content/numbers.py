"""Every figure, date and series of the sources, narrowed down by word, theme, year and district."""

from functools import lru_cache

import pandas as pd

from dashboard.content import entries as lines
from dashboard.content.entries import (
    CONTEXT,
    DATES,
    DISTRICT,
    OPEN_DATA,
    SECTIONS,
    SERIES,
    TEXTS,
    colourless,
    whole_city,
)
from dashboard.content.folds import Cell, Fold, Group, Listing, Row
from dashboard.content.pieces import Headline
from dashboard.figures import sources
from dashboard.formats import number, plural
from dashboard.listing import UNDATED, Entry, Filter, select
from dashboard.messages import message
from dashboard.view import WHOLE_CITY, View

THEME = "territory"
# What readers search for is theirs to choose: the caches of this module are small so that searches cannot fill them.
# More series than these stay folded even after a search: they would push everything else out of sight.
FEW = 12
# The download of all that a search found, section after section.
EVERYTHING = "tous-les-chiffres"
_OF_DISTRICT = frozenset({TEXTS, DISTRICT})


@lru_cache(maxsize=64)
def headline(view: View) -> Headline:
    """Return how many figures there are, and whose figures a chosen district leaves in the list."""
    texts = len(lines.section_rows(view, TEXTS)) + len(lines.section_rows(view, CONTEXT))
    documents = sum(1 for source in sources(view.release).values() if source.document)
    lead = message(
        "figures.lead", view.language, texts=texts, documents=documents, values=len(lines.section_rows(view, OPEN_DATA))
    )
    if not view.is_city:
        lead += " " + message("figures.scope", view.language, name=view.area_name)
        if not any(_is_of_district(view, entry) for entry in listed(view, TEXTS, Filter())):
            lead += " " + message("figures.scope_none", view.language, name=view.area_name)
    return Headline(message("figures.title", view.language), lead)


@lru_cache(maxsize=64)
def theme_choices(view: View) -> dict[str, str]:
    """Return the themes a reader can choose, by identifier; empty means all."""
    return {"": message("figures.all_themes", view.language), **lines.themes(view.language)}


@lru_cache(maxsize=8)
def _years(view: View) -> tuple[int, ...]:
    points = [point for section in SECTIONS for entry in lines.entries(view, section) for point in entry.points]
    years = {year for point in points for year in (point.first_year, point.last_year) if year}
    return tuple(sorted(years, reverse=True))


@lru_cache(maxsize=64)
def year_choices(view: View) -> dict[str, str]:
    """Return the years a reader can choose, newest first, then figures without a date; empty means all."""
    years = {str(year): str(year) for year in _years(whole_city(view))}
    return {
        "": message("figures.all_periods", view.language),
        **years,
        UNDATED: message("figures.undated", view.language),
    }


def _is_of_district(view: View, entry: Entry) -> bool:
    """Tell whether a figure is of the chosen district or of an operation in it."""
    return entry.ref_area == view.ref_area or str(view.areas.at[entry.ref_area, "district"]) == view.ref_area


@lru_cache(maxsize=256)
def _listed(view: View, section: str, chosen: Filter) -> tuple[Entry, ...]:
    found = select(lines.entries(view, section), chosen)
    if section not in _OF_DISTRICT or (view.is_city and section != DISTRICT):
        return found
    mine = tuple(entry for entry in found if _is_of_district(view, entry))
    if section == DISTRICT:
        return mine
    return mine + tuple(entry for entry in found if entry.ref_area == view.commune)


def listed(view: View, section: str, chosen: Filter) -> tuple[Entry, ...]:
    """Return the lines of a section: those that match, and with a district its own, then those of the whole city."""
    district = view.district if section in _OF_DISTRICT else WHOLE_CITY
    return _listed(colourless(view, district), section, chosen)


def export_rows(view: View, section: str, chosen: Filter) -> pd.DataFrame:
    """Return the rows of the release behind the lines of a section, value by value."""
    shown = {point.row for entry in listed(view, section, chosen) for point in entry.points}
    rows = lines.section_rows(view, section)
    return rows[rows.index.isin(shown)]


def every_row(view: View, chosen: Filter) -> pd.DataFrame:
    """Return the values of indicators behind all sections of the page: what is no such value has its own table."""
    sections = [section for section in SECTIONS if section not in {CONTEXT, DATES}]
    found = [export_rows(view, section, chosen) for section in sections]
    rows = pd.concat(found)
    return rows[~rows.index.duplicated()]


def _figure_row(entry: Entry) -> Row:
    point = entry.points[0]
    period = f"{point.period} · {entry.nature}"
    return Row(entry.label, entry.area, (Cell(point.words), Cell(period), Cell(entry.source, entry.mark, entry.note)))


def _series_groups(view: View, found: tuple[Entry, ...]) -> tuple[Group, ...]:
    """Return one group per indicator and source, one row per area with all its values."""
    groups: dict[tuple[str, str], list[Entry]] = {}
    for entry in found:
        groups.setdefault((entry.label, entry.source), []).append(entry)
    result = []
    for (label, source), mine in groups.items():
        under = f"{mine[0].unit} · {source}" + (f" · {mine[0].method}" if mine[0].method else "")
        rows = []
        for entry in mine:
            values = [
                message("figures.point", view.language, period=point.period, value=point.words)
                for point in entry.points
            ]
            rows.append(Row(entry.area, "", (Cell(" · ".join(values), "", entry.note),)))
        result.append(Group(label, under, tuple(rows), mine[0].mark))
    return tuple(result)


def _columns(view: View, section: str) -> tuple[str, ...]:
    found: tuple[str, ...] = ("label", "value", "period", "source")
    if section in SERIES:
        found = ("area", "values")
    elif section == DATES:
        found = ("event", "date", "precision", "source")
    return tuple(message(f"figures.column_{name}", view.language) for name in found)


def _count(view: View, section: str, found: tuple[Entry, ...]) -> str:
    total = sum(len(entry.points) for entry in found)
    form = plural(total, "one", "other", view.language)
    return message(f"figures.count_{section}_{form}", view.language, count=number(total, 0, view.language))


def _fold(view: View, section: str, title: str, found: tuple[Entry, ...], is_open: bool) -> Fold:
    words = message("figures.fold", view.language, title=title, count=_count(view, section, found))
    if section in SERIES:
        return Fold(words, _columns(view, section), _series_groups(view, found), "obs-series", is_open)
    rows = tuple(_figure_row(entry) for entry in found)
    return Fold(words, _columns(view, section), (Group("", "", rows),), "obs-figures", is_open)


def _text_folds(view: View, found: tuple[Entry, ...], is_open: bool) -> tuple[Fold, ...]:
    """Return one table per theme, after that of the chosen district, which is open."""
    folds = []
    mine = () if view.is_city else tuple(entry for entry in found if entry.ref_area != view.commune)
    if mine:
        title = message("figures.of_district", view.language, name=view.area_name)
        folds.append(_fold(view, TEXTS, title, mine, True))
    rest = found[len(mine) :]
    for theme, label in lines.themes(view.language).items():
        if of_theme := tuple(entry for entry in rest if entry.theme == theme):
            folds.append(_fold(view, TEXTS, label, of_theme, is_open))
    return tuple(folds)


@lru_cache(maxsize=256)
def _listing(view: View, section: str, chosen: Filter) -> Listing | None:
    found = listed(view, section, chosen)
    if not found:
        return None
    title = message(f"figures.section_{section}", view.language, name=view.area_name)
    is_open = section == DISTRICT or (not chosen.is_empty and (section not in SERIES or len(found) <= FEW))
    if section == TEXTS:
        folds = _text_folds(view, found, is_open)
    else:
        folds = (_fold(view, section, message(f"figures.fold_{section}", view.language), found, is_open),)
    district = {"quartier": view.district} if section in _OF_DISTRICT else {}
    query = {**district, "recherche": chosen.search, "theme": chosen.theme, "annee": chosen.year}
    note = message(f"figures.note_{section}", view.language)
    return Listing(title, note, folds, section, tuple((name, value) for name, value in query.items() if value))


@lru_cache(maxsize=64)
def listings(view: View, chosen: Filter) -> tuple[Listing, ...]:
    """Return the sections of the page that hold something; series and dates do not depend on the district."""
    found = []
    for section in (DISTRICT, *SECTIONS[:-1]):
        if section == DISTRICT and view.is_city:
            continue
        district = view.district if section in _OF_DISTRICT else WHOLE_CITY
        found.append(_listing(colourless(view, district), section, chosen))
    return tuple(listing for listing in found if listing is not None)


@lru_cache(maxsize=256)
def found_words(view: View, chosen: Filter) -> str:
    """Return how much a search found; nothing while nothing is asked for."""
    if chosen.is_empty:
        return ""
    sections = [section for section in SECTIONS if not (section == DISTRICT and view.is_city)]
    found = sum(len(entry.points) for section in sections for entry in listed(view, section, chosen))
    if not found:
        return message("figures.none", view.language)
    return message("figures.found", view.language, count=number(found, 0, view.language))
