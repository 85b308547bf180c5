"""What Streamlit's shell lacks: the language of the page, and 404 for addresses that are no page."""

import re
from urllib.parse import parse_qsl

from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.html import render
from dashboard.messages import LANGUAGES, message
from dashboard.navigation import PAGES
from dashboard.reaching import home

LANGUAGE = "langue"
# The wall screen, in a folder of its language but for the first.
WALLS = ("/affichage", *(f"/{language}/affichage" for language in LANGUAGES[1:]))
# Streamlit's own addresses, below any page, and what the server makes.
_PREFIXES = (
    "/_stcore/",
    "/static/",
    "/media/",
    "/component/",
    "/telecharger/",
    "/image/",
    *(f"{wall}/" for wall in WALLS),
    "/public/",
    "/api/v1/",
)
_FILES = {
    "/favicon.png", "/index.html", "/manifest.json", *WALLS, "/public", "/catalogue.jsonld", "/datapackage.json",
    "/publication", "/health", "/ready", "/api/v1",
}  # fmt: skip
_RELEASE_FILE = re.compile(r"/donnees/[^/]+/[^/]+")


def is_page(path: str) -> bool:
    """Tell whether a path is a page or one of the requests a page makes below its own address."""
    first, _, rest = path.strip("/").partition("/")
    known = {entry.address for entry in PAGES}
    return first in known and (not rest or rest.startswith(("_stcore/", "static/", "media/", "component/")))


def language_asked(query: str) -> str:
    """Return the language that the query of an address asks for, else the first."""
    asked = dict(parse_qsl(query)).get(LANGUAGE)
    return asked if asked in LANGUAGES else LANGUAGES[0]


def not_found(language: str = LANGUAGES[0]) -> HTMLResponse:
    """Return the page for an address that does not exist."""
    html = render(
        "not_found.html",
        language=language,
        title=message("error.not_found_title", language),
        text=message("error.not_found_text", language),
        home=home(),
    )
    return HTMLResponse(html, status_code=404)


class ShellLanguage:
    """Middleware: says the language of the shell, and answers 404 where Streamlit would answer 200."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        path, language = scope.get("path", ""), language_asked(scope.get("query_string", b"").decode("latin-1"))
        if scope["type"] != "http" or path.startswith(_PREFIXES) or path in _FILES or _RELEASE_FILE.fullmatch(path):
            await self.app(scope, receive, send)
        elif not is_page(path):
            await not_found(language)(scope, receive, send)
        else:
            await self._with_language(language, scope, receive, send)

    async def _with_language(self, language: str, scope: Scope, receive: Receive, send: Send) -> None:
        """Rewrite the shell's language; it is small, so it is held whole."""
        started: list[Message] = []
        body = bytearray()

        async def rewrite(event: Message) -> None:
            if event["type"] == "http.response.start":
                started.append(event)
                return
            body.extend(event.get("body", b""))
            if event.get("more_body"):
                return
            start = started[0]
            content = bytes(body).replace(b'<html lang="en"', f'<html lang="{language}"'.encode(), 1)
            headers = [(k, v) for k, v in start["headers"] if k.lower() not in (b"content-length", b"etag")]
            await send({**start, "headers": [*headers, (b"content-length", str(len(content)).encode())]})
            await send({"type": "http.response.body", "body": content})

        plain = [
            (k, v)
            for k, v in scope["headers"]
            if k.lower() not in (b"accept-encoding", b"if-none-match", b"if-modified-since")
        ]
        await self.app({**scope, "headers": plain}, receive, rewrite)
