"""Derived indicators: the formulas of the catalogue applied to observations, never by hand."""

from collections.abc import Collection, Mapping
from functools import reduce
from graphlib import TopologicalSorter

import numpy as np
import pandas as pd

from data.definitions import Catalogue
from data.models import Formula
from data.rules.formulas import evaluate
from data.rules.statuses import of_ranks, ranks
from etl.open_data import complete

# What arithmetic with binary fractions may add to or take from a value, as a share of it.
ROUNDING = 1e-12
_CARRIED = ["ref_area", "time_period", "obs_value", "obs_status", "conf_status", "source", "time_basis", "as_of",
            "qualifier"]  # fmt: skip
SECRET = {
    "note_fr": "Non diffusé\u202f: se calcule à partir d’un nombre couvert par le secret statistique.",
    "note_en": "Not released: computed from a number under statistical secrecy.",
}


# Observations that formulas may use, by indicator, with the columns a formula carries on.
Usable = Mapping[str, pd.DataFrame]


def usable(observations: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return observed values, and those that are secret, by indicator; not the alternatives a text leaves open."""
    chosen = observations[
        (observations["nature"] == "observed")
        & (observations["reading"] == "")
        & (observations["obs_value"].notna() | (observations["conf_status"] == "C"))
    ]
    return {str(name): rows[_CARRIED] for name, rows in chosen.groupby("indicator", sort=False)}


def _input_rows(known: Usable, name: str, editions: Collection[str]) -> pd.DataFrame:
    """Return the values of one input that are of some editions."""
    rows = known.get(name)
    if rows is None:
        return pd.DataFrame(columns=_CARRIED)
    found = rows["source"].unique()
    return rows if set(found) <= set(editions) else rows[rows["source"].isin(list(editions))]


def _join_input(rows: pd.DataFrame, other: pd.DataFrame, name: str, period: str) -> pd.DataFrame:
    """Add the value, status and origin of an input to the leading rows."""
    columns = ["ref_area", "time_period", "obs_value", "obs_status", "conf_status", "source"]
    named = {"obs_value": name, "obs_status": f"{name} status", "conf_status": f"{name} secrecy",
             "source": f"{name} source"}  # fmt: skip
    right = other[columns].rename(columns=named)
    right[f"{name} period"] = right["time_period"]
    if period == "same":
        return rows.merge(right, on=["ref_area", "time_period"])
    newest = right.sort_values("time_period").groupby("ref_area").tail(1).drop(columns="time_period")
    return rows.merge(newest, on="ref_area")


def _at_bounds(values: pd.Series, valid_range: tuple[float, float]) -> pd.Series:
    """Return values with those at a bound exactly there: binary fractions make 100.00000000000001 of a whole."""
    for bound in valid_range:
        values = values.mask(np.isclose(values, bound, rtol=ROUNDING, atol=0), bound)
    return values


def derive(known: Usable, indicator: str, formula: Formula, catalogue: Catalogue) -> pd.DataFrame:
    """Compute one derived indicator for every area and period where all inputs are observed.

    Parameters
    ----------
    known : what `usable` makes of observations.

    Returns
    -------
    Observations whose period and source are those of the leading input, whose status is the worst of the inputs (`M`
    where the divisor is zero) and whose `derived_from` names every input with its period and edition. What is made
    from a secret is a secret: an older value of an input never stands in for one that is withheld.
    """
    names = list(formula.inputs)
    tables = {
        name: _input_rows(
            known, name, [edition for one in spec.datasets for edition in catalogue.sources[one].editions]
        )
        for name, spec in formula.inputs.items()
    }
    if any(table.empty for table in tables.values()):
        return complete(pd.DataFrame(columns=["ref_area", "indicator", "time_period", "obs_value", "source"]))
    lead = names[0]
    named = {"obs_value": lead, "obs_status": f"{lead} status", "conf_status": f"{lead} secrecy"}
    rows = tables[lead].rename(columns=named)
    rows[f"{lead} source"], rows[f"{lead} period"] = rows["source"], rows["time_period"]
    for name in names[1:]:
        rows = _join_input(rows, tables[name], name, formula.inputs[name].period)
    if rows.empty:
        return complete(pd.DataFrame(columns=["ref_area", "indicator", "time_period", "obs_value", "source"]))
    rows["obs_value"] = _at_bounds(
        evaluate(formula.expression, rows[names]), catalogue.indicator(indicator).valid_range
    )
    rows["obs_status"] = of_ranks(pd.concat([ranks(rows[f"{name} status"]) for name in names], axis=1).max(axis=1))
    # A rate per nobody (an IRIS without inhabitants) is not missing: it does not apply.
    rows.loc[rows["obs_value"].isna(), "obs_status"] = "M"
    cited = [name + "@" + rows[f"{name} period"] + "[" + rows[f"{name} source"] + "]" for name in names]
    rows["derived_from"] = reduce(lambda text, other: text + "; " + other, cited)
    rows["indicator"], rows["source_detail"] = indicator, formula.expression
    is_secret = (rows[[f"{name} secrecy" for name in names]] == "C").any(axis=1)
    rows["conf_status"] = is_secret.map({True: "C", False: "F"})
    rows["obs_value"], rows["obs_status"] = rows["obs_value"].mask(is_secret), rows["obs_status"].mask(is_secret, "O")
    for column, text in SECRET.items():
        rows[column] = is_secret.map({True: text, False: ""})
    kept = [*_CARRIED, "indicator", "source_detail", "derived_from", *SECRET]
    return complete(rows[kept])


def derived_observations(observations: pd.DataFrame, catalogue: Catalogue) -> pd.DataFrame:
    """Return the observations of all derived indicators of the catalogue.

    A formula may use what another one gives: each indicator is computed after those it is made from. The catalogue
    refuses formulas that go round in a circle.
    """
    formulas = {name: entry.formula for name, entry in catalogue.indicators.items() if entry.formula is not None}
    made_from = {name: [other for other in formula.inputs if other in formulas] for name, formula in formulas.items()}
    frames: dict[str, pd.DataFrame] = {}
    known = usable(observations)
    for name in TopologicalSorter(made_from).static_order():
        frames[name] = derive(known, name, formulas[name], catalogue)
        for derived, rows in usable(frames[name]).items():
            stated = [known[derived]] if derived in known else []
            known[derived] = pd.concat([*stated, rows], ignore_index=True)
    return pd.concat([frames[name] for name in formulas if len(frames[name])], ignore_index=True)
