"""The words of the city's sheets, from the `…_sheet.toml` of the catalogue, and how they write numbers."""

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any
from zlib import crc32

from babel.dates import format_date
from babel.numbers import format_decimal

from data.decision_sheet.layout import TABS as DECISION_TABS
from data.gap_sheet.layout import TABS, Column
from data.register_sheet.layout import TABS as REGISTER_TABS
from data.rules.dates import period_start
from data.settings import CATALOGUE

_SHARED = ("sheet", "column", "choice")
_PATTERNS = {4: "y", 7: "MMMM y", 10: "d MMMM y"}


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


@lru_cache
def _words() -> dict[str, Any]:
    sheets = [_read(CATALOGUE / f"{name}_sheet.toml") for name in ("gap", "register", "decision")]
    # Tabs, columns and choices have names of their own in each.
    found: dict[str, Any] = {"sheet": {}, "column": {}, "choice": {}}
    for words in sheets:
        found |= {key: {**found[key], **value} if key in _SHARED else value for key, value in words.items()}
    return found


@lru_cache
def theme_words() -> dict[str, str]:
    """Return what the pages call each theme."""
    return {name: str(theme["label"]["fr"]) for name, theme in _read(CATALOGUE / "themes.toml").items()}


@lru_cache
def status_words() -> dict[str, str]:
    """Return what the pages call the status of a programme."""
    return dict(_read(CATALOGUE / "messages" / "fr" / "values.toml")["status"])


def say(key: str, **values: object) -> str:
    """Return the words of a dotted key with their places filled; an unknown key raises KeyError."""
    found: Any = _words()
    for part in key.split("."):
        found = found[part]
    return str(found).format(**values)


def choices(column: Column) -> dict[str, str]:
    """Return the words of a column's list by what they stand for."""
    return dict(_words()["choice"][column.choice])


def phase_words() -> dict[str, str]:
    """Return the words of every phase a sheet may name."""
    return {**_words()["choice"]["phase"], **_words()["choice"]["known_phase"]}


def tab_titles() -> dict[str, str]:
    """Return what each tab that the city fills in is called."""
    return {tab.name: say(f"sheet.{tab.name}.title") for tab in (*TABS, *REGISTER_TABS, *DECISION_TABS)}


def number_words(value: float) -> str:
    """Return a number as French writes it, with up to two decimals."""
    return str(format_decimal(value, format="#,##0.##", locale="fr"))


def date_words(date: str) -> str:
    """Return an ISO year, month or day in French."""
    return format_date(period_start(date), _PATTERNS[len(date)], locale="fr")


def seal(texts: list[str]) -> str:
    """Return a checksum of each text of a row that must come back as it was."""
    return ";".join(f"{crc32(text.encode()):08x}" for text in texts)
