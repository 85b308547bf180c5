"""Writing files that others read: each is the old or the new one, and of several all change or none."""

import os
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

MODE = 0o644


Content = bytes | Iterable[bytes]


def _draft(path: Path, content: Content) -> Path:
    """Write a file's new content beside it and return where."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    with os.fdopen(handle, "wb") as stream:
        stream.writelines([content] if isinstance(content, bytes) else content)
        stream.flush()
        os.fsync(stream.fileno())
    draft = Path(name)
    draft.chmod(MODE)
    return draft


def _put_back(path: Path, before: bytes | None) -> None:
    if before is None:
        path.unlink(missing_ok=True)
    else:
        _draft(path, before).replace(path)


def replace_files(contents: Mapping[Path, Content]) -> None:
    """Replace files by new contents, whole or in pieces; where one cannot be replaced, those before it are put back.

    Raises
    ------
    OSError
        A file cannot be written; none has changed.
    """
    before = {path: path.read_bytes() if path.is_file() else None for path in contents}
    drafts: dict[Path, Path] = {}
    done: list[Path] = []
    try:
        for path, content in contents.items():
            drafts[path] = _draft(path, content)
        for path, draft in drafts.items():
            draft.replace(path)
            done.append(path)
    except OSError:
        for path in done:
            _put_back(path, before[path])
        raise
    finally:
        for draft in drafts.values():
            draft.unlink(missing_ok=True)
