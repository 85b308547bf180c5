"""A real nginx as `dashboard/deploy` says, before a folder or a server, on a free port, stopped by its id."""

import http.client
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from data.settings import ROOT
from tests.serving import free_port

START_SECONDS = 20
RULES = ROOT / "dashboard" / "deploy" / "static-site.conf"
PROXY_RULES = ROOT / "dashboard" / "deploy" / "server.conf"
# Debian puts it where only the superuser's path leads.
PROGRAM = "/usr/sbin/nginx"
_CONFIGURATION = """
{user}
worker_processes auto;
pid {folder}/pid;
error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
    access_log {folder}/access.log;
    sendfile on;
    tcp_nopush on;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {content}
}}
"""
_FOLDER = """server {{
        listen 127.0.0.1:{port};
        root {root};
        set $site_path "{path}";
        set $site_embedders "{embedders}";
        include {rules};
    }}"""
_PROXY = """upstream observatory {{
        server {upstream};
        keepalive 32;
    }}
    server {{
        listen 127.0.0.1:{port};
        large_client_header_buffers 4 20k;
        location {path}/ {{
            include {rules};
        }}
    }}"""


@dataclass(frozen=True)
class Answer:
    """An HTTP answer; names of headers are in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass(frozen=True)
class Site:
    """A folder served by nginx: its address, without a slash at its end, its process, and the folder it logs in."""

    address: str
    port: int
    process_id: int
    logs: Path

    def log(self) -> str:
        """Return all that was logged, by nginx and by its process."""
        names = ("access.log", "error.log", "log")
        return "".join((self.logs / name).read_text() for name in names if (self.logs / name).exists())

    def get(self, path: str, **headers: str) -> Answer:
        """Ask for a path (`/logement/`), following no redirection; `Accept_Encoding="gzip"` sends a header."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
            answer = connection.getresponse()
            return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        finally:
            connection.close()


def _wait(site: Site, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"nginx ended at once:\n{log.read_text()}")
        try:
            site.get("/")
            return
        except ConnectionRefusedError:
            time.sleep(0.05)
    raise RuntimeError(f"nginx did not listen after {START_SECONDS} s")


def _running(port: int, content: str, path: str) -> Iterator[Site]:
    """Run nginx with a content of its `http` block."""
    with tempfile.TemporaryDirectory(prefix="nginx-") as name:
        folder = Path(name)
        # The master gives its rights up where it has any; folders of tests are the superuser's own.
        user = "user root;" if os.geteuid() == 0 else ""
        (folder / "nginx.conf").write_text(_CONFIGURATION.format(folder=folder, user=user, content=content))
        command = [PROGRAM, "-p", name, "-c", str(folder / "nginx.conf"), "-g", "daemon off;"]
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
        site = Site(f"http://127.0.0.1:{port}{path}", port, process.pid, folder)
        try:
            _wait(site, process, folder / "log")
            yield site
        finally:
            process.terminate()
            process.wait(timeout=20)


@contextmanager
def serving_folder(root: Path, embedders: str = "", path: str = "") -> Iterator[Site]:
    """Serve a folder.

    Parameters
    ----------
    root : the folder, or the link to it that a publication is.
    embedders : origins that may show figures in a frame, with blanks between.
    path : the path the site stands at (`/observatoire`), empty for the root; `root` then holds a folder of that name.
    """
    port = free_port()
    content = _FOLDER.format(port=port, root=root, path=path, embedders=embedders, rules=RULES)
    yield from _running(port, content, path)


@contextmanager
def before_server(upstream: str, port: int, path: str = "") -> Iterator[Site]:
    """Stand before a running server.

    Parameters
    ----------
    upstream : its host and port.
    port : where readers find it: the server must know its address before either is started.
    path : the path it stands below (`/observatoire`), empty for the root.
    """
    yield from _running(port, _PROXY.format(upstream=upstream, port=port, path=path, rules=PROXY_RULES), path)
