"""Status of targets against cases worked out by hand; the arithmetic of each is in a comment."""

from datetime import date

import pytest

from data.rules.targets import Aim, Point, Progress, value_progress

TODAY = date(2026, 11, 23)


def _series(**values: float) -> tuple[Point, ...]:
    """Return a series from `y2015=100, y2020=140`."""
    return tuple(Point(year.removeprefix("y"), value) for year, value in values.items())


def _progress(aim: Aim, points: tuple[Point, ...], today: date = TODAY) -> Progress:
    return value_progress(aim, points, today)


def test_linear_too_slow_shows_every_part() -> None:
    # Gained: 200 - 100 = 100 in 10 years, 10 a year. Asked: 300 - 100 = 200 in 15 years, 13.33 a year; 0.75.
    # From 2025 on: 300 - 200 = 100 left in 5 years, 20 a year.
    found = _progress(Aim(300, "at_least", "2030"), _series(y2015=100, y2020=140, y2025=200))
    assert (found.status, found.reasons) == ("slow", ())
    assert (found.first, found.last, found.values) == (Point("2015", 100), Point("2025", 200), 3)
    assert (found.years, found.years_to_deadline) == (10, 15)
    assert (found.observed_pace, found.needed_pace) == (10, 20)
    assert found.required_pace == pytest.approx(13.3333, abs=1e-4)
    assert found.ratio == 0.75


LINEAR: list[tuple[str, Aim, tuple[Point, ...], float]] = [
    # 140 in 10 years = 14; 200 in 15 = 13.33; 14 / 13.33 = 1.05
    ("on_track", Aim(300, "at_least", "2030"), _series(y2015=100, y2020=140, y2025=240), 1.05),
    # 19 in 10 years = 1.9; 40 in 20 = 2.0; 1.9 / 2.0 = 0.95, on track from 0.95 on
    ("on_track", Aim(50, "at_least", "2035"), _series(y2015=10, y2020=20, y2025=29), 0.95),
    # 1.9 in 10 years = 0.19; 4 in 20 = 0.2; 0.95 again, where binary fractions give 0.9499999999999998
    ("on_track", Aim(5.1, "at_least", "2035"), _series(y2015=1.1, y2020=2, y2025=3.0), 0.95),
    # 18.99 in 10 years = 1.899; 40 in 20 = 2.0; 0.9495
    ("slow", Aim(50, "at_least", "2035"), _series(y2015=10, y2020=20, y2025=28.99), 0.9495),
    # nothing gained in 10 years = 0; 0 / 2 = 0
    ("slow", Aim(50, "at_least", "2035"), _series(y2015=10, y2020=20, y2025=10), 0.0),
    # 5 lost in 10 years = -0.5; 40 in 20 = 2; -0.25
    ("moving_away", Aim(50, "at_least", "2035"), _series(y2015=10, y2020=20, y2025=5), -0.25),
    # downwards: -200 in 10 years = -20; -600 in 15 = -40; 0.5
    ("slow", Aim(400, "at_most", "2030"), _series(y2015=1000, y2020=900, y2025=800), 0.5),
    # downwards: -400 in 10 years = -40; -600 in 15 = -40; 1
    ("on_track", Aim(400, "at_most", "2030"), _series(y2015=1000, y2020=900, y2025=600), 1.0),
    # downwards: +100 in 10 years = 10; -600 in 15 = -40; -0.25
    ("moving_away", Aim(400, "at_most", "2030"), _series(y2015=1000, y2020=900, y2025=1100), -0.25),
    # a base of zero: 5 in 10 years = 0.5; 20 in 20 = 1; 0.5
    ("slow", Aim(20, "at_least", "2035"), _series(y2015=0, y2020=1, y2025=5), 0.5),
    # a change of sign: 15 in 10 years = 1.5; 30 in 20 = 1.5; 1
    ("on_track", Aim(20, "at_least", "2035"), _series(y2015=-10, y2020=0, y2025=5), 1.0),
    # down to zero: -60 in 10 years = -6; -100 in 20 = -5; 1.2
    ("on_track", Aim(0, "at_most", "2035"), _series(y2015=100, y2020=70, y2025=40), 1.2),
]


@pytest.mark.parametrize(("status", "aim", "points", "ratio"), LINEAR)
def test_linear(status: str, aim: Aim, points: tuple[Point, ...], ratio: float) -> None:
    found = _progress(aim, points)
    assert (found.status, found.reasons, found.ratio) == (status, (), ratio)


GEOMETRIC: list[tuple[str, float, str, tuple[Point, ...], float, float, float]] = [
    # 121 / 100 = 1.1², 10 % a year; 207.36 / 100 = 1.2⁴, 20 % a year; 0.5 (linear would give 10.5 / 26.84 = 0.39)
    ("slow", 207.36, "at_least", _series(y2023=100, y2024=110, y2025=121), 0.10, 0.20, 0.5),
    # 146.41 / 100 = 1.1⁴, 10 % a year; 1
    ("on_track", 146.41, "at_least", _series(y2023=100, y2024=110, y2025=121), 0.10, 0.10, 1.0),
    # 81 / 100 = 0.9², -10 % a year; 40.96 / 100 = 0.8⁴, -20 % a year; 0.5
    ("slow", 40.96, "at_most", _series(y2023=100, y2024=90, y2025=81), -0.10, -0.20, 0.5),
    # 121 / 100: +10 % a year, where -20 % is asked; -0.5
    ("moving_away", 40.96, "at_most", _series(y2023=100, y2024=110, y2025=121), 0.10, -0.20, -0.5),
    # all below zero: -81 / -100, -10 % a year; -40.96 / -100, -20 % a year; 0.5
    ("slow", -40.96, "at_least", _series(y2023=-100, y2024=-90, y2025=-81), -0.10, -0.20, 0.5),
]


@pytest.mark.parametrize(("status", "goal", "direction", "points", "observed", "required", "ratio"), GEOMETRIC)
def test_geometric(
    status: str, goal: float, direction: str, points: tuple[Point, ...], observed: float, required: float, ratio: float
) -> None:
    found = _progress(Aim(goal, direction, "2027", "geometric"), points)
    assert found.status == status
    assert found.observed_pace == pytest.approx(observed)
    assert found.required_pace == pytest.approx(required)
    assert found.ratio == pytest.approx(ratio)


@pytest.mark.parametrize(
    ("goal", "points", "reason"),
    [
        (20, _series(y2015=0, y2020=1, y2025=5), "zero_base"),
        (20, _series(y2015=-10, y2020=1, y2025=5), "sign_change"),
        (20, _series(y2015=10, y2020=1, y2025=-5), "sign_change"),
        (20, _series(y2015=10, y2020=1, y2025=0), "sign_change"),
        (20, _series(y2015=-10, y2020=-9, y2025=-5), "sign_change"),
    ],
)
def test_no_compound_rate_without_base_or_across_zero(goal: float, points: tuple[Point, ...], reason: str) -> None:
    found = _progress(Aim(goal, "at_least", "2035", "geometric"), points)
    assert (found.status, found.reasons) == ("cannot_conclude", (reason,))
    assert (found.observed_pace, found.ratio) == (None, None)


def test_no_compound_rate_reaches_zero() -> None:
    found = _progress(Aim(0, "at_most", "2050", "geometric"), _series(y2015=100, y2020=70, y2025=40))
    assert (found.status, found.reasons) == ("cannot_conclude", ("sign_change",))


AIM = Aim(60, "at_least", "2035")
INSUFFICIENT: list[tuple[Aim, tuple[Point, ...], tuple[str, ...]]] = [
    (Aim(60, "at_least", "2035", is_measured=False), (), ("no_indicator",)),
    (AIM, (), ("no_observed_value",)),
    # one point, two points; three within one year, when two years are asked
    (AIM, _series(y2025=10), ("too_few_values", "short_span")),
    (AIM, _series(y2015=10, y2025=20), ("too_few_values",)),
    (AIM, (Point("2024-01", 10), Point("2024-12", 11), Point("2025-12", 12)), ("short_span",)),
    # a break after the first value; the last value of 2020 is nearly six years old, that of 2021 not yet five
    (AIM, (Point("2015", 10), Point("2020", 30, "B"), Point("2025", 32)), ("break_in_series",)),
    (AIM, _series(y2010=10, y2015=20, y2020=30), ("old_values",)),
    (AIM, (Point("2015", 1, source="a"), Point("2020", 2, source="b"), Point("2025", 3, source="a")),
     ("mixed_sources",)),
    (AIM, (Point("2015", 10), Point("2025", 20), Point("2025", 25)), ("several_values",)),
    (Aim(60, "at_least", "2035", base_year="2016"), _series(y2015=10, y2018=15, y2020=20, y2025=25),
     ("no_base_value",)),
    (Aim(60, "at_least", "2035", base_year="2020"), _series(y2010=10, y2015=20), ("no_base_value",)),
    (Aim(None, "at_least", "2035"), _series(y2015=10, y2020=20, y2025=25), ("no_target_value",)),
]  # fmt: skip


@pytest.mark.parametrize(("aim", "points", "reasons"), INSUFFICIENT, ids=[str(case[2]) for case in INSUFFICIENT])
def test_insufficient_data_give_no_status_and_no_pace(
    aim: Aim, points: tuple[Point, ...], reasons: tuple[str, ...]
) -> None:
    found = _progress(aim, points)
    assert (found.status, found.reasons) == ("cannot_conclude", reasons)
    assert (found.observed_pace, found.required_pace, found.ratio) == (None, None, None)


def test_just_enough_data() -> None:
    # Three values over exactly two years, the last one under five years old: (12 - 10) / 2 = 1; (60 - 10) / 16 = 3.125.
    found = _progress(AIM, _series(y2019=10, y2020=11, y2021=12))
    assert found.ratio == pytest.approx(1 / 3.125)
    assert found.status == "slow"


def test_a_value_is_too_old_from_the_day_after_five_years() -> None:
    points = _series(y2019=10, y2020=11, y2021=12)
    assert _progress(AIM, points, date(2026, 12, 31)).reasons == ()
    assert _progress(AIM, points, date(2027, 1, 1)).reasons == ("old_values",)


def test_a_break_at_the_base_is_no_break_inside() -> None:
    # Counted from 2018, where the new series begins: (40 - 26) / 7 = 2; (60 - 26) / 17 = 2; 1.
    points = (Point("2015", 50), Point("2018", 26, "B"), Point("2020", 30), Point("2025", 40))
    found = _progress(Aim(60, "at_least", "2035", base_year="2018"), points)
    assert (found.status, found.ratio, found.values) == ("on_track", 1.0, 3)


def test_months_count_as_parts_of_a_year() -> None:
    # From June 2021 to December 2023, 2.5 years: 5 / 2.5 = 2. To June 2031, 10 years: 40 / 10 = 4; 0.5.
    points = (Point("2021-06", 10), Point("2022-06", 11), Point("2023-12", 15))
    found = _progress(Aim(50, "at_least", "2031-06"), points)
    assert (found.years, found.years_to_deadline, found.ratio) == (2.5, 10, 0.5)


def test_without_a_deadline_only_the_observed_pace_is_known() -> None:
    # (25 - 10) / 10 = 1.5 a year; nothing to compare it with.
    found = _progress(Aim(60, "at_least"), _series(y2015=10, y2020=20, y2025=25))
    assert (found.status, found.reasons) == ("cannot_conclude", ("no_deadline",))
    assert (found.observed_pace, found.required_pace) == (1.5, None)


@pytest.mark.parametrize("base", [60, 70])
def test_a_base_that_met_the_target_leaves_no_pace_to_require(base: float) -> None:
    # 60 - 60 = 0 a year; 60 - 70 < 0: a fall from 70 to 55 over a required fall would read as on track.
    found = _progress(AIM, _series(y2015=base, y2020=58, y2025=55))
    assert (found.status, found.reasons) == ("cannot_conclude", ("required_pace_zero",))
    assert found.ratio is None


REACHED: list[tuple[str, Aim, tuple[Point, ...]]] = [
    ("reached", AIM, _series(y2015=10, y2020=20, y2025=60)),
    ("reached", Aim(60, "at_most", "2035"), _series(y2015=100, y2020=70, y2025=60)),
    # one trusted value is enough to see that it is reached, with or without a deadline or a compound rate
    ("reached", AIM, _series(y2025=61)),
    ("reached", Aim(60, "at_least"), _series(y2025=61)),
    ("reached", Aim(60, "at_least", "2035", "geometric"), _series(y2015=0, y2025=61)),
    # in the past: met at the deadline; by a value of the year before; only by a later value; before, lost, met again
    ("reached", Aim(60, "at_least", "2020"), _series(y2015=10, y2020=60)),
    ("reached", Aim(60, "at_least", "2020"), _series(y2015=10, y2019=62)),
    ("reached_late", Aim(60, "at_least", "2020"), _series(y2015=10, y2020=50, y2022=60)),
    ("reached_late", Aim(60, "at_least", "2020"), _series(y2022=60)),
    ("reached_late", Aim(60, "at_least", "2020"), _series(y2018=61, y2020=50, y2022=60)),
]


@pytest.mark.parametrize(("status", "aim", "points"), REACHED)
def test_reached(status: str, aim: Aim, points: tuple[Point, ...]) -> None:
    found = _progress(aim, points)
    assert (found.status, found.reasons) == (status, ())


def test_values_that_cannot_be_trusted_do_not_reach() -> None:
    broken = (Point("2015", 10), Point("2020", 70, "B"), Point("2025", 72))
    assert _progress(AIM, broken).reasons == ("break_in_series",)
    assert _progress(AIM, _series(y2010=10, y2015=65)).status == "cannot_conclude"
    disputed = (Point("2025", 58, source="a"), Point("2025", 61, source="b"))
    assert _progress(AIM, disputed).status == "cannot_conclude"


PASSED = Aim(60, "at_least", "2020")
DUE: list[tuple[Aim, tuple[Point, ...], tuple[str, ...]]] = [
    (PASSED, _series(y2015=10, y2018=20, y2020=50), ("not_met",)),
    (PASSED, _series(y2015=10, y2018=20, y2019=50), ("no_value_since",)),
    (PASSED, _series(y2019=50), ("no_value_since",)),
    (PASSED, (), ("no_observed_value",)),
    # met in 2012, which says nothing of 2020: eight years, when five are allowed
    (PASSED, _series(y2012=65), ("old_values",)),
    (Aim(60, "at_least", "2020", is_measured=False), (), ("no_indicator",)),
]


@pytest.mark.parametrize(("aim", "points", "reasons"), DUE, ids=[str(case[2]) for case in DUE])
def test_a_target_in_the_past_that_nothing_says_is_met(
    aim: Aim, points: tuple[Point, ...], reasons: tuple[str, ...]
) -> None:
    found = _progress(aim, points)
    assert (found.status, found.reasons) == ("due_unconfirmed", reasons)


def test_a_year_has_passed_once_it_is_over() -> None:
    # (50 - 10) / 10 = 4; (60 - 10) / 11 = 4.55; 0.88, as long as 2026 lasts.
    points = _series(y2015=10, y2020=30, y2025=50)
    found = _progress(Aim(60, "at_least", "2026"), points, date(2026, 12, 31))
    assert (found.status, found.ratio) == ("slow", 0.88)
    assert _progress(Aim(60, "at_least", "2026"), points, date(2027, 1, 1)).status == "due_unconfirmed"
