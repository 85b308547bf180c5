"""Four questions a planner comes with, answered by clicks from the home page; links that open the very view again."""

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, Page, expect

from data.release import current_id
from etl.publish import publish
from tests.browser.conftest import DESKTOP, open_context, settle, watch
from tests.conftest import Tables
from tests.serving import Observatory, serving


@pytest.fixture
def page(browser: Browser, observatory: Observatory) -> Iterator[Page]:
    context = open_context(browser, DESKTOP)
    tab, seen = watch(context)
    tab.goto(observatory.address)
    settle(tab)
    yield tab
    context.close()
    assert seen.outside == []
    assert seen.errors == []


def _go(page: Page, name: str) -> None:
    page.get_by_test_id("stSidebarNav").get_by_role("link", name=name, exact=True).click()
    expect(page.get_by_test_id("stSidebarNav").get_by_role("link", name=name, exact=True)).to_have_attribute(
        "aria-current", "page"
    )
    settle(page)


def _choose(page: Page, field: str, words: str) -> None:
    box = page.get_by_role("combobox", name=re.compile(f"^{re.escape(field)}"))
    box.click()
    box.fill(words)
    page.get_by_role("option", name=re.compile(re.escape(words))).first.click()
    settle(page)


def test_which_district_has_the_highest_census_vacancy_and_its_range(page: Page) -> None:
    _go(page, "Explorer")
    _choose(page, "Indicateur", "Part de logements vacants (recensement)")
    expect(page.locator("h1")).to_contain_text("de 4,1")
    expect(page.locator("h1")).to_contain_text("à 8,5")
    expect(page.locator("h1")).to_contain_text("Centre-ville et Louis-Bertrand – Mirabeau")


def test_how_authorised_dwellings_per_inhabitant_compare_with_vitry_over_ten_years(page: Page) -> None:
    _go(page, "Comparer")
    for name in ("Choisy-le-Roi", "Valence", "Valenton"):
        page.get_by_role("button", name=f"Remove {name}").or_(page.get_by_label(f"Remove {name}")).first.click()
        settle(page)
    _choose(page, "Rapporter", "habitants")
    said = page.locator(".obs-opening, .obs").filter(has=page.locator("h1")).first
    expect(said).to_contain_text("En moyenne sur 10 dates, de 2013 à 2023")
    expect(said).to_contain_text("Ivry 11,1")
    expect(said).to_contain_text("Vitry 4,8")


def test_which_iris_of_france_resemble_ivry_port_sud(page: Page) -> None:
    _go(page, "Comparer")
    _choose(page, "Îlot statistique", "Ivry Port Sud")
    table = page.locator("table").filter(has_text="Ivry Port Sud")
    expect(table.locator("tbody tr")).to_have_count(11)
    expect(table).to_contain_text("78005")
    expect(table.locator("tbody tr").nth(1)).to_contain_text("0,19")


def test_every_figure_about_heat_networks_as_a_spreadsheet(page: Page) -> None:
    field = page.get_by_test_id("stSidebar").get_by_role("textbox")
    field.fill("réseau de chaleur")
    field.press("Enter")
    expect(page.locator("h1")).to_contain_text("réseau de chaleur")
    page.get_by_role("link", name=re.compile("dans tous les chiffres")).click()
    settle(page)
    with page.expect_download() as waiting:
        page.get_by_role("link", name="classeur XLSX").first.click()
    book = load_workbook(io.BytesIO(Path(waiting.value.path()).read_bytes()))
    rows = list(book["Valeurs à lire"].iter_rows(values_only=True))
    said = {row[2] for row in rows}
    assert {"Part renouvelable et de récupération du réseau de chaleur"} <= said
    assert sum("Réseau" in str(row[0]) for row in rows) >= 15


def _link(page: Page, words: str) -> str:
    address = page.get_by_role("link", name=re.compile(words)).get_attribute("href")
    assert address
    return address


def test_a_link_opens_the_very_view_again_and_a_frozen_one_says_what_changed(
    browser: Browser, tables: Tables, tmp_path: Path
) -> None:
    folder = tmp_path / "releases"
    publish(tables, folder)
    first = current_id(folder)
    with serving(folder) as server:
        context = open_context(browser, DESKTOP)
        tab, _ = watch(context)
        tab.goto(f"{server.address}/explorer?quartier=ivry-port&forme=classement&classes=egales")
        settle(tab)
        title = tab.locator("h1").inner_text()
        link, frozen = _link(tab, "Lien vers cette vue"), _link(tab, "Lien figé")
        for part in ("langue=fr", "quartier=ivry-port", "niveau=district", "forme=classement", f"version={first}",
                     "indicateur=vacancy_rate_percent", "lecture=complete"):  # fmt: skip
            assert part in frozen, part
        changed = dict(tables)
        rows = tables["observations"].copy()
        mine = (rows["indicator"] == "vacancy_rate_percent") & (rows["ref_area"] == "94041-petit-ivry")
        rows.loc[mine, "obs_value"] = 77.7
        changed["observations"] = rows
        publish(changed, folder)
        tab.goto(f"{server.address}/{link}")
        settle(tab)
        expect(tab.locator("h1")).to_contain_text("77,7")
        expect(tab).to_have_url(re.compile("forme=classement"))
        tab.goto(f"{server.address}/{frozen}")
        settle(tab)
        assert tab.locator("h1").inner_text() == title
        banner = tab.get_by_role("status").filter(has_text="telles qu’elles étaient")
        expect(banner).to_contain_text("1 information modifiée")
        banner.get_by_role("link", name="Revenir aux données du jour").click()
        settle(tab)
        expect(tab.locator("h1")).to_contain_text("77,7")
        tab.goto(f"{server.address}/logement?version=0123456789abcdef")
        settle(tab)
        expect(tab.get_by_text("ne sont plus gardées ici")).to_be_visible()
        context.close()


def test_what_must_not_be_compared_is_refused_with_its_reason(page: Page, observatory: Observatory) -> None:
    keys = "vacancy_rate_percent,private_dwellings_vacancy_rate_percent"
    page.goto(f"{observatory.address}/comparer?indicateurs={keys}")
    settle(page)
    refusal = page.get_by_role("status").filter(has_text="ne se comparent pas")
    expect(refusal).to_be_visible()
    assert refusal.get_by_role("link").get_attribute("href") == "rapprochements"
    assert page.get_by_text("Part de logements vacants du parc privé").count() >= 1
    assert page.locator("figure, table").filter(has_text="parc privé").count() == 0


@pytest.mark.parametrize(
    "address",
    [
        "explorer?indicateur=nulle-part&niveau=planete&forme=camembert&periode=1789",
        "comparer?lieux=99999,%3Cscript%3E&indicateurs=rien&par=chats",
        "indicateur?indicateur=rien",
        "recherche?recherche=%3Cscript%3Ealert(1)%3C/script%3E",
    ],
)
def test_odd_addresses_are_said_not_obeyed(page: Page, observatory: Observatory, address: str) -> None:
    page.goto(f"{observatory.address}/{address}")
    settle(page)
    assert page.locator("h1").inner_text().strip()
    assert page.locator("[data-testid=stException]").count() == 0
