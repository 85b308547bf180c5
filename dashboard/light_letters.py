"""Streamlit's own typefaces, cut down to what pages show: they are a third of the bytes of a first visit.

The shell asks for its files by their names; what is sent under these names is the same letters, fewer of them. Letters
that are left out are shown in a typeface of the reader's. `python -m dashboard.light_letters` cuts them.
"""

import asyncio
import io
import os
import re
import sys
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from functools import lru_cache, partial
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

from dashboard.made_once import digest_of, kept_folder, made
from dashboard.policy import SHELL
from dashboard.typeface import FAMILY, rename
from data.settings import ROOT

FOLDER = SHELL.parent / "static"
# European letters, punctuation, arrows, signs of mathematics, the shapes that legends are made of.
_LETTERS = [*range(0x20, 0x7F), *range(0xA0, 0x180), *range(0x2000, 0x20C0), *range(0x2190, 0x2300),
            *range(0x25A0, 0x2600)]  # fmt: skip
# An icon is written as its name, which its typeface joins to one sign; in scripts names stand between quotation marks.
_NAMED = re.compile(r"[\"'`:/]([a-z][a-z0-9_]*):?[\"'`]")
_TEXT, _ICONS = "SourceSansVF", "MaterialSymbols"


def _bytes(font: TTFont, letters: Collection[int], glyphs: Collection[str], features: list[str]) -> bytes:
    options = subset.Options()
    options.layout_features = features
    # Each sign of an icon is asked for by its own name, or every word that letters can spell would stay.
    options.layout_closure = not glyphs
    options.recalc_timestamp = False
    chosen = subset.Subsetter(options)
    chosen.populate(unicodes=letters, glyphs=glyphs)
    chosen.subset(font)
    stream = io.BytesIO()
    font.flavor = "woff2"
    font.save(stream, reorderTables=False)
    return stream.getvalue()


def icons_of(font: TTFont) -> dict[str, str]:
    """Return the glyph that each name of an icon is joined to, by that name."""
    written, icons = {glyph: chr(code) for code, glyph in font.getBestCmap().items()}, {}
    for lookup in font["GSUB"].table.LookupList.Lookup:
        for table in (getattr(one, "ExtSubTable", one) for one in lookup.SubTable):
            for first, joined in getattr(table, "ligatures", {}).items():
                for one in joined:
                    icons["".join(written.get(glyph, "\0") for glyph in (first, *one.Component))] = one.LigGlyph
    return icons


def named_icons(known: Collection[str]) -> set[str]:
    """Return the icons whose names stand in Streamlit's scripts: it draws no others, and pages of ours name none."""
    scripts = (file.read_text(encoding="utf-8") for file in sorted((FOLDER / "js").glob("*.js")))
    return {name for script in scripts for name in _NAMED.findall(script)} & set(known)


def _icons(original: Path) -> bytes:
    font = TTFont(original, recalcTimestamp=False)
    icons = icons_of(font)
    names = named_icons(icons)
    return _bytes(font, {ord(letter) for name in names for letter in name}, {icons[name] for name in names}, ["*"])


def _text(original: Path) -> bytes:
    features = ["kern", "liga", "ccmp", "locl", "mark", "pnum"]
    font = TTFont(original, recalcTimestamp=False)
    # The licence keeps the name of the original for unmodified copies; pages call it what their style sheet does.
    rename(font, FAMILY, "Italic" if "Italic" in original.name else "Regular")
    return _bytes(font, _LETTERS, (), features)


@lru_cache
def _cuts() -> dict[Path, tuple[Path, Callable[[], bytes]]]:
    """Return where each typeface is kept once it is cut, and what cuts it, by the original."""
    kinds = ((_TEXT, _text), (_ICONS, _icons))
    found = {file: cut for kind, cut in kinds for file in sorted((FOLDER / "media").glob(f"{kind}*.woff2"))}
    folder = kept_folder(digest_of((SHELL, Path(__file__), *found)))
    return {file: (folder / file.name, partial(cut, file)) for file, cut in found.items()}


def cut_all() -> None:
    """Cut all typefaces that were not cut before; that takes some seconds."""
    for place, cut in _cuts().values():
        made(place, cut)


def cut_of(file: Path) -> Path:
    """Return what is sent in place of a file of Streamlit's: the cut letters once they are there, else the file."""
    place, _ = _cuts().get(file, (file, None))
    return place if place.is_file() else file


@asynccontextmanager
async def cutting() -> AsyncIterator[None]:
    """Let another process cut what is not cut yet while the server answers: it takes seconds of a whole core.

    What goes wrong there is told by that process; the server goes on with the files as they are.
    """
    if all(place.is_file() for place, _ in _cuts().values()):
        yield
        return
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "dashboard.light_letters", cwd=ROOT)
    try:
        yield
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


if __name__ == "__main__":
    os.nice(10)  # readers come first
    cut_all()
