"""Every page in a real browser, at phone, desktop and wall size."""

from io import BytesIO

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, Page

from dashboard.navigation import PAGES
from data.legal import read_findings
from data.settings import CATALOGUE
from tests.browser.conftest import DESKTOP, PHONE, SMALL_PHONE, WALL, open_context, open_unfolded, settle, watch
from tests.serving import Observatory

KNOWN = tuple(read_findings(CATALOGUE / "streamlit_findings.toml").findings.values())
ADDRESSES = [entry.address for entry in PAGES]
WITH_MAP = {"", "logement", "espaces-verts", "geothermie", "mobilite"}

OVERFLOW = "document.documentElement.scrollWidth > window.innerWidth + 1"
CUT_TEXT = """[...document.querySelectorAll('.obs *')].filter(e => e.children.length === 0 && e.textContent.trim()
  && e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflowX === 'hidden' && e.clientWidth > 2)
  .map(e => e.textContent)"""


def _colours_on_map(page: Page) -> int:
    """Count the distinct opaque colours the map canvas shows, from a picture of it."""
    picture = page.locator("[data-testid=stDeckGlJsonChart]").screenshot()
    return len(Image.open(BytesIO(picture)).convert("RGB").getcolors(maxcolors=1_000_000) or [])


@pytest.mark.parametrize("size", [SMALL_PHONE, PHONE, DESKTOP, WALL], ids=["360", "phone", "desktop", "wall"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_page_opens_without_error_request_or_overflow(
    browser: Browser, observatory: Observatory, address: str, size: tuple[int, int]
) -> None:
    context = open_context(browser, size)
    page, seen = watch(context)
    page.goto(f"{observatory.address}/{address}")
    settle(page)
    if address in WITH_MAP:
        page.locator("#deckgl-overlay").wait_for()
        page.wait_for_timeout(1500)
        assert _colours_on_map(page) > 8, "the map shows areas, labels and river"
    assert page.locator("[data-testid=stException]").count() == 0
    assert page.locator("h1").count() == 1
    assert page.evaluate(OVERFLOW) is False
    assert page.evaluate(CUT_TEXT) == []
    assert seen.outside == []
    assert seen.errors == []
    context.close()


def _findings_of_streamlit(page: Page) -> set[str]:
    """Check that axe finds nothing of ours; return the rules of what it finds that the statement lists."""
    found = [
        (violation["id"], node["target"][0], node["html"][:160])
        for violation in Axe().run(page).response["violations"]
        for node in violation["nodes"]
    ]
    # What Streamlit writes itself is listed in the statement, finding by finding; everything else on a page is ours.
    matches = "([target, selector]) => document.querySelector(target).matches(selector)"
    told = {
        (rule, target): [one for one in KNOWN if rule == one.rule and page.evaluate(matches, [target, one.selector])]
        for rule, target, _ in found
    }
    assert [(rule, html) for rule, target, html in found if not told[rule, target]] == []
    return {one.rule for ones in told.values() for one in ones}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_no_accessibility_finding_in_our_own_content(
    browser: Browser, observatory: Observatory, address: str, scheme: str
) -> None:
    context = open_context(browser, DESKTOP, color_scheme=scheme)
    page, _ = watch(context)
    open_unfolded(page, f"{observatory.address}/{address}?quartier=ivry-port")
    assert _findings_of_streamlit(page) == {one.rule for one in KNOWN}
    page.set_viewport_size({"width": 320, "height": 740})
    page.wait_for_timeout(500)
    _findings_of_streamlit(page)
    context.close()


def test_texts_and_marks_have_contrast_in_both_modes(browser: Browser, observatory: Observatory) -> None:
    for scheme in ("light", "dark"):
        context = open_context(browser, DESKTOP, color_scheme=scheme)
        page, _ = watch(context)
        page.goto(f"{observatory.address}/logement")
        settle(page)
        page.locator("svg .role-axis-label text").first.wait_for()
        ground = page.evaluate("getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor")
        inks = page.evaluate(
            "[...new Set([...document.querySelectorAll('svg .role-axis-label text, svg .mark-text text')]"
            ".filter(e => e.textContent.trim()).map(e => getComputedStyle(e).fill))]"
        )
        assert inks
        for ink in inks:
            assert _contrast(ink, ground) >= 4.5, f"{ink} on {ground} ({scheme})"
        context.close()


def _luminance(colour: str) -> float:
    channels = [int(part) / 255 for part in colour[colour.index("(") + 1 : -1].split(",")[:3]]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(first: str, second: str) -> float:
    high, low = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)
