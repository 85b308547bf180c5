"""What the server writes down: one line of JSON an event, and nothing of who asked, for what, or from where."""

import json
import logging
import sys
import time
from datetime import UTC, datetime

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.messages import LANGUAGES

# Loggers that have handlers of their own: what they write is formed like everything else.
_LOGGERS = ("", "streamlit", "uvicorn", "uvicorn.error", "uvicorn.access")
_OTHER = "other"
_FOLDERS = ("_stcore", "static", "media", "component", "telecharger", "image", "public", "affichage", "api",
            "donnees", *LANGUAGES[1:])  # fmt: skip

logger = logging.getLogger("observatory.requests")


class OneLine(logging.Formatter):
    """Forms an event as one line of JSON: when, how grave, which part of the server, in words, and its figures."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        when = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        said = {"time": when, "level": record.levelname, "logger": record.name, "message": record.getMessage()}
        said |= getattr(record, "figures", {})
        if record.exc_info:
            said["exception"] = self.formatException(record.exc_info)
        return json.dumps(said, ensure_ascii=False)


def begin() -> None:
    """Write all that is logged as lines of JSON to the error output, without the request lines of the web server."""
    for name in ("uvicorn", "uvicorn.access", "uvicorn.error"):
        # Streamlit turns the web server's lines, which name readers, on again at its start.
        logging.getLogger(name).setLevel(logging.WARNING)
    root = logging.getLogger()
    if not root.handlers:
        root.addHandler(logging.StreamHandler(sys.stderr))
    logging.getLogger("observatory").setLevel(logging.INFO)
    for name in _LOGGERS:
        for handler in logging.getLogger(name).handlers:
            handler.setFormatter(OneLine())


def kind_of(path: str, pages: frozenset[str]) -> str:
    """Return which part of the server a path asks for: a page or a folder that exists, never what a reader wrote."""
    first = path.strip("/").partition("/")[0]
    return f"/{first}" if first in pages or first in _FOLDERS or not path.strip("/") else _OTHER


class LogAnswers:
    """Middleware: notes how answers went: part of the server, method, status, how long; faults always."""

    def __init__(self, app: ASGIApp, pages: frozenset[str], is_logging_all: bool) -> None:
        self.app, self.pages, self.is_logging_all = app, pages, is_logging_all

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started, status, sent = time.perf_counter(), 500, 0

        async def count(event: Message) -> None:
            nonlocal status, sent
            if event["type"] == "http.response.start":
                status = event["status"]
            sent += len(event.get("body", b""))
            await send(event)

        try:
            await self.app(scope, receive, count)
        finally:
            if self.is_logging_all or status >= 500:
                milliseconds = round((time.perf_counter() - started) * 1000, 1)
                method = scope["method"] if scope["method"] in {"GET", "HEAD", "POST", "PUT", "DELETE"} else _OTHER
                figures = {"part": kind_of(scope["path"], self.pages), "method": method, "status": status,
                           "duration_ms": milliseconds, "bytes": sent}  # fmt: skip
                logger.log(logging.ERROR if status >= 500 else logging.INFO, "answered", extra={"figures": figures})
