"""A real web server on the loopback that replays what publishers' servers do, good and bad."""

import contextlib
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

CSV = "text/csv; charset=utf-8"


@dataclass(frozen=True)
class Reply:
    """One answer: `cut_after` closes the connection after so many bytes, `pause` waits between pieces (seconds).

    `resumes` serves the part a `Range` asks for when `If-Range` names this state of the file; `endless` never stops.
    """

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    media_type: str = CSV
    cut_after: int | None = None
    pause: float = 0.0
    piece: int = 1 << 16
    resumes: bool = False
    endless: bool = False
    says_length: bool = True


@dataclass
class Replay:
    """A running server: what it answers by path (the last answer again and again), and what it was asked."""

    address: str
    answers: dict[str, list[Reply]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def at(self, path: str, *replies: Reply) -> str:
        """Answer so at a path; return its address."""
        self.answers[path] = list(replies)
        return self.address + path


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    replay: Replay

    def log_message(self, format: str, *_arguments: object) -> None:
        """Stay silent: what was asked is in `Replay.asked`."""

    def do_GET(self) -> None:
        self.replay.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
        replies = self.replay.answers.get(self.path, [Reply(404)])
        reply = replies.pop(0) if len(replies) > 1 else replies[0]
        with contextlib.suppress(ConnectionError):
            self._answer(reply)

    def _start(self, reply: Reply) -> int:
        """Return at which byte an answer starts: where asked, if this is the state of the file that is asked for."""
        asked = self.headers.get("Range", "")
        state = {reply.headers.get("ETag"), reply.headers.get("Last-Modified")} - {None}
        if not (reply.resumes and asked and self.headers.get("If-Range") in state):
            return 0
        return int(asked.removeprefix("bytes=").removesuffix("-"))

    def _answer(self, reply: Reply) -> None:
        start = self._start(reply)
        body = reply.body[start:]
        self.send_response(206 if start else reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if reply.media_type:
            self.send_header("Content-Type", reply.media_type)
        if reply.resumes:
            self.send_header("Accept-Ranges", "bytes")
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(reply.body) - 1}/{len(reply.body)}")
        if reply.says_length and not reply.endless and "Content-Length" not in reply.headers:
            self.send_header("Content-Length", str(len(body)))
        if reply.endless or not reply.says_length:
            self.send_header("Connection", "close")
            self.close_connection = True
        self.end_headers()
        self._send(reply, body)

    def _send(self, reply: Reply, body: bytes) -> None:
        while reply.endless:
            self.wfile.write(b"1;2;3\n" * 10_000)
        whole = body if reply.cut_after is None else body[: reply.cut_after]
        for at in range(0, len(whole), reply.piece):
            self.wfile.write(whole[at : at + reply.piece])
            self.wfile.flush()
            time.sleep(reply.pause)
        if reply.cut_after is not None:
            self.close_connection = True


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Stay silent where the other side has gone: some tests go."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


@contextlib.contextmanager
def replaying() -> Iterator[Replay]:
    """Run a server until the end of the block."""
    replay = Replay("")
    handler = type("Handler", (_Handler,), {"replay": replay})
    server = _Server(("127.0.0.1", 0), handler)
    replay.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield replay
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
