"""The only module that writes into releases: a new folder, then one pointer switched."""

import json
import os
import shutil
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pandas as pd
import pyarrow as pa

from data.codec import Part, write_table
from data.errors import ReleaseDamagedError
from data.history import history, previous_id
from data.release import LOG, MANIFEST, POINTER, content_id, current_id, publications, verify
from data.schemas import TABLES, Table
from data.settings import ROOT, built_communes, raw_folder
from etl.snapshots import RECORD, newest, snapshots

# What a build that was killed left behind is removed once no build can be writing it any more.
DRAFT_SECONDS = 24 * 60 * 60
_LEFTOVERS = (".damaged-*", ".pruned-*", ".draft-*")

_FIELD_TYPES = {pa.string(): "string", pa.float64(): "number", pa.int64(): "integer", pa.binary(): "any"}


def _table_schema(table: Table) -> dict[str, object]:
    """Return the Frictionless table schema of a table."""
    fields = [{"name": field.name, "type": _FIELD_TYPES.get(field.type, "array")} for field in table.schema]
    return {"fields": fields, "primaryKey": list(table.key)}


def _write_files(
    frames: Mapping[str, pd.DataFrame], parts: Mapping[str, Sequence[Part]], folder: Path
) -> list[dict[str, object]]:
    resources = []
    for name, table in sorted(TABLES.items()):
        path = folder / f"{name}.parquet"
        rows = write_table(frames[name], table, path, parts.get(name, ()))
        content = path.read_bytes()
        resources.append(
            {
                "name": name, "path": path.name, "title": table.description, "format": "parquet",
                "mediatype": "application/vnd.apache.parquet", "rows": rows, "bytes": len(content),
                "hash": f"sha256:{sha256(content).hexdigest()}", "schema": _table_schema(table),
            }
        )  # fmt: skip
    return resources


def _replace(path: Path, text: str) -> None:
    """Write a small file so that readers see the old or the new one, never half."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    Path(name).chmod(0o644)
    Path(name).replace(path)


def _append(path: Path, line: str) -> None:
    """Add a line to a log, on a line of its own even where the last write was cut short."""
    with path.open("ab+") as log:
        log.seek(max(0, log.tell() - 1))
        cut_short = log.read() not in {b"", b"\n"}
        log.write((b"\n" if cut_short else b"") + line.encode() + b"\n")


def inputs_digest() -> str:
    """Return a digest of all that a release is made from: catalogue, ledger, received files, code and lock."""
    state = sha256()
    patterns = ("data/catalogue/**/*.toml", "data/ledger/**/*.csv", "data/**/*.py", "etl/**/*.py", "requirements.txt")
    for pattern in patterns:
        for path in sorted(ROOT.glob(pattern)):
            state.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    for snapshot in newest(snapshots(raw_folder())):
        state.update((snapshot.folder / RECORD).read_bytes())
    return state.hexdigest()


def _inputs(communes: str) -> str:
    """Return what a release is made from: the digest, and the communes asked for beside those of the catalogue."""
    return f"{inputs_digest()}+{communes}" if communes else inputs_digest()


def _is_sound(folder: Path, release_id: str) -> bool:
    try:
        verify(folder, release_id)
    except ReleaseDamagedError:
        return False
    return True


def is_stale(folder: Path, communes: str = "") -> bool:
    """Tell whether the current release was made from other inputs than those at hand, or is absent."""
    pointer = folder / POINTER
    if not pointer.is_file():
        return True
    current = pointer.read_text(encoding="utf-8").strip()
    made = [entry for entry in publications(folder) if entry["release"] == current]
    return not made or made[-1]["inputs"] != _inputs(communes) or not _is_sound(folder, current)


def publish(
    frames: Mapping[str, pd.DataFrame], folder: Path, parts: Mapping[str, Sequence[Part]] | None = None,
    communes: str = "", because: str = "",
) -> str:  # fmt: skip
    """Write the tables as a release and make it the current one.

    The same content gives the same identifier; a release that is already there is never rewritten.

    Parameters
    ----------
    parts : more rows of tables, of the communes asked for beside those of the catalogue.
    communes : those asked for, as written.
    because : why it is published although figures changed implausibly, where they did.

    Returns
    -------
    The release identifier.
    """
    folder.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(dir=folder, prefix=".draft-"))
    try:
        resources = _write_files(frames, parts or {}, draft)
        release_id = content_id([{"path": str(r["path"]), "hash": str(r["hash"])} for r in resources])
        manifest = {"profile": "data-package", "name": "observatory", "id": release_id, "resources": resources}
        text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        (draft / MANIFEST).write_text(text, encoding="utf-8")
        draft.chmod(0o755)
        target = folder / release_id
        if target.exists() and not _is_sound(folder, release_id):
            # Only a damaged copy is moved aside; what replaces it has, by its identifier, the very same content.
            target.replace(folder / f".damaged-{release_id}-{draft.name.removeprefix('.draft-')}")
        if not target.exists():
            draft.replace(target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    _make_current(folder, release_id, communes, because)
    return release_id


def _make_current(folder: Path, release_id: str, communes: str, because: str = "") -> None:
    """Log that a release is the one to show for the inputs at hand, then switch the pointer to it."""
    record = {"release": release_id, "published": datetime.now(UTC).isoformat(timespec="seconds"),
              "inputs": _inputs(communes)} | ({"reason": because} if because else {})  # fmt: skip
    _append(folder / LOG, json.dumps(record))
    _replace(folder / POINTER, release_id + "\n")


def rollback(folder: Path, release_id: str) -> None:
    """Make an earlier release the current one again; nothing else changes.

    It is logged as the choice for the inputs at hand, so that `build --if-stale` does not undo it until they change.

    Raises
    ------
    ReleaseDamagedError
        A file of that release is absent or differs from its checksum; the current release stays.
    """
    verify(folder, release_id)
    _make_current(folder, release_id, built_communes())


@dataclass(frozen=True)
class Removable:
    """A folder that `prune` removes, and what that frees."""

    place: Path
    size_bytes: int


def _removable(place: Path) -> Removable:
    return Removable(place, sum(path.stat().st_size for path in place.rglob("*") if path.is_file()))


def removable(folder: Path, keep: int) -> list[Removable]:
    """Return the releases older than the newest `keep`, and what killed builds and damage left behind.

    Never the current release, the one that was current before it, or the newest one that is sound.
    """
    current, releases = current_id(folder), [release.release_id for release in history(folder)]
    sound = next((name for name in dict.fromkeys([current, *releases]) if _is_sound(folder, name)), "")
    kept = {*releases[:keep], current, previous_id(folder, current), sound}
    left = [place for pattern in _LEFTOVERS for place in sorted(folder.glob(pattern))]
    since = time.time() - DRAFT_SECONDS
    left = [place for place in left if not place.name.startswith(".draft-") or place.stat().st_mtime < since]
    return [_removable(place) for place in [*(folder / name for name in releases if name not in kept), *left]]


def remove(found: list[Removable]) -> None:
    """Remove what `removable` returned: a release goes out of sight whole before its files go one by one."""
    for entry in found:
        hidden = entry.place
        if not hidden.name.startswith("."):
            hidden = entry.place.rename(entry.place.with_name(f".pruned-{entry.place.name}"))
        shutil.rmtree(hidden)
