"""Figures of microdata are suppressed where they would give a household or an establishment away."""

from collections.abc import Collection
from typing import Any

import pandas as pd

from data.definitions import Catalogue
from data.errors import UnprotectedFigureError
from data.frames import rows_of
from data.rules.additive_relations import Nesting, relations_between
from data.rules.disclosure import Cell, Protection
from data.rules.suppression import protect
from etl.open_data import BEHIND

# The same words for a figure suppressed for itself and for one suppressed to protect it: which is which tells too much.
SUPPRESSED = {
    "note_fr": "Non diffusé\u202f: trop peu d’unités, ou un nombre qui permettrait d’en retrouver un autre.",
    "note_en": "Not released: too few units, or a number that would give another one away.",
}
COMMUNE_LENGTH = 5
KEY = ["ref_area", "indicator", "time_period", "nature", "reading", "source"]


def microdata(catalogue: Catalogue) -> frozenset[str]:
    """Return the data sets whose rows are about single households or establishments."""
    return frozenset(name for name, source in catalogue.sources.items() if source.microdata)


def protection_of(catalogue: Catalogue) -> Protection:
    """Return how the catalogue says that figures are protected."""
    rules = {name: entry.disclosure for name, entry in catalogue.indicators.items() if entry.disclosure is not None}
    return Protection(rules, catalogue.disclosure)


def _number(value: Any) -> float | None:
    return None if pd.isna(value) else float(value)


def _cell(row: Any, protection: Protection) -> Cell:
    value, behind = _number(row.obs_value), _number(row.contributors)
    if value is not None and behind is None and not protection.is_count(row.indicator):
        raise UnprotectedFigureError(
            f"{row.source}: {row.indicator} of {row.ref_area} is an amount without `contributors`: its connector must "
            "say how many stand behind it"
        )
    return Cell(value, behind, _number(row.largest_share), row.conf_status == "C")


def _suppressed(group: pd.DataFrame, nested: Collection[Nesting], protection: Protection) -> list[object]:
    """Return the index labels of the observations of one data set and period that are suppressed."""
    rows = {(str(row.ref_area), str(row.indicator)): row for row in rows_of(group)}
    cells = {key: _cell(row, protection) for key, row in rows.items()}
    return [rows[key].Index for key in protect(cells, relations_between(cells, nested, protection.rules), protection)]


def protected(observed: pd.DataFrame, catalogue: Catalogue, nested: Collection[Nesting]) -> pd.DataFrame:
    """Suppress figures of microdata, those that give others back included; leave all other data sets as they are.

    Parameters
    ----------
    observed : all columns; those of microdata may have `contributors` and `largest_share`.
    nested : which areas make up which.

    Returns
    -------
    The observations without those two columns. A suppressed one has no value, status O and confidentiality C.

    Raises
    ------
    UnprotectedFigureError
        A figure of microdata has no rule in the catalogue, or an amount no number of contributors.
    """
    frame = observed.reindex(columns=[*observed.columns.difference(list(BEHIND), sort=False), *BEHIND])
    protection, datasets = protection_of(catalogue), microdata(catalogue)
    editions = {name: dataset for name, (dataset, _, _) in catalogue.editions().items() if dataset in datasets}
    mine = frame[frame["source"].isin(list(editions))]
    unruled = sorted(set(mine["indicator"]) - set(protection.rules))
    if unruled:
        raise UnprotectedFigureError(
            f"{', '.join(unruled)}: given by microdata ({', '.join(sorted(datasets))}) without a rule; add a table "
            f"[{unruled[0]}.disclosure] to the catalogue"
        )
    hidden: list[object] = []
    for _, group in mine.groupby([mine["source"].map(editions), "time_period", "nature", "reading"], sort=True):
        hidden += _suppressed(group, nested, protection)
    frame.loc[hidden, ["obs_value", "obs_value_max"]] = float("nan")
    frame.loc[hidden, ["obs_status", "conf_status", *SUPPRESSED]] = ["O", "C", *SUPPRESSED.values()]
    return frame.drop(columns=list(BEHIND))


def without_withheld(corrections: pd.DataFrame, observations: pd.DataFrame) -> pd.DataFrame:
    """Return the `corrections` table without the values, old and new, of figures that are withheld."""
    withheld = observations.loc[observations["conf_status"] == "C", KEY]
    is_withheld = pd.MultiIndex.from_frame(corrections[KEY]).isin(pd.MultiIndex.from_frame(withheld))
    result = corrections.copy()
    result.loc[is_withheld, ["old_value", "new_value"]] = float("nan")
    return result


def without_row_counts(intakes: pd.DataFrame, observations: pd.DataFrame) -> pd.DataFrame:
    """Return the `intakes` table without the numbers of rows that would tell a withheld figure of a whole commune.

    A register has a row per household or establishment, so that its rows of a commune are that figure.
    """
    is_commune = observations["ref_area"].str.len() == COMMUNE_LENGTH
    is_withheld = observations["conf_status"].eq("C") & observations["note_en"].eq(SUPPRESSED["note_en"])
    withheld = observations[is_commune & is_withheld]
    is_telling = intakes["source"].isin(withheld["source"])
    if not is_telling.any():
        return intakes
    columns = ["read", "loaded", "out_of_scope"]
    return intakes.assign(**{name: intakes[name].astype("Int64").mask(is_telling) for name in columns})
