"""Interactive pages as they are read: by axe, in contrast, by name, with larger text."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from dashboard.navigation import PAGES
from data.legal import read_findings
from data.settings import CATALOGUE
from tests.browser.conftest import DESKTOP, axe_violations, open_context, settle, unfold, watch
from tests.browser.contrast import faint, painted
from tests.browser.test_pages import WITH_MAP
from tests.browser.test_site_reading import LARGE
from tests.serving import Observatory

KNOWN = tuple(read_findings(CATALOGUE / "streamlit_findings.toml").findings.values())
CHARTS = "[data-testid=stVegaLiteChart]"
WITH_CHARTS = {"", "logement", "espaces-verts", "geothermie", "mobilite", "programmes", "conference-climat", "comparer"}

# As far apart as a reader may set lines, paragraphs, letters and words; those of a chart are placed when it is drawn.
LOOSE = """main *:not(svg, svg *), [data-testid=stMain] *:not(svg, svg *) { line-height: 1.5 !important;
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


# Streamlit's own ground, and what we lay on it, once both are those of a scheme.
FOLLOWS = """scheme => {
  const ours = document.body.appendChild(document.createElement("i"));
  ours.style.color = getComputedStyle(document.documentElement).getPropertyValue("--ground");
  const colour = getComputedStyle(ours).color;
  ours.remove();
  const isDark = colour.match(/\\d+/g).slice(0, 3).every(part => part < 128);
  return isDark === (scheme === "dark")
    && colour === getComputedStyle(document.querySelector("[data-testid=stApp]")).backgroundColor;
}"""


@dataclass(frozen=True)
class Opened:
    """A page, and where it is."""

    page: Page
    address: str

    def resize(self, width: int, height: int) -> None:
        """Give the page a window of a size; the menu slides in or out where that is another."""
        if self.page.viewport_size != {"width": width, "height": height}:
            self.page.set_viewport_size({"width": width, "height": height})
            self.page.wait_for_timeout(500)


@pytest.fixture(scope="module")
def desk(browser: Browser) -> Iterator[BrowserContext]:
    """Return a window that all pages are opened in: it loads what they share once."""
    context = open_context(browser, DESKTOP)
    yield context
    context.close()


@pytest.fixture(scope="module", params=[entry.address for entry in PAGES])
def loaded(request: pytest.FixtureRequest, desk: BrowserContext, observatory: Observatory) -> Iterator[Opened]:
    """Return each page; opening it takes most of a test's time, so all tests of the file share it."""
    page, seen = watch(desk)
    page.goto(f"{observatory.address}/{request.param}?quartier=ivry-port")
    settle(page)
    unfold(page)
    yield Opened(page, request.param)
    page.close()
    assert (seen.outside, seen.errors) == ([], [])


@pytest.fixture(scope="module", params=["light", "dark"])
def shown(request: pytest.FixtureRequest, loaded: Opened) -> Opened:
    """Return a page whose folds are all open, as it is by day, then as it becomes when the device turns dark."""
    loaded.page.emulate_media(color_scheme=request.param)
    loaded.page.wait_for_function(FOLLOWS, arg=request.param)
    settle(loaded.page)
    loaded.page.wait_for_timeout(1000)
    unfold(loaded.page)
    return loaded


def _on_a_desk(opened: Opened) -> Opened:
    """Return a page in a window of a desk, whatever a test before did to its size, once all of it is drawn."""
    opened.resize(*DESKTOP)
    if opened.address in WITH_MAP:
        opened.page.locator("#deckgl-overlay").wait_for()
    if opened.address in WITH_CHARTS:
        opened.page.locator(f"{CHARTS} svg.marks").last.wait_for()
    return opened


@pytest.fixture
def opened(shown: Opened) -> Opened:
    return _on_a_desk(shown)


@pytest.fixture
def laid_out(loaded: Opened) -> Opened:
    """Return a page for what its colours have no part in."""
    return _on_a_desk(loaded)


def _findings_of_streamlit(page: Page) -> set[str]:
    """Check that axe finds nothing of ours; return the rules of what it finds that the statement lists."""
    found = [
        (violation["id"], node["target"][0], node["html"][:160])
        for violation in axe_violations(page)
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


def _standing_still(page: Page) -> list[str]:
    """What is cut once the page stands still: a chart is drawn anew a moment after its width has changed."""
    for _ in range(20):
        page.wait_for_timeout(500)
        if not (cut := page.evaluate(CUT)):
            break
    return cut


def test_no_accessibility_finding_in_our_own_content(opened: Opened) -> None:
    assert _findings_of_streamlit(opened.page) == {one.rule for one in KNOWN}
    opened.resize(320, 740)
    _findings_of_streamlit(opened.page)


def test_texts_and_marks_of_charts_stand_out(opened: Opened) -> None:
    charts = opened.page.locator(CHARTS)
    assert (charts.count() > 0) == (opened.address in WITH_CHARTS)
    if charts.count():
        found = painted(opened.page, f"{CHARTS} svg.marks")
        assert len(found["texts"]) >= 3 * charts.count()
        assert faint(found) == []


def test_pictures_are_named_or_hidden_and_text_stands_on_a_ground(opened: Opened) -> None:
    pictures = opened.page.locator(f"[data-testid=stDeckGlJsonChart] canvas, {CHARTS} svg.marks").count()
    assert pictures >= (opened.address in WITH_MAP) + (opened.address in WITH_CHARTS)
    assert opened.page.evaluate(UNNAMED) == []
    assert opened.page.evaluate(GROUNDLESS) == []


def test_larger_and_looser_text_loses_nothing(laid_out: Opened) -> None:
    page, found = laid_out.page, {}
    for name, style, width in (("200 %", LARGE, 1280), ("loose", LOOSE, 320)):
        page.set_viewport_size({"width": width, "height": 900})
        added = page.add_style_tag(content=style)
        found[name] = _standing_still(page)
        added.evaluate("element => element.remove()")
    assert found == {"200 %": [], "loose": []}
