"""Whether what a briefing file printed still holds: the same draft on the current release, number by number."""

import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from dashboard.dossier import pdf, sheets, slides, word
from dashboard.dossier.compose import compose
from dashboard.dossier.draft import Draft, DraftError
from dashboard.dossier.numbers import NumberList, Printed, from_json, list_of
from dashboard.view import View, the_view
from data.release import Release

_INSIDE: dict[str, Callable[[bytes], bytes]] = {
    ".pdf": pdf.numbers_of,
    ".docx": word.numbers_of,
    ".pptx": slides.numbers_of,
    ".xlsx": sheets.numbers_of,
    ".json": lambda content: content,
}
# Where a file leads to is no number of it: another server has another address.
_ADDRESS = "address "


@dataclass(frozen=True)
class Change:
    """Words that are not what was printed: before and now; empty where they were not, or are no longer, there."""

    section: str
    place: str
    before: str
    now: str


@dataclass(frozen=True)
class Recheck:
    """What came of checking a file anew: how many pieces it printed, and those that changed since."""

    printed: NumberList
    release_id: str
    changes: tuple[Change, ...]


def read_numbers(path: Path) -> NumberList:
    """Return the list of numbers that a file holds, whatever its format.

    Raises
    ------
    DraftError
        The file is of another kind, cannot be read, or holds none.
    """
    reader = _INSIDE.get(path.suffix.lower())
    if reader is None:
        raise DraftError(f"{path.name}: a briefing file is one of {', '.join(_INSIDE)}")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DraftError(f"{path} cannot be read: {error.strerror}") from error
    try:
        return from_json(reader(content))
    except (zipfile.BadZipFile, json.JSONDecodeError) as error:
        raise DraftError(f"{path.name} is damaged ({error})") from error


def _told(entries: tuple[Printed, ...]) -> dict[tuple[str, str], str]:
    return {one.key: one.text for one in entries if not one.place.startswith(_ADDRESS)}


def compared(before: tuple[Printed, ...], now: tuple[Printed, ...]) -> tuple[Change, ...]:
    """Return every piece of words with numbers that differs, is gone or is new, in the order of the file."""
    old, new = _told(before), _told(now)
    keys = [*old, *(key for key in new if key not in old)]
    return tuple(
        Change(*key, old.get(key, ""), new.get(key, "")) for key in keys if old.get(key, "") != new.get(key, "")
    )


def recheck(printed: NumberList, city: View) -> Recheck:
    """Return what a file printed beside what the same draft says on the release and day of a view."""
    document = compose(city, printed.draft).document
    now = list_of(document, printed.draft, city.today)
    return Recheck(printed, city.release.release_id, compared(printed.entries, now.entries))


def changed_since(draft: Draft, city: View, old: Release) -> tuple[Change, ...]:
    """Return what a draft says otherwise on the release of a view than on the one it was made on."""
    before = the_view(old, city.commune, city.district, city.language, city.mode, city.today)
    first, now = (list_of(compose(one, draft).document, draft, city.today).entries for one in (before, city))
    return compared(first, now)
