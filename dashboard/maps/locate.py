"""A map that says where a district is: its own area in colour, the others plain, names alone."""

from dataclasses import replace

from dashboard.maps.prepare import DistrictMap, choropleth, no_points
from dashboard.messages import message
from dashboard.theme import INKS, classes, text_on
from dashboard.view import View

_INDICATOR = "population"


def locator(view: View, theme: str) -> DistrictMap | None:
    """Return the map of the commune with the district of a view in colour; None where no district is known."""
    prepared = choropleth(view, _INDICATOR, theme)
    if prepared.frame.empty or view.is_city:
        return None
    here = prepared.frame["ref_area"] == view.ref_area
    plain, chosen = INKS[view.mode]["panel"], classes(theme)[2]
    fill = here.map({True: chosen, False: plain})
    frame = prepared.frame.assign(state="not_named", hatch="", fill=fill, text=fill.map(lambda colour: text_on(colour)))
    title = message("briefing.locator", view.language, name=view.area_name)
    return replace(prepared, title=title, subtitle="", frame=frame, bounds=(), indicator="", points=no_points())
