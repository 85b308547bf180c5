"""Reading a picture back: where each line of words stands on it, what is filled with which colour."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree

import numpy as np

from dashboard.publication.pictures import SVG
from dashboard.typeface import width_px

_STEP = re.compile(r"(translate|rotate|scale)\(([^)]*)\)")
# Letters go about so far above and below the base of their line, as parts of their size.
_ABOVE, _BELOW = 0.72, 0.22


@dataclass(frozen=True)
class Line:
    """A line of words and the rectangle it takes, in pixels of the picture; whether the sheet or a drawing has it."""

    words: str
    left: float
    top: float
    right: float
    bottom: float
    is_inside: bool

    def meets(self, other: "Line") -> bool:
        """Tell whether two lines of words cover one another."""
        is_beside = self.right <= other.left or other.right <= self.left
        return not is_beside and self.top < other.bottom and other.top < self.bottom


def _translation(x: float, y: float) -> np.ndarray:
    return np.array([[1, 0, x], [0, 1, y], [0, 0, 1]], dtype=float)


def _matrix(words: str) -> np.ndarray:
    found = np.eye(3)
    for name, numbers in _STEP.findall(words):
        values = [float(one) for one in re.split(r"[ ,]+", numbers.strip())]
        if name == "translate":
            step = _translation(values[0], values[1] if len(values) > 1 else 0)
        elif name == "scale":
            step = np.diag([values[0], values[-1], 1])
        else:
            turn = np.radians(values[0])
            step = np.array([[np.cos(turn), -np.sin(turn), 0], [np.sin(turn), np.cos(turn), 0], [0, 0, 1]])
        found = found @ step
    return found


def _inside(drawing: ElementTree.Element) -> np.ndarray:
    """Return where the pixels of a drawing stand on the sheet it is placed on."""
    left, top, width, height = map(float, drawing.get("viewBox", "").split())
    x, y, wide, high = (float(drawing.get(name, "0")) for name in ("x", "y", "width", "height"))
    assert abs(wide / width - high / height) < 0.01, "a drawing is stretched"
    return _translation(x, y) @ np.diag([wide / width, high / height, 1]) @ _translation(-left, -top)


def _lines_of(text: ElementTree.Element, place: np.ndarray, is_inside: bool) -> Iterator[Line]:
    size = float(text.get("font-size", "13").removesuffix("px"))
    weight = 600 if text.get("font-weight") else 400
    x, y = float(text.get("x", "0")), float(text.get("y", "0"))
    for part in list(text) or [text]:
        y += float(part.get("dy", "0"))
        words = part.text or ""
        wide = width_px(words, size, weight)
        start = x - {"middle": wide / 2, "end": wide}.get(text.get("text-anchor", "start"), 0.0)
        corners = [(start + right, y + down, 1) for right in (0, wide) for down in (-_ABOVE * size, _BELOW * size)]
        across, down, _ = place @ np.array(corners).T
        yield Line(words, across.min(), down.min(), across.max(), down.max(), is_inside)


def lines_of(svg: str) -> list[Line]:
    """Return every line of words of a picture, in its order."""
    found: list[Line] = []

    def read(element: ElementTree.Element, place: np.ndarray, is_inside: bool) -> None:
        name = element.tag.removeprefix(f"{{{SVG}}}")
        place = place @ _matrix(element.get("transform", ""))
        if name == "svg" and element.get("x"):
            place, is_inside = place @ _inside(element), True
        if name == "text":
            found.extend(line for line in _lines_of(element, place, is_inside) if line.words.strip())
        for child in element:
            read(child, place, is_inside)

    read(ElementTree.fromstring(svg), np.eye(3), False)
    return found


def size_of(svg: str) -> tuple[float, float]:
    """Return width and height of a picture; its own units are its pixels."""
    root = ElementTree.fromstring(svg)
    width, height = float(root.get("width", "0")), float(root.get("height", "0"))
    assert root.get("viewBox") == f"0 0 {width:g} {height:g}"
    return width, height


def own_words(svg: str) -> str:
    """Return the words around the drawing, from top to bottom, as one text."""
    return " ".join(line.words for line in lines_of(svg) if not line.is_inside)


def drawings(svg: str) -> list[ElementTree.Element]:
    """Return the drawings placed on a picture."""
    return ElementTree.fromstring(svg).findall(f"{{{SVG}}}svg")


def area_fills(drawing: ElementTree.Element, casing_px: int) -> list[str]:
    """Return the colours of the areas of a map: those of the shapes that have the rim of areas."""
    shapes = drawing.iter(f"{{{SVG}}}path")
    return [shape.get("fill", "") for shape in shapes if shape.get("stroke-width") == str(casing_px)]


def swatch_fills(svg: str) -> list[str]:
    """Return the colours of the rectangles that the sheet has itself: its ground, then the swatches of its legend."""
    return [box.get("fill", "") for box in ElementTree.fromstring(svg).findall(f"{{{SVG}}}rect")]
