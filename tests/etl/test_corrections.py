"""Corrections to a source: declared in one file, applied once, told beside the figure, refused when they are stale."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from data.definitions import Catalogue, load_catalogue
from data.errors import Fault, FaultyInputError
from data.rules.differences import differences
from etl.build import build_tables
from etl.corrections import check_corrections, not_due
from etl.ledger import Ledger

Tables = dict[str, pd.DataFrame]
TODAY = date(2026, 11, 23)
SOCIAL = {"edition": "rpls-2024", "area": "94041", "indicator": "social_dwellings", "period": "2024-01-01",
          "source_gives": 11948, "corrected": 11984}  # fmt: skip
# An IRIS of Ivry, wholly in one district, and the indicator of the census that is corrected.
IRIS = "940410101"
DWELLINGS = {"edition": "insee-census-2021", "area": IRIS, "indicator": "dwellings", "period": "2021"}
REASON = "Deux chiffres ont été intervertis."


@dataclass
class Declaring:
    """A copy of the catalogue whose corrections a test writes, and what is built with them."""

    folder: Path
    ledger: Ledger

    def write(self, **values: object) -> None:
        """Declare one correction more."""
        entries = {
            "reason": f'{{ fr = "{REASON}", en = "Two digits were swapped." }}',
            "proof": '{ fr = "Courrier du producteur.", en = "Letter of the publisher." }',
            "decided_by": '"Service habitat"', "date": "2026-11-20",
        }  # fmt: skip
        entries |= {name: f'"{value}"' if isinstance(value, str) else repr(value) for name, value in values.items()}
        path = self.folder / "corrections.toml"
        there = path.read_text(encoding="utf-8")
        name = f"one-{there.count('[one-') + 1}"
        text = "\n".join(f"{key} = {value}" for key, value in entries.items())
        path.write_text(f"{there}\n[{name}]\n{text}\n", encoding="utf-8")

    @property
    def catalogue(self) -> Catalogue:
        """Return the catalogue as it is now."""
        return load_catalogue(self.folder)

    def build(self) -> Tables:
        """Build the tables."""
        *_, (_, built) = build_tables(self.catalogue, self.ledger)
        return built

    def line_of(self, column: str) -> int:
        """Return the last line that gives an entry."""
        lines = (self.folder / "corrections.toml").read_text(encoding="utf-8").splitlines()
        return max(number for number, line in enumerate(lines, 1) if line.startswith(f"{column} ="))


@pytest.fixture
def declaring(own_catalogue: Path, ledger: Ledger) -> Declaring:
    return Declaring(own_catalogue, ledger)


def _figure(tables: Tables, area: str, indicator: str, source: str) -> pd.Series:
    frame = tables["observations"]
    mine = frame[(frame["ref_area"] == area) & (frame["indicator"] == indicator) & (frame["source"] == source)]
    assert len(mine) == 1
    return mine.iloc[0]


def _only_fault(error: pytest.ExceptionInfo[FaultyInputError]) -> Fault:
    (fault,) = error.value.faults
    return fault


def test_nothing_is_corrected_today(catalogue: Catalogue, tables: Tables) -> None:
    assert not catalogue.corrections
    assert tables["corrections"].empty


def test_a_corrected_figure_keeps_its_source_and_says_what_and_why(declaring: Declaring, tables: Tables) -> None:
    declaring.write(**SOCIAL)
    built = declaring.build()
    before, after = (_figure(one, "94041", "social_dwellings", "rpls-2024") for one in (tables, built))
    assert (before["obs_value"], after["obs_value"], after["obs_status"]) == (11948, 11984, "A")
    assert after["note_fr"].endswith(f"Valeur corrigée (la source donne 11\u202f948)\u202f: {REASON}")
    assert "the source gives 11,948" in after["note_en"]
    assert after["source_detail"] == before["source_detail"]
    (row,) = built["corrections"].to_dict("records")
    assert (row["old_value"], row["new_value"], row["action"], row["date"]) == (11948, 11984, "value", "2026-11-20")
    assert (row["source"], row["reason_fr"], row["decided_by"]) == ("rpls-2024", REASON, "Service habitat")
    assert not list(not_due(declaring.catalogue, built["observations"], built["corrections"]))


def test_formulas_and_wider_areas_follow(declaring: Declaring, tables: Tables) -> None:
    old = float(_figure(tables, IRIS, "dwellings", "insee-census-2021")["obs_value"])
    declaring.write(**DWELLINGS, source_gives=old, corrected=old + 1000)
    built = declaring.build()
    city = [_figure(one, "94041", "dwellings", "insee-census-2021") for one in (tables, built)]
    assert city[1]["obs_value"] - city[0]["obs_value"] == 1000
    assert city[1]["derived_from"] == city[0]["derived_from"] == "22 IRIS"
    weights = tables["iris_weights"]
    for row in weights[weights["iris"] == IRIS].itertuples():
        there = [_figure(one, row.district, "dwellings", "insee-census-2021")["obs_value"] for one in (tables, built)]
        assert there[1] - there[0] == pytest.approx(1000 * row.weight)
    key = ["ref_area", "indicator", "time_period", "nature", "reading", "source"]
    assert not built["observations"].duplicated(key).any()
    assert len(built["observations"]) == len(tables["observations"])
    cells = differences(tables, built)
    cells = cells[cells["table"] != "indicators"]
    assert set(cells["reason"]) == {"correction"}, cells[cells["reason"] != "correction"]
    formulas = {name for name, entry in declaring.catalogue.indicators.items() if entry.formula}
    assert {row[1] for row in cells.loc[cells["table"] == "observations", "row"]} & formulas


@pytest.mark.parametrize(
    ("corrected", "value", "status"), [("missing", None, "O"), ("no row", None, None), (0, 0.0, "A")]
)
def test_a_figure_may_be_withdrawn_or_taken_out_and_zero_is_a_number(
    declaring: Declaring, tables: Tables, corrected: object, value: float | None, status: str | None
) -> None:
    declaring.write(**SOCIAL | {"corrected": corrected})
    built = declaring.build()
    frame = built["observations"]
    mine = frame[(frame["ref_area"] == "94041") & (frame["indicator"] == "social_dwellings")
                 & (frame["source"] == "rpls-2024")]  # fmt: skip
    assert mine["obs_status"].tolist() == ([status] if status else [])
    if status:
        assert mine["obs_value"].isna().all() if value is None else mine["obs_value"].eq(value).all()
    cells = differences(tables, built)
    ours = cells[cells["key"].str.startswith("94041 · social_dwellings · ")]
    assert len(ours)
    assert set(ours["reason"]) == {"correction"}


def test_without_an_iris_its_commune_has_no_sum(declaring: Declaring, tables: Tables) -> None:
    old = float(_figure(tables, IRIS, "dwellings", "insee-census-2021")["obs_value"])
    declaring.write(**DWELLINGS, source_gives=old, corrected="no row")
    frame = declaring.build()["observations"]
    census = frame[(frame["source"] == "insee-census-2021") & (frame["indicator"] == "dwellings")]
    assert not {"94041", IRIS} & set(census["ref_area"])
    assert "26362" in set(census["ref_area"])


def test_a_corrected_area_of_an_iris_is_that_of_its_commune_too(declaring: Declaring, tables: Tables) -> None:
    area = {"edition": "contours-iris-2020", "area": IRIS, "indicator": "land_area_ha", "period": "2020"}
    old = float(_figure(tables, IRIS, "land_area_ha", "contours-iris-2020")["obs_value"])
    declaring.write(**area, source_gives=old, corrected=old + 1)
    built = declaring.build()
    for code, more in ((IRIS, 1), ("94041", 1), ("94081", 0)):
        before, after = (
            _figure(one, code, "land_area_ha", "contours-iris-2020")["obs_value"] for one in (tables, built)
        )
        assert after == pytest.approx(before + more)


def test_a_value_the_source_does_not_give_is_filled_in_as_a_correction(declaring: Declaring, tables: Tables) -> None:
    declaring.write(edition="sitadel-2024", area="94041", indicator="dwellings_started", period="2024",
                    source_gives="missing", corrected=123)  # fmt: skip
    built = declaring.build()
    frame = built["observations"]
    mine = frame[(frame["indicator"] == "dwellings_started") & (frame["time_period"] == "2024")
                 & (frame["ref_area"] == "94041")].iloc[0]  # fmt: skip
    assert (mine["obs_value"], mine["obs_status"]) == (123, "A")
    assert "la source n’en donne pas" in mine["note_fr"]
    cells = differences(tables, built)
    ours = cells[cells["key"].str.startswith("94041 · dwellings_started · 2024")]
    assert set(ours["reason"]) == {"correction"}


@pytest.mark.parametrize(
    ("change", "column", "words"),
    [
        ({"source_gives": 11947}, "source_gives", "the source gives 11948 (now)"),
        ({"source_gives": "missing"}, "source_gives", "the source gives 11948 (now)"),
        ({"area": "94099"}, "area", "unknown area"),
        ({"period": "2023-01-01"}, "period", "gives no such figure"),
        ({"nature": "planned"}, "period", "gives no such figure"),
        ({**DWELLINGS, "area": "94041", "source_gives": 1, "corrected": 2}, "indicator", "this figure is computed"),
    ],
)  # fmt: skip
def test_a_correction_of_what_is_not_there_stops_the_build_at_its_line(
    declaring: Declaring, change: dict[str, object], column: str, words: str
) -> None:
    declaring.write(**SOCIAL | change)
    try:
        declaring.build()
    except FaultyInputError as error:
        (fault,) = error.faults
    else:
        pytest.fail("the build did not stop")
    assert fault.file.endswith("corrections.toml")
    assert (fault.column, words in f"{fault.problem} {fault.remedy}") == (f"one-1.{column}", True), str(fault)
    if column in SOCIAL | change:
        assert fault.line == declaring.line_of(column)


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"indicator": "happiness"}, "indicator"),
        ({"indicator": "social_dwellings_vacancy_rate_percent", "source_gives": 2, "corrected": 3}, "indicator"),
        ({"corrected": 1e12}, "corrected"),
        ({"corrected": 11948}, "corrected"),
        ({"corrected": "11984"}, "corrected"),
        ({"corrected": "nan"}, "corrected"),
        ({"period": "last year"}, "period"),
        ({"nature": "hoped"}, "nature"),
        ({"date": 0}, "date"),
        ({"decided_by": ""}, "decided_by"),
        ({"why": "because"}, "why"),
    ],
)
def test_a_correction_that_cannot_be_is_refused_with_its_line(
    declaring: Declaring, change: dict[str, object], column: str
) -> None:
    declaring.write(**SOCIAL | change)
    with pytest.raises(FaultyInputError) as error:
        _ = declaring.catalogue
    assert {fault.line for fault in error.value.faults} == {declaring.line_of(column)}
    assert all(fault.column.startswith(f"one-1.{column}") for fault in error.value.faults)


@pytest.mark.parametrize("text", ["corrected = nan", "corrected = inf", "corrected = true"])
def test_what_is_no_number_corrects_nothing(declaring: Declaring, text: str) -> None:
    declaring.write(**SOCIAL)
    path = declaring.folder / "corrections.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("corrected = 11984", text), encoding="utf-8")
    with pytest.raises(FaultyInputError, match=r"one-1\.corrected"):
        _ = declaring.catalogue


def test_two_corrections_of_one_figure_are_refused(declaring: Declaring) -> None:
    declaring.write(**SOCIAL)
    declaring.write(**SOCIAL | {"corrected": 12000})
    with pytest.raises(FaultyInputError) as error:
        _ = declaring.catalogue
    fault = _only_fault(error)
    assert (fault.column, fault.line) == ("one-2.edition", declaring.line_of("edition"))
    assert "one-1" in fault.problem


def test_unknown_editions_and_future_days_are_refused_before_anything_is_read(declaring: Declaring) -> None:
    declaring.write(**SOCIAL | {"edition": "rpls-of-old"})
    path = declaring.folder / "corrections.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("2026-11-20", "2026-11-24"), encoding="utf-8")
    found = {fault.column: fault for fault in check_corrections(declaring.catalogue, TODAY)}
    assert set(found) == {"one-1.edition", "one-1.date"}
    assert found["one-1.date"].line == declaring.line_of("date")
    assert "after today" in found["one-1.date"].problem


def test_a_correction_of_an_edition_that_is_not_there_yet_is_not_due(declaring: Declaring, tables: Tables) -> None:
    declaring.write(**SOCIAL | {"edition": "rpls-2025", "period": "2025-01-01"})
    declaring.write(**SOCIAL | {"edition": "rpls-2023"})
    assert not check_corrections(declaring.catalogue, TODAY)
    built = declaring.build()
    assert built["corrections"].empty
    assert built["observations"].equals(tables["observations"])
    first, second = not_due(declaring.catalogue, built["observations"], built["corrections"])
    assert first == "Correction one-1 is not due: rpls-2025 is not in this build."
    assert second == "Correction one-2 is not due: rpls-2024 gives this figure instead."
