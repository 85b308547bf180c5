"""What the fields of models are made of: periods, dates, numbers that may be missing, places, slugs."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from data.rules.dates import period_end, period_start

# What a count may be divided by: the catalogue says of each indicator which of them make sense.
Base = Literal["inhabitants", "dwellings", "hectares"]
TIME_PERIOD = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?(/\d{4}(-\d{2}(-\d{2})?)?)?")


def _blank_to_none(value: object) -> object:
    return None if value == "" else value


def _check_time_period(value: str) -> str:
    if not TIME_PERIOD.fullmatch(value):
        raise ValueError("not an ISO 8601 year, month, day or interval")
    if period_start(value) > period_end(value):
        raise ValueError("the interval ends before it starts")
    return value


def _check_optional_date(value: str) -> str:
    if "/" in value:
        raise ValueError("an interval, where one date is wanted")
    return _check_time_period(value) if value else value


TimePeriod = Annotated[str, AfterValidator(_check_time_period)]
OptionalNumber = Annotated[float | None, BeforeValidator(_blank_to_none)]
OptionalDate = Annotated[str, AfterValidator(_check_optional_date)]
SourceName = Annotated[str, Field(min_length=1)]
Colour = Annotated[str, Field(pattern=r"^#[0-9a-f]{6}$")]
Longitude = Annotated[float, Field(ge=-180, le=180)]
Latitude = Annotated[float, Field(ge=-90, le=90)]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]


class Strict(BaseModel):
    """Base of every model: frozen, and a key it does not know is a fault."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)
