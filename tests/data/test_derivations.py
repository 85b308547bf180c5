"""What a figure is made of is read as it is written, and formulas give again what they gave."""

import pytest

from data.errors import FormulaError
from data.rules.derivations import Ingredients, Input, again, ingredients, is_same


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("", Ingredients()),
        ("22 IRIS", Ingredients(iris=22)),
        ("5 IRIS, iris_weights.weight", Ingredients(iris=5, is_shared_out=True)),
        ("population@2021[insee-census-2021]; stations",
         Ingredients((Input("population", "2021", "insee-census-2021"),), others=("stations",))),
        ("vacant@2024-01-01[lovac-2025]; all@2020/2025[record]",
         Ingredients((Input("vacant", "2024-01-01", "lovac-2025"), Input("all", "2020/2025", "record")))),
    ],
)  # fmt: skip
def test_what_a_figure_is_made_of_is_read(text: str, made: Ingredients) -> None:
    assert ingredients(text) == made


def test_a_formula_gives_its_result_again() -> None:
    assert again("100 * a / b", {"a": 2044.0, "b": 32530.0}) == pytest.approx(6.2834306793)
    assert again("100 * a / (a + b)", {"a": 0.0, "b": 0.0}) is None
    with pytest.raises(FormulaError):
        again("a ** b", {"a": 2.0, "b": 3.0})


def test_results_are_the_same_but_for_binary_fractions() -> None:
    assert is_same(0.1 + 0.2, 0.3)
    assert is_same(0.0, 0.0)
    assert not is_same(6.28, 6.2800001)
