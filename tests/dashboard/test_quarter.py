"""A district's page: what exists, what is announced, what is not said; nothing is added up."""

import re

from dashboard import fragments, reading_blocks
from dashboard.content import finder, quarter
from dashboard.exports import export
from dashboard.view import View, district_slugs
from dashboard.works import works

DUE = "Échéance passée, réalisation non confirmée"


def _numbers(text: str) -> set[str]:
    joined = re.sub(r"(?<=\d)[\u202f\u00a0](?=\d{3})", "", text)
    return set(re.findall(r"\d+", joined))


def _html(view: View) -> str:
    downloads = reading_blocks.quarter_downloads(view, quarter.downloads(view))
    return fragments.quarter(view, quarter.sections(view), quarter.kinds(view), downloads)


def _lines(view: View, part: int) -> list[quarter.Line]:
    return [line for group in quarter.sections(view)[part].groups for line in group.lines]


def test_every_operation_of_a_district_stands_in_one_part(district: View) -> None:
    named = [work.name for work in works(district)]
    existing, announced, unclear = (_lines(district, part) for part in range(3))
    stated = [line.name for line in [*existing, *announced] if line.state[0] in "●◐○△◍✕"]
    unclear_names = [line.name for line in unclear if line.state]
    assert sorted(stated + unclear_names) == sorted(named)
    assert {line.name for line in unclear if not line.state} <= set(named)


def test_a_district_s_page_never_sums(district: View) -> None:
    given = {number for work in works(district) for number in _numbers(f"{work.quantity} {work.date_words}")}
    shown = {number for part in range(3) for line in _lines(district, part) for number in _numbers(line.state)}
    from_places = {"3", "7", "9", "10", "2021", "2025", "2023", "2026", "2027", "2028"}
    assert shown <= given | from_places
    assert str(len(works(district))) in quarter.headline(district).title or len(works(district)) < 2


def test_every_district_has_six_estimates_with_source_and_date(district: View) -> None:
    tiles = quarter.tiles(district)
    assert len(tiles) == 6
    for tile in tiles:
        assert tile.number != "—"
        assert "estimé" in tile.detail
        assert "2021" in tile.detail
        assert tile.kind == "statistique publique"


def test_ivry_port_says_the_park_is_due_and_not_confirmed(ivry_port: View) -> None:
    announced = quarter.sections(ivry_port)[1]
    due = next(group for group in announced.groups if DUE in group.title)
    assert [line.name for line in due.lines] == ["Parc des Confluences"]
    assert "première ouverture mai 2025" in due.lines[0].state
    assert "12\u00a0ha correspondent à l’ensemble du parc" in due.lines[0].note
    assert DUE in _html(ivry_port)


def test_what_is_called_for_is_not_announced(ivry_port: View) -> None:
    groups = {group.title: [line.name for line in group.lines] for group in quarter.sections(ivry_port)[1].groups}
    assert groups["Demandé"] == ["Prolongement du métro 10"]


def test_a_milestone_that_an_operation_states_is_not_told_twice(ivry_port: View) -> None:
    names = [line.name for line in _lines(ivry_port, 1)]
    assert "Mise en service prévue du T Zen 5" not in names
    assert "T Zen 5" in names


def test_a_party_s_market_is_not_on_the_page(ivry_port: View) -> None:
    assert "Marché à Ivry-Port" not in _html(ivry_port)


def test_no_operation_named_is_not_zero(district: View) -> None:
    if district.district != "petit-ivry":
        return
    existing, announced, _ = quarter.sections(district)
    assert "aucun lieu ni aucune action" in quarter.headline(district).title
    assert "ne veut pas dire" in quarter.headline(district).lead
    assert "ne veut pas dire" in existing.empty
    assert "ne veut pas dire" in announced.empty
    assert {line.name for line in _lines(district, 0)} >= {"Pierre et Marie Curie", "Germaine Tailleferre"}


def test_what_the_texts_leave_open_is_named(ivry_port: View) -> None:
    groups = {group.title: {line.name for line in group.lines} for group in quarter.sections(ivry_port)[2].groups}
    assert "Puits de géothermie d’Ivry-Port" in groups["Livré, en cours ou prévu\u00a0? Rien ne le dit pour"]
    assert "Renouvellement d’Ivry-Port" in groups["Pas de date pour"]
    assert "Square Prudon" in groups["Pas de taille ni de surface pour"]
    assert "Parc des Confluences" not in groups["Pas de taille ni de surface pour"]


def test_the_city_lists_six_districts_with_their_population(city: View) -> None:
    found = {district.name: district.population for district in finder.districts(city)}
    assert list(found) == sorted(found)
    assert len(found) == 6
    assert found["Ivry-Port"] == "13\u202f252 habitant·es"
    assert quarter.sections(city) == ()


def test_a_place_says_its_district_and_on_what_basis(city: View) -> None:
    places = finder.places(city)
    slugs = district_slugs(city.release, city.commune)
    assert {place.slug for place in places.values()} <= {"", *slugs}
    voltaire = places["94041-op-place-voltaire"]
    assert voltaire.slug == "centre-ville"
    assert voltaire.words.startswith("Place Voltaire\u00a0: quartier Centre-ville. Le texte le cite dans sa partie")
    mairie = next(place for place in places.values() if place.label == "Mairie d’Ivry — métro 7")
    assert mairie.slug == "centre-ville"
    assert "à 100 m près" in mairie.words


def test_a_place_without_a_district_says_so(city: View) -> None:
    galilee = finder.places(city)["94041-op-venelle-galilee"]
    assert galilee.slug == ""
    assert "les sources ne disent pas dans quel quartier" in galilee.words


def test_all_named_places_and_stations_of_the_commune_can_be_found(city: View) -> None:
    labels = {place.label.split(" — ")[0].split(" (")[0] for place in finder.places(city).values()}
    assert len(finder.places(city)) == 37
    assert {"Place Voltaire", "Pierre et Marie Curie", "Parc des Confluences", "Copropriété Raspail"} <= labels
    assert "Place d’Italie" not in labels
    assert "Place Saint-Jean" not in labels


def test_downloads_hold_what_the_page_shows(district: View) -> None:
    operations = export(district, "operations-du-quartier", {})
    assert sorted(operations["programme_id"]) == sorted(work.programme_id for work in works(district))
    figures = export(district, "chiffres-du-quartier", {})
    assert sorted(figures["indicator"]) == sorted(quarter.FIGURES)
    for name in quarter.downloads(district):
        assert len(export(district, name, {}))
        assert f"telecharger/{name}.csv" in _html(district)
