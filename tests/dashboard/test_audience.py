"""Counts of page views: off unless asked for, totals by page and day alone, whole whoever writes beside."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Message, Receive, Scope, Send

from dashboard import audience
from dashboard.audience import AudienceFileError, AudienceFolderError, Counts, totals
from dashboard.counting import CountViews, counted_page
from data.settings import ROOT
from tests.apart import run_apart
from tests.serving import serving

DAY, NEXT_MONTH = date(2026, 11, 30), date(2026, 12, 1)


@pytest.mark.parametrize(
    ("path", "page"),
    [
        ("/", "/"),
        ("/logement", "/logement"),
        ("/logement/", "/logement"),
        ("/public/logement/", "/public/logement/"),
        ("/public/logement/index.html", "/public/logement/"),
        ("/public/integrer/ville/housing-series/", "/public/integrer/ville/housing-series/"),
        ("/affichage/hall/", "/affichage/hall/"),
        ("/en/affichage/", "/en/affichage/"),
        ("/affichage/etat.json", ""),
        ("/public/fichiers/site.css", ""),
        ("/telecharger/series.csv", ""),
        ("/logement/_stcore/health", ""),
        ("/_stcore/stream", ""),
        ("/wp-login.php", ""),
        ("/logement,1\n2026-11-30,/evil", ""),
    ],
)
def test_pages_are_counted_and_what_they_load_is_not(path: str, page: str) -> None:
    assert counted_page(path) == page


def _ask(counted: CountViews, method: str, path: str) -> None:
    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(_event: Message) -> None:
        return

    scope = {"type": "http", "method": method, "path": path, "query_string": b"recherche=dupont",
             "headers": [(b"user-agent", b"Curious/1.0"), (b"referer", b"https://elsewhere.example/")],
             "client": ("192.0.2.7", 5)}  # fmt: skip
    run_apart(lambda: counted(scope, receive, send))  # type: ignore[arg-type]


def test_only_what_was_answered_is_counted_and_nothing_of_who_asked(tmp_path: Path) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        status = {"/public/nowhere/": 404, "/public/old/": 307, "/mobilite": 304}.get(scope["path"], 200)
        await PlainTextResponse("", status)(scope, receive, send)

    counts = Counts(tmp_path)
    counted = CountViews(app, counts, lambda: DAY)
    for path in ("/logement", "/logement", "/mobilite", "/public/nowhere/", "/public/old/", "/public/a.css"):
        _ask(counted, "GET", path)
    _ask(counted, "HEAD", "/logement")
    _ask(counted, "POST", "/logement")
    counts.write()
    text = (tmp_path / "2026-11.csv").read_text()
    assert text == "date,page,views\n2026-11-30,/logement,2\n2026-11-30,/mobilite,1\n"


def test_counts_are_added_up_by_month_and_page(tmp_path: Path) -> None:
    counts = Counts(tmp_path)
    for _ in range(3):
        counts.add("/logement", DAY)
        counts.add("/", NEXT_MONTH)
        counts.write()
    counts.write()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["2026-11.csv", "2026-12.csv"]
    assert totals(tmp_path) == {"/logement": 3, "/": 3}
    assert totals(tmp_path, "2026-12") == {"/": 3}
    assert totals(tmp_path, "2025-01") == {}


def test_processes_that_share_a_folder_lose_nothing(tmp_path: Path) -> None:
    code = (
        "import sys; from datetime import date; from pathlib import Path; from dashboard.audience import Counts\n"
        "counts = Counts(Path(sys.argv[1]))\n"
        "for turn in range(200):\n"
        "    counts.add('/logement', date(2026, 11, 30)); counts.add(f'/public/{turn}/', date(2026, 11, 30))\n"
        "    counts.write()\n"
    )
    running = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], cwd=ROOT) for _ in range(3)]
    assert [process.wait(timeout=60) for process in running] == [0, 0, 0]
    assert totals(tmp_path)["/logement"] == 600
    assert totals(tmp_path).total() == 1200
    assert [path.name for path in tmp_path.iterdir()] == ["2026-11.csv"]


def test_threads_lose_nothing(tmp_path: Path) -> None:
    counts = Counts(tmp_path)

    def work(_number: int) -> None:
        for _ in range(200):
            counts.add("/logement", DAY)
            counts.write()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    assert totals(tmp_path) == {"/logement": 800}


def test_what_a_full_disk_refuses_is_written_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counts = Counts(tmp_path)
    counts.add("/", DAY)
    counts.write()
    counts.add("/logement", DAY)
    real = os.write

    def refused(_handle: int, _content: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(audience.os, "write", refused)
    with pytest.raises(OSError, match="No space left"):
        counts.write()
    monkeypatch.setattr(audience.os, "write", lambda handle, content: real(handle, content[:9]))
    counts.write()
    monkeypatch.setattr(audience.os, "write", real)
    counts.add("/logement", DAY)
    counts.write()
    assert totals(tmp_path) == {"/": 1, "/logement": 2}


def test_a_folder_that_is_none_is_named(tmp_path: Path) -> None:
    with pytest.raises(AudienceFolderError, match="nowhere"):
        Counts(tmp_path / "nowhere")
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(AudienceFolderError, match="OBSERVATORY_AUDIENCE"):
        Counts(file)


def test_a_line_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "2026-11.csv").write_text("date,page,views\n2026-11-30,/,1\n2026-11-30,/logement,many\n")
    with pytest.raises(AudienceFileError, match=r"2026-11\.csv:3"):
        totals(tmp_path)


def test_the_server_counts_and_the_command_tells(releases: Path, tmp_path: Path) -> None:
    with serving(releases, OBSERVATORY_AUDIENCE=str(tmp_path)) as server:
        for path in ("/", "/logement?recherche=dupont", "/logement", "/xyz", "/affichage/"):
            server.get(path)
    deadline = time.monotonic() + 10
    while not list(tmp_path.iterdir()) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert totals(tmp_path) == {"/": 1, "/logement": 2, "/affichage/": 1}
    command = [sys.executable, "-m", "dashboard.audience"]
    variables = {**os.environ, "OBSERVATORY_AUDIENCE": str(tmp_path)}
    told = subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True, timeout=60)
    assert told.stdout.split() == ["/logement", "2", "/", "1", "/affichage/", "1", "total", "4"]
    del variables["OBSERVATORY_AUDIENCE"]
    told = subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True, timeout=60)
    assert (told.returncode, told.stderr.partition(":")[0]) == (1, "AudienceFolderError")


def test_a_server_that_cannot_count_where_it_is_told_does_not_start(releases: Path, tmp_path: Path) -> None:
    with (
        pytest.raises(RuntimeError, match=r"(?s)ended at once.*AudienceFolderError"),
        serving(releases, OBSERVATORY_AUDIENCE=str(tmp_path / "nowhere")),
    ):
        pass
