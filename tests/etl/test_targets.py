"""Targets from ledger to release: nothing copied, nothing half said, and the figures of the ledger all there."""

from pathlib import Path

import pytest

from data.definitions import Catalogue
from data.models import FigureRow
from data.release import Release
from data.settings import ROOT
from data.target_models import TargetRow
from etl.build import build_tables
from etl.checks import check_ledger
from etl.ledger import Ledger, read_ledger
from tests.etl.spoiling import Row, read_cells, repeat_row, spoil_row

TARGETS = "94041/targets.csv"
NEUTRAL = {"target_id": "ivry-carbon-neutrality"}
TZEN = {"target_id": "ivry-tzen-5-in-service"}
GROUND = {"target_id": "ivry-centre-permeable-ground"}
# A target with its own number, as a city may enter one.
OWN = {"figure_id": "", "target_value": "70000", "direction": "at_least", "measured_by": "population",
       "measured_source": "insee_population", "path": "linear", "base_year": "2013", "deadline": "2033",
       "ref_area": "94041"}  # fmt: skip

# row, change, column and value reported
FAULTS: list[tuple[Row, Row, str, str]] = [
    (NEUTRAL, {"figure_id": "ivry-neutral"}, "figure_id", "ivry-neutral"),
    # the 40 % is declared, the 20 000 projected, the dwellings planned: none of them is a target
    (NEUTRAL, {"figure_id": "ivry-geothermal-share", "direction": "at_least"}, "figure_id", "ivry-geothermal-share"),
    (NEUTRAL, {"figure_id": "ivry-pop-increase-2040", "direction": "at_least"}, "figure_id", "ivry-pop-increase-2040"),
    (NEUTRAL, {"deadline": "2050"}, "deadline", "2050"),
    (NEUTRAL, {"ref_area": "94041-op-ivry-port"}, "ref_area", "94041-op-ivry-port"),
    (NEUTRAL, {"source": "council-motion-ivry-2017"}, "source", "council-motion-ivry-2017"),
    (NEUTRAL, {"theme": "energy"}, "theme", "energy"),
    (NEUTRAL, {"override_status": "slow"}, "override_reason_fr", ""),
    (NEUTRAL, {"override_status": "slow", "override_reason_fr": "Avis."}, "override_reason_en", ""),
    (NEUTRAL, {"override_reason_fr": "Avis.", "override_reason_en": "Advice."}, "override_status", ""),
    (NEUTRAL, {"note_en": ""}, "note_en", ""),
    (NEUTRAL, {"phase": "opening"}, "phase", "opening"),
    (NEUTRAL, {"programme_id": "ivry-tzen-5"}, "programme_id", "ivry-tzen-5"),
    (NEUTRAL, {"measured_source": "lovac"}, "measured_by", ""),
    (GROUND, {"target_value": "60"}, "target_value", "60.0"),
    (GROUND, {"direction": ""}, "direction", ""),
    (GROUND, {"measured_by": "population", "path": "linear"}, "measured_by", "population"),
    (GROUND, {"measured_by": "permeable_surface_share_percent"}, "path", ""),
    (GROUND, {"deadline": "2024"}, "deadline", "2024"),
    (GROUND, OWN | {"measured_by": "inhabitants"}, "measured_by", "inhabitants"),
    (GROUND, OWN | {"measured_source": "insee"}, "measured_source", "insee"),
    (GROUND, OWN | {"measured_by": "", "measured_source": ""}, "measured_by", ""),
    (GROUND, OWN | {"direction": ""}, "direction", ""),
    (GROUND, OWN | {"target_value": ""}, "target_value", "None"),
    (GROUND, OWN | {"base_year": "2033"}, "base_year", "2033"),
    (TZEN, {"programme_id": "tzen"}, "programme_id", "tzen"),
    (TZEN, {"phase": "", "deadline": "2027"}, "phase", ""),
    (TZEN, {"programme_id": "", "deadline": "2027"}, "programme_id", ""),
    (TZEN, {"phase": "opening"}, "deadline", ""),
    (TZEN, {"as_of": "2028"}, "deadline", ""),
    (TZEN, {"measured_by": "population", "direction": "at_least"}, "direction", "at_least"),
]


def _faults(folder: Path, catalogue: Catalogue) -> set[tuple[str, int, str, str]]:
    return {(f.file, f.line, f.column, f.value) for f in check_ledger(read_ledger(folder), catalogue)}


@pytest.mark.parametrize(("where", "change", "column", "value"), FAULTS, ids=[str(case[1]) for case in FAULTS])
def test_a_fault_is_listed_at_its_place(
    own_ledger: Path, catalogue: Catalogue, where: Row, change: Row, column: str, value: str
) -> None:
    line = spoil_row(own_ledger / TARGETS, where, change)
    assert (str(own_ledger / TARGETS), line, column, value) in _faults(own_ledger, catalogue)


@pytest.mark.parametrize(
    ("where", "change"),
    [
        (GROUND, OWN),
        (GROUND, OWN | {"measured_source": "municipal-record-ivry-2025"}),
        (NEUTRAL, {"override_status": "slow", "override_reason_fr": "Avis.", "override_reason_en": "Advice."}),
        # another text may ask for more than the programme promises
        (TZEN, {"deadline": "2026"}),
        (TZEN, {"programme_id": "", "phase": "", "deadline": "2027"}),
    ],
)
def test_what_a_city_may_enter_is_no_fault(own_ledger: Path, catalogue: Catalogue, where: Row, change: Row) -> None:
    spoil_row(own_ledger / TARGETS, where, change)
    assert _faults(own_ledger, catalogue) == set()


MISFITS = [
    {"kind": "wish"}, {"direction": "up"}, {"base_year": "13"}, {"deadline": "soon"}, {"override_status": "late"},
    {"phase": "validity"}, {"settled_by_fr": ""},
]  # fmt: skip


@pytest.mark.parametrize("change", MISFITS, ids=str)
def test_a_cell_that_does_not_fit(own_ledger: Path, change: Row) -> None:
    line = spoil_row(own_ledger / TARGETS, TZEN, change)
    assert (line, *change) in {(fault.line, fault.column) for fault in read_ledger(own_ledger).faults}


def test_a_target_stands_once(own_ledger: Path, catalogue: Catalogue) -> None:
    _, last = repeat_row(own_ledger / TARGETS, TZEN)
    assert (str(own_ledger / TARGETS), last, "target_id", TZEN["target_id"]) in _faults(own_ledger, catalogue)


def test_numbers_and_years_come_from_the_figures_and_programmes(release: Release) -> None:
    targets = release.table("targets").set_index("target_id")
    assert targets["deadline"].to_dict() == {
        "ivry-carbon-neutrality": "2050",
        "ivry-centre-permeable-ground": "",
        "ivry-city-plan-2030": "2030",
        "ivry-food-waste-city-wide": "2026",
        "ivry-tzen-5-in-service": "2027",
    }
    assert targets["target_value"].dropna().to_dict() == {"ivry-centre-permeable-ground": 60.0}
    assert targets.loc["ivry-centre-permeable-ground", "indicator"] == "permeable_surface_share_percent"
    assert targets.loc["ivry-tzen-5-in-service", "district"] == "94041-ivry-port"
    assert targets.loc["ivry-food-waste-city-wide", "district"] == ""


def test_no_number_or_year_is_written_twice_in_the_ledger(ledger: Ledger) -> None:
    for _, row in ledger.rows("targets.csv", TargetRow):
        assert (row.target_value, row.deadline) == (None, "")
        assert row.figure_id or row.programme_id


def test_every_cell_of_the_ledger_is_published(ledger: Ledger, release: Release) -> None:
    published = release.table("targets").set_index("target_id")
    assert len(published) == 5
    for entry, row in ledger.rows("targets.csv", TargetRow):
        (cells,) = (c for c in read_cells(ROOT / entry.file) if c["target_id"] == row.target_id)
        taken = {"target_id", "target_value", "deadline"}
        assert {name: published.at[row.target_id, name] for name in cells if name not in taken} == {
            name: cell for name, cell in cells.items() if name not in taken
        }


def test_every_figure_read_as_a_target_with_a_number_is_one(ledger: Ledger) -> None:
    read = {
        row.figure_id
        for _, row in ledger.rows("figures.csv", FigureRow)
        if row.nature == "target" and row.obs_value is not None
    }
    listed = {row.figure_id for _, row in ledger.rows("targets.csv", TargetRow)} - {""}
    assert read == listed


def test_a_moved_date_does_not_move_the_target(own_ledger: Path, catalogue: Catalogue) -> None:
    moved = 'ivry-tzen-5,commissioning,2029,planned,2026-06,municipal-record-ivry-2025,002:69,"",""\n'
    header = "programme_id,phase,date,state,as_of,source,source_detail,note_fr,note_en\n"
    (own_ledger / "94041/phases.csv").write_text(header + moved, encoding="utf-8")
    *_, (_, built) = build_tables(catalogue, read_ledger(own_ledger))
    targets = built["targets"].set_index("target_id")
    assert targets.loc["ivry-tzen-5-in-service", "deadline"] == "2027"


def test_an_own_number_and_deadline_are_published(own_ledger: Path, catalogue: Catalogue) -> None:
    spoil_row(own_ledger / TARGETS, GROUND, OWN)
    *_, (_, built) = build_tables(catalogue, read_ledger(own_ledger))
    row = built["targets"].set_index("target_id").loc["ivry-centre-permeable-ground"]
    assert (row["target_value"], row["indicator"], row["deadline"]) == (70000.0, "population", "2033")
