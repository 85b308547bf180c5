"""Phases of programmes: what a dated phase says, and how far its date has slipped from one statement to the next.

A statement is a dated snapshot: what one source said of one phase at one time (`as_of`).
"""

from datetime import date

import pandas as pd

from data.frames import rows_of
from data.rules.dates import is_due_and_unconfirmed, months_between, period_end, period_start

# The phases an operation goes through, in order; the last two both say that it is in use. Only these are promises whose
# slip is measured: what is counted from a date or valid for a time promises nothing; an edition that is held is another
# event each time; a target date is compared with what is reached, not with a promise.
STEPS = {"studied": 0, "decided": 1, "works": 2, "part_opening": 3, "opening": 4, "commissioning": 4}
# From works on, an operation is more than these statuses say.
BEGUN = frozenset(phase for phase, rank in STEPS.items() if rank >= STEPS["works"])
NOT_BEGUN = frozenset({"planned", "proposed"})
# Phases that are counted from, or hold for a time, are facts as soon as they are said.
FACTS = frozenset({"counted_since", "validity"})

_SNAPSHOT = ("", "_as_of", "_source", "_source_detail")
SLIPPAGE_COLUMNS = [
    "programme_id",
    "phase",
    *(f"{name}{part}" for name in ("promised", "replanned", "actual") for part in _SNAPSHOT),
    "snapshots",
    "slip_months",
    "slip_months_low",
    "slip_months_high",
]


def phase_state(phase: str, date: str, status: str, as_of: str, confirmed: bool = False) -> str:
    """Return `happened` where a text says that a dated phase has taken place, else `planned`.

    It has where the whole operation is delivered, where the date was over before the statement was made, or where the
    same lines give the date as that of a past event (`confirmed`).
    """
    if phase in FACTS or status == "delivered" or confirmed or period_end(date) < period_start(as_of):
        return "happened"
    return "planned"


def is_due(phase: str, state: str, date: str, status: str, as_of: str, today: date) -> bool:
    """Tell whether a promised phase has passed its deadline while its newest statement is too old to confirm it."""
    if state == "happened" or phase in FACTS or status in {"delivered", "abandoned"}:
        return False
    return is_due_and_unconfirmed(date, as_of, today)


def in_order(phases: pd.DataFrame) -> pd.DataFrame:
    """Return snapshots with the oldest statement first.

    Of statements of the same time, what happened comes after what is planned, and a later date after a sooner one.

    Parameters
    ----------
    phases : columns `as_of` and `date` (ISO 8601), `state` (`planned` or `happened`).
    """
    order = phases.assign(_happened=phases["state"] == "happened", _due=phases["date"].map(period_end))
    order = order.sort_values(["as_of", "_happened", "_due"], kind="stable")
    return order.drop(columns=["_happened", "_due"])


def newest_statements(phases: pd.DataFrame) -> pd.DataFrame:
    """Return the newest statement of each phase: one row per `programme_id`, `phase` and `bound`.

    Parameters
    ----------
    phases : rows of the `phases` table.
    """
    return in_order(phases).drop_duplicates(["programme_id", "phase", "bound"], keep="last")


def slip_months(promised: str, known: str) -> tuple[int, int, int]:
    """Return by how many whole months a date is later than the one promised (negative: earlier).

    A date is a promise that falls due at the end of its period, so that from 2027 to 2028 it is 12 months, and from
    2027 to 15 March 2028 two, from 31 December on. Dates of the same precision are compared as such. Where one is
    coarser it may stand for any date of the other's precision within it, which gives a band: promised for 2027, opened
    in March 2028, is 3 to 14 months late, as December or January was meant.

    Returns
    -------
    From deadline to deadline; the least; the most.
    """
    precision = max(len(promised), len(known))
    (first_promised, last_promised), (first_known, last_known) = (
        (period_end(period_start(period).isoformat()[:precision]), period_end(period)) for period in (promised, known)
    )
    return (
        months_between(last_promised, last_known),
        months_between(last_promised, first_known),
        months_between(first_promised, last_known),
    )


def _snapshot(name: str, row: object | None) -> dict[str, str]:
    parts = ("date", "as_of", "source", "source_detail")
    values = [getattr(row, part) if row is not None else "" for part in parts]
    return dict(zip((f"{name}{part}" for part in _SNAPSHOT), values, strict=True))


def _slip(snapshots: pd.DataFrame) -> dict[str, object]:
    """Return what became of one phase of one programme, its snapshots in order."""
    planned = list(rows_of(snapshots[snapshots["state"] == "planned"]))
    happened = list(rows_of(snapshots[snapshots["state"] == "happened"]))
    promised, actual = (planned[0] if planned else None), (happened[-1] if happened else None)
    # Two sources of the same time that disagree are not a promise and its revision.
    again = planned[-1] if planned and planned[-1].as_of > planned[0].as_of else None
    moved = again if again is not None and again.date != planned[0].date else None
    known = actual or again
    slip: tuple[float, ...] = (float("nan"),) * 3
    if promised is not None and known is not None:
        slip = slip_months(promised.date, known.date)
    return {
        **_snapshot("promised", promised),
        **_snapshot("replanned", moved),
        **_snapshot("actual", actual),
        "snapshots": len(snapshots),
        **dict(zip(SLIPPAGE_COLUMNS[-3:], slip, strict=True)),
    }


def slippage(phases: pd.DataFrame) -> pd.DataFrame:
    """Return what became of every promised date: one row per programme and step that has a dated snapshot.

    Parameters
    ----------
    phases : rows of the `phases` table; phases that are not steps are left out (see `STEPS`).

    Returns
    -------
    `programme_id`, `phase`; for each of `promised` (the first planned date), `replanned` (the newest planned date,
    where it differs) and `actual` (the date that happened) the date, `_as_of`, `_source` and `_source_detail`, empty
    where there is none; `snapshots`, how many statements there are; `slip_months`, `slip_months_low` and
    `slip_months_high` (whole months, see `slip_months`) from the promise to the newest date known, missing where there
    is no promise, or no later statement to set against it.
    """
    groups = in_order(phases[phases["phase"].isin(STEPS)]).groupby(["programme_id", "phase"], sort=True)
    records = [{"programme_id": programme, "phase": phase, **_slip(mine)} for (programme, phase), mine in groups]
    frame = pd.DataFrame.from_records(records, columns=SLIPPAGE_COLUMNS)
    return frame.astype({"snapshots": "int64", **dict.fromkeys(SLIPPAGE_COLUMNS[-3:], "float64")})
