"""The switch of languages: everything changes, nothing chosen is lost, what cannot be translated is named."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from dashboard.messages import catalogue
from dashboard.navigation import PAGES
from data.legal import read_findings
from data.settings import CATALOGUE
from tests.browser.conftest import DESKTOP, PHONE, axe_violations, open_context, settle, unfold, watch
from tests.serving import Observatory

KNOWN = tuple(read_findings(CATALOGUE / "streamlit_findings.toml").untranslated.values())
# Words of interfaces that no French one has.
ENGLISH = re.compile(
    r"\b(the|of|to|and|open|close|select|clear|remove|view|show|more|press|enter|drag|file|deploy|running|stop|choose"
    r"|fullscreen|search|main|app|upload|sidebar|keyboard|increase|decrease|settings|collapse|expand|heading|copy)\b",
    re.IGNORECASE,
)
# What Streamlit writes outside our own pieces: what is read, and what is heard.
CHROME = """() => { const found = [];
  for (const one of document.querySelectorAll("*")) {
    if (one.closest(".obs, script, style")) continue;
    for (const name of ["aria-label", "title", "placeholder", "alt", "aria-description"])
      if (one.getAttribute(name)) found.push(one.getAttribute(name));
    for (const child of one.childNodes)
      if (child.nodeType === Node.TEXT_NODE && child.textContent.trim() && one.checkVisibility())
        found.push(child.textContent.trim());
  }
  return found; }"""
SAID_IN_FRENCH = re.compile(r"[àâçéèêëîïôùûœ«»]|\b(le|la|les|des|du|de|et|pour|par|dans|sur|aux?)\b", re.IGNORECASE)


@pytest.fixture
def page(browser: Browser, observatory: Observatory) -> Iterator[Page]:
    context = open_context(browser, DESKTOP)
    tab, _ = watch(context)
    yield tab
    context.close()


def _switch(page: Page, name: str) -> None:
    page.get_by_role("radio", name=name).or_(page.get_by_role("button", name=name, exact=True)).first.click()


def test_the_switch_changes_everything_and_survives_navigation(page: Page, observatory: Observatory) -> None:
    page.goto(f"{observatory.address}/logement?quartier=ivry-port&indicateur=flats_share_percent")
    settle(page)
    assert page.locator("html").get_attribute("lang") == "fr"
    before = page.locator("h1").inner_text()
    _switch(page, "English")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_text("What the map shows")).to_be_visible()
    expect(page).to_have_url(re.compile("langue=en"))
    expect(page).to_have_url(re.compile("quartier=ivry-port"))
    expect(page).to_have_url(re.compile("indicateur=flats_share_percent"))
    assert page.locator("h1").inner_text() != before
    page.get_by_role("link", name="Green spaces").click()
    expect(page.locator(".obs-bar")).to_contain_text("Data published on")
    expect(page).to_have_url(re.compile("espaces-verts.*langue=en"))
    assert "quartier=ivry-port" in page.url
    page.reload()
    settle(page)
    assert page.locator("html").get_attribute("lang") == "en"
    _switch(page, "Français")
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    expect(page.locator(".obs-bar")).to_contain_text("Données publiées le")
    expect(page).not_to_have_url(re.compile("langue="))


def test_an_unknown_language_is_said_and_french_is_shown(page: Page, observatory: Observatory) -> None:
    page.goto(f"{observatory.address}/?langue=klingon")
    settle(page)
    expect(page.locator("main, [data-testid=stMain]").first).to_contain_text("klingon")
    assert page.locator("html").get_attribute("lang") == "fr"


def test_english_pages_open_whole_and_without_a_fault(browser: Browser, observatory: Observatory) -> None:
    context = open_context(browser, PHONE)
    tab, seen = watch(context)
    for entry in PAGES:
        tab.goto(f"{observatory.address}/{entry.address}?langue=en")
        settle(tab)
        for (width, height), scheme in ((PHONE, "light"), (DESKTOP, "dark")):
            tab.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            tab.set_viewport_size({"width": width, "height": height})
            expect(tab.locator("h1"), entry.address).to_have_count(1)
            expect(tab.locator(".obs-bar")).to_contain_text("Data published on")
            wide = tab.evaluate("() => document.documentElement.scrollWidth - window.innerWidth")
            assert wide <= 0, entry.address
    context.close()
    assert seen.outside == []
    assert seen.errors == []


def test_what_streamlit_says_in_english_is_a_named_list(browser: Browser, observatory: Observatory) -> None:
    known = {re.compile(re.escape(one.words).replace("…", ".+")): one for one in KNOWN}
    ours, found = set(catalogue("fr").values()), set()
    context = open_context(browser, DESKTOP)
    tab, _ = watch(context)
    for entry in PAGES:
        tab.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})
        tab.goto(f"{observatory.address}/{entry.address}")
        settle(tab)
        for width, height in (DESKTOP, PHONE):
            tab.set_viewport_size({"width": width, "height": height})
            tab.wait_for_timeout(700)  # lists of several choices are drawn a moment later
            for words in tab.evaluate(CHROME):
                if words in ours or not ENGLISH.search(words):
                    continue
                mine = [one for pattern, one in known.items() if pattern.fullmatch(words)]
                assert mine or SAID_IN_FRENCH.search(words), (entry.address, words)
                found |= {one.words for one in mine}
    context.close()
    # That scripts must run is said to those alone whose browser runs none.
    assert {one.words for one in KNOWN} - found <= {"You need to enable JavaScript to run this app."}


def test_english_pages_stand_up_to_axe(page: Page, observatory: Observatory) -> None:
    rules = {one.rule for one in read_findings(CATALOGUE / "streamlit_findings.toml").findings.values()}
    for address in ("", "explorer", "comparer", "indicateur?indicateur=population", "recherche?recherche=park"):
        joiner = "&" if "?" in address else "?"
        page.goto(f"{observatory.address}/{address}{joiner}langue=en")
        settle(page)
        unfold(page)
        assert {one["id"] for one in axe_violations(page)} <= rules, address
