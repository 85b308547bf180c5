"""Arrow schemas of the tables of a release: one declaration each, with key columns and description."""

from dataclasses import dataclass

import pyarrow as pa

TEXT, NUMBER, WHOLE = pa.string(), pa.float64(), pa.int64()


@dataclass(frozen=True)
class Table:
    """A table of a release: its columns, its key, and what one row is."""

    name: str
    description: str
    key: tuple[str, ...]
    schema: pa.Schema
    geometry: str = ""


def _schema(**columns: pa.DataType) -> pa.Schema:
    return pa.schema([pa.field(name, kind) for name, kind in columns.items()])


_OBSERVATION = _schema(
    ref_area=TEXT, indicator=TEXT, time_period=TEXT, time_basis=TEXT, as_of=TEXT,
    obs_value=NUMBER, obs_value_max=NUMBER, qualifier=TEXT, nature=TEXT, reading=TEXT,
    obs_status=TEXT, conf_status=TEXT, derived_from=TEXT, source=TEXT, source_detail=TEXT,
    figure_id=TEXT, state=TEXT, programme=TEXT, note_fr=TEXT, note_en=TEXT,
)  # fmt: skip

_OBSERVATION_KEY = ("ref_area", "indicator", "time_period", "nature", "reading", "source")

_TABLES = (
    Table("observations", "One row per area, indicator, period, nature, reading and source.", _OBSERVATION_KEY,
          _OBSERVATION),
    Table("context", "Figures of the texts that are not series: comparators, definitions, counts of names.",
          _OBSERVATION_KEY, _OBSERVATION),
    Table("programmes", "One row per operation, place, facility or action named by a text.", ("programme_id",),
          _schema(programme_id=TEXT, name=TEXT, kind=TEXT, theme=TEXT, ref_area=TEXT, commune=TEXT, district=TEXT,
                  start=TEXT, start_kind=TEXT, end=TEXT, end_kind=TEXT, status=TEXT, as_of=TEXT, dwellings_total=NUMBER,
                  dwellings_delivered=NUMBER, dwellings_social_share=NUMBER, area_m2=NUMBER, area_delivered_m2=NUMBER,
                  cycle_route_km=NUMBER, cycle_route_delivered_km=NUMBER, heat_connections=NUMBER,
                  heat_connections_delivered=NUMBER, other_quantities=TEXT, longitude=NUMBER, latitude=NUMBER,
                  source=TEXT, source_detail=TEXT, note_fr=TEXT, note_en=TEXT)),
    Table("phases", "Dated snapshots of the phases of programmes, as each source stated them.",
          ("programme_id", "phase", "bound", "as_of", "source"),
          _schema(programme_id=TEXT, phase=TEXT, bound=TEXT, date=TEXT, precision=TEXT, state=TEXT, as_of=TEXT,
                  source=TEXT, source_detail=TEXT, note_fr=TEXT, note_en=TEXT)),
    Table("statements", "Quantities and positions of programmes stated after the text that names them.",
          ("programme_id", "fact", "as_of", "source", "source_detail"),
          _schema(programme_id=TEXT, fact=TEXT, value=NUMBER, as_of=TEXT, source=TEXT, source_detail=TEXT,
                  note_fr=TEXT, note_en=TEXT)),
    Table("quantities", "What each programme brings, in the unit of the quantity; a missing number is not known.",
          ("programme_id", "quantity", "reading"),
          _schema(programme_id=TEXT, quantity=TEXT, reading=TEXT, value=NUMBER, qualifier=TEXT, delivered=NUMBER,
                  delivered_as_of=TEXT, as_of=TEXT, source=TEXT, source_detail=TEXT)),
    Table("readings", "Sentences that can be read in several ways: the programme, its quantity, what holds it.",
          ("reading_id", "choice"),
          _schema(reading_id=TEXT, choice=TEXT, programme_id=TEXT, quantity=TEXT, value=NUMBER, part_of=TEXT,
                  question_fr=TEXT, question_en=TEXT, label_fr=TEXT, label_en=TEXT, source=TEXT, source_detail=TEXT)),
    Table("targets", "What is aimed at, by when, and which indicator or phase of a programme tells.", ("target_id",),
          _schema(target_id=TEXT, label_fr=TEXT, label_en=TEXT, theme=TEXT, ref_area=TEXT, commune=TEXT, district=TEXT,
                  kind=TEXT, figure_id=TEXT, indicator=TEXT, target_value=NUMBER, direction=TEXT, measured_by=TEXT,
                  measured_source=TEXT, path=TEXT, base_year=TEXT, deadline=TEXT, programme_id=TEXT, phase=TEXT,
                  settled_by_fr=TEXT, settled_by_en=TEXT, override_status=TEXT,
                  override_reason_fr=TEXT, override_reason_en=TEXT, as_of=TEXT, source=TEXT, source_detail=TEXT,
                  note_fr=TEXT, note_en=TEXT)),
    Table("commitments", "What texts say was promised, by whom and when, and what measures it.", ("commitment_id",),
          _schema(commitment_id=TEXT, label_fr=TEXT, label_en=TEXT, theme=TEXT, ref_area=TEXT, commune=TEXT,
                  district=TEXT, edition=TEXT, edition_detail=TEXT, carrier_fr=TEXT, carrier_en=TEXT, deadline=TEXT,
                  programme_ids=TEXT, target_id=TEXT, figure_ids=TEXT, budget_figure_id=TEXT, stated_status=TEXT,
                  stated_as_of=TEXT, stated_detail=TEXT, lacking_fr=TEXT, lacking_en=TEXT, as_of=TEXT, source=TEXT,
                  source_detail=TEXT, note_fr=TEXT, note_en=TEXT)),
    Table("spending", "Money allotted to commitments or spent on them, by period: never added to each other.",
          ("commitment_id", "kind", "time_period", "as_of"),
          _schema(commitment_id=TEXT, kind=TEXT, amount_eur=NUMBER, time_period=TEXT, as_of=TEXT, source=TEXT,
                  source_detail=TEXT, note_fr=TEXT, note_en=TEXT)),
    Table("milestones", "Dated events, with the precision of the date.", ("milestone_id",),
          _schema(milestone_id=TEXT, date=TEXT, precision=TEXT, label_fr=TEXT, label_en=TEXT, ref_area=TEXT,
                  commune=TEXT, district=TEXT, theme=TEXT, kind=TEXT, as_of=TEXT, source=TEXT, source_detail=TEXT,
                  note_fr=TEXT, note_en=TEXT)),
    Table("checks", "Sums, contradictions and gaps found in the texts.", ("check_id",),
          _schema(check_id=TEXT, commune=TEXT, kind=TEXT, formula=TEXT, result=TEXT, unit=TEXT, verdict=TEXT,
                  source_refs=TEXT, title_fr=TEXT, title_en=TEXT, text_fr=TEXT, text_en=TEXT)),
    Table("places", "Stations with a sourced position (EPSG:4326); named places and heat networks without one.",
          ("place_id",),
          _schema(place_id=TEXT, listed_for=TEXT, name=TEXT, kind=TEXT, line=TEXT, aliases=TEXT, area_ha=NUMBER,
                  ref_area=TEXT, commune=TEXT,
                  district=TEXT, district_basis_fr=TEXT, district_basis_en=TEXT, longitude=NUMBER, latitude=NUMBER,
                  source=TEXT, source_detail=TEXT, note_fr=TEXT, note_en=TEXT)),
    Table("territories", "Areas with level, parent and, where there is one, geometry (EPSG:4326).", ("ref_area",),
          _schema(ref_area=TEXT, level=TEXT, name=TEXT, short_name=TEXT, parent=TEXT, commune=TEXT, district=TEXT,
                  communes_served=TEXT, boundary=TEXT, boundary_source=TEXT, label_longitude=NUMBER,
                  label_latitude=NUMBER, geometry=pa.binary()), geometry="geometry"),
    Table("map_context", "Lines and labels that let a map without tiles be read (EPSG:4326, sketch).",
          ("commune", "kind", "name"),
          _schema(commune=TEXT, kind=TEXT, name=TEXT, boundary=TEXT, source=TEXT, geometry=pa.binary()),
          geometry="geometry"),
    Table("iris_weights", "Share of each IRIS in each district; the weights of an IRIS sum to 1.",
          ("iris", "district"), _schema(iris=TEXT, district=TEXT, area_share=NUMBER, weight=NUMBER)),
    Table("iris_structures", "Counts of the census of every IRIS of France, whatever communes a release is about.",
          ("ref_area",),
          _schema(ref_area=TEXT, commune=TEXT, population=NUMBER, population_under_20=NUMBER,
                  population_20_to_64=NUMBER, population_65_and_over=NUMBER, dwellings=NUMBER, main_homes=NUMBER,
                  second_homes=NUMBER, vacant_dwellings=NUMBER, houses=NUMBER, flats=NUMBER, time_period=TEXT,
                  source=TEXT)),
    Table("indicators", "The catalogue entry of every indicator a release holds.", ("indicator",),
          _schema(indicator=TEXT, theme=TEXT, label_fr=TEXT, label_en=TEXT, definition_fr=TEXT, definition_en=TEXT,
                  how_to_read_fr=TEXT, how_to_read_en=TEXT, unit=TEXT, decimals=WHOLE, direction=TEXT,
                  aggregation=TEXT, minimum=NUMBER, maximum=NUMBER, expression=TEXT, method_fr=TEXT, method_en=TEXT,
                  district_class_bounds=pa.list_(NUMBER))),
    Table("sources", "One row per edition of a source.", ("source",),
          _schema(source=TEXT, dataset=TEXT, kind=TEXT, publisher=TEXT, title_fr=TEXT, title_en=TEXT, short_fr=TEXT,
                  short_en=TEXT, licence=TEXT, edition_date=TEXT, document=TEXT, frequency_fr=TEXT, frequency_en=TEXT,
                  method_fr=TEXT, method_en=TEXT, sha256=TEXT)),
    Table("intakes", "Files received: what became of their rows (read = loaded + quarantined + out of scope).",
          ("source", "sha256"),
          _schema(source=TEXT, dataset=TEXT, file=TEXT, sha256=TEXT, address=TEXT, retrieved=TEXT, read=WHOLE,
                  loaded=WHOLE, quarantined=WHOLE, out_of_scope=WHOLE)),
    Table("quarantine", "Rows of received files that could not be used: where they stand and why.",
          ("source", "file", "line", "column", "reason"),
          _schema(source=TEXT, file=TEXT, line=WHOLE, column=TEXT, value=TEXT, reason=TEXT, reason_fr=TEXT,
                  reason_en=TEXT)),
    Table("corrections", "Figures corrected after their source: old (as the source gives it), new, why and since when.",
          _OBSERVATION_KEY,
          _schema(ref_area=TEXT, indicator=TEXT, time_period=TEXT, nature=TEXT, reading=TEXT, source=TEXT,
                  action=TEXT, old_value=NUMBER, new_value=NUMBER, reason_fr=TEXT, reason_en=TEXT, proof_fr=TEXT,
                  proof_en=TEXT, decided_by=TEXT, date=TEXT)),
)  # fmt: skip

TABLES: dict[str, Table] = {table.name: table for table in _TABLES}
