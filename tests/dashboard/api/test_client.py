"""A client that a generator makes of the description reads everything there is from a running server."""

import importlib
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from dashboard.api.models import columns_of
from data.release import Release
from data.schemas import TABLES
from tests.dashboard.api.test_numbers import LISTS, ONE, rows_of_frame
from tests.serving import Observatory

NAME = "observatory_client"
ROWS = 500


@pytest.fixture(scope="module")
def made_client(observatory: Observatory, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a client made of the description that the server gives."""
    folder = tmp_path_factory.mktemp("client")
    (folder / "openapi.json").write_bytes(observatory.get("/api/v1/openapi.json?language=en").body)
    # Its tidying needs a formatter on the search path, which changes nothing of what it does.
    (folder / "settings.yml").write_text("post_hooks: []\n", encoding="utf-8")
    command = [sys.executable, "-m", "openapi_python_client", "generate", "--meta", "none", "--fail-on-warning",
               "--path", str(folder / "openapi.json"), "--output-path", str(folder / NAME),
               "--config", str(folder / "settings.yml")]  # fmt: skip
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture
def call(made_client: Path, observatory: Observatory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Any]]:
    """Return what calls an operation of the client by its name and gives the answer as its models have it."""
    monkeypatch.syspath_prepend(str(made_client))
    made = importlib.import_module(NAME).Client(f"{observatory.address}/api/v1", raise_on_unexpected_status=True)
    with made as client:

        def called(operation: str, *codes: str, **asked: Any) -> Any:
            module = importlib.import_module(f"{NAME}.api.default.{operation}")
            return module.sync_detailed(*codes, client=client, **asked)

        yield called


def _all(call: Callable[..., Any], operation: str, **asked: Any) -> list[Any]:
    found: list[Any] = []
    while True:
        page = call(operation, limit=ROWS, offset=len(found), **asked).parsed
        found += page.items
        if page.next_ is None:
            assert len(found) == page.count
            return found


@pytest.mark.parametrize("name", LISTS)
def test_it_reads_every_row_of_every_resource(call: Callable[..., Any], release: Release, name: str) -> None:
    columns = columns_of(LISTS[name])
    found = [{column: item.to_dict()[column] for column in columns} for item in _all(call, f"list_{name}")]
    assert found == rows_of_frame(release.table(LISTS[name]), columns)
    assert len(found) == len(release.table(LISTS[name])) > 0


@pytest.mark.parametrize("name", ONE)
def test_it_reads_one_thing(call: Callable[..., Any], name: str) -> None:
    operation = {"areas": "get_area", "indicators": "get_indicator", "programmes": "get_programme"}[name]
    for item in call(f"list_{name}", limit=3).parsed.items:
        answer = call(operation, item.to_dict()[ONE[name]]).parsed
        assert answer.item == item


def test_it_reads_the_releases(call: Callable[..., Any], release: Release) -> None:
    page = call("list_releases").parsed
    assert [(one.release_id, one.is_current) for one in page.items] == [(release.release_id, True)]
    assert call("get_release", release.release_id).parsed.item == page.items[0]


def test_it_asks_with_lists_choices_and_releases(call: Callable[..., Any], release: Release) -> None:
    asked = {"ref_area": ["94041", "94081"], "indicator": ["dwellings", "population"], "period_from": "2020",
             "release": release.release_id}  # fmt: skip
    table = release.table("observations")
    wanted = table[table["ref_area"].isin(asked["ref_area"]) & table["indicator"].isin(asked["indicator"])
                   & (table["time_period"] >= "2020")]  # fmt: skip
    found = [item.to_dict() for item in _all(call, "list_observations", **asked)]
    key = TABLES["observations"].key
    assert [tuple(item[name] for name in key) for item in found] == list(
        wanted[list(key)].itertuples(index=False, name=None)
    )
    assert found


def test_it_reads_refusals(call: Callable[..., Any]) -> None:
    answer = call("list_observations", ref_area=["nowhere"])
    assert (answer.status_code, answer.parsed.errors[0].field, answer.parsed.errors[0].value) == (
        422, "ref_area", "nowhere",
    )  # fmt: skip
