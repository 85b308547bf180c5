"""Supposing: a delay moved by keyboard changes the districts it touches, lives in the address, survives a reload."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlparse

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import DESKTOP, open_context, settle, watch
from tests.serving import Observatory

RENEWAL = "Renouvellement d’Ivry-Port"
DISTRICTS = ("Centre-ville", "Ivry-Port", "Louis-Bertrand – Mirabeau", "Marat – Parmentier", "Monmousseau – Vérollot",
             "Petit-Ivry")  # fmt: skip


@pytest.fixture
def page(browser: Browser, observatory: Observatory) -> Iterator[Page]:
    context = open_context(browser, DESKTOP)
    tab, seen = watch(context)
    tab.goto(f"{observatory.address}/programmes")
    settle(tab)
    yield tab
    assert tab.locator("[data-testid=stException]").count() == 0
    assert seen.errors == []
    assert seen.outside == []
    context.close()


def _plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ").strip()


def _fold(page: Page) -> Locator:
    """Return the table by district, opened."""
    fold = page.locator("details", has=page.locator("summary", has_text="Quartier par quartier"))
    if fold.get_attribute("open") is None:
        fold.locator("summary").click()
    return fold


def _dwellings(page: Page) -> dict[str, str]:
    """Return the ordinary dwellings of each district, as the table says."""
    rows = _fold(page).locator("tbody tr").all()
    cells = [[_plain(text) for text in row.locator("th, td").all_inner_texts()] for row in rows]
    return {row[0]: row[1] for row in cells}


def _expect_dwellings(page: Page, district: str, words: str) -> None:
    row = _fold(page).locator("tbody tr").filter(has=page.get_by_text(district, exact=True))
    expect(row.locator("th, td").nth(1)).to_have_text(words)


def _supposed(page: Page) -> str:
    return parse_qs(urlparse(page.url).query).get("hypotheses", [""])[0]


def _choose(page: Page, label: str, option: str) -> None:
    page.get_by_role("combobox", name=re.compile(label)).click()
    page.get_by_role("option", name=option, exact=True).click()
    settle(page)


def _suppose_a_window(page: Page) -> None:
    _choose(page, "^Opération|Opération$", RENEWAL)
    page.get_by_text("Supposer une période de livraison").click()
    expect(page).to_have_url(re.compile("operation.ivry-port-renewal.2026-2035"))
    settle(page)


def _delay_by_one_year(page: Page) -> None:
    slider = page.get_by_role("slider", name=re.compile("Retard de cette opération"))
    slider.focus()
    slider.press("ArrowRight")


def test_a_delay_changes_its_district_and_no_other(page: Page) -> None:
    _suppose_a_window(page)
    # The renewal alone is dated, half delivered by the end of 2030, and may hold the Quais: from 0.5 × 4,450 on.
    _expect_dwellings(page, "Ivry-Port", "de 2 225 à 6 750")
    before = _dwellings(page)
    _delay_by_one_year(page)
    _expect_dwellings(page, "Ivry-Port", "de 1 780 à 6 750")  # 0.4 × 4,450
    after = _dwellings(page)
    assert set(DISTRICTS) <= set(before)
    assert {name for name in DISTRICTS if after[name] != before[name]} == {"Ivry-Port"}


def test_a_reload_brings_the_same_page_back_and_two_years_late_changes_it_again(page: Page) -> None:
    _suppose_a_window(page)
    _delay_by_one_year(page)
    expect(page).to_have_url(re.compile(r"2026-2035.d1"))
    settle(page)
    title, shown, supposed = page.locator("h1").inner_text(), _dwellings(page), _supposed(page)
    assert supposed == "operation.ivry-port-renewal.2026-2035.d1"
    page.reload()
    settle(page)
    assert page.locator("h1").inner_text() == title
    assert _dwellings(page) == shown
    assert _supposed(page) == supposed
    page.get_by_role("radio", name="Deux ans de retard").click()
    expect(page).to_have_url(re.compile(r"delay.2~operation.ivry-port-renewal.2026-2035.d1"))
    # Three years late in all: two years of ten by the end of 2030, 0.2 × 4,450.
    _expect_dwellings(page, "Ivry-Port", "de 890 à 6 750")


def test_an_unreadable_address_is_said_and_the_page_is_shown(page: Page, observatory: Observatory) -> None:
    page.goto(f"{observatory.address}/programmes?hypotheses=n-importe-quoi&annee=²&quantite=bonheur")
    settle(page)
    expect(page.get_by_text("L’adresse contient une hypothèse illisible (n-importe-quoi)")).to_be_visible()
    expect(page.get_by_text("L’année « ² » n’est pas entre")).to_be_visible()
    expect(page.get_by_text("« bonheur » n’est pas suivi ici")).to_be_visible()
    expect(page.locator("h1")).to_contain_text("On ne peut pas conclure")
    _expect_dwellings(page, "Ivry-Port", "de 0 à 6 750")


@pytest.mark.parametrize(
    "supposed",
    [
        "household.dwellings.15~household.specific_dwellings.0_1",
        "operation.ivry-port-renewal.2026-2100.p33_3.d30",
        "delay.30~only.under-way",
    ],
)
def test_unusual_hypotheses_of_an_address_are_taken_as_they_are(
    page: Page, observatory: Observatory, supposed: str
) -> None:
    page.goto(f"{observatory.address}/programmes?quartier=ivry-port&hypotheses={supposed}")
    settle(page)
    expect(page.locator("h1")).to_contain_text("Ivry-Port")
    assert _supposed(page) == supposed


def test_hypotheses_kept_in_a_file_come_back(page: Page, observatory: Observatory) -> None:
    kept = observatory.get("/telecharger/hypotheses.json?hypotheses=operation.ivry-port-renewal.2026-2035").body
    page.get_by_text("Reprendre un fichier d’hypothèses").click()
    chooser = page.locator("input[type=file]")
    chooser.set_input_files({"name": "mine.json", "mimeType": "application/json", "buffer": kept})
    _expect_dwellings(page, "Ivry-Port", "de 2 225 à 6 750")
    chooser.set_input_files({"name": "other.json", "mimeType": "application/json", "buffer": b"{}"})
    fault = "Ce fichier ne vient pas de cette page"
    expect(page.locator(".obs-banner", has_text=fault)).to_be_visible()
    expect(page.locator("[role=status][aria-live=polite]")).to_contain_text(fault)
    assert _supposed(page) == "operation.ivry-port-renewal.2026-2035"
