"""Social dwellings of the national register (RPLS)."""

import pandas as pd

from data.definitions import Catalogue
from etl.ledger import Ledger
from etl.open_data import refuse_parts_above_total, transcribed

PARTS = ("social_dwellings_let", "social_dwellings_vacant", "social_dwellings_empty")


def observations(ledger: Ledger, catalogue: Catalogue) -> pd.DataFrame:
    """Return the register's observations; let, vacant and empty dwellings may not exceed the total."""
    refuse_parts_above_total(ledger, PARTS, "social_dwellings")
    return transcribed(ledger, catalogue, "rpls")
