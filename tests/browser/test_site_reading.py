"""Static pages read with larger and looser text, and by keyboard alone: nothing is lost, the focus is always seen."""

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import open_context, watch
from tests.browser.test_site import FAULTS
from tests.nginx import Site

PAGES = (
    "",
    "logement/",
    "objectifs/",
    "quartiers/ivry-port/",
    "indicateurs/vacancy-rate-percent/",
    "programmes/",
    "programmes/quais-d-ivry/",
    "chiffres/",
    "sources/",
    "plan-du-site/",
    "logement/simple/",
    "accessibilite/",
    "accessibilite/grille/",
    "contact/",
)
LARGE = ":root { font-size: 200% !important; }"
# As far apart as a reader may set lines, paragraphs, letters and words.
LOOSE = """main *:not(svg *), header *, footer * { line-height: 1.5 !important; letter-spacing: .12em !important;
  word-spacing: .16em !important; } p { margin-bottom: 2em !important; }"""
FOCUS = """() => {
  const at = document.activeElement, style = getComputedStyle(at), box = at.getBoundingClientRect();
  return {place: [...document.querySelectorAll("body *")].indexOf(at), name: at.outerHTML.slice(0, 90),
    outline: style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth),
    seen: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth};
}"""


@pytest.mark.parametrize(("style", "width"), [(LARGE, 1280), (LOOSE, 320)], ids=["200 %", "loose"])
def test_larger_and_looser_text_loses_nothing(browser: Browser, site_server: Site, style: str, width: int) -> None:
    context = open_context(browser, (width, 900))
    page, _ = watch(context)
    found = {}
    for path in PAGES:
        page.goto(f"{site_server.address}/{path}")
        page.add_style_tag(content=style)
        if faults := page.evaluate(FAULTS):
            found[path] = faults
    assert found == {}
    context.close()


def _stops(page: Page, most: int = 400) -> list[dict[str, object]]:
    """Return all stops of the tabulator, until it leaves the page."""
    found = []
    for _ in range(most):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUS)
        if stop["place"] < 0 or stop["name"].startswith("<body"):
            return found
        found.append(stop)
    raise AssertionError(f"the keyboard is still in the page after {most} stops")


@pytest.mark.parametrize("path", ["logement/", "accessibilite/", "integrer/ville/housing-series/"])
def test_the_keyboard_goes_through_in_order_and_shows_where_it_is(
    browser: Browser, site_server: Site, path: str
) -> None:
    context = open_context(browser, (1280, 900))
    page, _ = watch(context)
    page.goto(f"{site_server.address}/{path}")
    stops = _stops(page)
    places = [stop["place"] for stop in stops]
    assert places == sorted(set(places)), "each once, in the order of the page"
    assert [stop["name"] for stop in stops if stop["outline"] < 2 or not stop["seen"]] == []
    reachable = page.evaluate(
        "[...document.querySelectorAll('a[href], summary, textarea')].filter(e => e.checkVisibility()).length"
    )
    assert len(stops) >= reachable > 0
    context.close()


def test_the_first_stop_leads_past_the_menu(browser: Browser, site_server: Site) -> None:
    context = open_context(browser, (1280, 900))
    page, _ = watch(context)
    page.goto(f"{site_server.address}/logement/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")
    context.close()
