"""Servers of the benchmark: started on a free port of the loopback, watched, always stopped by their process."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from data.settings import ROOT

HOST = "localhost"
HEALTHY_WITHIN_S = 60.0
NAIVE_APP = Path(__file__).with_name("naive_app.py")


@dataclass(frozen=True)
class Server:
    """A server that answers: its port, its process, the file its words go to, and how long it took to answer."""

    port: int
    process: psutil.Process
    log: Path
    seconds_to_healthy: float

    def resident_mb(self) -> float:
        """Return the memory the server holds, in millions of bytes."""
        family = [self.process, *self.process.children(recursive=True)]
        return sum(member.memory_info().rss for member in family) / 1e6

    def failed_pages(self) -> int:
        """Return how many pages the server says have failed."""
        return self.log.read_text(encoding="utf-8", errors="replace").count("a page failed")


def environment(releases: Path, **more: str) -> dict[str, str]:
    """Return the environment of a measured process: no Streamlit settings but those of the repository."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("STREAMLIT_", "OBSERVATORY_"))}
    return {**kept, "OBSERVATORY_RELEASES": str(releases), **more}


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _wait_until_healthy(process: subprocess.Popen[bytes], port: int, started: float, log: Path) -> float:
    while (elapsed := time.perf_counter() - started) < HEALTHY_WITHIN_S:
        if process.poll() is not None:
            break
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/_stcore/health")
            if connection.getresponse().status == 200:
                return time.perf_counter() - started
        except OSError:
            time.sleep(0.005)
        finally:
            connection.close()
    raise RuntimeError(f"no healthy server after {elapsed:.0f} s: {log.read_text(encoding='utf-8')[-2000:]}")


@contextmanager
def _serve(command: list[str], port: int, folder: Path, variables: dict[str, str], log: Path) -> Iterator[Server]:
    with log.open("wb") as words:
        started = time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, env=variables, stdout=words, stderr=subprocess.STDOUT)
        try:
            seconds = _wait_until_healthy(process, port, started, log)
            yield Server(port, psutil.Process(process.pid), log, seconds)
        finally:
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextmanager
def observatory(releases: Path, with_trivial_page: bool = True, **variables: str) -> Iterator[Server]:
    """Serve the observatory as `make run` does; `with_trivial_page` adds the page others are measured against."""
    port = _free_port()
    command = [sys.executable, "-m", "uvicorn", "dashboard.server:app", "--host", "127.0.0.1", "--port", str(port),
               "--log-level", "warning", "--no-access-log"]  # fmt: skip
    extra = {"OBSERVATORY_BENCH": "1"} if with_trivial_page else {}
    log = releases.parent / f"observatory-{port}.log"
    with _serve(command, port, ROOT, environment(releases, **extra, **variables), log) as server:
        yield server


@contextmanager
def naive(releases: Path) -> Iterator[Server]:
    """Serve the naive housing page with `streamlit run` and stock settings, in a folder without configuration."""
    port = _free_port()
    home = releases.parent / "naive-home"
    home.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "streamlit", "run", str(NAIVE_APP), "--server.port", str(port),
               "--server.address", "127.0.0.1", "--server.headless", "true", "--browser.gatherUsageStats", "false",
               "--browser.serverAddress", HOST]  # fmt: skip
    variables = environment(releases, HOME=str(home))
    with _serve(command, port, home, variables, releases.parent / f"naive-{port}.log") as server:
        yield server
