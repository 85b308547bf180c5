"""The catalogue: everything in it is used, and whatever is wrong in it is refused with file and line."""

from pathlib import Path

import pandas as pd
import pytest

from data.definitions import Catalogue, line_of, load_catalogue
from data.errors import Fault, FaultyInputError, UnknownIndicatorError
from data.release import Release
from data.settings import CATALOGUE
from etl.connected import connector_names, connector_of


def _faults(folder: Path) -> list[Fault]:
    with pytest.raises(FaultyInputError) as caught:
        load_catalogue(folder)
    return caught.value.faults


def _replace(path: Path, old: str, new: str) -> int:
    """Replace the only occurrence of a text and return its line."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def test_nine_themes_seven_territories(catalogue: Catalogue) -> None:
    assert (len(catalogue.themes), len(catalogue.territories)) == (9, 7)
    assert catalogue.territories["94041"].name == "Ivry-sur-Seine"
    assert set(catalogue.theme_of.values()) == set(catalogue.themes)


def test_every_unit_measures_an_indicator_or_a_quantity(catalogue: Catalogue) -> None:
    measured = [*catalogue.indicators.values(), *catalogue.quantities.values()]
    assert {entry.unit for entry in measured} == set(catalogue.units)


def _with_derived(known: set[str], catalogue: Catalogue) -> set[str]:
    """Return indicators with those that formulas make of them."""
    formulas = {name: entry.formula for name, entry in catalogue.indicators.items() if entry.formula}
    found = known | {name for name, formula in formulas.items() if set(formula.inputs) <= known}
    return found if found == known else _with_derived(found, catalogue)


def test_every_indicator_has_a_figure_or_a_connector_and_every_edition_a_row(
    catalogue: Catalogue, release: Release
) -> None:
    figures = pd.concat([release.table("observations"), release.table("context")])
    given = {name for dataset in connector_names() for name in connector_of(dataset).GIVES}
    assert _with_derived({*figures["indicator"], *given}, catalogue) == set(catalogue.indicators)
    assert set(release.table("indicators")["indicator"]) == set(figures["indicator"])
    # The city's sheets give operations, and dates, quantities and positions of them, no figure.
    assert set(figures["source"]) == set(catalogue.editions()) - {"city-sheet", "city-operations", "city-decisions"}


def test_the_five_founding_texts_each_have_their_kind(catalogue: Catalogue) -> None:
    texts = catalogue.sources["founding_texts"]
    kinds = {edition.document: texts.kind_of(name) for name, edition in texts.editions.items()}
    assert kinds == {
        "000": "party_programme",
        "001": "party_programme",
        "002": "municipal_record",
        "003": "territorial_strategy",
        "004": "council_motion",
    }


def test_an_unknown_indicator_is_named(catalogue: Catalogue) -> None:
    with pytest.raises(UnknownIndicatorError, match="happiness"):
        catalogue.indicator("happiness")


@pytest.mark.parametrize(
    ("file", "table"),
    [
        ("themes.toml", "housing"),
        ("units.toml", "agent"),
        ("territories.toml", "seine-amont"),
        ("indicators/housing.toml", "vacancy_rate_percent"),
        ("indicators/housing.toml", "vacancy_rate_percent.formula"),
        ("sources/lovac.toml", "editions.lovac-2025"),
    ],
)
def test_an_unknown_key_is_refused_with_file_and_line(own_catalogue: Path, file: str, table: str) -> None:
    path = own_catalogue / file
    line = _replace(path, f"[{table}]\n", f"[{table}]\ncomment = 1\n") + 1
    found = [fault for fault in _faults(own_catalogue) if fault.column.endswith("comment")]
    assert [(fault.file, fault.line, fault.value) for fault in found] == [(str(path), line, "1")]


def test_an_absent_key_is_reported_in_its_own_table(own_catalogue: Path) -> None:
    path = own_catalogue / "territories.toml"
    _replace(path, 'name = "Choisy-le-Roi"\n', "")
    header = path.read_text(encoding="utf-8").splitlines().index('["94022"]') + 1
    assert [(fault.line, fault.column) for fault in _faults(own_catalogue)] == [(header, "94022.name")]


def test_a_line_is_found_for_every_indicator() -> None:
    for path in (CATALOGUE / "indicators").glob("*.toml"):
        text = path.read_text(encoding="utf-8")
        for number, line in enumerate(text.splitlines(), start=1):
            if line.startswith("[") and "." not in line:
                assert line_of(text, line.strip("[]")) == number
    assert line_of(text, "absent") == 1


FAULTS = [
    ("indicators/mobility.toml", '"h"\ndecimals = 0', '"furlong"\ndecimals = 0', "free_parking_h.unit", "furlong"),
    ("indicators/mobility.toml", "valid_range = [0, 24]", "valid_range = [24, 0]", "free_parking_h.valid_range", "24"),
    ("indicators/mobility.toml", '"1000 * cycle_stands / population"', '"abs(cycle_stands)"', "expression", "abs"),
    ("indicators/mobility.toml", '{ dataset = "stations"', '{ dataset = "buses"', "population_near_station", "buses"),
    ("sources/founding_texts.toml", "council-motion-ivry-2017 =", "motion =", "edition_kinds", "motion"),
    ("sources/rpls.toml", "licence =", 'licence = ["LO"] #', "licence", "LO"),
    ("themes.toml", '"#70210d"]', '"dark red"]', "housing.colours.4", "dark red"),
    ("units.toml", 'other = "cendriers"', "other = 3", "ashtray.fr.other", "3"),
    ("territories.toml", 'short = "Ivry"', "short = 94", "94041.short", "94"),
]


@pytest.mark.parametrize(("file", "old", "new", "column", "value"), FAULTS, ids=[fault[3] for fault in FAULTS])
def test_a_fault_is_reported_at_its_line(
    own_catalogue: Path, file: str, old: str, new: str, column: str, value: str
) -> None:
    line = _replace(own_catalogue / file, old, new)
    places = [
        (fault.file, fault.line)
        for fault in _faults(own_catalogue)
        if fault.column.endswith(column) and value in fault.value
    ]
    assert places == [(str(own_catalogue / file), line)]


def test_a_formula_input_must_be_defined(own_catalogue: Path) -> None:
    path = own_catalogue / "indicators" / "housing.toml"
    _replace(path, "100 * flats / dwellings", "100 * flats / homes")
    _replace(path, "flats = { dataset", "homes = { dataset")
    assert {(fault.value, fault.problem) for fault in _faults(own_catalogue)} == {
        ("flats", "named in only one of expression and inputs"),
        ("dwellings", "named in only one of expression and inputs"),
        ("homes", "unknown indicator"),
    }


def test_an_indicator_is_defined_once(own_catalogue: Path) -> None:
    folder = own_catalogue / "indicators"
    text = (folder / "mobility.toml").read_text(encoding="utf-8")
    (folder / "shops.toml").write_text(text, encoding="utf-8")
    repeated = {fault.value for fault in _faults(own_catalogue) if fault.problem == "defined twice"}
    assert {"cycle_stands", "free_parking_h"} <= repeated


def test_indicators_belong_to_a_theme(own_catalogue: Path) -> None:
    (own_catalogue / "indicators" / "weather.toml").touch()
    assert [(fault.value, fault.problem) for fault in _faults(own_catalogue)] == [("weather", "no such theme")]


def test_broken_toml_and_a_fault_elsewhere_are_both_listed(own_catalogue: Path) -> None:
    _replace(own_catalogue / "sources" / "rpls.toml", "licence =", "licence")
    _replace(own_catalogue / "territories.toml", 'short = "Ivry"', "short = 94")
    files = {Path(fault.file).name for fault in _faults(own_catalogue)}
    assert {"rpls.toml", "territories.toml"} <= files


HOUSING = "indicators/housing.toml"
SHARE = """
[{name}]
label = {{ fr = "Essai", en = "Trial" }}
definition = {{ fr = "Essai", en = "Trial" }}
how_to_read = {{ fr = "Essai", en = "Trial" }}
unit = "percent"
decimals = 1
direction = "none"
aggregation = "formula"
valid_range = [0, 100]
[{name}.formula]
expression = "2 * {used}"
method = {{ fr = "Essai", en = "Trial" }}
[{name}.formula.inputs]
{used} = {{ dataset = "{dataset}", period = "same" }}
"""


def _add_formulas(path: Path, dataset: str = "insee_census_iris", **uses: str) -> dict[str, int]:
    """Append indicators that are twice another one; return the line of the input of each."""
    with path.open("a", encoding="utf-8") as stream:
        stream.writelines(SHARE.format(name=name, used=used, dataset=dataset) for name, used in uses.items())
    lines = path.read_text(encoding="utf-8").splitlines()
    heads = {name: lines.index(f"[{name}.formula.inputs]") for name in uses}
    return {name: head + 2 for name, head in heads.items()}


def test_a_formula_may_use_another_one(own_catalogue: Path) -> None:
    _add_formulas(own_catalogue / HOUSING, twice="vacancy_rate_percent", four_times="twice")
    formula = load_catalogue(own_catalogue).indicators["four_times"].formula
    assert formula is not None
    assert set(formula.inputs) == {"twice"}


def test_formulas_that_go_round_in_a_circle_are_told_all_the_way_round(own_catalogue: Path) -> None:
    path = own_catalogue / HOUSING
    lines = _add_formulas(path, first="second", second="third", third="first", apart="first")
    (fault,) = _faults(own_catalogue)
    assert (fault.file, fault.line) == (str(path), lines["first"])
    assert (fault.column, fault.value) == ("first.formula.inputs.second", "second")
    assert "first → second → third → first" in fault.problem
    assert "from a source" in fault.remedy


def test_a_formula_of_itself_is_a_circle(own_catalogue: Path) -> None:
    path = own_catalogue / HOUSING
    lines = _add_formulas(path, alone="alone")
    (fault,) = _faults(own_catalogue)
    assert (fault.file, fault.line, fault.column) == (str(path), lines["alone"], "alone.formula.inputs.alone")
    assert "alone → alone" in fault.problem


def test_a_circle_across_two_files_is_found(own_catalogue: Path) -> None:
    lines = _add_formulas(own_catalogue / HOUSING, here="there")
    _add_formulas(own_catalogue / "indicators" / "mobility.toml", there="here")
    (fault,) = _faults(own_catalogue)
    assert (fault.file, fault.line) == (str(own_catalogue / HOUSING), lines["here"])


def test_what_a_formula_gives_has_the_data_set_of_its_first_input(own_catalogue: Path) -> None:
    # The vacancy rate is the census's: asked for in another data set, it would silently give nothing.
    lines = _add_formulas(own_catalogue / HOUSING, dataset="rpls", twice="vacancy_rate_percent")
    (fault,) = _faults(own_catalogue)
    assert (fault.line, fault.column) == (lines["twice"], "twice.formula.inputs.vacancy_rate_percent")
    assert (fault.value, fault.remedy) == ("rpls", 'Write "insee_census_iris"')
