"""The wall screen served by the running server: its files, made once for a release and a day."""

import logging
import threading
from datetime import date
from functools import lru_cache
from urllib.parse import quote, urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from dashboard import store
from dashboard.answers import HTML, base_address, notice
from dashboard.messages import LANGUAGES, message
from dashboard.publication import wall
from dashboard.view import WHOLE_CITY, View, the_view
from data.errors import ReleaseMissingError
from data.settings import default_commune
from data.wall import FaultyWallError

TYPES = {
    "html": HTML,
    "json": "application/json",
    "js": "text/javascript; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "svg": "image/svg+xml",
    "woff2": "font/woff2",
}
LANGUAGE = LANGUAGES[0]
PLAYLIST = "liste"

logger = logging.getLogger("observatory.wall")
_making = threading.Lock()


def page_addresses(base: str) -> wall.Addresses:
    """Return where slides lead on the running server: a page, its district and its indicator."""

    def address(_view: View, slide: wall.Slide) -> str:
        asked = {"quartier": slide.district, "indicateur": slide.indicator}
        query = urlencode({name: value for name, value in asked.items() if value})
        return f"{base}{slide.address}{'?' if query else ''}{query}"

    return address


@lru_cache(maxsize=4)
def _made(opened: store.Opened, today: date, _configured: tuple[str, int], base: str) -> dict[str, bytes]:
    city = the_view(opened.release, default_commune(), WHOLE_CITY, LANGUAGE, "light", today)
    # The address without a slash, which people type, is answered from what the screen kept too.
    return wall.files(city, page_addresses(base), bool(opened.damaged), scope=f"../{wall.FOLDER}")


def _files(base: str) -> dict[str, bytes]:
    """Return the files of the screens; readers that ask at the same time wait for one making.

    Raises
    ------
    ReleaseMissingError
        Nothing was published, or the release does not know the commune.
    FaultyWallError
        The configuration is faulty.
    """
    opened = store.current()
    store.of_commune(opened.release)
    with _making:
        return _made(opened, date.today(), wall.configuration_key(), base)


def _unknown(name: str, root: str) -> Response:
    text = message("wall.unknown_text", LANGUAGE, name=name)
    return notice(404, message("wall.unknown_title", LANGUAGE), text, tuple(wall.configuration().playlists), root)


def _answer(request: Request) -> Response:
    path, asked = request.path_params.get("path"), request.query_params.get(PLAYLIST)
    files = _files(base_address(request))
    if path is None or (asked is not None and path == ""):
        before = f"{wall.FOLDER}/" if path is None else "./"
        if asked is not None and asked not in wall.configuration().playlists:
            return _unknown(asked, before)
        return RedirectResponse(f"{before}{quote(asked)}/" if asked else before, 307)
    if path in wall.configuration().playlists:
        return RedirectResponse(f"{path.rpartition('/')[2]}/", 307)
    name = f"{wall.FOLDER}/{path}{'' if path and not path.endswith('/') else 'index.html'}"
    content = files.get(name)
    if content is None:
        return _unknown(path.strip("/"), "../" * path.count("/"))
    is_named_by_content = f"/{wall.ASSETS}/" in name
    headers = {
        "Cache-Control": "public, max-age=31536000, immutable" if is_named_by_content else "no-cache",
        "X-Content-Type-Options": "nosniff",
    }
    if path == wall.WORKER:
        headers["Service-Worker-Allowed"] = f"../{wall.FOLDER}"
    return Response(content, media_type=TYPES[name.rpartition(".")[2]], headers=headers)


def _answer_or_notice(request: Request) -> Response:
    try:
        return _answer(request)
    except FaultyWallError as error:
        logger.error("%s", error)
        return notice(500, message("wall.faulty_title", LANGUAGE), message("wall.faulty_text", LANGUAGE))
    except ReleaseMissingError as error:
        logger.error("%s", error)
        return notice(503, message("wall.waiting_title", LANGUAGE), message("wall.waiting_text", LANGUAGE))


async def wall_page(request: Request) -> Response:
    """Answer for the wall screen: documents, their states, what they load; a plain page where there is none."""
    return await run_in_threadpool(_answer_or_notice, request)
