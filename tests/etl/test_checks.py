"""Cross-checks: each fault of the ledger is listed at its place, all of them at once, and nothing is read on."""

from pathlib import Path

import pytest

from data.definitions import Catalogue
from data.errors import FaultyInputError
from data.settings import CATALOGUE
from etl.build import read_inputs
from etl.checks import check_ledger
from etl.ledger import Ledger, read_ledger
from tests.etl.spoiling import Row, repeat_row, spoil_row

STANDS = {"figure_id": "ivry-bike-stands"}
NOTED = {"figure_id": "ivry-redevelopment-years"}
# No target hangs on its date.
SPACE = {"programme_id": "ivry-espace-demarches"}
DWELLINGS = {"indicator": "dwellings_authorised", "time_period": "2014"}
LABEL = {"kind": "label", "name": "La Seine"}
FIGURES, OPEN_DATA, PROGRAMMES = "94041/figures.csv", "94041/open_data.csv", "94041/programmes.csv"
RINGS, SHARES = "94041/district_sketch_rings.csv", "94041/iris_district_shares.csv"

# file, row, change, column and value reported
FAULTS: list[tuple[str, Row, Row, str, str]] = [
    (FIGURES, STANDS, {"source": "press-2025"}, "source", "press-2025"),
    (FIGURES, STANDS, {"obs_value": "-5"}, "obs_value", "-5.0"),
    (FIGURES, STANDS, {"obs_value_max": "9e9"}, "obs_value_max", "9000000000.0"),
    (FIGURES, STANDS, {"ref_area": "94099"}, "ref_area", "94099"),
    (FIGURES, STANDS, {"indicator": "bike_stands"}, "indicator", "bike_stands"),
    (FIGURES, STANDS, {"programme": "ivry-velo"}, "programme", "ivry-velo"),
    (FIGURES, NOTED, {"note_fr": ""}, "note_fr", ""),
    (FIGURES, NOTED, {"note_en": ""}, "note_en", ""),
    (FIGURES, STANDS, {"obs_value": ""}, "obs_status", "A"),
    (FIGURES, STANDS, {"obs_status": "O"}, "obs_status", "O"),
    (OPEN_DATA, DWELLINGS, {"unit": "household"}, "unit", "household"),
    (OPEN_DATA, DWELLINGS, {"obs_value": ""}, "obs_status", "A"),
    (PROGRAMMES, SPACE, {"start_kind": ""}, "start", "2028"),
    (PROGRAMMES, SPACE, {"end_kind": "opening"}, "end", ""),
    (PROGRAMMES, SPACE, {"end": "2026", "end_kind": "target"}, "end", "2026"),
    (PROGRAMMES, SPACE, {"start_kind": "opening", "status": "delivered"}, "status", "delivered"),
    (PROGRAMMES, SPACE, {"dwellings_social_share": "30"}, "dwellings_social_share", "30.0"),
    (PROGRAMMES, SPACE, {"other_quantities": "30 buses"}, "other_quantities", "30 buses"),
    (PROGRAMMES, SPACE, {"theme": "transport"}, "theme", "transport"),
    (RINGS, {"district": "petit-ivry"}, {"corners": "c01 c02 c99"}, "corners", "c01 c02 c99"),
    (RINGS, {"district": "petit-ivry"}, {"corners": "c01 c02"}, "corners", "c01 c02"),
    ("94041/map_context.csv", {"kind": "line", "name": "La Seine"}, {"corners": "c21"}, "corners", "c21"),
    ("94041/map_context.csv", LABEL, {"longitude": ""}, "longitude", "None"),
    (SHARES, {"iris": "940410101"}, {"weight": "0.98"}, "weight", "0.98"),
    (SHARES, {"iris": "940410101"}, {"district": "north"}, "district", "north"),
    ("94041/places_named.csv", {"sector": "ivry-port"}, {"district": "north"}, "district", "north"),
    ("94041/places_named.csv", {"sector": "ivry-port"}, {"district_basis_fr": ""}, "district_basis_fr", ""),
    ("94041/places_named.csv", {"sector": "ivry-port"}, {"district_basis_en": ""}, "district_basis_en", ""),
    ("94041/milestones.csv", {"date": "2017-10-12"}, {"theme": "politics"}, "theme", "politics"),
    ("94081/heat_networks.csv", {"network_id": "9403C"}, {"communes": "94081 94099"}, "communes", "94081 94099"),
]


def _faults(folder: Path, catalogue: Catalogue) -> list[tuple[str, int, str, str]]:
    faults = check_ledger(read_ledger(folder), catalogue)
    return [(fault.file, fault.line, fault.column, fault.value) for fault in faults]


def test_the_ledger_has_no_fault(ledger: Ledger, catalogue: Catalogue) -> None:
    assert check_ledger(ledger, catalogue) == []


@pytest.mark.parametrize(("file", "where", "change", "column", "value"), FAULTS, ids=[str(f[2]) for f in FAULTS])
def test_one_fault_is_listed_at_its_place(
    own_ledger: Path, catalogue: Catalogue, file: str, where: Row, change: Row, column: str, value: str
) -> None:
    line = spoil_row(own_ledger / file, where, change)
    assert _faults(own_ledger, catalogue) == [(str(own_ledger / file), line, column, value)]


def test_an_unknown_iris_is_listed(own_ledger: Path, catalogue: Catalogue) -> None:
    line = spoil_row(own_ledger / SHARES, {"iris": "940410101"}, {"iris": "940419999"})
    assert _faults(own_ledger, catalogue) == [(str(own_ledger / SHARES), line, "iris", "940419999")]


def test_a_folder_of_an_unknown_commune_is_listed(own_ledger: Path, catalogue: Catalogue) -> None:
    (own_ledger / "94074").rename(own_ledger / "75113")
    assert {fault[2:] for fault in _faults(own_ledger, catalogue)} >= {("folder", "75113")}


def test_delivered_in_the_year_of_the_statement_is_no_fault(own_ledger: Path, catalogue: Catalogue) -> None:
    delivered = {"start": "2025-05", "start_kind": "opening", "status": "delivered", "as_of": "2025"}
    spoil_row(own_ledger / PROGRAMMES, SPACE, delivered)
    assert _faults(own_ledger, catalogue) == []


KEYS: list[tuple[str, Row]] = [
    (FIGURES, STANDS),
    ("94041/context.csv", {"figure_id": "ivry-urban-history"}),
    (OPEN_DATA, DWELLINGS),
    (PROGRAMMES, SPACE),
    ("94041/milestones.csv", {"date": "2017-10-12"}),
    ("94041/checks.csv", {"check_id": "dw-general"}),
    ("94041/stations.csv", {"name": "Olympiades"}),
    ("94041/iris.csv", {"iris": "940410101"}),
    ("94041/heat_networks.csv", {"network_id": "9406C"}),
    ("94041/places_named.csv", {"sector": "ivry-port"}),
    ("94041/district_sketch_corners.csv", {"corner": "c01"}),
    (RINGS, {"district": "petit-ivry"}),
    ("94041/map_context.csv", LABEL),
]


@pytest.mark.parametrize(("file", "where"), KEYS, ids=[file for file, _ in KEYS])
def test_a_repeated_key_is_listed_with_the_line_it_repeats(
    own_ledger: Path, catalogue: Catalogue, file: str, where: Row
) -> None:
    path = own_ledger / file
    first, last = repeat_row(path, where)
    (fault,) = check_ledger(read_ledger(own_ledger), catalogue)
    assert (fault.file, fault.line) == (str(path), last)
    assert f"{path}:{first}" in fault.problem


def test_the_same_sector_in_two_communes_is_no_fault(own_ledger: Path, catalogue: Catalogue) -> None:
    spoil_row(own_ledger / "26362/places_named.csv", {"sector": "place-saint-jean"}, {"sector": "plateau"})
    assert "sector" not in {fault[2] for fault in _faults(own_ledger, catalogue)}


def test_faults_of_two_files_are_told_together_and_nothing_is_read(own_ledger: Path) -> None:
    # One is found while reading, the other by comparison: both in one go.
    figures, shares = own_ledger / FIGURES, own_ledger / SHARES
    # No target and no commitment is measured by this one: nothing else misses it.
    first = spoil_row(figures, {"figure_id": "ivry-agents-per-1000"}, {"obs_value": "many"})
    second = spoil_row(shares, {"iris": "940410101"}, {"weight": "0.5"})
    with pytest.raises(FaultyInputError) as caught:
        read_inputs(CATALOGUE, own_ledger)
    assert [(fault.file, fault.line, fault.value) for fault in caught.value.faults] == [
        (str(figures), first, "many"),
        (str(shares), second, "0.5"),
    ]
    message = str(caught.value)
    assert "2 fault(s)" in message
    assert f"{figures}:{first}: column 'obs_value', value 'many'" in message


def test_weights_and_an_unknown_area_are_told_together(own_ledger: Path, catalogue: Catalogue) -> None:
    spoil_row(own_ledger / FIGURES, STANDS, {"ref_area": "94099"})
    spoil_row(own_ledger / SHARES, {"iris": "940410101"}, {"weight": "0.5"})
    assert {fault[3] for fault in _faults(own_ledger, catalogue)} == {"94099", "0.5"}
