"""From a draft to the document it asks for: its sections in order, what cannot be shown any more, its appendices."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from urllib.parse import urlencode

from dashboard.content import quality, room
from dashboard.content.conference_tree import room_parts
from dashboard.content.pieces import Column, Headline, Reading
from dashboard.content.simple.pages import simple_of
from dashboard.content.tree import ChartFigure, MapFigure, PageTree, Readings
from dashboard.dossier import flow
from dashboard.dossier.blocks import (
    Address,
    Block,
    Bullets,
    Document,
    Grid,
    GridGroup,
    Heading,
    Paragraph,
    Said,
    Section,
)
from dashboard.dossier.draft import WHOLE_CITY, Draft, SectionChoice
from dashboard.dossier.notes import Provenance, provenance
from dashboard.dossier.plain import plain
from dashboard.messages import message
from dashboard.navigation import PAGES
from dashboard.publication.place import checked_base, figure_path, page_path
from dashboard.publication.trees import TREES
from dashboard.view import View, area_view, city_view, district_slugs
from data.hypotheses import HypothesisError, from_text
from data.rules.date_words import one_date
from data.settings import public_address, site_address

# A page whose section is the three situations on what a planner supposes; it is no page of the navigation.
SITUATIONS = "situations"
THEME = "territory"
# Tables longer than this stay out of a file for the public; the section says so.
LONGEST_PUBLIC_TABLE = 12
_BESIDE = "public/"


@dataclass(frozen=True)
class Composed:
    """A document, and what of its draft could not be shown as it was chosen, in words."""

    document: Document
    differences: tuple[str, ...]


def page_titles(language: str) -> dict[str, str]:
    """Return what a section can show: pages by their address, and the three situations."""
    pages = {entry.address: message(entry.title_key, language) for entry in PAGES if entry.address in TREES}
    pages[""] = message("briefing.page_accueil", language)
    return pages | {SITUATIONS: message("room.heading", language)}


def _situations(view: View, hypotheses: str) -> PageTree:
    parts = room_parts(view, from_text(hypotheses))
    headline = Headline(message("room.heading", view.language), message("room.lead", view.language))
    return PageTree(SITUATIONS, room.THEME, headline, (), parts)


def _tree(view: View, choice: SectionChoice) -> PageTree:
    """Return what a section shows: a page, one figure of it alone, or the situations that hypotheses give."""
    if choice.page == SITUATIONS or choice.hypotheses:
        page = _situations(view, choice.hypotheses)
    else:
        page = TREES[choice.page](view)
    return _only(page, choice.figure) if choice.figure else page


def fault_of(city: View, choice: SectionChoice) -> str:
    """Return why a section cannot be shown on the release of a view, in words; nothing where it can."""
    language = city.language
    if choice.page not in page_titles(language):
        return message("briefing.lost_page", language, name=choice.page)
    if choice.district not in {WHOLE_CITY, *district_slugs(city.release, city.commune)}:
        return message("briefing.lost_district", language, name=choice.district)
    if not (choice.figure or choice.hypotheses):
        return ""
    try:
        page = _tree(area_view(city, choice.district), choice)
    except HypothesisError as error:
        return message("briefing.lost_hypotheses", language, error=str(error))
    return "" if page.parts else message("briefing.lost_figure", language, name=choice.figure)


def _only(page: PageTree, key: str) -> PageTree:
    """Return a page with one of its figures alone; with no part where it has none of that name."""
    kept = tuple(part for part in page.parts if isinstance(part, MapFigure | ChartFigure) and part.key == key)
    return replace(page, tiles=(), headline=replace(page.headline, lead=""), parts=kept)


def _without_slash(address: str) -> str:
    return address.rstrip("/")


def address_of(view: View, choice: SectionChoice, figure: str) -> Address:
    """Return where a section can be read again: nothing where no public address is set."""
    live = frozen = ""
    if public_address():
        query = {"quartier": choice.district} if choice.district != WHOLE_CITY else {}
        query |= {"hypotheses": choice.hypotheses} if choice.hypotheses else {}
        page = "conference-climat" if choice.page == SITUATIONS else choice.page
        live = f"{_without_slash(public_address())}/{page}" + (f"?{urlencode(query)}" if query else "")
    base = site_address() or (f"{_without_slash(public_address())}/{_BESIDE}" if public_address() else "")
    if base and not choice.hypotheses and choice.page in TREES:
        live = live or f"{checked_base(base)}{page_path(view, choice.page)}"
    if base and figure and not choice.hypotheses and choice.page in TREES:
        frozen = f"{checked_base(base)}{figure_path(view, figure, view.release.release_id)}"
    return Address(live, frozen)


def _for_public(view: View, found: list[Block], address: str) -> Iterator[Block]:
    """Yield what is for the public: long tables stay out, and their number is said."""
    left = [block for block in found if isinstance(block, Grid) and len(block.rows) > LONGEST_PUBLIC_TABLE]
    yield from (block for block in found if block not in left)
    if left:
        form = "one" if len(left) == 1 else "other"
        words = message(f"briefing.tables_left_{form}", view.language, count=len(left))
        where = message("briefing.left_at", view.language, address=address) if address else ""
        yield Paragraph(Said(f"{words} {where}".strip()), "quiet")


def _simplified(view: View, choice: SectionChoice, known: Provenance) -> tuple[Said, list[Block]] | None:
    """Return the simplified title and text of a page; None where it has none."""
    text = simple_of(choice.page, view) if not choice.hypotheses else None
    if text is None:
        return None
    said: list[Block] = []
    for paragraph in text.paragraphs:
        said += [Heading(paragraph.title), *(Paragraph(known.said(words)) for words in paragraph.sentences)]
    return known.said(text.title), said


def _note(view: View, words: str) -> list[Block]:
    """Return a free note, marked as no figure of a release."""
    lines = tuple(Said(line) for line in plain(words).splitlines() if line.strip())
    return [Bullets(message("briefing.note", view.language), lines)] if lines else []


def _content(view: View, draft: Draft, choice: SectionChoice, page: PageTree) -> tuple[Said, list[Block], str]:
    """Return the sentence, the content and the first figure of a section."""
    known = provenance(page, view.language)
    title, content = known.said(page.headline.title), list(flow.blocks(view, page, known))
    figure = next((one.key for one in page.figures()), "")
    if draft.audience == "public":
        simple = _simplified(view, choice, known)
        if simple is not None:
            title = simple[0]
            content = simple[1] + [one for one in content if not (isinstance(one, Paragraph) and one.tone == "lead")]
        content = list(_for_public(view, content, address_of(view, choice, figure).live))
    return title, content, figure


def _name(view: View, choice: SectionChoice) -> str:
    titles = page_titles(view.language)
    page = titles[SITUATIONS] if choice.hypotheses else titles[choice.page]
    return page if view.is_city else message("briefing.section_of", view.language, page=page, area=view.area_name)


class _Composer:
    """Makes sections one after the other, and keeps what could not be shown and how indicators are read."""

    def __init__(self, city: View, draft: Draft) -> None:
        self.city, self.draft = city, draft
        self.differences: list[str] = []
        self.readings: dict[Reading, None] = {}

    def _lost(self, key: str, choice: SectionChoice, words: str) -> Section:
        """Return a section that cannot be shown any more and says so: none is dropped silently."""
        self.differences.append(words)
        title = message("briefing.lost", self.city.language)
        content = (Paragraph(Said(words)), *_note(self.city, choice.note))
        return Section(key, title, THEME, Said(title), content)

    def section(self, place: int, choice: SectionChoice) -> Section:
        """Return a section of the draft."""
        city, key = self.city, f"{place + 1}-{choice.page or 'accueil'}-{choice.district}"
        if words := fault_of(city, choice):
            return self._lost(key, choice, words)
        view = area_view(city, choice.district)
        page = _tree(view, choice)
        self.readings |= {one: None for part in page.parts if isinstance(part, Readings) for one in part.readings}
        title, content, figure = _content(view, self.draft, choice, page)
        address = address_of(view, choice, figure)
        return Section(key, _name(view, choice), page.theme, title, (*_note(city, choice.note), *content), address)


_METHOD = ("indicator", "definition", "how_to_read", "method")


def _methods(language: str, readings: dict[Reading, None]) -> Section:
    rows = tuple(
        (one.label, one.definition, one.how_to_read, " ".join(filter(None, (one.method, one.expression))))
        for one in sorted(readings, key=lambda one: one.label)
    )
    columns = tuple(Column(name, message(f"briefing.method_{name}", language)) for name in _METHOD)
    title = message("briefing.methods", language)
    caption = Said(message("briefing.methods_count", language, count=len(rows)),
                   (message("briefing.catalogue", language),))  # fmt: skip
    return Section("methodes", title, THEME, Said(title), (Grid(caption, columns, (GridGroup("", rows),)),))


def _sources(view: View) -> Section:
    (listing,) = (one for one in quality.listings(view) if one.export == "sources")
    title = message("briefing.sources", view.language)
    return Section("sources", title, THEME, Said(title), tuple(flow.listing_blocks(listing))[1:])


def _about(city: View, draft: Draft, made_for: str) -> tuple[tuple[str, str], ...]:
    language, release = city.language, city.release
    published = one_date(release.published[:10], language) if release.published else message("basis.none", language)
    boundaries = sorted(set(city.districts["boundary"]))
    words = " ".join(message(f"boundary.{name}", language) for name in boundaries)
    rows = {
        "made_on": one_date(city.today.isoformat(), language),
        "data_of": message("briefing.release", language, date=published, identifier=release.release_id),
        "audience": made_for,
        "maps": words,
        "reading": message("briefing.reading_words", language),
    }
    if not (public_address() or site_address()):
        rows["codes"] = message("briefing.no_codes", language)
    return tuple((message(f"briefing.{name}", language), words) for name, words in rows.items() if words)


Progress = Callable[[str], object]


def compose(city: View, draft: Draft, progress: Progress = lambda _: None) -> Composed:
    """Return the document of a draft on the release of a view of the whole city.

    Parameters
    ----------
    progress : told the name of each section once it is made.
    """
    language, composer = city.language, _Composer(city_view(city), draft)
    sections = []
    for place, choice in enumerate(draft.sections):
        sections.append(composer.section(place, choice))
        progress(sections[-1].name)
    if note := _note(city, draft.note):
        title = message("briefing.opening_note", language)
        sections.insert(0, Section("note", title, THEME, Said(title), tuple(note)))
    appendices = [_sources(city_view(city))]
    if composer.readings:
        appendices.append(_methods(language, composer.readings))
    about = _about(city, draft, message(f"briefing.audience_{draft.audience}", language))
    title = plain(draft.title).strip() or message("briefing.title", language, of_city=city.of_city)
    document = Document(title, message("briefing.subtitle", language, of_city=city.of_city), language,
                        city.release.release_id, about, tuple(sections), tuple(appendices))  # fmt: skip
    return Composed(document, tuple(composer.differences))


@lru_cache(maxsize=64)
def figures_of(view: View, page: str) -> tuple[tuple[str, str], ...]:
    """Return the maps and charts of a page that a section can show alone: key and sentence."""
    return tuple((one.key, one.title) for one in TREES[page](view).figures()) if page in TREES else ()
