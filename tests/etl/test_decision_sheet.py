"""The decision sheet's way back: what conferences decided and what it cost, all of it or none, each with its page."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from data.commitment_models import CommitmentRow
from data.decision_sheet.writer import decision_sheet_of
from data.definitions import Catalogue
from data.errors import FaultyInputError, FaultySheetError, UnreadableSheetError
from data.release import Release
from data.rules.commitments import standings
from data.settings import LEDGER
from etl.build import build_tables
from etl.checks import check_ledger
from etl.city_sheet.decisions import take_city_decisions
from etl.city_sheet.intake import Intake
from etl.ledger import Ledger, read_ledger
from tests.etl.filling import DAY, GUIDE, REFERENCE, TODAY, put, row_of, sign, tab

CYCLE, UNIT, SWALES = "ivry-cycle-plan", "ivry-waste-unit-dropped", "ivry-swales"
NEW: dict[str, Any] = {
    "decision": "Une  cour d’école à l’ombre", "decision_theme": "éducation", "decision_place": "Ivry-Port",
    "edition": 2023, "carrier": "Direction de l’éducation", "deadline_year": 2027, "deadline_month": 9,
    "stated_status": "Prévu", "programme_1": "Square Prudon", "programme_2": "ivry-tzen-5",
    "programme_3": "Square Prudon", "measure": "la part d’ombre, l’été", "reference_page": 4,
}  # fmt: skip
AMOUNT: dict[str, Any] = {"commitment": "Plan vélo", "money_kind": "allouée", "amount_eur": 1234.5, "first_year": 2024,
                          "reference_page": 7}  # fmt: skip
Rows = list[tuple[str, str, dict[str, Any]]]


@pytest.fixture(scope="module")
def sent(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the decision sheet of Ivry as it is sent out; not to be changed."""
    path = tmp_path_factory.mktemp("decisions") / "decisions.xlsx"
    path.write_bytes(decision_sheet_of(release, "94041"))
    return path


def _filled(sheet: Path, rows: Rows) -> Workbook:
    """Return a sheet that is signed, with values by tab and identifier; an amount stands below the one before."""
    book = load_workbook(sheet)
    sign(book)
    for name, about, values in rows:
        if about or name == "decisions":
            put(book, name, about, **values)
        else:
            _put_amount(book, values)
    return book


def _put_amount(book: Workbook, values: dict[str, Any]) -> None:
    sheet = tab(book, "spending")
    row = next(row for row in range(5, 85) if all(sheet.cell(row, column).value is None for column in range(1, 10)))
    names = [cell.value for cell in sheet[2]]
    for name, value in values.items():
        sheet.cell(row, names.index(name) + 1).value = value


def _take(book: Workbook, ledger: Path, catalogue: Catalogue) -> Intake:
    path = ledger.parent / "decisions.xlsx"
    book.save(path)
    return take_city_decisions(path, "94041", ledger, catalogue, TODAY)


def _commitments(ledger: Ledger) -> dict[str, CommitmentRow]:
    return {row.commitment_id: row for _, row in ledger.rows("commitments.csv", CommitmentRow)}


def _bytes(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*.csv"))}


def _refused(book: Workbook, ledger: Path, catalogue: Catalogue) -> list[tuple[str, str, str]]:
    """Return the faults of a sheet, after making sure that nothing was written and that each says what to do."""
    before = _bytes(ledger)
    with pytest.raises(FaultySheetError) as caught:
        _take(book, ledger, catalogue)
    assert _bytes(ledger) == before
    assert all(fault.remedy for fault in caught.value.faults)
    return [(fault.tab, fault.cell, fault.problem) for fault in caught.value.faults]


ANSWERS: Rows = [
    ("decisions", CYCLE, {"edition": 2021, "reference_page": 3}),
    ("decisions", SWALES, {"carrier": "Direction des espaces verts", "deadline_year": 2028, "stated_status": "en cours",
                           "as_of": date(2026, 5, 4), "reference": "Note du 4 mai 2026", "reference_page": 1}),
    ("decisions", "", NEW),
    ("spending", "", AMOUNT),
    ("spending", "", AMOUNT | {"money_kind": "dépensée", "amount_eur": 0, "last_year": 2025, "remark": "Hors taxes"}),
    ("spending", "", AMOUNT | {"commitment": "Une cour d’école à l’ombre", "first_year": 2027}),
]  # fmt: skip


@pytest.fixture(scope="module")
def taken(sent: Path, catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Workbook, Intake]:
    """Return a ledger that took a sheet, that sheet, and the report; not to be changed."""
    ledger = Path(shutil.copytree(LEDGER, tmp_path_factory.mktemp("taken") / "ledger"))
    book = _filled(sent, ANSWERS)
    return ledger, book, _take(book, ledger, catalogue)


def test_a_new_decision_is_a_commitment_with_its_document(
    taken: tuple[Path, Workbook, Intake], catalogue: Catalogue
) -> None:
    ledger = read_ledger(taken[0])
    assert check_ledger(ledger, catalogue, TODAY) == []
    row = _commitments(ledger)["ivry-une-cour-d-ecole-a-l-ombre"]
    page = f"{REFERENCE}, p.\u00a04"
    assert (row.label_fr, row.label_en) == ("Une cour d’école à l’ombre", "Une cour d’école à l’ombre")
    assert (row.theme, row.ref_area, row.edition, row.deadline) == ("education", "94041-ivry-port", "2023", "2027-09")
    assert (row.edition_detail, row.source, row.source_detail, row.as_of) == (
        page,
        "city-decisions",
        page,
        "2026-03-12",
    )
    assert (row.carrier_fr, row.carrier_en) == ("Direction de l’éducation", "Direction de l’éducation")
    assert (row.programme_ids, row.stated_status) == ("ivry-square-prudon;ivry-tzen-5", "planned")
    assert (row.lacking_fr, row.lacking_en) == (
        "la part d’ombre, l’été",
        "In the city’s words: la part d’ombre, l’été",
    )


def test_a_known_decision_keeps_its_text_and_gains_what_the_city_adds(
    taken: tuple[Path, Workbook, Intake], ledger: Ledger
) -> None:
    before, after = _commitments(ledger), _commitments(read_ledger(taken[0]))
    added = {"edition": "2021", "edition_detail": f"{REFERENCE}, p.\u00a03"}
    assert after[CYCLE].model_dump() == before[CYCLE].model_dump() | added
    told = {"carrier_fr": "Direction des espaces verts", "carrier_en": "Direction des espaces verts",
            "deadline": "2028", "stated_status": "under_way", "stated_as_of": "2026-05-04",
            "stated_detail": "Note du 4 mai 2026, p.\u00a01"}  # fmt: skip
    assert after[SWALES].model_dump() == before[SWALES].model_dump() | told
    for name in set(before) - {CYCLE, SWALES}:
        assert after[name] == before[name]
    assert list(after) == [*before, "ivry-une-cour-d-ecole-a-l-ombre"]


def test_other_rows_of_the_file_stay_byte_for_byte(taken: tuple[Path, Workbook, Intake]) -> None:
    before, after = (
        (folder / "94041" / "commitments.csv").read_text(encoding="utf-8").splitlines() for folder in (LEDGER, taken[0])
    )
    changed = [place for place, line in enumerate(before) if line != after[place]]
    assert [before[place].split(",")[0] for place in changed] == [SWALES, CYCLE]
    assert len(after) == len(before) + 1


def test_amounts_are_rows_of_their_own_and_reach_a_release(
    taken: tuple[Path, Workbook, Intake], catalogue: Catalogue
) -> None:
    *_, (_, tables) = build_tables(catalogue, read_ledger(taken[0]))
    columns = ["commitment_id", "kind", "amount_eur", "time_period", "as_of", "source", "note_fr"]
    assert tables["spending"][columns].to_records(index=False).tolist() == [
        (CYCLE, "allotted", 1234.5, "2024", "2026-03-12", "city-decisions", ""),
        (CYCLE, "spent", 0.0, "2024/2025", "2026-03-12", "city-decisions", "Hors taxes"),
        ("ivry-une-cour-d-ecole-a-l-ombre", "allotted", 1234.5, "2027", "2026-03-12", "city-decisions", ""),
    ]
    assert set(tables["spending"]["source_detail"]) == {f"{REFERENCE}, p.\u00a07"}
    decisions = tables["commitments"].set_index("commitment_id")
    assert decisions.at[CYCLE, "edition"] == "2021"
    assert decisions.at["ivry-une-cour-d-ecole-a-l-ombre", "district"] == "94041-ivry-port"
    assert standings(tables, TODAY)["ivry-une-cour-d-ecole-a-l-ombre"].basis == "programmes"
    source = tables["sources"].set_index("source").loc["city-decisions"]
    assert (source["kind"], source["dataset"]) == ("municipal_record", "city_sheet")


def test_what_was_taken_is_counted(taken: tuple[Path, Workbook, Intake]) -> None:
    intake = taken[2]
    assert (intake.decisions, intake.amounts, intake.known) == (3, 3, 0)
    assert [Path(file).name for file in intake.files] == ["spending.csv", "commitments.csv"]


def test_the_same_sheet_twice_changes_nothing(taken: tuple[Path, Workbook, Intake], catalogue: Catalogue) -> None:
    ledger, book, _ = taken
    before = _bytes(ledger)
    again = _take(book, ledger, catalogue)
    assert (again.decisions, again.amounts, again.known, again.files) == (0, 0, 6, ())
    assert _bytes(ledger) == before


def test_an_unfilled_sheet_changes_nothing(sent: Path, own_ledger: Path, catalogue: Catalogue) -> None:
    before = _bytes(own_ledger)
    assert _take(_filled(sent, []), own_ledger, catalogue) == Intake(0, 0, 0, 0, (), 0)
    assert _bytes(own_ledger) == before
    assert not (own_ledger / "94041" / "spending.csv").exists()


def _row(book: Workbook, name: str, about: str) -> int:
    """Return the row of a decision, the first blank one for none, or the first of amounts."""
    return 5 if name == "spending" else row_of(tab(book, name), about)


UNFIT: list[tuple[str, str, dict[str, Any], str, str]] = [
    ("decisions", CYCLE, {"edition": 21}, "H", "not between 1990 and 2100"),
    ("decisions", CYCLE, {"edition": "2021"}, "H", "text in a number cell"),
    ("decisions", CYCLE, {"edition": date(2021, 1, 1)}, "H", "a date in a number cell"),
    ("decisions", CYCLE, {"edition": 2026}, "H", "after it was stated (2025)"),
    ("decisions", CYCLE, {"edition": 2021, "reference_page": None}, "U", "missing beside an answer"),
    ("decisions", CYCLE, {"stated_status": "fini"}, "M", "not a word of the list"),
    ("decisions", CYCLE, {"carrier": "service@ville.example"}, "I", "a mail address or telephone number"),
    ("decisions", CYCLE, {"carrier": "appeler le 01 23 45 67 89"}, "I", "a mail address or telephone number"),
    ("decisions", CYCLE, {"carrier": "=A1"}, "I", "a formula"),
    ("decisions", CYCLE, {"carrier": "+33"}, "I", "begins like a formula"),
    ("decisions", CYCLE, {"carrier": 12}, "I", "a number or date in a text cell"),
    ("decisions", CYCLE, {"deadline_month": 5}, "K", "a month without its year"),
    ("decisions", CYCLE, {"deadline_year": 2027, "deadline_month": 2, "deadline_day": 30}, "L", "no such day"),
    ("decisions", CYCLE, {"deadline_year": 2024}, "J", "2024 was over when it was stated (2025)"),
    ("decisions", CYCLE, {"edition": 2023, "deadline_year": 2022}, "J", "2022 was over when it was stated (2023)"),
    ("decisions", CYCLE, {"measure": "des kilomètres"}, "Q", "not asked of a decision that is known"),
    ("decisions", UNIT, {"carrier": "Ville"}, "I", "known already, as 'Syctom'"),
    ("decisions", CYCLE, {"edition": 2021, "reference": "voir a@b.example"}, "T", "a mail address"),
    ("decisions", CYCLE, {"edition": 2021, "as_of": "12/03/2026"}, "S", "a date typed as text"),
    ("decisions", "", NEW | {"decision": None}, "C", "missing beside the rest of the row"),
    ("decisions", "", NEW | {"decision_theme": "climat"}, "D", "not a word of the list"),
    ("decisions", "", NEW | {"decision_place": None}, "E", "missing beside the rest of the row"),
    ("decisions", "", NEW | {"decision_place": "Paris"}, "E", "not a word of the list"),
    ("decisions", "", NEW | {"edition": None}, "H", "missing beside the rest of the row"),
    ("decisions", "", NEW | {"edition": 2027}, "H", "after it was stated (2026-03-12)"),
    ("decisions", "", NEW | {"programme_1": "Square Prudhon"}, "N", "not a word of the list"),
    ("decisions", "", NEW | {"measure": None}, "Q", "missing beside the rest of the row"),
    ("decisions", "", NEW | {"decision": "«\u00a0?\u00a0»"}, "C", "String should match pattern"),
    ("decisions", "", NEW | {"said": "Bilan"}, "F", "a locked cell was altered"),
    ("spending", "", AMOUNT | {"commitment": "Plan piéton"}, "A", "not a word of the list"),
    ("spending", "", AMOUNT | {"commitment": None}, "A", "missing beside the rest of the row"),
    ("spending", "", AMOUNT | {"money_kind": None}, "B", "missing beside the rest of the row"),
    ("spending", "", AMOUNT | {"money_kind": "votée"}, "B", "not a word of the list"),
    ("spending", "", AMOUNT | {"amount_eur": None}, "C", "missing beside the rest of the row"),
    ("spending", "", AMOUNT | {"amount_eur": "1 234 €"}, "C", "text in a number cell"),
    ("spending", "", AMOUNT | {"amount_eur": "=1000+234"}, "C", "a formula"),
    ("spending", "", AMOUNT | {"amount_eur": date(2024, 1, 1)}, "C", "a date in a number cell"),
    ("spending", "", AMOUNT | {"amount_eur": -1}, "C", "not between 0 and"),
    ("spending", "", AMOUNT | {"first_year": None}, "D", "missing beside the rest of the row"),
    ("spending", "", AMOUNT | {"last_year": 2023}, "E", "before the first year (2024)"),
    ("spending", "", AMOUNT | {"money_kind": "dépensée", "first_year": 2027}, "D", "spent, yet after"),
    ("spending", "", AMOUNT | {"reference_page": None}, "H", "missing beside an answer"),
    ("spending", "", AMOUNT | {"remark": "demander à a@b.example"}, "I", "a mail address"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "about", "values", "column", "problem"), UNFIT, ids=[f"{u[1]}{u[4]}" for u in UNFIT])
def test_a_fault_is_told_at_its_cell_and_stops_all_of_it(
    sent: Path, own_ledger: Path, catalogue: Catalogue,
    name: str, about: str, values: dict[str, Any], column: str, problem: str,
) -> None:  # fmt: skip
    sound: Rows = [("decisions", SWALES, {"edition": 2021, "reference_page": 2})]
    paged = {"reference_page": 3} if name == "decisions" and about else {}
    book = _filled(sent, [*sound, (name, about, paged | values)])
    ((told, cell, words),) = _refused(book, own_ledger, catalogue)
    assert (told, cell) == (tab(book, name).title, f"{column}{_row(load_workbook(sent), name, about)}")
    assert words.startswith(problem)


def test_without_a_date_and_a_document_nothing_is_taken(sent: Path, own_ledger: Path, catalogue: Catalogue) -> None:
    book = _filled(sent, [("decisions", CYCLE, {"edition": 2021, "reference_page": 3}), ("spending", "", AMOUNT)])
    book[GUIDE]["C6"] = book[GUIDE]["C7"] = None
    assert [(place, cell[0]) for place, cell, _ in _refused(book, own_ledger, catalogue)] == [
        ("Décisions", "S"), ("Décisions", "T"), ("Dépenses", "F"), ("Dépenses", "G"),
    ]  # fmt: skip


def test_a_decision_of_a_known_name_or_given_twice_is_refused(
    sent: Path, own_ledger: Path, catalogue: Catalogue
) -> None:
    # Its identifier would be that of a decision the ledger has.
    book = _filled(sent, [("decisions", "", NEW | {"decision": "Swales"})])
    names = [cell.value for cell in tab(book, "decisions")[2]]
    for name, value in (NEW | {"decision": "Une cour"}).items():
        tab(book, "decisions").cell(21, names.index(name) + 1).value = value
    for name, value in (NEW | {"decision": "Une cour !", "edition": 2021}).items():
        tab(book, "decisions").cell(22, names.index(name) + 1).value = value
    assert _refused(book, own_ledger, catalogue) == [
        (
            "Décisions",
            "C20",
            "'Noues végétalisées contre la chaleur et les inondations' is known already (ivry-swales)",
        ),
        ("Décisions", "C22", "'Une cour' is known already (ivry-une-cour)"),
    ]


def test_a_row_that_was_copied_is_told(sent: Path, own_ledger: Path, catalogue: Catalogue) -> None:
    book = _filled(sent, [("decisions", CYCLE, {"edition": 2021, "reference_page": 3})])
    sheet = tab(book, "decisions")
    for cell in sheet[row_of(sheet, CYCLE)]:
        sheet.cell(20, cell.column).value = cell.value
    sheet["H20"] = 2023
    assert _refused(book, own_ledger, catalogue) == [("Décisions", "H20", "ivry-cycle-plan is told of twice")]


def test_two_amounts_of_one_day_are_refused(taken: tuple[Path, Workbook, Intake], sent: Path, catalogue: Catalogue,
                                            tmp_path: Path) -> None:  # fmt: skip
    ledger = Path(shutil.copytree(taken[0], tmp_path / "ledger"))
    book = _filled(sent, [("spending", "", AMOUNT | {"amount_eur": 99})])
    ((told, cell, problem),) = _refused(book, ledger, catalogue)
    assert (told, cell) == ("Dépenses", "C5")
    assert "spending.csv:2 states one for the same day" in problem


def test_the_newest_statement_of_a_known_decision_holds(
    taken: tuple[Path, Workbook, Intake], sent: Path, catalogue: Catalogue, tmp_path: Path
) -> None:
    ledger = Path(shutil.copytree(taken[0], tmp_path / "ledger"))
    newer = {"stated_status": "réalisé", "as_of": date(2026, 9, 1), "reference": "Bilan", "reference_page": 2}
    _take(_filled(sent, [("decisions", SWALES, newer)]), ledger, catalogue)
    row = _commitments(read_ledger(ledger))[SWALES]
    assert (row.stated_status, row.deadline, row.stated_as_of) == ("done", "2028", "2026-09-01")
    assert (row.stated_detail, row.source) == ("Bilan, p.\u00a02", "municipal-record-ivry-2025")
    older = newer | {"stated_status": "en cours", "as_of": date(2026, 8, 31)}
    book = _filled(sent, [("decisions", SWALES, older)])
    assert [words for *_, words in _refused(book, ledger, catalogue)] == ["older than what is known (2026-09-01)"]
    assert (
        _take(_filled(sent, [("decisions", SWALES, older | {"stated_status": "réalisé"})]), ledger, catalogue).files
        == ()
    )


def test_a_decision_the_city_added_is_told_more_of_on_a_fresh_sheet(
    taken: tuple[Path, Workbook, Intake], catalogue: Catalogue, tmp_path: Path, release: Release
) -> None:
    ledger, name = Path(shutil.copytree(taken[0], tmp_path / "ledger")), "ivry-une-cour-d-ecole-a-l-ombre"
    *_, (_, tables) = build_tables(catalogue, read_ledger(ledger))
    fresh = tmp_path / "fresh.xlsx"
    fresh.write_bytes(decision_sheet_of(Release(release.release_id, "2026-04-01", tables), "94041"))
    answer = {"stated_status": "abandonné", "as_of": date(2026, 6, 1), "reference_page": 9}
    assert _take(_filled(fresh, [("decisions", name, answer)]), ledger, catalogue).decisions == 1
    row = _commitments(read_ledger(ledger))[name]
    assert (row.stated_status, row.stated_as_of, row.stated_detail) == (
        "dropped",
        "2026-06-01",
        f"{REFERENCE}, p.\u00a09",
    )
    assert (row.as_of, row.source_detail) == (DAY.isoformat(), f"{REFERENCE}, p.\u00a04")


def _rename(book: Workbook) -> None:
    tab(book, "decisions")["C5"] = "Stratégie"


def _unknown(book: Workbook) -> None:
    tab(book, "decisions")["A5"] = "ivry-other"


def _remove_tab(book: Workbook) -> None:
    del book["Décisions"]


def _move_column(book: Workbook) -> None:
    tab(book, "spending").move_range("C1:C84", cols=10)


def _other_commune(book: Workbook) -> None:
    book["modele"]["B2"] = "94081"


def _gap_sheet(book: Workbook) -> None:
    book["modele"]["B1"] = "1"


ALTERED: list[tuple[Callable[[Workbook], None], set[tuple[str, str, str]]]] = [
    (_rename, {("Décisions", "C5", "a locked cell was altered")}),
    (_unknown, {("Décisions", "A5", "unknown commitment"), ("Décisions", "A5", "a locked cell was altered")}),
    (_remove_tab, {("Décisions", "A1", "the tab was removed or renamed")}),
    (_move_column, {("Dépenses", "C2", "here stood the column 'amount_eur', moved or removed since")}),
    (_other_commune, {("modele", "B2", "a sheet of another commune than 94041")}),
    (_gap_sheet, {("modele", "B1", "a sheet of another version than decisions-1")}),
]


@pytest.mark.parametrize(("alter", "told"), ALTERED, ids=[alter.__name__ for alter, _ in ALTERED])
def test_an_altered_sheet_is_told_where(
    sent: Path, own_ledger: Path, catalogue: Catalogue,
    alter: Callable[[Workbook], None], told: set[tuple[str, str, str]],
) -> None:  # fmt: skip
    book = _filled(sent, [])
    alter(book)
    assert set(_refused(book, own_ledger, catalogue)) == told


def test_another_workbook_and_a_faulty_ledger_are_refused_by_name(
    sent: Path, own_ledger: Path, catalogue: Catalogue
) -> None:
    with pytest.raises(UnreadableSheetError, match=r"not a decision sheet.*python -m etl decisions"):
        _take(Workbook(), own_ledger, catalogue)
    (own_ledger / "94041" / "budget.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(FaultyInputError, match=r"budget\.csv"):
        _take(_filled(sent, []), own_ledger, catalogue)
