"""Cross-checks of the ledger against the catalogue and itself: `python -m etl check`."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from data.definitions import Catalogue
from data.errors import Fault
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
    ProgrammeRow,
    RingRow,
)
from data.rules.dates import period_end, period_start
from data.rules.phases import STEPS
from data.rules.published_checks import compute_check
from data.rules.quantities import parse_quantities
from etl.areas import territories
from etl.commitment_checks import check_commitments
from etl.ledger import Entry, Ledger
from etl.open_data import TRANSCRIBED
from etl.phase_checks import check_future, check_phases
from etl.reading_checks import check_readings
from etl.statement_checks import check_positions, check_statements
from etl.target_checks import check_targets

# Weights are given with four decimals, an IRIS may lie in four districts.
WEIGHT_TOLERANCE = 0.0003


def _figures(ledger: Ledger) -> Iterator[tuple[Entry, FigureRow]]:
    yield from ledger.rows("figures.csv", FigureRow)
    yield from ledger.rows("context.csv", FigureRow)


def _sources(ledger: Ledger, catalogue: Catalogue) -> Iterator[Fault]:
    editions = catalogue.editions()
    for entries in ledger.entries.values():
        for entry in entries:
            for source in filter(None, getattr(entry.row, "source", "").split(";")):
                if source not in editions:
                    yield entry.fault("source", "unknown source edition", "Add it to a file of catalogue/sources")


def _values(ledger: Ledger, catalogue: Catalogue) -> Iterator[Fault]:
    rows: list[tuple[Entry, FigureRow | OpenDataRow]] = [*_figures(ledger), *ledger.rows("open_data.csv", OpenDataRow)]
    for entry, row in rows:
        indicator = catalogue.indicators.get(row.indicator)
        if indicator is None:
            yield entry.fault("indicator", "unknown indicator", "Add it to the catalogue or correct the name")
            continue
        if indicator.formula is not None:
            yield entry.fault("indicator", "this indicator is derived", "Remove the row: it is computed")
        if isinstance(row, OpenDataRow) and row.unit != indicator.unit:
            yield entry.fault("unit", f"the catalogue says {indicator.unit}", "Convert the value or correct the unit")
        low, high = indicator.valid_range
        for column in ("obs_value", "obs_value_max"):
            value = getattr(row, column, None)
            if value is not None and not low <= value <= high:
                yield entry.fault(column, f"outside the valid range {low:g} to {high:g}", "Check the source")
        if (row.obs_value is None) != (row.obs_status in {"O", "M"}):
            yield entry.fault("obs_status", "a missing value and its status do not fit", "Use O or M without a value")


def _areas(ledger: Ledger, catalogue: Catalogue) -> Iterator[Fault]:
    known = set(territories(ledger, catalogue)["ref_area"])
    for entries in ledger.entries.values():
        for entry in entries:
            if entry.folder not in catalogue.territories:
                yield Fault(entry.file, 1, "folder", entry.folder, "unknown area", "Add it to territories.toml")
            area = getattr(entry.row, "ref_area", None)
            if area is not None and area not in known:
                yield entry.fault("ref_area", "unknown area", "Correct the code or add the area")
    for entry, network in ledger.rows("heat_networks.csv", HeatNetworkRow):
        for code in network.communes.split():
            if code not in catalogue.territories:
                yield entry.fault("communes", f"unknown commune {code}", "Correct the code or add the commune")


def _programmes(ledger: Ledger) -> Iterator[Fault]:
    known = {row.programme_id for _, row in ledger.rows("programmes.csv", ProgrammeRow)}
    for entry, figure in _figures(ledger):
        if figure.programme and figure.programme not in known:
            yield entry.fault("programme", "unknown programme", "Correct it or add the programme")
    for entry, row in ledger.rows("programmes.csv", ProgrammeRow):
        for bound, kind in (("start", row.start_kind), ("end", row.end_kind)):
            if bool(getattr(row, bound)) != bool(kind):
                yield entry.fault(bound, "a date needs its kind and a kind its date", f"Fill {bound} and {bound}_kind")
        if row.start and row.end and period_start(row.start) > period_end(row.end):
            yield entry.fault("end", f"ends before it starts ({row.start})", "Check the dates")
        begins = row.start if row.start_kind in STEPS else ""
        if row.status == "delivered" and begins and period_start(begins) > period_end(row.as_of):
            yield entry.fault("status", "delivered, yet dated after the statement", "Check status and dates")
        for column in ("dwellings_total", "area_m2"):
            if (getattr(row, column) or 0) < 0:
                yield entry.fault(column, "a quantity cannot be negative", "Check the source")
        if row.dwellings_social_share is not None and not 0 <= row.dwellings_social_share <= 1:
            yield entry.fault("dwellings_social_share", "a share lies between 0 and 1", "Divide a percentage by 100")
        try:
            parse_quantities(row.other_quantities)
        except ValueError as error:
            yield entry.fault("other_quantities", str(error), "Write name=value or name>value, joined by ;")


def _outlines(ledger: Ledger) -> Iterator[Fault]:
    corners = {(e.folder, row.corner) for e, row in ledger.rows("district_sketch_corners.csv", CornerRow)}
    outlines: list[tuple[Entry, RingRow | MapContextRow]] = [
        *ledger.rows("district_sketch_rings.csv", RingRow),
        *ledger.rows("map_context.csv", MapContextRow),
    ]
    for entry, outline in outlines:
        named = outline.corners.split()
        fewest = 3 if isinstance(outline, RingRow) else 2 if outline.kind == "line" else 0
        if len(named) < fewest:
            yield entry.fault("corners", f"fewer than {fewest} corners", "List the corners of the outline")
        for corner in named:
            if (entry.folder, corner) not in corners:
                yield entry.fault("corners", f"unknown corner {corner}", "Add it to district_sketch_corners.csv")
    for entry, drawn in ledger.rows("map_context.csv", MapContextRow):
        if drawn.kind == "label" and (drawn.longitude is None or drawn.latitude is None):
            yield entry.fault("longitude", "a label without its position", "Fill longitude and latitude")


def _geography(ledger: Ledger) -> Iterator[Fault]:
    districts = {(e.folder, row.district) for e, row in ledger.rows("district_sketch_rings.csv", RingRow)}
    iris = {row.iris for _, row in ledger.rows("iris.csv", IrisRow)}
    weights: dict[str, float] = defaultdict(float)
    last: dict[str, Entry] = {}
    for entry, share in ledger.rows("iris_district_shares.csv", IrisShareRow):
        weights[share.iris] += share.weight
        last[share.iris] = entry
        if share.iris not in iris:
            yield entry.fault("iris", "unknown IRIS", "Add it to iris.csv")
        if (entry.folder, share.district) not in districts:
            yield entry.fault("district", "unknown district", "Add it to district_sketch_rings.csv")
    for code, weight in weights.items():
        if abs(weight - 1) > WEIGHT_TOLERANCE:
            yield last[code].fault("weight", f"the weights of IRIS {code} sum to {weight:.4f}", "Make them sum to 1")
    for entry, place in ledger.rows("places_named.csv", NamedPlaceRow):
        if place.district and (entry.folder, place.district) not in districts:
            yield entry.fault("district", "unknown district", "Add it to district_sketch_rings.csv")
        for column in ("district_basis_fr", "district_basis_en"):
            if place.district and not getattr(place, column):
                yield entry.fault(column, "a district without its basis", "Say why it lies there")


def _repeated(ledger: Ledger) -> Iterator[Fault]:
    figure = ("ref_area", "indicator", "time_period", "nature", "reading", "source")
    keys = {
        "figures.csv": figure, "context.csv": figure,
        "open_data.csv": ("ref_area", "indicator", "time_period", "source"),
        "programmes.csv": ("programme_id",), "milestones.csv": ("milestone_id",), "checks.csv": ("check_id",),
        "readings.csv": ("reading_id", "choice"),
        "stations.csv": ("name", "line"), "iris.csv": ("iris",), "iris_district_shares.csv": ("iris", "district"),
        "heat_networks.csv": ("network_id",), "places_named.csv": ("sector", "folder"),
        "district_sketch_corners.csv": ("corner", "folder"), "district_sketch_rings.csv": ("district", "folder"),
        "map_context.csv": ("name", "kind", "folder"), "targets.csv": ("target_id",),
        "commitments.csv": ("commitment_id",),
    }  # fmt: skip
    for file_name, columns in keys.items():
        seen: dict[tuple[str, ...], Entry] = {}
        for entry in ledger.entries.get(file_name, []):
            key = tuple(str(getattr(entry.row, column, entry.folder)) for column in columns)
            if key in seen:
                first = seen[key]
                yield entry.fault(columns[0], f"repeats {first.file}:{first.line}", "Keep one of the two rows")
            seen.setdefault(key, entry)


def _notes(ledger: Ledger) -> Iterator[Fault]:
    for entries in ledger.entries.values():
        for entry in entries:
            french, english = getattr(entry.row, "note_fr", ""), getattr(entry.row, "note_en", "")
            if bool(french) != bool(english):
                yield entry.fault("note_en" if french else "note_fr", "a note needs both languages", "Translate it")


def _computed(ledger: Ledger) -> Iterator[Fault]:
    for entry, row in ledger.rows("checks.csv", CheckRow):
        computed = compute_check(row.formula, row.unit, row.result)
        if computed.state == "different":
            given = ", ".join(f"{value:.10g}" for value in computed.values)
            yield entry.fault("result", f"the formula gives {given}", "Correct the formula or the result")


def _transcribed_only(ledger: Ledger, catalogue: Catalogue) -> Iterator[Fault]:
    known = {edition for dataset in TRANSCRIBED for edition in catalogue.sources[dataset].editions}
    for entry, row in ledger.rows("open_data.csv", OpenDataRow):
        if row.source not in known:
            yield entry.fault("source", "not a data set the ledger transcribes", f"Use {', '.join(sorted(known))}")


def _themes(ledger: Ledger, catalogue: Catalogue) -> Iterator[Fault]:
    rows: list[tuple[Entry, MilestoneRow | ProgrammeRow]] = [
        *ledger.rows("milestones.csv", MilestoneRow),
        *ledger.rows("programmes.csv", ProgrammeRow),
    ]
    for entry, row in rows:
        if row.theme not in catalogue.themes:
            yield entry.fault("theme", "unknown theme", f"Use one of {', '.join(catalogue.themes)}")


def check_ledger(ledger: Ledger, catalogue: Catalogue, today: date = date.max) -> list[Fault]:
    """Return every fault of the ledger, those found while reading included.

    Cross-checks run on the rows that could be read, so that one session of mending sees all faults at once. What is
    stated after `today` is a fault; without it nothing is.
    """
    faults = [*ledger.faults]
    broken_outlines = list(_outlines(ledger))
    faults += broken_outlines
    if not broken_outlines:
        faults += [*_areas(ledger, catalogue), *check_positions(ledger, catalogue)]
    for check in (_geography, _programmes, _repeated, _notes, _computed, check_phases):
        faults += check(ledger)
    for checked in (_sources, _values, _themes, _transcribed_only, check_readings, check_statements, check_targets,
                    check_commitments):  # fmt: skip
        faults += checked(ledger, catalogue)
    faults += check_future(ledger, today)
    return sorted(set(faults))
