"""What answers outside Streamlit's pages share: the address readers reach the server at, and plain small pages."""

from starlette.requests import Request
from starlette.responses import Response

from dashboard.html import render
from dashboard.messages import LANGUAGES
from dashboard.publication.place import checked_base
from data.settings import public_address

HTML = "text/html; charset=utf-8"
RETRY_SECONDS = 60


def base_address(request: Request) -> str:
    """Return the address readers reach the server at; where none is set, that of the socket: hosts can be forged.

    One that cannot be an address ends the server at its start.
    """
    if address := public_address():
        return checked_base(address)
    host, port = request.scope["server"]
    return f"http://{host}:{port}/"


def notice(
    status: int, title: str, text: str, names: tuple[str, ...] = (), root: str = "", language: str = LANGUAGES[0]
) -> Response:
    """Return a plain small page; one that may be right in a minute asks again by itself.

    Parameters
    ----------
    names : what the reader may go to instead, below `root`.
    """
    html = render("notice.html", language=language, title=title, text=text, names=names, root=root,
                  retry_seconds=RETRY_SECONDS if status >= 500 else 0)  # fmt: skip
    return Response(html, status, media_type=HTML, headers={"Cache-Control": "no-store"})
