"""Making the files of a draft: one document, composed once, written in each format that is asked for."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from dashboard.dossier.compose import Composed, compose
from dashboard.dossier.draft import Draft
from dashboard.dossier.numbers import NumberList, list_of, to_json
from dashboard.dossier.pdf import to_pdf
from dashboard.dossier.sheets import to_xlsx
from dashboard.dossier.slides import to_pptx
from dashboard.dossier.word import to_docx
from dashboard.publication.place import site_name
from dashboard.view import View

FORMATS = ("pdf", "docx", "pptx", "xlsx")
LIST = "json"
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}
# Told what is done: a section composed, a picture drawn, a format written.
Progress = Callable[[str], object]


@dataclass(frozen=True)
class Made:
    """A file of a draft: its format and content."""

    format: str
    content: bytes


@dataclass(frozen=True, eq=False)
class Ready:
    """A draft on a release: its document, what could not be shown, the list of its numbers."""

    city: View
    composed: Composed
    numbers: NumberList


def prepare(city: View, draft: Draft, progress: Progress = lambda _: None) -> Ready:
    """Return the document of a draft and the list of its numbers; `progress` is told each section."""
    composed = compose(city, draft, progress)
    return Ready(city, composed, list_of(composed.document, draft, city.today))


def write(ready: Ready, kind: str, template: Path | None = None) -> bytes:
    """Return the file of one format.

    Parameters
    ----------
    template : the city's own slides, instead of the model that comes with the observatory.

    Raises
    ------
    PdfError, WordError, SlidesError, TemplateError
        A figure has no alternative text, or the template lacks what slides need.
    ValueError
        The format is none of `FORMATS` and no list of numbers.
    """
    document, today = ready.composed.document, ready.city.today
    publisher, numbers = site_name(ready.city), to_json(ready.numbers)
    if kind == "pdf":
        return to_pdf(document, publisher, today, numbers)
    if kind == "docx":
        return to_docx(document, publisher, today, numbers)
    if kind == "pptx":
        return to_pptx(document, publisher, today, numbers, template)
    if kind == "xlsx":
        return to_xlsx(document, publisher, today, ready.numbers)
    if kind == LIST:
        return numbers
    raise ValueError(f"no file of kind {kind!r}: one of {', '.join((*FORMATS, LIST))}")


def make(ready: Ready, formats: tuple[str, ...], template: Path | None = None) -> Iterator[Made]:
    """Yield the file of each format, then the list of numbers that travels with them."""
    for kind in (*formats, LIST):
        yield Made(kind, write(ready, kind, template))
