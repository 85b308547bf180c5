"""Data to take away: every export in every format and language, opened again, is the rows of the release."""

import io
import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely
from shapely.geometry import shape

from dashboard import exports
from dashboard.figures import sources, to_figure
from dashboard.messages import LANGUAGES, message
from dashboard.spreadsheet import FIRST_ROW, would_run
from dashboard.takeaway.geographic import NoGeometryError, geojson
from dashboard.takeaway.holding import column_words, is_observations, sources_of
from dashboard.takeaway.making import made
from dashboard.takeaway.plain import APOSTROPHE
from dashboard.takeaway.sdmx import COMPONENTS, ONLY_READING, sdmx_period
from dashboard.takeaway.tables import tables_of
from dashboard.view import WHOLE_CITY, View, the_view
from data.frames import rows_of
from data.release import Release
from data.schemas import TABLES
from tests.dashboard.conftest import TODAY
from tests.dashboard.taking import (
    DISTRICT,
    OF_A_DISTRICT,
    PARAMETERS,
    Case,
    asked_with,
    book_of,
    is_nothing,
    opened,
    records,
    sheet_of,
    shown,
)

LINK = "https://ville.example/telecharger/x"
CASES = tuple(
    Case(name, language, DISTRICT if name in OF_A_DISTRICT else WHOLE_CITY, parameters)
    for name in exports.names()
    for parameters in PARAMETERS.get(name, ({},))
    for language in LANGUAGES
)


class Taken:
    """An export that was taken away: its rows, and the files of its archive."""

    def __init__(self, case: Case, release: Release) -> None:
        self.case, self.language = case, case.language
        self.view = the_view(release, "94041", case.district, case.language, "light", TODAY)
        self.parameters = {**case.parameters, **asked_with(case.name, self.view)}
        self.frame = exports.export(self.view, case.name, self.parameters)
        self.title = exports.title_of(self.view, case.name, self.parameters)
        self.archive = self.made("zip")
        self.files = opened(self.archive)
        self.book = book_of(self.files["data.xlsx"])

    def made(self, kind: str) -> bytes:
        return made(self.view, self.case.name, kind, self.parameters, LINK)


@pytest.fixture(scope="module")
def of_these_releases(releases: Path) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OBSERVATORY_RELEASES", str(releases))
        yield


@pytest.fixture(scope="module", params=CASES, ids=str)
def taken(request: pytest.FixtureRequest, release: Release, of_these_releases: None) -> Taken:
    return Taken(request.param, release)


def test_the_csv_is_the_rows(taken: Taken) -> None:
    content = taken.files["data.csv"]
    assert content.startswith(b"\xef\xbb\xbf")
    assert content == taken.made("csv")
    lines = records(content)
    assert len(lines) == len(taken.frame)
    assert content.decode("utf-8-sig").splitlines()[0].split(",") == list(taken.frame.columns)
    for line, row in zip(lines, taken.frame.to_dict("records"), strict=True):
        assert list(line) == list(row)
        for name, value in row.items():
            _is_in_csv(line[str(name)], value)


def _is_in_csv(text: str, value: Any) -> None:
    if is_nothing(value):
        assert text == ""
    elif isinstance(value, str):
        assert text == (APOSTROPHE + value if would_run(value) else value)
    elif isinstance(value, bool | np.bool_):
        assert text == str(value)
    else:
        assert float(text) == value


def test_the_parquet_is_the_rows(taken: Taken) -> None:
    assert taken.files["data.parquet"] == taken.made("parquet")
    read = pd.read_parquet(io.BytesIO(taken.files["data.parquet"]))
    pd.testing.assert_frame_equal(read, taken.frame, check_dtype=False)


def test_the_workbook_holds_the_rows_cell_by_cell(taken: Taken) -> None:
    head, *rows = sheet_of(taken.book, "sheet_rows", taken.language).iter_rows(max_col=max(len(taken.frame.columns), 1))
    assert [cell.value for cell in head] == list(taken.frame.columns)
    assert len(rows) == len(taken.frame)
    for cells, values in zip(rows, taken.frame.itertuples(index=False, name=None), strict=True):
        for cell, value in zip(cells, values, strict=True):
            if is_nothing(value):
                assert cell.value is None
            elif isinstance(value, str):
                assert (cell.value, cell.data_type) == (value, "s")
                assert bool(cell.quotePrefix) == would_run(value)
            elif isinstance(value, bool | np.bool_):
                assert (cell.value, cell.data_type) == (bool(value), "b")
            else:
                # The format holds sixteen digits of a number.
                assert (cell.value, cell.data_type) == (pytest.approx(value, rel=1e-15), "n")


def test_the_workbook_shows_the_tables_as_pages_do(taken: Taken) -> None:
    tables = tables_of(taken.view, taken.case.name, taken.parameters)
    for table, name in zip(tables, taken.book.sheetnames, strict=False):
        sheet = taken.book[name]
        assert sheet["A1"].value == table.title
        assert (sheet["A2"].value or "") == table.note
        extra = int(any(one.title for one in table.headings))
        last = extra + len(table.columns)
        rows = list(sheet.iter_rows(min_row=FIRST_ROW + 2, min_col=1 + extra, max_col=last))
        assert [cell.value for cell in sheet[FIRST_ROW + 1]][extra:last] == [one.label for one in table.columns]
        assert [tuple(shown(cell.value, cell.number_format, taken.language) for cell in row) for row in rows] == list(
            table.rows
        )


def test_the_sheet_for_readers_says_what_pages_say(taken: Taken) -> None:
    if not is_observations(taken.frame):
        assert message("takeaway.sheet_values", taken.language) not in taken.book.sheetnames
        return
    rows = list(sheet_of(taken.book, "sheet_values", taken.language).iter_rows(min_row=2))
    assert len(rows) == len(taken.frame)
    for cells, row in zip(rows, rows_of(taken.frame), strict=True):
        figure = to_figure(taken.view.release, row, taken.language)
        said = [cell.value for cell in cells]
        assert said[1] == row.ref_area
        assert (said[2], said[3], said[7], said[10]) == (figure.label, figure.date, figure.text, figure.source)
        assert said[8] == message(f"nature.{row.nature}", taken.language)
        assert figure.note in (said[11] or "")
        assert _value_said(cells, row, taken.language) == figure.text
        if figure.value is not None:
            assert said[4] == pytest.approx(figure.value, abs=0.5)


def _value_said(cells: Any, row: Any, language: str) -> str:
    """Return what the cells of a value show, put together as pages do."""
    low, high = (shown(cell.value, cell.number_format, language) for cell in cells[4:6])
    if not is_nothing(row.obs_value_max):
        assert row.qualifier == "exact"
        return message("value.range", language, low=low, high=high)
    return low


def test_sources_and_words_travel_with_the_workbook(taken: Taken) -> None:
    rows = list(sheet_of(taken.book, "sheet_sources", taken.language).iter_rows(min_row=2, values_only=True))
    mine = sources_of(taken.view, taken.frame)
    if len(mine):
        assert [row[0] for row in rows] == list(mine["source"])
        assert [row[1] for row in rows] == list(mine[f"title_{taken.language}"])
        assert [row[3] for row in rows] == list(mine["licence"])
    else:
        assert rows[0][0] == message("takeaway.no_source", taken.language)
    about = [cell for row in sheet_of(taken.book, "sheet_about", taken.language).iter_rows(values_only=True)
             for cell in row if cell]  # fmt: skip
    assert {taken.title, taken.view.release.release_id, LINK, "Ivry-sur-Seine (94041)"} <= set(about)
    assert {column_words(name, taken.language) for name in taken.frame.columns} <= set(about)


def test_rows_that_name_a_source_have_it_among_theirs(taken: Taken) -> None:
    known = set(sources(taken.view.release))
    named = {part for name in taken.frame.columns if name == "source" or name.endswith("_source")
             for text in taken.frame[name].dropna() for part in str(text).split(";")}  # fmt: skip
    assert named & known <= set(sources_of(taken.view, taken.frame)["source"])


def test_the_sdmx_file_is_the_observations(taken: Taken) -> None:
    if not is_observations(taken.frame):
        assert "data.sdmx.csv" not in taken.files
        return
    content = taken.files["data.sdmx.csv"]
    assert content.startswith(b"STRUCTURE,STRUCTURE_ID,ACTION,REF_AREA,INDICATOR,")
    lines = records(content)
    assert len(lines) == len(taken.frame)
    key = [one.name for one in COMPONENTS if one.role == "dimension"]
    assert len({tuple(line[name] for name in key) for line in lines}) == len(lines)
    indicators = taken.view.release.table("indicators").set_index("indicator")
    for line, row in zip(lines, rows_of(taken.frame), strict=True):
        assert all(line[name] for name in key)
        assert (line["STRUCTURE"], line["ACTION"]) == ("datastructure", "I")
        assert (line["REF_AREA"], line["INDICATOR"], line["SOURCE"]) == (row.ref_area, row.indicator, row.source)
        assert (line["READING"], line["TIME_PERIOD"]) == (row.reading or ONLY_READING, sdmx_period(row.time_period))
        assert (line["OBS_VALUE"] == "") == is_nothing(row.obs_value)
        if is_nothing(row.obs_value):
            assert line["OBS_STATUS"] in {"O", "M", "Q"}
        else:
            assert float(line["OBS_VALUE"]) == row.obs_value
            assert line["OBS_STATUS"] == row.obs_status
        assert line["UNIT_MEASURE"] == indicators.at[row.indicator, "unit"]
        assert (line["NOTE_FR"], line["NOTE_EN"]) == (row.note_fr, row.note_en)


def test_the_map_file_is_the_rows_with_their_place(taken: Taken) -> None:
    if "data.geojson" not in taken.files:
        with pytest.raises(NoGeometryError, match="take them as a table"):
            geojson(taken.view, taken.frame)
        return
    collection = json.loads(taken.files["data.geojson"])
    assert collection["type"] == "FeatureCollection"
    assert "crs" not in collection
    assert len(collection["features"]) == len(taken.frame)
    areas = taken.view.areas
    for feature, row in zip(collection["features"], taken.frame.to_dict("records"), strict=True):
        said = dict(feature["properties"])
        boundary = said.pop("boundary")
        assert said == {name: None if value is None or value != value else value for name, value in row.items()}
        if feature["geometry"] is None:
            assert boundary is None
            continue
        drawn = shape(feature["geometry"])
        assert drawn.is_valid
        if "longitude" in row:
            assert (drawn.x, drawn.y) == pytest.approx((row["longitude"], row["latitude"]), abs=1e-7)
            continue
        code = row.get("ref_area") or row["district"]
        assert boundary == areas.at[code, "boundary"]
        assert shapely.equals_exact(drawn.normalize(), shapely.from_wkb(areas.at[code, "geometry"]).normalize(), 1e-7)
        outlines = [one for one in getattr(drawn, "geoms", [drawn]) if one.geom_type == "Polygon"]
        assert outlines or boundary == "none"  # of an IRIS only the middle is known
        assert all(one.exterior.is_ccw for one in outlines)
        assert not any(ring.is_ccw for one in outlines for ring in one.interiors)


def test_the_descriptor_is_true_of_every_file(taken: Taken) -> None:
    manifest = json.loads(taken.files["datapackage.json"])
    assert manifest["profile"] == "data-package"
    assert (manifest["title"], manifest["version"], manifest["homepage"]) == (
        taken.title, taken.view.release.release_id, LINK)  # fmt: skip
    paths = {resource["path"] for resource in manifest["resources"]}
    assert paths == set(taken.files) - {"datapackage.json", "README.txt"}
    for resource in manifest["resources"]:
        content = taken.files[resource["path"]]
        assert resource["bytes"] == len(content)
        assert resource["hash"] == f"sha256:{sha256(content).hexdigest()}"
        if resource["path"].endswith(".csv"):
            first = content.decode("utf-8-sig").splitlines()[0].split(",")
            assert [one["name"] for one in resource["schema"]["fields"]] == first
    data = next(one for one in manifest["resources"] if one["path"] == "data.csv")
    assert data["rows"] == len(taken.frame)
    types = {one["name"]: one["type"] for one in data["schema"]["fields"]}
    assert all(types[name] in {"number", "integer"} for name in taken.frame.select_dtypes("number"))
    if is_observations(taken.frame):
        assert data["schema"]["primaryKey"] == list(TABLES["observations"].key)
    named = {source["name"]: source for source in manifest.get("sources", [])}
    assert set(named) == set(sources_of(taken.view, taken.frame)["source"])
    assert all(one["licence"] in {licence["title"] for licence in manifest["licenses"]} for one in named.values())


def test_the_text_says_what_there_is_and_how_to_read_it(taken: Taken) -> None:
    text = taken.files["README.txt"].decode("utf-8-sig")
    assert text.startswith(taken.title)
    assert {taken.view.release.release_id, LINK} <= {word for line in text.splitlines() for word in line.split()}
    assert message("takeaway.apostrophe", taken.language) in text
    assert all(name in text for name in taken.files if name != "README.txt")
    for name in taken.frame.columns:
        assert f"{name}" in text
        assert column_words(name, taken.language) in text
    for row in rows_of(sources_of(taken.view, taken.frame)):
        assert getattr(row, f"title_{taken.language}") in text
        assert row.licence in text
    left_out = [message(f"takeaway.{reason}", taken.language) for reason, name in
                (("no_sdmx", "data.sdmx.csv"), ("no_geometry", "data.geojson")) if name not in taken.files]  # fmt: skip
    assert all(words in text for words in left_out)


def test_the_same_rows_give_the_same_bytes(taken: Taken) -> None:
    assert taken.made("zip") == taken.archive


def test_what_is_offered_can_be_had(taken: Taken) -> None:
    offered = exports.kinds_of(taken.view, taken.case.name, taken.parameters)
    assert {"csv", "parquet", "zip"} <= set(offered)
    assert ("sdmx.csv" in offered) == is_observations(taken.frame)
    if len(taken.frame) and "geojson" in offered:
        assert "data.geojson" in taken.files
    if taken.case.name != "manques":
        assert taken.made("xlsx") == taken.files["data.xlsx"]


def test_every_export_has_a_title_of_its_own(city: View, release: Release) -> None:
    for language in LANGUAGES:
        view = the_view(release, city.commune, WHOLE_CITY, language, "light", TODAY)
        titles = [exports.title_of(view, name, PARAMETERS.get(name, ({},))[0]) for name in exports.names()]
        assert len(set(titles)) == len(titles)
        assert all(titles)
