"""The page of programmes: what it says under hypotheses, what it leaves open, what can be taken away from it."""

import json
import re
from dataclasses import fields, is_dataclass
from datetime import date

import pytest
import vl_convert

from dashboard.content import programmes
from dashboard.content.assumptions import needed, supposed
from dashboard.content.consequences import before_and_after, consequences
from dashboard.content.outcomes import district_table, export_rows, operation_table
from dashboard.content.pieces import Chart, Table
from dashboard.content.scenario import FIRST_YEAR, LAST_YEAR, YEARS, foundation, quantities, scenario, without_delay
from dashboard.exports import export
from dashboard.formats import number
from dashboard.view import View, the_view
from data.hypotheses import (
    NOTHING_SUPPOSED,
    Hypotheses,
    OperationHypothesis,
    to_text,
)
from data.release import Release
from data.rules.supposing import contradictions
from data.schemas import TABLES
from tests.dashboard.conftest import TODAY
from tests.data.supposing import over

NARROW, NO_BREAK = "\u202f", "\u00a0"
RENEWAL, QUAIS, AGROCITE = "ivry-port-renewal", "ivry-quais-d-ivry", "ivry-agrocite-gagarine-truillot"
RENEWAL_NAME, QUAIS_NAME = "Renouvellement d’Ivry-Port", "Quais d’Ivry (transformation du centre commercial)"
WINDOWS = (over(RENEWAL, 2026, 2035), over(QUAIS, 2026, 2035))
OUTSIDE = Hypotheses(operations=WINDOWS, readings=(("quais-in-ivry-port", "outside"),))
HOUSEHOLDS = (("dwellings", 2.0), ("specific_dwellings", 1.0))
PORT_LATE = OUTSIDE.suppose(over(RENEWAL, 2026, 2035, delay_years=2))
EVERYTHING = Hypotheses(
    operations=(
        over(AGROCITE, 2026, 2031, delivered_percent=40, delay_years=1),
        over("ivry-parc-des-confluences", 2026, 2030, delivered_percent=33.3),
        over(RENEWAL, 2027, 2036, delivered_percent=30),
        over(QUAIS, 2026, 2035),
    ),
    delay_years=3,
    readings=(("mixed-programmes-count", "each"), ("quais-in-ivry-port", "inside")),
    household_sizes=HOUSEHOLDS,
)
HANDFUL = {
    "nothing": NOTHING_SUPPOSED,
    "two years late": Hypotheses(delay_years=2),
    "only under way": OUTSIDE.model_copy(update={"only_under_way": True}),
    "households only": Hypotheses(household_sizes=HOUSEHOLDS),
    "a kind of household": Hypotheses(household_sizes=HOUSEHOLDS[:1], delay_years=1),
    "everything": EVERYTHING,
}
UNSAYABLE = re.compile(r"\b(inf|nan|none|true|false)\b|∞|−0\b|\{|\}", re.IGNORECASE)


def _plain(text: str) -> str:
    return text.replace(NARROW, " ").replace(NO_BREAK, " ")


def _cells(table: Table) -> dict[str, dict[str, str]]:
    """Return the cells of a table by the first of their row and the name of their column."""
    names = [column.name for column in table.columns]
    return {row[0]: {name: _plain(cell) for name, cell in zip(names, row, strict=True)} for row in table.rows}


def _words(piece: object) -> list[str]:
    """Return every text of pieces of a page; charts without their specification."""
    if isinstance(piece, str):
        return [piece]
    if isinstance(piece, list | tuple):
        return [words for part in piece for words in _words(part)]
    if is_dataclass(piece):
        parts = [getattr(piece, field.name) for field in fields(piece) if field.name not in {"specification", "export"}]
        return _words(parts)
    return []


def _rows(part: dict) -> list[dict]:
    mine = part.get("data", {}).get("values", [])
    return [*mine, *(row for layer in part.get("layer", []) for row in _rows(layer))]


def _values(chart: Chart | None) -> list[dict]:
    """Return every row of data of a chart, however its layers are nested."""
    assert chart is not None
    return _rows(chart.specification)


def test_with_nothing_supposed_nothing_can_be_concluded(city: View, ivry_port: View) -> None:
    assert _plain(programmes.headline(city, NOTHING_SUPPOSED, 2030).title) == (
        "Ivry, fin 2030, logements ordinaires : de 0 à 8 552 logements. On ne peut pas conclure."
    )
    assert _plain(programmes.headline(ivry_port, NOTHING_SUPPOSED, 2030).title) == (
        "Ivry-Port, fin 2030, logements ordinaires : de 0 à 6 750 logements. On ne peut pas conclure."
    )


def test_windows_give_a_band_and_a_delay_says_what_it_takes(ivry_port: View) -> None:
    assert _plain(programmes.headline(ivry_port, OUTSIDE, 2030).title) == (
        "Ivry-Port, fin 2030, logements ordinaires : de 3 375 à 6 175 logements, selon vos hypothèses."
    )
    late = programmes.headline(ivry_port, OUTSIDE.model_copy(update={"delay_years": 2}), 2030)
    assert "de 2 025 à 5 945 logements, selon vos hypothèses" in _plain(late.title)
    assert "le bas de la fourchette baisse de 1 350 et le haut de 230" in _plain(late.lead)


def test_a_district_without_operations_says_so(release: Release) -> None:
    view = the_view(release, "94041", "petit-ivry", "fr", "light", TODAY)
    assert _plain(programmes.headline(view, OUTSIDE, 2030).title) == (
        "Petit-Ivry, logements ordinaires : les sources n’y chiffrent aucune opération."
    )
    assert "On ne peut pas conclure" in programmes.why_nothing(view, "dwellings")


def test_what_cannot_be_followed_says_why(city: View) -> None:
    said = _plain(programmes.why_nothing(city, "heat_connections"))
    assert said.startswith("On ne peut pas conclure (raccordements à un réseau de chaleur) : ")
    assert "feuille des manques" in said
    assert programmes.why_nothing(city, "dwellings") == ""
    assert programmes.lanes_chart(city, NOTHING_SUPPOSED, "heat_connections", 2030) is None


def test_a_delay_in_ivry_port_changes_nothing_elsewhere(district: View) -> None:
    causes = {row["cause"] for row in _cells(before_and_after(district, PORT_LATE, 2030)).values()}
    if district.district == "ivry-port":
        assert RENEWAL_NAME in causes
    else:
        assert causes <= {"inchangé"}
    on_time, late = (_cells(district_table(district, one, 2030)) for one in (OUTSIDE, PORT_LATE))
    changed = {name for name in late if late[name] != on_time[name]}
    assert changed == {"Ivry-Port", "Toute la ville"}


def test_every_changed_figure_names_its_operations(ivry_port: View) -> None:
    both = OUTSIDE.model_copy(update={"delay_years": 2, "household_sizes": HOUSEHOLDS})
    found = _cells(before_and_after(ivry_port, both, 2030))
    assert found["Logements ordinaires"]["cause"] == f"{RENEWAL_NAME}, {QUAIS_NAME}"
    assert found["Logements ordinaires"]["on_time"] == "de 3 375 à 6 175 logements"
    assert found["Logements ordinaires"]["supposed"] == "de 2 025 à 5 945 logements"
    assert found["Logements spécifiques (résidences, studios)"]["cause"] == RENEWAL_NAME
    # The gardens are not dated: in 2030 the same band stays open, late or not.
    assert found["Nouveaux espaces verts publics"]["cause"] == "inchangé"
    assert found["Habitant·es"]["cause"] == f"{RENEWAL_NAME}, {QUAIS_NAME}"


def test_without_a_delay_there_is_no_before_and_after_of_it(ivry_port: View) -> None:
    names = [column.name for column in before_and_after(ivry_port, OUTSIDE, 2030).columns]
    assert names == ["label", "observed", "supposed"]
    assert without_delay(OUTSIDE) == OUTSIDE
    assert without_delay(PORT_LATE) == OUTSIDE


# 13,252 inhabitants in 2021 and 1,150 to 14,650 more (see tests/data/test_consequences.py): 14,402 to 27,902.
# On 217.74 ha that is 100 × 14,402 / 217.74 = 6,614 to 100 × 27,902 / 217.74 = 12,815 a km².
def test_inhabitants_and_density_of_ivry_port_by_hand(ivry_port: View) -> None:
    known = OUTSIDE.model_copy(update={"household_sizes": HOUSEHOLDS})
    found = {one.name: one.supposed for one in consequences(ivry_port, known, 2030)}
    people, density = found["population"], found["population_density_inhabitants_per_km2"]
    assert people is not None
    assert density is not None
    assert (people.low, people.high) == pytest.approx((14402.26, 27902.26), abs=0.01)
    assert (density.low, density.high) == pytest.approx((6614.4, 12814.5), abs=0.1)
    shown = _cells(before_and_after(ivry_port, known, 2030))
    assert shown["Habitant·es"]["observed"].startswith("13 252 habitant")
    assert "14 402" in shown["Habitant·es"]["supposed"]


def test_without_household_sizes_inhabitants_are_not_concluded(ivry_port: View) -> None:
    shown = _cells(before_and_after(ivry_port, OUTSIDE, 2030))
    assert shown["Habitant·es"]["supposed"] == "on ne peut pas conclure"
    assert [words for words in needed(ivry_port, OUTSIDE) if "personnes par logement" in words]
    assert not [words for words in needed(ivry_port, EVERYTHING) if "personnes par logement" in words]


def test_the_population_has_a_band_only_with_household_sizes(city: View) -> None:
    nothing, known = (programmes.population_chart(city, one) for one in (NOTHING_SUPPOSED, EVERYTHING))
    assert nothing is not None
    assert "on ne peut pas conclure" in nothing.title
    # Only what the text announces for 2040, and no band.
    assert {row["year"] for row in _values(nothing) if row.get("low") is not None} == {2040}
    assert known is not None
    assert _plain(known.title).startswith("Ivry en 2040 : de ")
    years = {row["year"] for row in _values(known) if row.get("low") is not None}
    assert years == set(YEARS.tolist())


def test_an_announced_rise_without_a_base_year_is_a_range(city: View) -> None:
    chart = programmes.population_chart(city, NOTHING_SUPPOSED)
    assert chart is not None
    assert "sans dire depuis quelle année" in chart.subtitle
    (low, high) = next((row["low"], row["high"]) for row in _values(chart) if row.get("low") is not None)
    # Counted from the 58,933 of 2013 or from the 65,064 of 2023.
    assert high - low == 65064 - 58933


@pytest.mark.parametrize("hypotheses", HANDFUL.values(), ids=HANDFUL)
def test_districts_add_up_to_the_city(city: View, hypotheses: Hypotheses) -> None:
    one = scenario(city.release, city.commune, hypotheses)
    areas = ["", *city.districts["ref_area"]]
    for name in quantities():
        for year in (FIRST_YEAR, 2030, LAST_YEAR):
            whole = one.interval(city.commune, name, year)
            parts = [part for part in (one.interval(area, name, year) for area in areas) if part is not None]
            assert (whole is None) == (not parts)
            if whole is not None:
                assert whole.low == pytest.approx(sum(part.low for part in parts))
                assert whole.high == pytest.approx(sum(part.high for part in parts))


@pytest.mark.parametrize("hypotheses", HANDFUL.values(), ids=HANDFUL)
def test_the_table_and_the_file_say_the_same(district: View, hypotheses: Hypotheses) -> None:
    rows = export(district, "hypotheses", {"hypotheses": to_text(hypotheses)})
    rows = rows[rows["year"] == 2030].set_index("quantity")
    shown = {one.name: one.supposed for one in consequences(district, hypotheses, 2030) if one.name in quantities()}
    assert shown.keys() == set(rows.index) - {"inhabitants_added_since_census"}
    for name, interval in shown.items():
        assert interval is not None
        assert tuple(rows.loc[name, ["low", "high"]]) == (interval.low, interval.high)


def test_the_file_gives_the_inhabitants_that_the_page_adds(ivry_port: View) -> None:
    rows = export_rows(ivry_port, EVERYTHING)
    added = rows[(rows["quantity"] == "inhabitants_added_since_census") & (rows["year"] == 2030)].iloc[0]
    (people,) = (one for one in consequences(ivry_port, EVERYTHING, 2030) if one.name == "population")
    assert people.supposed is not None
    assert people.observed is not None
    assert people.observed.value is not None
    assert people.supposed.low == pytest.approx(people.observed.value + added["low"])
    assert people.supposed.high == pytest.approx(people.observed.value + added["high"])


def test_an_unlimited_number_is_an_empty_cell(city: View) -> None:
    rows = export_rows(city, NOTHING_SUPPOSED)
    people = rows[(rows["quantity"] == "inhabitants_added_since_census") & (rows["year"] == LAST_YEAR)]
    assert people["high"].isna().all()
    assert not (rows["high"] == float("inf")).any()


def test_hypotheses_are_marked_and_in_no_table_of_a_release(city: View) -> None:
    rows = export_rows(city, EVERYTHING)
    assert set(rows["nature"]) == {"hypothesis"}
    assert set(rows["release"]) == {city.release.release_id}
    for name in TABLES:
        table = city.release.table(name)
        if "nature" in table:
            assert "hypothesis" not in set(table["nature"])


@pytest.mark.parametrize("hypotheses", HANDFUL.values(), ids=HANDFUL)
def test_every_quantity_can_be_drawn_everywhere(district: View, hypotheses: Hypotheses) -> None:
    for name in quantities():
        chart = programmes.lanes_chart(district, hypotheses, name, 2030)
        assert (chart is None) == (name == "heat_connections")
        if chart is not None:
            json.dumps(chart.specification, allow_nan=False)
            assert not UNSAYABLE.search(" ".join(_words(chart)))


@pytest.mark.parametrize("hypotheses", HANDFUL.values(), ids=HANDFUL)
def test_every_chart_compiles(city: View, ivry_port: View, hypotheses: Hypotheses) -> None:
    charts = [programmes.population_chart(city, hypotheses)]
    charts += [programmes.timeline_chart(view, hypotheses) for view in (city, ivry_port)]
    charts += [programmes.lanes_chart(city, hypotheses, name, 2030) for name in quantities()]
    drawn = [chart for chart in charts if chart is not None]
    assert len(drawn) == len(charts) - 1
    for chart in drawn:
        assert not re.search(r'\sd="[^"]*NaN', vl_convert.vegalite_to_svg(chart.specification))


@pytest.mark.parametrize("hypotheses", HANDFUL.values(), ids=HANDFUL)
@pytest.mark.parametrize("year", [FIRST_YEAR + 1, 2030, LAST_YEAR])
def test_no_words_hold_what_only_computers_say(district: View, city: View, hypotheses: Hypotheses, year: int) -> None:
    for view in (city, district):
        said = [
            programmes.headline(view, hypotheses, year),
            programmes.tiles(view),
            programmes.tables(view, hypotheses, year),
            programmes.without_number(view),
            programmes.population_chart(view, hypotheses),
            programmes.timeline_chart(view, hypotheses),
            supposed(view, hypotheses),
            needed(view, hypotheses),
        ]
        assert [words for words in _words(said) if UNSAYABLE.search(words)] == []


def test_a_window_is_dotted_on_the_timeline_and_late_with_its_delay(ivry_port: View) -> None:
    chart = programmes.timeline_chart(ivry_port, PORT_LATE)
    assert chart is not None
    assert chart.title.startswith("2 opérations sur")
    text = json.dumps(chart.specification, ensure_ascii=False)
    assert "livraison de 2028 à 2037" in text
    assert "livraison de 2026 à 2035" in text


def test_every_hypothesis_in_force_is_a_sentence(city: View) -> None:
    said = [_plain(words) for words in supposed(city, EVERYTHING)]
    assert said[0] == "Toutes les opérations : 3 ans de retard."
    assert f"{RENEWAL_NAME} : livraison de 2030 à 2039, 30 % déjà livrés, 3 ans de retard." in said
    # One sentence for the delay, each operation, each reading and each household size.
    assert len(said) == 1 + 4 + 2 + 2
    assert [_plain(words) for words in supposed(city, NOTHING_SUPPOSED)] == [
        "Rien : ce que les sources ne disent pas reste inconnu."
    ]


def test_every_operation_of_the_area_has_its_line(city: View, ivry_port: View) -> None:
    found = _cells(operation_table(ivry_port, OUTSIDE, 2030))
    assert found[QUAIS_NAME]["announced"] == "1 150 logements"
    assert found[QUAIS_NAME]["said"] == "livraison de 2026 à 2035"
    assert found[QUAIS_NAME]["delivered"] == "575 logements"
    assert len(operation_table(city, OUTSIDE, 2030).rows) == 12


@pytest.mark.parametrize("hypotheses", HANDFUL.values(), ids=HANDFUL)
def test_each_operation_has_the_same_line_in_the_table_and_in_its_file(city: View, hypotheses: Hypotheses) -> None:
    rows = export(city, "hypotheses-operations", {"hypotheses": to_text(hypotheses)})
    rows = rows[(rows["year"] == 2030) & (rows["quantity"] != "social_dwellings")]
    table = operation_table(city, hypotheses, 2030).rows
    assert list(rows["name"]) == [row[0] for row in table]
    assert set(rows["nature"]) == {"hypothesis"}
    for row, (_, _, announced, _, delivered, source) in zip(rows.itertuples(), table, strict=True):
        assert re.search(r"Bilan de mandat, 2025, lignes? \d", source)
        for bounds, words in (((row.announced_low, row.announced_high), announced), ((row.low, row.high), delivered)):
            low, high = (number(bound, quantities()[row.quantity].decimals, minimum=0) for bound in bounds)
            assert low in words
            assert high in words


def test_what_is_only_planned_is_left_out_on_demand(city: View) -> None:
    rows = export(city, "hypotheses-operations", {"hypotheses": "only.under-way"})
    programmes_table = city.release.table("programmes").set_index("programme_id")
    assert "planned" not in set(programmes_table.loc[rows["programme_id"].unique(), "status"])


def test_operations_without_a_number_are_listed_and_not_counted(city: View, release: Release) -> None:
    (table,) = programmes.without_number(city)
    assert len(table.rows) == 22
    assert "Ni zéro" in table.note or "ni zéro" in table.note
    numbered = release.table("quantities").dropna(subset="value")["programme_id"]
    names = release.table("programmes").set_index("programme_id")["name"]
    assert not {row[0] for row in table.rows} & set(names.loc[numbered.unique()])


def test_a_commune_without_operations_says_so(release: Release) -> None:
    valence = the_view(release, "26362", "ville", "fr", "light", date(2026, 11, 23))
    assert "les sources n’y chiffrent aucune opération" in programmes.headline(valence, NOTHING_SUPPOSED, 2030).title
    assert programmes.lanes_chart(valence, NOTHING_SUPPOSED, "dwellings", 2030) is None
    assert programmes.timeline_chart(valence, NOTHING_SUPPOSED) is None
    said = _words(programmes.tables(valence, NOTHING_SUPPOSED, 2030))
    assert [words for words in said if UNSAYABLE.search(words)] == []


def test_an_operation_without_a_number_cannot_be_supposed_of(city: View) -> None:
    late = Hypotheses(operations=(OperationHypothesis(programme_id="ivry-point-p", delay_years=1),))
    (fault,) = contradictions(foundation(city.release, city.commune), late)
    assert fault.code == "unknown_operation"
