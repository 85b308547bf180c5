"""Programmes on a time axis: typed dates, each as wide as it is precise, and a lane for what has no date."""

from dataclasses import dataclass
from textwrap import wrap
from typing import Any

import altair as alt
import pandas as pd

from dashboard.theme import INKS, Mode, chart_config, mark
from data.rules.dates import period_end, period_start

NAME_CHARACTERS = 36
ROW_PX = 38
HEADER_PX = 34
# The undated lane takes this part of the axis' length, to its right.
LANE = 0.55


@dataclass(frozen=True)
class Bar:
    """A dated span of a row: what kind of date it is, whether it is promised or done, or only a reader's hypothesis."""

    time_period: str
    words: str
    planned: bool
    supposed: bool = False


@dataclass(frozen=True)
class Row:
    """A row: its name, its dated spans, and what its lane says when it has none."""

    name: str
    bars: tuple[Bar, ...]
    lane: str = ""


def year_position(time_period: str) -> tuple[float, float]:
    """Return where a period begins and ends on an axis whose ticks are the middles of years."""
    first, last = period_start(time_period), period_end(time_period)
    start = first.year + (first.timetuple().tm_yday - 1) / 365.25 - 0.5
    end = last.year + last.timetuple().tm_yday / 365.25 - 0.5
    return round(start, 3), round(max(end, start + 0.08), 3)


def lane_end(domain: tuple[float, float]) -> float:
    """Return the right end of the axis once the undated lane is added."""
    return domain[1] + (domain[1] - domain[0]) * LANE


def _frames(rows: list[Row], domain: tuple[float, float]) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    names, bars, lanes = [], [], []
    lane_start = domain[1] + (domain[1] - domain[0]) * 0.03
    for place, row in enumerate(rows):
        # A row without bars has its second line free for a long name.
        name = "\n".join(wrap(row.name, NAME_CHARACTERS, max_lines=2, placeholder=" …")) if row.lane else row.name
        names.append({"row": place, "name": name})
        for bar in row.bars:
            start, end = year_position(bar.time_period)
            clipped = max(start, domain[0]), min(end, domain[1])
            bars.append(
                {
                    "row": place,
                    "start": clipped[0],
                    "end": clipped[1],
                    "words": bar.words,
                    "planned": bar.planned,
                    "supposed": bar.supposed,
                    "left": clipped[1] > domain[0] + 0.72 * (domain[1] - domain[0]),
                }
            )
        if row.lane:
            lanes.append({"row": place, "x": lane_start, "words": row.lane})
    columns = ["row", "start", "end", "words", "planned", "supposed", "left"]
    return pd.DataFrame(names), pd.DataFrame(bars, columns=columns), pd.DataFrame(lanes, columns=["row", "x", "words"])


def gantt(
    rows: list[Row], domain: tuple[float, float], theme: str, lane_title: str, mode: Mode, axis_px: int = 0
) -> alt.LayerChart:
    """Draw rows of programmes and milestones.

    A promised date is hollow and dashed, a date that took place is filled, a hypothesis is dotted and in ink; a row
    without date stands only in the lane to the right of the axis, never on it. `axis_px` leaves room on the left, to
    stand under a chart with a value axis.
    """
    inks, colour = INKS[mode], mark(theme, mode)
    names, bars, lanes = _frames(rows, domain)
    height = HEADER_PX + ROW_PX * len(rows)
    x_scale = alt.Scale(domain=[domain[0], lane_end(domain)], nice=False)
    y_scale = alt.Scale(domain=[-HEADER_PX / ROW_PX, len(rows)], reverse=True, nice=False)
    years = [year for year in range(int(domain[0]) + 1, int(domain[1]) + 1) if year % 2 == 0]
    axis = alt.Axis(
        format="d",
        values=years,
        title=None,
        orient="top",
        grid=True,
        gridDash=[1, 3],
        domain=False,
        ticks=False,
        labelOverlap=True,
        offset=-HEADER_PX + 12,
    )
    x = alt.X("start:Q", scale=x_scale, axis=axis)
    blank = alt.Axis(
        labels=False, ticks=False, domain=False, grid=False, title=None, minExtent=axis_px, maxExtent=axis_px
    )

    def y(field: str = "row:Q") -> alt.Y:
        return alt.Y(field, scale=y_scale, axis=blank)

    name_text = alt.Chart(names).mark_text(
        align="left", baseline="top", dy=4, fontSize=13, color=inks["ink"], lineBreak="\n", limit=alt.ExprRef("width")
    )
    name_text = name_text.encode(x=alt.value(0), y=y(), text="name:N")
    shape: dict[str, Any] = {"height": 11, "yOffset": 26, "cornerRadius": 2}
    planned, supposed = bars["planned"].astype(bool), bars["supposed"].astype(bool)
    hollow: dict[str, Any] = {"filled": False, "strokeWidth": 1.6, **shape}
    done = alt.Chart(bars[~planned & ~supposed]).mark_bar(color=colour, **shape)
    promised = alt.Chart(bars[planned & ~supposed]).mark_bar(stroke=colour, strokeDash=[4, 3], **hollow)
    guessed = alt.Chart(bars[supposed]).mark_bar(stroke=inks["ink"], strokeDash=[1.5, 3], strokeCap="round", **hollow)
    spans = [part.encode(x=x, x2="end:Q", y=y()) for part in (done, promised, guessed) if len(part.data)]
    words = [
        alt.Chart(bars[bars["left"].astype(bool) == left])
        .mark_text(align="right" if left else "left", dx=-6 if left else 6, dy=27, fontSize=12, color=inks["secondary"])
        .encode(x=alt.X("start:Q" if left else "end:Q", scale=x_scale, axis=axis), y=y(), text="words:N")
        for left in (True, False)
        if (bars["left"].astype(bool) == left).any()
    ]
    lane = alt.Chart(lanes).mark_text(align="left", baseline="top", dy=4, fontSize=12, color=inks["secondary"])
    lane = lane.encode(x=alt.X("x:Q", scale=x_scale, axis=axis), y=y(), text="words:N")
    border = alt.Chart(pd.DataFrame({"x": [domain[1]]})).mark_rule(color=inks["hairline"], strokeWidth=1)
    border = border.encode(x=alt.X("x:Q", scale=x_scale, axis=axis))
    title = alt.Chart(pd.DataFrame({"x": [domain[1]], "words": [lane_title]})).mark_text(
        align="left", baseline="top", dx=6, fontSize=12, fontStyle="italic", color=inks["secondary"], lineBreak="\n"
    )
    title = title.encode(x=alt.X("x:Q", scale=x_scale, axis=axis), y=alt.value(0), text="words:N")
    chart = alt.layer(border, title, name_text, *spans, *words, *([lane] if len(lanes) else []))
    chart = chart.properties(width="container", height=height)
    return chart.configure(**chart_config(mode))
