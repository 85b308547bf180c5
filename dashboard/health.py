"""Whether the server lives, and whether it has sound and fresh data to show."""

import logging
from datetime import date

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse

from dashboard import store
from data.errors import ReleaseDamagedError, ReleaseMissingError
from data.settings import stale_days

_HEADERS = {"Cache-Control": "no-store"}

logger = logging.getLogger("observatory.health")


async def health(_request: Request) -> JSONResponse:
    """Answer that the server lives; nothing is read."""
    return JSONResponse({"status": "alive"}, headers=_HEADERS)


def readiness(opened: store.Opened, today: date, most_days: int | None) -> dict[str, object]:
    """Return what is known of the release that readers see.

    Returns
    -------
    `status` (`ready`, or `stale`: it was published more days ago than may be), `release`, `published` (ISO 8601),
    `age_days`, `verified` (whether every file had its checksum when it was opened: an unsound one is not opened) and
    `damaged` (the identifier of a newer one that is unsound, whose place it takes; none otherwise).
    """
    release = opened.release
    age = (today - date.fromisoformat(release.published)).days if release.published else None
    is_stale = most_days is not None and (age is None or age > most_days)
    return {
        "status": "stale" if is_stale else "ready",
        "release": release.release_id,
        "published": release.published or None,
        "age_days": age,
        "verified": True,
        "damaged": opened.damaged or None,
    }


def _state() -> tuple[int, dict[str, object]]:
    try:
        opened = store.current()
        store.of_commune(opened.release)
    except (ReleaseMissingError, ReleaseDamagedError) as error:
        logger.error("%s", error)
        return 503, {"status": "no release"}
    state = readiness(opened, date.today(), stale_days())
    return 200 if state["status"] == "ready" else 503, state


async def ready(_request: Request) -> JSONResponse:
    """Answer 200 where a sound, fresh release is shown, 503 where none is; says which, and of when."""
    status, state = await run_in_threadpool(_state)
    return JSONResponse(state, status, headers=_HEADERS)
