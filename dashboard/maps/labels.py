"""Where names and values stand on a still map: around the middle of their district, over no station, over no others."""

import math
from collections.abc import Iterator
from itertools import product
from typing import Any, NamedTuple

import pandas as pd
import shapely

from dashboard.maps.prepare import MOST_LABELLED, DistrictMap, one_each
from dashboard.typeface import width_px as wide_px
from data.frames import rows_of

SIZE_PX, WEIGHT, LINE_PX = 13, 600, 14
# What letters take above and below the base of their line; half the width of a dot with its rim.
ABOVE_PX, BELOW_PX, DOT_PX = 10, 3, 5
# What is left free around words where there is room for it: as much as the rim of their letters takes.
FREE_PX = 3
_STEPS = [4 * step for step in range(-12, 13)]
# Ways from the middle of a district, the shortest first.
_MOVES_PX = sorted(product(_STEPS, _STEPS), key=lambda move: (math.hypot(*move), move))


class _Scale(NamedTuple):
    """How many pixels a degree of longitude and one of latitude take on a map."""

    x: float
    y: float

    def place(self, longitude: float, latitude: float) -> tuple[float, float]:
        """Return a position in pixels, downwards, from the equator and Greenwich."""
        return longitude * self.x, -latitude * self.y


class _Box(NamedTuple):
    """A rectangle in pixels, downwards."""

    left: float
    top: float
    right: float
    bottom: float

    def moved(self, right: float, down: float) -> "_Box":
        return _Box(self.left + right, self.top + down, self.right + right, self.bottom + down)

    def grown(self, by: float) -> "_Box":
        return _Box(self.left - by, self.top - by, self.right + by, self.bottom + by)

    def meets(self, other: "_Box") -> bool:
        is_beside = self.right <= other.left or other.right <= self.left
        return not is_beside and self.top < other.bottom and other.top < self.bottom


def _scale(frame: pd.DataFrame, width_px: int, height_px: int) -> _Scale:
    west, south, east, north = shapely.total_bounds(frame["geometry"].to_numpy())
    narrowing = math.cos(math.radians((south + north) / 2))
    per_latitude = min(width_px / (east - west) / narrowing, height_px / (north - south))
    return _Scale(per_latitude * narrowing, per_latitude)


def shown_stations(prepared: DistrictMap) -> pd.DataFrame:
    """Return the stations a still map has room for: those of each name once, within the bounds of the districts."""
    west, south, east, north = shapely.total_bounds(prepared.frame["geometry"].to_numpy())
    points = one_each(prepared.points)
    return points[points["longitude"].between(west, east) & points["latitude"].between(south, north)]


def _move(box: _Box, dots: list[_Box], others: list[_Box]) -> tuple[float, float] | None:
    """Return the shortest way that takes a box off all dots and onto no other box; None where there is none."""
    if not any(map(box.meets, dots)):
        return 0.0, 0.0
    return next((move for move in _MOVES_PX if not any(map(box.moved(*move).meets, [*dots, *others]))), None)


def _moves(boxes: list[_Box], dots: list[_Box]) -> Iterator[tuple[float, float]]:
    """Yield for each box the shortest way to where it is free: with some room around it, else without, else none."""
    now = list(boxes)
    for place, box in enumerate(boxes):
        others = [*now[:place], *now[place + 1 :]]
        chosen = _move(box.grown(FREE_PX), dots, others) or _move(box, dots, others) or (0.0, 0.0)
        now[place] = box.moved(*chosen)
        yield chosen


def labels(prepared: DistrictMap, width_px: int, height_px: int) -> Iterator[dict[str, Any]]:
    """Yield the lines of each district, their colour and the district's, and where their first base is centred."""
    if len(prepared.frame) > MOST_LABELLED:
        return
    scale = _scale(prepared.frame, width_px, height_px)
    said: list[dict[str, Any]] = []
    boxes: list[_Box] = []
    for row in rows_of(prepared.frame):
        lines = [*str(row.name).split(" – "), *([] if row.state == "not_named" else [str(row.value_text)])]
        x, y = scale.place(row.label_longitude, row.label_latitude)
        half, high = max(wide_px(line, SIZE_PX, WEIGHT) for line in lines) / 2, (len(lines) - 1) * LINE_PX
        said.append({"x": x, "y": y - high / 2, "text": str(row.text), "fill": str(row.fill), "label": lines})
        boxes.append(_Box(x - half, y - high / 2 - ABOVE_PX, x + half, y + high / 2 + BELOW_PX))
    at = [scale.place(row.longitude, row.latitude) for row in rows_of(shown_stations(prepared))]
    dots = [_Box(x - DOT_PX, y - DOT_PX, x + DOT_PX, y + DOT_PX) for x, y in at]
    for label, (right, down) in zip(said, _moves(boxes, dots), strict=True):
        x, y = label.pop("x") + right, label.pop("y") + down
        yield {"longitude": x / scale.x, "latitude": -y / scale.y, **label}
