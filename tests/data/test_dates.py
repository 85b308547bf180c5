"""When a period starts and ends, when a date has passed, and when what was due is not known to be done."""

from datetime import date

import pytest

from data.rules.dates import (
    has_passed,
    is_datable,
    is_due_and_unconfirmed,
    months_between,
    period_end,
    period_start,
)


@pytest.mark.parametrize(
    ("period", "start", "end"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2025-05", date(2025, 5, 1), date(2025, 5, 31)),
        ("2025-04", date(2025, 4, 1), date(2025, 4, 30)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2023-02", date(2023, 2, 1), date(2023, 2, 28)),
        ("2100-02", date(2100, 2, 1), date(2100, 2, 28)),
        ("2017-10-12", date(2017, 10, 12), date(2017, 10, 12)),
        ("2020/2025", date(2020, 1, 1), date(2025, 12, 31)),
        ("2017-11/2018-02", date(2017, 11, 1), date(2018, 2, 28)),
        ("2024-01-15/2024-03", date(2024, 1, 15), date(2024, 3, 31)),
    ],
)
def test_first_and_last_day(period: str, start: date, end: date) -> None:
    assert (period_start(period), period_end(period)) == (start, end)


@pytest.mark.parametrize(
    ("period", "last_day", "next_day"),
    [
        ("2026", date(2026, 12, 31), date(2027, 1, 1)),
        ("2025-05", date(2025, 5, 31), date(2025, 6, 1)),
        ("2024-02", date(2024, 2, 29), date(2024, 3, 1)),
        ("2017-10-12", date(2017, 10, 12), date(2017, 10, 13)),
        ("2023/2026", date(2026, 12, 31), date(2027, 1, 1)),
    ],
)
def test_a_period_has_passed_once_its_last_day_is_over(period: str, last_day: date, next_day: date) -> None:
    assert not has_passed(period, last_day)
    assert has_passed(period, next_day)


def test_first_part_of_the_parc_des_confluences_is_due_and_unconfirmed() -> None:
    # Stated some time in 2025, due in May 2025: the statement may be older than the opening.
    assert not is_due_and_unconfirmed("2025-05", "2025", date(2025, 5, 31))
    assert is_due_and_unconfirmed("2025-05", "2025", date(2025, 6, 1))


def test_college_opened_in_2023_is_confirmed_by_the_record_of_2025() -> None:
    assert not is_due_and_unconfirmed("2023", "2025", date(2040, 1, 1))


def test_works_from_2026_are_due_when_2026_is_over() -> None:
    assert not is_due_and_unconfirmed("2026", "2025", date(2026, 12, 31))
    assert is_due_and_unconfirmed("2026", "2025", date(2027, 1, 1))


@pytest.mark.parametrize(("as_of", "unconfirmed"), [("2025-05-31", True), ("2025-06-01", False), ("2025-06", False)])
def test_only_a_statement_after_the_end_of_the_period_confirms(as_of: str, unconfirmed: bool) -> None:
    assert is_due_and_unconfirmed("2025-05", as_of, date(2026, 1, 1)) is unconfirmed


def test_only_stated_and_counted_periods_stand_on_a_time_axis() -> None:
    bases = ("stated", "since", "inferred", "document_date", "none")
    assert [basis for basis in bases if is_datable(basis)] == ["stated", "since"]


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        (date(2027, 12, 31), date(2028, 12, 31), 12),
        (date(2027, 12, 31), date(2028, 3, 15), 2),
        (date(2027, 12, 31), date(2028, 2, 29), 2),
        (date(2025, 2, 28), date(2025, 5, 31), 3),
        (date(2025, 5, 15), date(2025, 6, 14), 0),
        (date(2025, 5, 15), date(2025, 6, 15), 1),
        (date(2028, 3, 15), date(2027, 12, 31), -2),
        (date(2027, 1, 1), date(2027, 1, 1), 0),
    ],
)
def test_whole_months_between_days(first: date, last: date, months: int) -> None:
    assert months_between(first, last) == months
