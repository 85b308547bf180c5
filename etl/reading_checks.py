"""Cross-checks of the readings of ambiguous sentences: what they name, what holds what, and how much of it."""

from collections import defaultdict
from collections.abc import Iterator

from data.definitions import Catalogue
from data.errors import Fault
from data.models import FigureRow, ProgrammeRow, ReadingRow, StatementRow
from data.rules.circles import circles
from etl.ledger import Entry, Ledger

Rows = list[tuple[Entry, ReadingRow]]
Known = dict[tuple[str, str], float]


def _named(rows: Rows, ledger: Ledger, catalogue: Catalogue) -> Iterator[Fault]:
    programmes = {row.programme_id for _, row in ledger.rows("programmes.csv", ProgrammeRow)}
    for entry, row in rows:
        for column in ("programme_id", "part_of"):
            if getattr(row, column) not in programmes | {""}:
                yield entry.fault(column, "unknown programme", "Correct it or add it to programmes.csv")
        if row.quantity not in catalogue.quantities:
            yield entry.fault("quantity", "unknown quantity", f"Use one of {', '.join(catalogue.quantities)}")
        if row.value is not None and row.value < 0:
            yield entry.fault("value", "a quantity cannot be negative", "Check the source")


def _single(rows: Rows) -> Iterator[Fault]:
    choices: dict[str, list[Entry]] = defaultdict(list)
    for entry, row in rows:
        choices[row.reading_id].append(entry)
    for entries in choices.values():
        if len(entries) == 1:
            yield entries[0].fault("choice", "the only reading: nothing to choose", "Add the other one or remove this")


def _round(rows: Rows) -> Iterator[Fault]:
    """Check that no choice of readings makes a programme part of itself, directly or through others."""
    holders: dict[str, dict[str, Entry]] = defaultdict(dict)
    for entry, row in rows:
        if row.part_of:
            holders[row.programme_id].setdefault(row.part_of, entry)
    for circle in circles(holders):
        problem = f"part of itself: {' → '.join(circle)}"
        yield holders[circle[0]][circle[1]].fault("part_of", problem, "Name what holds it, or leave it empty")


def known_quantities(ledger: Ledger, catalogue: Catalogue) -> Known:
    """Return the largest figure of each programme and quantity, or, where there is one, its newest statement."""
    known: dict[tuple[str, str], list[float]] = defaultdict(list)
    newest: dict[tuple[str, str], StatementRow] = {}
    totals = {quantity.total: name for name, quantity in catalogue.quantities.items() if quantity.total}
    for _, programme in ledger.rows("programmes.csv", ProgrammeRow):
        for column, name in totals.items():
            value = getattr(programme, column, None)
            known[programme.programme_id, name] += [] if value is None else [value]
    for _, figure in ledger.rows("figures.csv", FigureRow):
        for name, quantity in catalogue.quantities.items():
            if figure.indicator in quantity.indicators and figure.obs_value is not None:
                known[figure.programme, name].append(figure.obs_value * quantity.indicators[figure.indicator])
    for _, told in ledger.rows("statements.csv", StatementRow):
        if told.fact in totals:
            key = (told.programme_id, totals[told.fact])
            newest[key] = max(newest.get(key, told), told, key=lambda statement: statement.as_of)
    return {key: max(values) for key, values in known.items() if values} | {
        key: told.value for key, told in newest.items()
    }


def _larger_than_whole(rows: Rows, known: Known) -> Iterator[Fault]:
    for entry, row in rows:
        part = row.value if row.value is not None else known.get((row.programme_id, row.quantity))
        whole = known.get((row.part_of, row.quantity))
        if part is not None and whole is not None and part > whole:
            problem = f"{part:g} cannot be part of the {whole:g} of {row.part_of}"
            yield entry.fault("value", problem, "Correct the value, or what it is part of")


def check_readings(ledger: Ledger, catalogue: Catalogue) -> Iterator[Fault]:
    """Return what is wrong with readings.csv."""
    rows = list(ledger.rows("readings.csv", ReadingRow))
    yield from _named(rows, ledger, catalogue)
    yield from _single(rows)
    yield from _round(rows)
    yield from _larger_than_whole(rows, known_quantities(ledger, catalogue))
