"""Figures at addresses of their own: which there are, and the snippet that puts one into another site's page."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from dashboard.content.indicator_charts import figures_of
from dashboard.content.indicator_trees import INDEX
from dashboard.content.tree import ChartFigure, Figure
from dashboard.html import render
from dashboard.messages import message
from dashboard.publication.pictures import WIDE_PX
from dashboard.publication.place import Place, figure_path, page_path, to_root
from dashboard.publication.trees import tree_at, with_figures
from dashboard.view import View, city_view

# What stands around the picture of a figure, in a column wide enough for it: sentence, legend, source, folded table.
_AROUND_PX = 345
_MAP_PX = 460
# The most a figure by itself takes of the width, as its style sheet says; a chart grows with it.
_WIDEST_PX = 960


@dataclass(frozen=True, eq=False)
class Embeddable:
    """A figure with an address of its own: what it looks at, the address of the page that shows it."""

    view: View
    page: str
    figure: Figure

    @property
    def key(self) -> str:
        """Its name in addresses."""
        return self.figure.key

    def path(self, release_id: str = "") -> str:
        """Return its path below the root: current, or frozen to a release."""
        return figure_path(self.view, self.key, release_id)

    @property
    def height_px(self) -> int:
        """The height a frame needs where no script follows it: the table is folded."""
        if isinstance(self.figure, ChartFigure):
            return round(self.figure.chart.specification["height"] * _WIDEST_PX / WIDE_PX) + _AROUND_PX
        return _MAP_PX + _AROUND_PX


def _is_same(figure: Figure, of_city: Figure | None) -> bool:
    """Tell whether a district's figure is the city's: then it has one address."""
    if isinstance(figure, ChartFigure) and isinstance(of_city, ChartFigure):
        return figure.title == of_city.title and figure.chart.specification == of_city.chart.specification
    return of_city is not None and type(figure) is type(of_city) and figure.title == of_city.title


@lru_cache(maxsize=256)
def embeddables_of(view: View, address: str) -> tuple[Embeddable, ...]:
    """Return the figures of a page that have an address; what says the same of all areas has that of the city alone."""
    page = tree_at(view, address)
    figures = tuple(page.figures()) if page else ()
    whole = {} if view.is_city else {one.key: one.figure for one in embeddables_of(city_view(view), address)}
    return tuple(
        Embeddable(view, page_path(view, address), figure)
        for figure in figures
        if view.is_city or not _is_same(figure, whole.get(figure.key))
    )


def _pages(view: View) -> Iterator[str]:
    """Yield the addresses of the pages of an area that may show figures."""
    return (address for one, address, _ in with_figures(city_view(view)) if one == view)


def embeddables(view: View) -> dict[str, Embeddable]:
    """Return the figures of an area that have an address, by key: every page of the area is worked out for it.

    Raises
    ------
    ValueError
        Two figures of an area have the same key.
    """
    found: dict[str, Embeddable] = {}
    for address in _pages(view):
        for one in embeddables_of(view, address):
            if one.key in found:
                raise ValueError(f"two figures of {view.district} have the key {one.key}")
            found[one.key] = one
    return found


def _may_show(address: str, key: str) -> bool:
    """Tell whether a page may show a figure of a key: those of an indicator's page begin with its name."""
    folder, _, indicator = address.partition("/")
    return key.startswith(figures_of(indicator)) if folder == INDEX else not key.startswith(figures_of())


def find(view: View, key: str) -> Embeddable | None:
    """Return the figure of an area that has a key, or None; only pages that may show it are worked out."""
    pages = (address for address in _pages(view) if _may_show(address, key))
    return next((one for address in pages for one in embeddables_of(view, address) if one.key == key), None)


def _embeddable(view: View, address: str, key: str) -> Embeddable | None:
    known = (*embeddables_of(view, address), *embeddables_of(city_view(view), address))
    return next((one for one in known if one.key == key), None)


def share(view: View, address: str, place: Place, path: str, figure: Figure) -> str:
    """Return the folded menu of a figure of a page: its address, and snippets for the current and the frozen one."""
    one = _embeddable(view, address, figure.key)
    if one is None:
        return ""
    language = view.language
    kinds = (("current", ""), ("frozen", view.release.release_id))
    snippets = [
        {
            "name": name,
            "label": message(f"embed.{name}", language, release=release),
            "code": snippet(one, place, release, follows=False),
        }
        for name, release in kinds
    ]
    following = {"name": "following", "label": message("embed.following", language),
                 "code": snippet(one, place, "", follows=True)}  # fmt: skip
    return render(
        "site/share.html",
        key=figure.key,
        snippets=[*snippets, following],
        address=f"{to_root(path)}{one.path()}",
        language=language,
    )


def snippet(one: Embeddable, place: Place, release_id: str, follows: bool) -> str:
    """Return the HTML that shows a figure in a page of another site; with a script, the frame follows its height."""
    return render(
        "site/snippet.html",
        address=place.base + one.path(release_id),
        title=one.figure.title,
        height=one.height_px,
        follows=follows,
    ).strip()
