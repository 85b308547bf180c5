"""A page is open while a release is published: it says so, stays as it is, and shows the new figures when asked to."""

from pathlib import Path

from playwright.sync_api import Browser, expect

from etl.publish import publish
from tests.browser.conftest import DESKTOP, axe_violations, open_context, settle, watch
from tests.conftest import Tables
from tests.dashboard.often_published import numbered
from tests.serving import serving

# Pages look every 45 seconds; here they are less patient.
LOOK_SECONDS = 2
WORDS = "De nouveaux chiffres ont été publiés."
SHOWN = "De nouveaux chiffres ont été publiés, cette page les montre."


def test_an_open_page_says_that_there_are_new_figures_and_shows_them_when_asked_to(
    browser: Browser, tables: Tables, tmp_path: Path
) -> None:
    folder = tmp_path / "releases"
    publish(numbered(tables, 1), folder)
    with serving(folder, OBSERVATORY_LOOK_SECONDS=str(LOOK_SECONDS)) as server:
        context = open_context(browser, DESKTOP)
        page, seen = watch(context)
        page.goto(f"{server.address}/logement?quartier=ivry-port")
        settle(page)
        before = page.locator("h1").inner_text()
        assert "31\u202f001" in before
        page.wait_for_timeout(3_000 * LOOK_SECONDS)
        expect(page.get_by_text(WORDS)).to_have_count(0)
        second = publish(numbered(tables, 2), folder)
        notice = page.get_by_role("alert").filter(has_text=WORDS)
        expect(notice).to_be_visible()
        assert page.locator("h1").inner_text() == before, "the page itself stays until it is asked for"
        assert [found["id"] for found in axe_violations(page, {"include": [[".obs-banner"]]})] == []
        page.wait_for_timeout(2_000 * LOOK_SECONDS)
        expect(notice).to_have_count(1)
        page.get_by_role("button", name="Afficher les nouveaux chiffres").click()
        expect(page.locator("h1")).to_contain_text("31\u202f002")
        expect(page.locator(".obs-banner", has_text=SHOWN)).to_be_visible()
        expect(page.get_by_role("status").and_(page.locator("[aria-live]"))).to_contain_text(SHOWN)
        expect(page.get_by_role("button", name="Afficher les nouveaux chiffres")).to_have_count(0)
        assert "quartier=ivry-port" in page.url, "what the reader chose stays chosen"
        expect(page.locator(f'a[href*="version={second}"]').first).to_be_attached()
        assert seen.outside == []
        assert seen.errors == []
        context.close()


def test_a_page_that_is_opened_again_shows_the_new_release_at_once(
    browser: Browser, tables: Tables, tmp_path: Path
) -> None:
    folder = tmp_path / "releases"
    publish(numbered(tables, 1), folder)
    with serving(folder) as server:
        context = open_context(browser, DESKTOP)
        page, _ = watch(context)
        page.goto(f"{server.address}/logement?quartier=ivry-port")
        settle(page)
        publish(numbered(tables, 2), folder)
        page.reload()
        settle(page)
        assert "31\u202f002" in page.locator("h1").inner_text()
        expect(page.get_by_text(WORDS)).to_have_count(0)
        context.close()
