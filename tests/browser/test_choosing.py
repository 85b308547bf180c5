"""Choosing a district: by list, by click, by address; it survives navigation and reload."""

import re
from pathlib import Path
from urllib.parse import parse_qs, urlparse

import pytest
from playwright.sync_api import Browser, Page, expect

from data.release import current_id
from etl.publish import publish
from tests.browser.conftest import DESKTOP, PHONE, open_context, settle, watch
from tests.conftest import Tables
from tests.serving import Observatory, serving

# Where a district's name stands on the map, as parts of the map's width and height at desktop size.
PETIT_IVRY = (0.25, 0.45)


def _district(page: Page) -> str:
    return parse_qs(urlparse(page.url).query).get("quartier", [""])[0]


def _choose_from_list(page: Page, name: str) -> None:
    page.get_by_role("combobox", name=re.compile("Quartier")).click()
    page.get_by_role("option", name=name, exact=True).click()


def _click_map(page: Page, place: tuple[float, float]) -> None:
    page.locator("#deckgl-overlay").evaluate("canvas => canvas.scrollIntoView({block: 'center'})")
    page.wait_for_timeout(300)
    box = page.locator("#deckgl-overlay").bounding_box()
    assert box is not None
    at = box["x"] + box["width"] * place[0], box["y"] + box["height"] * place[1]
    page.mouse.move(*at)
    page.wait_for_timeout(300)
    page.mouse.click(*at)


@pytest.fixture
def page(browser: Browser, observatory: Observatory) -> Page:
    context = open_context(browser, DESKTOP)
    tab, _ = watch(context)
    tab.goto(f"{observatory.address}/logement")
    settle(tab)
    tab.locator("#deckgl-overlay").wait_for()
    tab.wait_for_timeout(1500)
    yield tab
    context.close()


def test_a_click_on_a_district_changes_page_and_address_and_reload_restores_it(page: Page) -> None:
    _click_map(page, PETIT_IVRY)
    expect(page.locator("h1")).to_contain_text("Petit-Ivry")
    expect(page).to_have_url(re.compile("quartier=petit-ivry"))
    page.reload()
    settle(page)
    expect(page.locator("h1")).to_contain_text("Petit-Ivry")
    assert _district(page) == "petit-ivry"


def test_a_second_click_on_the_district_returns_to_the_city(page: Page) -> None:
    _click_map(page, PETIT_IVRY)
    expect(page.locator("h1")).to_contain_text("Petit-Ivry")
    page.wait_for_timeout(800)
    _click_map(page, PETIT_IVRY)
    expect(page.locator("h1")).to_contain_text("Entre 2011 et 2023")
    assert _district(page) == ""


def test_a_click_on_a_phone_finds_the_district_under_the_finger(browser: Browser, observatory: Observatory) -> None:
    context = open_context(browser, PHONE)
    tab, _ = watch(context)
    tab.goto(f"{observatory.address}/logement")
    settle(tab)
    tab.locator("#deckgl-overlay").wait_for()
    tab.wait_for_timeout(1500)
    _click_map(tab, (0.62, 0.36))
    expect(tab.locator("h1")).to_contain_text("Ivry-Port")
    context.close()


def test_the_choice_survives_navigation(page: Page) -> None:
    _choose_from_list(page, "Marat – Parmentier")
    expect(page.locator("h1")).to_contain_text("Marat – Parmentier")
    page.get_by_role("link", name="Mobilité").click()
    expect(page.locator("h1")).to_contain_text("Marat – Parmentier : ")
    expect(page).to_have_url(re.compile("mobilite.*quartier=marat-parmentier"))


def test_an_unknown_district_falls_back_and_is_said(browser: Browser, observatory: Observatory) -> None:
    context = open_context(browser, DESKTOP)
    tab, _ = watch(context)
    tab.goto(f"{observatory.address}/logement?quartier=atlantide&indicateur=bonheur")
    settle(tab)
    expect(tab.get_by_text("Le quartier « atlantide » n’existe pas")).to_be_visible()
    expect(tab.get_by_text("L’indicateur « bonheur » n’existe pas")).to_be_visible()
    expect(tab.locator("h1")).to_contain_text("Entre 2011 et 2023")
    context.close()


def test_the_indicator_of_the_map_is_in_the_address(page: Page, observatory: Observatory) -> None:
    page.goto(f"{observatory.address}/logement?quartier=ivry-port&indicateur=flats_share_percent")
    settle(page)
    expect(
        page.get_by_role("heading", name=re.compile("^Part d’appartements|appartements", re.IGNORECASE)).first
    ).to_be_visible()
    assert "indicateur=flats_share_percent" in page.url
    assert _district(page) == "ivry-port"


def test_no_release_names_the_command(browser: Browser, tmp_path: Path) -> None:
    with serving(tmp_path / "nothing") as server:
        context = open_context(browser, DESKTOP)
        tab, seen = watch(context)
        tab.goto(f"{server.address}/logement")
        settle(tab)
        expect(tab.get_by_text("python -m etl build")).to_be_visible()
        assert tab.locator("[data-testid=stException]").count() == 0
        assert seen.errors == []
        context.close()


def test_a_damaged_release_shows_the_previous_one_with_a_banner(
    browser: Browser, own_releases: Path, tables: Tables
) -> None:
    changed = dict(tables)
    changed["checks"] = tables["checks"].iloc[:-1]
    publish(changed, own_releases)
    broken = own_releases / current_id(own_releases) / "programmes.parquet"
    broken.write_bytes(b"half")
    with serving(own_releases) as server:
        context = open_context(browser, DESKTOP)
        tab, _ = watch(context)
        tab.goto(f"{server.address}/logement")
        settle(tab)
        expect(tab.get_by_text("La dernière publication des données est abîmée")).to_be_visible()
        expect(tab.locator("h1")).to_contain_text("Entre 2011 et 2023")
        assert "programmes.parquet failed its checksum" in server.log()
        context.close()
