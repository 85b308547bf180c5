"""One static page for each indicator, its sheet with the pages it leads to; and the list of all."""

from functools import lru_cache

from dashboard.content import indicator_sheet
from dashboard.content.entries import themes, whole_city
from dashboard.content.indicator_charts import slug
from dashboard.content.indicator_facts import inputs_shown
from dashboard.content.indicator_revisions import History
from dashboard.content.indicator_rows import names_shown, rows_shown
from dashboard.content.indicator_words import label_of, newest_words
from dashboard.content.pieces import Headline
from dashboard.content.programme_sheets import programme_link
from dashboard.content.tree import PageLink, PageLinks, PageTree
from dashboard.figures import indicators
from dashboard.listing import plain
from dashboard.messages import message
from dashboard.view import View
from data.errors import UnknownIndicatorError

INDEX, THEME = "indicateurs", "territory"
# The page of the navigation that each theme has; others stand in the list of all figures.
THEME_PAGES = {
    "housing": ("logement", "page.logement"),
    "green_space": ("espaces-verts", "page.espaces_verts"),
    "geothermal": ("geothermie", "page.geothermie"),
    "mobility": ("mobilite", "page.mobilite"),
    "territory": ("", "page.accueil"),
}


def indicators_shown(view: View) -> tuple[str, ...]:
    """Return the indicators that have a page: those of which something is said in the commune or its parts."""
    return names_shown(view)


def address(indicator: str) -> str:
    """Return the address of an indicator's page, as the navigation writes addresses."""
    return f"{INDEX}/{slug(indicator)}"


def related(view: View, indicator: str) -> PageLinks:
    """Return links to the page of the theme, what it is computed from, the operations its figures are of, the lists."""
    language, theme = view.language, indicator_sheet.theme_of(view, indicator)
    links = []
    if theme in THEME_PAGES:
        page, key = THEME_PAGES[theme]
        links.append(PageLink(page, message(key, language), message("indicator.related_theme", language)))
    links += [PageLink(address(name), label_of(view, name), message("indicator.related_input", language))
              for name in inputs_shown(view, indicator)]  # fmt: skip
    named = dict.fromkeys(row.programme for row in rows_shown(view, indicator) if row.programme)
    operations = [link for name in named if (link := programme_link(view, name))]
    links += [PageLink(one.address, one.words, message("indicator.related_programme", language)) for one in operations]
    links.append(PageLink("chiffres", message("page.chiffres", language), message("indicator.related_all", language)))
    links.append(PageLink(INDEX, message("indicator.index_page", language),
                          message("indicator.related_index", language)))  # fmt: skip
    return PageLinks(message("indicator.related", language), tuple(links))


@lru_cache(maxsize=256)
def indicator_tree(view: View, indicator: str, history: History | None = None) -> PageTree:
    """Return the page of an indicator; it is of the whole city.

    Parameters
    ----------
    history : what changed between the publications that are kept; None where the page does not say it.

    Raises
    ------
    UnknownIndicatorError
        Nothing is said of it in the commune.
    """
    if indicator not in names_shown(view):
        raise UnknownIndicatorError(indicator)
    city = whole_city(view)
    parts = (*indicator_sheet.parts(city, indicator, history), related(city, indicator))
    headline, tiles = indicator_sheet.headline(city, indicator), indicator_sheet.tiles(city, indicator)
    return PageTree(address(indicator), indicator_sheet.theme_of(city, indicator), headline, tiles, parts)


@lru_cache(maxsize=8)
def index_tree(view: View) -> PageTree:
    """Return the list of all indicators by theme, each with its newest figure in words and its page."""
    city, known, groups = whole_city(view), indicators(view.release), []
    for theme, title in themes(view.language).items():
        names = [name for name in names_shown(view) if known[name].theme == theme]
        ordered = sorted(names, key=lambda name: plain(label_of(city, name)))
        links = tuple(PageLink(address(name), label_of(city, name), newest_words(city, name)) for name in ordered)
        groups += [PageLinks(title, links)] if links else []
    title = message("indicator.index_title", view.language, count=len(names_shown(view)))
    lead = message("indicator.index_lead", view.language, city=view.city_name)
    return PageTree(INDEX, THEME, Headline(title, lead), (), tuple(groups))
