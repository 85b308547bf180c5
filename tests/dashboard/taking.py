"""What tests of data to take away share: which exports there are to ask for, and how spreadsheets show cells."""

import csv
import io
import re
import zipfile
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from openpyxl import load_workbook
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from dashboard.content import changes, structures
from dashboard.messages import message
from dashboard.view import View
from tests.dashboard.conftest import DISTRICTS

# What each export that needs to be told more is asked for with; the others are asked for as they are.
PARAMETERS: dict[str, tuple[dict[str, str], ...]] = {
    "carte": ({"indicateur": "population"}, {"indicateur": "dwellings"}),
    "indicateur": ({"indicateur": "population"}, {"indicateur": "dwellings_started"}),
    "programmes": ({"theme": "housing"}, {"theme": "mobility"}),
    "series": tuple({"theme": name} for name in ("housing", "green_space", "geothermal", "mobility", "territory")),
    "fichiers-recus": ({"theme": "mobility"},),
    "chiffres": ({}, {"theme": "housing", "recherche": "logement"}),
    "exploration": (
        {"indicateur": "vacancy_rate_percent", "niveau": "district", "periode": "2021"},
        {"indicateur": "dwellings_authorised", "niveau": "commune"},
        {"indicateur": "population@insee_census_iris", "niveau": "iris_all", "periode": "2021", "second": "flats"},
    ),
    "comparaison": (
        {"niveau": "commune", "lieux": "94041,94081", "indicateurs": "dwellings_authorised", "par": "inhabitants"},
    ),
    "tous-les-chiffres": ({"recherche": "réseau de chaleur"},),
    structures.EXPORT: ({structures.IRIS: "940410101"},),
}
OF_A_DISTRICT = frozenset({
    "operations-du-quartier", "dates-du-quartier", "stations-du-quartier", "chiffres-du-quartier",
    "indicateurs-quartier", "engagements", "glissements",
})  # fmt: skip
DISTRICT = DISTRICTS[0]
_LITERAL = r'(?:"(?:[^"]|"\\"")*")*'
_FORMAT = re.compile(rf"(?P<before>{_LITERAL})(?P<shape>#,##0|0)(?P<decimals>\.0+)?(?P<after>{_LITERAL})", re.DOTALL)
_SIGNS = {"fr": ("\u202f", ","), "en": (",", ".")}


@dataclass(frozen=True)
class Case:
    """An export to take away: its name, what it is asked for with, in which language, of the city or a district."""

    name: str
    language: str
    district: str
    parameters: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return "-".join((self.language, self.name, *self.parameters.values()))


def asked_with(name: str, view: View) -> dict[str, str]:
    """Return what an export of a release needs to be told: what changed is compared with the release itself."""
    return {changes.SINCE: view.release.release_id} if name == changes.EXPORT else {}


def opened(content: bytes) -> dict[str, bytes]:
    """Return the files of an archive by name."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def book_of(content: bytes) -> Workbook:
    return load_workbook(io.BytesIO(content))


def sheet_of(book: Workbook, key: str, language: str) -> Worksheet:
    found = book[message(f"takeaway.{key}", language)]
    assert isinstance(found, Worksheet)
    return found


def records(content: bytes) -> list[dict[str, str]]:
    """Return the records of a CSV file, read by the standard library."""
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def _literal(words: str) -> str:
    return re.sub(r'"((?:[^"]|"\\"")*)"', lambda found: found[1].replace('"\\""', '"'), words)


def shown(value: Any, number_format: str, language: str) -> str:
    """Return what a spreadsheet in a language shows of a cell: it rounds a half away from zero."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "" if value is None else str(value)
    positive, *negative = number_format.split(";")
    found = _FORMAT.fullmatch(negative[0] if negative and value < 0 else positive)
    assert found, number_format
    thousands, point = _SIGNS[language]
    decimals = len(found["decimals"] or ".") - 1
    # Scaled and rounded as whole numbers are, so that a half goes up.
    whole = int(abs(value) * 10**decimals + 0.5 + 1e-9)
    digits = str(whole).rjust(decimals + 1, "0")
    left, right = (digits[:-decimals], digits[-decimals:]) if decimals else (digits, "")
    if found["shape"] != "0":
        left = f"{int(left):,}".replace(",", thousands)
    sign = "−" if value < 0 and not negative else ""
    return f"{sign}{_literal(found['before'])}{left}{point if right else ''}{right}{_literal(found['after'])}"


def is_nothing(value: Any) -> bool:
    return value is None or (isinstance(value, float) and pd.isna(value)) or value is pd.NA or value == ""
