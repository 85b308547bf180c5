"""What a page of the site is, before it is made."""

from collections.abc import Callable
from dataclasses import dataclass

from dashboard.content.tree import PageTree
from dashboard.fragments import Links


@dataclass(frozen=True)
class SitePage:
    """A page: its path below the root, its title and what it says in a sentence, the page of the menu it is under.

    `description` may be a function where it takes time to know; `body` makes what stands between header and footer;
    `picture` names the preview of links to it, that of its section unless given; a page `in_footer` is linked at the
    foot of every page; one that is not `indexed` is kept out of the site map and of search engines. `tree` gives the
    content of a page that is a tree, `whole` the document of one that stands without header and footer. `breadcrumb`
    are the pages above it, from the home page down; pages of the menu have none.
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
    whole: Callable[[], str] | None = None
    breadcrumb: Links = ()

    @property
    def sentence(self) -> str:
        """What the page says in a sentence."""
        return self.description if isinstance(self.description, str) else self.description()
