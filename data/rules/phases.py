"""Phases of programmes: what a dated phase says, and how far its date has slipped from one statement to the next."""

import pandas as pd

from data.rules.dates import period_end, period_start

# Phases that are counted from, or hold for a time, are facts; the others are promises until they have happened.
_FACTS = {"counted_since", "validity"}


def phase_state(phase: str, date: str, status: str, as_of: str) -> str:
    """Return `happened` where a statement says that a dated phase has taken place, else `planned`.

    It has where the whole operation is delivered, or where the date was over before the statement was made.
    """
    if phase in _FACTS or status == "delivered" or period_end(date) < period_start(as_of):
        return "happened"
    return "planned"


def newest_statements(phases: pd.DataFrame) -> pd.DataFrame:
    """Return the newest statement of each phase of each programme: rows of the `phases` table."""
    return phases.sort_values("as_of").groupby(["programme_id", "phase", "bound"]).tail(1)
