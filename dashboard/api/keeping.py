"""Answers made once: the newest are kept, as many as fit into a number of bytes."""

import gzip
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import cached_property

# Of what is kept: all answers together, and the longest one. Compressed ones are a tenth of that, and not counted.
KEPT_BYTES, LONGEST_BYTES = 64 * 2**20, 4 * 2**20
_LEVEL = 5


@dataclass(frozen=True)
class Made:
    """An answer that was made: its bytes, and the headers that follow from them."""

    content: bytes
    headers: tuple[tuple[str, str], ...]

    @cached_property
    def compressed(self) -> bytes:
        """The bytes compressed with gzip."""
        return gzip.compress(self.content, _LEVEL, mtime=0)


class Kept:
    """Answers by what was asked, the ones that were not asked for longest are forgotten first."""

    def __init__(self, most_bytes: int = KEPT_BYTES, longest_bytes: int = LONGEST_BYTES) -> None:
        self.most_bytes, self.longest_bytes, self.bytes = most_bytes, longest_bytes, 0
        self._answers: OrderedDict[Hashable, Made] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """Return the answer of a key; it is made where it is not kept."""
        with self._lock:
            found = self._answers.get(key)
            if found is not None:
                self._answers.move_to_end(key)
                return found
        made = make()
        if len(made.content) <= self.longest_bytes:
            self._keep(key, made)
        return made

    def _keep(self, key: Hashable, made: Made) -> None:
        with self._lock:
            old = self._answers.pop(key, None)
            self.bytes += len(made.content) - (len(old.content) if old else 0)
            self._answers[key] = made
            while self.bytes > self.most_bytes:
                _, forgotten = self._answers.popitem(last=False)
                self.bytes -= len(forgotten.content)
