"""What the ledger sketches of a commune: districts by shared corners, and lines that let a map be read."""

import pandas as pd
import shapely

from data.models import CornerRow, MapContextRow, RingRow
from data.schemas import TABLES
from etl.ledger import Ledger
from etl.outlines import COLUMNS

SKETCH_SOURCE = "contours-iris-2020"


def _corner_points(ledger: Ledger, folder: str) -> dict[str, tuple[float, float]]:
    rows = ledger.rows("district_sketch_corners.csv", CornerRow)
    return {row.corner: (row.longitude, row.latitude) for entry, row in rows if entry.folder == folder}


def district_polygons(ledger: Ledger) -> dict[str, shapely.Polygon]:
    """Return the sketched outline (EPSG:4326) of each district by area code; neighbours share corners."""
    polygons = {}
    for entry, ring in ledger.rows("district_sketch_rings.csv", RingRow):
        corners = _corner_points(ledger, entry.folder)
        polygons[f"{entry.folder}-{ring.district}"] = shapely.Polygon([corners[c] for c in ring.corners.split()])
    return polygons


def sketched_outlines(ledger: Ledger) -> pd.DataFrame:
    """Return the sketched districts, and each commune that they make up, as outlines (`Outlines.frame`)."""
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


def redrawn_communes(ledger: Ledger) -> set[str]:
    """Return the communes whose districts received files gave: nothing of their sketch holds any more."""
    return set(ledger.official.loc[ledger.official["level"] == "district", "commune"])


def map_context(ledger: Ledger) -> pd.DataFrame:
    """Return the `map_context` table: river bank, railway and the names of neighbours, as sketched.

    The lines run through corners of the sketch: of a commune whose official districts are known they are left out.
    """
    records, redrawn = [], redrawn_communes(ledger)
    for entry, row in ledger.rows("map_context.csv", MapContextRow):
        if row.kind == "line" and entry.folder in redrawn:
            continue
        corners = _corner_points(ledger, entry.folder)
        shape = (
            shapely.LineString([corners[corner] for corner in row.corners.split()])
            if row.kind == "line"
            else shapely.Point(row.longitude or 0.0, row.latitude or 0.0)
        )
        records.append({"commune": entry.folder, "kind": row.kind, "name": row.name, "boundary": "sketch",
                        "source": SKETCH_SOURCE, "geometry": shapely.to_wkb(shape)})  # fmt: skip
    return pd.DataFrame.from_records(records, columns=TABLES["map_context"].schema.names)
