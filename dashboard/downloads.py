"""Downloads: the very rows a page shows, in every format they can be had in."""

from datetime import date

import pandas as pd
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from dashboard import store
from dashboard.content.assumptions import fault_words
from dashboard.exports import UnknownExportError, kinds_of
from dashboard.html import render
from dashboard.messages import LANGUAGES, message
from dashboard.middleware import not_found
from dashboard.publication.place import checked_base
from dashboard.reaching import home
from dashboard.takeaway import links, package
from dashboard.takeaway.holding import ImpossibleFormatError
from dashboard.takeaway.making import made
from dashboard.takeaway.plain import csv_bytes, parquet_bytes
from dashboard.view import WHOLE_CITY, View, district_slugs, the_view
from data.errors import ReleaseDamagedError, ReleaseMissingError, UnknownAreaError, UnknownIndicatorError
from data.hypotheses import HypothesisError
from data.release import Release, open_release, publications
from data.settings import default_commune, public_address, releases_folder

MEDIA = {**package.MEDIA, "csv": "text/csv; charset=utf-8", "zip": "application/zip"}
# Formats that hold words for readers, in one language.
_WORDED = frozenset({"xlsx", "zip"})


def _refusal(status: int, title: str, words: str, language: str) -> HTMLResponse:
    html = render("not_found.html", language=language, title=message(title, language), text=words, home=home())
    return HTMLResponse(html, status_code=status)


def bad_request(words: str, language: str = LANGUAGES[0]) -> HTMLResponse:
    """Return the page that says why a request could not be understood."""
    return _refusal(400, "error.bad_request_title", words, language)


def _impossible(view: View, name: str, parameters: dict[str, str], error: ImpossibleFormatError) -> HTMLResponse:
    """Return the page that says why rows cannot be had in a format, and in which ones they can."""
    language = view.language
    offered = ", ".join(f".{kind}" for kind in kinds_of(view, name, parameters))
    words = (message(f"takeaway.{error.reason}", language), message("download.kinds", language, kinds=offered))
    return _refusal(404, "download.impossible_title", " ".join(words), language)


def view_of_city(release: Release) -> View:
    """Return the view of the whole commune that answers outside a page are made in."""
    return View(release, default_commune(), WHOLE_CITY, LANGUAGES[0], "light", date.today())


def _release(version: str | None) -> Release:
    """Return the release a link was made from, so that a download equals what its page showed."""
    current = store.current().release
    if version is None or version == current.release_id:
        return current
    folder = releases_folder()
    if version not in {entry["release"] for entry in publications(folder)}:
        raise ReleaseMissingError(f"release {version} was never published here")
    return open_release(folder, version, store.held_communes())


def to_bytes(frame: pd.DataFrame, kind: str) -> bytes:
    """Return a frame as CSV (UTF-8 with BOM, so that spreadsheets read accents) or Parquet."""
    return parquet_bytes(frame) if kind == "parquet" else csv_bytes(frame)


def _view(release: Release, district: str, language: str) -> View:
    """Return the view rows are shown in: what an older release says is read as on the day it was published."""
    is_current = release is store.current().release
    day = date.today() if is_current or not release.published else date.fromisoformat(release.published)
    return the_view(release, default_commune(), district, language, "light", day)


def _root() -> str:
    """Return the address readers reach the server at, or only its root where none is set."""
    return checked_base(public_address()) if public_address() else "/"


def _link(view: View, name: str, kind: str, parameters: dict[str, str]) -> str:
    """Return where a download can be had again, which files with words say; nothing for the others."""
    if kind not in _WORDED:
        return ""
    district = {} if view.is_city else {links.DISTRICT: view.district}
    return _root() + links.address(view, name, kind, {**parameters, **district})


def _answer(view: View, name: str, kind: str, parameters: dict[str, str]) -> Response:
    try:
        content = made(view, name, kind, parameters, _link(view, name, kind, parameters))
    except (UnknownExportError, UnknownAreaError, ReleaseMissingError, ReleaseDamagedError):
        return not_found(view.language)
    except ImpossibleFormatError as error:
        return _impossible(view, name, parameters, error)
    except HypothesisError as error:
        return bad_request(" ".join(fault_words(view, error.faults)), view.language)
    except UnknownIndicatorError as error:
        return bad_request(message("banner.unknown_indicator", view.language, name=str(error)), view.language)
    worded = f"-{view.language}" if kind in _WORDED and view.language != LANGUAGES[0] else ""
    file_name = f"{name}-{view.district}-{view.release.release_id[:8]}{worded}.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{file_name}"', "X-Content-Type-Options": "nosniff"}
    return Response(content, media_type=MEDIA[kind], headers=headers)


def download(request: Request) -> Response:
    """Answer `/telecharger/<export>.<format>?quartier=…&version=…&langue=…`, formats as `dashboard.exports.KINDS`.

    `.xlsx` of `manques` and `fiche-engagements` is a spreadsheet to fill in.
    """
    name, _, kind = request.path_params["name"].partition(".")
    parameters = dict(request.query_params)
    language, district = parameters.pop(links.LANGUAGE, LANGUAGES[0]), parameters.pop(links.DISTRICT, WHOLE_CITY)
    if language not in LANGUAGES:
        return bad_request(
            message("download.unknown_language", LANGUAGES[0], name=language, names=", ".join(LANGUAGES))
        )
    if kind not in MEDIA:
        return not_found(language)
    try:
        release = store.of_commune(_release(parameters.pop(links.VERSION, None)))
    except (ReleaseMissingError, ReleaseDamagedError):
        return not_found(language)
    if district != WHOLE_CITY and district not in district_slugs(release, default_commune()):
        return bad_request(message("banner.unknown_district", language, name=district), language)
    return _answer(_view(release, district, language), name, kind, parameters)
