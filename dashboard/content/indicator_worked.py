"""A derived figure worked out again from the release: what it is made of, what that gives, whether that is it."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard.figures import indicators, series
from dashboard.formats import is_missing
from dashboard.view import View
from data.frames import rows_of
from data.rules.aggregation import sum_over_areas, weigh_to_areas
from data.rules.derivations import Input, again, ingredients, is_same
from data.rules.formulas import input_names

SAME, DIFFERENT, WITHHELD, NOT_APPLICABLE, NOT_KNOWN, NO_FORMULA = (
    "same", "different", "withheld", "not_applicable", "not_known", "no_formula",
)  # fmt: skip
_SECRET = "C"


@dataclass(frozen=True)
class Worked:
    """A figure that a formula gives.

    `inputs` are the inputs with their rows (None where the release has no such row), `value` what the formula gives
    again, `state` how that stands to the figure: `same`, `different`, `withheld` (one of them is), `not_applicable`
    (nothing to divide by), `not_known` (an input is not in the release) or `no_formula` (it is more than arithmetic).
    """

    row: Any
    expression: str
    inputs: tuple[tuple[Input, Any], ...]
    value: float | None
    state: str


@dataclass(frozen=True)
class Summed:
    """A figure that adds up IRIS: the row and weight of each, what they give again, how that stands to the figure."""

    row: Any
    parts: tuple[tuple[Any, float], ...]
    is_shared_out: bool
    value: float | None
    state: str


def _input_row(view: View, ref_area: str, one: Input) -> Any:
    found = series(view.release, ref_area, one.indicator)
    mine = found[(found["reading"] == "") & (found["time_period"] == one.time_period) & (found["source"] == one.source)]
    return next(rows_of(mine), None)


def _held_against(row: Any, value: float | None) -> str:
    """Return how what was worked out again stands to the figure."""
    if value is None or is_missing(row.obs_value):
        return NOT_APPLICABLE if value is None and is_missing(row.obs_value) else DIFFERENT
    return SAME if is_same(value, row.obs_value) else DIFFERENT


def _by_formula(row: Any, expression: str, inputs: tuple[tuple[Input, Any], ...], is_plain: bool) -> Worked:
    if not is_plain:
        return Worked(row, expression, inputs, None, NO_FORMULA)
    known = [(one.indicator, found) for one, found in inputs if found is not None]
    if _SECRET in {row.conf_status, *(found.conf_status for _, found in known)}:
        return Worked(row, expression, inputs, None, WITHHELD)
    values = {name: float(found.obs_value) for name, found in known if not is_missing(found.obs_value)}
    if len(values) < len(inputs):
        return Worked(row, expression, inputs, None, NOT_KNOWN)
    value = again(expression, values)
    return Worked(row, expression, inputs, value, _held_against(row, value))


def worked(view: View, row: Any) -> Worked | None:
    """Work a figure out again from its inputs; None where it is made of none.

    Parameters
    ----------
    row : an observation of the release of the view.
    """
    made = ingredients(row.derived_from)
    if not made.inputs:
        return None
    inputs = tuple((one, _input_row(view, row.ref_area, one)) for one in made.inputs)
    expression = str(indicators(view.release)[row.indicator].expression)
    names = {one.indicator for one in made.inputs}
    is_plain = bool(expression) and not made.others and names == input_names(expression)
    return _by_formula(row, expression, inputs, is_plain)


def _weights(view: View, ref_area: str, is_shared_out: bool) -> pd.DataFrame:
    """Return the IRIS of an area with the share of each that lies in it: `ref_area`, `parent`, `weight`."""
    if is_shared_out:
        known = view.release.table("iris_weights")
        return known[known["district"] == ref_area].rename(columns={"iris": "ref_area", "district": "parent"})
    areas = view.areas
    mine = areas.loc[(areas["level"] == "iris") & (areas["commune"] == ref_area), ["ref_area"]]
    return mine.reset_index(drop=True).assign(parent=ref_area, weight=1.0)


def _summed_value(rows: pd.DataFrame, weights: pd.DataFrame, is_shared_out: bool) -> float | None:
    if is_shared_out:
        found = weigh_to_areas(rows, weights[["ref_area", "parent", "weight"]])
    else:
        found = sum_over_areas(rows, weights.set_index("ref_area")["parent"])
    values = [float(value) for value in found["obs_value"] if not is_missing(value)]
    return values[0] if values else None


def summed(view: View, row: Any) -> Summed | None:
    """Add up the IRIS that a figure is made of again; None where it adds up none.

    Parameters
    ----------
    row : an observation of the release of the view.
    """
    made = ingredients(row.derived_from)
    if not made.iris:
        return None
    weights, table = _weights(view, row.ref_area, made.is_shared_out), view.release.table("observations")
    rows = table[
        table["ref_area"].isin(weights["ref_area"]) & (table["indicator"] == row.indicator)
        & (table["time_period"] == row.time_period) & (table["source"] == row.source) & (table["nature"] == "observed")
    ]  # fmt: skip
    weight = dict(zip(weights["ref_area"], weights["weight"], strict=True))
    parts = tuple((one, float(weight[one.ref_area])) for one in rows_of(rows.sort_values("ref_area")))
    if _SECRET in {row.conf_status, *(one.conf_status for one, _ in parts)}:
        return Summed(row, parts, made.is_shared_out, None, WITHHELD)
    if len(parts) < made.iris:
        return Summed(row, parts, made.is_shared_out, None, NOT_KNOWN)
    value = _summed_value(rows, weights, made.is_shared_out)
    return Summed(row, parts, made.is_shared_out, value, _held_against(row, value))
