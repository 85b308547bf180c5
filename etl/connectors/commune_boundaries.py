"""Outlines of communes by IGN (ADMIN EXPRESS), a commune a feature, by its INSEE code.

GeoPackage or zipped Shapefile (layer COMMUNE; `INSEE_COM`, `NOM`, from 2025 `code_insee`, `nom_officiel`), or the
answer of the national geoportal's map service (GeoJSON, names in small letters).
"""

from dataclasses import replace
from pathlib import Path

from etl.boundary_files import AREA, column_named, departments_of, is_surface, measured
from etl.intake import Extracted, Loaded, Scope, edition_year
from etl.judging import Observed, Row, Wrong, judged
from etl.reading.cells import commune_reasons
from etl.reading.vector import read_features

GIVES = (AREA,)
CODES = ("code_insee", "insee_com", "codgeo")
NAMES = ("nom_officiel", "nom", "nom_com", "libgeo")
LAYER = "commune"


def extract(path: Path) -> Extracted:
    """Read a file faithfully.

    Raises
    ------
    UnreadableFileError
        It is no map layer, lacks a column or its reference system, or is only part of what a service found.
    """
    features = read_features(path, layer=LAYER)
    for names, what in ((CODES, "the code"), (NAMES, "the name")):
        column_named(features, names, what)
    return features


def part_of(extracted: Extracted) -> str:
    """Return the départements a file is about."""
    return departments_of(extracted.frame[column_named(extracted, CODES, "the code")])


def transform(extracted: Extracted, edition: str, scope: Scope) -> Loaded:
    """Turn outlines into areas in hectares (legal projection) and outlines of communes.

    Raises
    ------
    UnreadableFileError
        Two communes overlap.
    """
    code, name = column_named(extracted, CODES, "the code"), column_named(extracted, NAMES, "the name")
    year = str(edition_year(edition, "commune-boundaries"))

    def judge(row: Row) -> list[Observed] | list[Wrong]:
        if not is_surface(row["geometry"]):
            return [Wrong(code, "not_a_surface")]
        return [Observed(row[code], AREA, year, None, edition, "surface du contour de la commune")]

    loaded = judged(extracted, code, commune_reasons, scope.communes, judge)
    owned = replace(extracted, frame=extracted.frame.assign(**{_OWNER: extracted.frame[code]}))
    found = measured(loaded, owned, {"ref_area": code, "name": name, "commune": _OWNER}, "commune", edition)
    return replace(found, names=dict(zip(found.outlines["ref_area"], found.outlines["name"], strict=True)))


# A commune belongs to itself; no attribute of a file is called so, since `line` is ours.
_OWNER = "line of the commune"
