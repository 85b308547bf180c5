"""Streamlit's own files, compressed once, letters cut: as it sends them, a first visit takes nine megabytes."""

import gzip
from functools import lru_cache
from mimetypes import guess_type
from pathlib import Path

import brotli
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.light_letters import cut_of
from dashboard.policy import SHELL

FOLDER = "/static/"
FILES = SHELL.parent
_COMPRESSIBLE = {".js", ".css", ".svg", ".json", ".map", ".ttf", ".otf", ".wasm", ".txt"}
# Further levels save a few per cent and take many times as long.
_BROTLI_LEVEL, _GZIP_LEVEL = 6, 6
ENCODINGS = ("br", "gzip")


def file_of(path: str) -> Path | None:
    """Return the file of Streamlit's that a path below `/static/` asks for; None where there is none."""
    if "\\" in path or "\0" in path:
        return None
    file = (FILES / path.lstrip("/")).resolve()
    return file if file.is_relative_to(FILES / "static") and file.is_file() else None


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
    """Middleware: sends Streamlit's files small, compressed where the browser takes it; names change with content."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http" or not scope["path"].startswith(FOLDER):
            await self.app(scope, receive, send)
            return
        file, headers = file_of(scope["path"]), Headers(scope=scope)
        if file is None:
            # Streamlit would answer its shell.
            await Response(status_code=404)(scope, receive, send)
            return
        light = cut_of(file)
        encoding = encoding_of(headers.get("accept-encoding", "")) if file.suffix in _COMPRESSIBLE else ""
        if light == file and ("range" in headers or not encoding):
            await self.app(scope, receive, send)
            return
        said = {"Content-Encoding": encoding, "Vary": "Accept-Encoding"} if encoding else {}
        content = await run_in_threadpool(compressed, file, encoding) if encoding else light.read_bytes()
        answer = Response(
            b"" if scope["method"] == "HEAD" else content,
            media_type=guess_type(file.name)[0] or "application/octet-stream",
            headers={**said, "Cache-Control": "public, max-age=31536000, immutable"},
        )
        await answer(scope, receive, send)
