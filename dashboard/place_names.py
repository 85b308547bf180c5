"""Names of places within sentences: of and at a place, with the article that the language joins to them."""

from dashboard.messages import message

_VOWELS = "AEIOUYÀÂÉÈÊËÎÏÔÙÛŒÆ"
# Articles that French joins to the word before them; La and L’ stay as they are.
_OF = {"Le ": "site.of_le", "Les ": "site.of_les"}
_AT = {"Le ": "site.at_le", "Les ": "site.at_les"}


def _joined(keys: dict[str, str], name: str, language: str) -> str:
    for article, key in keys.items():
        if name.startswith(article):
            return message(key, language, city=name.removeprefix(article))
    return ""


def of_place(name: str, language: str) -> str:
    """Return `of <place>`: d’Ivry, de Sommières, du Bugue, des Lilas."""
    key = "site.of_vowel" if name[:1] in _VOWELS else "site.of"
    return _joined(_OF, name, language) or message(key, language, city=name)


def at_place(name: str, language: str) -> str:
    """Return `in <place>`: à Ivry, au Bugue, aux Lilas."""
    return _joined(_AT, name, language) or message("site.at", language, city=name)
