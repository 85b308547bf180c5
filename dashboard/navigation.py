"""The pages, listed once: section, file, address, and the message that names each."""

import os
from dataclasses import dataclass

from data.settings import ROOT


@dataclass(frozen=True)
class PageEntry:
    """A page: its file in `pages/`, its address, its section and the key of its title."""

    stem: str
    address: str
    section: str

    @property
    def title_key(self) -> str:
        """Return the key of the page's title."""
        return f"page.{self.stem.rpartition('/')[2]}"

    @property
    def path(self) -> str:
        """Return the page's file."""
        return str(ROOT / "pages" / f"{self.stem}.py")


_PAGES = (
    PageEntry("accueil", "", ""),
    PageEntry("quartier", "quartier", ""),
    PageEntry("programmes", "programmes", ""),
    PageEntry("recherche", "recherche", ""),
    PageEntry("logement", "logement", "themes"),
    PageEntry("espaces_verts", "espaces-verts", "themes"),
    PageEntry("geothermie", "geothermie", "themes"),
    PageEntry("mobilite", "mobilite", "themes"),
    PageEntry("objectifs", "objectifs", "themes"),
    PageEntry("conference_climat", "conference-climat", "prepare"),
    PageEntry("dossier", "dossier", "prepare"),
    PageEntry("explorer", "explorer", "desk"),
    PageEntry("comparer", "comparer", "desk"),
    PageEntry("indicateur", "indicateur", "verify"),
    PageEntry("chiffres", "chiffres", "verify"),
    PageEntry("rapprochements", "rapprochements", "verify"),
    PageEntry("sources", "sources", "verify"),
    PageEntry("changements", "changements", "verify"),
)

# The benchmark measures pages against one that shows a single line, in the same frame on the same server.
_BENCH = (PageEntry("../tests/bench/trivial_page", "trivial", ""),) if "OBSERVATORY_BENCH" in os.environ else ()

PAGES = (*_PAGES, *_BENCH)
