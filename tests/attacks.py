"""What somebody who means harm may send: odd paths, forged names, scripts; and what an answer must never hold."""

import socket
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from urllib.parse import quote

from data.settings import ROOT

_UPS = ("../", "..%2f", "%2e%2e/", "%2e%2e%2f", "..%5c", "..\\", "%252e%252e%252f", "..%c0%af", "....//", ".%2e/",
        "..;/", "%c0%ae%c0%ae/", "..%00/", "%uff0e%uff0e/")  # fmt: skip
_BELOW = ("", "static/", "telecharger/", "image/", "public/", "affichage/", "donnees/", "media/", "component/",
          "app/static/", "_stcore/bidi-components/observatory.announcements/")  # fmt: skip
_WANTED = "etc/passwd"
_ODD = (
    "//evil.example/", "///evil.example", "/\\evil.example", "/%5c%5cevil.example\\share", "/%2f%2fevil.example",
    "/http://evil.example/", "/.git/config", "/.env", "/.streamlit/config.toml", "/.venv/pyvenv.cfg", "/README.md",
    "/requirements.txt", "/dashboard/server.py", "/data/settings.py", "/data/releases/current", "/etc/passwd",
    "/proc/self/environ", "/wp-login.php", "/admin", "/phpinfo.php", "/server-status", "/actuator/env", "/console",
    "/%00", "/logement%00.html", "/logement%0d%0aSet-Cookie:%20a=b", "/logement%0aX-Injected:%20yes", "/%0d%0a",
    "/%ff%fe", "/%c3%28", "/%e2%80%ae", "/\u00e9", "/%F0%9F%98%80", "/ logement", "/logement ", "/LOGEMENT",
    "/logement/", "/logement//", "//logement", "/./logement", "/logement/.", "/logement/..", "/logement/../sources",
    "/logement;a=b", "/logement/;/", "/logement/%3f", "/?%", "/?%zz", "/?=&=&&&==", "/?quartier", "/?quartier=%00",
    "/?quartier[]=a&quartier[]=b", "/?langue=%ff", "/?langue=" + "a" * 5000, "/?" + "a=b&" * 4000, "/" + "a" * 3000,
    "/" + "a/" * 1500, "/" + "%2e" * 900, "/telecharger/", "/telecharger", "/telecharger/series", "/telecharger/.csv",
    "/telecharger/series.", "/telecharger/series.csv.exe", "/telecharger/series.csv/x", "/telecharger/con.csv",
    "/telecharger/series.csv?theme=../../x", "/telecharger/series.csv?version=../../../etc", "/telecharger/%2e.csv",
    "/image/", "/image/a", "/image/logement/x.png", "/image/../x.svg", "/image/logement/serie.exe", "/public/index",
    "/public/fichiers/", "/public/fichiers/..", "/public/integrer/", "/public/integrer/a/b/c/d/", "/affichage/%2e",
    "/affichage/ecran/../x", "/donnees/x/y", "/donnees/current/observations.parquet", "/donnees/..%2f..%2f/x",
    "/catalogue.jsonld/x", "/datapackage.json/..", "/_stcore/", "/_stcore/x", "/_stcore/media/../x",
    "/_stcore/upload_file/a/b", "/_stcore/message", "/_stcore/script-health-check", "/_stcore/bidi-components/x/y",
    "/_stcore/bidi-components/observatory.announcements/", "/component/x/index.html", "/media/x", "/static/",
    "/static/js", "/static/js/", "/static/js/nothing.js", "/static/index.html", "/static//etc/passwd", "/favicon.ico",
    "/robots.txt", "/~/", "/~/x", "/_st_x", "/health/", "/health/x", "/ready/..", "/HEALTH", "/auth/login",
    "/oauth2callback", "/api", "/api/", "/api/v2", "/api/v1/../../x", "/api/v1/releases/..%2f..", "/api/v1/areas/%00",
)  # fmt: skip
PATHS = tuple(dict.fromkeys([
    *(f"/{below}{up * times}{_WANTED}" for below, up, times in product(_BELOW, _UPS, (6,))),
    *(f"/{below}{quote('/etc/passwd', safe='')}" for below in _BELOW),
    *_ODD,
]))  # fmt: skip
HOSTS = (
    "evil.example", "127.0.0.1.evil.example", "evil.example:80", "localhost.evil.example", "localhost@evil.example",
    "evil.example#localhost", "evil.example/localhost", "[::1].evil.example", "", "a" * 300, "localhost:abc",
    "127.0.0.1:99999", "169.254.169.254", "0x7f000001", "evil.example\tlocalhost", "*", "%00", "ville.example.",
)  # fmt: skip
ORIGINS = ("https://evil.example", "http://evil.example", "null", "http://127.0.0.1.evil.example", "http://localhost.evil",
           "file://", "http://127.0.0.1:1", "https://ville.example.evil.example", "chrome-extension://abc")  # fmt: skip
# What stands in answers only where something leaks: code, places, faults, other people's files.
LEAKS = ("Traceback", "root:x:", str(ROOT), sys.prefix, "site-packages", "starlette.", "streamlit.web", "[core]",
         "version_info", "OBSERVATORY_", "def health", "evil.example", "X-Injected")  # fmt: skip

_RUN = "window.__ran=(window.__ran||0)+1"
_VECTORS = (
    "<script>{run}</script>", '"><script>{run}</script>', "'><script>{run}</script>", "</title><script>{run}</script>",
    "</script><script>{run}</script>", "<img src=x onerror={run}>",
    '" onmouseover="{run}" x="', "' onfocus='{run}' autofocus='",
    "<svg onload={run}>", "<svg><script>{run}</script></svg>", "<svg><animate onbegin={run} attributeName=x dur=1s>",
    "<iframe srcdoc='<script>parent.{run}</script>'></iframe>", "<iframe src='javascript:{run}'></iframe>",
    "<object data='javascript:{run}'></object>", "<embed src='javascript:{run}'>", "<a href='javascript:{run}'>x</a>",
    "[x](javascript:{run})", "![x](x\" onerror=\"{run})", "<details open ontoggle={run}>x</details>",
    "<body onload={run}>", "<video><source onerror={run}></video>", "<audio src=x onerror={run}>",
    "<input autofocus onfocus={run}>", "<marquee onstart={run}>x</marquee>", "<math><mtext><img src=x onerror={run}>",
    "<link rel=stylesheet href='javascript:{run}'>", "<style>@import 'javascript:{run}';</style>",
    "<meta http-equiv=refresh content='0;url=javascript:{run}'>", "<base href='javascript:{run}//'>",
    "<form action='javascript:{run}'><button autofocus>x</button></form>", "{{{{ {run} }}}}", "${{{run}}}",
    "#{{{run}}}", "{{% print({run}) %}}", "<template><script>{run}</script></template>",
    "<noscript><p title='</noscript><img src=x onerror={run}>'>",
    "\u2028<script>{run}</script>", "<scr<script>ipt>{run}</scr</script>ipt>", "%3Cscript%3E{run}%3C/script%3E",
    "&lt;script&gt;{run}&lt;/script&gt;", "\\u003cscript\\u003e{run}\\u003c/script\\u003e", "<ScRiPt>{run}</sCrIpT>",
)  # fmt: skip
# As they are, within words, and behind what ends a paragraph of Markdown.
_SHAPES = ("{0}", "Ivry {0} Port", "x\n\n{0}")
SCRIPTS = tuple(shape.format(vector.format(run=_RUN)) for shape, vector in product(_SHAPES, _VECTORS))
# Run before anything of a page, in every frame of it.
WATCH_SCRIPTS = "window.__ran = 0;"
RAN = "() => window.__ran"


@dataclass(frozen=True)
class Raw:
    """An answer as it came over the wire; names of headers in small letters."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")


def ask(port: int, target: str, host: str | None, method: str = "GET", **headers: str) -> Raw:
    """Send a request line as it is, unmended by any library; `host` None sends none."""
    lines = [f"{method} {target} HTTP/1.1", *([f"Host: {host}"] if host is not None else []), "Connection: close",
             *(f"{name.replace('_', '-')}: {text}" for name, text in headers.items())]  # fmt: skip
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(("\r\n".join(lines) + "\r\n\r\n").encode("utf-8", "surrogateescape"))
        received = b"".join(_parts(connection))
    head, _, body = received.partition(b"\r\n\r\n")
    first, *rest = head.decode("latin-1").split("\r\n")
    named = (line.partition(":") for line in rest)
    return Raw(int(first.split()[1]), {name.lower(): text.strip() for name, _, text in named}, body)


def _parts(connection: socket.socket) -> Iterator[bytes]:
    while part := connection.recv(65536):
        yield part
