"""From the answers of a decision sheet to commitments and what they cost, each with the cell it comes from."""

from collections.abc import Iterable, Mapping

from pydantic import ValidationError

from data.commitment_models import CommitmentRow, SpendingRow
from data.decision_sheet.layout import ADDED, CARRIERS, DECISIONS
from data.errors import SheetFault
from etl.city_sheet.answers import Answer
from etl.city_sheet.ledger_rows import LedgerRow, Taken, date_of
from etl.city_sheet.operation_rows import slug

EDITION = "city-decisions"
_NEEDED = ("decision", "decision_theme", "decision_place", "edition", "measure")
_NEEDED_OF_AMOUNTS = ("commitment", "money_kind", "amount_eur", "first_year")
# A known decision's own row takes these; whatever else is known of it stays as its text says.
_TOLD_ONCE = {"edition": "edition", "carrier": "carrier_fr"}


def commitment_id(short: str, label: str) -> str:
    """Return the identifier of a new decision of a commune, from its short name and its French label."""
    return f"{short}-{slug(label)}"


def _missing(answer: Answer, needed: Iterable[str]) -> list[SheetFault]:
    return [answer.fault(name, "missing beside the rest of the row", "Fill it, or empty the row")
            for name in needed if name not in answer.values]  # fmt: skip


def _deadline(answer: Answer) -> tuple[str, list[SheetFault]]:
    deadline, fault = date_of(answer, "deadline_year", "deadline_month", "deadline_day")
    return deadline, [fault] if fault else []


def _quoted(words: object) -> str:
    """Return what the city says, for readers of English: quoted, not translated."""
    return f"In the city’s words: {words}" if words else ""


def _new(answer: Answer, short: str) -> CommitmentRow | list[SheetFault]:
    """Return the commitment that a row below the known ones makes."""
    given = answer.values
    deadline, faults = _deadline(answer)
    faults = [*_missing(answer, _NEEDED), *faults]
    if faults:
        return faults
    carrier = given.get("carrier", "")
    row = {
        "commitment_id": commitment_id(short, str(given["decision"])), "label_fr": given["decision"],
        "label_en": given.get("decision_en", given["decision"]), "theme": given["decision_theme"],
        "ref_area": given["decision_place"], "edition": str(given["edition"]), "edition_detail": answer.reference,
        "carrier_fr": carrier, "carrier_en": carrier, "deadline": deadline,
        "programme_ids": ";".join(dict.fromkeys(str(given[name]) for name in CARRIERS if name in given)),
        "target_id": "", "figure_ids": "", "budget_figure_id": "", "stated_status": given.get("stated_status", ""),
        "stated_as_of": "", "stated_detail": "", "lacking_fr": given["measure"],
        "lacking_en": _quoted(given["measure"]), "as_of": answer.as_of, "source": EDITION,
        "source_detail": answer.reference, "note_fr": "", "note_en": "",
    }  # fmt: skip
    try:
        return CommitmentRow.model_validate(row)
    except ValidationError as error:
        return [answer.fault("decision", str(error.errors()[0]["msg"]), "Write it otherwise")]


def _out_of_place(answer: Answer, row: CommitmentRow) -> list[SheetFault]:
    """Return what a known decision does not take: other columns, another edition or carrier than it has."""
    closed = [name for name in answer.values if name not in ADDED]
    faults = [answer.fault(name, "not asked of a decision that is known", "Empty the cell") for name in closed]
    for name, column in _TOLD_ONCE.items():
        there = getattr(row, column)
        if there and name in answer.values and str(answer.values[name]) != there:
            remedy = "Empty the cell, or have commitments.csv corrected"
            faults.append(answer.fault(name, f"known already, as {there!r}", remedy))
    return faults


def _updated(answer: Answer, row: CommitmentRow) -> CommitmentRow | list[SheetFault]:
    """Return a known commitment with what the city adds: its text, its source and its day stay.

    An edition brings its document along. Carrier, deadline and status are dated and referred to together: the newest
    statement holds, one that is older and says otherwise is a fault.
    """
    deadline, faults = _deadline(answer)
    faults = [*_out_of_place(answer, row), *faults]
    if faults:
        return faults
    edition, carrier = str(answer.values.get("edition", "")), str(answer.values.get("carrier", ""))
    changes = {"edition": edition, "edition_detail": answer.reference} if edition and not row.edition else {}
    told = {"carrier_fr": carrier, "carrier_en": carrier if carrier != row.carrier_fr else row.carrier_en,
            "deadline": deadline, "stated_status": str(answer.values.get("stated_status", ""))}  # fmt: skip
    told = {name: value for name, value in told.items() if value}
    since = row.stated_as_of or (row.as_of if row.source == EDITION else "")
    differs = any(getattr(row, name) != value for name, value in told.items())
    if differs and answer.as_of < since:
        name = next(name for name in answer.values if name != "edition")
        return [answer.fault(name, f"older than what is known ({since})", "Give a newer document, or empty the cells")]
    if told and (differs or answer.as_of > since):
        changes |= told | {"stated_as_of": answer.as_of, "stated_detail": answer.reference}
    return CommitmentRow.model_validate(row.model_dump() | changes)


def _amount(answer: Answer) -> SpendingRow | list[SheetFault]:
    """Return the amount that a row of the tab of spending states."""
    faults = _missing(answer, _NEEDED_OF_AMOUNTS)
    first, last = (answer.values.get(name) for name in ("first_year", "last_year"))
    if first is not None and last is not None and int(str(last)) < int(str(first)):
        faults.append(answer.fault("last_year", f"before the first year ({first})", "Check both years"))
    if faults:
        return faults
    return SpendingRow.model_validate({
        "commitment_id": answer.values["commitment"], "kind": answer.values["money_kind"],
        "amount_eur": answer.values["amount_eur"],
        "time_period": f"{first}" if last in {None, first} else f"{first}/{last}", "as_of": answer.as_of,
        "source": EDITION, "source_detail": answer.reference, "note_fr": answer.remark,
        "note_en": _quoted(answer.remark),
    })  # fmt: skip


def _alone(answer: Answer, row: CommitmentRow, there: dict[str, CommitmentRow]) -> CommitmentRow | list[SheetFault]:
    """Return a row, or that another of the same name says otherwise: of the ledger, or of this sheet."""
    first = there.setdefault(row.commitment_id, row)
    if first == row:
        return row
    if answer.about:
        return [answer.fault(_cell_of(answer), f"{row.commitment_id} is told of twice", "Keep one row")]
    problem, remedy = (
        f"{first.label_fr!r} is known already ({row.commitment_id})",
        "Fill in its own row of a fresh sheet",
    )
    return [answer.fault("decision", problem, f"{remedy}, or word this one otherwise")]


def _cell_of(answer: Answer) -> str:
    """Return the column whose cell stands for a row of the ledger."""
    if answer.tab is not DECISIONS:
        return "amount_eur"
    return next(iter(answer.values)) if answer.about else "decision"


def decision_rows(
    answers: list[Answer], known: Mapping[str, CommitmentRow], short: str
) -> tuple[list[Taken], list[SheetFault]]:
    """Return the rows of the ledger that the answers make, and the faults of those that make none.

    The same row given twice is taken once.

    Parameters
    ----------
    known : the commitments of the commune by identifier.
    short : the commune's short name, with which the identifiers of new ones begin.
    """
    taken: dict[LedgerRow, Taken] = {}
    faults: list[SheetFault] = []
    there = {True: dict[str, CommitmentRow](), False: dict(known)}
    for answer in answers:
        row = _row_of(answer, known, short)
        if isinstance(row, CommitmentRow):
            row = _alone(answer, row, there[bool(answer.about)])
        if isinstance(row, list):
            faults += row
        else:
            taken.setdefault(row, Taken(answer, _cell_of(answer), row))
    return list(taken.values()), faults


def _row_of(answer: Answer, known: Mapping[str, CommitmentRow], short: str) -> LedgerRow | list[SheetFault]:
    if answer.tab is not DECISIONS:
        return _amount(answer)
    return _updated(answer, known[answer.about]) if answer.about else _new(answer, short)
