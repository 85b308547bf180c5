"""Raised where an address asks for a picture of what no page shows."""

from data.errors import ObservatoryError


class NoPictureError(ObservatoryError):
    """Raised when no page shows a figure of a key, or not so; `reason` says why to readers where more is known."""

    def __init__(self, words: str, reason: str = "") -> None:
        super().__init__(words)
        self.reason = reason
