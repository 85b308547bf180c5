"""Every string of the interface, by key, from the message catalogue."""

import tomllib
from functools import lru_cache
from typing import Any

from data.settings import CATALOGUE

LANGUAGES = ("fr", "en")


def _flatten(tree: dict[str, Any], prefix: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for key, value in tree.items():
        if isinstance(value, dict):
            flat |= _flatten(value, f"{prefix}{key}.")
        else:
            flat[prefix + key] = value
    return flat


@lru_cache
def catalogue(language: str) -> dict[str, str]:
    """Return all messages of a language, by dotted key; they lie in a folder, a file for a page or what pages share.

    Raises
    ------
    ValueError
        Two files of the language hold the same key.
    """
    found: dict[str, str] = {}
    for path in sorted((CATALOGUE / "messages" / language).glob("*.toml")):
        for key, words in _flatten(tomllib.loads(path.read_text(encoding="utf-8"))).items():
            if key in found:
                raise ValueError(f"{path}: {key} is in another file of {language} already")
            found[key] = words
    return found


def message(key: str, language: str = "fr", **values: object) -> str:
    """Return a message with its places filled; an unknown key raises KeyError (a test lists them all)."""
    return catalogue(language)[key].format(**values)


def has_message(key: str, language: str = "fr") -> bool:
    """Tell whether a key exists, for the few that are built from data."""
    return key in catalogue(language)
