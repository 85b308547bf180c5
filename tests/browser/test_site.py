"""The static publication in a real browser: each kind of page, every width, light and dark, with and without script."""

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import DESKTOP, axe_violations, open_context, settle, watch
from tests.nginx import Site
from tests.serving import Observatory

WIDTHS = (320, 768, 1280, 1920)
HEIGHT = 900
KINDS = (
    "",
    "logement/",
    "geothermie/",
    "objectifs/",
    "quartiers/",
    "quartiers/ivry-port/",
    "quartiers/ivry-port/espaces-verts/",
    "quartiers/petit-ivry/portrait/",
    "indicateurs/",
    "indicateurs/vacancy-rate-percent/",
    "indicateurs/dwellings-authorised/",
    "programmes/",
    "programmes/liste/",
    "programmes/quais-d-ivry/",
    "changements/",
    "chiffres/",
    "rapprochements/",
    "sources/",
    "plan-du-site/",
    "integrer/",
    "logement/simple/",
    "accessibilite/",
    "accessibilite/grille/",
    "vie-privee/",
    "contact/",
)

# A page is whole when nothing sticks out, nothing is cut, and each figure shows exactly one picture of some size.
FAULTS = """() => {
  const faults = [];
  if (document.documentElement.scrollWidth > window.innerWidth) faults.push("the page is wider than the window");
  if (document.querySelectorAll("h1").length !== 1) faults.push("not one h1");
  for (const element of document.querySelectorAll("main *:not(svg *)")) {
    const box = element.getBoundingClientRect();
    if (!box.width || element.closest(".obs-scroll, svg, textarea, pre, .obs thead")) continue;
    if (box.right > window.innerWidth + 1) faults.push("sticks out: " + element.outerHTML.slice(0, 120));
    if (getComputedStyle(element).overflowX === "hidden" && element.scrollWidth > element.clientWidth + 1)
      faults.push("cut: " + element.textContent.trim().slice(0, 80));
  }
  for (const box of document.querySelectorAll(".obs-box")) {
    const shown = [...box.querySelectorAll("svg")].filter(svg => svg.getBoundingClientRect().width > 100);
    if (shown.length !== 1) faults.push(`${shown.length} pictures shown in a figure`);
  }
  return faults.slice(0, 5);
}"""

TABLES = """() => Object.fromEntries([...document.querySelectorAll(".obs-table")].map(fold => [
  fold.querySelector("summary").textContent.trim(),
  [...fold.querySelectorAll("tr")].map(row => [...row.children].map(cell => cell.textContent.trim()))]))"""

Tables = dict[str, list[list[str]]]


@pytest.mark.parametrize("with_script", [True, False], ids=["script", "no script"])
@pytest.mark.parametrize("path", KINDS)
def test_a_page_is_whole_at_every_width_light_and_dark(
    browser: Browser, site_server: Site, path: str, with_script: bool
) -> None:
    context = open_context(browser, (WIDTHS[0], HEIGHT), java_script_enabled=with_script)
    page, seen = watch(context)
    answer = page.goto(f"{site_server.address}/{path}")
    assert answer is not None
    assert answer.status == 200
    grounds = set()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        grounds.add(page.evaluate("getComputedStyle(document.documentElement).backgroundColor"))
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": HEIGHT})
            assert page.evaluate(FAULTS) == [], f"{path} at {width} px, {scheme}"
    assert len(grounds) == 2, "dark is dark"
    assert page.locator("html").get_attribute("lang") == "fr"
    assert seen.outside == []
    assert seen.errors == []
    assert context.cookies() == []
    context.close()


@pytest.mark.parametrize("path", KINDS)
def test_axe_finds_nothing_on_a_static_page(browser: Browser, site_server: Site, path: str) -> None:
    context = open_context(browser, (1280, HEIGHT))
    page = context.new_page()
    page.goto(f"{site_server.address}/{path}")
    page.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true; })")
    for scheme, width in (("light", 1280), ("dark", 320)):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.set_viewport_size({"width": width, "height": HEIGHT})
        found = axe_violations(page)
        assert [(one["id"], one["nodes"][0]["html"]) for one in found] == [], f"{path} at {width} px, {scheme}"
    context.close()


def _tables(page: Page) -> Tables:
    found: Tables = page.evaluate(TABLES)
    return found


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("logement", "logement/"),
        ("espaces-verts", "espaces-verts/"),
        ("geothermie", "geothermie/"),
        ("mobilite", "mobilite/"),
        ("logement?quartier=ivry-port", "quartiers/ivry-port/logement/"),
    ],
)
def test_tables_of_page_and_static_page_are_equal_cell_by_cell(
    browser: Browser, observatory: Observatory, site_server: Site, address: str, path: str
) -> None:
    context = open_context(browser, DESKTOP)
    live, _ = watch(context)
    live.goto(f"{observatory.address}/{address}")
    settle(live)
    static = context.new_page()
    static.goto(f"{site_server.address}/{path}")
    shown, published = _tables(live), _tables(static)
    assert len(shown) >= 3
    for title, rows in shown.items():
        assert published[title] == rows, f"{address}: {title}"
    assert live.locator("h1").inner_text() == static.locator("h1").inner_text()
    numbers = "[...document.querySelectorAll('.obs-tiles li')].map(tile => tile.textContent.trim())"
    assert live.evaluate(numbers) == static.evaluate(numbers)
    context.close()
