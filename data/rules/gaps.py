"""What a text leaves out of an operation: which facts matter for which kind of operation, and which are missing."""

from collections.abc import Collection, Mapping

import pandas as pd

FACTS = ("date", "size", "area", "position", "delivered", "tenure")

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
# What each kind of operation is measured by: quantities of the catalogue, any one of which tells its size.
MEASURES = {
    "housing_programme": ("dwellings", "specific_dwellings"),
    "green_space": ("green_area_m2",),
    "cycle_route": ("cycle_route_km",),
    "energy": ("heat_connections",),
}


def relevant_facts(programmes: pd.DataFrame) -> pd.DataFrame:
    """Tell which facts matter for each operation.

    A date matters for all; an area for green spaces; a size (dwellings, kilometres, connections) for housing
    programmes, cycle routes and heat works, and the delivered part for all of these; a position for what the text
    places in a sector and for what is built or planted; the tenure (share of social dwellings) for housing
    programmes. A proposal has delivered nothing and stands nowhere yet.

    Parameters
    ----------
    programmes : columns `kind`, `status`, `ref_area`; an operation placed in a sector has `-op-` in its `ref_area`.

    Returns
    -------
    DataFrame of bool, index of `programmes`, one column per name in `FACTS`.
    """
    kind, decided = programmes["kind"], programmes["status"] != "proposed"
    placed = programmes["ref_area"].str.contains("-op-", regex=False) & ~kind.isin(_PLACELESS)
    measured = kind.isin(list(MEASURES)) & decided
    return pd.DataFrame(
        {
            "date": pd.Series(True, index=programmes.index),
            "size": measured & ~kind.isin(_GREEN),
            "area": kind.isin(_GREEN) & decided,
            "position": (placed | kind.isin(_BUILT)) & decided,
            "delivered": measured,
            "tenure": kind.isin(_HOUSING) & decided,
        }
    )


def _measured(programmes: pd.DataFrame, quantities: pd.DataFrame, column: str) -> pd.Series:
    """Tell for each operation whether a quantity that measures its kind has a number in a column."""
    known = quantities[quantities[column].notna()]
    found = set(zip(known["programme_id"], known["quantity"], strict=True))
    pairs = zip(programmes["programme_id"], programmes["kind"], strict=True)
    measured = [any((programme, name) in found for name in MEASURES.get(kind, ())) for programme, kind in pairs]
    return pd.Series(measured, index=programmes.index, dtype="bool")


def missing_facts(
    programmes: pd.DataFrame, quantities: pd.DataFrame, phases: pd.DataFrame, positioned: Collection[str]
) -> pd.DataFrame:
    """Tell which facts that matter for an operation no source gives.

    What is delivered of an operation that is delivered is the whole of it: only its size can be missing.

    Parameters
    ----------
    programmes : columns of `relevant_facts`, and `programme_id`, `name`, `longitude`, `dwellings_social_share`.
    quantities : columns `programme_id`, `quantity`, `value`, `delivered`.
    phases : column `programme_id`, one row per date a source states.
    positioned : names of the places whose position a source gives.

    Returns
    -------
    As `relevant_facts`.
    """
    sized = _measured(programmes, quantities, "value")
    known = pd.DataFrame(
        {
            "date": programmes["programme_id"].isin(phases["programme_id"]),
            "size": sized,
            "area": sized,
            "position": programmes["longitude"].notna() | programmes["name"].isin(list(positioned)),
            "delivered": _measured(programmes, quantities, "delivered") | (programmes["status"] == "delivered"),
            "tenure": programmes["dwellings_social_share"].notna(),
        }
    )
    return ~known & relevant_facts(programmes)


def gaps_of(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Tell which facts the tables of a release leave out, operation by operation.

    Returns
    -------
    As `missing_facts`; index of the `programmes` table.
    """
    places = tables["places"]
    positioned = places.loc[places["longitude"].notna(), "name"]
    return missing_facts(tables["programmes"], tables["quantities"], tables["phases"], set(positioned))
