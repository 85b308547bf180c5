"""Rows to take away from a published site: an address for each, and what lies there."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode

from dashboard.downloads import to_bytes
from dashboard.exports import export
from dashboard.publication.place import language_folder
from dashboard.view import View, the_view
from data.errors import ObservatoryError

FOLDER = "telecharger"


class SameAddressError(ObservatoryError):
    """Raised when two downloads would lie at one address: a fault of the pages, one of them needs another name."""


class Asked(NamedTuple):
    """A download that a page links to: of which area, and what (`series.csv?theme=housing`)."""

    district: str
    export: str


def _slug(words: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")


def path_of(view: View, asked: Asked) -> str:
    """Return the path of a download below the root of the site."""
    name, _, query = asked.export.partition("?")
    stem, _, kind = name.rpartition(".")
    parts = (stem, *(value for _, value in parse_qsl(query)), asked.district)
    return f"{language_folder(view.language)}{FOLDER}/{'-'.join(map(_slug, parts))}.{kind}"


class Downloads:
    """Gives downloads their addresses, and remembers those that pages link to."""

    def __init__(self) -> None:
        self.asked: dict[str, Asked] = {}

    def frozen(self, folder: str) -> Callable[[View, str, str], str]:
        """Return what gives downloads of a frozen figure their addresses: beside it, to stay as they are with it."""
        return lambda view, pattern, kind: self(view, pattern, kind, folder)

    def __call__(self, view: View, pattern: str, kind: str, folder: str = "") -> str:
        """Return the address of an export of a view (`series.{format}?theme=housing`), below the root.

        Parameters
        ----------
        folder : where it lies, the folder of all downloads unless given.

        Raises
        ------
        SameAddressError
            Another export has it.
        """
        name, _, query = pattern.format(format=kind).partition("?")
        chosen = dict(parse_qsl(query))  # what is left empty is as if it were not said
        district = chosen.pop("quartier", view.district)
        asked = Asked(district, f"{name}?{urlencode(chosen)}" if chosen else name)
        path = path_of(view, asked)
        path = f"{folder}{path.rpartition('/')[2]}" if folder else path
        self.add({path: asked})
        return path

    def add(self, more: dict[str, Asked]) -> None:
        """Remember downloads that pages made elsewhere link to."""
        for path, asked in more.items():
            if self.asked.setdefault(path, asked) != asked:
                raise SameAddressError(f"{self.asked[path].export} and {asked.export} would both be {path}")


@lru_cache(maxsize=512)
def content(city: View, asked: Asked) -> bytes:
    """Return the rows of a download, as the observatory's server gives them; those of frozen figures are the same."""
    name, _, query = asked.export.partition("?")
    stem, _, kind = name.rpartition(".")
    view = the_view(city.release, city.commune, asked.district, city.language, city.mode, city.today)
    return to_bytes(export(view, stem, dict(parse_qsl(query))), kind)
