"""Green spaces as volunteers draw them in OpenStreetMap: an answer of Overpass, or a layer with its tags.

What counts is what the map says to be a place of green: parks and gardens, woods, meadows and the like. Lawns
(`landuse=grass`), which are mostly verges, are left out, and so is what the map says to be private.
"""

from pathlib import Path

import pandas as pd

from data.errors import UnreadableFileError
from etl.green_spaces import GIVES as GREEN_SPACES
from etl.green_spaces import Told, measured
from etl.intake import Extracted, Loaded, Scope, edition_date
from etl.overpass import TAGS, is_overpass, read_overpass
from etl.reading.vector import read_features

GIVES = GREEN_SPACES
KINDS = {
    "leisure": frozenset({"park", "garden", "nature_reserve", "common"}),
    "landuse": frozenset({"recreation_ground", "village_green", "forest", "meadow"}),
    "natural": frozenset({"wood", "heath", "grassland", "scrub"}),
}
# Who is not of the house may not enter, or only as a customer or with a permit.
CLOSED = frozenset({"no", "private", "customers", "permit", "residents", "members", "delivery", "employees"})
PRIVATE_GARDENS = frozenset({"residential", "private"})
DETAIL = "OpenStreetMap, " + "; ".join(f"{tag}={'|'.join(sorted(values))}" for tag, values in KINDS.items())


def extract(path: Path) -> Extracted:
    """Read an answer of Overpass, or a layer (GeoJSON, GeoPackage, Shapefile) that has the tags as columns.

    Raises
    ------
    UnreadableFileError
        It is neither, was cut short by the server, or has no tag of green spaces.
    """
    if not path.is_file():
        raise UnreadableFileError(f"{path.name} cannot be read: it is no file")
    if is_overpass(path):
        return read_overpass(path)
    features = read_features(path)
    if not set(KINDS) & set(features.frame.columns):
        raise UnreadableFileError(
            f"{path.name} has no column {', '.join(KINDS)}: it is not of OpenStreetMap. A file of another publisher is "
            "taken with: python -m etl ingest green_space FILE"
        )
    absent = [name for name in TAGS if name not in features.frame.columns]
    frame = features.frame.assign(**dict.fromkeys(absent, ""), fault="", state="")
    return Extracted(features.file, frame, features.rejected)


def are_green_spaces(frame: pd.DataFrame) -> pd.Series:
    """Return which elements are green spaces that the map does not say to be closed to the public."""
    is_green = pd.Series(False, index=frame.index)
    for tag, values in KINDS.items():
        is_green |= frame[tag].isin(values)
    is_private = frame["access"].isin(CLOSED) | frame["garden:type"].isin(PRIVATE_GARDENS)
    return is_green & ~is_private


def transform(extracted: Extracted, edition: str, scope: Scope) -> Loaded:
    """Return area and number of the green spaces drawn in communes and districts, and who lives near one."""
    states = [state for state in extracted.frame["state"].unique() if state]
    detail = f"{DETAIL}; {states[0]}" if states else DETAIL
    told = Told(edition_date(edition, "green-space-osm"), edition, detail)
    return measured(extracted, are_green_spaces(extracted.frame), scope, told)
