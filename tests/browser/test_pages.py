"""Every page in a real browser, at phone, desktop and wall size."""

from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page

from dashboard.navigation import PAGES
from tests.browser.conftest import DESKTOP, PHONE, SMALL_PHONE, WALL, open_context, settle, watch
from tests.serving import Observatory

ADDRESSES = [entry.address for entry in PAGES]
WITH_MAP = {"", "logement", "espaces-verts", "geothermie", "mobilite", "indicateur", "explorer"}

OVERFLOW = "document.documentElement.scrollWidth > window.innerWidth + 1"
CUT_TEXT = """[...document.querySelectorAll('.obs *')].filter(e => e.children.length === 0 && e.textContent.trim()
  && e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflowX === 'hidden' && e.clientWidth > 2)
  .map(e => e.textContent)"""


def _colours_on_map(page: Page) -> int:
    """Count the distinct opaque colours the map canvas shows, from a picture of it."""
    picture = page.locator("[data-testid=stDeckGlJsonChart]").screenshot()
    return len(Image.open(BytesIO(picture)).convert("RGB").getcolors(maxcolors=1_000_000) or [])


def _wait_for_map(page: Page) -> None:
    """Wait until the map shows areas, labels and river."""
    for _ in range(40):
        if _colours_on_map(page) > 8:
            return
        page.wait_for_timeout(250)
    raise AssertionError("the map lacks areas, labels or river")


@pytest.mark.parametrize("address", ADDRESSES)
def test_page_opens_without_error_request_or_overflow(browser: Browser, observatory: Observatory, address: str) -> None:
    context = open_context(browser, SMALL_PHONE)
    page, seen = watch(context)
    page.goto(f"{observatory.address}/{address}")
    settle(page)
    for width, height in (SMALL_PHONE, PHONE, DESKTOP, WALL):
        page.set_viewport_size({"width": width, "height": height})
        if address in WITH_MAP:
            page.locator("#deckgl-overlay").wait_for()
            _wait_for_map(page)
        assert page.locator("[data-testid=stException]").count() == 0
        assert page.locator("h1").count() == 1
        assert page.evaluate(OVERFLOW) is False
        assert page.evaluate(CUT_TEXT) == []
    assert seen.outside == []
    assert seen.errors == []
    context.close()
