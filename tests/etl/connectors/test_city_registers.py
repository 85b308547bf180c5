"""The city's lists: green spaces, cycle facilities and premises, from the blank workbook and back."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.comments import Comment

from data.definitions import Catalogue
from data.errors import UnreadableFileError
from data.gap_sheet.layout import FIRST_ROW, HEADING_ROW, Tab
from data.gap_sheet.words import tab_titles
from data.register_sheet.layout import CYCLE_FACILITIES, GREEN_SPACES, PREMISES, TABS
from etl.connectors import city_premises, city_registers
from etl.intake import Loaded, Scope
from tests.etl.connectors.filled_registers import LATITUDE, LONGITUDE, ROWS, Rows, filled, opened, saved
from tests.etl.connectors.green_places import COMMUNE, EAST, SCOPE, WEST, outlines, values
from tests.etl.connectors.mutating import arrives, steady

EDITION, PREMISES_EDITION = "city-registers-2026-11-26", "city-premises-2026-11-26"
# The rows with which nothing is wrong.
SOUND = {
    GREEN_SPACES: ROWS[GREEN_SPACES][:4],
    CYCLE_FACILITIES: ROWS[CYCLE_FACILITIES][:3],
    PREMISES: ROWS[PREMISES][:13],
}
ELSEWHERE = Scope(frozenset({"94081"}), frozenset(), outlines=outlines())


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "registres.xlsx"


def _registers(path: Path, rows: Rows = ROWS, scope: Scope = SCOPE) -> Loaded:
    return city_registers.transform(city_registers.extract(saved(filled(rows), path)), EDITION, scope)


def _premises(path: Path, rows: Rows = ROWS) -> Loaded:
    return city_premises.transform(city_premises.extract(saved(filled(rows), path)), PREMISES_EDITION, SCOPE)


def test_every_row_of_both_lists_is_accounted_for(file: Path) -> None:
    loaded = _registers(file)
    assert (loaded.read, loaded.loaded, loaded.quarantined, loaded.out_of_scope) == (14, 6, 7, 1)
    spaces, cycles = f"{file.name}/Espaces verts", f"{file.name}/Équipements vélo"
    assert [(one.file, one.line, one.column, one.value, one.reason) for one in loaded.rejected] == [
        (spaces, 9, "Année d’ouverture", "2031", "future_period"),
        (spaces, 10, "Surface (m²)", "", "value_missing"),
        (spaces, 11, "Longitude", "2.3522", "position_elsewhere"),
        (spaces, 12, "Accès", "parfois", "unknown_word"),
        (spaces, 12, "Quartier", "Nord", "unknown_district"),
        (cycles, 8, "Nombre de places", "2.5", "not_whole"),
        (cycles, 9, "Nombre de places", "=1+1", "formula_in_cell"),
        (cycles, 10, "Latitude", "", "position_missing"),
    ]


# A closed garden is no green space; one without a district counts for the commune alone.
def test_green_spaces_by_commune_and_district(file: Path) -> None:
    loaded = _registers(file)
    assert values(loaded, "registered_green_spaces") == {COMMUNE: 3, WEST: 1, EAST: 1}
    assert values(loaded, "registered_green_area_m2") == {COMMUNE: 15_200.5, WEST: 2400, EAST: 12_500.5}
    row = loaded.observations.set_index(["ref_area", "indicator"]).loc[(COMMUNE, "registered_green_spaces")]
    assert "Dont 1 sans quartier connu" in row["note_fr"]
    assert (row["time_period"], row["obs_status"]) == ("2026-11-26", "E")
    assert "n’ont pas pu être lues" in row["note_fr"]


def test_a_list_without_a_faulty_row_is_sure(file: Path) -> None:
    for loaded in (_registers(file, SOUND), _premises(file, SOUND)):
        assert loaded.quarantined == 0
        assert set(loaded.observations["obs_status"]) == {"A"}
        assert not loaded.observations["note_fr"].str.contains("pas pu être lues").any()


def test_parking_places_and_bike_share_are_apart_and_nothing_listed_is_no_zero(file: Path) -> None:
    loaded = _registers(file)
    assert values(loaded, "registered_cycle_places") == {COMMUNE: 32, WEST: 20, EAST: 12}
    assert values(loaded, "registered_bike_share_docks") == {COMMUNE: 30, EAST: 30}


def test_a_district_the_city_names_is_sure_and_one_of_a_sketch_is_estimated(file: Path) -> None:
    loaded = _registers(file, SOUND, replace(SCOPE, outlines=outlines("sketch")))
    status = loaded.observations.set_index(["ref_area", "indicator"])["obs_status"]
    notes = loaded.observations.set_index(["ref_area", "indicator"])["note_fr"]
    assert status.loc[(WEST, "registered_green_spaces")] == "A"
    assert notes.loc[(WEST, "registered_green_spaces")] == ""
    assert status.loc[(EAST, "registered_green_spaces")] == "E"
    assert "esquisse" in notes.loc[(EAST, "registered_green_spaces")]


def test_rows_with_a_position_are_places(file: Path) -> None:
    places = _registers(file).places.set_index("place_id")
    assert sorted(places.index) == [
        "register-94041-bike-share-gare",
        "register-94041-cycle-parking-box-ferme",
        "register-94041-green-space-parc-de-l-est",
    ]
    park = places.loc["register-94041-green-space-parc-de-l-est"]
    assert (park["name"], park["ref_area"], park["area_ha"]) == ("Parc de l’Est", EAST, 1.25005)
    assert (park["longitude"], park["latitude"]) == pytest.approx((LONGITUDE, LATITUDE), abs=1e-9)


def test_premises_are_counted_with_who_stands_behind_and_never_placed(file: Path) -> None:
    loaded = _premises(file)
    assert (loaded.read, loaded.loaded, loaded.quarantined, loaded.out_of_scope) == (17, 13, 4, 0)
    assert [(one.line, one.column, one.reason) for one in loaded.rejected] == [
        (18, "Identifiant du local", "duplicate_identifier"),
        (19, "Identifiant du local", "duplicate_identifier"),
        (20, "Depuis le", "future_period"),
        (21, "Identifiant du local", "identifier_missing"),
    ]
    assert loaded.places.empty
    assert values(loaded, "registered_premises") == {COMMUNE: 13, WEST: 9, EAST: 4}
    # Four premises of the east, none vacant: a zero that is known.
    assert values(loaded, "registered_vacant_premises") == {COMMUNE: 3, WEST: 3, EAST: 0}
    assert values(loaded, "registered_vacant_premises_area_m2") == {COMMUNE: 150, WEST: 150, EAST: 0}
    behind = loaded.observations.set_index(["ref_area", "indicator"])
    area = behind.loc[(WEST, "registered_vacant_premises_area_m2")]
    assert (area["contributors"], area["largest_share"]) == (3, pytest.approx(1 / 3))
    assert behind.loc[(EAST, "registered_vacant_premises"), "contributors"] == 0


def test_a_vacant_premises_without_its_area_makes_that_of_its_areas_missing(file: Path) -> None:
    rows = [*SOUND[PREMISES], ["N1", "commerce", None, "vacant", None, "Est", None, None]]
    loaded = _premises(file, {PREMISES: rows})
    area = loaded.observations[loaded.observations["indicator"] == "registered_vacant_premises_area_m2"]
    by_area = area.set_index("ref_area")
    assert by_area["obs_status"].to_dict() == {COMMUNE: "O", WEST: "A", EAST: "O"}
    assert pd.isna(by_area.loc[EAST, "obs_value"])
    assert values(loaded, "registered_vacant_premises") == {COMMUNE: 4, WEST: 3, EAST: 1}


@pytest.mark.parametrize(
    "heading", ["Propriétaire", "Locataire", "Téléphone", "E-mail", "Nom du gérant", "Contact", "SIRET", "Tenant"]
)
@pytest.mark.parametrize("tab", [PREMISES, GREEN_SPACES], ids=["premises", "spaces"])
def test_a_column_that_looks_personal_is_refused_by_name(file: Path, heading: str, tab: Tab) -> None:
    book = filled()
    book[tab_titles()[tab.name]].cell(HEADING_ROW, len(tab.columns) + 1).value = heading
    for connector in (city_premises, city_registers):
        with pytest.raises(UnreadableFileError, match=rf"{heading}.*looks personal.*nothing of this one was"):
            connector.extract(saved(book, file))


def _with_comment(book: Workbook) -> None:
    book["Locaux"]["A5"].comment = Comment("Mme Untel", "Untel")


def _with_extra_tab(book: Workbook) -> None:
    book.create_sheet("Brouillon")["A1"] = "notes"


def _cell(place: str, value: Any, tab: str = "Locaux") -> Any:
    def write(book: Workbook) -> None:
        book[tab][place] = value

    return write


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (_cell("A5", "untel@example.fr"), "Locaux!A5.*mail address"),
        (_cell("C30", "06 12 34 56 78", "Équipements vélo"), "telephone number"),
        (_cell("A6", "appeler le 01.49.60.24.00", "Opérations nouvelles"), "telephone number"),
        (_with_comment, "Locaux!A5: a comment"),
        (_with_extra_tab, "'Brouillon' is not of the workbook"),
        (_cell("K20", "à part"), "Locaux!K20.*beside the columns"),
        (_cell(f"I{HEADING_ROW}", "Couleur"), "'Couleur' is none of the workbook's"),
        (_cell(f"A{HEADING_ROW}", None), "no column Identifiant du local"),
    ],
)
def test_what_must_not_be_kept_is_refused_before_it_is(file: Path, spoil: Any, words: str) -> None:
    book = filled()
    spoil(book)
    for connector in (city_premises, city_registers):
        with pytest.raises(UnreadableFileError, match=words):
            connector.extract(saved(book, file))


def test_a_hand_made_workbook_with_the_same_headings_is_read(file: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Équipements vélo"
    for row in (["Quartier", "équipement", "Nombre de places", "Emplacement", "Longitude", "Latitude"],
                ["EST", "Arceaux", 6, None, None, None]):  # fmt: skip
        sheet.append(row)
    loaded = city_registers.transform(city_registers.extract(saved(book, file)), EDITION, SCOPE)
    assert values(loaded, "registered_cycle_places") == {COMMUNE: 6, EAST: 6}
    with pytest.raises(UnreadableFileError, match="no tab Locaux"):
        city_premises.extract(file)


def test_a_workbook_of_another_commune_is_refused(file: Path) -> None:
    with pytest.raises(UnreadableFileError, match="written for commune 94041"):
        _registers(file, scope=ELSEWHERE)


def test_the_blank_workbook_filled_in_reads_like_the_bare_one(file: Path) -> None:
    extracted = city_registers.extract(saved(filled(book=opened()), file))
    from_blank = city_registers.transform(extracted, EDITION, SCOPE)
    premises = city_premises.transform(city_premises.extract(file), PREMISES_EDITION, SCOPE)
    for one, other in ((from_blank, _registers(file)), (premises, _premises(file))):
        pd.testing.assert_frame_equal(one.observations, other.observations)
        assert (one.read, one.rejected) == (other.read, other.rejected)


def test_a_blank_workbook_gives_nothing(file: Path) -> None:
    extracted = city_registers.extract(saved(opened(), file))
    loaded = city_registers.transform(extracted, EDITION, SCOPE)
    assert (loaded.read, len(loaded.observations), len(loaded.places)) == (0, 0, 0)
    premises = city_premises.transform(city_premises.extract(file), PREMISES_EDITION, SCOPE)
    assert (premises.read, len(premises.observations)) == (0, 0)


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"<html>", b"nom;surface\n", b"PK\x03\x04" + b"\0" * 200])
def test_what_is_no_workbook_is_refused(file: Path, data: bytes) -> None:
    file.write_bytes(data)
    with pytest.raises(UnreadableFileError, match=file.name):
        city_registers.extract(file)


NASTY = (None, "", "x", 0, -1, 1e300, 2.5, "1 200", "12,5", "Ouest", "vacant", "arceaux", True, "=1+1", "#N/A", 48.81)


@st.composite
def damaged(draw: st.DrawFn) -> Rows:
    """Draw the rows of the lists after one to six cells changed."""
    rows = {tab: [list(values) for values in mine] for tab, mine in ROWS.items()}
    for _ in range(draw(st.integers(1, 6))):
        mine = rows[draw(st.sampled_from((GREEN_SPACES, CYCLE_FACILITIES, PREMISES)))]
        values_of_row = draw(st.sampled_from(mine))
        values_of_row[draw(st.integers(0, len(values_of_row) - 1))] = draw(st.sampled_from(NASTY))
    return rows


@settings(steady, max_examples=20)
@given(rows=damaged())
def test_whatever_arrives_every_row_is_accounted_for(tmp_path: Path, catalogue: Catalogue, rows: Rows) -> None:
    data = saved(filled(rows), tmp_path / "filled.xlsx").read_bytes()
    for connector, edition in ((city_registers, EDITION), (city_premises, PREMISES_EDITION)):
        loaded = arrives(connector, tmp_path / "registres.xlsx", data, edition, SCOPE)
        assert loaded is not None
        assert set(loaded.observations["ref_area"]) <= {COMMUNE, WEST, EAST}
        assert {one.reason for one in loaded.rejected} <= set(catalogue.rejections)


def test_the_blank_workbook_has_rows_to_fill_in_every_tab() -> None:
    book = opened()
    for tab in TABS:
        sheet = book[tab_titles()[tab.name]]
        assert sheet.max_row >= FIRST_ROW + 30
        assert not sheet.cell(FIRST_ROW, 1).protection.locked
