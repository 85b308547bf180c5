"""One writer at a time: the system locks a folder while it is written into, and no lock outlives its process."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from data.errors import BusyError

_PAUSE_SECONDS = 0.1


@contextmanager
def only_writer(folder: Path, patience_seconds: float = 0.0) -> Iterator[None]:
    """Hold a folder, which must be there, for as long as the block lasts; readers are not kept out.

    The folder itself is locked, nothing is written into it; when the process ends, however it does, the lock is gone.

    Parameters
    ----------
    patience_seconds : how long to wait for another writer to end.

    Raises
    ------
    BusyError
        Another process writes into it.
    """
    until = time.monotonic() + patience_seconds
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError as error:
                if time.monotonic() >= until:
                    raise BusyError(f"another process writes into {folder}: wait until it has ended, then try again; "
                                    "nothing was changed") from error  # fmt: skip
                time.sleep(_PAUSE_SECONDS)
        yield
    finally:
        os.close(handle)
