"""The draft of a briefing file: what its reader chose, kept in a file of their own; no account, nothing stored here."""

import json
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import parse_qs, urlsplit

from pydantic import Field, ValidationError

from data.errors import ObservatoryError
from data.fields import Strict
from data.settings import CATALOGUE

MOST_SECTIONS, LONGEST_NOTE, LARGEST_FILE = 400, 20_000, 4_000_000
WHOLE_CITY = "ville"
Audience = Literal["council", "public", "technical"]
AUDIENCES: tuple[Audience, ...] = ("council", "public", "technical")
Note = Annotated[str, Field(max_length=LONGEST_NOTE)]


class DraftError(ObservatoryError):
    """Raised when a draft cannot be read: it says where it fails and what to do."""


class SectionChoice(Strict):
    """A section: the address of a page, the area it is looked at for, what is supposed there, a note beside it.

    `hypotheses` are written as they stand in an address; `figure` keeps one map or chart of the page alone.
    """

    page: str = Field(max_length=200)
    district: str = Field(default=WHOLE_CITY, max_length=200)
    hypotheses: str = Field(default="", max_length=4_000)
    figure: str = Field(default="", max_length=200)
    note: Note = ""


class Draft(Strict):
    """A whole draft; `release` is the one it was made on, empty for none."""

    kind: Literal["observatory-briefing"] = "observatory-briefing"
    version: Literal[1] = 1
    commune: str = Field(max_length=20)
    release: str = Field(default="", max_length=64)
    language: str = Field(default="fr", max_length=5)
    audience: Audience = "council"
    title: str = Field(default="", max_length=300)
    note: Note = ""
    sections: tuple[SectionChoice, ...] = Field(default=(), max_length=MOST_SECTIONS)


def to_file(draft: Draft) -> str:
    """Return a draft as the file its reader keeps."""
    return json.dumps(draft.model_dump(), ensure_ascii=False, indent=1) + "\n"


def from_file(text: str) -> Draft:
    """Return the draft of a file.

    Raises
    ------
    DraftError
        The text is no draft, or a part of it does not fit.
    """
    if len(text) > LARGEST_FILE:
        raise DraftError(f"the file has {len(text)} characters, a draft at most {LARGEST_FILE}")
    try:
        found = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise DraftError(f"the file is not JSON ({error}): take one kept from the page of the briefing file") from error
    return from_mapping(found)


def from_mapping(found: Any) -> Draft:
    """Return the draft that JSON or TOML holds.

    Raises
    ------
    DraftError
        A part of it does not fit: where, which value, and what is wanted.
    """
    try:
        return Draft.model_validate(found)
    except ValidationError as error:
        parts = [f"{'.'.join(map(str, one['loc'])) or 'file'}: {one['msg']}" for one in error.errors()[:5]]
        raise DraftError(f"this is no draft of a briefing file: {'; '.join(parts)}") from error


def section_of(address: str) -> SectionChoice:
    """Return the section that shows what an address of the observatory shows.

    Raises
    ------
    DraftError
        The address cannot be read.
    """
    try:
        parts = urlsplit(address.strip())
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    except ValueError as error:
        raise DraftError(f"{address[:80]!r} is no address ({error})") from error
    folders = [part for part in parts.path.split("/") if part]
    page = folders[-1] if folders else ""
    district = query.get("quartier", WHOLE_CITY)
    try:
        return SectionChoice(page=page, district=district, hypotheses=query.get("hypotheses", ""),
                             figure=parts.fragment)  # fmt: skip
    except ValidationError as error:
        raise DraftError(f"{address[:80]!r} is too long for a section") from error


@dataclass(frozen=True)
class Preset:
    """A draft that is ready: its name, and for each district a section of each of these pages besides."""

    name: str
    audience: Audience
    title: str
    pages: tuple[str, ...]
    district_pages: tuple[str, ...]


@lru_cache
def presets(path: Path = CATALOGUE / "briefings.toml") -> dict[str, Preset]:
    """Return the drafts that are ready, by name."""
    with path.open("rb") as stream:
        tables = tomllib.load(stream)
    return {
        name: Preset(name, one["audience"], one["title"], tuple(one["pages"]), tuple(one["district_pages"]))
        for name, one in tables.items()
    }


def from_preset(preset: Preset, commune: str, districts: tuple[str, ...], language: str, title: str) -> Draft:
    """Return the draft of a preset for a commune: its pages for the whole city, then district by district."""
    of_city = [SectionChoice(page=page) for page in preset.pages]
    of_districts = [SectionChoice(page=page, district=one) for one in districts for page in preset.district_pages]
    return Draft(commune=commune, language=language, audience=preset.audience, title=title,
                 sections=(*of_city, *of_districts))  # fmt: skip
