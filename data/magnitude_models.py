"""How much a figure may change from one release to the next before somebody is asked why."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from data.fields import Strict

DEFAULT = "default"
Factor = Annotated[float, Field(ge=1)]
Change = Annotated[float, Field(ge=0)]


class Magnitude(Strict):
    """What is said of a unit or an indicator; what is left out is as for its unit, and then as for all.

    A change is implausible where new ÷ old or old ÷ new is at least the factor *and* the difference exceeds the change
    (in the unit of the indicator): `revised_…` for the same period, `period_…` for a new period beside the one before.
    `zero_from`: the smallest value whose fall to zero is implausible.
    """

    revised_factor: Factor | None = None
    revised_change: Change | None = None
    period_factor: Factor | None = None
    period_change: Change | None = None
    zero_from: Change | None = None


@dataclass(frozen=True)
class Limits:
    """The limits of one indicator: see `Magnitude`."""

    revised_factor: float
    revised_change: float
    period_factor: float
    period_change: float
    zero_from: float


def unstated(stated: Mapping[str, Magnitude]) -> list[str]:
    """Return what the entry for all leaves out."""
    default = stated.get(DEFAULT, Magnitude())
    return sorted(set(Magnitude.model_fields) - set(default.model_dump(exclude_none=True)))


def limits_of(stated: Mapping[str, Magnitude], unit: str, own: Magnitude | None) -> Limits:
    """Return the limits of an indicator: its own before those of its unit before those for all."""
    found: dict[str, float] = {}
    for entry in (stated[DEFAULT], stated.get(unit), own):
        found |= entry.model_dump(exclude_none=True) if entry else {}
    return Limits(**found)
