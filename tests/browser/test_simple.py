"""The switch to the simplified version of interactive pages: by click, keyboard and address, at every width."""

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from dashboard.messages import message
from tests.browser.conftest import DESKTOP, WALL, axe_violations, open_context, settle, watch
from tests.browser.test_pages import CUT_TEXT, OVERFLOW
from tests.serving import Observatory

NARROW, TABLET = (320, 740), (768, 1024)
ASKED = re.compile(r"[?&]lecture=simple\b")
SHORT = message("simple.short", "fr")
# Colours of the switch's track and knob, with that of the page behind them.
COLOURS = """label => { const track = label.querySelector(':scope > span + div'), style = getComputedStyle(track);
  return {ground: getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor,
    edge: style.boxShadow === 'none' ? style.backgroundColor : style.boxShadow, track: style.backgroundColor,
    knob: getComputedStyle(track.firstElementChild).backgroundColor}; }"""


def _open(browser: Browser, address: str, size: tuple[int, int] = DESKTOP, **options: object) -> Page:
    page, _ = watch(open_context(browser, size, **options))
    page.goto(address)
    settle(page)
    page.wait_for_timeout(500)  # widgets are drawn again once, and lose the focus then
    return page


def _switch(page: Page) -> Locator:
    return page.get_by_role("switch", name=SHORT)


def _says(page: Page, title: str) -> None:
    expect(page.locator("h1")).to_have_text(title)
    settle(page)


def test_the_switch_holds_from_page_to_page_until_it_is_off_again(browser: Browser, observatory: Observatory) -> None:
    page = _open(browser, f"{observatory.address}/objectifs")
    assert page.locator(".obs-simple").count() == 0
    page.locator("label", has_text=SHORT).click()
    _says(page, "Les objectifs à Ivry")
    assert page.url.endswith("/objectifs?lecture=simple")
    assert "Un objectif est un but à atteindre." in page.locator(".obs-simple p").all_inner_texts()
    page.get_by_role("link", name="Programmes").click()
    _says(page, "Les projets à Ivry")
    assert "/programmes?" in page.url
    assert ASKED.search(page.url)
    page.reload()
    _says(page, "Les projets à Ivry")
    page.get_by_role("combobox", name="Quartier").first.focus()
    page.keyboard.type("Ivry-P")
    page.keyboard.press("Enter")
    _says(page, "Les projets du quartier Ivry-Port")
    assert "quartier=ivry-port" in page.url
    assert ASKED.search(page.url)
    page.get_by_role("link", name="Objectifs").click()
    _says(page, "Les objectifs et le quartier Ivry-Port")
    page.locator("label", has_text=SHORT).click()
    expect(page.locator(".obs-simple")).to_have_count(0)
    settle(page)
    assert page.url.endswith("/objectifs?quartier=ivry-port")
    assert page.locator("h1").inner_text().startswith("Sur ")
    page.context.close()


def test_an_address_opens_the_simplified_version_and_a_page_without_one_says_so(
    browser: Browser, observatory: Observatory
) -> None:
    page = _open(browser, f"{observatory.address}/espaces-verts?quartier=ivry-port&lecture=simple")
    _says(page, "Les espaces verts du quartier Ivry-Port")
    assert _switch(page).is_checked()
    page.get_by_role("link", name="Tous les chiffres").click()
    banner = page.locator(".obs-banner", has_text=message("simple.none_here", "fr"))
    banner.wait_for()
    settle(page)
    assert page.locator(".obs-simple").count() == 0
    assert page.locator("h1").count() == 1
    assert ASKED.search(page.url), "the next page may have one"
    page.context.close()


def test_an_unknown_way_of_reading_is_said_and_leaves_the_address(browser: Browser, observatory: Observatory) -> None:
    page = _open(browser, f"{observatory.address}/objectifs?lecture=%3Cb%3Efacile")
    banner = page.locator(".obs-banner", has_text=message("simple.unknown", "fr", name="<b>facile"))
    expect(banner).to_be_visible()
    assert banner.get_attribute("role") == "status"
    assert not _switch(page).is_checked()
    assert page.url.endswith("/objectifs")
    page.context.close()


def test_the_keyboard_turns_it_on_and_off(browser: Browser, observatory: Observatory) -> None:
    page = _open(browser, f"{observatory.address}/objectifs")
    page.get_by_role("combobox", name="Quartier").focus()
    page.keyboard.press("Tab")
    expect(_switch(page)).to_be_focused()
    page.keyboard.press("Space")
    _says(page, "Les objectifs à Ivry")
    expect(_switch(page)).to_be_focused()
    assert _switch(page).is_checked()
    page.keyboard.press("Space")
    expect(page.locator(".obs-simple")).to_have_count(0)
    assert not _switch(page).is_checked()
    page.context.close()


def _luminance(colour: str) -> float:
    """Return the relative luminance of the first colour in a text, as WCAG defines it."""
    found = re.search(r"rgba?\((\d+), (\d+), (\d+)(?:, ([\d.]+))?\)", colour)
    assert found, colour
    assert found[4] in {None, "1"}, "opaque"
    parts = (int(one) / 255 for one in found.groups()[:3])
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, two: str) -> float:
    low, high = sorted((_luminance(one), _luminance(two)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_simplified_version_at_every_width(browser: Browser, observatory: Observatory, scheme: str) -> None:
    page = _open(browser, f"{observatory.address}/objectifs?lecture=simple", color_scheme=scheme)
    for width, height in (NARROW, TABLET, DESKTOP, WALL):
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(300)
        assert page.evaluate(OVERFLOW) is False
        assert page.evaluate(CUT_TEXT) == []
        words = page.locator("label p", has_text=SHORT)
        assert words.evaluate("p => p.scrollWidth <= p.clientWidth + 1"), "the words of the switch are whole"
        size = page.locator(".obs-simple p").first.evaluate("p => parseFloat(getComputedStyle(p).fontSize)")
        assert size > 18, "larger than other text"
    for part in (".obs-opening", ".obs-bar", "[data-testid=stCheckbox]"):
        assert axe_violations(page, context={"include": [[part]]}) == []
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_switch_is_seen_on_and_off(browser: Browser, observatory: Observatory, scheme: str) -> None:
    page = _open(browser, f"{observatory.address}/objectifs", color_scheme=scheme)
    label = page.locator("label", has_text=SHORT)
    for is_on in (False, True):
        assert _switch(page).is_checked() == is_on
        colours = label.evaluate(COLOURS)
        assert _contrast(colours["edge"], colours["ground"]) >= 3
        assert _contrast(colours["knob"], colours["track"]) >= 3
        label.click()
        settle(page)
        page.wait_for_timeout(500)
    page.context.close()
