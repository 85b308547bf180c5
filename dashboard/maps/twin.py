"""The Altair twin of a district map, from the same prepared frame: for pictures, print and documents."""

import json
from typing import Any

import altair as alt
import shapely

from dashboard.maps.hatch import ANGLES, hatch
from dashboard.maps.prepare import DistrictMap, one_each
from dashboard.theme import INKS, chart_config
from data.frames import rows_of

CASING_PX, OUTLINE_PX = 3, 0.9


def _feature(shape: shapely.Geometry, **properties: Any) -> dict[str, Any]:
    # Vega projects on the sphere and wants outer rings clockwise, contrary to GeoJSON.
    if isinstance(shape, shapely.Polygon):
        shape = shapely.geometry.polygon.orient(shape, sign=-1)
    return {"type": "Feature", "geometry": json.loads(shapely.to_geojson(shape)), "properties": properties}


def _shapes(features: list[dict[str, Any]], **style: Any) -> alt.Chart:
    return alt.Chart(alt.Data(values=features)).mark_geoshape(**style)


def _stations(prepared: DistrictMap, inks: dict[str, str]) -> alt.Chart:
    """Return the stations as the deck draws them, a light dot with a dark rim: those a still map has room for."""
    west, south, east, north = shapely.total_bounds(prepared.frame["geometry"].to_numpy())
    points = [
        {"longitude": row.longitude, "latitude": row.latitude}
        for row in rows_of(one_each(prepared.points))
        if west <= row.longitude <= east and south <= row.latitude <= north
    ]
    dots = alt.Chart(alt.Data(values=points)).mark_circle(
        size=34, fill=inks["ground"], stroke=inks["ink"], strokeWidth=1.6, opacity=1
    )
    return dots.encode(longitude="longitude:Q", latitude="latitude:Q")


def twin(prepared: DistrictMap, width: int = 560, height: int = 460) -> alt.LayerChart:
    """Draw a prepared map as a layered Altair chart: same areas, classes and colours as the deck."""
    inks = INKS[prepared.mode]
    frame = prepared.frame
    areas = [_feature(row.geometry, slug=row.slug, fill=row.fill) for row in rows_of(frame)]
    colour = alt.Color("properties.fill:N", scale=None)
    layers: list[alt.Chart] = [_shapes(areas, stroke=inks["ground"], strokeWidth=CASING_PX).encode(color=colour)]
    hatched = [
        _feature(shapely.MultiLineString(hatch(row.geometry, ANGLES[row.hatch])))
        for row in rows_of(frame[frame["hatch"] != ""])
    ]
    if hatched:
        layers.append(_shapes(hatched, filled=False, stroke=inks["secondary"], strokeWidth=0.7))
    # A dark line within a light one: whatever fills lie beside it, one of both stands out from them.
    layers.append(_shapes(areas, filled=False, stroke=inks["secondary"], strokeWidth=OUTLINE_PX))
    rivers = [_feature(shape) for shape in prepared.context.query("kind == 'line'")["geometry"]]
    layers.append(_shapes(rivers, filled=False, stroke=inks["water"], strokeWidth=4))
    if len(prepared.points):
        layers.append(_stations(prepared, inks))
    labels = [
        {
            "longitude": row.label_longitude,
            "latitude": row.label_latitude,
            "text": str(row.text),
            "label": [*str(row.name).split(" – "), *([] if row.state == "not_named" else [str(row.value_text)])],
        }
        for row in rows_of(frame)
    ]
    position = {"longitude": "longitude:Q", "latitude": "latitude:Q"}
    words = alt.Chart(alt.Data(values=labels)).mark_text(fontWeight=600, fontSize=13, lineBreak="\n")
    layers.append(words.encode(text="label:N", color=alt.Color("text:N", scale=None), **position))
    chart = alt.layer(*layers).project("mercator").properties(width=width, height=height)
    return chart.configure(**chart_config(prepared.mode))
