"""Filling in a gap sheet as a city does, and letting LibreOffice save it where it is installed."""

import shutil
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from data.gap_sheet.layout import NAME_ROW
from data.gap_sheet.words import say

OFFICE = shutil.which("soffice")
TODAY = date(2026, 11, 23)
DAY = date(2026, 3, 12)
REFERENCE = "Délibération du 12 mars 2026, point 8"
GUIDE = "Mode d’emploi"
Answers = list[tuple[str, str, dict[str, Any]]]


def tab(book: Workbook, name: str) -> Worksheet:
    return book[say(f"sheet.{name}.title")]


def column(sheet: Worksheet, name: str) -> int:
    """Return the place of a column by its machine name, from 1."""
    return [cell.value for cell in sheet[NAME_ROW]].index(name) + 1


def row_of(sheet: Worksheet, programme: str) -> int:
    """Return the first row of an operation; for none, the first free row."""
    (row, *_) = (cell.row for cell in sheet["A"] if (cell.value or "") == programme and cell.row > 4)
    return row


def put(book: Workbook, name: str, programme: str, **values: Any) -> dict[str, str]:
    """Write values into the row of an operation; return the cell of each."""
    sheet = tab(book, name)
    row, places = row_of(sheet, programme), {}
    for key, value in values.items():
        cell = sheet.cell(row, column(sheet, key))
        cell.value = value
        places[key] = cell.coordinate
    return places


def sign(book: Workbook) -> None:
    """Give every answer its date and document, on the first tab."""
    book[GUIDE]["C6"], book[GUIDE]["C7"] = DAY, REFERENCE


def resaved(path: Path) -> Path:
    """Return the sheet as LibreOffice saves it, or as it is where LibreOffice is not installed."""
    if OFFICE is None:
        return path
    folder = path.parent / f"saved-{path.stem}"
    profile = f"-env:UserInstallation=file://{path.parent}/office"
    command = [OFFICE, "--headless", profile, "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(folder)]
    subprocess.run([*command, str(path)], check=True, capture_output=True, timeout=180)
    return folder / path.name


def fill(blank: Path, answers: Answers, to: Path) -> Path:
    """Fill in a sheet, signed on its first tab, and save it."""
    book = load_workbook(blank)
    sign(book)
    for name, programme, values in answers:
        put(book, name, programme, **values)
    book.save(to)
    return to
