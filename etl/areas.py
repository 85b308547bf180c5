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

# What the `territories` table says of the outlines there are, by area.
Drawn = dict[str, dict[str, object]]


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
    made.append(_made_up(known, "iris", _complete(set(official["commune"]) - drawn - redrawn, ledger)))
    return Outlines(pd.concat([known, *(one for one in made if len(one))], ignore_index=True))


def _complete(communes: set[str], ledger: Ledger) -> set[str]:
    """Return the communes all of whose IRIS have official outlines."""
    units = iris_of(communes, ledger)
    is_drawn = units["iris"].isin(ledger.official["ref_area"]).groupby(units["commune"]).all()
    return set(is_drawn.index[is_drawn])


def _made_up(known: pd.DataFrame, level: str, communes: set[str]) -> pd.DataFrame:
    """Return communes as the union of their areas of a level."""
    parts = known[(known["level"] == level) & known["commune"].isin(communes)]
    records = [
        (commune, "commune", "", commune, "official", mine["source"].max(),
         shapely.union_all(mine["geometry"].to_numpy(dtype=object)))
        for commune, mine in parts.groupby("commune", sort=True)
    ]  # fmt: skip
    return pd.DataFrame.from_records(records, columns=list(COLUMNS))


def _label(shape: shapely.Polygon, level: str, boundary: str) -> shapely.Point:
    """Return where an area is labelled: of a district in the middle of its largest circle, which leaves most room."""
    if level == "district" and boundary == "official":
        return shapely.Point(shapely.get_coordinates(shapely.maximum_inscribed_circle(shape))[0])
    return shape.representative_point()


def _drawn(outlines: Outlines) -> dict[str, dict[str, object]]:
    """Return what the `territories` table says of outlines, by area; nothing of areas without one."""
    found: dict[str, dict[str, object]] = {}
    for row in rows_of(outlines.frame):
        label = _label(row.geometry, row.level, row.boundary)
        found[str(row.ref_area)] = {"geometry": shapely.to_wkb(row.geometry), "boundary": row.boundary,
                                    "boundary_source": row.source, "label_longitude": label.x,
                                    "label_latitude": label.y}  # fmt: skip
    return found


def _communes(catalogue: Catalogue, drawn: Drawn) -> list[dict[str, object]]:
    areas = []
    for code, territory in catalogue.territories.items():
        values: dict[str, object] = {"short_name": territory.short, "parent": territory.parent}
        if territory.level == "commune":
            values["commune"] = code
        areas.append(_area(code, territory.level, territory.name, **values, **drawn.get(code, {})))
    return areas


def _districts(ledger: Ledger, outlines: Outlines, drawn: Drawn) -> list[dict[str, object]]:
    labels = {f"{entry.folder}-{ring.district}": {"label_longitude": ring.label_longitude,
                                                 "label_latitude": ring.label_latitude}
              for entry, ring in ledger.rows("district_sketch_rings.csv", RingRow)}  # fmt: skip
    frame = outlines.frame[outlines.frame["level"] == "district"]
    return [
        _area(row.ref_area, "district", row.name, parent=row.commune, commune=row.commune, district=row.ref_area,
              **(drawn[row.ref_area] | (labels[row.ref_area] if row.boundary == "sketch" else {})))
        for row in rows_of(frame)
    ]  # fmt: skip


def _iris(ledger: Ledger, drawn: Drawn) -> list[dict[str, object]]:
    """Return the IRIS of the ledger: by their official outlines, where there are none by their centres."""
    areas = []
    for entry, row in ledger.rows("iris.csv", IrisRow):
        centre: dict[str, object] = {
            "boundary_source": SKETCH_SOURCE, "geometry": shapely.to_wkb(shapely.Point(row.longitude, row.latitude)),
            "label_longitude": row.longitude, "label_latitude": row.latitude,
        }  # fmt: skip
        areas.append(_area(row.iris, "iris", row.name, parent=entry.folder, commune=entry.folder,
                           **(centre | drawn.get(row.iris, {}))))  # fmt: skip
    return areas


def _census_iris(ledger: Ledger, catalogue: Catalogue, drawn: Drawn) -> list[dict[str, object]]:
    """Return the IRIS that the census knows of communes whose ledger lists none: they have no name.

    Without official outlines they have no position either.
    """
    names = {code: one.name for code, one in catalogue.territories.items() if one.level == "commune"}
    known = iris_of(names, ledger)
    unlisted = known[~known["is_listed"].astype(bool)]
    return [
        _area(row.iris, "iris", names[row.commune] + ("" if row.is_whole_commune else f", IRIS {row.iris[5:]}"),
              parent=row.commune, commune=row.commune, **drawn.get(row.iris, {}))
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
    drawn = _drawn(outlines)
    areas = [
        *_communes(catalogue, drawn),
        *_districts(ledger, outlines, drawn),
        *_iris(ledger, drawn),
        *_census_iris(ledger, catalogue, drawn),
        *_named(ledger, catalogue),
        *_networks(ledger),
    ]
    return pd.DataFrame.from_records(areas)
