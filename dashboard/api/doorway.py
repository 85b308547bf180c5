"""What is true of every answer of the API: any site may read it, HEAD is answered, questions are short."""

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.api.problems import ProblemError, language_of, problem

MOST_QUERY_CHARACTERS = 4_096
_READING = frozenset({"GET", "HEAD"})
_SEEN = "ETag, Last-Modified, Link, X-Total-Count"
# What a browser is told that asks before a script of another site does: scripts may read on conditions of their own.
_MAY = {
    "Access-Control-Allow-Origin": "*", "Access-Control-Allow-Methods": "GET, HEAD",
    "Access-Control-Allow-Headers": "Accept, If-None-Match, If-Modified-Since", "Access-Control-Max-Age": "86400",
}  # fmt: skip


def _asks_to_read(scope: Scope) -> bool:
    """Tell whether a browser asks, before a script of another site does, if that may read."""
    asked = Headers(scope=scope)
    return scope["method"] == "OPTIONS" and asked.get("access-control-request-method") in _READING and "origin" in asked


class Doorway:
    """Middleware: opens answers to scripts of any site, also where a browser asks before; gives HEAD the headers of
    GET; refuses long questions.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if _asks_to_read(scope):
            await Response(status_code=204, headers=_MAY)(scope, receive, send)
            return
        is_head = scope["method"] == "HEAD"

        async def opened(event: Message) -> None:
            if event["type"] == "http.response.start" and scope["method"] in _READING:
                headers = MutableHeaders(scope=event)
                headers["Access-Control-Allow-Origin"] = "*"
                headers["Access-Control-Expose-Headers"] = _SEEN
            await send({**event, "body": b""} if is_head and event["type"] == "http.response.body" else event)

        if len(scope.get("query_string", b"")) > MOST_QUERY_CHARACTERS:
            refused = ProblemError(414, "long", most=MOST_QUERY_CHARACTERS)
            await problem(refused, language_of(scope))(scope, receive, opened)
            return
        await self.app({**scope, "method": "GET"} if is_head else scope, receive, opened)
