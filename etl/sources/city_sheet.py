"""What the city fills in on the gap sheet: dates, quantities and positions of operations, none of them a series."""

import pandas as pd

from data.definitions import Catalogue
from data.schemas import TABLES
from etl.ledger import Ledger

EDITION = "city-sheet"


def observations(_ledger: Ledger, _catalogue: Catalogue) -> pd.DataFrame:
    """Return no observation: the sheet's rows are `phases` and `statements` of programmes."""
    return pd.DataFrame(columns=TABLES["observations"].schema.names)
