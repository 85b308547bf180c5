"""What stands around the application: who may ask, what browsers may do, what is sent compressed, what is written."""

import gzip
import json
import logging
from datetime import date
from pathlib import Path

import brotli
import pytest

from dashboard import store
from dashboard.bundle import FILES, encoding_of, file_of
from dashboard.health import readiness
from dashboard.logs import OneLine, kind_of
from dashboard.messages import LANGUAGES, message
from dashboard.navigation import PAGES
from dashboard.policy import SHELL, inline_scripts, of_shell, policy
from dashboard.publication.place import BaseAddressError
from dashboard.reaching import HostsError, asked_host, home, known_hosts, path_below
from data.errors import SettingError
from data.release import Release, current_id
from data.settings import is_logging_requests, stale_days
from tests.attacks import ask
from tests.serving import Observatory, serving


@pytest.mark.parametrize(
    ("header", "host"),
    [
        ("ville.example", "ville.example"), ("VILLE.example:8501", "ville.example"), ("127.0.0.1:1", "127.0.0.1"),
        ("[::1]:8501", "::1"), ("[::1]", "::1"), ("", ""), ("a b", ""), ("a:b", ""), ("a:999999", ""), ("a:65536", ""),
        ("[::1].evil.example", ""), ("evil.example@ville.example", ""), ("ville.example/x", ""), ("é.example", ""),
    ],
)  # fmt: skip
def test_the_name_that_is_asked(header: str, host: str) -> None:
    assert asked_host({"headers": [(b"host", header.encode("latin-1"))]}) == host


def test_names_that_are_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OBSERVATORY_PUBLIC_ADDRESS", "https://ville.example/observatoire/")
    monkeypatch.setenv("OBSERVATORY_HOSTS", "intranet.example *.agglo.example")
    assert known_hosts() == ("localhost", "127.0.0.1", "::1", "ville.example", "intranet.example", "*.agglo.example")
    assert (path_below(), home()) == ("/observatoire", "/observatoire/")
    monkeypatch.delenv("OBSERVATORY_PUBLIC_ADDRESS")
    assert (path_below(), home()) == ("", "/")


@pytest.mark.parametrize(
    "name", ["https://ville.example", "ville.example:80", "ville/x", "Ville.example", "*.*", "a,b"]
)
def test_a_faulty_name_is_told(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("OBSERVATORY_HOSTS", name)
    with pytest.raises(HostsError, match="no name of a host"):
        known_hosts()


def test_faulty_settings_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    for value in ("-1", "0", "1.5", "viele", "٣"):
        monkeypatch.setenv("OBSERVATORY_STALE_DAYS", value)
        with pytest.raises(SettingError, match="whole number of days"):
            stale_days()
    monkeypatch.setenv("OBSERVATORY_LOG_REQUESTS", "yes")
    with pytest.raises(SettingError, match="neither 0 nor 1"):
        is_logging_requests()
    monkeypatch.setenv("OBSERVATORY_PUBLIC_ADDRESS", "ville.example")
    with pytest.raises(BaseAddressError):
        path_below()


@pytest.mark.parametrize("setting", ["HOSTS=https://x", "STALE_DAYS=soon", "LOG_REQUESTS=2", "PUBLIC_ADDRESS=x"])
def test_a_faulty_setting_ends_the_server_before_a_reader_comes(releases: Path, setting: str) -> None:
    name, _, value = setting.partition("=")
    with (
        pytest.raises(RuntimeError, match="ended at once") as fault,
        serving(releases, **{f"OBSERVATORY_{name}": value}),
    ):
        pass
    assert value in str(fault.value)


def test_the_policy_knows_the_scripts_of_the_shell() -> None:
    assert inline_scripts("<script>a</script><script src='x'></script><script type=module>b</script>") == (
        "'sha256-ypeBEsobvcr6wjGzmiPcTaeG7/gUfE5yuYB3ha/uSLs='",
        "'sha256-PiPoFgA5WUoziU9lZOGxNIu9egCI1CxKy3PurtWcAJ0='",
    )
    assert len(of_shell()) == SHELL.read_text().count("<script>")
    said = policy(of_shell(), ("https://www.ville.example",))
    assert said.endswith("frame-ancestors 'self' https://www.ville.example")
    assert of_shell()[0] in said
    assert "unsafe-eval" not in said.replace("wasm-unsafe-eval", "")


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [("gzip, deflate, br, zstd", "br"), ("gzip", "gzip"), ("br;q=0, gzip;q=0.5", "gzip"), ("identity", ""), ("", "")],
)
def test_the_best_compression_a_browser_takes(accepted: str, encoding: str) -> None:
    assert encoding_of(accepted) == encoding


def test_only_files_of_the_bundle_are_found() -> None:
    assert file_of("/static/css") is None
    assert file_of("/static/../index.html") is None
    assert file_of("/static/js/../../../__init__.py") is None
    known = sorted((FILES / "static" / "js").iterdir())
    assert file_of(f"/static/js/{known[0].name}") == known[0]


def test_the_bundle_is_sent_compressed_and_is_the_same(observatory: Observatory) -> None:
    unpacked = {"br": brotli.decompress, "gzip": gzip.decompress}
    for file in sorted((FILES / "static" / "js").iterdir())[:5]:
        for encoding, unpack in unpacked.items():
            answer = observatory.get(f"/static/js/{file.name}", Accept_Encoding=encoding)
            assert answer.headers["content-encoding"] == encoding
            assert unpack(answer.body) == file.read_bytes()
            assert "immutable" in answer.headers["cache-control"]
        plain = observatory.get(f"/static/js/{file.name}")
        assert "content-encoding" not in plain.headers
        assert plain.body == file.read_bytes()
    assert observatory.get("/static/js/nothing.js").status == 404


def test_alive_and_ready(observatory: Observatory) -> None:
    assert json.loads(observatory.get("/health").body) == {"status": "alive"}
    state = json.loads(observatory.get("/ready").body)
    assert state["status"] == "ready"
    assert state["release"] == current_id(observatory.releases)
    assert date.fromisoformat(state["published"]) == date.today()
    assert (state["age_days"], state["verified"], state["damaged"]) == (0, True, None)


def test_without_a_release_the_server_lives_and_is_not_ready(tmp_path: Path) -> None:
    with serving(tmp_path / "nothing") as server:
        assert server.get("/health").status == 200
        answer = server.get("/ready")
        assert (answer.status, json.loads(answer.body)) == (503, {"status": "no release"})


def test_a_release_grows_stale(release: Release) -> None:
    opened, published = store.Opened(release, "", Path(), 0.0), date.fromisoformat(release.published)
    assert readiness(opened, published.replace(year=published.year + 1), None)["status"] == "ready"
    assert readiness(opened, published, 1)["status"] == "ready"
    assert readiness(opened, published.replace(year=published.year + 1), 300)["status"] == "stale"
    assert readiness(store.Opened(release, "abc", Path(), 0.0), published, None)["damaged"] == "abc"


def test_events_are_lines_of_json() -> None:
    record = logging.LogRecord("observatory.x", logging.ERROR, "", 1, "a %s\nb", ("é",), None)
    record.figures = {"status": 503}
    line = OneLine().format(record)
    assert "\n" not in line
    assert {"level": "ERROR", "logger": "observatory.x", "message": "a é\nb", "status": 503}.items() <= json.loads(
        line
    ).items()


def test_a_part_of_the_server_is_named_never_what_was_asked() -> None:
    pages = frozenset(entry.address for entry in PAGES)
    asked = {"/": "/", "/logement": "/logement", "/telecharger/dupont.csv": "/telecharger", "/dupont": "other"}
    assert {path: kind_of(path, pages) for path in asked} == asked


def test_the_log_is_json_and_holds_nothing_of_a_reader(releases: Path) -> None:
    with serving(releases, OBSERVATORY_LOG_REQUESTS="1") as server:
        server.get("/logement?recherche=dupont", User_Agent="Curieux", Referer="https://ailleurs.example/durand")
        server.get("/telecharger/dupont.csv?x=dupont")
        server.get("/dupont", Cookie="nom=durand", X_Forwarded_For="192.0.2.77")
        server.get("/nowhere", Host="dupont.example")
    # A line is written after its answer has been sent: all are there once the server has ended.
    log = server.log()
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    told = [(line["part"], line["status"]) for line in lines if line.get("message") == "answered"]
    assert {("/logement", 200), ("/telecharger", 404), ("other", 404), ("other", 400)} <= set(told)
    assert [words for words in ("dupont", "durand", "Curieux", "ailleurs", "192.0.2.77") if words in log] == []


def test_refusals_are_read_in_both_languages(observatory: Observatory) -> None:
    port = int(observatory.address.rpartition(":")[2])
    answers = {
        "host": ask(port, "/", "elsewhere.example"),
        "long": ask(port, f"/{'x' * 3_000}", f"127.0.0.1:{port}"),
        "method": ask(port, "/logement", f"127.0.0.1:{port}", "DELETE"),
    }
    assert {key: answer.status for key, answer in answers.items()} == {"host": 400, "long": 414, "method": 405}
    for key, answer in answers.items():
        assert answer.text.splitlines() == [message(f"refused.{key}", language) for language in LANGUAGES]
