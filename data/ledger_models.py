"""Which model each file of the ledger has."""

from data.commitment_models import CommitmentRow, SpendingRow
from data.fields import Strict
from data.models import (
    CheckRow,
    CornerRow,
    FigureRow,
    HeatNetworkRow,
    IrisRow,
    IrisShareRow,
    MapContextRow,
    MilestoneRow,
    NamedPlaceRow,
    OpenDataRow,
    PhaseRow,
    ProgrammeRow,
    ReadingRow,
    RingRow,
    StatementRow,
    StationRow,
)
from data.target_models import TargetRow

LEDGER_MODELS: dict[str, type[Strict]] = {
    "figures.csv": FigureRow,
    "context.csv": FigureRow,
    "open_data.csv": OpenDataRow,
    "programmes.csv": ProgrammeRow,
    "phases.csv": PhaseRow,
    "statements.csv": StatementRow,
    "readings.csv": ReadingRow,
    "targets.csv": TargetRow,
    "commitments.csv": CommitmentRow,
    "spending.csv": SpendingRow,
    "milestones.csv": MilestoneRow,
    "checks.csv": CheckRow,
    "places_named.csv": NamedPlaceRow,
    "heat_networks.csv": HeatNetworkRow,
    "stations.csv": StationRow,
    "iris.csv": IrisRow,
    "iris_district_shares.csv": IrisShareRow,
    "district_sketch_corners.csv": CornerRow,
    "district_sketch_rings.csv": RingRow,
    "map_context.csv": MapContextRow,
}
