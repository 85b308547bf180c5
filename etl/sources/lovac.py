"""Vacant dwellings of the private stock (LOVAC)."""

import pandas as pd

from data.definitions import Catalogue
from etl.ledger import Ledger
from etl.open_data import refuse_parts_above_total, transcribed


def observations(ledger: Ledger, catalogue: Catalogue) -> pd.DataFrame:
    """Return the file's observations; vacant dwellings may not exceed the stock, nor the long-vacant the vacant."""
    refuse_parts_above_total(ledger, ("private_dwellings_vacant",), "private_dwellings")
    refuse_parts_above_total(ledger, ("private_dwellings_vacant_over_2_years",), "private_dwellings_vacant")
    return transcribed(ledger, catalogue, "lovac")
