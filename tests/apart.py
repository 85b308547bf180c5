"""Coroutines in a thread of their own."""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

Answer = TypeVar("Answer")


def run_apart(work: Callable[[], Coroutine[Any, Any, Answer]]) -> Answer:
    """What the coroutine returns. Where a browser is driven, the thread of the tests already has a loop."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(work())).result()
