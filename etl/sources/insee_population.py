"""Municipal populations (Insee)."""

import pandas as pd

from data.definitions import Catalogue
from etl.ledger import Ledger
from etl.open_data import transcribed


def observations(ledger: Ledger, catalogue: Catalogue) -> pd.DataFrame:
    """Return the transcribed observations of this source."""
    return transcribed(ledger, catalogue, "insee_population")
