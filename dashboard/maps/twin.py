"""The Altair twin of a district map, from the same prepared frame: for pictures, print and documents."""

import json
from typing import Any

import altair as alt
import shapely

from dashboard.maps.hatch import ANGLES, hatch
from dashboard.maps.prepare import DistrictMap
from dashboard.theme import INKS, chart_config
from data.frames import rows_of


def _feature(shape: shapely.Geometry, **properties: Any) -> dict[str, Any]:
    # Vega projects on the sphere and wants outer rings clockwise, contrary to GeoJSON.
    if isinstance(shape, shapely.Polygon):
        shape = shapely.geometry.polygon.orient(shape, sign=-1)
    return {"type": "Feature", "geometry": json.loads(shapely.to_geojson(shape)), "properties": properties}


def _shapes(features: list[dict[str, Any]], **style: Any) -> alt.Chart:
    return alt.Chart(alt.Data(values=features)).mark_geoshape(**style)


def twin(prepared: DistrictMap, width: int = 560, height: int = 460) -> alt.LayerChart:
    """Draw a prepared map as a layered Altair chart: same areas, classes and colours as the deck."""
    inks = INKS[prepared.mode]
    frame = prepared.frame
    areas = [_feature(row.geometry, slug=row.slug, fill=row.fill) for row in rows_of(frame)]
    colour = alt.Color("properties.fill:N", scale=None)
    layers: list[alt.Chart] = [_shapes(areas, stroke=inks["ground"], strokeWidth=2).encode(color=colour)]
    hatched = [
        _feature(shapely.MultiLineString(hatch(row.geometry, ANGLES[row.hatch])))
        for row in rows_of(frame[frame["hatch"] != ""])
    ]
    if hatched:
        layers.append(_shapes(hatched, filled=False, stroke=inks["secondary"], strokeWidth=0.7))
    rivers = [_feature(shape) for shape in prepared.context.query("kind == 'line'")["geometry"]]
    layers.append(_shapes(rivers, filled=False, stroke=inks["water"], strokeWidth=4))
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
