"""The model of a comparison: what is held against what, why figures differ, which one pages use."""

from collections.abc import Iterator, Mapping
from typing import Literal, Self

from pydantic import Field, model_validator

from data.fields import Strict
from data.models import Indicator, Quantity, Source, Text

# What an entry needs, and may have, beyond reasons, what pages use, and whether it comes first.
_NEEDED = {
    "sources": {"indicator"},
    "parts": {"label", "indicator", "dataset", "parts"},
    "places": {"label", "indicator", "dataset", "quantity", "factor"},
    "areas": {"label", "level"},
    "readings": {"quantity"},
}
_COMMON = {"compares", "reasons", "used", "first", "rounded"}


class Reconciliation(Strict):
    """What is known of a comparison.

    `sources`: an indicator that several data sets give. `parts`: a total (`indicator`, `dataset`) and the indicators
    that make it up, with their data sets; where `whole` is false they make up only some of it. `places`: a total and
    the programmes named by its own lines, whose `quantity` times `factor` is in the total's unit. `areas`: a commune
    and all its areas of a `level`. `readings`: a quantity of programmes whose text can be read in several ways.

    `rounded` names the data sets whose numbers are rounded to whole numbers; `used` says which figure pages show.
    """

    compares: Literal["sources", "parts", "places", "areas", "readings"]
    label: Text | None = None
    indicator: str = ""
    dataset: str = ""
    parts: dict[str, str] = Field(default_factory=dict)
    whole: bool = True
    quantity: str = ""
    factor: float = Field(default=1.0, gt=0)
    level: Literal["district", "iris"] | None = None
    rounded: tuple[str, ...] = ()
    first: bool = False
    reasons: tuple[Text, ...] = ()
    used: Text

    @model_validator(mode="after")
    def _check_keys(self) -> Self:
        """Refuse an entry that lacks what its comparison needs, or has what only another one uses."""
        needed = _NEEDED[self.compares]
        allowed = needed | _COMMON | ({"whole"} if self.compares == "parts" else set())
        absent, strange = sorted(needed - self.model_fields_set), sorted(self.model_fields_set - allowed)
        if absent or strange:
            raise ValueError(f"compares {self.compares}: missing {absent}, not of this kind {strange}")
        return self


def unknown_names(
    entry: Reconciliation,
    indicators: Mapping[str, Indicator],
    sources: Mapping[str, Source],
    quantities: Mapping[str, Quantity],
) -> Iterator[tuple[str, str, str]]:
    """Yield column, value and problem of every name of an entry that the catalogue does not know."""
    for indicator in filter(None, (entry.indicator, *entry.parts)):
        column = "indicator" if indicator == entry.indicator else f"parts.{indicator}"
        if indicator not in indicators:
            yield column, indicator, "unknown indicator"
        elif entry.indicator in indicators and indicators[indicator].unit != indicators[entry.indicator].unit:
            yield column, indicator, "not in the unit of the total"
    named = [("dataset", entry.dataset), *((f"parts.{name}", dataset) for name, dataset in entry.parts.items())]
    for column, dataset in [*named, *(("rounded", dataset) for dataset in entry.rounded)]:
        if dataset and dataset not in sources:
            yield column, dataset, "unknown data set"
    if entry.quantity and entry.quantity not in quantities:
        yield "quantity", entry.quantity, "unknown quantity"
    elif entry.compares == "places" and not (
        quantities[entry.quantity].total and quantities[entry.quantity].delivered and quantities[entry.quantity].kinds
    ):
        yield "quantity", entry.quantity, "no programme column holds this quantity"
