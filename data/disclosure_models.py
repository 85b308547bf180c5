"""What the catalogue says of figures that could give a household or an establishment away, and the limits they keep."""

from typing import Literal

from pydantic import Field

from data.fields import Strict

ProtectedUnit = Literal["households", "establishments"]


class Disclosure(Strict):
    """How a figure counted from microdata is protected: the table `[<indicator>.disclosure]`.

    Attributes
    ----------
    unit : who stands behind the figure.
    is_magnitude : whether the figure is an amount (an area, a turnover) and not a number of units. Its observations
        then carry `contributors`, and `largest_share` where it is known.
    part_of : the indicator that counts everything this one counts, and more. Unit and kind must be the same.
    division : by what the whole is divided (by kind, by occupation). Parts of one division have no unit in common;
        indicators that overlap belong to different divisions.
    complete_divisions : of a whole, the divisions whose parts add up to it exactly.
    """

    unit: ProtectedUnit
    is_magnitude: bool = False
    part_of: str = ""
    division: str = "kind"
    complete_divisions: tuple[str, ...] = ()


class DisclosureLimits(Strict):
    """The limits of `disclosure.toml`: thresholds by unit, and in percent dominance and protection."""

    thresholds: dict[ProtectedUnit, int]
    largest_share_percent: float = Field(gt=0, le=100)
    protection_percent: float = Field(gt=0, lt=100)

    def threshold(self, unit: ProtectedUnit) -> int:
        """Return the least number of units that a published figure has behind it."""
        return self.thresholds[unit]
