"""Small multiples over time: one panel an area, its own line in colour, those of the others in grey, on one scale."""

from typing import Any

import altair as alt
import pandas as pd

from dashboard.theme import INKS, Mode, chart_config, mark

HEIGHT_PX, AXIS_PX = 170, 50
# On narrow panels only so many years have room on the axis.
MOST_YEARS = 4


def _ticks(domain: tuple[float, float]) -> list[int]:
    first, last = int(domain[0]) + 1, int(domain[1])
    step = next(step for step in (1, 2, 5, 10, 20, 50) if (last - first) / step < MOST_YEARS or step == 50)
    return [year for year in range(first, last + 1) if year % step == 0]


def panel_chart(
    own: pd.DataFrame,
    peers: pd.DataFrame,
    domains: tuple[tuple[float, float], tuple[float, float]],
    theme: str,
    mode: Mode,
    language: str,
    is_planned: bool = False,
) -> alt.LayerChart:
    """Draw one area among others.

    Parameters
    ----------
    own : columns `year`, `value` (missing leaves a gap), `text` (year and value in words), `is_estimated`.
    peers : columns `name`, `year`, `value` (missing leaves a gap) of the other areas; may be empty.
    domains : of years and of values, the same for all panels that stand side by side.
    is_planned : whether the values are not observed: the line is dashed and its points are hollow.
    """
    inks, colour = INKS[mode], mark(theme, mode)
    years, values = domains
    x = alt.X("year:Q", scale=alt.Scale(domain=list(years), nice=False),
              axis=alt.Axis(format="d", values=_ticks(years), title=None, grid=False, labelOverlap=True))  # fmt: skip
    y = alt.Y("value:Q", scale=alt.Scale(domain=list(values), nice=False, zero=False),
              axis=alt.Axis(title=None, tickCount=3, minExtent=AXIS_PX, maxExtent=AXIS_PX, domain=False, ticks=False,
                            gridDash=[1, 3]))  # fmt: skip
    layers: list[alt.Chart] = []
    if len(peers):
        grey = alt.Chart(peers).mark_line(color=inks["peer"], strokeWidth=1.2)
        layers.append(grey.encode(x=x, y=y, detail="name:N"))
        # A value between two gaps has no line: it is a dot.
        dots = alt.Chart(peers.dropna(subset="value")).mark_circle(color=inks["peer"], size=7, opacity=1)
        layers.append(dots.encode(x=x, y=y))
    dashes: dict[str, Any] = {"strokeDash": [5, 4]} if is_planned else {}
    layers.append(alt.Chart(own).mark_line(color=colour, strokeWidth=2.4, **dashes).encode(x=x, y=y))
    said = [alt.Tooltip("text:N", title="\u00a0")]
    for is_hollow, rows in own.dropna(subset="value").groupby(own["is_estimated"] | is_planned):
        look: dict[str, Any] = {"fill": inks["ground"] if is_hollow else colour, "stroke": colour, "strokeWidth": 1.6}
        points = alt.Chart(rows).mark_point(shape="circle", filled=True, size=42, opacity=1, **look)
        layers.append(points.encode(x=x, y=y, tooltip=said))
    chart = alt.layer(*layers).properties(width="container", height=HEIGHT_PX)
    return chart.configure(**chart_config(mode, language))
