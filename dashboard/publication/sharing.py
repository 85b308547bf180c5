"""Figures at addresses of their own: which there are, and the snippet that puts one into another site's page."""

from dataclasses import dataclass
from functools import lru_cache

from dashboard.content.tree import ChartFigure, Figure
from dashboard.html import render
from dashboard.messages import message
from dashboard.publication.pictures import WIDE_PX
from dashboard.publication.place import Place, figure_path, page_path, to_root
from dashboard.publication.trees import with_figures
from dashboard.view import View

# What stands around the picture of a figure, in a column wide enough for it: sentence, legend, source, folded table.
_AROUND_PX = 330
_MAP_PX = 460


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
            return int(self.figure.chart.specification.get("height", WIDE_PX / 2)) + _AROUND_PX
        return _MAP_PX + _AROUND_PX


def _is_same(figure: Figure, of_city: Figure | None) -> bool:
    """Tell whether a district's figure is the city's: then it has one address."""
    if isinstance(figure, ChartFigure) and isinstance(of_city, ChartFigure):
        return figure.title == of_city.title and figure.chart.specification == of_city.chart.specification
    return of_city is not None and type(figure) is type(of_city) and figure.title == of_city.title


@lru_cache(maxsize=4)
def embeddables(city: View) -> dict[tuple[str, str], Embeddable]:
    """Return the figures that have an address, by area and key; what says the same of all areas has that of the city.

    Raises
    ------
    ValueError
        Two figures of an area have the same key.
    """
    found: dict[tuple[str, str], Embeddable] = {}
    for view, address, tree_of in with_figures(city):
        for figure in tree_of(view).figures():
            whole = found.get((city.district, figure.key))
            if not view.is_city and _is_same(figure, whole.figure if whole else None):
                continue
            if (view.district, figure.key) in found:
                raise ValueError(f"two figures of {view.district} have the key {figure.key}")
            found[view.district, figure.key] = Embeddable(view, page_path(view, address), figure)
    return found


def _embeddable(view: View, city: View, key: str) -> Embeddable | None:
    known = embeddables(city)
    return known.get((view.district, key)) or known.get((city.district, key))


def share(view: View, city: View, place: Place, path: str, figure: Figure) -> str:
    """Return the folded menu of a figure: its address, and snippets for the current and the frozen one."""
    one = _embeddable(view, city, figure.key)
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
        address=f"{to_root(path)}{'../' if place.pages else ''}{one.path()}",
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
