"""The wall screen served by the running server: its files, made once for a release and a day."""

import logging
import threading
from datetime import date
from functools import lru_cache
from urllib.parse import quote, urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from dashboard import store
from dashboard.answers import HTML, base_address, notice
from dashboard.messages import LANGUAGES, message
from dashboard.middleware import LANGUAGE, WALLS
from dashboard.publication import wall
from dashboard.publication.place import language_folder
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
PLAYLIST = "liste"

logger = logging.getLogger("observatory.wall")
_making = threading.Lock()


def page_addresses(base: str) -> wall.Addresses:
    """Return where slides lead on the running server: a page, its district, its indicator and its language."""

    def address(view: View, slide: wall.Slide) -> str:
        language = "" if view.language == LANGUAGES[0] else view.language
        asked = {"quartier": slide.district, "indicateur": slide.indicator, LANGUAGE: language}
        query = urlencode({name: value for name, value in asked.items() if value})
        return f"{base}{slide.address}{'?' if query else ''}{query}"

    return address


@lru_cache(maxsize=2 * len(LANGUAGES))
def _made(
    opened: store.Opened, today: date, _configured: tuple[str, int], base: str, language: str
) -> dict[str, bytes]:
    city = the_view(opened.release, default_commune(), WHOLE_CITY, language, "light", today)
    # The address without a slash, which people type, is answered from what the screen kept too.
    return wall.files(city, page_addresses(base), bool(opened.damaged), scope=f"../{wall.FOLDER}")


def _files(base: str, language: str) -> dict[str, bytes]:
    """Return the files of the screens of a language; readers that ask at the same time wait for one making.

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
        return _made(opened, date.today(), wall.configuration_key(), base, language)


def _unknown(name: str, root: str, language: str) -> Response:
    text, names = message("wall.unknown_text", language, name=name), tuple(wall.configuration().playlists)
    return notice(404, message("wall.unknown_title", language), text, names, root, language)


def _answer(request: Request, language: str) -> Response:
    path, asked = request.path_params.get("path"), request.query_params.get(PLAYLIST)
    files = _files(base_address(request), language)
    if path is None or (asked is not None and path == ""):
        before = f"{wall.FOLDER}/" if path is None else "./"
        if asked is not None and asked not in wall.configuration().playlists:
            return _unknown(asked, before, language)
        return RedirectResponse(f"{before}{quote(asked)}/" if asked else before, 307)
    if path in wall.configuration().playlists:
        return RedirectResponse(f"{path.rpartition('/')[2]}/", 307)
    name = f"{language_folder(language)}{wall.FOLDER}/{path}{'' if path and not path.endswith('/') else 'index.html'}"
    content = files.get(name)
    if content is None:
        return _unknown(path.strip("/"), "../" * path.count("/"), language)
    is_named_by_content = f"/{wall.ASSETS}/" in name
    headers = {
        "Cache-Control": "public, max-age=31536000, immutable" if is_named_by_content else "no-cache",
        "X-Content-Type-Options": "nosniff",
    }
    if path == wall.WORKER:
        headers["Service-Worker-Allowed"] = f"../{wall.FOLDER}"
    return Response(content, media_type=TYPES[name.rpartition(".")[2]], headers=headers)


def _answer_or_notice(request: Request, language: str) -> Response:
    try:
        return _answer(request, language)
    except FaultyWallError as error:
        logger.error("%s", error)
        title, text = (message(f"wall.faulty_{part}", language) for part in ("title", "text"))
        return notice(500, title, text, language=language)
    except ReleaseMissingError as error:
        logger.error("%s", error)
        title, text = (message(f"wall.waiting_{part}", language) for part in ("title", "text"))
        return notice(503, title, text, language=language)


def wall_routes() -> list[Route]:
    """Return the routes of the wall screen, for each language in its folder, as the static site has them.

    They answer with documents, their states and what they load; with a plain page where there is none.
    """

    def routes(language: str, folder: str) -> list[Route]:
        async def wall_page(request: Request) -> Response:
            return await run_in_threadpool(_answer_or_notice, request, language)

        return [Route(folder, wall_page), Route(f"{folder}/{{path:path}}", wall_page)]

    return [route for language, folder in zip(LANGUAGES, WALLS, strict=True) for route in routes(language, folder)]
