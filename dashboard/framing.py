"""Who may show what in a frame: figures made for it the sites that are named, everything else this site alone."""

import re

from data.errors import ObservatoryError

_ORIGIN = re.compile(r"https?://(?:\*\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*(?::(?:\d{1,5}|\*))?", re.ASCII)


class EmbeddersError(ObservatoryError):
    """Raised when the sites that may show figures in a frame are not written as origins."""


def checked_embedders(origins: tuple[str, ...]) -> tuple[str, ...]:
    """Return the origins that may show figures in a frame.

    Raises
    ------
    EmbeddersError
        One is no origin (`https://ville.example`, `https://*.ville.example`, `http://localhost:8080`).
    """
    for origin in origins:
        if not _ORIGIN.fullmatch(origin):
            raise EmbeddersError(
                f"OBSERVATORY_EMBEDDERS: {origin!r} is no origin: write https:// and the host in small letters, "
                "without a path, such as https://ville.example or https://*.ville.example; blanks between several"
            )
    return origins
