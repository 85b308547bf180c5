"""The pages of the operations: state, dates, quantities and sources as the release has them, nothing dressed up."""

import html
import re

import pytest

from dashboard.content.pieces import Table
from dashboard.content.programme_sheets import (
    address,
    links_of,
    list_tree,
    programme_link,
    programme_tree,
    slugs,
)
from dashboard.content.tree import Facts, Listings, PageLinks, PageTree, Tables
from dashboard.messages import message
from dashboard.publication.place import Place
from dashboard.publication.programme_pages import programme_pages
from dashboard.publication.rendering import Sheet, tree_body
from dashboard.view import View, the_view
from dashboard.works import events, programme_rows, works
from data.release import Release
from tests.dashboard.conftest import TODAY

PLACE = Place("https://ville.example/", lambda view, pattern, kind: pattern.format(format=kind))


def _plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def _facts(page: PageTree) -> dict[str, str]:
    (facts,) = (part for part in page.parts if isinstance(part, Facts))
    return {item.label: _plain(f"{item.value} {item.detail}".strip()) for item in facts.items}


def _tables(page: PageTree) -> dict[str, Table]:
    return {table.title: table for part in page.parts if isinstance(part, Tables) for table in part.tables}


def test_every_operation_of_the_commune_has_a_page_and_a_party_s_proposal_none(city: View) -> None:
    known, proposed = set(slugs(city)), set(programme_rows(city, with_proposals=True)["programme_id"])
    assert known == set(programme_rows(city)["programme_id"])
    assert len(proposed - known) == 9
    assert programme_link(city, min(proposed - known)) is None
    addresses = list(slugs(city).values())
    assert len(set(addresses)) == len(addresses)
    assert "liste" not in addresses
    assert address(city, "ivry-quais-d-ivry") == "programmes/quais-d-ivry"
    with pytest.raises(KeyError):
        programme_tree(city, min(proposed - known))


def test_each_page_says_name_state_dates_and_source(city: View) -> None:
    for work in works(city):
        page = programme_tree(city, work.programme_id)
        facts = _facts(page)
        assert page.headline.title.startswith(work.name)
        assert facts["État"].startswith(f"{work.glyph} {_plain(work.status_words)}")
        assert facts["Dates"].startswith(_plain(work.date_words))
        assert facts["Source"].startswith(_plain(work.source))
        assert facts["Quartier"] == work.district_name
        assert page.tiles == ()


def test_dates_are_told_phase_by_phase_with_precision_state_and_line(city: View) -> None:
    phases = city.release.table("phases")
    for name, mine in phases[phases["programme_id"].isin(list(slugs(city)))].groupby("programme_id"):
        rows = _tables(programme_tree(city, str(name)))["Les dates, étape par étape"].rows
        assert len(rows) == len(mine)
        happened = sum(row[3].startswith("a eu lieu") for row in rows)
        assert happened == (mine["state"] == "happened").sum()
    (row,) = _tables(programme_tree(city, "ivry-parc-des-confluences"))["Les dates, étape par étape"].rows
    assert row[:3] == ("première ouverture", "mai 2025", "au mois")


def test_a_date_that_passed_without_confirmation_is_said_to_have(city: View) -> None:
    due = [work for work in works(city) if work.due]
    assert due
    for work in works(city):
        page = programme_tree(city, work.programme_id)
        words = message("agenda.due", "fr")
        assert (words in page.headline.lead) == work.due
        assert (words in _facts(page)["Dates"]) == work.due
        link = programme_link(city, work.programme_id)
        assert link is not None
        assert (words in link.detail) == work.due


def test_quantities_are_those_of_the_release_and_what_is_not_said_is_not_published(city: View) -> None:
    quantities = city.release.table("quantities")
    mine = quantities[quantities["programme_id"].isin(list(slugs(city)))]
    for name, rows in mine.groupby("programme_id"):
        told = _tables(programme_tree(city, str(name)))["Quantités citées, et livrées"].rows
        assert len(told) == len(rows)
        assert [row[2] != "non publié" for row in told] == list(rows["delivered"].notna())
    (quais,) = _tables(programme_tree(city, "ivry-quais-d-ivry"))["Quantités citées, et livrées"].rows
    assert [_plain(cell) for cell in quais[:3]] == ["Logements ordinaires", "1 150 logements", "non publié"]
    mixed = _tables(programme_tree(city, "ivry-lbms-mixed"))
    assert len(mixed["Phrases qui peuvent se lire de plusieurs façons"].rows) == 2
    assert "124 ou 372 logements, selon la lecture du texte" in programme_tree(city, "ivry-lbms-mixed").headline.lead


def test_figures_of_the_texts_stand_with_their_nature_and_their_source(city: View) -> None:
    observations = city.release.table("observations")
    for name, rows in observations[observations["programme"].isin(list(slugs(city)))].groupby("programme"):
        told = _tables(programme_tree(city, str(name)))["Les chiffres des textes"].rows
        assert len(told) == len(rows)
        for nature in set(rows["nature"]) - {"observed"}:
            assert any(f"({message(f'nature.{nature}', 'fr')}" in row[1] for row in told)


def _events_told(view: View, programme_id: str) -> list[tuple[str, ...]]:
    found = _tables(programme_tree(view, programme_id)).get("Les événements datés de l’opération")
    return [row[:2] for row in found.rows] if found else []


@pytest.mark.parametrize(
    ("programme_id", "told"),
    [
        ("ivry-quais-d-ivry", [("Démolition du centre commercial Quais d’Ivry", "2026")]),
        ("ivry-cleaning-fleet", []),
        # Line 69 of the record names five operations and one date, that of the T Zen 5; line 28 two dates of three.
        ("ivry-tzen-5", [("Mise en service prévue du T Zen 5", "2027")]),
        ("ivry-metro-10", []),
        ("ivry-bus-25", []),
        ("ivry-quai-pourchasse", [("Piétonnisation du quai Henri-Pourchasse", "2021")]),
        ("ivry-parc-des-confluences", [("Ouverture de la première partie du parc des Confluences", "mai 2025")]),
        ("ivry-port-renewal", []),
        # Line 21: arts classes in 2026, the other place in 2028, both in the centre.
        ("ivry-espace-demarches", [("Espace démarches et citoyen", "2028")]),
        ("ivry-arts-plastiques", [("Regroupement des cours d’arts plastiques", "2026")]),
        ("ivry-jeanne-hachette", []),
        ("ivry-conference-climat-2023", [("2e Conférence climat", "2023")]),
        # Its own lines alone, at dates that are not its own.
        ("ivry-street-ashtrays", [("50 cendriers de rue supplémentaires", "2025")]),
    ],
)
def test_a_date_of_a_neighbour_in_the_text_is_not_told_as_the_operations(
    city: View, programme_id: str, told: list[tuple[str, str]]
) -> None:
    assert [(label, _plain(date)) for label, date in _events_told(city, programme_id)] == told


def test_every_event_told_is_the_operations_own_date_or_stands_in_lines_of_it_alone(city: View) -> None:
    known, count = works(city), 0
    for work in known:
        for label, date in _events_told(city, work.programme_id):
            (event,) = (one for one in events(city) if (one.label, one.date_words) == (label, date))
            near = [other for other in known if other.lines & event.lines]
            assert event.date in work.stated or near == [work], (work.programme_id, label)
            count += 1
    assert count > 20


def test_a_slip_is_only_told_where_there_are_dates(city: View) -> None:
    with_slips = set()
    for work in works(city):
        parts = programme_tree(city, work.programme_id).parts
        with_slips |= {work.programme_id for part in parts if isinstance(part, Listings)}
    assert "ivry-tzen-5" in with_slips
    assert "ivry-brs" not in with_slips


def test_the_list_and_the_districts_lead_to_every_page(city: View, ivry_port: View) -> None:
    linked = [link.address for part in list_tree(city).parts if isinstance(part, PageLinks) for link in part.links]
    assert sorted(linked) == sorted(address(city, name) for name in slugs(city))
    (of_district,) = links_of(ivry_port)
    assert len(of_district.links) == len(works(ivry_port)) > 10
    (of_city,) = links_of(city)
    assert [link.address for link in of_city.links] == ["programmes/liste"]


def test_a_page_leads_to_its_district_its_figures_and_back(city: View) -> None:
    sheet = Sheet(city, PLACE, "programmes/quais-d-ivry/")
    body = tree_body(sheet, programme_tree(city, "ivry-quais-d-ivry"))
    links = re.findall(r'href="([^"]+)"', html.unescape(body))
    assert links == ["../../quartiers/ivry-port/", "../../indicateurs/dwellings-programmed/", "../../programmes/",
                     "../../programmes/liste/"]  # fmt: skip


def test_a_commune_without_operations_has_no_list(release: Release) -> None:
    nowhere = the_view(release, "94074", "ville", "fr", "light", TODAY)
    assert works(nowhere) == ()
    assert list(programme_pages(nowhere, PLACE)) == []
    assert links_of(nowhere) == ()
