"""INSEE's base of facilities (BPE): shops, health, schools, sport and culture by commune and district, on 1 January.

UTF-8, semicolon, a row a facility; the national file, bare or in its archive, or an extract. Up to 2021 the quality of
a position is written out, since then it is a letter. Coordinates are in the legal projection of the département.
Paris, Lyon and Marseille come by arrondissement; where a file has the whole city too, its codes stay apart.
"""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from data.errors import UnknownEditionError, UnreadableFileError
from etl.commune_rows import CommuneRows, in_scope
from etl.intake import Extracted, Loaded, Scope, edition_year
from etl.placing import Said, place
from etl.reading.registers import Register, read_register
from etl.tallies import incomplete_communes, positions, tally

AREA, KIND, YEAR, QUALITY = "DEPCOM", "TYPEQU", "AN", "QUALITE_XY"
EASTING, NORTHING = "LAMBERT_X", "LAMBERT_Y"
REGISTER = Register((AREA, KIND), (YEAR, EASTING, NORTHING, QUALITY), ";")

# What is counted, by types of facility: those of 2020 and 2021, and of 2024 and 2025, between which numbers changed.
_SAME = {
    "post_counters": ("A206", "A207", "A208"),
    "lower_secondary_schools": ("C201",),
    "upper_secondary_schools": ("C301", "C302", "C303"),
    "pharmacies": ("D307",),
    "swimming_pools": ("F101",),
    "sports_halls": ("F121",),
    "cinemas": ("F303",),
    "libraries": ("F307",),
}
_OLD = _SAME | {
    "supermarkets": ("B101", "B102"),
    "groceries": ("B201", "B202"),
    "bakeries": ("B203",),
    "nursery_and_primary_schools": ("C101", "C102", "C104", "C105"),
    "general_practitioners": ("D201",),
}
_NEW = _SAME | {
    "supermarkets": ("B104", "B105"),
    "groceries": ("B201", "B202"),
    "bakeries": ("B207",),
    "nursery_and_primary_schools": ("C107", "C108", "C109"),
    "general_practitioners": ("D265",),
}
TYPES: dict[int, Mapping[str, tuple[str, ...]]] = {2020: _OLD, 2021: _OLD, 2024: _NEW, 2025: _NEW}
GIVES = tuple(sorted(_NEW))
# Positions good to 500 m (B, A) are placed in districts; others (M, over 500 m or anywhere in the commune; _U; _Z) not.
PLACED = {"b", "a", "bonne", "acceptable"}
NOT_PLACED = {"m", "_u", "_z", "mauvaise", "non géolocalisé", "type_équipement_non_géolocalisé_cette_année", ""}


def extract(path: Path) -> Extracted:
    """Read the columns counted of a base of facilities, or of the one base in an archive.

    Raises
    ------
    UnreadableFileError
        The file is too large, of another kind, or lacks a column; or it is two files, one after the other.
    """
    extracted = read_register(path, REGISTER)
    if any(one.reason == "repeated_header" for one in extracted.rejected):
        raise UnreadableFileError(
            f"{path.name} has its header again among its rows: it is several files put together, and nothing tells "
            "facilities that are there twice. Take one file of the publisher"
        )
    return extracted


def _types(extracted: Extracted, edition: str) -> tuple[int, Mapping[str, tuple[str, ...]]]:
    """Return the year of an edition and what its types count.

    Raises
    ------
    UnknownEditionError
        The edition names no year, or its types are not known.
    UnreadableFileError
        The file is of another edition.
    """
    year = edition_year(edition, "bpe")
    types = TYPES.get(year)
    if types is None:
        raise UnknownEditionError(
            f"the types of facility of {edition} are not known, and their numbers change between editions; known: "
            f"{', '.join(f'bpe-{one}' for one in TYPES)}. Add those of its nomenclature to etl/connectors/bpe.py"
        )
    frame = extracted.frame
    years = frame[YEAR].value_counts() if YEAR in frame else pd.Series(dtype="int64")
    if len(years) and str(years.index[0]) != str(year):
        raise UnreadableFileError(f"{extracted.file} is the edition of {years.index[0]} ({YEAR}), not {edition}")
    known = {code for codes in types.values() for code in codes}
    foreign = {code for other in TYPES.values() for codes in other.values() for code in codes} - known
    found = sorted(foreign & set(frame[KIND].unique()))
    if found:
        raise UnreadableFileError(
            f"{extracted.file} has facilities of type {', '.join(found)}, which {edition} has not: check the edition"
        )
    return year, types


def transform(extracted: Extracted, edition: str, scope: Scope) -> Loaded:
    """Count the facilities of the communes in scope, by district where their position is good.

    Raises
    ------
    UnknownEditionError
        The edition names no year, or its types are not known.
    UnreadableFileError
        The file is of another edition.
    """
    year, types = _types(extracted, edition)
    indicators = {code: indicator for indicator, codes in types.items() for code in codes}
    chosen = in_scope(extracted, AREA, scope)
    is_good = _check_rows(chosen, year)
    points = positions(chosen, AREA, (EASTING, NORTHING), is_good)
    incomplete = incomplete_communes(chosen, AREA)
    chosen.drop_rejected()
    placed = place(points[chosen.rows.index].to_numpy(), scope, chosen.rows[AREA])
    placed["indicator"] = chosen.rows[KIND].map(indicators).fillna("")
    # Types that are not counted make known that the file is about a commune.
    chosen.out_of_scope += int(placed["indicator"].eq("").sum())
    chosen.rows = chosen.rows[placed["indicator"].ne("")]
    # A file of some domains (teaching, sport, …) says nothing of the others, whose numbers would read zero.
    domains = set(extracted.frame[KIND].str[:2])
    given = tuple(indicator for indicator in GIVES if types[indicator][0][:2] in domains)
    said = Said(f"{year}-01-01", edition, f"INSEE, base permanente des équipements, {year} edition, {KIND}")
    return chosen.loaded(tally(placed, given, scope, said, incomplete))


def _check_rows(chosen: CommuneRows, year: int) -> pd.Series:
    """Reject rows whose year, type or quality cannot be; return which positions are good enough for a district."""
    rows = chosen.rows
    if YEAR in rows:
        chosen.reject_where(YEAR, rows[YEAR].ne(str(year)), "other_edition")
    chosen.reject_where(KIND, ~rows[KIND].str.fullmatch(r"[A-G][0-9]{3}"), "malformed_type")
    if QUALITY not in rows:
        return pd.Series(False, index=rows.index)
    quality = rows[QUALITY].str.strip().str.casefold()
    chosen.reject_where(QUALITY, ~quality.isin(PLACED | NOT_PLACED), "unknown_code")
    return quality.isin(PLACED)
