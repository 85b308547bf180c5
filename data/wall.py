"""Reading the configuration of the wall screen: every fault by file, line, key and value."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from data.definitions import Catalogue, relative
from data.errors import Fault, ObservatoryError
from data.wall_models import DistrictSlides, ThemeSlide, Wall

# Folder names that playlists cannot have: they stand beside what the screen loads.
TAKEN = frozenset({"fichiers"})


class FaultyWallError(ObservatoryError):
    """Raised when the configuration of the wall screen is absent or faulty: every fault is listed."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = sorted(faults)
        lines = "\n".join(str(fault) for fault in self.faults)
        super().__init__(f"{len(faults)} fault(s) in the configuration of the wall screen.\n{lines}")


def _line_of(text: str, keys: tuple[str | int, ...]) -> int:
    """Return the line (from 1) on which a key stands, or the table that would hold it; 1 where neither is found."""
    names = [key for key in keys if isinstance(key, str)]
    place = next((key for key in keys if isinstance(key, int)), 0)
    lines = text.splitlines()
    tables = [number for number, line in enumerate(lines) if line.strip() == f"[[{'.'.join(names[:3])}]]"]
    if len(keys) > 3 and place < len(tables):
        start = tables[place]
    else:
        start = next((n for n, line in enumerate(lines) if line.strip() == f"[{'.'.join(names[:2])}]"), -1)
    if start < 0:
        return 1
    for number in range(start + 1, len(lines)):
        line = lines[number].strip()
        if line.startswith("["):
            break
        if line.partition("=")[0].strip() == names[-1]:
            return number + 1
    return start + 1


def _unknown_names(wall: Wall, catalogue: Catalogue) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    """Yield where the playlists name what the catalogue does not have: key path, value, problem."""
    for name, playlist in wall.playlists.items():
        if name in TAKEN:
            yield ("playlists", name), name, "a name that is taken"
        for place, slide in enumerate(playlist.slides):
            path = ("playlists", name, "slides", place)
            if isinstance(slide, ThemeSlide) and slide.theme not in catalogue.themes:
                yield (*path, "theme"), slide.theme, "unknown theme"
            indicator = slide.indicator if isinstance(slide, ThemeSlide | DistrictSlides) else ""
            if indicator and indicator not in catalogue.indicators:
                yield (*path, "indicator"), indicator, "unknown indicator"


def read_wall(path: Path, catalogue: Catalogue) -> Wall:
    """Read and check a configuration.

    Raises
    ------
    FaultyWallError
        The file is absent, is no TOML, or says what the screen cannot show.
    """
    file = relative(path)

    def fault(text: str, keys: tuple[str | int, ...], value: Any, problem: str) -> Fault:
        column = ".".join(map(str, keys))
        remedy = "See data/wall_models.py for what there is"
        return Fault(file, _line_of(text, keys), column, str(value)[:80], problem, remedy)

    try:
        text = path.read_text(encoding="utf-8")
        content = tomllib.loads(text)
    except (OSError, ValueError) as error:
        raise FaultyWallError([Fault(file, 1, "", "", f"cannot be read: {error}", "Correct the file")]) from error
    try:
        wall = Wall.model_validate(content)
    except ValidationError as error:
        raise FaultyWallError([fault(text, *_told(detail)) for detail in error.errors()]) from error
    if found := [fault(text, *unknown) for unknown in _unknown_names(wall, catalogue)]:
        raise FaultyWallError(found)
    return wall


def _told(detail: ErrorDetails) -> tuple[tuple[str | int, ...], Any, str]:
    """Return key path, value and problem of a fault: pydantic puts the kind of a slide after its place."""
    places = detail["loc"]
    if detail["type"] == "union_tag_invalid":
        return (*places, "kind"), detail["ctx"]["tag"], detail["msg"]
    return (*places[:4], *places[5:]), detail["input"], detail["msg"]
