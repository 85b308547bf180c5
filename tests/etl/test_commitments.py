"""Commitments from ledger to release: nothing attributed without a source, nothing unmeasured without saying so."""

from pathlib import Path

import pytest

from data.commitment_models import CommitmentRow
from data.definitions import Catalogue
from data.release import Release
from data.settings import ROOT
from etl.build import build_tables
from etl.checks import check_ledger
from etl.ledger import Ledger, read_ledger
from tests.etl.spoiling import Row, repeat_row, spoil_row

FILE = "94041/commitments.csv"
PLAN = {"commitment_id": "ivry-cycle-plan"}
SWALES = {"commitment_id": "ivry-swales"}
TZEN = {"commitment_id": "ivry-t-zen-5"}

FAULTS: list[tuple[Row, Row, str, str]] = [
    (PLAN, {"theme": "cycling"}, "theme", "cycling"),
    (PLAN, {"programme_ids": "ivry-plan-velo;ivry-plan"}, "programme_ids", "ivry-plan-velo;ivry-plan"),
    (PLAN, {"figure_ids": "ivry-routes"}, "figure_ids", "ivry-routes"),
    (PLAN, {"budget_figure_id": "ivry-budget"}, "budget_figure_id", "ivry-budget"),
    # kilometres are no money
    (PLAN, {"budget_figure_id": "ivry-cycle-routes"}, "budget_figure_id", "ivry-cycle-routes"),
    (PLAN, {"edition": "2023"}, "edition_detail", ""),
    (PLAN, {"edition_detail": "Conférence climat, p. 3"}, "edition", ""),
    (PLAN, {"edition": "2027", "edition_detail": "p. 3"}, "edition", "2027"),
    (PLAN, {"deadline": "2024"}, "deadline", "2024"),
    (PLAN, {"carrier_fr": "Ville d’Ivry-sur-Seine"}, "carrier_en", ""),
    (PLAN, {"note_en": ""}, "note_en", ""),
    (SWALES, {"lacking_fr": "", "lacking_en": ""}, "lacking_fr", ""),
    (TZEN, {"target_id": "ivry-tzen"}, "target_id", "ivry-tzen"),
    (TZEN, {"ref_area": "94041-nowhere"}, "ref_area", "94041-nowhere"),
    (TZEN, {"source": "nobody-2025"}, "source", "nobody-2025"),
]


def _faults(folder: Path, catalogue: Catalogue) -> set[tuple[str, int, str, str]]:
    return {(f.file, f.line, f.column, f.value) for f in check_ledger(read_ledger(folder), catalogue)}


@pytest.mark.parametrize(("where", "change", "column", "value"), FAULTS, ids=[str(case[1]) for case in FAULTS])
def test_a_fault_is_listed_at_its_place(
    own_ledger: Path, catalogue: Catalogue, where: Row, change: Row, column: str, value: str
) -> None:
    line = spoil_row(own_ledger / FILE, where, change)
    assert (str(own_ledger / FILE), line, column, value) in _faults(own_ledger, catalogue)


def test_the_same_commitment_twice_is_a_fault(own_ledger: Path, catalogue: Catalogue) -> None:
    _, line = repeat_row(own_ledger / FILE, PLAN)
    assert (str(own_ledger / FILE), line, "commitment_id", "ivry-cycle-plan") in _faults(own_ledger, catalogue)


def _spend(folder: Path, *rows: str) -> None:
    columns = "commitment_id,kind,amount_eur,time_period,as_of,source,source_detail,note_fr,note_en"
    lines = [f"{row},city-decisions,Rapport p. 4,," for row in rows]
    (folder / "94041" / "spending.csv").write_text("\n".join([columns, *lines, ""]), encoding="utf-8")


def test_money_belongs_to_a_commitment_and_is_stated_once_a_day(own_ledger: Path, catalogue: Catalogue) -> None:
    _spend(own_ledger, "ivry-cycle-plan,spent,70000,2024,2025-06", "ivry-cycle-plan,allotted,90000,2024,2025-06")
    assert _faults(own_ledger, catalogue) == set()
    _spend(own_ledger, "ivry-plan,spent,70000,2024,2025-06", "ivry-cycle-plan,spent,1,2024,2025-06",
           "ivry-cycle-plan,spent,2,2024,2025-06")  # fmt: skip
    found = {(line, column) for _, line, column, _ in _faults(own_ledger, catalogue)}
    assert {(2, "commitment_id"), (4, "amount_eur")} <= found


def test_amounts_reach_the_release_as_they_are_stated(own_ledger: Path, catalogue: Catalogue) -> None:
    _spend(own_ledger, "ivry-cycle-plan,spent,70000,2024,2025-06", "ivry-cycle-plan,allotted,90000,2024,2025-06")
    *_, (_, built) = build_tables(catalogue, read_ledger(own_ledger))
    rows = built["spending"].set_index("kind")["amount_eur"].to_dict()
    assert rows == {"spent": 70000.0, "allotted": 90000.0}
    assert "city-decisions" in set(built["sources"]["source"])


def test_no_commitment_of_ivry_is_attributed_to_an_edition(release: Release) -> None:
    table = release.table("commitments").set_index("commitment_id")
    assert set(table["edition"]) == {""}
    assert (table["source_detail"] != "").all()
    assert table.loc["ivry-t-zen-5", "district"] == "94041-ivry-port"
    assert table.loc["ivry-permeable-centre", "district"] == "94041-centre-ville"
    assert set(table["commune"]) == {"94041"}


def test_every_line_cited_is_one_of_the_record_that_its_programmes_or_figures_cite(ledger: Ledger) -> None:
    named = {
        (row.programme_id if hasattr(row, "programme_id") else row.figure_id): row.source_detail  # type: ignore[attr-defined]
        for name in ("programmes.csv", "figures.csv")
        for row in (entry.row for entry in ledger.entries[name])
    }
    for _, row in ledger.rows("commitments.csv", CommitmentRow):
        lines = {line.split(":")[-1] for line in row.source_detail.split(";")}
        told = ";".join(named[one] for one in (*row.programme_ids.split(";"), *row.figure_ids.split(";")) if one)
        cited = {line.split(":")[-1] for line in told.split(";")}
        assert lines & cited, row.commitment_id


def test_a_target_named_is_one_of_the_ledger(ledger: Ledger) -> None:
    known = {entry.row.target_id for entry in ledger.entries["targets.csv"]}  # type: ignore[attr-defined]
    named = {row.target_id for _, row in ledger.rows("commitments.csv", CommitmentRow)} - {""}
    assert named
    assert named <= known
    assert (ROOT / "data" / "ledger" / FILE).is_file()
