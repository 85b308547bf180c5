"""Dot plots: a few areas one below another, each on a rail that reaches from the lowest of all peers to the highest."""

from dataclasses import dataclass

import altair as alt
import pandas as pd

from dashboard.theme import INKS, Mode, chart_config, mark

ROW_PX = 46


@dataclass(frozen=True)
class Dot:
    """One area: its name with its value in words, and the value; missing where it has none."""

    words: str
    value: float | None
    is_estimated: bool = False


def dot_chart(
    dots: list[Dot], peers: list[float], theme: str, mode: Mode, language: str, is_planned: bool = False
) -> alt.LayerChart:
    """Draw areas among their peers.

    Parameters
    ----------
    dots : the areas, in the order of rows; at least one has a value.
    peers : the values of all areas of the level, those of `dots` among them.
    is_planned : whether the values are not observed: dots are hollow.
    """
    inks, colour = INKS[mode], mark(theme, mode)
    low, high = min(peers), max(peers)
    margin = (high - low) * 0.03 or 1.0
    data = pd.DataFrame([{"row": place, **vars(dot)} for place, dot in enumerate(dots)])
    x = alt.X("value:Q", scale=alt.Scale(domain=[low - margin, high + margin], nice=False, zero=False),
              axis=alt.Axis(title=None, tickCount=5, grid=False))  # fmt: skip
    y = alt.Y("row:O", axis=None, scale=alt.Scale(paddingInner=0, paddingOuter=0))
    rails = data[["row"]].assign(value=low, high=high)
    rail = alt.Chart(rails).mark_rule(color=inks["hairline"], strokeWidth=6, strokeCap="round", yOffset=10)
    ticks = data[["row"]].merge(pd.DataFrame({"value": peers}), how="cross")
    tick = alt.Chart(ticks).mark_tick(color=inks["peer"], height=12, thickness=1.4, yOffset=10, opacity=1)
    names = alt.Chart(data[["row", "words"]]).mark_text(
        align="left", dy=-9, fontSize=13, fontWeight=600, color=inks["ink"], limit=alt.ExprRef("width")
    )
    layers: list[alt.Chart] = [rail.encode(x=x, x2="high:Q", y=y), tick.encode(x=x, y=y)]
    for is_hollow, rows in data.dropna(subset="value").groupby(data["is_estimated"] | is_planned):
        dot = alt.Chart(rows[["row", "value"]]).mark_point(
            shape="circle", filled=True, size=150, opacity=1, yOffset=10,
            fill=inks["ground"] if is_hollow else colour, stroke=colour, strokeWidth=2,
        )  # fmt: skip
        layers.append(dot.encode(x=x, y=y))
    layers.append(names.encode(x=alt.value(0), y=y, text="words:N"))
    chart = alt.layer(*layers).properties(width="container", height=ROW_PX * len(data))
    return chart.configure(**chart_config(mode, language))
