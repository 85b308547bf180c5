"""The data API: one district's observations, asked for by programs that do not wait for each other (open loop)."""

import asyncio
import time
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
from tqdm import tqdm

from data.release import current_id
from data.settings import default_commune
from tests.bench.report import Row, quantile
from tests.bench.server import observatory

PER_SECOND, CONNECTIONS, TURN_S, TURNS, GOAL_MS = 200, 50, 5.0, 4, 20.0
SETTLED_S = 0.5
TRIVIAL = "/_stcore/health"


@dataclass
class Seen:
    """What came back: seconds from the moment each request was meant to be sent, bytes, answers that were no rows."""

    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    bytes: int = 0


def questions(releases: Path) -> list[str]:
    """Return the questions: the observations of one district, each district of the commune in turn."""
    areas = pd.read_parquet(releases / current_id(releases) / "territories.parquet")
    mine = areas[(areas["level"] == "district") & (areas["parent"] == default_commune())]
    return [f"/api/v1/observations?ref_area={code}" for code in mine["ref_area"]]


async def _answer(reader: asyncio.StreamReader) -> tuple[str, int]:
    """Read one answer: its status and the length of its body."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    lengths = [line.partition(":")[2] for line in head if line.lower().startswith("content-length:")]
    body = await reader.readexactly(int(lengths[0]))
    return head[0].split(" ")[1], len(body)


async def _connection(port: int, asked: "asyncio.Queue[tuple[float, str]]", seen: Seen) -> None:
    """Send what is due over one connection, as soon as it is due and the connection is free."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        while True:
            intended, path = await asked.get()
            writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            status, length = await _answer(reader)
            seen.seconds.append(time.perf_counter() - intended)
            seen.bytes += length
            if status != "200":
                seen.errors.append(f"{path}: {status}")
            asked.task_done()
    finally:
        writer.close()


async def open_loop(port: int, paths: list[str], during_s: float, seen: Seen) -> None:
    """Ask for paths in turn at a steady rate, whatever answers take.

    A request that is due while every connection waits for its answer is late, and its lateness counts.
    """
    asked: asyncio.Queue[tuple[float, str]] = asyncio.Queue()
    work = [asyncio.create_task(_connection(port, asked, seen)) for _ in range(CONNECTIONS)]
    begin = time.perf_counter() + SETTLED_S
    for place in range(round(PER_SECOND * during_s)):
        intended = begin + place / PER_SECOND
        await asyncio.sleep(max(0.0, intended - time.perf_counter()))
        asked.put_nowait((intended, paths[place % len(paths)]))
    await asyncio.wait_for(asked.join(), timeout=60)
    for one in work:
        one.cancel()
    await asyncio.gather(*work, return_exceptions=True)


def _words(seen: Seen) -> str:
    quantiles = (f"p{share * 100:.0f} {quantile(seen.seconds, share) * 1000:.1f}" for share in (0.5, 0.95, 0.99))
    return f"{', '.join(quantiles)}, max {max(seen.seconds) * 1000:.1f} ms"


def _numbers(seen: Seen, name: str) -> dict[str, float]:
    return {f"{name}_p{share * 100:.0f}_ms": quantile(seen.seconds, share) * 1000 for share in (0.5, 0.95, 0.99)}


def answered(releases: Path) -> list[Row]:
    """Ask for districts and for a trivial route, a few seconds each in turn: A B A B."""
    rows, trivial, paths = Seen(), Seen(), questions(releases)
    with observatory(releases) as server:
        asyncio.run(open_loop(server.port, [*paths, TRIVIAL], 1.0, Seen()))  # what is made once is made now
        for _ in tqdm(range(TURNS), desc="questions", leave=False):
            asyncio.run(open_loop(server.port, paths, TURN_S, rows))
            asyncio.run(open_loop(server.port, [TRIVIAL], TURN_S, trivial))
    p95, errors = quantile(rows.seconds, 0.95) * 1000, rows.errors + trivial.errors
    each = rows.bytes / len(rows.seconds) / 1000
    return [
        Row(f"{len(rows.seconds)} questions, {PER_SECOND}/s over {CONNECTIONS} connections, {each:.0f} kB each",
            _words(rows), f"trivial route {_words(trivial)}", f"p95 <= {GOAL_MS:.0f} ms", p95 <= GOAL_MS,
            {**_numbers(rows, "rows"), **_numbers(trivial, "trivial")}),
        Row("answers that were none", " ".join([str(len(errors)), *errors[:3]]), goal="none", met=not errors),
    ]  # fmt: skip
