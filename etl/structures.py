"""The counts of the census by which the IRIS of all of France are compared."""

import pandas as pd

from data.frames import rows_of
from data.schemas import TABLES
from etl.packaged import packaged_communes, packaged_rows
from etl.sources.insee_census_iris import COLUMNS, EDITION, PERIOD


def iris_structures(corrections: pd.DataFrame) -> pd.DataFrame:
    """Return the `iris_structures` table: every IRIS of the packaged census, whatever communes a release is about.

    Counts are those of the package, which rounds them to units.

    Parameters
    ----------
    corrections : the `corrections` table; those of figures by IRIS of this edition hold here too.
    """
    names = TABLES["iris_structures"].schema.names
    found = packaged_rows("com", packaged_communes()).rename(columns=COLUMNS | {"iris": "ref_area", "com": "commune"})
    found = found.assign(time_period=PERIOD, source=EDITION)[names].set_index("ref_area", drop=False)
    counts = [name for name in COLUMNS.values() if name in names]
    found[counts] = found[counts].astype("float64")
    mine = corrections[(corrections["source"] == EDITION) & corrections["indicator"].isin(counts)]
    for row in rows_of(mine[mine["ref_area"].isin(found.index)]):
        found.loc[row.ref_area, row.indicator] = row.new_value
    return found.reset_index(drop=True)
