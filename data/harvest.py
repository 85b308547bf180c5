"""What harvesters are told, as `data/catalogue/harvest.toml` declares it: vocabularies, and the tables by family."""

import tomllib
from pathlib import Path
from typing import Self

from pydantic import ValidationError, model_validator

from data.definitions import line_of, relative
from data.errors import Fault, FaultyInputError
from data.fields import Strict
from data.models import Text
from data.schemas import TABLES


class Family(Strict):
    """Tables that are offered as one data set.

    `themes` are codes of the European data portal, `page` is the page that shows them; `served` : whether the data API
    answers from them.
    """

    tables: tuple[str, ...]
    themes: tuple[str, ...]
    page: str
    served: bool
    title: Text
    description: Text
    keywords: tuple[Text, ...]


class Harvest(Strict):
    """Vocabularies by prefix, terms by what code calls them, languages, themes, titles of tables and their families."""

    prefixes: dict[str, str]
    terms: dict[str, str]
    languages: dict[str, str]
    themes: dict[str, Text]
    tables: dict[str, Text]
    families: dict[str, Family]

    @model_validator(mode="after")
    def _check_families(self) -> Self:
        """Refuse a table that is in no family or in two, or without a title, and a theme without words."""
        listed = [table for family in self.families.values() for table in family.tables]
        if sorted(listed) != sorted(TABLES):
            raise ValueError(f"tables in no family or in several: {sorted({*listed} ^ {*TABLES}) or sorted(listed)}")
        if untitled := set(TABLES) ^ set(self.tables):
            raise ValueError(f"tables without a title, or titles without a table: {sorted(untitled)}")
        used = {theme for family in self.families.values() for theme in family.themes}
        if unknown := used - set(self.themes):
            raise ValueError(f"themes without words: {sorted(unknown)}")
        return self


def read_harvest(path: Path) -> Harvest:
    """Read and check what harvesters are told.

    Raises
    ------
    FaultyInputError
        The file is no TOML, holds what is not known, or leaves a table of releases out.
    """
    file, text = relative(path), path.read_text(encoding="utf-8")
    try:
        return Harvest.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise FaultyInputError([Fault(file, 1, "", "", f"not valid TOML: {error}", "Correct the syntax")]) from error
    except ValidationError as error:
        raise FaultyInputError([
            Fault(file, line_of(text, *keys), ".".join(keys), str(detail["input"])[:80], detail["msg"],
                  "See data/harvest.py")
            for detail in error.errors()
            for keys in [tuple(str(part) for part in detail["loc"])]
        ]) from error  # fmt: skip
