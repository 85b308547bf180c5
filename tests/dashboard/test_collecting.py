"""What is kept is left out of collections that took long, and what has ended is found all the same."""

import asyncio
import gc
import weakref
from collections.abc import Iterator

import pytest

from dashboard import collecting
from dashboard.collecting import MOST_LEFT_OUT, Collector
from tests.apart import run_apart


class Session:
    """Something that holds itself: only a collection ends it."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """Leave the process as it was found."""
    yield
    gc.unfreeze()


def _watching(long_s: float) -> Collector:
    collector = Collector(long_s)
    collector.begin()
    return collector


def test_survivors_of_a_long_collection_are_left_out_of_the_next() -> None:
    collector = _watching(long_s=0.0)
    try:
        before, kept = gc.get_freeze_count(), [[number] for number in range(1000)]
        gc.collect()
        assert gc.get_freeze_count() >= before + len(kept)
        assert collector.left_out == 1
    finally:
        collector.end()


def test_a_short_collection_leaves_nothing_out_nor_do_young_ones() -> None:
    collector = _watching(long_s=60.0)
    try:
        gc.collect()
        gc.collect(0)
        assert collector.left_out == 0
    finally:
        collector.end()


@pytest.mark.parametrize(("left_out", "is_read", "is_found"), [
    (1, False, True), (1, True, False), (MOST_LEFT_OUT, True, False), (MOST_LEFT_OUT + 1, True, True),
])  # fmt: skip
def test_a_session_that_was_left_out_is_found_later(left_out: int, is_read: bool, is_found: bool) -> None:
    collector = Collector()
    session = Session()
    ended = weakref.ref(session)
    gc.freeze()
    collector.left_out = left_out
    del session
    gc.collect()
    assert ended() is not None
    collector.tidy(is_read)
    assert (ended() is None) == is_found
    assert (collector.left_out == 0) == is_found


def test_the_server_tidies_once_nobody_reads_and_stops_watching_when_it_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collecting, "LOOK_SECONDS", 0.001)
    answers = iter([True, True, False])

    async def served() -> Collector:
        async with collecting.collecting(lambda: next(answers, False)) as collector:
            collector.left_out = 1
            async with asyncio.timeout(10):
                while collector.left_out:
                    await asyncio.sleep(0.001)
            return collector

    collector = run_apart(served)
    assert collector._note not in gc.callbacks
    assert next(answers, None) is None
