"""Promises and what became of them: deadlines, whole months, bands; one statement has no slip."""

from datetime import date

import pandas as pd
import pytest

from data.release import Release
from data.rules.phases import (
    SLIPPAGE_COLUMNS,
    STEPS,
    is_due,
    newest_statements,
    phase_state,
    slip_months,
    slippage,
)


def _phases(*said: str) -> pd.DataFrame:
    """Return statements, one a line: `programme phase date state as_of`, each from a source named after its time."""
    columns = ["programme_id", "phase", "date", "state", "as_of"]
    frame = pd.DataFrame([line.split() for line in said], columns=columns)
    return frame.assign(bound="start", source="record-" + frame["as_of"], source_detail="002:69")


def _only(*said: str) -> pd.Series:
    ((_, row),) = slippage(_phases(*said)).iterrows()
    return row


@pytest.mark.parametrize(
    ("promised", "known", "slip", "low", "high"),
    [
        ("2027", "2028", 12, 12, 12),
        ("2028", "2026", -24, -24, -24),
        ("2025-05", "2025-06", 1, 1, 1),
        ("2025-05", "2025-02", -3, -3, -3),
        ("2025-05-30", "2025-06-02", 0, 0, 0),
        # Some day of 2027 was meant: from two months (31 December) to fourteen (1 January).
        ("2027", "2028-03-15", 2, 2, 14),
        # Some month of 2027 was meant: from three months (December) to fourteen (January).
        ("2027", "2028-03", 3, 3, 14),
        # Promised for May 2027, open some month of 2028: January is eight months late, December nineteen.
        ("2027-05", "2028", 19, 8, 19),
        # Kept within its year: before the deadline, at most five months after the month that was meant.
        ("2025", "2025-06", -6, -6, 5),
        # A year cannot tell whether May was kept: January is four months early, December seven months late.
        ("2025-05", "2025", 7, -4, 7),
    ],
)
def test_a_slip_is_counted_from_deadline_to_deadline(promised: str, known: str, slip: int, low: int, high: int) -> None:
    assert slip_months(promised, known) == (slip, low, high)
    assert low <= slip <= high


def test_a_promise_said_again_a_year_later() -> None:
    row = _only("tzen works 2027 planned 2025", "tzen works 2028 planned 2026-03")
    assert (row["promised"], row["promised_as_of"], row["promised_source"]) == ("2027", "2025", "record-2025")
    assert (row["replanned"], row["replanned_as_of"], row["replanned_source"]) == ("2028", "2026-03", "record-2026-03")
    assert (row["actual"], row["snapshots"], row["slip_months"]) == ("", 2, 12)


def test_what_happened_counts_before_what_was_planned_again() -> None:
    row = _only(
        "tzen opening 2028-03-15 happened 2028-04",
        "tzen opening 2027 planned 2025",
        "tzen opening 2029 planned 2026",
    )
    assert (row["promised"], row["replanned"], row["actual"]) == ("2027", "2029", "2028-03-15")
    assert (row["actual_as_of"], row["actual_source"]) == ("2028-04", "record-2028-04")
    assert (row["slip_months"], row["slip_months_low"], row["slip_months_high"]) == (2, 2, 14)


def test_a_promise_kept_and_a_promise_repeated_have_no_slip() -> None:
    kept = _only("school opening 2026 planned 2025", "school opening 2026 happened 2027")
    repeated = _only("school opening 2026 planned 2024", "school opening 2026 planned 2025")
    assert (kept["slip_months"], repeated["slip_months"]) == (0, 0)
    assert repeated["replanned"] == ""


@pytest.mark.parametrize(
    "said",
    [
        ["park opening 2026 planned 2025"],
        ["park opening 2023 happened 2025"],
        # Seen to happen twice, never promised.
        ["park opening 2023 happened 2025", "park opening 2023-05 happened 2026"],
    ],
)
def test_nothing_to_compare_is_no_slip_rather_than_none(said: list[str]) -> None:
    assert _only(*said)[["slip_months", "slip_months_low", "slip_months_high"]].isna().all()


def test_two_sources_of_the_same_time_that_disagree_are_not_a_slip() -> None:
    frame = _phases("park opening 2026 planned 2025", "park opening 2027 planned 2025")
    ((_, row),) = slippage(frame.assign(source=["record", "strategy"])).iterrows()
    assert (row["promised"], row["replanned"], row["snapshots"]) == ("2026", "", 2)
    assert pd.isna(row["slip_months"])


def test_only_steps_are_promises() -> None:
    frame = _phases(
        *(f"city {phase} 2020 planned 2019" for phase in ("counted_since", "validity", "held", "target")),
        *(f"city {phase} 2020 planned 2019" for phase in STEPS),
    )
    assert set(slippage(frame)["phase"]) == set(STEPS)


def test_no_statement_no_row() -> None:
    assert list(slippage(_phases()).columns) == SLIPPAGE_COLUMNS
    assert slippage(_phases()).empty


def test_the_newest_statement_of_each_phase_counts() -> None:
    newest = newest_statements(
        _phases(
            "tzen works 2026 planned 2026-03",
            "tzen works 2027 planned 2025",
            "tzen opening 2027 planned 2025",
            "tzen opening 2028 happened 2025",
        )
    )
    assert dict(zip(newest["phase"], newest["date"], strict=True)) == {"works": "2026", "opening": "2028"}


@pytest.mark.parametrize(
    ("phase", "said", "status", "as_of", "confirmed", "state"),
    [
        ("opening", "2023", "unclear", "2025", False, "happened"),
        ("opening", "2025", "unclear", "2025", False, "planned"),
        ("opening", "2025", "unclear", "2025", True, "happened"),
        ("opening", "2025", "delivered", "2025", False, "happened"),
        ("validity", "2026", "planned", "2025", False, "happened"),
        ("counted_since", "2025", "planned", "2025", False, "happened"),
    ],
)
def test_what_a_text_says_of_a_date(
    phase: str, said: str, status: str, as_of: str, confirmed: bool, state: str
) -> None:
    assert phase_state(phase, said, status, as_of, confirmed) == state


def test_a_promise_is_due_once_its_year_is_over_unless_it_happened_or_was_given_up() -> None:
    last_day, next_day = date(2026, 12, 31), date(2027, 1, 1)
    assert not is_due("opening", "planned", "2026", "under_way", "2025", last_day)
    assert is_due("opening", "planned", "2026", "under_way", "2025", next_day)
    assert not is_due("opening", "happened", "2026", "under_way", "2025", next_day)
    assert not is_due("opening", "planned", "2026", "abandoned", "2025", next_day)
    assert not is_due("validity", "planned", "2026", "under_way", "2025", next_day)


def test_in_ivry_a_date_has_one_statement_and_food_waste_shelters_are_confirmed_by_their_lines(
    release: Release,
) -> None:
    phases = release.table("phases")
    found = slippage(phases)
    assert (found["snapshots"] == 1).all()
    assert found["slip_months"].isna().all()
    food_waste = phases[phases["programme_id"] == "ivry-biowaste-collection"].set_index("phase")
    assert food_waste["state"].to_dict() == {"part_opening": "happened", "target": "planned"}
