"""What the catalogue says of figures that could give a household or an establishment away, and the limits they keep."""

from collections.abc import Iterator, Mapping
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


class Thresholds(Strict):
    """The least number of units that a published figure has behind it."""

    households: int = Field(ge=2)
    establishments: int = Field(ge=2)


class DisclosureLimits(Strict):
    """The limits of `disclosure.toml`: thresholds by unit, and in percent dominance and protection."""

    thresholds: Thresholds
    largest_share_percent: float = Field(gt=0, le=100)
    protection_percent: float = Field(gt=0, lt=100)

    def threshold(self, unit: ProtectedUnit) -> int:
        """Return the least number of units that a published figure has behind it."""
        return self.thresholds.establishments if unit == "establishments" else self.thresholds.households


def contradictions(rules: Mapping[str, Disclosure]) -> Iterator[tuple[str, str, str, str]]:
    """Yield what is wrong between declarations: the indicator, the key, its value, and the problem in words."""
    for name, rule in rules.items():
        whole = rules.get(rule.part_of)
        if rule.part_of and whole is None:
            yield name, "part_of", rule.part_of, "not an indicator with a table of disclosure"
        elif whole is not None and (whole.unit, whole.is_magnitude) != (rule.unit, rule.is_magnitude):
            yield name, "part_of", rule.part_of, "of another unit, or an amount where this is a number"
        elif whole is not None and _is_inside_itself(name, rules):
            yield name, "part_of", rule.part_of, "a part of itself"
        divisions = {other.division for other in rules.values() if other.part_of == name}
        for division in sorted(set(rule.complete_divisions) - divisions):
            yield name, "complete_divisions", division, "a division that no indicator is a part of"


def _is_inside_itself(name: str, rules: Mapping[str, Disclosure]) -> bool:
    seen, whole = {name}, rules[name].part_of
    while whole in rules and whole not in seen:
        seen.add(whole)
        whole = rules[whole].part_of
    return whole in seen
