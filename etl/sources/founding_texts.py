"""Figures stated by the founding texts, exactly as their ledger rows give them."""

import pandas as pd

from data.definitions import Catalogue
from data.schemas import TABLES
from etl.ledger import Ledger


def _observations(ledger: Ledger, file_name: str) -> pd.DataFrame:
    frame = ledger.frame(file_name).drop(columns="folder")
    frame["conf_status"] = "F"
    frame["derived_from"] = ""
    return frame[TABLES["observations"].schema.names]


def observations(ledger: Ledger, _catalogue: Catalogue) -> pd.DataFrame:
    """Return the figures of the texts that are series."""
    return _observations(ledger, "figures.csv")


def context(ledger: Ledger) -> pd.DataFrame:
    """Return the figures of the texts that are context: comparators, definitions, counts of names."""
    return _observations(ledger, "context.csv")
