"""Whether shapes lie where their rows say: a commune's code against its outline."""

import numpy as np
import pandas as pd
import shapely

from data.frames import rows_of
from etl.intake import Scope
from etl.outlines import WGS84, metric_crs, projected

# The sketch is good to about 100 m, and what runs along a border may be drawn on either side of it.
TOLERANCE_M = 300.0


def lies_elsewhere(shapes: np.ndarray, communes: pd.Series, scope: Scope) -> pd.Series:
    """Tell which shapes (shapely, EPSG:4326) lie away from the commune of their row, by more than `TOLERANCE_M`.

    Parameters
    ----------
    communes : the commune of each shape; those that have no outline are believed.
    """
    found = np.zeros(len(shapes), dtype=bool)
    for area in rows_of(scope.outlines.of_level("commune")):
        mine = np.flatnonzero(communes.to_numpy(dtype=object) == area.ref_area)
        crs = metric_crs(str(area.ref_area))
        outline = projected(np.array([area.geometry], dtype=object), WGS84, crs)[0]
        found[mine] = shapely.distance(projected(shapes[mine], WGS84, crs), outline) > TOLERANCE_M
    return pd.Series(found, index=communes.index)
