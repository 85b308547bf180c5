"""Bands over years, one lane a place, all on one scale: what hypotheses leave possible, dotted and in ink."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import altair as alt
import pandas as pd

from dashboard.charts.specifications import fill, named
from dashboard.theme import INKS, Mode, chart_config

LANE_PX = 92
# The part of a lane, from its foot, that values may fill: the name stands above.
FILL = 0.64


@dataclass(frozen=True, eq=False)
class Lane:
    """A place: its name, bounds by year, those without delay where they differ, and what it says in words.

    `frame` has columns `year`, `low`, `high`, and `on_time_low`, `on_time_high` (missing where nothing differs).
    """

    name: str
    frame: pd.DataFrame
    words: str
    chosen: bool = False


def _bands(lanes: list[Lane]) -> pd.DataFrame:
    """Return the bounds as heights within each lane, the highest of all filling it."""
    data = pd.concat([lane.frame.assign(lane=place) for place, lane in enumerate(lanes)], ignore_index=True)
    bounds = ["low", "high", "on_time_low", "on_time_high"]
    highest = max(float(data[bounds].to_numpy(dtype="float64", na_value=0.0).max()), 1.0)
    data[bounds] = data[bounds].astype("float64")
    for bound in bounds:
        data[bound] = (data["lane"] + 1 - data[bound] / highest * FILL).round(3)
    # A bound nobody has is left out: an empty field draws nothing, and costs a third of the bytes.
    return data.dropna(axis="columns", how="all")


@lru_cache(maxsize=64)
def _skeleton(lanes: int, first: int, last: int, mode: Mode, language: str) -> dict[str, Any]:
    inks = INKS[mode]
    axis = alt.Axis(
        format="d", values=[tick for tick in range(first, last + 1) if tick % 5 == 0], title=None, grid=False,
        domain=False, ticks=False,
    )  # fmt: skip
    x = alt.X("year:Q", scale=alt.Scale(domain=[first, last + 0.4], nice=False), axis=axis)
    scale = alt.Scale(domain=[0, lanes], reverse=True, nice=False)

    def y(field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", scale=scale, axis=None)

    bands, names = alt.Chart(named("bands")), alt.Chart(named("names"))
    dotted: dict[str, Any] = {"strokeWidth": 1.8, "strokeDash": [1.5, 3], "strokeCap": "round", "color": inks["ink"]}
    dashed: dict[str, Any] = {"strokeWidth": 1.2, "strokeDash": [6, 3], "color": inks["secondary"]}
    text: dict[str, Any] = {"baseline": "top", "dy": 6, "fontSize": 13}
    weight = alt.FontWeight(700)
    layers = [
        names.mark_rule(color=inks["hairline"]).encode(y=y("foot")),
        alt.Chart(named("year")).mark_rule(color=inks["secondary"], strokeWidth=1).encode(x=x),
        bands.mark_area(color=inks["ink"], opacity=0.14).encode(x=x, y=y("low"), y2="high:Q", detail="lane:N"),
        *(bands.mark_line(**dashed).encode(x=x, y=y(f"on_time_{end}"), detail="lane:N") for end in ("low", "high")),
        *(bands.mark_line(**dotted).encode(x=x, y=y(end), detail="lane:N") for end in ("low", "high")),
        names.mark_text(align="left", color=inks["ink"], **text).encode(x=alt.value(0), y=y("lane"), text="name:N"),
        alt.Chart(named("chosen")).mark_text(align="left", color=inks["ink"], fontWeight=weight, **text).encode(
            x=alt.value(0), y=y("lane"), text="name:N"
        ),
        names.mark_text(align="right", color=inks["secondary"], **text).encode(
            x=alt.value(alt.ExprRef("width")), y=y("lane"), text="words:N"
        ),
    ]  # fmt: skip
    chart = alt.layer(*layers).properties(width="container", height=LANE_PX * lanes)
    return dict(chart.configure(**chart_config(mode, language)).to_dict())


def band_lanes(lanes: list[Lane], year: int, mode: Mode, language: str) -> dict[str, Any]:
    """Return the specification of one lane a place; the band is what is possible by the end of each year.

    The rule marks the chosen year; bounds without delay are dashed and grey.
    """
    bands = _bands(lanes)
    names = pd.DataFrame({"lane": range(len(lanes)), "foot": range(1, len(lanes) + 1),
                          "name": [lane.name for lane in lanes], "words": [lane.words for lane in lanes]})  # fmt: skip
    chosen = pd.Series([lane.chosen for lane in lanes])
    plain = names.assign(name=names["name"].where(~chosen, ""))
    skeleton = _skeleton(len(lanes), int(bands["year"].min()), int(bands["year"].max()), mode, language)
    frames = {"bands": bands, "names": plain, "chosen": names[chosen], "year": pd.DataFrame({"year": [year]})}
    return fill(skeleton, frames)
