"""Sources, checks, coverage and gaps: what is published is on the page, in words."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from dashboard import fragments
from dashboard.content import coverage, quality
from dashboard.content.folds import Listing, Row
from dashboard.exports import export
from dashboard.figures import indicators
from dashboard.maps.prepare import stations
from dashboard.takeaway.links import links
from dashboard.view import View
from data.definitions import Catalogue
from data.models import CheckRow, NamedPlaceRow, StatementRow
from data.release import Release
from data.rules.gaps import FACTS, gaps_of, missing_facts, relevant_facts
from etl.build import build_tables
from etl.ledger import Ledger, read_ledger


def _listing(view: View, name: str) -> Listing:
    return next(listing for listing in quality.listings(view) if listing.export == name)


def _rows(view: View, name: str, fold: int | None = None) -> list[Row]:
    folds = _listing(view, name).folds
    chosen = folds if fold is None else folds[fold : fold + 1]
    return [row for shown in chosen for group in shown.groups for row in group.rows]


def _gaps(view: View) -> pd.DataFrame:
    return coverage.gap_rows(view).set_index("programme_id")


def test_every_edition_of_every_source_is_listed_with_its_kind(city: View) -> None:
    rows = {row.header: row for row in _rows(city, "sources")}
    assert len(rows) == len(city.release.table("sources")) == 14
    assert (
        rows["Bilan de mandat de la municipalité d’Ivry, premier semestre 2025"].cells[0].mark == "déclaré par la Ville"
    )
    groups = _listing(city, "sources").folds[0].groups
    assert all("Licence" in group.under or "Faits cités" in group.under for group in groups)
    assert all("Mise à jour" in group.under and "Méthode" in group.under for group in groups)


def test_every_published_check_is_shown_with_its_lines_and_verdict(ledger: Ledger, city: View) -> None:
    rows = {row.header: row.cells for row in _rows(city, "verifications")}
    checks = [row for _, row in ledger.rows("checks.csv", CheckRow)]
    assert len(rows) == len(checks) == 41
    for check in checks:
        text, lines = rows[check.title_fr]
        assert text.words == check.text_fr
        for part in check.source_refs.split(";"):
            line = part.split(":")[-1]
            assert line in lines.words or ":" not in check.source_refs, check.check_id
    known = {verdict for verdicts in quality.VERDICTS.values() for verdict in verdicts}
    assert {check.verdict for check in checks} == known


def test_contradictions_come_first_and_open(city: View) -> None:
    first = _listing(city, "verifications").folds[0]
    assert first.is_open
    assert first.groups[0].title == "Le texte se contredit, ou deux sources diffèrent"
    assert any("Dian-Fossey" in row.header for row in first.groups[0].rows)


def test_references_are_told_in_words(city: View) -> None:
    assert quality.reference_words(city, "002:27;57") == "Bilan de mandat, 2025, lignes 27, 57"
    assert quality.reference_words(city, "000:38;003:13").split("\u00a0; ") == [
        "Programme économique, 2014, ligne 38",
        "Stratégie Seine-Amont, 2016, ligne 13",
    ]
    assert "LOVAC, édition 2025" in quality.reference_words(city, "lovac-2025;rpls-2024;insee-census-2021")


def test_all_operations_are_listed_with_what_is_missing(city: View) -> None:
    rows = _rows(city, "manques", 1)
    assert len(rows) == len(city.release.table("programmes")) == 149
    words = {row.header: row.cells[1].words for row in rows}
    assert words["Parc des Confluences"] == "position, quantité livrée"
    assert words["Square Prudon"] == "date, surface, position"
    assert words["Agrocité Gagarine-Truillot"] == "date, position, quantité livrée"
    assert words["Label Territoire engagé pour la nature"] == "rien"
    proposals = {row.header: row for row in rows if row.cells[0].words.startswith("□")}
    assert len(proposals) == 38
    assert {row.cells[1].words for row in proposals.values()} <= {"date", "rien"}


def test_counts_of_gaps_are_those_of_the_rows(city: View) -> None:
    gaps = _gaps(city)
    counts = {row.header: row.cells[0].words for row in _rows(city, "manques", 0)}
    assert counts["date"] == "119 sur 149"
    assert counts["surface"] == "16 sur 20"
    assert counts["taille"] == "6 sur 13"
    assert counts["quantité livrée"] == "24 sur 33"
    assert str(int(gaps[list(FACTS)].sum().sum())) in quality.headline(city).lead


def test_a_fact_is_missing_only_where_it_matters(city: View) -> None:
    programmes = city.release.table("programmes")
    relevant, missing = relevant_facts(programmes), gaps_of(city.release.tables)
    assert not (missing & ~relevant).any().any()
    by_kind = relevant.groupby(programmes["kind"]).any()
    assert not by_kind.loc["governance", "position"]
    assert by_kind.loc["green_space", "area"]
    assert not by_kind.loc["school", "area"]
    assert list(by_kind.index[by_kind["tenure"]]) == ["housing_programme"]


def _head(view: View, listing: Listing) -> str:
    found = links(view, listing.export, dict(listing.query), listing.form)
    return fragments.listing_head(listing, found, "", "fr")


def test_the_gaps_are_offered_as_a_sheet_to_fill_in(city: View) -> None:
    listing = _listing(city, "manques")
    assert listing.form
    assert "fiche à remplir" in listing.note
    head = _head(city, listing)
    assert f"telecharger/manques.xlsx?version={city.release.release_id}" in head
    assert "fiche à remplir (tableur .xlsx)" in head
    others = [part for part in quality.listings(city) if part.export != "manques"]
    assert not any("fiche à remplir" in _head(city, part) for part in others)
    assert all(f"telecharger/{part.export}.xlsx?" in _head(city, part) for part in others if part.export)


def test_a_stated_position_is_a_place_with_the_document_that_says_so(
    own_ledger: Path, catalogue: Catalogue, city: View
) -> None:
    facts = {"longitude": 2.4005, "latitude": 48.8105}
    rows = [f"ivry-square-prudon,{fact},{value},2026-03-12,city-sheet,Plan de 2026,," for fact, value in facts.items()]
    header = ",".join(StatementRow.model_fields)
    (own_ledger / "94041" / "statements.csv").write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    *_, (_, tables) = build_tables(catalogue, read_ledger(own_ledger))
    view = replace(city, release=Release("stated", "2026-03-13", tables))
    assert not _gaps(view).at["ivry-square-prudon", "position"]
    shown = {(row.header, row.under): row.cells for row in _rows(view, "lieux")}
    district, _, source = shown["Square Prudon", "opération"]
    assert (district.words, source.words) == ("Ivry-Port", "Fiche de la Ville\u00a0: Plan de 2026")
    assert any("Fiche des manques" in row.header for row in _rows(view, "sources"))
    assert len(stations(view)) == len(stations(city))


def test_a_sourced_position_closes_the_gap(city: View) -> None:
    programmes, quantities, phases = (city.release.table(name) for name in ("programmes", "quantities", "phases"))
    before, after = (
        missing_facts(programmes, quantities, phases, names)["position"].sum() for names in ((), ("Square Prudon",))
    )
    assert after == before - 1


def test_a_number_that_is_known_is_no_gap(city: View) -> None:
    gaps = _gaps(city)
    # 1 430 dwellings, 5 600 in the figures of the text, 360 studios, 10 km; what is delivered is delivered whole.
    for programme in ("ivry-agrocite-gagarine-truillot", "ivry-port-renewal", "ivry-lbms-student-residence"):
        assert not gaps.at[programme, "size"], programme
        assert gaps.at[programme, "delivered"], programme
    assert not gaps.loc["ivry-plan-velo", ["size", "delivered"]].any()
    assert gaps.at["ivry-square-prudon", "area"]
    assert not gaps.at["ivry-square-prudon", "delivered"]


def test_an_improvement_of_dwellings_that_exist_builds_none(city: View) -> None:
    gaps = _gaps(city)
    assert gaps.at["ivry-opah-raspail", "kind"] == "housing_improvement"
    assert not gaps.loc["ivry-opah-raspail", ["size", "delivered", "tenure"]].any()


@pytest.mark.parametrize("programme", ["ivry-residence-miriam-makeba"])
def test_the_one_delivered_number_is_known(city: View, programme: str) -> None:
    gaps = _gaps(city)
    assert not gaps.at[programme, "delivered"]
    assert gaps.at["ivry-quais-d-ivry", "delivered"]


def test_coverage_names_every_indicator(city: View) -> None:
    rows = {row.header: row.cells for row in _rows(city, "couverture", 0)}
    used = {*city.release.table("observations")["indicator"], *city.release.table("context")["indicator"]}
    assert len(coverage.coverage_rows(city)) == len(used) == len(indicators(city.release))
    population = rows["Population"]
    assert "commune (5)" in population[0].words
    assert "quartier (6)" in population[0].words
    assert population[1].words == "2013–2023"
    heat = rows["Besoins de chaleur des logements couverts par géothermie"]
    assert heat[1].words == "1 sans date"
    started = rows["Logements commencés dans l’année"]
    assert "donnée manquante (4)" in started[3].words


def test_every_named_place_says_its_district_or_that_none_is_known(ledger: Ledger, city: View) -> None:
    rows = {(row.header, row.under.split(",")[0]): row.cells for row in _rows(city, "lieux")}
    places = [row for _, row in ledger.rows("places_named.csv", NamedPlaceRow)]
    for place in places:
        mine = [cells for (name, _), cells in rows.items() if name == place.name]
        assert mine, place.name
        assert any(cells[1].words == place.district_basis_fr for cells in mine)
    assert rows["Venelle Galilée", "rue ou place"][0].words == "quartier non précisé"
    assert rows["Porte d’Ivry", "métro 7"][0].words == "hors des quartiers d’Ivry"
    assert len(_rows(city, "lieux")) == len(city.release.table("places"))


def test_the_page_does_not_depend_on_the_district(city: View, district: View) -> None:
    assert quality.listings(city) is quality.listings(district)
    assert quality.headline(city) == quality.headline(district)


@pytest.mark.parametrize("name", list(quality.EXPORTS))
def test_downloads_hold_the_rows_of_the_page(city: View, name: str) -> None:
    fold = {"manques": 1, "couverture": 0}.get(name)
    assert len(export(city, name, {})) == len(_rows(city, name, fold))
