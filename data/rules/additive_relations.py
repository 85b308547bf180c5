"""How figures of microdata add up: over areas, and over the parts that the catalogue declares of an indicator."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import pandas as pd

from data.disclosure_models import Disclosure
from data.rules.possible_tables import Key, Relation, Remainder


@dataclass(frozen=True)
class Nesting:
    """An area and areas of one level inside it; `is_whole` where they cover it, so that rows without one are rare."""

    area: str
    parts: tuple[str, ...]
    is_whole: bool


def nestings(territories: pd.DataFrame, weights: pd.DataFrame) -> list[Nesting]:
    """Return which areas make up which.

    Parameters
    ----------
    territories : `ref_area`, `level`, `parent`, `boundary`.
    weights : `iris`, `district`, `weight`. The IRIS of a district make it up only where its outline is official and
        none of them is shared with another district.
    """
    found = []
    level_of = dict(zip(territories["ref_area"], territories["level"], strict=True))
    inner = territories[territories["level"].isin(["commune", "district", "iris"])]
    for (parent, level), group in inner.groupby(["parent", "level"], sort=True):
        if level_of.get(parent) in ("commune", "territory"):
            found.append(Nesting(str(parent), tuple(sorted(group["ref_area"])), level != "commune"))
    official = set(territories.loc[territories["boundary"] == "official", "ref_area"])
    shares = weights[weights["weight"] > 0]
    for district, group in shares.groupby("district", sort=True):
        if district in official and (group["weight"] == 1).all():
            found.append(Nesting(str(district), tuple(sorted(group["iris"])), is_whole=True))
    return found


def _over_areas(cells: Collection[Key], nested: Collection[Nesting]) -> list[Relation]:
    relations = []
    indicators = sorted({indicator for _, indicator in cells})
    for nesting in nested:
        for indicator in indicators:
            parts = tuple((part, indicator) for part in nesting.parts if (part, indicator) in cells)
            if parts and (nesting.area, indicator) in cells:
                is_all = nesting.is_whole and len(parts) == len(nesting.parts)
                remainder: Remainder = "doubtful" if is_all else "some"
                relations.append(Relation((nesting.area, indicator), parts, remainder))
    return relations


def _over_parts(cells: Collection[Key], rules: Mapping[str, Disclosure]) -> list[Relation]:
    divisions: dict[tuple[str, str], list[str]] = {}
    for name in sorted(rules):
        if rules[name].part_of:
            divisions.setdefault((rules[name].part_of, rules[name].division), []).append(name)
    relations = []
    areas = sorted({area for area, _ in cells})
    for (total, division), names in divisions.items():
        for area in areas:
            parts = tuple((area, name) for name in names if (area, name) in cells)
            if parts and (area, total) in cells:
                is_complete = division in rules[total].complete_divisions and len(parts) == len(names)
                relations.append(Relation((area, total), parts, "none" if is_complete else "some"))
    return relations


def relations_between(
    cells: Collection[Key], nested: Collection[Nesting], rules: Mapping[str, Disclosure]
) -> tuple[Relation, ...]:
    """Return how the cells of one data set and period add up.

    Periods are not tied: a figure of one year bounds none of another. Where some parts of a total have no row, or the
    parts are not all there is, the relation has a remainder.
    """
    return (*_over_areas(cells, nested), *_over_parts(cells, rules))
