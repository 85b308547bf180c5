"""From a document to its slides in order: one idea a slide, nothing left out that is not said to be left out."""

from collections.abc import Iterator
from dataclasses import replace

from dashboard.dossier.blocks import (
    Block,
    Bullets,
    Document,
    Grid,
    Heading,
    Measure,
    Measures,
    Paragraph,
    Picture,
    Said,
    Section,
)
from dashboard.dossier.plain import plain
from dashboard.dossier.slide_parts import (
    MOST_FIGURES,
    Code,
    Group,
    Rows,
    Shown,
    Slide,
    SlidesError,
    bands_of,
    column_beside,
    figure_texts,
    list_pages,
    picture_room,
    shared_out,
    together,
)
from dashboard.dossier.slide_tables import FIRST_ROWS, table_pages
from dashboard.dossier.slide_template import COVER, FIGURES, LIST, PICTURE, SECTION, TABLE, Template
from dashboard.dossier.slide_text import Box, Text, fitted, height_of
from dashboard.dossier.slide_titles import said_in_full, titled
from dashboard.formats import labelled, separated
from dashboard.messages import message

METHODS = "methodes"
COVER_SIZES, ABOUT_SIZES, LEAD_SIZES = (40.0, 34.0, 28.0, 24.0), (14.0, 12.0, 11.0), (18.0, 16.0, 14.0)
SUBTITLE_SIZES = (14.0, 12.0)


def _opening_words(section: Section) -> Paragraph | None:
    """Return the paragraph that opens a section: its lead, or whatever it begins with."""
    paragraphs = [block for block in section.blocks if isinstance(block, Paragraph)]
    lead = next((one for one in paragraphs if one.tone == "lead"), None)
    return lead or next((one for one in section.blocks[:1] if isinstance(one, Paragraph)), None)


class _Planner:
    """Plans the slides of a section after the other; a heading stands above what follows it, small."""

    def __init__(self, document: Document, template: Template) -> None:
        self.document, self.template, self.language = document, template, document.language

    def say(self, key: str, **values: object) -> str:
        """Return a message in the language of the document."""
        return message(f"briefing.{key}", self.language, **values)

    @property
    def continued(self) -> str:
        """What the title of a group becomes where it goes on."""
        return self.say("slide_continued", title="{title}")

    def cover(self) -> Slide:
        """Return the first slide: title, subtitle, what the file is about."""
        document, box = self.document, self.template.box(COVER, "Texte")
        rows = [labelled(label, words, document.language) for label, words in document.about]
        size = next((size for size in ABOUT_SIZES
                     if sum(height_of(Text(row, size, gap=4), box.room) for row in rows) <= box.height),
                    ABOUT_SIZES[-1])  # fmt: skip
        about, used = [], 0.0
        for row in rows:
            text = Text(plain(row), size, gap=4)
            used += height_of(text, box.room)
            about += [text] if used <= box.height else []
        subtitle, small = fitted(plain(document.subtitle), self.template.box(COVER, "Sous-titre"), (18, 16, 14))
        texts = {"Sous-titre": (Text(subtitle, small, colour="tx2"),), "Texte": tuple(about)}
        return Slide(COVER, "", "", document.title, texts=texts, notes=(document.subtitle, *rows))

    def _codes(self, section: Section) -> Iterator[Code]:
        for label, where in ((self.say("code_live"), section.address.live),
                             (self.say("code_frozen"), section.address.frozen)):  # fmt: skip
            if where:
                yield Code(label, where, self.say("code_alternative", label=label, address=where))

    def opening(self, section: Section, lead: Paragraph | None) -> Slide:
        """Return the slide that opens a section: its name, its sentence, its codes."""
        box, texts = self.template.box(SECTION, "Texte"), dict[str, tuple[Text, ...]]()
        sources, notes = section.title.notes, []
        if lead is not None:
            words, size = fitted(plain(lead.said.text), box, LEAD_SIZES)
            texts["Texte"] = (Text(words, size, colour="tx2" if lead.tone == "quiet" else "tx1"),)
            sources = tuple(dict.fromkeys((*sources, *lead.said.notes)))
            notes += [] if words == plain(lead.said.text) else [self.say("slide_in_full", words=lead.said.text)]
        codes = tuple(self._codes(section))
        notes += [code.alternative for code in codes]
        return Slide(SECTION, section.name, section.theme, section.title.text, section.name, texts,
                     codes=codes, sources=sources, notes=tuple(notes))  # fmt: skip

    def _rubric(self, section: Section, heading: str, title: str) -> str:
        more = heading if heading and heading != title else ""
        return " · ".join(filter(None, (section.name, more)))

    def lists(self, section: Section, heading: str, run: list[Group], *, fresh: bool) -> Iterator[Slide]:
        """Yield what is said in words: under a heading together, else each list under its own title."""
        if fresh and not run:  # nothing follows the heading: it is not lost for that
            yield Slide(LIST, section.name, section.theme, heading, section.name)
            return
        series = [(heading, tuple(run))] if fresh else []
        if not fresh:
            series = [_titled(groups, heading or section.name) for groups in together(run)]
        box = self.template.box(LIST, "Texte")
        for title, groups in series:
            pages = list_pages(groups, box, self.continued)
            for place, page in enumerate(pages, start=1):
                rubric = self._rubric(section, heading, title)
                yield Slide(LIST, section.name, section.theme, title, rubric, {"Texte": page.texts},
                            sources=page.sources, part=(place, len(pages)))  # fmt: skip

    def measures(self, section: Section, heading: str, found: tuple[Measure, ...]) -> Iterator[Slide]:
        """Yield the figures in large, four a slide."""
        title = self.say("slide_figures", name=section.name)
        at_once = shared_out(len(found), MOST_FIGURES) if len(found) % MOST_FIGURES == 1 else MOST_FIGURES
        series = [found[first : first + at_once] for first in range(0, len(found), at_once)]
        for place, chosen in enumerate(series, start=1):
            texts = {f"Chiffre {number}": figure_texts(one, self.template.box(FIGURES, f"Chiffre {number}"))
                     for number, one in enumerate(chosen, start=1)}  # fmt: skip
            whole = (" – ".join(filter(None, (f"{one.number} {one.unit}".strip(), one.label, one.detail)))
                     for one in chosen)  # fmt: skip
            sources = tuple(dict.fromkeys(one.note for one in chosen if one.note))
            yield Slide(FIGURES, section.name, section.theme, title, self._rubric(section, heading, title), texts,
                        sources=sources, notes=tuple(whole), part=(place, len(series)))  # fmt: skip

    def picture(self, section: Section, heading: str, one: Picture) -> Iterator[Slide]:
        """Yield a chart or map; a long timeline in parts."""
        if not one.alternative.strip():
            raise SlidesError(f"the figure {one.key!r} has no alternative text: no slide is made without one")
        notes = [self.say("slide_alternative", words=one.alternative)]
        subtitle, room = self._subtitle(one)
        if subtitle and subtitle.words != plain(one.subtitle):
            notes.append(self.say("slide_in_full", words=one.subtitle))
        if one.legend:
            notes.append(
                self.say("slide_legend", words=separated((entry.words for entry in one.legend), self.document.language))
            )
        notes += [one.foot] if one.foot else []
        texts: dict[str, tuple[Text, ...]] = {"Texte": (subtitle,)} if subtitle else {}
        series = list(bands_of(one, room))
        for place, bands in enumerate(series, start=1):
            yield Slide(PICTURE, section.name, section.theme, one.title.text,
                        self._rubric(section, heading, one.title.text), texts,
                        Shown(one, bands, one.legend, one.foot, room), sources=one.title.notes, notes=tuple(notes),
                        part=(place, len(series)))  # fmt: skip

    def _subtitle(self, one: Picture) -> tuple[Text | None, Box]:
        """Return what a picture measures, and the room left to it: beside a map, above a chart."""
        above, figure = self.template.box(PICTURE, "Texte"), self.template.box(PICTURE, "Figure")
        beside = bool(one.legend or one.foot)
        column = column_beside(picture_room(above, figure, 0))
        box = Box(0, 0, column.width, column.height / 3, column.letters) if beside else above
        words, size = fitted(plain(one.subtitle), box, SUBTITLE_SIZES)
        text = Text(words, size, colour="tx2") if words else None
        used = height_of(text, box.room) if text and not beside else 0.0
        return text, picture_room(above, figure, used)

    def grid(self, section: Section, heading: str, one: Grid) -> Iterator[Slide]:
        """Yield a table in slides; its sources are those of its title, or of the rows that stand there."""
        more = self.say("slide_more_rows", shown=FIRST_ROWS, count=len(one.rows))
        pages = table_pages(one, self.template.box(TABLE, "Tableau"), self.continued, more)
        at = next((place for place, column in enumerate(one.columns) if column.name == "source"), None)
        notes = (self.say("slide_table_note", words=one.note),) if one.note else ()
        numeric = tuple(column.numeric for column in one.columns)
        for place, rows in enumerate(pages.slides, start=1):
            cited = () if at is None else (row.cells[at] for row in rows if row.kind == "row")
            sources = tuple(dict.fromkeys(filter(None, (*one.title.notes, *cited))))
            yield Slide(TABLE, section.name, section.theme, one.title.text,
                        self._rubric(section, heading, one.title.text),
                        table=Rows(one.title.text, pages.widths, numeric, rows, pages.size), sources=sources,
                        notes=notes, part=(place, len(pages.slides)))  # fmt: skip

    def _block(self, section: Section, heading: str, block: Block) -> Iterator[Slide]:
        match block:
            case Measures():
                yield from self.measures(section, heading, block.measures)
            case Picture():
                yield from self.picture(section, heading, block)
            case Grid() if block.columns:
                yield from self.grid(section, heading, block)

    def blocks(self, section: Section, blocks: tuple[Block, ...]) -> Iterator[Slide]:
        """Yield the content of a section; words in a row stand together under their heading."""
        heading, fresh, run = "", False, list[Group]()
        for block in (*blocks, None):
            match block:
                case Paragraph():
                    run = _with_paragraph(run, block.said)
                    continue
                case Bullets():
                    run.append(Group(block.title, block.lines or (Said("—"),)))
                    continue
            if not isinstance(block, Heading | None) and fresh and not run:
                fresh = False  # the heading stands above the figure or table that follows it
            yield from self.lists(section, heading, run, fresh=fresh)
            run, fresh = [], isinstance(block, Heading)
            if isinstance(block, Heading):
                heading = block.text
            elif block is not None:
                yield from self._block(section, heading, block)

    def section(self, section: Section) -> Iterator[Slide]:
        """Yield the slides of a section."""
        if section.key == METHODS:
            yield self._elsewhere(section)
            return
        lead = _opening_words(section)
        yield self.opening(section, lead)
        yield from self.blocks(section, tuple(block for block in section.blocks if block is not lead))

    def _elsewhere(self, section: Section) -> Slide:
        """Return the slide that says where the appendix on methods is: it is to be read, not to be shown."""
        count = sum(len(block.rows) for block in section.blocks if isinstance(block, Grid))
        texts: dict[str, tuple[Text, ...]] = {"Texte": (Text(self.say("slide_methods", count=count), 20),)}
        return Slide(LIST, section.name, section.theme, section.title.text, "", texts)


def _titled(groups: tuple[Group, ...], otherwise: str) -> tuple[str, tuple[Group, ...]]:
    """Return the title of lists that share a slide; a list by itself gives its own title to the slide."""
    if len(groups) > 1:
        return " · ".join(group.title for group in groups), groups
    return groups[0].title or otherwise, (replace(groups[0], title=""),)


def _with_paragraph(run: list[Group], said: Said) -> list[Group]:
    """Return words in a row with one paragraph more: paragraphs stand together."""
    if run and not run[-1].marked and not run[-1].title:
        return [*run[:-1], Group("", (*run[-1].items, said), marked=False)]
    return [*run, Group("", (said,), marked=False)]


def plan(document: Document, template: Template) -> list[Slide]:
    """Return the slides of a document in order, each with a title of its own and what its speaker reads.

    Raises
    ------
    SlidesError
        A figure has no alternative text.
    """
    planner = _Planner(document, template)
    slides = [planner.cover()]
    for section in document.parts():
        slides += planner.section(section)
    return [said_in_full(slide, document) for slide in titled(slides, template, document.language)]
