"""Numbers and dates as a French city writes them."""

import pytest

from dashboard.figures import units
from dashboard.formats import number, one_date, quantity, signed

NARROW, NO_BREAK = "\u202f", "\u00a0"


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [(12128, 0, f"12{NARROW}128"), (44.2, 1, "44,2"), (0.064, 3, "0,064"), (-500, 0, "−500"), (0, 0, "0")],
)
def test_numbers(value: float, decimals: int, text: str) -> None:
    assert number(value, decimals) == text


def test_quantities_carry_their_unit() -> None:
    assert quantity(12128, 0, "dwelling", units()["dwelling"].fr) == f"12{NARROW}128{NO_BREAK}logements"
    assert quantity(1, 0, "dwelling", units()["dwelling"].fr) == f"1{NO_BREAK}logement"
    assert quantity(1.2, 1, "ha", units()["ha"].fr) == f"1,2{NO_BREAK}ha"
    assert quantity(44.2, 1, "percent", units()["percent"].fr) == f"44,2{NO_BREAK}%"


def test_a_year_aimed_at_is_no_quantity() -> None:
    assert quantity(2050, 0, "calendar_year", units()["calendar_year"].fr) == "2050"


@pytest.mark.parametrize(
    ("text", "words"),
    [("2021", "2021"), ("2025-05", "mai 2025"), ("2017-10-12", "12 octobre 2017"), ("2024-01-01", "1er janvier 2024")],
)
def test_dates(text: str, words: str) -> None:
    assert one_date(text) == words


def test_signs() -> None:
    assert signed(10.4, 1) == "+10,4"
    assert signed(-500) == "−500"
