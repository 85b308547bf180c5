"""Which figures of a new release are implausible beside the one before: of another magnitude, fallen to zero, lost."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.magnitude_models import Limits

# What is read of observations, and what is said of an implausible one. `factor` is new ÷ old; `kind` is `revised` (the
# same period), `period` (a new one; `old` is then the value of `before`) or `lost` (`old` and `new` count cells).
READ = ["ref_area", "indicator", "time_period", "nature", "reading", "source", "obs_value"]
FOUND = ["kind", "ref_area", "indicator", "before", "time_period", "source", "old", "new", "factor"]
REVISED, PERIOD, LOST = "revised", "period", "lost"
LOST_SHARE = 0.1
_SERIES = ["ref_area", "indicator", "nature", "reading", "dataset"]
_CELL = [*_SERIES, "time_period"]


@dataclass(frozen=True, eq=False)
class Judge:
    """What figures are judged by: the data set of each edition, and the limits of each indicator."""

    datasets: Mapping[str, str]
    limits: Mapping[str, Limits]

    def prepared(self, observations: pd.DataFrame) -> pd.DataFrame:
        """Return the rows that have a value, with their data set: editions follow one another within one."""
        rows = observations.loc[observations["obs_value"].notna(), READ]
        return rows.assign(dataset=rows["source"].map(self.datasets).fillna(rows["source"]))

    def limit(self, indicators: pd.Series, name: str) -> np.ndarray:
        """Return a limit for each of some indicators; none for those no longer defined."""
        known = {indicator: getattr(limits, name) for indicator, limits in self.limits.items()}
        return indicators.map(known).to_numpy(dtype="float64", na_value=np.inf)


def _implausible(pairs: pd.DataFrame, kind: str, judge: Judge) -> pd.DataFrame:
    """Return the pairs of values that are too far apart.

    Parameters
    ----------
    pairs : `old`, `new`, and what else is in `FOUND`.
    kind : `revised` or `period`, which limits hold.
    """
    old, new = (pairs[name].to_numpy(dtype="float64") for name in ("old", "new"))
    factor, change, zero_from = (
        judge.limit(pairs["indicator"], name) for name in (f"{kind}_factor", f"{kind}_change", "zero_from")
    )
    low, high = np.minimum(np.abs(old), np.abs(new)), np.maximum(np.abs(old), np.abs(new))
    apart = (high >= factor * low) & (np.abs(new - old) > change)
    to_zero = (new == 0) & (np.abs(old) >= zero_from)
    turned = (old * new < 0) & np.isfinite(change)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        found = pairs.assign(kind=kind, factor=new / old)
    return found.loc[apart | to_zero | turned, FOUND]


def _same_period(old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """Return the values of the same cells in both: of the same edition, else of the same data set if one does."""
    both = old.merge(new, on=[*_CELL, "source"], suffixes=("_old", "_new"))
    seen = [pd.MultiIndex.from_frame(frame[[*_CELL, "source"]]) for frame in (old, new)]
    rest = [old[~seen[0].isin(seen[1])], new[~seen[1].isin(seen[0])]]
    # Texts may give one figure several times: such values are no editions of one another.
    single = [frame[~frame.duplicated(_CELL, keep=False)] for frame in rest]
    renewed = single[0].drop(columns="source").merge(single[1], on=_CELL, suffixes=("_old", "_new"))
    pairs = pd.concat([both, renewed], ignore_index=True)
    pairs = pairs.rename(columns={"obs_value_old": "old", "obs_value_new": "new"})
    return pairs.assign(before=pairs["time_period"])


def _new_periods(old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """Return the values of periods later than any a series had, beside the value of the period before."""
    last = old.groupby(_SERIES, sort=False)["time_period"].max().rename("last").reset_index()
    # A text may give a series several values of one period: the last stands for them.
    known = new.drop_duplicates(_CELL, keep="last").merge(last, on=_SERIES).sort_values([*_SERIES, "time_period"])
    series = known.groupby(_SERIES, sort=False)
    known = known.assign(old=series["obs_value"].shift(), before=series["time_period"].shift())
    later = (known["time_period"] > known["last"]) & known["old"].notna()
    return known[later].rename(columns={"obs_value": "new"})


def implausible(old: pd.DataFrame, new: pd.DataFrame, judge: Judge) -> pd.DataFrame:
    """Return the figures that changed too much, with `FOUND`.

    Parameters
    ----------
    old, new : observations of the same areas in two releases, with `READ`. A release may be judged part by part.
    """
    before, after = judge.prepared(old), judge.prepared(new)
    if before.empty or after.empty:
        return pd.DataFrame(columns=FOUND)
    found = [_implausible(_same_period(before, after), REVISED, judge),
             _implausible(_new_periods(before, after), PERIOD, judge)]  # fmt: skip
    found = [frame for frame in found if len(frame)]
    if not found:
        return pd.DataFrame(columns=FOUND)
    return pd.concat(found, ignore_index=True).sort_values(["indicator", "ref_area", "time_period"], ignore_index=True)


def counted(observations: pd.DataFrame, levels: Mapping[str, str]) -> "pd.Series[int]":
    """Return how many values there are by indicator and level of area; those of parts of a release add up."""
    rows = observations[observations["obs_value"].notna()]
    return rows.groupby([rows["indicator"], rows["ref_area"].map(levels).fillna("").rename("level")]).size()


def lost(old: "pd.Series[int]", new: "pd.Series[int]") -> pd.DataFrame:
    """Return the indicators that vanish from a level or lose a tenth of their values there, with `FOUND`.

    Parameters
    ----------
    old, new : see `counted`, over the whole of a release.
    """
    pairs = pd.DataFrame({"old": old, "new": new.reindex(old.index, fill_value=0)}).reset_index()
    pairs = pairs[pairs["new"] < (1 - LOST_SHARE) * pairs["old"]]
    factor = pairs["new"] / pairs["old"]
    found = pairs.rename(columns={"level": "ref_area"})
    return found.assign(kind=LOST, before="", time_period="", source="", factor=factor)[FOUND]
