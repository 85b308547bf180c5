"""The areas of a release: territories and communes of the catalogue, and what the ledger adds below them."""

import pandas as pd
import shapely

from data.definitions import Catalogue
from data.frames import rows_of
from data.models import CornerRow, HeatNetworkRow, IrisRow, MapContextRow, NamedPlaceRow, RingRow
from data.schemas import TABLES
from etl.ledger import Ledger
from etl.outlines import COLUMNS, Outlines
from etl.packaged import iris_of

SKETCH_SOURCE = "contours-iris-2020"


def _corner_points(ledger: Ledger, folder: str) -> dict[str, tuple[float, float]]:
    rows = ledger.rows("district_sketch_corners.csv", CornerRow)
    return {row.corner: (row.longitude, row.latitude) for entry, row in rows if entry.folder == folder}


def _area(ref_area: str, level: str, name: str, **values: object) -> dict[str, object]:
    blank: dict[str, object] = dict.fromkeys(TABLES["territories"].schema.names, "")
    blank |= {"short_name": name, "boundary": "none", "label_longitude": None, "label_latitude": None, "geometry": None}
    return blank | {"ref_area": ref_area, "level": level, "name": name} | values


def district_polygons(ledger: Ledger) -> dict[str, shapely.Polygon]:
    """Return the sketched outline (EPSG:4326) of each district by area code; neighbours share corners."""
    polygons = {}
    for entry, ring in ledger.rows("district_sketch_rings.csv", RingRow):
        corners = _corner_points(ledger, entry.folder)
        polygons[f"{entry.folder}-{ring.district}"] = shapely.Polygon([corners[c] for c in ring.corners.split()])
    return polygons


def _sketch(ledger: Ledger) -> pd.DataFrame:
    """Return the sketched districts, and each commune that they make up, as outlines."""
    polygons = district_polygons(ledger)
    names = {f"{entry.folder}-{ring.district}": (entry.folder, ring.name)
             for entry, ring in ledger.rows("district_sketch_rings.csv", RingRow)}  # fmt: skip
    records: list[tuple[object, ...]] = [
        (code, "district", names[code][1], names[code][0], polygon) for code, polygon in polygons.items()
    ]
    for commune in sorted({folder for folder, _ in names.values()}):
        whole = shapely.unary_union([polygons[code] for code, (owner, _) in names.items() if owner == commune])
        records.append((commune, "commune", "", commune, whole))
    frame = pd.DataFrame.from_records(records, columns=["ref_area", "level", "name", "commune", "geometry"])
    return frame.assign(boundary="sketch", source=SKETCH_SOURCE)[list(COLUMNS)]


def outlines_of(ledger: Ledger, official: pd.DataFrame | None = None) -> Outlines:
    """Return the outlines of communes, districts and IRIS that are known.

    Parameters
    ----------
    official : columns of `Outlines.frame`; a commune with official districts keeps none of its sketched ones.
    """
    sketch = _sketch(ledger)
    if official is None or official.empty:
        return Outlines(sketch)
    redrawn = set(official.loc[official["level"] == "district", "commune"])
    is_replaced = sketch["ref_area"].isin(official["ref_area"])
    is_replaced |= (sketch["level"] == "district") & sketch["commune"].isin(redrawn)
    return Outlines(pd.concat([sketch[~is_replaced], official], ignore_index=True))


def _communes(catalogue: Catalogue, polygons: dict[str, shapely.Polygon]) -> list[dict[str, object]]:
    areas = []
    for code, territory in catalogue.territories.items():
        values: dict[str, object] = {"short_name": territory.short, "parent": territory.parent}
        if territory.level == "commune":
            values["commune"] = code
        outline = shapely.unary_union([p for area, p in polygons.items() if area.startswith(f"{code}-")])
        if not outline.is_empty:
            centre = outline.representative_point()
            values |= {"geometry": shapely.to_wkb(outline), "boundary": "sketch", "boundary_source": SKETCH_SOURCE,
                       "label_longitude": centre.x, "label_latitude": centre.y}  # fmt: skip
        areas.append(_area(code, territory.level, territory.name, **values))
    return areas


def _districts(ledger: Ledger, polygons: dict[str, shapely.Polygon]) -> list[dict[str, object]]:
    areas = []
    for entry, ring in ledger.rows("district_sketch_rings.csv", RingRow):
        code = f"{entry.folder}-{ring.district}"
        areas.append(
            _area(code, "district", ring.name, parent=entry.folder, commune=entry.folder, district=code,
                  geometry=shapely.to_wkb(polygons[code]), boundary="sketch", boundary_source=SKETCH_SOURCE,
                  label_longitude=ring.label_longitude, label_latitude=ring.label_latitude)
        )  # fmt: skip
    return areas


def _iris(ledger: Ledger) -> list[dict[str, object]]:
    return [
        _area(row.iris, "iris", row.name, parent=entry.folder, commune=entry.folder, boundary_source=SKETCH_SOURCE,
              geometry=shapely.to_wkb(shapely.Point(row.longitude, row.latitude)),
              label_longitude=row.longitude, label_latitude=row.latitude)
        for entry, row in ledger.rows("iris.csv", IrisRow)
    ]  # fmt: skip


def _census_iris(ledger: Ledger, catalogue: Catalogue) -> list[dict[str, object]]:
    """Return the IRIS that the census knows of communes whose ledger lists none: they have no position and no name."""
    names = {code: one.name for code, one in catalogue.territories.items() if one.level == "commune"}
    known = iris_of(names, ledger)
    unlisted = known[~known["is_listed"].astype(bool)]
    return [
        _area(row.iris, "iris", names[row.commune] + ("" if row.is_whole_commune else f", IRIS {row.iris[5:]}"),
              parent=row.commune, commune=row.commune)
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
    polygons = district_polygons(ledger)
    areas = [
        *_communes(catalogue, polygons),
        *_districts(ledger, polygons),
        *_iris(ledger),
        *_census_iris(ledger, catalogue),
        *_named(ledger, catalogue),
        *_networks(ledger),
    ]
    return pd.DataFrame.from_records(areas)


def map_context(ledger: Ledger) -> pd.DataFrame:
    """Return the `map_context` table: river bank, railway and the names of neighbours, as sketched."""
    records = []
    for entry, row in ledger.rows("map_context.csv", MapContextRow):
        corners = _corner_points(ledger, entry.folder)
        shape = (
            shapely.LineString([corners[corner] for corner in row.corners.split()])
            if row.kind == "line"
            else shapely.Point(row.longitude or 0.0, row.latitude or 0.0)
        )
        records.append({"commune": entry.folder, "kind": row.kind, "name": row.name, "boundary": "sketch",
                        "source": SKETCH_SOURCE, "geometry": shapely.to_wkb(shape)})  # fmt: skip
    return pd.DataFrame.from_records(records, columns=TABLES["map_context"].schema.names)


def iris_weights(ledger: Ledger) -> pd.DataFrame:
    """Return the `iris_weights` table with full district codes."""
    shares = ledger.frame("iris_district_shares.csv")
    return pd.DataFrame(
        {
            "iris": shares["iris"],
            "district": shares["folder"] + "-" + shares["district"],
            "area_share": shares["area_share"],
            "weight": shares["weight"],
        }
    )
