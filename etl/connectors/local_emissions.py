"""Greenhouse gases emitted in a commune, by sector: the national inventory, spread over communes by its producer.

`,` (or `;`), UTF-8, a commune a row, tonnes of CO₂ equivalent with many decimals. Paris, Lyon and Marseille come by
arrondissement. Two columns stand outside the inventory's total: CO₂ from biomass, and international transport. A blank
cell means that nothing was spread over the commune in that sector. The file names no year: its edition does.
"""

from functools import partial
from pathlib import Path

from etl.intake import Extracted, Loaded, Scope, edition_year
from etl.judging import Observed, Row, Wrong, judged, numbers_in
from etl.reading.cells import commune_reasons, number_of
from etl.reading.delimited import Layout, read_delimited

CODE = "INSEE commune"
TOTAL = "ghg_emissions_t_co2_equivalent"
BY_SECTOR = {
    "Résidentiel": "ghg_emissions_residential_t_co2_equivalent",
    "Routier": "ghg_emissions_road_t_co2_equivalent",
    "Tertiaire": "ghg_emissions_tertiary_t_co2_equivalent",
    "Industrie hors-énergie": "ghg_emissions_industry_t_co2_equivalent",
}
COUNTED = (*BY_SECTOR, "Energie", "Déchets", "Agriculture", "Autres transports")
# Every commune has homes, streets and services: without them the others are no total.
EVERYWHERE = ("Résidentiel", "Routier", "Tertiaire")
OUTSIDE_TOTAL = ("Autres transports international", "CO2 biomasse hors-total")
GIVES = (TOTAL, *BY_SECTOR.values())
LAYOUT = Layout(columns=(CODE, *COUNTED, *OUTSIDE_TOTAL), separators=(",", ";"))
IN_ENGLISH = {
    "Résidentiel": "homes", "Routier": "road transport", "Tertiaire": "services", "Energie": "energy industry",
    "Industrie hors-énergie": "other industry", "Déchets": "waste", "Agriculture": "agriculture",
    "Autres transports": "other transport",
}  # fmt: skip
IN_FRENCH = {
    "Résidentiel": "logements", "Routier": "transport routier", "Tertiaire": "bureaux, commerces et services",
    "Energie": "industrie de l’énergie", "Industrie hors-énergie": "autre industrie", "Déchets": "déchets",
    "Agriculture": "agriculture", "Autres transports": "autres transports",
}  # fmt: skip
ESTIMATED = (
    "Estimation du producteur\u202f: l’inventaire national est réparti entre les communes.",
    "Estimate of the producer: the national inventory is spread over the communes.",
)
NOTHING_SPREAD = (
    "L’inventaire n’y répartit rien pour\u202f: {}.",
    "The inventory spreads nothing over it for: {}.",
)


def extract(path: Path) -> Extracted:
    """Read a file faithfully.

    Raises
    ------
    UnreadableFileError
        It is of another kind, or lacks a sector.
    """
    return read_delimited(path, LAYOUT)


def _total(numbers: dict[str, float]) -> float | None:
    if any(sector not in numbers for sector in EVERYWHERE):
        return None
    return sum(numbers[sector] for sector in COUNTED if sector in numbers)


def _notes(blank: list[str]) -> tuple[str, str]:
    """Return what is said of a total in French and English: how it is made, and which sectors are blank."""
    if not blank:
        return ESTIMATED
    french, english = (", ".join(names[sector] for sector in blank) for names in (IN_FRENCH, IN_ENGLISH))
    return f"{ESTIMATED[0]} {NOTHING_SPREAD[0].format(french)}", f"{ESTIMATED[1]} {NOTHING_SPREAD[1].format(english)}"


def _judge(row: Row, edition: str, year: int) -> list[Observed] | list[Wrong]:
    numbers, wrong = numbers_in(row, (*COUNTED, *OUTSIDE_TOTAL), number_of)
    if wrong:
        return wrong
    # What a figure is read from, and its notes, by indicator.
    figures = {
        TOTAL: (_total(numbers), " + ".join(COUNTED), _notes([sector for sector in COUNTED if sector not in numbers]))
    } | {name: (numbers.get(sector), sector, ESTIMATED) for sector, name in BY_SECTOR.items()}
    found = []
    for name, (value, columns, notes) in figures.items():
        status, (french, english) = ("E", notes) if value is not None else ("O", ("", ""))
        detail = f"Territorial inventory of greenhouse gases, {year}, {columns}"
        found.append(Observed(row[CODE], name, str(year), value, edition, detail, status, "F", french, english))
    return found


def transform(extracted: Extracted, edition: str, scope: Scope) -> Loaded:
    """Return the emissions of the communes in scope, of the year the edition is of.

    Raises
    ------
    UnknownEditionError
        The edition names no year.
    """
    judge = partial(_judge, edition=edition, year=edition_year(edition, "local-emissions"))
    return judged(extracted, CODE, commune_reasons, scope.communes, judge)
