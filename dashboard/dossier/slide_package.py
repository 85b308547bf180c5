"""The file of a deck of slides: its properties, the list of numbers inside, and the same bytes for the same content."""

import io
from datetime import date, datetime
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from pptx.opc.package import Part
from pptx.opc.packuri import PackURI
from pptx.presentation import Presentation as Deck

from dashboard.dossier.draft import DraftError
from dashboard.dossier.numbers import FILE_NAME

NUMBERS_PART = f"customXml/{FILE_NAME}"
# A relationship of our own, from the package: what opens slides does not follow it, and leaves the part alone.
RELATION = "urn:observatory:briefing-numbers"
_TYPE, _LARGEST_LIST = "application/json", 64_000_000
# The first day a ZIP archive can name.
_MOMENT = (1980, 1, 1, 0, 0, 0)


def describe(deck: Deck, title: str, subtitle: str, author: str, language: str, today: date) -> None:
    """Write the properties of a deck: nothing of the template's, nothing of the clock."""
    properties, moment = deck.core_properties, datetime(today.year, today.month, today.day)
    properties.title, properties.subject = title[:255], subtitle[:255]
    properties.author = properties.last_modified_by = author[:255]
    properties.created = properties.modified = moment
    properties.language, properties.revision = language, 1
    properties.comments = properties.keywords = properties.category = ""


def attach_numbers(deck: Deck, numbers: bytes) -> None:
    """Put the list of numbers into a deck, in place of one that its template may hold."""
    package = deck.part.package
    held = [name for name, relation in package._rels.items() if relation.reltype == RELATION]
    for name in held:
        package.drop_rel(name)
    if numbers:
        package.relate_to(Part(PackURI(f"/{NUMBERS_PART}"), _TYPE, package, numbers), RELATION)


def bytes_of(deck: Deck) -> bytes:
    """Return a deck as a file: the same bytes for the same content, whatever the clock says."""
    drawn, made = io.BytesIO(), io.BytesIO()
    deck.save(drawn)
    with ZipFile(drawn) as source, ZipFile(made, "w") as target:
        for name in source.namelist():
            entry = ZipInfo(name, _MOMENT)
            entry.compress_type = ZIP_STORED if name.endswith(".png") else ZIP_DEFLATED
            target.writestr(entry, source.read(name))
    return made.getvalue()


def numbers_in_package(content: bytes) -> bytes:
    """Return the list of numbers that travels inside slides.

    Raises
    ------
    DraftError
        They hold none, or are no slides.
    """
    try:
        with ZipFile(io.BytesIO(content)) as archive:
            if NUMBERS_PART in archive.namelist() and archive.getinfo(NUMBERS_PART).file_size <= _LARGEST_LIST:
                return archive.read(NUMBERS_PART)
    except (BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        raise DraftError(f"the file is no presentation that can be read ({error})") from error
    raise DraftError(f"the slides hold no {FILE_NAME}: they were not made by the observatory, or saved anew elsewhere")
