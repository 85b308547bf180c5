"""Formulas are arithmetic and nothing else."""

import pandas as pd
import pytest

from data.errors import FormulaError
from data.rules.formulas import evaluate, input_names


def test_names_of_a_formula() -> None:
    assert input_names("100 * vacant / (let + vacant) - -let") == {"vacant", "let"}


@pytest.mark.parametrize(
    "expression",
    [
        "abs(population)",
        "__import__('os').system('true')",
        "population.max()",
        "population.index",
        "population[0]",
        "population ** 2",
        "population // 2",
        "population % 2",
        "population if population else 1",
        "population > 1",
        "population and dwellings",
        "[population]",
        "lambda: population",
        "(population := 3)",
        "population * 'a'",
        "population * True",
        "population * 1j",
        "population = 3",
        "population +",
        "",
        "2 + 2",
    ],
)
def test_anything_but_arithmetic_on_inputs_is_refused(expression: str) -> None:
    with pytest.raises(FormulaError):
        input_names(expression)


def test_evaluation_refuses_a_call() -> None:
    with pytest.raises(FormulaError, match="Call"):
        evaluate("abs(population)", pd.DataFrame({"population": [1]}))


def test_vacancy_of_ivry() -> None:
    census = pd.DataFrame({"vacant": [2044], "dwellings": [32530]}, index=["94041"])
    assert evaluate("100 * vacant / dwellings", census)["94041"] == pytest.approx(6.283, abs=0.001)


def test_precedence_and_signs() -> None:
    numbers = pd.DataFrame({"a": [7.0], "b": [2.0]})
    assert evaluate("a - b * 3 + -a / (b + 5)", numbers)[0] == 0.0


@pytest.mark.parametrize("numerator", [5, 0, -5])
def test_division_by_zero_gives_a_missing_value(numerator: int) -> None:
    result = evaluate("a / b", pd.DataFrame({"a": [numerator, 6], "b": [0, 3]}))
    assert result.isna().tolist() == [True, False]
    assert result[1] == 2


def test_division_by_a_quotient_over_zero_gives_a_missing_value() -> None:
    assert evaluate("a / (b / c)", pd.DataFrame({"a": [1], "b": [1], "c": [0]})).isna().all()


def test_a_missing_input_gives_a_missing_value() -> None:
    result = evaluate("a + b", pd.DataFrame({"a": [None, 1], "b": [2, 2]}))
    assert result.isna().tolist() == [True, False]
