"""Downloads: the very rows a page shows, as CSV or Parquet."""

import io
from datetime import date

import pandas as pd
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from dashboard import store
from dashboard.content.assumptions import fault_words
from dashboard.exports import UnknownExportError, export, form
from dashboard.html import render
from dashboard.messages import LANGUAGES, message
from dashboard.middleware import not_found
from dashboard.view import WHOLE_CITY, View, district_slugs
from data.codec import frame_to_parquet_bytes
from data.errors import ReleaseDamagedError, ReleaseMissingError, UnknownAreaError, UnknownIndicatorError
from data.hypotheses import HypothesisError
from data.release import Release, open_release, publications
from data.settings import default_commune, releases_folder

MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def bad_request(words: str) -> HTMLResponse:
    """Return the page that says why a request could not be understood."""
    html = render(
        "not_found.html",
        language=LANGUAGES[0],
        title=message("error.bad_request_title", LANGUAGES[0]),
        text=words,
        home="/",
    )
    return HTMLResponse(html, status_code=400)


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
    if kind == "parquet":
        return frame_to_parquet_bytes(frame)
    text = io.StringIO()
    frame.to_csv(text, index=False, lineterminator="\r\n")
    return text.getvalue().encode("utf-8-sig")


def download(request: Request) -> Response:
    """Answer `/telecharger/<export>.<csv|parquet>?quartier=…&version=…`; `.xlsx` for a spreadsheet to fill in."""
    name, _, kind = request.path_params["name"].rpartition(".")
    if kind not in MEDIA:
        return not_found()
    parameters = dict(request.query_params)
    district = parameters.pop("quartier", WHOLE_CITY)
    try:
        release = _release(parameters.pop("version", None))
        if district != WHOLE_CITY and district not in district_slugs(release, default_commune()):
            return bad_request(message("banner.unknown_district", LANGUAGES[0], name=district))
        view = View(release, default_commune(), district, LANGUAGES[0], "light", date.today())
        content = form(view, name) if kind == "xlsx" else to_bytes(export(view, name, parameters), kind)
    except (UnknownExportError, UnknownAreaError, ReleaseMissingError, ReleaseDamagedError):
        return not_found()
    except HypothesisError as error:
        return bad_request(" ".join(fault_words(view_of_city(release), error.faults)))
    except UnknownIndicatorError as error:
        return bad_request(message("banner.unknown_indicator", LANGUAGES[0], name=str(error)))
    file_name = f"{name}-{district}-{release.release_id[:8]}.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{file_name}"', "X-Content-Type-Options": "nosniff"}
    return Response(content, media_type=MEDIA[kind], headers=headers)
