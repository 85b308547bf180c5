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


def declared(chart: alt.LayerChart) -> dict[str, Any]:
    """Return the specification of a layered chart whose layers share their scales and axes: each is written once."""
    specification = chart.to_dict()
    said: dict[tuple[str, str], Any] = {}
    for layer in specification["layer"]:
        for channel, encoding in layer["encoding"].items():
            for part in ("scale", "axis"):
                # One that is left out takes the looks of the one said before; a null would come back as the usual one.
                if not isinstance(encoding, dict) or not encoding.get(part):
                    continue
                if said.get((channel, part)) == encoding[part]:
                    del encoding[part]
                else:
                    said.setdefault((channel, part), encoding[part])
    for axis in said.values():
        # For layers without an axis Vega-Lite works out how many ticks have room, and would thin out those we name.
        if "values" in axis:
            axis["tickCount"] = len(axis["values"])
    return specification


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
    """Return the specification of a layered chart; scales, axes and rows that layers share are written once."""
    specification = declared(chart)
    for_all = specification.pop("data", None)
    layers = [layer if "data" in layer else {"data": for_all, **layer} for layer in specification["layer"]]
    return {**specification, "layer": _sharing(layers)}


def fill(specification: dict[str, Any], frames: Mapping[str, pd.DataFrame]) -> dict[str, Any]:
    """Return a layered specification with its named places filled; the one given stays as it is.

    A layer without rows is left out: it would draw a mark without a name, which screen readers stumble over. The first
    layer must have rows: it holds the scales and axes.

    Raises
    ------
    KeyError
        A place has no frame.
    """
    rows = {name: {"values": _records(frame)} for name, frame in frames.items()}
    filled = [{**layer, "data": rows[layer["data"]["name"]]} for layer in specification["layer"]]
    return {**specification, "layer": _sharing([layer for layer in filled if layer["data"]["values"]])}
