"""Commands of received files: fetch one, take one at hand, list those there are."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer
from tqdm import tqdm

from data.errors import UnknownIntakeError
from data.frames import rows_of
from data.settings import CATALOGUE, LEDGER, default_commune, raw_folder
from etl import arrivals
from etl.snapshots import Snapshot, newest, snapshots

Commune = Annotated[str, typer.Option(help="INSEE code of the commune; OBSERVATORY_COMMUNE unless given.")]
Edition = Annotated[str, typer.Option(help="Edition of a data set: its identifier, or its year as the publisher says.")]


def _inputs() -> arrivals.Inputs:
    return arrivals.inputs_of(CATALOGUE, LEDGER, raw_folder(), date.today())


def take_file(dataset: str, file: Path, edition: str, commune: str) -> None:
    """Take a publisher's file at hand and say what became of its rows."""
    inputs = _inputs()
    arrival = arrivals.ingest(dataset, file, edition, commune, inputs)
    typer.echo(arrivals.words_of(arrival, inputs.catalogue))


def _shown_on(bar: "tqdm[None]") -> Callable[[int, int | None], None]:
    """Return what moves a progress bar, back too where a transfer starts again."""

    def show(received: int, whole: int | None) -> None:
        bar.total = whole
        bar.n = received
        bar.refresh()

    return show


def fetch_file(
    dataset: Annotated[str, typer.Argument(help="The data set, named as its file in catalogue/sources.")],
    edition: Edition = "",
    commune: Commune = "",
    part: Annotated[str, typer.Option(help="The only part to take, where an edition is offered in several.")] = "",
) -> None:
    """Take a data set from its publisher's address into the store of snapshots, if it changed since the last time."""
    inputs = _inputs()
    if dataset not in arrivals.readable(inputs.catalogue):
        known = ", ".join(arrivals.fetchable(inputs.catalogue))
        raise UnknownIntakeError(f"{dataset!r} cannot be fetched; what can: {known}")
    with tqdm(desc=f"Fetching {dataset}", unit="B", unit_scale=True, leave=False) as bar:
        progress = _shown_on(bar)
        for found in arrivals.fetch(dataset, edition, commune or default_commune(), inputs, progress, part=part):
            bar.clear()
            typer.echo(_words(found, inputs))


def _words(found: arrivals.Arrival | Snapshot, inputs: arrivals.Inputs) -> str:
    if isinstance(found, Snapshot):
        return f"{found.address}: unchanged since {found.retrieved}; nothing stored. It is in {found.folder}"
    return arrivals.words_of(found, inputs.catalogue)


def list_snapshots() -> None:
    """List the files that were received, with what a build takes of them."""
    kept = snapshots(raw_folder())
    held = newest(kept)
    for one in kept:
        place = "" if one in held else " (a newer file of this edition holds)"
        origin = one.address or "file at hand"
        about = f" {one.commune}" if one.commune else ""
        typer.echo(f"{one.retrieved} {one.edition}{about}: {one.file}, {one.bytes} bytes, sha256 {one.sha256[:8]}…, "
                   f"{origin}{place}")  # fmt: skip
    if not kept:
        typer.echo(f"No file has been received yet (in {raw_folder()}).")


def intake_lines(intakes: pd.DataFrame) -> Iterator[str]:
    """Yield what became of the rows of each file of a build."""
    for row in rows_of(intakes):
        if pd.isna(row.read):
            yield f"{row.source}, {row.file}: its number of rows would tell a figure that is withheld"
            continue
        yield (f"{row.source}, {row.file}: {row.read} rows read = {row.loaded} loaded + {row.quarantined} in "
               f"quarantine + {row.out_of_scope} out of scope")  # fmt: skip
