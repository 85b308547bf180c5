"""The tables of a release other than observations and areas."""

import math
from collections.abc import Collection, Mapping
from typing import cast

import mapclassify
import numpy as np
import pandas as pd
import shapely

from data.definitions import Catalogue
from data.frames import rows_of
from data.models import CheckRow, HeatNetworkRow, MilestoneRow, NamedPlaceRow, StationRow
from data.schemas import TABLES
from etl.areas import outlines_of
from etl.ledger import Ledger
from etl.outlines import Outlines
from etl.slugs import slug_of

CLASSES = 5

# On what basis an operation with a stated position is said to lie in a district, French and English.
_IN_THE_TEXT = ("Secteur que le texte nomme.", "The sector the text names.")
_ON_THE_SKETCH = (
    "D’après sa position et l’esquisse des quartiers, à 100 m près.",
    "From its position and the sketch of the districts, to about 100 m.",
)
_ON_THE_MAP = (
    "D’après sa position et les contours officiels des quartiers.",
    "From its position and the official outlines of the districts.",
)


def _named(frame: pd.DataFrame, table: str) -> pd.DataFrame:
    return frame[TABLES[table].schema.names]


def _with_area(frame: pd.DataFrame, areas: pd.DataFrame) -> pd.DataFrame:
    """Add `commune` and `district` of each row's `ref_area`."""
    return frame.merge(areas[["ref_area", "commune", "district"]], on="ref_area", how="left")


def milestones(ledger: Ledger, areas: pd.DataFrame) -> pd.DataFrame:
    """Return the `milestones` table."""
    records = [row.model_dump() for _, row in ledger.rows("milestones.csv", MilestoneRow)]
    return _named(_with_area(pd.DataFrame.from_records(records), areas), "milestones")


def checks(ledger: Ledger) -> pd.DataFrame:
    """Return the `checks` table; `commune` is the ledger folder."""
    records = [{"commune": entry.folder, **row.model_dump()} for entry, row in ledger.rows("checks.csv", CheckRow)]
    return _named(pd.DataFrame.from_records(records), "checks")


def _district_of(longitude: float, latitude: float, outlines: Outlines) -> str:
    """Return the district a position lies in, sketched or official, or nothing outside all of them."""
    return str(outlines.locate(np.array([shapely.Point(longitude, latitude)], dtype=object), "district").iloc[0])


def _stations(ledger: Ledger) -> list[dict[str, object]]:
    """Return the stations; one outside all districts belongs to no area of ours, only to the commune's list."""
    outlines = outlines_of(ledger)
    return [
        {
            "place_id": f"station-{slug_of(row.line)}-{slug_of(row.name)}", "listed_for": entry.folder,
            "name": row.name, "kind": row.mode, "line": row.line, "longitude": row.longitude, "latitude": row.latitude,
            "ref_area": _district_of(row.longitude, row.latitude, outlines), "source": row.source,
        }
        for entry, row in ledger.rows("stations.csv", StationRow)
    ]  # fmt: skip


def _named_places(ledger: Ledger) -> list[dict[str, object]]:
    places = []
    for entry, row in ledger.rows("places_named.csv", NamedPlaceRow):
        code = f"{entry.folder}-op-{row.sector}"
        values = row.model_dump(exclude={"sector", "district"})
        places.append(values | {"place_id": code, "listed_for": entry.folder, "ref_area": code})
    return places


def _networks(ledger: Ledger) -> list[dict[str, object]]:
    """Return the heat networks with their name in the register (as an alias)."""
    return [
        {
            "place_id": f"network-{row.network_id}", "listed_for": entry.folder, "name": row.name_fr,
            "kind": f"{row.kind}_network", "aliases": row.register_name, "ref_area": f"network-{row.network_id}",
            "source": row.source, "source_detail": row.source_detail,
        }
        for entry, row in ledger.rows("heat_networks.csv", HeatNetworkRow)
    ]  # fmt: skip


def _operations(ledger: Ledger, operations: pd.DataFrame, stated: pd.DataFrame) -> list[dict[str, object]]:
    """Return the operations whose position was stated; a district no text names is that it lies in."""
    outlines = outlines_of(ledger)
    told = stated[stated["fact"] == "longitude"].drop_duplicates("programme_id", keep="last").set_index("programme_id")
    found: list[dict[str, object]] = []
    for row in rows_of(operations[operations["longitude"].notna() & operations["latitude"].notna()]):
        statement = told.loc[row.programme_id]
        drawn = "" if row.district else _district_of(row.longitude, row.latitude, outlines)
        drawn_basis = _ON_THE_MAP if outlines.is_official(drawn) else _ON_THE_SKETCH
        basis_fr, basis_en = drawn_basis if drawn else _IN_THE_TEXT if row.district else ("", "")
        found.append(
            {"place_id": f"programme-{row.programme_id}", "listed_for": row.commune, "name": row.name,
             "kind": "operation", "longitude": row.longitude, "latitude": row.latitude,
             "ref_area": drawn or row.ref_area, "district_basis_fr": basis_fr, "district_basis_en": basis_en,
             "source": statement["source"], "source_detail": statement["source_detail"],
             "note_fr": statement["note_fr"], "note_en": statement["note_en"]}
        )  # fmt: skip
    return found


def places(
    ledger: Ledger, areas: pd.DataFrame, operations: pd.DataFrame, stated: pd.DataFrame, received: pd.DataFrame
) -> pd.DataFrame:
    """Return the `places` table: stations and operations with a stated position, named places and heat networks.

    A station's district is the one it lies in; where districts are only sketched, to about 100 m.

    Parameters
    ----------
    operations, stated : the `programmes` and `statements` tables.
    received : places that received files give, some or all columns of the table but `commune` and `district`.
    """
    numbers = ["longitude", "latitude", "area_ha"]
    blank = dict.fromkeys(TABLES["places"].schema.names, "") | dict.fromkeys(numbers)
    rows = [*_stations(ledger), *_operations(ledger, operations, stated), *_named_places(ledger), *_networks(ledger),
            *cast(list[dict[str, object]], received.to_dict("records"))]  # fmt: skip
    frame = pd.DataFrame.from_records([blank | row for row in rows]).drop(columns=["commune", "district"])
    frame[numbers] = frame[numbers].astype("float64")
    frame = _with_area(frame, areas)
    frame[["commune", "district"]] = frame[["commune", "district"]].fillna("")
    return _named(frame, "places")


def district_class_bounds(
    observations: pd.DataFrame, areas: pd.DataFrame, indicator: str, decimals: int
) -> list[float]:
    """Return the inner bounds of up to five round classes over the district values of an indicator.

    The bounds are those of `mapclassify.PrettyBreaks`, without the last, which is the maximum; none where fewer than
    three districts have a value.

    Parameters
    ----------
    decimals : those the indicator is written with. Bounds have no more: a legend of stops says from 1 on, not from 0.5.
    """
    districts = set(areas.loc[areas["level"] == "district", "ref_area"])
    chosen = (observations["indicator"] == indicator) & observations["ref_area"].isin(districts)
    values = observations.loc[chosen, "obs_value"].dropna().to_numpy()
    if len(values) < 3 or np.ptp(values) == 0:
        return []
    for wanted in (CLASSES, CLASSES - 1, CLASSES - 2):
        bounds = mapclassify.PrettyBreaks(values, k=wanted).bins[:-1]
        inner = [_written(float(bound), decimals) for bound in bounds if values.min() < bound < values.max()]
        inner = [bound for bound in dict.fromkeys(inner) if bound <= values.max()]
        if len(inner) < CLASSES:
            return inner
    return inner[: CLASSES - 1]


def _written(bound: float, decimals: int) -> float:
    """Return a bound, rounded up to the decimals its indicator is written with."""
    return round(math.ceil(round(bound * 10**decimals, 8)) / 10**decimals, 10)


def indicators(
    catalogue: Catalogue, observations: pd.DataFrame, areas: pd.DataFrame, named: Collection[str]
) -> pd.DataFrame:
    """Return the `indicators` table: catalogue entries with the classes of their district maps.

    Parameters
    ----------
    observations : what the release holds.
    named : the indicators to list: those of which the release has a figure; others are only waiting for a file.
    """
    records = []
    for name, entry in catalogue.indicators.items():
        if name not in named:
            continue
        method = entry.formula.method if entry.formula else entry.method
        records.append({
            "indicator": name, "theme": catalogue.theme_of[name],
            "label_fr": entry.label.fr, "label_en": entry.label.en,
            "definition_fr": entry.definition.fr, "definition_en": entry.definition.en,
            "how_to_read_fr": entry.how_to_read.fr, "how_to_read_en": entry.how_to_read.en,
            "unit": entry.unit, "decimals": entry.decimals, "direction": entry.direction,
            "aggregation": entry.aggregation, "minimum": entry.valid_range[0], "maximum": entry.valid_range[1],
            "expression": entry.formula.expression if entry.formula else "",
            "method_fr": method.fr if method else "", "method_en": method.en if method else "",
            "district_class_bounds": district_class_bounds(observations, areas, name, entry.decimals),
        })  # fmt: skip
    return pd.DataFrame.from_records(records)


def named_editions(tables: Mapping[str, pd.DataFrame]) -> set[str]:
    """Return the editions that rows of a release name as the source of a value, a statement or an outline."""
    columns = [frame[name] for frame in tables.values() for name in ("source", "boundary_source") if name in frame]
    return {edition for column in columns for names in column.unique() for edition in str(names).split(";")}


def sources(catalogue: Catalogue, ledger: Ledger, digests: dict[str, str], named: Collection[str]) -> pd.DataFrame:
    """Return the `sources` table, one row per edition, with the digest of what was read.

    Parameters
    ----------
    named : editions that rows of the release name (`named_editions`); one that has given nothing is not a source.
    """
    records = []
    for edition_id, (dataset, source, edition) in catalogue.editions().items():
        if edition_id not in named:
            continue
        records.append({
            "source": edition_id, "dataset": dataset, "kind": source.kind_of(edition_id),
            "publisher": source.publisher, "title_fr": edition.title.fr, "title_en": edition.title.en,
            "short_fr": edition.short.fr, "short_en": edition.short.en, "licence": source.licence,
            "edition_date": edition.date, "document": edition.document,
            "frequency_fr": source.frequency.fr, "frequency_en": source.frequency.en,
            "method_fr": source.method.fr, "method_en": source.method.en,
            "sha256": digests.get(edition_id) or ledger.digest(edition_id),
        })  # fmt: skip
    return pd.DataFrame.from_records(records)
