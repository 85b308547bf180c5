"""The gap sheet's way back: what was filled in, and only that, reaches the release; every fault is told by cell."""

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from openpyxl import load_workbook

from data.definitions import Catalogue
from data.errors import FaultyInputError, FaultySheetError
from data.settings import LEDGER
from etl.build import build_tables
from etl.city_sheet.intake import Intake, take_city_sheet
from etl.ledger import read_ledger
from tests.etl.filling import REFERENCE, TODAY, Answers, fill, put, resaved, row_of, tab

PRUDON, TZEN, AGROCITE = "ivry-square-prudon", "ivry-tzen-5", "ivry-agrocite-gagarine-truillot"
WELL, RESIDENCE, KOSMOS = "ivry-geothermal-well", "ivry-student-residence-gt", "ivry-ferme-du-kosmos"

ANSWERS: Answers = [
    ("dates", PRUDON, {"phase": "ouverture", "state": "réalisée", "year": 2019, "month": 6}),
    ("dates", KOSMOS, {"phase": "Travaux", "state": "réalisée", "year": 2021, "month": 3, "day": 15}),
    ("dates_known", TZEN, {"state": "prévue", "new_year": 2028, "as_of": date(2026, 5, 4), "reference": "Convention",
                           "remark": "Retard  annoncé"}),
    ("dates_known", "ivry-espace-demarches", {"state": "prévue"}),
    ("other_dates", "", {"chosen_name": "Agrocité Gagarine-Truillot", "phase": "travaux", "state": "réalisée",
                         "year": 2019}),
    ("housing", AGROCITE, {"dwellings_delivered": 400}),
    ("housing", RESIDENCE, {"dwellings_total": 120, "dwellings_delivered": 0, "social_share_percent": 97.5}),
    ("surfaces", PRUDON, {"area_m2": 1850.5}),
    ("networks", WELL, {"heat_connections": 800, "heat_connections_delivered": 300}),
    ("positions", PRUDON, {"longitude": 2.4005, "latitude": 48.8105}),
]  # fmt: skip
# What the answers change in the programmes table, cell by cell.
CHANGED = {
    (AGROCITE, "dwellings_delivered"): 400,
    (RESIDENCE, "dwellings_total"): 120,
    (RESIDENCE, "dwellings_delivered"): 0,
    (RESIDENCE, "dwellings_social_share"): 0.975,
    (PRUDON, "area_m2"): 1850.5,
    # The square is delivered: so is the whole of it.
    (PRUDON, "area_delivered_m2"): 1850.5,
    (WELL, "heat_connections"): 800,
    (WELL, "heat_connections_delivered"): 300,
    (PRUDON, "longitude"): 2.4005,
    (PRUDON, "latitude"): 48.8105,
}
PHASES = {
    (PRUDON, "opening", "2019-06", "happened", "2026-03-12", REFERENCE),
    (KOSMOS, "works", "2021-03-15", "happened", "2026-03-12", REFERENCE),
    (TZEN, "commissioning", "2028", "planned", "2026-05-04", "Convention"),
    ("ivry-espace-demarches", "opening", "2028", "planned", "2026-03-12", REFERENCE),
    (AGROCITE, "works", "2019", "happened", "2026-03-12", REFERENCE),
}


def _take(path: Path, ledger: Path, catalogue: Catalogue) -> Intake:
    return take_city_sheet(path, "94041", ledger, catalogue, TODAY)


def _tables(ledger: Path, catalogue: Catalogue) -> dict[str, pd.DataFrame]:
    *_, (_, built) = build_tables(catalogue, read_ledger(ledger))
    return built


def _bytes(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture(scope="module")
def taken(blank: Path, catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Intake]:
    """Return a ledger that took a sheet saved twice by LibreOffice (where installed), that sheet, and the report."""
    place = tmp_path_factory.mktemp("taken")
    ledger = Path(shutil.copytree(LEDGER, place / "ledger"))
    opened = resaved(Path(shutil.copy(blank, place / "sent.xlsx")))
    sheet = resaved(fill(opened, ANSWERS, place / "manques.xlsx"))
    return ledger, sheet, _take(sheet, ledger, catalogue)


def test_the_round_trip_changes_exactly_what_was_filled(
    taken: tuple[Path, Path, Intake], catalogue: Catalogue, tables: dict[str, pd.DataFrame]
) -> None:
    after = _tables(taken[0], catalogue)
    before = tables["programmes"].set_index("programme_id")
    differences = before.compare(after["programmes"].set_index("programme_id"), keep_shape=True)
    new = differences.xs("other", axis=1, level=1).stack().dropna()
    assert {key: float(value) for key, value in new.items()} == CHANGED
    untouched = set(tables) - {"programmes", "phases", "statements", "quantities", "places", "sources"}
    for name in untouched:
        pd.testing.assert_frame_equal(after[name], tables[name])


def test_dates_quantities_and_positions_are_rows_with_their_source(
    taken: tuple[Path, Path, Intake], catalogue: Catalogue, tables: dict[str, pd.DataFrame]
) -> None:
    after = _tables(taken[0], catalogue)
    columns = ["programme_id", "phase", "date", "state", "as_of", "source_detail"]
    mine = after["phases"]["source"] == "city-sheet"
    assert set(after["phases"][mine][columns].itertuples(index=False, name=None)) == PHASES
    pd.testing.assert_frame_equal(after["phases"][~mine].reset_index(drop=True), tables["phases"])
    (tzen,) = after["phases"][mine & (after["phases"]["programme_id"] == TZEN)].to_dict("records")
    assert (tzen["note_fr"], tzen["note_en"]) == ("Retard annoncé", "In the city’s words: Retard annoncé")
    # Ten cells, but the area that is delivered follows from the status.
    assert len(after["statements"]) == len(CHANGED) - 1
    assert set(after["statements"]["source"]) == {"city-sheet"}
    (place,) = after["places"][after["places"]["place_id"].str.startswith("programme-")].to_dict("records")
    assert (place["name"], place["district"], place["source"]) == ("Square Prudon", "94041-ivry-port", "city-sheet")
    assert "city-sheet" in set(after["sources"]["source"])
    assert "city-sheet" not in set(tables["sources"]["source"])


def test_quantities_follow_the_newest_statement(taken: tuple[Path, Path, Intake], catalogue: Catalogue) -> None:
    quantities = _tables(taken[0], catalogue)["quantities"].set_index(["programme_id", "quantity"])
    agrocite = quantities.loc[(AGROCITE, "dwellings")]
    assert (agrocite["value"], agrocite["delivered"], agrocite["source_detail"]) == (1430, 400, "002:10")
    square = quantities.loc[(PRUDON, "green_area_m2")]
    assert (square["value"], square["delivered"], square["source"]) == (1850.5, 1850.5, "city-sheet")


def test_what_was_taken_is_counted(taken: tuple[Path, Path, Intake]) -> None:
    _, _, intake = taken
    assert (intake.dates, intake.quantities, intake.positions, intake.operations) == (5, 7, 1, 7)
    assert [Path(file).name for file in intake.files] == ["phases.csv", "statements.csv"]


def test_the_same_sheet_twice_changes_nothing(taken: tuple[Path, Path, Intake], catalogue: Catalogue) -> None:
    ledger, sheet, _ = taken
    before = _bytes(ledger)
    again = _take(sheet, ledger, catalogue)
    assert _bytes(ledger) == before
    assert (again.files, again.known) == ((), 14)


def test_a_newer_answer_wins_and_the_older_stays(
    taken: tuple[Path, Path, Intake], blank: Path, catalogue: Catalogue, tmp_path: Path
) -> None:
    ledger = Path(shutil.copytree(taken[0], tmp_path / "ledger"))
    signed = {"as_of": date(2026, 9, 1), "reference": "Suivi"}
    _take(
        fill(blank, [("housing", AGROCITE, {"dwellings_delivered": 520, **signed})], tmp_path / "b.xlsx"),
        ledger,
        catalogue,
    )
    after = _tables(ledger, catalogue)
    assert after["programmes"].set_index("programme_id").at[AGROCITE, "dwellings_delivered"] == 520
    stated = after["statements"].query("programme_id == @AGROCITE")
    assert sorted(stated["value"]) == [400, 520]


def test_two_values_of_one_day_are_refused_and_both_named(
    taken: tuple[Path, Path, Intake], blank: Path, catalogue: Catalogue, tmp_path: Path
) -> None:
    ledger = Path(shutil.copytree(taken[0], tmp_path / "ledger"))
    before = _bytes(ledger)
    answers: Answers = [
        ("housing", AGROCITE, {"dwellings_delivered": 401}),
        ("other_dates", "", {"chosen_name": "Square Prudon", "phase": "ouverture", "state": "réalisée", "year": 2020}),
    ]
    with pytest.raises(FaultySheetError) as caught:
        _take(fill(blank, answers, tmp_path / "b.xlsx"), ledger, catalogue)
    assert {fault.cell for fault in caught.value.faults} == {"I5", "F5"}
    assert f"{ledger / '94041' / 'statements.csv'}:2" in str(caught.value)
    assert f"{ledger / '94041' / 'phases.csv'}" in str(caught.value)
    assert _bytes(ledger) == before


def test_an_empty_sheet_changes_nothing(blank: Path, own_ledger: Path, catalogue: Catalogue, tmp_path: Path) -> None:
    before = _bytes(own_ledger)
    intake = _take(fill(blank, [], tmp_path / "signed.xlsx"), own_ledger, catalogue)
    assert (intake.files, intake.known, intake.operations) == ((), 0, 0)
    assert _bytes(own_ledger) == before


def _refused(path: Path, ledger: Path, catalogue: Catalogue) -> FaultySheetError:
    """Return why a sheet is refused, after making sure that nothing was written."""
    before = _bytes(ledger)
    with pytest.raises(FaultySheetError) as caught:
        _take(path, ledger, catalogue)
    assert _bytes(ledger) == before
    return caught.value


def test_all_faults_are_listed_and_the_sound_rows_are_not_taken(
    blank: Path, own_ledger: Path, catalogue: Catalogue, tmp_path: Path
) -> None:
    # Three kinds of check at once: a cell, a row, the ledger.
    answers: Answers = [
        *ANSWERS,
        ("surfaces", KOSMOS, {"area_m2": "2 ha"}),
        ("dates", "ivry-venelle-galilee", {"phase": "ouverture", "month": 5}),
        ("positions", KOSMOS, {"longitude": 48.81, "latitude": 2.4}),
        ("positions", "ivry-venelle-galilee", {"latitude": 48.81}),
        ("surfaces", "ivry-parc-des-confluences", {"area_delivered_m2": 130_000}),
    ]
    error = _refused(fill(blank, answers, tmp_path / "manques.xlsx"), own_ledger, catalogue)
    told = {(fault.tab, fault.heading, fault.problem.split(":")[0]) for fault in error.faults}
    assert told == {
        ("Surfaces", "Surface en tout (m²)", "text in a number cell"),
        ("Dates", "Prévue ou réalisée ?".replace(" ?", "\u00a0?"), "missing beside the rest of the date"),
        ("Dates", "Année", "missing beside the rest of the date"),
        ("Positions", "Longitude", "48.81, 2.4 lies more than 100 km from commune 94041"),
        ("Positions", "Latitude", "latitude without longitude"),
        ("Surfaces", "Surface livrée (m²)", "more delivered than there is in all (120000)"),
    }
    assert "6 fault(s) in manques.xlsx; nothing was taken." in str(error)
    book = load_workbook(blank)
    row = row_of(tab(book, "surfaces"), KOSMOS)
    assert f"manques.xlsx, Surfaces!H{row} (Surface en tout (m²)): value '2 ha': text in a number cell" in str(error)


DATES: list[tuple[str, str, dict[str, Any], str, str]] = [
    ("dates", PRUDON, {"phase": "ouverture", "state": "prévue", "year": 2027, "day": 3}, "day", "a day without"),
    ("dates", PRUDON, {"phase": "ouverture", "state": "prévue", "year": 2027, "month": 2, "day": 30}, "day", "no"),
    ("dates", PRUDON, {"state": "prévue", "year": 2027}, "phase", "missing beside the rest of the date"),
    ("dates_known", TZEN, {"new_year": 2028}, "state", "missing beside the rest of the date"),
    ("dates_known", TZEN, {"state": "prévue", "month": 5}, "month", "a month without its year"),
    ("dates", KOSMOS, {"phase": "ouverture", "state": "réalisée", "year": 2027}, "year", "happened, yet after"),
    ("dates", KOSMOS, {"phase": "ouverture", "state": "prévue", "year": 2024}, "year", "planned, yet over"),
    ("housing", AGROCITE, {"dwellings_delivered": 1431}, "dwellings_delivered", "more delivered"),
    ("housing", RESIDENCE, {"dwellings_total": 90, "dwellings_delivered": 91}, "dwellings_delivered", "more delivered"),
    ("positions", PRUDON, {"longitude": 2.4}, "longitude", "longitude without latitude"),
    ("positions", PRUDON, {"longitude": 2.12, "latitude": 48.8}, "longitude", "2.12, 48.8 lies 18 km"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "programme", "values", "column", "problem"), DATES, ids=[str(d[2]) for d in DATES])
def test_answers_that_cannot_be_true_are_told_at_their_cell(
    blank: Path, own_ledger: Path, catalogue: Catalogue, tmp_path: Path,
    name: str, programme: str, values: dict[str, Any], column: str, problem: str,
) -> None:  # fmt: skip
    path = fill(blank, [(name, programme, values)], tmp_path / "manques.xlsx")
    (fault,) = _refused(path, own_ledger, catalogue).faults
    sheet = tab(load_workbook(path), name)
    place = put(load_workbook(path), name, programme, **{column: None})[column]
    assert (fault.tab, fault.cell) == (sheet.title, place)
    assert fault.problem.startswith(problem)


def test_a_faulty_ledger_is_mended_first(blank: Path, own_ledger: Path, catalogue: Catalogue) -> None:
    (own_ledger / "94041" / "budget.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(FaultyInputError, match=r"budget\.csv"):
        _take(blank, own_ledger, catalogue)


def test_rows_that_are_there_keep_their_cells(
    taken: tuple[Path, Path, Intake], blank: Path, catalogue: Catalogue, tmp_path: Path
) -> None:
    ledger = Path(shutil.copytree(taken[0], tmp_path / "ledger"))
    path = ledger / "94041" / "statements.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",400,", ",400.0,"), encoding="utf-8")
    before = path.read_text(encoding="utf-8").splitlines()
    _take(fill(blank, [("surfaces", KOSMOS, {"area_m2": 20_000})], tmp_path / "b.xlsx"), ledger, catalogue)
    after = path.read_text(encoding="utf-8").splitlines()
    assert set(after) > set(before)
    assert len(after) == len(before) + 1
    assert after[1:] == sorted(after[1:])


def test_where_one_file_cannot_be_written_none_changes(
    blank: Path, own_ledger: Path, catalogue: Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace = Path.replace

    def refuse(draft: Path, target: Path) -> Path:
        if target.name == "statements.csv":
            raise OSError(28, "No space left on device", str(target))
        return replace(draft, target)

    sheet, before = fill(blank, ANSWERS, tmp_path / "manques.xlsx"), _bytes(own_ledger)
    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(OSError, match="No space left"):
        _take(sheet, own_ledger, catalogue)
    assert _bytes(own_ledger) == before
