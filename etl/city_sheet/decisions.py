"""Taking a filled-in decision sheet into the ledger: what conferences decided, what became of it, what it cost."""

from collections.abc import Collection, Iterator
from datetime import date
from pathlib import Path

from openpyxl import Workbook

from data.commitment_models import CommitmentRow
from data.decision_sheet.layout import COMMITMENTS, DECISIONS, PLACES, PROGRAMMES, TABS, THEMES, VERSION
from data.definitions import Catalogue
from data.gap_sheet.layout import FIRST_ROW
from data.gap_sheet.words import tab_titles, theme_words
from data.register_sheet.places import operation_places
from etl.areas import territories
from etl.city_sheet.cells import is_empty
from etl.city_sheet.decision_rows import commitment_id, decision_rows
from etl.city_sheet.intake import Desk, Intake, enter, operation_names
from etl.city_sheet.ledger_rows import SPENDING
from etl.city_sheet.operation_rows import slug
from etl.city_sheet.template import MAXIMUM_ROWS, Expected, SheetKind
from etl.ledger import Ledger
from etl.snapshots import Snapshot

SHEET = SheetKind("decision sheet", TABS, VERSION, "decisions")


def _known(ledger: Ledger, commune: str) -> dict[str, CommitmentRow]:
    """Return the commitments in the file of a commune by identifier."""
    rows = ledger.rows("commitments.csv", CommitmentRow)
    return {row.commitment_id: row for entry, row in rows if entry.folder == commune}


def _new_labels(book: Workbook) -> Iterator[str]:
    """Yield the decisions that the sheet itself adds: amounts may be of one of them."""
    title = tab_titles()[DECISIONS.name]
    if title not in book.sheetnames:
        return
    for cells in book[title].iter_rows(min_row=FIRST_ROW, max_row=MAXIMUM_ROWS, max_col=len(DECISIONS.columns)):
        label = cells[DECISIONS.index("decision")].value
        if is_empty(cells[0].value) and isinstance(label, str) and slug(label):
            yield " ".join(label.split())


def _expected(desk: Desk, ledger: Ledger, book: Workbook, short: str) -> Expected:
    """Return what a decision sheet is read against."""
    labels = {name: row.label_fr for name, row in _known(ledger, desk.commune).items()}
    lists = {
        THEMES: theme_words(),
        PLACES: operation_places(territories(ledger, desk.catalogue), desk.commune),
        PROGRAMMES: operation_names(ledger, desk.commune),
        COMMITMENTS: {commitment_id(short, label): label for label in _new_labels(book)} | labels,
    }
    return Expected(desk.commune, labels, desk.today, SHEET, lists)


def take_city_decisions(
    path: Path, commune: str, ledger_folder: Path, catalogue: Catalogue, today: date, kept: Collection[Snapshot] = ()
) -> Intake:
    """Check a filled-in decision sheet and take what it says into `commitments.csv` and `spending.csv` of the commune.

    A commitment that is known keeps its text and its source; edition, carrier, deadline and status are added in place,
    with the document that says so. Parameters and errors are those of `Desk` and `enter`.
    """
    desk = Desk(path, commune, ledger_folder, catalogue, today, kept)
    short = slug(catalogue.territories[commune].short) if commune in catalogue.territories else commune
    entered = enter(
        desk,
        lambda ledger, book: _expected(desk, ledger, book, short),
        lambda answers, ledger: decision_rows(answers, _known(ledger, commune), short),
    )
    amounts = sum(one.file_name == SPENDING for one in entered.new)
    decisions = len(entered.new) - amounts
    return Intake(0, 0, 0, 0, entered.files, entered.known, decisions=decisions, amounts=amounts)
