"""Entering a commune into the catalogue, and what is refused."""

from pathlib import Path

import pytest

from data.definitions import Catalogue, load_catalogue
from data.errors import NameTakenError, UnknownAreaError
from data.settings import LEDGER
from etl.build import build_tables, read_inputs
from etl.communes import communes_beside, enter_commune
from etl.packaged import packaged_communes

FILE = "territories.toml"


def test_a_commune_is_added_and_comments_stay(own_catalogue: Path) -> None:
    before = (own_catalogue / FILE).read_text(encoding="utf-8")
    entered = enter_commune("2A041", " Bonifacio ", "", own_catalogue)
    after = (own_catalogue / FILE).read_text(encoding="utf-8")
    assert entered.is_new
    assert after.startswith(before)
    assert after.splitlines()[entered.line - 1] == '["2A041"]'
    assert entered.population == 3200
    entry = load_catalogue(own_catalogue).territories["2A041"]
    assert (entry.level, entry.name, entry.short, entry.parent) == ("commune", "Bonifacio", "Bonifacio", "")


def test_the_same_commune_again_changes_nothing(own_catalogue: Path) -> None:
    before = (own_catalogue / FILE).read_bytes()
    again = enter_commune("26362", "Valence", "", own_catalogue)
    assert not again.is_new
    assert (own_catalogue / FILE).read_bytes() == before
    with pytest.raises(NameTakenError, match=r"26362 is there already as 'Valence'.*line 26"):
        enter_commune("26362", "Valence-sur-Rhône", "", own_catalogue)
    assert (own_catalogue / FILE).read_bytes() == before


@pytest.mark.parametrize("name", ['Le "Bourg"', "L’Haÿ-les-Roses", "A\\B", "Saint-Rémy = [x]"])
def test_any_printable_name_reads_back(own_catalogue: Path, name: str) -> None:
    enter_commune("24067", name, "", own_catalogue)
    assert load_catalogue(own_catalogue).territories["24067"].name == name


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("26000", "is a postcode"),
        ("94200", "is a postcode"),
        ("1004", "write 01004"),
        ("30 321", "has a space in it"),
        ("3O321", "is no code of a commune"),
        ("", "is no code of a commune"),
        ("75056", "give one of 75101 to 75120"),
        ("69123", "give one of 69381 to 69389"),
        ("01003", "is no commune of the 2021 census"),
    ],
)
def test_what_is_no_commune_of_the_census_is_refused(own_catalogue: Path, code: str, words: str) -> None:
    before = (own_catalogue / FILE).read_bytes()
    with pytest.raises(UnknownAreaError, match=words):
        enter_commune(code, "Quelque part", "", own_catalogue)
    assert (own_catalogue / FILE).read_bytes() == before


@pytest.mark.parametrize("name", ["", "  ", "x" * 81, "a\x07b"])
def test_a_name_that_is_none_is_refused(own_catalogue: Path, name: str) -> None:
    with pytest.raises(NameTakenError, match="printable characters"):
        enter_commune("24067", name, "", own_catalogue)


def test_communes_beside_those_of_the_catalogue(catalogue: Catalogue) -> None:
    assert communes_beside("", catalogue) == frozenset()
    assert communes_beside("94041, 24067,94081", catalogue) == {"24067"}
    assert len(communes_beside("all", catalogue)) == len(packaged_communes()) - 5
    with pytest.raises(UnknownAreaError, match="26000"):
        communes_beside("24067,26000", catalogue)


def test_a_commune_entered_has_its_iris_from_the_census(own_catalogue: Path) -> None:
    enter_commune("13001", "Aix-en-Provence", "Aix", own_catalogue)
    *_, (_, tables) = build_tables(*read_inputs(own_catalogue, LEDGER))
    areas = tables["territories"].query("commune == '13001'")
    iris = areas.query("level == 'iris'")
    assert len(iris) == len(set(iris["name"])) == 54
    assert iris["name"].str.startswith("Aix-en-Provence, IRIS ").all()
    assert set(areas["boundary"]) == {"none"}
    figures = tables["observations"].query("ref_area == '13001'").set_index("indicator")
    assert figures.at["population", "derived_from"] == "54 IRIS"
    assert "population_density_inhabitants_per_km2" not in figures.index
