"""The static publication beside Streamlit: publishing, requests a second, bytes and time to the first view."""

import re
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import psutil  # type: ignore[import-untyped]
from playwright.sync_api import Browser, CDPSession

from data.settings import ROOT
from tests.bench import browser
from tests.bench.report import Row
from tests.bench.server import HOST, environment, naive
from tests.nginx import serving_folder

PUBLISH_S, PUBLISH_MB, TIMES_RATE, PART_OF_BYTES, FIRST_VIEW_S = 30.0, 1000.0, 100.0, 50.0, 0.3
ROUNDS, LOAD_S, OPENINGS = 3, 5, 7
# A few readers at once, and a crowd: how many requests are answered depends on it, for Streamlit more than for nginx.
CONNECTIONS = (16, 50)
PAGE = "logement/"
SETTLE_S = 2
WATCH_S = 0.05
# Told by the browser itself: when the first and the largest thing of the page was painted.
PAINTED = """() => new Promise(resolve => new PerformanceObserver(list => resolve(list.getEntries().at(-1).startTime))
  .observe({type: "largest-contentful-paint", buffered: true}))"""


@dataclass(frozen=True)
class Opening:
    """A page opened with an empty cache: bytes, requests, seconds until the view was painted."""

    bytes: float
    requests: int
    seconds: float


def _publish(releases: Path, out: Path) -> tuple[float, float]:
    """Publish the site; return seconds and the largest resident memory of all its processes, in millions of bytes."""
    command = [sys.executable, "-m", "dashboard.publish", str(out), "--base-url", "https://ville.example/"]
    started, largest = time.perf_counter(), 0
    with subprocess.Popen(command, cwd=ROOT, env=environment(releases), stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL) as process:  # fmt: skip
        watched = psutil.Process(process.pid)
        while process.poll() is None:
            largest = max(largest, _resident(watched))
            time.sleep(WATCH_S)
    if process.returncode:
        raise RuntimeError("`python -m dashboard.publish` failed")
    return time.perf_counter() - started, largest / 1e6


def _resident(process: psutil.Process) -> int:
    total = 0
    for member in [process, *process.children(recursive=True)]:
        try:
            total += member.memory_info().rss
        except psutil.NoSuchProcess:
            continue  # it has just ended
    return total


def _rate(address: str, connections: int) -> float:
    """Return the requests a second that wrk gets answered."""
    command = ["wrk", "--threads", "1", "--connections", str(connections), "--duration", f"{LOAD_S}s",
               "--header", "Accept-Encoding: gzip", address]  # fmt: skip
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = re.search(r"Requests/sec:\s*([\d.]+)", said)
    if not found or "Non-2xx" in said:
        raise RuntimeError(f"wrk was not answered by {address}: {said[-500:]}")
    return float(found[1])


def _watch_network(session: CDPSession) -> tuple[list[float], list[float]]:
    """Note the bytes of each answer as it comes, and of each message over a socket as it is unpacked."""
    sizes: list[float] = []
    messages: list[float] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    session.on("Network.webSocketFrameReceived", lambda event: messages.append(_frame_bytes(event["response"])))
    session.send("Network.enable")
    return sizes, messages


def _frame_bytes(frame: dict[str, Any]) -> float:
    """Return the size of a message; those that are no text are told in Base64."""
    return len(frame["payloadData"]) * (1 if frame["opcode"] == 1 else 3 / 4)


def _open_static(chromium: Browser, address: str) -> Opening:
    time.sleep(SETTLE_S)  # what the page before leaves to do is not this one's
    context = chromium.new_context(viewport={"width": browser.WIDTH_PX, "height": browser.WINDOW_PX})
    tab = context.new_page()
    sizes, messages = _watch_network(context.new_cdp_session(tab))
    tab.goto(address, wait_until="networkidle")
    seconds = float(tab.evaluate(PAINTED)) / 1000
    context.close()
    return Opening(sum(sizes) + sum(messages), len(sizes), seconds)


def open_streamlit(chromium: Browser, address: str) -> Opening:
    """Open a Streamlit page with an empty cache until map and charts are there."""
    context = chromium.new_context(viewport={"width": browser.WIDTH_PX, "height": browser.WINDOW_PX})
    tab = context.new_page()
    sizes, messages = _watch_network(context.new_cdp_session(tab))
    started = time.perf_counter()
    tab.goto(address, wait_until="load")
    tab.locator(browser.CHART).last.wait_for()
    tab.locator(browser.MAP).wait_for()
    seconds = time.perf_counter() - started
    tab.wait_for_timeout(1000)  # what comes after the view is shown belongs to the first load too
    context.close()
    return Opening(sum(sizes) + sum(messages), len(sizes), seconds)


def _publishing_rows(seconds: float, resident: float, out: Path) -> list[Row]:
    pages = list(out.resolve().rglob("index.html"))
    largest = max(path.with_name("index.html.gz").stat().st_size for path in pages) / 1000
    size = sum(path.stat().st_size for path in out.resolve().rglob("*") if path.is_file()) / 1e6
    return [
        Row("python -m dashboard.publish, Ivry", f"{seconds:.1f} s, {len(pages)} pages, {size:.0f} MB on disk", "",
            f"<= {PUBLISH_S:.0f} s", seconds <= PUBLISH_S, {"seconds": seconds, "pages": len(pages)}),
        Row("  largest resident memory, all processes", f"{resident:.0f} MB", "", f"<= {PUBLISH_MB:.0f} MB",
            resident <= PUBLISH_MB, {"resident_mb": resident}),
        Row("  largest page, compressed, with its charts", f"{largest:.1f} kB", "", "<= 100 kB", largest <= 100,
            {"kilobytes": largest}),
    ]  # fmt: skip


def _rate_row(connections: int, rates: list[float], others: list[float]) -> Row:
    times = median(rates) / median(others)
    return Row(f"requests/s, static page through nginx, {connections} connections", f"{median(rates):,.0f}",
               f"Streamlit's shell {median(others):,.0f} (x {times:.0f})", f">= {TIMES_RATE:.0f} x",
               times >= TIMES_RATE, {"rate": median(rates), "reference": median(others)})  # fmt: skip


def _bytes_row(found: list[Opening], others: list[Opening]) -> Row:
    size, other = median(one.bytes for one in found), median(one.bytes for one in others)
    return Row("bytes to the first view", f"{size / 1000:.0f} kB, {found[0].requests} requests",
               f"Streamlit {other / 1000:,.0f} kB, {others[0].requests} requests (1/{other / size:.0f})",
               f"<= 1/{PART_OF_BYTES:.0f}", size * PART_OF_BYTES <= other,
               {"bytes": size, "reference": other})  # fmt: skip


def _view_row(composed: str, found: list[Opening], others: list[Opening]) -> Row:
    seconds, waited = median(one.seconds for one in found), median(one.seconds for one in others)
    slowest = max(one.seconds for one in found)
    return Row(f"first view in Chromium, empty cache, {composed}",
               f"median {seconds * 1000:.0f} ms, max {slowest * 1000:.0f} ms",
               f"Streamlit, map and charts there {waited * 1000:,.0f} ms", f"<= {FIRST_VIEW_S * 1000:.0f} ms",
               seconds <= FIRST_VIEW_S, {"seconds": seconds, "reference": waited})  # fmt: skip


def _opened(static: str, shell: str, *flags: str) -> tuple[list[Opening], list[Opening]]:
    """Open both pages in turn, each time with an empty cache."""
    with browser.chromium(*flags) as chromium:
        pairs = [(_open_static(chromium, static), open_streamlit(chromium, shell)) for _ in range(OPENINGS)]
    return [one for one, _ in pairs], [other for _, other in pairs]


def _rates(static: str, shell: str, connections: int) -> tuple[list[float], list[float]]:
    pairs = [(_rate(static, connections), _rate(shell, connections)) for _ in range(ROUNDS)]
    return [one for one, _ in pairs], [other for _, other in pairs]


def publication(releases: Path) -> list[Row]:
    """Publish, then ask nginx and Streamlit in turn: many clients at once, and a browser with an empty cache.

    The first view is measured with the window put together by Chromium itself, as without a graphics processor, and by
    SwiftShader, which the map of the Streamlit page needs (`browser.py`).
    """
    if not shutil.which("wrk"):
        raise RuntimeError("wrk is not installed: run `make wrk`")
    out = releases.parent / "site"
    seconds, resident = _publish(releases, out)
    with serving_folder(out) as site, naive(releases) as streamlit:
        static, shell = f"{site.address}/{PAGE}", f"http://{HOST}:{streamlit.port}/"
        rates = [_rate_row(count, *_rates(static, shell, count)) for count in CONNECTIONS]
        plain = _opened(static, shell, browser.PLAIN_COMPOSITION)
        composed = _opened(static, shell)
    return [
        *_publishing_rows(seconds, resident, out),
        *rates,
        _bytes_row(*plain),
        _view_row("window put together by Chromium", *plain),
        _view_row("by SwiftShader", *composed),
    ]
