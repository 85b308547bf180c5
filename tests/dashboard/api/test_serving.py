"""The API within the server: below any path, in its own words, beside the pages."""

import json
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urljoin
from urllib.request import HTTPRedirectHandler, Request, build_opener

import pytest

from tests.serving import Observatory, serving


def test_its_page_stands_behind_a_slash(observatory: Observatory) -> None:
    class Staying(HTTPRedirectHandler):
        def redirect_request(self, *_args: object) -> None:
            return None

    with pytest.raises(HTTPError) as found:
        build_opener(Staying).open(Request(f"{observatory.address}/api/v1"))
    with found.value as error:
        assert (error.code, error.headers["location"]) == (307, "v1/")
    assert observatory.get("/api/v1").text == observatory.get("/api/v1/").text


def test_the_page_loads_what_the_server_has(observatory: Observatory) -> None:
    page = observatory.get("/api/v1/").text
    loaded = [part.split('"')[0] for part in page.split('<link rel="')[1:]]
    addresses = [line.split('href="')[1].split('"')[0] for line in page.splitlines() if line.startswith("<link")]
    assert loaded == ["icon", "preload", "stylesheet"]
    for address in addresses:
        path = urljoin("/api/v1/", address)
        assert observatory.get(path).status == 200, path


@pytest.mark.parametrize("path", ["/api", "/api/v2/areas", "/api/v1x"])
def test_other_addresses_are_no_pages(observatory: Observatory, path: str) -> None:
    assert observatory.get(path).status == 404


def test_below_a_path_every_address_leads_on(releases: Path) -> None:
    with serving(releases, OBSERVATORY_PUBLIC_ADDRESS="https://ville.example/observatoire/") as server:
        root = "/observatoire/api/v1/"
        page = json.loads(server.get(f"{root}observations?limit=1000", Host="ville.example").body)
        following = urljoin(f"{root}observations?limit=1000", page["next"])
        assert json.loads(server.get(following, Host="ville.example").body)["offset"] == 1000
        assert server.get(root, Host="ville.example").status == 200
        assert json.loads(server.get(f"{root}openapi.json", Host="ville.example").body)["servers"] == [{"url": "."}]
        assert "ville.example" not in server.get(f"{root}openapi.json", Host="ville.example").text


def test_nothing_is_written_down_of_what_was_asked(observatory: Observatory) -> None:
    assert observatory.get("/api/v1/observations?ref_area=somebody").status == 422
    assert "somebody" not in observatory.log()
