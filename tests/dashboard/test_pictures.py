"""Pictures of a page: laid out by the letters they are shown in, the same whoever draws them and when."""

import re
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

import pytest

from dashboard.charts.gantt import ROW_PX, Bar, Row, gantt
from dashboard.charts.narrow import NAME_LINE_PX, narrowed
from dashboard.content import geothermal, housing
from dashboard.content.pieces import Chart
from dashboard.content.tree import ChartFigure
from dashboard.maps.prepare import choropleth
from dashboard.publication import pictures, previews
from dashboard.publication.pictures import NARROW_PX, SVG, chart_picture, map_pictures
from dashboard.publication.previews import Preview, drawing
from dashboard.publication.trees import TREES
from dashboard.theme import FONT, INKS
from dashboard.typeface import web_font, width_px
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


def _charts(view: View) -> list[Chart]:
    trees = (tree_of(view) for tree_of in TREES.values())
    return [figure.chart for tree in trees for figure in tree.figures() if isinstance(figure, ChartFigure)]


def _texts(svg: str) -> list[str]:
    """Return the texts of a picture; lines of one text are joined by a blank."""
    texts = ElementTree.fromstring(svg).iter(f"{{{SVG}}}text")
    return [" ".join(line for line in text.itertext() if line).strip() for text in texts]


def _rows(part: Any) -> Iterator[dict[str, Any]]:
    """Yield what is drawn in rows, each with all that is known of it."""
    parts = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    if isinstance(part, dict) and "row" in part:
        yield part
    for one in parts:
        yield from _rows(one)


@pytest.mark.parametrize("area", ["city", "ivry_port"])
def test_names_of_rows_stand_in_full_on_narrow_charts(area: str, request: pytest.FixtureRequest) -> None:
    names = {chart.key: {row["name"] for row in _rows(chart.specification) if "name" in row}
             for chart in _charts(request.getfixturevalue(area))}  # fmt: skip
    assert sum(map(bool, names.values())) >= 5
    for chart in _charts(request.getfixturevalue(area)):
        texts = _texts(chart_picture(chart.specification, NARROW_PX, "narrow"))
        assert names[chart.key] <= set(texts), chart.key
        assert not [text for text in texts if "…" in text]


def test_a_row_whose_name_takes_two_lines_is_as_much_taller_and_no_other(city: View) -> None:
    long, short = "Pistes cyclables, cheminements et accès RER à Gagarine-Truillot", "Plan vélo"
    rows = [Row(name, (Bar("2024", "livré", False),)) for name in (short, long, short)]
    chart = gantt(rows, (2019.0, 2029.0), "mobility", "sans date", "light", "fr")
    fitted = narrowed(chart, NARROW_PX)
    assert fitted["height"] == chart["height"] + NAME_LINE_PX
    more = NAME_LINE_PX / ROW_PX
    assert [row["row"] for row in _rows(fitted) if "name" in row] == pytest.approx([0, 1, 2 + more])
    assert sorted(row["row"] for row in _rows(fitted) if "start" in row)[::2] == pytest.approx([0, 1 + more, 2 + more])
    assert {row["row"] for row in _rows(chart)} == {0, 1, 2}, "the chart itself is as it was"


def test_lines_take_three_fifths_of_a_narrow_picture_beside_their_names(city: View) -> None:
    chart = housing.series_chart(city)
    assert chart is not None
    picture = chart_picture(chart.specification, NARROW_PX, "narrow")
    assert {"Autorisés", "Commencés"} <= set(_texts(picture))
    lines = [element.get("d", "") for element in ElementTree.fromstring(picture).iter(f"{{{SVG}}}path")
             if element.get("stroke-width") == "2.2"]  # fmt: skip
    assert len(lines) == 2
    across = [float(x) for line in lines for x in re.findall(r"[ML]([\d.]+),", line)]
    assert max(across) - min(across) >= 0.6 * NARROW_PX


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
