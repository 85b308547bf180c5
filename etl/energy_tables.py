"""Tables of energy use as four publications lay them out: which column says what, and the rows one value each.

- Agence ORE, by commune: `OPERATEUR;FILIERE;Année;Code Commune;…;CODE CATEGORIE CONSOMMATION;CODE GRAND SECTEUR;CODE
  SECTEUR NAF2;Nb sites;Conso totale (MWh);…;Nombre de mailles secretisées`, or the same by the names of its fields.
- The same until 2021, wide: a column a sector, `consoa, consoi, consot, consor, consona`.
- SDES, by commune: `OPERATEUR;ANNEE;FILIERE;CODE_COMMUNE_CODE;…;CODE_GRAND_SECTEUR;CONSO;PDL`, below a line of labels.
- SDES, heat and cold by IRIS: `OPERATEUR;ANNEE;FILIERE;IRIS_CODE;…;CODE_GRAND_SECTEUR;CONSO;PDL`.
"""

import re
import unicodedata
from dataclasses import dataclass

import pandas as pd

from data.errors import UnreadableFileError
from data.rules.unit_conversions import MWH

_AREAS = ("code_commune", "code_commune_code", "commune_code", "commune")
_IRIS = ("iris_code", "code_iris", "code_iris_code", "iris")
_SECTORS = ("code_grand_secteur",)
_NAMES = ("nom_commune", "libelle_commune", "code_commune_libelle", "commune_libelle")
_WITHHELD = ("nombre_de_mailles_secretisees", "nombre_mailles_secretisees", "nb_iris_masques")
# What tells two rows of one commune, year and energy apart.
_DETAILS = (
    "id", "operateur", "code_eic", "code_categorie_consommation", "code_secteur_naf2", "code_secteur_naf2_code",
    "code_naf",
)  # fmt: skip
_VALUE = re.compile(r"(?:conso|conso_totale|consommation)(?:_en)?(?:_(kwh|mwh|gwh))?")
_UNIT = re.compile(r"\b(kwh|mwh|gwh)\b")
# Both publishers give megawatt-hours, and say so where their header has room for it.
UNSAID_UNIT = "mwh"
_BY_LETTER = {"a": "agriculture", "i": "industry", "t": "tertiary", "r": "residential", "na": "unknown"}


@dataclass(frozen=True)
class Measure:
    """A column of amounts: its unit, the column that counts what is withheld of it, and its sector where it has one.

    `withheld` and `sector` are empty where the file has no such column, or a row says the sector itself.
    """

    column: str
    unit: str
    withheld: str = ""
    sector: str = ""

    @property
    def factor(self) -> float:
        """Return how many megawatt-hours one of its unit is."""
        return MWH[self.unit]


@dataclass(frozen=True)
class Columns:
    """What the columns of a table of energy use are called in a file.

    `name` is that of the name of the commune, empty where there is none; `details` tell rows apart.
    """

    area: str
    name: str
    is_by_iris: bool
    year: str
    energy: str
    sector: str
    measures: tuple[Measure, ...]
    details: tuple[str, ...]


def plain(text: str) -> str:
    """Return a name without accents and marks: `Conso totale (MWh)` is `conso_totale_mwh`."""
    bare = "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))
    return re.sub(r"[^a-z0-9]+", "_", bare.casefold()).strip("_")


def with_short_names(frame: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """Return a table under the short names of its second header line, where it has one, and the unit its labels give.

    Parameters
    ----------
    frame : all text, `line` the line of the file.
    """
    if frame.empty:
        return frame, ""
    first = frame.drop(columns="line").iloc[0]
    short = [plain(str(name)) for name in first]
    if not {"operateur", "annee", "filiere"} <= set(short) or len(set(short)) < len(short):
        return frame, ""
    labels = dict(zip(short, first.index, strict=True))
    value = next((label for name, label in labels.items() if _VALUE.fullmatch(name)), "")
    unit = _UNIT.search(str(value).casefold())
    named = frame.iloc[1:].reset_index(drop=True)
    return named.set_axis([*first.astype("str"), "line"], axis=1), unit[1] if unit else ""


def _first(names: dict[str, str], aliases: tuple[str, ...]) -> str:
    return next((names[alias] for alias in aliases if alias in names), "")


def _measures(names: dict[str, str], labelled_unit: str) -> tuple[Measure, ...]:
    """Return the columns of amounts: one, or one a sector."""
    for name, column in names.items():
        if found := _VALUE.fullmatch(name):
            return (Measure(column, found[1] or labelled_unit or UNSAID_UNIT, _first(names, _WITHHELD)),)
    return tuple(
        Measure(names[f"conso{letter}"], UNSAID_UNIT, names.get(f"nombre_maille_secretisees_{letter}", ""), sector)
        for letter, sector in _BY_LETTER.items()
        if f"conso{letter}" in names
    )


def columns_of(file: str, frame: pd.DataFrame, labelled_unit: str = "") -> Columns:
    """Say which column of a table says what.

    Raises
    ------
    UnreadableFileError
        One that is needed is missing, or there under two names.
    """
    spelled = [str(column) for column in frame.columns if column != "line"]
    names = {plain(column): column for column in spelled}
    area, iris = _first(names, _AREAS), _first(names, _IRIS)
    measures = _measures(names, labelled_unit)
    is_long = len(measures) == 1 and not measures[0].sector
    sector = _first(names, _SECTORS)
    wanted = {
        "Code Commune": area or iris, "Année": names.get("annee", ""), "FILIERE": names.get("filiere", ""),
        "Conso totale (MWh)": measures, "CODE GRAND SECTEUR": sector or not is_long,
    }  # fmt: skip
    missing = [name for name, found in wanted.items() if not found]
    if missing or (not is_long and len(measures) < len(_BY_LETTER)):
        raise UnreadableFileError(
            f"{file} is no table of energy use by commune or IRIS: it lacks {', '.join(missing) or 'a sector'}. It has "
            f"{', '.join(spelled)[:300]}. Take the publisher's table by commune (or of heat by IRIS) untouched"
        )
    if len(names) < len(spelled):
        raise UnreadableFileError(f"{file} has two columns of one name: nothing tells which one holds")
    details = tuple(names[name] for name in _DETAILS if name in names)
    place = area or iris, _first(names, _NAMES), not area
    return Columns(*place, names["annee"], names["filiere"], sector if is_long else "", measures, details)
