"""All pages of a publication, made by several processes: pictures are drawn one at a time in each."""

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from multiprocessing.context import SpawnProcess
from pathlib import Path
from queue import Empty
from typing import Any

from altair.utils.schemapi import debug_mode

from dashboard.publication.downloads import Asked
from dashboard.publication.edition import Edition, Order, Piece
from dashboard.publication.files import file_name, put
from data.errors import ObservatoryError

# Each holds the release and a renderer of its own, about 400 MB: more of them would pass what a small server has.
MOST_PROCESSES = 2
_WAIT_SECONDS = 1.0


class HelperLostError(ObservatoryError):
    """Raised when a process that makes pages ended before its work was done, often for want of memory."""


@dataclass(frozen=True)
class _Done:
    """What a process says at its end: the downloads its pages link to, or what went wrong."""

    asked: dict[str, Asked]
    error: Exception | None = None


class _Share:
    """The work that processes share: each takes the next batch, whichever is free."""

    def __init__(self, context: Any) -> None:
        self.next = context.Value("i", 0)
        self.said = context.Queue()

    def pieces(self, edition: Edition) -> Iterator[Piece]:
        """Yield what no other process has taken to make."""
        jobs = edition.jobs()
        while True:
            with self.next.get_lock():
                number = self.next.value
                self.next.value += 1
            if number >= len(jobs):
                return
            yield from jobs[number]


def _write(edition: Edition, folder: Path, piece: Piece) -> int:
    """Write what lies at a path; return how many pages that makes."""
    path, make = piece
    if not (folder / file_name(path)).exists():  # what was carried over is never made anew
        put(folder, path, make())
    return path in edition.pages


def _write_rows(edition: Edition, folder: Path) -> None:
    for piece in edition.rows():
        _write(edition, folder, piece)


def _help(order: Order, folder: Path, share: _Share) -> None:
    """Make pages in a process of its own until none is left, or until the publisher is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the publisher is told, and ends its helpers
    parent = multiprocessing.parent_process()
    try:
        edition = Edition(order)
        with debug_mode(False):
            for piece in share.pieces(edition):
                if parent is not None and not parent.is_alive():
                    return
                share.said.put(_write(edition, folder, piece))
        _write_rows(edition, folder)
        share.said.put(_Done(edition.downloads.asked))
    except (ObservatoryError, OSError) as error:
        share.said.put(_Done({}, error))


@contextmanager
def _helpers(count: int, order: Order, folder: Path) -> Iterator[tuple[_Share, list[SpawnProcess]]]:
    context = multiprocessing.get_context("spawn")
    share = _Share(context)
    processes = [context.Process(target=_help, args=(order, folder, share), daemon=True) for _ in range(count)]
    try:
        for process in processes:
            process.start()
        yield share, processes
    finally:
        for process in processes:
            process.kill()
            process.join()


def _hear(share: _Share, edition: Edition, progress: Callable[[int], object], seconds: float | None) -> bool:
    """Take in one thing that another process says; return whether it was its last."""
    said = share.said.get(timeout=seconds) if seconds else share.said.get_nowait()
    if not isinstance(said, _Done):
        progress(said)
        return False
    if said.error is not None:
        raise said.error
    edition.downloads.add(said.asked)
    return True


def make_site(
    order: Order, edition: Edition, folder: Path, progress: Callable[[int], object], processes: int = 0
) -> None:
    """Write everything of an edition into a folder, apart from what is there already.

    Parameters
    ----------
    progress : told how many more pages are made.
    processes : how many share the work; as many as there are processors, and no more than two, unless given.

    Raises
    ------
    HelperLostError
        A process ended before its work was done.
    """
    count = processes or min(MOST_PROCESSES, os.cpu_count() or 1)
    # Altair checks each part of a chart as it is put together; pages and tests do, here it would take a sixth longer.
    with debug_mode(False):
        if count > 1:
            with _helpers(count - 1, order, folder) as (share, helpers):
                _share_work(share, helpers, edition, folder, progress)
            return
        for piece in chain.from_iterable(edition.jobs()):
            progress(_write(edition, folder, piece))
    _write_rows(edition, folder)


def _share_work(
    share: _Share, helpers: list[SpawnProcess], edition: Edition, folder: Path, progress: Callable[[int], object]
) -> None:
    """Make pages until none is left, then wait for those that others make."""
    done = 0
    for piece in share.pieces(edition):
        progress(_write(edition, folder, piece))
        done += _hear_all(share, edition, progress)
        _check(helpers)
    _write_rows(edition, folder)
    while done < len(helpers):
        try:
            done += _hear(share, edition, progress, _WAIT_SECONDS)
        except Empty:
            _check(helpers)


def _hear_all(share: _Share, edition: Edition, progress: Callable[[int], object]) -> int:
    done = 0
    while True:
        try:
            done += _hear(share, edition, progress, None)
        except Empty:
            return done


def _check(helpers: list[SpawnProcess]) -> None:
    for process in helpers:
        if process.exitcode:
            raise HelperLostError(
                f"a process that makes pages ended early (exit code {process.exitcode}); memory may be short. "
                "Nothing was published; try again"
            )
