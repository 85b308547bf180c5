"""Charts that change as a reader moves a slider: declared once with Altair, then filled with values.

Declaring and checking a chart takes Altair about 100 ms, filling one in takes one; what is drawn is the same.
"""

from collections.abc import Mapping
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
    """Return the specification of a layered chart whose layers share their scales: each is written once."""
    specification = chart.to_dict()
    said: set[str] = set()
    for layer in specification["layer"]:
        for channel, encoding in layer["encoding"].items():
            if isinstance(encoding, dict) and "scale" in encoding:
                if channel in said:
                    del encoding["scale"]
                said.add(channel)
    return specification


def fill(specification: dict[str, Any], frames: Mapping[str, pd.DataFrame]) -> dict[str, Any]:
    """Return a layered specification with its named places filled; the one given stays as it is.

    The frame most layers share is written once, where they all find it. A layer without rows is left out: it would
    draw a mark without a name, which screen readers stumble over. The first layer must have rows: it holds the scales.

    Raises
    ------
    KeyError
        A place has no frame.
    """
    places = [layer["data"]["name"] for layer in specification["layer"]]
    shared = max(places, key=places.count)
    layers = []
    for place, layer in zip(places, specification["layer"], strict=True):
        if frames[place].empty:
            continue
        rest = {key: value for key, value in layer.items() if key != "data"}
        layers.append(rest if place == shared else {"data": {"values": _records(frames[place])}, **rest})
    # Not at the top: Streamlit would take it out and turn it into Arrow on every run of a page.
    return {**specification, "layer": [{"data": {"values": _records(frames[shared])}, "layer": layers}]}
