"""How IRIS are shared out among districts: as the ledger states, or by how official outlines overlap."""

import pandas as pd
import shapely

from data.errors import MissingOutlinesError
from etl.ledger import Ledger
from etl.outlines import WGS84, metric_crs, projected
from etl.packaged import iris_of
from etl.sketch import redrawn_communes

# Borders of two publishers never agree to the metre: a smaller share of an IRIS is no share.
LEAST_SHARE = 0.001
COLUMNS = ["iris", "district", "area_share", "weight"]


def shares_by_overlap(iris: pd.DataFrame, districts: pd.DataFrame, commune: str) -> pd.DataFrame:
    """Share the IRIS of a commune out among its districts by area.

    Parameters
    ----------
    iris, districts : `ref_area` and `geometry` (shapely, EPSG:4326), areas of one level not overlapping.

    Returns
    -------
    DataFrame : `iris`, `district`, `area_share` (the part of the area of the IRIS that lies in the district, measured
    in the legal projection), `weight` (the same, so that the weights of an IRIS sum to 1). Without IRIS that lie in
    no district.
    """
    crs = metric_crs(commune)
    units, sectors = (projected(one["geometry"].to_numpy(dtype=object), WGS84, crs) for one in (iris, districts))
    unit, sector = shapely.STRtree(sectors).query(units, predicate="intersects")
    share = shapely.area(shapely.intersection(units[unit], sectors[sector])) / shapely.area(units)[unit]
    codes = iris["ref_area"].to_numpy()[unit], districts["ref_area"].to_numpy()[sector]
    frame = pd.DataFrame({"iris": codes[0], "district": codes[1], "area_share": share})
    frame = frame[frame["area_share"] >= LEAST_SHARE].sort_values(["iris", "district"]).reset_index(drop=True)
    return frame.assign(weight=frame["area_share"] / frame.groupby("iris")["area_share"].transform("sum"))


def _of_redrawn(commune: str, ledger: Ledger) -> pd.DataFrame:
    """Return the shares of a commune whose districts are official; only official outlines of its IRIS fit them."""
    mine = ledger.official[ledger.official["commune"] == commune]
    iris, districts = (mine[mine["level"] == level] for level in ("iris", "district"))
    wanted = set(iris_of({commune}, ledger)["iris"])
    missing = sorted(wanted - set(iris["ref_area"]))
    if missing:
        raise MissingOutlinesError(
            f"the districts of {commune} are official, but the official outlines of {len(missing)} of its "
            f"{len(wanted)} IRIS ({', '.join(missing[:3])}…) are not there, and figures are shared out by how both "
            f"overlap. Take them with: python -m etl fetch contours_iris --commune {commune} --edition YEAR (or python "
            "-m etl ingest contours_iris FILE --edition YEAR)"
        )
    shares = shares_by_overlap(iris[iris["ref_area"].isin(wanted)], districts, commune)
    outside = sorted(wanted - set(shares["iris"]))
    if outside:
        raise MissingOutlinesError(
            f"IRIS {', '.join(outside[:5])} of {commune} lie in none of its official districts: their figures would be "
            "lost. Check that both files are about the same commune and in the right reference system"
        )
    return shares


def iris_weights(ledger: Ledger) -> pd.DataFrame:
    """Return the `iris_weights` table with full district codes.

    Raises
    ------
    MissingOutlinesError
        A commune has official districts, but not the official outlines of all of its IRIS.
    """
    shares = ledger.frame("iris_district_shares.csv")
    redrawn = redrawn_communes(ledger)
    stated = shares[~shares["folder"].isin(redrawn)]
    frame = stated.assign(district=stated["folder"] + "-" + stated["district"])[COLUMNS]
    computed = [_of_redrawn(commune, ledger) for commune in sorted(redrawn)]
    return pd.concat([frame, *computed], ignore_index=True) if computed else frame
