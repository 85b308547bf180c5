"""The wall screen as the server answers for it: playlists by name, in both languages, and what is no playlist."""

import re
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from dashboard.messages import message
from dashboard.wall_pages import wall_routes
from data.wall_models import Wall
from tests.apart import run_apart


class Asked:
    """The routes of the wall screen, without the rest of the server."""

    def __init__(self) -> None:
        self._transport = httpx.ASGITransport(Starlette(routes=wall_routes()))

    def get(self, path: str) -> httpx.Response:
        async def ask() -> httpx.Response:
            base = "http://127.0.0.1:8501"
            async with httpx.AsyncClient(transport=self._transport, base_url=base, follow_redirects=True) as client:
                return await client.get(path)

        return run_apart(ask)


@pytest.fixture
def server(releases: Path, monkeypatch: pytest.MonkeyPatch) -> Asked:
    monkeypatch.setenv("OBSERVATORY_RELEASES", str(releases))
    return Asked()


def test_the_server_shows_the_first_playlist_and_others_by_name(server: Asked, shipped: Wall) -> None:
    first, *_ = shipped.playlists
    shown = server.get("/affichage")
    assert shown.status_code == 200
    assert shown.url.path == "/affichage/"
    assert shown.text.count("data-kind=") == server.get(f"/affichage/{first}").text.count("data-kind=") > 15
    for address in ("/affichage?liste=quartiers", "/affichage/?liste=quartiers", "/affichage/quartiers"):
        other = server.get(address)
        assert other.url.path == "/affichage/quartiers/"
        assert 'data-mode="dark"' in other.text
    state = server.get("/affichage/quartiers/etat.json")
    assert state.json()["version"] in other.text
    assert state.headers["cache-control"] == "no-cache"
    assert server.get("/affichage/service.js").headers["service-worker-allowed"] == "../affichage"
    for address in re.findall(r'(?:href|src)="(\.\./fichiers/[^"]+)"', other.text):
        assert "immutable" in server.get(f"/affichage/quartiers/{address}").headers["cache-control"]


def test_the_screen_of_the_server_speaks_english_in_its_folder(server: Asked, shipped: Wall) -> None:
    first, *_ = shipped.playlists
    shown = server.get("/en/affichage")
    assert (shown.status_code, shown.url.path) == (200, "/en/affichage/")
    assert '<html lang="en"' in shown.text
    assert message("wall.release", "en", date="") in shown.text
    assert shown.text.count("data-kind=") == server.get(f"/affichage/{first}/").text.count("data-kind=")
    assert server.get("/en/affichage/etat.json").json()["version"] in shown.text
    assert server.get("/en/affichage/service.js").headers["service-worker-allowed"] == "../affichage"
    loaded = re.findall(r'(?:href|src)="(\./fichiers/[^"]+)"', shown.text)
    assert len(loaded) >= 4
    assert {server.get(f"/en/affichage/{address}").status_code for address in loaded} == {200}
    unknown = server.get("/en/affichage?liste=cave")
    assert unknown.status_code == 404
    assert message("wall.unknown_title", "en") in unknown.text
    assert '<html lang="en"' in unknown.text


@pytest.mark.parametrize("path", ["?liste=cave", "/?liste=cave", "/cave/", "/%3Cb%3E/", "/cave/etat.json"])
def test_an_unknown_playlist_is_said_plainly_with_those_there_are(server: Asked, path: str) -> None:
    answer = server.get(f"/affichage{path}")
    assert answer.status_code == 404
    assert "Cette liste n’existe pas" in answer.text
    assert all(f">{name}</a>" in answer.text for name in ("hall", "quartiers"))
    assert "<b>" not in answer.text
    assert len(answer.content) < 4000


@pytest.mark.parametrize(
    "path", ["..%2f..%2fREADME.md", "fichiers/x.js", "fichiers/", "%2e%2e/data/catalogue/wall.toml"]
)
def test_nobody_reads_files_through_the_wall(server: Asked, path: str) -> None:
    assert server.get(f"/affichage/{path}").status_code == 404


def test_a_faulty_configuration_is_a_plain_page_a_line_of_the_log_and_mended_without_a_restart(
    server: Asked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "wall.toml"
    monkeypatch.setenv("OBSERVATORY_WALL", str(path))
    path.write_text("[playlists.hall]\nseconds = 3\nslides = [{ kind = 'city' }]\n", encoding="utf-8")
    answer = server.get("/affichage/")
    assert answer.status_code == 500
    assert "L’écran mural n’est pas prêt" in answer.text
    assert f"{path}:2: column 'playlists.hall.seconds', value '3'" in caplog.text
    path.write_text("[playlists.hall]\nslides = [{ kind = 'city' }]\n", encoding="utf-8")
    assert server.get("/affichage/").status_code == 200


def test_before_the_first_release_the_wall_waits(
    server: Asked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OBSERVATORY_RELEASES", str(tmp_path / "nothing"))
    answer = server.get("/affichage/")
    assert answer.status_code == 503
    assert 'http-equiv="refresh"' in answer.text
