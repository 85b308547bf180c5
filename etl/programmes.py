"""Programmes of a release: what their texts say, what later statements add, what they bring, how it can be read."""

from collections.abc import Iterator

import pandas as pd

from data.definitions import Catalogue
from data.errors import UnknownAreaError
from data.models import MilestoneRow, PhaseRow, ProgrammeRow, Quantity
from data.rules.citations import cited_lines
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


def _newest_of(stated: pd.DataFrame, *facts: str) -> pd.DataFrame:
    """Return the newest statement of any of some facts, by programme."""
    mine = stated[stated["fact"].isin(facts)].sort_values("as_of", kind="stable")
    return mine.groupby("programme_id").tail(1).set_index("programme_id")


def _is_fresh(texts: pd.DataFrame, newest: pd.DataFrame) -> pd.Series:
    """Tell for each row of a text whether a statement speaks of its programme that is not older than the text."""
    dates = dict(zip(newest.index, newest["as_of"], strict=True))
    return texts["programme_id"].map(lambda programme: dates.get(programme, "")) >= texts["as_of"]


def programmes(ledger: Ledger, areas: pd.DataFrame, stated: pd.DataFrame) -> pd.DataFrame:
    """Return the `programmes` table: rows of the texts, with the newest statement of each number in its place.

    A number of the text stays where the statement is older than the text. What is delivered is known where a
    statement says so, or where the whole operation is delivered.

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
    for fact in stated["fact"].unique():
        newest = _newest_of(stated, fact)
        values = frame["programme_id"].map(newest["value"])
        is_fresh = _is_fresh(frame, newest)
        frame[fact] = values.where(values.notna() & (is_fresh | frame[fact].isna()), frame[fact])
    delivered = frame["status"] == "delivered"
    for total, part in (("dwellings_total", "dwellings_delivered"), ("area_m2", "area_delivered_m2")):
        frame[part] = frame[part].where(frame[part].notna(), frame[total].where(delivered))
    return frame[TABLES["programmes"].schema.names]


def _precision(date: str) -> str:
    return {4: "year", 7: "month", 10: "day"}[len(date)]


def past_dates(ledger: Ledger) -> set[tuple[str, str]]:
    """Return date and cited line of every milestone whose text says that it took place."""
    past = (row for _, row in ledger.rows("milestones.csv", MilestoneRow) if row.kind == "past")
    return {(row.date, line) for row in past for line in cited_lines(row.source, row.source_detail)}


def text_phases(row: ProgrammeRow, past: set[tuple[str, str]]) -> Iterator[dict[str, str]]:
    """Yield the dated phases of a text's row; one that the same lines say took place has happened."""
    lines = cited_lines(row.source, row.source_detail)
    for bound, date, kind in (("start", row.start, row.start_kind), ("end", row.end, row.end_kind)):
        if not date:
            continue
        state = phase_state(kind, date, row.status, row.as_of, any((date, line) in past for line in lines))
        yield {"programme_id": row.programme_id, "phase": kind, "bound": bound, "date": date,
               "precision": _precision(date), "state": state, "as_of": row.as_of, "source": row.source,
               "source_detail": row.source_detail, "note_fr": row.note_fr, "note_en": row.note_en}  # fmt: skip


def phases(ledger: Ledger) -> pd.DataFrame:
    """Return the `phases` table: one row per date a source states for a phase, oldest statement first."""
    past, texts = past_dates(ledger), [row for _, row in ledger.rows("programmes.csv", ProgrammeRow)]
    first = [phase for row in texts for phase in text_phases(row, past)]
    # A later statement speaks of the end where the text's programme ends with that phase: its target, its validity.
    ends = {(row.programme_id, row.end_kind) for row in texts}
    later = [
        row.model_dump()
        | {"bound": "end" if (row.programme_id, row.phase) in ends else "start", "precision": _precision(row.date)}
        for _, row in ledger.rows("phases.csv", PhaseRow)
    ]
    frame = pd.DataFrame.from_records([*first, *later], columns=TABLES["phases"].schema.names)
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


def _from_columns(
    table: pd.DataFrame, homes: dict[str, str], name: str, spec: Quantity, stated: pd.DataFrame
) -> pd.DataFrame:
    """Return what the columns of the programmes say of a quantity; `restated` where a later statement gives its total.

    A programme may have a delivered number and no total: its value is then missing.
    """
    rows = table[table[spec.total].notna() | table[spec.delivered].notna()].copy()
    total, either = _newest_of(stated, spec.total), _newest_of(stated, spec.total, spec.delivered)
    restated = _is_fresh(rows, total)
    counts = restated | (rows["programme_id"].isin(either.index) & rows[spec.total].isna())
    counts |= rows["programme_id"].map(total["value"]) == rows[spec.total]
    for column in ("as_of", "source", "source_detail"):
        rows[column] = rows["programme_id"].map(either[column]).where(counts, rows[column])
    quantity = rows["programme_id"].map(lambda programme: homes.get(programme, name))
    values = {"value": rows[spec.total], "delivered": rows[spec.delivered]}
    return rows.assign(quantity=quantity, reading="", qualifier="exact", restated=restated, **values)


def _keys(rows: pd.DataFrame) -> pd.MultiIndex:
    return pd.MultiIndex.from_frame(rows[["programme_id", "quantity"]])


def _delivered_as_of(found: pd.DataFrame, catalogue: Catalogue, stated: pd.DataFrame) -> pd.Series:
    """Return since when what is delivered is known: the newest statement's date, else that of the row; or nothing."""
    dates = found["as_of"]
    for spec in catalogue.quantities.values():
        same_unit = [name for name, its in catalogue.quantities.items() if its.unit == spec.unit]
        told = found["programme_id"].map(_newest_of(stated, spec.delivered)["as_of"])
        dates = told.where(told.notna() & found["quantity"].isin(same_unit), dates)
    return dates.where(found["delivered"].notna(), "")


def quantities(
    catalogue: Catalogue, observations: pd.DataFrame, table: pd.DataFrame, stated: pd.DataFrame
) -> pd.DataFrame:
    """Return the `quantities` table.

    A figure of a text counts first, in each of its readings; a column of the programme where no figure is in the same
    unit. A statement of a total that is not older than the text stands for both, and settles the readings. What is
    delivered is what a statement says, else an observed figure, else the whole where the operation is delivered.
    """
    figures = pd.concat([_from_figures(observations, name, spec.indicators)
                         for name, spec in catalogue.quantities.items()], ignore_index=True)  # fmt: skip
    columns = pd.concat([_from_columns(table, _home(figures, catalogue, name), name, spec, stated)
                         for name, spec in catalogue.quantities.items() if spec.total], ignore_index=True)  # fmt: skip
    told = columns.set_index(_keys(columns))["delivered"].reindex(_keys(figures)).to_numpy()
    figures["delivered"] = figures["delivered"].where(pd.isna(told), told)
    observed = figures.dropna(subset="delivered").drop_duplicates(["programme_id", "quantity"])
    known = observed.set_index(_keys(observed))["delivered"].reindex(_keys(columns)).to_numpy()
    columns["delivered"] = columns["delivered"].where(columns["delivered"].notna(), known)
    taken = columns[columns["restated"] | ~_keys(columns).isin(_keys(figures))]
    kept = figures[~_keys(figures).isin(_keys(taken))]
    found = pd.concat([frame for frame in (kept, taken) if len(frame)], ignore_index=True)
    whole = found["programme_id"].map(table.set_index("programme_id")["status"]) == "delivered"
    found["delivered"] = found["delivered"].where(found["delivered"].notna() | ~whole, found["value"])
    found["delivered_as_of"] = _delivered_as_of(found, catalogue, stated)
    names = TABLES["quantities"].schema.names
    return found.sort_values(["programme_id", "quantity", "reading"], ignore_index=True)[names]
