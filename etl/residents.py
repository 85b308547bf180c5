"""Who lives where, as connectors need it that ask who lives near something."""

from dataclasses import dataclass, field

import pandas as pd

COLUMNS = ("iris", "commune", "population", "longitude", "latitude")


def _nobody() -> pd.DataFrame:
    return pd.DataFrame(columns=list(COLUMNS))


def _no_weights() -> pd.DataFrame:
    return pd.DataFrame(columns=["ref_area", "parent", "weight"])


@dataclass(frozen=True, eq=False)
class Residents:
    """The inhabitants of the statistical units (IRIS) of communes, from one edition of the census.

    `frame` : `iris`, `commune`, `population`, and the centre of the unit, `longitude` and `latitude` (EPSG:4326),
    missing where it is not known. `weights` : `ref_area` (an IRIS), `parent` (a district), `weight`; those of an IRIS
    sum to 1. `period` is the year of the census, `source` its edition.
    """

    frame: pd.DataFrame = field(default_factory=_nobody)
    weights: pd.DataFrame = field(default_factory=_no_weights)
    period: str = ""
    source: str = ""

    def of(self, commune: str) -> pd.DataFrame:
        """Return the units of a commune, by code."""
        mine = self.frame[self.frame["commune"] == commune]
        return mine.sort_values("iris").reset_index(drop=True)

    def by_area(self, commune: str, shares: pd.Series) -> pd.DataFrame:
        """Return how many live in a commune and its districts, and how many of them in the shares of the units.

        Parameters
        ----------
        shares : of each unit of the commune (index: its code) the part that counts, 0 to 1.

        Returns
        -------
        DataFrame (index: area) : `population`, `counted`. A district whose units are not all known is left out.
        """
        units = self.of(commune).set_index("iris")
        units = units.assign(counted=units["population"] * shares.reindex(units.index))
        whole = units[["population", "counted"]].sum(skipna=False).to_frame(commune).T
        mine = self.weights[self.weights["parent"].str.startswith(f"{commune}-")]
        known = units.reindex(mine["ref_area"])[["population", "counted"]].to_numpy(dtype="float64")
        parts = pd.DataFrame(known * mine[["weight"]].to_numpy(dtype="float64"), columns=["population", "counted"])
        districts = parts.groupby(mine["parent"].to_numpy()).sum(min_count=1) if len(parts) else parts.iloc[:0]
        if len(parts):
            is_whole = parts.notna().all(axis=1).groupby(mine["parent"].to_numpy()).all()
            districts = districts[is_whole]
        return pd.concat([whole, districts]).dropna()
