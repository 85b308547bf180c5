"""What charts and maps say to those who do not see them: every number is in the tables, nothing more is claimed."""

import ast
import re
from collections import Counter, defaultdict
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

import dashboard
from dashboard.charts.bars import Quantity
from dashboard.charts.gantt import Bar, Row
from dashboard.charts.lines import Line
from dashboard.content.alternatives import of_lines, of_map, of_points, of_quantities, of_rows, spoken
from dashboard.content.tree import ChartFigure, Figure, MapFigure
from dashboard.formats import number
from dashboard.maps.prepare import DistrictMap, choropleth
from dashboard.messages import message
from dashboard.publication.sharing import embeddables
from dashboard.publication.trees import views
from dashboard.view import View
from tests.dashboard.chart_reading import marks

NUMBER = re.compile(r"\d+(?:[\u202f\u00a0]\d{3})*(?:,\d+)?")
SPACES = re.compile(r"[\u202f\u00a0]")
MOST_WORDS = 100


@pytest.fixture(scope="module")
def figures(city: View) -> list[Figure]:
    """Return every figure of every area that has an address of its own."""
    return [one.figure for view in views(city) for one in embeddables(view).values()]


def _alternative(figure: Figure) -> str:
    return figure.chart.alternative if isinstance(figure, ChartFigure) else of_map(figure.prepared, "fr")


def _numbers(text: str) -> set[str]:
    return {SPACES.sub("", found) for found in NUMBER.findall(text)}


def _shown(figure: Figure) -> set[str]:
    """Return the numbers a figure says elsewhere: in its tables, its title and what stands beneath."""
    said = [figure.title]
    said += [figure.chart.subtitle] if isinstance(figure, ChartFigure) else [figure.prepared.subtitle]
    said += [cell for table in figure.tables for row in table.rows for cell in row]
    if isinstance(figure, MapFigure):
        said.append(message(f"boundary.{figure.prepared.boundary}", "fr"))
    said += [remark for table in figure.tables for remark in (table.title, table.note, *table.notes)]
    return {found for text in said for found in _numbers(text)}


def _is_timeline(figure: Figure) -> bool:
    return isinstance(figure, ChartFigure) and "timeline" in figure.key


def _counts(figure: Figure) -> set[str]:
    """Return what may be counted: areas of a map and operations in them, lines of a chart, rows of a timeline."""
    if isinstance(figure, MapFigure):
        prepared = figure.prepared
        kinds = [int(part) for text in prepared.frame["value_text"] for part in re.findall(r"\b\d+\b", text)]
        return {str(count) for count in (len(prepared.frame), *kinds)}
    if not _is_timeline(figure):
        return {str(len(re.findall("premier point|un seul point|toujours la même", figure.chart.alternative)))}
    return {str(count) for count in _timeline(figure).values()}


def _timeline(figure: ChartFigure) -> Counter[str]:
    """Return how many rows of a timeline are drawn, by what is drawn in them."""
    found: dict[str, set[int]] = defaultdict(set)
    for mark, rows in marks(figure.chart.specification):
        places = {row["row"] for row in rows if "row" in row}
        if mark["type"] == "bar":
            is_dotted = mark.get("strokeCap") == "round"
            planned = "avec une hypothèse de calendrier" if is_dotted else "avec une date prévue"
            found[planned if "strokeDash" in mark else "avec une date passée"] |= places
        elif "name" in rows[0]:
            found["frise"] |= places
        elif places and "x" in rows[0]:
            found["sans date"] |= places
            for row in rows:
                found[row["words"].partition(" ")[2]].add(row["row"])
    return Counter({words: len(places) for words, places in found.items()})


def test_every_figure_says_more_than_its_title_and_leads_to_its_table(figures: list[Figure]) -> None:
    assert len(figures) > 80
    for figure in figures:
        said = _alternative(figure)
        assert 5 <= len(said.split()) <= MOST_WORDS, (figure.key, said)
        assert said.endswith("."), figure.key
        assert not re.search(r"[{}]|\bnan\b|None|\.\.|  ", said), (figure.key, said)
        whole = spoken(figure.title, said, "fr")
        assert whole.startswith(figure.title.removesuffix("."))
        assert whole.endswith("Le tableau de la page donne les mêmes valeurs.")
        assert any(table.rows for table in figure.tables), f"{figure.key} has no table"


def test_every_number_is_one_of_the_figure(figures: list[Figure]) -> None:
    for figure in figures:
        unknown = _numbers(_alternative(figure)) - _shown(figure) - _counts(figure)
        assert unknown == set(), f"{figure.key}: {_alternative(figure)}"


def test_a_timeline_says_of_how_many_rows_each_thing_is_drawn(figures: list[Figure]) -> None:
    timelines = [figure for figure in figures if _is_timeline(figure)]
    assert len(timelines) > 10
    for figure in timelines:
        said = SPACES.sub(" ", figure.chart.alternative).lower()
        counts = _timeline(figure)
        whole = counts.pop("frise")
        assert said.startswith("frise d’une ligne" if whole == 1 else f"frise de {whole} lignes"), said
        told = dict(re.findall(r"(?<![^ (])((?:avec une|sans) [^,;.(]+), (\d+)", said))
        told |= dict(re.findall(r"[(,] ?([^(),;]+?) : (\d+)(?=[,)])", said))
        assert {words: int(count) for words, count in told.items()} == counts, said


def test_every_chart_is_built_with_an_alternative_computed_from_what_it_draws() -> None:
    built = [
        (path.name, {keyword.arg: keyword.value for keyword in node.keywords})
        for path in sorted((Path(dashboard.__path__[0]) / "content").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Chart"
    ]
    assert len(built) > 10
    for name, given in built:
        made = given.get("alternative")
        assert isinstance(made, ast.Call), f"a chart of {name} says nothing for those who do not see it"
        assert not (isinstance(made.func, ast.Name) and made.func.id == "message"), f"{name}: a fixed sentence"


def _frame(values: dict[float, float | None]) -> pd.DataFrame:
    texts = ["" if value is None else f"{year:.0f}\u00a0: {number(value, 0)}" for year, value in values.items()]
    return pd.DataFrame(
        {"year": list(values), "value": pd.Series(list(values.values()), dtype="float64"), "text": texts}
    )


def test_a_line_says_its_ends_its_extremes_and_what_is_missing() -> None:
    frame = _frame({2019: 5.0, 2020: 9.0, 2021: None, 2022: 2.0, 2023: 4.0})
    assert of_points("Autorisés", frame, "fr") == (
        "Autorisés\u00a0: premier point, 2019\u00a0: 5\u00a0; dernier point, 2023\u00a0: 4. "
        "Point le plus haut, 2020\u00a0: 9\u00a0; le plus bas, 2022\u00a0: 2. Sans valeur\u00a0: 2021."
    )


def test_equal_extremes_are_all_named_and_many_are_counted() -> None:
    said = of_points("A", _frame({2017: 1.0, 2018: 9.0, 2019: 9.0, 2020: 9.0, 2021: 9.0, 2022: 9.0}), "fr")
    assert "Point le plus haut, 2018\u00a0: 9, 2019\u00a0: 9, 2020\u00a0: 9, et 2 autres" in said


def test_a_series_that_never_changes_has_no_highest_point() -> None:
    said = of_points("A", _frame({2019: 5.0, 2020: 5.0}), "fr")
    assert said == "A\u00a0: toujours la même valeur, de 2019\u00a0: 5 à 2020\u00a0: 5."


def test_nothing_is_compared_across_a_break() -> None:
    broken = _frame({2019: 5.0, 2019.5: None, 2020: 90.0})
    assert "rupture" in of_points("A", broken, "fr")
    assert "plus haut" not in of_points("A", broken, "fr")
    assert "Sans valeur" not in of_points("A", broken, "fr")
    assert "rupture" in of_points("A", _frame({2019: 5.0, 2020: 90.0}).assign(segment=[0, 1]), "fr")


def test_lines_are_counted() -> None:
    line = Line("A", "#000", _frame({2019: 5.0}))
    assert of_lines([line], "fr").startswith("Une courbe. A")
    assert of_lines([line, replace(line, name="B")], "fr").startswith("2 courbes. A")


def test_one_point_and_none() -> None:
    assert of_points("A", _frame({2019: 5.0, 2020: None}), "fr") == "A\u00a0: un seul point, 2019\u00a0: 5."
    assert of_lines([Line("A", "#000", _frame({2019: None}))], "fr") == ""


def test_what_is_planned_is_said_apart_from_what_is_observed() -> None:
    bars = [Quantity("Ivry", 10.0, "10 ha"), Quantity("Port", 12.0, "12 ha", planned=True), Quantity("X", 1.0, "1 ha")]
    assert of_quantities(bars, "fr") == (
        "Barres pleines\u00a0: Ivry, 10 ha\u00a0; X, 1 ha. "
        "Barres vides, en pointillés, ce qui est prévu\u00a0: Port, 12 ha."
    )


def test_a_timeline_counts_rows_past_promised_supposed_and_undated() -> None:
    rows = [
        Row("A", (Bar("2021", "", planned=False), Bar("2027-03", "", planned=True))),
        Row("B", (Bar("2026/2030", "", planned=True, supposed=True),)),
        Row("C", (), "○ prévu"),
    ]
    assert of_rows(rows, "fr") == (
        "Frise de 3 lignes, de 2021 à 2030. Avec une date passée, 1\u00a0; avec une date prévue, 1\u00a0; "
        "avec une hypothèse de calendrier, 1\u00a0; sans date, 1 (prévu\u00a0: 1)."
    )
    assert of_rows(rows[2:], "fr") == "Frise d’une ligne. Sans date, 1 (prévu\u00a0: 1)."


@pytest.fixture
def vacancy(city: View) -> DistrictMap:
    return choropleth(city, "vacancy_rate_percent", "housing")


def test_a_map_names_every_district_the_highest_first(vacancy: DistrictMap) -> None:
    said = of_map(vacancy, "fr")
    order = vacancy.frame.sort_values("value", ascending=False)
    places = [said.index(name) for name in order["name"]]
    lowest, highest = order["value_text"].iloc[-1], order["value_text"].iloc[0]
    assert places[-1] == max(places)
    assert said.index(highest) < said.index(lowest)
    assert said.startswith("Carte de 6 quartiers. ")
    assert said.endswith("Contours esquissés à 100 m près, non officiels.")
    assert of_map(replace(vacancy, boundary="official"), "fr").endswith("Contours officiels.")


def test_districts_without_value_are_named_with_the_reason(vacancy: DistrictMap) -> None:
    frame = vacancy.frame.copy()
    frame.loc[0, ["state", "value_text"]] = ["suppressed", "non diffusé (secret statistique)"]
    frame.loc[1, ["state", "value_text"]] = ["missing", "donnée manquante"]
    frame.loc[[0, 1], "value"] = float("nan")
    said = of_map(replace(vacancy, frame=frame), "fr")
    assert f"Non diffusé (secret statistique)\u00a0: {frame.at[0, 'name']}." in said
    assert f"Donnée manquante\u00a0: {frame.at[1, 'name']}." in said


def test_of_many_areas_both_ends_are_named(vacancy: DistrictMap) -> None:
    frame = pd.concat([vacancy.frame.iloc[[0]]] * 40, ignore_index=True)
    frame["name"] = [f"Îlot {place}" for place in range(40)]
    frame["value"] = [float(place) for place in range(40)]
    frame["value_text"] = [f"{place} %" for place in range(40)]
    said = of_map(replace(vacancy, frame=frame), "fr")
    assert "Les valeurs les plus hautes\u00a0: Îlot 39 (39 %), Îlot 38 (38 %), Îlot 37 (37 %)" in said
    assert "les plus basses\u00a0: Îlot 2 (2 %), Îlot 1 (1 %), Îlot 0 (0 %)." in said
    assert len(said.split()) < 50


def test_a_map_without_areas_says_nothing(vacancy: DistrictMap) -> None:
    assert of_map(replace(vacancy, frame=vacancy.frame.iloc[:0]), "fr") == ""
