"""RPLS by commune: social dwellings on 1 January, and how they are occupied.

UTF-8 with byte order mark, CRLF, comma. Where a commune has at most ten dwellings the parts are blank: statistical
secret. Paris, Lyon and Marseille come by arrondissement, and stay so: nothing is summed.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from etl.commune_rows import Column, CommuneRows, in_scope, observe
from etl.intake import Extracted, Loaded, Scope, edition_year
from etl.reading.delimited import Layout, read_delimited

AREA, TOTAL, NAME = "DEPCOM_ARM", "nb_ls", "LIBCOM"
PARTS = ("nb_loues", "nb_vacants", "nb_vides", "nb_asso", "nb_occup_finan", "nb_occup_temp")
INDICATORS = {
    "nb_ls": "social_dwellings",
    "nb_loues": "social_dwellings_let",
    "nb_vacants": "social_dwellings_vacant",
    "nb_vides": "social_dwellings_empty",
}
GIVES = tuple(INDICATORS.values())
LAYOUT = Layout((AREA, *PARTS, TOTAL), (",",))
LARGEST_SECRET_TOTAL = 10
SECRET = {
    "note_fr": "Secret statistique : le répertoire compte au plus dix logements sociaux dans la commune.",
    "note_en": "Statistical secrecy: the register counts at most ten social dwellings in the commune.",
}


def extract(path: Path) -> Extracted:
    """Read the commune table faithfully.

    Raises
    ------
    UnreadableFileError
        The file is not the publisher's commune table.
    """
    return read_delimited(path, LAYOUT)


def transform(extracted: Extracted, edition: str, scope: Scope) -> Loaded:
    """Turn the rows of communes in scope into observations on 1 January of the edition's year.

    Raises
    ------
    UnknownEditionError
        The edition names no year.
    """
    year = edition_year(edition, "rpls")
    chosen = in_scope(extracted, AREA, scope)
    chosen.reject_where(AREA, chosen.rows[AREA].duplicated(keep=False), "duplicate_key")
    numbers = chosen.read_counts((*PARTS, TOTAL))
    numbers = _checked(chosen, numbers)
    totals, parts = numbers[TOTAL].to_numpy(), numbers[list(PARTS)].to_numpy()
    secret = np.isnan(parts).all(axis=1) & (totals >= 1) & (totals <= LARGEST_SECRET_TOTAL)
    columns = [
        Column(name, indicator, f"{year}-01-01", f"RPLS on 1 January {year}, commune table, {name}")
        for name, indicator in INDICATORS.items()
    ]
    observations = observe(chosen.rows[AREA], numbers, columns, edition)
    # Column after column, as the observations are: no secret in the total's own.
    is_secret = np.concatenate([secret & (name != TOTAL) for name in INDICATORS])
    for column, text in {"conf_status": "C", **SECRET}.items():
        free = "F" if column == "conf_status" else ""
        observations[column] = pd.Series([free, text], dtype="str").take(is_secret.astype("int64")).array
    return chosen.loaded(observations, chosen.names(AREA, NAME))


def _checked(chosen: CommuneRows, numbers: pd.DataFrame) -> pd.DataFrame:
    """Reject the rows without total, and those whose parts exceed it; return the numbers of the others."""
    chosen.reject_where(TOTAL, numbers[TOTAL].isna(), "total_missing")
    sums = pd.Series(np.nansum(numbers[list(PARTS)].to_numpy(), axis=1), index=numbers.index)
    chosen.reject_where(TOTAL, sums > numbers[TOTAL], "parts_above_total")
    chosen.drop_rejected()
    return numbers.loc[chosen.rows.index]
