"""How the text document looks: styles that its reader can change in one place, pages, running titles, contents."""

from typing import Any

from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Cm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph

from dashboard.dossier.word_notes import MARK_STYLE, TEXT_STYLE

FONT = "Calibri"
INK, QUIET = RGBColor(0x1B, 0x1B, 0x1F), RGBColor(0x55, 0x55, 0x5F)
MESSAGE, LEAD, FIGURE, UNIT, LABEL, SMALL, CELL = "Message", "Lead", "Figure", "Unit", "Label", "Small", "Cell"
LIST_TITLE, RULE = "List Title", "Rule"
MARGIN_CM, PAGE_CM = 2.0, (21.0, 29.7)
TEXT_CM = PAGE_CM[0] - 2 * MARGIN_CM

# Name: size in points, bold, quiet, space before and after in points, kept with what follows.
_STYLES: dict[str, tuple[float, bool, bool, float, float, bool]] = {
    "Normal": (10.5, False, False, 0, 6, False),
    "Title": (28, True, False, 90, 12, False),
    "Subtitle": (12, False, True, 0, 18, False),
    "Heading 1": (12, True, True, 0, 4, True),
    "Heading 2": (14, True, False, 16, 6, True),
    "Heading 3": (11, True, False, 12, 4, True),
    MESSAGE: (18, True, False, 0, 8, True),
    LEAD: (11.5, False, False, 4, 8, False),
    "Caption": (12, True, False, 14, 4, True),
    FIGURE: (18, True, False, 0, 0, True),
    LABEL: (9.5, False, False, 0, 0, True),
    SMALL: (8.5, False, True, 0, 4, False),
    CELL: (8.5, False, False, 1, 1, False),
    LIST_TITLE: (10.5, True, False, 8, 3, True),
    "List Bullet": (10.5, False, False, 0, 3, False),
    RULE: (2, False, False, 0, 6, False),
    TEXT_STYLE: (8, False, True, 0, 0, False),
}


def _named(document: WordDocument, name: str) -> ParagraphStyle:
    styles: Any = document.styles
    if name not in [style.name for style in styles]:
        styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH).base_style = styles["Normal"]
    return styles[name]


def _set_font(style: Any) -> None:
    """Name one typeface for all letters: the theme of the blank file names others for headings."""
    style.font.name = FONT
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for kind in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{kind}"), FONT)
        fonts.attrib.pop(qn(f"w:{kind}Theme"), None)


def set_styles(document: WordDocument, language: str) -> None:
    """Define every style the document uses, and its language."""
    for name, (size, bold, quiet, before, after, kept) in _STYLES.items():
        style = _named(document, name)
        _set_font(style)
        style.font.size, style.font.bold, style.font.italic = Pt(size), bold, False
        style.font.color.rgb = QUIET if quiet else INK
        shape = style.paragraph_format
        shape.space_before, shape.space_after, shape.keep_with_next = Pt(before), Pt(after), kept
        shape.line_spacing = 1.08
    # The rule beneath the title of the blank file is not ours.
    for border in document.styles["Title"].element.iter(qn("w:pBdr")):
        border.getparent().remove(border)
    styles: Any = document.styles
    mark = styles.add_style(MARK_STYLE, WD_STYLE_TYPE.CHARACTER)
    mark.font.superscript = True
    spoken = OxmlElement("w:lang")
    for kind in ("val", "eastAsia"):
        spoken.set(qn(f"w:{kind}"), f"{language}-FR" if language == "fr" else "en-GB")
    document.styles["Normal"].element.get_or_add_rPr().append(spoken)


def shape_page(section: Section, lying: bool = False) -> None:
    """Give a section of the document pages of A4, upright or lying on their side."""
    width, height = PAGE_CM[::-1] if lying else PAGE_CM
    section.orientation = WD_ORIENT.LANDSCAPE if lying else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Cm(width), Cm(height)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(MARGIN_CM)


def field(paragraph: Paragraph, instruction: str, shown: str = "") -> None:
    """Put a field at the end of a paragraph: a page number, the number of pages."""
    for kind in ("begin", "instruction", "separate", "shown", "end"):
        run = paragraph.add_run()
        if kind == "instruction":
            said = OxmlElement("w:instrText")
            said.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
            said.text = f" {instruction} "
            run._r.append(said)
        elif kind == "shown":
            run.text = shown
        else:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)


def set_running_titles(section: Section, title: str, subtitle: str) -> None:
    """Put the title at the head of pages, the observatory and the page number at their foot."""
    head, foot = section.header.paragraphs[0], section.footer.paragraphs[0]
    head.text, head.style = title, SMALL
    foot.text, foot.style = f"{subtitle}\t\t", SMALL
    foot.alignment = WD_ALIGN_PARAGRAPH.LEFT
    field(foot, "PAGE", "1")
    foot.add_run(" / ")
    field(foot, "NUMPAGES", "1")
    section.different_first_page_header_footer = False


def contents(document: WordDocument, names: list[str]) -> None:
    """Put a table of contents: a field that readers bring up to date, which lists the sections before they do."""
    paragraph = document.add_paragraph(style="Normal")
    for kind, words in (("begin", ""), ("instruction", ' TOC \\o "1-1" \\h \\z '), ("separate", "")):
        run = paragraph.add_run()
        if kind == "instruction":
            said = OxmlElement("w:instrText")
            said.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
            said.text = words
            run._r.append(said)
        else:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)
    for place, name in enumerate(names):
        line = paragraph if place == 0 else document.add_paragraph(style="Normal")
        line.add_run(name)
        paragraph = line
    end = OxmlElement("w:fldChar")
    end.set(qn("w:fldCharType"), "end")
    paragraph.add_run()._r.append(end)


def rule(document: WordDocument, colour: str) -> None:
    """Draw a line of a colour across the page."""
    paragraph = document.add_paragraph(style=RULE)
    borders, top = OxmlElement("w:pBdr"), OxmlElement("w:top")
    for key, value in (("val", "single"), ("sz", "12"), ("space", "1"), ("color", colour.removeprefix("#"))):
        top.set(qn(f"w:{key}"), value)
    borders.append(top)
    paragraph._p.get_or_add_pPr().append(borders)
