"""Readings of one sentence, and published checks computed again."""

import pandas as pd
import pytest

from data.frames import rows_of
from data.models import CheckRow
from data.release import Release
from data.rules.check_operands import Recomputed, recompute
from data.rules.pairs_of_readings import Ambiguity, pairs_of_readings
from data.rules.published_checks import compute_check
from etl.ledger import Ledger

NOT_COMPUTABLE = {
    "assises-aims": "listed", "iti-axes": "listed", "iti-communes": "listed",
    "carrier-seine-amont": "words", "dian-fossey-state": "words", "esiea-state": "words",
    "geothermal-district": "words", "green-lists": "words", "iti-two-axis-sets": "words", "mobility-district": "words",
    "names-tzen": "words", "prefig-bus": "words", "valence-vacancy-scope": "words",
}  # fmt: skip


def _by_id(found: tuple[Ambiguity, ...]) -> dict[str, dict[str, tuple[float | None, float | None]]]:
    return {one.reading_id: {choice.choice: (choice.value, choice.total) for choice in one.choices} for one in found}


def test_what_each_reading_makes_of_the_announced_dwellings(release: Release) -> None:
    found = pairs_of_readings(release.tables, "94041")
    assert _by_id(found) == {
        "quais-in-ivry-port": {"inside": (1150, 7154), "outside": (1150, 8304)},
        "mixed-programmes-count": {"in_all": (124, 8304), "each": (372, 8552)},
    }
    assert {one.reading_id: one.difference for one in found} == {
        "quais-in-ivry-port": 1150, "mixed-programmes-count": 248,
    }  # fmt: skip


def test_no_text_about_valence_has_two_readings(release: Release) -> None:
    assert pairs_of_readings(release.tables, "26362") == ()


def test_figures_in_two_readings_are_told_though_no_row_explains_them(release: Release) -> None:
    tables = dict(release.tables)
    readings = tables["readings"]
    tables["readings"] = readings[readings["reading_id"] != "mixed-programmes-count"]
    found = {one.quantity: one for one in pairs_of_readings(tables, "94041")}
    alone = found["dwellings_programmed"]
    assert [(choice.choice, choice.value, choice.total) for choice in alone.choices] == [
        ("in_all", 124, None),
        ("each", 372, None),
    ]
    assert (alone.difference, alone.question_fr, alone.source_detail) == (248, "", "002:40")


def test_a_proposal_is_not_announced(release: Release) -> None:
    tables = dict(release.tables)
    programmes = tables["programmes"]
    proposed = programmes["programme_id"] == "ivry-agrocite-gagarine-truillot"
    tables["programmes"] = programmes.assign(status=programmes["status"].mask(proposed, "proposed"))
    totals = _by_id(pairs_of_readings(tables, "94041"))
    assert totals["quais-in-ivry-port"]["outside"] == (1150, 8304 - 1430)


@pytest.fixture(scope="module")
def checks(release: Release) -> dict[str, Recomputed]:
    return {check.check_id: check for check in recompute(release.tables)}


def test_every_check_that_can_be_computed_gives_its_published_result(
    ledger: Ledger, checks: dict[str, Recomputed]
) -> None:
    names = {row.check_id for _, row in ledger.rows("checks.csv", CheckRow)}
    assert names == set(checks)
    assert {name: check.computed.why for name, check in checks.items() if check.computed.why} == NOT_COMPUTABLE
    computed = {check.computed.state for name, check in checks.items() if name not in NOT_COMPUTABLE}
    assert computed == {"equal"}
    assert len(checks) - len(NOT_COMPUTABLE) == 28


def test_checks_by_hand(checks: dict[str, Recomputed]) -> None:
    values = {name: check.computed.values for name, check in checks.items()}
    assert values["dw-general"] == (1430 + 5600 + 1150 + 124,) == (8304,)
    assert values["private-plus-social-2023"] == (39107, 32530)
    assert values["green-known-of-10ha"] == (0.35,)
    assert values["green-confluences-vs-10"] == (12,)
    assert values["agent-gap"] == pytest.approx((45,))
    assert values["social-new-share"] == pytest.approx((11.222,), abs=0.0005)
    assert values["coop-per-year"] == pytest.approx((3_333_333.33, 4_000_000))
    assert values["valence-shop-shares"] == (210,)


@pytest.mark.parametrize(
    ("formula", "unit", "result", "state"),
    [
        ("1361/12128", "%", "11.222", "equal"),
        ("1361/12128", "%", "11.22", "equal"),
        ("1361/12128", "%", "11.223", "different"),
        ("1361/12128", "share", "0.112", "equal"),
        ("72+87+51", "%", "210", "equal"),
        ("276/6 .. 276/5", "", "46 .. 55.2", "equal"),
        ("276/6 .. 276/5", "", "46 .. 55.1", "different"),
        ("276/6 .. 276/5", "", "46", "different"),
        ("9 > 10", "ha", "9", "different"),
        ("12 > 10", "ha", "12", "equal"),
        ("12 > 10", "ha", "10", "different"),
        ("3 (first source 2023) + 4 (second) vs 8 (third)", "", "7 vs 8", "equal"),
        ("1430+5600", "dwelling", "seven thousand", "different"),
        ("1/0", "", "0", "not_computable"),
        ("alias", "", "alias", "not_computable"),
        ("__import__('os')", "", "0", "not_computable"),
    ],
)
def test_a_result_is_held_against_its_formula_at_its_own_precision(
    formula: str, unit: str, result: str, state: str
) -> None:
    assert compute_check(formula, unit, result).state == state


def _figures(check: Recomputed) -> dict[str, str]:
    return {operand.text: operand.figure or operand.check_id for operand in check.operands}


def test_numbers_of_checks_are_the_figures_of_the_lines_they_cite(checks: dict[str, Recomputed]) -> None:
    assert _figures(checks["social-new-share"]) == {
        "1361": "ivry-social-built-since-2020",
        "12128": "ivry-social-stock",
    }
    assert _figures(checks["gt-social"]) == {"0.30": "ivry-gt-social-share", "1430": "ivry-gt-dwellings"}
    assert _figures(checks["dumping-2020-a"])["500"] == "ivry-dumping-change"  # a fall, written without its sign
    assert _figures(checks["private-plus-social-2023"]) == {
        "27159": "lovac-2025",
        "11948": "rpls-2024",
        "32530": "insee-census-2021",
    }
    assert _figures(checks["green-planned-all"]) == {
        "12": "ivry-parc-confluences-area",
        "1.3": "green-planned-gardens",
    }


def test_equal_numbers_of_a_sum_are_different_vehicles(release: Release, checks: dict[str, Recomputed]) -> None:
    figures = [operand.figure for operand in checks["fleet"].operands]
    observations = release.table("observations")
    fleet = observations[observations["indicator"].str.startswith("fleet_")]
    assert sorted(figures) == sorted(fleet["figure_id"])
    assert len(set(figures)) == 6


def test_numbers_no_figure_gives_are_few_and_known(checks: dict[str, Recomputed]) -> None:
    own = {
        (name, operand.text)
        for name, check in checks.items()
        for operand in check.operands
        if not (operand.figure or operand.check_id)
    }
    years = {"5", "6"}
    per_year = {"social-per-year", "coop-per-year", "cycling-budget-total", "safety-visits-per-year"}
    assert own == {
        *((name, text) for name in per_year for text in years),
        ("agent-gap", "1"),  # what is compared with
        ("dumping-2020-b", "4"),  # years
        ("reports-per-year", "3"),  # years
        ("dw-total-no-overlap", "11129"),  # 8 304 + 2 825, the results of two other checks
    }


def test_a_traced_figure_has_the_number(release: Release, checks: dict[str, Recomputed]) -> None:
    rows = pd.concat([release.table("observations"), release.table("context")])
    values = {row.figure_id: abs(row.obs_value) for row in rows_of(rows) if row.figure_id}
    for check in checks.values():
        for operand in check.operands:
            if operand.figure in values:
                scale = values[operand.figure] / operand.value
                assert round(scale, 9) in {1, 100, 10_000}, operand
