"""Numbers and dates as a French city writes them."""

import pytest

from dashboard.figures import units
from dashboard.formats import first_of_days, number, quantity, signed, weekday
from data.rules.date_words import one_date

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


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (5.5, "5 h 30"),
        (6, "6 h"),
        (0, "0 h"),
        (0.05, "0 h 03"),
        (23.999, "0 h le lendemain"),
        (25.2, "1 h 12 le lendemain"),
        (24, "0 h le lendemain"),
        (49.5, "1 h 30, 2 jours après"),
    ],
)
def test_an_hour_of_the_day_is_a_time(value: float, text: str) -> None:
    said = quantity(value, 2, "hour_of_day", units()["hour_of_day"].fr)
    assert said.replace(NO_BREAK, " ") == text


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ("2026-03-09", "2026-03-15", "9"),
        ("2026-03-01", "2026-03-07", "1er"),
        ("2026-02-28", "2026-03-06", "28 février"),
        ("2025-12-29", "2026-01-04", "29 décembre 2025"),
    ],
)
def test_days_of_a_week_are_not_said_twice(first: str, last: str, words: str) -> None:
    assert first_of_days(first, last) == words


def test_weekdays() -> None:
    assert weekday("2026-03-11") == "mercredi 11 mars"
    assert weekday("2026-03-01") == "dimanche 1er mars"
    assert weekday("2026-03-11", with_month=False) == "mercredi 11"
    assert weekday("2026-03-01", with_month=False) == "dimanche 1er"
