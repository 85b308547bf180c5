"""The pictures of a briefing file: each chart and map as one SVG, and the same drawn in pixels; codes to be scanned."""

import io
from functools import lru_cache
from itertools import groupby
from xml.etree import ElementTree

import segno

from dashboard.dossier.blocks import Picture
from dashboard.dossier.setting import FONTS, pixels
from dashboard.maps.prepare import DistrictMap
from dashboard.publication.pictures import SVG, chart_svg, map_svg
from dashboard.typeface import drawn_codes, width_px

CHART_PX, MAP_PX = 760, (620, 500)
# Pixels of a picture for a screen or a printer, per pixel of its drawing.
# The width of a sign in the typeface that has them, as part of its size.
SIGN_EM = 0.602
SCALE, _POINTS_PER_INCH = 2.0, 72
# A page as large as the picture on it; typst takes a pixel of an SVG for three quarters of a point.
_SHEET = b'#set page(width: auto, height: auto, margin: 0pt)\n#scale(133.3333%, reflow: true, image("picture.svg"))'


def _is_sign(letter: str) -> bool:
    return ord(letter) not in drawn_codes()


def _width_px(part: str, size_px: float, weight: int) -> float:
    return SIGN_EM * size_px * len(part) if _is_sign(part[0]) else width_px(part, size_px, weight)


def _set_signs(line: ElementTree.Element, words: ElementTree.Element) -> None:
    """Set the signs of states apart from the letters beside them, each where it would stand in its line of a text.

    What draws pictures takes one typeface for all that is set together, and would leave ours for one that has the sign.
    """
    text = line.text or ""
    if not any(map(_is_sign, text)):
        return
    size_px, weight = float(words.get("font-size", "13px").removesuffix("px")), 600 if words.get("font-weight") else 400
    parts = ["".join(letters) for _, letters in groupby(text, key=_is_sign)]
    widths = [_width_px(part, size_px, weight) for part in parts]
    left = float(line.get("x") or words.get("x") or 0)
    left += {"middle": -sum(widths) / 2, "end": -sum(widths)}.get(words.get("text-anchor", "start"), 0.0)
    line.text = ""
    for part, wide in zip(parts, widths, strict=True):
        family = FONTS[1] if _is_sign(part[0]) else FONTS[0]
        place = {"x": f"{left:.2f}", "font-family": family, "text-anchor": "start"}
        run = ElementTree.SubElement(line, f"{{{SVG}}}tspan", place)
        run.text = part
        left += wide


def set_letters(root: ElementTree.Element) -> None:
    """Let a picture be set with the letters that come with us; the rims of words lie beneath their letters."""
    for words in root.iter(f"{{{SVG}}}text"):
        words.set("paint-order", "stroke")
        words.set("font-family", FONTS[0])
        for line in list(words) or [words]:
            _set_signs(line, words)


@lru_cache(maxsize=512)
def svg(picture: Picture) -> str:
    """Return a chart or map as SVG in light colours; the rims of words lie beneath their letters."""
    drawn = picture.drawn
    made = map_svg(drawn, MAP_PX) if isinstance(drawn, DistrictMap) else chart_svg(drawn, CHART_PX)
    root = ElementTree.fromstring(made)
    set_letters(root)
    return ElementTree.tostring(root, encoding="unicode")


def in_pixels(picture: str, scale: float) -> bytes:
    """Return a picture (SVG whose letters are set) as PNG, so many pixels for each of its own."""
    return pixels({"main.typ": _SHEET, "picture.svg": picture.encode()}, scale * _POINTS_PER_INCH)[0]


@lru_cache(maxsize=512)
def png(picture: Picture) -> bytes:
    """Return a chart or map in pixels."""
    return in_pixels(svg(picture), SCALE)


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
