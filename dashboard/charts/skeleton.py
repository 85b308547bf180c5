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


def fill(specification: dict[str, Any], frames: Mapping[str, pd.DataFrame]) -> dict[str, Any]:
    """Return a specification with its named places filled; the one given stays as it is.

    Raises
    ------
    KeyError
        A place has no frame.
    """
    filled = dict(specification)
    if "name" in filled.get("data", {}):
        filled["data"] = {"values": _records(frames[filled["data"]["name"]])}
    if "layer" in filled:
        filled["layer"] = [fill(layer, frames) for layer in filled["layer"]]
    return filled
