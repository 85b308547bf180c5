"""A new release while people read: each answer holds one release, memory does not grow, open pages follow."""

import asyncio
import csv
import gc
import io
import json
import re
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped]
import pyarrow.parquet as pq
import pytest
from streamlit.testing.v1 import AppTest

from dashboard import store
from dashboard.navigation import PAGES
from data.release import Release, current_id, open_newest_sound
from data.settings import ROOT, releases_folder
from etl.publish import publish, rollback
from tests.apart import run_apart
from tests.bench.reader import Reader
from tests.conftest import Tables
from tests.dashboard.often_published import FIRST_VALUE, numbered, small_tables
from tests.serving import Observatory, serving

PUBLICATIONS, READERS, SESSIONS = 1_000, 50, 8
# After so many publications a server has all it will ever keep; from then on memory must stay.
SETTLED_AFTER, MOST_GROWTH_MB = 500, 60
_SHOWN = re.compile("(3[12])[\u202f\u00a0](\\d{3})")
_PUBLISHED = re.compile("version ([0-9a-f]{16})")
_VERSION = re.compile("version=([0-9a-f]{16})")
INDICATOR = "vacancy_rate_percent"


@dataclass
class Seen:
    """What readers saw: release and value of each answer, by what was asked for; what went wrong."""

    answers: dict[str, list[tuple[str, float]]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def note(self, kind: str, release_ids: set[str], values: set[float]) -> None:
        """Note an answer: all that it shows must be of one release."""
        if len(release_ids) != 1 or len(values) != 1:
            self.faults.append(f"{kind}: releases {sorted(release_ids)}, values {sorted(values)[:4]}")
        else:
            self.answers.setdefault(kind, []).append((*release_ids, *values))


def _values_in(html: str) -> set[float]:
    return {float("".join(digits)) for digits in _SHOWN.findall(html)}


def _export(server: Observatory, seen: Seen) -> None:
    answer = server.get(f"/telecharger/carte.csv?indicateur={INDICATOR}")
    rows = list(csv.DictReader(io.StringIO(answer.body.decode("utf-8-sig"))))
    name = re.search("-([0-9a-f]{8})\\.csv", answer.headers["content-disposition"])
    assert name is not None
    seen.note("export", {name[1]}, {float(row["obs_value"]) for row in rows if row["obs_value"]})


def _package(server: Observatory, seen: Seen) -> None:
    package = json.loads(server.get("/datapackage.json").body)
    paths = {entry["path"].split("/")[1] for entry in package["resources"]}
    content = server.get(f"/donnees/{package['id']}/observations.parquet").body
    values = pq.read_table(io.BytesIO(content), columns=["obs_value"])["obs_value"].drop_null().to_pylist()
    seen.note("file", {package["id"], *paths}, set(values))


def _page(server: Observatory, seen: Seen) -> None:
    html = server.get("/public/indicateurs/").text
    seen.note("public page", set(_PUBLISHED.findall(html)), _values_in(html))


def _api(server: Observatory, seen: Seen) -> None:
    answer = json.loads(server.get("/api/v1/observations?limit=200").body)
    values = {row["obs_value"] for row in answer["items"] if row["obs_value"] is not None}
    seen.note("api", {answer["release"]}, values)


async def _sessions(server: Observatory, seen: Seen, is_over: Callable[[], bool]) -> None:
    """Let readers run an interactive page over and over, choosing one district after another."""

    async def one(number: int) -> None:
        reader = HtmlReader(int(server.address.rpartition(":")[2]), "quartier")
        await reader.open()
        turn = number
        while not is_over():
            reader.html.clear()
            await reader.choose(reader.options[turn % len(reader.options)])
            html = "".join(reader.html)
            if values := _values_in(html):
                seen.note("page run", set(_VERSION.findall(html)), values)
            turn += 1
        await reader.close()

    await asyncio.gather(*(one(number) for number in range(SESSIONS)))


class HtmlReader(Reader):
    """A reader of an interactive page that keeps the blocks of HTML of a run."""

    def __init__(self, port: int, page: str) -> None:
        super().__init__(port, page)
        self.html: list[str] = []

    def _note_element(self, element: Any) -> None:
        super()._note_element(element)
        if element.WhichOneof("type") == "html":
            self.html.append(element.html.body)


def _read_on(ask: Callable[[Observatory, Seen], None], server: Observatory, seen: Seen, over: threading.Event) -> None:
    while not over.is_set():
        try:
            ask(server, seen)
        except Exception as error:
            seen.faults.append(f"{ask.__name__}: {error!r:.300}")
        time.sleep(0.2)  # a reader reads


def _publish_often(folder: Path, resident: Callable[[], float]) -> tuple[dict[str, int], list[float]]:
    """Publish again and again in another process; return numbers by release, and the memory of the server."""
    command = [sys.executable, "-m", "tests.dashboard.often_published", str(folder), str(PUBLICATIONS)]
    numbers, memory = {current_id(folder): 0}, []
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            number, release_id = line.split()
            numbers[release_id] = int(number)
            memory.append(resident())
    assert process.returncode == 0
    return numbers, memory


@pytest.fixture
def small_releases(tables: Tables, tmp_path: Path) -> Path:
    folder = tmp_path / "releases"
    publish(numbered(small_tables(tables), 0), folder)
    return folder


def test_a_thousand_publications_under_fifty_readers_give_no_error_and_no_mixed_page(small_releases: Path) -> None:
    seen, over = Seen(), threading.Event()
    asked = [(_export, _package, _page, _api)[place % 4] for place in range(READERS - SESSIONS)]
    with serving(small_releases) as server, ThreadPoolExecutor(READERS) as readers:
        process = psutil.Process(server.process_id)
        try:
            work = [readers.submit(_read_on, ask, server, seen, over) for ask in asked]
            work.append(readers.submit(run_apart, lambda: _sessions(server, seen, over.is_set)))
            numbers, memory = _publish_often(small_releases, lambda: process.memory_info().rss / 1e6)
        finally:
            over.set()
        for one in work:
            one.result()
        log = server.log()
    assert seen.faults == []
    assert len(numbers) == PUBLICATIONS + 1
    by_beginning = {release_id[:8]: number for release_id, number in numbers.items()}
    assert set(seen.answers) == {"export", "file", "public page", "api", "page run"}
    for kind, answers in seen.answers.items():
        # How many a reader meets depends on the machine; one that meets several has read across switches.
        assert len({release_id for release_id, _ in answers}) > 3, f"{kind}: too few releases were seen"
        for release_id, value in answers:
            assert by_beginning[release_id[:8]] == value - FIRST_VALUE, f"{kind}: the figures of another release"
    assert "Traceback" not in log
    assert "a page failed" not in log
    growth = max(memory[-50:]) - max(memory[:SETTLED_AFTER])
    assert growth < MOST_GROWTH_MB, f"{growth:.0f} MB more after {PUBLICATIONS} publications"


@pytest.fixture
def published(tables: Tables, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], str]:
    """Return what publishes the release of a number where pages look for releases."""
    folder = tmp_path / "releases"
    monkeypatch.setenv("OBSERVATORY_RELEASES", str(folder))
    return lambda number: publish(numbered(tables, number), folder)


def test_readers_who_wait_for_a_release_share_one_opening(
    published: Callable[[int], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    published(1)
    store.current()
    newest, openings, ready = published(2), [], threading.Barrier(READERS)

    def opening(*arguments: Any) -> tuple[Release, str]:
        openings.append(arguments)
        return open_newest_sound(*arguments)

    def ask() -> store.Opened:
        ready.wait(timeout=30)
        return store.current()

    monkeypatch.setattr(store, "open_newest_sound", opening)
    with ThreadPoolExecutor(READERS) as readers:
        opened = [one.result() for one in [readers.submit(ask) for _ in range(READERS)]]
    assert len(openings) == 1
    assert {id(one.release) for one in opened} == {id(opened[0].release)}
    assert opened[0].release.release_id == newest


def test_a_pointer_that_moves_while_a_release_is_opened_confuses_nobody(
    published: Callable[[int], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = published(1)
    others = iter([published(2), published(3)])
    folder = releases_folder()
    rollback(folder, first)

    def moving(*arguments: Any) -> tuple[Release, str]:
        if following := next(others, ""):
            rollback(folder, following)
        return open_newest_sound(*arguments)

    monkeypatch.setattr(store, "open_newest_sound", moving)
    store.current()
    for release_id in (first, current_id(folder), first):
        rollback(folder, release_id)
        monkeypatch.setattr(store, "open_newest_sound", open_newest_sound)
        assert store.current().release.release_id == release_id


def _app() -> AppTest:
    return AppTest.from_file(str(ROOT / "dashboard" / "app.py"), default_timeout=60)


def _texts(app: AppTest) -> str:
    return " ".join(element.proto.body for element in app.get("html"))  # type: ignore[attr-defined]


def test_nothing_keeps_a_release_once_two_newer_ones_are_shown(published: Callable[[int], str]) -> None:
    published(1)
    held: weakref.ref[Release] = weakref.ref(store.current().release)
    app = _app().run()
    for entry in PAGES:
        app.switch_page(f"../pages/{Path(entry.path).name}").run()
        assert not app.exception, entry.address
    del app
    for number in (2, 3):
        published(number)
        store.current()
    gc.collect()
    assert held() is None


def test_the_next_run_shows_the_new_release_and_says_so_once(published: Callable[[int], str]) -> None:
    first = published(1)
    app = _app().run()
    assert "De nouveaux chiffres" not in _texts(app)
    second = published(2)
    app.run()
    assert "De nouveaux chiffres ont été publiés, cette page les montre." in _texts(app)
    assert f"depuis={first}" in _texts(app), "it leads to what changed since"
    assert f"version={second}" in _texts(app)
    assert f"version={first}" not in _texts(app)
    app.run()
    assert "De nouveaux chiffres" not in _texts(app)


def test_a_page_frozen_to_a_release_is_not_disturbed(published: Callable[[int], str]) -> None:
    first = published(1)
    published(2)
    app = _app()
    app.query_params["version"] = first
    app.run()
    published(3)
    app.run()
    assert "De nouveaux chiffres" not in _texts(app)
    assert f"version={first}" in _texts(app)
