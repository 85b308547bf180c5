"""Streamlit's own files, compressed once: it sends them as they are, five megabytes to a first visit."""

import gzip
from functools import lru_cache
from mimetypes import guess_type
from pathlib import Path

import brotli
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.policy import SHELL

FOLDER = "/static/"
FILES = SHELL.parent
_COMPRESSIBLE = {".js", ".css", ".svg", ".json", ".map", ".ttf", ".otf", ".wasm", ".txt"}
# Further levels save a few per cent and take many times as long.
_BROTLI_LEVEL, _GZIP_LEVEL = 6, 6
ENCODINGS = ("br", "gzip")


def file_of(path: str) -> Path | None:
    """Return the file a path below `/static/` asks for where it can be compressed; None for every other path."""
    if not path.startswith(FOLDER) or "\\" in path or "\0" in path:
        return None
    file = (FILES / path.lstrip("/")).resolve()
    is_ours = file.is_relative_to(FILES / "static") and file.suffix in _COMPRESSIBLE and file.is_file()
    return file if is_ours else None


@lru_cache(maxsize=1024)
def compressed(file: Path, encoding: str) -> bytes:
    """Return a file compressed; there are some hundreds of them, six megabytes together once all were asked for."""
    content = file.read_bytes()
    if encoding == "br":
        return bytes(brotli.compress(content, quality=_BROTLI_LEVEL))
    return gzip.compress(content, _GZIP_LEVEL, mtime=0)


def encoding_of(accepted: str) -> str:
    """Return the best encoding a browser takes of those there are; empty for none."""
    taken = {part.split(";")[0].strip() for part in accepted.split(",") if not part.replace(" ", "").endswith(";q=0")}
    return next((one for one in ENCODINGS if one in taken), "")


class CompressedBundle:
    """Middleware: sends Streamlit's files compressed where the browser takes it; names change with their content."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        encoding, file = "", None
        if scope["type"] == "http" and scope["method"] in {"GET", "HEAD"} and scope["path"].startswith(FOLDER):
            headers = Headers(scope=scope)
            encoding = "" if "range" in headers else encoding_of(headers.get("accept-encoding", ""))
            file = file_of(scope["path"]) if encoding else None
        if file is None:
            await self.app(scope, receive, send)
            return
        content = await run_in_threadpool(compressed, file, encoding)
        answer = Response(
            b"" if scope["method"] == "HEAD" else content,
            media_type=guess_type(file.name)[0] or "application/octet-stream",
            headers={
                "Content-Encoding": encoding,
                "Vary": "Accept-Encoding",
                "Cache-Control": "public, max-age=31536000, immutable",
            },
        )
        await answer(scope, receive, send)
