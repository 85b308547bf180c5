"""The store of files as they came: immutable, each with its digest, address, licence and date.

`<root>/<data set>/<day>-<first 8 of the sha256>/` holds the file untouched and `snapshot.json`.
"""

import json
import os
import re
import shutil
import tempfile
from dataclasses import asdict, dataclass, fields, replace
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO

from data.errors import SameBytesError, SnapshotDamagedError, UnknownIntakeError

RECORD = "snapshot.json"
DRAFT = ".draft-"
DATASET = re.compile(r"[a-z][a-z0-9_]*")
LONGEST_NAME = 120
_BLOCK = 1 << 20


@dataclass(frozen=True)
class Origin:
    """What is known of a file beside its bytes.

    `commune` is empty for a file about all of them, `part` for one that is all of its edition, `address` for a file at
    hand; `etag` and `last_modified` are what the publisher called this state of the file, to ask later whether there is
    a newer one.
    """

    edition: str
    licence: str
    retrieved: str
    address: str = ""
    media_type: str = ""
    commune: str = ""
    part: str = ""
    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True)
class Snapshot(Origin):
    """A stored file: its folder, data set, own name, size and digest, and where it came from.

    `rank` counts the files of the data set in the order they came.
    """

    folder: Path = Path()
    dataset: str = ""
    file: str = ""
    bytes: int = 0
    sha256: str = ""
    rank: int = 0

    @property
    def path(self) -> Path:
        """Return where the file is."""
        return self.folder / self.file


def safe_name(name: str) -> str:
    """Return the last part of a name as one that cannot leave a folder, hide in it or hit the record."""
    last = re.split(r"[/\\]", name)[-1]
    kept = re.sub(r"[^\w.-]+", "_", last).lstrip("._-")
    stem, dot, suffix = kept.rpartition(".")
    kept = f"{stem[: LONGEST_NAME - 20]}{dot}{suffix[:19]}" if len(kept.encode()) > LONGEST_NAME else kept
    while len(kept.encode()) > LONGEST_NAME:
        kept = kept[1:]
    return f"data-{kept}" if kept in {"", RECORD} else kept


def digest_of(path: Path) -> str:
    """Return the sha256 of a file, read in pieces."""
    state = sha256()
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            state.update(block)
    return state.hexdigest()


def _keep(stream: BinaryIO) -> None:
    stream.flush()
    os.fsync(stream.fileno())


def _fill(draft: Path, content: Path | bytes, name: str, dataset: str, origin: Origin) -> Snapshot:
    """Write the file into a draft folder and return what is to be recorded of it."""
    target = draft / name
    with target.open("wb") as stream:
        if isinstance(content, bytes):
            stream.write(content)
        else:
            with content.open("rb") as given:
                shutil.copyfileobj(given, stream, _BLOCK)
        _keep(stream)
    return Snapshot(**asdict(origin), folder=draft, dataset=dataset, file=name, bytes=target.stat().st_size,
                    sha256=digest_of(target))  # fmt: skip


def _record(snapshot: Snapshot) -> None:
    """Write what is known of a draft beside its file, and let nobody change either."""
    draft = snapshot.folder
    record = {key: value for key, value in asdict(snapshot).items() if key != "folder"}
    with (draft / RECORD).open("wb") as stream:
        stream.write((json.dumps(record, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode())
        _keep(stream)
    for path in (snapshot.path, draft / RECORD):
        path.chmod(0o444)
    draft.chmod(0o755)


def _known(there: list[Snapshot], new: Snapshot) -> Snapshot | None:
    """Return the snapshot that holds the same bytes already."""
    for old in there:
        if old.sha256 != new.sha256:
            continue
        if (old.edition, old.commune) != (new.edition, new.commune):
            raise SameBytesError(
                f"{new.file} holds the very bytes stored as {_stored_as(old)} in {old.folder}: check the edition asked "
                f"for ({_stored_as(new)}). If the stored one is wrong, remove that folder and take the file again."
            )
        return verified(old)
    return None


def _stored_as(snapshot: Snapshot) -> str:
    return f"{snapshot.edition} of {snapshot.commune}" if snapshot.commune else snapshot.edition


def store(root: Path, dataset: str, content: Path | bytes, name: str, origin: Origin) -> Snapshot:
    """Keep a file as it is; the same bytes again give the snapshot that is there.

    Parameters
    ----------
    content : the file, or its bytes.
    name : what the file is called; made safe, it is its name in the store.

    Raises
    ------
    UnknownIntakeError
        The data set is not named as one.
    SameBytesError
        The same bytes are stored as another edition.
    SnapshotDamagedError
        The same bytes were stored, and are no longer what they were.
    """
    if not DATASET.fullmatch(dataset):
        raise UnknownIntakeError(f"{dataset!r} is not the name of a data set")
    parent = root / dataset
    parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(dir=parent, prefix=DRAFT))
    try:
        new = _fill(draft, content, safe_name(name), dataset, origin)
        there = [read_snapshot(folder) for folder in _folders_of(parent)]
        known = _known(there, new)
        if known is not None:
            return known
        _record(replace(new, rank=1 + max((old.rank for old in there), default=0)))
        # Two files of one day whose digests begin alike need more of it.
        names = (f"{origin.retrieved}-{new.sha256[:length]}" for length in (8, 16, 64))
        target = next(parent / name for name in names if not (parent / name).exists())
        draft.replace(target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return read_snapshot(target)


def _record_of(folder: Path) -> dict[str, Any]:
    remedy = "restore the folder from a copy, or remove it and take the file again"
    try:
        record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SnapshotDamagedError(f"{folder / RECORD} cannot be read ({error}): {remedy}") from error
    wanted = {field.name: field.type for field in fields(Snapshot) if field.name != "folder"}
    if not isinstance(record, dict) or set(record) != set(wanted):
        raise SnapshotDamagedError(f"{folder / RECORD} does not say {', '.join(sorted(wanted))}: {remedy}")
    for key, value in record.items():
        if not isinstance(value, int if key in {"bytes", "rank"} else str):
            raise SnapshotDamagedError(f"{folder / RECORD}: {key} is {value!r}: {remedy}")
    return record


def read_snapshot(folder: Path) -> Snapshot:
    """Return what a folder of the store says of its file; the file itself is not read.

    Raises
    ------
    SnapshotDamagedError
        The record is absent, cannot be read, or is not of this folder.
    """
    record = _record_of(folder)
    snapshot = Snapshot(**record, folder=folder)
    prefix = folder.name.removeprefix(f"{snapshot.retrieved}-")
    is_its_own = snapshot.dataset == folder.parent.name and len(prefix) >= 8 and snapshot.sha256.startswith(prefix)
    if not is_its_own or safe_name(snapshot.file) != snapshot.file:
        raise SnapshotDamagedError(
            f"{folder / RECORD} is not the record of this folder (data set {snapshot.dataset!r}, file "
            f"{snapshot.file!r}, sha256 {snapshot.sha256[:8]}…): restore it from a copy, or remove the folder"
        )
    return snapshot


def verified(snapshot: Snapshot) -> Snapshot:
    """Return a snapshot whose file is, byte for byte, what was stored.

    Raises
    ------
    SnapshotDamagedError
        The file is absent or its digest differs.
    """
    remedy = "restore it from a copy, or remove the folder and take the file again"
    if not snapshot.path.is_file():
        raise SnapshotDamagedError(f"{snapshot.path} is gone: {remedy}")
    found = digest_of(snapshot.path)
    if found != snapshot.sha256:
        raise SnapshotDamagedError(
            f"{snapshot.path} was changed (sha256 {found[:8]}…, stored as {snapshot.sha256[:8]}…): {remedy}"
        )
    return snapshot


def _folders_of(parent: Path) -> list[Path]:
    """Return the folders of a data set, without drafts."""
    return sorted(path for path in parent.iterdir() if path.is_dir() and not path.name.startswith(DRAFT))


def snapshots(root: Path) -> list[Snapshot]:
    """Return all snapshots of a store by data set and day; their files are not read.

    Raises
    ------
    SnapshotDamagedError
        A record cannot be read.
    """
    datasets = sorted(path for path in root.glob("*") if path.is_dir())
    return [read_snapshot(folder) for dataset in datasets for folder in _folders_of(dataset)]


def place_of(snapshot: Snapshot) -> tuple[str, str, str, str]:
    """Return what a file is: of two that are the same, the later one holds."""
    return snapshot.dataset, snapshot.edition, snapshot.commune, snapshot.part


def newest(kept: list[Snapshot]) -> list[Snapshot]:
    """Return the snapshot that came last for each data set, edition, commune and part, in that order."""
    found = {place_of(one): one for one in sorted(kept, key=lambda snapshot: snapshot.rank)}
    return [found[key] for key in sorted(found)]
