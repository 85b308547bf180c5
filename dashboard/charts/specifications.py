"""Specifications as short as they can be, since each change of a page sends them; what is drawn is the same.

A chart that changes as a reader moves a slider is declared once with Altair, then filled with values: declaring and
checking one takes about 100 ms, filling it in takes one.
"""

from collections.abc import Mapping
from itertools import groupby
from operator import itemgetter
from typing import Any

import altair as alt
import pandas as pd


def named(name: str) -> alt.NamedData:
    """Return a place for a frame, to be filled in later."""
    return alt.NamedData(name=name)


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return rows as plain values; what is missing is null."""
    columns = {
        str(name): [None if value != value else value for value in column.tolist()] for name, column in frame.items()
    }
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]


def _with_its_ticks(axis: dict[str, Any]) -> dict[str, Any]:
    """Return an axis that shows all values it names, though layers beside it say nothing of theirs.

    For those Vega-Lite works out how many ticks have room, and would thin out what is named.
    """
    return {**axis, "tickCount": len(axis["values"])} if "values" in axis else axis


def _shorter(channel: str, shown: dict[str, Any], said: dict[tuple[str, str], Any]) -> dict[str, Any]:
    """Return how a layer uses a channel, without the scale and axis that were said of the channel; note what is new."""
    short = dict(shown)
    # What is null stays: left out, it would come back as the usual one.
    for part in (part for part in ("scale", "axis") if shown.get(part)):
        if said.get((channel, part)) == shown[part]:
            del short[part]
            continue
        said.setdefault((channel, part), shown[part])
        if part == "axis":
            short[part] = _with_its_ticks(shown[part])
    return short


def _said_once(layers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return layers without the scales and axes that one before them has said of the same channel."""
    said: dict[tuple[str, str], Any] = {}
    return [
        layer
        | {
            "encoding": {
                # Several tooltips are a list; they have neither.
                channel: _shorter(channel, shown, said) if isinstance(shown, dict) else shown
                for channel, shown in layer["encoding"].items()
            }
        }
        for layer in layers
    ]


def _sharing(layers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return layers with the rows that most of them draw written once, where all find them, and so those of neighbours.

    Not at the top of the chart: Streamlit would take rows out there and turn them into Arrow on every run of a page.
    """
    rows = [layer["data"] for layer in layers]
    shared = max(rows, key=rows.count)
    inner: list[dict[str, Any]] = []
    for own, neighbours in groupby(layers, key=itemgetter("data")):
        bare = [{key: value for key, value in layer.items() if key != "data"} for layer in neighbours]
        if own == shared:
            inner += bare
        else:
            inner.append({"data": own, **(bare[0] if len(bare) == 1 else {"layer": bare})})
    return [{"data": shared, "layer": inner}]


def specification_of(chart: alt.LayerChart) -> dict[str, Any]:
    """Return the specification of a chart whose layers share scales and axes: these and common rows are said once."""
    specification = chart.to_dict()
    for_all = specification.pop("data", None)
    layers = [layer if "data" in layer else {"data": for_all, **layer} for layer in specification["layer"]]
    return {**specification, "layer": _sharing(_said_once(layers))}


def fill(specification: dict[str, Any], frames: Mapping[str, pd.DataFrame]) -> dict[str, Any]:
    """Return a specification as Altair gives it, its named places filled, as short as `specification_of`.

    A layer without rows is left out: it would draw a mark without a name, which screen readers stumble over. The
    specification given stays as it is.

    Raises
    ------
    KeyError
        A place has no frame.
    """
    rows = {name: {"values": _records(frame)} for name, frame in frames.items()}
    filled = [{**layer, "data": rows[layer["data"]["name"]]} for layer in specification["layer"]]
    drawn = [layer for layer in filled if layer["data"]["values"]]
    return {**specification, "layer": _sharing(_said_once(drawn))}
