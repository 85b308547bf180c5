"""Disclosure control: which figures of microdata must not be told, so that nobody behind them is given away.

Primary: a figure that fewer units stand behind than the threshold, or of which one unit holds more than the limit, is
suppressed. Zero is a value and stays. Secondary: more are suppressed, the smallest first, until a reader who knows all
that is told and how it adds up (`possible_tables`) cannot work out any suppressed figure too closely (`is_wide`).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from data.disclosure_models import Disclosure, DisclosureLimits
from data.rules.possible_tables import Group, Told, Variable, groups


@dataclass(frozen=True)
class Cell:
    """A figure of an area and indicator, and who stands behind it (missing: not known)."""

    value: float | None
    contributors: float | None = None
    largest_share: float | None = None
    is_withheld: bool = False


@dataclass(frozen=True)
class Protection:
    """How figures are protected: the declaration of each indicator, and the limits of all."""

    rules: Mapping[str, Disclosure]
    limits: DisclosureLimits

    def threshold(self, indicator: str) -> int:
        """Return the least number of units behind a figure of an indicator that is told."""
        return self.limits.threshold(self.rules[indicator].unit)

    def is_count(self, indicator: str) -> bool:
        """Return whether an indicator counts units."""
        return not self.rules[indicator].is_magnitude


def is_primary(cell: Cell, indicator: str, protection: Protection) -> bool:
    """Return whether a figure is suppressed for what it says by itself.

    An amount whose contributors are not known is suppressed.
    """
    if cell.value is None:
        return cell.is_withheld
    behind = cell.contributors
    if behind is None:
        behind = cell.value if protection.is_count(indicator) else 0.0 if cell.value == 0 else 1.0
    is_dominated = cell.largest_share is not None and cell.largest_share * 100 > protection.limits.largest_share_percent
    is_told_zero = cell.value == 0 and (behind == 0 or protection.is_count(indicator))
    return not is_told_zero and (behind < protection.threshold(indicator) or (is_dominated and cell.value != 0))


@dataclass(frozen=True)
class Bounds:
    """What a reader can work out of a variable: its least and greatest value, and the least that zeros alone leave."""

    low: float
    high: float
    floor: float = 0.0


def is_wide(bounds: Bounds, indicator: str, protection: Protection) -> bool:
    """Return whether a suppressed figure stays unknown enough, as far as a reader can tell.

    A count: at least as many values are possible as there are counts under the threshold; and unless all of them reach
    the threshold, they start from the least value that the zeros that are told leave (1 for a cell, the number of parts
    that are not zero for a total). For a cell that is: every count under the threshold is possible. An amount: the
    greatest value is above the least by the protection, up and down.
    """
    low, high = bounds.low, bounds.high
    if protection.is_count(indicator):
        threshold = protection.threshold(indicator)
        return high - low >= max(threshold - 2, 1) and (low >= threshold or low <= bounds.floor)
    margin = protection.limits.protection_percent / 100
    return high > low and high * (1 - margin) >= low * (1 + margin)


def is_remainder_safe(bounds: Bounds, indicator: str, protection: Protection) -> bool:
    """Return whether the remainder of a count is zero, large enough, or unknown enough; those of amounts are."""
    threshold = protection.threshold(indicator)
    is_unknown = bounds.low <= bounds.floor and bounds.high >= max(bounds.floor, 1) + max(threshold - 2, 0)
    return not protection.is_count(indicator) or bounds.high <= 0 or bounds.low >= threshold or is_unknown


def with_zeros_alone(told: Told) -> Told:
    """Return what a reader would be told if nothing but the zeros were."""
    values = {cell: 0.0 if value == 0 else None for cell, value in told.values.items()}
    hidden = {cell for cell, value in told.values.items() if value} | told.suppressed
    return Told(values, told.relations, frozenset(hidden), told.counts)


class Floors:
    """The least value of each unknown when nothing but the zeros is told."""

    def __init__(self, told: Told) -> None:
        bare = with_zeros_alone(told)
        self._groups: dict[bool, dict[Variable, Group]] = {
            is_bold: {variable: group for group in groups(bare, is_bold=is_bold) for variable in group.variables}
            for is_bold in (False, True)
        }

    def of(self, variable: Variable, *, is_bold: bool) -> float:
        """Return the least value; where a bold reader's suppositions cannot be, that of a careful one."""
        group = self._groups[is_bold][variable]
        found = group.extreme(variable, -1)
        if found is None:
            return self.of(variable, is_bold=False) if is_bold else 0.0
        return float(found[group.variables.index(variable)])

    def beside(self, variable: Variable, interval: tuple[float, float], *, is_bold: bool) -> Bounds:
        """Return bounds with the least value, which is sought only where the interval does not show it."""
        low, high = interval
        least = 0.0 if isinstance(variable, int) else 1.0
        return Bounds(low, high, least if low <= least else self.of(variable, is_bold=is_bold))
