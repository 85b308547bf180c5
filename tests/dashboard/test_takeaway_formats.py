"""Each format of data to take away, with rows made for it: signs that run, five states, places, periods, numbers."""

import io
import json
from pathlib import Path

import pandas as pd
import pytest
import shapely
from shapely.geometry import shape

from dashboard import exports
from dashboard.content.pieces import Column, Heading, Table
from dashboard.figures import indicators
from dashboard.messages import LANGUAGES, message
from dashboard.spreadsheet import LONGEST_NAME, Book, Cell, Group, cell_of, would_run
from dashboard.takeaway import workbook as workbooks
from dashboard.takeaway.archive import archive
from dashboard.takeaway.geographic import NoGeometryError, geojson
from dashboard.takeaway.holding import NotObservationsError
from dashboard.takeaway.links import links
from dashboard.takeaway.plain import csv_bytes, parquet_bytes
from dashboard.takeaway.reading import number_cell
from dashboard.takeaway.sdmx import COMPONENTS, sdmx_csv, sdmx_period, structure_csv
from dashboard.takeaway.tables import tables_of
from dashboard.takeaway.workbook import TooLongError, workbook
from dashboard.view import View, the_view
from data.release import Release, current_id, open_release
from etl.publish import publish
from tests.dashboard.conftest import TODAY
from tests.dashboard.taking import book_of, opened, records, sheet_of, shown

NO_BREAK = "\u00a0"
ODD = ('=HYPERLINK("https://x.example")', "+33 1 23", "-1+2", "@SUM(A1)", "\t=1", "\r=1")
PLAIN = ("-500", "+3,5", "−12", "a=b", "", "'quoted", "L’Îlot\nà deux lignes", '"cité"')


@pytest.fixture(params=LANGUAGES)
def view(request: pytest.FixtureRequest, release: Release) -> View:
    return the_view(release, "94041", "ville", request.param, "light", TODAY)


@pytest.fixture
def observed(city: View) -> pd.DataFrame:
    """Return five observations: a value, zero, a missing one, one that cannot exist, one that is withheld."""
    rows = city.release.table("observations")
    found = rows[(rows["ref_area"] == "94041") & (rows["indicator"] == "dwellings_authorised")].head(5)
    frame = found.reset_index(drop=True).copy()
    frame["obs_value"] = [-12.0, 0.0, float("nan"), float("nan"), float("nan")]
    frame["obs_status"] = ["A", "A", "O", "M", "O"]
    frame["conf_status"] = ["F", "F", "F", "F", "C"]
    return frame


def test_the_csv_has_an_apostrophe_before_what_would_run_and_before_nothing_else() -> None:
    words = [*ODD, *PLAIN]
    frame = pd.DataFrame({"words": words, "value": [-1.5] * len(words), "is": [True] * len(words)})
    content = csv_bytes(frame)
    lines = records(content)
    assert [line["words"] for line in lines] == [f"'{odd}" for odd in ODD] + list(PLAIN)
    assert {(line["value"], line["is"]) for line in lines} == {("-1.5", "True")}
    assert content == csv_bytes(frame)
    pd.testing.assert_frame_equal(pd.read_parquet(io.BytesIO(parquet_bytes(frame))), frame, check_dtype=False)


def test_nothing_a_source_says_runs_in_a_workbook(view: View) -> None:
    words = [*ODD, *PLAIN]
    frame = pd.DataFrame({"name": words, "value": [-2.5] * len(words)})
    heading = Heading(0, "+group", "", "")
    table = Table("=1+1", (Column("a", "@a"),), tuple((odd,) for odd in ODD), note="=2", headings=(heading,),
                  notes=tuple("=note" for _ in ODD))  # fmt: skip
    book = book_of(workbook(view, frame, "=title", (table,), "/x"))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert "f" not in {cell.data_type for cell in cells}
    assert all(bool(cell.quotePrefix) == would_run(_read(cell.value)) for cell in cells if cell.data_type == "s")
    assert sum(bool(cell.quotePrefix) for cell in cells) > 3 * len(ODD)
    rows = list(sheet_of(book, "sheet_rows", view.language).iter_rows(min_row=2, values_only=True))
    assert [_read(str(row[0] or "")) for row in rows] == words
    assert {row[1] for row in rows} == {-2.5}


def _read(words: str) -> str:
    """Return what a spreadsheet reads of a cell: the format writes a carriage return as a code of its own."""
    return words.replace("_x000D_", "\r")


def test_five_states_stay_five_things_in_every_format(view: View, observed: pd.DataFrame) -> None:
    language = view.language
    files = opened(archive(view, observed, "essai", "Essai", (), "/x"))
    rows = list(sheet_of(book_of(files["data.xlsx"]), "sheet_values", language).iter_rows(min_row=2))
    secret = message("state.secret", language)
    missing, absent = message("state.O", language), message("state.M", language)
    assert [row[4].value for row in rows] == [-12, 0, missing, absent, secret]
    assert [row[4].data_type for row in rows] == ["n", "n", "s", "s", "s"]
    assert [row[9].value for row in rows] == [message("state.A", language)] * 2 + [missing, absent, secret]
    raw = list(sheet_of(book_of(files["data.xlsx"]), "sheet_rows", language).iter_rows(min_row=2, values_only=True))
    place = list(observed.columns).index("obs_value")
    assert [row[place] for row in raw] == [-12, 0, None, None, None]
    lines = records(files["data.csv"])
    states = [("-12.0", "A", "F"), ("0.0", "A", "F"), ("", "O", "F"), ("", "M", "F"), ("", "O", "C")]
    assert [(line["obs_value"], line["obs_status"], line["conf_status"]) for line in lines] == states
    flat = [(line["OBS_VALUE"], line["OBS_STATUS"], line["CONF_STATUS"]) for line in records(files["data.sdmx.csv"])]
    assert flat == [("-12", "A", "F"), ("0", "A", "F"), ("", "O", "F"), ("", "M", "F"), ("", "Q", "C")]
    drawn = [one["properties"] for one in json.loads(files["data.geojson"])["features"]]
    assert [one["obs_value"] for one in drawn] == [-12, 0, None, None, None]
    assert [one["conf_status"] for one in drawn] == ["F"] * 4 + ["C"]


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("2021", "2021"),
        ("2025-05", "2025-05"),
        ("2024-01-01", "2024-01-01"),
        ("2020/2025", "2020-01-01/P6Y"),
        ("2023-11/2024-02", "2023-11-01/P4M"),
        ("2026-03-09/2026-03-15", "2026-03-09/P7D"),
        ("2024-02-28/2024-03-01", "2024-02-28/P3D"),
        ("2020/2021-06", "2020-01-01/P547D"),
    ],
)
def test_a_range_is_its_start_and_duration(written: str, wanted: str) -> None:
    assert sdmx_period(written) == wanted


def test_what_sdmx_holds_is_told_component_by_component(view: View, observed: pd.DataFrame) -> None:
    head = sdmx_csv(view, observed).decode().splitlines()[0].split(",")
    told = records(structure_csv(view.language))
    assert [line["component"] for line in told] == [one.name for one in COMPONENTS] == head[3:]
    assert all(line["meaning"] for line in told)
    assert {line["column"] for line in told} - {"", "unit", "decimals"} == set(observed.columns)
    with pytest.raises(NotObservationsError):
        sdmx_csv(view, observed.drop(columns="obs_status"))


def _placed(**columns: list[object]) -> pd.DataFrame:
    return pd.DataFrame({"place_id": ["a", "b"], "ref_area": ["94041", "94041"], **columns})


def test_a_place_is_drawn_where_a_source_says_or_nowhere(view: View) -> None:
    frame = _placed(longitude=[2.385, None], latitude=[48.815, None])
    first, second = json.loads(geojson(view, frame))["features"]
    assert first["geometry"] == {"type": "Point", "coordinates": [2.385, 48.815]}
    assert second["geometry"] is None
    assert second["properties"] == {"place_id": "b", "ref_area": "94041", "longitude": None, "latitude": None,
                                    "boundary": None}  # fmt: skip
    with pytest.raises(NoGeometryError):
        geojson(view, _placed(longitude=[None, None], latitude=[None, None]))


def test_an_operation_is_never_drawn_as_the_area_it_is_in(view: View) -> None:
    operations = exports.export(view, "manques", {})
    assert operations["ref_area"].isin(view.areas.index[view.areas["geometry"].notna()]).any()
    with pytest.raises(NoGeometryError):
        geojson(view, operations)


def test_outlines_are_wound_as_the_format_wants_whatever_the_release_has(view: View, release: Release) -> None:
    ring, hole = [(2, 48), (2, 49), (3, 49), (3, 48)], [(2.2, 48.2), (2.4, 48.2), (2.4, 48.4), (2.2, 48.4)]
    wound = shapely.Polygon(ring, [hole])
    assert not wound.exterior.is_ccw
    areas = release.table("territories").copy()
    areas.loc[areas["ref_area"] == "94041", "geometry"] = shapely.to_wkb(wound)
    other = Release("a" * 16, "", {**release.tables, "territories": areas})
    mine = the_view(other, "94041", "ville", view.language, "light", TODAY)
    frame = pd.DataFrame({"ref_area": ["94041", "nowhere"], "value": [1, 2]})
    first, second = json.loads(geojson(mine, frame))["features"]
    drawn = shape(first["geometry"])
    assert drawn.exterior.is_ccw
    assert not drawn.interiors[0].is_ccw
    assert drawn.area == pytest.approx(wound.area)
    assert (first["properties"]["boundary"], second["geometry"]) == ("sketch", None)


@pytest.mark.parametrize(
    ("words", "numeric", "cell"),
    [
        ("12,128", True, Cell(12128.0, "#,##0")),
        ("44.2%", True, Cell(44.2, '#,##0.0"%"')),
        ("44.2%", False, Cell(44.2, '#,##0.0"%"')),
        ("−3.1", True, Cell(-3.1, "#,##0.0")),
        ("+10", True, Cell(10.0, '"+"#,##0')),
        (f"1,299{NO_BREAK}homes", False, Cell(1299.0, f'#,##0"{NO_BREAK}homes"')),
        ("€700,000", False, Cell(700000.0, '"€"#,##0')),
        ("−€5", True, Cell(-5.0, '"€"#,##0')),
        (f"29{NO_BREAK}staff per 1,000 inhabitants", False,
         Cell(29.0, f'#,##0"{NO_BREAK}staff per 1,000 inhabitants"')),
        ("2023", True, Cell(2023.0, "0")),
        # French signs are none in English; dates, hours and numbers among words stay words
        ("12\u202f128", True, Cell("12\u202f128")),
        ("44,2", True, Cell("44,2")),
        ("12,1", True, Cell("12,1")),
        ("1 January 2024", True, Cell("1 January 2024")),
        ("12 October 2017", False, Cell("12 October 2017")),
        ("119 of 149", True, Cell("119 of 149")),
        ("1,430 to 2,000", True, Cell("1,430 to 2,000")),
        ("more than 10 ha", True, Cell("more than 10 ha")),
        ("2024", False, Cell("2024")),
    ],
)  # fmt: skip
def test_english_numbers_are_numbers(words: str, numeric: bool, cell: Cell) -> None:
    assert cell_of(words, numeric, "en") == cell
    if isinstance(cell.value, float):
        assert shown(cell.value, cell.format, "en") == words


@pytest.mark.parametrize(
    "words", ["12 octobre 2017", "5 h 30", "119 sur 149", f"1{NO_BREAK}h{NO_BREAK}12 le lendemain"]
)
def test_dates_and_hours_are_no_numbers_in_french_either(words: str) -> None:
    assert cell_of(words, True, "fr") == Cell(words)
    assert cell_of(words, False, "fr") == Cell(words)


def test_a_number_is_rounded_as_pages_do(city: View) -> None:
    whole = indicators(city.release)["dwellings"]
    assert number_cell(12.4, whole, "fr").value == 12.4
    # Pages round a half to the even neighbour, spreadsheets away from zero: then the number itself is what pages show.
    assert number_cell(12.5, whole, "fr").value == 12.0
    assert number_cell(13.5, whole, "fr").value == 13.5
    below = number_cell(-500.0, whole, "fr", "about")
    assert shown(below.value, below.format, "fr") == f"environ −500{NO_BREAK}logements"


def test_too_many_rows_are_refused_and_said(
    view: View, observed: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbooks, "MOST_ROWS", 5)
    with pytest.raises(TooLongError, match="5 rows"):
        workbook(view, observed, "Essai")
    files = opened(archive(view, observed, "essai", "Essai"))
    assert "data.xlsx" not in files
    assert message("takeaway.too_long", view.language) in files["README.txt"].decode("utf-8-sig")


def test_sheets_of_one_name_are_told_apart() -> None:
    book = Book("T", "", "A", TODAY)
    names = [book.sheet("x" * 40).get_name() for _ in range(3)] + [book.sheet("A / B: [c]").get_name()]
    assert names == ["x" * 31, "x" * 29 + " 2", "x" * 29 + " 3", "A B c"]
    assert all(len(name) <= LONGEST_NAME for name in names)
    book.content()


def test_groups_stand_in_a_column_of_their_own() -> None:
    book = Book("T", "", "A", TODAY)
    columns = (Column("a", "A"), Column("b", "B", numeric=True))
    groups = (Group("first", (("x", "1,5"),)), Group("", (("y", "2"),)))
    book.table(book.sheet("S"), "Title", ("above",), columns, groups, "fr", "Group")
    rows = [[cell.value for cell in row] for row in book_of(book.content())["S"].iter_rows()]
    assert rows[4:] == [["Group", "A", "B"], ["first", "x", 1.5], [None, "y", 2]]


@pytest.fixture(scope="module")
def changed(own_copy: Path) -> View:
    return the_view(open_release(own_copy, current_id(own_copy)), "94041", "ville", "en", "light", TODAY)


@pytest.fixture(scope="module")
def own_copy(releases: Path, tables: dict[str, pd.DataFrame], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with two releases: in the second a number is another, and a remark begins like a formula."""
    place = tmp_path_factory.mktemp("taken") / "releases"
    publish(tables, place)
    rows = tables["observations"].copy()
    rows.loc[rows["figure_id"] == "ivry-bike-stands", ["obs_value", "note_en"]] = [-723.0, "=1+1"]
    publish({**tables, "observations": rows}, place, because="a test")
    return place


@pytest.fixture
def among_these(own_copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OBSERVATORY_RELEASES", str(own_copy))


def test_what_changed_can_be_taken_away(changed: View, among_these: None) -> None:
    frame = exports.export(changed, "changements", {})
    assert "=1+1" in set(frame["new"])
    title, tables = exports.title_of(changed, "changements", {}), tables_of(changed, "changements", {})
    files = opened(archive(changed, frame, "changements", title, tables))
    lines = records(files["data.csv"])
    assert {line["new"] for line in lines} >= {"'=1+1", "-723.0"} or {line["new"] for line in lines} >= {
        "'=1+1",
        "-723",
    }
    book = book_of(files["data.xlsx"])
    assert book[book.sheetnames[0]]["A1"].value == tables[0].title
    known = {row[0] for row in sheet_of(book, "sheet_sources", "en").iter_rows(min_row=2, values_only=True)}
    assert known == {"municipal-record-ivry-2025"}


def test_links_lead_to_every_format_in_the_readers_language(view: View) -> None:
    found = links(view, "series", {"theme": "housing"})
    assert [link.address.partition("?")[0] for link in found] == [
        f"telecharger/series.{kind}" for kind in ("xlsx", "csv", "parquet", "sdmx.csv", "geojson", "zip")
    ]
    end = "&langue=en" if view.language == "en" else ""
    asked = f"theme=housing&version={view.release.release_id}{end}"
    assert {link.address.partition("?")[2] for link in found} == {asked}
    assert len({link.words for link in found}) == len(found)


def test_a_form_comes_before_the_table_it_asks_about(city: View) -> None:
    kinds = {name: [link.address.partition("?")[0].rpartition("/")[2] for link in links(city, name, {}, with_form=True)]
             for name in ("manques", "engagements")}  # fmt: skip
    assert kinds["manques"] == ["manques.xlsx", "manques.csv", "manques.parquet", "manques.zip"]
    assert kinds["engagements"][:2] == ["fiche-engagements.xlsx", "engagements.xlsx"]
