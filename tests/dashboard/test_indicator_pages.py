"""The pages of the indicators: every figure of the commune stands there in words with its source, and as it is."""

import html
import re
from collections.abc import Iterator
from typing import Any

import pandas as pd
import pytest

from dashboard.content import indicator_rows, indicator_trees, indicator_words
from dashboard.content.entries import area_words
from dashboard.content.indicator_charts import charts, maps
from dashboard.content.indicator_trees import indicator_tree, indicators_shown
from dashboard.content.tree import ChartFigure, MapFigure, PageLinks, Tables
from dashboard.exports import export
from dashboard.figures import source_line, value_words
from dashboard.messages import message
from dashboard.publication import rendering
from dashboard.publication.place import Place
from dashboard.publication.rendering import Sheet, tree_body
from dashboard.view import View, the_view
from data.errors import UnknownIndicatorError
from data.frames import rows_of
from data.release import Release
from tests.dashboard.chart_reading import marks
from tests.dashboard.conftest import TODAY

PLACE = Place("https://ville.example/", lambda view, pattern, kind: pattern.format(format=kind))
NO_BREAK, NARROW = "\u00a0", "\u202f"


def _plain(text: str) -> str:
    return text.replace(NO_BREAK, " ").replace(NARROW, " ")


def _of_commune(view: View, levels: tuple[str, ...]) -> pd.DataFrame:
    """Return what the release says of the commune, its parts, and networks that serve it."""
    areas, rows = view.release.table("territories").set_index("ref_area"), view.release.table("observations")
    mine = rows["ref_area"].map(areas["commune"]) == view.commune
    served = rows["ref_area"].map(areas["communes_served"]).str.contains(view.commune)
    return rows[(mine | served) & rows["ref_area"].map(areas["level"]).isin(levels)]


@pytest.fixture(scope="module")
def with_parts(city: View) -> pd.DataFrame:
    return _of_commune(city, ("commune", "district", "network", "operation"))


def _title(view: View, indicator: str) -> str:
    return _plain(indicator_words.headline(view, indicator).title)


def _table(view: View, indicator: str) -> list[tuple[str, ...]]:
    tables = next(part for part in indicator_tree(view, indicator).parts if isinstance(part, Tables))
    return list(tables.tables[0].rows)


def test_every_figure_of_the_commune_stands_on_the_page_of_its_indicator(city: View, with_parts: pd.DataFrame) -> None:
    assert set(indicators_shown(city)) == set(with_parts["indicator"])
    told = 0
    for indicator, rows in with_parts.groupby("indicator"):
        found = _table(city, str(indicator))
        assert len(found) == len(rows)
        for row in rows_of(rows):
            value = value_words(city.release, row, "fr")
            source = source_line(city.release, row.source, row.source_detail, "fr")
            nature = message(f"nature.{row.nature}", "fr")
            area = area_words(city, row.ref_area)
            mine = [line for line in found if line[0] == area and line[2] == value
                    and line[5].startswith(f"{source} ·")]  # fmt: skip
            assert any(line[3].endswith(nature) for line in mine), (indicator, row.ref_area, value)
            told += 1
    assert told == len(with_parts) > 250


def test_what_is_drawn_and_downloaded_is_what_the_release_holds(city: View, with_parts: pd.DataFrame) -> None:
    for indicator in indicators_shown(city):
        rows = with_parts[with_parts["indicator"] == indicator]
        pd.testing.assert_frame_equal(
            export(city, indicator_rows.EXPORT, {"indicateur": indicator}),
            rows.loc[export_order(city, indicator)].reset_index(drop=True),
        )
        known = rows.set_index("ref_area")["obs_value"]
        for figure in maps(city, indicator):
            drawn = figure.prepared.frame
            for area in rows_of(drawn[drawn["state"] == "value"]):
                assert area.value in set(known.loc[[area.ref_area]])


def export_order(view: View, indicator: str) -> list[Any]:
    return [row.Index for row in indicator_rows.rows_shown(view, indicator)]


def test_a_page_says_its_values_and_sources_in_its_html(city: View, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendering, "share", lambda *_: "")
    for indicator in ("social_dwellings", "dwellings_started", "heat_network_renewable_share_percent"):
        sheet = Sheet(city, PLACE, f"indicateurs/{indicator.replace('_', '-')}/")
        said = html.unescape(re.sub(r"<[^>]+>", "|", tree_body(sheet, indicator_tree(city, indicator))))
        for row in indicator_rows.rows_shown(city, indicator):
            assert f"|{value_words(city.release, row, 'fr')}|" in said
            assert source_line(city.release, row.source, row.source_detail, "fr") in said


def test_the_newest_figure_opens_the_page_with_its_date_and_area(city: View) -> None:
    assert _title(city, "dwellings_authorised") == "Logements autorisés dans l’année, Ivry, 2024 : 1 299 logements."
    private = "Logements du parc privé (LOVAC), Ivry, au 1er janvier 2024 : 27 781 logements."
    assert _title(city, "private_dwellings") == private
    assert _title(city, "cycle_stands") == "Arceaux à vélo en place, Ivry, sans date (texte de 2025) : 722 arceaux."


def test_what_is_not_observed_is_never_worded_as_if_it_were(city: View, with_parts: pd.DataFrame) -> None:
    for row in rows_of(with_parts[with_parts["nature"] != "observed"]):
        value = indicator_words.value_said(city, row)
        assert f"({message(f'nature.{row.nature}', 'fr')}" in value
        page = indicator_tree(city, row.indicator)
        assert message(f"indicator.is_{row.nature}", "fr") in page.headline.lead
        if value_words(city.release, row, "fr") in page.headline.title:
            assert value in page.headline.title
    assert _title(city, "population_increase").endswith("2040 : 20 000 habitant·es (projection).")
    about = "Nouveaux espaces verts depuis 2020, Ivry, depuis 2020, jusqu’au texte de 2025 : plus de 10 ha (estimé)."
    assert _title(city, "green_area_created_ha") == about


def test_a_missing_figure_is_said_and_the_newest_known_one_is_dated(city: View) -> None:
    started = indicator_words.headline(city, "dwellings_started")
    assert _plain(started.title).endswith("Ivry, 2023 : 1 756 logements.")
    assert "2024 : donnée manquante." in _plain(started.lead)
    expected = indicator_words.headline(city, "dwellings_expected")
    assert _plain(expected.title).endswith(": donnée manquante (projection).")
    assert indicator_words.tiles(city, "dwellings_expected")[0].number == "—"


def test_sources_that_disagree_are_both_said(city: View) -> None:
    title = _title(city, "social_dwellings")
    assert "Bilan de mandat, 2025, sans date (texte de 2025) : 12 128 logements" in title
    assert "SDES, RPLS au 1er janvier 2024 : 11 948 logements" in title
    numbers = [_plain(tile.number) for tile in indicator_words.tiles(city, "social_dwellings")]
    assert numbers == ["12 128", "11 948"]


def test_readings_of_one_text_are_told_apart_and_never_added(city: View) -> None:
    page = indicator_tree(city, "dwellings_programmed")
    assert _plain(page.headline.title) == (
        "Logements programmés par opération : 5 chiffres pour 4 lieux, aucun pour la ville entière."
    )
    assert message("indicator.readings", "fr") in page.headline.lead
    table = indicator_rows.values_table(city, "dwellings_programmed")
    notes = [note for note in table.notes if note.startswith(f"Lecture du texte{NO_BREAK}:")]
    assert len(notes) == 2
    assert page.tiles == ()


def test_a_party_s_proposal_is_marked_and_never_drawn(city: View) -> None:
    page = indicator_tree(city, "shopping_streets_per_district")
    assert "une proposition de parti, ni décision ni fait" in page.headline.title
    assert page.tiles == ()
    assert not list(page.figures())
    ((_, _, _, nature, _, source),) = _table(city, "shopping_streets_per_district")
    assert (nature, source.rpartition(" · ")[2]) == ("□ proposé", "proposition d’un parti")
    links = [link for part in indicator_trees.index_tree(city).parts if isinstance(part, PageLinks)
             for link in part.links]  # fmt: skip
    (listed,) = (link for link in links if link.address == "indicateurs/shopping-streets-per-district")
    assert listed.detail.startswith("□ ")
    assert listed.detail.endswith("proposition d’un parti")


def _drawn(chart: ChartFigure) -> Iterator[tuple[float, float | None]]:
    """Yield the years and values that a line chart draws."""
    _, rows = next(marks(chart.chart.specification))
    yield from ((row["year"], row["value"]) for row in rows)


def test_a_line_is_of_one_area_and_source_and_stops_at_gaps_and_breaks(city: View) -> None:
    (population,) = charts(city, "population")
    years = dict(_drawn(population))
    assert (years[2013], years[2022], years[2023]) == (58933.0, None, 65064.0)
    assert "Donnée manquante" in population.chart.subtitle
    (vacant,) = charts(city, "private_dwellings_vacant")
    drawn = dict(_drawn(vacant))
    assert (drawn[2022.5], drawn[2024.5]) == (None, None)
    assert "Rupture de série en 2023, 2025" in vacant.chart.subtitle
    assert "après une rupture de série" in vacant.chart.title
    assert list(charts(city, "cycle_stands")) == []


def test_figures_have_names_of_their_own(city: View) -> None:
    figures = [figure for name in indicators_shown(city) for figure in indicator_tree(city, name).figures()]
    keys = [figure.key for figure in figures]
    assert len(keys) == len(set(keys)) > 25
    assert all(re.fullmatch(r"indicateur-[a-z0-9-]+-(carte|serie)", key) for key in keys)
    (rate,) = maps(city, "vacancy_rate_percent")
    assert isinstance(rate, MapFigure)
    assert "réparti par quartier (estimation)" in rate.source
    (near,) = maps(city, "population_near_station")
    assert "Mobilités" in near.source


def test_a_page_says_what_it_is_computed_from_and_leads_there(city: View) -> None:
    page = indicator_tree(city, "cycle_stands_per_1000_inhabitants")
    addresses = {link.address for part in page.parts if isinstance(part, PageLinks) for link in part.links}
    assert {"mobilite", "indicateurs/cycle-stands", "indicateurs/population", "chiffres", "indicateurs"} <= addresses
    facts = {item.label: item for part in page.parts if hasattr(part, "items") for item in part.items}
    assert "Arceaux à vélo en place, sans date (texte de 2025) (Bilan de mandat, 2025)" in facts["Tiré de"].value
    assert _plain(facts["Unité"].value) == "pour 1 000 habitant·es, 1 décimale"


def test_without_districts_statistical_units_are_shown(release: Release) -> None:
    valence = the_view(release, "26362", "ville", "fr", "light", TODAY)
    rows = _of_commune(valence, ("commune", "iris", "network", "operation"))
    assert set(indicators_shown(valence)) == set(rows["indicator"])
    assert len(_table(valence, "vacancy_rate_percent")) == (rows["indicator"] == "vacancy_rate_percent").sum() > 20


def test_an_indicator_of_which_nothing_is_said_has_no_page(city: View) -> None:
    with pytest.raises(UnknownIndicatorError):
        indicator_tree(city, "student_festival_weeks")
    with pytest.raises(UnknownIndicatorError):
        export(city, indicator_rows.EXPORT, {"indicateur": "nowhere"})


def test_a_suppressed_value_is_said_to_be_one(city: View) -> None:
    row = indicator_rows.rows_shown(city, "social_dwellings_vacant")[0]
    hidden = row._replace(obs_value=float("nan"), conf_status="C")
    assert indicator_words.value_said(city, hidden) == "non diffusé (secret statistique)"
