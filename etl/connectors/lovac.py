"""LOVAC by commune: dwellings of the private stock, vacant ones, and those vacant for over two years, on 1 January.

The file is wide, newest year first: `CODGEO_YY`, then a column a quantity and year; the stock is counted up to the year
before the edition. `s` is secret (fewer than 11 dwellings), `0` is zero, an empty cell is missing.
"""

import re
from dataclasses import replace
from functools import partial
from itertools import pairwise
from pathlib import Path

from data.errors import UnreadableFileError
from etl.cells import commune_reasons, number_of
from etl.delimited import Layout, read_delimited
from etl.intake import Extracted, Loaded, Scope
from etl.judging import Observed, Row, Wrong, judged, numbers_in

VACANT, LONG_VACANT, STOCK = (
    "private_dwellings_vacant", "private_dwellings_vacant_over_2_years", "private_dwellings",
)  # fmt: skip
# The stock was called `pp_total` up to the edition of 2025.
QUANTITIES = {"pp_vacant": VACANT, "pp_vacant_plus_2ans": LONG_VACANT, "pp_total": STOCK, "ff_pp_total": STOCK}
GIVES = (VACANT, LONG_VACANT, STOCK)
CODE = re.compile(r"CODGEO_(\d\d)", re.IGNORECASE)
MEASURE = re.compile(rf"({'|'.join(QUANTITIES)})_(\d\d)", re.IGNORECASE)
LAYOUT = Layout(columns=(), separators=(";",), encodings=("utf-8", "cp1252"))
SECRET = "s"

# Breaks in series, declared here and nowhere else. The method of counting vacant dwellings changed with the edition
# of 2025; and a stock that changes by more than a fifth (and 100 dwellings) in a year was not built or pulled down: it
# is counted otherwise, and so are its vacant dwellings. Ivry's jumps by 29 % in 2023.
NEW_METHOD = {(VACANT, 2025)}
STOCK_JUMP_SHARE, STOCK_JUMP_DWELLINGS = 0.2, 100
BREAK_FR = "Rupture de série\u202f: cette valeur ne se compare pas directement aux précédentes."
BREAK_EN = "Break in series: this value cannot be compared directly with earlier ones."
JUMP_FR = "Rupture de série\u202f: le nombre de logements passe d’un coup de {} à {}."
JUMP_EN = "Break in series: the number of dwellings jumps from {} to {}."


def _columns(extracted: Extracted) -> tuple[str, dict[tuple[int, str], str]]:
    """Return the column of codes, and by year and indicator that of each quantity."""
    names = [str(name) for name in extracted.frame.columns]
    codes = [name for name in names if CODE.fullmatch(name)]
    measures: dict[tuple[int, str], str] = {}
    for name in names:
        if found := MEASURE.fullmatch(name):
            key = 2000 + int(found[2]), QUANTITIES[found[1].lower()]
            if key in measures:
                raise UnreadableFileError(f"{extracted.file} gives the same twice: {measures[key]} and {name}")
            measures[key] = name
    if len(codes) != 1 or not measures:
        raise UnreadableFileError(
            f"{extracted.file} is not LOVAC by commune: it wants one column CODGEO_YY and columns pp_vacant_YY, "
            f"pp_vacant_plus_2ans_YY, pp_total_YY; it has {', '.join(names)[:300]}"
        )
    return codes[0], measures


def extract(path: Path) -> Extracted:
    """Read a file faithfully.

    Raises
    ------
    UnreadableFileError
        It is of another kind, or a year between the first and the edition's lacks a column.
    """
    extracted = read_delimited(path, LAYOUT)
    names = [str(name).strip() for name in extracted.frame.columns]
    extracted = replace(extracted, frame=extracted.frame.set_axis(names, axis=1))
    code, measures = _columns(extracted)
    last, first = 2000 + int(code[-2:]), min(year for year, _ in measures)
    wanted = {(year, name) for year in range(first, last + 1) for name in (VACANT, LONG_VACANT)}
    wanted |= {(year, STOCK) for year in range(first, last)}
    spelled = {name: column for column, name in reversed(QUANTITIES.items())}
    absent = sorted(f"{spelled[name]}_{year % 100}" for year, name in wanted - set(measures))
    if absent or max(year for year, _ in measures) > last:
        raise UnreadableFileError(
            f"{extracted.file} is the edition of {last} ({code}) but lacks {', '.join(absent) or 'nothing'} and ends "
            f"with {max(measures)[0]}: take the publisher's file, or tell the connector how the columns are called now"
        )
    return extracted


def _parts_above_totals(numbers: dict[tuple[int, str], float], measures: dict[tuple[int, str], str]) -> list[Wrong]:
    wrong = []
    for part, total in ((VACANT, STOCK), (LONG_VACANT, VACANT)):
        for (year, name), value in numbers.items():
            if name == part and value > numbers.get((year, total), value):
                wrong.append(Wrong(measures[year, part], "parts_above_total"))
    return wrong


def _jumps(numbers: dict[tuple[int, str], float]) -> dict[int, tuple[float, float]]:
    """Return the stocks before and after by year in which the stock jumps."""
    stocks = sorted((year, value) for (year, name), value in numbers.items() if name == STOCK)
    return {
        year: (before, after)
        for (last, before), (year, after) in pairwise(stocks)
        if year == last + 1 and abs(after - before) > max(STOCK_JUMP_SHARE * before, STOCK_JUMP_DWELLINGS)
    }


def _status(year: int, name: str, jumps: dict[int, tuple[float, float]]) -> tuple[str, str, str]:
    """Return the status of a value, and in French and English what it says of its series."""
    if (name, year) in NEW_METHOD:
        return "B", BREAK_FR, BREAK_EN
    if year in jumps and name == STOCK:
        english = [f"{value:,.0f}" for value in jumps[year]]
        french = [text.replace(",", "\u202f") for text in english]
        return "B", JUMP_FR.format(*french), JUMP_EN.format(*english)
    return ("B" if year in jumps and name == VACANT else "A"), "", ""


def _judge(row: Row, code: str, measures: dict[tuple[int, str], str], edition: str) -> list[Observed] | list[Wrong]:
    secret = {column for column in measures.values() if row[column].strip() == SECRET}
    by_column, wrong = numbers_in(row, set(measures.values()) - secret, partial(number_of, whole=True))
    numbers = {key: by_column[column] for key, column in measures.items() if column in by_column}
    wrong += _parts_above_totals(numbers, measures)
    if wrong:
        return wrong
    jumps = _jumps(numbers)
    found = []
    for (year, name), column in measures.items():
        value = numbers.get((year, name))
        status, french, english = ("O", "", "") if value is None else _status(year, name, jumps)
        detail = f"LOVAC open data, {edition.rsplit('-', 1)[-1]} edition, {column}"
        conf_status = "C" if column in secret else "F"
        found.append(
            Observed(row[code], name, f"{year}-01-01", value, edition, detail, status, conf_status, french, english)
        )
    return found


def transform(extracted: Extracted, edition: str, scope: Scope) -> Loaded:
    """Return the figures of the communes in scope; what is secret or missing keeps its status.

    Raises
    ------
    UnreadableFileError
        The file is of another edition.
    """
    code, measures = _columns(extracted)
    if not edition.endswith(f"20{code[-2:]}"):
        raise UnreadableFileError(f"{extracted.file} is the edition of 20{code[-2:]} ({code}), not {edition}")
    judge = partial(_judge, code=code, measures=measures, edition=edition)
    return judged(extracted, code, commune_reasons, scope.communes, judge)
