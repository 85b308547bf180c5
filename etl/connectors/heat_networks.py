"""The decree on the content of heat and cold networks, as a table: a network a row, by the number of the register.

`,`, cells with commas quoted; `…C` is heat, `…F` cold, which has no renewable share. No commune is given but a name of
a town, which is not used: which communes a network serves is in the ledger. Decimals have a dot, or in the decree's
own tables a comma.
"""

import re
from functools import partial
from pathlib import Path

from etl.intake import Extracted, Loaded, Scope, edition_year
from etl.judging import Observed, Row, Wrong, judged, numbers_in, one_by_one
from etl.reading.cells import Number, number_of
from etl.reading.delimited import Layout, read_delimited

CODE, NAME, SHARE, YEAR = "identifiant", "nom", "taux_enrr", "annee_reference"
INDICATORS = {
    SHARE: "heat_network_renewable_share_percent",
    "contenu_co2": "heat_network_co2_content_kg_per_kwh",
    "contenu_co2_acv": "heat_network_co2_content_life_cycle_kg_per_kwh",
}
GIVES = tuple(INDICATORS.values())
LAYOUT = Layout(columns=(CODE, NAME, "localisation", "contenu_co2", "contenu_co2_acv", SHARE, YEAR), separators=(",",))
# The decree of a year takes the operating data of two years before, or the average of that year and the two before it.
YEARS_BEFORE, YEARS_AVERAGED = 2, 3
AVERAGE = "moyenne"


def extract(path: Path) -> Extracted:
    """Read a file faithfully.

    Raises
    ------
    UnreadableFileError
        It is of another kind, or lacks a column.
    """
    return read_delimited(path, LAYOUT)


def reason_of(code: str) -> str:
    """Return what is wrong with the form of a register number, empty where nothing is."""
    if any(character.isspace() for character in code):
        return "space_in_code"
    if re.fullmatch(r"[1-9]\d{2}[CF]", code, re.ASCII):
        return "leading_zero_lost"
    return "" if re.fullmatch(r"\d{4,5}[CF]", code, re.ASCII) else "malformed_network"


def _number(cell: str) -> Number:
    return number_of(cell, decimal="," if "," in cell else ".")


def _period(cell: str, decree: int) -> tuple[str, str]:
    """Return the period of a row and why it has none."""
    if cell.strip().casefold() == AVERAGE:
        last = decree - YEARS_BEFORE
        return f"{last - YEARS_AVERAGED + 1}/{last}", ""
    if not re.fullmatch(r"(19|20)\d\d", cell, re.ASCII):
        return "", "malformed_period"
    return cell, "future_period" if int(cell) > decree else ""


def _notes(row: Row, period: str, is_cold_share: bool) -> tuple[str, str]:
    name = row[NAME].strip().title().replace("'", "’")
    french, english = [f"Intitulé au registre\u202f: {name}"], [f"Name in the register: {name}"]
    if "/" in period:
        first, last = period.split("/")
        french.append(
            f"Moyenne de {first} à {last}\u202f: le fichier dit «\u00a0Moyenne\u00a0», l’arrêté nomme les années"
        )
        english.append(f"Average of {first} to {last}: the file says “Moyenne”, the decree names the years")
    if is_cold_share:
        french.append("Sans objet pour un réseau de froid")
        english.append("Does not apply to a cold network")
    return ". ".join(french), ". ".join(english)


def _judge(row: Row, edition: str, decree: int) -> list[Observed] | list[Wrong]:
    numbers, wrong = numbers_in(row, INDICATORS, _number)
    period, reason = _period(row[YEAR], decree)
    wrong += [Wrong(YEAR, reason)] if reason else []
    wrong += [Wrong(SHARE, "above_100_percent")] if numbers.get(SHARE, 0) > 100 else []
    if wrong:
        return wrong
    found = []
    for column, indicator in INDICATORS.items():
        value = numbers.get(column)
        is_cold_share = value is None and column == SHARE and row[CODE].endswith("F")
        status = "M" if is_cold_share else "O" if value is None else "A"
        detail = f"Decree on heat-network content, {decree} edition, {column}"
        french, english = _notes(row, period, is_cold_share)
        area = f"network-{row[CODE]}"
        found.append(Observed(area, indicator, period, value, edition, detail, status, "F", french, english))
    return found


def transform(extracted: Extracted, edition: str, scope: Scope) -> Loaded:
    """Return the figures of the networks in scope, by register number.

    Raises
    ------
    UnknownEditionError
        The edition names no year, and so not the years that are averaged.
    """
    judge = partial(_judge, edition=edition, decree=edition_year(edition, "heat-networks"))
    return judged(extracted, CODE, one_by_one(reason_of), scope.networks, judge)
