"""Where a publication stands: what its pages are called, how they lead to each other and to data."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from dashboard.fragments import Link, Links
from dashboard.messages import LANGUAGES, message
from dashboard.place_names import of_place
from dashboard.view import WHOLE_CITY, View, commune_name
from data.errors import ObservatoryError

# What these pages say is the same whichever district is looked at: they are published once.
OF_THE_CITY = frozenset({"objectifs", "conference-climat", "chiffres", "rapprochements", "sources", "changements"})


def is_of_the_city(address: str) -> bool:
    """Tell whether there is a page at an address of the navigation once only, not for each district."""
    return address in OF_THE_CITY or address.partition("/")[0] == "indicateurs" or "/" in address


# The folder of a page's simplified version, within that of the page.
SIMPLE = "simple/"


class BaseAddressError(ObservatoryError):
    """Raised when the address a site is to stand at cannot be one."""


def checked_base(address: str) -> str:
    """Return the address of a site, with a slash at its end.

    Raises
    ------
    BaseAddressError
        It is not an absolute address of a web server, or holds what an address of a folder cannot.
    """
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as error:
        raise BaseAddressError(f"{address!r} is no address: {error}") from error
    faults = {
        "it must begin with https:// or http://": parts.scheme not in {"http", "https"},
        "it names no host": not parts.hostname,
        "it holds a name or password": parts.username is not None or parts.password is not None,
        "it holds a question mark or #": bool(parts.query or parts.fragment) or address.endswith(("?", "#")),
        "it holds characters that an address cannot": not address.isascii() or any(c in address for c in ' "<>\\^`{|}')
        or not address.isprintable() or ".." in parts.path.split("/"),
        "its port is 0": port == 0,
    }  # fmt: skip
    for words, is_so in faults.items():
        if is_so:
            raise BaseAddressError(
                f"{address!r} cannot be the address of a site: {words}. Give the address its home page will have, "
                "such as https://ville.example/observatoire/"
            )
    return address.rstrip("/") + "/"


@dataclass(frozen=True)
class Place:
    """The site a page is part of.

    `base` is its address, `downloads` turns an export of a view (`series.{format}?theme=housing`) and a format into
    an address below the root of the site, or an absolute one. `is_live` where the running server makes pages as they
    are asked for. `frozen` gives the downloads of a figure that is frozen at a path, where they are others.
    """

    base: str
    downloads: Callable[[View, str, str], str]
    formats: tuple[str, ...] = ("csv",)
    is_live: bool = False
    frozen: Callable[[str], Callable[[View, str, str], str]] | None = None


def language_folder(language: str) -> str:
    """Return the folder of a language: the first has none."""
    return "" if language == LANGUAGES[0] else f"{language}/"


def page_path(view: View, address: str) -> str:
    """Return the path of a page of the navigation below the root: of the city, or of the district looked at."""
    folder = language_folder(view.language)
    if view.district != WHOLE_CITY:
        folder += f"quartiers/{view.district}/"
        if address == "quartier":
            return folder
        return f"{folder}{address or 'portrait'}/"
    return folder + (f"{'quartiers' if address == 'quartier' else address}/" if address else "")


def language_of(path: str) -> str:
    """Return the language of the page at a path below the root."""
    first = path.partition("/")[0]
    return first if first in LANGUAGES[1:] else LANGUAGES[0]


def in_language(path: str, language: str) -> str:
    """Return the path of the same page in a language: addresses are the same in all, below the language's folder."""
    return language_folder(language) + path.removeprefix(language_folder(language_of(path)))


def to_root(path: str) -> str:
    """Return the way from a page to the root of the site: links are relative, so a site works below any address."""
    return "../" * path.count("/") or "./"


def figure_path(view: View, key: str, release_id: str = "") -> str:
    """Return the path of a figure to embed: current, or frozen to a release."""
    frozen = f"{release_id}/" if release_id else ""
    return f"{language_folder(view.language)}integrer/{view.district}/{key}/{frozen}"


def download_links(place: Place, view: View, export: str, words: Callable[[str], str], root: str) -> Links:
    """Return the links to the rows of an export."""
    if not export:
        return ()
    found = []
    for kind in place.formats:
        address = place.downloads(view, export, kind)
        found.append(Link(address if address.startswith("/") else root + address, words(kind)))
    return tuple(found)


def site_name(view: View) -> str:
    """Return what the site is called."""
    name = of_place(commune_name(view.release, view.commune), view.language)
    return message("site.name", view.language, of_city=name).replace("\\A", "").strip()
