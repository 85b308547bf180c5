"""All pages of a publication: which there are, and each as a whole document, made when it is asked for."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache, partial

from markupsafe import Markup

from dashboard.content.simple.pages import TEXTS
from dashboard.content.tree import PageTree
from dashboard.fragments import Link
from dashboard.html import render
from dashboard.messages import LANGUAGES, message
from dashboard.navigation import PAGES
from dashboard.publication import assets, embeds, feed, trails, wall
from dashboard.publication.indicator_pages import indicator_pages
from dashboard.publication.legal_pages import legal_pages
from dashboard.publication.pages import SitePage
from dashboard.publication.place import SIMPLE, Place, in_language, language_folder, page_path, site_name, to_root
from dashboard.publication.plan import ADDRESS as PLAN
from dashboard.publication.plan import plan_body
from dashboard.publication.programme_pages import programme_pages
from dashboard.publication.rendering import Sheet, tree_body
from dashboard.publication.sharing import embeddables_of
from dashboard.publication.simple import simple_body, simple_description
from dashboard.publication.trees import TREES, published
from dashboard.view import View, city_view, district_slugs
from data.rules.date_words import one_date

# No script but ours, no request but to the site itself; style attributes place marks in our own templates.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'"
)

PREVIEWS = "apercus"


def tree_pages(city: View, place: Place) -> Iterator[SitePage]:
    """Yield the pages that the navigation of the observatory has, for the city and for each district."""
    for view, address, tree_of in published(city):
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
        tree=lambda: tree_of(view), breadcrumb=trails.of_tree(city_view(view), view, address),
    )  # fmt: skip


def simple_pages(city: View, place: Place) -> Iterator[SitePage]:
    """Yield the simplified versions of pages, for the city and for each district."""
    for view, address, tree_of in published(city):
        if address in TEXTS:
            yield _simple_page(view, place, address, tree_of)


def _simple_page(view: View, place: Place, address: str, tree_of: Callable[[View], PageTree]) -> SitePage:
    full = _tree_page(view, place, address, tree_of)
    sheet = Sheet(view, place, full.path + SIMPLE)
    trail = full.breadcrumb or trails.below(city_view(view))
    return replace(
        full,
        path=sheet.path,
        breadcrumb=(*trail, Link(full.path, full.title)) if full.path else trail,
        title=message("simple.page_title", view.language, title=full.title),
        description=lambda: simple_description(address, view),
        body=lambda: simple_body(sheet, address, tree_of(view)),
    )


def embed_index(city: View, place: Place) -> Iterator[SitePage]:
    """Yield the page that lists all figures to embed."""
    title = message("embed.index_title", city.language)
    path = f"{language_folder(city.language)}integrer/"
    sheet = Sheet(city, place, path)
    yield SitePage(path, title, message("embed.index_lead", city.language), path,
                   lambda: embeds.index_body(sheet), in_footer=True)  # fmt: skip


def figure_pages(view: View, place: Place, address: str) -> Iterator[SitePage]:
    """Yield each figure of a page by itself, current and frozen to the release; to know them, the page is worked out.

    They are no pages a reader goes to, so they are not among all pages of the site.
    """
    for one in embeddables_of(view, address):
        for release in ("", view.release.release_id):
            path = one.path(release)
            yield SitePage(
                path, one.key, one.key, path, str, indexed=False,
                whole=partial(embeds.document, one, place, path, bool(release)),
            )  # fmt: skip


def plan_page(city: View, place: Place) -> Iterator[SitePage]:
    """Yield the plan of the site: all pages, each beneath the one it belongs to."""
    path, language = page_path(city, PLAN), city.language
    sheet = Sheet(city, place, path)
    yield SitePage(
        path, message("plan.title", language), message("plan.lead", language), path,
        lambda: plan_body(sheet, site_pages(city, place).values()), in_footer=True, breadcrumb=trails.below(city),
    )  # fmt: skip


# Each gives pages for a view of the whole city in one language.
SOURCES: tuple[Callable[[View, Place], Iterator[SitePage]], ...] = (
    tree_pages, simple_pages, indicator_pages, programme_pages, embed_index, legal_pages, plan_page,
)  # fmt: skip


def _wall_files(city: View, place: Place) -> Mapping[str, bytes]:
    return wall.site_files(city, place, site_pages(city, place))


def _feed_files(city: View, place: Place) -> Mapping[str, bytes]:
    return {feed.path(city.language): feed.atom(city, place)}


# Each gives files that are no pages for a view of the whole city in one language: their bytes by path.
FILES: tuple[Callable[[View, Place], Mapping[str, bytes]], ...] = (_wall_files, _feed_files)


def extra_files(city: View, place: Place) -> dict[str, bytes]:
    """Return what the site has beside pages and assets in the language of a view, by path."""
    return {path: content for files in FILES for path, content in files(city, place).items()}


@lru_cache(maxsize=4)
def site_pages(city: View, place: Place) -> dict[str, SitePage]:
    """Return all pages of the site in the language of a view, by path; figures by themselves are `figure_pages`."""
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
    if page.whole:
        return page.whole()
    language = city.language
    name = site_name(city)
    versions = [{"language": one, "path": in_language(page.path, one), "name": message("language.name", one)}
                for one in LANGUAGES]  # fmt: skip
    return render(
        "site/page.html",
        page=page,
        language=language,
        versions=versions,
        title=f"{page.title} — {name}" if page.path else name,
        policy=POLICY,
        base=place.base,
        root=root or to_root(page.path),
        home=page_path(city, ""),
        site_name=name,
        picture=preview_path(city, place, page),
        icon=assets.path_of("icon.svg"),
        letters=assets.path_of(assets.LETTERS),
        style=assets.path_of("site.css"),
        script=assets.path_of("site.js"),
        feed=feed.path(language),
        navigation=_menu(city, ("", "themes", "prepare")),
        footer=[*_menu(city, ("verify",)), *_footer(city, place)],
        body=Markup(page.body()),
        published=one_date(city.release.published, language) if city.release.published else "",
        release=city.release.release_id,
    )
