"""Bands over years, one lane a place, all on one scale: what hypotheses leave possible, dotted and in ink."""

from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd

from dashboard.theme import INKS, Mode, chart_config

LANE_PX = 78
# The part of a lane, from its foot, that values may fill: the name stands above.
FILL = 0.62


@dataclass(frozen=True, eq=False)
class Lane:
    """A place: its name, bounds by year, those without delay where they differ, and what it says in words.

    `frame` has columns `year`, `low`, `high`, and `on_time_low`, `on_time_high` (missing where nothing differs).
    """

    name: str
    frame: pd.DataFrame
    words: str
    chosen: bool = False


def _long(lanes: list[Lane], highest: float) -> pd.DataFrame:
    frames = []
    for place, lane in enumerate(lanes):
        frame = lane.frame.assign(lane=place)
        for column in ("low", "high", "on_time_low", "on_time_high"):
            frame[column] = (place + 1 - frame[column] / highest * FILL).round(4)
        frames.append(frame)
    return pd.concat(frames, ignore_index=True)


def band_lanes(lanes: list[Lane], year: int, mode: Mode) -> alt.LayerChart:
    """Draw one lane a place; the band is what is possible by the end of each year, the rule marks the chosen year."""
    inks = INKS[mode]
    tops = [lane.frame[column].max() for lane in lanes for column in ("high", "on_time_high")]
    highest = max([1.0, *(float(top) for top in tops if pd.notna(top))])
    data = _long(lanes, highest)
    first, last = int(data["year"].min()), int(data["year"].max())
    years = [tick for tick in range(first, last + 1) if tick % 5 == 0]
    axis = alt.Axis(format="d", values=years, title=None, grid=False, domain=False, ticks=False)
    x = alt.X("year:Q", scale=alt.Scale(domain=[first, last + 0.4], nice=False), axis=axis)
    scale = alt.Scale(domain=[0, len(lanes)], reverse=True, nice=False)

    def y(field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", scale=scale, axis=None)

    names = pd.DataFrame(
        [{"lane": i, "name": lane.name, "words": lane.words, "chosen": lane.chosen} for i, lane in enumerate(lanes)]
    )
    dotted: dict[str, Any] = {"strokeWidth": 1.8, "strokeDash": [1.5, 3], "strokeCap": "round", "color": inks["ink"]}
    base = alt.Chart(data)
    layers: list[alt.Chart] = [
        alt.Chart(names).mark_rule(color=inks["hairline"]).encode(y=alt.Y("foot:Q", scale=scale, axis=None)),
        alt.Chart(pd.DataFrame({"year": [year]})).mark_rule(color=inks["secondary"], strokeWidth=1).encode(x=x),
        base.mark_area(color=inks["ink"], opacity=0.14).encode(x=x, y=y("low"), y2="high:Q", detail="lane:N"),
    ]
    layers[0] = layers[0].transform_calculate(foot="datum.lane + 1")
    if data["on_time_high"].notna().any():
        for bound in ("on_time_low", "on_time_high"):
            line = base.mark_line(color=inks["secondary"], strokeWidth=1.2, strokeDash=[6, 3])
            layers.append(line.encode(x=x, y=y(bound), detail="lane:N"))
    layers += [base.mark_line(**dotted).encode(x=x, y=y(bound), detail="lane:N") for bound in ("low", "high")]
    for chosen in (True, False):
        mine = names[names["chosen"] == chosen]
        if len(mine):
            weight: Any = 700 if chosen else 500
            text = alt.Chart(mine).mark_text(
                align="left", baseline="top", dy=6, fontSize=13, fontWeight=weight, color=inks["ink"]
            )
            layers.append(text.encode(x=alt.value(0), y=y("lane"), text="name:N"))
    words = alt.Chart(names).mark_text(align="right", baseline="top", dy=6, fontSize=13, color=inks["secondary"])
    layers.append(words.encode(x=alt.value(alt.ExprRef("width")), y=y("lane"), text="words:N"))
    chart = alt.layer(*layers).properties(width="container", height=LANE_PX * len(lanes))
    return chart.configure(**chart_config(mode))
