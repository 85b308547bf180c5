"""Two quantities side by side: their difference, whether it is one, and the reasons the figures themselves give."""

import math
from dataclasses import dataclass

from data.rules.dates import is_datable

# Half a unit either way is what rounding to whole numbers can move each of them.
HALF_UNIT = 0.5
_EPSILON = 1e-6


@dataclass(frozen=True)
class Side:
    """One of the quantities compared, in the unit of the total; `value` is None where no source gives it.

    `name` is the programme a quantity is of, if any; `numbers` how many published numbers it adds up (1 unless it is a
    sum of IRIS).
    """

    value: float | None
    indicator: str
    ref_area: str
    time_period: str = ""
    time_basis: str = "stated"
    as_of: str = ""
    value_max: float | None = None
    qualifier: str = "exact"
    nature: str = "observed"
    obs_status: str = "A"
    source: str = ""
    source_detail: str = ""
    dataset: str = ""
    name: str = ""
    numbers: int = 1
    note_fr: str = ""
    note_en: str = ""

    @property
    def bounds(self) -> tuple[float, float]:
        """Return the least and the most the quantity may be, as its source puts it."""
        if self.value is None or math.isnan(self.value):
            return -math.inf, math.inf
        high = self.value if self.value_max is None else self.value_max
        if self.qualifier in {"more_than", "at_least"}:
            return self.value, math.inf
        return (-math.inf if self.qualifier == "less_than" else self.value), high


@dataclass(frozen=True)
class Comparison:
    """A quantity (`total`) and what it is held against: one other figure (`kind` sources), or the parts of a sum.

    `name` is the indicator that two sources give, else the entry of the catalogue. `whole` is false where the parts
    make up only some of the total; `after_break` where a part is taken after a break in its series.
    """

    kind: str
    name: str
    total: Side
    parts: tuple[Side, ...]
    whole: bool = True
    rounded: tuple[str, ...] = ()
    after_break: bool = False

    @property
    def _nature(self) -> str:
        """Return the nature that is added up: that of the total where a part has it; natures never mix."""
        natures = {part.nature for part in self.parts if part.value is not None}
        return self.total.nature if self.total.nature in natures or not natures else min(natures)

    @property
    def counted(self) -> tuple[Side, ...]:
        """Return the parts that have a value and may be added up."""
        return tuple(part for part in self.parts if part.value is not None and part.nature == self._nature)

    @property
    def sum(self) -> float | None:
        """Return what the counted parts add up to, or None where no part has a value."""
        values = [part.value for part in self.counted if part.value is not None]
        return math.fsum(values) if values else None

    @property
    def is_complete(self) -> bool:
        """Whether every part has a value of the total's nature."""
        return len(self.counted) == len(self.parts) and self._nature == self.total.nature

    @property
    def difference(self) -> float | None:
        """Return the sum less the total, or None while the sum is incomplete."""
        if self.sum is None or self.total.value is None or not self.is_complete:
            return None
        difference = self.sum - self.total.value
        return 0.0 if abs(difference) < _EPSILON else difference

    @property
    def difference_percent(self) -> float | None:
        """Return the difference in per cent of the total."""
        if self.difference is None or not self.total.value:
            return None
        return 100 * self.difference / self.total.value

    @property
    def rounding(self) -> float:
        """Return the largest difference that rounding to whole numbers can make, in the unit of the total."""
        sides = (self.total, *self.counted)
        return HALF_UNIT * sum(side.numbers for side in sides if side.dataset in self.rounded)

    @property
    def state(self) -> str:
        """Return `equal`, `rounding`, `compatible`, `rest`, `different` or `incomplete`.

        `compatible`: the bounds that both give overlap (« more than 10 » and 12). `rest`: parts that make up only some
        of the total leave a rest.
        """
        if self.difference is None:
            return "incomplete"
        if self.difference == 0:
            return "equal"
        if abs(self.difference) <= self.rounding:
            return "rounding"
        low, high = (math.fsum(part.bounds[end] for part in self.counted) for end in (0, 1))
        if low <= self.total.bounds[1] and high >= self.total.bounds[0]:
            return "compatible"
        return "rest" if not self.whole and self.difference < 0 else "different"

    @property
    def agrees(self) -> bool:
        """Whether the two are the same as far as their sources can tell."""
        return self.state in {"equal", "rounding", "compatible"}

    @property
    def reasons(self) -> tuple[str, ...]:
        """Return the reasons for a difference that the figures themselves give."""
        if self.state == "equal":
            return ()
        known = [side for side in (self.total, *self.parts) if side.value is not None]
        # The numbers of places have no period of their own; what all sides share explains no difference.
        dated = [] if self.kind == "places" else known
        undated = {not is_datable(side.time_basis) for side in dated}
        found = {
            "rounding": self.state == "rounding",
            "unknown_parts": any(part.value is None for part in self.parts),
            "planned_parts": any(side.nature != self.total.nature for side in known),
            "dates": len({side.time_period for side in dated if is_datable(side.time_basis)}) > 1,
            "undated": len(undated) > 1,
            "break": any(side.obs_status == "B" for side in known),
            "estimated": len({side.obs_status == "E" for side in dated}) > 1,
            "qualifier": any(side.qualifier != "exact" or side.value_max is not None for side in known),
        }
        return tuple(name for name, holds in found.items() if holds)
