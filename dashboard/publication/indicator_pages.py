"""The pages of the indicators, one each, and the list of them."""

from collections.abc import Iterator
from functools import partial

from dashboard.content.indicator_trees import INDEX, address, index_tree, indicator_tree, indicators_shown
from dashboard.content.indicator_words import label_of
from dashboard.messages import message
from dashboard.publication.pages import SitePage
from dashboard.publication.place import Place, page_path
from dashboard.publication.rendering import Sheet, tree_body
from dashboard.publication.trails import below
from dashboard.revisions import history_of
from dashboard.view import View


def _body(city: View, place: Place, indicator: str) -> str:
    sheet = Sheet(city, place, page_path(city, address(indicator)))
    return tree_body(sheet, indicator_tree(city, indicator, history_of(city)))


def indicator_pages(city: View, place: Place) -> Iterator[SitePage]:
    """Yield the list of indicators, then the page of each, once: it shows all areas."""
    title, path = message("indicator.index_page", city.language), page_path(city, INDEX)
    sheet = Sheet(city, place, path)
    yield SitePage(
        path, title, lambda: index_tree(city).headline.title, path, lambda: tree_body(sheet, index_tree(city)),
        in_footer=True, tree=lambda: index_tree(city), breadcrumb=below(city),
    )  # fmt: skip
    trail = below(city, (INDEX, title))
    for name in indicators_shown(city):
        yield SitePage(
            page_path(city, address(name)), label_of(city, name), partial(_sentence, city, name), path,
            partial(_body, city, place, name), breadcrumb=trail,
        )  # fmt: skip


def _sentence(city: View, indicator: str) -> str:
    return indicator_tree(city, indicator).headline.title
