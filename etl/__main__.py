"""Command line of the etl: build and check, take files in, ask the city, look after releases (`--help` lists all)."""

from datetime import date
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer
from tqdm import tqdm

from data.codec import Part
from data.decision_sheet.writer import FILE_NAME as DECISIONS_NAME
from data.decision_sheet.writer import decision_sheet_of
from data.definitions import load_catalogue
from data.errors import (
    FaultyInputError,
    FaultySheetError,
    FileInTheWayError,
    ObservatoryError,
    UnknownIntakeError,
)
from data.gap_sheet.writer import FILE_NAME, gap_sheet_of
from data.locking import only_writer
from data.register_sheet.writer import FILE_NAME as REGISTERS_NAME
from data.register_sheet.writer import register_sheet_of
from data.release import current_id, open_release
from data.settings import CATALOGUE, LEDGER, built_communes, default_commune, raw_folder, releases_folder
from etl.arrival_commands import Commune, Edition, fetch_file, intake_lines, list_snapshots, take_file
from etl.arrivals import readable
from etl.audit_commands import register as register_audit
from etl.build import build_country, build_tables, number_of_steps, read_inputs
from etl.city_sheet.decisions import take_city_decisions
from etl.city_sheet.intake import Intake, take_city_sheet
from etl.city_sheet.new_operations import take_city_programmes
from etl.communes import communes_beside, enter_commune
from etl.corrections import not_due
from etl.editions import with_editions
from etl.ledger_files import replace_files
from etl.plausibility import excused, implausible_changes
from etl.publish import is_stale, publish
from etl.release_commands import register
from etl.snapshots import snapshots

# What `ingest` reads, by the name of its source.
INTAKES = {"city": take_city_sheet, "city_programmes": take_city_programmes, "decisions": take_city_decisions}
# So long a build that is only wanted when stale waits for another one to end.
PATIENCE_SECONDS = 300.0
PLURALS = {"date": "dates", "quantity": "quantities", "position": "positions", "decision": "decisions",
           "amount": "amounts"}  # fmt: skip

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Turn catalogue and ledger into releases.")
app.command("fetch")(fetch_file)
app.command("snapshots")(list_snapshots)
register(app)
register_audit(app)


@app.command()
def build(
    if_stale: Annotated[bool, typer.Option("--if-stale", help="Do nothing when the release is up to date.")] = False,
    communes: Annotated[
        str, typer.Option(help="Communes beside those of the catalogue: `all` of France, or codes joined by commas.")
    ] = built_communes(),
    because: Annotated[
        str, typer.Option(help="Why figures changed as much as they did, where the build stops and asks.")
    ] = "",
) -> None:
    """Write one immutable release from the embedded ledger and make it the current one."""
    folder = releases_folder()
    folder.mkdir(parents=True, exist_ok=True)
    # Several servers may start at once: who comes second waits, and finds the release up to date.
    with only_writer(folder, PATIENCE_SECONDS if if_stale else 0):
        if if_stale and not is_stale(folder, communes):
            typer.echo("The release is up to date.")
            return
        _build(folder, communes, because)


def _build(folder: Path, communes: str, because: str) -> None:
    """Build and publish, where nothing is implausible or it is said why."""
    kept = snapshots(raw_folder())
    catalogue, ledger = read_inputs(CATALOGUE, LEDGER, date.today(), kept)
    beside = communes_beside(communes, catalogue)
    tables: dict[str, pd.DataFrame] = {}
    parts: list[Part] = []
    with tqdm(total=number_of_steps(catalogue, beside) + 1, desc="Building", unit="step", leave=False) as bar:
        # The last tables are the whole.
        for step, tables, parts in build_country(catalogue, ledger, kept, beside):  # noqa: B007
            bar.set_postfix_str(step)
            bar.update()
        reason = excused(implausible_changes(tables, parts, catalogue, folder), because)
        release_id = publish(tables, folder, {"observations": parts}, communes, reason)
        bar.update()
    rows = sum(len(frame) for frame in tables.values()) + sum(part.rows.num_rows for part in parts)
    for line in intake_lines(tables["intakes"]):
        typer.echo(line)
    typer.echo(f"Release {release_id}: {len(tables)} tables, {rows} rows, in {folder}")


@app.command()
def init(
    commune: Annotated[str, typer.Argument(help="INSEE code of the commune.")],
    name: Annotated[str, typer.Option(help="Its name.")],
    short: Annotated[str, typer.Option(help="The name used in sentences, its name unless given.")] = "",
) -> None:
    """Enter a commune into the catalogue: builds are about it from then on."""
    entered = enter_commune(commune, name, short, CATALOGUE)
    if not entered.is_new:
        typer.echo(f"{commune} is there already: {entered.file}, line {entered.line}; nothing changed.")
        return
    typer.echo(f"{commune} is entered as {name}: {entered.file}, line {entered.line}.")
    # A postcode may be the code of another commune: its size tells.
    typer.echo(f"The census of 2021 counts {entered.population} inhabitants there; if that is not it, check the code.")
    typer.echo(f"Now: python -m etl build, then serve it with OBSERVATORY_COMMUNE={commune}")


@app.command()
def check() -> None:
    """Validate catalogue and ledger; list every fault with file, line, column and value."""
    kept = snapshots(raw_folder())
    catalogue, ledger = read_inputs(CATALOGUE, LEDGER, date.today(), kept)
    *_, (_, tables) = build_tables(catalogue, ledger, kept)  # what only the sources and formulas can tell
    for line in not_due(catalogue, tables["observations"], tables["corrections"]):
        typer.echo(line)
    rows = sum(len(entries) for entries in ledger.entries.values())
    typer.echo(f"No fault: {len(catalogue.indicators)} indicators, {len(catalogue.sources)} sources, {rows} rows.")


@app.command()
def sources() -> None:
    """List the sources and editions that are known: those of the catalogue, and those of received files."""
    catalogue = with_editions(load_catalogue(CATALOGUE), snapshots(raw_folder()))
    for edition_id, (dataset, source, edition) in catalogue.editions().items():
        typer.echo(f"{edition_id:38} {dataset:20} {source.kind_of(edition_id):22} {edition.title.fr}")


@app.command()
def gaps(
    commune: Commune = "",
    out: Annotated[Path, typer.Option(help="The spreadsheet to write.")] = Path(FILE_NAME),
    force: Annotated[bool, typer.Option("--force", help="Overwrite a file that is there.")] = False,
) -> None:
    """Write the gap sheet: a spreadsheet that asks the city for what no text says of its operations."""
    if out.exists() and not force:
        raise FileInTheWayError(f"{out} is there already, perhaps filled in: name another file or add --force")
    folder, code = releases_folder(), commune or default_commune()
    asked = gap_sheet_of(open_release(folder, current_id(folder), {code}), code)
    replace_files({out: asked.content})
    typer.echo(f"{out}: {asked.rows} rows ask for {asked.facts} missing facts of commune {code}.")
    typer.echo(f"Fill it in, then: python -m etl ingest city {out} --commune {code}")


@app.command()
def decisions(
    commune: Commune = "",
    out: Annotated[Path, typer.Option(help="The spreadsheet to write.")] = Path(DECISIONS_NAME),
    force: Annotated[bool, typer.Option("--force", help="Overwrite a file that is there.")] = False,
) -> None:
    """Write the decision sheet: what each climate conference decided, what became of it, what was spent."""
    if out.exists() and not force:
        raise FileInTheWayError(f"{out} is there already, perhaps filled in: name another file or add --force")
    folder, code = releases_folder(), commune or default_commune()
    replace_files({out: decision_sheet_of(open_release(folder, current_id(folder), {code}), code)})
    typer.echo(f"{out}: the known decisions of commune {code}, and blank rows for others and for amounts.")
    typer.echo(f"Fill it in, then: python -m etl ingest decisions {out} --commune {code}")


@app.command()
def sheets(
    commune: Commune = "",
    out: Annotated[Path, typer.Option(help="The workbook to write.")] = Path(REGISTERS_NAME),
    force: Annotated[bool, typer.Option("--force", help="Overwrite a file that is there.")] = False,
) -> None:
    """Write the blank workbook of the city's registers: new operations, green spaces, cycle facilities, premises."""
    if out.exists() and not force:
        raise FileInTheWayError(f"{out} is there already, perhaps filled in: name another file or add --force")
    folder, code = releases_folder(), commune or default_commune()
    replace_files({out: register_sheet_of(open_release(folder, current_id(folder)), code)})
    typer.echo(f"{out}: blank lists for commune {code}. Fill in those the city keeps, then, in any order:")
    typer.echo(f"python -m etl ingest city_programmes {out} --commune {code}")
    for dataset in ("city_registers", "city_premises"):
        typer.echo(f"python -m etl ingest {dataset} {out} --commune {code} --edition {date.today()}")


@app.command()
def ingest(
    source: Annotated[str, typer.Argument(help=f"What the file is: {', '.join(INTAKES)}, or a data set.")],
    file: Annotated[Path, typer.Argument(help="The filled-in file, or the publisher's.")],
    commune: Commune = "",
    edition: Edition = "",
) -> None:
    """Take a file at hand: a filled-in sheet into the ledger, all or nothing; a publisher's file into the store."""
    code, catalogue = commune or default_commune(), load_catalogue(CATALOGUE)
    if source not in INTAKES:
        if source not in readable(catalogue):
            known = ", ".join([*INTAKES, *readable(catalogue)])
            raise UnknownIntakeError(f"{source!r} cannot be ingested; what can: {known}")
        take_file(source, file, edition, code)
        return
    kept = snapshots(raw_folder())
    with only_writer(LEDGER):
        taken = INTAKES[source](file, code, LEDGER, with_editions(catalogue, kept), date.today(), kept)
    typer.echo(_taken(file, taken))


def _taken(file: Path, intake: Intake) -> str:
    """Return in plain words what was taken from a file."""
    if not intake.files and not intake.known:
        return f"{file}: nothing is filled in; nothing changed."
    if not intake.files:
        return f"{file}: all its answers are in the ledger already ({intake.known} rows); nothing changed."
    if intake.new_operations:
        many = f"{intake.new_operations} new operation{'s' if intake.new_operations > 1 else ''}"
        again = f" {intake.known} more were there already." if intake.known else ""
        return f"{file}: taken {many}.{again}\nAdded to {intake.files[0]}; publish with: python -m etl build"
    counts = {"date": intake.dates, "quantity": intake.quantities, "position": intake.positions,
              "decision": intake.decisions, "amount": intake.amounts}  # fmt: skip
    found = [f"{count} {PLURALS[name] if count > 1 else name}" for name, count in counts.items() if count]
    again = f" {intake.known} more rows were there already." if intake.known else ""
    operations = " of 1 operation" if intake.operations == 1 else f" of {intake.operations} operations"
    return (
        f"{file}: taken {', '.join(found)}{operations if intake.operations else ''}.{again}\n"
        f"Added to {' and '.join(intake.files)}; publish with: python -m etl build"
    )


def main() -> None:
    """Run the command line; a known error is told in full and exits with 1, without a traceback."""
    try:
        app()
    except (FaultyInputError, FaultySheetError) as error:
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
