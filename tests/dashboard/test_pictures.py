"""Pictures of a page: laid out by the letters they are shown in, the same whoever draws them and when."""

import re
from typing import Any

import pytest

from dashboard.content import geothermal
from dashboard.maps.prepare import choropleth
from dashboard.publication import pictures, previews
from dashboard.publication.pictures import chart_picture, map_pictures
from dashboard.publication.previews import Preview, drawing
from dashboard.publication.typeface import web_font, width_px
from dashboard.theme import FONT, INKS
from dashboard.view import View

WORDS = "Coop’Ivry Habitat (passage en coopérative)"


def _bar(words: str) -> dict[str, Any]:
    axis = {"title": None, "ticks": False, "labelPadding": 0, "labelLimit": 1000, "labelFontSize": 13}
    return {
        "data": {"values": [{"name": words, "value": 1}]},
        "mark": "bar",
        "encoding": {"y": {"field": "name", "type": "nominal", "axis": axis},
                     "x": {"field": "value", "type": "quantitative", "axis": None}},
        "config": {"axis": {"labelFont": FONT}},
        "padding": 0,
    }  # fmt: skip


@pytest.mark.parametrize("words", [WORDS, "iiiiiiiiiiiiiiiiiiii", "MMMMMMMMMMMMMMMMMMMM"])
def test_charts_leave_as_much_room_for_words_as_the_typeface_takes(words: str) -> None:
    picture = chart_picture(_bar(words), 760, "wide")
    moved = re.search(r'transform="translate\(([\d.]+),', picture)
    assert moved
    assert float(moved[1]) == pytest.approx(width_px(words, 13), abs=2)


def test_a_picture_is_the_same_whatever_was_drawn_before(city: View) -> None:
    chart = geothermal.networks_chart(city)
    assert chart is not None
    first = chart_picture(chart.specification, 760, "wide")
    chart_picture(chart.specification, 700, "wide")
    pictures._svg.cache_clear()
    assert chart_picture(chart.specification, 760, "wide") == first
    assert "clip-path" in first
    ids = re.findall(r'\bid="([^"]+)"', first)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r"url\(#([^)]+)\)", first)) <= set(ids)


@pytest.mark.parametrize("dotted_first", [True, False])
def test_maps_that_differ_in_their_stations_alone_are_two_pictures(city: View, dotted_first: bool) -> None:
    pictures._twin.cache_clear()
    drawn = {
        dotted: map_pictures(choropleth(city, "population_near_station_share_percent", "mobility", dotted))
        for dotted in (dotted_first, not dotted_first)
    }
    rim = f'stroke="{INKS["light"]["ink"]}"'
    assert rim not in drawn[False]
    assert drawn[True].count(rim) > 10


def test_a_map_is_drawn_once_for_all_areas_it_is_the_same_for(city: View, ivry_port: View) -> None:
    pictures._twin.cache_clear()
    for view in (city, ivry_port):
        map_pictures(choropleth(view, "population_near_station_share_percent", "mobility", True))
    assert pictures._twin.cache_info().misses == 2


def test_a_wide_and_a_narrow_rendition_share_no_names(city: View) -> None:
    chart = geothermal.networks_chart(city)
    assert chart is not None
    wide, narrow = (set(re.findall(r'\bid="([^"]+)"', chart_picture(chart.specification, width, "wide")))
                    for width in (760, 320))  # fmt: skip
    assert wide
    assert wide & narrow == set()


def test_the_letters_of_pages_are_the_same_bytes_every_time() -> None:
    first = web_font()
    web_font.cache_clear()
    assert web_font() == first
    assert first.startswith(b"wOF2")


def test_a_preview_keeps_its_words_inside() -> None:
    long = " ".join(["logements sociaux"] * 30)
    picture = drawing(Preview("Site", "Section", long, "housing", "Publié", "12 128", long, long))
    lines = re.findall(r'font-size="54"[^>]*>([^<]+)<', picture)
    assert len(lines) == 4
    assert lines[-1].endswith(" …")
    assert all(width_px(line, 54, 600) <= previews.WIDTH_PX - 2 * 88 for line in lines)
    assert picture.count("…") == 3


def test_words_in_a_preview_are_escaped() -> None:
    picture = drawing(Preview("<b>", "&", "<script>", "housing", '"', "1 < 2", "<i>", "<u>"))
    assert "<script>" not in picture
    assert "&lt;script&gt;" in picture
