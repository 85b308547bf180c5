"""A real observatory server on a free port, stopped by its process id."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from data.settings import ROOT

START_SECONDS = 60


@dataclass(frozen=True)
class Answer:
    """An HTTP answer; names of headers are in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")


@dataclass(frozen=True)
class Observatory:
    """A running server: where it listens and where it logs, and the folder of releases it shows."""

    address: str
    log_file: Path
    process_id: int
    releases: Path

    def get(self, path: str, **headers: str) -> Answer:
        """Ask for a path; `Accept_Encoding="gzip"` sends a header."""
        asked = Request(self.address + path, headers={name.replace("_", "-"): text for name, text in headers.items()})
        try:
            with urlopen(asked, timeout=30) as answer:
                return Answer(answer.status, _small(answer.headers), answer.read())
        except HTTPError as error:
            return Answer(error.code, _small(error.headers), error.read())

    def log(self) -> str:
        return self.log_file.read_text(encoding="utf-8", errors="replace")


def _small(headers: Message) -> dict[str, str]:
    return {name.lower(): text for name, text in headers.items()}


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _wait(server: Observatory, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended at once:\n{server.log()}")
        with suppress(URLError):
            if server.get("/_stcore/health").status == 200:
                return
        time.sleep(0.1)
    raise RuntimeError(f"the server was not healthy after {START_SECONDS} s:\n{server.log()}")


@contextmanager
def serving(releases: Path, port: int = 0, **environment: str) -> Iterator[Observatory]:
    """Serve a folder of releases as `make run` does, on a free port where none is given."""
    port = port or free_port()
    folder = Path(tempfile.mkdtemp())
    command = [sys.executable, "-m", "uvicorn", "dashboard.server:app", "--host", "127.0.0.1", "--port", str(port),
               "--log-level", "warning", "--no-access-log", "--no-server-header"]  # fmt: skip
    variables = {**os.environ, "OBSERVATORY_RELEASES": str(releases), **environment}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=variables, stdout=log, stderr=subprocess.STDOUT)
    server = Observatory(f"http://127.0.0.1:{port}", folder / "log", process.pid, releases)
    try:
        _wait(server, process)
        yield server
    finally:
        process.terminate()
        process.wait(timeout=20)
