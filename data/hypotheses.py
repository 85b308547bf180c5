"""What a reader supposes of programmes: never part of a release, kept in an address or in a file of their own."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any

from pydantic import Field, ValidationError

from data.errors import ObservatoryError
from data.models import Slug, Strict

FILE_KIND = "observatory-hypotheses"
FILE_VERSION = 1
LONGEST_TEXT = 4000
LONGEST_DELAY_YEARS = 30
HouseholdSize = Annotated[float, Field(gt=0, le=20)]
_CLAUSE = re.compile(r"[A-Za-z0-9_.-]+")


@dataclass(frozen=True)
class HypothesisFault:
    """One thing wrong with hypotheses: a code the interface has words for, where, and the value."""

    code: str
    place: str
    value: str

    def __str__(self) -> str:
        """Return the fault as one line."""
        return f"{self.place}: {self.code.replace('_', ' ')} ({self.value})"


class HypothesisError(ObservatoryError):
    """Raised when hypotheses cannot be read or contradict the sources or each other: every fault is listed."""

    def __init__(self, faults: list[HypothesisFault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(str(fault) for fault in faults))


class OperationHypothesis(Strict):
    """What is supposed of one operation: the years of delivery, the part delivered already, a delay."""

    programme_id: Slug
    first_year: int | None = Field(default=None, ge=2000, le=2100)
    last_year: int | None = Field(default=None, ge=2000, le=2100)
    delivered_percent: float | None = Field(default=None, ge=0, le=100)
    delay_years: int = Field(default=0, ge=0, le=LONGEST_DELAY_YEARS)

    @property
    def says_nothing(self) -> bool:
        """Whether nothing is supposed."""
        return self.first_year is None and self.delivered_percent is None and self.delay_years == 0


class Hypotheses(Strict):
    """Everything a reader supposes; the default supposes nothing."""

    operations: tuple[OperationHypothesis, ...] = ()
    delay_years: int = Field(default=0, ge=0, le=LONGEST_DELAY_YEARS)
    only_under_way: bool = False
    readings: tuple[tuple[str, str], ...] = ()
    household_sizes: tuple[tuple[str, HouseholdSize], ...] = ()

    def of(self, programme_id: str) -> OperationHypothesis:
        """Return what is supposed of an operation."""
        mine = (one for one in self.operations if one.programme_id == programme_id)
        return next(mine, OperationHypothesis(programme_id=programme_id))

    def reading(self, reading_id: str) -> str:
        """Return the reading chosen, or nothing."""
        return dict(self.readings).get(reading_id, "")

    def household_size(self, quantity: str) -> float | None:
        """Return the inhabitants supposed per dwelling of a kind, or None."""
        return dict(self.household_sizes).get(quantity)

    def suppose(self, operation: OperationHypothesis) -> "Hypotheses":
        """Return these hypotheses with those of one operation replaced."""
        others = [one for one in self.operations if one.programme_id != operation.programme_id]
        kept = others if operation.says_nothing else [*others, operation]
        return self.model_copy(update={"operations": tuple(sorted(kept, key=lambda one: one.programme_id))})

    def read_as(self, reading_id: str, choice: str) -> "Hypotheses":
        """Return these hypotheses with a reading chosen, or left open where the choice is empty."""
        chosen = {key: value for key, value in self.readings if key != reading_id}
        if choice:
            chosen[reading_id] = choice
        return self.model_copy(update={"readings": tuple(sorted(chosen.items()))})

    def with_household_size(self, quantity: str, size: float | None) -> "Hypotheses":
        """Return these hypotheses with a household size set, or left open."""
        sizes = {key: value for key, value in self.household_sizes if key != quantity}
        if size is not None:
            sizes[quantity] = size
        return self.model_copy(update={"household_sizes": tuple(sorted(sizes.items()))})


NOTHING_SUPPOSED = Hypotheses()


def _number(value: float) -> str:
    """Return a number with every digit it has, however small."""
    return f"{Decimal(str(value)):f}".removesuffix(".0").replace(".", "_")


def to_text(hypotheses: Hypotheses) -> str:
    """Return hypotheses as they stand in an address: only letters, digits and `-._~`; nothing where nothing is."""
    clauses = []
    if hypotheses.delay_years:
        clauses.append(f"delay.{hypotheses.delay_years}")
    if hypotheses.only_under_way:
        clauses.append("only.under-way")
    clauses += [f"reading.{reading}.{choice}" for reading, choice in hypotheses.readings]
    clauses += [f"household.{quantity}.{_number(size)}" for quantity, size in hypotheses.household_sizes]
    for one in hypotheses.operations:
        parts = [one.programme_id]
        if one.first_year is not None:
            parts.append(f"{one.first_year}-{one.last_year}")
        if one.delivered_percent is not None:
            parts.append(f"p{_number(one.delivered_percent)}")
        if one.delay_years:
            parts.append(f"d{one.delay_years}")
        clauses.append("operation." + ".".join(parts))
    return "~".join(clauses)


def _operation_values(parts: list[str]) -> dict[str, Any]:
    values: dict[str, Any] = {"programme_id": parts[0]}
    for part in parts[1:]:
        read: dict[str, Any] = {}
        if match := re.fullmatch(r"(\d{4})-(\d{4})", part):
            read = {"first_year": int(match[1]), "last_year": int(match[2])}
        elif match := re.fullmatch(r"p(\d+(?:_\d+)?)", part):
            read = {"delivered_percent": float(match[1].replace("_", "."))}
        elif match := re.fullmatch(r"d(\d{1,3})", part):
            read = {"delay_years": int(match[1])}
        if not read or read.keys() & values.keys():
            raise ValueError(part)
        values |= read
    return values


def _read_clause(clause: str, values: dict[str, Any]) -> None:
    head, *parts = clause.split(".")
    if not _CLAUSE.fullmatch(clause):
        raise ValueError(clause)
    if head == "delay" and len(parts) == 1 and "delay_years" not in values:
        values["delay_years"] = int(parts[0])
    elif head == "only" and parts == ["under-way"]:
        values["only_under_way"] = True
    elif head == "reading" and len(parts) == 2:
        values["readings"].append((parts[0], parts[1]))
    elif head == "household" and len(parts) == 2:
        values["household_sizes"].append((parts[0], float(parts[1].replace("_", "."))))
    elif head == "operation" and len(parts) > 1:
        values["operations"].append(_operation_values(parts))
    else:
        raise ValueError(clause)


def from_text(text: str) -> Hypotheses:
    """Read hypotheses from an address.

    Raises
    ------
    HypothesisError
        Names every clause that cannot be read.
    """
    if len(text) > LONGEST_TEXT:
        raise HypothesisError([HypothesisFault("too_long", "address", str(len(text)))])
    values: dict[str, Any] = {"operations": [], "readings": [], "household_sizes": []}
    faults = []
    for clause in filter(None, text.split("~")):
        try:
            _read_clause(clause, values)
        except ValueError:
            faults.append(HypothesisFault("unreadable", "address", clause[:80]))
    if faults:
        raise HypothesisError(faults)
    return _checked(values)


def _checked(values: dict[str, Any]) -> Hypotheses:
    try:
        read = Hypotheses.model_validate(values)
    except ValidationError as error:
        raise HypothesisError(list(_model_faults(error))) from None
    faults = list(overlaps(read))
    if faults:
        raise HypothesisError(faults)
    return read.model_copy(
        update={
            "operations": tuple(
                sorted((one for one in read.operations if not one.says_nothing), key=lambda one: one.programme_id)
            ),
            "readings": tuple(sorted(read.readings)),
            "household_sizes": tuple(sorted(read.household_sizes)),
        }
    )


def _model_faults(error: ValidationError) -> Iterator[HypothesisFault]:
    for detail in error.errors():
        place = ".".join(str(part) for part in detail["loc"])
        yield HypothesisFault("impossible_value", place, str(detail["input"])[:80])


def overlaps(hypotheses: Hypotheses) -> Iterator[HypothesisFault]:
    """Yield what is supposed twice, and windows that end before they begin or have only one end."""
    seen: set[str] = set()
    for one in hypotheses.operations:
        if one.programme_id in seen:
            yield HypothesisFault("supposed_twice", one.programme_id, one.programme_id)
        seen.add(one.programme_id)
        if (one.first_year is None) != (one.last_year is None):
            window = f"{one.first_year or '?'}-{one.last_year or '?'}"
            yield HypothesisFault("half_a_window", one.programme_id, window)
        elif one.first_year is not None and one.last_year is not None and one.first_year > one.last_year:
            yield HypothesisFault("ends_before_it_begins", one.programme_id, f"{one.first_year}-{one.last_year}")
    for pairs in (hypotheses.readings, hypotheses.household_sizes):
        names = [name for name, _ in pairs]
        for name in sorted({name for name in names if names.count(name) > 1}):
            yield HypothesisFault("supposed_twice", name, name)


def to_file(hypotheses: Hypotheses, commune: str, release_id: str) -> str:
    """Return the file a reader keeps: hypotheses, the commune they are about and the release they were made on."""
    content = {"kind": FILE_KIND, "version": FILE_VERSION, "commune": commune, "release": release_id}
    return json.dumps(content | {"hypotheses": hypotheses.model_dump(mode="json")}, ensure_ascii=False, indent=2)


def from_file(text: str, commune: str) -> Hypotheses:
    """Read the file a reader kept.

    Raises
    ------
    HypothesisError
        The file is not one of ours, is of another version or commune, or its hypotheses do not hold.
    """
    try:
        content = json.loads(text)
        # Half of a surrogate pair can be written, but shown nowhere.
        json.dumps(content, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError):
        raise HypothesisError([HypothesisFault("not_our_file", "file", text[:40])]) from None
    if not isinstance(content, dict) or content.get("kind") != FILE_KIND:
        raise HypothesisError([HypothesisFault("not_our_file", "file", text[:40])])
    if content.get("version") != FILE_VERSION:
        raise HypothesisError([HypothesisFault("other_version", "version", str(content.get("version")))])
    if content.get("commune") != commune:
        raise HypothesisError([HypothesisFault("other_commune", "commune", str(content.get("commune"))[:80])])
    values = content.get("hypotheses")
    if not isinstance(values, dict):
        raise HypothesisError([HypothesisFault("not_our_file", "hypotheses", str(values)[:40])])
    return _checked(values)
