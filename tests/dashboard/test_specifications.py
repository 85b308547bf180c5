"""Specifications say each thing once, and draw what Altair's own would draw."""

import json
from collections.abc import Callable
from itertools import pairwise

import altair as alt
import pandas as pd
import pytest
import vl_convert

from dashboard.charts.bars import Quantity, bar_chart
from dashboard.charts.dots import Dot, dot_chart
from dashboard.charts.lines import Line, line_chart
from dashboard.charts.panels import panel_chart
from dashboard.charts.scatter import scatter_chart
from dashboard.charts.specifications import fill, named, specification_of
from dashboard.charts.targets import target_chart
from tests.dashboard.chart_reading import datasets, marks

YEARS = list(range(2011, 2025))


def _series(first: float) -> pd.DataFrame:
    values = [first + 10 * (year % 4) for year in YEARS]
    return pd.DataFrame({"year": YEARS, "value": values, "text": [f"{year} : {first}" for year in YEARS]})


def _lines() -> alt.LayerChart:
    lines = [Line("Autorisés", "#1b1b1f", _series(400.0)), Line("Commencés", "#a8462e", _series(300.0), "rien en 2025")]
    return line_chart(lines, (2010.2, 2040.6), "light", "fr")


def _one_line() -> alt.LayerChart:
    return line_chart([Line("Population", "#1b1b1f", _series(100.0))], (2010.2, 2026.0), "light", "fr", zero=False)


def _target() -> alt.LayerChart:
    path = pd.DataFrame({"year": [2020.0, 2025.0, 2030.0], "value": [110.0, 160.0, 200.0]})
    target = pd.DataFrame({"year": [2030.0], "value": [200.0], "text": ["200"]})
    series = _series(100.0).assign(segment=[0] * 7 + [1] * 7)
    return target_chart(series, path, target, ("rythme", "objectif"), "mobility", "light", "fr")


def _bars() -> alt.LayerChart:
    quantities = [Quantity("Faits", 10.0, "10 ha"), Quantity("Prévus", 12.0, "12 ha", planned=True)]
    return bar_chart(quantities, "green_space", "light", "fr")


def _panel() -> alt.LayerChart:
    peers = pd.concat([_series(250.0).assign(name=name) for name in ("Vitry", "Choisy")])
    own = _series(200.0).assign(is_estimated=[False] * 10 + [True] * 4)
    return panel_chart(own, peers, ((2010.5, 2024.5), (180.0, 300.0)), "housing", "light", "fr")


def _dots() -> alt.LayerChart:
    return dot_chart([Dot("Ivry : 8,5", 8.5), Dot("Vitry : 6", 6.0, True)], [4.1, 6.0, 8.5], "housing", "light", "fr")


def _scatter() -> alt.LayerChart:
    points = pd.DataFrame({"name": ["a", "b", "c"], "x": [1.0, 2.0, 3.0], "y": [3.0, 1.0, 2.0], "text": ["a", "b", "c"],
                           "is_named": [True, True, False], "is_hollow": [False, True, False]})  # fmt: skip
    return scatter_chart(points, ("parts", "logements"), "housing", "light", "fr", zero_line=True)


CHARTS = [_lines, _one_line, _target, _bars, _panel, _dots, _scatter]


def _picture(specification: dict, width_px: int) -> bytes:
    return bytes(vl_convert.vegalite_to_png({**specification, "width": width_px}))


@pytest.mark.parametrize("width_px", [200, 560])
@pytest.mark.parametrize("made", CHARTS)
def test_what_is_drawn_is_what_altair_would_draw(made: Callable[[], alt.LayerChart], width_px: int) -> None:
    assert _picture(specification_of(made()), width_px) == _picture(made().to_dict(), width_px)


@pytest.mark.parametrize("made", CHARTS)
def test_rows_are_written_once_and_never_at_the_top(made: Callable[[], alt.LayerChart]) -> None:
    specification = specification_of(made())
    assert "data" not in specification
    rows = [json.dumps(values) for values in datasets(specification)]
    for neighbours in pairwise(rows):
        assert len(set(neighbours)) == 2
    assert len(json.dumps(specification)) <= len(json.dumps(made().to_dict()))


def test_axes_and_scales_of_lines_are_written_once() -> None:
    text = json.dumps(specification_of(_lines()))
    assert json.dumps(made := _lines().to_dict()).count('"axis"') - text.count('"axis"') == 4
    assert text.count('"domain": [2010.2') == 1 < json.dumps(made).count('"domain": [2010.2')


def test_years_that_are_named_are_not_thinned_out() -> None:
    axis = specification_of(_lines())["layer"][0]["layer"][0]["encoding"]["x"]["axis"]
    assert axis["tickCount"] == len(axis["values"]) > 5


def test_places_are_filled_and_empty_ones_left_out() -> None:
    place, other, quiet = alt.Chart(named("places")), alt.Chart(named("others")), alt.Axis(title=None)
    skeleton = alt.layer(place.mark_line().encode(x=alt.X("year:Q", axis=quiet), y="value:Q"),
                         other.mark_point().encode(x=alt.X("year:Q", axis=quiet), y="value:Q"),
                         place.mark_circle().encode(x="year:Q", y="value:Q")).to_dict()  # fmt: skip
    rows = _series(1.0)[["year", "value"]]
    whole = list(marks(fill(skeleton, {"places": rows, "others": rows.head(2)})))
    assert [(mark["type"], len(drawn)) for mark, drawn in whole] == [("line", 14), ("point", 2), ("circle", 14)]
    partial = list(marks(fill(skeleton, {"places": rows, "others": rows.head(0)})))
    assert [mark["type"] for mark, _ in partial] == ["line", "circle"]
    # Whichever layer is the first to be drawn says what the axis looks like.
    assert json.dumps(fill(skeleton, {"places": rows.head(0), "others": rows})).count('"title": null') == 1
    with pytest.raises(KeyError, match="others"):
        fill(skeleton, {"places": rows})
