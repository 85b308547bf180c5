"""A count observed until now, what hypotheses make of it, and what a text announces for a year to come."""

from functools import lru_cache
from typing import Any

import altair as alt
import pandas as pd

from dashboard.charts.lines import AXIS_PX, HEIGHT_PX
from dashboard.charts.specifications import fill, named
from dashboard.theme import INKS, Mode, chart_config, mark


@lru_cache(maxsize=64)
def _skeleton(first: int, last: int, theme: str, mode: Mode, language: str) -> dict[str, Any]:
    inks, colour = INKS[mode], mark(theme, mode)
    x = alt.X(
        "year:Q",
        scale=alt.Scale(domain=[first - 0.5, last + 0.9], nice=False),
        axis=alt.Axis(format="d", title=None, grid=False, labelOverlap=True, tickCount=8),
    )
    axis = alt.Axis(title=None, tickCount=5, minExtent=AXIS_PX, maxExtent=AXIS_PX, domain=False, ticks=False)

    def y(field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", scale=alt.Scale(zero=False, nice=True), axis=axis)

    observed, supposed, announced = (alt.Chart(named(name)) for name in ("observed", "supposed", "announced"))
    dotted: dict[str, Any] = {"color": inks["ink"], "strokeWidth": 1.8, "strokeDash": [1.5, 3], "strokeCap": "round"}
    layers = [
        observed.mark_line(strokeWidth=2.2, color=colour).encode(x=x, y=y("value")),
        observed.mark_circle(size=46, opacity=1, color=colour).encode(
            x=x, y=y("value"), tooltip=[alt.Tooltip("text:N", title=" ")]
        ),
        supposed.mark_area(color=inks["ink"], opacity=0.14).encode(x=x, y=y("low"), y2="high:Q"),
        *(supposed.mark_line(**dotted).encode(x=x, y=y(bound)) for bound in ("low", "high")),
        announced.mark_bar(filled=False, stroke=colour, strokeDash=[4, 3], strokeWidth=1.6, width=14).encode(
            x=x, y=y("low"), y2="high:Q"
        ),
        announced.mark_text(align="right", dx=-12, fontSize=12, color=inks["ink"], lineBreak="\n").encode(
            x=x, y=y("high"), text="label:N"
        ),
    ]
    chart = alt.layer(*layers).properties(width="container", height=HEIGHT_PX)
    configuration = {
        **chart_config(mode, language),
        "axis": {**chart_config(mode, language)["axis"], "gridDash": [1, 3]},
    }
    return dict(chart.configure(**configuration).to_dict())


def outlook_chart(
    observed: pd.DataFrame, supposed: pd.DataFrame, announced: pd.DataFrame, theme: str, mode: Mode, language: str
) -> dict[str, Any]:
    """Return the specification of observed values as a solid line, supposed as a dotted band, announced as a range.

    Parameters
    ----------
    observed : columns `year`, `value`, `text`.
    supposed : columns `year`, `low`, `high`; may be empty.
    announced : columns `year`, `low`, `high`, `label`; may be empty.
    """
    years = pd.concat([frame["year"] for frame in (observed, supposed, announced) if len(frame)])
    frames = {"observed": observed, "supposed": supposed, "announced": announced}
    return fill(_skeleton(int(years.min()), int(years.max()), theme, mode, language), frames)
