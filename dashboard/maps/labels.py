"""Where names and values stand on a still map: around the middle of their district, over no station."""

import math
from collections.abc import Iterator
from itertools import product
from typing import Any, NamedTuple

import pandas as pd
import shapely

from dashboard.maps.prepare import DistrictMap, one_each
from data.frames import rows_of

# Height of a line, width of a broad letter, what letters take above and below their base line, radius of a dot.
LINE_PX, LETTER_PX, ABOVE_PX, BELOW_PX, DOT_PX = 14, 7.4, 11, 4, 5
_STEPS = [5 * step for step in range(-9, 10)]
# Ways from the middle of a district, the shortest first.
_MOVES_PX = sorted(product(_STEPS, _STEPS), key=lambda move: (math.hypot(*move), move))


class Scale(NamedTuple):
    """How many pixels a degree of longitude and one of latitude take on a map."""

    x: float
    y: float

    def place(self, longitude: float, latitude: float) -> tuple[float, float]:
        """Return a position in pixels, downwards, from the equator and Greenwich."""
        return longitude * self.x, -latitude * self.y


def _scale(frame: pd.DataFrame, width_px: int, height_px: int) -> Scale:
    west, south, east, north = shapely.total_bounds(frame["geometry"].to_numpy())
    narrowing = math.cos(math.radians((south + north) / 2))
    per_latitude = min(width_px / (east - west) / narrowing, height_px / (north - south))
    return Scale(per_latitude * narrowing, per_latitude)


def shown_stations(prepared: DistrictMap) -> pd.DataFrame:
    """Return the stations a still map has room for: those of each name once, within the bounds of the districts."""
    west, south, east, north = shapely.total_bounds(prepared.frame["geometry"].to_numpy())
    points = one_each(prepared.points)
    return points[points["longitude"].between(west, east) & points["latitude"].between(south, north)]


def _free_move(x: float, first: float, lines: list[str], dots: list[tuple[float, float]]) -> tuple[float, float]:
    """Return the shortest way that takes words off all dots; none where there is no such way."""
    half = max(map(len, lines)) * LETTER_PX / 2 + DOT_PX
    top, bottom = first - ABOVE_PX - DOT_PX, first + (len(lines) - 1) * LINE_PX + BELOW_PX + DOT_PX
    for right, down in _MOVES_PX:
        if not any(abs(dot_x - x - right) < half and top < dot_y - down < bottom for dot_x, dot_y in dots):
            return right, down
    return 0, 0


def labels(prepared: DistrictMap, width_px: int, height_px: int) -> Iterator[dict[str, Any]]:
    """Yield the lines of each district, their colour, and where the base of the first line is centred."""
    scale = _scale(prepared.frame, width_px, height_px)
    dots = [scale.place(row.longitude, row.latitude) for row in rows_of(shown_stations(prepared))]
    for row in rows_of(prepared.frame):
        lines = [*str(row.name).split(" – "), *([] if row.state == "not_named" else [str(row.value_text)])]
        x, y = scale.place(row.label_longitude, row.label_latitude)
        y -= (len(lines) - 1) / 2 * LINE_PX
        right, down = _free_move(x, y, lines, dots)
        yield {
            "longitude": (x + right) / scale.x,
            "latitude": -(y + down) / scale.y,
            "text": str(row.text),
            "label": lines,
        }
