"""The sheet of an indicator: its calculation gives the figure again, its grid holds every figure, none is invented."""

import re
from collections import Counter
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from dashboard.content import (
    indicator_caveats,
    indicator_coverage,
    indicator_formula,
    indicator_sheet,
    indicator_sources,
)
from dashboard.content.entries import area_words, themes
from dashboard.content.indicator_coverage import NOTHING, SIGNS, coverage, grid, rows_covered
from dashboard.content.indicator_revisions import History
from dashboard.content.indicator_rows import names_shown, value_said
from dashboard.content.indicator_worked import summed, worked
from dashboard.content.pieces import Item, Table
from dashboard.content.tree import Facts, Listings, MapFigure, Notes, Tables
from dashboard.figures import localised, period_words, source_line, sources
from dashboard.formats import number, percent
from dashboard.messages import message
from dashboard.view import View, the_view
from data.frames import rows_of
from data.release import Release
from tests.dashboard.conftest import TODAY

NOT_ARITHMETIC = {"population_near_station"}
_INPUT = re.compile(r"(\w+)@([^\[;]+)\[([^\]]+)\]")


def _plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def _of_commune(view: View, indicator: str) -> pd.DataFrame:
    """Return every observation of an indicator in the commune, its parts and networks that serve it, by hand."""
    areas, rows = view.release.table("territories").set_index("ref_area"), view.release.table("observations")
    mine = rows["ref_area"].map(areas["commune"]) == view.commune
    served = rows["ref_area"].map(areas["communes_served"]).map(lambda codes: view.commune in codes.split())
    return rows[(mine | served) & (rows["indicator"] == indicator)]


def _facts(parts: tuple[Any, ...]) -> dict[str, Item]:
    return {item.label: item for part in parts if isinstance(part, Facts) for item in part.items}


def _tables(parts: tuple[Any, ...]) -> list[Table]:
    return [table for part in parts if isinstance(part, Tables) for table in part.tables]


def _observed(view: View) -> dict[tuple[str, str, str, str], float]:
    """Return the observed values of the release, without alternative readings, by area, indicator, period, source."""
    rows = view.release.table("observations")
    plain = rows[(rows["nature"] == "observed") & (rows["reading"] == "")]
    return {(row.ref_area, row.indicator, row.time_period, row.source): row.obs_value for row in rows_of(plain)}


def test_every_figure_that_a_formula_gives_is_worked_out_again(city: View) -> None:
    known = _observed(city)
    expressions = city.release.table("indicators").set_index("indicator")["expression"]
    rows = [row for name in names_shown(city) for row in rows_covered(city, name) if _INPUT.search(row.derived_from)]
    assert len(rows) > 240
    for row in rows:
        made, found = worked(city, row), _INPUT.findall(row.derived_from)
        assert made is not None
        assert [(one.indicator, one.time_period, one.source) for one, _ in made.inputs] == found
        if row.indicator in NOT_ARITHMETIC:
            assert (made.state, made.value) == ("no_formula", None)
            continue
        values = {name: known[row.ref_area, name, period, source] for name, period, source in found}
        assert made.state == "same"
        wanted = eval(str(expressions[row.indicator]), {"__builtins__": {}}, values)
        assert made.value == pytest.approx(wanted, rel=1e-12)
        assert row.obs_value == pytest.approx(wanted, rel=1e-12)


def test_every_figure_that_adds_up_statistical_units_is_added_up_again(city: View) -> None:
    weights = city.release.table("iris_weights").set_index(["iris", "district"])["weight"]
    rows = [row for name in names_shown(city) for row in rows_covered(city, name) if "IRIS" in row.derived_from]
    assert len(rows) > 80
    for row in rows:
        added = summed(city, row)
        assert added is not None
        assert added.state == "same"
        assert len(added.parts) == int(row.derived_from.split()[0])
        for part, weight in added.parts:
            assert weight == (weights[part.ref_area, row.ref_area] if added.is_shared_out else 1.0)
        assert row.obs_value == pytest.approx(sum(part.obs_value * weight for part, weight in added.parts), rel=1e-9)


def test_the_inputs_of_a_formula_stand_on_the_sheet_with_period_and_source(city_in: View) -> None:
    """Every input row says its label, value, period and source; the last row is the figure itself."""
    shown = 0
    for indicator in names_shown(city_in):
        for row in indicator_formula.leading(city_in, indicator):
            made = worked(city_in, row)
            if made is None or made.state != "same":
                continue
            table = next(one for one in _tables(indicator_formula.parts(city_in, indicator)) if one.shape == "inputs")
            assert len(table.rows) == len(made.inputs) + 1
            for cells, (_, given) in zip(table.rows, made.inputs, strict=False):
                assert cells[1] == value_said(city_in, given)
                assert cells[2] == period_words(given.time_period, given.time_basis, given.as_of, city_in.language)
            assert table.rows[-1][1] == value_said(city_in, row)
            shown += 1
    assert shown > 15


def test_a_formula_is_written_with_words_and_with_values(city: View) -> None:
    facts = _facts(indicator_formula.parts(city, "vacancy_rate_percent"))
    assert _plain(facts["Formule"].value) == "100 × « Logements vacants (recensement) » ÷ « Logements (recensement) »"
    assert _plain(facts["Avec les valeurs"].value) == "100 × 2 044 ÷ 32 530"
    assert _plain(facts["Résultat publié"].value) == "6,3 %"
    assert "redonne la valeur publiée" in facts["Calcul refait"].value
    social = _facts(indicator_formula.parts(city, "social_dwellings_vacancy_rate_percent"))
    assert "÷ (" in social["Avec les valeurs"].value


def test_a_formula_follows_the_district_and_a_sum_names_its_parts(ivry_port: View) -> None:
    title = _plain(indicator_sheet.headline(ivry_port, "vacancy_rate_percent").title)
    assert title == "Part de logements vacants (recensement), Ivry-Port, 2021 : 6,0 % (estimé)."
    facts = _facts(indicator_formula.parts(ivry_port, "vacancy_rate_percent"))
    assert facts["Avec les valeurs"].detail == message("indicator_sheet.rounded", "fr")
    (table,) = _tables(indicator_formula.parts(ivry_port, "population"))
    assert [cells[0] for cells in table.rows] == ["Ivry Port Nord", "Ivry Port Centre", "Ivry Port Sud", "Somme"]
    assert _plain(table.rows[0][1]) == "5 074"
    assert _plain(table.rows[-1][-1]) == "13 252"
    elsewhere = indicator_sheet.headline(ivry_port, "dwellings_started")
    assert elsewhere.lead.startswith("Aucun chiffre n’est donné pour Ivry-Port")


def test_a_figure_that_is_taken_as_it_stands_is_said_to_be(city: View) -> None:
    (facts,) = indicator_formula.parts(city, "dwellings_authorised")
    assert isinstance(facts, Facts)
    assert facts.items[0].value == message("indicator_sheet.not_computed_one", "fr")
    (several,) = _facts(indicator_formula.parts(city, "social_dwellings")).values()
    assert several.value == message("indicator_sheet.not_computed_other", "fr")
    assert _plain(several.detail) == "Bilan de mandat, 2025, ligne 45 ; SDES, RPLS au 1er janvier 2024"
    first, second, _ = indicator_formula.parts(city, "population")
    assert [part.title for part in (first, second) if isinstance(part, Facts)] == [
        "Le calcul, Ivry, 2023", "Le calcul, Ivry, 2021",
    ]  # fmt: skip


def test_every_cell_of_the_grid_is_what_the_release_holds_and_nothing_is_lost(city_in: View) -> None:
    for indicator in names_shown(city_in):
        rows, found = _of_commune(city_in, indicator), coverage(city_in, indicator)
        assert found.counts.total() == len(rows) > 0
        placed = [(area, place.nature) for place in found.places for area in place.areas]
        assert sorted(placed) == sorted(set(zip(rows["ref_area"], rows["nature"], strict=True)))
        told = rows.assign(period=[
            period_words(row.time_period, row.time_basis, row.as_of, city_in.language) for row in rows_of(rows)
        ])  # fmt: skip
        assert set(found.periods) == set(told["period"])
        for period in found.periods:
            for place in found.places:
                mine = told["ref_area"].isin(place.areas) & (told["nature"] == place.nature)
                states = told.loc[mine & (told["period"] == period), "obs_status"]
                assert found.cells.get((period, place), Counter()) == Counter(states)
        assert found.counts == Counter(rows["obs_status"])


def test_the_grid_shows_its_cells_in_their_order(city: View) -> None:
    table = grid(city, "population")
    assert [column.label for column in table.columns[1:3]] == ["Ivry-sur-Seine", "Centre-ville"]
    assert table.columns[-1].label == "IRIS (22)"
    rows = {cells[0]: cells[1:] for cells in table.rows}
    assert list(rows)[:2] == ["2023", "2021"]
    assert rows["2021"][0] == "● valeur (2)"
    assert set(rows["2021"][1:7]) == {"≈ estimé"}
    assert rows["2021"][7] == "● valeur (22)"
    assert rows["2013"][1] == f"{NOTHING} rien"
    assert not table.is_open
    operations = grid(city, "dwellings_programmed")
    assert all(column.label.endswith("(prévu)") for column in operations.columns[1:])
    assert "● valeur (2)" in {cell for cells in operations.rows for cell in cells}


def test_what_a_figure_is_stays_apart_by_sign_and_word(city: View) -> None:
    observations = city.release.table("observations").copy()
    mine = observations.index[(observations["indicator"] == "vacant_dwellings")
                              & observations["ref_area"].str.startswith("94041-")]  # fmt: skip
    states = {"A": 1.0, "E": 1.0, "P": 0.0, "B": 1.0, "O": None, "M": None}
    for place, (state, value) in zip(mine, states.items(), strict=True):
        observations.loc[place, ["obs_status", "obs_value"]] = [state, value]
    observations.loc[mine[4], "conf_status"] = "C"
    release = replace(city.release, tables={**city.release.tables, "observations": observations})
    view = replace(city, release=release)
    cells = grid(view, "vacant_dwellings").rows[0][2:8]
    assert len(set(cells)) == 6
    assert {cell[0] for cell in cells} == {SIGNS[state] for state in "AEPBCM"}
    assert "■ non diffusé" in cells
    assert len(set(SIGNS.values()) | {NOTHING}) == len(SIGNS) + 1
    words = {message(f"indicator_sheet.state_{state}", "fr") for state in SIGNS}
    assert len(words) == len(SIGNS)
    states_said = _facts(indicator_coverage.parts(view, "vacant_dwellings"))["États"].value
    assert _plain(states_said).startswith("● valeur : 24, ≈ estimé : 1, ◐ provisoire : 1, ≠")
    assert any("secret statistique" in one for one in indicator_caveats.sentences(view, "vacant_dwellings"))


def test_a_withheld_figure_is_not_worked_out_again(city: View) -> None:
    observations = city.release.table("observations").copy()
    mine = (observations["ref_area"] == "94041-ivry-port") & observations["indicator"].isin(
        ["vacant_dwellings", "vacancy_rate_percent"]
    )
    assert mine.sum() == 2
    observations.loc[mine, ["obs_value", "obs_status", "conf_status"]] = [None, "O", "C"]
    release = replace(city.release, tables={**city.release.tables, "observations": observations})
    view = the_view(release, "94041", "ivry-port", "fr", "light", TODAY)
    facts = _facts(indicator_formula.parts(view, "vacancy_rate_percent"))
    assert "secret statistique" in facts["Résultat publié"].value
    assert facts["Calcul refait"].value == message("indicator_sheet.again_withheld", "fr")
    assert "non diffusé" in facts["Avec les valeurs"].value
    assert _tables(indicator_formula.parts(view, "vacant_dwellings")) == []


def test_every_edition_is_told_with_licence_date_and_renewal(city_in: View) -> None:
    language, known = city_in.language, sources(city_in.release)
    for indicator in names_shown(city_in):
        rows, found = _of_commune(city_in, indicator), indicator_sources.editions_of(city_in, indicator)
        assert {name: count for name, count in found.items() if count} == dict(Counter(rows["source"]))
        inputs = {source for text in rows["derived_from"] for _, _, source in _INPUT.findall(text)}
        assert set(found) == set(rows["source"]) | inputs
        listing = indicator_sources.listing(city_in, indicator)
        groups = {row.header: (group, row) for fold in listing.folds for group in fold.groups for row in group.rows}
        assert len(groups) == len(found)
        for name in found:
            edition = known[name]
            group, row = groups[localised(edition, "title", language)]
            assert group.title == edition.publisher
            assert group.under.startswith(edition.licence)
            assert row.cells[2].words.startswith(localised(edition, "frequency", language))
            assert edition.edition_date[:4] in row.cells[1].words


def test_no_date_of_a_next_edition_is_invented(city_in: View) -> None:
    """Every year that the sources part names is that of an edition, of a title or of a method of the release."""
    table = city_in.release.table("sources")
    known = set(re.findall(r"\b(?:19|20)\d\d\b", " ".join(table.astype(str).to_numpy().ravel())))
    for indicator in names_shown(city_in):
        listing = indicator_sources.listing(city_in, indicator)
        said = " ".join([listing.note, *(text for fold in listing.folds for group in fold.groups for row in group.rows
                                         for text in (group.under, *(cell.words for cell in row.cells)))])  # fmt: skip
        assert set(re.findall(r"\b(?:19|20)\d\d\b", said)) <= known
    assert message("indicator_sheet.no_next", city_in.language) == listing.note


def test_a_newer_edition_is_named_beside_an_older_one(city: View) -> None:
    listing = indicator_sources.listing(city, "population")
    said = {row.header: _plain(row.cells[2].words) for group in listing.folds[0].groups for row in group.rows}
    assert said["Populations municipales 2013 à 2021"] == "chaque année ; une édition plus récente est ici aussi : 2023"
    assert said["Populations municipales 2023"] == "chaque année ; édition la plus récente ici : 2023"


def test_the_vacancies_are_told_apart_on_each_of_their_sheets(city: View) -> None:
    vacancies = {
        "vacant_dwellings", "vacancy_rate_percent",
        "private_dwellings_vacant", "private_dwellings_vacancy_rate_percent",
        "private_dwellings_vacant_over_2_years", "private_dwellings_vacant_over_2_years_rate_percent",
        "social_dwellings_vacant", "social_dwellings_vacancy_rate_percent", "social_dwellings_empty",
        "social_dwellings_empty_rate_percent",
    }  # fmt: skip
    found = {name for name in names_shown(city)
             if any("vacances différentes" in one for one in indicator_caveats.sentences(city, name))}  # fmt: skip
    assert found == vacancies


def test_checks_and_notes_that_concern_an_indicator_stand_on_its_sheet(city_in: View) -> None:
    language = city_in.language
    for indicator in names_shown(city_in):
        listings = [part for part in indicator_caveats.parts(city_in, indicator) if isinstance(part, Listings)]
        cells = [cell.words for part in listings for listing in part.listings for fold in listing.folds
                 for group in fold.groups for row in group.rows for cell in row.cells]  # fmt: skip
        rows = _of_commune(city_in, indicator)
        assert {note for note in rows[f"note_{language}"] if note} <= set(cells)
        for checks in indicator_caveats.checks_of(city_in, indicator).values():
            for check in checks:
                assert check.commune == city_in.commune
                assert getattr(check, f"text_{language}") in cells


def test_checks_are_those_that_use_the_figure_or_cite_its_line(city: View) -> None:
    found = indicator_caveats.checks_of(city, "dwellings_programmed")
    assert len(found["with_figure"]) == 4
    assert {check.verdict for check in found["with_figure"]} == {"ambiguous", "ok"}
    assert len(found["same_line"]) == 1
    social = indicator_caveats.compared_with(city, "social_dwellings")
    assert {one.kind for one in social} == {"sources", "parts"}
    readings = [fold.title for part in indicator_caveats.parts(city, "dwellings_programmed")
                if isinstance(part, Listings) for listing in part.listings for fold in listing.folds]  # fmt: skip
    assert any(title.startswith("Les phrases et leurs lectures") for title in readings)


def test_an_indicator_without_reservation_says_so(city_in: View) -> None:
    (notes,) = indicator_caveats.parts(city_in, "dwellings_authorised")
    assert notes == Notes(message("indicator_sheet.caveats", city_in.language),
                          (message("indicator_sheet.no_caveat", city_in.language),))  # fmt: skip
    breaks = indicator_caveats.sentences(city_in, "private_dwellings")
    assert any("2023" in one for one in breaks)


def test_choices_name_the_theme_first_and_every_sheet_is_one(city_in: View) -> None:
    choices = indicator_sheet.choices(city_in)
    assert set(choices) == set(names_shown(city_in))
    assert indicator_sheet.usual(city_in) == "vacancy_rate_percent"
    order = [label.split(" · ")[0] for label in choices.values()]
    assert list(dict.fromkeys(order)) == [title for title in themes(city_in.language).values() if title in order]


def test_a_commune_without_the_usual_indicator_opens_with_another(city: View) -> None:
    observations = city.release.table("observations")
    kept = observations[observations["indicator"] != "vacancy_rate_percent"]
    release = replace(city.release, tables={**city.release.tables, "observations": kept})
    view = replace(city, release=release)
    assert indicator_sheet.usual(view) == next(iter(indicator_sheet.choices(view)))


def test_beside_the_map_stand_the_district_and_the_city(ivry_port: View) -> None:
    parts = indicator_sheet.parts(ivry_port, "vacancy_rate_percent", None)
    shown = next(part for part in parts if isinstance(part, MapFigure))
    panel = indicator_sheet.panel(ivry_port, "vacancy_rate_percent", shown.prepared)
    assert [(item.label, _plain(item.value)) for item in panel.items] == [
        ("Ivry-Port", "6,0 % (estimé)"), ("Ivry-sur-Seine", "6,3 %"),
    ]  # fmt: skip
    assert panel.strip is not None


def test_statistical_units_stand_by_level_where_there_are_no_districts(release: Release) -> None:
    valence = the_view(release, "26362", "ville", "fr", "light", TODAY)
    found = coverage(valence, "vacancy_rate_percent")
    assert [len(place.areas) for place in found.places] == [1, len(valence.iris)]
    assert found.places[0].label == area_words(valence, "26362")
    assert found.counts.total() == len(valence.iris) + 1


_NUMBER = re.compile(r"\d+(?:[\u202f,.]\d+)*")
# What these tables compute is tested where it is computed; they are of the page of comparisons.
COMPARED = {"obs-compared", "obs-compared-readings"}


def _released(view: View) -> set[str]:
    """Return every number that a release says: in its texts, and as a value or period of the commune in words."""
    texts = [
        str(cell) for name in ("indicators", "sources", "checks", "territories", "readings")
        for column in map(str, view.release.table(name).select_dtypes("str").columns)
        for cell in view.release.table(name)[column]
    ]  # fmt: skip
    for name in names_shown(view):
        for row in rows_covered(view, name):
            period = period_words(row.time_period, row.time_basis, row.as_of, view.language)
            source = source_line(view.release, row.source, row.source_detail, view.language)
            texts += [value_said(view, row), period, source, localised(row, "note", view.language), row.derived_from]
    texts += [number(1000, 0, view.language), number(100, 0, view.language)]
    return set(_NUMBER.findall(" ".join(texts)))


def _said(view: View, indicator: str) -> list[str]:
    """Return all words of a sheet but comparisons, and but the shares and parts of a sum."""
    headline, texts = indicator_sheet.headline(view, indicator), []
    for part in indicator_sheet.parts(view, indicator, History(())):
        if isinstance(part, Facts):
            texts += [text for item in part.items for text in (item.value, item.detail)]
        elif isinstance(part, Tables):
            texts += [cell for table in part.tables if table.shape != "parts" for row in table.rows for cell in row]
        elif isinstance(part, Notes):
            texts += part.notes
        elif isinstance(part, Listings):
            folds = [fold for one in part.listings for fold in one.folds if fold.shape not in COMPARED]
            texts += [text for fold in folds for group in fold.groups for row in group.rows
                      for text in (row.header, row.under, *(cell.words for cell in row.cells))]  # fmt: skip
    return [headline.title, headline.lead, *texts]


def test_every_number_of_a_sheet_is_in_the_release_or_counts_its_figures(city_in: View) -> None:
    released = _released(city_in)
    for indicator in names_shown(city_in):
        found = set(_NUMBER.findall(" ".join(_said(city_in, indicator)))) - released
        cells = len(coverage(city_in, indicator).places) * len(coverage(city_in, indicator).periods)
        most = max(cells, len(rows_covered(city_in, indicator)))
        assert {one for one in found if not one.isdigit() or int(one) > most} == set(), indicator


def test_shares_and_parts_of_a_sum_are_those_of_the_release(ivry_port: View) -> None:
    weights = ivry_port.release.table("iris_weights")
    mine = weights[weights["district"] == ivry_port.ref_area].set_index("iris")["weight"]
    row = next(row for row in rows_covered(ivry_port, "population") if row.ref_area == ivry_port.ref_area)
    added = summed(ivry_port, row)
    assert added is not None
    (table,) = _tables(indicator_formula.parts(ivry_port, "population"))
    for cells, (part, weight) in zip(table.rows, added.parts, strict=False):
        assert weight == mine[part.ref_area]
        assert cells[2:] == (percent(100 * weight, 1), number(part.obs_value * weight, 1))
