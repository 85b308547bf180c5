"""The model of a target: what is aimed at, by when, and what tells whether it is reached."""

from typing import Annotated, Literal

from pydantic import Field

from data.fields import OptionalDate, OptionalNumber, Slug, SourceName, Strict

# What a reader is told of a target; `due_unconfirmed`: its date has passed and nothing says that it was met.
TargetStatus = Literal[
    "reached", "reached_late", "on_track", "slow", "moving_away", "due_unconfirmed", "cannot_conclude"
]  # fmt: skip
TargetPhase = Literal["studied", "decided", "works", "part_opening", "opening", "commissioning", "held", "target"]


class TargetRow(Strict):
    """A target: a value an indicator must reach (`value`), or something that must have taken place (`date`), by a date.

    A number or year that a figure of the ledger states is taken from it (`figure_id`), a date from the programme's
    phase; `deadline` is filled only where neither gives it, and stays empty where no text does. `measured_source` names
    the data set, or the document, whose values count where several give the indicator. An override is shown beside the
    computed status, with its reason.
    """

    target_id: Slug
    label_fr: str = Field(min_length=1)
    label_en: str = Field(min_length=1)
    theme: str
    ref_area: str
    kind: Literal["value", "date"]
    figure_id: str
    target_value: OptionalNumber
    direction: Literal["at_least", "at_most", ""]
    measured_by: str
    measured_source: str
    path: Literal["linear", "geometric", ""]
    base_year: Annotated[str, Field(pattern=r"^(\d{4})?$")]
    deadline: OptionalDate
    programme_id: str
    phase: TargetPhase | Literal[""]
    settled_by_fr: str = Field(min_length=1)
    settled_by_en: str = Field(min_length=1)
    override_status: TargetStatus | Literal[""]
    override_reason_fr: str
    override_reason_en: str
    as_of: OptionalDate = Field(min_length=4)
    source: SourceName
    source_detail: str = Field(min_length=1)
    note_fr: str
    note_en: str
