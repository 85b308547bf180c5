"""Readers without a browser: how long a change of district takes, alone and among a hundred others."""

import asyncio
import random
import time
from dataclasses import dataclass, field

from tqdm import tqdm

from tests.bench.reader import Reader, Run

# A reader looks before choosing again; what the server does after a run must not be charged to the next one.
PAUSE_S = 0.03
SETTLED_S = 1.0


@dataclass(frozen=True)
class Place:
    """A page of a server."""

    port: int
    page: str


@dataclass(frozen=True)
class Changes:
    """What one reader saw: the first run, each district's first time, and the changes after that."""

    opening: Run
    first: list[Run]
    later: list[Run]


@dataclass
class Load:
    """What many readers saw: seconds from the moment each change was meant to be sent, and what went wrong."""

    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


async def alternate(measured: Place, reference: Place, cycles: int, progress: "tqdm[None]") -> tuple[Changes, Changes]:
    """Let two readers, one of each place, choose every district and the whole city in turn: A B A B.

    The first of the `cycles` is each district's first time; it ends where it began, so that every option was chosen.
    """
    readers = Reader(measured.port, measured.page), Reader(reference.port, reference.page)
    openings = [await reader.open() for reader in readers]
    options = readers[0].options
    seen: tuple[list[Run], list[Run]] = ([], [])
    for _ in range(cycles):
        for option in [*options[1:], options[0]]:
            for reader, runs in zip(readers, seen, strict=True):
                await asyncio.sleep(PAUSE_S)
                runs.append(await reader.choose(option))
        progress.update()
    for reader in readers:
        await reader.close()
    one, two = (Changes(opening, runs[: len(options)], runs[len(options) :])
                for opening, runs in zip(openings, seen, strict=True))  # fmt: skip
    return one, two


async def slide(
    measured: Place, reference: Place, moves: list[tuple[str, float]], progress: "tqdm[None]"
) -> tuple[list[Run], list[Run]]:
    """Let one reader move sliders (label, value) while another changes district on the reference page, in turn."""
    readers = Reader(measured.port, measured.page), Reader(reference.port, reference.page)
    for reader in readers:
        await reader.open()
    options = readers[1].options
    seen: tuple[list[Run], list[Run]] = ([], [])
    for turn, (label, value) in enumerate(moves):
        await asyncio.sleep(PAUSE_S)
        seen[0].append(await readers[0].slide(label, value))
        await asyncio.sleep(PAUSE_S)
        seen[1].append(await readers[1].choose(options[(turn + 1) % len(options)]))
        progress.update()
    for reader in readers:
        await reader.close()
    return seen


async def visit_everything(port: int, pages: list[str]) -> None:
    """Choose every district once on every page, so that what is kept between readers is there."""
    for page in pages:
        reader = Reader(port, page)
        await reader.open()
        for option in [*reader.options[1:], reader.options[0]]:
            await reader.choose(option)
        await reader.close()


async def _one_of_many(
    reader: Reader, starts: list[float], chance: random.Random, load: Load, progress: "tqdm[None]"
) -> None:
    option = reader.options[0]
    try:
        for intended in starts:
            await asyncio.sleep(max(0.0, intended - time.perf_counter()))
            option = chance.choice([other for other in reader.options if other != option])
            await reader.look()
            await reader.choose(option)
            load.seconds.append(time.perf_counter() - intended)
            progress.update()
    except Exception as error:
        load.errors.append(f"/{reader.page}: {error!r}")


async def open_loop(
    port: int, pages: list[str], sessions: int, every_s: float, during_s: float, progress: "tqdm[None]"
) -> tuple[Load, list[Reader]]:
    """Let `sessions` readers, spread over the pages, each change district every `every_s` seconds.

    The moments of sending are drawn beforehand and do not wait for answers (open loop): a slow answer makes the
    reader's next change late, and that lateness counts. Readers are returned with their connections open.
    """
    chance = random.Random(20)
    load = Load()
    readers = [Reader(port, pages[place % len(pages)]) for place in range(sessions)]
    for reader in readers:
        await reader.open()
        progress.update()
    begin = time.perf_counter() + SETTLED_S
    work = []
    for reader in readers:
        offset = chance.uniform(0, every_s)
        starts = [begin + offset + turn * every_s for turn in range(round(during_s / every_s))]
        work.append(_one_of_many(reader, starts, random.Random(chance.random()), load, progress))
    await asyncio.gather(*work)
    return load, readers
