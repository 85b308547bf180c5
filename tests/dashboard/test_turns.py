"""Runs of pages take turns, and no run keeps the others waiting for ever."""

import threading
import time

import pytest

from dashboard import entry, turns
from dashboard.turns import turn


class Runs:
    """Runs in threads; `most` is how many were under way at once."""

    def __init__(self) -> None:
        self.now = self.most = self.done = 0
        self._lock = threading.Lock()

    def run(self) -> None:
        with turn():
            with self._lock:
                self.now += 1
                self.most = max(self.most, self.now)
            time.sleep(0.005)
            with self._lock:
                self.now -= 1
                self.done += 1


def test_one_run_at_a_time() -> None:
    runs = Runs()
    threads = [threading.Thread(target=runs.run) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (runs.done, runs.most) == (20, 1)


def test_a_run_that_is_stopped_gives_its_turn_back() -> None:
    with pytest.raises(KeyError), turn():
        raise KeyError("st.stop, a fault, a rerun")
    assert not turns._running.locked()


def test_a_run_that_does_not_end_keeps_the_others_only_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "PATIENCE_S", 0.05)
    is_over, has_begun = threading.Event(), threading.Event()

    def endless() -> None:
        with turn():
            has_begun.set()
            is_over.wait()

    thread = threading.Thread(target=endless)
    thread.start()
    try:
        assert has_begun.wait(10)
        with turn():
            assert thread.is_alive()
        assert turns._running.locked()  # still the turn of the one that goes on: the other has not given it back
    finally:
        is_over.set()
        thread.join()
    assert not turns._running.locked()


def test_pages_run_in_their_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    monkeypatch.setattr(entry, "_run", lambda: seen.append(turns._running.locked()))
    entry.run()
    assert seen == [True]
