"""The page on the climate conference: commitments grouped four ways, their words, situations, what time changed."""

from datetime import date

import pytest

from dashboard.content import commitment_chain, commitments, elapsed, room
from dashboard.content.conference_tree import conference_tree
from dashboard.content.scenario import scenario
from dashboard.exports import export, form, form_of
from dashboard.view import View
from data.frames import rows_of
from data.hypotheses import NOTHING_SUPPOSED
from data.rules.commitments import STATUSES, standings
from data.rules.consequences import Interval


def _plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def test_the_sentence_counts_what_the_rule_says(city: View) -> None:
    statuses = [one.status for one in standings(city.release.tables, city.today).values()]
    headline = commitments.headline(city)
    title, lead = _plain(headline.title), _plain(headline.lead)
    done, due = statuses.count("done"), statuses.count("due_unconfirmed")
    assert title.startswith(f"Sur {len(statuses)} engagements pour le climat cités pour Ivry, {done} sont déclarés")
    assert title.endswith(f"{due} ont une date passée sans confirmation.")
    assert f"{statuses.count('under_way')} sont en cours" in lead
    assert "aucun engagement n’est attribué à une édition" in lead
    assert commitments.counts(city) == {one: statuses.count(one) for one in STATUSES if one in statuses}


@pytest.mark.parametrize("order", commitments.ORDERS)
def test_each_order_shows_every_commitment_once(city: View, order: str) -> None:
    shown = [card.target_id for group in commitments.board(city, order) for card in group.cards]
    assert sorted(shown) == sorted(city.release.table("commitments")["commitment_id"])
    titles = [group.title for group in commitments.board(city, order)]
    assert len(titles) == len(set(titles)) > 1


def test_deadlines_stand_in_order_of_time_and_none_comes_last(city: View) -> None:
    titles = [group.title for group in commitments.board(city, commitments.BY_DEADLINE)]
    assert titles == ["2026", "2027", "2050", "aucune échéance donnée"]


def test_a_card_says_what_is_stated_and_what_no_text_states(city: View) -> None:
    cards = {card.target_id: card for group in commitments.board(city) for card in group.cards}
    envelope = {item.label: item for item in cards["ivry-climate-envelope"].items}
    assert _plain(envelope["Budget"].value) == "700 000 €"
    assert "prévu" in envelope["Budget"].detail
    assert "pour toutes les éditions ou d’une enveloppe pour chacune" in envelope["Budget"].detail
    assert envelope["Non précisé par les textes"].value == "édition de la Conférence, porteur, échéance"
    park = cards["ivry-new-green-hectares"]
    assert (
        _plain(park.reasons[0]) == "Une date est passée sans que rien ne la confirme : Parc des Confluences (mai 2025)."
    )
    for card in cards.values():
        assert card.settled_by, card.target_id
        assert card.source.startswith("Bilan de mandat, 2025, ligne")


def test_a_district_has_its_own_and_the_whole_city_s(city: View, ivry_port: View) -> None:
    own = {one.row.commitment_id for one in commitments.judged(ivry_port)}
    assert "ivry-t-zen-5" in own
    assert "ivry-permeable-centre" not in own
    assert own < {one.row.commitment_id for one in commitments.judged(city)}


def test_the_chain_names_every_programme_and_figure(city: View) -> None:
    chain, rule = commitment_chain.listing(city).folds
    rows = {row.header: row for group in chain.groups for row in group.rows}
    assert len(rows) == 15
    names = city.release.table("programmes").set_index("programme_id")["name"]
    for row in rows_of(city.release.table("commitments")):
        programmes = rows[row.label_fr].cells[0].words
        assert all(names[one] in programmes for one in row.programme_ids.split(";"))
    assert "722 arceaux" in _plain(rows["Plan vélo"].cells[1].words)
    assert len(rule.groups[0].rows) == len(STATUSES)


def test_the_timeline_draws_planned_and_past_apart_and_names_what_has_no_date(city: View) -> None:
    chart = commitment_chain.timeline(city)
    assert chart is not None
    assert chart.title.startswith("9 engagements sur 15 ont une date")
    assert "sans date, 6" in chart.alternative


def test_the_rows_to_take_away_are_those_of_the_page(city: View) -> None:
    frame = export(city, "engagements", {})
    assert list(frame["commitment_id"]) == [one.row.commitment_id for one in commitments.judged(city)]
    assert set(frame["status"]) <= set(STATUSES)
    assert form(city, form_of("engagements"))[:2] == b"PK"


def test_three_situations_are_the_engine_s_own_bands(city: View) -> None:
    charts = room.charts(city, NOTHING_SUPPOSED)
    assert [chart.key for chart, _ in charts] == [f"room-{name}" for name in room.followed(city, NOTHING_SUPPOSED)]
    _, table = charts[0]
    assert [column.label for column in table.columns][1:] == ["Fin 2032", "Fin 2040"]
    for row, one in zip(table.rows, room.situations(NOTHING_SUPPOSED), strict=True):
        for words, year in zip(row[1:], room.HORIZONS, strict=True):
            found = scenario(city.release, city.commune, one.hypotheses).interval("94041", "dwellings", year)
            assert isinstance(found, Interval)
            assert _plain(words) == f"de {found.low:,.0f} à {found.high:,.0f} logements".replace(",", " ")
    late = room.situations(NOTHING_SUPPOSED)[1].hypotheses
    assert (late.delay_years, late.only_under_way) == (2, False)


def test_what_is_supposed_stands_on_the_same_page(city: View) -> None:
    said = dict(room.assumptions(city, NOTHING_SUPPOSED))
    assert list(said)[:3] == ["Sans retard", "Deux ans de retard", "Seulement ce qui est en cours"]
    words, tables = room.neutrality(city)
    assert tables == ()
    assert "rien ne peut être comparé" in words
    tree = conference_tree(city)
    assert {part.title for part in tree.parts if type(part).__name__ == "Notes"} >= set(said)


def test_time_alone_changes_what_has_a_date_and_nothing_else(city: View) -> None:
    assert elapsed.listing(city, city.today) is None
    found = elapsed.listing(city, date(2025, 11, 1))
    assert found is not None
    groups = {group.title: [row.header for row in group.rows] for group in found.folds[0].groups}
    assert groups["Engagements"] == ["Une enveloppe pour mettre en place les engagements de la Conférence climat"]
    assert "Conférence climat, 3e édition" in groups["Opérations et actions"]
    later = elapsed.listing(city, date(2026, 1, 2))
    assert later is None  # the last date that passed is 31 December 2025
