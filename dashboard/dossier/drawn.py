"""The pictures of a briefing file: each chart and map as one SVG, and the same drawn in pixels; codes to be scanned."""

import io
from functools import lru_cache
from xml.etree import ElementTree

import segno

from dashboard.dossier.blocks import Picture
from dashboard.dossier.setting import FONTS, pixels
from dashboard.maps.prepare import DistrictMap
from dashboard.publication.pictures import SVG, chart_svg, map_svg
from dashboard.typeface import drawn_codes

CHART_PX, MAP_PX = 760, (620, 500)
# Pixels of a picture for a screen or a printer, per pixel of its drawing.
SCALE, _POINTS_PER_INCH = 2.0, 72
# A page as large as the picture on it; typst takes a pixel of an SVG for three quarters of a point.
_SHEET = b'#set page(width: auto, height: auto, margin: 0pt)\n#scale(133.3333%, reflow: true, image("picture.svg"))'


def _set_signs(words: ElementTree.Element) -> None:
    """Name the typeface that has the signs of states where words hold one: a picture falls back to none by itself."""
    for element in list(words.iter()):
        signs = [sign for sign in element.text or "" if ord(sign) not in drawn_codes()]
        before, text = "", element.text or ""
        parts: list[ElementTree.Element] = []
        for sign in signs:
            before, _, text = text.partition(sign)
            if parts:
                parts[-1].tail = before
            else:
                element.text = before
            part = ElementTree.Element(f"{{{SVG}}}tspan", {"font-family": FONTS[1]})
            part.text = sign
            parts.append(part)
        if parts:
            parts[-1].tail = text
            element[:0] = parts


@lru_cache(maxsize=512)
def svg(picture: Picture) -> str:
    """Return a chart or map as SVG in light colours; the rims of words lie beneath their letters."""
    drawn = picture.drawn
    made = map_svg(drawn, MAP_PX) if isinstance(drawn, DistrictMap) else chart_svg(drawn, CHART_PX)
    root = ElementTree.fromstring(made)
    for words in root.iter(f"{{{SVG}}}text"):
        words.set("paint-order", "stroke")
        words.set("font-family", FONTS[0])
        _set_signs(words)
    return ElementTree.tostring(root, encoding="unicode")


@lru_cache(maxsize=512)
def png(picture: Picture) -> bytes:
    """Return a chart or map in pixels."""
    return pixels({"main.typ": _SHEET, "picture.svg": svg(picture).encode()}, SCALE * _POINTS_PER_INCH)[0]


def size_px(picture: Picture) -> tuple[float, float]:
    """Return width and height of a picture as it is drawn."""
    root = ElementTree.fromstring(svg(picture))
    return float(root.get("width", "0")), float(root.get("height", "0"))


def words_of(picture: Picture) -> tuple[str, ...]:
    """Return the words a picture draws, in order: labels, values, ticks of its axes."""
    root = ElementTree.fromstring(svg(picture))
    found = (" ".join("".join(element.itertext()).split()) for element in root.iter(f"{{{SVG}}}text"))
    return tuple(words for words in found if words)


def code_svg(address: str) -> str:
    """Return an address as a code to be scanned, with its quiet zone."""
    stream = io.BytesIO()
    segno.make(address, error="m", micro=False).save(stream, kind="svg", border=4, scale=4, xmldecl=False)
    return stream.getvalue().decode()


def code_png(address: str) -> bytes:
    """Return an address as a code to be scanned, in pixels."""
    stream = io.BytesIO()
    segno.make(address, error="m", micro=False).save(stream, kind="png", border=4, scale=8)
    return stream.getvalue()
