"""Quantities side by side: filled for what is observed, hollow and dashed for what is promised."""

from dataclasses import dataclass
from typing import Any, Final

import altair as alt
import pandas as pd

from dashboard.theme import INKS, Mode, chart_config, mark
from dashboard.typeface import width_px as wide_px

ROW_PX = 44
# The values at the ends of bars, how far from them they stand; the width of a phone, and of the longest bar at least.
LABEL_WEIGHT: Final = 600
LABEL_SIZE_PX, LABEL_GAP_PX = 13, 7
NARROWEST_PX, SHORTEST_PX = 270, 40


@dataclass(frozen=True)
class Quantity:
    """One bar: its name, value, value in words, whether it is promised, and whether it is a peer shown in grey."""

    name: str
    value: float
    text: str
    planned: bool = False
    peer: bool = False


def _room(data: pd.DataFrame) -> float:
    """Return how much longer than the longest bar the axis is, so that the smallest phone shows values whole.

    One wider than such a phone leaves beside its shortest bar is cut; the table has it.
    """
    left = (NARROWEST_PX - LABEL_GAP_PX - wide_px(text, LABEL_SIZE_PX, LABEL_WEIGHT) for text in data["text"])
    lengths = data["value"] / data["value"].max()
    needed = (length * NARROWEST_PX / max(px, SHORTEST_PX) for length, px in zip(lengths, left, strict=True))
    return max(1.15, *needed)


def bar_chart(quantities: list[Quantity], theme: str, mode: Mode, language: str) -> alt.LayerChart:
    """Draw one bar a row, its name above it and its value at its end; the axis starts at zero."""
    inks = INKS[mode]
    data = pd.DataFrame([{"row": place, **vars(quantity)} for place, quantity in enumerate(quantities)])
    data["colour"] = [inks["peer"] if peer else mark(theme, mode) for peer in data["peer"]]
    x = alt.X("value:Q", axis=None, scale=alt.Scale(domain=[0, float(data["value"].max()) * _room(data)], nice=False))
    y = alt.Y("row:O", axis=None, scale=alt.Scale(paddingInner=0, paddingOuter=0))
    colour = alt.Color("colour:N", scale=None)
    stroke = alt.Stroke("colour:N", scale=None)
    shape: dict[str, Any] = {"height": 14, "yOffset": 8, "cornerRadius": 2}
    bars, layers = data[["row", "value", "colour"]], []  # a layer is sent with its own rows: only what it draws
    if (~data["planned"]).any():
        layers.append(alt.Chart(bars[~data["planned"]]).mark_bar(**shape).encode(x=x, y=y, color=colour))
    if data["planned"].any():
        hollow = alt.Chart(bars[data["planned"]]).mark_bar(filled=False, strokeDash=[4, 3], strokeWidth=1.6, **shape)
        layers.append(hollow.encode(x=x, y=y, stroke=stroke))
    texts: dict[str, Any] = {"align": "left", "fontSize": LABEL_SIZE_PX, "color": inks["ink"]}
    values = alt.Chart(data[["row", "value", "text"]]).mark_text(
        dx=LABEL_GAP_PX, dy=8, fontWeight=LABEL_WEIGHT, **texts
    )
    names = alt.Chart(data[["row", "name"]]).mark_text(dy=-11, limit=alt.ExprRef("width"), **texts)
    layers += [values.encode(x=x, y=y, text="text:N"), names.encode(x=alt.value(0), y=y, text="name:N")]
    chart = alt.layer(*layers)
    return chart.properties(width="container", height=ROW_PX * len(data)).configure(**chart_config(mode, language))
