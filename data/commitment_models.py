"""The models of a commitment and of its money: what was promised, by which text, and what tells what became of it."""

from typing import Annotated, Literal

from pydantic import Field

from data.fields import OptionalDate, Slug, SourceName, Strict, TimePeriod

# What a reader is told of a commitment; `due_unconfirmed`: its date has passed and nothing says that it was kept.
CommitmentStatus = Literal["done", "under_way", "planned", "due_unconfirmed", "dropped", "unclear"]
StatedStatus = Literal["done", "under_way", "planned", "dropped"]


class CommitmentRow(Strict):
    """A commitment that a text cites, and what measures it: programmes, a target, figures of the ledger.

    `edition` is the year of the conference that decided it, filled only where `edition_detail` says which document
    and line states it. `programme_ids` and `figure_ids` list identifiers, separated by `;`. `budget_figure_id` names
    the figure that states its budget. `stated_status` is what the city declares; it counts only where no programme and
    no target tells. Where the city's sheet adds carrier, deadline or status to what a text says, `stated_detail` names
    the document that says so and `stated_as_of` its day; both are empty where `source_detail` says it all.
    `lacking` says which data would measure it, wherever no figure observes it and no target does.
    """

    commitment_id: Slug
    label_fr: str = Field(min_length=1)
    label_en: str = Field(min_length=1)
    theme: str
    ref_area: str
    edition: Annotated[str, Field(pattern=r"^(\d{4})?$")]
    edition_detail: str
    carrier_fr: str
    carrier_en: str
    deadline: OptionalDate
    programme_ids: str
    target_id: str
    figure_ids: str
    budget_figure_id: str
    stated_status: StatedStatus | Literal[""]
    stated_as_of: OptionalDate
    stated_detail: str
    lacking_fr: str
    lacking_en: str
    as_of: OptionalDate = Field(min_length=4)
    source: SourceName
    source_detail: str = Field(min_length=1)
    note_fr: str
    note_en: str


class SpendingRow(Strict):
    """Money of a commitment over a period: `allotted` to it or `spent` on it. The two are never added up."""

    commitment_id: Slug
    kind: Literal["allotted", "spent"]
    amount_eur: float = Field(ge=0)
    time_period: TimePeriod
    as_of: OptionalDate = Field(min_length=4)
    source: SourceName
    source_detail: str = Field(min_length=1)
    note_fr: str
    note_en: str
