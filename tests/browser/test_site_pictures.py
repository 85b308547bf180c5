"""Pictures of static pages as they are seen: contrast of every text and mark, light and dark; no text over another."""

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import open_context
from tests.browser.contrast import faint, painted
from tests.nginx import Site

PICTURES = ".obs-box svg"
# Between them they show every kind of chart and map, in the colours of every theme that has any.
PATHS = (
    "",
    "logement/",
    "espaces-verts/",
    "geothermie/",
    "mobilite/",
    "programmes/",
    "indicateurs/private-dwellings-vacant/",
    "indicateurs/population-20-to-64/",
    "quartiers/ivry-port/espaces-verts/",
    "logement/simple/",
)
SMALLEST_PX = 10.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PATHS)
def test_texts_and_marks_of_pictures_stand_out(browser: Browser, site_server: Site, path: str, scheme: str) -> None:
    context = open_context(browser, (1280, 900), color_scheme=scheme)
    page = context.new_page()
    page.goto(f"{site_server.address}/{path}")
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 900})
        found = painted(page, PICTURES)
        assert len(found["texts"]) >= 5
        assert [one for one in found["texts"] if one[3] < SMALLEST_PX] == []
        assert faint(found) == []
    context.close()


@pytest.mark.parametrize("path", PATHS)
def test_no_text_of_a_picture_is_cut_or_lies_on_another(browser: Browser, site_server: Site, path: str) -> None:
    context = open_context(browser, (320, 900))
    page = context.new_page()
    page.goto(f"{site_server.address}/{path}")
    for width in (320, 390, 768, 1280, 1920):
        page.set_viewport_size({"width": width, "height": 900})
        assert painted(page, PICTURES)["overlaps"] == [], f"at {width} px"
    context.close()


def test_paper_shows_wide_charts_and_every_table_whole(browser: Browser, site_server: Site) -> None:
    context = open_context(browser, (680, 900))
    page = context.new_page()
    page.goto(f"{site_server.address}/logement/")
    folded = page.locator(".obs-table table").first
    assert not folded.is_visible()
    page.emulate_media(media="print")
    charts, tables = page.locator(".obs-chart"), page.locator(".obs-table table")
    shown = [chart.get_attribute("class") or "" for chart in charts.all() if chart.is_visible()]
    assert shown
    assert all(kind.endswith("wide") for kind in shown)
    assert tables.count() >= 7
    for table in tables.all():
        box = table.bounding_box()
        assert box is not None
        assert box["height"] > 50
        assert box["x"] + box["width"] <= 680
    context.close()
