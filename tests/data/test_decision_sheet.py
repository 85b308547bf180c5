"""The decision sheet: every known decision once and closed, blank rows below, typed cells, the same bytes."""

import re
import tomllib
from collections.abc import Iterator
from datetime import date
from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from data.decision_sheet.layout import ADDED, DECISIONS, FREE_AMOUNTS, FREE_DECISIONS, TABS
from data.decision_sheet.writer import decision_sheet, decision_sheet_of
from data.errors import UnknownAreaError
from data.gap_sheet.layout import FIRST_ROW, NAME_ROW, PROVENANCE, Tab
from data.gap_sheet.words import say
from data.release import Release
from data.settings import CATALOGUE

BLUE, WHITE, GREY = "FFD8EAFE", "FFFFFFFF", "FFF7F6F3"


@pytest.fixture(scope="module")
def book(release: Release) -> Workbook:
    return load_workbook(BytesIO(decision_sheet_of(release, "94041")))


def _sheet(book: Workbook, tab: Tab) -> Worksheet:
    return book[say(f"sheet.{tab.name}.title")]


def _colours(book: Workbook, row: int) -> dict[str, str]:
    """Return the colour of each cell of the tab of decisions in a row, by column."""
    cells = _sheet(book, DECISIONS)[row]
    return {column.name: cell.fill.fgColor.rgb for column, cell in zip(DECISIONS.columns, cells, strict=True)}


def _row_of(book: Workbook, commitment: str) -> int:
    return next(cell.row for cell in _sheet(book, DECISIONS)["A"] if cell.value == commitment)


def test_every_commitment_is_listed_once_and_blank_rows_follow(book: Workbook, release: Release) -> None:
    rows = release.table("commitments")
    mine = rows[rows["commune"] == "94041"]
    sheet = _sheet(book, DECISIONS)
    listed = [(cells[0].value, cells[2].value) for cells in sheet.iter_rows(min_row=FIRST_ROW) if cells[0].value]
    assert listed == list(zip(mine["commitment_id"], mine["label_fr"], strict=True))
    assert len(listed) == 15
    assert sheet.max_row == FIRST_ROW - 1 + len(listed) + FREE_DECISIONS
    assert _sheet(book, TABS[1]).max_row == FIRST_ROW - 1 + FREE_AMOUNTS


def test_a_known_decision_is_closed_but_for_what_the_city_adds(book: Workbook) -> None:
    for row in range(FIRST_ROW, FIRST_ROW + 15):
        cells = dict(zip([column.name for column in DECISIONS.columns], _sheet(book, DECISIONS)[row], strict=True))
        open_cells = {name for name, cell in cells.items() if not cell.protection.locked}
        sourced = {"as_of", "reference", "reference_page"}
        assert open_cells <= set(ADDED) | sourced
        assert {"edition", "stated_status", "deadline_year", *sourced} <= open_cells
        assert all(cells[name].value for name in ("decision", "decision_theme", "decision_place", "said"))


def test_nothing_is_asked_that_is_known(book: Workbook) -> None:
    # The record names who carries one of them.
    colours = _colours(book, _row_of(book, "ivry-waste-unit-dropped"))
    assert (colours["carrier"], colours["edition"]) == (GREY, BLUE)
    assert _colours(book, _row_of(book, "ivry-cycle-plan"))["carrier"] == BLUE
    known = _sheet(book, DECISIONS).cell(_row_of(book, "ivry-waste-unit-dropped"), DECISIONS.index("known") + 1)
    assert str(known.value).startswith("portée par Syctom\u00a0; opérations et actions suivies\u00a0: Unité de")


def test_what_the_city_said_before_is_told_and_may_change(release: Release) -> None:
    commitments = release.table("commitments").copy()
    place = commitments.index[commitments["commitment_id"] == "ivry-swales"][0]
    told = {"edition": "2021", "deadline": "2027-06", "stated_status": "under_way"}
    commitments.loc[place, list(told)] = list(told.values())
    content = decision_sheet({**release.tables, "commitments": commitments}, "94041", "release", date(2026, 3, 1))
    book = load_workbook(BytesIO(content))
    row = _row_of(book, "ivry-swales")
    known = str(_sheet(book, DECISIONS).cell(row, DECISIONS.index("known") + 1).value)
    assert known.startswith(
        "édition 2021\u00a0; échéance\u00a0: juin 2027\u00a0; état selon la Ville\u00a0: en cours\u00a0; "
    )
    colours = _colours(book, row)
    assert [colours[name] for name in ("edition", "deadline_year", "stated_status")] == [GREY, WHITE, WHITE]


def test_a_blank_row_asks_for_all_and_nothing_in_it_is_closed(book: Workbook) -> None:
    row = FIRST_ROW + 15
    for column, cell in zip(DECISIONS.columns, _sheet(book, DECISIONS)[row], strict=True):
        assert cell.protection.locked != column.is_question, column.name
    assert {name for name, colour in _colours(book, row).items() if colour == BLUE} == {
        column.name for column in DECISIONS.values
    }


def test_every_column_to_fill_takes_only_what_it_should(book: Workbook) -> None:
    kinds = {"whole": "whole", "decimal": "decimal", "date": "date", "text": "textLength", "choice": "list"}
    for tab in TABS:
        sheet = _sheet(book, tab)
        rules = {str(rule.sqref).split(":")[0]: rule for rule in sheet.data_validations.dataValidation}
        for index, column in enumerate(tab.columns):
            cell = sheet.cell(FIRST_ROW, index + 1)
            assert (cell.coordinate in rules) == column.is_question, column.name
            if column.is_question:
                assert rules[cell.coordinate].type == kinds[column.kind], column.name
                assert str(rules[cell.coordinate].sqref).endswith(str(sheet.max_row))


def test_lists_hold_the_words_of_the_commune(book: Workbook, release: Release) -> None:
    rules = {str(r.sqref).split(":")[0]: r for r in _sheet(book, DECISIONS).data_validations.dataValidation}
    assert rules["M5"].formula1 == '"réalisé,en cours,prévu,abandonné"'
    listed = {}
    for cell in ("D5", "E5", "N5"):
        first, last = rules[cell].formula1.removeprefix("modele!").split(":")
        listed[cell] = [row[0].value for row in book["modele"][f"{first}:{last}".replace("$", "")]]
    assert "Cadre de vie" in listed["D5"]
    assert listed["E5"][:3] == ["toute la commune", "Centre-ville", "Ivry-Port"]
    programmes = release.table("programmes")
    mine = programmes[(programmes["commune"] == "94041") & (programmes["status"] != "proposed")]
    assert listed["N5"] == sorted(set(mine["name"]))


def test_an_amount_is_of_a_decision_of_the_first_tab_known_or_new(book: Workbook) -> None:
    rules = {str(r.sqref).split(":")[0]: r for r in _sheet(book, TABS[1]).data_validations.dataValidation}
    assert rules["A5"].formula1 == f"Décisions!$C$5:$C${_sheet(book, DECISIONS).max_row}"
    assert rules["B5"].formula1 == '"allouée,dépensée"'


def test_what_is_listed_counts_as_nothing_filled_in(book: Workbook) -> None:
    counts = [cell.value for row in book["Mode d’emploi"].iter_rows() for cell in row if str(cell.value)[:2] == "=C"]
    assert counts == ["=COUNTA(Décisions!H5:R59)", "=COUNTA(Dépenses!A5:E84)"]
    for cells in _sheet(book, DECISIONS).iter_rows(min_row=FIRST_ROW, min_col=8):
        assert [cell.value for cell in cells if cell.value] == []


def test_a_source_is_missed_beside_what_the_city_wrote_only(book: Workbook) -> None:
    rules = _sheet(book, DECISIONS).conditional_formatting
    told = {str(cells.sqref): [rule.formula for rule in cells.rules] for cells in rules}
    last = _sheet(book, DECISIONS).max_row
    assert told[f"S5:S{last}"] == [['AND(COUNTA($H5:$R5)>0,$S5="",default_as_of="")']]


def test_the_sheet_says_what_it_is_and_repeats_to_the_byte(book: Workbook, release: Release) -> None:
    stamp = {row[0].value: row[1].value for row in book["modele"].iter_rows(max_row=5)}
    assert book["modele"].sheet_state == "hidden"
    assert (stamp["commune"], stamp["release"], stamp["tabs"]) == ("94041", release.release_id, "decisions spending")
    first, second, third = (decision_sheet(release.tables, "94041", "a", date(2026, 3, day)) for day in (1, 1, 2))
    assert first == second
    assert first != third
    for tab in TABS:
        assert _sheet(book, tab).protection.sheet
        assert [cell.value for cell in _sheet(book, tab)[NAME_ROW]] == [column.name for column in tab.columns]


def test_a_commune_without_commitments_gets_blank_rows_and_an_unknown_one_none(release: Release) -> None:
    sheet = _sheet(load_workbook(BytesIO(decision_sheet_of(release, "26362"))), DECISIONS)
    assert sheet.max_row == FIRST_ROW - 1 + FREE_DECISIONS
    assert not sheet["A5"].value
    with pytest.raises(UnknownAreaError, match="75056"):
        decision_sheet_of(release, "75056")


def _leaves(tree: dict[str, object]) -> Iterator[str]:
    for value in tree.values():
        if isinstance(value, dict):
            yield from _leaves(value)
        else:
            yield str(value)


def test_words_are_french_and_all_used(book: Workbook) -> None:
    tree = tomllib.loads((CATALOGUE / "decision_sheet.toml").read_text(encoding="utf-8"))
    for text in _leaves(tree):
        assert "'" not in text, text
        assert not re.search(r" [:;?!»%€]|« ", text), text
    others = {column.name for column in PROVENANCE} | {"control", "said", "known"}
    assert set(tree["column"]) == {column.name for tab in TABS for column in tab.columns} - others
    assert set(tree["sheet"]) == {tab.name for tab in TABS}
    assert set(tree["choice"]) == {"stated_status", "money_kind"}
    guide = "\n".join(str(cell.value) for row in book["Mode d’emploi"].iter_rows() for cell in row if cell.value)
    for key, text in tree["decision_guide"].items():
        assert re.search(re.sub(r"\\\{\w+\\\}", ".*", re.escape(text)), guide), key
