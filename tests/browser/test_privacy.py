"""What a visit leaves behind, in the browser and in logs: one technical cookie of Streamlit, settings, and no more."""

import http.client
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from dashboard.messages import message
from dashboard.navigation import PAGES
from data.release import Release
from tests.browser.conftest import open_context, settle, watch
from tests.nginx import Site
from tests.serving import Observatory, serving

NARROWEST = (320, 700)
COOKIE = "_streamlit_xsrf"
# What Streamlit keeps in the browser: light or dark by page, parts of the menu that are folded, the menu's width.
SETTINGS = re.compile(r"stActiveTheme-/[a-z-]*-v2|stSidebarSectionsState-|sidebarWidth")
STORED = """async () => ({
  local: {...localStorage}, session: {...sessionStorage}, caches: await caches.keys(),
  databases: (await indexedDB.databases()).length,
  workers: (await navigator.serviceWorker.getRegistrations()).length})"""
SEEN = """() => ({
  doctype: document.doctype.name, title: document.title,
  headings: [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].map(heading => Number(heading.tagName[1])),
  windows: document.querySelectorAll("a[target=_blank]").length,
  width: document.documentElement.scrollWidth, address: location.pathname + location.search})"""
ODD = "?recherche=dupont-durand&quartier=%3Cscript%3E&hypotheses=dupont-durand"


@dataclass(frozen=True)
class Visit:
    """All pages of the observatory opened one after the other: what each showed, and what was left behind."""

    seen: dict[str, dict[str, Any]]
    stored: dict[str, Any]
    cookies: list[Any]
    outside: list[str]


@pytest.fixture(scope="module")
def visit(browser: Browser, observatory: Observatory) -> Iterator[Visit]:
    context = open_context(browser, NARROWEST)
    page, noticed = watch(context)
    seen = {}
    for entry in PAGES:
        page.goto(f"{observatory.address}/{entry.address}")
        settle(page)
        seen[entry.address] = page.evaluate(SEEN)
    page.goto(f"{observatory.address}/chiffres{ODD}")
    settle(page)
    yield Visit(seen, page.evaluate(STORED), context.cookies(), noticed.outside)
    context.close()


def test_pages_set_one_technical_cookie_until_the_browser_closes(visit: Visit) -> None:
    (cookie,) = visit.cookies
    assert (cookie["name"], cookie["expires"], cookie["sameSite"]) == (COOKIE, -1, "Lax")
    assert re.fullmatch(r"2\|[0-9a-f]{8}\|[0-9a-f]{32}\|\d{10}", cookie["value"]), "random, and the time it was made"


def test_pages_keep_settings_alone_on_the_device(visit: Visit) -> None:
    stored = visit.stored
    assert stored["local"]
    assert [name for name in stored["local"] if not SETTINGS.fullmatch(name)] == []
    assert "dupont" not in str(stored)
    assert (stored["session"], stored["caches"], stored["databases"], stored["workers"]) == ({}, [], 0, 0)


def test_pages_ask_nobody_else_and_put_nothing_into_addresses(visit: Visit) -> None:
    assert visit.outside == []
    assert {address: seen["address"] for address, seen in visit.seen.items()} == {
        entry.address: f"/{entry.address}" for entry in PAGES
    }


def test_what_asks_another_machine_would_be_seen_and_finds_none(browser: Browser) -> None:
    context = open_context(browser, NARROWEST)
    page, seen = watch(context)
    addresses = {"http://elsewhere.example/a.png", "http://192.0.2.7/b.png"}
    with page.expect_event("requestfailed", lambda request: "elsewhere" in request.url) as failed:
        page.set_content("".join(f'<img src="{address}">' for address in addresses), wait_until="domcontentloaded")
    context.close()
    assert set(seen.outside) == addresses
    assert failed.value.failure == "net::ERR_NAME_NOT_RESOLVED"


def test_pages_have_a_document_type_and_a_title_of_their_own(visit: Visit) -> None:
    for entry in PAGES:
        seen, title = visit.seen[entry.address], message(entry.title_key, "fr")
        assert seen["doctype"] == "html"
        assert seen["title"].startswith(f"{title} · Observatoire urbain"), entry.address


def test_headings_of_pages_follow_each_other_without_gaps(visit: Visit) -> None:
    for address, seen in visit.seen.items():
        levels = seen["headings"]
        assert levels[0] == 1, address
        assert levels.count(1) == 1, address
        assert all(after <= before + 1 for before, after in pairwise(levels)), address


def test_pages_open_no_window(visit: Visit) -> None:
    assert [address for address, seen in visit.seen.items() if seen["windows"]] == []


def test_pages_fit_a_window_of_320_pixels(visit: Visit) -> None:
    assert {address: seen["width"] for address, seen in visit.seen.items() if seen["width"] > NARROWEST[0]} == {}


def _left(context: BrowserContext, page: Page) -> dict[str, Any]:
    return {"cookies": context.cookies(), **page.evaluate(STORED)}


NOTHING: dict[str, Any] = {
    "cookies": [], "local": {}, "session": {}, "caches": [], "databases": 0, "workers": 0}  # fmt: skip


def test_static_pages_and_figures_leave_nothing_behind(browser: Browser, site_server: Site, release: Release) -> None:
    context = open_context(browser, NARROWEST)
    page, noticed = watch(context)
    figure = "integrer/ville/housing-series/"
    for path in (
        "",
        "logement/",
        "logement/simple/",
        "vie-privee/",
        figure,
        f"{figure}{release.release_id}/",
        "nowhere/",
    ):
        page.goto(f"{site_server.address}/{path}")
        assert _left(context, page) == NOTHING, path
        assert "set-cookie" not in site_server.get(f"/{path}").headers, path
    assert noticed.outside == []
    context.close()


def test_the_wall_screen_keeps_its_own_files_alone(browser: Browser, site_server: Site) -> None:
    context = open_context(browser, (1280, 720))
    page, noticed = watch(context)
    page.goto(f"{site_server.address}/affichage/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    left = _left(context, page)
    assert {**left, "caches": [], "workers": 0} == NOTHING
    assert left["workers"] == 1
    assert all(name.startswith("wall ") for name in left["caches"])
    assert noticed.outside == []
    context.close()


def _answer(server: Observatory, path: str, **headers: str) -> http.client.HTTPResponse:
    """Ask for a path as a reader would whose name, browser and way to the site could be told from the request."""
    connection = http.client.HTTPConnection(urlsplit(server.address).netloc, timeout=30)
    connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer


READER = {
    "User_Agent": "Curieux/1.0",
    "Referer": "https://ailleurs.example/",
    "X_Forwarded_For": "192.0.2.77",
    "Cookie": "nom=durand",
}
TOLD_BY_A_READER = (
    "dupont",
    "durand",
    "Curieux",
    "ailleurs",
    "192.0.2.77",
    "GET ",
    "127.0.0.1",
    "%3Cscript",
    "<script>",
)
ASKED = ("/", "/logement", "/chiffres", "/telecharger/series.csv", "/telecharger/nothing.csv", "/nowhere/dupont",
         "/affichage/dupont/", "/affichage/", "/..%2f..%2fdurand", "/public/", "/public/dupont/",
         "/public/integrer/dupont/x/",
         "/public/integrer/ville/housing-series/", f"/{'durand' * 3000}")  # fmt: skip


def test_the_log_of_the_server_holds_nothing_of_a_reader(browser: Browser, releases: Path) -> None:
    with serving(releases) as server:
        for path in ASKED:
            answer = _answer(server, path + ODD, **READER)
            is_streamlit = path in {"/", "/logement", "/chiffres"}
            assert answer.getheader("Set-Cookie") is None or is_streamlit, path
        context = open_context(browser, NARROWEST, user_agent=READER["User_Agent"])
        page, _ = watch(context)
        page.goto(f"{server.address}/programmes{ODD}")
        settle(page)
        context.close()
        log = server.log()
    assert [words for words in TOLD_BY_A_READER if words in log] == []


def test_the_log_of_the_static_site_holds_nothing_of_a_reader(site_server: Site) -> None:
    for path in (
        "/",
        "/logement/",
        "/nowhere/dupont/",
        "/fichiers/",
        "/integrer/dupont/x/",
        "/%00durand",
        "/affichage/",
    ):
        site_server.get(path + ODD, **READER)
    assert site_server.log() == ""
