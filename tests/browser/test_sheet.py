"""The sheet of an indicator in a browser: chosen by list and by address, and the fixed page it leads to."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import DESKTOP, SMALL_PHONE, open_context, settle, watch
from tests.serving import Observatory


@pytest.fixture
def page(browser: Browser, observatory: Observatory) -> Iterator[Page]:
    context = open_context(browser, DESKTOP)
    tab, _ = watch(context)
    tab.goto(f"{observatory.address}/indicateur?indicateur=population")
    settle(tab)
    yield tab
    context.close()


def test_an_indicator_is_chosen_by_list_and_the_address_reopens_it(page: Page) -> None:
    expect(page.locator("h1")).to_contain_text("Population, Ivry")
    field = page.get_by_role("combobox", name=re.compile("Indicateur"))
    field.click()
    field.fill("Logements autorisés dans")  # the list is long: it shows what is typed
    page.get_by_role("option", name="Logement · Logements autorisés dans l’année", exact=True).click()
    expect(page.locator("h1")).to_contain_text("Logements autorisés dans l’année, Ivry, 2024")
    expect(page).to_have_url(re.compile("indicateur=dwellings_authorised"))
    page.reload()
    settle(page)
    expect(page.locator("h1")).to_contain_text("Logements autorisés dans l’année, Ivry, 2024")


def test_map_and_chart_lead_to_where_the_fixed_page_shows_them(page: Page) -> None:
    sentences = page.locator(".obs-figure-head h2").all_inner_texts()
    links = page.get_by_role("link", name="partager ou intégrer")
    expect(links).to_have_count(2)
    static = page.context.new_page()
    for link, sentence in zip(links.all(), sentences, strict=True):
        static.goto(link.evaluate("element => element.href"))
        figure = static.locator(f"#{static.url.partition('#')[2]}")
        expect(figure).to_contain_text(sentence)


def test_an_input_leads_to_its_own_sheet_and_the_fixed_page_says_the_same(page: Page, observatory: Observatory) -> None:
    page.goto(f"{observatory.address}/indicateur?quartier=ivry-port")
    settle(page)
    link = page.get_by_role("link", name="Logements vacants (recensement)", exact=True)
    page.goto(link.evaluate("element => element.href"))
    settle(page)
    expect(page.locator("h1")).to_contain_text("Logements vacants (recensement), Ivry-Port, 2021")
    page.goto(page.get_by_role("link", name="Cette fiche en page fixe").evaluate("element => element.href"))
    expect(page.locator("h1")).to_contain_text("Logements vacants (recensement), Ivry, 2021")
    expect(page.get_by_role("heading", name="Ce qui est couvert")).to_be_visible()


def test_each_cell_of_the_grid_names_its_area_on_a_small_phone(page: Page) -> None:
    page.set_viewport_size({"width": SMALL_PHONE[0], "height": SMALL_PHONE[1]})
    grid = page.locator(".obs-grid")
    grid.locator("summary").click()
    cell = grid.locator("td").first
    expect(cell).to_be_visible()
    assert cell.evaluate("cell => getComputedStyle(cell, '::before').content") == '"Ivry-sur-Seine\u00a0: "'
    assert page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1") is False
