"""Outlines of the IRIS by IGN and Insee: Contours... IRIS or IRIS... GE, an IRIS a feature, by its nine-character code.

GeoPackage, zipped Shapefile (Lambert-93, names in capitals: `CODE_IRIS`, `INSEE_COM`, `NOM_IRIS`), or the answer of the
national geoportal's map service (GeoJSON, names in small letters: `code_iris`, `code_insee`, `nom_iris`).
"""

from pathlib import Path

from etl.boundary_files import AREA, column_named, departments_of, is_surface, measured
from etl.intake import Extracted, Loaded, Scope, edition_year
from etl.judging import Observed, Row, Wrong, judged, one_by_one
from etl.reading.cells import iris_code
from etl.reading.vector import read_features

GIVES = (AREA,)
CODES = ("code_iris", "dcomiris", "codgeo")
NAMES = ("nom_iris", "lab_iris", "libelle")
OWNERS = ("insee_com", "code_insee", "depcom")
LAYER = "iris_ge"


def extract(path: Path) -> Extracted:
    """Read a file faithfully.

    Raises
    ------
    UnreadableFileError
        It is no map layer, lacks a column or its reference system, or is only part of what a service found.
    """
    features = read_features(path, layer=LAYER)
    for names, what in ((CODES, "the code"), (NAMES, "the name"), (OWNERS, "the commune")):
        column_named(features, names, what)
    return features


def part_of(extracted: Extracted) -> str:
    """Return the départements a file is about."""
    return departments_of(extracted.frame[column_named(extracted, CODES, "the code")])


def transform(extracted: Extracted, edition: str, scope: Scope) -> Loaded:
    """Turn outlines into areas in hectares (legal projection) and outlines of IRIS.

    Raises
    ------
    UnreadableFileError
        Two IRIS overlap.
    """
    code, name = column_named(extracted, CODES, "the code"), column_named(extracted, NAMES, "the name")
    owner = column_named(extracted, OWNERS, "the commune")
    year = str(edition_year(edition, "contours-iris"))

    def judge(row: Row) -> list[Observed] | list[Wrong]:
        if not is_surface(row["geometry"]):
            return [Wrong(code, "not_a_surface")]
        if row[owner] != row[code][:5]:
            return [Wrong(owner, "commune_of_another_code")]
        return [Observed(row[code], AREA, year, None, edition, "surface du contour")]

    loaded = judged(extracted, code, one_by_one(iris_code), scope.iris, judge)
    return measured(loaded, extracted, {"ref_area": code, "name": name, "commune": owner}, "iris", edition)
