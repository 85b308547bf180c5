"""The catalogue as pages read it: loaded once."""

from functools import lru_cache

from data.definitions import Catalogue, load_catalogue
from data.settings import CATALOGUE


@lru_cache
def definitions() -> Catalogue:
    """Return the definitions of the catalogue."""
    return load_catalogue(CATALOGUE)
