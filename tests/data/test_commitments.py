"""The rule that says what became of a commitment, case by case, and on the release of Ivry."""

from datetime import date
from types import SimpleNamespace

import pytest

from data.release import Release
from data.rules.commitments import deadline_of, listed, of_programmes, standing, standings
from data.rules.targets import Progress

TODAY = date(2026, 11, 23)


def _row(**cells: str) -> SimpleNamespace:
    return SimpleNamespace(**{"deadline": "", "as_of": "2025", "stated_as_of": "", "stated_status": "", **cells})


@pytest.mark.parametrize(
    ("statuses", "said"),
    [
        (("delivered",), "done"),
        (("delivered", "delivered"), "done"),
        (("delivered", "abandoned"), "done"),
        (("delivered", "planned"), "under_way"),
        (("trial",), "under_way"),
        (("under_way", "abandoned"), "under_way"),
        (("planned", "unclear"), "planned"),
        (("mobilisation",), "planned"),
        (("unclear",), "unclear"),
        (("abandoned", "abandoned"), "dropped"),
    ],
)
def test_programmes_together_say_where_a_commitment_stands(statuses: tuple[str, ...], said: str) -> None:
    assert of_programmes(statuses) == said


@pytest.mark.parametrize(
    ("row", "progress", "statuses", "is_due", "said"),
    [
        # a target that is reached settles it, whatever else
        (_row(), Progress("reached"), ("planned",), True, ("done", "target")),
        (_row(), Progress("reached_late"), (), False, ("done", "target")),
        (_row(), Progress("due_unconfirmed"), ("delivered",), False, ("due_unconfirmed", "target")),
        # one programme that is due makes the whole due, though others are delivered
        (_row(), None, ("delivered", "under_way"), True, ("due_unconfirmed", "programmes")),
        (_row(), Progress("cannot_conclude"), ("under_way",), False, ("under_way", "programmes")),
        # its own deadline: passed and not confirmed, unless all has ended or a newer statement speaks
        (_row(deadline="2025"), None, ("under_way",), False, ("due_unconfirmed", "deadline")),
        (_row(deadline="2026"), None, ("under_way",), False, ("under_way", "programmes")),
        (_row(deadline="2025"), None, ("delivered",), False, ("done", "programmes")),
        (_row(deadline="2025", stated_status="done"), None, (), False, ("done", "stated")),
        (_row(deadline="2025", stated_as_of="2026-06", stated_status="under_way"), None, (), False,
         ("under_way", "stated")),
        # what the city states counts where nothing else tells
        (_row(stated_status="planned"), None, ("delivered",), False, ("done", "programmes")),
        (_row(stated_status="dropped"), None, (), False, ("dropped", "stated")),
        (_row(), None, (), False, ("unclear", "untold")),
    ],
)  # fmt: skip
def test_the_rule_in_its_order(
    row: SimpleNamespace, progress: Progress | None, statuses: tuple[str, ...], is_due: bool, said: tuple[str, str]
) -> None:
    found = standing(row, progress, statuses, is_due, TODAY)
    assert (found.status, found.basis) == said


def test_ivry_today_and_when_dates_have_passed(release: Release) -> None:
    today, later = (
        {name: one.status for name, one in standings(release.tables, day).items()} for day in (TODAY, date(2028, 1, 1))
    )
    assert len(today) == 15
    # the first part of the park was due in May 2025, the third edition in 2025: nothing confirms either
    assert {name for name, status in today.items() if status == "due_unconfirmed"} == {
        "ivry-new-green-hectares", "ivry-climate-envelope"}  # fmt: skip
    moved = {name: (today[name], later[name]) for name in today if today[name] != later[name]}
    assert moved == {
        "ivry-food-waste": ("under_way", "due_unconfirmed"),
        "ivry-t-zen-5": ("planned", "due_unconfirmed"),
    }


def test_a_deadline_is_its_own_or_its_target_s() -> None:
    aims = {"aim": SimpleNamespace(deadline="2050")}
    assert deadline_of(_row(target_id="aim"), aims) == "2050"
    assert deadline_of(_row(target_id="aim", deadline="2030"), aims) == "2030"
    assert deadline_of(_row(target_id=""), aims) == ""
    assert listed("a;b;") == ("a", "b")
