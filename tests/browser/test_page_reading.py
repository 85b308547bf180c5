"""Interactive pages with larger and looser text lose nothing; pictures are named or hidden; text has a ground."""

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import DESKTOP, open_context, open_unfolded, watch
from tests.browser.test_site_reading import LARGE
from tests.serving import Observatory

# As far apart as a reader may set lines, paragraphs, letters and words; words of a chart are placed when it is drawn.
LOOSE = """main *:not(svg *), [data-testid=stMain] *:not(svg *) { line-height: 1.5 !important;
  letter-spacing: .12em !important; word-spacing: .16em !important; } p { margin-bottom: 2em !important; }
  svg { letter-spacing: 0 !important; word-spacing: 0 !important; }"""
# Words that stand out of their box where the box hides what stands out, and a page wider than its window.
CUT = """() => {
  const main = document.querySelector("[data-testid=stMain]"), hides = ["hidden", "clip"], cut = [];
  if (main.scrollWidth > main.clientWidth + 1) cut.push(`wider by ${main.scrollWidth - main.clientWidth} px`);
  for (const words of main.querySelectorAll("*")) {
    const written = [...words.childNodes].some(one => one.nodeType === Node.TEXT_NODE && one.textContent.trim());
    if (!written || !words.checkVisibility() || words.closest("svg, .obs thead, caption, [role=status]")) continue;
    const around = document.createRange();
    around.selectNodeContents(words);
    const box = around.getBoundingClientRect();
    for (let frame = words; frame !== main; frame = frame.parentElement) {
      const style = getComputedStyle(frame), limits = frame.getBoundingClientRect();
      if (["auto", "scroll"].includes(style.overflowX)) break;
      const wide = hides.includes(style.overflowX) && (box.right > limits.right + 2 || box.left < limits.left - 2);
      const high = hides.includes(style.overflowY) && (box.bottom > limits.bottom + 2 || box.top < limits.top - 2);
      if (wide || high) { cut.push(words.textContent.trim().slice(0, 60)); break; }
    }
  }
  return cut;
}"""
UNNAMED = """() => [...document.querySelectorAll("svg, img, canvas")].filter(one => one.checkVisibility()
    && !one.closest("[aria-hidden=true]")
    && !one.closest(":is([role=figure], [role=graphics-document], [role=img], [aria-roledescription])[aria-label]"))
  .map(one => one.outerHTML.slice(0, 120))"""
GROUNDLESS = """() => [...document.querySelectorAll("[data-testid=stApp] *")].filter(one =>
    [...one.childNodes].some(child => child.nodeType === Node.TEXT_NODE && child.textContent.trim())
    && one.checkVisibility() && !one.closest("svg"))
  .filter(one => {
    for (let at = one; at && at !== document.body; at = at.parentElement)
      if (/^rgb\\(/.test(getComputedStyle(at).backgroundColor)) return false;
    return true;
  }).map(one => one.textContent.trim().slice(0, 60))"""


def _open(page: Page, observatory: Observatory, address: str) -> None:
    open_unfolded(page, f"{observatory.address}/{address}?quartier=ivry-port")


def _standing_still(page: Page) -> list[str]:
    """What is cut once the page stands still: a chart is drawn anew a moment after its width has changed."""
    for _ in range(20):
        page.wait_for_timeout(500)
        if not (cut := page.evaluate(CUT)):
            break
    return cut


@pytest.mark.parametrize("address", ["", "quartier", "programmes", "logement", "rapprochements", "sources"])
def test_larger_and_looser_text_loses_nothing(browser: Browser, observatory: Observatory, address: str) -> None:
    context = open_context(browser, (1280, 900))
    page, _ = watch(context)
    _open(page, observatory, address)
    found = {}
    for name, style, width in (("200 %", LARGE, 1280), ("loose", LOOSE, 320)):
        page.set_viewport_size({"width": width, "height": 900})
        added = page.add_style_tag(content=style)
        found[name] = _standing_still(page)
        added.evaluate("element => element.remove()")
    assert found == {"200 %": [], "loose": []}
    context.close()


@pytest.mark.parametrize(("address", "scheme"), [("logement", "light"), ("geothermie", "dark")])
def test_pictures_are_named_or_hidden_and_text_stands_on_a_ground(
    browser: Browser, observatory: Observatory, address: str, scheme: str
) -> None:
    context = open_context(browser, DESKTOP, color_scheme=scheme)
    page, _ = watch(context)
    _open(page, observatory, address)
    page.locator("#deckgl-overlay").wait_for()
    assert page.locator("[data-testid=stDeckGlJsonChart] canvas, [data-testid=stVegaLiteChart] svg").count() >= 2
    assert page.evaluate(UNNAMED) == []
    assert page.evaluate(GROUNDLESS) == []
    context.close()
