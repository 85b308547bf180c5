"""The Altair twin of a district map, from the same prepared frame: for pictures, print and documents."""

import json
from collections.abc import Iterator
from typing import Any

import altair as alt
import shapely

from dashboard.maps.hatch import ANGLES, hatch, hatch_colour
from dashboard.maps.labels import labels, shown_stations
from dashboard.maps.prepare import MOST_LABELLED, DistrictMap, is_water
from dashboard.theme import INKS, chart_config
from data.frames import rows_of

CASING_PX, OUTLINE_PX, RIM_PX = 3, 0.9, 3
STATION_AREA_PX, STATION_RIM_PX = 34, 1.6


def _feature(shape: shapely.Geometry, **properties: Any) -> dict[str, Any]:
    # Vega projects on the sphere and wants outer rings clockwise, contrary to GeoJSON.
    if isinstance(shape, shapely.Polygon):
        shape = shapely.geometry.polygon.orient(shape, sign=-1)
    return {"type": "Feature", "geometry": json.loads(shapely.to_geojson(shape)), "properties": properties}


def _shapes(features: list[dict[str, Any]], **style: Any) -> alt.Chart:
    return alt.Chart(alt.Data(values=features)).mark_geoshape(**style)


def _stations(prepared: DistrictMap, inks: dict[str, str]) -> alt.Chart:
    """Return the stations as the deck draws them: a light dot with a dark rim."""
    shown = shown_stations(prepared)
    points = [{"longitude": row.longitude, "latitude": row.latitude} for row in rows_of(shown)]
    dots = alt.Chart(alt.Data(values=points)).mark_circle(
        size=STATION_AREA_PX, fill=inks["ground"], stroke=inks["ink"], strokeWidth=STATION_RIM_PX, opacity=1
    )
    return dots.encode(longitude="longitude:Q", latitude="latitude:Q")


def _hatching(prepared: DistrictMap) -> Iterator[alt.Chart]:
    """Yield what is planned in lines of the theme, the kinds of missing in grey ones."""
    for style, rows in prepared.frame[prepared.frame["hatch"] != ""].groupby("hatch", sort=True):
        lines = [_feature(shapely.MultiLineString(hatch(shape, ANGLES[str(style)]))) for shape in rows["geometry"]]
        colour = hatch_colour(str(style), prepared.theme, prepared.mode)
        yield _shapes(lines, filled=False, stroke=colour, strokeWidth=0.7)


def _context(prepared: DistrictMap, inks: dict[str, str]) -> Iterator[alt.Chart]:
    """Yield the river as a broad line of water and tracks as thin ones, as the deck draws them."""
    lines = prepared.context[prepared.context["kind"] == "line"]
    wet = lines["name"].map(is_water).astype(bool)
    for shapes, look in (
        (lines.loc[wet, "geometry"], {"stroke": inks["water"], "strokeWidth": 4}),
        (lines.loc[~wet, "geometry"], {"stroke": inks["rail"], "strokeWidth": 1.5}),
    ):
        if len(shapes):
            yield _shapes([_feature(shape) for shape in shapes], filled=False, **look)


def twin(prepared: DistrictMap, width: int = 560, height: int = 460, is_small: bool = False) -> alt.LayerChart:
    """Draw a prepared map as a layered Altair chart: same areas, classes and colours as the deck."""
    inks = INKS[prepared.mode]
    frame = prepared.frame
    areas = [_feature(row.geometry, slug=row.slug, fill=row.fill) for row in rows_of(frame)]
    colour = alt.Color("properties.fill:N", scale=None)
    layers: list[alt.Chart] = [_shapes(areas, stroke=inks["ground"], strokeWidth=CASING_PX).encode(color=colour)]
    layers += _hatching(prepared)
    # A dark line within a light one: whatever fills lie beside it, one of both stands out from them.
    layers.append(_shapes(areas, filled=False, stroke=inks["secondary"], strokeWidth=OUTLINE_PX))
    layers += _context(prepared, inks)
    if len(shown_stations(prepared)):
        layers.append(_stations(prepared, inks))
    position = {"longitude": "longitude:Q", "latitude": "latitude:Q"}
    if is_small or len(frame) > MOST_LABELLED:
        # Without names: the areas of the small maps that stand side by side are those of the table beneath.
        chart = alt.layer(*layers).project("mercator").properties(width=width, height=height)
        return chart.configure(**chart_config(prepared.mode, prepared.language))
    named = alt.Data(values=list(labels(prepared, width, height)))
    # The rim is painted beneath the letters where the style sheet says so, as those of the site and the wall do.
    words = alt.Chart(named).mark_text(fontWeight=600, fontSize=13, lineBreak="\n", strokeWidth=RIM_PX)
    inked = {"fill": alt.Fill("text:N", scale=None), "stroke": alt.Stroke("fill:N", scale=None)}
    layers.append(words.encode(text="label:N", **inked, **position))
    chart = alt.layer(*layers).project("mercator").properties(width=width, height=height)
    return chart.configure(**chart_config(prepared.mode, prepared.language))
