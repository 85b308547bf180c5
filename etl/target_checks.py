"""Cross-checks of the targets: what they take from figures and programmes is there, nothing is copied or half said."""

from collections.abc import Iterator

from data.definitions import Catalogue
from data.errors import Fault
from data.models import FigureRow, ProgrammeRow
from data.rules.dates import period_end, period_start
from data.target_models import TargetRow
from etl.ledger import Entry, Ledger
from etl.targets import YEARS, deadline_of, first_promises, states_a_year

# What a target of the other kind has no use for.
_FOREIGN = {
    "value": ("programme_id", "phase"),
    "date": ("figure_id", "target_value", "direction", "measured_by", "measured_source", "path", "base_year"),
}


def _shape(entry: Entry, row: TargetRow) -> Iterator[Fault]:
    """Check that a row is whole: every part of its kind, none of the other, an override with its reason."""
    for column in _FOREIGN[row.kind]:
        if getattr(row, column) not in ("", None):
            yield entry.fault(column, f"a target of kind {row.kind} has none", "Empty it or correct the kind")
    for column in ("override_reason_fr", "override_reason_en"):
        if row.override_status and not getattr(row, column):
            yield entry.fault(column, "an override without its reason", "Say why it overrides the computed status")
        if not row.override_status and getattr(row, column):
            yield entry.fault("override_status", "a reason without its override", "Name the status or empty the reason")
            break


def _measure(entry: Entry, row: TargetRow, catalogue: Catalogue) -> Iterator[Fault]:
    """Check that a target that is measured says by what, on which path, in which direction."""
    if row.measured_by and row.measured_by not in catalogue.indicators:
        yield entry.fault("measured_by", "unknown indicator", "Add it to the catalogue or correct the name")
    documents = {name for name, (_, _, edition) in catalogue.editions().items() if edition.document}
    if row.measured_source not in {"", *catalogue.sources, *documents}:
        yield entry.fault("measured_source", "unknown source", "Name a data set, or the edition of a document")
    if row.measured_source and not row.measured_by:
        yield entry.fault("measured_by", "a source without its indicator", "Name the indicator that measures it")
    for column in ("direction", "path"):
        if row.measured_by and not getattr(row, column):
            yield entry.fault(column, "a target that is measured needs it", f"Fill {column}")
    if row.target_value is not None and not row.measured_by:
        yield entry.fault("measured_by", "a number without its unit", "Name the indicator that measures it")


def _figure(entry: Entry, row: TargetRow, figure: FigureRow | None, catalogue: Catalogue) -> Iterator[Fault]:
    """Check that the figure a target is taken from is one, and that no other column says the same again."""
    if figure is None:
        yield entry.fault("figure_id", "unknown figure", "Correct it or add the figure")
        return
    if figure.nature != "target":
        yield entry.fault("figure_id", f"this figure is {figure.nature}, not a target", "A claim is not a target")
    for column in ("ref_area", "source"):
        if getattr(row, column) != getattr(figure, column):
            yield entry.fault(column, f"the figure says {getattr(figure, column)}", "Give both the same")
    indicator = catalogue.indicators.get(figure.indicator)
    if indicator is None:
        return
    copied = "deadline" if states_a_year(figure, catalogue) else "target_value"
    if getattr(row, copied) not in ("", None):
        yield entry.fault(copied, "the figure gives it", "Empty it: it is taken from the figure")
    measure = catalogue.indicators.get(row.measured_by)
    if measure and indicator.unit not in {YEARS, measure.unit}:
        yield entry.fault("measured_by", f"counted in {measure.unit}, the figure in {indicator.unit}", "Use one unit")
    if copied == "target_value" and figure.obs_value is not None and not row.direction:
        yield entry.fault("direction", "a value without its direction", "Say at_least or at_most")


def _deadline(entry: Entry, row: TargetRow, deadline: str) -> Iterator[Fault]:
    if row.kind == "date" and not deadline:
        yield entry.fault("deadline", "a target of kind date needs its date", "Name a dated phase, or fill deadline")
    if deadline and period_end(deadline) < period_start(row.as_of):
        yield entry.fault("deadline", f"{deadline} was over when it was stated ({row.as_of})", "Check the dates")
    if row.base_year and deadline and deadline[:4] <= row.base_year:
        yield entry.fault("base_year", f"not before the deadline ({deadline})", "Check both years")


def _programme(entry: Entry, row: TargetRow, known: set[str]) -> Iterator[Fault]:
    if row.programme_id and row.programme_id not in known:
        yield entry.fault("programme_id", "unknown programme", "Correct it or add the programme")
    if row.kind == "date" and bool(row.programme_id) != bool(row.phase):
        missing = "phase" if row.programme_id else "programme_id"
        yield entry.fault(missing, "a programme needs its phase and a phase its programme", f"Fill {missing}")


def check_targets(ledger: Ledger, catalogue: Catalogue) -> Iterator[Fault]:
    """Yield every fault of the targets."""
    figures = {row.figure_id: row for _, row in ledger.rows("figures.csv", FigureRow)}
    programmes = {row.programme_id for _, row in ledger.rows("programmes.csv", ProgrammeRow)}
    promised = first_promises(ledger)
    for entry, row in ledger.rows("targets.csv", TargetRow):
        figure = figures.get(row.figure_id)
        if row.theme not in catalogue.themes:
            yield entry.fault("theme", "unknown theme", f"Use one of {', '.join(catalogue.themes)}")
        yield from _shape(entry, row)
        yield from _measure(entry, row, catalogue)
        yield from _programme(entry, row, programmes)
        if row.figure_id:
            yield from _figure(entry, row, figure, catalogue)
        elif row.kind == "value" and row.target_value is None:
            yield entry.fault("target_value", "a target of kind value needs its value", "Fill it, or name a figure")
        yield from _deadline(entry, row, deadline_of(row, figure, catalogue, promised))
