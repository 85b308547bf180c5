"""From IRIS to communes and districts."""

import pandas as pd

from data.rules.statuses import of_ranks, ranks


def sum_over_areas(observations: pd.DataFrame, parents: pd.Series) -> pd.DataFrame:
    """Sum observations over the areas of each parent, only where every child has a value.

    Parameters
    ----------
    observations : columns `ref_area`, `indicator`, `time_period`, `source`, `obs_value`, `obs_status`.
    parents : parent code by child code (index).

    Returns
    -------
    DataFrame with `ref_area` (the parent), `indicator`, `time_period`, `source`, `obs_value`, `obs_status`, `children`.
    """
    weights = pd.DataFrame({"ref_area": parents.index, "parent": parents.to_numpy(), "weight": 1.0})
    return weigh_to_areas(observations, weights)


def weigh_to_areas(observations: pd.DataFrame, weights: pd.DataFrame) -> pd.DataFrame:
    """Bring values of small areas to larger ones by the share of each small area that lies inside.

    Parameters
    ----------
    weights : columns `ref_area`, `parent`, `weight`; the weights of a small area sum to 1.

    Returns
    -------
    As `sum_over_areas`; a parent whose small areas do not all have a value gets none. Statuses are the worst of the
    inputs; where a weight is not 1 the caller marks the result as estimated.
    """
    keys = ["parent", "indicator", "time_period", "source"]
    joined = observations.merge(weights, on="ref_area")
    joined["part"] = joined["obs_value"] * joined["weight"]
    joined["rank"] = ranks(joined["obs_status"])
    grouped = joined.groupby(keys, sort=True)
    result = grouped.agg(
        obs_value=("part", "sum"), valued=("part", "count"), rank=("rank", "max"),
        rows=("part", "size"), children=("ref_area", "nunique"),
    ).reset_index()  # fmt: skip
    result["obs_value"] = result["obs_value"].where(result["valued"] == result["rows"])
    result["obs_status"] = of_ranks(result["rank"])
    needed = weights.groupby("parent")["ref_area"].nunique()
    complete = result["children"] == result["parent"].map(needed)
    kept = [*keys, "obs_value", "obs_status", "children"]
    return result.loc[complete, kept].rename(columns={"parent": "ref_area"}).reset_index(drop=True)
