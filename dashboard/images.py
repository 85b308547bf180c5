"""Pictures of charts and maps to take away: every figure as its page shows it, complete by itself."""

from hashlib import sha256

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from dashboard.asked import AddressError, language_asked, view_asked
from dashboard.content.assumptions import fault_words
from dashboard.desk.measures import UnknownLevelError, UnknownMeasureError, UnknownPeriodError
from dashboard.downloads import bad_request
from dashboard.html import render
from dashboard.messages import LANGUAGES, message
from dashboard.reaching import home
from dashboard.takeaway.figures import figure_at
from dashboard.takeaway.no_picture import NoPictureError
from dashboard.takeaway.picture import png
from dashboard.takeaway.picture_links import HOME
from dashboard.view import View
from data.errors import ReleaseDamagedError, ReleaseMissingError, UnknownAreaError
from data.hypotheses import HypothesisError

_UNKNOWN = (ReleaseMissingError, ReleaseDamagedError, UnknownAreaError, UnknownMeasureError, UnknownLevelError,
            UnknownPeriodError)  # fmt: skip
MEDIA = {"svg": "image/svg+xml", "png": "image/png"}


def _no_picture(language: str, reason: str = "") -> HTMLResponse:
    title, text = (message(f"picture.not_found_{part}", language) for part in ("title", "text"))
    html = render("not_found.html", language=language, title=title, text=reason or text, home=home())
    return HTMLResponse(html, status_code=404)


def _file_name(view: View, key: str, kind: str) -> str:
    language = f"-{view.language}" if view.language != LANGUAGES[0] else ""
    return f"{key}-{view.district}-{view.release.release_id[:8]}{language}.{kind}"


def _sent(request: Request, view: View, key: str, kind: str, content: bytes) -> Response:
    """Return a picture; nothing where the reader has the same already."""
    headers = {
        "ETag": f'"{sha256(content).hexdigest()[:32]}"',
        "Cache-Control": "no-cache",
        "Content-Disposition": f'attachment; filename="{_file_name(view, key, kind)}"',
    }
    if headers["ETag"] in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=MEDIA[kind], headers=headers)


def _made(view: View, page: str, key: str, kind: str, parameters: dict[str, str]) -> bytes:
    taken = figure_at(view, "" if page == HOME else page, key, parameters)
    return png(taken.svg) if kind == "png" else taken.svg.encode()


def _answer(request: Request, page: str, name: str, language: str, parameters: dict[str, str]) -> Response:
    key, _, kind = name.rpartition(".")
    if kind not in MEDIA or not page:
        return _no_picture(language)
    try:
        view = view_asked(parameters, language)
        return _sent(request, view, key, kind, _made(view, page, key, kind, parameters))
    except NoPictureError as error:
        return _no_picture(language, error.reason)
    except _UNKNOWN:
        return _no_picture(language)
    except HypothesisError as error:
        return bad_request(" ".join(fault_words(view, error.faults)), language)


def picture(request: Request) -> Response:
    """Answer `/image/<page>/<key>.<svg|png>?quartier=…&version=…&langue=…&fond=…`, and what is chosen on the page.

    The first page is called `accueil`. A function that waits for nothing is run in a thread of its own.
    """
    page, _, name = request.path_params["path"].rpartition("/")
    parameters = dict(request.query_params)
    try:
        return _answer(request, page, name, language_asked(parameters), parameters)
    except AddressError as error:
        return bad_request(error.words, error.language)
