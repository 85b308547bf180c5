"""Answers to harvesters: the catalogue and the data package of the release shown, and the files of any release."""

import logging
from collections.abc import Callable
from functools import lru_cache
from hashlib import file_digest, sha256
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from dashboard import store
from dashboard.answers import notice
from dashboard.downloads import view_of_city
from dashboard.harvest.catalogue import catalogue
from dashboard.harvest.offered import Offer, listed
from dashboard.harvest.package import package
from dashboard.messages import LANGUAGES, message
from dashboard.publication.place import checked_base
from dashboard.takeaway.package import MANIFEST, MEDIA
from data.errors import ReleaseDamagedError, ReleaseMissingError
from data.release import Release, publications
from data.settings import contact_address, public_address, releases_folder

JSON_LD, JSON = "application/ld+json", "application/json"
# Open data: scripts of any site may read it.
_OPEN = {"Access-Control-Allow-Origin": "*", "X-Content-Type-Options": "nosniff"}
_FOR_EVER = "public, max-age=31536000, immutable"

logger = logging.getLogger("observatory.harvest")


def offer_of(release: Release) -> Offer:
    """Return what the running server offers of a release: absolute addresses where its own is set."""
    root = checked_base(public_address()) if public_address() else ""
    return Offer(view_of_city(release), releases_folder(), root, lambda page: f"{root}{page}", f"{root}api/v1")


@lru_cache(maxsize=4)
def _made(release: Release, kind: str, _address: str, _contact: str) -> bytes:
    return (catalogue if kind == JSON_LD else package)(offer_of(release))


def _document(request: Request, kind: str) -> Response:
    content = _made(store.of_commune(store.current().release), kind, public_address(), contact_address())
    headers = {**_OPEN, "ETag": f'"{sha256(content).hexdigest()[:32]}"', "Cache-Control": "no-cache"}
    if headers["ETag"] in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=kind, headers=headers)


@lru_cache(maxsize=256)
def _digest(path: Path, _changed: int) -> str:
    with path.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()


def _checked(path: Path, expected: str) -> str:
    """Return the checksum of a file, held against the one its manifest has; the manifest itself has none ("").

    Raises
    ------
    ReleaseDamagedError
        The file is absent, or differs.
    """
    try:
        digest = _digest(path, path.stat().st_mtime_ns)
    except OSError as error:
        raise ReleaseDamagedError(f"{path} cannot be read ({error})") from error
    if expected not in {"", f"sha256:{digest}"}:
        raise ReleaseDamagedError(f"{path} failed its checksum")
    return digest


def _file(request: Request) -> Response:
    folder, release_id, name = releases_folder(), request.path_params["release"], request.path_params["name"]
    if release_id not in {entry["release"] for entry in publications(folder)}:
        return _absent(404)
    if not (folder / release_id).is_dir():
        return _absent(410)  # it was published, and removed since
    offered = {MANIFEST: "", **listed(folder, release_id)}
    if name not in offered:
        return _absent(404)
    path = folder / release_id / name
    headers = {**_OPEN, "ETag": f'"{_checked(path, offered[name])}"', "Cache-Control": _FOR_EVER}
    if headers["ETag"] in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return FileResponse(path, media_type=JSON if name == MANIFEST else MEDIA["parquet"], headers=headers)


def _absent(status: int) -> Response:
    language = LANGUAGES[0]
    key = "harvest.removed" if status == 410 else "error.not_found"
    return notice(status, message(f"{key}_title", language), message(f"{key}_text", language))


def _or_notice(answer: Callable[[Request], Response], request: Request) -> Response:
    try:
        return answer(request)
    except (ReleaseMissingError, ReleaseDamagedError) as error:
        logger.error("%s", error)
        return notice(503, message("public.waiting_title", LANGUAGES[0]), message("public.waiting_text", LANGUAGES[0]))


async def catalogue_document(request: Request) -> Response:
    """Answer `/catalogue.jsonld`: the data sets of the release shown, in DCAT-AP."""
    return await run_in_threadpool(_or_notice, lambda asked: _document(asked, JSON_LD), request)


async def package_document(request: Request) -> Response:
    """Answer `/datapackage.json`: the data package of the release shown."""
    return await run_in_threadpool(_or_notice, lambda asked: _document(asked, JSON), request)


async def release_file(request: Request) -> Response:
    """Answer `/donnees/<release>/<file>`: a file of a release, in parts where asked for; it never changes."""
    return await run_in_threadpool(_or_notice, _file, request)
