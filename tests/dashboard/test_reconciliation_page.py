"""Reconciliation: what the page says is what the data say, and what it says of other pages is so."""

from collections.abc import Callable, Iterator

import pandas as pd
import pytest

from dashboard.content import cases, green, home, housing, numbers, reconciliation
from dashboard.content.comparison_words import entries
from dashboard.content.folds import Fold, Listing, Row
from dashboard.content.recomputed_checks import calculation, number_words
from dashboard.content.reconciled import recomputed
from dashboard.exports import export
from dashboard.figures import series, sources
from dashboard.listing import Filter
from dashboard.view import View, the_view
from dashboard.works import works
from data.definitions import Catalogue
from data.frames import rows_of
from data.release import Release
from tests.dashboard.conftest import TODAY

SPACES = str.maketrans("\u00a0\u202f", "  ")


def _plain(text: str) -> str:
    return text.translate(SPACES)


def _rows(fold: Fold) -> list[Row]:
    return [row for group in fold.groups for row in group.rows]


def _listing(view: View, export_name: str) -> Listing:
    return next(listing for listing in reconciliation.listings(view) if listing.export == export_name)


def _find(view: View, export_name: str, header: str) -> tuple[str, ...]:
    found = [row for fold in _listing(view, export_name).folds for row in _rows(fold) if _plain(row.header) == header]
    assert len(found) == 1, header
    return tuple(_plain(f"{cell.mark} {cell.words} {cell.note}") for cell in found[0].cells)


def _words(view: View) -> Iterator[str]:
    yield from (reconciliation.headline(view).title, reconciliation.headline(view).lead)
    for case in cases.cases(view):
        yield from (case.title, *case.reasons, case.used)
        for measure in case.measures:
            yield from (measure.label, measure.words, measure.detail, measure.gap, *measure.marks)
    for listing in reconciliation.listings(view):
        yield from (listing.title, listing.note)
        for fold in listing.folds:
            yield from (fold.title, *fold.columns, *(group.title for group in fold.groups))
            yield from (group.under for group in fold.groups)
            for row in _rows(fold):
                yield from (row.header, row.under, *(f"{cell.words} {cell.note}" for cell in row.cells))


def test_the_headline_counts_pairs_totals_and_checks(city: View) -> None:
    said = reconciliation.headline(city)
    assert _plain(said.title) == (
        "Pour Ivry, deux sources donnent 2 chiffres en commun ; un diffère au-delà des arrondis"
    )
    assert "Sur 7 totaux de la ville" in said.lead
    assert "2 sont retrouvés aux arrondis près" in said.lead
    assert "28 vérifications publiées sur 41" in said.lead
    assert "toutes redonnent le résultat publié" in said.lead


def test_three_cases_come_first_in_words(city: View) -> None:
    social, green_space, private = cases.cases(city)
    assert _plain(social.title) == "Logements sociaux : 12 128 ou 11 948, selon la source"
    assert [_plain(measure.words) for measure in social.measures] == ["12 128 logements", "11 948 logements"]
    assert _plain(social.measures[1].gap) == "écart de 180 logements (1,5 %)"
    assert [measure.marks for measure in social.measures] == [("déclaré par la Ville",), ("statistique publique",)]
    assert _plain(green_space.title) == (
        "Nouveaux espaces verts depuis 2020 : plus de 10 ha déclarés, 0,35 ha (prévu) lieu par lieu"
    )
    assert _plain(green_space.measures[1].words) == "0,35 ha (prévu), pour 1 lieu sur 8"
    assert _plain(green_space.measures[1].gap) == "somme incomplète : pas d’écart calculé"
    assert _plain(private.title).endswith("face au recensement : 32 853 ou 39 107, contre 32 530")
    assert [_plain(measure.gap) for measure in private.measures] == [
        "",
        "écart de 323 logements (1,0 %)",
        "écart de 6 577 logements (20,2 %)",
    ]
    assert any("21 022 à 27 159" in _plain(reason) for reason in private.reasons)


def test_bars_are_as_long_as_the_quantities_and_hollow_where_planned(city: View) -> None:
    social, green_space, private = cases.cases(city)
    assert [measure.share for measure in social.measures] == pytest.approx([100, 100 * 11948 / 12128])
    assert [measure.share for measure in green_space.measures] == pytest.approx([100, 3.5])
    assert [measure.share for measure in private.measures] == pytest.approx(
        [100 * 32530 / 39107, 100 * 32853 / 39107, 100]
    )
    planned = [measure.is_planned for case in cases.cases(city) for measure in case.measures]
    assert planned == [False, False, False, True, False, False, False]


def test_figures_that_differ_come_first_and_open(city: View) -> None:
    differ, agree = _listing(city, reconciliation.SOURCES).folds
    assert (differ.is_open, agree.is_open) == (True, False)
    assert [row.header for row in _rows(differ)] == ["Logements sociaux"]
    assert [row.header for row in _rows(agree)] == ["Population"]
    first, second, gap, why = _find(city, reconciliation.SOURCES, "Logements sociaux")
    assert first.startswith("déclaré par la Ville 12 128 logements sans date (texte de 2025)")
    assert second.startswith("statistique publique 11 948 logements SDES, RPLS au 1er janvier 2024")
    assert gap.strip() == "écart de 180 logements (1,5 %)"
    assert "laisse de côté les foyers" in why
    assert "La page Logement montre" in why
    population = _find(city, reconciliation.SOURCES, "Population")
    assert population[2].strip() == "écart de 1 habitant·e (moins de 0,01 %), dans les arrondis"
    assert "22 nombres arrondis" in population[3]
    assert "jusqu’à 11 habitant·es" in population[3]


def test_totals_say_their_parts_and_what_has_no_value(city: View) -> None:
    places = _find(city, reconciliation.PARTS, "Nouveaux espaces verts : lieux cités, face au total déclaré")
    assert "Jardin Dian-Fossey : 0,35 ha (prévu)" in places[1]
    assert "sans valeur : " in places[1]
    assert "Parc des Confluences" in places[1]
    assert "7 des 8 parties" in places[3]
    before = _find(city, reconciliation.PARTS, "Logements privés et sociaux réunis, face au recensement")
    assert "au 1er janvier 2021 : 20 905 ; " in before[1]
    assert "LOVAC, édition 2025" in before[1]
    staff = _find(city, reconciliation.PARTS, "Agent·es de nettoyage, face à l’ensemble de l’entretien")
    assert staff[2].strip() == "reste de 50 agent·es (35,7 %)"


def test_small_areas_are_summed_up(city: View) -> None:
    fold = _listing(city, reconciliation.PARTS).folds[-1]
    assert _plain(fold.title).startswith("Pour les 22 IRIS")
    rows = {row.header: [_plain(cell.words) for cell in row.cells] for row in _rows(fold)}
    assert len(rows) == 3
    homes = rows["Résidences principales, secondaires et logements vacants, face à tous les logements"]
    assert homes[:2] == ["22", "16 sans écart, 6 dans les arrondis"]
    assert homes[2].startswith("écart de 1 logement")


def test_readings_say_what_they_make_of_the_total(city: View) -> None:
    (fold,) = _listing(city, reconciliation.READINGS).folds
    said = {
        _plain(group.title): {_plain(row.header): _plain(row.cells[1].words) for row in group.rows}
        for group in fold.groups
    }
    assert said == {
        "Les trois programmes mixtes comptent-ils 124 logements en tout ou chacun ?": {
            "124 en tout": "8 304 logements annoncés en tout",
            "124 chacun, soit 372": "8 552 logements annoncés en tout",
        },
        "Les 1 150 logements des Quais d’Ivry font-ils partie des 5 600 d’Ivry-Port ?": {
            "Oui : ils y sont déjà comptés": "7 154 logements annoncés en tout",
            "Non : ils s’y ajoutent": "8 304 logements annoncés en tout",
        },
    }
    assert "écart de 1 150 logements" in _plain(fold.groups[1].under)


def test_checks_are_shown_computed_with_the_origin_of_their_numbers(city: View) -> None:
    title = "Somme des logements ordinaires annoncés : 8 304"
    computed, numbers_of, lines = _find(city, reconciliation.CHECKS, title)
    assert computed.strip() == "1 430 + 5 600 + 1 150 + 124 = 8 304"
    assert "1 150 : Logements programmés par opération, Quais d’Ivry (secteur ou opération)" in numbers_of
    assert lines.strip() == "Bilan de mandat, 2025, lignes 10, 25, 33, 40"
    years = _find(city, reconciliation.CHECKS, "Logements sociaux construits par an : entre 227 et 272 environ")
    assert "6, 5 : nombre du calcul lui-même, sans chiffre aux lignes citées" in years[1]


@pytest.mark.parametrize(
    ("check_id", "words"),
    [
        ("social-new-share", "1 361 ÷ 12 128 = 11,222 %"),
        ("social-per-year", "1 361 ÷ 6 = 226,8 ; 1 361 ÷ 5 = 272,2"),
        ("private-plus-social-2023", "27 159 + 11 948 = 39 107, face à 32 530"),
        ("green-confluences-vs-10", "12 est plus grand que 10"),
        ("green-known-of-10ha", "0,35"),
        ("dumping-2020-b", "1 128 + 4 × 500 = 3 128"),
        ("gt-social", "0,3 × 1 430 = 429"),
        ("agent-gap", "29 ÷ 20 − 1 = 45 %"),
    ],
)
def test_a_formula_is_written_as_a_reader_writes_it(city: View, check_id: str, words: str) -> None:
    checks = city.release.table("checks")
    row = next(rows_of(checks[checks["check_id"] == check_id]))
    assert _plain(calculation(row, recomputed(city.release)[check_id], "fr")) == words


def test_numbers_of_formulas_are_written_in_french() -> None:
    assert [_plain(number_words(text, "fr")) for text in ("20e6", "8304.0", "0.30", "11.222")] == [
        "20 000 000", "8 304", "0,3", "11,222",
    ]  # fmt: skip


def _shown(listing: Listing) -> list[tuple[str, ...]]:
    """Return what rows say, whether or not a group says their reasons once for all."""
    return [tuple(cell.words for cell in row.cells[:3]) for fold in listing.folds for row in _rows(fold)]


def test_a_district_comes_first_and_the_city_stays(city: View, district: View) -> None:
    for listing in reconciliation.listings(city):
        mine = _listing(district, listing.export)
        assert sorted(_shown(mine)) == sorted(_shown(listing))
    first = _listing(district, reconciliation.PARTS).folds[0]
    assert first.is_open
    assert first.title.startswith(district.area_name)
    assert {row.under for row in _rows(first)} == {district.area_name}
    assert len(_rows(first)) == 3
    assert district.area_name in reconciliation.headline(district).lead
    assert cases.cases(district) == cases.cases(city)


def test_ivry_port_has_its_reading_and_its_checks_first(ivry_port: View) -> None:
    reading = _listing(ivry_port, reconciliation.READINGS).folds[0]
    assert [_plain(group.title)[:28] for group in reading.groups] == ["Les 1 150 logements des Quai"]
    checks = _listing(ivry_port, reconciliation.CHECKS).folds[0]
    assert len(_rows(checks)) == 6
    assert all("Ivry-Port" in row.cells[1].words or "Quais d’Ivry" in row.cells[1].words or
               "résultat de" in row.cells[1].words for row in _rows(checks))  # fmt: skip


def _count(row: Row) -> int:
    return int(row.cells[0].words)


def test_downloads_hold_what_the_page_shows(city: View, district: View) -> None:
    for view in (city, district):
        for listing in reconciliation.listings(view):
            rows = [row for fold in listing.folds for row in _rows(fold) if fold.shape != "obs-compared-areas"]
            summed = [row for fold in listing.folds for row in _rows(fold) if fold.shape == "obs-compared-areas"]
            shown = len(rows) + sum(_count(row) for row in summed)
            assert len(export(view, listing.export, {})) == shown, listing.export
    assert {listing.export for listing in reconciliation.listings(city)} == set(reconciliation.EXPORTS)


def test_downloads_give_both_quantities_and_the_difference(city: View) -> None:
    rows = export(city, reconciliation.SOURCES, {}).set_index("name")
    social = rows.loc["social_dwellings"]
    assert (social["total_value"], social["sum_value"], social["difference"]) == (12128, 11948, -180)
    assert social["parts"] == "social_dwellings:94041@2024-01-01[rpls-2024]observed=11948"
    sums = export(city, reconciliation.PARTS, {})
    green_places = sums[sums["name"] == "green_places"].iloc[0]
    assert (green_places["parts_known"], green_places["parts_expected"]) == (1, 8)
    assert pd.isna(green_places["difference"])
    checks = export(city, reconciliation.CHECKS, {}).set_index("check_id")
    assert checks.at["gt-social", "operands"] == "0.30=ivry-gt-social-share;1430=ivry-gt-dwellings"


def test_a_difference_is_never_called_an_error(city: View) -> None:
    text = " ".join(_words(city)).lower()
    assert "erreur" not in text
    assert "faux." in text  # « cela ne veut pas dire qu’il est faux »
    assert "écart" in text
    assert "None" not in " ".join(_words(city))
    assert "nan" not in text.split()


def _changed(release: Release, table: str, change: Callable[[pd.DataFrame], pd.DataFrame]) -> View:
    tables = {**release.tables, table: change(release.table(table).copy())}
    return the_view(Release("changed", "2026-11-23", tables), "94041", "ville", "fr", "light", TODAY)


def test_a_difference_nobody_explains_says_so(release: Release) -> None:
    def more_homes(rows: pd.DataFrame) -> pd.DataFrame:
        mine = (rows["ref_area"] == "94041") & (rows["indicator"] == "main_homes")
        return rows.assign(obs_value=rows["obs_value"] + 500 * mine)

    view = _changed(release, "observations", more_homes)
    header = "Résidences principales, secondaires et logements vacants, face à tous les logements"
    fold = next(fold for fold in _listing(view, reconciliation.PARTS).folds if fold.is_open)
    row = next(row for row in _rows(fold) if row.header == header)
    assert _plain(row.cells[2].words) == "écart de 504 logements (1,5 %)"
    assert row.cells[3].words == "Aucune raison n’est documentée."


def test_a_check_that_differs_comes_first_and_open(release: Release) -> None:
    def another_result(rows: pd.DataFrame) -> pd.DataFrame:
        return rows.assign(result=rows["result"].mask(rows["check_id"] == "dw-general", "8305"))

    view = _changed(release, "checks", another_result)
    first = _listing(view, reconciliation.CHECKS).folds[0]
    assert first.is_open
    (row,) = _rows(first)
    assert _plain(row.cells[0].words).endswith("= 8 305 La formule donne 8 304.")
    assert "1 ne redonnent pas" in reconciliation.headline(view).lead


def test_a_pair_the_catalogue_does_not_know_has_no_figure_chosen(release: Release) -> None:
    def second_source(rows: pd.DataFrame) -> pd.DataFrame:
        stands = rows[rows["figure_id"] == "ivry-bike-stands"]
        return pd.concat([rows, stands.assign(source="council-motion-ivry-2017", obs_value=700.0)], ignore_index=True)

    view = _changed(release, "observations", second_source)
    cells = _find(view, reconciliation.SOURCES, "Arceaux à vélo en place")
    assert "Aucune raison n’est documentée." in cells[3]
    assert "n’est pas documenté" in cells[3]
    assert "3 chiffres en commun ; 2 diffèrent" in _plain(reconciliation.headline(view).title)


def test_another_commune_says_what_it_has(release: Release) -> None:
    valence = the_view(release, "26362", "ville", "fr", "light", TODAY)
    assert _plain(reconciliation.headline(valence).title) == (
        "Pour Valence, deux sources donnent un chiffre en commun ; aucun ne diffère au-delà des arrondis"
    )
    assert [case.title[:34] for case in cases.cases(valence)] == ["Logements privés et sociaux réunis"]
    assert reconciliation.READINGS not in {listing.export for listing in reconciliation.listings(valence)}


# What the catalogue says of pages, held against the pages: a sentence that goes stale fails here.


def _inputs(catalogue: Catalogue, indicator: str) -> dict[str, str]:
    formula = catalogue.indicator(indicator).formula
    assert formula is not None
    return {name: given.dataset for name, given in formula.inputs.items()}


def _formulas(catalogue: Catalogue) -> list[dict[str, str]]:
    return [_inputs(catalogue, name) for name, one in catalogue.indicators.items() if one.formula]


def _is_true_of_social_dwellings(city: View, ivry_port: View, catalogue: Catalogue) -> None:
    tile = housing.tiles(city)[0]
    assert (_plain(tile.number), tile.kind) == ("12 128", "déclaré par la Ville")
    assert "11 948 au registre national" in _plain(tile.extra)
    used = {inputs["social_dwellings"] for inputs in _formulas(catalogue) if "social_dwellings" in inputs}
    assert used == {"rpls"}


def _is_true_of_green_places(city: View, ivry_port: View, catalogue: Catalogue) -> None:
    assert "plus de 10 ha" in _plain(green.headline(city).title)
    for tiles in (home.tiles(city), green.tiles(city)):
        (mine,) = [tile for tile in tiles if "Nouveaux espaces verts" in tile.label]
        assert _plain(f"{mine.number} {mine.unit}").startswith("plus de 10")
        assert "estimé" in mine.detail
    assert not [inputs for inputs in _formulas(catalogue) if "green_area_created_ha" in inputs]


def _is_true_of_private_and_social(city: View, ivry_port: View, catalogue: Catalogue) -> None:
    assert "32 530" in {_plain(tile.number) for tile in housing.tiles(city) if "recensement" in tile.label}
    assert not [inputs for inputs in _formulas(catalogue) if {"private_dwellings", "social_dwellings"} <= set(inputs)]


def _is_true_of_population(city: View, ivry_port: View, catalogue: Catalogue) -> None:
    assert "65 064" in _plain(home.headline(city).title)
    assert {sources(city.release)[name].dataset for name in home.population_rows(city)["source"]} == {
        "insee_population"
    }
    here = series(city.release, ivry_port.ref_area, "population")
    assert set(here["source"]) == {"insee-census-2021"}


def _is_true_of_occupation(city: View, ivry_port: View, catalogue: Catalogue) -> None:
    assert list(_inputs(catalogue, "vacancy_rate_percent")) == ["vacant_dwellings", "dwellings"]
    assert list(_inputs(catalogue, "second_homes_share_percent")) == ["second_homes", "dwellings"]


def _is_true_of_building_type(city: View, ivry_port: View, catalogue: Catalogue) -> None:
    assert list(_inputs(catalogue, "flats_share_percent")) == ["flats", "dwellings"]


def _is_true_of_ages(city: View, ivry_port: View, catalogue: Catalogue) -> None:
    for band in ("population_under_20", "population_65_and_over"):
        assert _inputs(catalogue, f"{band}_share_percent") == dict.fromkeys((band, "population"), "insee_census_iris")


def _is_true_of_social_occupancy(city: View, ivry_port: View, catalogue: Catalogue) -> None:
    vacancy = _inputs(catalogue, "social_dwellings_vacancy_rate_percent")
    assert set(vacancy) == {"social_dwellings_vacant", "social_dwellings_let"}
    empty = next(inputs for inputs in _formulas(catalogue) if "social_dwellings_empty" in inputs)
    assert set(empty) == {"social_dwellings_empty", "social_dwellings"}


def _is_true_of_upkeep_staff(city: View, ivry_port: View, catalogue: Catalogue) -> None:
    for indicator, value in (("public_space_agents", 140), ("cleaning_agents", 90)):
        listed = numbers.export_rows(city, "chiffres", Filter())
        assert list(listed.loc[listed["indicator"] == indicator, "obs_value"]) == [value]
        assert not [inputs for inputs in _formulas(catalogue) if indicator in inputs]


def _is_true_of_over_districts(city: View, ivry_port: View, catalogue: Catalogue) -> None:
    whole = next(tile for tile in housing.tiles(city) if tile.label == "Logements (recensement)")
    part = next(tile for tile in housing.tiles(ivry_port) if tile.label == "Logements (recensement)")
    assert (_plain(whole.number), "estimé" in whole.detail) == ("32 530", False)
    assert (_plain(part.number), "estimé" in part.detail) == ("7 103", True)


def _is_true_of_over_iris(city: View, ivry_port: View, catalogue: Catalogue) -> None:
    shown = pd.concat([numbers.export_rows(city, section, Filter()) for section in numbers.SECTIONS])
    levels = shown["ref_area"].map(city.areas["level"])
    assert "iris" not in set(levels)
    assert "iris" in set(city.release.table("observations")["ref_area"].map(city.areas["level"]))


def _is_true_of_announced_dwellings(city: View, ivry_port: View, catalogue: Catalogue) -> None:
    quantities = {work.programme_id: _plain(work.quantity) for work in works(city, "housing")}
    assert "124 ou 372 logements" in quantities["ivry-lbms-mixed"]
    assert quantities["ivry-quais-d-ivry"] == "1 150 logements"
    assert "5 600" in quantities["ivry-port-renewal"]


_TIES = {
    "social_dwellings": _is_true_of_social_dwellings,
    "green_places": _is_true_of_green_places,
    "private_and_social": _is_true_of_private_and_social,
    "population": _is_true_of_population,
    "occupation": _is_true_of_occupation,
    "building_type": _is_true_of_building_type,
    "ages": _is_true_of_ages,
    "social_occupancy": _is_true_of_social_occupancy,
    "upkeep_staff": _is_true_of_upkeep_staff,
    "over_districts": _is_true_of_over_districts,
    "over_iris": _is_true_of_over_iris,
    "announced_dwellings": _is_true_of_announced_dwellings,
}


def test_every_sentence_about_pages_is_tied_to_them() -> None:
    assert list(_TIES) == list(entries())


@pytest.mark.parametrize("name", list(_TIES))
def test_what_the_catalogue_says_of_pages_is_so(name: str, city: View, ivry_port: View, catalogue: Catalogue) -> None:
    _TIES[name](city, ivry_port, catalogue)
