"""Received files on the sources page: every file, what became of its rows, every row that could not be used."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from dashboard.content import quality, received
from dashboard.content.folds import Listing
from dashboard.exports import export
from dashboard.view import View, the_view
from data.definitions import Catalogue
from data.release import open_release
from etl.arrivals import ingest
from etl.ledger import Ledger
from etl.publish import publish
from tests.etl.receiving import register_of, use_example_connector

TOTAL = "94041;social_dwellings;2025-01-01;12010;A"
ELSEWHERE = "75056;social_dwellings;2025-01-01;250000;A"


@pytest.fixture
def with_a_file(catalogue: Catalogue, ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> View:
    """Return the city of a release with a file of one good row, 300 bad ones and one of elsewhere."""
    use_example_connector(monkeypatch)
    register = register_of(catalogue, ledger, tmp_path)
    bad = [f"94041;social_dwellings_vacant;2025-01-01;<b>{number}</b>;A" for number in range(300)]
    ingest("rpls", register.file(TOTAL, *bad, ELSEWHERE), "2025", "94041", register.inputs)
    release_id = publish(register.build(), tmp_path / "releases")
    release = open_release(tmp_path / "releases", release_id)
    return the_view(release, "94041", "ville", "fr", "light", date(2026, 11, 23))


def _listing(view: View, name: str) -> Listing:
    return next(listing for listing in quality.listings(view) if listing.export == name)


def test_nothing_is_said_of_files_where_none_was_received(city: View) -> None:
    assert received.received_lists(city) == ()
    assert len(export(city, "receptions", {})) == len(export(city, "quarantaine", {})) == 0


def test_a_file_is_listed_with_what_became_of_its_rows(with_a_file: View) -> None:
    (fold,) = _listing(with_a_file, "receptions").folds
    ((row,),) = (group.rows for group in fold.groups)
    assert row.header == "RPLS au 1er janvier 2025"
    assert [cell.words for cell in row.cells] == ["rpls-1.csv", "302", "1", "300", "1"]
    assert row.cells[0].note.startswith("reçu le 23 novembre 2026, empreinte sha256 ")
    assert len(fold.columns) == len(row.cells) + 1


def test_rows_that_could_not_be_used_are_shown_with_why(with_a_file: View) -> None:
    listing = _listing(with_a_file, "quarantaine")
    (group,) = listing.folds[0].groups
    assert len(group.rows) == received.SHOWN
    first = group.rows[0]
    assert (first.header, first.under) == ("ligne 3", "colonne « value »")
    assert [cell.words for cell in first.cells] == ["« <b>0</b> »", "La valeur n’est pas un nombre."]
    assert "300" in listing.folds[0].title
    assert "le téléchargement les a toutes" in listing.note
    rows = export(with_a_file, "quarantaine", {})
    assert len(rows) == 300
    assert set(rows["reason_en"]) == {"The value is not a number."}


def test_the_address_of_a_fetched_file_is_named(with_a_file: View) -> None:
    files = with_a_file.release.table("intakes").assign(address="https://data.example/rpls.csv")
    release = replace(with_a_file.release, tables=with_a_file.release.tables | {"intakes": files})
    listing = received.received_lists(replace(with_a_file, release=release))[0]
    assert "https://data.example/rpls.csv" in listing.folds[0].groups[0].rows[0].cells[0].note
