"""Cross-checks of commitments: what measures them is there, an edition has its source, what is not measured says so."""

from collections.abc import Iterator

from data.commitment_models import CommitmentRow, SpendingRow
from data.definitions import Catalogue
from data.errors import Fault
from data.models import FigureRow, ProgrammeRow
from data.rules.commitments import listed
from data.rules.dates import period_end, period_start
from data.target_models import TargetRow
from etl.ledger import Entry, Ledger

MONEY = frozenset({"eur", "eur_per_year"})


def _both_languages(entry: Entry, row: CommitmentRow) -> Iterator[Fault]:
    for name in ("carrier", "lacking"):
        french, english = (getattr(row, f"{name}_{language}") for language in ("fr", "en"))
        if bool(french) != bool(english):
            yield entry.fault(f"{name}_{'en' if french else 'fr'}", f"{name} needs both languages", "Translate it")


def _links(entry: Entry, row: CommitmentRow, known: dict[str, set[str]]) -> Iterator[Fault]:
    """Check that every programme, target and figure that a commitment names exists."""
    for column, what in (("programme_ids", "programme"), ("target_id", "target"), ("figure_ids", "figure"),
                         ("budget_figure_id", "figure")):  # fmt: skip
        for name in listed(getattr(row, column)):
            if name not in known[what]:
                yield entry.fault(column, f"unknown {what} {name}", f"Correct it or add the {what}")


def _is_measured(row: CommitmentRow, figures: dict[str, FigureRow], targets: dict[str, TargetRow]) -> bool:
    """Tell whether a figure observes a commitment, or a target says what would settle it."""
    observed = (figures[name].nature == "observed" for name in listed(row.figure_ids) if name in figures)
    return any(observed) or row.target_id in targets


def _dates(entry: Entry, row: CommitmentRow) -> Iterator[Fault]:
    # What an edition decided may be over by the day a later document tells of it.
    decided = row.edition or row.as_of
    if row.deadline and period_end(row.deadline) < period_start(decided):
        yield entry.fault("deadline", f"{row.deadline} was over when it was stated ({decided})", "Check the dates")
    if row.edition and not row.edition_detail:
        yield entry.fault("edition_detail", "an edition without its source", "Say which document and line states it")
    if row.edition_detail and not row.edition:
        yield entry.fault("edition", "a source without its edition", "Name the year, or empty the source")
    if row.edition and row.edition > row.as_of[:4]:
        yield entry.fault("edition", f"after it was stated ({row.as_of})", "Check both years")
    if bool(row.stated_as_of) != bool(row.stated_detail):
        missing = "stated_detail" if row.stated_as_of else "stated_as_of"
        yield entry.fault(missing, "a day without its document, or the reverse", "Give both, or neither")


def _budget(entry: Entry, row: CommitmentRow, figures: dict[str, FigureRow], catalogue: Catalogue) -> Iterator[Fault]:
    figure = figures.get(row.budget_figure_id)
    indicator = catalogue.indicators.get(figure.indicator) if figure else None
    if indicator and indicator.unit not in MONEY:
        yield entry.fault("budget_figure_id", f"counted in {indicator.unit}, not money", "Name the figure of a budget")


def _spending(ledger: Ledger) -> Iterator[Fault]:
    """Check that what was spent belongs to a commitment and that one amount is stated for one period on one day."""
    known = {row.commitment_id for _, row in ledger.rows("commitments.csv", CommitmentRow)}
    first: dict[tuple[str, ...], Entry] = {}
    for entry, row in ledger.rows("spending.csv", SpendingRow):
        if row.commitment_id not in known:
            yield entry.fault("commitment_id", "unknown commitment", "Correct it or add it to commitments.csv")
        other = first.setdefault((row.commitment_id, row.kind, row.time_period, row.as_of), entry)
        if other is not entry:
            yield entry.fault("amount_eur", f"{other.file}:{other.line} states one for the same day", "Keep one row")
        if row.kind == "spent" and period_start(row.time_period) > period_end(row.as_of):
            yield entry.fault("time_period", f"spent, yet after it was stated ({row.as_of})", "Check both dates")


def check_commitments(ledger: Ledger, catalogue: Catalogue) -> Iterator[Fault]:
    """Yield every fault of the commitments and of their spending."""
    figures = {row.figure_id: row for _, row in ledger.rows("figures.csv", FigureRow)}
    targets = {row.target_id: row for _, row in ledger.rows("targets.csv", TargetRow)}
    programmes = {row.programme_id for _, row in ledger.rows("programmes.csv", ProgrammeRow)}
    known = {"programme": programmes, "target": set(targets), "figure": set(figures)}
    for entry, row in ledger.rows("commitments.csv", CommitmentRow):
        if row.theme not in catalogue.themes:
            yield entry.fault("theme", "unknown theme", f"Use one of {', '.join(catalogue.themes)}")
        yield from _both_languages(entry, row)
        yield from _links(entry, row, known)
        yield from _dates(entry, row)
        yield from _budget(entry, row, figures, catalogue)
        if not row.lacking_fr and not _is_measured(row, figures, targets):
            yield entry.fault("lacking_fr", "nothing measures this commitment", "Say which data it lacks")
    yield from _spending(ledger)
