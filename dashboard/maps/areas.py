"""Maps of any areas in classes that a reader chose: prepared as district maps are, drawn by the same deck and twin."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from dashboard.desk.sight import Sight
from dashboard.maps.prepare import (
    DRAWN,
    DistrictMap,
    class_colours,
    class_of,
    context_of,
    no_points,
    outlines,
)
from dashboard.theme import INKS, text_on
from dashboard.view import View
from data.frames import rows_of


def has_outlines(areas: pd.DataFrame) -> bool:
    """Tell whether areas can be drawn: all of them have an outline, not a mere position."""
    return len(areas) > 0 and bool((areas["boundary"] != "none").all())


def _drawn(row: Any, colours: list[str], bounds: tuple[float, ...], inks: Mapping[str, str]) -> dict[str, Any]:
    if row.state != "value":
        # No single value is drawn like a missing one; its words say which it is.
        hatch = "missing" if row.state == "several" else row.state
        return {"state": hatch, "value": None, "value_text": row.words, "class_index": -1, "fill": inks["missing"],
                "text": inks["ink"], "hatch": hatch}  # fmt: skip
    place = class_of(row.value, bounds)
    return {"state": "value", "value": row.value, "value_text": row.words, "class_index": place,
            "fill": colours[place], "text": text_on(colours[place]), "hatch": ""}  # fmt: skip


def area_map(
    view: View, seen: Sight, areas: pd.DataFrame, bounds: tuple[float, ...], theme: str, words: tuple[str, str]
) -> DistrictMap:
    """Prepare a map of what a measure is worth in each area.

    Parameters
    ----------
    areas : rows of `territories` that all have a shape, one for each row of the sight.
    bounds : inner bounds of the classes, the same for all maps that share a legend.
    words : title and subtitle.
    """
    frame, colours, inks = outlines(view, areas), class_colours(theme, len(bounds) + 1), INKS[view.mode]
    said = {row.ref_area: row for row in rows_of(seen.frame)}
    rows = [_drawn(said[code], colours, bounds, inks) for code in frame["ref_area"]]
    frame = pd.concat([frame, pd.DataFrame(rows, columns=DRAWN)], axis=1)
    is_of_commune = set(areas["commune"]) <= {view.commune}
    return DistrictMap(
        title=words[0],
        subtitle=words[1],
        frame=frame,
        bounds=bounds,
        theme=theme,
        mode=view.mode,
        context=context_of(view) if is_of_commune else context_of(view).iloc[:0],
        points=no_points(),
        boundary=str(frame["boundary"].iloc[0]),
        language=view.language,
        indicator=seen.measure.indicator,
        dataset=seen.measure.dataset,
    )
