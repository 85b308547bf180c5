"""Titles of slides, each one of its kind and fitting its place; the line of sources; what a speaker reads."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from dashboard.dossier.blocks import Document
from dashboard.dossier.plain import plain
from dashboard.dossier.slide_parts import Slide
from dashboard.dossier.slide_template import COVER, FIGURES, SECTION, Template
from dashboard.dossier.slide_text import ELLIPSIS, Box, Text, fitted, lines_of, shortened
from dashboard.formats import separated
from dashboard.messages import message

TITLE_SIZES = {COVER: (40.0, 34.0, 28.0, 24.0), SECTION: (30.0, 28.0, 26.0, 24.0, 20.0)}
OTHER_TITLE_SIZES = (28.0, 26.0, 24.0, 22.0, 20.0)
SOURCE_SIZE, RUBRIC_SIZE, SECTION_RUBRIC_SIZE = 11.0, 12.0, 14.0
_LONGEST_TITLE = 600


def _numbered(names: Iterable[str]) -> list[str]:
    """Return names, those that come again with how often they came."""
    seen, taken, found = Counter[str](), set[str](), []
    for name in names:
        seen[name] += 1
        own = name if seen[name] == 1 else f"{name} ({seen[name]})"
        while own in taken:
            seen[name] += 1
            own = f"{name} ({seen[name]})"
        taken.add(own)
        found.append(own)
    return found


def _bases(slides: list[Slide], language: str) -> list[str]:
    """Return the title of each slide without its part: one that several series share names its section."""
    opens = [slide for slide in slides if slide.part[0] == 1]
    shared = Counter(plain(slide.title) for slide in opens)
    named = []
    for slide in opens:
        title = plain(slide.title).replace("\n", " ").strip() or plain(slide.section) or "—"
        if shared[plain(slide.title)] > 1 and slide.section and slide.layout != SECTION and slide.section != title:
            title = message("briefing.slide_in", language, title=title, section=plain(slide.section))
        named.append(title)
    series = iter(_numbered(named))
    found: list[str] = []
    for slide in slides:
        found.append(next(series) if slide.part[0] == 1 else found[-1])
    return found


def _with_part(base: str, part: tuple[int, int], language: str) -> str:
    if part[0] == 1:
        return base
    return message("briefing.slide_part", language, title=base, part=part[0], parts=part[1])


def _fitted(base: str, slide: Slide, box: Box, language: str) -> tuple[str, float]:
    """Return the title of a slide and its size; a very long one is cut before the part it is of."""
    sizes = TITLE_SIZES.get(slide.layout, OTHER_TITLE_SIZES)
    whole = _with_part(base, slide.part, language)
    words, size = fitted(whole, box, sizes, 600)
    if words == whole:
        return words, size
    base = base[:_LONGEST_TITLE]
    while base:
        words = _with_part(base.rstrip() + ELLIPSIS, slide.part, language)
        if len(lines_of(words, box.room, size, 600)) <= box.lines(size):
            return words, size
        base = base[:-3]
    return words, size


def source_line(sources: tuple[str, ...], box: Box, language: str) -> str:
    """Return the sources of a slide in the lines there are: whole ones, then how many more the notes have."""
    held, lines = [plain(source).replace("\n", " ") for source in sources], box.lines(SOURCE_SIZE)
    for count in range(len(held), 0, -1):
        words = separated(held[:count], language)
        if count < len(held):
            words = message("briefing.slide_sources_left", language, sources=words, count=len(held) - count)
        form = "one" if len(held) == 1 else "other"
        line = message(f"briefing.slide_source_{form}", language, sources=words)
        if len(lines_of(line, box.room, SOURCE_SIZE)) <= lines:
            return line
    first = message("briefing.slide_source_other", language, sources=held[0]) if held else ""
    return shortened(first, box.room, SOURCE_SIZE, lines)


def titled(slides: list[Slide], template: Template, language: str) -> list[Slide]:
    """Return slides with their titles, small headings and lines of sources as they are set."""
    found, taken = [], Counter[str]()
    for base, slide in zip(_bases(slides, language), slides, strict=True):
        words, size = _fitted(base, slide, template.box(slide.layout, "Titre"), language)
        taken[words] += 1
        if taken[words] > 1:  # two long titles that begin alike were cut to the same words
            words = f"{words[:-4].rstrip(ELLIPSIS)}{ELLIPSIS} ({taken[words]})"
        whole = _with_part(base, slide.part, language)
        notes = (message("briefing.slide_in_full", language, words=whole),) if words != whole else ()
        texts = {"Titre": (Text(words, size),), **slide.texts, **_around(slide, template, language)}
        found.append(replace(slide, title=words, texts=texts, notes=(*notes, *slide.notes)))
    return found


def _around(slide: Slide, template: Template, language: str) -> dict[str, tuple[Text, ...]]:
    """Return the small heading and the line of sources of a slide."""
    texts: dict[str, tuple[Text, ...]] = {}
    if slide.rubric:
        size = SECTION_RUBRIC_SIZE if slide.layout == SECTION else RUBRIC_SIZE
        box = template.box(slide.layout, "Rubrique")
        words = shortened(plain(slide.rubric).replace("\n", " "), box.room, size, 1)
        texts["Rubrique"] = (Text(words, size, colour="tx2"),)
    # Figures in large each have their source beneath them.
    if slide.sources and slide.layout not in {COVER, FIGURES}:
        line = source_line(slide.sources, template.box(slide.layout, "Source"), language)
        texts["Source"] = (Text(line, SOURCE_SIZE, colour="tx2"),)
    return texts


def said_in_full(slide: Slide, document: Document) -> Slide:
    """Return a slide with the notes its speaker reads: what it shows in words, its sources, where it belongs."""
    language = document.language
    sources = (message("briefing.slide_sources", language), *(f"– {one}" for one in slide.sources))
    where = message("briefing.slide_where", language, name=slide.section or document.title,
                    identifier=document.release_id)  # fmt: skip
    return replace(slide, notes=(*slide.notes, *(sources if slide.sources else ()), where))
