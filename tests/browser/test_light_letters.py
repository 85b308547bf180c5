"""Cut typefaces in a browser: every icon is one sign, and text is set in the same letters as before."""

import pytest
from playwright.sync_api import Browser

from dashboard.light_letters import FOLDER, cut_all, cut_of
from dashboard.navigation import PAGES
from tests.browser.conftest import DESKTOP, open_context, settle, unfold, watch
from tests.serving import Observatory

# An icon whose name is not joined to a sign is as wide as its name, many times its height.
ICONS = """() => [...document.querySelectorAll("[data-testid=stIconMaterial]")].filter(one => one.checkVisibility())
  .map(one => { const words = document.createRange(); words.selectNodeContents(one);
    return [one.textContent, words.getBoundingClientRect().width / parseFloat(getComputedStyle(one).fontSize)] })"""
USED = """() => [...document.fonts].filter(face => face.status === "loaded")
  .map(face => face.family.replaceAll('"', ""))"""
WITH_ICONS = ("", "logement", "explorer", "indicateur", "dossier", "sources")


@pytest.mark.parametrize("address", WITH_ICONS)
def test_icons_are_signs_not_words(browser: Browser, observatory: Observatory, address: str) -> None:
    assert address in {entry.address for entry in PAGES}
    cut_all()
    context = open_context(browser, DESKTOP)
    page, seen = watch(context)
    sizes: dict[str, int] = {}
    page.on("response", lambda answer: sizes.update({answer.url.rpartition("/")[2]: len(answer.body())})
            if answer.url.endswith(".woff2") else None)  # fmt: skip
    page.goto(f"{observatory.address}/{address}")
    settle(page)
    unfold(page)
    icons = page.evaluate(ICONS)
    assert icons
    assert [icon for icon in icons if not 0.5 < icon[1] < 1.5] == []
    assert {"Source Sans", "Material Symbols Rounded"} <= set(page.evaluate(USED))
    context.close()
    assert seen.errors == []
    assert sizes
    assert sizes == {name: cut_of(FOLDER / "media" / name).stat().st_size for name in sizes}
