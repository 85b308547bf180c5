"""What a reader of a release can work out of the figures it withholds: an interval each, and whether too narrow."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from data.frames import rows_of
from data.rules.additive_relations import Nesting, relations_between
from data.rules.disclosure import Bounds, Floors, Protection, is_remainder_safe, is_wide
from data.rules.possible_tables import Group, Key, Told, Variable, groups

_INPUT = re.compile(r"(\w+)@([^\[;]+)\[([^\]]+)\]")
Problem = Literal["", "worked_out", "too_narrow", "under_threshold", "remainder", "derived", "told_earlier"]
# Findings about a figure that is withheld, whether or not it can be worked out.
WITHHELD = ("", "worked_out", "too_narrow")


@dataclass(frozen=True)
class Finding:
    """A withheld figure: its least and greatest value as far as a reader can tell, and what is wrong, if anything.

    `worked_out` : only one value is possible. `too_narrow` : too few are. `under_threshold` : told though it must not
    be. `remainder` : what is left of this total beside its parts is small and can be worked out. `derived` : told
    though made from a withheld figure. `told_earlier` : an earlier release that is kept tells it (`release`).
    """

    ref_area: str
    indicator: str
    time_period: str
    source: str
    low: float
    high: float
    problem: Problem = ""
    release: str = ""


@dataclass(frozen=True)
class Audited:
    """What an audit looks at: which editions are microdata, how areas nest, how figures are protected."""

    datasets: Mapping[str, str]
    nested: Collection[Nesting]
    protection: Protection


def _narrow(bounds: Bounds) -> Problem:
    return "worked_out" if bounds.high - bounds.low < 1e-6 else "too_narrow"


class _Reader:
    """A reader of one data set and period: bold (everything has a district) and careful (something may have none)."""

    def __init__(self, rows: Mapping[Key, Any], audited: Audited) -> None:
        self.rows, self.protection = rows, audited.protection
        rules = audited.protection.rules
        values = {key: None if pd.isna(row.obs_value) else float(row.obs_value) for key, row in rows.items()}
        withheld = frozenset(key for key, row in rows.items() if values[key] is None and row.conf_status == "C")
        counts = frozenset(name for name in rules if audited.protection.is_count(name))
        self.told = Told(values, relations_between(rows.keys(), audited.nested, rules), withheld, counts)
        self.floors = Floors(self.told)

    def _bounds(self, variable: Variable, group: Group, *, is_bold: bool) -> Bounds | None:
        found = group.interval(variable)
        return None if found is None else self.floors.beside(variable, found, is_bold=is_bold)

    def _finding(self, key: Key, bounds: Bounds, problem: Problem) -> Finding:
        row = self.rows[key]
        return Finding(*key, str(row.time_period), str(row.source), bounds.low, bounds.high, problem)

    def findings(self) -> Iterator[Finding]:
        """Yield every withheld cell with its interval, and every told cell or remainder that must not be."""
        for key, value in self.told.values.items():
            if value and self.protection.is_count(key[1]) and value < self.protection.threshold(key[1]):
                yield self._finding(key, Bounds(value, value), "under_threshold")
        found: dict[Variable, Finding] = {}
        for is_bold in (False, True):
            for group in groups(self.told, is_bold=is_bold):
                for variable in group.variables:
                    bounds = self._bounds(variable, group, is_bold=is_bold)
                    finding = self._judged(variable, bounds) if bounds is not None else None
                    # The bold reader, who comes last, knows more.
                    if finding is not None and (
                        finding.problem or variable not in found or not found[variable].problem
                    ):
                        found[variable] = finding
        yield from found.values()

    def _judged(self, variable: Variable, bounds: Bounds) -> Finding | None:
        if isinstance(variable, int):
            total = self.told.relations[variable].total
            is_safe = is_remainder_safe(bounds, total[1], self.protection)
            return None if is_safe else self._finding(total, bounds, "remainder")
        if variable not in self.told.suppressed:
            return None
        problem: Problem = "" if is_wide(bounds, variable[1], self.protection) else _narrow(bounds)
        return self._finding(variable, bounds, problem)


def _derived(observations: pd.DataFrame, withheld: Collection[tuple[str, str, str, str]]) -> Iterator[Finding]:
    """Yield the derived figures that are told though one of their inputs is withheld."""
    told = observations[observations["derived_from"].ne("") & observations["obs_value"].notna()]
    for row in rows_of(told[told["ref_area"].isin({key[0] for key in withheld})]):
        inputs = {(row.ref_area, *one) for one in _INPUT.findall(row.derived_from)}
        if not inputs.isdisjoint(withheld):
            yield Finding(row.ref_area, row.indicator, row.time_period, row.source, row.obs_value, row.obs_value,
                          "derived")  # fmt: skip


def audit(observations: pd.DataFrame, audited: Audited) -> list[Finding]:
    """Return what a reader can work out of each figure of microdata that a release withholds.

    Parameters
    ----------
    observations : the table of a release; nothing else is used but the definitions of the catalogue.

    Returns
    -------
    One finding per withheld figure of `audited.datasets` and per figure that is told and must not be, in order.
    """
    datasets = observations["source"].map(dict(audited.datasets))
    is_mine = datasets.notna() & observations["indicator"].isin(set(audited.protection.rules))
    is_mine &= observations["nature"].eq("observed") & observations["reading"].eq("")
    mine = observations[is_mine].assign(dataset=datasets)
    found: list[Finding] = []
    for _, group in mine.groupby(["dataset", "time_period"], sort=True):
        rows = {(str(row.ref_area), str(row.indicator)): row for row in rows_of(group)}
        found += _Reader(rows, audited).findings()
    withheld = {(one.ref_area, one.indicator, one.time_period, one.source) for one in found
                if one.problem in WITHHELD}  # fmt: skip
    found += _derived(observations, withheld)
    return sorted(found, key=lambda one: (one.ref_area, one.indicator, one.time_period, one.source, one.problem))


def told_earlier(findings: Collection[Finding], earlier: pd.DataFrame, release: str) -> list[Finding]:
    """Return the withheld figures that an earlier release tells, with the value it tells."""
    withheld = {(one.ref_area, one.indicator, one.time_period, one.source) for one in findings
                if one.problem in WITHHELD}  # fmt: skip
    told = earlier[earlier["obs_value"].notna() & earlier["nature"].eq("observed") & earlier["reading"].eq("")]
    rows = rows_of(told[told["ref_area"].isin({key[0] for key in withheld})])
    return [Finding(row.ref_area, row.indicator, row.time_period, row.source, row.obs_value, row.obs_value,
                    "told_earlier", release)
            for row in rows if (row.ref_area, row.indicator, row.time_period, row.source) in withheld]  # fmt: skip
