"""Figures in frames of other sites: every width, light and dark, with and without script; who may, and who may not."""

import html
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Frame, Page

from data.release import Release
from tests.browser.conftest import axe_violations, open_context
from tests.conftest import SITE_BASE
from tests.nginx import Site
from tests.serving import Observatory

WIDTHS = (320, 768, 1280, 1920)
HEIGHT = 900
FIGURES = (
    "integrer/ville/housing-series/",
    "integrer/ville/carte-housing-vacancy-rate-percent/",
    "integrer/ivry-port/timeline-housing/",
    "integrer/ville/programmes-lanes-dwellings/",
)
# Pages, and the district that some of their figures are about.
PAGES = (("logement/", ""), ("quartiers/ivry-port/logement/", "ivry-port"), ("programmes/", ""),
         ("indicateurs/population/", ""))  # fmt: skip
TALL = (
    ("logement/", "housing-series"),
    ("logement/", "carte-housing-vacancy-rate-percent"),
    ("espaces-verts/", "timeline-green-space"),
    ("programmes/", "programmes-lanes-specific-dwellings"),
    ("indicateurs/private-dwellings-vacant-over-2-years-rate-percent/",
     "indicateur-private-dwellings-vacant-over-2-years-rate-percent-serie"),
)  # fmt: skip
# What a frame must show: nothing sticks out or is cut, one picture, a source, the state of the data, a link inside.
FAULTS = """() => {
  const faults = [];
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) faults.push("wider than the frame");
  if (document.querySelectorAll("h1").length !== 1) faults.push("not one h1");
  const shown = [...document.querySelectorAll(".obs-box svg")].filter(one => one.getBoundingClientRect().width > 100);
  if (shown.length !== 1) faults.push(`${shown.length} pictures`);
  for (const one of [".obs-source", ".embed-foot", ".embed-foot a", ".obs-table summary"]) {
    const found = document.querySelector(one);
    if (!found || !found.getBoundingClientRect().height) faults.push("lacks " + one);
  }
  return faults;
}"""
ROWS = """root => [...root.querySelectorAll(".obs-table")].map(fold => [
  fold.querySelector("summary").textContent.trim(),
  [...fold.querySelectorAll("tr")].map(row => [...row.children].map(cell => cell.textContent.trim()))])"""


@dataclass(frozen=True)
class Host:
    """Another site on the same machine, by the name that may show figures and by one that may not."""

    folder: Path
    port: int

    @property
    def allowed(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def forbidden(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def put(self, name: str, code: str) -> None:
        page = f'<!doctype html><html lang="fr"><meta charset="utf-8"><title>Article</title><body>{code}</body></html>'
        (self.folder / name).write_text(page, encoding="utf-8")


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Write nothing."""


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    folder = tmp_path_factory.mktemp("host")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Host(folder, server.server_address[1])
    server.shutdown()
    server.server_close()


def _snippets(server: Site | Observatory, path: str, key: str) -> dict[str, str]:
    """Return the code that a page offers to copy for a figure, by name, leading to the server at hand."""
    public = f"{server.address}/public/" if isinstance(server, Observatory) else f"{server.address}/"
    folder = "public/" if isinstance(server, Observatory) else ""
    text = server.get(f"/{folder}{path}").text
    found = re.findall(rf'<textarea id="{key}-(\w+)"[^>]*>(.*?)</textarea>', text, re.DOTALL)
    return {name: html.unescape(code).replace(SITE_BASE, public) for name, code in found}


@pytest.fixture(params=["static site", "server"])
def source(request: pytest.FixtureRequest) -> Site | Observatory:
    name = "site_server" if request.param == "static site" else "observatory"
    found: Site | Observatory = request.getfixturevalue(name)
    return found


def _frame(page: Page) -> Frame:
    page.wait_for_function("document.querySelector('iframe')")
    page.wait_for_load_state("load")
    return page.frames[1]


def _expect_refusal(page: Page, address: str) -> None:
    """Open an address and wait until the browser refuses to show the frame in it.

    What the page before still asked for fails too, as it is left: that is no refusal.
    """
    with page.expect_event("requestfailed", lambda request: request.failure == "net::ERR_BLOCKED_BY_RESPONSE"):
        page.goto(address)


@pytest.mark.parametrize("with_script", [True, False], ids=["script", "no script"])
@pytest.mark.parametrize("path", FIGURES)
def test_a_figure_is_whole_in_a_frame_of_every_width_light_and_dark(
    browser: Browser, host: Host, site_server: Site, path: str, with_script: bool
) -> None:
    style = "width:100%;height:800px;border:0"
    host.put("frame.html", f'<iframe src="{site_server.address}/{path}" title="x" style="{style}"></iframe>')
    context = open_context(browser, (WIDTHS[0], HEIGHT), java_script_enabled=with_script)
    page, grounds = context.new_page(), set()
    page.goto(f"{host.allowed}/frame.html")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": HEIGHT})
            frame = page.frames[1]
            frame.wait_for_load_state("load")
            assert frame.evaluate(FAULTS) == [], f"{path} at {width} px, {scheme}"
        grounds.add(frame.evaluate("getComputedStyle(document.documentElement).backgroundColor"))
    assert len(grounds) == 2, "dark is dark"
    context.close()


@pytest.mark.parametrize("name", ["current", "frozen", "following"])
def test_the_code_that_is_offered_shows_the_figure_where_it_may_be_shown(
    browser: Browser, host: Host, source: Site | Observatory, release: Release, name: str
) -> None:
    code = _snippets(source, "logement/", "housing-series")[name]
    host.put("article.html", code)
    context = open_context(browser, (1280, HEIGHT))
    page = context.new_page()
    page.goto(f"{host.allowed}/article.html")
    frame = _frame(page)
    assert frame.locator("h1").inner_text() == page.locator("iframe").get_attribute("title")
    state = frame.locator(".embed-foot").inner_text()
    assert (release.release_id in state) is (name == "frozen")
    _expect_refusal(page, f"{host.forbidden}/article.html")
    context.close()


def test_whole_pages_are_shown_in_no_frame(browser: Browser, host: Host, source: Site | Observatory) -> None:
    folder = "public/" if isinstance(source, Observatory) else ""
    context = open_context(browser, (1280, HEIGHT))
    page = context.new_page()
    for path in (f"{folder}logement/", "affichage/", *(["logement"] if folder else [])):
        host.put("page.html", f'<iframe src="{source.address}/{path}"></iframe>')
        _expect_refusal(page, f"{host.allowed}/page.html")
    context.close()


@pytest.mark.parametrize("width", WIDTHS)
def test_a_frame_that_follows_has_the_height_of_its_figure(
    browser: Browser, host: Host, source: Site | Observatory, width: int
) -> None:
    host.put("following.html", _snippets(source, "logement/", "housing-series")["following"])
    context = open_context(browser, (width, HEIGHT))
    page = context.new_page()
    page.goto(f"{host.allowed}/following.html")
    frame = _frame(page)
    fits = """async element => {
      for (let tries = 0; tries < 100; tries += 1) {
        const told = Math.ceil(document.documentElement.getBoundingClientRect().height);
        if (Math.abs(innerHeight - told) <= 1) return innerHeight;
        await new Promise(done => setTimeout(done, 50));
      }
      return -innerHeight;
    }"""
    folded = frame.evaluate(fits)
    assert folded > 300
    frame.locator(".obs-table summary").first.click()
    assert frame.evaluate(fits) > folded + 100
    context.close()


@pytest.mark.parametrize("width", WIDTHS[1:])
def test_a_frame_without_script_is_high_enough_for_its_figure(
    browser: Browser, host: Host, site_server: Site, width: int
) -> None:
    context = open_context(browser, (width, HEIGHT), java_script_enabled=False)
    page = context.new_page()
    for path, key in TALL:
        host.put("still.html", _snippets(site_server, path, key)["current"])
        page.goto(f"{host.allowed}/still.html")
        needed, given = _frame(page).evaluate(
            "[document.body.getBoundingClientRect().bottom, innerHeight].map(Math.ceil)"
        )
        assert given * 0.7 <= needed <= given, key
    context.close()


@pytest.mark.parametrize(("path", "area"), PAGES)
def test_page_and_figures_by_themselves_have_the_same_tables_cell_by_cell(
    browser: Browser, site_server: Site, observatory: Observatory, path: str, area: str
) -> None:
    context = open_context(browser, (1280, HEIGHT), java_script_enabled=False)
    page, alone = context.new_page(), context.new_page()
    page.goto(f"{site_server.address}/{path}")
    compared = 0
    for figure in page.locator("figure.obs-figure").all():
        key, rows = figure.get_attribute("id"), figure.evaluate(ROWS)
        link = figure.locator(".site-share a").nth(1).get_attribute("href") or ""
        address = re.sub(r"^(\.\./)+", "", link)
        assert address.startswith("integrer/")
        title = figure.locator("h2").inner_text()
        for base in (site_server.address, f"{observatory.address}/public"):
            alone.goto(f"{base}/{address}")
            assert alone.locator("h1").inner_text() == title, key
            assert alone.locator("body").evaluate(ROWS) == rows, f"{base}: {key}"
        compared += sum(len(cells) for _, lines in rows for cells in lines)
    assert compared > 20
    if area:
        assert page.locator(f".site-share a[href*='integrer/{area}/']").count() > 0
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", [*FIGURES, "integrer/ville/nulle-part/"])
def test_axe_finds_nothing_in_a_figure_or_in_its_absence(
    browser: Browser, observatory: Observatory, path: str, scheme: str
) -> None:
    context = open_context(browser, (320, HEIGHT), color_scheme=scheme)
    page = context.new_page()
    page.goto(f"{observatory.address}/public/{path}")
    found = axe_violations(page)
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
    context.close()
