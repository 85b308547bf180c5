"""How many sessions one server holds, beside the naive page, and what sessions that have ended leave in its memory."""

import asyncio
import random
import time
from dataclasses import dataclass, field
from pathlib import Path

from tqdm import tqdm

from dashboard.navigation import PAGES
from tests.bench.reader import Reader
from tests.bench.report import Row, quantile, spread_ms
from tests.bench.server import Server, naive, observatory
from tests.bench.sessions import visit_everything

SESSIONS, EVERY_S, ARRIVING_S, HOLDING_S = 200, 5.0, 40.0, 40.0
NAIVE_SESSIONS, NAIVE_ARRIVING_S, NAIVE_HOLDING_S = (1, 2, 4, 6, 8, 10, 12, 16), 5.0, 20.0
P95_MS, FIRST_RUN_S, TIMES_NAIVE = 500.0, 1.0, 20
FEW, MANY, AT_ONCE, GROWTH = 200, 2_000, 8, 0.05


@dataclass
class Crowd:
    """What a crowd saw: seconds of first runs, of changes once all are there, each from when it was meant to begin."""

    first: list[float] = field(default_factory=list)
    changes: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def p95_ms(self) -> float:
        """Return the 95th percentile of changes; endless where something went wrong."""
        return quantile(self.changes, 0.95) * 1000 if self.changes and not self.errors else float("inf")


async def _stay(
    reader: Reader, comes: float, counted_from: float, ends: float, chance: random.Random, crowd: Crowd
) -> None:
    """Come at a moment, then change the district every so often, whether the answers before came in time or not."""
    try:
        await asyncio.sleep(max(0.0, comes - time.perf_counter()))
        await reader.open()
        crowd.first.append(time.perf_counter() - comes)
        intended, option = comes + chance.uniform(0.5, 1.5) * EVERY_S, reader.options[0]
        while intended < ends:
            await asyncio.sleep(max(0.0, intended - time.perf_counter()))
            option = chance.choice([other for other in reader.options if other != option])
            await reader.look()
            await reader.choose(option)
            if intended >= counted_from:
                crowd.changes.append(time.perf_counter() - intended)
            intended += EVERY_S
    except Exception as error:
        crowd.errors.append(f"/{reader.page}: {error!r}")


async def _crowd(port: int, pages: list[str], sessions: int, arriving_s: float, holding_s: float) -> Crowd:
    crowd, begin = Crowd(), time.perf_counter() + 1
    full = begin + arriving_s
    readers = [Reader(port, pages[place % len(pages)]) for place in range(sessions)]
    await asyncio.gather(*(
        _stay(reader, begin + arriving_s * place / sessions, full, full + holding_s, random.Random(place), crowd)
        for place, reader in enumerate(readers)
    ))  # fmt: skip
    for reader in readers:
        await reader.close()
    return crowd


def _addresses() -> list[str]:
    return [entry.address for entry in PAGES if not entry.address.startswith("trivial")]


def _held(releases: Path) -> tuple[Crowd, float, int]:
    with observatory(releases) as server:
        asyncio.run(visit_everything(server.port, _addresses()))
        crowd = asyncio.run(_crowd(server.port, _addresses(), SESSIONS, ARRIVING_S, HOLDING_S))
        return crowd, server.resident_mb(), server.failed_pages()


def _naive_held(releases: Path, progress: "tqdm[None]") -> tuple[int, dict[int, float]]:
    """Return how many sessions the naive page holds, and the 95th percentile by number of sessions tried."""
    held, tried = 0, {}
    with naive(releases) as server:
        for sessions in NAIVE_SESSIONS:
            crowd = asyncio.run(_crowd(server.port, [""], sessions, NAIVE_ARRIVING_S, NAIVE_HOLDING_S))
            tried[sessions] = crowd.p95_ms
            progress.update()
            if crowd.p95_ms >= P95_MS:
                break
            held = sessions
    return held, tried


async def _come_and_go(server: Server, sessions: int, progress: "tqdm[None]") -> None:
    """Let sessions come, change the district and leave, a few at a time."""
    pages, turns = _addresses(), iter(range(sessions))

    async def visitor() -> None:
        for turn in turns:
            reader = Reader(server.port, pages[turn % len(pages)])
            await reader.open()
            await reader.choose(reader.options[1 + turn % (len(reader.options) - 1)])
            await reader.close()
            progress.update()

    await asyncio.gather(*(visitor() for _ in range(AT_ONCE)))


def _left_behind(releases: Path) -> tuple[float, float]:
    """Return the memory of a server after a few sessions that ended, and after many."""
    with observatory(releases) as server, tqdm(total=MANY, desc="sessions", leave=False) as progress:
        asyncio.run(visit_everything(server.port, _addresses()))
        asyncio.run(_come_and_go(server, FEW, progress))
        few = server.resident_mb()
        asyncio.run(_come_and_go(server, MANY - FEW, progress))
        return few, server.resident_mb()


def crowd(releases: Path) -> list[Row]:
    """Let 200 sessions come and stay on all pages; ever more on the naive page; 2,000 come and go."""
    held, resident, failed = _held(releases)
    with tqdm(total=len(NAIVE_SESSIONS), desc="naive sessions", leave=False) as progress:
        naive_sessions, tried = _naive_held(releases, progress)
    few, many = _left_behind(releases)
    growth, times = many / few - 1, SESSIONS / max(naive_sessions, 1)
    is_held = held.p95_ms < P95_MS
    naive_words = ", ".join(f"{sessions}: {p95:.0f} ms" for sessions, p95 in tried.items())
    errors = held.errors + [f"{failed} pages failed"] * bool(failed)
    return [
        Row(f"{SESSIONS} sessions, {len(held.changes)} changes", f"{spread_ms(held.changes)}, {resident:.0f} MB",
            f"naive p95 by sessions: {naive_words}", f"p95 < {P95_MS:.0f} ms", is_held, {"p95_ms": held.p95_ms}),
        Row("first runs, from the moment of coming", f"{spread_ms(held.first)}, max {max(held.first):.2f} s", "",
            f"none over {FIRST_RUN_S:.0f} s", max(held.first) <= FIRST_RUN_S, {"max_s": max(held.first)}),
        Row("errors", " ".join([str(len(errors)), *errors[:3]]), "", "none", not errors),
        Row("sessions held, beside the naive page", f"{SESSIONS if is_held else 0}", f"naive {naive_sessions}",
            f">= {TIMES_NAIVE} x naive", is_held and times >= TIMES_NAIVE, {"times": times}),
        Row(f"memory after {MANY} sessions", f"{many:.0f} MB ({growth:+.1%})", f"{few:.0f} MB after {FEW}",
            f"within {GROWTH:.0%}", abs(growth) <= GROWTH, {"few_mb": few, "many_mb": many}),
    ]  # fmt: skip
