"""Sitadel by commune and year: dwellings authorised and started.

UTF-8, semicolon, a row per year, commune and type of dwelling. `Tous` is the sum of the types: its rows are what is
observed; those of the types check it and count as loaded. The last year's starts read 0 and are not known yet. Paris is
there as 75056 and as its arrondissements: each is a commune of its own here, nothing is summed.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from etl.commune_rows import Column, CommuneRows, in_scope, observe
from etl.delimited import Layout, read_delimited
from etl.intake import Extracted, Loaded, Scope, edition_year

YEAR, AREA, TYPE = "ANNEE", "COMM", "TYPE_LGT"
KEY = [AREA, YEAR, TYPE]
AUTHORISED, STARTED = "LOG_AUT", "LOG_COM"
INDICATORS = {AUTHORISED: "dwellings_authorised", STARTED: "dwellings_started"}
GIVES = tuple(INDICATORS.values())
LAYOUT = Layout((YEAR, AREA, TYPE, AUTHORISED, STARTED), (";",))
# `Tous` as platform files have it; the publisher's site writes it out.
ALL_TYPES = {"tous", "tous logements"}
FIRST_YEAR = 1970
NOT_YET_FR = (
    "Les logements commencés en {year} ne sont pas encore connus dans cette édition : la valeur manque, "
    "elle n’est pas égale à zéro."
)
NOT_YET_EN = "Dwellings started in {year} are not yet known in this edition: the value is missing, not zero."


def extract(path: Path) -> Extracted:
    """Read the annual communal series faithfully.

    Raises
    ------
    UnreadableFileError
        The file is not the publisher's series.
    """
    return read_delimited(path, LAYOUT)


def transform(extracted: Extracted, edition: str, scope: Scope) -> Loaded:
    """Turn the rows of communes in scope into observations by year.

    Raises
    ------
    UnknownEditionError
        The edition names no year.
    """
    year = str(edition_year(edition, "sitadel"))
    chosen = in_scope(extracted, AREA, scope)
    _check_keys(chosen, year)
    is_total = chosen.rows[TYPE].str.strip().str.casefold().isin(ALL_TYPES)
    _check_has_total(chosen, is_total)
    numbers = chosen.read_counts((AUTHORISED, STARTED))
    _check_types(chosen, numbers, is_total)
    totals = chosen.rows[is_total.loc[chosen.rows.index]]
    years = extracted.frame[YEAR]
    last = years[years.str.fullmatch("[0-9]{4}") & years.le(year)].max()
    columns = [
        Column(name, indicator, totals[YEAR], f"Sitadel2 annual communal housing series, all types, {name}")
        for name, indicator in INDICATORS.items()
    ]
    observations = observe(totals[AREA], numbers.loc[totals.index], columns, edition)
    _forget_last_starts(observations, {last, year})
    return chosen.loaded(observations)


def _check_keys(chosen: CommuneRows, last_year: str) -> None:
    """Reject the rows without a year or type, of years after the edition, and those that come several times."""
    years = chosen.rows[YEAR]
    is_year = years.str.fullmatch("[0-9]{4}") & years.ge(str(FIRST_YEAR))
    chosen.reject_where(YEAR, ~is_year, "malformed_period")
    chosen.reject_where(YEAR, is_year & years.gt(last_year), "future_period")
    chosen.reject_where(TYPE, chosen.rows[TYPE].str.strip().eq(""), "type_missing")
    chosen.reject_where(AREA, chosen.rows.duplicated(KEY, keep=False), "duplicate_key")
    chosen.drop_rejected()


def _check_has_total(chosen: CommuneRows, is_total: pd.Series) -> None:
    """Reject the types of a commune and year that have no row for all of them: nothing would be made of them."""
    key = pd.MultiIndex.from_frame(chosen.rows[[AREA, YEAR]])
    has_total = key.isin(key[is_total.to_numpy(dtype=bool)])
    chosen.reject_where(TYPE, pd.Series(~has_total, index=chosen.rows.index), "total_missing")
    chosen.drop_rejected()


def _check_types(chosen: CommuneRows, numbers: pd.DataFrame, is_total: pd.Series) -> None:
    """Reject the totals that are less than the sum of their types."""
    is_total = is_total.loc[chosen.rows.index]
    if is_total.all():
        return
    sums = numbers[~is_total].groupby([chosen.rows[AREA], chosen.rows[YEAR]]).sum()
    key = pd.MultiIndex.from_frame(chosen.rows.loc[is_total, [AREA, YEAR]])
    for column in INDICATORS:
        of_types = sums[column].reindex(key).to_numpy()
        chosen.reject_where(column, numbers.loc[is_total, column] < of_types, "parts_above_total")
    chosen.drop_rejected()


def _forget_last_starts(observations: pd.DataFrame, last_years: set[str]) -> None:
    """Make the zeros of the last year's starts missing: they are not known yet."""
    is_start = observations["indicator"].eq(INDICATORS[STARTED])
    unknown = is_start & observations["time_period"].isin(last_years) & observations["obs_value"].eq(0)
    years = observations.loc[unknown, "time_period"]
    observations.loc[unknown, "obs_value"] = np.nan
    observations.loc[unknown, "obs_status"] = "O"
    observations.loc[unknown, "note_fr"] = [NOT_YET_FR.format(year=year) for year in years]
    observations.loc[unknown, "note_en"] = [NOT_YET_EN.format(year=year) for year in years]
