"""Reading the ledger: what does not fit its model is a fault with file, line, column and value."""

from pathlib import Path

import pytest

from data.errors import Fault
from data.models import CheckRow, FigureRow
from etl.ledger import Ledger, read_ledger
from tests.etl.spoiling import Row, rename_column, spoil_row


def _only_fault(folder: Path) -> Fault:
    (fault,) = read_ledger(folder).faults
    return fault


def test_928_rows_of_seven_folders_without_a_fault(ledger: Ledger) -> None:
    assert ledger.faults == []
    rows = [entry for entries in ledger.entries.values() for entry in entries]
    assert len(rows) == 928
    folders = {"94041", "94022", "94074", "94081", "26362", "seine-amont", "grand-orly-seine-bievre"}
    assert {entry.folder for entry in rows} == folders


def test_a_row_knows_its_place(ledger: Ledger) -> None:
    entry, figure = next(ledger.rows("figures.csv", FigureRow))
    assert (entry.file, entry.line, figure.figure_id) == ("data/ledger/26362/figures.csv", 2, "valence-vacant-premises")


def test_rows_of_another_model_are_refused(ledger: Ledger) -> None:
    with pytest.raises(TypeError, match="holds FigureRow, not CheckRow"):
        next(ledger.rows("figures.csv", CheckRow))


FAULTS: list[tuple[str, Row, Row]] = [
    ("94041/figures.csv", {"figure_id": "ivry-bike-stands"}, {"obs_value": "many"}),
    ("94041/figures.csv", {"figure_id": "ivry-bike-stands"}, {"obs_value": "1 128"}),
    ("94041/figures.csv", {"figure_id": "ivry-bike-stands"}, {"obs_value": "nan"}),
    ("94041/figures.csv", {"figure_id": "ivry-bike-stands"}, {"source": ""}),
    ("94041/figures.csv", {"figure_id": "ivry-bike-stands"}, {"source_detail": ""}),
    ("94041/figures.csv", {"figure_id": "ivry-bike-stands"}, {"nature": "wished"}),
    ("94041/figures.csv", {"figure_id": "ivry-bike-stands"}, {"obs_status": "Z"}),
    ("94041/figures.csv", {"figure_id": "ivry-bike-stands"}, {"time_period": "spring 2025"}),
    ("94041/figures.csv", {"figure_id": "ivry-bike-stands"}, {"time_period": "2025-13"}),
    ("94041/figures.csv", {"figure_id": "ivry-bike-stands"}, {"time_period": "2025-02-29"}),
    ("94041/figures.csv", {"figure_id": "ivry-bike-stands"}, {"time_period": "2025/2020"}),
    ("94041/programmes.csv", {"programme_id": "ivry-tzen-5"}, {"start": "2027/2028"}),
    ("94041/programmes.csv", {"programme_id": "ivry-tzen-5"}, {"status": "late"}),
    ("94041/programmes.csv", {"programme_id": "ivry-tzen-5"}, {"programme_id": "T Zen 5"}),
    ("94041/programmes.csv", {"programme_id": "ivry-tzen-5"}, {"area_m2": "inf"}),
    ("94041/stations.csv", {"name": "Olympiades"}, {"latitude": "482.8"}),
    ("94041/iris.csv", {"iris": "940410101"}, {"area_ha": "0"}),
    ("94041/iris.csv", {"iris": "940410101"}, {"iris": "94041"}),
]


@pytest.mark.parametrize(("file", "where", "change"), FAULTS, ids=[str(change) for *_, change in FAULTS])
def test_a_cell_that_does_not_fit(own_ledger: Path, file: str, where: Row, change: Row) -> None:
    ((column, value),) = change.items()
    line = spoil_row(own_ledger / file, where, change)
    fault = _only_fault(own_ledger)
    assert (fault.file, fault.line, fault.column, fault.value) == (str(own_ledger / file), line, column, value)
    assert all(part in str(fault) for part in (f"{fault.file}:{line}", column, fault.remedy))


def test_an_unknown_column_is_named_and_the_missing_one_too(own_ledger: Path) -> None:
    path = own_ledger / "94041" / "milestones.csv"
    rename_column(path, "label_en", "label_de")
    faults = {(fault.column, fault.problem) for fault in read_ledger(own_ledger).faults}
    assert faults == {("label_de", "unknown column"), ("label_en", "column missing")}


def test_a_file_that_is_not_utf8_is_named_with_its_line(own_ledger: Path) -> None:
    path = own_ledger / "94041" / "milestones.csv"
    head, *rest = path.read_bytes().split(b"\n")
    path.write_bytes(b"\n".join([head, "été".encode("latin-1"), *rest]))
    fault = _only_fault(own_ledger)
    assert (fault.file, fault.line) == (str(path), 2)
    assert "not UTF-8" in fault.problem


def test_a_row_with_a_comma_too_many(own_ledger: Path) -> None:
    path = own_ledger / "94041" / "stations.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    lines[3] += ",extra"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert _only_fault(own_ledger).line == 4


def test_a_quote_that_never_closes(own_ledger: Path) -> None:
    path = own_ledger / "94041" / "stations.csv"
    path.write_text(path.read_text(encoding="utf-8") + '"Mairie', encoding="utf-8")
    assert "not valid CSV" in _only_fault(own_ledger).problem


@pytest.mark.parametrize("name", ["budget.csv", "Figures.csv"])
def test_an_unknown_file_is_named(own_ledger: Path, name: str) -> None:
    (own_ledger / "94041" / name).write_text("a,b\n1,2\n", encoding="utf-8")
    fault = _only_fault(own_ledger)
    assert (fault.value, fault.problem) == (name, "unknown ledger file")


def test_an_empty_file_misses_every_column(own_ledger: Path) -> None:
    (own_ledger / "94041" / "stations.csv").write_text("", encoding="utf-8")
    columns = {fault.column for fault in read_ledger(own_ledger).faults}
    assert columns == {"name", "mode", "line", "longitude", "latitude", "source"}


def test_faults_do_not_hide_the_sound_rows(own_ledger: Path) -> None:
    spoil_row(own_ledger / "94041" / "stations.csv", {"name": "Olympiades"}, {"latitude": "north"})
    assert len(read_ledger(own_ledger).entries["stations.csv"]) == 35


def test_the_digest_of_a_source_follows_its_rows_only(ledger: Ledger, own_ledger: Path) -> None:
    spoil_row(own_ledger / "94041" / "figures.csv", {"figure_id": "ivry-bike-stands"}, {"obs_value": "723"})
    changed = read_ledger(own_ledger)
    assert changed.digest("municipal-record-ivry-2025") != ledger.digest("municipal-record-ivry-2025")
    assert changed.digest("lovac-2025") == ledger.digest("lovac-2025")
