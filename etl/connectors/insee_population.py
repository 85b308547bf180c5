"""Municipal populations by commune: a column per year, `p13_pop` to `p21_pop`.

UTF-8 with byte order mark. Overseas codes come malformed in places: those rows are rejected, not mended.
"""

import re
from pathlib import Path

from data.errors import UnreadableFileError
from etl.commune_rows import Column, in_scope, observe
from etl.intake import Extracted, Loaded, Scope, edition_year
from etl.reading.delimited import Layout, read_delimited

AREA, NAME = "codgeo", "libgeo"
POPULATION = re.compile(r"p(\d\d)_pop", re.IGNORECASE)
GIVES = ("population",)
LAYOUT = Layout((AREA,), (",", ";"))
# Years have two digits in the column names; no population of this series is older.
FIRST_YEAR = 1968


def extract(path: Path) -> Extracted:
    """Read the populations faithfully.

    Raises
    ------
    UnreadableFileError
        The file is not the publisher's table: there is no column of a year, for one.
    """
    extracted = read_delimited(path, LAYOUT)
    if not any(POPULATION.fullmatch(column) for column in extracted.frame.columns):
        raise UnreadableFileError(
            f"{path.name} has no column of a population, such as p21_pop. It has "
            f"{', '.join(extracted.frame.columns[:-1])[:300]}. If the publisher renamed them, the connector needs to "
            "be told"
        )
    return extracted


def transform(extracted: Extracted, edition: str, scope: Scope) -> Loaded:
    """Turn the rows of communes in scope into one observation per year.

    Raises
    ------
    UnknownEditionError
        The edition names no year.
    UnreadableFileError
        A column is of a year after the edition.
    """
    years = _years(extracted, edition_year(edition, "insee-population"))
    chosen = in_scope(extracted, AREA, scope)
    chosen.reject_where(AREA, chosen.rows[AREA].duplicated(keep=False), "duplicate_key")
    numbers = chosen.read_counts(tuple(years))
    detail = f"Populations municipales {min(years.values())}-{max(years.values())}, column"
    columns = [Column(name, "population", str(year), f"{detail} {name.lower()}") for name, year in years.items()]
    return chosen.loaded(observe(chosen.rows[AREA], numbers, columns, edition), chosen.names(AREA, NAME))


def _years(extracted: Extracted, last: int) -> dict[str, int]:
    """Return the year of each column of a population, oldest first."""
    found = {}
    for column in extracted.frame.columns:
        if match := POPULATION.fullmatch(column):
            year = 2000 + int(match[1])
            found[column] = year - 100 if year - 100 >= FIRST_YEAR else year
    late = [column for column, year in found.items() if year > last]
    if late:
        raise UnreadableFileError(
            f"{extracted.file} has {', '.join(late)}, of after {last}: name the edition by its last year"
        )
    return dict(sorted(found.items(), key=lambda item: item[1]))
