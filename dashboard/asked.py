"""What an address outside the pages asks to look at: release, district, language, light or dark."""

from datetime import date

from dashboard import store
from dashboard.messages import LANGUAGES, message
from dashboard.takeaway.links import DISTRICT, LANGUAGE, VERSION
from dashboard.theme import Mode
from dashboard.view import WHOLE_CITY, View, district_slugs, the_view
from data.errors import ObservatoryError
from data.release import Release
from data.settings import default_commune

# What pictures are drawn on.
GROUND = "fond"
_GROUNDS: dict[str, Mode] = {"clair": "light", "sombre": "dark"}


class AddressError(ObservatoryError):
    """Raised when an address asks to look at what cannot be; it says so to readers, in a language they have."""

    def __init__(self, words: str, language: str) -> None:
        super().__init__(words)
        self.words, self.language = words, language


def release_asked(version: str) -> Release:
    """Return the release of an identifier, the current one where none is named.

    Raises
    ------
    ReleaseMissingError, ReleaseDamagedError
        It was never published here, cannot be read, or does not know the commune.
    """
    current = store.current().release
    return store.of_commune(current if version in {"", current.release_id} else store.earlier(version))


def language_asked(parameters: dict[str, str]) -> str:
    """Take the language out of the parameters of an address.

    Raises
    ------
    AddressError
        There is no such language.
    """
    language = parameters.pop(LANGUAGE, LANGUAGES[0])
    if language not in LANGUAGES:
        names = ", ".join(LANGUAGES)
        raise AddressError(message("download.unknown_language", LANGUAGES[0], name=language, names=names), LANGUAGES[0])
    return language


def view_asked(parameters: dict[str, str], language: str) -> View:
    """Take what is to be looked at out of the parameters of an address.

    An older release is read as on the day it was published: it shows the same ever after.

    Raises
    ------
    AddressError
        There is no such district, or no such ground.
    ReleaseMissingError, ReleaseDamagedError
        There is no such release.
    """
    district, ground = parameters.pop(DISTRICT, WHOLE_CITY), parameters.pop(GROUND, next(iter(_GROUNDS)))
    release = release_asked(parameters.pop(VERSION, ""))
    if district != WHOLE_CITY and district not in district_slugs(release, default_commune()):
        raise AddressError(message("banner.unknown_district", language, name=district), language)
    if ground not in _GROUNDS:
        names = ", ".join(_GROUNDS)
        raise AddressError(message("picture.unknown_ground", language, name=ground, names=names), language)
    is_current = release is store.current().release
    day = date.today() if is_current or not release.published else date.fromisoformat(release.published)
    return the_view(release, default_commune(), district, language, _GROUNDS[ground], day)
