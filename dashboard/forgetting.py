"""What is kept of releases that are no longer shown is forgotten, or memory would grow with each publication."""

import dataclasses
import inspect
import sys
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, get_args

from data.release import Release


@lru_cache(maxsize=4096)
def _holds_release(kind: Any) -> bool:
    """Tell whether values of a kind hold a release: itself, within a container, or in a field."""
    if kind is Release:
        return True
    is_record = dataclasses.is_dataclass(kind)
    inner: list[Any] = [field.type for field in dataclasses.fields(kind)] if is_record else list(get_args(kind))
    return any(_holds_release(one) for one in inner if not isinstance(one, str | list))


def _kept_by_release() -> Iterator[Any]:
    """Yield the functions of ours whose kept answers hold releases, by what they are asked and what they return."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] != "dashboard":
            continue
        for value in list(vars(module).values()):
            if hasattr(value, "cache_clear") and value is not _holds_release:
                kinds = inspect.get_annotations(value.__wrapped__).values()
                if any(_holds_release(kind) for kind in kinds):
                    yield value


def forget_releases() -> None:
    """Forget all that was worked out of releases; runs that still go on with an older one work it out again."""
    for function in _kept_by_release():
        function.cache_clear()
