"""The comparison of areas, against plain arithmetic on the observations of the release."""

import re
from dataclasses import replace

import pandas as pd
import pytest

from dashboard.desk import compare, compare_figures, measures
from dashboard.desk.compare import CHANGE, INDEX, Comparison
from dashboard.desk.relative import compared
from dashboard.desk.requests import comparison_of
from dashboard.view import View
from data.errors import UnknownAreaError
from tests.dashboard.chart_reading import rows_with

AUTHORISED = {"niveau": "commune", "lieux": "94041,94081", "indicateurs": "dwellings_authorised", "par": "inhabitants"}


def _yearly(view: View, indicator: str, area: str, source: str = "") -> dict[str, float]:
    rows = view.release.table("observations")
    rows = rows[(rows["indicator"] == indicator) & (rows["ref_area"] == area) & rows["obs_value"].notna()]
    rows = rows[rows["source"].str.startswith(source)].sort_values("source")
    return dict(zip(rows["time_period"], rows["obs_value"], strict=True))


def _expected(view: View, area: str) -> dict[str, float]:
    dwellings, people = (
        _yearly(view, "dwellings_authorised", area),
        _yearly(view, "population", area, "insee-population"),
    )
    return {year: 1000 * dwellings[year] / people[year] for year in dwellings if year in people}


def _number(words: str, language: str) -> float:
    plain = re.sub(r"[\u202f\u00a0]", "", words) if language == "fr" else words.replace(",", "")
    return float(plain.replace(",", ".").replace("−", "-"))


def test_ivry_and_vitry_over_ten_years_per_inhabitant(city_in: View) -> None:
    comparison = comparison_of(city_in, AUTHORISED)
    table = compare.table(city_in, comparison, comparison.measures[0])
    assert table is not None
    expected = {code: _expected(city_in, code) for code in ("94041", "94081")}
    rows = {row[0]: row[1:] for row in table.rows}
    for year, cells in rows.items():
        if year in expected["94041"]:
            said = [_number(cell, city_in.language) for cell in cells]
            assert said == [round(expected[code][year], 1) for code in expected]
    shared = sorted(expected["94041"].keys() & expected["94081"].keys())
    assert len(shared) == 10
    means = [sum(expected[code][year] for year in shared) / 10 for code in expected]
    said = next(cells for label, cells in rows.items() if "10" in label)
    assert [_number(cell, city_in.language) for cell in said] == [round(mean, 1) for mean in means]
    title = compare.headline(city_in, comparison)
    assert {"fr": "11,1", "en": "11.1"}[city_in.language] in title.lead
    assert "2023" in title.title


def test_the_catalogue_s_own_rate_is_the_same(city: View) -> None:
    one = compared(city, measures.measure_of(city, "dwellings_authorised"), "commune", "inhabitants")
    assert one is not None
    for code in ("94041", "94081", "94022", "94074"):
        stored = _yearly(city, "dwellings_authorised_per_1000_inhabitants", code)
        for year, value in stored.items():
            assert one.values.at[code, year] == pytest.approx(value)


def test_what_is_divided_names_both_sources(city_in: View) -> None:
    comparison = comparison_of(city_in, AUTHORISED)
    chart = compare_figures.among_peers(city_in, comparison, comparison.measures[0])
    assert chart is not None
    assert "Sitadel" in chart.source
    assert "municipal" in chart.source
    rows = compare.export_rows(city_in, comparison)
    assert set(rows["indicator"]) == {"dwellings_authorised", "population"}
    assert set(rows["ref_area"]) == {"94041", "94081"}


def test_only_what_the_catalogue_allows_is_offered(city: View) -> None:
    share = measures.measure_of(city, "vacancy_rate_percent")
    assert list(compare.base_labels(city, (share,))) == [compare.UNDIVIDED]
    count = measures.measure_of(city, "dwellings_authorised")
    assert "inhabitants" in compare.base_labels(city, (count,))
    assert list(compare.base_labels(city, (count, share))) == [compare.UNDIVIDED]


def test_an_index_starts_at_100_for_everybody(city_in: View) -> None:
    comparison = comparison_of(city_in, {**AUTHORISED, "montrer": INDEX, "base": "2013"})
    shown = compare_figures.over_time(city_in, comparison, comparison.measures[0])
    assert shown is not None
    assert "100" in shown.title
    for panel in shown.panels:
        points = [row for row in rows_with(panel.specification, "year", "text") if row["year"] == 2013]
        assert {round(row["value"], 9) for row in points} == {100.0}


def test_change_stands_against_level(city: View) -> None:
    comparison = comparison_of(city, {"niveau": "commune", "lieux": "94041,94081,26362",
                                      "indicateurs": "population@insee_population", "montrer": CHANGE})  # fmt: skip
    chart = compare_figures.level_and_change(city, comparison, comparison.measures[0])
    assert chart is not None
    people = {code: _yearly(city, "population", code, "insee-population") for code in ("94041", "94081", "26362")}
    first, last = (pick(set.intersection(*(set(one) for one in people.values()))) for pick in (min, max))
    points = {row["name"]: row for row in rows_with(chart.specification, "name", "x", "y")}
    assert points["Ivry"]["x"] == people["94041"][last]
    assert points["Ivry"]["y"] == pytest.approx(100 * (people["94041"][last] / people["94041"][first] - 1))


def test_ranks_count_all_peers_and_say_ties(city_in: View) -> None:
    comparison = comparison_of(city_in, {"niveau": "district", "lieux": "94041-ivry-port,94041-petit-ivry",
                                         "indicateurs": "vacancy_rate_percent"})  # fmt: skip
    table = compare.table(city_in, comparison, comparison.measures[0])
    assert table is not None
    assert [cell.split()[0] for cell in table.rows[-1][1:]] == ["4", "6"]
    assert all("6" in cell for cell in table.rows[-1][1:])


def test_an_area_without_figures_is_named_and_holds_nobody_back(city_in: View) -> None:
    comparison = comparison_of(city_in, {"niveau": "commune", "lieux": "94041,94081,26362",
                                         "indicateurs": "dwellings_authorised"})  # fmt: skip
    table = compare.table(city_in, comparison, comparison.measures[0])
    assert table is not None
    assert "Valence" in table.note
    assert "Valence" not in [column.label for column in table.columns]
    assert "14" in compare.headline(city_in, comparison).lead


def test_vacancies_are_refused_and_the_first_is_still_shown(city_in: View) -> None:
    keys = ("vacancy_rate_percent", "private_dwellings_vacancy_rate_percent", "dwellings_authorised")
    comparison = comparison_of(city_in, {"niveau": "commune", "lieux": "94041,94081", "indicateurs": ",".join(keys)})
    assert len(compare.refused(comparison)) == 1
    assert [one.indicator for one in compare.kept(comparison)] == [keys[0], keys[2]]


def test_every_choice_can_be_compared_without_a_fault(city_in: View) -> None:
    drawn = 0
    for level in compare.levels(city_in):
        areas = compare.usual_areas(city_in, level)
        for key in compare.measure_choices(city_in, level):
            measure = measures.measure_of(city_in, key)
            for base in compare.base_labels(city_in, (measure,)):
                shown = "" if base == compare.UNDIVIDED else base
                comparison = Comparison(level, areas, (measure,), shown)
                assert compare.headline(city_in, comparison).title
                figures = compare_figures.figures(city_in, comparison, measure)
                table = compare.table(city_in, comparison, measure)
                drawn += len(figures)
                for figure in figures:
                    assert figure.title
                    assert figure.source.strip(". ")
                if table is not None:
                    assert all(len(row) == len(table.columns) for row in table.rows)
    assert drawn > 100


@pytest.mark.parametrize(
    "asked", [{"lieux": ""}, {"lieux": "94041,99999"}, {"niveau": "iris"}, {"lieux": "'; drop table"}]
)
def test_unknown_areas_have_a_named_error(city: View, asked: dict[str, str]) -> None:
    with pytest.raises((UnknownAreaError, measures.UnknownLevelError)):
        comparison_of(city, {**AUTHORISED, **asked})


def test_a_missing_denominator_is_said_not_filled(city: View) -> None:
    one = compared(city, measures.measure_of(city, "dwellings_authorised"), "commune", "inhabitants")
    assert one is not None
    assert pd.isna(one.values.at["94041", "2022"])
    assert one.cell("94041", "2022", "fr") == "pas de chiffre pour la même année"


LOVAC = {"niveau": "commune", "lieux": "94041,94081", "indicateurs": "private_dwellings_vacant"}


def test_a_break_in_a_series_interrupts_lines_and_is_never_averaged_over(city_in: View) -> None:
    comparison = comparison_of(city_in, LOVAC)
    measure = comparison.measures[0]
    rows = city_in.release.table("observations")
    rows = rows[(rows["indicator"] == measure.indicator) & (rows["obs_status"] == "B")]
    broken = {code: {int(period[:4]) for period in found} for code, found in rows.groupby("ref_area")["time_period"]}
    assert broken["94041"] == {2023, 2025}
    shown = compare_figures.over_time(city_in, comparison, measure)
    assert shown is not None
    assert all(str(year) in shown.subtitle for year in broken["94041"])
    for panel, code in zip(shown.panels, comparison.areas, strict=True):
        own = rows_with(panel.specification, "year", "value", "text")
        assert {row["year"] for row in own if row["value"] is None} == {year - 0.5 for year in broken[code]}
        peers = [row for row in rows_with(panel.specification, "name", "year") if "text" not in row]
        for peer in set(broken) - {code}:
            gaps = {row["year"] for row in peers if row["name"] == peer and row.get("value") is None}
            assert {year - 0.5 for year in broken[peer]} <= gaps
    table = compare.table(city_in, comparison, measure)
    assert table is not None
    assert len(table.rows) == 6 + 1  # years and rank: a mean would mix what does not compare
    assert "2023" in table.note
    assert list(compare.base_periods(city_in, comparison)) == ["2025-01-01"]
    assert compare_figures.level_and_change(city_in, comparison, measure) is None
    assert "2025-01-01" not in compare.headline(city_in, comparison).title


def test_an_estimate_of_what_one_divides_by_makes_the_quotient_one(city: View) -> None:
    divided = compared(city, measures.measure_of(city, "vacant_dwellings"), "iris", "hectares")
    plain = compared(city, measures.measure_of(city, "vacant_dwellings"), "iris")
    assert divided is not None
    assert plain is not None
    assert (plain.statuses == "A").all().all()
    assert (divided.statuses[divided.values.notna()].stack() == "E").all()


def test_what_is_planned_has_no_rank_and_no_mean(city_in: View) -> None:
    seen = 0
    for key in measures.choices(city_in):
        measure = measures.measure_of(city_in, key)
        for level in measures.levels_of(city_in, measure):
            areas = compare.usual_areas(city_in, level)
            if (
                measure.nature == "observed"
                or compare.compared_of(city_in, Comparison(level, areas, ()), measure) is None
            ):
                continue
            comparison = Comparison(level, areas, (measure,))
            one, table = compare.compared_of(city_in, comparison, measure), compare.table(city_in, comparison, measure)
            assert one is not None
            assert table is not None
            assert len(table.rows) == one.values.shape[1]
            seen += 1
    assert seen > 0


def test_hollow_points_are_explained(city_in: View) -> None:
    drawn = {True: 0, False: 0}
    for key in compare.measure_choices(city_in, "district"):
        measure = measures.measure_of(city_in, key)
        comparison = Comparison("district", compare.usual_areas(city_in, "district"), (measure,))
        one, chart = compare.compared_of(city_in, comparison, measure), compare_figures.among_peers(
            city_in, comparison, measure)  # fmt: skip
        assert one is not None
        assert chart is not None
        statuses = one.statuses.loc[list(comparison.areas), compare.newest_common(one, comparison.areas)]
        words = {"fr": "valeur estimée", "en": "estimated value"}[city_in.language]
        assert (words in chart.subtitle) == bool((statuses == "E").any())
        drawn[words in chart.subtitle] += 1
    assert drawn[True] > 0


def test_a_release_with_nothing_to_compare_says_so(city: View) -> None:
    rows = city.release.table("observations")
    few = replace(city.release, tables={**city.release.tables, "observations": rows[rows["ref_area"] == "94041"]})
    view = replace(city, release=few)
    assert compare.levels(view) == ()
    nothing = Comparison("", (), ())
    assert compare.headline(view, nothing).title
    assert (compare.refused(nothing), compare.kept(nothing)) == ((), ())


@pytest.mark.parametrize("base", ["2020-01-01", "1066", "';"])
def test_an_index_that_would_cross_a_break_or_start_nowhere_is_refused(city: View, base: str) -> None:
    with pytest.raises(measures.UnknownPeriodError):
        comparison_of(city, {**LOVAC, "montrer": INDEX, "base": base})
    assert comparison_of(city, {**LOVAC, "base": base}).first == ""
