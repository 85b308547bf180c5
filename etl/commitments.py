"""Commitments of a release and what they cost: as the texts and the city's sheets state them."""

import pandas as pd

from data.commitment_models import CommitmentRow, SpendingRow
from data.schemas import TABLES
from etl.ledger import Ledger


def commitments(ledger: Ledger, areas: pd.DataFrame) -> pd.DataFrame:
    """Return the `commitments` table: the rows of the ledger with `commune` and `district` of their area."""
    records = [row.model_dump() for _, row in ledger.rows("commitments.csv", CommitmentRow)]
    frame = pd.DataFrame.from_records(records, columns=list(CommitmentRow.model_fields))
    frame = frame.merge(areas[["ref_area", "commune", "district"]], on="ref_area", how="left")
    return frame[TABLES["commitments"].schema.names]


def spending(ledger: Ledger) -> pd.DataFrame:
    """Return the `spending` table."""
    records = [row.model_dump() for _, row in ledger.rows("spending.csv", SpendingRow)]
    frame = pd.DataFrame.from_records(records, columns=TABLES["spending"].schema.names)
    return frame.astype({"amount_eur": "float64"})
