"""The sheet a picture is composed on: words, legend and drawings one beneath the other, measured by the typeface."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from xml.etree import ElementTree

import shapely
from markupsafe import Markup

from dashboard.html import render
from dashboard.maps.hatch import ANGLES, LONGITUDE_SCALE, hatch, hatch_colour
from dashboard.maps.twin import STATION_AREA_PX, STATION_RIM_PX
from dashboard.publication.pictures import SVG, inline
from dashboard.theme import FONT, INKS, Mode
from dashboard.typeface import width_px, wrapped

WIDTH_PX, MARGIN_PX = 1200, 48
ROOM_PX = WIDTH_PX - 2 * MARGIN_PX
# Where the typeface is not installed another one is set, which may be broader: lines leave room for it.
SPARE = 0.92
SWATCH_PX, SWATCH_HIGH_PX, STRIPES_PX = 38, 22, 7
STATION = "station"


class Style(NamedTuple):
    """How words are set: size, height of a line, weight and ink."""

    size_px: int
    line_px: int
    weight: int
    ink: str

    def width_px(self, words: str) -> float:
        """Return how wide words are, room for another typeface included."""
        return width_px(words, self.size_px, self.weight) / SPARE

    def lines(self, words: str, room_px: float) -> list[str]:
        """Return words in lines that fit."""
        return wrapped(words, self.size_px, room_px * SPARE, self.weight) if words else []


TITLE, SUBTITLE = Style(34, 42, 600, "ink"), Style(22, 30, 400, "secondary")
PANEL, LEGEND, SOURCE = Style(20, 26, 600, "ink"), Style(19, 34, 400, "ink"), Style(18, 26, 400, "secondary")
MARK, NAME, REMARK = Style(17, 34, 400, "secondary"), Style(19, 28, 600, "ink"), Style(18, 26, 400, "ink")


class Entry(NamedTuple):
    """What a colour or pattern of a map means; without either, words that explain its signs."""

    colour: str
    words: str
    pattern: str


class Words(NamedTuple):
    """A line of words: where its base begins or ends."""

    x: float
    y: float
    text: str
    style: Style
    anchor: str = "start"


class Box(NamedTuple):
    """A rectangle; that of a legend has a colour and perhaps stripes, or is the place of the sign of a station."""

    x: float
    y: float
    width: float
    height: float
    colour: str = ""
    stripes: str = ""
    stripe_colour: str = ""
    radius: float = 0.0
    rim: float = 0.0


def _stripes(pattern: str, x: float, y: float) -> str:
    """Return the lines that fill a swatch of a legend as those of the map fill its areas."""
    area = shapely.box(0, 0, SWATCH_PX / LONGITUDE_SCALE, SWATCH_HIGH_PX)
    lines = hatch(area, ANGLES[pattern], STRIPES_PX)
    return "".join(
        f"M{x + x1 * LONGITUDE_SCALE:.1f},{y + SWATCH_HIGH_PX - y1:.1f}"
        f"L{x + x2 * LONGITUDE_SCALE:.1f},{y + SWATCH_HIGH_PX - y2:.1f}"
        for (x1, y1), (x2, y2) in lines
    )


class Drawing(NamedTuple):
    """A chart or map as SVG, with its size."""

    svg: str
    width_px: float
    height_px: float

    @classmethod
    def of(cls, svg: str) -> "Drawing":
        """Return a picture with the size it says it has."""
        root = ElementTree.fromstring(svg)
        return cls(svg, float(root.get("width", "0")), float(root.get("height", "0")))

    def placed(self, x: float, y: float, width: float) -> Markup:
        """Return the picture as a part of another one, as wide as said; the rims of words lie beneath their letters."""
        root = ElementTree.fromstring(inline(self.svg, ""))
        for name in ("class", "style", "focusable"):
            root.attrib.pop(name, None)
        height = self.height_px * width / self.width_px
        root.attrib |= {"x": f"{x:.2f}", "y": f"{y:.2f}", "width": f"{width:.2f}", "height": f"{height:.2f}"}
        for words in root.iter(f"{{{SVG}}}text"):
            if words.get("stroke"):
                words.set("paint-order", "stroke")
                words.set("stroke-linejoin", "round")
        return Markup(ElementTree.tostring(root, encoding="unicode"))


@dataclass
class Paper:
    """A sheet as wide as all pictures, filled from its top; `y` is how far."""

    mode: Mode
    y: float = MARGIN_PX
    words: list[Words] = field(default_factory=list)
    swatches: list[Box] = field(default_factory=list)
    frames: list[Box] = field(default_factory=list)
    rules: list[float] = field(default_factory=list)
    insets: list[Markup] = field(default_factory=list)

    def leave(self, height_px: float) -> None:
        """Leave room."""
        self.y += height_px

    def _line(self, x: float, top: float, text: str, style: Style, anchor: str = "start") -> None:
        # The base of letters lies so far beneath the middle of their line that capitals stand in the middle.
        base = top + style.line_px / 2 + 0.33 * style.size_px
        self.words.append(Words(round(x, 2), round(base, 2), text, style, anchor))

    def write(self, words: str, style: Style) -> None:
        """Write words over the whole width, in as many lines as they take."""
        for text in style.lines(words, ROOM_PX):
            self._line(MARGIN_PX, self.y, text, style)
            self.y += style.line_px

    def draw(self, drawing: Drawing) -> None:
        """Place a drawing over the whole width."""
        self.insets.append(drawing.placed(MARGIN_PX, self.y, ROOM_PX))
        self.y += drawing.height_px * ROOM_PX / drawing.width_px

    def draw_grid(self, panels: Sequence[tuple[str, Drawing]], columns: int, gap_px: float) -> None:
        """Place drawings side by side, each beneath its title, all at one scale."""
        cell = (ROOM_PX - gap_px * (columns - 1)) / columns
        scale = min(cell / drawing.width_px for _, drawing in panels)
        for start in range(0, len(panels), columns):
            row = panels[start : start + columns]
            titles = [PANEL.lines(title, cell) for title, _ in row]
            beneath = self.y + max(map(len, titles)) * PANEL.line_px + 6
            for place, (lines, (_, drawing)) in enumerate(zip(titles, row, strict=True)):
                x = MARGIN_PX + place * (cell + gap_px)
                for line, text in enumerate(lines):
                    self._line(x, self.y + line * PANEL.line_px, text, PANEL)
                self.insets.append(drawing.placed(x, beneath, drawing.width_px * scale))
            self.y = beneath + max(drawing.height_px for _, drawing in row) * scale + gap_px
        self.y -= gap_px

    def explain(self, entries: Iterable[Entry], theme: str, scale: float) -> None:
        """Write the legend of a map: as many swatches in a line as fit, each before its words.

        Parameters
        ----------
        scale : how much larger the map is shown than it is drawn.
        """
        x, gap, between = float(MARGIN_PX), 10, 30
        for entry in entries:
            takes = (SWATCH_PX + gap if entry.colour else 0) + LEGEND.width_px(entry.words)
            if x > MARGIN_PX and x + takes > MARGIN_PX + ROOM_PX:
                x, self.y = float(MARGIN_PX), self.y + LEGEND.line_px
            if entry.colour:
                top = self.y + (LEGEND.line_px - SWATCH_HIGH_PX) / 2
                box = Box(round(x, 2), round(top, 2), SWATCH_PX, SWATCH_HIGH_PX, entry.colour)
                self.swatches.append(self._filled(box, entry.pattern, theme, scale))
            self._line(x + (SWATCH_PX + gap if entry.colour else 0), self.y, entry.words, LEGEND)
            x += takes + between
        self.y += LEGEND.line_px

    def _filled(self, box: Box, pattern: str, theme: str, scale: float) -> Box:
        """Return a swatch with what fills it on the map: stripes, or the sign of a station."""
        if pattern == STATION:
            radius, rim = math.sqrt(STATION_AREA_PX / math.pi), STATION_RIM_PX
            return box._replace(radius=round(radius * scale, 2), rim=round(rim * scale, 2))
        if pattern not in ANGLES:
            return box
        return box._replace(
            stripes=_stripes(pattern, box.x, box.y), stripe_colour=hatch_colour(pattern, theme, self.mode)
        )

    def mark(self, kinds: Iterable[str]) -> None:
        """Write marks side by side, each in a frame."""
        x, inside, between = float(MARGIN_PX), 9, 12
        for words in kinds:
            takes = MARK.width_px(words) + 2 * inside
            if x > MARGIN_PX and x + takes > MARGIN_PX + ROOM_PX:
                x, self.y = float(MARGIN_PX), self.y + MARK.line_px
            self.frames.append(Box(round(x, 2), round(self.y + 4, 2), round(takes, 2), MARK.line_px - 8))
            self._line(x + takes / 2, self.y, words, MARK, "middle")
            x += takes + between
        self.y += MARK.line_px if x > MARGIN_PX else 0

    def rule(self) -> None:
        """Draw a line across."""
        self.rules.append(round(self.y, 2))

    def sign(self, name: str, words: str) -> None:
        """Write a name at the left, words at the right; beneath it where both do not fit."""
        is_long = NAME.width_px(name) + SOURCE.width_px(words) + 30 > ROOM_PX
        if is_long:
            self.write(name, NAME)
            self.write(words, SOURCE)
            return
        self._line(MARGIN_PX, self.y, name, NAME)
        self._line(MARGIN_PX + ROOM_PX, self.y + (NAME.line_px - SOURCE.line_px) / 2, words, SOURCE, "end")
        self.y += NAME.line_px

    def svg(self, title: str, alternative: str, language: str) -> tuple[str, int]:
        """Return the sheet as SVG that says what it is and shows in words, and its height."""
        height = round(self.y + MARGIN_PX)
        made = render("picture.svg", sheet=self, width=WIDTH_PX, height=height, margin=MARGIN_PX, title=title,
                      alternative=alternative, language=language, family=FONT.replace('"', "'"),
                      inks=INKS[self.mode])  # fmt: skip
        return made, height
