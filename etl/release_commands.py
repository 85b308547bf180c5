"""Commands about releases that are published: list them, say what differs, go back, remove old ones."""

from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from data.errors import ReleaseDamagedError
from data.history import PREVIOUS, Published, find_release, history, previous_id
from data.release import current_id, manifest_of, open_release, verify
from data.rules.differences import COLUMNS, differences
from data.settings import releases_folder
from etl.ledger_files import replace_files
from etl.locking import only_writer
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


def _table_lines(found: pd.DataFrame) -> list[str]:
    """Return the differences as a table to read on screen, and how they count up."""
    texts = found[list(COLUMNS)].head(LONGEST_TABLE)
    texts = texts.assign(key=[_cut(key, KEY_LENGTH) for key in texts["key"]], **texts.drop(columns="key").map(_cut))
    rows = [COLUMNS, *texts.itertuples(index=False, name=None)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    if len(found) > LONGEST_TABLE:
        lines.append(f"… and {len(found) - LONGEST_TABLE} more: write them all with --csv FILE")
    return lines


def _counts(found: pd.DataFrame) -> str:
    """Return how many rows and cells differ, and for which reasons."""
    kinds = {"added": "rows added", "removed": "rows removed", "changed": "cells changed"}
    parts = [f"{(found['change'] == kind).sum()} {words}" for kind, words in kinds.items()]
    reasons = [f"{reason} {count}" for reason, count in found["reason"].value_counts().items()]
    return f"{', '.join(parts)} ({', '.join(reasons)})" if reasons else "no cell differs"


def show_differences(
    older: Name,
    newer: Name,
    csv: Annotated[Path | None, typer.Option(help="A file for all differences, uncut (UTF-8 CSV).")] = None,
) -> None:
    """List every cell that differs between two releases, old and new, with the reason."""
    folder = releases_folder()
    old, new = (open_release(folder, find_release(folder, name)) for name in (older, newer))
    found = differences(old.tables, new.tables, old.absent | new.absent)
    if len(found):
        typer.echo("\n".join(_table_lines(found)))
    typer.echo(f"{old.release_id} → {new.release_id}: {_counts(found)}")
    if only_one := sorted(old.absent ^ new.absent):
        typer.echo(f"Only one of them has: {', '.join(only_one)} (older code wrote the other)")
    if csv is not None:
        text = found[list(COLUMNS)].to_csv(index=False, lineterminator="\r\n")
        replace_files({csv: text.encode("utf-8-sig")})
        typer.echo(f"{csv}: {len(found)} lines")


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
