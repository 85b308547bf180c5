"""Small multiples over time: one panel an area, all on the same scales."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard.charts.panels import panel_chart
from dashboard.content.pieces import Chart
from dashboard.desk.shared import domain_of, with_gaps, year_of
from dashboard.desk.sight import Sight
from dashboard.formats import labelled, separated
from dashboard.view import View
from data.frames import rows_of


@dataclass(frozen=True, eq=False)
class Multiples:
    """Panels under one sentence. `panels` have a title of their own, nothing else is said of each."""

    key: str
    title: str
    subtitle: str
    panels: tuple[Chart, ...]
    source: str
    kinds: tuple[str, ...]
    export: str = ""

    @property
    def whole(self) -> dict[str, Any]:
        """All panels as one specification, for pictures; each has its title above it."""
        parts = []
        for panel in self.panels:
            spec = {key: value for key, value in panel.specification.items() if key not in {"config", "$schema"}}
            parts.append({**spec, "width": PANEL_PX, "title": {"text": panel.title, "anchor": "start", "fontSize": 14}})
        first = self.panels[0].specification
        return {"$schema": first["$schema"], "config": first["config"], "columns": COLUMNS, "concat": parts}


PANEL_PX, COLUMNS = 230, 3


def yearly(sights: dict[str, Sight]) -> pd.DataFrame:
    """Return the values of all areas by year.

    Returns
    -------
    Columns `ref_area`, `name`, `year`, `value`, `words`, `is_estimated`; periods that are no year are left out.
    """
    parts = []
    for period, seen in sights.items():
        year = year_of(period)
        if year is not None:
            frame = seen.frame[["ref_area", "short_name", "value", "words"]].rename(columns={"short_name": "name"})
            parts.append(frame.assign(year=year, is_estimated=seen.frame["status"] == "E"))
    if not parts:
        return pd.DataFrame(columns=["ref_area", "name", "value", "words", "year", "is_estimated"])
    # A day and its year may both be there: the later one of the order of time counts.
    return pd.concat(parts, ignore_index=True).drop_duplicates(["ref_area", "year"], keep="last")


def _lines_with_gaps(known: pd.DataFrame) -> pd.DataFrame:
    """Return all series by the code of their area, with a row for each year any of them skips: lines break there."""
    years = pd.RangeIndex(int(known["year"].min()), int(known["year"].max()) + 1, name="year")
    wide = known.pivot(index="year", columns="ref_area", values="value").reindex(years)
    return wide.rename_axis(columns="name").reset_index().melt(id_vars="year", value_name="value")


def panels(
    view: View, key: str, data: pd.DataFrame, chosen: Sequence[str], theme: str, decimals: int, is_planned: bool
) -> tuple[Chart, ...]:
    """Return one panel an area, in the order given; areas without any value have none.

    Parameters
    ----------
    data : see `yearly`; areas that are not chosen are drawn in grey behind each.
    """
    known = data.dropna(subset="value")
    if known.empty:
        return ()
    years = (float(known["year"].min()) - 0.6, float(known["year"].max()) + 0.6)
    values = domain_of(known["value"], decimals)
    background, found = _lines_with_gaps(known), []
    for code in chosen:
        own = known[known["ref_area"] == code].sort_values("year")
        if own.empty:
            continue
        texts = [labelled(str(row.year), str(row.words), view.language) for row in rows_of(own)]
        drawn = with_gaps(own[["year", "value", "is_estimated"]].assign(text=texts))
        peers = background[background["name"] != code]
        chart = panel_chart(drawn, peers, (years, values), theme, view.mode, view.language, is_planned)
        name = str(own["name"].iloc[0])
        found.append(
            Chart(f"{key}-{code}", name, "", chart.to_dict(), separated(texts, view.language), "")
        )  # fmt: skip
    return tuple(found)
