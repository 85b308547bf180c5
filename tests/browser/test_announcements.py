"""What changes on an interactive page is announced, and its foot leads to the static version of the very view."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from dashboard.announcements import MOST_SENTENCES, changed
from dashboard.navigation import PAGES
from dashboard.publication.place import OF_THE_CITY
from tests.browser.conftest import DESKTOP, open_context, settle, watch
from tests.serving import Observatory, serving

REGION = "[role=status][aria-live=polite]"


def _choose(page: Page, district: str) -> None:
    page.get_by_role("combobox").first.click()
    page.get_by_role("option", name=district, exact=True).click()


def test_a_change_is_told_by_a_region_that_stays(browser: Browser, observatory: Observatory) -> None:
    context = open_context(browser, DESKTOP)
    page, seen = watch(context)
    page.goto(f"{observatory.address}/logement")
    settle(page)
    region = page.locator(REGION)
    expect(region).to_have_count(1)
    assert region.inner_text() == "", "nothing is told while nothing has changed"
    region.evaluate("element => { element.stays = true; }")
    _choose(page, "Ivry-Port")
    expect(region).to_contain_text("Ivry-Port comptait environ")
    settle(page)
    told = region.inner_text()
    assert page.locator("h1").inner_text().rstrip(".") in told
    page.get_by_role("combobox").nth(1).click()
    page.get_by_role("option").nth(1).click()
    expect(region).not_to_have_text(told)
    settle(page)
    assert page.locator("h2").first.inner_text().rstrip(".") in region.inner_text()
    assert region.evaluate("element => element.stays") is True
    box = region.bounding_box()
    assert box is None or (box["width"] <= 1 and box["height"] <= 1), "it is heard, not seen"
    assert seen.errors == []
    context.close()


@pytest.mark.parametrize("district", ["", "ivry-port"])
def test_the_foot_leads_to_the_static_page_of_the_view(
    browser: Browser, observatory: Observatory, district: str
) -> None:
    context = open_context(browser, DESKTOP)
    page, static = context.new_page(), context.new_page()
    for address in ("", "logement", "objectifs"):
        page.goto(f"{observatory.address}/{address}{f'?quartier={district}' if district else ''}")
        settle(page)
        links = page.locator("footer a")
        expect(links).to_have_count(6)
        answers = []
        for link in links.all():
            answer = static.goto(link.evaluate("element => element.href"))
            assert answer is not None
            answers.append((answer.status, static.locator("h1").inner_text()))
        assert [status for status, _ in answers] == [200] * 6
        assert address in {entry.address for entry in PAGES}
        if not (district and address in OF_THE_CITY):
            assert answers[0][1] == page.locator("h1").inner_text()
    context.close()


def test_each_figure_leads_to_where_it_can_be_shared(browser: Browser, observatory: Observatory) -> None:
    context = open_context(browser, DESKTOP)
    page, static = context.new_page(), context.new_page()
    page.goto(f"{observatory.address}/logement?quartier=ivry-port")
    settle(page)
    links = page.get_by_role("link", name="partager ou intégrer")
    expect(links).to_have_count(3)
    for link in links.all():
        address = link.evaluate("element => element.href")
        static.goto(address)
        figure = static.locator(f"figure[id='{address.rpartition('#')[2]}']")
        expect(figure).to_have_count(1)
        expect(figure.locator(".site-share summary")).to_be_visible()
    context.close()


def test_a_static_site_elsewhere_is_where_links_lead(browser: Browser, observatory: Observatory) -> None:
    releases = observatory.releases
    with serving(releases, OBSERVATORY_SITE_ADDRESS="https://ville.example/observatoire") as server:
        context = open_context(browser, DESKTOP)
        page, seen = watch(context)
        page.goto(f"{server.address}/logement")
        settle(page)
        first = page.locator("footer a").first
        assert first.get_attribute("href") == "https://ville.example/observatoire/logement/"
        assert seen.outside == [], "a link is followed by readers alone"
        context.close()


def test_a_faulty_address_of_the_static_site_ends_the_server_at_its_start(releases: Path) -> None:
    with (
        pytest.raises(RuntimeError, match=r"(?s)ended at once.*'ville\.example' cannot be the address of a site"),
        serving(releases, OBSERVATORY_SITE_ADDRESS="ville.example"),
    ):
        pass


def test_only_what_is_new_is_told_and_not_too_much_of_it() -> None:
    assert changed(["A", "B."], None) == ""
    assert changed(["A", "B."], ["A", "B."]) == ""
    assert changed(["A", "C."], ["A", "B."]) == "C."
    assert changed(list("abcdef"), []).count(".") == MOST_SENTENCES
