"""What a slide draws: maps, charts, QR codes as inline SVG, and how large a number can stand."""

from dataclasses import dataclass
from typing import Any

import segno

from dashboard.charts.narrow import places, with_own_years
from dashboard.content.pieces import Chart
from dashboard.content.wall import BigNumber, Slide
from dashboard.publication.pictures import chart_picture, map_picture

# Nominal sizes: a picture of this width fills its place, and its text of 13 px then has 1/24 of the shorter side.
MAP_PX = (250, 222)
LYING_PX, STANDING_PX = (436, 130), (280, 230)
# What the years of an axis take beneath a plot.
_AXIS_PX = 24
# Hundredths of the shorter side that a number may take, and the width of a digit as a part of its size.
_ROOM_WIDE, _ROOM_HIGH, _LARGEST, _DIGIT = 78, 52, 36, 0.56


@dataclass(frozen=True)
class Lines:
    """A number in large: its lines and their size in hundredths of the screen's shorter side."""

    lines: tuple[str, ...]
    size: float
    unit: str
    words: str


def big_number(shown: BigNumber) -> Lines:
    """Return a number broken at its ordinary spaces, as large as its longest line allows."""
    lines: list[str] = []
    longest = max(8, *(len(word) for word in shown.number.split(" ")))
    for word in shown.number.split(" "):
        if lines and len(lines[-1]) + 1 + len(word) <= longest:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    widest = max(len(line) for line in lines)
    size = min(_LARGEST, _ROOM_WIDE / (_DIGIT * widest), _ROOM_HIGH / (1.1 * len(lines)))
    return Lines(tuple(lines), round(size, 2), shown.unit, shown.words)


def _fitted(specification: dict[str, Any], width_px: int, height_px: int) -> dict[str, Any]:
    """Return a chart for a small place; one of bars keeps its height, which is that of its rows."""
    fitted = with_own_years(specification, width_px)
    has_years = any(place.get("field") == "year" for place in places(fitted, "x"))
    return {**fitted, "height": height_px - _AXIS_PX} if has_years else fitted


def _chart_pictures(chart: Chart) -> str:
    return "".join(
        chart_picture(_fitted(chart.specification, width, height), width, kind)
        for (width, height), kind in ((LYING_PX, "lying"), (STANDING_PX, "standing"))
    )


def pictures(slide: Slide) -> str:
    """Return the map or chart of a slide; nothing where its figure is a number alone."""
    if slide.chart is not None:
        return _chart_pictures(slide.chart)
    return map_picture(slide.drawn, MAP_PX) if slide.drawn is not None else ""


def qr_code(address: str) -> str:
    """Return an address as a QR code with its quiet zone, dark on white in either mode: readers expect it so."""
    code = segno.make(address, error="l", micro=False)
    made = code.svg_inline(border=4, dark="#000000", light="#ffffff", omitsize=True, svgclass="code", lineclass=None)
    return str(made).replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1)
