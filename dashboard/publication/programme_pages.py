"""The pages of the operations, one each, and the list of them."""

from collections.abc import Iterator
from functools import partial

from dashboard.content.indicator_trees import indicators_shown
from dashboard.content.indicator_words import label_of
from dashboard.content.programme_sheets import INDEX, LIST, address, list_tree, programme_tree, slugs
from dashboard.messages import message
from dashboard.publication.pages import SitePage
from dashboard.publication.place import Place, page_path
from dashboard.publication.rendering import Sheet, tree_body
from dashboard.publication.trails import below
from dashboard.view import View
from dashboard.works import works


def _body(city: View, place: Place, programme_id: str) -> str:
    sheet = Sheet(city, place, page_path(city, address(city, programme_id)))
    return tree_body(sheet, programme_tree(city, programme_id))


def _sentence(city: View, programme_id: str) -> str:
    return programme_tree(city, programme_id).headline.title


def programme_pages(city: View, place: Place) -> Iterator[SitePage]:
    """Yield the list of operations, then the page of each; a party's proposals have none."""
    if not slugs(city):
        return
    path, section = page_path(city, LIST), page_path(city, INDEX)
    sheet, title = Sheet(city, place, path), message("programme.list_page", city.language)
    above = (INDEX, message("page.programmes", city.language))
    yield SitePage(
        path, title, lambda: list_tree(city).headline.title, section, lambda: tree_body(sheet, list_tree(city)),
        breadcrumb=below(city, above),
    )  # fmt: skip
    trail, language = below(city, above, (LIST, title)), city.language
    labels = {label_of(city, name) for name in indicators_shown(city)}  # no two pages have the same title
    for work in works(city):
        title = work.name if work.name not in labels else message("programme.page_title", language, name=work.name)
        yield SitePage(
            page_path(city, address(city, work.programme_id)), title, partial(_sentence, city, work.programme_id),
            section, partial(_body, city, place, work.programme_id), breadcrumb=trail,
        )  # fmt: skip
