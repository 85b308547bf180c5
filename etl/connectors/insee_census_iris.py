"""The census by IRIS as Insee offers it: a file of the population, a file of dwellings, each with some of the columns.

Each comes in an archive, beside a description of its columns (`meta_….CSV`); the archive is taken as it is.
`;`, UTF-8, codes of 9 characters, decimals with a dot; the year of the census stands in the names of columns
(`P21_POP`). Values keep their decimals. Ages are those Insee gives as such (`POP0019`, `POP2064`, `POP65P`), or for 65
and over the sum of two bands that is exactly that (`POP6579` and `POP80P`); no other bands add up to them.
"""

import re
from collections.abc import Iterable
from decimal import Decimal
from functools import partial
from pathlib import Path
from zipfile import is_zipfile

from data.errors import UnreadableFileError
from etl.intake import Extracted, Loaded, Scope
from etl.judging import Observed, Row, Wrong, judged, numbers_in, one_by_one
from etl.reading.archives import members, open_member
from etl.reading.cells import iris_code, number_of
from etl.reading.delimited import Layout, parse_delimited, read_delimited

CODE = "IRIS"
LAYOUT = Layout(columns=(CODE,), separators=(";",))
# By indicator the columns that give it, without the year; of several ways the first that a file has.
WAYS = {
    "population": (("POP",),),
    "population_under_20": (("POP0019",),),
    "population_20_to_64": (("POP2064",),),
    "population_65_and_over": (("POP65P",), ("POP6579", "POP80P")),
    "dwellings": (("LOG",),),
    "main_homes": (("RP",),),
    "second_homes": (("RSECOCC",),),
    "vacant_dwellings": (("LOGVAC",),),
    "houses": (("MAISON",),),
    "flats": (("APPART",),),
    "main_homes_in_flats": (("RPAPPART",),),
}
GIVES = tuple(WAYS)
# What the file of the population gives, and that of dwellings.
_PEOPLE = tuple(name for name in WAYS if name.startswith("population"))
_HOMES = tuple(name for name in WAYS if name not in _PEOPLE)
GIVES_IN = {"population": _PEOPLE, "dwellings": _HOMES, "population-dwellings": GIVES}
# Counted one by one, parts that exceed their total by more are not of it; files of rounded numbers differ by 1 or 2.
PARTS = (
    (("population_under_20", "population_20_to_64", "population_65_and_over"), "population"),
    (("main_homes", "second_homes", "vacant_dwellings"), "dwellings"),
    (("houses", "flats"), "dwellings"),
    (("main_homes_in_flats",), "flats"),
)
ROUNDING = 2
_MEASURE = re.compile(r"P(\d\d)_(\w+)", re.ASCII)


def _names(extracted: Extracted) -> list[str]:
    return [str(name) for name in extracted.frame.columns]


def _year(extracted: Extracted) -> str:
    """Return the two digits of the census of a file."""
    totals = {"POP", "LOG"}
    years = {found[1] for name in _names(extracted) if (found := _MEASURE.fullmatch(name)) and found[2] in totals}
    if len(years) != 1:
        raise UnreadableFileError(
            f"{extracted.file} is not the census by IRIS: it wants a column PYY_POP (population) or PYY_LOG "
            f"(dwellings) of one year; it has {', '.join(_names(extracted))[:300]}"
        )
    return years.pop()


def _columns(extracted: Extracted) -> dict[str, tuple[str, ...]]:
    """Return by indicator the columns of a file that give it."""
    year, names = _year(extracted), set(_names(extracted))
    spelled = {indicator: [tuple(f"P{year}_{one}" for one in way) for way in ways] for indicator, ways in WAYS.items()}
    found = {indicator: [way for way in ways if names >= set(way)] for indicator, ways in spelled.items()}
    return {indicator: ways[0] for indicator, ways in found.items() if ways}


def part_of(extracted: Extracted) -> str:
    """Return what of a census a file gives: population, dwellings, or both; Insee offers them apart."""
    return "-".join(name for name in ("population", "dwellings") if name in _columns(extracted))


def _is_data(member: str) -> bool:
    """Tell the data of an archive from the description of its columns beside it."""
    name = member.rpartition("/")[2].casefold()
    return name.endswith(".csv") and not name.startswith("meta_")


def _read(path: Path) -> Extracted:
    if not is_zipfile(path):
        return read_delimited(path, LAYOUT)
    inside = [member for member in members(path) if _is_data(member)]
    name = f"{path.name}/{inside[0]}" if len(inside) == 1 else path.name
    return parse_delimited(open_member(path, _is_data), name, LAYOUT)


def extract(path: Path) -> Extracted:
    """Read a file, or the one in an archive as Insee offers it, faithfully.

    Raises
    ------
    UnreadableFileError
        It is of another kind, or gives neither population nor dwellings of one census.
    """
    extracted = _read(path)
    _year(extracted)
    return extracted


def _sum(values: Iterable[float]) -> float:
    """Add up decimals as they are written, not as binary numbers come close to them."""
    return float(sum(Decimal(repr(value)) for value in values))


def _parts_above_totals(values: dict[str, float], columns: dict[str, tuple[str, ...]]) -> list[Wrong]:
    wrong = []
    for parts, total in PARTS:
        if total in values and sum(values.get(part, 0) for part in parts) > values[total] + ROUNDING:
            wrong.append(Wrong(columns[total][0], "parts_above_total"))
    return wrong


def _judge(row: Row, columns: dict[str, tuple[str, ...]], year: str, edition: str) -> list[Observed] | list[Wrong]:
    cells = {column for way in columns.values() for column in way}
    numbers, wrong = numbers_in(row, sorted(cells), number_of)
    values = {
        indicator: _sum(numbers[column] for column in way)
        for indicator, way in columns.items()
        if numbers.keys() >= set(way)
    }
    wrong += _parts_above_totals(values, columns)
    if wrong:
        return wrong
    return [
        Observed(
            row[CODE], indicator, f"20{year}", values.get(indicator), edition, _detail(way),
            "A" if indicator in values else "O",
        )
        for indicator, way in columns.items()
    ]  # fmt: skip


def _detail(way: tuple[str, ...]) -> str:
    return f"base par IRIS, {'colonne' if len(way) == 1 else 'colonnes'} {' + '.join(way)}"


def transform(extracted: Extracted, edition: str, scope: Scope) -> Loaded:
    """Return the figures of the IRIS in scope; of the indicators, those whose columns the file has.

    Raises
    ------
    UnreadableFileError
        The file is of another census.
    """
    year = _year(extracted)
    if not edition.endswith(f"20{year}"):
        raise UnreadableFileError(f"{extracted.file} is of the census of 20{year} (P{year}_…), not {edition}")
    judge = partial(_judge, columns=_columns(extracted), year=year, edition=edition)
    return judged(extracted, CODE, one_by_one(iris_code), scope.iris, judge)
