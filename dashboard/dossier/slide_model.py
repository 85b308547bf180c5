"""The template of slides a city starts from: white ground, one typeface, calm; code makes it, and can make it anew.

The look of `shared/look.md`: ink and a grey, no ornament; what is coloured by theme is drawn with each slide.
"""

import re
from datetime import date
from itertools import count
from xml.sax.saxutils import escape, quoteattr

from pptx import Presentation
from pptx.opc.constants import RELATIONSHIP_TYPE as RELATION
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.presentation import Presentation as Deck
from pptx.util import Pt

from dashboard.dossier.slide_package import bytes_of, describe
from dashboard.dossier.slide_template import COVER, LAYOUTS, NUMBER_FIELD, POINT, Place
from dashboard.theme import INKS

WIDTH, HEIGHT = 960, 540
FAMILY = "Source Sans 3"
# What a machine without this typeface looks for: these numbers describe Calibri, which it finds by its likeness.
_LIKENESS = "020F0502020204030204"
_NAME, _MADE_ON = "Observatoire urbain", date(2026, 1, 1)
# Colours by their names in a theme: text, ground, second text, hairlines; accents are greys, themes colour the slides.
_INKS = {"dk1": "ink", "lt1": "ground", "dk2": "secondary", "lt2": "hairline"}
_GREYS = {f"accent{number}": "rail" for number in range(1, 7)} | {"hlink": "ink", "folHlink": "secondary"}
_TYPES = {"title": "title", "text": "body", "picture": "pic", "table": "tbl", "number": "sldNum"}
_QUIET = frozenset({"Rubrique", "Source", "Numéro", "Sous-titre"})
# What master and layouts number their placeholders with.
_FIRST_INDEX = 10


def _theme(blob: bytes) -> bytes:
    """Return a theme with the inks and the typeface of the observatory."""
    words = blob.decode("utf-8")
    for name, ink in (_INKS | _GREYS).items():
        colour = f'<a:{name}><a:srgbClr val="{INKS["light"][ink][1:]}"/></a:{name}>'
        words = re.sub(rf"<a:{name}>.*?</a:{name}>", colour, words, flags=re.DOTALL)
    latin = f'<a:latin typeface="{FAMILY}" panose="{_LIKENESS}" pitchFamily="34" charset="0"/>'
    words = re.sub(r"(<a:m(?:aj|in)orFont>\s*)<a:latin[^>]*/>", rf"\1{latin}", words)
    return re.sub(r'(<a:theme [^>]*?name=)"[^"]*"', rf'\1"{_NAME}"', words, count=1).encode("utf-8")


def _level(size: float, colour: str, bold: bool) -> str:
    return (
        '<a:lvl1pPr marL="0" indent="0" algn="l"><a:lnSpc><a:spcPct val="100000"/></a:lnSpc>'
        f'<a:spcBef><a:spcPts val="0"/></a:spcBef><a:buNone/><a:defRPr sz="{size * 100:.0f}" b="{int(bold)}">'
        f'<a:solidFill><a:schemeClr val="{colour}"/></a:solidFill>'
        f'<a:latin typeface="+m{"j" if bold else "n"}-lt"/></a:defRPr></a:lvl1pPr>'
    )


def _holder(place: Place, identifier: int, index: int, kind: str) -> str:
    """Return a placeholder as XML: where it lies, how it is set, what it is for in words."""
    left, top, width, height = (edge * POINT for edge in place.default)
    colour, bold = "tx2" if place.name in _QUIET else "tx1", place.kind == "title"
    numbered = f' idx="{index}"' if index else ""
    shown = f'<a:r><a:rPr lang="fr-FR"/><a:t>{escape(place.name)}</a:t></a:r>'
    if place.kind == "number":
        shown = f'<a:fld id="{NUMBER_FIELD}" type="slidenum"><a:rPr lang="fr-FR"/><a:t>‹#›</a:t></a:fld>'
    anchor = "b" if place.name == "Titre" and place.size >= 40 else "t"
    aligned = _level(place.size, colour, bold).replace('algn="l"', 'algn="r"' if place.kind == "number" else 'algn="l"')
    return (
        f'<p:sp {nsdecls("p", "a", "r")}><p:nvSpPr><p:cNvPr id="{identifier}" name={quoteattr(place.name)}/>'
        f'<p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr><p:nvPr><p:ph type="{kind}"{numbered}/></p:nvPr></p:nvSpPr>'
        f'<p:spPr><a:xfrm><a:off x="{left:.0f}" y="{top:.0f}"/><a:ext cx="{width:.0f}" cy="{height:.0f}"/></a:xfrm>'
        f'<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr><p:txBody>'
        f'<a:bodyPr vert="horz" wrap="square" lIns="0" tIns="0" rIns="0" bIns="0" anchor="{anchor}">'
        "<a:noAutofit/></a:bodyPr>"
        f"<a:lstStyle>{aligned}</a:lstStyle><a:p>{shown}</a:p></p:txBody></p:sp>"
    )


def _refill(tree: object, places: tuple[Place, ...], *, master: bool, cover: bool = False) -> None:
    """Replace what stands in a master or a layout by its placeholders."""
    for shape in list(tree)[2:]:  # type: ignore[call-overload]
        tree.remove(shape)  # type: ignore[attr-defined]
    numbers = count(_FIRST_INDEX)
    for identifier, place in enumerate(places, start=2):
        kind = "ctrTitle" if cover and place.kind == "title" else _TYPES[place.kind]
        index = {"title": 0, "ctrTitle": 0}.get(kind, 1 if master and kind == "body" else next(numbers))
        tree.append(parse_xml(_holder(place, identifier, index, kind)))  # type: ignore[attr-defined]


def _bare() -> Deck:
    """Return the deck that comes with python-pptx, wide, without its pictures, printer and traces of who made it."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = Pt(WIDTH), Pt(HEIGHT)
    package = deck.part.package
    for holder, unwanted in ((package, ("thumbnail", "extended-properties")), (deck.part, ("printerSettings",))):
        names = [name for name, one in holder._rels.items() if one.reltype.rpartition("/")[2] in unwanted]
        for name in names:
            holder._rels.pop(name)
    for layout in list(deck.slide_layouts)[len(LAYOUTS) :]:
        deck.slide_layouts.remove(layout)
    return deck


def _set_styles(deck: Deck) -> None:
    """Let titles and texts of the master be set as their placeholders are."""
    styles = deck.slide_masters[0].element.find(qn("p:txStyles"))
    for name, level in (("titleStyle", _level(28, "tx1", True)), ("bodyStyle", _level(18, "tx1", False))):
        held = styles.find(qn(f"p:{name}"))
        for child in list(held):
            held.remove(child)
        held.append(parse_xml(level.replace("<a:lvl1pPr", f"<a:lvl1pPr {nsdecls('a')}", 1)))


def default_template() -> bytes:
    """Return the template of the observatory as a file: the same bytes every time."""
    deck = _bare()
    master = deck.slide_masters[0]
    themed = master.part.part_related_by(RELATION.THEME)
    themed._blob = _theme(themed.blob)
    _set_styles(deck)
    shared = [place for place in LAYOUTS["Message et liste"] if place.name in {"Titre", "Texte", "Numéro"}]
    _refill(master.element.cSld.spTree, tuple(shared), master=True)
    for layout, (name, places) in zip(deck.slide_layouts, LAYOUTS.items(), strict=True):
        layout.element.cSld.set("name", name)
        layout.element.attrib.pop("type", None)
        _refill(layout.element.cSld.spTree, places, master=False, cover=name == COVER)
    _ = deck.notes_master  # it is made where there is none: the notes of all slides lean on it
    describe(deck, _NAME, "", _NAME, "fr-FR", _MADE_ON)
    return bytes_of(deck)
