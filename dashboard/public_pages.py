"""The static pages and figures to embed, served by the running server from the release of the day."""

import gzip
import logging
from datetime import date
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from dashboard import store
from dashboard.answers import HTML, base_address, notice
from dashboard.messages import LANGUAGES, message
from dashboard.publication import assets
from dashboard.publication.live import LiveSite, Made, figure_asked
from dashboard.publication.place import Place
from dashboard.view import WHOLE_CITY, View, the_view
from data.errors import ReleaseDamagedError, ReleaseMissingError
from data.release import Release, publications
from data.settings import default_commune, releases_folder

FOLDER = "public"
LANGUAGE = LANGUAGES[0]
TYPES = {
    "html": HTML,
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "xml": "application/atom+xml; charset=utf-8",
    "svg": "image/svg+xml",
    "png": "image/png",
    "woff2": "font/woff2",
}
_COMPRESSIBLE = {"html", "css", "js", "xml", "svg"}

logger = logging.getLogger("observatory.public")


def download_address(view: View, pattern: str, kind: str) -> str:
    """Return the address of an export beside the folder of pages: the very rows of the release that is shown."""
    name, _, query = pattern.format(format=kind).partition("?")
    asked = {"quartier": view.district, **dict(parse_qsl(query)), "version": view.release.release_id}
    return f"../telecharger/{name}?{urlencode(asked)}"


@lru_cache(maxsize=4)
def _site(release: Release, today: date, base: str) -> LiveSite:
    cities = {one: the_view(release, default_commune(), WHOLE_CITY, one, "light", today) for one in LANGUAGES}
    return LiveSite(cities, Place(base, download_address, ("csv", "parquet"), is_live=True))


@lru_cache(maxsize=512)
def _compressed(made: Made) -> bytes:
    return gzip.compress(made.content, mtime=0)


def _current(base: str) -> LiveSite:
    """Return the site of the release shown now.

    Raises
    ------
    ReleaseMissingError
        Nothing was published, or the release does not know the commune.
    """
    return _site(store.of_commune(store.current().release), date.today(), base)


def _frozen(release_id: str, base: str) -> LiveSite:
    """Return the site of a release as it was on the day it was published, whatever the day is now.

    Raises
    ------
    ReleaseMissingError
        It was never published here, was removed, or does not know the commune.
    ReleaseDamagedError
        It cannot be read.
    """
    now = store.current().release
    release = store.of_commune(now if now.release_id == release_id else store.earlier(release_id))
    return _site(release, date.fromisoformat(release.published) if release.published else date.today(), base)


def _page(status: int, content: bytes) -> Response:
    return Response(content, status, media_type=HTML, headers={"Cache-Control": "no-cache"})


def _sent(request: Request, path: str, made: Made) -> Response:
    """Return what lies at a path, compressed where the browser takes it; nothing where it has the same already."""
    kind = "html" if not path or path.endswith("/") else path.rpartition(".")[2]
    is_named_by_content = path.startswith(f"{assets.FOLDER}/")
    headers = {
        "ETag": f'W/"{made.tag}"',
        "Vary": "Accept-Encoding",
        "Cache-Control": "public, max-age=31536000, immutable" if is_named_by_content else "no-cache",
    }
    if headers["ETag"] in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    content = made.content
    if kind in _COMPRESSIBLE and "gzip" in request.headers.get("accept-encoding", ""):
        content, headers["Content-Encoding"] = _compressed(made), "gzip"
    return Response(content, media_type=TYPES[kind], headers=headers)


def _answer(request: Request) -> Response:
    path = request.path_params.get("path")
    if path is None:
        return RedirectResponse(f"{FOLDER}/", 307)
    base = f"{base_address(request)}{FOLDER}/"
    current, asked = _current(base), figure_asked(path)
    site = current
    if asked and asked.release_id:
        try:
            site = _frozen(asked.release_id, base)
        except ReleaseMissingError:
            was_published = any(entry["release"] == asked.release_id for entry in publications(releases_folder()))
            is_known = was_published and current.get(path.removesuffix(f"{asked.release_id}/")) is not None
            return _page(410, current.expired(path)) if is_known else _page(404, current.absent(path))
    made = site.get(path)
    if made is not None:
        return _sent(request, path, made)
    if not path.endswith("/") and site.get(f"{path}/") is not None:
        return RedirectResponse(f"{path.rpartition('/')[2]}/", 307)
    return _page(404, current.absent(path))


def _answer_or_notice(request: Request) -> Response:
    try:
        return _answer(request)
    except (ReleaseMissingError, ReleaseDamagedError) as error:
        logger.error("%s", error)
        return notice(503, message("public.waiting_title", LANGUAGE), message("public.waiting_text", LANGUAGE))


async def public_page(request: Request) -> Response:
    """Answer for a page of the site, a figure to embed or what they load; a plain page where there is none."""
    return await run_in_threadpool(_answer_or_notice, request)
