"""What a search can find: the things of a release, each with its names, its words and the page that shows it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from textwrap import shorten
from typing import Any

from dashboard.content import commitments, targets
from dashboard.content.commitment_words import status_words as commitment_status
from dashboard.content.common import kind_words
from dashboard.content.entries import themes
from dashboard.content.finder import STATIONS
from dashboard.content.programme_sheets import programme_link
from dashboard.content.target_words import status_words as target_status
from dashboard.desk.measures import first_of
from dashboard.figures import indicators, localised, sources
from dashboard.messages import has_message, message
from dashboard.navigation import PAGES
from dashboard.search_index import spelt
from dashboard.view import View
from dashboard.works import to_work
from data.frames import rows_of
from data.rules.date_words import one_date

PAGE, INDICATOR, AREA, PROGRAMME = "page", "indicator", "area", "programme"
COMMITMENT, TARGET, PLACE, SOURCE = "commitment", "target", "place", "source"
# In the order in which results of the same rank are told.
KINDS = (PAGE, INDICATOR, AREA, PROGRAMME, COMMITMENT, TARGET, PLACE, SOURCE)
# The release is written in two languages; a reader of one may look for what is called so in the other.
OTHER = {"fr": "en", "en": "fr"}

INDICATORS, QUARTER, EXPLORER, NUMBERS, SOURCES = "indicateur", "quartier", "explorer", "chiffres", "sources"
CONFERENCE, TARGETS, MOBILITY, GEOTHERMAL = "conference-climat", "objectifs", "mobilite", "geothermie"
DISTRICT, SEARCH = "quartier", "recherche"

LONGEST_DETAIL = 160

Query = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Thing:
    """Something that can be found.

    `label` is its name in the reader's language, `other` in the other one (empty where names are not translated);
    `aliases` are names and codes that belong to no language; `text` and `other_text` what is said of it. `page` is an
    address of the navigation, or of an operation's own page; `query` what that page is to show. `is_near` tells what is
    of the commune looked at.
    """

    kind: str
    label: str
    other: str
    aliases: tuple[str, ...]
    text: str
    other_text: str
    detail: str
    page: str
    query: Query = ()
    is_near: bool = True


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _texts(row: Any, names: tuple[str, ...], language: str, *more: str) -> str:
    """Return what columns of a row say in a language, and more."""
    return " ".join([*(localised(row, name, language) for name in names), *more])


def _other_label(row: Any, language: str) -> str:
    other = localised(row, "label", OTHER[language])
    return "" if other == localised(row, "label", language) else other


def _said(key: str, language: str) -> str:
    """Return a message that not every page has."""
    return message(key, language) if has_message(key, language) else ""


def _pages(view: View) -> Iterator[Thing]:
    language, other = view.language, OTHER[view.language]
    for entry in PAGES:
        about = f"search_page.{entry.title_key.partition('.')[2]}"
        yield Thing(PAGE, message(entry.title_key, language), _said(entry.title_key, other), (), _said(about, language),
                    _said(about, other), _said(about, language), entry.address)  # fmt: skip


def _first_sentence(text: str) -> str:
    return shorten(text.split(". ")[0].rstrip("."), LONGEST_DETAIL, placeholder="…")


def _indicators(view: View) -> Iterator[Thing]:
    language, other = view.language, OTHER[view.language]
    said = ("definition", "how_to_read", "method")
    for row in indicators(view.release).values():
        theme = themes(language)[row.theme]
        detail = _joined(theme, _first_sentence(localised(row, "definition", language)))
        # What files call an indicator is English.
        texts = {one: _texts(row, said, one, themes(one)[row.theme]) for one in (language, other)}
        texts["en"] += f" {row.indicator}"
        yield Thing(INDICATOR, localised(row, "label", language), _other_label(row, language), (), texts[language],
                    texts[other], detail, INDICATORS, (("indicateur", row.indicator),))  # fmt: skip


@lru_cache(maxsize=8)
def _with_figures(view: View) -> frozenset[str]:
    """Return the areas of which the release has a figure."""
    return frozenset(map(str, view.release.table("observations")["ref_area"].unique()))


def _in_district(view: View, code: str) -> Query:
    return ((DISTRICT, code.removeprefix(f"{view.commune}-")),)


def _page_of_area(view: View, area: Any) -> tuple[str, Query]:
    """Return where an area is shown: districts and places without figures on the page of districts, else explored."""
    if area.commune == view.commune and area.ref_area != view.commune:
        if area.level == "district":
            return QUARTER, _in_district(view, area.ref_area)
        if area.level == "operation" and area.ref_area not in _with_figures(view):
            return QUARTER, _in_district(view, area.district) if area.district else ()
    # Of what is no area of the pages, the figures of its commune; of what lies in none, the list of all figures.
    first = first_of(view, str(area.ref_area)) or first_of(view, str(area.commune))
    if first is None:
        return NUMBERS, ()
    key, level = first
    return EXPLORER, (("indicateur", key), ("niveau", level), ("forme", "tableau"))


def _code(area: Any) -> str:
    """Return the code an area has outside the observatory; nothing where it has none."""
    if area.level in {"commune", "iris"}:
        return str(area.ref_area)
    return str(area.ref_area).removeprefix("network-") if area.level == "network" else ""


def _areas(view: View) -> Iterator[Thing]:
    language, areas = view.language, view.areas
    places = {row.ref_area: row for row in rows_of(view.release.table("places")) if row.place_id in areas.index}
    for area in rows_of(areas):
        name, place, code = str(area.name), places.get(area.ref_area), _code(area)
        aliases = _aliases(name, area.short_name, *(place.aliases.split(";") if place else ()))
        # In what it lies: the nearest first, and never itself.
        within = [str(areas.at[one, "short_name"]) for one in dict.fromkeys((area.district, area.commune))
                  if one not in {"", area.ref_area}]  # fmt: skip
        kinds = [_area_kind(area, place, one) for one in (language, OTHER[language])]
        also = message("search.also", language, names=", ".join(aliases)) if aliases else ""
        yield Thing(AREA, name, "", (*aliases, code) if code else aliases, " ".join([kinds[0], *within]), kinds[1],
                    _joined(f"{kinds[0]} {code}".strip(), *within, also), *_page_of_area(view, area),
                    area.commune == view.commune)  # fmt: skip


def _area_kind(area: Any, place: Any, language: str) -> str:
    """Return what an area is in words: for what a text names, what it is called there."""
    if place is None or area.level != "operation":
        return _said(f"level.{area.level}", language)
    return _said(f"place_kind.{place.kind}", language)


def _aliases(name: str, *others: str) -> tuple[str, ...]:
    """Return other names that differ from the name by more than signs, with the apostrophe of the interface."""
    found = {spelt(one): one.replace("'", "’").strip() for one in reversed(others)}
    return tuple(one for letters, one in reversed(found.items()) if letters not in {"", spelt(name)})


@lru_cache(maxsize=8)
def _named_by_figures(view: View) -> frozenset[str]:
    """Return the operations that figures of the texts are of: the list of all figures finds them by name."""
    tables = (view.release.table(name) for name in ("observations", "context"))
    return frozenset(str(one) for table in tables for one in table["programme"].unique())


def _programmes(view: View) -> Iterator[Thing]:
    language, other = view.language, OTHER[view.language]
    for row in rows_of(view.release.table("programmes")):
        link, work = programme_link(view, row.programme_id), to_work(view, row)
        place = work.district_name if work.district else ""
        text = _texts(row, ("note",), language, themes(language)[row.theme], place)
        query: Query = ()
        if link is not None:
            page, detail = link.address, _joined(link.detail, place)
        else:
            # A party's proposal has no page of its own: its figures, else its source, tell of it.
            kind = kind_words(sources(view.release)[row.source].kind, language)
            detail = _joined(f"{work.glyph} {work.status_words}", kind, work.source)
            page = NUMBERS if row.programme_id in _named_by_figures(view) else SOURCES
            query = ((SEARCH, work.name),) if page == NUMBERS else ()
        yield Thing(PROGRAMME, work.name, "", (), text, _texts(row, ("note",), other, themes(other)[row.theme]),
                    detail, page, query, row.commune == view.commune)  # fmt: skip


def _commitments(view: View) -> Iterator[Thing]:
    language, other = view.language, OTHER[view.language]
    for one in commitments.judged(view):
        said = ("note", "lacking", "carrier")
        detail = _joined(commitment_status(one.standing.status, language), themes(language)[one.row.theme])
        yield Thing(COMMITMENT, localised(one.row, "label", language), _other_label(one.row, language), (),
                    _texts(one.row, said, language, themes(language)[one.row.theme]),
                    _texts(one.row, said, other, themes(other)[one.row.theme]), detail, CONFERENCE)  # fmt: skip


def _targets(view: View) -> Iterator[Thing]:
    language, other = view.language, OTHER[view.language]
    for row, progress in targets.judged(view):
        said = ("note", "settled_by")
        deadline = one_date(row.deadline, language) if row.deadline else ""
        detail = _joined(target_status(progress.status, language), deadline, themes(language)[row.theme])
        yield Thing(TARGET, localised(row, "label", language), _other_label(row, language), (),
                    _texts(row, said, language, themes(language)[row.theme]),
                    _texts(row, said, other, themes(other)[row.theme]), detail, TARGETS)  # fmt: skip


def _page_of_place(view: View, row: Any) -> tuple[str, Query]:
    if row.commune == view.commune and row.district:
        return QUARTER, _in_district(view, row.district)
    return (GEOTHERMAL if row.kind.endswith("_network") else MOBILITY), ()


def _place_kind(row: Any, language: str) -> str:
    if row.kind in STATIONS:
        return f"{_said(f'mode.{row.kind}', language)} {row.line.split()[-1]}"
    return _said(f"place_kind.{row.kind}", language)


def _places(view: View) -> Iterator[Thing]:
    """Yield the stations and places that pages of the commune list and that are no area."""
    areas, language = view.areas, view.language
    for row in rows_of(view.release.table("places")):
        if row.place_id in areas.index or view.commune not in {row.listed_for, row.commune}:
            continue
        within = [str(areas.at[one, "short_name"]) for one in (row.district, row.commune) if one in areas.index]
        kind = _place_kind(row, language)
        yield Thing(PLACE, str(row.name), "", _aliases(row.name, *row.aliases.split(";")), " ".join([kind, *within]),
                    _place_kind(row, OTHER[language]), _joined(kind, *within), *_page_of_place(view, row),
                    row.commune == view.commune)  # fmt: skip


def _sources(view: View) -> Iterator[Thing]:
    language, other = view.language, OTHER[view.language]
    for row in sources(view.release).values():
        said = ("short", "method")
        date = one_date(row.edition_date, language) if row.edition_date else ""
        detail = _joined(row.publisher, kind_words(row.kind, language), date)
        yield Thing(SOURCE, localised(row, "title", language), localised(row, "title", other), (),
                    _texts(row, said, language, row.publisher), _texts(row, said, other), detail, SOURCES)  # fmt: skip


def things(view: View) -> tuple[Thing, ...]:
    """Return everything that can be found in what a view shows of the whole city; other districts give the same."""
    makers = (_pages, _indicators, _areas, _programmes, _commitments, _targets, _places, _sources)
    return tuple(thing for make in makers for thing in make(view))
