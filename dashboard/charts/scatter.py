"""Two values of each area against each other: those that matter named and in colour, the others as grey points."""

from typing import Any

import altair as alt
import pandas as pd

from dashboard.theme import INKS, Mode, chart_config, mark
from dashboard.typeface import wrapped

HEIGHT_PX, AXIS_PX = 360, 56
# What the title of an axis may take on the narrowest phone.
TITLE_SIZE_PX, TITLE_PX = 13, 250


def scatter_chart(
    points: pd.DataFrame, titles: tuple[str, str], theme: str, mode: Mode, language: str, zero_line: bool = False
) -> alt.LayerChart:
    """Draw areas as points.

    Parameters
    ----------
    points : columns `name`, `x`, `y`, `text` (all in words), `is_named` (in colour, with its name), `is_hollow`
        (estimated or planned).
    titles : what x and y are, with their units.
    zero_line : whether a line marks where y is zero.
    """
    inks, colour = INKS[mode], mark(theme, mode)
    look: dict[str, Any] = {"tickCount": 5, "gridDash": [1, 3], "titleFontWeight": 600, "titleColor": inks["ink"]}
    across, up = (wrapped(title, TITLE_SIZE_PX, TITLE_PX) for title in titles)
    # The title of the upright axis lies flat above it: nobody should have to turn their head.
    flat: dict[str, Any] = {"titleAngle": 0, "titleAlign": "left", "titleAnchor": "end", "titleX": 0, "titleY": -12}
    scale = alt.Scale(zero=False, nice=True, padding=18)
    x = alt.X("x:Q", scale=scale, axis=alt.Axis(title=across, **look))
    y = alt.Y("y:Q", scale=scale, axis=alt.Axis(title=up, minExtent=AXIS_PX, titleBaseline="bottom", **look, **flat))
    said = [alt.Tooltip("text:N", title="\u00a0")]
    layers: list[alt.Chart] = []
    if zero_line:
        layers.append(alt.Chart(pd.DataFrame({"y": [0.0]})).mark_rule(color=inks["secondary"]).encode(y=y))
    for (is_named, is_hollow), rows in points.groupby(["is_named", "is_hollow"]):
        ink = colour if is_named else inks["peer"]
        dot = alt.Chart(rows).mark_point(
            shape="circle", filled=True, size=90 if is_named else 40, opacity=1,
            fill=inks["ground"] if is_hollow else ink, stroke=ink, strokeWidth=1.8,
        )  # fmt: skip
        layers.append(dot.encode(x=x, y=y, tooltip=said))
    named = points[points["is_named"]]
    if len(named):
        middle = (points["x"].min() + points["x"].max()) / 2
        # A name stands towards the middle of the chart, so that the edge never cuts it.
        for is_left, rows in named.groupby(named["x"] <= middle):
            side: dict[str, Any] = {"align": "left", "dx": 10} if is_left else {"align": "right", "dx": -10}
            words = alt.Chart(rows).mark_text(fontSize=13, fontWeight=600, color=inks["ink"], **side)
            layers.append(words.encode(x=x, y=y, text="name:N"))
    chart = alt.layer(*layers).properties(width="container", height=HEIGHT_PX)
    return chart.configure(**chart_config(mode, language))
