"""Scripts in every text of a release and in every parameter: no page runs any, and none breaks its own rules."""

from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Browser, Page

from dashboard.navigation import PAGES
from etl.publish import publish
from tests.attacks import RAN, SCRIPTS, WATCH_SCRIPTS
from tests.browser.conftest import DESKTOP, open_context, settle, unfold, violations, watch
from tests.conftest import Tables
from tests.nginx import before_server
from tests.serving import free_port, serving

# What readers read; codes, dates and addresses stay what they are, or nothing would be shown at all.
_WORDS = ("_fr", "_en")
_NAMES = {"name", "short_name", "publisher", "licence", "line", "edition_detail", "stated_detail", "aliases"}
PARAMETERS = (
    "quartier", "langue", "version", "lecture", "indicateur", "theme", "recherche", "annee", "niveau", "periode",
    "forme", "second", "classes", "nombre", "cartes", "autres", "lieux", "indicateurs", "par", "montrer", "base",
    "iris", "hypotheses", "situation", "depuis", "avec", "dossier", "liste", "embed", "embed_options", "unheard_of",
)  # fmt: skip
# Pages of the server beside Streamlit's: static ones, a figure to embed, the wall.
MADE = ("public/", "public/logement/", "public/quartiers/ivry-port/", "public/programmes/", "public/sources/",
        "public/indicateurs/", "public/integrer/ville/housing-series/", "affichage/")  # fmt: skip


def _spoilt(tables: Tables) -> Tables:
    """Return tables in which every text that readers read ends in a script."""
    scripts, spoilt = cycle(SCRIPTS), {}
    for name, frame in tables.items():
        texts = [column for column in frame.columns
                 if frame[column].dtype == "str" and (column in _NAMES or column.endswith(_WORDS))]  # fmt: skip
        changed = {
            column: pd.Series([f"{text} {next(scripts)}" if text else text for text in frame[column]],
                              index=frame.index, dtype="str")
            for column in texts
        }  # fmt: skip
        spoilt[name] = frame.assign(**changed)
    return spoilt


@pytest.fixture(scope="module")
def spoilt_releases(tables: Tables, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("spoilt")
    publish(_spoilt(tables), folder)
    return folder


@pytest.fixture(scope="module", params=["", "/observatoire"], ids=["root", "below"])
def address(request: pytest.FixtureRequest, spoilt_releases: Path) -> Iterator[str]:
    """Return where a server of that release is reached, behind nginx."""
    port, path = free_port(), request.param
    reached = f"http://127.0.0.1:{port}{path}/"
    with (
        serving(spoilt_releases, OBSERVATORY_PUBLIC_ADDRESS=reached) as server,
        before_server(server.address.removeprefix("http://"), port, path),
    ):
        yield reached


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    context = open_context(browser, DESKTOP)
    context.add_init_script(WATCH_SCRIPTS)
    tab, seen = watch(context)
    tab.on("dialog", lambda dialog: dialog.accept())
    yield tab
    context.close()
    assert seen.outside == []


def _asked(turn: int) -> str:
    """Return a query with a script in every parameter, another one each time."""
    pairs = []
    for place, name in enumerate(PARAMETERS):
        script = SCRIPTS[(turn * len(PARAMETERS) + place) % len(SCRIPTS)]
        pairs.append(f"{name}=" + "".join(f"%{byte:02x}" for byte in script.encode()))
    return "&".join(pairs)


def _runs(page: Page) -> list[int]:
    return [frame.evaluate(RAN) for frame in page.frames if frame.url.startswith("http")]


@pytest.mark.parametrize("entry", PAGES, ids=lambda entry: entry.address or "accueil")
def test_no_script_runs_from_a_text_or_a_parameter(address: str, page: Page, entry: object) -> None:
    turn = [one.address for one in PAGES].index(entry.address)  # type: ignore[attr-defined]
    page.goto(f"{address}{entry.address}?{_asked(turn)}")  # type: ignore[attr-defined]
    settle(page)
    unfold(page)
    page.wait_for_timeout(500)
    assert "__ran" in page.locator("[data-testid=stApp]").inner_text()
    assert set(_runs(page)) == {0}
    assert page.locator("[data-testid=stException]").count() == 0
    assert violations(page) == []


def test_no_script_runs_on_pages_that_the_server_makes(address: str, page: Page) -> None:
    seen = ""
    for place, path in enumerate(MADE):
        page.goto(f"{address}{path}?{_asked(place)}")
        page.wait_for_timeout(300)
        seen += page.locator("body").inner_text()
        assert set(_runs(page)) == {0}, path
        assert violations(page) == [], path
    assert "__ran" in seen
