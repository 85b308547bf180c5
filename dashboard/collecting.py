"""Garbage collection that does not make readers wait: what is kept between runs is looked through once.

A full collection looks at every object that lives, all pages kept in memory too: up to seconds in which nobody is
answered. What has survived one that took long is therefore left out of those that follow. Whatever of it ends later,
such as the session of a reader who was there, is found by a thorough collection, made when no page is open: who asks
for a file or the data API just then waits, once.
"""

import asyncio
import gc
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

LONG_S, LOOK_SECONDS = 0.1, 60.0
# So often is left out at most: where someone always reads, all are made to wait once rather than memory grow for ever.
MOST_LEFT_OUT = 20


class Collector:
    """Watches the full collections of the process; `left_out` counts how often survivors were left out of the next."""

    def __init__(self, long_s: float = LONG_S) -> None:
        self._long_s, self._began, self.left_out = long_s, 0.0, 0

    def begin(self) -> None:
        """Leave out what lives now, and watch."""
        gc.collect()
        gc.freeze()
        gc.callbacks.append(self._note)

    def end(self) -> None:
        """Watch no longer."""
        gc.callbacks.remove(self._note)

    def _note(self, phase: str, about: dict[str, Any]) -> None:
        if about["generation"] < 2:
            return
        if phase == "start":
            self._began = time.perf_counter()
        elif time.perf_counter() - self._began > self._long_s:
            gc.freeze()
            self.left_out += 1

    def tidy(self, is_read: bool) -> None:
        """Look through everything where something was left out and nobody waits, or where that was too often."""
        if self.left_out > (MOST_LEFT_OUT if is_read else 0):
            gc.unfreeze()
            gc.collect()
            gc.freeze()
            self.left_out = 0


async def _tidy(collector: Collector, is_read: Callable[[], bool]) -> None:
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        collector.tidy(is_read())


@asynccontextmanager
async def collecting(is_read: Callable[[], bool]) -> AsyncIterator[Collector]:
    """Watch collections as long as the server runs; `is_read` tells whether a page is open anywhere."""
    collector = Collector()
    collector.begin()
    task = asyncio.create_task(_tidy(collector, is_read))
    try:
        yield collector
    finally:
        task.cancel()
        collector.end()
