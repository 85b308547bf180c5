"""Sitadel by commune and year: dwellings authorised and started.

UTF-8, semicolon, a row per year, commune and type of dwelling. `Tous` is the sum of the types: its rows are what is
observed; those of the types check it and count as loaded. The last year's starts read 0 and are not known yet. Paris is
there as 75056 and as its arrondissements: each is a commune of its own here, nothing is summed.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from etl.commune_rows import Column, CommuneRows, in_scope, observe
from etl.intake import Extracted, Loaded, Scope, edition_year
from etl.reading.cells import distinct
from etl.reading.delimited import Layout, read_delimited

YEAR, AREA, TYPE = "ANNEE", "COMM", "TYPE_LGT"
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
    by_year = _keys(chosen.rows, AREA, YEAR)
    _check_keys(chosen, by_year, year)
    is_total = _are_totals(chosen)
    _check_has_total(chosen, by_year, is_total)
    numbers = chosen.read_counts((AUTHORISED, STARTED))
    _check_types(chosen, by_year, numbers, is_total)
    totals = chosen.rows.loc[is_total.loc[chosen.rows.index].to_numpy(), [AREA, YEAR]]
    columns = [
        Column(name, indicator, totals[YEAR], f"Sitadel2 annual communal housing series, all types, {name}")
        for name, indicator in INDICATORS.items()
    ]
    observations = observe(totals[AREA], numbers.loc[totals.index], columns, edition)
    return chosen.loaded(_without_last_starts(observations, {_last_year(extracted, year), year}))


def _last_year(extracted: Extracted, edition: str) -> str:
    """Return the last year that a file is about."""
    years = distinct(extracted.frame[YEAR])[1]
    return str(years[years.str.fullmatch("[0-9]{4}") & years.le(edition)].max())


def _by_text(column: pd.Series, judge: Callable[[pd.Series], "pd.Series[bool]"]) -> "pd.Series[bool]":
    """Judge the texts of a column, each distinct one once."""
    places, texts = distinct(column)
    return pd.Series(judge(texts).to_numpy(dtype=bool)[places], index=column.index)


def _are_totals(chosen: CommuneRows) -> "pd.Series[bool]":
    return _by_text(chosen.rows[TYPE], lambda types: types.str.strip().str.casefold().isin(ALL_TYPES))


def _keys(rows: pd.DataFrame, *columns: str) -> pd.Series:
    """Return a whole number for each row, the same where the texts of columns are."""
    key = np.zeros(len(rows), dtype="int64")
    for column in columns:
        places, texts = distinct(rows[column])
        key = key * max(1, len(texts)) + places
    return pd.Series(key, index=rows.index)


def _check_keys(chosen: CommuneRows, by_year: pd.Series, last_year: str) -> None:
    """Reject the rows without a year or type, of years after the edition, and those that come several times.

    Parameters
    ----------
    by_year : a number for each commune and year.
    """
    years = chosen.rows[YEAR]
    is_year = _by_text(years, lambda texts: texts.str.fullmatch("[0-9]{4}") & texts.ge(str(FIRST_YEAR)))
    is_late = _by_text(years, lambda texts: texts.gt(last_year))
    chosen.reject_where(YEAR, ~is_year, "malformed_period")
    chosen.reject_where(YEAR, is_year & is_late, "future_period")
    chosen.reject_where(TYPE, _by_text(chosen.rows[TYPE], lambda texts: texts.str.strip().eq("")), "type_missing")
    places, types = distinct(chosen.rows[TYPE])
    chosen.reject_where(AREA, (by_year * max(1, len(types)) + places).duplicated(keep=False), "duplicate_key")
    chosen.drop_rejected()


def _check_has_total(chosen: CommuneRows, by_year: pd.Series, is_total: "pd.Series[bool]") -> None:
    """Reject the types of a commune and year that have no row for all of them: nothing would be made of them."""
    key = by_year.loc[chosen.rows.index]
    totals = np.bincount(key, weights=is_total)
    chosen.reject_where(TYPE, pd.Series(totals[key] == 0, index=key.index), "total_missing")
    chosen.drop_rejected()


def _check_types(chosen: CommuneRows, by_year: pd.Series, numbers: pd.DataFrame, is_total: "pd.Series[bool]") -> None:
    """Reject the totals that are less than the sum of their types."""
    key, are_totals = (column.loc[chosen.rows.index].to_numpy() for column in (by_year, is_total))
    for column in INDICATORS:
        values = numbers[column].to_numpy()
        of_types = np.bincount(key, weights=np.where(are_totals, 0.0, np.nan_to_num(values)))[key]
        is_less = pd.Series(are_totals & (values < of_types), index=chosen.rows.index)
        chosen.reject_where(column, is_less, "parts_above_total")
    chosen.drop_rejected()


def _without_last_starts(observations: pd.DataFrame, last_years: set[str]) -> pd.DataFrame:
    """Make the zeros of the last year's starts missing: they are not known yet."""
    unknown = observations["indicator"].eq(INDICATORS[STARTED]) & observations["obs_value"].eq(0)
    result = observations.copy()
    for year in sorted(last_years):
        mine = unknown & observations["time_period"].eq(year)
        result.loc[mine, "obs_value"] = np.nan
        for column, text in {"obs_status": "O", "note_fr": NOT_YET_FR, "note_en": NOT_YET_EN}.items():
            result.loc[mine, column] = text.format(year=year)
    return result
