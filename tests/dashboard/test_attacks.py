"""Odd paths, forged names and origins, scripts in parameters: at the root, and below a path behind a real nginx."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from dashboard.navigation import PAGES
from tests.attacks import HOSTS, LEAKS, ORIGINS, PATHS, SCRIPTS, Raw, ask
from tests.nginx import before_server
from tests.serving import free_port, serving

BELOW = "/observatoire"
CLOSED = ("metrics", "script-health-check", "agent/openapi.json", "agent/interact", "agent/mcp")
HEADERS = ("content-security-policy", "x-content-type-options", "referrer-policy", "permissions-policy")
# What the server answers to nonsense: never 200 with something that is not there, never a fault.
REFUSED = {400, 404, 405, 410, 414, 422}
MOVED = {301, 307, 308}


@dataclass(frozen=True)
class Target:
    """A way to the server: a port, the path it stands below there, and whether nginx stands before it."""

    port: int
    path: str
    is_proxied: bool

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def ask(self, target: str, **headers: str) -> Raw:
        return ask(self.port, f"{self.path}{target}", self.host, **headers)


def _reached(releases: Path, path: str) -> Iterator[Target]:
    port = free_port()
    with (
        serving(releases, OBSERVATORY_PUBLIC_ADDRESS=f"http://127.0.0.1:{port}{path}/") as server,
        before_server(server.address.removeprefix("http://"), port, path),
    ):
        yield Target(port, path, is_proxied=True)


@pytest.fixture(scope="module", params=["direct", "root", "below"])
def target(request: pytest.FixtureRequest, releases: Path) -> Iterator[Target]:
    if request.param == "direct":
        with serving(releases) as server:
            yield Target(int(server.address.rpartition(":")[2]), "", is_proxied=False)
    else:
        yield from _reached(releases, "" if request.param == "root" else BELOW)


def _faults(target: Target, answer: Raw) -> list[str]:
    """Return what is wrong with an answer to nonsense."""
    found = [f"leaks {words}" for words in LEAKS if words in answer.text or words in str(answer.headers)]
    # What cannot be read as a request at all is answered before the application sees it.
    is_unread = answer.status == 400 and "Invalid HTTP request received." in answer.text
    if not is_unread and not (target.is_proxied and "<center>nginx" in answer.text):
        found += [f"lacks {name}" for name in HEADERS if name not in answer.headers]
    if answer.status in MOVED:
        leads = answer.headers["location"]
        if leads.startswith(("//", "/\\")) or (":" in leads and not leads.startswith(f"http://{target.host}/")):
            found.append(f"leads to {leads}")
    elif answer.status == 200:
        found += [] if "text/html" in answer.headers["content-type"] else ["sends a file"]
    elif answer.status not in REFUSED:
        found.append(f"status {answer.status}")
    return found


def test_odd_paths_get_a_plain_refusal(target: Target) -> None:
    assert len(PATHS) >= 200
    found = {path: faults for path in PATHS if (faults := _faults(target, target.ask(path.replace(" ", "%20"))))}
    assert found == {}


def test_paths_that_climb_out_find_nothing(target: Target) -> None:
    climbing = [path for path in PATHS if path.endswith("passwd")]
    assert len(climbing) > 150
    assert {path: answer.status for path in climbing if (answer := target.ask(path)).status not in REFUSED} == {}


def test_a_request_line_that_is_none_is_refused(target: Target) -> None:
    for line in ("logement", "", "http://evil.example/", "\x01", "/logement HTTP/9.9 x"):
        answer = ask(target.port, line, target.host)
        # A proxy may read an absolute address as the path in it; the name it holds counts for nothing.
        assert answer.status in REFUSED | {505} | ({200} if line.startswith("http") else set()), line
        assert [words for words in LEAKS if words in answer.text] == []


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "NONSENSE"])
def test_methods_that_nothing_takes_are_refused(target: Target, method: str) -> None:
    for path in ("/logement", "/telecharger/series.csv", "/public/", "/affichage/", "/ready", "/static/js/x.js"):
        answer = ask(target.port, f"{target.path}{path}", target.host, method)
        assert answer.status in REFUSED, path
        assert [words for words in LEAKS if words in answer.text] == []


@pytest.mark.parametrize("host", HOSTS)
def test_a_forged_name_is_not_answered(target: Target, host: str) -> None:
    for path in ("/", "/telecharger/series.csv?theme=housing", "/public/", "/_stcore/health"):
        answer = ask(target.port, f"{target.path}{path}", host)
        assert answer.status in {400, 414}, path
        assert not host or host not in answer.text
        assert "location" not in answer.headers


def test_two_names_or_none_are_not_answered(target: Target) -> None:
    assert ask(target.port, f"{target.path}/", None).status == 400
    assert ask(target.port, f"{target.path}/", target.host, Host="evil.example").status == 400


def test_names_that_a_proxy_may_have_sent_change_nothing(target: Target) -> None:
    forged = {"X_Forwarded_Host": "evil.example", "Forwarded": "host=evil.example", "X_Forwarded_Proto": "gopher",
              "X_Original_URL": "/ready", "X_Forwarded_Prefix": "//evil.example"}  # fmt: skip
    for path in ("/public/logement/", "/logement", "/affichage/", "/nowhere"):
        plain, answer = target.ask(path), target.ask(path, **forged)
        assert answer.status == plain.status
        assert answer.body == plain.body


@pytest.mark.parametrize("origin", ORIGINS)
def test_a_page_elsewhere_cannot_connect(target: Target, origin: str) -> None:
    with (
        pytest.raises(InvalidStatus) as refusal,
        connect(f"ws://{target.host}{target.path}/_stcore/stream", additional_headers={"Origin": origin}),
    ):
        pass
    assert refusal.value.response.status_code == 403


def test_a_page_of_ours_can_connect(target: Target) -> None:
    with connect(f"ws://{target.host}{target.path}/_stcore/stream", origin=f"http://{target.host}") as connection:
        assert connection.response is not None
        assert connection.response.status_code == 101


def test_a_connection_under_a_forged_name_is_refused(target: Target) -> None:
    key = {"Upgrade": "websocket", "Sec_WebSocket_Key": "AAAAAAAAAAAAAAAAAAAAAA==", "Sec_WebSocket_Version": "13"}
    answer = ask(target.port, f"{target.path}/_stcore/stream", "evil.example", Origin="http://evil.example", **key)
    assert answer.status in {400, 403}


def test_answers_lead_on_below_the_path_of_the_site(target: Target) -> None:
    known = {
        "/logement/": f"{target.path}/logement",
        "/public": "public/",
        "/affichage": "affichage/",
        "/api/v1": "v1/",
    }
    answers = {path: target.ask(path) for path in known}
    assert all(answer.status in MOVED for answer in answers.values())
    assert {path: answer.headers["location"] for path, answer in answers.items()} == known


def test_nobody_is_told_what_answers(target: Target) -> None:
    answer = target.ask("/logement")
    assert answer.headers.get("server", "nginx") == "nginx"
    assert target.ask("/_stcore/metrics").headers.get("server", "nginx") == "nginx"


def test_what_is_not_for_readers_is_closed_at_the_proxy(target: Target) -> None:
    statuses = {name: target.ask(f"/_stcore/{name}").status for name in CLOSED}
    statuses |= {name: target.ask(f"/{name}").status for name in ("health", "ready")}
    if target.is_proxied:
        assert set(statuses.values()) == {404}
    else:
        assert (statuses["health"], statuses["ready"]) == (200, 200)


def test_pages_behind_the_proxy_trust_nobody_else(target: Target) -> None:
    answer = target.ask("/_stcore/host-config")
    assert answer.status == 200
    if target.is_proxied:
        said = json.loads(answer.text)
        assert said["allowedOrigins"] == []
        assert [name for name, value in said.items() if value is True] == []
        assert said["metricsUrl"] == ""


def test_only_this_site_may_frame_a_page(target: Target) -> None:
    for path in ("/", "/logement", "/public/", "/affichage/", "/nowhere", "/telecharger/series.csv?theme=housing"):
        policy = target.ask(path).headers["content-security-policy"]
        assert re.search(r"frame-ancestors 'self'(;|$)", policy), path


def test_no_policy_lets_text_become_a_script(target: Target) -> None:
    policy = dict(part.strip().split(" ", 1) for part in
                  target.ask("/logement").headers["content-security-policy"].split(";"))  # fmt: skip
    allowed = policy["script-src"].split()
    assert {"'unsafe-eval'", "'unsafe-inline'", "blob:", "data:", "*", "https:"} & set(allowed) == set()
    assert policy["default-src"] == policy["object-src"] == "'none'"
    assert all("http" not in sources for sources in policy.values())


def test_scripts_in_addresses_come_back_as_text_or_not_at_all(target: Target) -> None:
    names = ("quartier", "langue", "indicateur", "theme", "recherche", "version", "lieux", "hypotheses", "liste")
    found = {}
    for place, script in enumerate(SCRIPTS):
        written = "".join(f"%{byte:02x}" for byte in script.encode())
        query = "&".join(f"{name}={written}" for name in names)
        pages = ("/telecharger/series.csv", "/telecharger/indicateur.xlsx", "/image/logement/serie.svg", "/affichage/",
                 "/public/logement/", f"/{PAGES[place % len(PAGES)].address}", "/telecharger/chiffres.zip")  # fmt: skip
        answer = target.ask(f"{pages[place % len(pages)]}?{query}")
        if "__ran" in answer.text and re.search(r"<[a-z][^>]*__ran|<script>[^<]*__ran", answer.text, re.IGNORECASE):
            found[script] = answer.text[:200]
        if answer.status >= 500:
            found[script] = str(answer.status)
    assert found == {}
