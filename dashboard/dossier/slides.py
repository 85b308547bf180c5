"""The briefing file as slides for PowerPoint and LibreOffice, in the look of a template the city can replace."""

import io
from collections.abc import Callable, Iterator
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

from pptx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from pptx.opc.packuri import PackURI
from pptx.oxml import parse_xml
from pptx.oxml.slide import CT_NotesSlide
from pptx.parts.slide import NotesSlidePart

from dashboard.dossier import drawn
from dashboard.dossier import slide_xml as xml
from dashboard.dossier.blocks import Document
from dashboard.dossier.plain import plain
from dashboard.dossier.slide_package import attach_numbers, bytes_of, describe, numbers_in_package
from dashboard.dossier.slide_parts import BESIDE_GAP, Shown, Slide, SlidesError, legend_size, placed
from dashboard.dossier.slide_plan import plan
from dashboard.dossier.slide_template import COVER, FIGURES, SECTION, Filled, Template, open_template
from dashboard.dossier.slide_text import Box, Text, height_of, shortened
from dashboard.maps.hatch import hatch_colour
from dashboard.messages import message
from dashboard.theme import INKS, mark

__all__ = ["SlidesError", "numbers_of", "to_pptx"]

CODE_POINTS, CODE_SIZE, CODE_GAP = 104.0, 10.0, 12.0
SWATCH, LEGEND_GAP = (20.0, 12.0), 6.0
FOOT_SIZE, FIGURE_INDENT = 11.0, 12.0


class _Sheet:
    """A slide as it is written: shapes in the order in which they are read out."""

    def __init__(self, template: Template, planned: Slide, language: str, number: int) -> None:
        self.template, self.planned, self.language = template, planned, language
        self.tag, self.number = xml.tag_of(language), number
        part = template.deck.part
        relation, self.slide = part.add_slide(template.layouts[planned.layout])
        template.deck.slides._sldIdLst.add_sldId(relation)
        self.tree = self.slide.shapes._spTree
        self.identifiers = count(2)

    def _place(self, name: str) -> Filled:
        return self.template.places[self.planned.layout, name]

    def add(self, shape: str) -> None:
        """Put a shape behind those that are there."""
        self.tree.append(parse_xml(shape))

    def _index(self, place: Filled) -> str:
        return f' idx="{place.index}"' if place.index else ""

    def words(self, name: str, texts: tuple[Text, ...], indent: float = 0.0, box: Box | None = None) -> None:
        """Fill a placeholder with words, in another place than the template's where a box is given."""
        place = self._place(name)
        made = "".join(xml.paragraph(text, self.tag) for text in texts)
        self.add(xml.holder(made, self._index(place), place.kind, next(self.identifiers), name, indent, box))

    def title(self) -> None:
        """Set the title, and a thin line of the colour of the theme above it."""
        place, (text,) = self._place("Titre"), self.planned.texts["Titre"]
        self.add(xml.title(text, self._index(place), place.kind, next(self.identifiers), "Titre", self.tag))

    def rule(self) -> None:
        """Draw the thin line of the theme: above the title, beneath it on the cover."""
        box, planned = self._place("Titre").box, self.planned
        colour = mark(planned.theme, "light") if planned.theme else INKS["light"]["ink"]
        top = box.bottom + 5 if planned.layout == COVER else box.top - 3
        self.add(xml.rule(Box(box.left, top, box.width, 0), colour, next(self.identifiers), "Filet"))
        if planned.layout == FIGURES:
            for name in self._figures():
                at = self._place(name).box
                self.add(xml.rule(Box(at.left, at.top, 0, at.height), colour, next(self.identifiers), "Filet"))

    def _figures(self) -> list[str]:
        return [name for name in self.planned.texts if name.startswith("Chiffre")]

    def content(self) -> None:
        """Put what the slide is for between its title and its sources."""
        planned = self.planned
        for name in ("Rubrique", "Sous-titre", "Texte"):
            if name in planned.texts and not (name == "Texte" and planned.shown):
                self.words(name, planned.texts[name])
        for name in self._figures():
            self.words(name, planned.texts[name], FIGURE_INDENT)
        if planned.shown is not None:
            self._shown(planned.shown)
        if planned.table is not None:
            place = self._place("Tableau")
            self.add(xml.table_frame(planned.table, place.box, self._index(place), next(self.identifiers), "Tableau",
                                     self.tag))  # fmt: skip
        self._codes()

    def image(self, content: bytes) -> str:
        """Return the relation of the slide to a picture; the same picture lies in the file once."""
        _, relation = self.slide.part.get_or_add_image_part(io.BytesIO(content))
        return str(relation)

    def _shown(self, shown: Shown) -> None:
        """Put a picture in its place, what it measures above it, or beside it where words stand there."""
        boxes, texts = placed(shown), self.planned.texts.get("Texte", ())
        above = self._place("Texte").box
        left = max(box.right for box in boxes) + BESIDE_GAP
        room = shown.room
        column = Box(left, room.top, room.right - left, room.height, room.letters)
        at = column if shown.beside else above
        used = sum(height_of(text, at.room) for text in texts)
        if texts:
            self.words("Texte", texts, box=Box(at.left, at.top, at.width, used, at.letters))
        self._parts(shown, boxes)
        if shown.beside:
            top = column.top + (used + 2 * LEGEND_GAP if texts else 0)
            self._legend(shown, Box(left, top, column.width, column.bottom - top, column.letters))

    def _parts(self, shown: Shown, boxes: list[Box]) -> None:
        place, relation = self._place("Figure"), self.image(drawn.png(shown.picture))
        for at, (band, box) in enumerate(zip(shown.bands, boxes, strict=True), start=1):
            last = at == len(boxes)
            words = shown.picture.alternative if last else message("briefing.slide_axis", self.language)
            index = self._index(place) if last else ""
            self.add(xml.picture(relation, box, words, next(self.identifiers), "Figure" if last else "Axe",
                                 holder_index=index, band=band))  # fmt: skip

    def _legend(self, shown: Shown, box: Box) -> None:
        """Put what colours and patterns mean beside a map; what qualifies its outlines beneath."""
        held = Box(box.left + SWATCH[0] + 8, box.top, box.width - SWATCH[0] - 8, box.height, box.letters)
        foot = Text(plain(shown.foot), FOOT_SIZE, colour="tx2") if shown.foot else None
        bottom = box.bottom - (height_of(foot, box.room) + LEGEND_GAP if foot else 0.0)
        size, top = legend_size(shown.legend, held.room, bottom - box.top), box.top
        for entry in shown.legend:
            text = Text(plain(entry.words), size)
            tall = height_of(text, held.room)
            if top + tall > bottom:
                break  # the notes have all of the legend
            line = hatch_colour(entry.pattern, self.planned.theme, "light")
            wide = SWATCH[1] if entry.pattern == "station" else SWATCH[0]
            at = Box(box.left, top + 3, wide, SWATCH[1])
            self.add(xml.swatch(at, entry.colour, entry.pattern, line, entry.words, next(self.identifiers)))
            self._beside(text, Box(held.left, top, held.width, tall))
            top += tall + LEGEND_GAP
        if foot:
            self._beside(foot, Box(box.left, top + LEGEND_GAP, box.width, height_of(foot, box.room)))

    def _beside(self, text: Text, box: Box) -> None:
        self.add(xml.words_box(xml.paragraph(text, self.tag), box, next(self.identifiers), text.words[:60]))

    def _codes(self) -> None:
        """Put the codes of a section one beneath the other, each with what it leads to."""
        if not self.planned.codes:
            return
        box = self._place("Codes").box
        each = box.height / 2
        for place, code in enumerate(self.planned.codes[:2]):
            side = min(CODE_POINTS, box.width, each - 4 * CODE_SIZE * 1.26 - CODE_GAP)
            address = plain(code.address)
            link = self.slide.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
            square = Box(box.left, box.top + place * each, side, side)
            self.add(xml.picture(self.image(drawn.code_png(address)), square, code.alternative, next(self.identifiers),
                                 code.label, link=link))  # fmt: skip
            label = Text(shortened(code.label, box.room, CODE_SIZE, 2, 600), CODE_SIZE, bold=True)
            shown = Text(shortened(address, box.room, CODE_SIZE, 2), CODE_SIZE, colour="tx2")
            words = xml.paragraph(label, self.tag) + xml.paragraph(shown, self.tag, link=link)
            beneath = Box(box.left, square.bottom, box.width, each - side - CODE_GAP)
            self.add(xml.words_box(words, beneath, next(self.identifiers), code.label))

    def foot(self) -> None:
        """Put the line of sources, then the number of the slide."""
        if "Source" in self.planned.texts:
            self.words("Source", self.planned.texts["Source"])
        if (self.planned.layout, "Numéro") in self.template.places:
            place = self._place("Numéro")
            made = xml.number_field(self.number, self.tag)
            self.add(xml.holder(made, self._index(place), place.kind, next(self.identifiers), "Numéro"))

    def notes(self) -> None:
        """Write what the speaker reads. The part is named here: python-pptx would look for its name in all others."""
        package, part = self.slide.part.package, self.slide.part
        master = self.template.deck.part.notes_master_part
        held = NotesSlidePart(PackURI(f"/ppt/notesSlides/notesSlide{self.number}.xml"), CONTENT_TYPE.PML_NOTES_SLIDE,
                              package, CT_NotesSlide.new())  # fmt: skip
        held.relate_to(master, RELATIONSHIP_TYPE.NOTES_MASTER)
        held.relate_to(part, RELATIONSHIP_TYPE.SLIDE)
        held.notes_slide.clone_master_placeholders(master.notes_master)
        part.relate_to(held, RELATIONSHIP_TYPE.NOTES_SLIDE)
        frame = held.notes_slide.notes_text_frame
        if frame is None:
            raise SlidesError("the template has a page of notes without a place for text: take that of the observatory")
        body = frame._txBody
        for old in list(body.p_lst):
            body.remove(old)
        for words in (line for note in self.planned.notes for line in plain(note).split("\n")):
            body.append(parse_xml(xml.plain_paragraph(words, self.tag)))

    def write(self) -> None:
        """Write the slide: title, content, sources, number; then what is only ornament."""
        self.title()
        self.content()
        self.foot()
        self.rule()
        self.notes()


def _ends(slides: list[Slide]) -> Iterator[tuple[Slide, bool]]:
    """Yield slides and whether each is the last of its section."""
    for place, slide in enumerate(slides):
        following: Any = slides[place + 1] if place + 1 < len(slides) else None
        yield slide, bool(slide.section) and (following is None or following.layout == SECTION)


def to_pptx(
    document: Document,
    publisher: str,
    today: date,
    numbers: bytes,
    template: Path | None = None,
    progress: Callable[[str], object] = lambda _: None,
) -> bytes:
    """Return a document as slides (PPTX): the same bytes for the same content, template and day.

    Parameters
    ----------
    numbers : the list of its numbers, which travels inside; empty for none.
    template : the slides whose look is taken; those of the observatory where none is given.
    progress : told the name of each section once its slides are written.

    Raises
    ------
    TemplateError
        The template is no presentation, or lacks layouts or placeholders.
    SlidesError
        A figure has no alternative text.
    """
    opened = open_template(template)
    planned = plan(document, opened)
    for number, (slide, ends) in enumerate(_ends(planned), start=1):
        _Sheet(opened, slide, document.language, number).write()
        if ends:
            progress(slide.section)
    tag = xml.tag_of(document.language)
    describe(opened.deck, plain(document.title), plain(document.subtitle), plain(publisher), tag, today)
    attach_numbers(opened.deck, numbers)
    return bytes_of(opened.deck)


def numbers_of(content: bytes) -> bytes:
    """Return the list of numbers that travels inside slides.

    Raises
    ------
    DraftError
        They hold none, or are no slides.
    """
    return numbers_in_package(content)
