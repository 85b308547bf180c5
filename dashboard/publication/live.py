"""The site as a running server shows it: each page is made when it is first asked for, then kept."""

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from hashlib import sha256

from dashboard.publication import assets, embeds, feed, site
from dashboard.publication.absent import no_figure, not_found
from dashboard.publication.pages import SitePage
from dashboard.publication.place import Place, language_folder, language_of, to_root
from dashboard.publication.previews import picture, preview_of, preview_pages
from dashboard.publication.sharing import Embeddable, find
from dashboard.view import WHOLE_CITY, View, area_view, district_slugs

_FIGURE = re.compile(r"integrer/([^/]+)/([^/]+)/(?:([0-9a-f]{16})/)?")
# Pictures are drawn one at a time, whoever asks.
_making = threading.Lock()


@dataclass(frozen=True)
class FigureAsked:
    """A figure that a path asks for: area, key, and the release it is frozen to, or none."""

    district: str
    key: str
    release_id: str


def figure_asked(path: str) -> FigureAsked | None:
    """Return the figure a path below the root asks for, or None."""
    found = _FIGURE.fullmatch(path.removeprefix(language_folder(language_of(path))))
    return FigureAsked(found[1], found[2], found[3] or "") if found else None


@dataclass(frozen=True)
class Made:
    """What lies at a path: its bytes, and a name that changes with them."""

    content: bytes
    tag: str


class LiveSite:
    """The site of one release on one day.

    Parameters
    ----------
    cities : the view of the whole city by language.
    """

    def __init__(self, cities: dict[str, View], place: Place) -> None:
        self.cities, self.place = cities, place
        self._made: dict[str, Made] = {}

    def get(self, path: str) -> Made | None:
        """Return what lies at a path below the root, or None; readers that ask at the same time wait for one making."""
        if path not in self._made:
            with _making:
                if path not in self._made:
                    make = self._maker(path)
                    if make is None:
                        return None
                    content = make()
                    self._made[path] = Made(content, sha256(content).hexdigest()[:16])
        return self._made[path]

    def absent(self, path: str) -> bytes:
        """Return the answer to a path at which nothing lies."""
        city, root = self._city(path), to_root(path)
        return no_figure(city, root) if figure_asked(path) else not_found(city, self.place, root)

    def expired(self, path: str) -> bytes:
        """Return the answer to a figure frozen to a release that is no longer kept."""
        return no_figure(self._city(path), to_root(path), "../")

    def _city(self, path: str) -> View:
        return self.cities[language_of(path)]

    def _maker(self, path: str) -> Callable[[], bytes] | None:
        """Return what makes a path: a page, a figure, what pages load, the preview of links to them, the feed."""
        city, place = self._city(path), self.place
        if page := site.site_pages(city, place).get(path):
            return partial(_page, city, place, page)
        if asked := figure_asked(path):
            one = _embeddable(city, asked)
            return partial(_figure, one, place, path, asked) if one else None
        if path in assets.files():
            return lambda: assets.files()[path]
        for one_city in self.cities.values():
            if shown := preview_pages(one_city, place).get(path):
                return partial(_preview, one_city, shown)
        return partial(feed.atom, city, place) if path == feed.path(city.language) else None


def _page(city: View, place: Place, page: SitePage) -> bytes:
    return site.document(city, place, page).encode()


def _preview(city: View, page: SitePage) -> bytes:
    return picture(preview_of(city, page))


def _figure(one: Embeddable, place: Place, path: str, asked: FigureAsked) -> bytes:
    return embeds.document(one, place, path, bool(asked.release_id)).encode()


def _embeddable(city: View, asked: FigureAsked) -> Embeddable | None:
    if asked.release_id not in {"", city.release.release_id}:
        return None
    known = {WHOLE_CITY, *district_slugs(city.release, city.commune)}
    return find(area_view(city, asked.district), asked.key) if asked.district in known else None
