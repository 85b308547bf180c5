"""What a text leaves out of an operation: which facts matter for which kind of operation, and which are missing."""

from collections.abc import Collection

import pandas as pd

FACTS = ("date", "area", "position", "delivered", "tenure")

_GREEN = frozenset({"green_space"})
_HOUSING = frozenset({"housing_programme"})
# Things built or planted stand somewhere, whether or not the text says in which sector.
_BUILT = frozenset(
    {
        "culture",
        "cycle_route",
        "energy",
        "facility",
        "green_space",
        "housing_programme",
        "school",
        "transit",
        "urban_programme",
    }
)
# Decisions, labels, services and collections have no place of their own.
_PLACELESS = frozenset({"governance", "label", "public_service", "waste"})
# Kinds a reader expects a size of: dwellings, square metres, kilometres.
SIZED = _GREEN | _HOUSING | {"cycle_route"}


def relevant_facts(programmes: pd.DataFrame) -> pd.DataFrame:
    """Tell which facts matter for each operation.

    A date matters for all; an area for green spaces; a position for what the text places in a sector and for what is
    built or planted; the delivered quantity and the tenure (share of social dwellings) for housing programmes. A
    proposal has delivered nothing and stands nowhere yet.

    Parameters
    ----------
    programmes : columns `kind`, `status`, `ref_area`; an operation placed in a sector has `-op-` in its `ref_area`.

    Returns
    -------
    DataFrame of bool, index of `programmes`, one column per name in `FACTS`.
    """
    kind, decided = programmes["kind"], programmes["status"] != "proposed"
    placed = programmes["ref_area"].str.contains("-op-", regex=False) & ~kind.isin(_PLACELESS)
    housing = kind.isin(_HOUSING) & decided
    return pd.DataFrame(
        {
            "date": pd.Series(True, index=programmes.index),
            "area": kind.isin(_GREEN) & decided,
            "position": (placed | kind.isin(_BUILT)) & decided,
            "delivered": housing,
            "tenure": housing,
        }
    )


def missing_facts(programmes: pd.DataFrame, positioned: Collection[str]) -> pd.DataFrame:
    """Tell which facts that matter for an operation its source does not give.

    Parameters
    ----------
    programmes : columns of `relevant_facts`, and `name`, `start`, `end` (ISO 8601 or empty), `area_m2` (m²),
        `dwellings_delivered`, `dwellings_social_share` (numbers or missing).
    positioned : names of the places whose position a source gives.

    Returns
    -------
    As `relevant_facts`.
    """
    unknown = pd.DataFrame(
        {
            "date": (programmes["start"] == "") & (programmes["end"] == ""),
            "area": programmes["area_m2"].isna(),
            "position": ~programmes["name"].isin(list(positioned)),
            "delivered": programmes["dwellings_delivered"].isna(),
            "tenure": programmes["dwellings_social_share"].isna(),
        }
    )
    return unknown & relevant_facts(programmes)
