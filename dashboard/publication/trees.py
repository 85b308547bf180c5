"""The pages of the observatory as trees, by their address in the navigation."""

from collections.abc import Callable, Iterator
from functools import partial

from dashboard import store
from dashboard.content.conference_tree import conference_tree
from dashboard.content.indicator_trees import address, indicator_tree, indicators_shown
from dashboard.content.programme_trees import programmes_tree
from dashboard.content.reading_trees import (
    changes_tree,
    numbers_tree,
    quality_tree,
    quarter_tree,
    reconciliation_tree,
    targets_tree,
)
from dashboard.content.theme_trees import geothermal_tree, green_tree, home_tree, housing_tree, mobility_tree
from dashboard.content.tree import PageTree
from dashboard.publication.place import OF_THE_CITY
from dashboard.view import WHOLE_CITY, View, district_slugs, the_view
from data.history import previous_id
from data.settings import releases_folder


def _changes_tree(view: View) -> PageTree:
    """Return what changed since the release published before the one looked at."""
    before = previous_id(releases_folder(), view.release.release_id)
    return changes_tree(view, store.earlier(before) if before else None)


TREES: dict[str, Callable[[View], PageTree]] = {
    "": home_tree,
    "quartier": quarter_tree,
    "programmes": programmes_tree,
    "logement": housing_tree,
    "espaces-verts": green_tree,
    "geothermie": geothermal_tree,
    "mobilite": mobility_tree,
    "objectifs": targets_tree,
    "conference-climat": conference_tree,
    "chiffres": numbers_tree,
    "rapprochements": reconciliation_tree,
    "sources": quality_tree,
    "changements": _changes_tree,
}


def views(city: View) -> Iterator[View]:
    """Yield the view of the whole city, then that of each district."""
    for slug in (WHOLE_CITY, *district_slugs(city.release, city.commune)):
        yield the_view(city.release, city.commune, slug, city.language, city.mode, city.today)


def published(city: View) -> Iterator[tuple[View, str, Callable[[View], PageTree]]]:
    """Yield every page with the area it is about: those that say the same of all areas once, for the city."""
    for view in views(city):
        for where, tree_of in TREES.items():
            if view.is_city or where not in OF_THE_CITY:
                yield view, where, tree_of


def with_figures(city: View) -> Iterator[tuple[View, str, Callable[[View], PageTree]]]:
    """Yield every page that may show figures: those of the navigation, then those of the indicators, of the city."""
    yield from published(city)
    for name in indicators_shown(city):
        yield city, address(name), partial(indicator_tree, indicator=name)


def tree_at(view: View, where: str) -> PageTree | None:
    """Return the page at an address of those that may show figures, for an area; None where there is none."""
    if where in TREES:
        return TREES[where](view)
    return next((indicator_tree(view, name) for name in indicators_shown(view) if address(name) == where), None)
