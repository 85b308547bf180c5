"""What browsers may do with an answer: which scripts run, what is loaded from where, who may show it in a frame."""

import base64
import re
from functools import lru_cache
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.framing import checked_embedders
from dashboard.public_pages import FOLDER
from dashboard.publication.live import figure_asked

SHELL = Path(str(find_spec("streamlit").origin)).parent / "static" / "index.html"  # type: ignore[union-attr]
_INLINE_SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", re.DOTALL)
# Streamlit writes styles into the page, loads letters from data addresses, and draws maps by WebAssembly.
_SOURCES = {
    "default-src": "'none'",
    "script-src": "'self' 'wasm-unsafe-eval'",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "connect-src": "'self'",
    "media-src": "'self'",
    "frame-src": "'self'",
    "worker-src": "'self' blob:",
    "manifest-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
}
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def inline_scripts(html: str) -> tuple[str, ...]:
    """Return the hashes of the scripts that stand in a page itself, as a policy names them."""
    found = _INLINE_SCRIPT.findall(html)
    return tuple(f"'sha256-{base64.b64encode(sha256(one.encode()).digest()).decode()}'" for one in found)


@lru_cache(maxsize=1)
def of_shell() -> tuple[str, ...]:
    """Return the hashes of the scripts in Streamlit's shell: they change with its version."""
    return inline_scripts(SHELL.read_text(encoding="utf-8"))


def policy(scripts: tuple[str, ...], embedders: tuple[str, ...]) -> str:
    """Return a Content-Security-Policy.

    Parameters
    ----------
    scripts : hashes of scripts that may stand in a page itself.
    embedders : origins that may show the answer in a frame, beside this site.
    """
    sources = {**_SOURCES, "script-src": " ".join((_SOURCES["script-src"], *scripts))}
    said = [f"{name} {words}" for name, words in sources.items()]
    return "; ".join([*said, " ".join(("frame-ancestors 'self'", *embedders))])


class Protection:
    """Middleware: says with every answer what a browser may do with it, and that addresses are passed on to nobody."""

    def __init__(self, app: ASGIApp, embedders: tuple[str, ...]) -> None:
        self.app = app
        self.of_pages = policy(of_shell(), ())
        self.of_figures = policy(of_shell(), checked_embedders(embedders))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        is_figure = figure_asked(scope["path"].removeprefix(f"/{FOLDER}/")) is not None

        async def with_headers(event: Message) -> None:
            if event["type"] == "http.response.start":
                headers = MutableHeaders(scope=event)
                headers["Content-Security-Policy"] = self.of_figures if is_figure else self.of_pages
                for name, words in _ALWAYS.items():
                    headers[name] = words
            await send(event)

        await self.app(scope, receive, with_headers)
