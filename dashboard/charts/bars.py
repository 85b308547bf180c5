"""Quantities side by side: filled for what is observed, hollow and dashed for what is promised."""

from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd

from dashboard.theme import INKS, Mode, chart_config, mark

ROW_PX = 44


@dataclass(frozen=True)
class Quantity:
    """One bar: its name, value, value in words, whether it is promised, and whether it is a peer shown in grey."""

    name: str
    value: float
    text: str
    planned: bool = False
    peer: bool = False


def _room(data: pd.DataFrame) -> float:
    """Return how much longer than the longest bar the axis is, so that a phone shows the values whole."""
    return min(1.15 + 0.045 * int(data["text"].str.len().max()), 2.2)


def bar_chart(quantities: list[Quantity], theme: str, mode: Mode) -> alt.LayerChart:
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
    texts: dict[str, Any] = {"align": "left", "fontSize": 13, "color": inks["ink"]}
    values = alt.Chart(data[["row", "value", "text"]]).mark_text(dx=7, dy=8, fontWeight=600, **texts)
    names = alt.Chart(data[["row", "name"]]).mark_text(dy=-11, limit=alt.ExprRef("width"), **texts)
    layers += [values.encode(x=x, y=y, text="text:N"), names.encode(x=alt.value(0), y=y, text="name:N")]
    chart = alt.layer(*layers)
    return chart.properties(width="container", height=ROW_PX * len(data)).configure(**chart_config(mode))
