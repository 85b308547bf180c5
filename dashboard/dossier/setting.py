"""Setting words and pictures with typst: accessible PDF, or pages in pixels, with letters that come with us alone."""

import json
import threading
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, Literal, cast

import typst

from dashboard.typeface import DRAWING_FAMILY, drawn_codes, drawn_folder
from data.errors import ObservatoryError

# The letters of the site; then those that typst brings along, the first of which has the signs of states. What else
# the machine has is left aside: the same draft gives the same file everywhere.
FONTS = (DRAWING_FAMILY, "DejaVu Sans Mono", "Libertinus Serif", "New Computer Modern")
STANDARD: Literal["ua-1"] = "ua-1"
STAND_IN = "\u25af"
Files = dict[str, bytes]
# One document at a time: the compiler refuses a second reader while it works for a first.
_compiling = threading.Lock()


class PdfError(ObservatoryError):
    """Raised when a document cannot be made accessible: the words say what is missing."""


@lru_cache
def _compiler() -> typst.Compiler:
    """Return the compiler: it keeps what it has read of typefaces."""
    return typst.Compiler(font_paths=[str(drawn_folder())], ignore_system_fonts=True)


def _stamp(today: date) -> datetime:
    return datetime(today.year, today.month, today.day, tzinfo=UTC)


def accessible(files: Files, today: date) -> bytes:
    """Return what typst makes of a model (`main.typ`) and its files: an accessible PDF.

    Raises
    ------
    PdfError
        The document would not be accessible, or cannot be set.
    """
    try:
        with _compiling:
            made = _compiler().compile(cast(Any, files), pdf_standards=[STANDARD], timestamp=_stamp(today))
    except typst.TypstError as error:
        raise PdfError(f"the document cannot be set as an accessible PDF: {error}") from error
    if not isinstance(made, bytes):
        raise PdfError("typst made no document")
    return made


def pixels(files: Files, ppi: float) -> tuple[bytes, ...]:
    """Return the pages of a document as pictures (PNG).

    Raises
    ------
    PdfError
        The document cannot be set.
    """
    try:
        with _compiling:
            made = _compiler().compile(cast(Any, files), format="png", ppi=ppi)
    except typst.TypstError as error:
        raise PdfError(f"the document cannot be set: {error}") from error
    return (made,) if isinstance(made, bytes) else tuple(made or ())


_SIGN = (
    b'#let data = json("data.json")\n#set document(title: "sign")\n#set text(lang: "fr", font: data.fonts)\n#data.sign'
)


@lru_cache(maxsize=4096)
def can_print(sign: str) -> bool:
    """Tell whether one of our typefaces has a sign."""
    if ord(sign) in drawn_codes() or sign in "\n\t":
        return True
    data = json.dumps({"sign": f"a{sign}", "fonts": FONTS}).encode()
    try:
        with _compiling:
            _compiler().compile(cast(Any, {"main.typ": _SIGN, "data.json": data}), pdf_standards=[STANDARD])
    except typst.TypstError:
        return False
    return True


def printable(words: str) -> str:
    """Return words with a stand-in for each sign that no typeface of ours has: a page would show nothing there."""
    lost = {ord(sign): STAND_IN for sign in set(words) if not can_print(sign)}
    return words.translate(lost) if lost else words
