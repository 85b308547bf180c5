"""The gap sheet: one row per gap, nothing asked that is known, typed cells and lists, the same bytes every time."""

import re
import tomllib
from collections.abc import Iterator
from datetime import date
from io import BytesIO

import pandas as pd
import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from data.errors import UnknownAreaError
from data.gap_sheet.layout import FIRST_ROW, HEADING_ROW, NAME_ROW, PROVENANCE, TABS, Tab
from data.gap_sheet.words import number_words, say, seal
from data.gap_sheet.writer import gap_sheet, gap_sheet_of
from data.release import Release
from data.rules.gaps import gaps_of
from data.settings import CATALOGUE

BLUE, WHITE = "FFD8EAFE", "FFFFFFFF"


@pytest.fixture(scope="module")
def book(release: Release) -> Workbook:
    return load_workbook(BytesIO(gap_sheet_of(release, "94041").content))


def _sheet(book: Workbook, name: str) -> Worksheet:
    return book[say(f"sheet.{name}.title")]


def _rows(book: Workbook, tab: Tab) -> Iterator[dict[str, object]]:
    """Yield the rows of a tab: its cells by column, and the columns in blue under `asked`."""
    for cells in _sheet(book, tab.name).iter_rows(min_row=FIRST_ROW):
        by_name = dict(zip([column.name for column in tab.columns], cells, strict=True))
        asked = {column.name for column in tab.values if by_name[column.name].fill.fgColor.rgb == BLUE}
        yield {name: cell.value for name, cell in by_name.items()} | {"asked": asked}


def _gaps(release: Release) -> pd.DataFrame:
    programmes = release.table("programmes")
    mine = (programmes["commune"] == "94041") & (programmes["status"] != "proposed")
    return gaps_of(release.tables)[mine].set_index(programmes.loc[mine, "programme_id"])


def _tab(name: str) -> Tab:
    return next(tab for tab in TABS if tab.name == name)


def test_one_row_for_each_operation_that_misses_a_fact(book: Workbook, release: Release) -> None:
    gaps = _gaps(release)
    kinds = release.table("programmes").set_index("programme_id")["kind"]
    measured = {
        "housing": ({"housing_programme"}, ["size", "delivered", "tenure"]),
        "surfaces": ({"green_space"}, ["area", "delivered"]),
        "networks": ({"cycle_route", "energy"}, ["size", "delivered"]),
    }
    wanted = {"dates": list(gaps.index[gaps["date"]]), "positions": list(gaps.index[gaps["position"]])}
    for name, (expected, facts) in measured.items():
        wanted[name] = [one for one in gaps.index if kinds[one] in expected and gaps.loc[one, facts].any()]
    for name, programmes in wanted.items():
        listed = [row["programme_id"] for row in _rows(book, _tab(name))]
        assert sorted(map(str, listed)) == sorted(programmes), name
    assert {name: len(programmes) for name, programmes in wanted.items()} == {
        "dates": 76,
        "housing": 9,
        "surfaces": 20,
        "networks": 3,
        "positions": 64,
    }


def test_nothing_is_asked_that_is_known_and_all_that_is_missing_is(book: Workbook, release: Release) -> None:
    gaps, asked = _gaps(release), set()
    for tab in TABS:
        for row in _rows(book, tab):
            if tab.name in {"dates_known", "other_dates"}:
                continue
            asked |= {(str(row["programme_id"]), tab.column(name).fact) for name in row["asked"]}  # type: ignore[attr-defined]
    missing = {(str(programme), str(fact)) for (programme, fact), is_gap in gaps.stack().items() if is_gap}
    assert asked == missing


def test_what_is_known_is_said_and_may_be_corrected(book: Workbook) -> None:
    rows = {row["programme_id"]: row for row in _rows(book, _tab("housing"))}
    agrocite = rows["ivry-agrocite-gagarine-truillot"]
    assert agrocite["known"] == "1\u202f430 logements\u00a0; 30\u00a0% de logements sociaux"
    assert agrocite["asked"] == {"dwellings_delivered"}
    assert agrocite["dwellings_total"] is None
    assert rows["ivry-lbms-mixed"]["known"] == "124 ou 372 logements, selon la lecture du texte"
    sheet = _sheet(book, "housing")
    total = _tab("housing").index("dwellings_total") + 1
    place = next(cell.row for cell in sheet["A"] if cell.value == "ivry-agrocite-gagarine-truillot")
    assert sheet.cell(place, total).fill.fgColor.rgb == WHITE
    assert not sheet.cell(place, total).protection.locked


def test_promised_dates_wait_for_confirmation(book: Workbook) -> None:
    rows = {row["programme_id"]: row for row in _rows(book, _tab("dates_known"))}
    tzen = rows["ivry-tzen-5"]
    assert (tzen["promise"], tzen["known_phase"], tzen["known_date"]) == (
        "commissioning=2027",
        "mise en service",
        "2027",
    )
    # What has happened, what is counted from a date and what is valid for a time is no promise.
    assert not {"ivry-college-gisele-halimi", "ivry-plan-velo", "ivry-territoire-nature"} & set(rows)


def test_every_column_to_fill_takes_only_what_it_should(book: Workbook) -> None:
    kinds = {"whole": "whole", "decimal": "decimal", "date": "date", "text": "textLength", "choice": "list"}
    for tab in TABS:
        sheet = _sheet(book, tab.name)
        rules = {str(rule.sqref).split(":")[0]: rule for rule in sheet.data_validations.dataValidation}
        for index, column in enumerate(tab.columns):
            cell = sheet.cell(FIRST_ROW, index + 1)
            if not column.is_question:
                assert cell.protection.locked
                assert cell.coordinate not in rules
                continue
            rule = rules[cell.coordinate]
            assert rule.type == kinds[column.kind], column.name
            assert str(rule.sqref).endswith(str(sheet.max_row))
            assert rule.showErrorMessage
            assert rule.error


def test_lists_hold_french_words_and_numbers_their_bounds(book: Workbook) -> None:
    rules = {str(rule.sqref).split(":")[0]: rule for rule in _sheet(book, "dates").data_validations.dataValidation}
    phases = '"étude,décision,travaux,première ouverture,ouverture,mise en service"'
    assert [rules[cell].formula1 for cell in ("G5", "H5")] == [phases, '"prévue,réalisée"']
    assert (rules["I5"].formula1, rules["I5"].formula2) == ("1980", "2100")
    assert rules["L5"].formula2 == "TODAY()"
    lists = {
        str(rule.sqref).split(":")[0]: rule for rule in _sheet(book, "other_dates").data_validations.dataValidation
    }
    assert lists["C5"].formula1 == "modele!$D$1:$D$101"


def test_positions_lie_around_the_commune(book: Workbook) -> None:
    rules = {str(rule.sqref).split(":")[0]: rule for rule in _sheet(book, "positions").data_validations.dataValidation}
    west, east, south, north = (
        float(getattr(rules[cell], end)) for cell in ("G5", "H5") for end in ("formula1", "formula2")
    )
    # The town hall of Ivry, and Notre-Dame within 15 km; Versailles is further.
    assert west < 2.3849 < east
    assert south < 48.8131 < north
    assert west < 2.3499 < east
    assert south < 48.8530 < north
    assert west > 2.1204


def test_sheets_are_locked_framed_and_made_for_paper(book: Workbook) -> None:
    for tab in TABS:
        sheet = _sheet(book, tab.name)
        first = next(column.name for column in tab.columns if column.kind != "hidden")
        assert sheet.protection.sheet
        assert not sheet.protection.password
        assert sheet.freeze_panes == sheet.cell(HEADING_ROW + 1, tab.index(first) + 2).coordinate
        assert sheet.auto_filter.ref.endswith(str(sheet.max_row))
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.page_setup.fitToHeight == 0
        assert sheet.print_title_rows == f"$3:${HEADING_ROW}"
        assert sheet.row_dimensions[NAME_ROW].hidden
        hidden = {column.name for column in tab.columns if column.kind == "hidden"}
        assert hidden >= {"programme_id", "control"}
        assert [cell.value for cell in sheet[NAME_ROW]] == [column.name for column in tab.columns]


def test_rows_are_high_enough_for_their_texts(book: Workbook) -> None:
    for tab in TABS:
        sheet = _sheet(book, tab.name)
        for cells in sheet.iter_rows(min_row=FIRST_ROW):
            for cell, column in zip(cells, tab.columns, strict=True):
                if column.kind == "fixed":
                    lines = len(str(cell.value or "")) / (column.width * 1.3)
                    assert sheet.row_dimensions[cell.row].height >= 12 * lines, cell.coordinate


def test_the_sheet_says_what_it_is_and_repeats_to_the_byte(book: Workbook, release: Release) -> None:
    stamp = {row[0].value: row[1].value for row in book["modele"].iter_rows(max_row=5)}
    assert book["modele"].sheet_state == "hidden"
    assert (stamp["commune"], stamp["release"], stamp["template_version"]) == ("94041", release.release_id, "1")
    first, second = (gap_sheet(release.tables, "94041", release.release_id, date(2026, 3, 1)) for _ in range(2))
    assert first.content == second.content
    assert first.content != gap_sheet(release.tables, "94041", release.release_id, date(2026, 3, 2)).content
    assert (first.rows, first.facts) == (183, 194)


def test_proposals_of_a_party_are_not_asked_about(book: Workbook, release: Release) -> None:
    programmes = release.table("programmes")
    proposed = set(programmes.loc[programmes["status"] == "proposed", "programme_id"])
    assert len(proposed) == 38
    assert not proposed & {row["programme_id"] for tab in TABS for row in _rows(book, tab)}


def test_a_commune_gets_only_the_tabs_it_has_gaps_for(release: Release) -> None:
    book = load_workbook(BytesIO(gap_sheet_of(release, "26362").content))
    assert "Longueurs et réseaux" not in book.sheetnames
    assert book["modele"]["B5"].value.split()[0] == "dates"


def test_a_commune_without_operations_is_refused_by_name(release: Release) -> None:
    with pytest.raises(UnknownAreaError, match="75056"):
        gap_sheet_of(release, "75056")


def test_a_seal_follows_every_text() -> None:
    before = seal(["ivry-tzen-5", "T Zen 5", ""]).split(";")
    after = seal(["ivry-tzen-5", "T Zen 6", ""]).split(";")
    assert [one == other for one, other in zip(before, after, strict=True)] == [True, False, True]


def test_words_are_french_and_all_used(book: Workbook) -> None:
    tree = tomllib.loads((CATALOGUE / "gap_sheet.toml").read_text(encoding="utf-8"))
    texts = [text for table in tree.values() if isinstance(table, dict) for text in _leaves(table)]
    for text in texts:
        assert "'" not in text, text
        assert not re.search(r"(?<!https) [:;?!»%]|« ", text), text
    columns = {column.name for tab in TABS for column in tab.columns} | {column.name for column in PROVENANCE}
    assert set(tree["column"]) == columns
    assert set(tree["sheet"]) == {tab.name for tab in TABS} | {"guide"}
    guide = "\n".join(str(cell.value) for row in book["Mode d’emploi"].iter_rows() for cell in row if cell.value)
    for key, text in tree["guide"].items():
        assert re.search(re.sub(r"\\\{\w+\\\}", ".*", re.escape(text)), guide), key


def _leaves(tree: dict[str, object]) -> Iterator[str]:
    for value in tree.values():
        if isinstance(value, dict):
            yield from _leaves(value)
        else:
            yield str(value)


def test_numbers_are_written_as_french_does() -> None:
    assert [number_words(value) for value in (12128.0, 2.5, 0.0)] == ["12\u202f128", "2,5", "0"]
