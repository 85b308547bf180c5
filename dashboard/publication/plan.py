"""The plan of the site: every page, each beneath the one it belongs to."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from dashboard.content.indicator_trees import INDEX
from dashboard.html import render
from dashboard.messages import message
from dashboard.navigation import PAGES
from dashboard.publication.pages import SitePage
from dashboard.publication.place import language_folder, page_path
from dashboard.publication.rendering import Sheet
from dashboard.view import View

ADDRESS = "plan-du-site"
_MAIN, _VERIFY, _ABOUT = "main", "verify", "about"


@dataclass
class Node:
    """A page in the plan, and those beneath it."""

    page: SitePage
    below: list["Node"] = field(default_factory=list)


def _roots(pages: Iterable[SitePage], home: str) -> list[Node]:
    """Return the pages that lie beneath no other but the home page, each with those beneath it."""
    nodes = {page.path: Node(page) for page in pages if page.whole is None}
    roots: list[Node] = []
    for path, node in nodes.items():
        parts = path.rstrip("/").split("/")
        parents = ("/".join(parts[:count]) + "/" for count in range(len(parts) - 1, 0, -1))
        parent = next((one for one in parents if one in nodes and one != home), None)
        (nodes[parent].below if parent else roots).append(node)
    return roots


def _group(city: View, path: str) -> str:
    """Return the part of the plan a page stands in: that of the menu, of verifying, or about the site itself."""
    sections = {page_path(city, entry.address): entry.section for entry in PAGES}
    first = path.removeprefix(language_folder(city.language)).partition("/")[0]
    if first == INDEX or sections.get(path) == "verify":
        return _VERIFY
    return _MAIN if path in sections or first == "simple" else _ABOUT


def plan_body(sheet: Sheet, pages: Iterable[SitePage]) -> str:
    """Return the plan as nested lists, part by part."""
    city, roots = sheet.view, _roots(pages, page_path(sheet.view, ""))
    groups = [
        {"title": message(f"plan.group_{name}", city.language), "nodes": nodes}
        for name in (_MAIN, _VERIFY, _ABOUT)
        if (nodes := [node for node in roots if _group(city, node.page.path) == name])
    ]
    return render("site/plan.html", groups=groups, root=sheet.root, path=sheet.path, language=city.language)
