"""Runs of pages take turns, and no run keeps the others waiting for ever."""

import threading
import time

import pytest

from dashboard import entry
from dashboard.turns import TURNS, Turns


class Runs:
    """Runs in threads; `most` is how many were under way at once."""

    def __init__(self, turns: Turns) -> None:
        self.turns = turns
        self.now = self.most = self.done = 0
        self._lock = threading.Lock()

    def run(self) -> None:
        with self.turns.turn():
            with self._lock:
                self.now += 1
                self.most = max(self.most, self.now)
            time.sleep(0.05)
            with self._lock:
                self.now -= 1
                self.done += 1


@pytest.mark.parametrize("patience_s", [60.0, 1.0], ids=["all are patient", "many wait longer than one run may take"])
def test_one_run_at_a_time_however_many_wait(patience_s: float) -> None:
    runs = Runs(Turns(patience_s))
    threads = [threading.Thread(target=runs.run) for _ in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (runs.done, runs.most) == (40, 1)


def test_a_run_that_is_stopped_gives_its_turn_back() -> None:
    turns = Turns()
    with pytest.raises(KeyError), turns.turn():
        raise KeyError("st.stop, a fault, a rerun")
    assert not turns.is_taken


def test_a_run_that_does_not_end_keeps_the_others_only_for_a_while() -> None:
    turns, is_over, has_begun = Turns(0.05), threading.Event(), threading.Event()

    def endless() -> None:
        with turns.turn():
            has_begun.set()
            is_over.wait()

    thread = threading.Thread(target=endless)
    thread.start()
    try:
        assert has_begun.wait(10)
        with turns.turn():
            assert thread.is_alive()
        assert turns.is_taken  # by the one that goes on: the other has not given it back
    finally:
        is_over.set()
        thread.join()
    assert not turns.is_taken


def test_pages_run_in_their_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    monkeypatch.setattr(entry, "_run", lambda: seen.append(TURNS.is_taken))
    entry.run()
    assert seen == [True]
