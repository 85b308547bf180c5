"""The model of a correction: what a source gives, what holds instead, why, since when, and what proves it."""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from data.errors import Fault
from data.fields import SourceName, Strict, TimePeriod
from data.models import Indicator, Nature, Text

MISSING, NO_ROW = "missing", "no row"
# Numbers only: `true` is none, and `"12"` is a text.
Number = Annotated[float, Field(strict=True)]
# Area, indicator, period, nature, reading, edition: the key of an observation.
Key = tuple[str, str, str, str, str, str]


def _only_days(value: object) -> object:
    if not isinstance(value, str | date):
        raise ValueError("not a day such as 2026-11-23")
    return value


class Correction(Strict):
    """A figure of a source that is known to be wrong.

    `source_gives` is the figure as the source gives it (`missing` where it gives none), so that a correction which the
    source has caught up with is noticed; `corrected` what holds instead: a number, `missing` where the right one is not
    known, `no row` where there should be no such figure. `proof` names the document or service that shows it.
    """

    edition: SourceName
    area: str = Field(min_length=1)
    indicator: str = Field(min_length=1)
    period: TimePeriod
    nature: Nature = "observed"
    reading: str = ""
    source_gives: Number | Literal["missing"]
    corrected: Number | Literal["missing", "no row"]
    reason: Text
    proof: Text
    decided_by: str = Field(min_length=1)
    date: Annotated[date, BeforeValidator(_only_days)]

    @property
    def key(self) -> Key:
        """Return the key of the observation it is about."""
        return self.area, self.indicator, self.period, self.nature, self.reading, self.edition


@dataclass(frozen=True)
class Declared:
    """A correction and where it stands: the file, and the line of each of its entries."""

    name: str
    row: Correction
    file: str
    lines: Mapping[str, int]

    def fault(self, column: str, problem: str, remedy: str) -> Fault:
        """Return a fault of one of its entries."""
        value = str(getattr(self.row, column))
        return Fault(self.file, self.lines.get(column, 1), f"{self.name}.{column}", value, problem, remedy)


def same(one: float, other: float) -> bool:
    """Tell whether two figures are the same number, whatever binary fractions make of their decimals."""
    return math.isclose(one, other, rel_tol=1e-9)


def declared_faults(declared: Iterable[Declared], indicators: Mapping[str, Indicator]) -> Iterator[Fault]:
    """Yield what is wrong with corrections on their face: unknown indicators, impossible values, two of one figure."""
    seen: dict[Key, str] = {}
    for one in declared:
        row = one.row
        first = seen.setdefault(row.key, one.name)
        if first != one.name:
            yield one.fault("edition", f"corrects the same figure as {first}", "Keep one of the two")
        if row.indicator not in indicators:
            yield one.fault("indicator", "unknown indicator", "Add it or correct the name")
            continue
        if indicators[row.indicator].formula is not None:
            yield one.fault("indicator", "computed by a formula", "Correct what it is made of")
        low, high = indicators[row.indicator].valid_range
        if isinstance(row.corrected, float) and not low <= row.corrected <= high:
            problem = f"outside the valid range {low:g} to {high:g} of {row.indicator}"
            yield one.fault("corrected", problem, "Check the value")
        if row.corrected == row.source_gives:
            yield one.fault("corrected", "the same as the source gives: it corrects nothing", "Remove the correction")
