"""The page of targets: what is aimed at, what can be concluded, and every part of it in words."""

import json
import re
from dataclasses import replace
from datetime import date
from typing import get_args

import pandas as pd
import pytest

from dashboard.charts.targets import starts_at_zero, target_chart
from dashboard.content import target_chart as target_charts
from dashboard.content import targets
from dashboard.content.target_words import GLYPHS, STATUSES, limits
from dashboard.content.targets import Card
from dashboard.exports import export
from dashboard.messages import message
from dashboard.view import View, the_view
from data.release import Release
from data.rules import targets as rules
from data.target_models import TargetPhase, TargetStatus

TODAY = date(2026, 11, 23)
NARROW, NO_BREAK = "\u202f", "\u00a0"
# A supposed target on the real population of Ivry: 58 933 in 2013, 65 064 in 2023.
SUPPOSED = {
    "target_id": "essai", "label_fr": "Essai", "kind": "value", "indicator": "population", "direction": "at_least",
    "measured_by": "population", "measured_source": "insee_population", "path": "linear", "deadline": "2033",
    "programme_id": "", "phase": "", "ref_area": "94041", "district": "", "theme": "housing", "note_fr": "",
}  # fmt: skip


def _plain(text: str) -> str:
    return text.replace(NARROW, " ").replace(NO_BREAK, " ")


def _card(view: View, name: str) -> Card:
    return next(card for card in targets.cards(view) if card.target_id == name)


def _items(card: Card) -> dict[str, tuple[str, str]]:
    return {item.label: (_plain(item.value), _plain(item.detail)) for item in card.items}


def _view(release: Release, *changes: dict[str, object], today: date = TODAY) -> View:
    """Return a view of a release whose only targets are supposed ones."""
    table = release.table("targets")
    rows = [table.iloc[0].to_dict() | SUPPOSED | change for change in changes]
    frame = pd.DataFrame(rows, columns=table.columns)
    own = replace(release, release_id="supposed", tables=release.tables | {"targets": frame})
    return the_view(own, "94041", "ville", "fr", "light", today)


def test_nothing_can_be_concluded_for_the_five_targets_of_ivry(city: View) -> None:
    headline = targets.headline(city)
    assert headline.title == (
        "Sur 5 objectifs chiffrés ou datés que citent les textes pour Ivry, on ne peut conclure pour aucun."
    )
    assert headline.lead == ("Pour 2, aucune source ne mesure l’avancement. Pour 3, seule une date est annoncée.")


def test_cards_say_what_is_aimed_at_by_when_and_why_nothing_is_concluded(city: View) -> None:
    assert [card.title for card in targets.cards(city)] == [
        "Collecte des déchets alimentaires dans toute la ville",
        "Mise en service du T Zen 5",
        f"Projet de ville «{NO_BREAK}Vers Ivry 2030{NO_BREAK}»",
        "Neutralité carbone",
        "Sols perméables à la pluie dans le Cœur de ville",
    ]
    ground = _card(city, "ivry-centre-permeable-ground")
    assert _plain(ground.status) == "? on ne peut pas conclure"
    assert [_plain(reason) for reason in ground.reasons] == [
        "Aucune source de l’observatoire ne mesure l’avancement.",
        "Le texte ne donne pas d’échéance.",
    ]
    assert _items(ground) == {
        "Ce qui est visé": ("au moins 60 %", ""),
        "Échéance": ("aucune échéance donnée", ""),
        "Observé": ("aucune mesure", ""),
        "Rythme observé, rythme nécessaire": ("non calculables", ""),
    }
    assert (ground.kind, ground.source) == ("déclaré par la Ville", "Bilan de mandat, 2025, ligne 20")
    tram_bus = _items(_card(city, "ivry-tzen-5-in-service"))
    assert tram_bus["Ce qui est visé"] == ("mise en service", "")
    assert tram_bus["Échéance"] == ("2027", "")
    assert tram_bus["Observé"] == ("aucune mesure", "Dernière date annoncée : 2027.")
    assert _items(_card(city, "ivry-carbon-neutrality"))["Ce qui est visé"] == ("aucun nombre donné", "")


def test_every_open_target_says_what_would_settle_it(city: View) -> None:
    assert all(card.settled_by and card.reasons for card in targets.cards(city))


def test_each_district_sees_the_targets_of_the_city_and_its_own_first(district: View, ivry_port: View) -> None:
    assert len(targets.cards(district)) == 5
    assert sum(card.where == "Objectif de toute la ville" for card in targets.cards(district)) == 3
    first = targets.cards(ivry_port)[0]
    assert (first.target_id, first.here) == ("ivry-tzen-5-in-service", True)
    assert first.where == "Ivry-Port (secteur ou opération), dans ce quartier (Ivry-Port)"
    assert [card.here for card in targets.cards(ivry_port)[1:]] == [False] * 4
    assert "Un seul est propre à un secteur du quartier Ivry-Port" in targets.headline(ivry_port).lead


def test_a_district_without_a_target_of_its_own_says_so(release: Release) -> None:
    view = the_view(release, "94041", "petit-ivry", "fr", "light", TODAY)
    assert "Aucun n’est propre à un secteur du quartier Petit-Ivry" in targets.headline(view).lead


def test_the_claim_the_projection_and_the_hope_are_no_targets(city: View) -> None:
    claim, projection, hope = (_plain(words) for words in targets.not_targets(city))
    assert claim.startswith("40 % — ")
    assert claim.endswith("la Ville le déclare comme un fait, sans viser plus (Bilan de mandat, 2025, ligne 64).")
    assert projection.startswith("20 000 habitant·es — ")
    assert "c’est une projection" in projection
    assert "Assises" in hope
    shown = " ".join(_plain(str(card)) for card in targets.cards(city))
    assert "40 %" not in shown
    assert "20 000" not in shown


def test_food_waste_is_due_on_new_year_s_day(release: Release) -> None:
    view = the_view(release, "94041", "ville", "fr", "light", date(2027, 1, 1))
    card = _card(view, "ivry-food-waste-city-wide")
    assert _plain(card.status) == "⚠ échéance passée, réalisation non confirmée"
    assert card.reasons == ("Aucun texte plus récent ne dit si c’est fait.",)
    title = _plain(targets.headline(view).title)
    assert title.endswith("l’échéance d’un est passée, sans confirmation, on ne peut pas conclure pour 4.")


def test_a_measured_target_shows_every_part_of_its_status(release: Release) -> None:
    # (65 064 - 58 933) / 10 = 613.1; (72 000 - 58 933) / 20 = 653.35; 0.938; (72 000 - 65 064) / 10 = 693.6.
    (card,) = targets.cards(_view(release, {"target_value": 72000.0}))
    assert _plain(card.status) == "⇢ trop lent"
    assert (card.reasons, card.settled_by) == ((), "")
    assert _items(card) == {
        "Ce qui est visé": ("au moins 72 000 habitant·es", ""),
        "Échéance": ("2033", ""),
        "Observé": ("65 064 habitant·es (2023)", "10 valeurs observées"),
        "Rythme observé": (
            "+613,1 habitant·es par an",
            "de 58 933 habitant·es (2013) à 65 064 habitant·es (2023), en 10 ans.",
        ),
        "Rythme nécessaire": (
            "+653,35 habitant·es par an",
            "de 58 933 habitant·es (2013) à 72 000 habitant·es (2033), en 20 ans."
            " Depuis 2023, il faudrait +693,6 habitant·es par an.",
        ),
        "Rythme observé ÷ rythme nécessaire": ("0,94", "au rythme voulu à partir de 0,95"),
    }


def test_a_rate_is_told_in_per_cent_a_year(release: Release) -> None:
    # 65 064 / 58 933 = 1.104, the tenth root is 1.00995: +1,0 %; 72 000 / 58 933 = 1.2217 over 20 years: +1,0 %.
    (card,) = targets.cards(_view(release, {"target_value": 72000.0, "path": "geometric"}))
    assert _items(card)["Rythme observé"][0] == "+1 % par an"
    assert _plain(card.status) == "→ au rythme voulu"


def test_a_ratio_is_not_rounded_across_the_threshold(release: Release) -> None:
    # A target of 71 842 asks for (71 842 - 58 933) / 20 = 645.45 a year: 613.1 / 645.45 = 0.94988, below 0.95.
    (card,) = targets.cards(_view(release, {"target_value": 71842.0}))
    assert _plain(card.status) == "⇢ trop lent"
    assert _items(card)["Rythme observé ÷ rythme nécessaire"][0] == "0,9499"


def test_points_of_a_percentage_are_points(release: Release) -> None:
    # The private stock's rate of vacancy has a break in its series: nothing is concluded, and no pace is shown.
    rate = "private_dwellings_vacancy_rate_percent"
    change = {"indicator": rate, "measured_by": rate, "measured_source": "", "direction": "at_most",
              "target_value": 8.0}  # fmt: skip
    (card,) = targets.cards(_view(release, change))
    assert _items(card)["Ce qui est visé"][0] == "au plus 8,0 %"
    assert card.reasons == (message("targets.reason_break_in_series"),)


def test_an_override_stands_beside_the_computed_status_with_its_reason(release: Release) -> None:
    change = {"target_value": 72000.0, "override_status": "on_track", "override_reason_fr": "Recensement en cours."}
    view = _view(release, change)
    (card,) = targets.cards(view)
    assert _plain(card.status) == "⇢ trop lent"
    assert (_plain(card.override), card.override_reason) == ("→ au rythme voulu", "Recensement en cours.")
    assert "un avance trop lentement" in targets.headline(view).title


def test_a_party_s_targets_stay_off_the_page(release: Release) -> None:
    view = _view(release, {"target_value": 72000.0, "source": "economic-programme-ivry-2014"})
    assert targets.cards(view) == ()
    assert targets.headline(view).title == "Les textes ne citent aucun objectif chiffré ou daté pour Ivry."


def test_statuses_differ_by_shape_and_word() -> None:
    words = {message(f"targets.status_{status}") for status in STATUSES}
    assert len(set(GLYPHS.values())) == len(words) == len(STATUSES) == 7


def test_every_status_reason_and_phase_has_its_words() -> None:
    assert set(get_args(TargetStatus)) == set(STATUSES)
    for reason in get_args(rules.Reason):
        assert message(f"targets.reason_{reason}", **limits("fr")).endswith(".")
    for phase in get_args(TargetPhase):
        assert message(f"targets.phase_{phase}")
    for status in STATUSES:
        assert message(f"targets.count_{status}_one") != message(f"targets.count_{status}_other", count=2)


def test_the_method_is_told_with_the_limits_the_code_uses(city: View, monkeypatch: pytest.MonkeyPatch) -> None:
    def told() -> str:
        (fold,) = targets.listing.__wrapped__(city).folds
        return " ".join(cell.words for group in fold.groups for row in group.rows for cell in row.cells)

    assert "Au moins 3 valeurs observées, exactes et datées, sur au moins 2 ans" in told()
    assert "vieille de 5 ans au plus" in told()
    assert "Le rapport est d’au moins 0,95." in told()
    monkeypatch.setattr(rules, "MINIMUM_VALUES", 4)
    monkeypatch.setattr(rules, "ON_TRACK_RATIO", 0.9)
    assert "Au moins 4 valeurs observées" in told()
    assert "d’au moins 0,90." in told()
    assert limits("fr")["values"] == "4"


def test_the_download_holds_the_rows_shown_with_their_parts(city: View, release: Release) -> None:
    frame = export(city, "objectifs", {})
    assert list(frame["target_id"]) == [card.target_id for card in targets.cards(city)]
    assert set(frame["status"]) == {"cannot_conclude"}
    assert frame.set_index("target_id").loc["ivry-centre-permeable-ground", "reasons"] == "no_indicator;no_deadline"
    assert frame["ratio"].isna().all()
    assert set(frame["computed_on"]) == {"2026-11-23"}
    (row,) = targets.export_rows(_view(release, {"target_value": 72000.0})).to_dict("records")
    assert (row["first_time_period"], row["first_value"]) == ("2013", 58933.0)
    assert (row["last_time_period"], row["last_value"]) == ("2023", 65064.0)
    assert (row["observed_pace"], row["ratio"]) == (pytest.approx(613.1), pytest.approx(613.1 / 653.35))


def test_no_chart_is_drawn_where_nothing_is_measured(city: View) -> None:
    assert target_charts.charts(city) == ()


def test_a_measured_target_is_drawn_with_path_and_diamond(release: Release) -> None:
    ((theme, chart, table),) = target_charts.charts(_view(release, {"target_value": 72000.0}))
    assert theme == "housing"
    assert _plain(chart.title) == "Essai : ⇢ trop lent"
    assert chart.subtitle.endswith("L’axe ne commence pas à zéro.")
    assert chart.kinds == ("déclaré par la Ville", "statistique publique")
    assert "Insee, populations municipales" in chart.source
    drawn = json.dumps(chart.specification, ensure_ascii=False)
    assert '"shape": "diamond"' in drawn
    assert '"strokeDash"' in drawn
    assert _plain(drawn).count("Objectif : au moins 72 000 habitant·es (2033)") >= 1
    assert [_plain(value) for _, value in table.rows][-1] == "65 064 habitant·es"
    assert len(table.rows) == 10
    said = _plain(chart.alternative)
    assert "Objectif : au moins 72 000 habitant·es (2033), losange vide." in said
    assert "58 933 habitant·es" in said
    assert "65 064 habitant·es" in said


@pytest.mark.parametrize(
    "change",
    [
        {"target_value": None},
        {"target_value": 72000.0, "deadline": ""},
        # 64 000 in the census by IRIS and 64 001 in the municipal populations of 2021: one line would join both
        {"target_value": 72000.0, "measured_source": ""},
        {"target_value": 72000.0, "base_year": "", "measured_source": "insee_census_iris"},
    ],
)
def test_what_has_no_place_on_a_chart_is_not_drawn(release: Release, change: dict[str, object]) -> None:
    assert target_charts.charts(_view(release, change)) == ()


def test_no_line_crosses_a_break(release: Release) -> None:
    rate = "private_dwellings_vacancy_rate_percent"
    change = {"indicator": rate, "measured_by": rate, "measured_source": "", "direction": "at_most",
              "target_value": 8.0}  # fmt: skip
    ((_, chart, _),) = target_charts.charts(_view(release, change))
    assert "Le trait s’interrompt là où la série change de méthode." in chart.subtitle
    assert set(re.findall(r'"segment": (\d)', json.dumps(chart.specification))) == {"0", "1"}


def test_a_chart_without_a_path_has_no_dashes() -> None:
    frame = pd.DataFrame({"year": [2015.0, 2025.0], "value": [10.0, 20.0], "text": "", "segment": 0})
    target = pd.DataFrame([{"year": 2035.0, "value": 60.0, "text": "60"}])
    path = pd.DataFrame({"year": [2015.0, 2035.0], "value": [10.0, 60.0]})
    without, drawn = (
        json.dumps(target_chart(frame, way, target, ("chemin", "but"), "housing", "light", "fr").to_dict())
        for way in (path.iloc[:0], path)
    )
    assert "strokeDash" not in without
    assert "chemin" not in without
    assert "strokeDash" in drawn
    assert "chemin" in drawn


def test_an_axis_is_cut_only_far_above_zero() -> None:
    assert starts_at_zero(pd.Series([10.0, 60.0]))
    assert starts_at_zero(pd.Series([-10.0, 5.0]))
    assert not starts_at_zero(pd.Series([58933.0, 72000.0]))
