"""Models of what may be set side by side: what figures can be divided by, and what must never be compared."""

from collections.abc import Collection, Iterator, Mapping
from typing import Literal

from pydantic import Field

from data.fields import Strict
from data.models import Text


class Denominator(Strict):
    """What figures are divided by: an indicator of the same area, of the same period or of the newest.

    `datasets` are tried in their order, so that all areas of a level have the same one. `factor` is of what the
    quotient is: 1000 for a thousand inhabitants.
    """

    label: Text
    indicator: str
    datasets: tuple[str, ...] = Field(min_length=1)
    period: Literal["same", "latest"]
    factor: float = Field(gt=0)


class Incomparable(Strict):
    """Groups of indicators that look alike and measure different things: one of two groups never stands beside another.

    `page` is where the honest alternative stands, which `instead` describes.
    """

    groups: dict[str, tuple[str, ...]] = Field(min_length=2)
    reason: Text
    instead: Text
    page: str


def unknown_in_denominators(
    denominators: Mapping[str, Denominator], indicators: Collection[str], sources: Collection[str]
) -> Iterator[tuple[str, str, str]]:
    """Yield denominator, key and value of what the catalogue does not know."""
    for name, entry in denominators.items():
        if entry.indicator not in indicators:
            yield name, "indicator", entry.indicator
        yield from ((name, "datasets", dataset) for dataset in entry.datasets if dataset not in sources)


def unknown_in_groups(
    incomparable: Mapping[str, Incomparable], indicators: Collection[str]
) -> Iterator[tuple[str, str, str]]:
    """Yield entry, key and value of what the catalogue does not know."""
    for name, entry in incomparable.items():
        for group, members in entry.groups.items():
            yield from ((name, f"groups.{group}", one) for one in members if one not in indicators)
