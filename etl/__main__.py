"""Command line of the etl: `python -m etl build | check | sources`."""

from collections import deque
from datetime import date
from typing import Annotated

import pandas as pd
import typer
from tqdm import tqdm

from data.definitions import load_catalogue
from data.errors import FaultyInputError, ObservatoryError
from data.settings import CATALOGUE, LEDGER, releases_folder
from etl.build import build_tables, number_of_steps, read_inputs
from etl.publish import is_stale, publish

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Turn catalogue and ledger into releases.")


@app.command()
def build(
    if_stale: Annotated[bool, typer.Option("--if-stale", help="Do nothing when the release is up to date.")] = False,
) -> None:
    """Write one immutable release from the embedded ledger and make it the current one."""
    folder = releases_folder()
    if if_stale and not is_stale(folder):
        typer.echo("The release is up to date.")
        return
    catalogue, ledger = read_inputs(CATALOGUE, LEDGER, date.today())
    tables: dict[str, pd.DataFrame] = {}
    with tqdm(total=number_of_steps(catalogue) + 1, desc="Building", unit="step", leave=False) as bar:
        for step, tables in build_tables(catalogue, ledger):  # noqa: B007 - the last tables are the whole
            bar.set_postfix_str(step)
            bar.update()
        release_id = publish(tables, folder)
        bar.update()
    rows = sum(len(frame) for frame in tables.values())
    typer.echo(f"Release {release_id}: {len(tables)} tables, {rows} rows, in {folder}")


@app.command()
def check() -> None:
    """Validate catalogue and ledger; list every fault with file, line, column and value."""
    catalogue, ledger = read_inputs(CATALOGUE, LEDGER, date.today())
    deque(build_tables(catalogue, ledger), maxlen=0)  # what only the sources and formulas can tell
    rows = sum(len(entries) for entries in ledger.entries.values())
    typer.echo(f"No fault: {len(catalogue.indicators)} indicators, {len(catalogue.sources)} sources, {rows} rows.")


@app.command()
def sources() -> None:
    """List the sources and editions the catalogue knows."""
    for edition_id, (dataset, source, edition) in load_catalogue(CATALOGUE).editions().items():
        typer.echo(f"{edition_id:38} {dataset:20} {source.kind_of(edition_id):22} {edition.title.fr}")


def main() -> None:
    """Run the command line; a known error is told in full and exits with 1, without a traceback."""
    try:
        app()
    except FaultyInputError as error:
        typer.echo(str(error), err=True)
        raise SystemExit(1) from None
    except OSError as error:
        typer.echo(f"{error.filename}: {error.strerror}. Check the folder and who may write there.", err=True)
        raise SystemExit(1) from None
    except ObservatoryError as error:
        typer.echo(f"{type(error).__name__}: {error}", err=True)
        raise SystemExit(1) from None


if __name__ == "__main__":
    main()
