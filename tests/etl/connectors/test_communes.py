"""RPLS, Sitadel and municipal populations in the layouts of their publishers, whole and damaged."""

from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import cast

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.definitions import Catalogue
from data.errors import UnknownEditionError, UnreadableFileError
from etl.connectors import insee_population, rpls, sitadel
from etl.intake import Connector, Loaded, Scope
from etl.ledger import Ledger
from etl.open_data import complete, transcribed
from tests.etl.connectors.mutating import FILES, arrives, damaged, steady

IVRY = Scope(frozenset({"94041"}), frozenset())
FIGURE = ["indicator", "time_period"]


@dataclass(frozen=True)
class Arrived:
    """A valid file: its connector, edition, separator, and how many observations Ivry has."""

    module: ModuleType
    name: str
    edition: str
    separator: str
    observed: int

    @property
    def connector(self) -> Connector:
        return cast(Connector, self.module)

    @property
    def dataset(self) -> str:
        return self.module.__name__.rpartition(".")[2]

    @property
    def data(self) -> bytes:
        return (FILES / self.name).read_bytes()

    def load(self, path: Path, data: bytes, scope: Scope = IVRY) -> Loaded:
        path.write_bytes(data)
        return self.connector.transform(self.connector.extract(path), self.edition, scope)

    def changed(self, path: Path, old: str, new: str, scope: Scope = IVRY) -> Loaded:
        assert self.data.count(old.encode()) == 1
        return self.load(path, self.data.replace(old.encode(), new.encode()), scope)


RPLS = Arrived(rpls, "rpls-communes-2024.csv", "rpls-2024", ",", 4)
SITADEL = Arrived(sitadel, "sitadel-communes-2024.csv", "sitadel-2024", ";", 28)
POPULATION = Arrived(insee_population, "population-municipale-communes-2021.csv", "insee-population-2021", ",", 9)
ALL = (RPLS, SITADEL, POPULATION)
each = pytest.mark.parametrize("arrived", ALL, ids=lambda one: one.dataset)
RPLS_IVRY = "94041,Ivry-sur-Seine (94),Ivry-sur-Seine,10513,258,84,1071,3,19,11948"
SITADEL_2023 = "2023;94041;Tous;251;1756;"
POPULATION_IVRY = "94041,Ivry-sur-Seine,58933"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "file.csv"


def _faults(loaded: Loaded) -> list[tuple[int, str, str, str]]:
    return [(one.line, one.column, one.value, one.reason) for one in loaded.rejected]


def _reasons(loaded: Loaded) -> set[str]:
    return {one.reason for one in loaded.rejected}


@each
def test_ivry_is_what_the_ledger_transcribes(
    arrived: Arrived, file: Path, ledger: Ledger, catalogue: Catalogue
) -> None:
    known = transcribed(ledger, catalogue, arrived.dataset)
    known = known[known["ref_area"].eq("94041") & known["source"].eq(arrived.edition)]
    found = complete(arrived.load(file, arrived.data).observations)
    assert len(known) == arrived.observed
    pd.testing.assert_frame_equal(
        found.sort_values(FIGURE).reset_index(drop=True), known.sort_values(FIGURE).reset_index(drop=True),
        check_dtype=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("arrived", "counts"), [(RPLS, (10, 1, 1, 8)), (SITADEL, (115, 70, 0, 45)), (POPULATION, (9, 1, 2, 6))]
)
def test_every_row_is_accounted_for(arrived: Arrived, counts: tuple[int, ...], file: Path) -> None:
    loaded = arrived.load(file, arrived.data)
    assert (loaded.read, loaded.loaded, loaded.quarantined, loaded.out_of_scope) == counts


@each
def test_all_is_out_of_scope_where_nothing_is_in_it(arrived: Arrived, file: Path) -> None:
    loaded = arrived.load(file, arrived.data, Scope(frozenset(), frozenset()))
    assert (len(loaded.observations), loaded.loaded) == (0, 0)
    assert loaded.read == loaded.quarantined + loaded.out_of_scope


def test_a_postcode_in_the_place_of_a_commune_is_rejected(file: Path) -> None:
    assert _faults(RPLS.load(file, RPLS.data)) == [(10, "DEPCOM_ARM", "94200", "postcode_not_commune")]


def test_malformed_overseas_codes_are_rejected(file: Path) -> None:
    assert _faults(POPULATION.load(file, POPULATION.data)) == [
        (7, "codgeo", "9711", "leading_zero_lost"), (9, "codgeo", "976 08", "space_in_code"),
    ]  # fmt: skip


def test_up_to_ten_social_dwellings_are_secret_not_zero_nor_missing(file: Path) -> None:
    crupies = RPLS.load(file, RPLS.data, Scope(frozenset({"26108"}), frozenset())).observations
    crupies = crupies.set_index("indicator")
    assert crupies.loc["social_dwellings", ["obs_value", "obs_status", "conf_status"]].tolist() == [4, "A", "F"]
    parts = crupies.drop(index="social_dwellings")
    assert len(parts) == 3
    assert parts["obs_value"].isna().all()
    assert set(zip(parts["obs_status"], parts["conf_status"], strict=True)) == {("O", "C")}
    assert parts["note_fr"].str.startswith("Secret statistique").all()


def test_a_blank_part_of_a_large_stock_is_missing_not_secret(file: Path) -> None:
    loaded = RPLS.changed(file, RPLS_IVRY, RPLS_IVRY.replace(",258,", ",,"))
    vacant = loaded.observations.set_index("indicator").loc["social_dwellings_vacant"]
    assert pd.isna(vacant["obs_value"])
    assert (vacant["obs_status"], vacant["conf_status"], loaded.loaded) == ("O", "F", 1)


def test_zero_is_zero(file: Path) -> None:
    loaded = RPLS.changed(file, RPLS_IVRY, RPLS_IVRY.replace(",84,", ",0,"))
    empty = loaded.observations.set_index("indicator").loc["social_dwellings_empty"]
    assert (empty["obs_value"], empty["obs_status"]) == (0, "A")


def test_arrondissements_are_never_summed(file: Path) -> None:
    scope = Scope(frozenset({"75056", "75101", "75113"}), frozenset())
    assert set(RPLS.load(file, RPLS.data, scope).observations["ref_area"]) == {"75101", "75113"}
    paris = SITADEL.load(file, SITADEL.data, scope).observations.query("indicator == 'dwellings_authorised'")
    found = paris[paris["time_period"] == "2023"].set_index("ref_area")["obs_value"]
    assert found.to_dict() == {"75056": 4123, "75113": 300}


def test_starts_of_the_last_year_are_unknown_those_of_others_may_be_zero(file: Path) -> None:
    data = SITADEL.data.replace(b"2016;94041;Tous;410;206", b"2016;94041;Tous;410;0").replace(
        b"2016;94041;Individuel pur;5;3", b"2016;94041;Individuel pur;5;0"
    ).replace(b"2016;94041;Collectif;405;203", b"2016;94041;Collectif;405;0")  # fmt: skip
    starts = SITADEL.load(file, data).observations.query("indicator == 'dwellings_started'").set_index("time_period")
    assert starts.loc["2016", ["obs_value", "obs_status"]].tolist() == [0, "A"]
    assert pd.isna(starts.loc["2024", "obs_value"])
    assert starts.loc["2024", "obs_status"] == "O"
    assert "2024" in starts.loc["2024", "note_fr"]


def test_the_last_year_is_that_of_the_file_even_under_a_later_edition(file: Path) -> None:
    file.write_bytes(SITADEL.data)
    loaded = sitadel.transform(sitadel.extract(file), "sitadel-2025", IVRY)
    unknown = loaded.observations[loaded.observations["obs_value"].isna()]
    assert unknown[["indicator", "time_period"]].to_numpy().tolist() == [["dwellings_started", "2024"]]


@pytest.mark.parametrize(
    ("arrived", "old", "new", "fault"),
    [
        (RPLS, RPLS_IVRY, RPLS_IVRY.replace("11948", "10854"), (9, "nb_ls", "10854", "parts_above_total")),
        (RPLS, RPLS_IVRY, RPLS_IVRY.replace("11948", ""), (9, "nb_ls", "", "total_missing")),
        (RPLS, RPLS_IVRY, RPLS_IVRY.replace("10513", "NaN"), (9, "nb_loues", "NaN", "not_finite")),
        (RPLS, RPLS_IVRY, RPLS_IVRY.replace("10513", "10\u00a0513"), (9, "nb_loues", "10\u00a0513", "not_a_number")),
        (RPLS, RPLS_IVRY, RPLS_IVRY.replace("11948", "1e400"), (9, "nb_ls", "1e400", "not_finite")),
        (RPLS, RPLS_IVRY, RPLS_IVRY.replace(",84,", ",-84,"), (9, "nb_vides", "-84", "negative")),
        (RPLS, "01004,Amb", "1004,Amb", (2, "DEPCOM_ARM", "1004", "leading_zero_lost")),
        (RPLS, "94041,", "94041\u00a0,", (9, "DEPCOM_ARM", "94041\u00a0", "space_in_code")),
        (RPLS, RPLS_IVRY, RPLS_IVRY.replace(",84", ""), (9, "", RPLS_IVRY.replace(",84", ""), "wrong_cell_count")),
        (SITADEL, SITADEL_2023, "2025;94041;Tous;251;1756;", (92, "ANNEE", "2025", "future_period")),
        (SITADEL, SITADEL_2023, "23;94041;Tous;251;1756;", (92, "ANNEE", "23", "malformed_period")),
        (SITADEL, SITADEL_2023, "2023;94041;Tous;250;1756;", (92, "LOG_AUT", "250", "parts_above_total")),
        (SITADEL, SITADEL_2023, "2023;94041;Tous;inf;1756;", (92, "LOG_AUT", "inf", "not_finite")),
        (POPULATION, POPULATION_IVRY, POPULATION_IVRY.replace("58933", "58,9"), None),
        (POPULATION, POPULATION_IVRY, POPULATION_IVRY.replace("58933", "58933.5"),
         (6, "p13_pop", "58933.5", "not_whole")),
        (POPULATION, "97411,Saint", "97x11,Saint", (8, "codgeo", "97x11", "malformed_code")),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_used_is_rejected_with_its_place(
    arrived: Arrived, old: str, new: str, fault: tuple[int, str, str, str] | None, file: Path
) -> None:
    loaded = arrived.changed(file, old, new)
    before = arrived.load(file, arrived.data)
    added = [one for one in _faults(loaded) if one not in _faults(before)]
    assert loaded.read == before.read
    assert (added[0] if fault else (added[0][0], added[0][3])) == (fault or (6, "wrong_cell_count"))


def test_all_faults_of_a_row_are_listed_and_it_counts_once(file: Path) -> None:
    loaded = RPLS.changed(file, RPLS_IVRY, RPLS_IVRY.replace("10513", "-1").replace("11948", "x"))
    assert [fault[1:] for fault in _faults(loaded)][:2] == [
        ("nb_loues", "-1", "negative"), ("nb_ls", "x", "not_a_number"),
    ]  # fmt: skip
    assert (loaded.loaded, loaded.quarantined) == (0, 2)


def test_a_commune_that_comes_twice_is_rejected_both_times(file: Path) -> None:
    other = RPLS_IVRY.replace("11948", "12000")
    loaded = RPLS.changed(file, RPLS_IVRY, f"{RPLS_IVRY}\r\n{other}")
    assert [fault[0] for fault in _faults(loaded) if fault[3] == "duplicate_key"] == [9, 10]
    assert loaded.observations.empty


@each
def test_a_file_put_after_itself_is_rejected_not_doubled(arrived: Arrived, file: Path) -> None:
    loaded = arrived.load(file, arrived.data + arrived.data)
    assert {"repeated_header", "duplicate_key"} <= _reasons(loaded)
    assert (loaded.loaded, len(loaded.observations)) == (0, 0)


def test_types_without_their_total_are_rejected(file: Path) -> None:
    whole = SITADEL.data.decode()
    row = next(line for line in whole.split("\n") if line.startswith(SITADEL_2023))
    loaded = SITADEL.load(file, whole.replace(row + "\n", "").encode())
    assert [fault[3] for fault in _faults(loaded)] == ["total_missing"] * 4
    assert "2023" not in set(loaded.observations["time_period"])
    assert loaded.loaded == 65


def test_a_commune_absent_in_some_years_has_no_population_not_zero(file: Path) -> None:
    tsingoni = POPULATION.load(file, POPULATION.data, Scope(frozenset({"97617", "55039"}), frozenset())).observations
    values = tsingoni.set_index(["ref_area", "time_period"])["obs_value"]
    assert values["97617", "2017"] == 13_934
    assert values["97617"].isna().sum() == 8
    assert (values["55039"] == 0).all()
    assert set(tsingoni.loc[tsingoni["obs_value"].isna(), "obs_status"]) == {"O"}


def test_populations_of_any_years_are_read(file: Path) -> None:
    later = POPULATION.data.replace(b"p13_pop", b"P90_POP").replace(b"p21_pop", b"p23_pop")
    file.write_bytes(later)
    loaded = insee_population.transform(insee_population.extract(file), "insee-population-2023", IVRY)
    assert loaded.observations["time_period"].iloc[[0, -1]].tolist() == ["1990", "2023"]
    assert loaded.observations["source_detail"].iloc[0] == "Populations municipales 1990-2023, column p90_pop"


def test_a_population_after_the_edition_is_refused(file: Path) -> None:
    with pytest.raises(UnreadableFileError, match="p22_pop, of after 2021"):
        POPULATION.load(file, POPULATION.data.replace(b"p21_pop", b"p22_pop"))


@pytest.mark.parametrize(
    ("arrived", "old", "new", "said"),
    [(RPLS, b"nb_ls", b"nb_lgt_ls", "nearest to nb_ls: nb_lgt_ls"), (SITADEL, b"LOG_COM", b"LOGCOM", "LOGCOM"),
     (POPULATION, b"codgeo", b"code", "no column codgeo"), (POPULATION, b"_pop", b"_habitants", "no column of a pop"),
     (RPLS, b",", b";", "separates its cells with semicolon"), (SITADEL, b";", b",", "with comma")],
)  # fmt: skip
def test_another_layout_is_refused_by_name(arrived: Arrived, old: bytes, new: bytes, said: str, file: Path) -> None:
    with pytest.raises(UnreadableFileError, match=said):
        arrived.load(file, arrived.data.replace(old, new))


@each
def test_windows_1252_and_nothing_are_refused(arrived: Arrived, file: Path) -> None:
    for data in (arrived.data.decode("utf-8-sig").encode("cp1252"), b""):
        with pytest.raises(UnreadableFileError):
            arrived.load(file, data)


@each
def test_an_edition_without_a_year_is_refused(arrived: Arrived, file: Path) -> None:
    file.write_bytes(arrived.data)
    with pytest.raises(UnknownEditionError, match="names no year"):
        arrived.connector.transform(arrived.connector.extract(file), f"{arrived.dataset}-latest", IVRY)


@each
def test_every_reason_has_words(arrived: Arrived, file: Path, catalogue: Catalogue) -> None:
    ours = {
        "duplicate_key", "parts_above_total", "total_missing", "type_missing", "malformed_period", "future_period",
        "repeated_header", "bad_quoting", "wrong_cell_count", "not_utf8", "space_in_code", "leading_zero_lost",
        "postcode_not_commune", "malformed_code", "not_a_number", "not_finite", "negative", "not_whole",
    }  # fmt: skip
    assert _reasons(arrived.load(file, arrived.data)) <= ours <= set(catalogue.rejections)


@each
@steady
@given(data=st.data())
def test_a_damaged_file_is_refused_or_its_rows_are_accounted_for(
    arrived: Arrived, tmp_path: Path, data: st.DataObject
) -> None:
    damage = data.draw(damaged(arrived.data, arrived.separator))
    scope = Scope(frozenset({"94041", "75056", "75113", "26108", "01004", "97617"}), frozenset())
    arrives(arrived.connector, tmp_path / "file.csv", damage, arrived.edition, scope)
