"""Programmes of a release: what their texts say, what later statements add, what they bring, how it can be read."""

import pandas as pd

from data.definitions import Catalogue
from data.errors import UnknownAreaError
from data.models import PhaseRow, ProgrammeRow, Quantity
from data.rules.phases import phase_state
from data.schemas import TABLES
from etl.ledger import Ledger

_NUMBERS = (
    "dwellings_total", "dwellings_delivered", "dwellings_social_share", "area_m2", "area_delivered_m2",
    "cycle_route_km", "cycle_route_delivered_km", "heat_connections", "heat_connections_delivered",
    "longitude", "latitude",
)  # fmt: skip
_KEYS = ["programme_id", "fact", "as_of", "source", "source_detail"]


def statements(ledger: Ledger) -> pd.DataFrame:
    """Return the `statements` table, the newest of each programme and fact last."""
    frame = ledger.frame("statements.csv").drop(columns="folder")
    frame["value"] = frame["value"].astype("float64")
    return frame.sort_values(_KEYS, ignore_index=True)[TABLES["statements"].schema.names]


def _newest(stated: pd.DataFrame) -> pd.DataFrame:
    """Return the newest value of each fact, one row per programme, one column per fact."""
    newest = stated.sort_values("as_of").groupby(["programme_id", "fact"]).tail(1)
    return newest.pivot(index="programme_id", columns="fact", values="value")


def programmes(ledger: Ledger, areas: pd.DataFrame, stated: pd.DataFrame) -> pd.DataFrame:
    """Return the `programmes` table: rows of the texts, with the newest statement of each number in its place.

    What is delivered is known where a statement says so, or where the whole operation is delivered.

    Raises
    ------
    UnknownAreaError
        A programme lies in an area the territories table does not have.
    """
    frame = ledger.frame("programmes.csv").merge(areas[["ref_area", "commune", "district"]], on="ref_area", how="left")
    if frame["commune"].isna().any():
        raise UnknownAreaError(f"programmes in unknown areas: {sorted(frame.loc[frame['commune'].isna(), 'ref_area'])}")
    for column in _NUMBERS:
        known = frame[column] if column in frame else pd.Series(None, index=frame.index)
        frame[column] = known.astype("float64")
    newest = _newest(stated)
    for fact in newest:
        values = frame["programme_id"].map(newest[fact])
        frame[fact] = values.where(values.notna(), frame[fact])
    delivered = frame["status"] == "delivered"
    for total, part in (("dwellings_total", "dwellings_delivered"), ("area_m2", "area_delivered_m2")):
        frame[part] = frame[part].where(frame[part].notna(), frame[total].where(delivered))
    return frame[TABLES["programmes"].schema.names]


def _precision(date: str) -> str:
    return {4: "year", 7: "month", 10: "day"}[len(date)]


def _text_phases(ledger: Ledger) -> list[dict[str, object]]:
    """Return the dates the texts give with their programmes: the first snapshot of each."""
    return [
        {"programme_id": row.programme_id, "phase": kind, "bound": bound, "date": date,
         "precision": _precision(date), "state": phase_state(kind, date, row.status, row.as_of), "as_of": row.as_of,
         "source": row.source, "source_detail": row.source_detail, "note_fr": row.note_fr, "note_en": row.note_en}
        for _, row in ledger.rows("programmes.csv", ProgrammeRow)
        for bound, date, kind in (("start", row.start, row.start_kind), ("end", row.end, row.end_kind))
        if date
    ]  # fmt: skip


def phases(ledger: Ledger) -> pd.DataFrame:
    """Return the `phases` table: one row per date a source states for a phase of a programme, oldest statement first."""
    later = [
        row.model_dump() | {"bound": "start", "precision": _precision(row.date)}
        for _, row in ledger.rows("phases.csv", PhaseRow)
    ]
    frame = pd.DataFrame.from_records([*_text_phases(ledger), *later], columns=TABLES["phases"].schema.names)
    return frame.sort_values(["programme_id", "phase", "bound", "as_of", "source"], ignore_index=True)


def readings(ledger: Ledger) -> pd.DataFrame:
    """Return the `readings` table."""
    frame = ledger.frame("readings.csv")
    frame["value"] = frame["value"].astype("float64")
    return frame[TABLES["readings"].schema.names]


def _from_figures(observations: pd.DataFrame, name: str, factors: dict[str, float]) -> pd.DataFrame:
    """Return what the figures tied to programmes say of a quantity; what is observed is delivered."""
    rows = observations[(observations["programme"] != "") & observations["indicator"].isin(list(factors))]
    rows = rows[rows["nature"].isin(["observed", "planned"])].rename(columns={"programme": "programme_id"})
    value = rows["obs_value"] * rows["indicator"].map(factors).astype("float64")
    return rows.assign(quantity=name, value=value, delivered=value.where(rows["nature"] == "observed"))


def _home(figures: pd.DataFrame, catalogue: Catalogue, name: str) -> dict[str, str]:
    """Return, for programmes with figures in the unit of a quantity, which quantity the programme's columns speak of.

    A residence of 165 special-purpose dwellings has them in its column of dwellings: they are not counted twice.
    """
    unit = catalogue.quantities[name].unit
    same_unit = {other for other, its in catalogue.quantities.items() if its.unit == unit}
    homes = {}
    for programme, group in figures[figures["quantity"].isin(same_unit)].groupby("programme_id"):
        found = set(group["quantity"])
        homes[str(programme)] = name if name in found or len(found) > 1 else found.pop()
    return homes


def _newest_of(stated: pd.DataFrame, fact: str) -> pd.DataFrame:
    return stated[stated["fact"] == fact].sort_values("as_of").groupby("programme_id").tail(1).set_index("programme_id")


def _from_columns(
    table: pd.DataFrame, homes: dict[str, str], name: str, spec: Quantity, stated: pd.DataFrame
) -> pd.DataFrame:
    """Return what the columns of the programmes say of a quantity: where no figure does, or a statement is newer."""
    told = _newest_of(stated, spec.total)
    rows = table[table[spec.total].notna()]
    rows = rows[~rows["programme_id"].isin(list(homes)) | rows["programme_id"].isin(told.index)].copy()
    for column in ("as_of", "source", "source_detail"):
        newer = rows["programme_id"].map(told[column])
        rows[column] = newer.where(newer.notna(), rows[column])
    quantity = rows["programme_id"].map(lambda programme: homes.get(programme, name))
    return rows.assign(quantity=quantity, reading="", qualifier="exact", value=rows[spec.total], delivered=float("nan"))


def quantities(
    catalogue: Catalogue, observations: pd.DataFrame, table: pd.DataFrame, stated: pd.DataFrame
) -> pd.DataFrame:
    """Return the `quantities` table.

    A figure of a text counts first; a column of the programme where no figure is in the same unit. A later statement
    of a total stands for both. What is delivered is what a statement or an observed figure says, or the whole where
    the operation is delivered.
    """
    figures = pd.concat([_from_figures(observations, name, spec.indicators)
                         for name, spec in catalogue.quantities.items()], ignore_index=True)  # fmt: skip
    frames, delivered = [figures], []
    for name, spec in catalogue.quantities.items():
        if not spec.total:
            continue
        homes = _home(figures, catalogue, name)
        frames.append(_from_columns(table, homes, name, spec, stated))
        parts = table.loc[table[spec.delivered].notna(), ["programme_id", spec.delivered]]
        delivered += [((p, homes.get(p, name)), value) for p, value in parts.itertuples(index=False)]
    found = pd.concat([frame for frame in frames if len(frame)], ignore_index=True)
    # A statement comes after the figures: the last of each programme, quantity and reading counts.
    found = found.drop_duplicates(["programme_id", "quantity", "reading"], keep="last")
    known = pd.Series(dict(delivered), dtype="float64")
    keys = pd.MultiIndex.from_frame(found[["programme_id", "quantity"]])
    found["delivered"] = found["delivered"].where(found["delivered"].notna(), known.reindex(keys).to_numpy())
    whole = found["programme_id"].map(table.set_index("programme_id")["status"]) == "delivered"
    found["delivered"] = found["delivered"].where(found["delivered"].notna() | ~whole, found["value"])
    columns = TABLES["quantities"].schema.names
    return found.sort_values(["programme_id", "quantity", "reading"], ignore_index=True)[columns]
