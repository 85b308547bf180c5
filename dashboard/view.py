"""What a reader looks at: one release, one commune, one district, one language, light or dark, today."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache

import pandas as pd

from dashboard.place_names import at_place, of_place
from dashboard.theme import Mode
from data.release import Release

WHOLE_CITY = "ville"


@dataclass(frozen=True)
class View:
    """Everything the content of a page depends on; hashable, so that content can be cached by it."""

    release: Release
    commune: str
    district: str
    language: str
    mode: Mode
    today: date

    @cached_property
    def areas(self) -> pd.DataFrame:
        """Territories of the release, by `ref_area`."""
        return self.release.table("territories").set_index("ref_area", drop=False)

    @property
    def ref_area(self) -> str:
        """The code of the area looked at: the district, else the commune."""
        return self.commune if self.district == WHOLE_CITY else f"{self.commune}-{self.district}"

    @property
    def is_city(self) -> bool:
        """Whether the whole commune is looked at."""
        return self.district == WHOLE_CITY

    @property
    def city_name(self) -> str:
        """The commune's name as sentences use it."""
        return str(self.areas.at[self.commune, "short_name"])

    @property
    def of_city(self) -> str:
        """The commune's name after `of`."""
        return of_place(self.city_name, self.language)

    @property
    def at_city(self) -> str:
        """The commune's name after `in`."""
        return at_place(self.city_name, self.language)

    @property
    def area_name(self) -> str:
        """The name of the area looked at."""
        return str(self.areas.at[self.ref_area, "short_name"])

    @cached_property
    def districts(self) -> pd.DataFrame:
        """Districts of the commune in alphabetical order; shared, not to be changed."""
        areas = self.areas
        mine = areas[(areas["level"] == "district") & (areas["parent"] == self.commune)]
        return mine.sort_values("name")

    @property
    def iris(self) -> pd.DataFrame:
        """Statistical units (IRIS) of the commune by code."""
        areas = self.areas
        return areas[(areas["level"] == "iris") & (areas["commune"] == self.commune)].sort_index()


@lru_cache(maxsize=64)
def the_view(release: Release, commune: str, district: str, language: str, mode: Mode, today: date) -> View:
    """Return the one View of these choices, so that what it has worked out is shared between readers."""
    return View(release, commune, district, language, mode, today)


def area_view(view: View, district: str) -> View:
    """Return the view of the whole city or of a district beside another of the same commune."""
    return the_view(view.release, view.commune, district, view.language, view.mode, view.today)


def city_view(view: View) -> View:
    """Return the view of the whole city beside that of a district."""
    return area_view(view, WHOLE_CITY)


@lru_cache(maxsize=8)
def district_slugs(release: Release, commune: str) -> dict[str, str]:
    """Return the names of a commune's districts by the slug their addresses use."""
    areas = release.table("territories")
    mine = areas[(areas["level"] == "district") & (areas["parent"] == commune)].sort_values("name")
    return {code.removeprefix(f"{commune}-"): name for code, name in zip(mine["ref_area"], mine["name"], strict=True)}


@lru_cache(maxsize=8)
def commune_name(release: Release, commune: str) -> str:
    """Return the name of a commune; nothing where the release has none of that code."""
    areas = release.table("territories")
    named = areas.loc[areas["ref_area"] == commune, "name"]
    return str(named.iloc[0]) if len(named) else ""
