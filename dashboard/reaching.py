"""How the server is reached: under which names, below which path, how long an address may be."""

import re
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.messages import LANGUAGES, message
from dashboard.publication.place import checked_base
from data.errors import ObservatoryError
from data.settings import hosts, public_address

LOOPBACK = ("localhost", "127.0.0.1", "::1")
_ASKED = re.compile(r"(?:\[(?P<six>[0-9a-f:.]+)\]|(?P<name>[a-z0-9_.-]+))(?::(?P<port>\d{1,5}))?", re.ASCII)
_HOST = re.compile(r"(?:\*\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*|[0-9a-f:]+", re.ASCII)
# The longest address a page makes is that of a view with every hypothesis written out.
MOST_QUERY_BYTES, MOST_PATH_BYTES = 16_384, 2_048
READING = ("GET", "HEAD")
# Readers send files and words to Streamlit alone; the data interface answers for its methods itself.
WRITABLE = ("/_stcore/", "/api/")


class HostsError(ObservatoryError):
    """Raised when the names the server may be asked under are not written as names of hosts."""


def _refused(key: str, status: int, **headers: str) -> PlainTextResponse:
    """Return an answer in plain text: nothing of the request tells in which language."""
    words = "".join(f"{message(key, language)}\n" for language in LANGUAGES)
    return PlainTextResponse(words, status, headers=headers)


def known_hosts() -> tuple[str, ...]:
    """Return the names the server may be asked under: those that are set, that of its address, and the machine's own.

    Raises
    ------
    HostsError
        One is no name of a host (`ville.example`, `*.ville.example`, `192.0.2.7`).
    BaseAddressError
        `OBSERVATORY_PUBLIC_ADDRESS` cannot be an address.
    """
    for name in hosts():
        if name != "*" and not _HOST.fullmatch(name):
            raise HostsError(
                f"OBSERVATORY_HOSTS: {name!r} is no name of a host: write it in small letters without https:// and "
                "port, such as ville.example or *.ville.example; blanks between several, * for any"
            )
    address = public_address()
    own = (urlsplit(checked_base(address)).hostname or "",) if address else ()
    return (*LOOPBACK, *own, *hosts())


def path_below() -> str:
    """Return the path readers find the server below (`/observatoire`): that of its address; empty for the root."""
    return urlsplit(checked_base(public_address())).path.rstrip("/") if public_address() else ""


def home() -> str:
    """Return the address of the first page, from the root of the host."""
    return f"{path_below()}/"


def asked_host(scope: Scope) -> str:
    """Return the name a request was sent to, without its port; empty where there is none, or several."""
    named = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
    found = _ASKED.fullmatch(named[0].lower()) if len(named) == 1 else None
    return (found["six"] or found["name"]) if found and int(found["port"] or 1) < 65_536 else ""


def is_of_this_site(scope: Scope) -> bool:
    """Tell whether a connection comes from a page of this site, or from no page: browsers always say from which."""
    headers = Headers(scope=scope)
    origin = headers.get("origin")
    return origin is None or origin.partition("://")[2].lower() == headers["host"].lower()


class KnownHosts:
    """Middleware: answers only under names that are known, and lets only pages of this very site connect."""

    def __init__(self, app: ASGIApp, names: tuple[str, ...]) -> None:
        self.app, self.names = app, frozenset(names)
        self.endings = tuple(name[1:] for name in names if name.startswith("*."))

    def knows(self, host: str) -> bool:
        """Tell whether the server may be asked under a name."""
        return bool(host) and ("*" in self.names or host in self.names or host.endswith(self.endings or ("\0",)))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        is_known = scope["type"] not in {"http", "websocket"} or self.knows(asked_host(scope).rstrip("."))
        if scope["type"] == "websocket" and not (is_known and is_of_this_site(scope)):
            await send({"type": "websocket.close", "code": 1008})  # before it is accepted: the server answers 403
        elif not is_known:
            await _refused("refused.host", 400)(scope, receive, send)
        else:
            await self.app(scope, receive, send)


class BelowPath:
    """Middleware: takes the path away that readers find the server below, and puts it before where answers lead to."""

    def __init__(self, app: ASGIApp, path: str) -> None:
        self.app, self.path = app, path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] not in {"http", "websocket"} or not self.path:
            await self.app(scope, receive, send)
            return
        if scope["path"].startswith(f"{self.path}/"):  # else a proxy has taken it away already
            path = scope["path"].removeprefix(self.path)
            raw = scope.get("raw_path", b"").removeprefix(self.path.encode())
            scope = {**scope, "path": path, "raw_path": raw}

        async def lead_below(event: Message) -> None:
            if event["type"] == "http.response.start":
                headers = MutableHeaders(scope=event)
                if headers.get("location", "").startswith("/"):
                    headers["location"] = self.path + headers["location"]
            await send(event)

        await self.app(scope, receive, lead_below)


class PlainRequests:
    """Middleware: answers 414 to addresses longer than any page makes, 405 to methods that only Streamlit takes."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        await (self.app if scope["type"] != "http" else _refusal(scope) or self.app)(scope, receive, send)


def _refusal(scope: Scope) -> PlainTextResponse | None:
    if len(scope.get("query_string", b"")) > MOST_QUERY_BYTES or len(scope["path"]) > MOST_PATH_BYTES:
        return _refused("refused.long", 414)
    if scope["method"] not in READING and not scope["path"].startswith(WRITABLE):
        return _refused("refused.method", 405, Allow=", ".join(READING))
    return None
