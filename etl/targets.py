"""Targets of a release: numbers and years come from the figures that state them, dates from programmes."""

from collections.abc import Iterator

import pandas as pd

from data.definitions import Catalogue
from data.models import FigureRow, PhaseRow, ProgrammeRow
from data.rules.dates import period_end
from data.schemas import TABLES
from data.target_models import TargetRow
from etl.ledger import Ledger

# A figure in this unit states by when, not how much.
YEARS = "calendar_year"


def _dated_phases(ledger: Ledger) -> Iterator[tuple[str, str, str]]:
    """Yield programme, phase and date of every dated phase, the texts' own before later statements."""
    for _, row in ledger.rows("programmes.csv", ProgrammeRow):
        for date, kind in ((row.start, row.start_kind), (row.end, row.end_kind)):
            if date:
                yield row.programme_id, kind, date
    later = (row for _, row in ledger.rows("phases.csv", PhaseRow))
    for phase in sorted(later, key=lambda row: period_end(row.as_of)):
        yield phase.programme_id, phase.phase, phase.date


def first_promises(ledger: Ledger) -> dict[tuple[str, str], str]:
    """Return by programme and phase the date that was stated first: a promise that is moved is still that promise."""
    promised: dict[tuple[str, str], str] = {}
    for programme, phase, date in _dated_phases(ledger):
        promised.setdefault((programme, phase), date)
    return promised


def states_a_year(figure: FigureRow, catalogue: Catalogue) -> bool:
    """Tell whether a figure states by when rather than how much."""
    indicator = catalogue.indicators.get(figure.indicator)
    return indicator is not None and indicator.unit == YEARS


def deadline_of(
    row: TargetRow, figure: FigureRow | None, catalogue: Catalogue, promised: dict[tuple[str, str], str]
) -> str:
    """Return the deadline of a target: its figure's year, its own, or its programme's first date; empty if unknown."""
    if figure is not None and figure.obs_value is not None and states_a_year(figure, catalogue):
        return f"{figure.obs_value:.0f}"
    return row.deadline or promised.get((row.programme_id, row.phase), "")


def _value_of(row: TargetRow, figure: FigureRow | None, catalogue: Catalogue) -> dict[str, object]:
    """Return the number a target asks for and what it is counted in."""
    if figure is None or states_a_year(figure, catalogue):
        return {"indicator": row.measured_by, "target_value": row.target_value}
    return {"indicator": figure.indicator, "target_value": figure.obs_value}


def targets(ledger: Ledger, catalogue: Catalogue, areas: pd.DataFrame) -> pd.DataFrame:
    """Return the `targets` table.

    `indicator` is what the target's value is counted in, `measured_by` the indicator whose observed series tells how
    far it is; `deadline` is empty where no text gives one.
    """
    figures = {row.figure_id: row for _, row in ledger.rows("figures.csv", FigureRow)}
    promised = first_promises(ledger)
    records = []
    for _, row in ledger.rows("targets.csv", TargetRow):
        figure = figures.get(row.figure_id)
        deadline = {"deadline": deadline_of(row, figure, catalogue, promised)}
        records.append(row.model_dump() | _value_of(row, figure, catalogue) | deadline)
    columns = [*TargetRow.model_fields, "indicator"]
    frame = pd.DataFrame.from_records(records, columns=columns)
    frame["target_value"] = frame["target_value"].astype("float64")
    frame = frame.merge(areas[["ref_area", "commune", "district"]], on="ref_area", how="left")
    return frame[TABLES["targets"].schema.names]
