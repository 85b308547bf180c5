"""The areas of a release: territories and communes of the catalogue, and what the ledger adds below them."""

import pandas as pd
import shapely

from data.definitions import Catalogue
from data.frames import rows_of
from data.models import HeatNetworkRow, IrisRow, NamedPlaceRow, RingRow
from data.schemas import TABLES
from etl.ledger import Ledger
from etl.outlines import COLUMNS, Outlines
from etl.packaged import iris_of
from etl.sketch import SKETCH_SOURCE, redrawn_communes, sketched_outlines


def _area(ref_area: str, level: str, name: str, **values: object) -> dict[str, object]:
    blank: dict[str, object] = dict.fromkeys(TABLES["territories"].schema.names, "")
    blank |= {"short_name": name, "boundary": "none", "label_longitude": None, "label_latitude": None, "geometry": None}
    return blank | {"ref_area": ref_area, "level": level, "name": name} | values


def outlines_of(ledger: Ledger) -> Outlines:
    """Return the outlines of communes, districts and IRIS that are known.

    What received files gave holds over the sketch; a commune with official districts keeps none of its sketched ones.
    A commune without an outline of its own is what its official districts make up, else, where nothing of it is
    sketched, its official IRIS.
    """
    sketch, official = sketched_outlines(ledger), ledger.official
    if official.empty:
        return Outlines(sketch)
    redrawn = redrawn_communes(ledger)
    held = sketch[~sketch["ref_area"].isin(official["ref_area"]) & ~sketch["commune"].isin(redrawn)]
    known = pd.concat([held, official], ignore_index=True)
    drawn = set(known.loc[known["level"] == "commune", "ref_area"])
    made = [_made_up(known, "district", redrawn - drawn)]
    complete = {commune for commune in set(official["commune"]) - drawn - redrawn if _has_all_iris(commune, ledger)}
    made.append(_made_up(known, "iris", complete))
    return Outlines(pd.concat([known, *(one for one in made if len(one))], ignore_index=True))


def _has_all_iris(commune: str, ledger: Ledger) -> bool:
    wanted = set(iris_of({commune}, ledger)["iris"])
    return bool(wanted) and wanted <= set(ledger.official["ref_area"])


def _made_up(known: pd.DataFrame, level: str, communes: set[str]) -> pd.DataFrame:
    """Return communes as the union of their areas of a level."""
    records = []
    for commune in sorted(communes):
        parts = known[(known["level"] == level) & (known["commune"] == commune)]
        whole = shapely.union_all(parts["geometry"].to_numpy(dtype=object))
        records.append((commune, "commune", "", commune, "official", parts["source"].max(), whole))
    return pd.DataFrame.from_records(records, columns=list(COLUMNS))


def _drawn(outlines: Outlines, code: str) -> dict[str, object]:
    """Return what the `territories` table says of the outline of an area; nothing where it has none."""
    found = outlines.frame[outlines.frame["ref_area"] == code]
    if found.empty:
        return {}
    row = found.iloc[0]
    shape = row["geometry"]
    # A sketch is labelled where its maker said; elsewhere the middle of the largest circle leaves most room for a name.
    middle = shapely.Point(shapely.get_coordinates(shapely.maximum_inscribed_circle(shape))[0])
    label = middle if row["boundary"] == "official" else shape.representative_point()
    return {"geometry": shapely.to_wkb(shape), "boundary": row["boundary"], "boundary_source": row["source"],
            "label_longitude": label.x, "label_latitude": label.y}  # fmt: skip


def _communes(catalogue: Catalogue, outlines: Outlines) -> list[dict[str, object]]:
    areas = []
    for code, territory in catalogue.territories.items():
        values: dict[str, object] = {"short_name": territory.short, "parent": territory.parent}
        if territory.level == "commune":
            values["commune"] = code
        areas.append(_area(code, territory.level, territory.name, **values, **_drawn(outlines, code)))
    return areas


def _districts(ledger: Ledger, outlines: Outlines) -> list[dict[str, object]]:
    labels = {f"{entry.folder}-{ring.district}": {"label_longitude": ring.label_longitude,
                                                 "label_latitude": ring.label_latitude}
              for entry, ring in ledger.rows("district_sketch_rings.csv", RingRow)}  # fmt: skip
    frame = outlines.frame[outlines.frame["level"] == "district"]
    return [
        _area(row.ref_area, "district", row.name, parent=row.commune, commune=row.commune, district=row.ref_area,
              **(_drawn(outlines, row.ref_area) | (labels[row.ref_area] if row.boundary == "sketch" else {})))
        for row in rows_of(frame)
    ]  # fmt: skip


def _iris(ledger: Ledger, outlines: Outlines) -> list[dict[str, object]]:
    """Return the IRIS of the ledger: by their official outlines, where there are none by their centres."""
    areas = []
    for entry, row in ledger.rows("iris.csv", IrisRow):
        centre: dict[str, object] = {
            "boundary_source": SKETCH_SOURCE, "geometry": shapely.to_wkb(shapely.Point(row.longitude, row.latitude)),
            "label_longitude": row.longitude, "label_latitude": row.latitude,
        }  # fmt: skip
        areas.append(_area(row.iris, "iris", row.name, parent=entry.folder, commune=entry.folder,
                           **(centre | _drawn(outlines, row.iris))))  # fmt: skip
    return areas


def _census_iris(ledger: Ledger, catalogue: Catalogue, outlines: Outlines) -> list[dict[str, object]]:
    """Return the IRIS that the census knows of communes whose ledger lists none: they have no name.

    Without official outlines they have no position either.
    """
    names = {code: one.name for code, one in catalogue.territories.items() if one.level == "commune"}
    known = iris_of(names, ledger)
    unlisted = known[~known["is_listed"].astype(bool)]
    return [
        _area(row.iris, "iris", names[row.commune] + ("" if row.is_whole_commune else f", IRIS {row.iris[5:]}"),
              parent=row.commune, commune=row.commune, **_drawn(outlines, row.iris))
        for row in rows_of(unlisted)
    ]  # fmt: skip


def _named(ledger: Ledger, catalogue: Catalogue) -> list[dict[str, object]]:
    areas = []
    for entry, row in ledger.rows("places_named.csv", NamedPlaceRow):
        district = f"{entry.folder}-{row.district}" if row.district else ""
        known = catalogue.territories.get(entry.folder)
        commune = entry.folder if known is not None and known.level == "commune" else ""
        areas.append(_area(f"{entry.folder}-op-{row.sector}", "operation", row.name, parent=district or entry.folder,
                           commune=commune, district=district))  # fmt: skip
    return areas


def _networks(ledger: Ledger) -> list[dict[str, object]]:
    areas = []
    for _, row in ledger.rows("heat_networks.csv", HeatNetworkRow):
        communes = row.communes.split()
        parent = communes[0] if len(communes) == 1 else ""
        areas.append(_area(f"network-{row.network_id}", "network", row.name_fr, parent=parent, commune=parent,
                           communes_served=" ".join(communes)))  # fmt: skip
    return areas


def territories(ledger: Ledger, catalogue: Catalogue) -> pd.DataFrame:
    """Return the `territories` table: every area an observation may name."""
    outlines = outlines_of(ledger)
    areas = [
        *_communes(catalogue, outlines),
        *_districts(ledger, outlines),
        *_iris(ledger, outlines),
        *_census_iris(ledger, catalogue, outlines),
        *_named(ledger, catalogue),
        *_networks(ledger),
    ]
    return pd.DataFrame.from_records(areas)
