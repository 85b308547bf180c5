"""Programmes on a time axis: typed dates, each as wide as it is precise, and a lane for what has no date."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import altair as alt
import pandas as pd

from dashboard.charts.specifications import fill, named
from dashboard.theme import INKS, Mode, chart_config, mark
from data.rules.dates import period_end, period_start

ROW_PX = 38
HEADER_PX = 34
# The undated lane takes this part of the axis' length, to its right; no year is written nearer to it than that.
LANE, APART = 0.55, 0.03


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
        names.append({"row": place, "name": row.name})
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
    rows: list[Row],
    domain: tuple[float, float],
    theme: str,
    lane_title: str,
    mode: Mode,
    language: str,
    axis_px: int = 0,
) -> dict[str, Any]:
    """Return the specification of rows of programmes and milestones.

    A promised date is hollow and dashed, a date that took place is filled, a hypothesis is dotted and in ink; a row
    without date stands only in the lane to the right of the axis, never on it. `axis_px` leaves room on the left, to
    stand under a chart with a value axis.
    """
    names, bars, lanes = _frames(rows, domain)
    planned, supposed, left = (bars[name].astype(bool) for name in ("planned", "supposed", "left"))
    spans, words = bars[["row", "start", "end"]], bars[["row", "start", "end", "words"]]
    has_words = words["words"] != ""
    frames = {
        "names": names,
        "done": spans[~planned & ~supposed],
        "promised": spans[planned & ~supposed],
        "supposed": spans[supposed],
        "words_left": words[left & has_words],
        "words_right": words[~left & has_words],
        "lane": lanes,
        "border": pd.DataFrame({"x": [domain[1]], "words": [lane_title]}),
    }
    return fill(_skeleton(len(rows), domain, theme, mode, language, axis_px), frames)


@lru_cache(maxsize=256)
def _skeleton(
    rows: int, domain: tuple[float, float], theme: str, mode: Mode, language: str, axis_px: int
) -> dict[str, Any]:
    inks, colour = INKS[mode], mark(theme, mode)
    x_scale = alt.Scale(domain=[domain[0], lane_end(domain)], nice=False)
    y_scale = alt.Scale(domain=[-HEADER_PX / ROW_PX, rows], reverse=True, nice=False)
    last = int(domain[1] - APART * (domain[1] - domain[0]))
    years = [year for year in range(int(domain[0]) + 1, last + 1) if year % 2 == 0]
    axis = alt.Axis(format="d", values=years, title=None, orient="top", grid=True, offset=-HEADER_PX + 12)
    # What axes look like is said once, not with every layer.
    look: dict[str, Any] = {"axis": {**chart_config(mode, language)["axis"], "domain": False, "ticks": False}}
    look["axisX"] = {"gridDash": [1, 3], "labelOverlap": True}
    look["axisY"] = {"labels": False, "minExtent": axis_px, "maxExtent": axis_px}
    y = alt.Y("row:Q", scale=y_scale, axis=alt.Axis(title=None, grid=False))

    def x(field: str) -> alt.X:
        return alt.X(f"{field}:Q", scale=x_scale, axis=axis)

    def chart(name: str) -> alt.Chart:
        return alt.Chart(named(name))

    text: dict[str, Any] = {"align": "left", "baseline": "top", "dy": 4}
    shape: dict[str, Any] = {"height": 11, "yOffset": 26, "cornerRadius": 2}
    hollow: dict[str, Any] = {"filled": False, "strokeWidth": 1.6, **shape}
    words: dict[str, Any] = {"dy": 27, "fontSize": 12, "color": inks["secondary"]}
    span = {"x": x("start"), "x2": "end:Q", "y": y}
    layers = [
        chart("border").mark_rule(color=inks["hairline"], strokeWidth=1).encode(x=x("x")),
        chart("border")
        .mark_text(
            align="left",
            baseline="top",
            dx=10,
            fontSize=12,
            fontStyle="italic",
            color=inks["secondary"],
            lineBreak="\n",
        )
        .encode(x=x("x"), y=alt.value(0), text="words:N"),
        chart("names")
        .mark_text(fontSize=13, color=inks["ink"], lineBreak="\n", limit=alt.ExprRef("width"), **text)
        .encode(x=alt.value(0), y=y, text="name:N"),
        chart("done").mark_bar(color=colour, **shape).encode(**span),
        chart("promised").mark_bar(stroke=colour, strokeDash=[4, 3], **hollow).encode(**span),
        chart("supposed").mark_bar(stroke=inks["ink"], strokeDash=[1.5, 3], strokeCap="round", **hollow).encode(**span),
        chart("words_left").mark_text(align="right", dx=-6, **words).encode(x=x("start"), y=y, text="words:N"),
        chart("words_right").mark_text(align="left", dx=6, **words).encode(x=x("end"), y=y, text="words:N"),
        chart("lane").mark_text(align="left", **words).encode(x=x("x"), y=y, text="words:N"),
    ]
    whole = alt.layer(*layers).properties(width="container", height=HEADER_PX + ROW_PX * rows)
    return dict(whole.configure(**{**chart_config(mode, language), **look}).to_dict())
