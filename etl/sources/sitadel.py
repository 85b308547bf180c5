"""Dwellings authorised and started (Sitadel)."""

import pandas as pd

from data.definitions import Catalogue
from data.errors import Fault, FaultyInputError
from data.models import OpenDataRow
from etl.ledger import Ledger
from etl.open_data import transcribed


def observations(ledger: Ledger, catalogue: Catalogue) -> pd.DataFrame:
    """Return the annual series.

    Raises
    ------
    FaultyInputError
        The starts of the last year read zero: in this source they are not known yet, so they are missing.
    """
    rows = [(e, r) for e, r in ledger.rows("open_data.csv", OpenDataRow) if r.indicator == "dwellings_started"]
    last = max((row.time_period for _, row in rows), default="")
    faults: list[Fault] = [
        entry.fault("obs_value", "the last year's starts are not known yet", "Leave the value empty, status O")
        for entry, row in rows
        if row.time_period == last and row.obs_value == 0
    ]
    if faults:
        raise FaultyInputError(faults)
    return transcribed(ledger, catalogue, "sitadel")
