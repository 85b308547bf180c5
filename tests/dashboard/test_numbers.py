"""Every figure, date and series of the sources is on the page, can be found, and can be downloaded as shown."""

import pytest

from dashboard import fragments
from dashboard.content import numbers
from dashboard.content.entries import CONTEXT, DATES, DERIVED, DISTRICT, OPEN_DATA, SECTIONS, TEXTS
from dashboard.content.folds import Row
from dashboard.exports import UnknownExportError, export
from dashboard.figures import indicators
from dashboard.formats import number
from dashboard.listing import Filter, plain
from dashboard.view import View
from data.models import FigureRow, MilestoneRow, OpenDataRow
from etl.ledger import Ledger

ALL = Filter()
PERCENT = "\u202f%"


def _rows(view: View, section: str, chosen: Filter = ALL) -> list[Row]:
    listings = [listing for listing in numbers.listings(view, chosen) if listing.export == section]
    return [row for listing in listings for fold in listing.folds for group in fold.groups for row in group.rows]


def _labels(view: View, search: str) -> list[str]:
    return [entry.label for section in SECTIONS[:-1] for entry in numbers.listed(view, section, Filter(search))]


def _sent(view: View, chosen: Filter = ALL) -> dict[str, int]:
    folds = [fold for listing in numbers.listings(view, chosen) for fold in listing.folds]
    return {html: len(html.encode()) for html in map(fragments.fold, folds)}


@pytest.mark.parametrize(("file", "section", "count"), [("figures.csv", TEXTS, 89), ("context.csv", CONTEXT, 13)])
def test_every_figure_of_the_texts_is_listed(ledger: Ledger, city: View, file: str, section: str, count: int) -> None:
    shown = [(row.header, row.cells) for row in _rows(city, section)]
    figures = [row for _, row in ledger.rows(file, FigureRow)]
    assert len(shown) == len(figures) == count
    for figure in figures:
        entry = indicators(city.release)[figure.indicator]
        lines = figure.source_detail.replace(";", ":").split(":")[1]
        mine = [cells for header, cells in shown if header == entry.label_fr and lines in cells[2].words]
        assert mine, figure.figure_id
        assert all(cells[2].mark and cells[1].words for cells in mine)
        if figure.obs_value is None:
            assert any(cells[0].words == "donnée manquante" for cells in mine)
        elif entry.unit != "calendar_year":
            written = {number(figure.obs_value, decimals, "fr", minimum=0) for decimals in (0, entry.decimals)}
            assert any(cells[0].words.replace("\u00a0", " ").find(text) >= 0 for text in written for cells in mine)
        assert any(figure.note_fr == cells[2].note for cells in mine), figure.figure_id


def test_every_series_of_the_ledger_is_listed_value_by_value(ledger: Ledger, city: View) -> None:
    found = {(entry.ref_area, entry.label, point.period): (point.words, entry.source)
             for entry in numbers.listed(city, OPEN_DATA, ALL) for point in entry.points}  # fmt: skip
    rows = [row for _, row in ledger.rows("open_data.csv", OpenDataRow)]
    assert len(rows) == len(found) == 282
    for row in rows:
        definition = indicators(city.release)[row.indicator]
        words, _ = found[row.ref_area, definition.label_fr, row.time_period[:4]]
        if row.obs_value is None:
            assert words == "donnée manquante"
            continue
        value = number(row.obs_value, definition.decimals) + (PERCENT if definition.unit == "percent" else "")
        assert words.startswith(value)
        assert ("rupture de série" in words) == (row.obs_status == "B")


def test_a_series_says_its_break_and_its_missing_year(city: View) -> None:
    cells = {row.header: row.cells[0] for group in _groups(city, "Logements du parc privé (LOVAC)") for row in group}
    assert "27\u202f159 (rupture de série)" in cells["Ivry-sur-Seine"].words
    assert "passe d’un coup de 21\u00a0022 à 27\u00a0159" in cells["Ivry-sur-Seine"].note.replace("\u202f", "\u00a0")
    started = {row.header: row.cells[0] for group in _groups(city, "Logements commencés dans l’année") for row in group}
    assert started["Ivry-sur-Seine"].words.endswith("2024\u00a0:\u00a0donnée manquante")


def _groups(view: View, title: str) -> list[tuple[Row, ...]]:
    listing = next(listing for listing in numbers.listings(view, ALL) if listing.export == OPEN_DATA)
    return [group.rows for fold in listing.folds for group in fold.groups if group.title == title]


def test_derived_indicators_are_those_of_communes_only(city: View) -> None:
    areas = {entry.ref_area for entry in numbers.listed(city, DERIVED, ALL)}
    assert areas == {"94041", "94022", "94074", "94081", "26362"}
    assert all(entry.method or entry.source for entry in numbers.listed(city, DERIVED, ALL))


def test_every_milestone_is_listed_with_its_date_and_precision(ledger: Ledger, city: View) -> None:
    shown = {row.header: row.cells for row in _rows(city, DATES)}
    rows = [row for _, row in ledger.rows("milestones.csv", MilestoneRow)]
    assert len(rows) == len(_rows(city, DATES)) == 36
    for row in rows:
        date, precision, source = shown[row.label_fr]
        assert row.date[:4] in date.words
        assert ("déduit" in precision.words) == row.precision.endswith("inferred")
        assert source.mark
    assert shown["Premières délocalisations d’usines"][0].words == "années 1980"
    park = shown["Ouverture de la première partie du parc des Confluences"]
    assert "Échéance passée, réalisation non confirmée" in park[1].words


@pytest.mark.parametrize("search", ["geothermie", "GÉOTHERMIE", "géothermie 40"])
def test_a_search_ignores_accents_and_case(city: View, search: str) -> None:
    found = numbers.listed(city, TEXTS, Filter(search))
    assert "40\u00a0%" in {entry.points[0].words for entry in found}


def test_a_search_reads_numbers_notes_areas_and_operations(city: View) -> None:
    assert _labels(city, "12128") == _labels(city, "12 128") == ["Logements sociaux"]
    assert "Part de locatif social programmée" in _labels(city, "accession sociale")
    assert "Surface totale prévue des parcs" in _labels(city, "confluences")
    assert _labels(city, "coeur de ville") == _labels(city, "Cœur de Ville")
    assert all(entry.ref_area == "94074" for entry in numbers.listed(city, OPEN_DATA, Filter("valenton")))
    assert numbers.found_words(city, Filter("rhinocéros")) == "Aucun chiffre ne correspond à cette recherche."


def test_a_party_s_proposals_carry_their_mark(city: View) -> None:
    proposed = [entry for entry in numbers.listed(city, TEXTS, ALL) if entry.nature == "proposé"]
    assert len(proposed) == 12
    assert {entry.mark for entry in proposed} == {"□ proposition d’un parti"}
    others = [entry for entry in numbers.listed(city, TEXTS, ALL) if entry.nature != "proposé"]
    assert not [entry for entry in others if "□" in entry.mark]


def test_a_year_holds_only_what_is_of_that_year(city: View) -> None:
    chosen = Filter(year="2023")
    ivry = next(entry for entry in numbers.listed(city, OPEN_DATA, chosen) if entry.label == "Population")
    assert [point.period for point in ivry.points] == ["2023"]
    labels = {entry.label for entry in numbers.listed(city, TEXTS, chosen)}
    assert "Itinéraires cyclables aménagés depuis 2020" in labels  # counted since 2020
    assert "Logements sociaux" not in labels  # undated
    assert all("2023" in entry.points[0].words for entry in numbers.listed(city, DATES, chosen))


def test_a_figure_without_a_date_is_of_no_year(ledger: Ledger, city: View) -> None:
    undated = numbers.listed(city, TEXTS, Filter(year="sans-date"))
    bases = [row.time_basis for _, row in ledger.rows("figures.csv", FigureRow)]
    assert len(undated) == bases.count("document_date") + bases.count("inferred") == 68
    assert all(entry.points[0].period.startswith("sans date") for entry in undated)
    dated = {entry.label for entry in numbers.listed(city, TEXTS, Filter(year="2025"))}
    assert "Besoins de chaleur des logements couverts par géothermie" not in dated


def test_themes_and_years_come_from_catalogue_and_data(city: View) -> None:
    assert list(numbers.theme_choices(city))[:3] == ["", "housing", "green_space"]
    years = list(numbers.year_choices(city))
    assert years[:2] == ["", "2050"]
    assert years[-1] == "sans-date"
    for theme in numbers.theme_choices(city):
        for section in SECTIONS:
            assert all(entry.theme == theme for entry in numbers.listed(city, section, Filter(theme=theme)) if theme)


def test_a_district_lists_its_own_figures_and_those_of_the_city(district: View) -> None:
    areas = {entry.ref_area for entry in numbers.listed(district, TEXTS, ALL)}
    assert "94041" in areas
    assert not [area for area in areas if area.startswith("26362") or area == "seine-amont"]
    own = {entry.ref_area for entry in numbers.listed(district, DISTRICT, ALL)}
    assert own == {district.ref_area}
    assert len(numbers.listed(district, DISTRICT, ALL)) == 21


def test_ivry_port_lists_the_figures_of_its_operations(ivry_port: View) -> None:
    words = {entry.points[0].words.replace("\u202f", " ").replace("\u00a0", " ") for entry in
             numbers.listed(ivry_port, TEXTS, ALL) if entry.ref_area != "94041"}  # fmt: skip
    assert {"5 600 logements", "2 300 logements", "1 150 logements", "12 ha", "145 ha"} <= words


def test_a_change_of_district_sends_little(city: View, district: View) -> None:
    whole, mine = _sent(city), _sent(district)
    for before, after in ((whole, mine), (mine, whole)):
        assert sum(size for html, size in after.items() if html not in before) < 36_000
    series = [fold for listing in numbers.listings(district, ALL) if listing.export in {OPEN_DATA, DERIVED, DATES}
              for fold in listing.folds]  # fmt: skip
    assert all(fragments.fold(fold) in whole for fold in series)


@pytest.mark.parametrize("chosen", [ALL, Filter("logement"), Filter(theme="housing"), Filter(year="2020")])
@pytest.mark.parametrize("section", SECTIONS)
def test_a_download_holds_exactly_what_is_listed(city: View, ivry_port: View, section: str, chosen: Filter) -> None:
    parameters = {"recherche": chosen.search, "theme": chosen.theme, "annee": chosen.year}
    for view in (city, ivry_port):
        listed = numbers.listed(view, section, chosen)
        rows = export(view, section, parameters)
        assert len(rows) == sum(len(entry.points) for entry in listed)
        if section != DATES:
            assert set(rows["ref_area"]) == {entry.ref_area for entry in listed}


@pytest.mark.parametrize("parameters", [{"theme": "nothing"}, {"annee": "1789"}])
def test_a_download_of_an_unknown_theme_or_year_is_refused(city: View, parameters: dict[str, str]) -> None:
    with pytest.raises(UnknownExportError):
        export(city, TEXTS, parameters)


def test_links_carry_the_filter_and_only_texts_depend_on_the_district(ivry_port: View) -> None:
    queries = {listing.export: dict(listing.query) for listing in numbers.listings(ivry_port, Filter("velo & co"))}
    assert queries == {}
    queries = {listing.export: dict(listing.query) for listing in numbers.listings(ivry_port, Filter(theme="housing"))}
    assert queries[TEXTS] == {"quartier": "ivry-port", "theme": "housing"}
    assert queries[OPEN_DATA] == {"theme": "housing"}


def test_what_a_search_compares() -> None:
    assert plain("Cœur d’Ivry, 12\u202f128 habitant·es") == "coeur d'ivry, 12128 habitantes"
