"""A count observed until now, what hypotheses make of it, and what a text announces for a year to come."""

import altair as alt
import pandas as pd

from dashboard.charts.lines import AXIS_PX, HEIGHT_PX
from dashboard.theme import INKS, Mode, chart_config, mark


def outlook_chart(
    observed: pd.DataFrame, supposed: pd.DataFrame, announced: pd.DataFrame, theme: str, mode: Mode
) -> alt.LayerChart:
    """Draw observed values as a solid line, supposed ones as a dotted band, announced ones as a dashed range.

    Parameters
    ----------
    observed : columns `year`, `value`, `text`.
    supposed : columns `year`, `low`, `high`; may be empty.
    announced : columns `year`, `low`, `high`, `label`; may be empty.
    """
    inks, colour = INKS[mode], mark(theme, mode)
    frames = [frame["year"] for frame in (observed, supposed, announced) if len(frame)]
    first, last = min(frame.min() for frame in frames), max(frame.max() for frame in frames)
    x = alt.X(
        "year:Q",
        scale=alt.Scale(domain=[int(first) - 0.5, int(last) + 0.9], nice=False),
        axis=alt.Axis(format="d", title=None, grid=False, labelOverlap=True, tickCount=8),
    )
    axis = alt.Axis(title=None, tickCount=5, minExtent=AXIS_PX, maxExtent=AXIS_PX, domain=False, ticks=False)
    scale = alt.Scale(zero=False, nice=True)

    def y(field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", scale=scale, axis=axis)

    line = alt.Chart(observed)
    layers = [
        line.mark_line(strokeWidth=2.2, color=colour).encode(x=x, y=y("value")),
        line.mark_circle(size=46, opacity=1, color=colour).encode(
            x=x, y=y("value"), tooltip=[alt.Tooltip("text:N", title=" ")]
        ),
    ]
    if len(supposed):
        base = alt.Chart(supposed)
        layers.append(base.mark_area(color=inks["ink"], opacity=0.14).encode(x=x, y=y("low"), y2="high:Q"))
        layers += [
            base.mark_line(color=inks["ink"], strokeWidth=1.8, strokeDash=[1.5, 3], strokeCap="round").encode(
                x=x, y=y(bound)
            )
            for bound in ("low", "high")
        ]
    if len(announced):
        base = alt.Chart(announced)
        bar = base.mark_bar(filled=False, stroke=colour, strokeDash=[4, 3], strokeWidth=1.6, width=14)
        text = base.mark_text(align="right", dx=-12, fontSize=12, color=inks["ink"], lineBreak="\n")
        layers += [bar.encode(x=x, y=y("low"), y2="high:Q"), text.encode(x=x, y=y("high"), text="label:N")]
    chart = alt.layer(*layers).properties(width="container", height=HEIGHT_PX)
    return chart.configure(**{**chart_config(mode), "axis": {**chart_config(mode)["axis"], "gridDash": [1, 3]}})
