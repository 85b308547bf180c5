"""Where sources, totals and readings meet: what agrees, what differs, and why, as far as it is known."""

from collections.abc import Callable
from functools import lru_cache

import pandas as pd

from dashboard.content.compared import compared_fold, summed_up_fold
from dashboard.content.entries import colourless, whole_city
from dashboard.content.folds import Fold, Listing
from dashboard.content.pieces import Headline
from dashboard.content.recomputed_checks import check_list
from dashboard.content.reconciled import (
    ambiguities,
    check_rows,
    comparison_rows,
    comparisons,
    reading_rows,
    recomputed,
)
from dashboard.content.two_readings import reading_list
from dashboard.messages import message
from dashboard.view import View
from data.rules.comparisons import Comparison

THEME = "territory"
SOURCES, PARTS, READINGS, CHECKS = "sources-comparees", "totaux-et-parties", "lectures", "verifications-recalculees"


def _found(view: View, kinds: tuple[str, ...]) -> tuple[Comparison, ...]:
    return tuple(one for one in comparisons(view.release, view.commune) if one.kind in kinds)


def _pairs(view: View) -> tuple[Comparison, ...]:
    return _found(view, ("sources",))


def _sums(view: View) -> tuple[Comparison, ...]:
    return _found(view, ("parts", "places", "areas"))


@lru_cache(maxsize=64)
def headline(view: View) -> Headline:
    """Return how many figures two sources give, how many differ, and whether totals and checks hold."""
    language, pairs = view.language, _pairs(view)
    # Districts and IRIS are made to add up to the commune: they prove nothing, and one break counts once.
    named = [one for one in _found(view, ("parts", "places")) if not one.after_break]
    sums = [one for one in named if one.total.ref_area == view.commune]
    again = [check.computed.state for check in recomputed(view.release).values()]
    different = again.count("different")
    ways = message("reconcile.ways_different" if different else "reconcile.ways_equal", language, count=different)
    lead = message(
        "reconcile.lead",
        language,
        totals=len(sums),
        agree=sum(one.agrees for one in sums),
        computed=len(again) - again.count("not_computable"),
        checks=len(again),
        ways=ways,
    )
    if not view.is_city:
        lead += " " + message("reconcile.scope", language, name=view.area_name)
    if not pairs:
        return Headline(message("reconcile.title_none", language, city=view.city_name), lead)
    differ = sum(not one.agrees for one in pairs)
    words = {
        "count": message(f"reconcile.common_{'one' if len(pairs) == 1 else 'other'}", language, count=len(pairs)),
        "differ": message(f"reconcile.differ_{_form(differ)}", language, count=differ),
    }
    return Headline(message("reconcile.title", language, city=view.city_name, **words), lead)


def _form(count: int) -> str:
    return "none" if count == 0 else "one" if count == 1 else "other"


def _source_list(view: View) -> Listing:
    found = _pairs(view)
    differ, agree = [one for one in found if not one.agrees], [one for one in found if one.agrees]
    folds = [compared_fold(view, "differ", differ, True)] if differ else []
    folds += [compared_fold(view, "agree", agree)] if agree else []
    return _listing(view, "sources", tuple(folds), SOURCES)


def _listing(view: View, name: str, folds: tuple[Fold, ...], export: str) -> Listing:
    title = message(f"reconcile.section_{name}", view.language)
    return Listing(title, message(f"reconcile.note_{name}", view.language), folds, export)


def _part_list(view: View) -> Listing:
    """Return totals and parts: those of the chosen district, of the city, of the districts, of the IRIS in summary."""
    levels: dict[str, list[Comparison]] = {}
    for one in _sums(view):
        level = str(view.areas.at[one.total.ref_area, "level"])
        levels.setdefault(level, []).append(one)
    city, districts = levels.get("commune", []), levels.get("district", [])
    here = [one for one in districts if one.total.ref_area == view.ref_area]
    split = {
        "of_district": here,
        "parts_differ": [one for one in city if not one.agrees],
        "parts_agree": [one for one in city if one.agrees],
        "parts_district": [one for one in districts if one not in here],
    }
    first = next((key for key, found in split.items() if found), "")
    folds = [compared_fold(view, key, found, key == first) for key, found in split.items() if found]
    if "iris" in levels:
        folds.append(summed_up_fold(view, levels["iris"]))
    return _listing(view, "parts", tuple(folds), PARTS)


@lru_cache(maxsize=64)
def _listings(view: View) -> tuple[Listing, ...]:
    readings = reading_list(view, ambiguities(view.release, view.commune))
    checks = check_list(view, recomputed(view.release))
    return (
        _source_list(whole_city(view)),
        _part_list(view),
        _listing(view, "readings", readings, READINGS),
        _listing(view, "checks", checks, CHECKS),
    )


def listings(view: View) -> tuple[Listing, ...]:
    """Return the parts of the page that hold something; what concerns a chosen district comes first in each."""
    return tuple(part for part in _listings(colourless(view, view.district)) if part.folds)


EXPORTS: dict[str, Callable[[View], pd.DataFrame]] = {
    SOURCES: lambda view: comparison_rows(_pairs(view)),
    PARTS: lambda view: comparison_rows(_sums(view)),
    READINGS: lambda view: reading_rows(ambiguities(view.release, view.commune)),
    CHECKS: lambda view: check_rows(view.release),
}
