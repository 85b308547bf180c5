"""Asking the API in process: without a socket, of the release the tests share."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from dashboard.api.application import api
from tests.apart import run_apart

Ask = Callable[..., httpx.Response]


def asked(path: str, method: str = "GET", **headers: str) -> httpx.Response:
    """Ask for a path; `Accept="text/csv"` sends a header."""

    async def once() -> httpx.Response:
        transport = httpx.ASGITransport(api, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.request(method, path, headers={k.replace("_", "-"): v for k, v in headers.items()})

    return run_apart(once)


@pytest.fixture(scope="session")
def serving_releases(releases: Path) -> Iterator[None]:
    """Make the releases of the tests those that answer."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OBSERVATORY_RELEASES", str(releases))
        yield


@pytest.fixture
def ask(serving_releases: None) -> Ask:
    """Return what asks the API for a path."""
    return asked


@pytest.fixture
def own_ask(own_releases: Path, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Return what asks the API, of releases that a test may add to."""
    monkeypatch.setenv("OBSERVATORY_RELEASES", str(own_releases))
    return asked


def items(ask: Ask, path: str, **headers: str) -> list[dict[str, Any]]:
    """Return the rows of every page, each page reached by `next` of the one before."""
    found: list[dict[str, Any]] = []
    address = httpx.URL(f"http://localhost/{path}")
    while True:
        answer = ask(str(address), **headers)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        assert page["count"] >= len(page["items"])
        found += page["items"]
        if page["next"] is None:
            assert len(found) == page["count"]
            return found
        address = address.join(page["next"])
