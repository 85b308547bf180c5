"""Which pages have a simplified version, and what it says."""

from collections.abc import Callable
from functools import lru_cache

from dashboard.content.simple.aims import aims_text
from dashboard.content.simple.city import home_text, quarter_text
from dashboard.content.simple.dwellings import housing_text, programmes_text
from dashboard.content.simple.outside import green_text, heat_text, mobility_text
from dashboard.content.simple.words import Paragraph, Simple
from dashboard.messages import message
from dashboard.navigation import PAGES
from dashboard.view import View

TEXTS: dict[str, Callable[[View], tuple[Paragraph, ...]]] = {
    "": home_text,
    "quartier": quarter_text,
    "programmes": programmes_text,
    "logement": housing_text,
    "espaces-verts": green_text,
    "geothermie": heat_text,
    "mobilite": mobility_text,
    "objectifs": aims_text,
}
_STEMS = {entry.address: entry.stem for entry in PAGES}


@lru_cache(maxsize=256)
def simple_of(address: str, view: View) -> Simple | None:
    """Return what a page of the navigation says first in its simplified version; None where it has none."""
    text = TEXTS.get(address)
    if text is None:
        return None
    part = "city" if view.is_city else "district"
    title = message(f"simple.title_{_STEMS[address]}_{part}", view.language, name=view.area_name, city=view.city_name,
                    at_city=view.at_city)  # fmt: skip
    return Simple(title, tuple(paragraph for paragraph in text(view) if paragraph.sentences))
