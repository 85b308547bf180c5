"""Small worlds of operations, and what a reader may suppose of them, for tests of properties."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from data.hypotheses import Hypotheses, OperationHypothesis
from data.rules.consequences import INHABITED, inhabitants_added
from data.rules.operations import COUNTED, Foundation, lay_foundation
from data.rules.propagation import announced, bounds_by_area, delivered_by
from data.rules.supposing import earliest_window_year, share_is_open, suppose

# The same cases every time, however slow the machine; few of them, of several operations each.
steady = settings(
    derandomize=True, deadline=None, database=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow]
)
# For what takes no frames.
thorough = settings(steady, max_examples=200)
YEARS = np.arange(2025, 2051)
QUANTITIES = (
    ("dwellings",),
    ("dwellings", "specific_dwellings"),
    ("dwellings", "green_area_m2"),
    ("green_area_m2",),
)
FRAMES = {
    "programmes": ["programme_id", "district", "status", "dwellings_social_share"],
    "quantities": ["programme_id", "quantity", "reading", "value", "delivered", "delivered_as_of", "as_of"],
    "phases": ["programme_id", "phase", "bound", "date", "state", "as_of"],
    "readings": ["reading_id", "choice", "programme_id", "quantity", "value", "part_of"],
}


@dataclass(frozen=True)
class Told:
    """What sources tell of one operation."""

    programme_id: str
    district: str
    status: str
    social_share: float | None
    numbers: tuple[tuple[str, float], ...]
    delivered_share: float | None
    works_year: int | None
    completed_year: int | None

    def without(self, name: str) -> "Told":
        """Return the same with one thing not told."""
        return replace(self, **{name: None})


@dataclass(frozen=True)
class World:
    """Operations and the readings of their texts: a part of the first may be the second, the last has two numbers."""

    told: tuple[Told, ...]
    second_is_part_of_first: bool
    other_number_of_last: float | None

    @property
    def foundation(self) -> Foundation:
        """Lay the foundation of these operations."""
        frames = self._frames()
        return lay_foundation(*(pd.DataFrame(frames[name], columns=columns) for name, columns in FRAMES.items()))

    def _frames(self) -> dict[str, list[dict[str, object]]]:
        found: dict[str, list[dict[str, object]]] = {name: [] for name in FRAMES}
        for one in self.told:
            found["programmes"].append(
                {"programme_id": one.programme_id, "district": one.district, "status": one.status,
                 "dwellings_social_share": np.nan if one.social_share is None else one.social_share}
            )  # fmt: skip
            for name, value in one.numbers:
                found["quantities"].append(_number(one, name, value, ""))
            for phase, year in (("works", one.works_year), ("opening", one.completed_year)):
                if year is not None:
                    found["phases"].append({"programme_id": one.programme_id, "phase": phase, "bound": "start",
                                            "date": str(year), "state": "planned", "as_of": "2025"})  # fmt: skip
        if self.second_is_part_of_first:
            first, second = self.told[:2]
            for choice, holder in (("inside", first.programme_id), ("outside", "")):
                value = dict(second.numbers)["dwellings"]
                found["readings"].append(_reading("held", choice, second.programme_id, value, holder))
        if self.other_number_of_last is not None:
            last = self.told[-1]
            found["quantities"].append(_number(last, "dwellings", self.other_number_of_last, "each"))
            for choice, value in (("each", self.other_number_of_last), ("in_all", dict(last.numbers)["dwellings"])):
                found["readings"].append(_reading("count", choice, last.programme_id, value, ""))
        return found


def _number(one: Told, name: str, value: float, reading: str) -> dict[str, object]:
    delivered = np.nan if one.delivered_share is None else value * one.delivered_share
    return {"programme_id": one.programme_id, "quantity": name, "reading": reading, "value": value,
            "delivered": delivered, "delivered_as_of": "" if one.delivered_share is None else "2025",
            "as_of": "2025"}  # fmt: skip


def _reading(reading_id: str, choice: str, programme_id: str, value: float, part_of: str) -> dict[str, object]:
    return {"reading_id": reading_id, "choice": choice, "programme_id": programme_id, "quantity": "dwellings",
            "value": value, "part_of": part_of}  # fmt: skip


def _maybe(found: st.SearchStrategy) -> st.SearchStrategy:
    return st.none() | found


@st.composite
def _told(draw: st.DrawFn, place: int) -> Told:
    status = draw(st.sampled_from(COUNTED))
    return Told(
        programme_id=f"operation-{place}",
        district=draw(st.sampled_from(("port", "centre", ""))),
        status=status,
        social_share=draw(_maybe(st.sampled_from((0.0, 0.3, 1.0)))),
        numbers=tuple((name, float(draw(st.integers(1, 6000)))) for name in draw(st.sampled_from(QUANTITIES))),
        # What is only planned has delivered nothing; what is delivered has delivered all.
        delivered_share={"planned": None, "delivered": 1.0}.get(status, draw(_maybe(st.sampled_from((0.0, 0.4, 1.0))))),
        works_year=draw(_maybe(st.integers(2025, 2032))),
        completed_year=draw(_maybe(st.integers(2032, 2036))),
    )


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Draw two to six operations and how their texts can be read."""
    told = tuple(draw(_told(place)) for place in range(draw(st.integers(2, 6))))
    held = all("dwellings" in dict(one.numbers) for one in told[:2]) and draw(st.booleans())
    last = "dwellings" in dict(told[-1].numbers) and told[-1].delivered_share is None
    two_numbers = last and not (held and len(told) == 2) and draw(st.booleans())
    return World(told, held, float(draw(st.integers(1, 900))) if two_numbers else None)


@st.composite
def _operation(draw: st.DrawFn, foundation: Foundation, name: str) -> OperationHypothesis:
    """Draw what can be supposed of an operation."""
    values: dict[str, object] = {"programme_id": name, "delay_years": draw(st.integers(0, 5))}
    if draw(st.booleans()):
        first = earliest_window_year(foundation, name) + draw(st.integers(0, 8))
        values |= {"first_year": first, "last_year": first + draw(st.integers(0, 9))}
    if share_is_open(foundation, name) and draw(st.booleans()):
        values["delivered_percent"] = float(draw(st.integers(0, 100)))
    return OperationHypothesis.model_validate(values)


@st.composite
def suppositions(draw: st.DrawFn, foundation: Foundation) -> Hypotheses:
    """Draw hypotheses that contradict no source of a foundation."""
    happened = foundation.rows["happened"].to_numpy()
    wanted = [name for name, places in foundation.places.items() if not happened[places].all()]
    readings = {name: draw(st.sampled_from(("", *sorted(some)))) for name, some in sorted(foundation.readings.items())}
    sizes = {name: draw(_maybe(st.sampled_from((1.0, 2.2, 3.0)))) for name in INHABITED}
    return Hypotheses(
        operations=tuple(draw(_operation(foundation, name)) for name in wanted),
        delay_years=draw(st.integers(0, 4)),
        only_under_way=draw(st.booleans()),
        readings=tuple((name, choice) for name, choice in readings.items() if choice),
        household_sizes=tuple((name, size) for name, size in sizes.items() if size is not None),
    )


def knowing_less(known: Hypotheses) -> Iterator[Hypotheses]:
    """Yield hypotheses with each single piece of knowledge taken away (a delay is no knowledge, but what is asked)."""
    for one in known.operations:
        yield known.suppose(one.model_copy(update={"first_year": None, "last_year": None}))
        yield known.suppose(one.model_copy(update={"delivered_percent": None}))
    for name, _ in known.readings:
        yield known.read_as(name, "")
    for name, _ in known.household_sizes:
        yield known.with_household_size(name, None)


def nothing_but_what_is_asked(known: Hypotheses) -> Hypotheses:
    """Return hypotheses with all knowledge taken away: only delays, and whether the planned comes at all, remain."""
    delays = [OperationHypothesis(programme_id=one.programme_id, delay_years=one.delay_years)
              for one in known.operations]  # fmt: skip
    return known.model_copy(update={"operations": tuple(delays), "readings": (), "household_sizes": ()})


def bands(foundation: Foundation, hypotheses: Hypotheses) -> pd.DataFrame:
    """Return `low` and `high` of every area, quantity (inhabitants and what is announced too) and year."""
    operations = suppose(foundation, hypotheses)
    delivered = bounds_by_area(delivered_by(operations, YEARS), operations)
    people = inhabitants_added(operations, YEARS, hypotheses)
    found = [(area, name, YEARS, each) for (area, name), each in delivered.items()]
    found += [(area, "inhabitants", YEARS, each) for area, each in people.items()]
    found += [(area, f"{name}, announced", [0], each) for (area, name), each in announced(operations).items()]
    rows = [
        (area, name, int(year), low, high)
        for area, name, years, each in found
        for year, low, high in zip(years, each.low, each.high, strict=True)
    ]
    frame = pd.DataFrame(rows, columns=["district", "quantity", "year", "low", "high"])
    return frame.set_index(["district", "quantity", "year"])


def band(foundation: Foundation, hypotheses: Hypotheses, where: tuple[str, str, int]) -> tuple[float, float]:
    """Return the bounds of one district, quantity and year."""
    low, high = bands(foundation, hypotheses).loc[where]
    return float(low), float(high)


def foundation_of(tables: Mapping[str, pd.DataFrame]) -> Foundation:
    """Lay the foundation of the operations of Ivry that tables hold."""
    programmes = tables["programmes"]
    mine = programmes[programmes["commune"] == "94041"]
    return lay_foundation(mine, *(tables[name] for name in ("quantities", "phases", "readings")))


def over(programme_id: str, first_year: int, last_year: int, **values: object) -> OperationHypothesis:
    """Suppose that an operation is delivered from one year to another."""
    return OperationHypothesis.model_validate(
        {"programme_id": programme_id, "first_year": first_year, "last_year": last_year, **values}
    )
