"""Open-data figures transcribed in the ledger: what the source modules share."""

import pandas as pd

from data.definitions import Catalogue
from data.errors import Fault, FaultyInputError
from data.models import OpenDataRow
from data.schemas import TABLES
from etl.ledger import Entry, Ledger

# The data sets whose figures the ledger transcribes; the others are read from a package or derived from outlines.
TRANSCRIBED = ("insee_population", "sitadel", "rpls", "lovac", "heat_networks")

# What stands behind a figure of microdata (`etl.intake.Loaded`): for disclosure control, never published.
BEHIND = ("contributors", "largest_share")


def complete(frame: pd.DataFrame) -> pd.DataFrame:
    """Give statistical observations the columns that are the same for all of them.

    Parameters
    ----------
    frame : columns `ref_area`, `indicator`, `time_period`, `obs_value`, `obs_status`, `source`, `source_detail`; any
        other column of the observations table is kept where present, and so are those of `BEHIND`.
    """
    defaults: dict[str, str | None] = {
        **dict.fromkeys(TABLES["observations"].schema.names, ""),
        "time_basis": "stated", "qualifier": "exact", "nature": "observed", "conf_status": "F", "obs_value_max": None,
    }  # fmt: skip
    if any(column in frame for column in BEHIND):
        defaults |= dict.fromkeys(BEHIND)
    missing = {column: value for column, value in defaults.items() if column not in frame}
    result = frame.assign(**missing)
    result["as_of"] = result["as_of"].where(result["as_of"] != "", result["time_period"])
    return result[list(defaults)]


def transcribed(ledger: Ledger, catalogue: Catalogue, dataset: str) -> pd.DataFrame:
    """Return the observations of one data set that the ledger transcribes."""
    frame = ledger.frame("open_data.csv")
    mine = frame[frame["source"].isin(catalogue.sources[dataset].editions)]
    return complete(mine.drop(columns=["folder", "unit"]))


def refuse_parts_above_total(ledger: Ledger, parts: tuple[str, ...], total: str) -> None:
    """Check that the parts given for an area and period do not exceed their total.

    Raises
    ------
    FaultyInputError
        Lists each total that is smaller than the sum of its parts.
    """
    values: dict[tuple[str, str], dict[str, tuple[Entry, OpenDataRow]]] = {}
    for entry, row in ledger.rows("open_data.csv", OpenDataRow):
        if row.indicator in {*parts, total}:
            values.setdefault((row.ref_area, row.time_period), {})[row.indicator] = (entry, row)
    faults: list[Fault] = []
    for group in values.values():
        numbers = {name: row.obs_value for name, (_, row) in group.items() if row.obs_value is not None}
        if total in numbers and sum(numbers.get(part, 0) for part in parts) > numbers[total]:
            faults.append(group[total][0].fault("obs_value", f"less than the sum of {', '.join(parts)}", "Check both"))
    if faults:
        raise FaultyInputError(faults)
