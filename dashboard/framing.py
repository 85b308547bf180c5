"""Who may show what in a frame: figures made for it the sites that are named, everything else this site alone."""

import re

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.public_pages import FOLDER
from dashboard.publication.live import figure_asked
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


class Framing:
    """Middleware: says with each answer who may show it in a frame, and that no address of a page is passed on."""

    def __init__(self, app: ASGIApp, embedders: tuple[str, ...]) -> None:
        self.app = app
        self.of_figures = " ".join(("frame-ancestors 'self'", *checked_embedders(embedders)))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        is_figure = figure_asked(scope["path"].removeprefix(f"/{FOLDER}/")) is not None

        async def with_policy(event: Message) -> None:
            if event["type"] == "http.response.start":
                headers = MutableHeaders(scope=event)
                headers["Content-Security-Policy"] = self.of_figures if is_figure else "frame-ancestors 'self'"
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Referrer-Policy"] = "no-referrer"
            await send(event)

        await self.app(scope, receive, with_policy)
