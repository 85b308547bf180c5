"""One publication of the site: which release, of which commune, on which day, at which address; all its parts."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial
from urllib.parse import urlsplit

from dashboard import store
from dashboard.content.indicator_trees import INDEX
from dashboard.harvest.site import site_files
from dashboard.html import render
from dashboard.messages import LANGUAGES
from dashboard.publication import assets, site
from dashboard.publication.absent import NOT_FOUND, no_figure, not_found
from dashboard.publication.downloads import Downloads, content
from dashboard.publication.place import Place, language_folder, language_of, page_path
from dashboard.publication.previews import picture, preview_of, preview_pages
from dashboard.publication.site import SitePage
from dashboard.publication.trees import with_figures
from dashboard.view import WHOLE_CITY, View, the_view
from data.errors import UnknownAreaError
from data.release import Release, open_release
from data.settings import releases_folder

NO_FIGURE, SITE_MAP, ROBOTS = "integrer/404.html", "sitemap.xml", "robots.txt"
# So many pages are made in one go by a process; those of an area share much and stay together.
_AT_ONCE = 16

# A path below the root, and what makes what lies there.
Piece = tuple[str, Callable[[], bytes]]


@dataclass(frozen=True)
class Order:
    """What is to be published, in plain values that another process can be told."""

    release_id: str
    commune: str
    today: date
    base: str


def open_ordered(order: Order) -> Release:
    """Open the release of an order; a damaged one is not replaced by another.

    Raises
    ------
    ReleaseDamagedError
        A file is absent, differs from its checksum or cannot be read.
    UnknownAreaError
        It has no commune of that code.
    """
    release = open_release(releases_folder(), order.release_id, store.held_communes() | {order.commune})
    areas = release.table("territories")
    if not ((areas["ref_area"] == order.commune) & (areas["level"] == "commune")).any():
        raise UnknownAreaError(f"release {order.release_id} has no commune {order.commune!r}: check the code, or enter "
                               "it with `python -m etl init`")  # fmt: skip
    return release


class Edition:
    """A publication in a process: its release held open, its pages known but not made."""

    def __init__(self, order: Order) -> None:
        release = open_ordered(order)
        self.downloads = Downloads()
        self.place = Place(order.base, self.downloads, frozen=self.downloads.frozen)
        self.cities = {
            language: the_view(release, order.commune, WHOLE_CITY, language, "light", order.today)
            for language in LANGUAGES
        }

    @property
    def first(self) -> View:
        """The view of the city in the first language."""
        return self.cities[LANGUAGES[0]]

    def _owner(self, path: str) -> View:
        """Return the view of the city in the language a path belongs to."""
        return self.cities[language_of(path)]

    @cached_property
    def pages(self) -> dict[str, SitePage]:
        """All pages of all languages by path."""
        return {path: page for city in self.cities.values() for path, page in site.site_pages(city, self.place).items()}

    def page(self, path: str) -> bytes:
        """Make a page."""
        city = self._owner(path)
        return site.document(city, self.place, site.site_pages(city, self.place)[path]).encode()

    def rows(self) -> Iterator[Piece]:
        """Yield the downloads that pages made so far link to."""
        for path, asked in sorted(self.downloads.asked.items()):
            yield path, partial(content, self._owner(path), asked)

    def _others(self) -> Iterator[Piece]:
        """Yield what is neither page nor picture nor download."""
        for city in self.cities.values():
            for path, made in site.extra_files(city, self.place).items():
                yield path, partial(bytes, made)
        for path, made in assets.files().items():
            yield path, partial(bytes, made)
        yield from site_files(self.first, self.place)
        # Shown at any address, their links begin at the host.
        root = urlsplit(self.place.base).path
        yield NOT_FOUND, partial(not_found, self.first, self.place, root)
        yield NO_FIGURE, partial(no_figure, self.first, root)
        yield SITE_MAP, self._site_map
        yield ROBOTS, partial(bytes, f"User-agent: *\nAllow: /\n\nSitemap: {self.place.base}{SITE_MAP}\n".encode())

    def _site_map(self) -> bytes:
        addresses = [self.place.base + path for path, page in self.pages.items() if page.indexed]
        return render("site/sitemap.xml", addresses=addresses, day=self.first.release.published).encode()

    def _group(self, path: str, page: SitePage) -> str:
        """Return the area a page is about, or else what kind of page it is, with a slash."""
        first, area, *_ = [*path.removeprefix(language_folder(self._owner(path).language)).split("/"), ""]
        if first == "quartiers" and area:
            return area
        return WHOLE_CITY if page.tree and first != INDEX else f"{first}/"

    def _batches(self) -> list[list[str]]:
        """Return the paths of all pages in groups that one process makes in one go, the longest work first."""
        groups: dict[tuple[str, str], list[str]] = {}
        for path, page in self.pages.items():
            groups.setdefault((self._group(path, page), self._owner(path).language), []).append(path)
        ordered = sorted(groups.items(), key=lambda group: (group[0][0].endswith("/"), group[0][0] != WHOLE_CITY))
        return [
            paths[start : start + size]
            for (name, _), paths in ordered
            for size in [_AT_ONCE if name.endswith("/") else len(paths)]
            for start in range(0, len(paths), size)
        ]

    def _made_together(self, paths: list[str], shown: Mapping[str, tuple[View, str]]) -> Iterator[Piece]:
        """Yield pages, their figures by themselves and their previews: what is worked out and drawn serves for all."""
        for path in paths:
            yield path, partial(self.page, path)
        for view, address in (shown[path] for path in paths if path in shown):
            for page in site.figure_pages(view, self.place, address):
                yield page.path, partial(self._figure, page)
        for path in paths:
            if path in self._previews:
                yield self._previews[path], partial(_preview, self._owner(path), self.pages[path])

    @cached_property
    def _previews(self) -> dict[str, str]:
        """The paths of previews by those of the pages they show."""
        found = (preview_pages(city, self.place) for city in self.cities.values())
        return {page.path: path for pages in found for path, page in pages.items()}

    def _figure(self, page: SitePage) -> bytes:
        return site.document(self.first, self.place, page).encode()

    def jobs(self) -> list[Iterable[Piece]]:
        """Return all there is to make before downloads, in groups that one process makes in one go."""
        shown = {
            page_path(view, address): (view, address)
            for city in self.cities.values()
            for view, address, _ in with_figures(city)
        }
        pages = [self._made_together(paths, shown) for paths in self._batches()]
        return [*pages[:1], self._others(), *pages[1:]]


def _preview(city: View, page: SitePage) -> bytes:
    return picture(preview_of(city, page))
