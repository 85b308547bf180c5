"""What Streamlit's shell lacks: the language of the page, and 404 for addresses that are no page."""

from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.html import render
from dashboard.messages import LANGUAGES, message
from dashboard.navigation import PAGES

LANGUAGE = LANGUAGES[0]
# Streamlit's own addresses, below any page.
_PREFIXES = (
    "/_stcore/",
    "/static/",
    "/media/",
    "/component/",
    "/app/static/",
    "/telecharger/",
    "/affichage/",
    "/public/",
    "/_st_",
    "/~/",
)
_FILES = {"/favicon.png", "/index.html", "/manifest.json", "/affichage", "/public"}


def is_page(path: str) -> bool:
    """Tell whether a path is a page or one of the requests a page makes below its own address."""
    first, _, rest = path.strip("/").partition("/")
    known = {entry.address for entry in PAGES}
    return first in known and (not rest or rest.startswith(("_stcore/", "static/", "media/", "component/")))


def not_found() -> HTMLResponse:
    """Return the page for an address that does not exist."""
    html = render(
        "not_found.html",
        language=LANGUAGE,
        title=message("error.not_found_title", LANGUAGE),
        text=message("error.not_found_text", LANGUAGE),
        home="/",
    )
    return HTMLResponse(html, status_code=404)


class FrenchShell:
    """Middleware: says the language of the shell, and answers 404 where Streamlit would answer 200."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        path = scope.get("path", "")
        if scope["type"] != "http" or path.startswith(_PREFIXES) or path in _FILES:
            await self.app(scope, receive, send)
        elif not is_page(path):
            await not_found()(scope, receive, send)
        else:
            await self._with_language(scope, receive, send)

    async def _with_language(self, scope: Scope, receive: Receive, send: Send) -> None:
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
            content = bytes(body).replace(b'<html lang="en"', f'<html lang="{LANGUAGE}"'.encode(), 1)
            headers = [(k, v) for k, v in start["headers"] if k.lower() not in (b"content-length", b"etag")]
            await send({**start, "headers": [*headers, (b"content-length", str(len(content)).encode())]})
            await send({"type": "http.response.body", "body": content})

        plain = [
            (k, v)
            for k, v in scope["headers"]
            if k.lower() not in (b"accept-encoding", b"if-none-match", b"if-modified-since")
        ]
        await self.app({**scope, "headers": plain}, receive, rewrite)
