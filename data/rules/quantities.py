"""The free quantities of a programme: `school_classes=25;farm_ha>2` and what they mean."""

import re
from dataclasses import dataclass

_QUANTITY = re.compile(r"(?P<name>[a-z0-9_]+)(?P<sign>[=>])(?P<value>[^;]+)")


@dataclass(frozen=True)
class Quantity:
    """One quantity of a programme, as its text gives it."""

    name: str
    more_than: bool
    value: str


def parse_quantities(text: str) -> list[Quantity]:
    """Split the quantities of a programme.

    Raises
    ------
    ValueError
        A part is not `name=value` or `name>value`.
    """
    quantities = []
    for part in filter(None, text.split(";")):
        match = _QUANTITY.fullmatch(part)
        if match is None:
            raise ValueError(f"{part!r} is not name=value or name>value")
        quantities.append(Quantity(match["name"], match["sign"] == ">", match["value"]))
    return quantities
