"""What answers hold: rows with the columns of a release and words for readers, pages of rows, problems."""

from typing import Any

import pyarrow as pa
from pydantic import BaseModel, ConfigDict, create_model

from data.schemas import TABLES

# Columns of a release that stand in no table of an answer: outlines are for GeoJSON.
NOT_IN_ROWS = frozenset({"geometry"})
# What stands beside the columns of a release: words in the language that is asked for, and two codes, `unit` and
# `source_kind`.
WORDS = {
    "territories": ("level_label",),
    "indicators": ("theme_label", "unit_label"),
    "observations": ("area_name", "indicator_label", "unit", "unit_label", "source_kind"),
    "programmes": ("area_name", "theme_label", "status_label", "source_kind"),
    "milestones": ("area_name", "theme_label", "source_kind"),
    "commitments": ("area_name", "theme_label", "source_kind"),
}
_TYPES: dict[pa.DataType, Any] = {
    pa.string(): str, pa.float64(): float | None, pa.int64(): int, pa.list_(pa.float64()): list[float],
}  # fmt: skip
_FIXED = ConfigDict(extra="forbid")


def columns_of(table: str) -> tuple[str, ...]:
    """Return the columns of a table that answers hold, as the release has them."""
    return tuple(name for name in TABLES[table].schema.names if name not in NOT_IN_ROWS)


def _row(name: str, table: str) -> type[BaseModel]:
    """Return the model of a row: the columns of the table, then words for readers; numbers may be missing."""
    schema = TABLES[table].schema
    fields: dict[str, Any] = {column: (_TYPES[schema.field(column).type], ...) for column in columns_of(table)}
    fields |= dict.fromkeys(WORDS[table], (str, ...))
    return create_model(name, __config__=_FIXED, **fields)


Area = _row("Area", "territories")
Indicator = _row("Indicator", "indicators")
Observation = _row("Observation", "observations")
Programme = _row("Programme", "programmes")
Milestone = _row("Milestone", "milestones")
Commitment = _row("Commitment", "commitments")


class PublishedRelease(BaseModel):
    """A release: when it was published first, and when it last became the current one."""

    model_config = _FIXED

    release_id: str
    published: str
    chosen: str
    is_current: bool
    reason: str


class Head(BaseModel):
    """What every answer says of its release."""

    model_config = _FIXED

    release: str
    published: str | None


class Page(Head):
    """Where the rows of an answer stand among all that were asked for; `next` leads to those that follow."""

    count: int
    limit: int
    offset: int
    next: str | None


def _page(row: Any) -> type[Page]:
    return create_model(f"{row.__name__}Page", __base__=Page, items=(list[row], ...))


def _answer(row: Any) -> type[Head]:
    return create_model(f"{row.__name__}Answer", __base__=Head, item=(row, ...))


AreaPage, AreaAnswer = _page(Area), _answer(Area)
IndicatorPage, IndicatorAnswer = _page(Indicator), _answer(Indicator)
ObservationPage = _page(Observation)
ProgrammePage, ProgrammeAnswer = _page(Programme), _answer(Programme)
MilestonePage = _page(Milestone)
CommitmentPage = _page(Commitment)
ReleasePage, ReleaseAnswer = _page(PublishedRelease), _answer(PublishedRelease)


class FieldFault(BaseModel):
    """What is wrong with a parameter."""

    field: str
    value: str
    detail: str


class Problem(BaseModel):
    """Why there is no answer, as RFC 9457 has it."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[FieldFault]
