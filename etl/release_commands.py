"""Commands about releases that are published: list them, say what differs, go back, remove old ones."""

from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from data.definitions import load_catalogue
from data.errors import ReleaseDamagedError
from data.history import PREVIOUS, Published, find_release, history, previous_id
from data.locking import only_writer
from data.release import current_id, manifest_of, verify
from data.rules.differences import COLUMNS
from data.settings import CATALOGUE, releases_folder
from etl.compare import compared, open_both
from etl.ledger_files import replace_files
from etl.publish import removable, remove, rollback

# Cells of the table on screen are cut to this many characters, keys to more; the CSV has all of them.
CELL_LENGTH, KEY_LENGTH = 30, 72
LONGEST_TABLE = 200

Name = Annotated[str, typer.Argument(help="An identifier, the start of one, `current` or `previous`.")]


def megabytes(size_bytes: int) -> str:
    """Return a size in words: `0.4 MB`."""
    return f"{size_bytes / 1e6:.1f} MB"


def _state(folder: Path, release_id: str) -> str:
    try:
        verify(folder, release_id)
    except ReleaseDamagedError as error:
        return f"damaged: {str(error).removeprefix(f'release {release_id}: ')}"
    return "sound"


def _line(folder: Path, release: Published, mark: str) -> str:
    state, rows = _state(folder, release.release_id), "?"
    if state == "sound":
        resources = manifest_of(folder, release.release_id)["resources"]
        rows = str(sum(int(resource["rows"]) for resource in resources))
    published = release.published[:16].replace("T", " ") or "not in the log"
    return f"{release.release_id}  {published:16}  {mark:8}  {rows:>9} rows  {state}"


def list_releases() -> None:
    """List the releases there are: when each was first published, which is current, whether its files are sound."""
    folder = releases_folder()
    current = current_id(folder)
    before = previous_id(folder, current)
    marks = {before: "previous", current: "current"}
    for release in history(folder):
        typer.echo(_line(folder, release, marks.get(release.release_id, "")))
        if release.reason:
            typer.echo(f"{'':18}published although figures changed implausibly, because: {release.reason}")


def _cut(text: str, length: int = CELL_LENGTH) -> str:
    line = " ".join(text.split())
    return line if len(line) <= length else f"{line[: length - 1]}…"


def _table_lines(found: pd.DataFrame, count: int) -> list[str]:
    """Return the first of `count` differences as a table to read on screen, and how many more there are."""
    texts = found[list(COLUMNS)].head(LONGEST_TABLE)
    texts = texts.assign(key=[_cut(key, KEY_LENGTH) for key in texts["key"]], **texts.drop(columns="key").map(_cut))
    rows = [COLUMNS, *texts.itertuples(index=False, name=None)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    if count > LONGEST_TABLE:
        lines.append(f"… and {count - LONGEST_TABLE} more: write them all with --csv FILE")
    return lines


def _counts(found: pd.DataFrame) -> str:
    """Return how many rows and cells differ, and for which reasons."""
    kinds = {"added": "rows added", "removed": "rows removed", "changed": "cells changed"}
    parts = [f"{(found['change'] == kind).sum()} {words}" for kind, words in kinds.items()]
    reasons = [f"{reason} {count}" for reason, count in found["reason"].value_counts().items()]
    return f"{', '.join(parts)} ({', '.join(reasons)})" if reasons else "no cell differs"


class _Told:
    """What is told of differences that come stretch by stretch: the first of them, and how all count up."""

    def __init__(self) -> None:
        self.shown: list[pd.DataFrame] = []
        self.kinds: list[pd.DataFrame] = []

    def take(self, stretches: Iterable[pd.DataFrame], with_lines: bool) -> Iterator[bytes]:
        """Note differences as they come, and yield the lines of a file that holds them all."""
        yield ",".join(COLUMNS).encode("utf-8-sig") + b"\r\n"
        for found in stretches:
            self.kinds.append(found[["change", "reason"]].astype("category"))
            self.shown.append(found.head(LONGEST_TABLE))
            if with_lines:
                yield found[list(COLUMNS)].to_csv(index=False, header=False, lineterminator="\r\n").encode()

    def counted(self) -> pd.DataFrame:
        """Return `change` and `reason` of all differences."""
        return pd.concat([kinds.astype("str") for kinds in self.kinds], ignore_index=True)


def show_differences(
    older: Name,
    newer: Name,
    csv: Annotated[Path | None, typer.Option(help="A file for all differences, uncut (UTF-8 CSV).")] = None,
) -> None:
    """List every cell that differs between two releases, old and new, with the reason."""
    folder = releases_folder()
    names = [find_release(folder, name) for name in (older, newer)]
    for name in names:
        verify(folder, name)
    entries = load_catalogue(CATALOGUE).territories
    communes = {code for code, territory in entries.items() if territory.level == "commune"}
    old, new = open_both(folder, names[0], names[1], communes)
    told = _Told()
    pieces = told.take(compared(folder, (old, new), communes), csv is not None)
    if csv is None:
        deque(pieces, maxlen=0)
    else:
        replace_files({csv: pieces})
    reasons = told.counted()
    if len(reasons):
        typer.echo("\n".join(_table_lines(pd.concat(told.shown, ignore_index=True), len(reasons))))
    typer.echo(f"{old.release_id} → {new.release_id}: {_counts(reasons)}")
    if only_one := sorted(old.absent ^ new.absent):
        typer.echo(f"Only one of them has: {', '.join(only_one)} (older code wrote the other)")
    if csv is not None:
        typer.echo(f"{csv}: {len(reasons)} lines")


def go_back(release: Name = PREVIOUS) -> None:
    """Make an earlier release the current one again: the one before, unless another is named."""
    folder = releases_folder()
    before, wanted = current_id(folder), find_release(folder, release)
    if wanted == before:
        typer.echo(f"{wanted} is the current release already; nothing changed.")
        return
    with only_writer(folder):
        rollback(folder, wanted)
    typer.echo(f"Current release: {wanted} (was {before}).")
    typer.echo(f"It stays until inputs change and are built; back again with: python -m etl rollback {before}")


def prune_releases(
    keep: Annotated[int, typer.Option(min=1, help="How many of the newest releases stay.")],
    yes: Annotated[bool, typer.Option("--yes", help="Remove them; without it they are only listed.")] = False,
) -> None:
    """Remove releases older than the newest ones; links made to them no longer answer."""
    found = removable(releases_folder(), keep)
    for entry in found:
        typer.echo(f"{entry.place.name}  {megabytes(entry.size_bytes)}")
    total = megabytes(sum(entry.size_bytes for entry in found))
    if not found:
        typer.echo("Nothing to remove.")
    elif yes:
        with only_writer(releases_folder()):
            still = removable(releases_folder(), keep)
            remove([entry for entry in found if entry in still])
        typer.echo(f"Removed {len(found)}; {total} freed.")
    else:
        typer.echo(f"Would free {total}; nothing was removed: add --yes to do it.")


def register(app: typer.Typer) -> None:
    """Add the commands about releases to the command line."""
    app.command("releases")(list_releases)
    app.command("diff")(show_differences)
    app.command("rollback")(go_back)
    app.command("prune")(prune_releases)
