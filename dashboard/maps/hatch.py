"""Hatching as geometry: parallel lines clipped to an area, for planned, projected and the greys."""

import shapely
from shapely import affinity

from dashboard.theme import INKS, Mode, mark

# Degrees of latitude between two lines; about 120 m.
SPACING_DEGREES = 0.0011
# At Ivry's latitude a degree of longitude is this much shorter than one of latitude.
LONGITUDE_SCALE = 0.66
# What is planned and the three kinds of missing lean differently, on the map as in its twin.
ANGLES = {"plan": 45, "not_named": 135, "missing": 135, "suppressed": 0, "not_applicable": 90}


def hatch_colour(style: str, theme: str, mode: Mode) -> str:
    """Return the colour of hatching: that of the theme for what is planned, a grey for what has no value."""
    return mark(theme, mode) if style == "plan" else INKS[mode]["secondary"]


def hatch(area: shapely.Geometry, angle: float = 45, spacing: float = SPACING_DEGREES) -> list[list[list[float]]]:
    """Return lines that fill an area (EPSG:4326) at an angle on screen, as lists of [longitude, latitude]."""
    flat = affinity.scale(area, xfact=LONGITUDE_SCALE, yfact=1, origin=(0, 0))
    turned = affinity.rotate(flat, -angle, origin=(0, 0))
    left, bottom, right, top = shapely.bounds(turned)
    count = int((top - bottom) / spacing) + 1
    lines = shapely.MultiLineString(
        [[(left, bottom + i * spacing), (right, bottom + i * spacing)] for i in range(1, count)]
    )
    clipped = shapely.intersection(lines, turned)
    back = affinity.rotate(clipped, angle, origin=(0, 0))
    geographic = affinity.scale(back, xfact=1 / LONGITUDE_SCALE, yfact=1, origin=(0, 0))
    return [
        [[round(x, 5), round(y, 5)] for x, y in part.coords]
        for part in shapely.get_parts(geographic)
        if part.geom_type == "LineString" and not part.is_empty
    ]
