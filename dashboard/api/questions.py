"""What may be asked of each resource: parameters, their types and limits."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.json_schema import SkipJsonSchema
from pydantic_core import PydanticCustomError

from dashboard.definitions import definitions
from data.commitment_models import StatedStatus
from data.models import Level, Nature, ObservationStatus, ProgrammeStatus
from data.rules.dates import period_end, period_start

DEFAULT_ROWS, MOST_ROWS, MOST_OFFSET, MOST_VALUES = 1_000, 10_000, 10**9, 100
CODE, RELEASE, DAY = r"^[0-9A-Za-z_-]{1,80}$", r"^[0-9a-f]{16}$", r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"
_DIGITS = re.compile(r"[0-9]{1,12}", re.ASCII)


def _whole(value: object) -> object:
    """Refuse what Python reads as a number and no reader would write as one: `1_000`, ` 5`, `5.0`."""
    if isinstance(value, str) and not _DIGITS.fullmatch(value):
        raise PydanticCustomError("int_parsing", "no whole number")
    return value


def _separated(values: object) -> object:
    """Return the values of a list: commas between them, or the parameter again and again, or both."""
    return [part for text in values for part in str(text).split(",")] if isinstance(values, list) else values


def _real(time_period: str) -> str:
    """Refuse days that no calendar has."""
    try:
        period_start(time_period), period_end(time_period)
    except ValueError as error:
        raise PydanticCustomError("no_day", "no day of the calendar") from error
    return time_period


Code = Annotated[str, Field(pattern=CODE)]
Codes = Annotated[list[Code], BeforeValidator(_separated), Field(max_length=MOST_VALUES)]
Theme = Annotated[str, Field(pattern=CODE, json_schema_extra={"enum": [*definitions().themes]})]
Day = Annotated[str, Field(pattern=DAY), AfterValidator(_real)]


class Worded(BaseModel):
    """What may be asked of everything: in which language; a parameter that is not known is refused."""

    model_config = ConfigDict(extra="forbid")

    language: Literal["fr", "en"] = "fr"


class Question(Worded):
    """What may be asked of whatever a release holds: of which release, the current one unless it is named."""

    release: Annotated[str, Field(pattern=RELEASE)] | SkipJsonSchema[None] = None


class Paged(Worded):
    """Which part of the rows is asked for, in which format: the formats of a resource are its own."""

    format: str | SkipJsonSchema[None] = None
    limit: Annotated[int, Field(ge=1, le=MOST_ROWS), BeforeValidator(_whole)] = DEFAULT_ROWS
    offset: Annotated[int, Field(ge=0, le=MOST_OFFSET), BeforeValidator(_whole)] = 0


class Rows(Paged, Question):
    """What may be asked of the rows of a release."""


class Areas(Rows):
    """Areas, by level, by the area they lie in, by commune."""

    level: Level | SkipJsonSchema[None] = None
    parent: Code | SkipJsonSchema[None] = None
    commune: Code | SkipJsonSchema[None] = None


class Indicators(Rows):
    """Indicators, by theme."""

    theme: Theme | SkipJsonSchema[None] = None


class Observations(Rows):
    """Values of indicators; a period lies wholly between `period_from` and `period_to`."""

    ref_area: Codes = []
    level: Level | SkipJsonSchema[None] = None
    indicator: Codes = []
    theme: Theme | SkipJsonSchema[None] = None
    period_from: Day | SkipJsonSchema[None] = None
    period_to: Day | SkipJsonSchema[None] = None
    nature: Nature | SkipJsonSchema[None] = None
    source: Code | SkipJsonSchema[None] = None
    programme: Code | SkipJsonSchema[None] = None
    obs_status: ObservationStatus | SkipJsonSchema[None] = None


class Programmes(Rows):
    """Programmes, by theme, area and status."""

    theme: Theme | SkipJsonSchema[None] = None
    area: Code | SkipJsonSchema[None] = None
    status: ProgrammeStatus | SkipJsonSchema[None] = None


class Milestones(Rows):
    """Dated events; a date lies wholly between `date_from` and `date_to`."""

    theme: Theme | SkipJsonSchema[None] = None
    area: Code | SkipJsonSchema[None] = None
    date_from: Day | SkipJsonSchema[None] = None
    date_to: Day | SkipJsonSchema[None] = None


class Commitments(Rows):
    """Commitments, by theme, area, programme and stated status; those without a deadline lie in no range of them."""

    theme: Theme | SkipJsonSchema[None] = None
    area: Code | SkipJsonSchema[None] = None
    programme: Code | SkipJsonSchema[None] = None
    stated_status: StatedStatus | SkipJsonSchema[None] = None
    deadline_from: Day | SkipJsonSchema[None] = None
    deadline_to: Day | SkipJsonSchema[None] = None


class Releases(Paged):
    """The releases there are."""
