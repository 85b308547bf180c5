"""A target on the axis of its series: what is observed solid, the required path dashed, the target a hollow diamond."""

from typing import Any

import altair as alt
import pandas as pd

from dashboard.theme import INKS, Mode, chart_config, mark

HEIGHT_PX = 240


def starts_at_zero(values: pd.Series) -> bool:
    """Tell whether an axis starts at zero: not where all values lie so far above it that the way would look flat."""
    return bool(values.min() < values.max() / 2)


def _ticks(domain: tuple[float, float]) -> list[int]:
    """Return whole years for the axis, few enough to be read on a phone."""
    first, last = int(domain[0]) + 1, int(domain[1])
    step = next(step for step in (1, 2, 5, 10) if step == 10 or (last - first) / step <= 8)
    return [year for year in range(first, last + 1) if year % step == 0]


def target_chart(
    series: pd.DataFrame,
    path: pd.DataFrame,
    target: pd.DataFrame,
    words: tuple[str, str],
    theme: str,
    mode: Mode,
    language: str,
) -> alt.LayerChart:
    """Draw a measured series towards its target.

    Parameters
    ----------
    series : columns `year` (a point stands at the end of its period), `value`, `text` (value in words) and `segment`,
        a number that changes where the series breaks: no line is drawn across a break.
    path : columns `year`, `value`: the way from the base to the target at an even pace; may be empty.
    target : one row with `year`, `value`, `text`.
    words : what the path and the target are called in the chart.
    """
    inks, colour = INKS[mode], mark(theme, mode)
    years = [*series["year"], *target["year"]]
    domain = (min(years) - 0.8, max(years) + 0.8)
    axis = alt.Axis(format="d", values=_ticks(domain), title=None, grid=False, labelOverlap=True)
    x = alt.X("year:Q", scale=alt.Scale(domain=list(domain), nice=False), axis=axis)
    values = pd.concat([series["value"], target["value"]])
    y = alt.Y("value:Q", scale=alt.Scale(zero=starts_at_zero(values), nice=True),
              axis=alt.Axis(title=None, tickCount=5, domain=False, ticks=False, gridDash=[1, 3]))  # fmt: skip
    said = [alt.Tooltip("text:N", title="\u00a0")]
    line = alt.Chart(series).mark_line(color=colour, strokeWidth=2.2).encode(x=x, y=y, detail="segment:N")
    points = alt.Chart(series).mark_point(color=colour, filled=True, size=46, opacity=1)
    layers: list[alt.Chart] = []
    if len(path):
        dashes = alt.Chart(path).mark_line(color=inks["secondary"], strokeDash=[5, 4], strokeWidth=1.6)
        # The name stands on the side the path leaves free.
        below = 14 if path["value"].iloc[-1] > path["value"].iloc[0] else -14
        name = alt.Chart(path.iloc[[len(path) // 2]].assign(words=words[0]))
        name = name.mark_text(align="left", dx=6, dy=below, color=inks["secondary"])
        layers += [dashes.encode(x=x, y=y), name.encode(x=x, y=y, text="words:N")]
    diamond = alt.Chart(target).mark_point(
        shape="diamond", filled=True, fill=inks["ground"], stroke=inks["ink"], strokeWidth=1.8, size=150, opacity=1
    )
    named = alt.Chart(target.assign(words=words[1]))
    place: dict[str, Any] = {"align": "right", "dx": 8, "dy": -18, "fontWeight": 600}
    # A halo in the colour of the ground keeps the label legible where the series passes behind it.
    halo = named.mark_text(**place, stroke=inks["ground"], strokeWidth=5, color=inks["ground"])
    label = named.mark_text(**place, color=inks["ink"])
    layers += [line, points.encode(x=x, y=y, tooltip=said), diamond.encode(x=x, y=y, tooltip=said)]
    layers += [text.encode(x=x, y=y, text="words:N") for text in (halo, label)]
    chart = alt.layer(*layers).properties(width="container", height=HEIGHT_PX)
    return chart.configure(**chart_config(mode, language))
