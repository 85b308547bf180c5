"""Models of the catalogue and of the ledger rows. Unknown keys are refused everywhere."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from data.disclosure_models import Disclosure
from data.download_models import Download, fault_of
from data.fields import (
    Base,
    Colour,
    Latitude,
    Longitude,
    OptionalDate,
    OptionalNumber,
    Slug,
    SourceName,
    Strict,
    TimePeriod,
)
from data.magnitude_models import Magnitude

Nature = Literal["observed", "planned", "target", "projected", "proposed"]
TimeBasis = Literal["stated", "since", "inferred", "document_date", "none"]
ObservationStatus = Literal["A", "P", "E", "F", "B", "O", "M"]
Qualifier = Literal["exact", "about", "at_least", "more_than", "less_than"]
SourceKind = Literal[
    "official_statistics", "municipal_record", "territorial_strategy", "council_motion", "party_programme",
    "public_inventory", "volunteered_map",
]  # fmt: skip
ProgrammeStatus = Literal[
    "delivered", "under_way", "planned", "proposed", "unclear", "trial", "mobilisation", "abandoned"
]
PhaseKind = Literal[
    "studied", "decided", "works", "part_opening", "opening", "commissioning", "counted_since", "validity", "held",
    "target",
]  # fmt: skip
# What may be said of an operation after the text that names it: quantities (`Quantity` names them) and a position.
StatedFact = Literal[
    "dwellings_total", "dwellings_delivered", "dwellings_social_share", "area_m2", "area_delivered_m2",
    "cycle_route_km", "cycle_route_delivered_km", "heat_connections", "heat_connections_delivered",
    "longitude", "latitude",
]  # fmt: skip
# How far a permit has come, as the dictionary of an edition says of its codes.
PermitState = Literal["authorised", "started", "completed", "cancelled", "not_authorised"]
Boundary = Literal["official", "approximate", "sketch", "none"]
Level = Literal["territory", "commune", "district", "iris", "operation", "network"]


class Text(Strict):
    """A sentence or label in every language of the catalogue."""

    fr: str = Field(min_length=1)
    en: str = Field(min_length=1)


class Plural(Strict):
    """The two forms of a noun in one language."""

    one: str
    other: str


class Unit(Strict):
    """A unit of measure with its written forms."""

    fr: Plural
    en: Plural


class Quantity(Strict):
    """What programmes bring, counted in one unit: its indicators (with the factor to that unit) and programme columns.

    `kinds` are the kinds of programme a reader expects such a number of; `delivered` the column of what is delivered.
    """

    label: Text
    unit: str
    theme: str
    decimals: int = Field(ge=0, le=4)
    indicators: dict[str, float] = Field(default_factory=dict)
    total: str = ""
    delivered: str = ""
    kinds: tuple[str, ...] = ()


class Theme(Strict):
    """A subject, with its five classes of colour, light to dark."""

    label: Text
    question: Text
    colours: tuple[Colour, Colour, Colour, Colour, Colour]


class FormulaInput(Strict):
    """Where an input of a formula comes from and which of its periods is taken.

    `also` : data sets that give the figure, each for areas of its own, in the place of `dataset`.
    """

    dataset: str
    period: Literal["same", "latest"]
    also: tuple[str, ...] = ()

    @property
    def datasets(self) -> tuple[str, ...]:
        """Return all data sets the input may come from."""
        return (self.dataset, *self.also)


class Formula(Strict):
    """Plain arithmetic on named inputs; the first input leads."""

    expression: str
    method: Text
    inputs: dict[str, FormulaInput]


class Indicator(Strict):
    """One quantity: what it means, its unit, how it may be aggregated, what values are possible, what divides it."""

    label: Text
    definition: Text
    how_to_read: Text
    unit: str
    decimals: int = Field(ge=0, le=4)
    direction: Literal["higher_is_better", "lower_is_better", "none"]
    aggregation: Literal["sum", "formula", "none"]
    valid_range: tuple[float, float]
    method: Text | None = None
    formula: Formula | None = None
    disclosure: Disclosure | None = None
    magnitude: Magnitude | None = None
    per: tuple[Base, ...] = ()


class Edition(Strict):
    """One vintage of a data set, or one document."""

    title: Text
    short: Text
    date: str
    document: str = ""


class EditionTemplate(Strict):
    """How editions to come are named: `{edition}` stands for what the publisher calls them, such as a year."""

    identifier: str = Field(pattern=r"\{edition\}")
    title: Text
    short: Text
    date: str


class Source(Strict):
    """A data set: who publishes it, of what kind it is, under which licence, in which editions.

    `download` is where it is offered in one piece, `downloads` where an edition comes in several.
    `microdata` marks rows about single households or establishments: figures counted from them are protected
    (`Indicator.disclosure`), and neither positions nor rejected values of theirs are published. `by_commune` : whether
    an edition comes as one file a commune, which says nothing of its neighbours. `state_codes` says by edition what the
    codes of its rows mean, where that differs between editions.
    """

    title: Text
    publisher: str
    kind: SourceKind | None = None
    licence: str
    frequency: Text
    method: Text
    editions: dict[str, Edition] = Field(default_factory=dict)
    edition_kinds: dict[str, SourceKind] = Field(default_factory=dict)
    template: EditionTemplate | None = None
    download: Download | None = None
    downloads: tuple[Download, ...] = ()
    microdata: bool = False
    by_commune: bool = False
    state_codes: dict[str, dict[str, PermitState]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _check_downloads(self) -> Self:
        """Refuse addresses that cannot be told apart."""
        if fault := fault_of(self.download, self.downloads):
            raise ValueError(fault)
        return self

    @property
    def offered(self) -> tuple[Download, ...]:
        """Return where its publisher offers it."""
        return self.downloads if self.download is None else (self.download,)

    def kind_of(self, edition: str) -> SourceKind:
        """Return the kind of source an edition is: its own, or that of the whole data set."""
        kind = self.edition_kinds.get(edition, self.kind)
        if kind is None:
            raise ValueError(f"edition {edition} has no kind: give the source a kind or list it in edition_kinds")
        return kind


class Territory(Strict):
    """A commune or a wider territory the observatory knows."""

    level: Literal["territory", "commune"]
    name: str
    short: str
    parent: str = ""


class FigureRow(Strict):
    """A figure stated by a founding text."""

    figure_id: Slug
    ref_area: str
    indicator: str
    time_period: TimePeriod
    time_basis: TimeBasis
    as_of: TimePeriod
    obs_value: OptionalNumber
    obs_value_max: OptionalNumber
    qualifier: Qualifier
    nature: Nature
    reading: str
    obs_status: ObservationStatus
    state: str
    programme: str
    source: SourceName
    source_detail: str = Field(min_length=1)
    note_fr: str
    note_en: str


class OpenDataRow(Strict):
    """A figure transcribed from national open data."""

    ref_area: str
    indicator: str
    time_period: TimePeriod
    obs_value: OptionalNumber
    unit: str
    obs_status: ObservationStatus
    source: SourceName
    source_detail: str = Field(min_length=1)
    note_fr: str
    note_en: str


class ProgrammeRow(Strict):
    """An operation, place, facility or action named by a text."""

    programme_id: Slug
    name: str = Field(min_length=1)
    kind: str = Field(min_length=1)
    theme: str
    ref_area: str
    start: OptionalDate
    start_kind: PhaseKind | Literal[""]
    end: OptionalDate
    end_kind: PhaseKind | Literal[""]
    status: ProgrammeStatus
    as_of: TimePeriod
    dwellings_total: OptionalNumber
    dwellings_social_share: OptionalNumber
    area_m2: OptionalNumber
    other_quantities: str
    source: SourceName
    source_detail: str = Field(min_length=1)
    note_fr: str
    note_en: str


class PhaseRow(Strict):
    """A dated phase of a programme, as a later statement gives it: promised again, or taken place."""

    programme_id: Slug
    phase: PhaseKind
    date: OptionalDate = Field(min_length=4)
    state: Literal["planned", "happened"]
    as_of: OptionalDate = Field(min_length=4)
    source: SourceName
    source_detail: str = Field(min_length=1)
    note_fr: str
    note_en: str


class StatementRow(Strict):
    """A quantity or a position of a programme, stated after the text that names it; the newest statement counts."""

    programme_id: Slug
    fact: StatedFact
    value: float
    as_of: OptionalDate = Field(min_length=4)
    source: SourceName
    source_detail: str = Field(min_length=1)
    note_fr: str
    note_en: str


class ReadingRow(Strict):
    """One of the readings of a sentence that can be understood in several ways.

    `part_of` names the programme whose quantity holds this one's in that reading; `value` the quantity it gives.
    """

    reading_id: Slug
    choice: Annotated[str, Field(pattern=r"^[a-z]+(_[a-z]+)*$")]
    programme_id: Slug
    quantity: str = Field(min_length=1)
    value: OptionalNumber
    part_of: str
    question_fr: str = Field(min_length=1)
    question_en: str = Field(min_length=1)
    label_fr: str = Field(min_length=1)
    label_en: str = Field(min_length=1)
    source: SourceName
    source_detail: str = Field(min_length=1)


class MilestoneRow(Strict):
    """A dated event."""

    milestone_id: Slug
    date: TimePeriod
    precision: Literal["day", "month", "year", "decade", "year_inferred", "month_inferred"]
    label_fr: str = Field(min_length=1)
    label_en: str = Field(min_length=1)
    ref_area: str
    theme: str
    kind: Literal["past", "planned", "past_or_planned", "projected", "target"]
    as_of: TimePeriod
    source: SourceName
    source_detail: str = Field(min_length=1)
    note_fr: str
    note_en: str


class CheckRow(Strict):
    """A sum, ratio, contradiction or gap found in the texts and shown to readers."""

    check_id: Slug
    kind: str
    formula: str
    result: str
    unit: str
    verdict: str
    source_refs: str
    title_fr: str = Field(min_length=1)
    title_en: str = Field(min_length=1)
    text_fr: str = Field(min_length=1)
    text_en: str = Field(min_length=1)


class NamedPlaceRow(Strict):
    """A sector, street, site or green space named by a text; `district` only where a basis is given."""

    sector: Slug
    name: str
    kind: Literal["district_named", "operation", "sector", "site", "street", "green_space"]
    aliases: str
    district: str
    district_basis_fr: str
    district_basis_en: str
    area_ha: OptionalNumber
    source: SourceName
    source_detail: str
    note_fr: str
    note_en: str


class HeatNetworkRow(Strict):
    """A heat network of the national register and the communes it serves."""

    network_id: str
    name_fr: str
    register_name: str
    communes: str
    kind: Literal["heat", "cold"]
    source: SourceName
    source_detail: str


class StationRow(Strict):
    """A station with its sourced position (EPSG:4326)."""

    name: str
    mode: Literal["metro", "rer", "tram"]
    line: str
    longitude: Longitude
    latitude: Latitude
    source: SourceName


class IrisRow(Strict):
    """A statistical unit (IRIS): centre (EPSG:4326) and area of the generalised outline."""

    iris: Annotated[str, Field(pattern=r"^[0-9AB]{9}$")]
    name: str
    longitude: Longitude
    latitude: Latitude
    area_ha: float = Field(gt=0)
    district: str


class IrisShareRow(Strict):
    """The part of an IRIS lying in a district; the weights of an IRIS sum to 1."""

    iris: str
    district: str
    area_share: float = Field(ge=0, le=1)
    weight: float = Field(gt=0, le=1)


class CornerRow(Strict):
    """A corner point of the district sketch (EPSG:4326, about 100 m)."""

    corner: str
    longitude: Longitude
    latitude: Latitude


class RingRow(Strict):
    """The outline of a district as a list of corners."""

    district: Slug
    name: str
    label_longitude: Longitude
    label_latitude: Latitude
    corners: str


class MapContextRow(Strict):
    """A line or label that lets a map without tiles be read."""

    kind: Literal["line", "label"]
    name: str
    corners: str
    longitude: OptionalNumber
    latitude: OptionalNumber
    note: str
