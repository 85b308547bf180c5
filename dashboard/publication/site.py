"""All pages of a publication: which there are, and each as a whole document, made when it is asked for."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from markupsafe import Markup

from dashboard import store
from dashboard.content.programme_trees import programmes_tree
from dashboard.content.reading_trees import (
    changes_tree,
    numbers_tree,
    quality_tree,
    quarter_tree,
    reconciliation_tree,
    targets_tree,
)
from dashboard.content.simple.pages import TEXTS
from dashboard.content.theme_trees import geothermal_tree, green_tree, home_tree, housing_tree, mobility_tree
from dashboard.content.tree import PageTree
from dashboard.fragments import Link
from dashboard.html import render
from dashboard.messages import LANGUAGES, message
from dashboard.navigation import PAGES
from dashboard.publication import assets, wall
from dashboard.publication.place import OF_THE_CITY, SIMPLE, Place, language_folder, page_path, site_name, to_root
from dashboard.publication.rendering import Sheet, city_view, tree_body
from dashboard.publication.simple import simple_body, simple_description
from dashboard.view import WHOLE_CITY, View, district_slugs, the_view
from data.history import previous_id
from data.rules.date_words import one_date
from data.settings import releases_folder

# No script but ours, no request but to the site itself; style attributes place marks in our own templates.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'"
)

PREVIEWS = "apercus"


def _changes_tree(view: View) -> PageTree:
    """Return what changed since the release published before the one looked at."""
    before = previous_id(releases_folder(), view.release.release_id)
    return changes_tree(view, store.earlier(before) if before else None)


# The pages of the observatory as trees, in the order of the navigation.
TREES: dict[str, Callable[[View], PageTree]] = {
    "": home_tree,
    "quartier": quarter_tree,
    "programmes": programmes_tree,
    "logement": housing_tree,
    "espaces-verts": green_tree,
    "geothermie": geothermal_tree,
    "mobilite": mobility_tree,
    "objectifs": targets_tree,
    "chiffres": numbers_tree,
    "rapprochements": reconciliation_tree,
    "sources": quality_tree,
    "changements": _changes_tree,
}


@dataclass(frozen=True)
class SitePage:
    """A page: its path below the root, its title and what it says in a sentence, the page of the menu it is under.

    `description` may be a function where it takes time to know; `body` makes what stands between header and footer;
    `picture` names the preview of links to it, that of its section unless given; a page `in_footer` is linked at the
    foot of every page; one that is not `indexed` is kept out of the site map and of search engines. `tree` gives the
    content of a page that is a tree.
    """

    path: str
    title: str
    description: str | Callable[[], str]
    section: str
    body: Callable[[], str]
    picture: str = ""
    in_footer: bool = False
    indexed: bool = True
    tree: Callable[[], PageTree] | None = None

    @property
    def sentence(self) -> str:
        """What the page says in a sentence."""
        return self.description if isinstance(self.description, str) else self.description()


def _views(city: View) -> Iterator[View]:
    """Yield the view of the whole city, then that of each district."""
    for slug in (WHOLE_CITY, *district_slugs(city.release, city.commune)):
        yield the_view(city.release, city.commune, slug, city.language, city.mode, city.today)


def tree_pages(city: View, place: Place) -> Iterator[SitePage]:
    """Yield the pages that the navigation of the observatory has, for the city and for each district."""
    for view in _views(city):
        for address, tree_of in TREES.items():
            if not view.is_city and address in OF_THE_CITY:
                continue
            yield _tree_page(view, place, address, tree_of)


def _tree_page(view: View, place: Place, address: str, tree_of: Callable[[View], PageTree]) -> SitePage:
    path = page_path(view, address)
    entry = next(entry for entry in PAGES if entry.address == address)
    title = message(entry.title_key, view.language)
    if not view.is_city:
        title = message("publication.of_district", view.language, page=title, district=view.area_name)
    sheet = Sheet(view, place, path)
    section = page_path(city_view(view), "quartier" if address == "" and not view.is_city else address)
    return SitePage(
        path, title, lambda: tree_of(view).headline.title, section, lambda: tree_body(sheet, tree_of(view)),
        tree=lambda: tree_of(view),
    )  # fmt: skip


def simple_pages(city: View, place: Place) -> Iterator[SitePage]:
    """Yield the simplified versions of pages, for the city and for each district."""
    for view in _views(city):
        for address, tree_of in TREES.items():
            if address in TEXTS and (view.is_city or address not in OF_THE_CITY):
                yield _simple_page(view, place, address, tree_of)


def _simple_page(view: View, place: Place, address: str, tree_of: Callable[[View], PageTree]) -> SitePage:
    full = _tree_page(view, place, address, tree_of)
    sheet = Sheet(view, place, full.path + SIMPLE)
    return replace(
        full,
        path=sheet.path,
        title=message("simple.page_title", view.language, title=full.title),
        description=lambda: simple_description(address, view),
        body=lambda: simple_body(sheet, address, tree_of(view)),
    )


# Each gives pages for a view of the whole city in one language.
SOURCES: tuple[Callable[[View, Place], Iterator[SitePage]], ...] = (tree_pages, simple_pages)


def _wall_files(city: View, place: Place) -> Mapping[str, bytes]:
    return wall.site_files(city, place, site_pages(city, place))


# Each gives files that are no pages for a view of the whole city in one language: their bytes by path.
FILES: tuple[Callable[[View, Place], Mapping[str, bytes]], ...] = (_wall_files,)


def extra_files(city: View, place: Place) -> dict[str, bytes]:
    """Return what the site has beside pages and assets in the language of a view, by path."""
    return {path: content for files in FILES for path, content in files(city, place).items()}


@lru_cache(maxsize=4)
def site_pages(city: View, place: Place) -> dict[str, SitePage]:
    """Return all pages of the site in the language of a view, by path."""
    return {page.path: page for source in SOURCES for page in source(city, place)}


def _menu(city: View, sections: tuple[str, ...]) -> list[Link]:
    return [
        Link(page_path(city, entry.address), message(entry.title_key, city.language))
        for entry in PAGES
        if entry.section in sections and entry.address in TREES
    ]


def _footer(city: View, place: Place) -> list[Link]:
    return [Link(page.path, page.title) for page in site_pages(city, place).values() if page.in_footer]


def preview_path(city: View, place: Place, page: SitePage) -> str:
    """Return the path of the picture that previews links to a page: of its district, else of its section."""
    folder = language_folder(city.language)
    first, *rest = page.path.removeprefix(folder).split("/")
    if page.picture:
        return page.picture
    if first == "quartiers" and rest[0] in district_slugs(city.release, city.commune):
        return f"{PREVIEWS}/{folder}quartier-{rest[0]}.png"
    section = page.section if page.section in site_pages(city, place) else folder
    return f"{PREVIEWS}/{folder}{section.removeprefix(folder).rstrip('/') or 'accueil'}.png"


def document(city: View, place: Place, page: SitePage, root: str = "") -> str:
    """Return a page as a whole HTML document.

    Parameters
    ----------
    root : the way to the root of the site, where it is not the one from the page's own path.
    """
    language = city.language
    name = site_name(city)
    others = [{"language": other, "path": page.path} for other in LANGUAGES if other == language]
    return render(
        "site/page.html",
        page=page,
        language=language,
        languages=others if len(LANGUAGES) > 1 else [],
        title=f"{page.title} — {name}" if page.path else name,
        policy=POLICY,
        base=place.base,
        root=root or to_root(page.path),
        home=page_path(city, ""),
        site_name=name,
        picture=preview_path(city, place, page),
        icon=assets.path_of("icon.svg"),
        style=assets.path_of("site.css"),
        script=assets.path_of("site.js"),
        feed=assets.FEED,
        navigation=_menu(city, ("", "themes")),
        footer=[*_menu(city, ("verify",)), *_footer(city, place)],
        body=Markup(page.body()),
        published=one_date(city.release.published, language) if city.release.published else "",
        release=city.release.release_id,
    )
