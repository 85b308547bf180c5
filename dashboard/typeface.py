"""The typeface of the publication: Source Sans as Streamlit brings it, cut down to the letters that are used."""

import io
from collections.abc import Callable
from functools import lru_cache, partial
from importlib.util import find_spec
from pathlib import Path

import vl_convert
from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

from dashboard.made_once import digest_of, kept_folder, made

# Adobe reserves the name of the original for unmodified copies (SIL Open Font Licence): the cut one has its own.
FAMILY = "Observatory Sans"
_LETTERS = [*range(0x20, 0x7F), *range(0xA0, 0x180), *range(0x2000, 0x2070), *range(0x2190, 0x2194), 0x20AC, 0x2082,
            0x2212, 0x2248, 0x2264, 0x2265]  # fmt: skip
_WEIGHTS = (400, 600)
# What charts name; letters of this family are laid out, the page then sets them in the one above.
DRAWING_FAMILY = "Source Sans"
WEB, DRAWN = "letters.woff2", "drawn"


def _original_path() -> Path:
    found = find_spec("streamlit")
    if found is None or found.origin is None:
        raise FileNotFoundError("streamlit is not installed: the publication takes its typeface from there")
    folder = Path(found.origin).parent / "static" / "static" / "media"
    (path,) = folder.glob("SourceSansVF-Upright*.woff2")
    return path


@lru_cache
def _cut() -> bytes:
    """Return the variable typeface with the letters that are used alone."""
    font = TTFont(_original_path(), recalcTimestamp=False)
    options = subset.Options()
    options.layout_features = ["kern", "liga", "tnum", "mark", "ccmp", "locl"]
    options.name_IDs = [1, 2, 4, 6, 13, 14]
    options.recalc_timestamp = False
    chosen = subset.Subsetter(options)
    chosen.populate(unicodes=_LETTERS)
    chosen.subset(font)
    return _bytes(font, None)


def _bytes(font: TTFont, flavor: str | None) -> bytes:
    font.flavor = flavor
    stream = io.BytesIO()
    font.save(stream, reorderTables=False)
    return stream.getvalue()


def _at(weights: float | tuple[float, float, float]) -> TTFont:
    font = TTFont(io.BytesIO(_cut()), recalcTimestamp=False)
    return instancer.instantiateVariableFont(font, {"wght": weights})


def rename(font: TTFont, family: str, style: str = "Regular") -> None:
    """Give a typeface another name."""
    names = {1: family, 2: style, 4: f"{family} {style}", 6: f"{family} {style}".replace(" ", "")}
    for identifier, words in names.items():
        font["name"].setName(words, identifier, 3, 1, 0x409)


def _web_font() -> bytes:
    font = _at((400, 400, 700))
    rename(font, FAMILY)
    return _bytes(font, "woff2")


def _drawing_font(weight: int) -> bytes:
    font = _at(weight)
    rename(font, DRAWING_FAMILY, "Regular" if weight == 400 else "Bold")
    font["OS/2"].usWeightClass = weight
    return _bytes(font, None)


_MADE: dict[str, Callable[[], bytes]] = {
    WEB: _web_font,
    **{f"{DRAWN}/{weight}.ttf": partial(_drawing_font, weight) for weight in _WEIGHTS},
}


@lru_cache
def _kept(name: str) -> Path:
    """Return a file of cut letters; cutting takes a second, so it is done once for all processes."""
    return made(kept_folder(digest_of((_original_path(), Path(__file__)))) / name, _MADE[name])


@lru_cache
def web_font() -> bytes:
    """Return the variable typeface, weights 400 to 700, as WOFF2; the same bytes every time."""
    return _kept(WEB).read_bytes()


@lru_cache
def measure_with_it() -> None:
    """Let charts be laid out by the widths of this typeface, whatever the machine has installed."""
    for folder in {_kept(name).parent for name in _MADE.keys() - {WEB}}:
        vl_convert.register_font_directory(str(folder))


def drawn_folder() -> Path:
    """Return the folder of the files of letters that pictures and documents are set with: regular and bold."""
    (folder,) = {_kept(name).parent for name in _MADE.keys() - {WEB}}
    return folder


@lru_cache
def _advances(weight: int) -> dict[int, float]:
    """Return the width of each letter by its code, as part of the size of the type."""
    font = TTFont(_kept(f"{DRAWN}/{weight}.ttf"))
    return {code: font["hmtx"][name][0] / font["head"].unitsPerEm for code, name in font.getBestCmap().items()}


def drawn_codes() -> frozenset[int]:
    """Return the codes of the letters that pictures and documents are set with."""
    return frozenset(_advances(_WEIGHTS[0]))


def width_px(words: str, size_px: float, weight: int = 400) -> float:
    """Return about how wide words are set in a size and weight (400 or 600), kerning left out."""
    advances = _advances(weight)
    return size_px * sum(advances.get(ord(letter), 0.6) for letter in words)


def wrapped(words: str, size_px: float, room_px: float, weight: int = 400) -> list[str]:
    """Return words in lines that fit, broken at their ordinary spaces."""
    lines: list[str] = []
    for word in words.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width_px(longer, size_px, weight) <= room_px:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
