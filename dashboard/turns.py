"""Runs of pages one after the other: together they would only wait for each other.

One process runs one line of Python at a time. Where many runs share it, each message that a run sends lets another go
on, and the server's own loop waits behind them all: 200 readers then wait for seconds, of which a run takes hundredths.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

# A run that takes longer than this, as the first of a page after a start may, no longer keeps the others waiting.
PATIENCE_S = 5.0

_running = threading.Lock()


@contextmanager
def turn() -> Iterator[None]:
    """Wait until no other run is under way, at most for a while; what is done within is such a run."""
    has_turn = _running.acquire(timeout=PATIENCE_S)
    try:
        yield
    finally:
        if has_turn:
            _running.release()
