"""One page for a public meeting: what a district is, what exists, what is announced; ordinary or simplified French."""

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pikepdf

from dashboard.content import quarter
from dashboard.content.pieces import Tile
from dashboard.content.quarter import Section as QuarterSection
from dashboard.content.simple.pages import simple_of
from dashboard.dossier import flow
from dashboard.dossier.blocks import Measures, Picture, Said
from dashboard.dossier.compose import address_of
from dashboard.dossier.draft import SectionChoice
from dashboard.dossier.notes import Provenance, provenance
from dashboard.dossier.pdf import Pages, models
from dashboard.dossier.setting import FONTS, accessible, printable
from dashboard.maps.locate import locator
from dashboard.messages import message
from dashboard.publication.place import site_name
from dashboard.publication.trees import TREES
from dashboard.theme import mark
from dashboard.view import View
from data.errors import ObservatoryError
from data.rules.date_words import one_date

PAGE, THEME = "quartier", "territory"
FEW_FIGURES, SIZE_PT, SIMPLE_SIZE_PT = 4, 10.0, 12.0


class HandoutError(ObservatoryError):
    """Raised when a handout cannot be made: there is no district to make it for, or a page does not hold it."""


@dataclass(frozen=True)
class _Part:
    """A part of the page: its title, what is listed; of a long list `kept` lines are printed, the others counted."""

    title: str
    lines: tuple[Said, ...]
    empty: str = ""


def _line(line: Any) -> Said:
    words = f"{line.name} — {line.state}." if line.state else f"{line.name}."
    return Said(words, (line.source,) if line.source else ())


def _part(section: QuarterSection) -> _Part:
    lines = tuple(_line(line) for group in section.groups for line in group.lines)
    return _Part(section.title, lines, section.empty)


def _ordinary(view: View) -> tuple[Said, tuple[Said, ...], tuple[_Part, ...]]:
    """Return sentence, paragraphs and parts of a handout in ordinary French: what exists, what is announced."""
    headline = quarter.headline(view)
    known = provenance(TREES[PAGE](view), view.language)
    existing, announced, _ = quarter.sections(view)
    return known.said(headline.title), (Said(headline.lead),), (_part(existing), _part(announced))


def _simple(view: View, known: Provenance) -> tuple[Said, tuple[Said, ...], tuple[_Part, ...]]:
    """Return sentence, paragraphs and parts of a handout in simplified French: short sentences, under a few words."""
    text = simple_of(PAGE, view)
    if text is None:
        raise HandoutError(f"the page {PAGE} has no simplified version")
    parts = tuple(_Part(one.title, tuple(map(known.said, one.sentences))) for one in text.paragraphs)
    return known.said(text.title), (), parts


def _more(view: View, part: _Part, kept: int, address: str) -> list[str]:
    left = len(part.lines) - kept
    words = [part.empty] if part.empty else []
    if left > 0:
        key = "briefing.handout_more_one" if left == 1 else "briefing.handout_more_other"
        words.append(message(key, view.language, count=left))
        words += [message("briefing.left_at", view.language, address=address)] if address else []
    return words


def _shared_out(parts: tuple[_Part, ...], room: int) -> list[int]:
    """Return how many lines of each part are printed where there is room for so many in all: each has its turn."""
    kept = [0] * len(parts)
    while room > 0 and any(count < len(part.lines) for count, part in zip(kept, parts, strict=True)):
        for place, part in enumerate(parts):
            if kept[place] < len(part.lines) and room > 0:
                kept[place] += 1
                room -= 1
    return kept


def _map(view: View, pages: Pages) -> dict[str, Any] | None:
    prepared = locator(view, THEME)
    if prepared is None:
        return None
    picture = Picture("locator", Said(prepared.title), "", prepared.title, prepared, (),
                      message(f"boundary.{prepared.boundary}", view.language))  # fmt: skip
    return pages.picture(picture, THEME)


def _measures(view: View, tiles: tuple[Tile, ...], pages: Pages) -> dict[str, Any]:
    block = next(flow.measures(view, tiles[:FEW_FIGURES]), Measures(()))
    return pages.block(block, THEME)


def _files(view: View, simply: bool, room: int) -> tuple[dict[str, bytes], int]:
    """Return what a handout is set from with room for so many lines, and how many lines it has in all."""
    pages, language = Pages(view.language, lambda _: None), view.language
    known = provenance(TREES[PAGE](view), language)
    sentence, paragraphs, parts = _simple(view, known) if simply else _ordinary(view)
    where = address_of(view, SectionChoice(page=PAGE, district=view.district), "")
    kept = _shared_out(parts, room)
    pages.notes.begin()
    data = {
        "title": message("briefing.handout_title", language, area=view.area_name, city=view.city_name),
        "subtitle": site_name(view),
        "publisher": site_name(view),
        "language": language,
        "fonts": list(FONTS),
        "size": SIMPLE_SIZE_PT if simply else SIZE_PT,
        "made_on": message("briefing.handout_date", language, date=one_date(view.today.isoformat(), language),
                           identifier=view.release.release_id[:8]),
        "kicker": message("briefing.handout_kicker", language, of_city=view.of_city),
        "colour": mark(THEME, "light"),
        "sentence": pages.notes.said(sentence),
        "measures": _measures(view, quarter.tiles(view), pages),
        "paragraphs": list(map(pages.notes.said, paragraphs)),
        "map": _map(view, pages),
        "parts": [
            {"title": part.title, "lines": list(map(pages.notes.said, part.lines[:count])),
             "more": _more(view, part, count, where.live)}
            for part, count in zip(parts, kept, strict=True)
        ],
        "codes": list(pages.codes(where)),
    }  # fmt: skip
    words = printable(json.dumps(data, ensure_ascii=False)).encode()
    return {**models("handout.typ"), "data.json": words, **pages.files}, sum(len(part.lines) for part in parts)


def _page_count(content: bytes) -> int:
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return len(pdf.pages)


def _rooms(lines: int) -> Iterator[int]:
    """Yield how many lines to try for: all, then ever fewer."""
    room = lines
    while room > 0:
        yield room
        room = room * 4 // 5
    yield 0


def handout(view: View, simply: bool = False) -> bytes:
    """Return one page on a district as an accessible PDF; lines it has no room for are counted, never dropped silently.

    Raises
    ------
    HandoutError
        The view is of the whole city, or one page does not hold even what has no list.
    PdfError
        The page would not be accessible.
    """
    if view.is_city:
        raise HandoutError("a handout is about a district: name one")
    _, lines = _files(view, simply, 0)
    for room in _rooms(lines):
        made = accessible(_files(view, simply, room)[0], view.today)
        if _page_count(made) == 1:
            return made
    raise HandoutError(f"one page does not hold the figures of {view.area_name}")
