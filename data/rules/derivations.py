"""What a derived figure is made of, as `derived_from` says it, and what its formula gives again."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from data.rules.formulas import evaluate

# What arithmetic with binary fractions may add to or take from a value, as a share of it: sums of many terms in another
# order included.
ROUNDING = 1e-9
_INPUT = re.compile(r"(\w+)@([^\[]+)\[(.+)\]")
_IRIS = re.compile(r"(\d+) IRIS(, iris_weights\.weight)?")


@dataclass(frozen=True)
class Input:
    """A figure that another one is computed from: of the same area, observed, without alternative readings."""

    indicator: str
    time_period: str
    source: str


@dataclass(frozen=True)
class Ingredients:
    """What a figure is made of.

    `inputs` of a formula; how many IRIS are added up (0 where none are) and whether each counts by its share in the
    area; `others` is what is neither, as it is written.
    """

    inputs: tuple[Input, ...] = ()
    iris: int = 0
    is_shared_out: bool = False
    others: tuple[str, ...] = ()


def ingredients(derived_from: str) -> Ingredients:
    """Return what a figure is made of: `population@2023[insee-population-2023]; stations`, or `22 IRIS`.

    Parameters
    ----------
    derived_from : as observations have it; empty where a figure is not derived.
    """
    inputs, others, iris, is_shared_out = [], [], 0, False
    for part in filter(None, derived_from.split("; ")):
        if found := _INPUT.fullmatch(part):
            inputs.append(Input(*found.groups()))
        elif found := _IRIS.fullmatch(part):
            iris, is_shared_out = int(found[1]), bool(found[2])
        else:
            others.append(part)
    return Ingredients(tuple(inputs), iris, is_shared_out, tuple(others))


def again(expression: str, values: Mapping[str, float]) -> float | None:
    """Return what a formula gives for one value of each input, or None where it divides by zero.

    Raises
    ------
    FormulaError
        The expression is not plain arithmetic.
    """
    value = float(evaluate(expression, pd.DataFrame({name: [value] for name, value in values.items()})).iloc[0])
    return None if math.isnan(value) else value


def is_same(value: float, other: float) -> bool:
    """Tell whether two results of the same arithmetic are the same."""
    return math.isclose(value, other, rel_tol=ROUNDING, abs_tol=ROUNDING)
