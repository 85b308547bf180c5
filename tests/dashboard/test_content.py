"""What pages say: sentences computed from the data, and doubt where it lies."""

import json

import pytest

from dashboard.content import common, geothermal, green, home, housing, mobility
from dashboard.content.pieces import Chart
from dashboard.figures import latest, series
from dashboard.view import View
from dashboard.works import due, events, works
from tests.dashboard.chart_reading import marks

NARROW, NO_BREAK = "\u202f", "\u00a0"
THEMES = ("housing", "green_space", "geothermal", "mobility")


def _plain(text: str) -> str:
    return text.replace(NARROW, " ").replace(NO_BREAK, " ")


def test_home_tells_how_the_population_changed(city: View) -> None:
    assert (
        _plain(home.headline(city).title)
        == "Ivry compte 65 064 habitant·es en 2023, 6 131 de plus qu’en 2013 (+10,4 %)."
    )


def test_housing_tells_starts_and_authorisations(city: View) -> None:
    title = _plain(housing.headline(city).title)
    assert "10 778 logements ont été commencés à Ivry" in title
    assert "12 203 autorisés de 2011 à 2024" in title
    assert "Un logement sur 16 était vacant" in housing.headline(city).lead


def test_two_sources_on_social_dwellings_stand_side_by_side(city: View) -> None:
    first = housing.tiles(city)[0]
    assert _plain(first.number) == "12 128"
    assert "11 948" in _plain(first.extra)
    assert first.kind == "déclaré par la Ville"


def test_what_is_not_published_is_a_figure_too(city: View) -> None:
    assert housing.tiles(city)[-1].number == "—"
    assert green.tiles(city)[-1].number == "—"


def test_the_forty_percent_says_it_has_no_date(city: View) -> None:
    tile = geothermal.tiles(city)[0]
    assert _plain(tile.number) == "40 %"
    assert "sans date" in tile.detail
    assert "logements" in tile.label


def test_two_networks_serve_ivry(city: View) -> None:
    assert len(geothermal.networks(city, mine=True)) == 2
    assert _plain(geothermal.tiles(city)[1].number) == "79,1 %"


def test_alternative_readings_are_both_shown(city: View) -> None:
    mixed = next(work for work in works(city, "housing") if work.programme_id == "ivry-lbms-mixed")
    assert mixed.quantity == "124 ou 372 logements, selon la lecture du texte"


def test_a_passed_date_without_confirmation_is_said(city: View) -> None:
    labels = {event.label for event in due(city)}
    assert "Ouverture de la première partie du parc des Confluences" in labels
    assert "Mise en service prévue du T Zen 5" not in labels
    confluences = next(work for work in works(city) if work.programme_id == "ivry-parc-des-confluences")
    assert confluences.due


def test_from_2026_is_not_passed_in_november_2026(city: View) -> None:
    quais = next(work for work in works(city) if work.programme_id == "ivry-quais-d-ivry")
    assert not quais.due


def test_a_party_s_proposals_stay_off_theme_pages(city: View) -> None:
    for theme in THEMES:
        assert not [work for work in works(city, theme) if work.status == "proposed"]
    assert not [event for event in events(city) if event.source_kind == "party_programme"]


def test_no_undated_programme_stands_on_the_axis(city: View) -> None:
    for theme in THEMES:
        for row in common.timeline_rows(city, theme):
            assert bool(row.bars) != bool(row.lane)
        undated = {work.name for work in works(city, theme) if not work.start and not work.end}
        assert undated <= {row.name for row in common.timeline_rows(city, theme) if row.lane}


def test_no_undated_figure_is_charted(city: View) -> None:
    for rows in (housing.series_rows(city), home.population_rows(city)):
        assert set(rows["time_basis"]) == {"stated"}


def test_missing_starts_are_a_gap_with_a_word(city: View) -> None:
    chart = housing.series_chart(city)
    assert chart is not None
    text = json.dumps(chart.specification, ensure_ascii=False)
    assert "pas encore connu" in text
    starts = series(city.release, "94041", "dwellings_started")
    assert starts["obs_value"].isna().sum() == 1


def test_planned_bars_are_hollow_and_dashed(city: View) -> None:
    chart = green.areas_chart(city)
    assert chart is not None
    drawn = list(marks(chart.specification))
    (hollow,) = (rows for mark, rows in drawn if mark.get("strokeDash"))
    words = next(rows for _, rows in drawn if "text" in rows[0])
    planned = {row["row"] for row in words if "prévu" in row["text"]}
    assert 0 < len(planned) < len(words)
    assert {row["row"] for row in hollow} == planned


@pytest.mark.parametrize("theme", THEMES)
def test_every_chart_has_a_sentence_a_source_and_words_for_who_cannot_see(city: View, theme: str) -> None:
    charts = [
        housing.series_chart(city),
        green.areas_chart(city),
        geothermal.networks_chart(city),
        common.programme_timeline(city, theme),
    ]
    for chart in charts:
        assert isinstance(chart, Chart)
        assert chart.title
        assert chart.source
        assert len(chart.alternative.split()) > 5


def test_district_pages_give_the_district_s_own_figures(district: View) -> None:
    dwellings = latest(district, "dwellings")
    assert dwellings is not None
    assert dwellings.status == "E"
    assert dwellings.text in housing.headline(district).title
    assert district.area_name in mobility.headline(district).title
    assert "pour toute la ville" in mobility.tiles(district)[1].extra


def test_table_says_what_the_map_shows(district: View) -> None:
    prepared = housing.district_map(district, "vacancy_rate_percent")
    table = common.map_table(district, prepared)
    shown = dict(zip(prepared.frame["name"], prepared.frame["value_text"], strict=True))
    assert dict(table.rows) == shown


def test_a_date_that_the_same_lines_say_took_place_is_confirmed(city: View) -> None:
    food_waste = next(work for work in works(city) if work.programme_id == "ivry-biowaste-collection")
    assert not food_waste.due
    assert food_waste.confirmed == {"2025"}
