"""The numbers of the API are those of the pages and of the release, cell by cell, in every format, page by page."""

import csv
import io
from collections.abc import Mapping
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest

from dashboard.api.models import columns_of
from dashboard.exports import export
from dashboard.view import View, area_view
from data.release import Release
from data.schemas import TABLES
from tests.dashboard.api.conftest import Ask, items
from tests.dashboard.conftest import DISTRICTS

Rows = list[dict[str, Any]]
LISTS = {
    "areas": "territories", "indicators": "indicators", "observations": "observations", "programmes": "programmes",
    "milestones": "milestones", "commitments": "commitments",
}  # fmt: skip
ONE = {"areas": "ref_area", "indicators": "indicator", "programmes": "programme_id"}


def plain(value: Any) -> Any:
    """Return a cell of a frame as JSON has it."""
    if hasattr(value, "tolist"):
        return value.tolist()
    return None if value is None or value != value else value


def rows_of_frame(frame: pd.DataFrame, columns: tuple[str, ...]) -> Rows:
    return [
        {name: plain(cell) for name, cell in zip(columns, row, strict=True)}
        for row in frame[list(columns)].to_numpy(dtype=object).tolist()
    ]


def ordered(rows: Rows, key: tuple[str, ...]) -> Rows:
    return sorted(rows, key=lambda row: tuple(row[name] for name in key))


@pytest.mark.parametrize("name", LISTS)
def test_every_row_of_the_release_is_given_once(ask: Ask, release: Release, name: str) -> None:
    table = LISTS[name]
    columns = columns_of(table)
    found = [{column: item[column] for column in columns} for item in items(ask, f"{name}?limit=37")]
    assert found == rows_of_frame(release.table(table), columns)
    assert len({tuple(item[column] for column in TABLES[table].key) for item in found}) == len(found)


def test_pages_of_any_size_hold_the_same(ask: Ask) -> None:
    whole = items(ask, "observations?limit=10000")
    assert [items(ask, f"observations?limit={limit}") for limit in (1_000, 999, 251)] == [whole] * 3


@pytest.mark.parametrize(
    ("name", "parameters", "question"),
    [
        ("series", {"theme": "housing"}, "observations?theme=housing"),
        ("series", {"theme": "territory"}, "observations?theme=territory"),
        ("series", {"theme": "mobility"}, "observations?theme=mobility"),
        ("series", {"theme": "geothermal"}, "observations"),
        ("carte", {"indicateur": "dwellings"}, "observations?level=district&indicator=dwellings"),
        ("carte", {"indicateur": "population"}, "observations?level=district&indicator=population"),
        ("indicateur", {"indicateur": "dwellings"}, "observations?indicator=dwellings"),
        ("tous-les-chiffres", {}, "observations"),
    ],
)
def test_the_numbers_are_those_of_the_pages(
    ask: Ask, city: View, name: str, parameters: Mapping[str, str], question: str
) -> None:
    columns = columns_of("observations")
    key = TABLES["observations"].key
    shown = rows_of_frame(export(city, name, parameters), columns)
    given = {tuple(item[column] for column in key): item for item in items(ask, question)}
    observed = [row for row in shown if tuple(row[column] for column in key) in given]
    # What a text says beside the series stands in a table of its own (`context`), which the API does not have.
    assert observed
    assert {row["figure_id"] for row in shown if row not in observed} <= _of_context(city)
    for row in observed:
        item = given[tuple(row[column] for column in key)]
        assert {column: item[column] for column in columns} == row


def test_a_value_without_a_date_is_in_no_period(ask: Ask, release: Release) -> None:
    rows = release.table("observations")
    undated = rows["time_basis"].isin(["inferred", "document_date"]) & rows["time_period"].str.startswith("2025")
    assert undated.sum() > 10
    found = items(ask, "observations?period_from=2025&period_to=2025")
    assert found
    assert {item["time_basis"] for item in found} & {"inferred", "document_date"} == set()


def _of_context(view: View) -> set[str]:
    return set(view.release.table("context")["figure_id"])


@pytest.mark.parametrize("slug", DISTRICTS)
def test_the_figures_of_a_district_are_those_of_its_page(ask: Ask, city: View, slug: str) -> None:
    columns, key = columns_of("observations"), TABLES["observations"].key
    shown = rows_of_frame(export(area_view(city, slug), "chiffres-du-quartier", {}), columns)
    given = [{column: item[column] for column in columns} for item in items(ask, f"observations?ref_area=94041-{slug}")]
    assert [row for row in ordered(given, key) if row in shown] == ordered(shown, key)


@pytest.mark.parametrize("theme", ["housing", "green_space", "geothermal", "mobility"])
def test_the_programmes_are_those_of_the_pages(ask: Ask, city: View, theme: str) -> None:
    frame = export(city, "programmes", {"theme": theme})
    given = {item["programme_id"]: item for item in items(ask, f"programmes?theme={theme}&area=94041")}
    shared = tuple(name for name in frame.columns if name in columns_of("programmes"))
    assert {"programme_id", "status"} <= set(shared)
    shown = rows_of_frame(frame, shared)
    assert shown == [{name: given[row["programme_id"]][name] for name in shared} for row in shown]
    left_out = [item for code, item in given.items() if code not in {row["programme_id"] for row in shown}]
    assert all(item["source_kind"] == "party_programme" for item in left_out), "pages keep a party's proposals apart"


def _from_csv(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def _written(value: Any) -> str:
    """Return a value as CSV has it: text that a spreadsheet would run has an apostrophe before it."""
    if isinstance(value, list):
        return ";".join(map(str, value))
    return "" if value is None else str(value)


@pytest.mark.parametrize("name", LISTS)
def test_csv_and_parquet_hold_what_json_holds(ask: Ask, name: str) -> None:
    question = f"/{name}?limit=10000"
    rows = ask(question).json()["items"]
    table = pq.read_table(io.BytesIO(ask(f"{question}&format=parquet").content)).to_pandas()
    assert rows_of_frame(table, tuple(table.columns)) == rows
    lines = _from_csv(ask(f"{question}&format=csv").content)
    assert len(lines) == len(rows)
    for line, row in zip(lines, rows, strict=True):
        assert {name: text.removeprefix("'") for name, text in line.items()} == {
            name: _written(value).removeprefix("'") for name, value in row.items()
        }


def test_sdmx_csv_holds_the_values_of_json(ask: Ask) -> None:
    question = "/observations?limit=10000"
    rows = ask(question).json()["items"]
    lines = _from_csv(ask(f"{question}&format=sdmx-csv").content)
    assert [(line["REF_AREA"], line["INDICATOR"], line["NATURE"], line["SOURCE"]) for line in lines] == [
        (row["ref_area"], row["indicator"], row["nature"], row["source"]) for row in rows
    ]
    assert [float(line["OBS_VALUE"]) if line["OBS_VALUE"] else None for line in lines] == [
        row["obs_value"] for row in rows
    ]
    assert [line["UNIT_MEASURE"] for line in lines] == [row["unit"] for row in rows]


def test_geojson_has_outlines_and_says_what_they_are_worth(ask: Ask) -> None:
    question = "/areas?parent=94041&level=district"
    rows = ask(question).json()["items"]
    features = ask(f"{question}&format=geojson").json()["features"]
    assert len(rows) == len(DISTRICTS)
    assert [feature["properties"] for feature in features] == rows
    assert {feature["geometry"]["type"] for feature in features} <= {"Polygon", "MultiPolygon"}
    assert all(row["boundary"] and "geometry" not in row for row in rows)


@pytest.mark.parametrize("name", ONE)
def test_one_thing_is_its_row_of_the_list(ask: Ask, name: str) -> None:
    for row in ask(f"/{name}?limit=10000&language=en").json()["items"][::7]:
        assert ask(f"/{name}/{row[ONE[name]]}?language=en").json()["item"] == row


@pytest.mark.parametrize(
    ("question", "holds"),
    [
        ("observations?ref_area=94041,94041-ivry-port", lambda row: row["ref_area"] in {"94041", "94041-ivry-port"}),
        ("observations?ref_area=94041&ref_area=94081", lambda row: row["ref_area"] in {"94041", "94081"}),
        ("observations?level=district", lambda row: row["ref_area"].removeprefix("94041-") in DISTRICTS),
        ("observations?indicator=dwellings,population", lambda row: row["indicator"] in {"dwellings", "population"}),
        ("observations?nature=planned", lambda row: row["nature"] == "planned"),
        ("observations?obs_status=O", lambda row: row["obs_status"] == "O"),
        ("observations?source=insee-census-2021", lambda row: "insee-census-2021" in row["source"].split(";")),
        ("observations?programme=ivry-plan-velo", lambda row: row["programme"] == "ivry-plan-velo"),
        ("programmes?status=under_way", lambda row: row["status"] == "under_way"),
        ("programmes?area=94041-ivry-port", lambda row: row["district"] == "94041-ivry-port"),
        ("milestones?theme=housing&area=94041", lambda row: (row["theme"], row["commune"]) == ("housing", "94041")),
        ("milestones?date_from=2020&date_to=2023-06", lambda row: row["date"] >= "2020" and row["date"] <= "2023-06-30"
         and not row["date"].startswith("2023-1") and row["date"] != "2023"),
        ("commitments?theme=green_space", lambda row: row["theme"] == "green_space"),
        ("commitments?programme=ivry-plan-velo", lambda row: "ivry-plan-velo" in row["programme_ids"].split(";")),
        ("areas?commune=94041&level=iris", lambda row: (row["commune"], row["level"]) == ("94041", "iris")),
        ("indicators?theme=mobility", lambda row: row["theme"] == "mobility"),
    ],
)  # fmt: skip
def test_filters_keep_what_they_say_and_all_of_it(ask: Ask, question: str, holds: Any) -> None:
    name = question.partition("?")[0]
    assert items(ask, question) == [row for row in items(ask, f"{name}?limit=10000") if holds(row)]


def test_periods_lie_wholly_between(ask: Ask) -> None:
    found = items(ask, "observations?period_from=2020&period_to=2021-06")
    periods = {row["time_period"] for row in found}
    assert periods
    assert all(period[:4] == "2020" or (len(period) > 4 and period[:7] <= "2021-06") for period in periods)
    assert "2021" in {row["time_period"] for row in items(ask, "observations?period_from=2021&period_to=2021-12-31")}


def test_a_value_a_zero_and_what_is_missing_stay_different(ask: Ask) -> None:
    rows = items(ask, "observations?limit=10000")
    assert any(row["obs_value"] == 0 for row in rows)
    assert all((row["obs_value"] is None) == (row["obs_status"] in {"O", "M"} or row["conf_status"] == "C")
               for row in rows)  # fmt: skip


def test_labels_come_in_either_language(ask: Ask) -> None:
    question = "/observations?indicator=dwellings&ref_area=94041&limit=1"
    french, english = (ask(f"{question}&language={one}").json()["items"][0] for one in ("fr", "en"))
    assert french["indicator_label"] != english["indicator_label"]
    assert (french["unit_label"], english["unit_label"], french["unit"]) == ("logements", "dwellings", "dwelling")
    assert french["obs_value"] == english["obs_value"]
