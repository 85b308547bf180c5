"""Runs of pages one after the other: together they would only wait for each other.

One process runs one line of Python at a time. Where many runs share it, each message that a run sends lets another go
on, and the server's own loop waits behind them all: 200 readers then wait for seconds, of which a run takes hundredths.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

# A run that takes longer than this no longer keeps the others waiting.
PATIENCE_S = 5.0


class Turns:
    """Lets one run go on at a time; however many wait, they wait in turn, and only for a run that ends in time."""

    def __init__(self, patience_s: float = PATIENCE_S) -> None:
        self._patience_s, self._since, self._running = patience_s, 0.0, threading.Lock()

    @property
    def is_taken(self) -> bool:
        """Tell whether a run has its turn."""
        return self._running.locked()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait until no other run is under way, or the one that is takes too long; what is done within is a run."""
        has_turn = self._running.acquire(timeout=self._patience_s)
        while not has_turn and time.monotonic() - self._since < self._patience_s:
            has_turn = self._running.acquire(timeout=self._patience_s)
        if has_turn:
            self._since = time.monotonic()
        try:
            yield
        finally:
            if has_turn:
                self._running.release()


TURNS = Turns()
