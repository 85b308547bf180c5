"""Counting page views in the running server: only which page, only where it was answered, never who asked."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import date

from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.audience import Counts
from dashboard.middleware import WALLS, is_page

WRITE_SECONDS = 60
# Pages the server makes beside those of the navigation: the static ones, figures to embed, the wall screen.
_MADE = ("/public/", *(f"{wall}/" for wall in WALLS))
_ANSWERED = {200, 304}

logger = logging.getLogger("observatory.audience")


def counted_page(path: str) -> str:
    """Return the page a path asks for, as it is counted; empty where it asks for none, but for what a page loads."""
    if path.startswith(_MADE):
        return path.removesuffix("index.html") if path.endswith(("/", "/index.html")) else ""
    return f"/{path.strip('/')}" if is_page(path) and path.strip("/").count("/") == 0 else ""


class CountViews:
    """Middleware: counts pages that were answered; it looks at nothing but method, path and status."""

    def __init__(self, app: ASGIApp, counts: Counts, today: Callable[[], date] = date.today) -> None:
        self.app, self.counts, self.today = app, counts, today

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        page = counted_page(scope["path"]) if scope["type"] == "http" and scope["method"] == "GET" else ""
        if not page:
            await self.app(scope, receive, send)
            return

        async def watch(event: Message) -> None:
            if event["type"] == "http.response.start" and event["status"] in _ANSWERED:
                self.counts.add(page, self.today())
            await send(event)

        await self.app(scope, receive, watch)


async def _write(counts: Counts) -> None:
    try:
        await run_in_threadpool(counts.write)
    except OSError as error:
        logger.error("AudienceFolderError: %s: %s. Counts are kept and written in a minute; check the space that is "
                     "left and who may write there", error.filename or counts.folder, error.strerror)  # fmt: skip


@asynccontextmanager
async def writing(counts: Counts | None) -> AsyncIterator[None]:
    """Write counts every minute while the server runs, and once more at its end."""
    if counts is None:
        yield
        return

    async def regularly() -> None:
        while True:
            await asyncio.sleep(WRITE_SECONDS)
            await _write(counts)

    task = asyncio.create_task(regularly())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        await _write(counts)
