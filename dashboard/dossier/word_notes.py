"""Footnotes of a text document: a part of the file of its own, which the library that writes the rest does not know."""

from docx.document import Document as WordDocument
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement
from docx.oxml.ns import nsdecls, qn
from docx.text.paragraph import Paragraph
from lxml import etree

TEXT_STYLE, MARK_STYLE = "FootnoteText", "FootnoteReference"
# The two that stand for the line above notes come first, as every reader of such files expects.
_SEPARATORS = (("separator", -1), ("continuationSeparator", 0))


def _element(name: str, **attributes: str) -> etree._Element:
    made = OxmlElement(name)
    for key, value in attributes.items():
        made.set(qn(key.replace("_", ":")), value)
    return made


class Footnotes:
    """Collects the footnotes of a document while it is written; `attach` puts them into the file."""

    def __init__(self) -> None:
        self._root = etree.fromstring(f"<w:footnotes {nsdecls('w', 'r')}/>")
        for kind, number in _SEPARATORS:
            note = _element("w:footnote", w_type=kind, w_id=str(number))
            paragraph, run = _element("w:p"), _element("w:r")
            run.append(_element(f"w:{kind}"))
            paragraph.append(run)
            note.append(paragraph)
            self._root.append(note)
        self._count = 0

    def add(self, paragraph: Paragraph, text: str) -> None:
        """Put the mark of a new note at the end of a paragraph, and its words among the notes."""
        self._count += 1
        number = str(self._count)
        run = _element("w:r")
        properties = _element("w:rPr")
        properties.append(_element("w:rStyle", w_val=MARK_STYLE))
        run.append(properties)
        run.append(_element("w:footnoteReference", w_id=number))
        paragraph._p.append(run)
        self._root.append(self._note(number, text))

    @staticmethod
    def _note(number: str, text: str) -> etree._Element:
        note, paragraph = _element("w:footnote", w_id=number), _element("w:p")
        style = _element("w:pPr")
        style.append(_element("w:pStyle", w_val=TEXT_STYLE))
        mark, looks = _element("w:r"), _element("w:rPr")
        looks.append(_element("w:rStyle", w_val=MARK_STYLE))
        mark.append(looks)
        mark.append(_element("w:footnoteRef"))
        words, said = _element("w:r"), _element("w:t")
        said.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        said.text = f" {text}"
        words.append(said)
        for part in (style, mark, words):
            paragraph.append(part)
        note.append(paragraph)
        return note

    def attach(self, document: WordDocument) -> None:
        """Put the notes into the file."""
        content = etree.tostring(self._root, xml_declaration=True, encoding="UTF-8", standalone=True)
        part = Part(PackURI("/word/footnotes.xml"), CONTENT_TYPE.WML_FOOTNOTES, content, document.part.package)
        document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
