"""From answers to rows of the ledger, each with the cell it comes from."""

from collections.abc import Iterator
from dataclasses import dataclass

from data.commitment_models import CommitmentRow, SpendingRow
from data.errors import SheetFault
from data.gap_sheet.words import tab_titles
from data.models import PhaseRow, StatementRow
from etl.city_sheet.answers import Answer
from etl.city_sheet.cells import iso_date
from etl.ledger import Entry
from etl.sources.city_sheet import EDITION

PHASES, STATEMENTS, COMMITMENTS, SPENDING = "phases.csv", "statements.csv", "commitments.csv", "spending.csv"
LedgerRow = PhaseRow | StatementRow | CommitmentRow | SpendingRow
_FILES: dict[type[LedgerRow], str] = {
    PhaseRow: PHASES, StatementRow: STATEMENTS, CommitmentRow: COMMITMENTS, SpendingRow: SPENDING,
}  # fmt: skip
# Which cell a column of the ledger comes from, where it is not the one that holds the row's value.
_CELLS = {
    "state": "state", "phase": "phase", "as_of": "as_of", "source_detail": "reference", "edition": "edition",
    "edition_detail": "reference", "stated_as_of": "as_of", "stated_detail": "reference", "deadline": "deadline_year",
    "programme_ids": "programme_1", "lacking_fr": "measure", "time_period": "first_year",
}  # fmt: skip
_DATE_TABS = {"dates", "dates_known", "other_dates"}


@dataclass(frozen=True)
class Taken:
    """A row for the ledger: the answer it comes from, and the column whose cell holds its value."""

    answer: Answer
    column: str
    row: LedgerRow

    @property
    def file_name(self) -> str:
        """The ledger file the row belongs to."""
        return _FILES[type(self.row)]

    def entry(self, folder: str, file: str) -> Entry:
        """Return the row as the ledger would hold it, its cell for a place."""
        place = f"{file}, {tab_titles()[self.answer.tab.name]}!{self.answer.cell(self.column)}"
        return Entry(folder, place, self.answer.row, self.row)

    def fault(self, column: str, problem: str, remedy: str) -> SheetFault:
        """Return a fault of a ledger column at the cell it comes from."""
        own = _CELLS.get(column, "")
        here = own if own in {mine.name for mine in self.answer.tab.columns} else self.column
        return self.answer.fault(here, problem, remedy)


def _noted(answer: Answer) -> dict[str, str]:
    """Return what every row of an answer says of its source; a remark is quoted, not translated."""
    english = f"In the city’s words: {answer.remark}" if answer.remark else ""
    return {
        "programme_id": answer.about, "as_of": answer.as_of, "source": EDITION,
        "source_detail": answer.reference, "note_fr": answer.remark, "note_en": english,
    }  # fmt: skip


def date_of(answer: Answer, year: str, month: str = "month", day: str = "day") -> tuple[str, SheetFault | None]:
    """Return the ISO date of an answer as far as its columns give it ("" where they do not), or why it is none."""
    parts = [answer.values.get(name) for name in (year, month, day)]
    for (finer, what), (coarser, its) in zip(((month, "month"), (day, "day")), ((year, "year"), (month, "month")),
                                             strict=True):  # fmt: skip
        if finer in answer.values and coarser not in answer.values:
            return "", answer.fault(finer, f"a {what} without its {its}", "Give both")
    try:
        return iso_date(parts), None
    except ValueError:
        return "", answer.fault(day, "no such day in that month", "Check day and month")


def _phase(answer: Answer) -> Taken | list[SheetFault]:
    """Return the phase a row of a tab of dates tells."""
    year = "year" if "year" in {column.name for column in answer.tab.columns} else "new_year"
    known_phase, _, known_date = answer.promise.partition("=")
    wanted = ("state",) if known_phase else ("phase", "state", year)
    faults = [
        answer.fault(name, "missing beside the rest of the date", "Fill it, or empty the row")
        for name in wanted
        if name not in answer.values
    ]
    dated = {year, "month", "day"} & set(answer.values)
    text, fault = date_of(answer, year) if dated else (known_date, None)
    # A month without its year is told once.
    if fault is not None and not any(one.cell == answer.cell(year) for one in faults):
        faults.append(fault)
    if faults:
        return faults
    phase = known_phase or answer.values["phase"]
    row = PhaseRow.model_validate(_noted(answer) | {"phase": phase, "date": text, "state": answer.values["state"]})
    return Taken(answer, year if dated else "state", row)


def _statements(answer: Answer) -> Iterator[Taken]:
    """Yield a statement for each value of a row."""
    for name, value in answer.values.items():
        share = name == "social_share_percent"
        stated = round(float(str(value)) / 100, 6) if share else float(str(value))
        fact = "dwellings_social_share" if share else name
        yield Taken(answer, name, StatementRow.model_validate(_noted(answer) | {"fact": fact, "value": stated}))


def ledger_rows(answers: list[Answer]) -> tuple[list[Taken], list[SheetFault]]:
    """Return the rows of the ledger that the answers make, and the answers that make none.

    The same row given twice is taken once.
    """
    taken: dict[LedgerRow, Taken] = {}
    faults: list[SheetFault] = []
    for answer in answers:
        if answer.tab.name not in _DATE_TABS:
            for one in _statements(answer):
                taken.setdefault(one.row, one)
            continue
        phase = _phase(answer)
        if isinstance(phase, Taken):
            taken.setdefault(phase.row, phase)
        else:
            faults += phase
    return list(taken.values()), faults
