"""Communes the authors never looked at: entered, built from the packaged census, every page opened in a browser."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext

from dashboard.navigation import PAGES
from data.settings import CATALOGUE, LEDGER
from etl.build import build_tables, read_inputs
from etl.communes import enter_commune
from etl.publish import publish
from tests.browser.conftest import DESKTOP, PHONE, open_context, settle, watch
from tests.browser.test_pages import CUT_TEXT, OVERFLOW
from tests.serving import Observatory, serving

FAILED = "Cette page n’a pas pu s’afficher"
WITH_MAP = ("", "logement", "espaces-verts", "geothermie", "mobilite")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return releases of a catalogue in which two more communes were entered."""
    place = tmp_path_factory.mktemp("any-commune")
    catalogue = Path(shutil.copytree(CATALOGUE, place / "catalogue"))
    assert enter_commune("24067", "Le Bugue", "", catalogue).is_new
    assert enter_commune("30321", "Sommières", "", catalogue).is_new
    *_, (_, tables) = build_tables(*read_inputs(catalogue, LEDGER))
    publish(tables, place / "releases")
    return place / "releases"


@pytest.fixture(scope="module")
def le_bugue(built: Path) -> Iterator[Observatory]:
    with serving(built, OBSERVATORY_COMMUNE="24067") as server:
        yield server


@pytest.fixture(scope="module")
def valence(built: Path) -> Iterator[Observatory]:
    with serving(built, OBSERVATORY_COMMUNE="26362") as server:
        yield server


@pytest.fixture(scope="module")
def phone(browser: Browser) -> Iterator[BrowserContext]:
    """Return a window that all pages of a commune are opened in: it loads what they share once."""
    context = open_context(browser, PHONE)
    yield context
    context.close()


@pytest.fixture(scope="module")
def desk(browser: Browser) -> Iterator[BrowserContext]:
    context = open_context(browser, DESKTOP)
    yield context
    context.close()


@pytest.mark.parametrize("address", [entry.address for entry in PAGES])
def test_every_page_of_a_commune_nobody_looked_at(phone: BrowserContext, le_bugue: Observatory, address: str) -> None:
    page, seen = watch(phone)
    page.goto(f"{le_bugue.address}/{address}")
    settle(page)
    text = page.locator("[data-testid=stMain]").inner_text()
    assert FAILED not in text
    assert page.title().endswith("Observatoire urbain du Bugue")
    assert "None" not in text
    assert "nan" not in text.split()
    assert ("aucun contour de quartier n’est connu pour Le Bugue" in text) == (address in WITH_MAP)
    assert page.locator("h1").count() == 1
    assert page.evaluate(OVERFLOW) is False
    assert page.evaluate(CUT_TEXT) == []
    assert (seen.outside, seen.errors) == ([], [])
    page.close()
    assert "a page failed" not in le_bugue.log()


def test_its_figures_are_those_of_the_census(desk: BrowserContext, le_bugue: Observatory) -> None:
    page, _ = watch(desk)
    page.goto(f"{le_bugue.address}/logement")
    settle(page)
    text = page.locator("[data-testid=stMain]").inner_text()
    # The packaged census counts 1,930 dwellings in Le Bugue, 292 of them vacant: one in seven.
    assert "1\u202f930" in text
    assert "Un logement sur 7 était vacant" in text
    assert "Le logement au Bugue" in text
    page.close()


def test_a_commune_of_several_iris_lists_them_where_no_district_is_drawn(
    desk: BrowserContext, valence: Observatory
) -> None:
    page, _ = watch(desk)
    page.goto(f"{valence.address}/logement")
    settle(page)
    table = page.locator("details", has=page.get_by_text("Les valeurs par îlot statistique de l’Insee (IRIS)"))
    assert table.locator("tbody tr").count() == 25
    page.close()


@pytest.mark.parametrize("address", [entry.address for entry in PAGES])
def test_every_page_of_a_commune_without_outlines(desk: BrowserContext, valence: Observatory, address: str) -> None:
    page, seen = watch(desk)
    page.goto(f"{valence.address}/{address}")
    settle(page)
    assert FAILED not in page.locator("[data-testid=stMain]").inner_text()
    assert page.title().endswith("Observatoire urbain de Valence")
    assert (seen.outside, seen.errors) == ([], [])
    page.close()
    assert "a page failed" not in valence.log()
