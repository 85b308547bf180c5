"""Command line of the static publication: `python -m dashboard.publish OUT --base-url https://…`."""

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from tqdm import tqdm

from dashboard.publication.edition import Order
from dashboard.publication.legal_pages import missing_fields
from dashboard.publication.place import checked_base
from dashboard.publication.writing import write_site
from data.errors import ObservatoryError
from data.history import CURRENT, find_release
from data.settings import default_commune, releases_folder

app = typer.Typer(add_completion=False, help="Publish the observatory as a static site.")


class NoDateError(ObservatoryError):
    """Raised when a day is given that is none: write it as 2026-11-26."""


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text) if text else date.today()
    except ValueError as error:
        raise NoDateError(f"{text!r} is no day ({error}): write it as 2026-11-26") from error


@app.command()
def publish(
    out: Annotated[Path, typer.Argument(help="Where the site is served from; versions lie beside it.")],
    base_url: Annotated[str, typer.Option(help="The address its home page will have.")],
    release: Annotated[str, typer.Option(help="An identifier, the start of one, `current` or `previous`.")] = CURRENT,
    commune: Annotated[str, typer.Option(help="INSEE code, OBSERVATORY_COMMUNE unless given.")] = "",
    day: Annotated[str, typer.Option("--date", help="The day the site speaks on, today unless given.")] = "",
) -> None:
    """Write a complete site and switch to it in one step; the one before stays until the next is published."""
    base, today = checked_base(base_url), _day(day)
    order = Order(find_release(releases_folder(), release), commune or default_commune(), today, base)
    # Earlier releases are opened for the same commune, by the processes that help as well.
    os.environ["OBSERVATORY_COMMUNE"] = order.commune
    bars: list[tqdm[None]] = []

    def progress(what: str, total: int) -> Callable[[int], object]:
        bars.append(tqdm(total=total, desc=what, unit="page", leave=False))
        return bars[-1].update

    try:
        published = write_site(out, order, progress)
    finally:
        for bar in bars:
            bar.close()
    state = f"{published.files} files, {published.size_bytes / 1e6:.1f} MB" if published.changed else "nothing changed"
    if missing := missing_fields():
        words = "Legal pages say that this was not filled in (OBSERVATORY_LEGAL, see data/catalogue/legal.toml)"
        typer.echo(f"{words}: {', '.join(missing)}", err=True)
    typer.echo(f"{out}: version {published.name}, release {order.release_id}, {state}. Address: {base}")


def main() -> None:
    """Run the command line; a known error is told in full and exits with 1, without a traceback."""
    try:
        app()
    except ObservatoryError as error:
        typer.echo(f"{type(error).__name__}: {error}", err=True)
        raise SystemExit(1) from None


if __name__ == "__main__":
    main()
