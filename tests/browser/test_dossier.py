"""Making a briefing file as an official does: choose, order, note, look at pages, take files away; nothing leaves."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest
from playwright.sync_api import Browser, Download, Page, expect

from dashboard.dossier.draft import from_file
from tests.browser.conftest import DESKTOP, open_context, settle, watch
from tests.serving import Observatory

LONG_MS = 60_000


@pytest.fixture
def page(browser: Browser, observatory: Observatory) -> Iterator[Page]:
    context = open_context(browser, DESKTOP)
    tab, seen = watch(context)
    tab.goto(f"{observatory.address}/dossier?quartier=ivry-port")
    settle(tab)
    yield tab
    assert tab.locator("[data-testid=stException]").count() == 0
    assert seen.errors == []
    assert seen.outside == []
    context.close()


def _sections(page: Page) -> list[str]:
    # The name of the arrow's picture stands before the words.
    found = page.locator("[data-testid=stExpander] summary").all_inner_texts()
    return [words[0].strip() for text in found if (words := re.search(r"\d+\. .+", text))]


def _take(page: Page, name: str, folder: Path) -> Path:
    with page.expect_download(timeout=LONG_MS) as taken:
        page.get_by_role("button", name=name, exact=True).click()
    return _saved(taken.value, folder)


def _saved(download: Download, folder: Path) -> Path:
    path = folder / download.suggested_filename
    download.save_as(path)
    return path


def _draft(page: Page, folder: Path) -> list[tuple[str, str]]:
    settle(page)  # the button is the last thing a run shows
    text = _take(page, "Garder le brouillon (fichier)", folder).read_text(encoding="utf-8")
    return [(one.page, one.note) for one in from_file(text).sections]


def test_the_preset_is_ready_at_once_as_an_accessible_pdf(page: Page, tmp_path: Path) -> None:
    path = _take(page, "PDF", tmp_path)
    with pikepdf.open(path) as document:
        assert len(document.pages) >= 40
        with document.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"


def test_sections_are_moved_noted_and_taken_out(page: Page, tmp_path: Path) -> None:
    assert _sections(page)[:2] == ["1. Conférence climat", "2. La ville en bref"]
    page.get_by_text("1. Conférence climat").click()
    settle(page)
    page.get_by_role("button", name="Descendre").first.click()
    expect(page.locator("[data-testid=stExpander] summary", has_text="1. La ville en bref")).to_be_visible(
        timeout=LONG_MS
    )
    # The section that was moved stays open, and is alone so.
    note = page.get_by_label("Votre note dans cette section")
    expect(note).to_have_count(1)
    note.fill("Voir avec les services")
    note.blur()
    expect(page.get_by_text("2. Conférence climat (avec une note)")).to_be_visible(timeout=LONG_MS)
    first = _draft(page, tmp_path)
    assert first[:2] == [("", ""), ("conference-climat", "Voir avec les services")]
    before = len(_sections(page))
    expect(note).to_have_value("Voir avec les services")
    page.get_by_role("button", name="Retirer").click()
    expect(page.get_by_text(f"Sections du dossier : {before - 1}", exact=True)).to_be_visible(timeout=LONG_MS)
    expect(note).to_have_count(0)


def test_a_view_is_added_by_its_address_and_a_wrong_one_is_said(page: Page, tmp_path: Path) -> None:
    field = page.get_by_label("Adresse d’une vue (copiée de votre navigateur)")
    field.fill("http://127.0.0.1/mobilite?quartier=petit-ivry")
    field.press("Enter")
    page.get_by_role("button", name="Ajouter la vue").click()
    expect(page.get_by_text("Mobilité : Petit-Ivry")).to_be_visible(timeout=LONG_MS)
    field.fill("http://127.0.0.1/nulle-part")
    field.press("Enter")
    page.get_by_role("button", name="Ajouter la vue").click()
    expect(page.get_by_text("La page « nulle-part » n’existe pas").first).to_be_visible(timeout=LONG_MS)
    assert _draft(page, tmp_path)[-2:] == [("mobilite", ""), ("nulle-part", "")]


def test_a_kept_draft_comes_back_and_a_wrong_file_is_refused(page: Page, tmp_path: Path) -> None:
    page.get_by_text("Reprendre un brouillon gardé").click()
    kept = tmp_path / "kept.json"
    kept.write_text(json.dumps({"commune": "94041", "sections": [{"page": "geothermie"}]}), encoding="utf-8")
    field = page.locator("[data-testid=stFileUploader] input[type=file]")
    field.set_input_files(kept)
    expect(page.get_by_text("Sections du dossier : 1", exact=True)).to_be_visible(timeout=LONG_MS)
    expect(page.locator("[data-testid=stExpander] summary", has_text="2. ")).to_have_count(0, timeout=LONG_MS)
    wrong = tmp_path / "wrong.json"
    wrong.write_text("{}", encoding="utf-8")
    field.set_input_files(wrong)
    expect(page.get_by_text("Ce fichier ne peut pas être repris").first).to_be_visible(timeout=LONG_MS)
    assert _sections(page) == ["1. Géothermie"]


def test_the_preview_shows_a_page_and_says_which(page: Page) -> None:
    page.get_by_text("Montrer l’aperçu").click()
    picture = page.locator("[data-testid=stImage] img")
    expect(picture).to_be_visible(timeout=LONG_MS)
    assert re.fullmatch(r"Page 1 sur \d+", picture.get_attribute("alt") or "")
    page.get_by_role("slider").press("ArrowRight")
    expect(page.get_by_text(re.compile(r"Page 2 sur \d+")).first).to_be_visible(timeout=LONG_MS)


def test_the_handout_of_the_district_is_one_page(page: Page, tmp_path: Path) -> None:
    for name in ("La feuille d’Ivry-Port (PDF)", "La feuille d’Ivry-Port, en français simplifié (PDF)"):
        with pikepdf.open(_take(page, name, tmp_path)) as document:
            assert len(document.pages) == 1


def test_commitments_are_grouped_as_the_address_says(browser: Browser, observatory: Observatory) -> None:
    context = open_context(browser, DESKTOP)
    tab, seen = watch(context)
    tab.goto(f"{observatory.address}/conference-climat?par=echeance")
    settle(tab)
    heads = [words.strip() for words in tab.locator(".obs-targets h2").all_inner_texts()]
    assert heads == ["2026", "2027", "2050", "aucune échéance donnée"]
    tab.get_by_role("radio", name="État").click()
    expect(tab.locator(".obs-targets h2", has_text="déclaré réalisé")).to_be_visible(timeout=LONG_MS)
    assert "par=etat" in tab.url
    tab.goto(f"{observatory.address}/conference-climat?par=budget")
    settle(tab)
    expect(tab.get_by_text("Le classement « budget » n’existe pas").first).to_be_visible(timeout=LONG_MS)
    assert seen.errors == []
    assert seen.outside == []
    context.close()
