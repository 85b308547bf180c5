"""The slides a city can give its own look: which layouts a template needs, and whether a file has them.

`python -m dashboard.dossier.slide_template OUT` writes the template of the observatory anew: the same bytes every time.
"""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER as KIND
from pptx.exc import PythonPptxError
from pptx.opc.constants import RELATIONSHIP_TYPE as RELATION
from pptx.presentation import Presentation as Deck
from pptx.slide import SlideLayout

from dashboard.dossier.slide_text import Box
from data.errors import ObservatoryError

DEFAULT = Path(__file__).parent / "models" / "briefing.pptx"
COVER, SECTION, FIGURES = "Couverture", "Section", "Chiffres"
PICTURE, TABLE, LIST = "Message et figure", "Message et tableau", "Message et liste"
POINT = 12700
# What a field is known by that shows the number of its slide.
NUMBER_FIELD = "{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}"
# Letters as wide as those measured with, and by how much others may be wider.
_MEASURED = frozenset({"Source Sans 3", "Source Sans Pro", "Source Sans", "Calibri", "Carlito"})
_LETTERS, _OTHER_LETTERS = 1.04, 1.2


class TemplateError(ObservatoryError):
    """Raised when a template of slides cannot be used: all it lacks is named, and what it has."""


@dataclass(frozen=True)
class Place:
    """A placeholder of a layout: its name, its kind, the least room it needs, where the default template has it.

    `default` is left, top, width, height. All in points, on a slide of 960 by 540.
    """

    name: str
    kind: str
    default: tuple[float, float, float, float]
    least: tuple[float, float] = (100, 12)
    size: float = 14


_RUBRIC = Place("Rubrique", "text", (42, 20, 876, 17), size=12)
_TITLE = Place("Titre", "title", (42, 42, 876, 74), (300, 36), 28)
_SOURCE = Place("Source", "text", (42, 496, 786, 29), size=11)
_NUMBER = Place("Numéro", "number", (848, 496, 70, 29), (20, 12), 11)
_FOUR = tuple(
    Place(f"Chiffre {number}", "text", (left, top, 426, 176), (180, 100), 16)
    for number, (left, top) in enumerate(((42, 124), (492, 124), (42, 310), (492, 310)), start=1)
)

# What a template needs; found by its kind where a layout has one of it, a text by its name.
LAYOUTS: dict[str, tuple[Place, ...]] = {
    COVER: (
        Place("Titre", "title", (42, 110, 876, 140), (300, 50), 40),
        Place("Sous-titre", "text", (42, 262, 876, 30), size=18),
        Place("Texte", "text", (42, 314, 876, 190), (300, 60)),
    ),
    SECTION: (
        Place("Titre", "title", (42, 124, 620, 118), (300, 36), 30),
        Place("Rubrique", "text", (42, 96, 620, 20), size=14),
        Place("Texte", "text", (42, 256, 620, 224), (300, 60), 18),
        Place("Codes", "picture", (702, 124, 216, 356), (120, 200)),
        _SOURCE,
        _NUMBER,
    ),
    PICTURE: (
        _TITLE,
        _RUBRIC,
        Place("Texte", "text", (42, 118, 876, 46)),
        Place("Figure", "picture", (42, 170, 876, 316), (300, 150)),
        _SOURCE,
        _NUMBER,
    ),
    TABLE: (_TITLE, _RUBRIC, Place("Tableau", "table", (42, 124, 876, 362), (300, 150)), _SOURCE, _NUMBER),
    LIST: (_TITLE, _RUBRIC, Place("Texte", "text", (42, 124, 876, 362), (300, 100), 18), _SOURCE, _NUMBER),
    FIGURES: (_TITLE, _RUBRIC, *_FOUR, _SOURCE, _NUMBER),
}
_KINDS = {
    "title": {KIND.TITLE, KIND.CENTER_TITLE},
    "text": {KIND.BODY, KIND.OBJECT, KIND.SUBTITLE},
    "picture": {KIND.PICTURE},
    "table": {KIND.TABLE},
    "number": {KIND.SLIDE_NUMBER},
}


@dataclass(frozen=True)
class Filled:
    """A placeholder as a template has it: its number there, its kind in the file, its place."""

    index: int
    kind: str
    box: Box


Places = dict[tuple[str, str], Filled]


@dataclass(frozen=True)
class Template:
    """A template that was found fit: the file as it is open, its layouts by name, the places of each."""

    deck: Deck
    layouts: dict[str, SlideLayout]
    places: Places

    def box(self, layout: str, place: str) -> Box:
        """Return where a layout has a place."""
        return self.places[layout, place].box


def _same(one: str, other: str) -> bool:
    return one.strip().casefold() == other.strip().casefold()


def _holders(layout: SlideLayout, place: Place) -> list[Any]:
    """Return the placeholders of a layout that may be a place: texts by name, others by kind."""
    known: Any = layout.placeholders
    found = [one for one in known if one.placeholder_format.type in _KINDS[place.kind]]
    return [one for one in found if place.kind != "text" or _same(one.name, place.name)]


def _said(layout: SlideLayout) -> str:
    names = {kind: name for name, kinds in _KINDS.items() for kind in kinds}
    known: Any = layout.placeholders
    held = (f"{one.name!r} ({names.get(one.placeholder_format.type, 'other')})" for one in known)
    return ", ".join(held) or "none"


def _lacking(deck: Deck, layouts: dict[str, SlideLayout]) -> Iterator[str]:
    """Yield all that a template lacks, with what it has instead."""
    for name, places in LAYOUTS.items():
        if name not in layouts:
            yield f"no layout {name!r} (it needs {', '.join(f'{one.name!r} ({one.kind})' for one in places)})"
            continue
        lost = [place for place in places if not _holders(layouts[name], place)]
        if lost:
            words = ", ".join(f"{one.name!r} ({one.kind})" for one in lost)
            yield f"layout {name!r} has no placeholder {words}; it has {_said(layouts[name])}"
        for place in places:
            for one in _holders(layouts[name], place)[:1]:
                yield from _unfit(deck, name, place, one)


def _unfit(deck: Deck, layout: str, place: Place, one: Any) -> Iterator[str]:
    """Yield why a placeholder cannot hold what it is for: too small, or not on the slide."""
    edges = (one.left, one.top, one.width, one.height)
    if None in edges:
        yield f"placeholder {place.name!r} of layout {layout!r} has no size"
        return
    left, top, width, height = (edge / POINT for edge in edges)
    if width < place.least[0] or height < place.least[1]:
        least = f"{place.least[0]:g} × {place.least[1]:g}"
        yield (f"placeholder {place.name!r} of layout {layout!r} is {width:.0f} × {height:.0f} points, "
               f"{least} are needed")  # fmt: skip
    wide, high = (deck.slide_width or 0) / POINT, (deck.slide_height or 0) / POINT
    if left < -1 or top < -1 or left + width > wide + 1 or top + height > high + 1:
        yield f"placeholder {place.name!r} of layout {layout!r} reaches beyond the slide"


def _open(path: Path) -> Deck:
    try:
        return Presentation(str(path))
    except (PythonPptxError, BadZipFile, SyntaxError, OSError, KeyError, ValueError, AttributeError) as error:
        raise TemplateError(
            f"{path}: this is no presentation that can be read ({type(error).__name__}: {error}); "
            "save it as .pptx, not as .potx or .odp"
        ) from error


def _letters(deck: Deck) -> float:
    """Return how much wider than measured the letters of a template may be, by the typefaces its theme names."""
    theme = deck.slide_masters[0].part.part_related_by(RELATION.THEME).blob.decode("utf-8", "replace")
    families = re.findall(r"<a:m(?:aj|in)orFont>\s*<a:latin[^>]*\btypeface=\"([^\"]*)\"", theme)
    return _LETTERS if families and set(families) <= _MEASURED else _OTHER_LETTERS


def _emptied(deck: Deck) -> Deck:
    """Return a template without the slides it may show as examples."""
    listed = deck.slides._sldIdLst
    for entry in list(listed):
        deck.part.drop_rel(entry.rId)
        listed.remove(entry)
    return deck


def open_template(path: Path | None = None) -> Template:
    """Return a template, that of the observatory where none is given.

    Raises
    ------
    TemplateError
        The file is no presentation, or lacks layouts or placeholders: all are named, with what it has.
    """
    path = path or DEFAULT
    deck = _open(path)
    known = [layout for master in deck.slide_masters for layout in master.slide_layouts]
    layouts = {name: one for name in LAYOUTS for one in reversed(known) if _same(one.name, name)}
    if lacking := list(_lacking(deck, layouts)):
        has = ", ".join(repr(layout.name) for layout in known) or "none"
        raise TemplateError(
            f"{path}: the template cannot be used. It lacks: {'; '.join(lacking)}. Its layouts: {has}. "
            f"Start from a copy of {DEFAULT.name}, and keep the names of its layouts and placeholders"
        )
    letters = _letters(deck)
    return Template(_emptied(deck), layouts, {
        (name, place.name): _filled(_holders(layouts[name], place)[0], letters)
        for name, places in LAYOUTS.items() for place in places
    })  # fmt: skip


def _filled(one: Any, letters: float) -> Filled:
    box = Box(one.left / POINT, one.top / POINT, one.width / POINT, one.height / POINT, letters)
    return Filled(one.placeholder_format.idx, one.element.ph.get("type", "obj"), box)


if __name__ == "__main__":
    from dashboard.dossier.slide_model import default_template

    with Path(sys.argv[1]).open("wb") as stream:
        stream.write(default_template())
