"""The deck.gl map of a page. It asks nobody for tiles: outlines, river, railway and names are its ground."""

import json
import math
from functools import cached_property
from typing import Any

import pandas as pd
import pydeck as pdk
import shapely

from dashboard.formats import labelled
from dashboard.maps.hatch import ANGLES, hatch, hatch_colour
from dashboard.maps.prepare import MOST_LABELLED, DistrictMap, is_water, one_each
from dashboard.theme import INKS, rgb
from data.frames import rows_of

# The width is that of the column on a desktop; of both a part is left free around the areas.
WIDTH_PX, HEIGHT_PX, ROOM = 620, 460, 0.94
NEAREST_ZOOM = 12.75
# One colour and width a layer, as all other lines have: rows with their own would need one more program compiled.
_LINES_PX = {"water": 7.0, "rail": 1.5}
# Names of neighbours that are longer stand in two lines.
MOST_LETTERS = 11
# Names of layers readers can choose an area in begin so; the rest of the name is the area chosen already, so that
# deck forgets a click once it is carried out (a remembered one would fade the other districts).
HIT_LAYER = "district-hit-"


class CompactDeck(pdk.Deck):
    """A deck whose JSON is made once and without indentation."""

    @cached_property
    def _compact(self) -> str:
        return json.dumps(json.loads(super().to_json()), ensure_ascii=False, separators=(",", ":"))

    def to_json(self) -> str:
        """Return the deck as compact JSON."""
        return self._compact


def _ring(area: shapely.Polygon) -> list[list[float]]:
    return [[round(x, 5), round(y, 5)] for x, y in area.exterior.coords]


def _rings(shape: shapely.Geometry) -> list[list[Any]]:
    """Return the outlines of a shape that may be in several parts: outer rings alone, or with the holes in them."""
    parts = [part for part in shapely.get_parts(shape) if isinstance(part, shapely.Polygon)]
    return [
        [_ring(part), *(_ring(shapely.Polygon(hole)) for hole in part.interiors)] if part.interiors else _ring(part)
        for part in parts
    ]


def _zoom(bounds: tuple[float, float, float, float]) -> float:
    """Return the zoom at which bounds fit into the map, never nearer than a city of the size of Ivry needs."""
    left, bottom, right, top = bounds
    middle = math.radians((bottom + top) / 2)
    # At zoom 0 deck.gl draws the earth 512 px wide, and latitudes stretched by the cosine.
    fits = (WIDTH_PX * 360 / max(right - left, 1e-9), HEIGHT_PX * 360 * math.cos(middle) / max(top - bottom, 1e-9))
    return min(NEAREST_ZOOM, math.log2(ROOM * min(fits) / 512))


def _layer(kind: str, identifier: str, data: list[Any], **options: Any) -> pdk.Layer:
    return pdk.Layer(kind, data=data, id=identifier, pickable=options.pop("pickable", False), **options)


def _text_layer(identifier: str, data: list[dict[str, Any]], size: int, **options: Any) -> pdk.Layer:
    return _layer(
        "TextLayer",
        identifier,
        data,
        get_position="position",
        get_text="label",
        get_size=size,
        # The letters that occur: those of the basic set alone would leave accents out.
        character_set=pdk.types.String("auto"),
        font_family=pdk.types.String("Source Sans, sans-serif"),
        line_height=1.15,
        **options,
    )


def _hatch_layers(prepared: DistrictMap) -> list[pdk.Layer]:
    """Return hatching: theme lines for what is planned, greys of three directions for what has no value."""
    hatched = prepared.frame[prepared.frame["hatch"] != ""]
    layers = []
    for style, group in hatched.groupby("hatch", sort=True):
        # Bare paths (`-` stands for the row itself): there are many, and each change of the map sends them.
        lines = [line for shape in group["geometry"] for line in hatch(shape, ANGLES[str(style)])]
        layers.append(
            _layer(
                "PathLayer",
                f"hatch-{style}",
                lines,
                get_path="-",
                get_color=rgb(hatch_colour(str(style), prepared.theme, prepared.mode)),
                get_width=1,
                width_units=pdk.types.String("pixels"),
            )
        )
    return layers


def _in_two_lines(name: str) -> str:
    """Return a long name broken after the hyphen or space nearest its middle."""
    ends = [place for place, letter in enumerate(name, start=1) if letter in "- " and place < len(name)]
    if len(name) <= MOST_LETTERS or not ends:
        return name
    end = min(ends, key=lambda place: abs(2 * place - len(name)))
    return f"{name[:end].rstrip()}\n{name[end:]}"


def _context_layers(prepared: DistrictMap) -> list[pdk.Layer]:
    inks = INKS[prepared.mode]
    paths: dict[str, list[list[list[float]]]] = {name: [] for name in _LINES_PX}
    labels = []
    _, south, _, north = shapely.total_bounds(prepared.frame["geometry"].to_numpy())
    for row in rows_of(prepared.context):
        shape: Any = row.geometry
        if row.kind == "line":
            points = [[round(x, 5), round(y, 5)] for x, y in shape.coords]
            paths["water" if is_water(str(row.name)) else "rail"].append(points)
        else:
            # Beside the areas a phone has little width for a name; above and below them there is little height.
            label = _in_two_lines(str(row.name)) if south < shape.y < north else row.name
            labels.append({"position": [round(shape.x, 5), round(shape.y, 5)], "label": label})
    lines = [
        _layer(
            "PathLayer",
            f"context-{name}",
            paths[name],
            get_path="-",
            get_color=rgb(inks[name]),
            get_width=width,
            width_units=pdk.types.String("pixels"),
            cap_rounded=True,
            joint_rounded=True,
        )
        for name, width in _LINES_PX.items()
        if paths[name]
    ]
    return [*lines, _text_layer("context-labels", labels, 12, get_color=rgb(inks["secondary"]))]


def _label_layers(prepared: DistrictMap) -> list[pdk.Layer]:
    """Return names and values, one layer a fill: a halo has one colour a layer, that of the ground beneath."""
    layers = []
    for (ink, fill), group in prepared.frame.groupby(["text", "fill"], sort=True):
        labels = [
            {
                "position": [round(row.label_longitude, 5), round(row.label_latitude, 5)],
                "label": str(row.name).replace(" – ", "\n")
                + ("" if row.state == "not_named" else f"\n{row.value_text}"),
            }
            for row in rows_of(group)
        ]
        layers.append(
            _text_layer(
                f"labels-{fill}",
                labels,
                13,
                get_color=rgb(str(ink)),
                font_weight=600,
                outline_color=[*rgb(str(fill)), 255],
                outline_width=4,
                font_settings={"sdf": True, "radius": 12, "buffer": 6, "fontSize": 64, "smoothing": 0.2},
            )
        )
    return layers


def _point_layers(points: pd.DataFrame, prepared: DistrictMap) -> list[pdk.Layer]:
    if points.empty:
        return []
    inks = INKS[prepared.mode]
    data = [{"position": [round(row.longitude, 5), round(row.latitude, 5)]} for row in rows_of(one_each(points))]
    return [
        _layer(
            "ScatterplotLayer",
            "stations",
            data,
            get_position="position",
            get_fill_color=rgb(inks["ground"]),
            get_line_color=rgb(inks["ink"]),
            stroked=True,
            filled=True,
            get_radius=4,
            radius_units=pdk.types.String("pixels"),
            line_width_min_pixels=2,
        )
    ]


def deck(prepared: DistrictMap) -> CompactDeck:
    """Draw a prepared map.

    Returns
    -------
    A deck whose only pickable layer is the districts; a chosen object carries `slug`.
    """
    inks = INKS[prepared.mode]
    frame = prepared.frame
    is_labelled = len(frame) <= MOST_LABELLED
    rings = [
        {"polygon": ring, "fill": rgb(str(row.fill)), "slug": row.slug}
        | ({} if is_labelled else {"said": labelled(str(row.name), str(row.value_text), prepared.language)})
        for row in rows_of(frame)
        for ring in _rings(row.geometry)
    ]
    chosen = frame[frame["selected"]]
    outline = [
        {"path": ring if isinstance(ring[0][0], float) else ring[0]}
        for shape in chosen["geometry"]
        for ring in _rings(shape)
    ]
    hits = [{key: value for key, value in ring.items() if key != "fill"} for ring in rings]
    layers = [
        _layer(
            "PolygonLayer",
            "districts",
            rings,
            get_polygon="polygon",
            get_fill_color="fill",
            stroked=True,
            get_line_color=rgb(inks["ground"]),
            line_width_min_pixels=3,
        ),
        *_hatch_layers(prepared),
        # A dark line within a light one: whatever fills lie beside it, one of both stands out from them.
        _layer(
            "PolygonLayer",
            HIT_LAYER + (chosen["slug"].iloc[0] if len(chosen) else ""),
            hits,
            get_polygon="polygon",
            get_fill_color=[0, 0, 0, 0],
            stroked=True,
            get_line_color=rgb(inks["secondary"]),
            line_width_min_pixels=1,
            pickable=True,
        ),
        *_context_layers(prepared),
        _layer(
            "PathLayer",
            "chosen",
            outline,
            get_path="path",
            get_color=rgb(inks["ink"]),
            get_width=3,
            width_units=pdk.types.String("pixels"),
            joint_rounded=True,
        ),
        *_point_layers(prepared.points, prepared),
        *(_label_layers(prepared) if is_labelled else []),
    ]
    left, bottom, right, top = shapely.total_bounds(frame["geometry"].to_numpy())
    zoom = _zoom((left, bottom, right, top))
    state = pdk.ViewState(
        longitude=(left + right) / 2, latitude=(bottom + top) / 2, zoom=zoom, min_zoom=zoom - 1.75, max_zoom=16
    )
    return CompactDeck(
        layers=layers,
        initial_view_state=state,
        map_provider=None,
        # Areas that are too many to be named say what they are under the pointer; the table says it to everybody.
        tooltip=False if is_labelled else {"text": "{said}"},
        parameters={"clearColor": [*(c / 255 for c in rgb(inks["ground"])), 1]},
    )
