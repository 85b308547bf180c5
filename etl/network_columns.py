"""Columns of France Chaleur Urbaine's files of heat networks, and what a Shapefile leaves of their names.

The archive `opendata-fcu.zip` holds the same table as GeoJSON with full names and as Shapefile, where GDAL cuts names
to ten characters and numbers those that would be alike: `prod_MWh_4` is geothermal heat only because of the columns
that come before it, in a known order.
"""

IDENTIFIER, NAME = "Identifiant reseau", "nom_reseau"
DELIVERED, TO_HOMES, TO_SERVICES = "livraisons_totale_MWh", "livraisons_residentiel_MWh", "livraisons_tertiaire_MWh"
PRODUCED, GEOTHERMAL = "production_totale_MWh", "prod_MWh_geothermie"
LENGTH, DELIVERY_POINTS = "longueur_reseau", "nb_pdl"
LONGEST_NAME, LONGEST_STEM = 10, 8

_BEFORE = (IDENTIFIER, NAME, "communes", "departement", "region", "MO")
_UNTIL_2024 = ("adresse_mo", "CP_MO", "ville_mo")
_AFTER = (
    "Gestionnaire", "reseaux classes", "annee_creation", LENGTH, DELIVERY_POINTS, "Taux EnR&R", "contenu CO2",
    "contenu CO2 ACV", "PM", "PV%", "PF%", "PM_L", "PM_T", "Rend%", "Dev_reseau%", PRODUCED, "prod_MWh_gaz_naturel",
    "prod_MWh_charbon", "prod_MWh_fioul_domestique", "prod_MWh_fioul_lourd", "prod_MWh_GPL", "prod_MWh_biomasse_solide",
    "prod_MWh_dechets_internes", "prod_MWh_UIOM", "prod_MWh_biogaz", GEOTHERMAL, "prod_MWh_PAC",
    "prod_MWh_solaire_thermique", "prod_MWh_autres_ENR", "prod_MWh_chaleur_industiel",
    "prod_MWh_autre_chaleur_recuperee", "prod_MWh_chaudieres_electriques", "prod_MWh_autres", "puissance_totale_MW",
    "puissance_MW_gaz_naturel", "puissance_MW_charbon", "puissance_MW_fioul_domestique", "puissance_MW_fioul_lourd",
    "puissance_MW_GPL", "puissance_MW_biomasse_solide", "puissance_MW_dechets_internes", "puissance_MW_UIOM",
    "puissance_MW_biogaz", "puissance_MW_geothermie", "puissance_MW_PAC", "puissance_MW_solaire_thermique",
    "puissance_MW_autres_ENR", "puissance_MW_chaleur_industiel", "puissance_MW_autre_chaleur_recuperee",
    "puissance_MW_chaudieres_electriques", "puissance_MW_autres", DELIVERED, TO_HOMES, TO_SERVICES,
    "livraisons_industrie_MWh", "livraisons_agriculture_MWh", "livraisons_autre_MWh", "eau_chaude", "eau_surchauffee",
    "vapeur",
)  # fmt: skip
# The order the publisher writes its columns in, newest first.
ORDERS = ((*_BEFORE, *_AFTER), (*_BEFORE, *_UNTIL_2024, *_AFTER))


def cut_names(names: tuple[str, ...]) -> list[str]:
    """Return the names a Shapefile gives columns: ten characters, numbered where two would be alike."""
    taken: set[str] = set()
    found = []
    for name in names:
        short, number = name[:LONGEST_NAME], 0
        while short.casefold() in taken:
            number += 1
            short = f"{name[:LONGEST_STEM]}_{number}" if number < 10 else f"{name[:LONGEST_STEM]}{number}"
        taken.add(short.casefold())
        found.append(short)
    return found


def full_names(columns: list[str]) -> dict[str, str]:
    """Return the full name of each column that can be told for certain; other columns are left out.

    Parameters
    ----------
    columns : the names of a file in its own order, full (case free) or as a Shapefile cuts them.
    """
    known = {name.casefold(): name for order in ORDERS for name in order}
    folded = [column.strip().casefold() for column in columns]
    if IDENTIFIER.casefold() in folded:
        return {column: known[one] for column, one in zip(columns, folded, strict=True) if one in known}
    for order in ORDERS:
        if [one.casefold() for one in cut_names(order)] == folded:
            return dict(zip(columns, order, strict=True))
    # Another order: what no other column is cut to, and the first of the deliveries, which is always their total.
    alike: dict[str, list[str]] = {}
    for name in dict.fromkeys(known.values()):
        alike.setdefault(name[:LONGEST_NAME].casefold(), []).append(name)
    certain = {short: names[0] for short, names in alike.items() if len(names) == 1}
    certain[DELIVERED[:LONGEST_NAME].casefold()] = DELIVERED
    return {column: certain[one] for column, one in zip(columns, folded, strict=True) if one in certain}
