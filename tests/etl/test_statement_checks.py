"""Checks of what is stated of programmes after their texts, and how statements count in a release."""

import csv
from pathlib import Path

import pandas as pd
import pytest

from data.definitions import Catalogue
from data.models import StatementRow
from etl.build import build_tables
from etl.checks import check_ledger
from etl.ledger import read_ledger

AGROCITE, PORT, MIXED = "ivry-agrocite-gagarine-truillot", "ivry-port-renewal", "ivry-lbms-mixed"
PRUDON, STUDIOS, BIKES = "ivry-square-prudon", "ivry-lbms-student-residence", "ivry-plan-velo"

Stated = tuple[str, str, str, str]


def _state(ledger: Path, *rows: Stated) -> Path:
    """Write statements of the city's sheet: programme, fact, value, date."""
    path = ledger / "94041" / "statements.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, StatementRow.model_fields, restval="")
        writer.writeheader()
        for number, (programme, fact, value, as_of) in enumerate(rows):
            writer.writerow({"programme_id": programme, "fact": fact, "value": value, "as_of": as_of,
                             "source": "city-sheet", "source_detail": f"note {number}"})  # fmt: skip
    return path


def _faults(ledger: Path, catalogue: Catalogue) -> list[tuple[int, str, str]]:
    return [(fault.line, fault.column, fault.problem) for fault in check_ledger(read_ledger(ledger), catalogue)]


FAULTS: list[tuple[list[Stated], int, str, str]] = [
    ([("ivry-velo", "area_m2", "5", "2026")], 2, "programme_id", "unknown programme"),
    ([(PRUDON, "surface", "5", "2026")], 2, "fact", "Input should be"),
    ([(PRUDON, "area_m2", "5 m2", "2026")], 2, "value", "Input should be a valid number"),
    ([(PRUDON, "area_m2", "-5", "2026")], 2, "value", "a quantity cannot be negative"),
    ([(AGROCITE, "dwellings_social_share", "30", "2026")], 2, "value", "a share lies between 0 and 1"),
    ([(AGROCITE, "dwellings_delivered", "30.5", "2026")], 2, "value", "this is counted in whole numbers"),
    ([(AGROCITE, "dwellings_delivered", "1431", "2026")], 2, "value", "more delivered than there is in all (1430)"),
    # 5 600 in the figures of the text, 360 studios that are special-purpose dwellings, 124 or 372 by reading.
    ([(PORT, "dwellings_delivered", "5601", "2026")], 2, "value", "more delivered than there is in all (5600)"),
    ([(STUDIOS, "dwellings_delivered", "361", "2026")], 2, "value", "more delivered than there is in all (360)"),
    ([(MIXED, "dwellings_delivered", "373", "2026")], 2, "value", "more delivered than there is in all (372)"),
    ([(AGROCITE, "dwellings_total", "1200", "2026-02"), (AGROCITE, "dwellings_delivered", "1300", "2026-01")], 3,
     "value", "more delivered than there is in all (1200)"),
    ([(PRUDON, "latitude", "48.81", "2026")], 2, "fact", "latitude without longitude"),
    ([(PRUDON, "longitude", "2.4", "2026-01"), (PRUDON, "longitude", "2.4", "2026-02"),
      (PRUDON, "latitude", "48.81", "2026-02")], 2, "fact", "longitude without latitude"),
    ([(PRUDON, "longitude", "48.81", "2026"), (PRUDON, "latitude", "2.4", "2026")], 2, "value", "48.81, 2.4 lies"),
    ([(PRUDON, "longitude", "240", "2026"), (PRUDON, "latitude", "4881", "2026")], 2, "value", "240, 4881 is no"),
    ([(PRUDON, "area_m2", "5", "2026"), (PRUDON, "area_m2", "6", "2026")], 3, "value", "area_m2 of ivry"),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "line", "column", "problem"), FAULTS, ids=[fault[3] for fault in FAULTS])
def test_a_statement_that_cannot_be_true_is_told(
    own_ledger: Path, catalogue: Catalogue, rows: list[Stated], line: int, column: str, problem: str
) -> None:
    _state(own_ledger, *rows)
    ((found_line, found_column, found_problem),) = _faults(own_ledger, catalogue)
    assert (found_line, found_column) == (line, column)
    assert found_problem.startswith(problem)


def test_the_same_row_twice_is_told_with_the_line_it_repeats(own_ledger: Path, catalogue: Catalogue) -> None:
    path = _state(own_ledger, (PRUDON, "area_m2", "900", "2026"))
    path.write_text(path.read_text(encoding="utf-8") + path.read_text(encoding="utf-8").splitlines()[1] + "\n", "utf-8")
    assert _faults(own_ledger, catalogue) == [(3, "programme_id", f"repeats {path}:2")]


def test_what_a_reading_allows_is_no_fault(own_ledger: Path, catalogue: Catalogue) -> None:
    _state(own_ledger, (MIXED, "dwellings_delivered", "300", "2026"), (AGROCITE, "dwellings_delivered", "1430", "2026"))
    assert _faults(own_ledger, catalogue) == []


def test_two_sources_of_the_same_value_are_no_fault(own_ledger: Path, catalogue: Catalogue) -> None:
    _state(own_ledger, (PRUDON, "area_m2", "900", "2026"), (PRUDON, "area_m2", "900", "2026"))
    assert _faults(own_ledger, catalogue) == []


def _tables(ledger: Path, catalogue: Catalogue) -> dict[str, pd.DataFrame]:
    *_, (_, built) = build_tables(catalogue, read_ledger(ledger))
    return built


def test_a_statement_older_than_the_text_does_not_replace_its_number(own_ledger: Path, catalogue: Catalogue) -> None:
    _state(
        own_ledger,
        (AGROCITE, "dwellings_total", "1200", "2016-05-01"),
        (PORT, "dwellings_total", "8000", "2016-05-01"),
        (PRUDON, "area_m2", "900", "2016-05-01"),
    )
    built = _tables(own_ledger, catalogue)
    programmes = built["programmes"].set_index("programme_id")
    assert programmes.at[AGROCITE, "dwellings_total"] == 1430
    # The text gives the square no area: the old statement is all there is.
    assert programmes.at[PRUDON, "area_m2"] == 900
    rows = {(row["programme_id"], row["quantity"]): row for row in built["quantities"].to_dict("records")}
    assert rows[AGROCITE, "dwellings"]["source_detail"] == "002:10"
    assert rows[PORT, "dwellings"]["value"] == 5600
    assert rows[PRUDON, "green_area_m2"]["as_of"] == "2016-05-01"


def test_a_later_total_settles_how_a_text_is_read(own_ledger: Path, catalogue: Catalogue) -> None:
    _state(own_ledger, (MIXED, "dwellings_total", "130", "2026-05-01"))
    quantities = _tables(own_ledger, catalogue)["quantities"]
    (row,) = quantities[quantities["programme_id"] == MIXED].to_dict("records")
    assert (row["value"], row["reading"], row["source"]) == (130, "", "city-sheet")


def test_a_later_delivery_stands_for_an_observed_figure(own_ledger: Path, catalogue: Catalogue) -> None:
    _state(own_ledger, (BIKES, "cycle_route_km", "20", "2026-05-01"))
    quantities = _tables(own_ledger, catalogue)["quantities"].set_index("programme_id")
    # A new total leaves the 10 km that the text says are built.
    assert (quantities.at[BIKES, "value"], quantities.at[BIKES, "delivered"]) == (20, 10)
    _state(own_ledger, (BIKES, "cycle_route_delivered_km", "9.5", "2026-05-01"))
    quantities = _tables(own_ledger, catalogue)["quantities"].set_index("programme_id")
    assert (quantities.at[BIKES, "value"], quantities.at[BIKES, "delivered"]) == (10, 9.5)


def test_a_delivery_of_unknown_whole_is_kept(own_ledger: Path, catalogue: Catalogue) -> None:
    _state(own_ledger, ("ivry-point-p", "dwellings_delivered", "40", "2026-05-01"))
    quantities = _tables(own_ledger, catalogue)["quantities"].set_index("programme_id")
    assert pd.isna(quantities.at["ivry-point-p", "value"])
    assert quantities.at["ivry-point-p", "delivered"] == 40


def test_a_stated_position_makes_a_place_in_the_district_it_lies_in(own_ledger: Path, catalogue: Catalogue) -> None:
    # The text gives the lane no district; the point lies in the north of Petit-Ivry, 2 km from the Seine.
    _state(
        own_ledger,
        ("ivry-venelle-galilee", "longitude", "2.3700", "2026-05-01"),
        ("ivry-venelle-galilee", "latitude", "48.8155", "2026-05-01"),
    )
    built = _tables(own_ledger, catalogue)
    place = built["places"].set_index("place_id").loc["programme-ivry-venelle-galilee"]
    assert (place["kind"], place["district"], place["listed_for"]) == ("operation", "94041-petit-ivry", "94041")
    assert "esquisse" in place["district_basis_fr"]
    assert built["programmes"].set_index("programme_id").at["ivry-venelle-galilee", "district"] == ""
