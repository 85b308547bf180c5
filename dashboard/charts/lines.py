"""Series over time: solid lines with their points, named where they end, gaps said in words."""

from dataclasses import dataclass

import altair as alt
import pandas as pd

from dashboard.theme import INKS, Mode, chart_config

HEIGHT_PX = 260
AXIS_PX = 46


@dataclass(frozen=True)
class Line:
    """One series: its name, colour, and a word for what is missing at its end.

    `frame` has columns `year` (whole number), `value` (missing leaves a gap) and `text` (value in words).
    """

    name: str
    colour: str
    frame: pd.DataFrame
    gap: str = ""


def _long(lines: list[Line]) -> pd.DataFrame:
    frames = [line.frame.assign(name=line.name, colour=line.colour) for line in lines]
    return pd.concat(frames, ignore_index=True)


def _end_labels(lines: list[Line]) -> pd.DataFrame:
    rows = []
    for line in lines:
        last = line.frame.dropna(subset="value").iloc[-1]
        label = f"{line.name}\n{line.gap}" if line.gap else line.name
        rows.append({"year": last["year"], "value": last["value"], "label": label, "colour": line.colour})
    return pd.DataFrame(rows)


def line_chart(
    lines: list[Line], domain: tuple[float, float], mode: Mode, language: str, zero: bool = True
) -> alt.LayerChart:
    """Draw series of yearly values on an axis shared with the programme timeline.

    Parameters
    ----------
    domain : first and last year of the axis; a year's point stands in its middle, on its tick.
    """
    data = _long(lines)
    last = min(int(data["year"].max()) + 4, int(domain[1]))
    years = [year for year in range(int(data["year"].min()), last + 1) if year % 2 == 0]
    x = alt.X(
        "year:Q",
        scale=alt.Scale(domain=list(domain), nice=False),
        axis=alt.Axis(format="d", values=years, title=None, grid=False, labelOverlap=True),
    )
    y = alt.Y(
        "value:Q",
        scale=alt.Scale(zero=zero, nice=True),
        axis=alt.Axis(title=None, tickCount=5, minExtent=AXIS_PX, maxExtent=AXIS_PX, domain=False, ticks=False),
    )
    colour = alt.Color("colour:N", scale=None)
    base = alt.Chart(data)
    drawn = base.mark_line(strokeWidth=2.2).encode(x=x, y=y, color=colour, detail="name:N")
    points = base.mark_circle(size=46, opacity=1).encode(
        x=x, y=y, color=colour, tooltip=[alt.Tooltip("name:N", title=" "), alt.Tooltip("text:N", title="\u00a0")]
    )
    labels = (
        alt.Chart(_end_labels(lines))
        .mark_text(align="left", dx=9, fontWeight=600, lineBreak="\n", fontSize=13)
        .encode(x=x, y=y, text="label:N", color=colour)
    )
    # A single line is named by the chart's title: no label that a narrow screen would cut.
    layers = [drawn, points, labels] if len(lines) > 1 else [drawn, points]
    chart = alt.layer(*layers).properties(width="container", height=HEIGHT_PX)
    return chart.configure(
        **{**chart_config(mode, language), "axis": {**chart_config(mode, language)["axis"], "gridDash": [1, 3]}}
    )


def ink(mode: Mode) -> str:
    """Return the colour of a series that is not the page's subject."""
    return INKS[mode]["ink"]
