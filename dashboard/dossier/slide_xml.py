"""Shapes of a slide as XML: paragraphs, placeholders, tables, pictures. Every word is data, escaped here."""

from itertools import zip_longest
from xml.sax import saxutils

from pptx.oxml.ns import nsdecls
from pptx.spec import GRAPHIC_DATA_URI_TABLE

from dashboard.dossier.plain import plain
from dashboard.dossier.slide_parts import Rows
from dashboard.dossier.slide_tables import PADDING, SIDE_PADDING, TableRow
from dashboard.dossier.slide_template import NUMBER_FIELD, POINT
from dashboard.dossier.slide_text import HANGING, LINE_HEIGHT, Box, Text

SPACES = nsdecls("p", "a", "r")
# The style of a table that has none: lines are drawn cell by cell, in colours of the template.
_NO_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"
_LANGUAGES = {"fr": "fr-FR", "en": "en-GB"}


def escape(words: str) -> str:
    """Return words as XML may hold them."""
    return saxutils.escape(plain(words))


def quoteattr(words: str) -> str:
    """Return words as the value of an attribute, between quotation marks."""
    return saxutils.quoteattr(plain(words))


def tag_of(language: str) -> str:
    """Return a language as slides name it."""
    return _LANGUAGES.get(language, language)


def _edges(box: Box) -> str:
    left, top, width, height = (round(edge * POINT) for edge in (box.left, box.top, box.width, box.height))
    return f'<a:off x="{left}" y="{top}"/><a:ext cx="{width}" cy="{height}"/>'


def _run(text: Text, language: str, link: str) -> str:
    bold = ' b="1"' if text.bold else ""
    linked = f'<a:hlinkClick r:id="{link}"/>' if link else ""
    look = (
        f'<a:rPr lang="{language}" sz="{text.size * 100:.0f}"{bold} dirty="0"><a:solidFill>'
        f'<a:schemeClr val="{text.colour}"/></a:solidFill>{linked}</a:rPr>'
    )
    runs = (f"<a:r>{look}<a:t>{escape(line)}</a:t></a:r>" for line in text.words.split("\n"))
    return "<a:br/>".join(runs)


def spacing(size: float) -> str:
    """Return the distance of lines in points: typefaces differ in it, and what was measured is to hold."""
    return f'<a:lnSpc><a:spcPts val="{size * LINE_HEIGHT * 100:.0f}"/></a:lnSpc>'


def paragraph(text: Text, language: str, *, link: str = "", align: str = "l") -> str:
    """Return a paragraph: its room, its bullet, its letters, whatever the template sets."""
    indent = round(text.size * HANGING * POINT) if text.bullet or text.hanging else 0
    mark = '<a:buFont typeface="Calibri"/><a:buChar char="–"/>' if text.bullet else "<a:buNone/>"
    hang = -indent if text.bullet else 0
    return (
        f'<a:p><a:pPr marL="{indent}" indent="{hang}" algn="{align}">{spacing(text.size)}'
        f'<a:spcBef><a:spcPts val="{text.gap * 100:.0f}"/></a:spcBef><a:spcAft><a:spcPts val="0"/></a:spcAft>{mark}'
        f"</a:pPr>{_run(text, language, link)}</a:p>"
    )


def plain_paragraph(words: str, language: str) -> str:
    """Return a paragraph of notes."""
    run = f'<a:r><a:rPr lang="{language}" dirty="0"/><a:t>{escape(words)}</a:t></a:r>'
    return f"<a:p {SPACES}>{run}</a:p>"


def title(text: Text, index: str, kind: str, identifier: int, name: str, language: str) -> str:
    """Return the title of a slide; its colour and weight are the template's."""
    size, words = f"{text.size * 100:.0f}", escape(text.words)
    run = f'<a:r><a:rPr lang="{language}" sz="{size}" dirty="0"/><a:t>{words}</a:t></a:r>'
    body = f"<a:p><a:pPr>{spacing(text.size)}</a:pPr>{run}</a:p>"
    return holder(body, index, kind, identifier, name)


def holder(
    paragraphs: str, index: str, kind: str, identifier: int, name: str, indent: float = 0.0, box: Box | None = None
) -> str:
    """Return a placeholder with its words; where it lies is the template's, where no box is given."""
    edges = f"<a:xfrm>{_edges(box)}</a:xfrm>" if box else ""
    return (
        f'<p:sp {SPACES}><p:nvSpPr><p:cNvPr id="{identifier}" name={quoteattr(name)}/><p:cNvSpPr><a:spLocks noGrp="1"/>'
        f'</p:cNvSpPr><p:nvPr><p:ph type="{kind}"{index}/></p:nvPr></p:nvSpPr><p:spPr>{edges}</p:spPr><p:txBody>'
        f'<a:bodyPr lIns="{round(indent * POINT)}" tIns="0" rIns="0" bIns="0"><a:noAutofit/></a:bodyPr><a:lstStyle/>'
        f"{paragraphs}</p:txBody></p:sp>"
    )


def number_field(number: int, language: str) -> str:
    """Return the number of a slide, which follows it when it is moved."""
    return (
        f'<a:p><a:fld id="{NUMBER_FIELD}" type="slidenum"><a:rPr lang="{language}" dirty="0"/><a:t>{number}</a:t>'
        "</a:fld></a:p>"
    )


def words_box(paragraphs: str, box: Box, identifier: int, name: str) -> str:
    """Return words that stand beside a picture."""
    return (
        f'<p:sp {SPACES}><p:nvSpPr><p:cNvPr id="{identifier}" name={quoteattr(name)}/><p:cNvSpPr txBox="1"/><p:nvPr/>'
        f'</p:nvSpPr><p:spPr><a:xfrm>{_edges(box)}</a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:noFill/>'
        '</p:spPr><p:txBody><a:bodyPr wrap="square" lIns="0" tIns="0" rIns="0" bIns="0" anchor="t"><a:noAutofit/>'
        f"</a:bodyPr><a:lstStyle/>{paragraphs}</p:txBody></p:sp>"
    )


def rule(box: Box, colour: str, identifier: int, name: str) -> str:
    """Return a thin line of a colour: as wide or as high as its box, which has no other side."""
    return (
        f'<p:cxnSp {SPACES}><p:nvCxnSpPr><p:cNvPr id="{identifier}" name={quoteattr(name)}/><p:cNvCxnSpPr/><p:nvPr/>'
        f'</p:nvCxnSpPr><p:spPr><a:xfrm>{_edges(box)}</a:xfrm><a:prstGeom prst="line"><a:avLst/></a:prstGeom>'
        f'<a:ln w="19050"><a:solidFill><a:srgbClr val="{colour[1:]}"/></a:solidFill></a:ln></p:spPr></p:cxnSp>'
    )


# Hatching of a legend: as the map leans it.
_HATCHES = {"plan": "wdUpDiag", "not_named": "wdDnDiag", "missing": "wdDnDiag", "suppressed": "narHorz",
            "not_applicable": "narVert"}  # fmt: skip


def swatch(box: Box, colour: str, pattern: str, line: str, words: str, identifier: int) -> str:
    """Return a colour or hatching of a legend; a place on the map is a ring."""
    shape = "ellipse" if pattern == "station" else "rect"
    ground = colour[1:] if colour.startswith("#") else "FFFFFF"
    filled = f'<a:solidFill><a:srgbClr val="{ground}"/></a:solidFill>'
    if pattern in _HATCHES:
        filled = (
            f'<a:pattFill prst="{_HATCHES[pattern]}"><a:fgClr><a:srgbClr val="{line[1:]}"/></a:fgClr>'
            f'<a:bgClr><a:srgbClr val="{ground}"/></a:bgClr></a:pattFill>'
        )
    return (
        f'<p:sp {SPACES}><p:nvSpPr><p:cNvPr id="{identifier}" name={quoteattr(words)} descr={quoteattr(words)}/>'
        f'<p:cNvSpPr/><p:nvPr/></p:nvSpPr><p:spPr><a:xfrm>{_edges(box)}</a:xfrm><a:prstGeom prst="{shape}"><a:avLst/>'
        f'</a:prstGeom>{filled}<a:ln w="6350"><a:solidFill><a:schemeClr val="tx2"/></a:solidFill></a:ln>'
        "</p:spPr></p:sp>"
    )


def picture(
    relation: str, box: Box, alternative: str, identifier: int, name: str, *, holder_index: str = "",
    link: str = "", band: tuple[float, float] = (0.0, 1.0),
) -> str:  # fmt: skip
    """Return a picture or a band of its height, with what it shows in words."""
    held = f'<p:ph type="pic"{holder_index}/>' if holder_index else ""
    linked = f'<a:hlinkClick r:id="{link}"/>' if link else ""
    kept = f'<a:srcRect t="{band[0] * 100000:.0f}" b="{(1 - band[1]) * 100000:.0f}"/>' if band != (0.0, 1.0) else ""
    return (
        f'<p:pic {SPACES}><p:nvPicPr><p:cNvPr id="{identifier}" name={quoteattr(name)} descr={quoteattr(alternative)}>'
        f'{linked}</p:cNvPr><p:cNvPicPr><a:picLocks noChangeAspect="1"/></p:cNvPicPr>'
        f"<p:nvPr>{held}</p:nvPr></p:nvPicPr>"
        f'<p:blipFill><a:blip r:embed="{relation}"/>{kept}<a:stretch><a:fillRect/></a:stretch></p:blipFill><p:spPr>'
        f'<a:xfrm>{_edges(box)}</a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr></p:pic>'
    )


def _borders(kind: str) -> str:
    """Return the line beneath a cell, and none on its other sides."""
    none = "".join(f'<a:{side} w="0"><a:noFill/></a:{side}>' for side in ("lnL", "lnR", "lnT"))
    width, colour = {"head": (12700, "tx1"), "group": (6350, "tx2"), "more": (0, "")}.get(kind, (6350, "bg2"))
    fill = f'<a:solidFill><a:schemeClr val="{colour}"/></a:solidFill>' if colour else "<a:noFill/>"
    return f'{none}<a:lnB w="{width}">{fill}</a:lnB>'


def _cell(words: str, row: TableRow, table: Rows, place: int, language: str) -> str:
    bold = row.kind in {"head", "group"} or (row.kind == "row" and not place)
    align = "r" if table.numeric[place] and row.kind in {"head", "row"} and place else "l"
    text = Text(words, table.size, bold, "tx2" if row.kind == "more" else "tx1")
    pad, side = round(PADDING * POINT), round(SIDE_PADDING * POINT)
    across = f' gridSpan="{len(table.widths)}"' if len(row.cells) == 1 < len(table.widths) else ""
    return (
        f"<a:tc{across}><a:txBody><a:bodyPr/><a:lstStyle/>{paragraph(text, language, align=align)}</a:txBody>"
        f'<a:tcPr marL="{side}" marR="{side}" marT="{pad}" marB="{pad}" anchor="t">{_borders(row.kind)}'
        "<a:noFill/></a:tcPr></a:tc>"
    )


_SPANNED = '<a:tc hMerge="1"><a:txBody><a:bodyPr/><a:lstStyle/><a:p/></a:txBody><a:tcPr/></a:tc>'


def _row(row: TableRow, table: Rows, language: str) -> str:
    cells = zip_longest(row.cells, table.widths)
    made = (_SPANNED if words is None else _cell(words, row, table, place, language)
            for place, (words, _) in enumerate(cells))  # fmt: skip
    return f'<a:tr h="{round(row.height * POINT)}">{"".join(made)}</a:tr>'


def table_frame(table: Rows, box: Box, index: str, identifier: int, name: str, language: str) -> str:
    """Return a table with the heads of its columns marked as such."""
    place = Box(box.left, box.top, sum(table.widths), sum(row.height for row in table.rows))
    widths = "".join(f'<a:gridCol w="{round(width * POINT)}"/>' for width in table.widths)
    rows = "".join(_row(row, table, language) for row in table.rows)
    return (
        f'<p:graphicFrame {SPACES}><p:nvGraphicFramePr><p:cNvPr id="{identifier}" name={quoteattr(name)} '
        f'descr={quoteattr(table.alternative)}/><p:cNvGraphicFramePr><a:graphicFrameLocks noGrp="1"/>'
        f'</p:cNvGraphicFramePr><p:nvPr><p:ph type="tbl"{index}/></p:nvPr></p:nvGraphicFramePr>'
        f"<p:xfrm>{_edges(place)}</p:xfrm>"
        f'<a:graphic><a:graphicData uri="{GRAPHIC_DATA_URI_TABLE}"><a:tbl><a:tblPr firstRow="1">'
        f"<a:tableStyleId>{_NO_STYLE}</a:tableStyleId></a:tblPr><a:tblGrid>{widths}</a:tblGrid>{rows}</a:tbl>"
        "</a:graphicData></a:graphic></p:graphicFrame>"
    )
