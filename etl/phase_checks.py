"""Cross-checks of what is said of the phases of programmes: contradictions are refused, each with its place."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from data.errors import Fault
from data.models import PhaseRow, ProgrammeRow
from data.rules.dates import period_end, period_start
from data.rules.phases import BEGUN, FACTS, NOT_BEGUN, STEPS
from etl.ledger import Entry, Ledger
from etl.programmes import past_dates, text_phases

# An operation lasts from one date of these phases to another; a step has one date in a statement.
_SPANS = frozenset({"held", "validity"})


@dataclass(frozen=True)
class _Said:
    """One dated statement of one phase, and the cell its date stands in."""

    entry: Entry
    column: str
    programme_id: str
    phase: str
    date: str
    state: str
    as_of: str
    source: str

    @property
    def words(self) -> str:
        """The statement and its place, for the fault of another."""
        return f"{self.phase} {self.state} {self.date} ({self.entry.file}:{self.entry.line}, as of {self.as_of})"

    def fault(self, problem: str, remedy: str, column: str = "") -> Fault:
        """Return a fault at this statement."""
        return self.entry.fault(column or self.column, problem, remedy)


def _said(ledger: Ledger) -> list[_Said]:
    """Return every dated statement, those of the texts first, each oldest first."""
    past = past_dates(ledger)
    names = ("programme_id", "phase", "date", "state", "as_of", "source")
    found = [
        _Said(entry, told["bound"], *(told[name] for name in names))
        for entry, row in ledger.rows("programmes.csv", ProgrammeRow)
        for told in text_phases(row, past)
    ]
    found += [
        _Said(entry, "date", *(getattr(row, name) for name in names))
        for entry, row in ledger.rows("phases.csv", PhaseRow)
    ]
    return sorted(found, key=lambda said: (said.as_of, said.state == "happened", period_end(said.date)))


def _is_over(first: _Said, second: _Said) -> bool:
    """Tell whether the whole period of one statement lies before that of the other."""
    return period_end(first.date) < period_start(second.date)


def _own_dates(ledger: Ledger) -> Iterator[Fault]:
    """Check each row of phases.csv by itself: its programme, and its date against its own statement."""
    known = {row.programme_id for _, row in ledger.rows("programmes.csv", ProgrammeRow)}
    for entry, row in ledger.rows("phases.csv", PhaseRow):
        if row.programme_id not in known:
            yield entry.fault("programme_id", "unknown programme", "Correct it or add it to programmes.csv")
        if row.phase in FACTS:
            continue
        if row.state == "happened" and period_start(row.date) > period_end(row.as_of):
            yield entry.fault("date", f"happened, yet after it was said ({row.as_of})", "Write planned, or check both")
        if row.state == "planned" and period_end(row.date) < period_start(row.as_of):
            yield entry.fault(
                "date", f"planned, yet over when it was said ({row.as_of})", "Write happened, or check both"
            )


def _repeated(said: list[_Said]) -> Iterator[Fault]:
    """Check that one source says one date of a phase at one time."""
    first: dict[tuple[str, ...], _Said] = {}
    for one in said:
        key = (one.programme_id, one.phase, one.as_of, one.source)
        other = first.setdefault(key, one)
        is_span = other.entry == one.entry and one.phase in _SPANS
        # A programme that has two rows in programmes.csv is told by that check.
        is_repeated_row = other.entry != one.entry and "date" not in {one.column, other.column}
        if other is not one and not is_span and not is_repeated_row:
            yield one.fault(f"the same statement as {other.words}", "Keep one of the two, or correct as_of or source")


def _out_of_order(said: list[_Said]) -> Iterator[Fault]:
    """Check that one statement does not promise a step before the one it follows: an opening before its works."""
    statements: dict[tuple[str, ...], list[_Said]] = defaultdict(list)
    for one in said:
        if one.phase in STEPS:
            statements[one.programme_id, one.as_of, one.source].append(one)
    for steps in statements.values():
        for early, late in combinations(sorted(steps, key=lambda one: STEPS[one.phase]), 2):
            # A row of programmes.csv that ends before it starts is told by that check.
            own_row = early.entry == late.entry and (early.column, late.column) == ("start", "end")
            if STEPS[early.phase] < STEPS[late.phase] and _is_over(late, early) and not own_row:
                remedy = f"Put {early.phase} before {late.phase}, or give them the as_of or source that each has"
                yield late.fault(f"before what it follows: {early.words}", remedy)


def _taken_back(said: list[_Said]) -> Iterator[Fault]:
    """Check that what has happened stays so, and at dates that can all be true."""
    happened: dict[tuple[str, str], list[_Said]] = defaultdict(list)
    for one in said:
        if one.phase not in STEPS:
            continue
        before = happened[one.programme_id, one.phase]
        if one.state == "happened":
            for other in [other for other in before if _is_over(one, other) or _is_over(other, one)][:1]:
                yield one.fault(f"cannot be true together with {other.words}", "Correct one of the two dates")
            before.append(one)
        elif before and before[0].as_of < one.as_of:
            remedy = "Write happened, or correct the older statement"
            yield one.fault(f"planned again after {before[0].words}", remedy, "state" if one.column == "date" else "")


def _against_status(said: list[_Said], ledger: Ledger) -> Iterator[Fault]:
    """Check that a programme whose works or opening have happened is not said, then or later, to be planned.

    A status that is older than what happened is no contradiction: it was planned, and has happened since.
    """
    programmes = {row.programme_id: (entry, row) for entry, row in ledger.rows("programmes.csv", ProgrammeRow)}
    for one in said:
        if one.programme_id not in programmes or one.state != "happened" or one.phase not in BEGUN:
            continue
        entry, row = programmes[one.programme_id]
        if row.status in NOT_BEGUN and row.as_of >= one.as_of:
            remedy = f"Update the status in {entry.file}:{entry.line} (under_way, or delivered with its date and as_of)"
            problem = f"{one.phase} has happened, yet the status of the programme is {row.status}"
            yield one.fault(problem, remedy, "state" if one.column == "date" else "status")


def check_future(ledger: Ledger, today: date) -> Iterator[Fault]:
    """Check that no row of any file was stated after today."""
    for entries in ledger.entries.values():
        for entry in entries:
            as_of = getattr(entry.row, "as_of", "")
            if as_of and period_start(as_of) > today:
                yield entry.fault("as_of", f"after today ({today})", "Write the day the statement was made")


def check_phases(ledger: Ledger) -> Iterator[Fault]:
    """Return the contradictions between phases.csv, the dates of programmes.csv and their statuses."""
    said = _said(ledger)
    yield from _own_dates(ledger)
    for check in (_repeated, _out_of_order, _taken_back):
        yield from check(said)
    yield from _against_status(said, ledger)
