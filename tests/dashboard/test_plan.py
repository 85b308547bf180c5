"""The published site as a whole: its plan names every page, links lead to each, pages of figures say the release's."""

import html
import re
from pathlib import Path
from urllib.parse import urljoin

import feedparser
import pytest

from dashboard.content.indicator_rows import rows_shown
from dashboard.content.indicator_trees import address, indicators_shown
from dashboard.figures import source_line, value_words
from dashboard.view import View
from tests.conftest import SITE_BASE
from tests.dashboard.site_reading import PageRead, read_pages

PLAN = "plan-du-site/"


@pytest.fixture(scope="module")
def folder(site: Path) -> Path:
    return site.resolve()


@pytest.fixture(scope="module")
def pages(folder: Path) -> dict[str, PageRead]:
    """Return the pages with header and footer, by path."""
    found = read_pages(folder)
    return {
        path: page
        for path, page in found.items()
        if not path.endswith("404.html") and (page.is_indexed or not path.removeprefix("en/").startswith("integrer/"))
    }


def _is_wall(path: str) -> bool:
    return path.removeprefix("en/").startswith("affichage/")


def _targets(path: str, page: PageRead) -> set[str]:
    return {urljoin(SITE_BASE + path, link).partition("#")[0].removeprefix(SITE_BASE) for link in page.links}


def test_the_plan_names_every_page(pages: dict[str, PageRead]) -> None:
    for folder in ("", "en/"):
        ordinary = {path for path in pages if not _is_wall(path) and path.startswith("en/") == bool(folder)}
        plan = folder + PLAN
        assert len(ordinary) > 300
        assert ordinary <= _targets(plan, pages[plan]) | {plan}
        assert all(plan in _targets(path, pages[path]) for path in ordinary)


def test_every_page_leads_to_itself_in_the_other_language(folder: Path, pages: dict[str, PageRead]) -> None:
    for path, page in pages.items():
        if _is_wall(path):
            continue
        plain = path.removeprefix("en/")
        other = plain if path.startswith("en/") else f"en/{path}"
        assert other in _targets(path, page), path
        text = (folder / path / "index.html").read_text(encoding="utf-8")
        named = "fr" if path.startswith("en/") else "en"
        assert f'lang="{named}" hreflang="{named}"' in text, path
        if page.is_indexed:
            assert page.versions == {"fr": SITE_BASE + plain, "en": f"{SITE_BASE}en/{plain}"}, path


def test_every_page_can_be_reached_without_the_plan(pages: dict[str, PageRead]) -> None:
    reached, left = {""}, [""]
    while left:
        path = left.pop()
        if path.removeprefix("en/") == PLAN:
            continue
        new = (_targets(path, pages[path]) & set(pages)) - reached
        reached |= new
        left += new
    assert {path for path in pages if not _is_wall(path)} - reached == set()


def _trail(folder: Path, path: str) -> list[str]:
    text = (folder / path / "index.html").read_text(encoding="utf-8")
    found = re.search(r'<nav class="site-trail".*?</nav>', text, re.DOTALL)
    links = re.findall(r'href="([^"]+)"', found[0]) if found else []
    return [urljoin(SITE_BASE + path, link).removeprefix(SITE_BASE) for link in links]


@pytest.mark.parametrize(
    ("path", "above"),
    [
        ("", []),
        ("logement/", []),
        ("logement/simple/", ["", "logement/"]),
        ("quartiers/ivry-port/", ["", "quartiers/"]),
        ("quartiers/ivry-port/logement/", ["", "quartiers/", "quartiers/ivry-port/"]),
        ("indicateurs/population/", ["", "indicateurs/"]),
        ("programmes/quais-d-ivry/", ["", "programmes/", "programmes/liste/"]),
        (PLAN, [""]),
    ],
)
def test_deep_pages_say_where_they_are(path: str, above: list[str], folder: Path) -> None:
    assert _trail(folder, path) == above


def test_pages_of_indicators_say_the_figures_of_the_release(folder: Path, city: View) -> None:
    for indicator in indicators_shown(city):
        text = (folder / address(indicator) / "index.html").read_text(encoding="utf-8")
        said = html.unescape(re.sub(r"<[^>]+>", "|", text))
        for row in rows_shown(city, indicator):
            assert f"|{value_words(city.release, row, 'fr')}|" in said, indicator
            assert source_line(city.release, row.source, row.source_detail, "fr") in said, indicator


def test_the_feed_of_the_site_leads_to_its_page(folder: Path, pages: dict[str, PageRead]) -> None:
    found = feedparser.parse((folder / "changements" / "flux.xml").read_bytes())
    assert not found.bozo
    (entry,) = found.entries
    assert entry.link.removeprefix(SITE_BASE) in pages
    assert "rien à comparer" in entry.title
    for path, page in pages.items():
        feed = "en/changements/flux.xml" if path.startswith("en/") else "changements/flux.xml"
        assert _is_wall(path) or feed in _targets(path, page), path


def test_from_a_theme_one_comes_to_its_indicators(pages: dict[str, PageRead]) -> None:
    linked = {path for path in _targets("logement/", pages["logement/"]) if path.startswith("indicateurs/")}
    assert {"indicateurs/vacancy-rate-percent/", "indicateurs/social-dwellings/"} <= linked
