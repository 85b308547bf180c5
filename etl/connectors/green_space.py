"""Green spaces as a city, a group of communes or a region keeps them: any layer of surfaces.

Publishers name their columns as they like. Those that say what a space is and who may enter are recognised by name,
and what they say is used only to leave out what is no place to go to, or is closed to the public.
"""

import re
import unicodedata
from pathlib import Path

import pandas as pd

from data.errors import UnreadableFileError
from etl.connectors.green_space_osm import KINDS as OSM_KINDS
from etl.green_spaces import GIVES as GREEN_SPACES
from etl.green_spaces import Told, measured
from etl.intake import Extracted, Loaded, Scope, edition_date
from etl.reading.vector import read_features

GIVES = GREEN_SPACES
TYPES = ("type", "type_ev", "typologie", "categorie", "nature", "usage", "sous_type", "libelle_type")
ACCESSES = ("acces", "access", "acces_public", "accessibilite", "statut_acces", "ouvert_public", "ouverture_public")
# How the words begin that say that a space is closed, or that it is greenery one does not go to.
CLOSED = re.compile(r"priv|non\b|no\b|ferme|interdit|inaccessible|restreint|reserve")
NO_PLACES = re.compile(
    r"accompagnement de voirie|cimetiere|decoration|jardins? d.immeuble|jardiniere|murs? vegetalise|peripherique|"
    r"plate-bande|talus|terre-plein|toiture|alignement|rond-point|priv"
)
DETAIL = "Surfaces of the file"


def plain(text: str) -> str:
    """Return a text without accents, capitals and spaces around."""
    bare = unicodedata.normalize("NFKD", text.replace("’", "'")).encode("ascii", "ignore").decode()
    return bare.strip().casefold()


def extract(path: Path) -> Extracted:
    """Read a layer (GeoJSON, GeoPackage, Shapefile).

    Raises
    ------
    UnreadableFileError
        It is no such layer, or one of OpenStreetMap, which is another data set under another licence.
    """
    features = read_features(path)
    tags = sorted(set(OSM_KINDS) & set(features.frame.columns))
    if tags:
        raise UnreadableFileError(
            f"{path.name} has the tags of OpenStreetMap ({', '.join(tags)}), which has a licence of its own: take it "
            "with: python -m etl ingest green_space_osm FILE"
        )
    return features


def are_green_spaces(frame: pd.DataFrame) -> pd.Series:
    """Return which features are places to go to that the file does not say to be closed to the public."""
    is_open = pd.Series(True, index=frame.index)
    for column in frame.columns:
        name = plain(str(column)).replace(" ", "_")
        wrong = NO_PLACES if name in TYPES else CLOSED if name in ACCESSES else None
        if wrong is not None:
            is_open &= ~frame[column].map(lambda text, wrong=wrong: bool(wrong.match(plain(text)))).astype(bool)
    return is_open


def transform(extracted: Extracted, edition: str, scope: Scope) -> Loaded:
    """Return area and number of the green spaces of communes and districts, and who lives near one."""
    told = Told(edition_date(edition, "green-space"), edition, f"{DETAIL}: {extracted.file}")
    return measured(extracted, are_green_spaces(extracted.frame), scope, told)
