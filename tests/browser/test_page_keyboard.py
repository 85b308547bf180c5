"""The interactive pages by keyboard alone: first to the content, through everything in order, and out again."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import DESKTOP, PHONE, open_context, settle, watch
from tests.serving import Observatory

# Notes where the focus is: the number of the element in the order of the page, or -1 outside of it.
AT = "[...document.querySelectorAll('body *')].indexOf(document.activeElement)"
NAME = "document.activeElement.getAttribute('data-testid') || document.activeElement.tagName"
# How wide the line around the stop is, or around the field or label it belongs to; 0 where it is out of the window.
LINE_PX = """() => {
  const at = document.activeElement, box = at.getBoundingClientRect();
  const parts = [at, at.closest("label"), at.closest("[role=group]")].filter(Boolean);
  const styles = parts.map(one => getComputedStyle(one));
  const shown = styles.map(style => style.outlineStyle === "solid" ? parseFloat(style.outlineWidth) : 0);
  return box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth ? Math.max(...shown) : 0;
}"""
MOST_STOPS = 120


def _stops(page: Page) -> tuple[list[int], list[str]]:
    """Return the places and names of all stops of the tabulator, until it leaves the page; each is seen."""
    places, names = [], []
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        place = page.evaluate(AT)
        if place < 0:
            return places, names
        places.append(place)
        names.append(page.evaluate(NAME))
        # A map is moved into the window a moment after it was stopped at.
        page.wait_for_function(f"({LINE_PX})() >= 2", timeout=3_000)
    raise AssertionError(f"the keyboard is still in the page after {MOST_STOPS} stops: {names[-5:]}")


@pytest.mark.parametrize("address", ["logement", "programmes"])
def test_the_keyboard_goes_through_a_page_in_order_and_out_again(
    browser: Browser, observatory: Observatory, address: str
) -> None:
    context = open_context(browser, DESKTOP)
    page, _ = watch(context)
    page.goto(f"{observatory.address}/{address}")
    settle(page)
    page.wait_for_timeout(1000)
    places, names = _stops(page)
    assert places == sorted(set(places)), "each once, in the order of the page"
    assert names[0] == "stSkipToContent"
    assert {"stSidebarNavLink", "INPUT", "SUMMARY"} <= set(names)
    page.keyboard.press("Tab")
    assert page.evaluate(NAME) == "stSkipToContent"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.closest('[data-testid=stMain]') !== null")
    context.close()


def test_the_keyboard_does_not_go_through_a_closed_menu(browser: Browser, observatory: Observatory) -> None:
    context = open_context(browser, PHONE)
    page, _ = watch(context)
    page.goto(f"{observatory.address}/logement")
    settle(page)
    expect(page.locator("[data-testid=stSidebar]")).not_to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate(NAME) == "stExpandSidebarButton"
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Espaces verts")).to_be_in_viewport()
    context.close()


def test_a_district_is_chosen_and_left_by_keyboard(browser: Browser, observatory: Observatory) -> None:
    context = open_context(browser, DESKTOP)
    page, _ = watch(context)
    page.goto(f"{observatory.address}/logement")
    settle(page)
    page.get_by_role("combobox", name="Quartier").focus()
    page.keyboard.type("Ivry-P")
    page.keyboard.press("Enter")
    page.wait_for_url("**/logement?quartier=ivry-port")
    settle(page)
    assert "Ivry-Port" in page.locator("h1").inner_text() or "Ivry-Port" in page.locator("main").inner_text()
    page.get_by_role("combobox", name="Quartier").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Home")
    page.keyboard.type("Toute")
    page.keyboard.press("Enter")
    page.wait_for_url("**/logement")
    context.close()
